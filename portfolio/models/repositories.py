"""The GitHub repository behind a project."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.leases import is_due
from portfolio.github.links import Link
from portfolio.models.projects import Project

#: No look is planned further ahead (portfolio.schedule: a week, and a day to spread it).
LONGEST_WAIT = timedelta(days=30)


class RepositoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of projects that one may see; a private one only for its owner and their mentors."""
        public = Q(project__in=Project.objects.visible_to(user), is_private=False)
        return self.filter(public | Q(project__in=Project.objects.known_to(user)))

    def due_for_a_look(self, now):
        """Those whose next look has come, or was never planned, and that no run is busy with."""
        due = is_due("next_look_at", now, longest=LONGEST_WAIT) | Q(next_look_at=None)
        busy = Q(check_runs__status__in=["queued", "in_progress"])
        return self.filter(due).exclude(busy).order_by("next_look_at", "pk")


class Repository(models.Model):
    """A repository, or one folder of it, at a branch: what GitHub last told us of it."""

    class Standing(models.TextChoices):
        """What we know of its being there. Only a successful look changes verdicts."""

        NEW = "new", "not looked at yet"
        READABLE = "readable", "readable"
        EMPTY = "empty", "empty"
        NOT_FOUND = "not_found", "private, deleted or renamed"
        REF_NOT_FOUND = "ref_not_found", "without the linked branch"
        REFUSED = "refused", "closed to us"
        TOKEN_REFUSED = "token_refused", "private, and its token is no longer accepted"
        BLOCKED = "blocked", "blocked by GitHub"
        REPLACED = "replaced", "another repository of the same name"

    project = models.ForeignKey(Project, models.CASCADE, related_name="repositories")
    full_name = models.CharField(max_length=140)  # owner/name, as GitHub spells it
    ref = models.CharField(max_length=255, blank=True)  # branch or tag; "" is the default branch
    folder = models.CharField(max_length=500, blank=True)  # "" is the root
    github_id = models.PositiveBigIntegerField(null=True, blank=True)
    former_name = models.CharField(max_length=140, blank=True)  # before GitHub's redirect
    default_branch = models.CharField(max_length=255, blank=True)
    description = models.CharField(max_length=350, blank=True)
    is_private = models.BooleanField(default=False, db_default=False)  # read by its owner's leave
    is_fork = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    standing = models.CharField(max_length=13, choices=Standing, default=Standing.NEW)
    standing_since = models.DateTimeField(default=timezone.now)
    missing_since = models.DateTimeField(null=True, blank=True)  # GitHub no longer shows it
    missing_looks = models.PositiveSmallIntegerField(default=0, db_default=0)  # in a row
    confirmed_at = models.DateTimeField(null=True, blank=True)  # last seen to be as checked
    owner_id = models.PositiveBigIntegerField(null=True, blank=True)  # GitHub's, of its account
    parent_name = models.CharField(
        max_length=140, blank=True, db_default=""
    )  # owner/name it was forked from
    commits = models.PositiveIntegerField(null=True, blank=True)  # on the default branch
    own_commits = models.PositiveIntegerField(null=True, blank=True)  # those of `author_id`
    author_id = models.PositiveBigIntegerField(null=True, blank=True)  # whose were counted
    has_proof_line = models.BooleanField(
        default=False, db_default=False
    )  # its README held the owner's line
    changed_at = models.DateTimeField(null=True, blank=True)  # when we first saw its newest commit
    next_look_at = models.DateTimeField(null=True, blank=True)  # without anybody asking
    pushed_at = models.DateTimeField(null=True, blank=True)  # when GitHub last told us of a push
    webhook_nonce = models.CharField(max_length=32, blank=True)  # "" while we do not listen
    linked_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RepositoryQuerySet.as_manager()

    class Meta:
        ordering = ["linked_at", "pk"]
        verbose_name_plural = "repositories"
        indexes = [models.Index(fields=["next_look_at"], name="repository_next_look")]
        constraints = [
            models.UniqueConstraint(
                "project", Lower("full_name"), "ref", "folder", name="repository_once_per_project"
            ),
            models.CheckConstraint(
                condition=Q(full_name__regex=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$"),
                name="repository_is_owner_slash_name",
            ),
        ]

    def __str__(self):
        return f"{self.full_name}/{self.folder}" if self.folder else self.full_name

    @property
    def unreadable_since(self) -> datetime | None:
        """From when GitHub has not let us read it; None while it does, and before the first look."""
        if self.standing in (self.Standing.NEW, self.Standing.READABLE):
            return None
        return self.missing_since or self.standing_since

    @property
    def link(self) -> Link:
        """Where to look, in the words of the GitHub client."""
        owner, name = self.full_name.split("/")
        return Link(owner, name, ref=self.ref, folder=self.folder)
