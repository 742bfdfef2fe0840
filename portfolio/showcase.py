"""Which of somebody's projects stand first on their page, and by what.

Those that the owner chose, in their order; then by what others found: approved by a mentor before
those whose checks pass, and these before the rest; among each the newest first. Never by a score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, User
from portfolio.cards import Card
from portfolio.models import Project, Review
from portfolio.verdicts import Picture

#: How many projects a page shows in full, and how many of them the owner may choose.
FIRST = 3


class Why(StrEnum):
    """What brought a project to its place, the strongest first."""

    CHOSEN = "chosen"
    REVIEWED = "reviewed"
    CHECKED = "checked"
    NEWEST = "newest"

    @property
    def words(self) -> str:
        return str(WORDS[self])


WORDS = {
    Why.CHOSEN: _("chosen to stand here"),
    Why.REVIEWED: _("approved by a mentor"),
    Why.CHECKED: _("passes the checks"),
    Why.NEWEST: _("the newest"),
}


@dataclass(frozen=True, slots=True)
class Approval:
    """A mentor's approval, and whether another commit was read since."""

    review: Review
    is_earlier: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A project as its owner's page shows it."""

    project: Project
    pictures: list[Picture]

    @property
    def why(self) -> Why:
        if self.project.place:
            return Why.CHOSEN
        if self.approvals:
            return Why.REVIEWED
        return Why.CHECKED if self.is_passing else Why.NEWEST

    @property
    def is_passing(self) -> bool:
        """Whether every required check of one of its repositories passed."""
        return any(picture.is_success for picture in self.pictures)

    @property
    def approvals(self) -> list[Approval]:
        """What mentors approved, newest first."""
        looked = {
            picture.repository.pk: picture.looked.head_sha
            for picture in self.pictures
            if picture.looked
        }
        given = [review for review in self.project.reviews.all() if review.is_approval]
        return [
            Approval(review, _sha_now(looked, review) != review.head_sha)
            for review in sorted(given, key=_submitted, reverse=True)
        ]

    @property
    def praise(self) -> Review | None:
        """The newest approval that says in words what is good."""
        return next((a.review for a in self.approvals if a.review.strength.strip()), None)


@dataclass(frozen=True, slots=True)
class Sum:
    """What an employer wants to know of all the work at once: how much of it others looked at."""

    projects: int
    passing: int  # with every required check passed
    approved: int  # by a mentor
    looked_at: datetime | None  # when a repository was last read


def sum_of(pieces: Sequence[Piece]) -> Sum:
    """The sum of a page's projects."""
    looks = [
        picture.repository.confirmed_at or picture.looked.completed_at
        for piece in pieces
        for picture in piece.pictures
        if picture.looked
    ]
    return Sum(
        projects=len(pieces),
        passing=sum(piece.is_passing for piece in pieces),
        approved=sum(bool(piece.approvals) for piece in pieces),
        looked_at=max(filter(None, looks), default=None),
    )


def arrange(rows: Iterable[tuple[Project, list[Picture]]]) -> list[Piece]:
    """Projects with their pictures, newest first as they come, in the order of a page.

    Wants the projects' `reviews` with their `check_run` prefetched.
    """
    order = list(Why)
    pieces = [Piece(project, pictures) for project, pictures in rows]
    return sorted(pieces, key=lambda piece: (order.index(piece.why), piece.project.place or 0))


@transaction.atomic
def choose(owner: User, projects: Sequence[Project]) -> None:
    """Have these of the owner's projects stand first on their page, in this order; none: no choice."""
    User.objects.select_for_update().get(pk=owner.pk)  # two tabs, one order
    owner.projects.exclude(place=None).update(place=None)
    for place, project in enumerate(projects[:FIRST], start=1):
        owner.projects.filter(pk=project.pk).update(place=place)


def card_of_page(profile: Profile, pieces: Sequence[Piece]) -> Card:
    """What a link to the page says of it in a picture: counts and a day, no praise. Of public things only."""
    total = sum_of(pieces)
    counts = [
        (total.projects, ngettext("project", "projects", total.projects)),
        (total.passing, ngettext("passes its checks", "pass their checks", total.passing)),
        (total.approved, _("approved by a mentor")),
    ]
    return Card(
        title=profile.name,
        stand_in=f"@{profile.handle}",
        words=profile.headline,
        counts=tuple((str(count), str(what)) for count, what in counts if count),
        foot=_foot(profile.handle, total.looked_at),
        site=settings.SITE_NAME,
    )


def card_of_project(piece: Piece) -> Card:
    """The same of one project: what its checks and a mentor said, at which commit."""
    handle = piece.project.owner.profile.handle
    counts = []
    for picture in piece.pictures[:2]:
        if picture.looked:
            passed, required = picture.passed_of_required
            words = gettext("required checks passed at %(sha)s")
            counts.append((f"{passed} of {required}", words % {"sha": picture.looked.short_sha}))
    if piece.approvals:
        review = piece.approvals[0].review
        mentor = review.reviewer.profile.name if review.reviewer else gettext("a former mentor")
        words = gettext("by %(mentor)s at %(sha)s") % {"mentor": mentor, "sha": review.short_sha}
        counts.append((gettext("Approved"), words))
    return Card(
        title=piece.project.title,
        stand_in=gettext("A project of @%(handle)s") % {"handle": handle},
        words=piece.project.summary,
        counts=tuple(counts),
        foot=_foot(handle, sum_of([piece]).looked_at),
        site=settings.SITE_NAME,
    )


def _foot(handle: str, looked_at: datetime | None) -> str:
    if looked_at is None:
        return f"@{handle}"
    day = date_format(looked_at.astimezone(UTC), "j F Y")
    return f"@{handle} · " + gettext("last looked at %(day)s") % {"day": day}


def _submitted(review: Review) -> tuple[float, int]:
    return (review.submitted_at.timestamp() if review.submitted_at else 0.0, review.pk)


def _sha_now(looked: dict[int, str], review: Review) -> str:
    """What was read last of the repository that was reviewed; "" once it was unlinked."""
    return looked.get(review.check_run.repository_id, "") if review.check_run else ""
