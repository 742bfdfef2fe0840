"""Files that are no image, or more than one: refused, or written anew from their pixels and nothing else."""

import io
import random
import struct
import zipfile
import zlib

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from portfolio import pixels
from portfolio.pixels import Kind, Reason, Refused

SCRIPT = b"<script>alert(1)</script>"
PHP = b"<?php system($_GET['c']); ?>"
#: Nothing of these may be found in what is kept.
MARKS = [
    SCRIPT,
    PHP,
    b"PK\x03\x04",
    b"%PDF",
    b"Exif",
    b"GPS",
    b"Canon",
    b"secret",
    b"ICC_PROFILE",
    b"xmp",
]


def chart(size=(64, 48), mode="RGB"):
    """A drawing with more than 256 colours."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for x in range(size[0]):
        draw.line([(x, 0), (x, size[1])], fill=(x * 4 % 256, x * 7 % 256, 255 - x % 256))
        draw.point((x, x % size[1]), fill=(x % 256, 3, x * 5 % 256))
    noise = random.Random(1)
    for _ in range(900):
        place = noise.randrange(size[0]), noise.randrange(size[1])
        draw.point(place, fill=tuple(noise.randrange(256) for _ in range(3)))
    return image.convert(mode)


def saved(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of_size(width, height, body=b""):
    """The head of a PNG that promises so many pixels, and hardly any of them."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def gif_of_size(width, height):
    return (
        b"GIF89a"
        + struct.pack("<HH", width, height)
        + b"\x80\0\0\0\0\0\xff\xff\xff,"
        + struct.pack("<HHHH", 0, 0, width, height)
        + b"\0\x02\x02D\x01\0;"
    )


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("secret.txt", "secret")
    return out.getvalue()


def reason_of(data):
    with pytest.raises(Refused) as refused:
        pixels.reencoded(data)
    return refused.value.reason


PNG, JPEG = saved(chart(), "PNG"), saved(chart(), "JPEG")
WEBP, GIF = saved(chart(), "WEBP"), saved(chart(), "GIF")

