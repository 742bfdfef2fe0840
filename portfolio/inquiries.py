"""One claim, worked out anew from what is known now: what it rests on, how that stands, what changed since.

For somebody who was told of it elsewhere and wants to see for themselves: a skill of a project, a
mentor's verdict, a measured outcome. Nothing here is stored, and nothing is asked of GitHub: what the
checks say is what they said last, with the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio import changes, demonstrations, verdicts
from portfolio.changes import Change
from portfolio.demonstrations import Age, Demonstration
from portfolio.models import CheckRun, Claim, Measurement, Project, Repository, Review
from portfolio.verdicts import Picture, Reader


class Standing(StrEnum):
    """How a claim stands now, in one word of ours."""

    HOLDS = "holds"
    EARLIER = "earlier"
    STALE = "stale"
    LOST = "lost"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    WORD = "word"

    @property
    def words(self) -> str:
        return str(WORDS[self])


WORDS = {
    Standing.HOLDS: gettext_lazy("Holds at the newest commit we know"),
    Standing.EARLIER: gettext_lazy("Held at an earlier commit"),
    Standing.STALE: gettext_lazy("Cannot be looked at now"),
    Standing.LOST: gettext_lazy("No longer counted"),
    Standing.ABSENT: gettext_lazy("Not found when we looked"),
    Standing.UNKNOWN: gettext_lazy("Not known yet"),
    Standing.WORD: gettext_lazy("Their word, and nothing that shows it"),
}
WORDS_OF_VERDICT = {
    Standing.HOLDS: gettext_lazy("It is about the newest commit we know"),
    Standing.EARLIER: gettext_lazy("It is about an earlier commit"),
    Standing.LOST: gettext_lazy("Its repository is no longer there to be looked at"),
}
OF_AGE = {
    Age.CURRENT: Standing.HOLDS,
    Age.EARLIER: Standing.EARLIER,
    Age.STALE: Standing.STALE,
    Age.LOST: Standing.LOST,
}
WHY_NOT = {
    "unchecked": gettext_lazy("The project has no repository, so nothing was checked."),
    "unread": gettext_lazy("Its repository was not read yet."),
    "failing": gettext_lazy("A required check does not pass."),
    "unowned": gettext_lazy("Nothing shows yet that the repository is theirs."),
}


@dataclass(frozen=True, slots=True)
class Since:
    """The repository at the commit that a claim is about, beside what was read of it last."""

    then: CheckRun
    now: CheckRun
    changes: list[Change]

    @property
    def is_same_commit(self) -> bool:
        return self.then.head_sha == self.now.head_sha


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is worked out of one claim for one reader."""

    project: Project
    standing: Standing
    because: str
    pictures: list[Picture]
    repository: Repository | None = None  # that it is about
    head_sha: str = ""
    reviews: Sequence[Review] = ()  # what mentors said of it, newest first
    since: Since | None = None
    verdict: Review | None = None  # that it is about, if it is about one
    demonstrated: Demonstration | None = None
    endorsed: list[Demonstration] = field(default_factory=list)

    @property
    def short_sha(self) -> str:
        return self.head_sha[:7]

    @property
    def words(self) -> str:
        """How it stands, in one sentence; a verdict does not hold or fail, it is about a commit."""
        of_verdict = WORDS_OF_VERDICT.get(self.standing) if self.verdict else None
        return str(of_verdict or self.standing.words)

    @property
    def is_good(self) -> bool:
        """Whether it speaks for the project as it is now."""
        is_praise = self.verdict is None or self.verdict.is_approval
        return self.standing == Standing.HOLDS and is_praise

    @property
    def picture(self) -> Picture | None:
        """Of the repository that it is about, as this reader is shown it."""
        wanted = self.repository.pk if self.repository else None
        return next((p for p in self.pictures if p.repository.pk == wanted), None)

    @property
    def is_withheld(self) -> bool:
        """Whether this reader is not told where the repository is."""
        return self.picture is None or self.picture.is_withheld


def of_claim(claim: Claim, reader: Reader) -> Inquiry:
    """Whether a project shows a skill: by its checks, and by mentors who confirmed it."""
    project = claim.project
    work = demonstrations.of(project.owner, Project.objects.filter(pk=project.pk))
    shown = next((d for d in work.shown if d.skill == claim.skill), None)
    endorsed = [d for d in work.endorsed if d.skill == claim.skill][::-1]
    grounds = [*endorsed, *([shown] if shown else [])]
    best = min(grounds, key=lambda d: demonstrations.AGES.index(d.age), default=None)
    if best is None:
        reason = next((h.reason for h in work.hindered if h.claim == claim), "unread")
        return Inquiry(project, Standing.WORD, str(WHY_NOT[reason]), _pictures(project, reader))
    run = best.check_run or (best.review.check_run if best.review else None)
    return Inquiry(
        project,
        OF_AGE[best.age],
        _because(best, len(endorsed)),
        _pictures(project, reader),
        repository=best.repository,
        head_sha=best.head_sha,
        reviews=[d.review for d in endorsed if d.review],
        since=_since(run, reader),
        demonstrated=shown,
        endorsed=endorsed,
    )


