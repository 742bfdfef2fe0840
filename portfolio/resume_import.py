"""Read a file of JSON Resume: all of it, or a refusal that says where in the file it does not fit.

Nothing is written here. What the file says of somebody is their own word: evidence that it names is not
believed, but a line that the owner has already keeps what speaks for it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.forms import Form
from django.utils.translation import gettext as _
from jsonschema import Draft7Validator

from accounts.models import User
from curriculum.models import Role
from portfolio import resume_formats
from portfolio.models import Section
from portfolio.resume_formats import LINES, LISTS
from portfolio.resume_forms import WITH_LINES, EntryForm, ImportedForm, is_partial_date
from portfolio.resumes import MOST_LINES, Imported

#: Bytes of a file; a long résumé has a tenth of it.
MOST_BYTES = 256 * 1024
#: Lists and objects in one another; the schema needs four.
MOST_DEEP = 10
#: Entries of a file, in all lists together.
MOST_ENTRIES = 60

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
BRACKETS = re.compile(r"[\[{\]}]")


class Refused(Exception):
    """The file is not taken; `pointer` is a JSON Pointer to what is wrong, "" for the whole of it."""

    def __init__(self, pointer: str, words: str):
        super().__init__(pointer, words)
        self.pointer, self.words = pointer, words

    def __str__(self) -> str:
        return f"{self.pointer}: {self.words}" if self.pointer else self.words


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, cleaned, and what of it is not kept."""

    said: dict[str, Any]  # of the résumé itself
    entries: list[Imported]
    section_order: list[str]
    left: list[str] = field(default_factory=list)  # pointers
    text: str = ""  # the file, made short


def read(content: bytes, owner: User) -> Reading:
    """Read a file for this person. Raises Refused."""
    found = _parsed(content)
    _check_shape(found)
    _check_schema(found)
    order = [name.value for key in found for name in LISTS if LISTS[name][0] == key]
    entries = [entry for name in order for entry in _entries(Section(name), found)]
    if len(entries) > MOST_ENTRIES:
        words = _("%(n)d entries; %(most)d are taken at most.")
        raise Refused("", words % {"n": len(entries), "most": MOST_ENTRIES})
    said = _basics(found, owner)
    return Reading(said, entries, order, _left(found, owner), _short(found))


# The file


class _Object(dict[str, Any]):
    """An object, and a key that it has twice."""

    twice = ""


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object()
    for name, value in pairs:
        if name in found:
            found.twice = name
        found[name] = value
    return found


