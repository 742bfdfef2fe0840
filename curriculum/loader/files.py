"""Content files: YAML read into plain values that remember the lines they came from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SIZE_LIMIT = 2 * 1024 * 1024  # bytes; the largest file of ours has a twentieth of that
DEPTH_LIMIT = 20
WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})")
FRACTION = re.compile(r"-?[0-9]+\.[0-9]+")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
# What no text of ours needs and a database or a page may trip over. Line ends and tabs are fine.
UNWANTED_CHARACTER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)

#: Keys and indices from the root of a file to a node.
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, and where: the file (relative to the content folder) and the line, from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(Exception):
    """The content cannot be used; `problems` says why, in the order of files and lines."""

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its value, made of dicts, lists, strings, numbers and booleans, and its lines."""

    file: str
    value: Any
    lines: Mapping[Place, int] = field(repr=False)

    def line(self, *path: str | int) -> int:
        """The line of the node at this path, or of the nearest one around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, message: str, *path: str | int) -> Problem:
        """A problem with the node at this path."""
        return Problem(self.file, self.line(*path), message)


def read(directory: Path, file: str) -> Document:
    """Read one YAML file of the content folder.

    Anchors, aliases, tags and second documents are refused, so a file is as large as it looks and
    holds nothing but plain values. Of the unquoted words only whole numbers, fractions, true, false
    and null are not strings, as in the core of YAML 1.2: `no` and `2026-01-31` are words.

    Raises ContentError with every problem found up to the first that ends the reading.
    """
    try:
        raw = (directory / file).read_bytes()
    except FileNotFoundError:
        raise ContentError([Problem(file, 1, "this file is missing")]) from None
    except OSError as error:
        raise ContentError([Problem(file, 1, f"cannot be read: {error.strerror}")]) from error
    if len(raw) > SIZE_LIMIT:
        raise ContentError([Problem(file, 1, "is larger than 2 MB, too large for a content file")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ContentError([Problem(file, line, "is not UTF-8 text")]) from error
    return _Reading(file).of(text)


class _Unreadable(Exception):
    """Reading cannot go on after this."""

    def __init__(self, line: int, message: str):
        self.line, self.message = line, message


class _Reading:
    """One pass over the parser's events."""

    def __init__(self, file: str):
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[Place, int] = {}

    def of(self, text: str) -> Document:
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        value = None
        try:
            value = self._documents(events)
        except _Unreadable as error:
            self._refuse(error.line, error.message)
        except yaml.YAMLError as error:
            self._refuse(_line_of(error, text), _explain(error))
        if self.problems:
            raise ContentError(self.problems)
        return Document(self.file, value, self.lines)

    def _refuse(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, message))

    def _documents(self, events: Iterator[yaml.Event]) -> Any:
        value, seen = None, 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen == 2:
                    self._refuse(_line(event), "a second document starts here; a file holds one")
                    break
            elif isinstance(event, yaml.NodeEvent):
                self.lines[()] = _line(event)
                value = self._node(event, events, ())
        if not seen:
            self._refuse(1, "holds nothing")
        return value

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Place) -> Any:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(line, f"*{event.anchor} is an alias; write the value out")
            return None
        if anchor := getattr(event, "anchor", None):
            self._refuse(line, f"&{anchor} is an anchor; write the value out where it is used")
        if tag := getattr(event, "tag", None):
            self._refuse(line, f"the tag {tag} is not allowed; quote the value for a string")
        if len(path) > DEPTH_LIMIT:
            raise _Unreadable(line, f"is nested deeper than {DEPTH_LIMIT} levels")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _scalar(self, event: yaml.ScalarEvent) -> str | int | float | bool | None:
        value: str = event.value
        if found := UNWANTED_CHARACTER.search(value):
            self._refuse(_line(event), f"holds the control character U+{ord(found[0]):04X}")
        if event.style:
            return value
        if value in WORDS:
            return WORDS[value]
        if WHOLE_NUMBER.fullmatch(value):
            return int(value)
        return float(value) if FRACTION.fullmatch(value) else value

    def _sequence(self, events: Iterator[yaml.Event], path: Place) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            item_path = (*path, len(items))
            self.lines[item_path] = _line(event)
            items.append(self._node(event, events, item_path))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Place) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Unreadable(line, "a key is a plain word")
            key: str = event.value
            self._node(event, events, path)  # refuses tags and anchors on keys too
            if key in mapping:
                first = self.lines[(*path, key)]
                self._refuse(line, f"the key {key!r} is here a second time; first on line {first}")
            else:
                self.lines[(*path, key)] = line
            mapping[key] = self._node(next(events), events, (*path, key))
        return mapping


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _line_of(error: yaml.YAMLError, text: str) -> int:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return error.problem_mark.line + 1
    position = getattr(error, "position", 0)
    return text.encode()[:position].count(b"\n") + 1


def _explain(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem:
        context = f" ({error.context})" if error.context else ""
        return f"is not YAML: {error.problem}{context}"
    return f"is not YAML: {getattr(error, 'reason', error)}"