def of_review(review: Review, reader: Reader) -> Inquiry:
    """How a verdict stands: the commit it is about, what was said of the same work later, what changed."""
    run = review.check_run
    later = review.project.reviews.submitted().filter(submitted_at__gte=review.submitted_at)
    others = later.exclude(pk=review.pk).select_related(
        "reviewer__profile", "check_run__repository"
    )
    return Inquiry(
        review.project,
        OF_AGE[demonstrations.age_of(review)],
        _said_later(review, others),
        _pictures(review.project, reader),
        repository=run.repository if run else None,
        head_sha=review.head_sha,
        reviews=[review, *others.order_by("submitted_at")],
        verdict=review,
        since=_since(run, reader),
    )


def of_measurement(measurement: Measurement, reader: Reader) -> Inquiry:
    """Whether the file that is named holds the number, as the last look at it found."""
    verdict, sha = measurement.verdict, measurement.head_sha
    is_private = bool(measurement.repository and measurement.repository.is_private)
    if is_private and reader == Reader.STRANGER and verdict != Measurement.Verdict.NUMBER:
        standing, because = Standing.UNKNOWN, _("It stands in a private repository.")
    elif not measurement.has_proof:
        standing, because = Standing.WORD, _("No file is named that shows it.")
    elif verdict == Measurement.Verdict.NUMBER:
        standing = _standing_at(measurement.repository, sha)
        because = _("The number stands in the file that is named.")
    elif verdict in (Measurement.Verdict.ABSENT, Measurement.Verdict.MISSING):
        standing, because = Standing.ABSENT, _was_found(measurement)
    elif verdict == Measurement.Verdict.FILE:
        standing, because = Standing.UNKNOWN, _("The file is there; we do not read such a file.")
    else:
        standing, because = Standing.UNKNOWN, _("The file could not be looked at yet.")
    runs = CheckRun.objects.conclusive().filter(repository=measurement.repository)
    run = runs.filter(head_sha=sha).first() if sha and measurement.repository else None
    return Inquiry(
        measurement.project,
        standing,
        because,
        _pictures(measurement.project, reader),
        repository=measurement.repository if measurement.has_proof else None,
        head_sha=sha,
        since=_since(run, reader),
    )


def _pictures(project: Project, reader: Reader) -> list[Picture]:
    return list(verdicts.of_many(project.repositories.all(), reader=reader).values())


def _because(best: Demonstration, mentors: int) -> str:
    if best.review is None:
        words = _("Every required check passed at %(sha)s, in a repository that is theirs.")
        if not mentors:
            words += " " + _("No mentor has confirmed the skill.")
        return words % {"sha": best.short_sha}
    mentor = best.review.reviewer.profile.name if best.review.reviewer else _("A former mentor")
    words = _("%(mentor)s confirmed it, %(level)s, at %(sha)s.")
    return words % {"mentor": mentor, "level": best.level.label.lower(), "sha": best.short_sha}


def _said_later(review: Review, others: Sequence[Review]) -> str:
    newest = max(others, key=lambda other: other.pk, default=None)
    if newest is None:
        return _("No other verdict followed it.")
    mentor = newest.reviewer.profile.name if newest.reviewer else _("A former mentor")
    names = {"mentor": mentor, "sha": newest.short_sha}
    if newest.is_approval:
        return _("Since then %(mentor)s approved it, at %(sha)s.") % names
    return _("Since then %(mentor)s asked for changes, at %(sha)s.") % names


def _was_found(measurement: Measurement) -> str:
    if measurement.found_sha:
        words = _("It is not there any more. It stood there at %(sha)s.")
        return words % {"sha": measurement.found_short_sha}
    return _("The file that is named does not show it.")


def _standing_at(repository: Repository | None, head_sha: str) -> Standing:
    if repository is None:
        return Standing.LOST
    return OF_AGE[demonstrations.age_at(repository, head_sha)]


def _since(run: CheckRun | None, reader: Reader) -> Since | None:
    """The run that looked at the claim's commit beside the newest; None where there are not both."""
    if run is None or not run.looked:
        return None
    now = CheckRun.objects.conclusive().filter(repository=run.repository_id).first()
    if now is None:
        return None
    is_owner = reader == Reader.OWNER
    before = list(run.findings.told_to(is_owner=is_owner))
    after = list(now.findings.told_to(is_owner=is_owner))
    return Since(run, now, [] if run.pk == now.pk else changes.between(before, after))
