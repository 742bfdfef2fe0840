"""Work that went into a repository of somebody else's, by a pull request."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.leases import is_due
from portfolio.models.projects import Project

#: No look is planned further ahead (a day while it is open, a week once it is merged).
LONGEST_WAIT = timedelta(days=30)


class ContributionQuerySet(models.QuerySet):
    def due(self, now):
        """Those whose next look has come."""
        return self.filter(is_due("next_look_at", now, longest=LONGEST_WAIT))


class Contribution(models.Model):
    """One pull request, and what GitHub said of it at the last look that told.

    Whether it is verified is never stored: portfolio.contributions compares it with the GitHub account
    that its owner has linked now. A look may be made by whoever moved `next_look_at` on.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="contributions")
    full_name = models.CharField(max_length=140)  # of the repository, as GitHub spells it
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=256, blank=True)
    author = models.CharField(max_length=100, blank=True)
    author_id = models.BigIntegerField(null=True, blank=True)  # of a GitHub account
    owner_id = models.BigIntegerField(null=True, blank=True)  # of the repository
    is_private = models.BooleanField(default=False)
    is_open = models.BooleanField(default=False)
    merged_at = models.DateTimeField(null=True, blank=True)
    merge_sha = models.CharField(max_length=64, blank=True)
    additions = models.PositiveIntegerField(default=0)
    deletions = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    tag = models.CharField(max_length=100, blank=True)  # of GitHub's answer
    looked_at = models.DateTimeField(null=True, blank=True)  # the last look that told something
    missed_since = models.DateTimeField(null=True, blank=True)  # GitHub does not show it since
    misses = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)  # claims that did not end
    next_look_at = models.DateTimeField(default=timezone.now)
    added_at = models.DateTimeField(default=timezone.now)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-merged_at", "-pk"]
        indexes = [models.Index(fields=["next_look_at"], name="contribution_next_look")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "full_name", "number"], name="contribution_once_per_project"
            ),
            models.CheckConstraint(
                condition=Q(merged_at=None, merge_sha="")
                | Q(merged_at__isnull=False, is_open=False) & ~Q(merge_sha=""),
                name="contribution_merged_by_a_commit",
            ),
        ]

    def __str__(self):
        return f"{self.full_name}#{self.number}"

    @property
    def short_sha(self) -> str:
        return self.merge_sha[:7]
