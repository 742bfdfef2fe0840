"""What is left of an account that is to be deleted: when, and how far it is; in the end of nobody."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.leases import is_due

#: No lease and no pause is longer, once a deletion has begun.
LONGEST_WAIT = timedelta(hours=1)


class DeletionQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(finished_at=None)

    def in_grace(self):
        """Asked for, and can still be taken back."""
        return self.filter(begun_at=None)

    def due(self, now):
        """Those whose grace is over, and that no worker has in hand. No grace is made shorter."""
        begun = Q(begun_at__isnull=False) & is_due("due_at", now, longest=LONGEST_WAIT)
        return self.unfinished().filter(begun | Q(begun_at=None, due_at__lte=now))


class Deletion(models.Model):
    """One account's end. Taking it back removes the row; once begun, it cannot be taken back.

    `due_at` says from when a worker may go on, first when the grace is over; `attempts` is the number of
    the latest claim. `removed` counts rows by kind. When it is finished, the row names nobody.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deletion",
    )
    asked_at = models.DateTimeField(default=timezone.now)
    grace_until = models.DateTimeField()
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    removed = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DeletionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(finished_at=None), name="deletion_unfinished"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(begun_at__isnull=False),
                name="deletion_finished_was_begun",
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=False) | Q(person__isnull=False),
                name="deletion_in_grace_is_somebodys",
            ),
        ]

    def __str__(self):
        return f"deletion {self.pk}"

    @property
    def is_in_grace(self) -> bool:
        return self.begun_at is None
