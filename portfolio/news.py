"""What became public of somebody's work, as a feed tells it: projects, verdicts, checks that passed.

Computed from what is public now: what is made private leaves the feed, and comes back with its old id.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Min
from django.utils.translation import gettext as _

from accounts.models import User
from portfolio.models import CheckRun, Project, Review

#: What a feed holds at most, newest first.
MOST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact with its day. The key stays the same for as long as the fact does."""

    key: str
    title: str
    words: str
    path: str
    at: datetime

    @property
    def guid(self) -> str:
        """What a feed reader tells it by, whatever becomes of titles, handles and dates."""
        return guid(self.key)


def guid(key: str) -> str:
    """A name for one of our things that stays, as a tag URI (RFC 4151)."""
    return f"tag:{settings.SITE_HOST},2026:{key}"


def of(owner: User) -> list[Entry]:
    """What anybody may know of this person's work, newest first; in four queries, however much it is."""
    visible = Project.objects.visible_to(AnonymousUser()).owned_by(owner)
    projects = {project.pk: project for project in visible.select_related("owner__profile")}
    entries = [*_published(projects.values()), *_verdicts(projects), *_passed(projects)]
    return sorted(entries, key=lambda entry: (entry.at, entry.key), reverse=True)[:MOST]


def tag_of(parts: Iterable[object]) -> str:
    """Differs whenever one of the parts of a feed does."""
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()[:32]


def _published(projects: Iterable[Project]) -> Iterator[Entry]:
    for project in projects:
        yield Entry(
            f"project-{project.pk}",
            _("A project: %(title)s") % {"title": project.title},
            project.summary,
            project.get_absolute_url(),
            project.published_at or project.created_at,
        )


def _verdicts(projects: dict[int, Project]) -> Iterator[Entry]:
    reviews = Review.objects.submitted().filter(project__in=projects)
    for review in reviews.select_related("reviewer__profile").order_by("-submitted_at")[:MOST]:
        project = projects[review.project_id]
        names = {
            "title": project.title,
            "mentor": review.reviewer.profile.name if review.reviewer else _("A former mentor"),
            "sha": review.short_sha,
        }
        if review.is_approval:
            title = _("%(mentor)s approved %(title)s")
        else:
            title = _("%(mentor)s asked for changes to %(title)s")
        yield Entry(
            f"review-{review.pk}",
            title % names,
            _("At commit %(sha)s.") % names,
            f"{project.get_absolute_url()}#reviews",
            review.submitted_at or review.requested_at,
        )


def _passed(projects: dict[int, Project]) -> Iterator[Entry]:
    """The first time that every required check passed at a commit."""
    firsts = (
        CheckRun.objects.filter(
            repository__project__in=projects, conclusion=CheckRun.Conclusion.SUCCESS
        )
        .values("repository", "head_sha")
        .annotate(first=Min("pk"), at=Min("completed_at"))
        .order_by("-at", "-first")[:MOST]
    )
    found = [row["first"] for row in firsts]
    runs = CheckRun.objects.filter(pk__in=found).select_related("repository")
    for run in runs:
        project = projects[run.repository.project_id]
        yield Entry(
            f"check-run-{run.pk}",
            _("%(title)s passes its checks") % {"title": project.title},
            _("Every required check passed at commit %(sha)s.") % {"sha": run.short_sha},
            project.get_absolute_url(),
            run.completed_at or run.requested_at,
        )
