"""A résumé as JSON Resume, as Markdown, and as plain text that an applicant-tracking system can read."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from portfolio.models import ResumeEntry, Section
from portfolio.proofs import Proof
from portfolio.resume_document import Document, Entry, SkillEntry

#: The version of JSON Resume's schema that stands beside this, as it was published (MIT).
VERSION = "v1.2.1"
SCHEMA = Path(__file__).parent / "json_resume" / "schema-1.2.1.json"
SCHEMA_URL = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.2.1/schema.json"

#: The list of JSON Resume for each section, and what it calls the fields of an entry.
LISTS: dict[Section, tuple[str, dict[str, str]]] = {
    Section.SKILLS: ("skills", {"title": "name", "note": "level", "keywords": "keywords"}),
    Section.PROJECTS: (
        "projects",
        {
            "title": "name", "summary": "description", "keywords": "keywords", "starts_on": "startDate",
            "ends_on": "endDate", "url": "url", "organisation": "entity", "note": "type",
        },
    ),
    Section.EXPERIENCE: (
        "work",
        {
            "organisation": "name", "title": "position", "about": "description", "place": "location",
            "url": "url", "starts_on": "startDate", "ends_on": "endDate", "summary": "summary",
            "note": "duration",  # ours: how long, of who tells no dates
        },
    ),
    Section.EDUCATION: (
        "education",
        {
            "organisation": "institution", "url": "url", "about": "area", "title": "studyType",
            "starts_on": "startDate", "ends_on": "endDate", "note": "score",
        },
    ),
    Section.VOLUNTEERING: (
        "volunteer",
        {
            "organisation": "organization", "title": "position", "url": "url",
            "starts_on": "startDate", "ends_on": "endDate", "summary": "summary",
        },
    ),
    Section.PUBLICATIONS: (
        "publications",
        {
            "title": "name", "organisation": "publisher", "starts_on": "releaseDate", "url": "url",
            "summary": "summary",
        },
    ),
    Section.CERTIFICATES: (
        "certificates",
        {"title": "name", "starts_on": "date", "url": "url", "organisation": "issuer"},
    ),
    Section.AWARDS: (
        "awards",
        {"title": "title", "starts_on": "date", "organisation": "awarder", "summary": "summary"},
    ),
    Section.LANGUAGES: ("languages", {"title": "language", "note": "fluency"}),
    Section.INTERESTS: ("interests", {"title": "name", "keywords": "keywords"}),
}  # fmt: skip

#: What the lines of an entry are called there.
LINES = {
    Section.PROJECTS: "highlights",
    Section.EXPERIENCE: "highlights",
    Section.VOLUNTEERING: "highlights",
    Section.EDUCATION: "courses",
}


# JSON Resume


def as_json(document: Document) -> dict[str, Any]:
    """By JSON Resume's schema; what speaks for each line stands in `meta`, by its JSON Pointer."""
    resume = document.resume
    profiles = [{"network": urlsplit(url).hostname or "", "url": url} for url in resume.links]
    basics = {
        "name": document.name,
        "label": resume.headline,
        "email": document.email,
        "url": document.url,
        "summary": resume.summary,
        "location": {"city": resume.location} if resume.location else {},
        "profiles": profiles,
    }
    found: dict[str, Any] = {"$schema": SCHEMA_URL, "basics": _said(basics)}
    evidence: list[dict[str, Any]] = []
    for part in document.parts:
        name, fields = LISTS[part.section]
        rows = [_skill(skill) for skill in part.skills]
        rows += [_row(row, fields, LINES.get(part.section, "")) for row in part.entries]
        found[name] = rows
        evidence += _evidence(name, part.skills, part.entries, LINES.get(part.section, ""))
    ours = {
        "pages": resume.pages,
        "role": resume.target_role.slug if resume.target_role and document.is_own else "",
        "asOf": document.day.isoformat(),
        "evidence": evidence,
    }
    found["meta"] = {"version": VERSION, "milepost": _said(ours)}
    return found


def item_of(entry: ResumeEntry) -> str:
    """An entry as a file would have it, without its lines, to be compared."""
    return key_of(_row(Entry(entry, []), LISTS[Section(entry.section)][1], ""))


def key_of(item: dict[str, Any]) -> str:
    """The same of an entry that a file has."""
    return json.dumps(item, sort_keys=True)


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _skill(skill: SkillEntry) -> dict[str, Any]:
    return {"name": skill.skill.name, "level": str(skill.level.label)}


def _row(row: Entry, fields: dict[str, str], lines: str) -> dict[str, Any]:
    said = {theirs: getattr(row.entry, ours) for ours, theirs in fields.items()}
    if "url" in said:
        said["url"] = row.url
    if lines:
        said[lines] = [line.words for line in row.lines]
    return _said(said)


