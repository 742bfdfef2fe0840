"""The files of a repository at one commit, kept while somebody reviews them."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.leases import is_due
from portfolio.models.repositories import Repository

#: No lease and no pause is longer.
LONGEST_WAIT = timedelta(hours=2)


class ListingQuerySet(models.QuerySet):
    def due(self, now):
        """Wanted, not there yet, and not in a worker's hands."""
        return self.filter(is_due("due_at", now, longest=LONGEST_WAIT), listed_at=None)


class Listing(models.Model):
    """What stood in a repository at a commit: wanted first, then listed by a worker."""

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="listings")
    head_sha = models.CharField(max_length=40)
    entries = models.JSONField(default=list)  # [[path, mode, type, sha, size], …]
    is_truncated = models.BooleanField(default=False)
    wanted_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)  # from when a worker may list it
    attempts = models.PositiveSmallIntegerField(default=0)
    listed_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=20, blank=True)  # why it is not there

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-wanted_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(listed_at=None), name="listing_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["repository", "head_sha"], name="listing_once_per_commit"
            ),
        ]

    def __str__(self):
        return f"{self.repository}@{self.head_sha[:7]}"


class Source(models.Model):
    """The text of one file, by git's id of it, so that one that did not change is kept once."""

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="sources")
    sha = models.CharField(max_length=40)
    path = models.CharField(max_length=1000)  # where it was first seen
    text = models.TextField(blank=True)
    unread = models.CharField(max_length=10, blank=True)  # why it has no text (snapshot.Unread)
    wanted_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["path", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["repository", "sha"], name="source_once_per_blob"),
        ]

    def __str__(self):
        return f"{self.repository}: {self.path}"
