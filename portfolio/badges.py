"""What a badge in a README says of a project's tests: the last verdict, its commit and its day.

It says no more than the check does: that there are tests with assertions at a commit. We never ran them.
An outage leaves the verdict and its day; a repository that cannot be read says so, and since when.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolio.checks import Outcome
from portfolio.demonstrations import GRACE
from portfolio.verdicts import Picture, Verdict

#: Width of a character of the badge's face at 11 px, and what stands beside the words, in px.
CHARACTER, PADDING = 6.6, 12


class State(StrEnum):
    """How the tests stand, the worst first: of several repositories the worst is told."""

    GONE = "gone"
    STALE = "stale"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    UNCHECKED = "unchecked"
    VERIFIED = "verified"


COLORS = {
    State.VERIFIED: "#2a6540",
    State.ABSENT: "#9d2f21",
    State.STALE: "#7a5600",
}
QUIET = "#51606f"


@dataclass(frozen=True, slots=True)
class Badge:
    """The words of a badge and how it is drawn."""

    state: State
    words: str
    subject: str = "tests"

    @property
    def title(self) -> str:
        """All that it says, for those who hear it."""
        return f"{self.subject} {self.words}"

    @property
    def color(self) -> str:
        """Behind the words, which are white; at least 4.5 to 1."""
        return COLORS.get(self.state, QUIET)

    @property
    def left(self) -> int:
        """The width of the subject's half, in px."""
        return _width(self.subject)

    @property
    def right(self) -> int:
        return _width(self.words)

    @property
    def width(self) -> int:
        return self.left + self.right

    @property
    def tag(self) -> str:
        """Differs whenever the picture does."""
        return hashlib.sha256(f"1 {self!r}".encode()).hexdigest()[:32]


def of(pictures: Iterable[Picture], now: datetime | None = None) -> Badge:
    """The badge of a project, by what is said of its repositories."""
    now = now or timezone.now()
    found = [_of_one(picture, now) for picture in pictures]
    order = list(State)
    return min(
        found,
        key=lambda badge: order.index(badge.state),
        default=Badge(State.UNCHECKED, _("no repository")),
    )


def _of_one(picture: Picture, now: datetime) -> Badge:
    repository, run = picture.repository, picture.looked
    since = repository.unreadable_since
    if run is None:
        return Badge(State.UNCHECKED, _("not checked yet"))
    word, state = _verdict(picture.tests)
    if since is None:
        day = _day(max(filter(None, (run.completed_at, repository.confirmed_at))), now)
        return Badge(state, f"{word} · {run.short_sha} · {day}")
    if now - since > GRACE:
        return Badge(State.GONE, _("repository gone since %(day)s") % {"day": _day(since, now)})
    words = _("%(verdict)s · %(sha)s · unreadable since %(day)s")
    return Badge(
        State.STALE, words % {"verdict": word, "sha": run.short_sha, "day": _day(since, now)}
    )


def _verdict(tests: Verdict | None) -> tuple[str, State]:
    if tests is None:
        return _("not checked"), State.UNCHECKED
    if tests.outcome == Outcome.PASSED:
        is_ruled = tests.dispute is not None and tests.dispute.is_accepted
        return (_("confirmed by a mentor") if is_ruled else _("verified")), State.VERIFIED
    if tests.outcome == Outcome.FAILED:
        return _("not found"), State.ABSENT
    return _("not known"), State.UNKNOWN


def _day(moment: datetime, now: datetime) -> str:
    """12 Nov, in another year 12 Nov 2025; by UTC, so that all readers have one picture."""
    day = moment.astimezone(UTC)
    is_recent = now - day < timedelta(days=300)
    return date_format(day, "j M" if is_recent else "j M Y")


def _width(text: str) -> int:
    return round(len(text) * CHARACTER) + PADDING