def _constant(name: str) -> None:
    raise Refused("", _("%(it)s is not JSON.") % {"it": name})


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise Refused("", _("The file is larger than 256 kB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("", _("The file is not text in UTF-8.")) from None
    if _depth(text) > MOST_DEEP:
        raise Refused("", _("Its lists stand more than %(n)d deep.") % {"n": MOST_DEEP})
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        words = _("This is not JSON: it breaks off at line %(line)d, column %(column)d.") % place
        raise Refused("", words) from None
    except (ValueError, RecursionError):
        raise Refused("", _("This is not JSON.")) from None
    if not isinstance(found, dict):
        raise Refused("", _("This is JSON, but not a résumé: that is one object."))
    if not any(name in found for name in ("basics", *(name for name, _fields in LISTS.values()))):
        raise Refused("", _("This is JSON, but nothing in it is part of a résumé."))
    return found


def _depth(text: str) -> int:
    deepest = now = 0
    for bracket in BRACKETS.findall(STRING.sub("", text)):
        now += 1 if bracket in "[{" else -1
        deepest = max(deepest, now)
    return deepest


def _check_shape(value: Any, pointer: str = "") -> None:
    """No key twice, no entry twice, and no characters that no text has."""
    if isinstance(value, str):
        _check_text(value, pointer)
    elif isinstance(value, _Object):
        if value.twice:
            raise Refused(_point(pointer, value.twice), _("stands there twice."))
        for name, inner in value.items():
            _check_text(name, pointer)
            _check_shape(inner, _point(pointer, name))
    elif isinstance(value, list):
        seen: dict[str, int] = {}
        for place, inner in enumerate(value):
            _check_shape(inner, _point(pointer, place))
            known = seen.setdefault(json.dumps(inner, sort_keys=True), place)
            if known != place and inner not in ("", {}, []):
                words = _("says the same as %(it)s.") % {"it": _point(pointer, known)}
                raise Refused(_point(pointer, place), words)


def _check_text(text: str, pointer: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refused(pointer, _("has half a character (a lone surrogate)."))


def _point(pointer: str, step: str | int) -> str:
    """One step further, by the rules of JSON Pointer (RFC 6901)."""
    return f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}"[:300]


@lru_cache(maxsize=1)
def _schema() -> Draft7Validator:
    return Draft7Validator(json.loads(resume_formats.SCHEMA.read_text(encoding="utf-8")))


def _check_schema(found: dict[str, Any]) -> None:
    error = next(iter(_schema().iter_errors(found)), None)
    if error is None:
        return
    pointer = ""
    for step in error.absolute_path:
        pointer = _point(pointer, step)
    if error.validator == "type":
        words = _("should be %(it)s.") % {"it": _kind(str(error.validator_value))}
    elif error.validator == "pattern":
        words = _("should be a date, as 2024, 2024-03 or 2024-03-31.")
    else:
        words = _("does not fit the schema of JSON Resume.")
    raise Refused(pointer, words)


def _kind(name: str) -> str:
    kinds = {"string": _("a text"), "array": _("a list"), "object": _("an object")}
    return kinds.get(name, name)


# What it says


def _entries(section: Section, found: dict[str, Any]) -> Iterator[Imported]:
    name, fields = LISTS[section]
    lines_name = LINES.get(section, "")
    for place, row in enumerate(found[name]):
        pointer = _point(_point("", name), place)
        item = {key: value for key, value in row.items() if value and key != lines_name}
        item = {key: value for key, value in item.items() if key in fields.values()}
        said = _said(section, pointer, {ours: item.get(theirs) for ours, theirs in fields.items()})
        lines = row.get(lines_name, []) if section in WITH_LINES else []
        if len(lines) > MOST_LINES:
            words = _("has more than %(n)d lines.") % {"n": MOST_LINES}
            raise Refused(_point(pointer, lines_name), words)
        cleaned = [
            _clean(
                ImportedForm({"words": line}), _point(_point(pointer, lines_name), number), "words"
            )
            for number, line in enumerate(lines)
            if line.strip()
        ]
        yield Imported(section, item, said, cleaned)


def _said(section: Section, pointer: str, raw: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entry, cleaned as if they had been typed."""
    fields = LISTS[section][1]
    for name in ("starts_on", "ends_on"):
        if raw.get(name) and not is_partial_date(raw[name]):
            words = _("is a day that no calendar has.")
            raise Refused(_point(pointer, fields[name]), words)
    if not (raw.get("title") or "").strip():
        for other in ("about", "organisation"):
            if raw.get(other):
                raw |= {"title": raw[other], other: ""}
                break
        else:
            raise Refused(pointer, _("has no name."))
    raw["keywords"] = _keywords(raw.get("keywords") or [], _point(pointer, "keywords"))
    form = EntryForm({name: value or "" for name, value in raw.items()}, section=section)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(_point(pointer, fields.get(name, name)), str(errors[0]))
    return form.said


def _keywords(words: list[str], pointer: str) -> str:
    for place, word in enumerate(words):
        if "," in word:
            raise Refused(_point(pointer, place), _("has a comma: name one thing a keyword."))
    return ", ".join(words)


def _clean(form: Form, pointer: str, name: str) -> Any:
    if not form.is_valid():
        raise Refused(pointer, str(form.errors[name][0]))
    return form.cleaned_data[name]


def _basics(found: dict[str, Any], owner: User) -> dict[str, Any]:
    """What the résumé says itself; each field by itself, so that a refusal can name its place."""
    basics = found.get("basics", {})
    place = basics.get("location", {})
    parts = (place.get("city"), place.get("region"), place.get("countryCode"))
    urls = [("/basics/url", basics.get("url", ""))]
    for number, profile in enumerate(basics.get("profiles", [])):
        urls.append((f"/basics/profiles/{number}/url", profile.get("url", "")))
    own = settings.SITE_URL + owner.profile.get_absolute_url()
    links: list[str] = []
    for pointer, url in urls:
        if url and url != own:
            link = _clean(ImportedForm({"url": url}), pointer, "url")
            links += [link] * (link not in links)
    if len(links) > ImportedForm.MOST_LINKS:
        words = _("more than %(n)d links.") % {"n": ImportedForm.MOST_LINKS}
        raise Refused("/basics/profiles", words)
    raw = {
        "headline": ("/basics/label", basics.get("label", "")),
        "summary": ("/basics/summary", basics.get("summary", "")),
        "email": ("/basics/email", basics.get("email", "")),
        "location": ("/basics/location", ", ".join(filter(None, parts))),
    }
    said = {
        name: _clean(ImportedForm({name: value}), pointer, name)
        for name, (pointer, value) in raw.items()
    }
    ours = found.get("meta", {}).get("milepost", {})
    ours = ours if isinstance(ours, dict) else {}
    slug = ours.get("role")
    role = Role.objects.listed_for(owner).filter(slug=slug if isinstance(slug, str) else "")
    pages = 2 if ours.get("pages") == 2 else 1
    return said | {"links": links, "pages": pages, "target_role": role.first()}


# What is not kept


def _left(found: dict[str, Any], owner: User) -> list[str]:
    """Pointers to what has a value and no place here, the first of each kind."""
    basics = found.get("basics", {})
    left = [f"/{name}" for name in _unknown(found, {"$schema", "basics", "meta", *_lists()})]
    known = {"name", "label", "email", "url", "summary", "location", "profiles"}
    left += [f"/basics/{name}" for name in _unknown(basics, known)]
    if basics.get("name") and basics["name"] != owner.profile.name:
        left.append("/basics/name")
    place = _unknown(basics.get("location", {}), {"city", "region", "countryCode"})
    left += [f"/basics/location/{name}" for name in place]
    for number, profile in enumerate(basics.get("profiles", [])):
        if profile and not profile.get("url"):
            left.append(f"/basics/profiles/{number}")
    for section, (name, fields) in LISTS.items():
        taken = {*fields.values(), LINES.get(section, "")}
        for number, row in enumerate(found.get(name, [])):
            left += [f"/{name}/{number}/{key}" for key in _unknown(row, taken)]
    return left


def _lists() -> Iterable[str]:
    return (name for name, _fields in LISTS.values())


def _unknown(row: dict[str, Any], known: set[str]) -> list[str]:
    return [str(name)[:60] for name, value in row.items() if name not in known and value]


def _short(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
