"""A résumé as PDF, set by Typst: tagged, with its text in reading order, and as short as was asked.

What people wrote goes in as JSON and is never evaluated. Typst is given an empty folder, so that it has
nothing to read, and its template names no package, so that it asks no network.
"""

import hashlib
import json
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst
from django.core.cache import cache
from django.utils.translation import gettext as _

from portfolio.models import Section
from portfolio.proofs import Proof
from portfolio.resume_document import Document, Entry, SkillEntry

TEMPLATE = Path(__file__).with_name("resume.typ").read_bytes()

#: Sizes of the text in points, the best first; a smaller one nobody likes to read.
SIZES = (10.5, 10.0, 9.5, 9.0)
#: Bytes of what is said in all. Ten pages hold half of it, and it takes less than a second.
MOST = 100_000
#: A word that is longer than this may be broken anywhere, so that it stays on the page.
LONG_WORD = re.compile(r"\S{46,}")
#: How long a file is kept, so that one that many ask for is set once.
KEPT = 24 * 60 * 60

PAGE = re.compile(rb"\n\d+ 0 obj\n<<\s*/Type\s*/Page\b")
UNPRINTABLE = re.compile(r"the text `(\"(?:[^\"\\]|\\.)*\")` could not be displayed")


class TooLong(Exception):
    """More than anybody prints; nothing was set."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """The file, how many pages it has, and the characters for which this server has no letters."""

    content: bytes
    pages: int
    unprintable: str = ""


def write(document: Document) -> Pdf:
    """Set it, in the largest size at which it has as many pages as its owner wants, if there is one.

    It takes about 50 ms, and next to nothing when it was set today already. Raises TooLong.
    """
    data = json.dumps(_data(document), ensure_ascii=False, sort_keys=True)
    if len(data.encode()) > MOST:
        raise TooLong
    moment = datetime.combine(document.day, datetime.min.time(), UTC)
    wanted = document.resume.pages
    known = TEMPLATE + f"{version('typst')} {wanted} {moment} {data}".encode()
    key = f"resume-pdf-{hashlib.sha256(known).hexdigest()}"
    if kept := cache.get(key):
        return Pdf(*kept)
    pdf = _fitted(data, wanted, moment)
    cache.set(key, (pdf.content, pdf.pages, pdf.unprintable), KEPT)
    return pdf


def _fitted(data: str, wanted: int, moment: datetime) -> Pdf:
    first = None
    for size in SIZES:
        pdf = _set(data, size, moment)
        if pdf.pages <= wanted:
            return pdf
        first = first or pdf
        if pdf.pages > wanted + 1:  # no size saves a whole page
            break
    assert first is not None
    return first


def _set(data: str, size: float, moment: datetime) -> Pdf:
    """One setting: by PDF/UA, or as that fails where letters are missing, tagged all the same."""
    try:
        content, unprintable = _compile(data, size, moment, "ua-1"), ""
    except typst.TypstError as error:
        found = UNPRINTABLE.findall(error.diagnostic)
        if not found:
            raise
        unprintable = "".join(dict.fromkeys("".join(_unquoted(text) for text in found)))
        content = _compile(data, size, moment, "1.7")
    return Pdf(content, len(PAGE.findall(content)), unprintable)


def _compile(data: str, size: float, moment: datetime, standard: Any) -> bytes:
    with tempfile.TemporaryDirectory() as empty:
        return typst.compile(  # type: ignore[call-overload]  # stubs: folder and text of one type
            TEMPLATE,
            root=empty,
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"data": data, "size": str(size)},
            pdf_standards=standard,
            package_path=empty,
            package_cache_path=empty,
            timestamp=moment,
        )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Typst's own letters, and for scripts that they lack those of the machine."""
    return typst.Fonts()


def _unquoted(text: str) -> str:
    """A text as Typst quotes it: like Rust, with \\u{…} for what cannot be seen."""
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text[1:-1])
    return re.sub(r"\\(.)", r"\1", plain)


# What the template is given


def _data(document: Document) -> dict[str, Any]:
    resume = document.resume
    contact = [
        {"words": resume.location, "url": ""},
        {"words": document.email, "url": f"mailto:{document.email}"},
        *({"words": url.removeprefix("https://"), "url": url} for url in _addresses(document)),
    ]
    return {
        "title": _("Résumé of %(name)s") % {"name": document.name},
        "name": document.name,
        "headline": _breakable(resume.headline),
        "summary": _breakable(resume.summary),
        "contact": [
            {"words": _breakable(one["words"]), "url": one["url"]}
            for one in contact
            if one["words"]
        ],
        "parts": [
            {
                "title": str(part.section.label),
                "listed": _listed(part.skills, part.entries, part.section)
                if part.is_listed
                else [],
                "entries": [] if part.is_listed else [_entry(row) for row in part.entries],
            }
            for part in document.parts
        ],
        "notes": " ".join(document.notes),
    }


def _addresses(document: Document) -> list[str]:
    return [url for url in (document.url, *document.resume.links) if url]


def _listed(skills: list[SkillEntry], rows: list[Entry], section: Section) -> list[dict[str, Any]]:
    found = [
        {
            "words": _breakable(skill.skill.name),
            "url": skill.url,
            "mark": {"words": skill.words, "url": "", "good": skill.is_defensible},
        }
        for skill in skills
    ]
    own = _("own word") if section == Section.SKILLS else ""
    for row in rows:
        found.append(
            {
                "words": _breakable(row.in_one_line),
                "url": "",
                "mark": {"words": own, "url": "", "good": False},
            }
        )
    return found


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "title": _breakable(row.entry.title),
        "url": row.url,
        "facts": _breakable(", ".join(row.facts)),
        "when": row.when,
        "summary": _breakable(row.entry.summary),
        "keywords": _breakable(", ".join(row.entry.keywords)),
        "lines": [
            {"words": _breakable(line.words), "mark": _mark(line.proof)} for line in row.lines
        ],
    }


def _mark(proof: Proof) -> dict[str, Any]:
    return {"words": proof.mark, "url": proof.url, "good": proof.is_supported}


def _breakable(text: str) -> str:
    """The text with places at which a very long word may be broken."""
    return LONG_WORD.sub(lambda found: "\u200b".join(re.findall(r".{1,20}", found[0])), text)