NO_IMAGES = {
    "nothing": (b"", Reason.EMPTY),
    "text": (b"Hello.", Reason.NOT_AN_IMAGE),
    "zip": (zipped(), Reason.NOT_AN_IMAGE),
    "pdf": (b"%PDF-1.7\n1 0 obj\n<< /JS (app.alert(1)) >>", Reason.NOT_AN_IMAGE),
    "elf": (b"\x7fELF\x02\x01\x01" + b"\0" * 99, Reason.NOT_AN_IMAGE),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n/x { (id) run } def", Reason.NOT_AN_IMAGE),
    "ico": (saved(chart((16, 16)), "ICO"), Reason.NOT_AN_IMAGE),
    "bmp": (saved(chart(), "BMP"), Reason.NOT_AN_IMAGE),
    "tiff": (saved(chart(), "TIFF"), Reason.NOT_AN_IMAGE),
    "ppm": (saved(chart(), "PPM"), Reason.NOT_AN_IMAGE),
    "avif": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", Reason.NOT_AN_IMAGE),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', Reason.DRAWING),
    "svg with a declaration": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', Reason.DRAWING),
    "svg after a mark": (b"\xef\xbb\xbf \n<svg onload=alert(1)>", Reason.DRAWING),
    "svg in UTF-16": ("<svg onload=alert(1)>".encode("utf-16"), Reason.DRAWING),
    "svg after a comment": (b"<!-- GIF89a --><svg onload=alert(1)>", Reason.DRAWING),
    "xml with entities": (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', Reason.DRAWING),
    "html": (b"<!doctype html><script>alert(1)</script>", Reason.DRAWING),
    "gzip of an svg": (zlib.compress(b"<svg onload=alert(1)>"), Reason.NOT_AN_IMAGE),
    "four MB and a byte": (PNG + b"\0" * (pixels.MOST_BYTES + 1 - len(PNG)), Reason.TOO_LARGE),
    "the signature of a PNG": (PNG[:8], Reason.NOT_AN_IMAGE),
    "the signature of a JPEG": (b"\xff\xd8\xff", Reason.NOT_AN_IMAGE),
    "html called GIF": (b"GIF89a/*<svg onload=alert(1)>*/", None),
    "a PNG in a JPEG's clothes": (b"\xff\xd8\xff\xe0" + PNG, None),
}  # fmt: skip


def test_what_is_no_image_we_know_is_refused_with_its_reason():
    for name, (data, reason) in NO_IMAGES.items():
        found = reason_of(data)
        assert reason is None or found == reason, name


def test_more_pixels_than_we_decode_are_refused_by_the_header_alone():
    bombs = [
        png_of_size(50_000, 50_000), png_of_size(4001, 4000), png_of_size(2**31 - 1, 2**31 - 1),
        png_of_size(1, 16_000_000), png_of_size(12_001, 1), gif_of_size(65_535, 65_535),
        png_of_size(100_000, 100_000, b"\0" * 100_000),
        WEBP[:12] + b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\xff\xff" * 2 + WEBP[12:],
        saved(Image.new("1", (8000, 4000)), "PNG"),  # a kilobyte of 32 million pixels
        saved(Image.new("L", (5000, 4000)), "JPEG"),
    ]  # fmt: skip
    for number, data in enumerate(bombs):
        assert len(data) < 300_000
        assert reason_of(data) in (Reason.TOO_MANY_PIXELS, Reason.BROKEN), number
    assert reason_of(bombs[0]) == reason_of(bombs[1]) == reason_of(bombs[5]) == reason_of(bombs[8])


def test_what_promises_no_pixels_or_breaks_off_is_refused():
    broken = [png_of_size(0, 0), png_of_size(0, 9), png_of_size(9, 9), gif_of_size(0, 0)]
    for whole in (PNG, JPEG, GIF, WEBP):
        broken += [whole[: len(whole) * part // 5] for part in (1, 2, 4)]
    for number, data in enumerate(broken):
        assert reason_of(data) in (Reason.BROKEN, Reason.NOT_AN_IMAGE), number


def test_bytes_that_were_turned_over_never_raise_anything_but_a_refusal():
    dice = random.Random(7)
    for whole in (PNG, JPEG, GIF, WEBP):
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(dice.randrange(1, 12)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            try:
                kept = pixels.reencoded(bytes(data))
            except Refused:
                continue
            assert max(kept.width, kept.height) <= pixels.LONGEST_KEPT


def polyglots():
    """Good images with something more in them, and what each hides."""
    exif = Image.Exif()
    exif[0x010F] = "Canon secret"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "secret")
    text.add_itxt("XML:com.adobe.xmp", "<xmp secret/>")
    text.add_text("Comment", PHP.decode(), zip=True)
    return {
        "png and script": PNG + SCRIPT,
        "png and zip": PNG + zipped(),
        "png with texts": saved(chart(), "PNG", pnginfo=text),
        "png with exif": saved(chart(), "PNG", exif=exif),
        "png with a chunk of php": PNG[:33] + chunk(b"tEXt", b"Comment\0" + PHP) + PNG[33:],
        "png with an unknown chunk": PNG[:33] + chunk(b"prVt", SCRIPT) + PNG[33:],
        "jpeg with exif": saved(chart(), "JPEG", exif=exif),
        "jpeg with a comment": saved(chart(), "JPEG", comment=PHP),
        "jpeg with a profile": saved(chart(), "JPEG", icc_profile=b"secret" * 20),
        "jpeg and html": JPEG + b"<html>" + SCRIPT,
        "jpeg and pdf": JPEG + b"%PDF-1.7 secret",
        "gif with a comment": saved(chart(), "GIF", comment=SCRIPT),
        "gif and javascript": GIF.replace(b"GIF89a", b"GIF89a", 1) + b"*/=1;alert(1)//secret",
        "webp with exif": saved(chart(), "WEBP", exif=exif),
        "webp with xmp": saved(chart(), "WEBP", xmp=b"<xmp secret/>"),
        "webp and zip": WEBP + zipped(),
        "two jpegs": JPEG + saved(Image.new("RGB", (9, 9), "red"), "JPEG") + b"secret",
    }


def test_of_an_image_with_more_in_it_only_the_pixels_are_kept():
    for name, data in polyglots().items():
        kept = pixels.reencoded(data)
        assert (kept.width, kept.height) == (64, 48), name
        assert not [mark for mark in MARKS if mark in kept.data], name
        with Image.open(io.BytesIO(kept.data)) as image:
            assert not dict(image.getexif()), name
            assert set(image.info) <= {"loop", "background", "timestamp", "duration"}, name


def test_every_mode_of_a_good_image_is_taken():
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        kept = pixels.reencoded(saved(chart(mode=mode), "PNG"))
        assert (kept.width, kept.height) == (64, 48), mode
    deep = Image.new("I;16", (64, 48), 65_535)
    with Image.open(io.BytesIO(pixels.reencoded(saved(deep, "PNG")).data)) as image:
        assert image.convert("L").getpixel((5, 5)) == 255
    assert pixels.reencoded(saved(chart(mode="CMYK"), "JPEG")).kind == Kind.WEBP
    assert pixels.reencoded(PNG).kind == Kind.WEBP
    assert pixels.reencoded(saved(Image.new("RGB", (9, 9), "red"), "PNG")).kind == Kind.PNG


def test_what_is_see_through_stays_so():
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    kept = pixels.reencoded(saved(image, "PNG"))

    with Image.open(io.BytesIO(kept.data)) as again:
        assert again.convert("RGBA").getpixel((0, 0))[3] == 0


def test_of_one_that_moves_the_first_frame_is_kept():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    for format in ("GIF", "WEBP", "PNG"):
        data = saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100)
        kept = pixels.reencoded(data)
        with Image.open(io.BytesIO(kept.data)) as image:
            red, green, blue = image.convert("RGB").getpixel((10, 10))
            assert getattr(image, "n_frames", 1) == 1, format
        assert red > 200, format
        assert max(green, blue) < 60, format


def test_a_photograph_is_turned_upright_before_its_metadata_go():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    kept = pixels.reencoded(saved(chart((60, 40)), "JPEG", exif=exif))

    assert (kept.width, kept.height) == (40, 60)


def test_a_large_one_is_made_smaller_and_a_small_one_left():
    kept = pixels.reencoded(saved(Image.new("RGB", (3000, 1500), "navy"), "PNG"))

    assert (kept.width, kept.height) == (1600, 800)
    assert pixels.reencoded(saved(Image.new("RGB", (1, 1)), "PNG")).width == 1


def test_texts_that_unpack_to_much_more_are_not_read_on():
    bomb = PNG[:33] + chunk(b"zTXt", b"x\0\0" + zlib.compress(b"a" * 80_000_000)) + PNG[33:]

    try:
        kept = pixels.reencoded(bomb)
    except Refused:
        return
    assert len(kept.data) < 100_000