def _evidence(
    name: str, skills: list[SkillEntry], rows: list[Entry], lines: str
) -> Iterable[dict[str, Any]]:
    for number, skill in enumerate(skills):
        if skill.is_defensible:
            yield _said({"of": f"/{name}/{number}", "words": skill.words, "url": skill.url})
    for number, row in enumerate(rows, start=len(skills)):
        for place, line in enumerate(row.lines):
            if line.proof.is_supported:
                of = f"/{name}/{number}/{lines}/{place}"
                yield _said({"of": of, "words": line.proof.words, "url": line.proof.url})


# Markdown

SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")
BEGINS_SPECIAL = re.compile(r"^([^\S\n]*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


def as_markdown(document: Document) -> str:
    """CommonMark, in which what people wrote is text and nothing else."""
    resume = document.resume
    blocks = [f"# {_md(document.name)}"]
    if resume.headline:
        blocks.append(f"*{_md(resume.headline)}*")
    contact = [_md(resume.location), _md(document.email), *map(_autolink, _links(document))]
    if any(contact):
        blocks.append(" · ".join(filter(None, contact)))
    if resume.summary:
        blocks.append("  \n".join(_md(line) for line in resume.summary.splitlines()))
    for part in document.parts:
        blocks.append(f"## {part.section.label}")
        listed = [f"- {_linked(s.skill.name, s.url)} ({_md(s.words)})" for s in part.skills]
        if part.is_listed:
            listed += [f"- {_md(row.in_one_line)}" for row in part.entries]
            blocks.append("\n".join(listed))
            continue
        for row in part.entries:
            facts = ", ".join(
                filter(None, (_linked(row.entry.title, row.url), *map(_md, row.facts)))
            )
            blocks.append(f"### {facts}" + (f" ({_md(row.when)})" if row.when else ""))
            blocks += [_md(row.entry.summary)] * bool(row.entry.summary)
            blocks += [_md(", ".join(row.entry.keywords))] * bool(row.entry.keywords)
            if row.lines:
                blocks.append(
                    "\n".join(f"- {_md(line.words)} {_md_mark(line.proof)}" for line in row.lines)
                )
    if document.notes:
        blocks += ["---", _md(" ".join(document.notes))]
    return "\n\n".join(blocks) + "\n"


def _md(text: str) -> str:
    line = SPECIAL.sub(r"\\\1", text.replace("&", "&amp;"))
    return BEGINS_SPECIAL.sub(lambda found: _escaped_beginning(found), line)


def _escaped_beginning(found: re.Match[str]) -> str:
    """A dash or a number that would begin a list: the dash escaped, the number's full stop too."""
    return f"{found[1]}\\{found[2]}" if not found[2].isdigit() else f"{found[1]}{found[2]}\\"


def _linked(words: str, url: str) -> str:
    return f"[{_md(words)}](<{url}>)" if url else _md(words)


def _autolink(url: str) -> str:
    return f"<{url}>"


def _md_mark(proof: Proof) -> str:
    return f"({_linked(proof.mark, proof.url)})"


# Plain text


def as_text(document: Document) -> str:
    """One column, headings in capitals, a line for each fact: what every parser understands."""
    resume = document.resume
    lines = [document.name]
    lines += [resume.headline, resume.location, document.email, *_links(document)]
    lines = [line for line in lines if line]
    if resume.summary:
        lines += ["", *resume.summary.splitlines()]
    for part in document.parts:
        lines += ["", str(part.section.label).upper(), ""]
        lines += [f"{skill.skill.name} ({skill.words})" for skill in part.skills]
        if part.is_listed:
            lines += [row.in_one_line for row in part.entries]
            continue
        for number, row in enumerate(part.entries):
            lines += [""] * bool(number)
            lines += [", ".join((row.entry.title, *row.facts))]
            lines += [row.when.replace("–", "-")] * bool(row.when)
            lines += [row.url] * bool(row.url)
            lines += row.entry.summary.splitlines()
            lines += [", ".join(row.entry.keywords)] * bool(row.entry.keywords)
            lines += [f"- {line.words} ({line.proof.mark})" for line in row.lines]
    if document.notes:
        lines += ["", *document.notes]
    return "\n".join(lines) + "\n"


def _links(document: Document) -> list[str]:
    return [url for url in (document.url, *document.resume.links) if url]


def file_name(document: Document, kind: str) -> str:
    """“ada-nwosu-resume.pdf”: what a file of it is called when it is saved."""
    return f"{document.resume.owner.profile.handle}-resume.{kind}"


def address(document: Document, kind: str = "") -> str:
    """Where a published one is read, or fetched as a file of this kind."""
    handle = document.resume.owner.profile.handle
    if kind:
        return reverse("portfolio:public_resume_file", args=[handle, kind])
    return reverse("portfolio:public_resume", args=[handle])
