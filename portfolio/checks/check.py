"""What a check is: a name, a place among the others, and a plain function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portfolio.checks.results import Result
from portfolio.github.snapshot import Snapshot


class Group(StrEnum):
    """Where a page shows a check, in this order."""

    REQUIRED = "required"  # a project shows a skill only when these pass
    PRACTICE = "practice"  # what a reader of any repository is glad of
    LIFECYCLE = "lifecycle"  # what is particular to machine learning
    HYGIENE = "hygiene"  # what should not be there; for the owner's eyes alone


def nothing(snapshot: Snapshot) -> Sequence[str]:
    """The files wanted by a check that looks at names alone."""
    return ()


@dataclass(frozen=True, slots=True)
class Check:
    """One rule. A module of this package that holds one in CHECKS adds it to every check run."""

    name: str  # a slug, in rows and addresses: never changed
    title: str  # as a page says it
    group: Group
    position: int  # within its group
    judge: Callable[[Snapshot], Result]
    why: str  # one sentence for the learner: what it is good for
    version: int = 1  # counted up when the rule judges differently, so that all is checked again
    #: Paths still to be read before it can judge, best first, after those that the README and the
    #: tests need. [] once they are read.
    wanted: Callable[[Snapshot], Sequence[str]] = nothing

    @property
    def is_required(self) -> bool:
        return self.group == Group.REQUIRED

    @property
    def is_private(self) -> bool:
        """Told to the owner of the repository only."""
        return self.group == Group.HYGIENE
