"""What a check says: an outcome, and the evidence for it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """The four answers a check can give. Unknown is not no."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Confidence(StrEnum):
    """How sure the check is of its own answer."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in the repository, and what it shows. Lines count from 1; 0 is the whole file."""

    path: str
    line: int = 0
    end_line: int = 0
    what: str = ""  # what stands there, in a few words: "pytest function with an assertion"
    quote: str = ""  # the words themselves, cut to 120 characters


@dataclass(frozen=True, slots=True)
class Result:
    """A finding before it is saved."""

    check_name: str
    outcome: Outcome
    state: str  # the finer word of CHECKS.md 5: present, stub, verified, none_lookalike…
    summary: str  # one sentence a learner understands
    confidence: Confidence = Confidence.HIGH
    fix: str = ""  # what to do next; empty when passed
    evidence: tuple[Evidence, ...] = ()
    lookalikes: tuple[Evidence, ...] = ()  # what was considered and not counted, and why
    details: Mapping[str, object] = field(default_factory=dict)  # JSON: counts, sections


def quoted(text: str, *, length: int = 120) -> str:
    """Words from a repository as evidence may carry them: one line, cut to `length` characters.

    Control, bidirectional and other invisible characters are dropped, since they could make a page
    show something other than what the file says.
    """
    visible = "".join(
        character if not unicodedata.category(character).startswith("C") else " "
        for character in text[: 4 * length]
    )
    line = " ".join(visible.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
