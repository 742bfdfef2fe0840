"""Somebody's image file made safe to show: decoded within limits, and written anew from its pixels. Plain Python.

Nothing of the file that was sent is kept. So what hides behind or between the pixels is gone: a script, an
archive, a place, a name, a second image. Formats that are programs (SVG, PDF, EPS) are not opened at all.
"""

import hashlib
import io
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

#: Bytes of a file that is read at all.
MOST_BYTES = 4 * 1024 * 1024
#: Pixels of an image that is decoded, and of its longer side: a phone's photograph fits.
MOST_PIXELS, LONGEST_SENT = 16_000_000, 12_000
#: Pixels of the longer side of what is kept.
LONGEST_KEPT = 1600
#: The decoders that are let near a stranger's file, of the forty that the library has.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
#: Drawings with so few colours stay sharp and small as PNG.
FEW_COLOURS = 256

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # the library's own guard, behind ours


class Kind(StrEnum):
    """What we keep. The value ends the file's name."""

    WEBP = "webp"
    PNG = "png"

    @property
    def content_type(self) -> str:
        return f"image/{self.value}"


class Reason(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    DRAWING = "drawing"  # SVG, HTML or XML
    NOT_AN_IMAGE = "not_an_image"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"


class Refused(Exception):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: Reason):
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Encoded:
    """An image as we wrote it."""

    data: bytes
    kind: Kind
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def reencoded(data: bytes, *, longest: int = LONGEST_SENT) -> Encoded:
    """The first picture of an image file, upright, at most 1600 pixels long, without anything beside it.

    One with a side of more than `longest` pixels is not decoded. Raises Refused.
    """
    if not data:
        raise Refused(Reason.EMPTY)
    if len(data) > MOST_BYTES:
        raise Refused(Reason.TOO_LARGE)
    if _is_drawing(data):
        raise Refused(Reason.DRAWING)
    try:
        return _encode(_decode(data, longest))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(Reason.TOO_MANY_PIXELS) from None
    except Image.UnidentifiedImageError:
        raise Refused(Reason.NOT_AN_IMAGE) from None
    except MemoryError:
        raise Refused(Reason.TOO_MANY_PIXELS) from None
    except Exception as error:  # decoders of hostile bytes raise whatever they like
        if isinstance(error, Refused):
            raise
        raise Refused(Reason.BROKEN) from error


def _is_drawing(data: bytes) -> bool:
    """Whether it begins as markup does; what only calls itself so the decoders refuse."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").lower().replace(b"\x00", b"")
    return start.startswith((b"<?xml", b"<svg", b"<!doctype", b"<html", b"<script", b"<!--"))


def _decode(data: bytes, longest: int) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size  # told by the header; nothing is decoded so far
        if width * height > MOST_PIXELS or max(width, height) > longest:
            raise Refused(Reason.TOO_MANY_PIXELS)
        if min(width, height) < 1:
            raise Refused(Reason.BROKEN)
        image.draft("RGB", (LONGEST_KEPT, LONGEST_KEPT))  # JPEG: decodes no more than is needed
        image.load()  # the first frame of one that moves
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_KEPT, LONGEST_KEPT), Image.Resampling.LANCZOS)
        return _plain(upright)


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone, in RGB or RGBA, in a new image that knows nothing of the old one."""
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    is_see_through = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if is_see_through else "RGB"
    pixels = image.convert(mode)
    fresh = Image.new(mode, pixels.size)
    fresh.paste(pixels)
    return fresh


def _encode(image: Image.Image) -> Encoded:
    kind = Kind.PNG if image.getcolors(FEW_COLOURS) else Kind.WEBP
    out = io.BytesIO()
    if kind == Kind.PNG:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "WEBP", quality=86, method=4)
    return Encoded(out.getvalue(), kind, *image.size)
