"""What a person takes out of here: everything about them, as one file."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.leases import is_due

#: No lease and no pause is longer.
LONGEST_WAIT = timedelta(minutes=10)


class TakeoutQuerySet(models.QuerySet):
    def active(self):
        """Asked for, and neither ready nor failed."""
        return self.filter(status=Takeout.Status.PACKING)

    def ready(self):
        """Those whose file can be fetched now."""
        return self.filter(status=Takeout.Status.READY, expires_at__gt=timezone.now())

    def due(self, now):
        """Those that a worker may go on with: nobody has them, or whoever had them is gone."""
        return self.active().filter(is_due("due_at", now, longest=LONGEST_WAIT))


class Takeout(models.Model):
    """One request for everything about oneself: packed part by part by a worker, then one file.

    The row is the truth and the queue a hint, as with check runs: `due_at` says from when a worker may
    take it, `attempts` is the number of the latest claim, and only its holder goes on. `parts` holds how many
    entries each part has that is packed, so that the next worker does not begin again.
    """

    class Status(models.TextChoices):
        PACKING = "packing"
        READY = "ready"
        FAILED = "failed"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="takeouts")
    status = models.CharField(max_length=7, choices=Status, default=Status.PACKING)
    folder = models.CharField(max_length=43, unique=True, editable=False)  # in TAKEOUT_DIR
    parts = models.JSONField(default=dict, editable=False)  # {"notes": 12, …}
    parts_in_all = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    standstills = models.PositiveSmallIntegerField(
        default=0
    )  # claims since the last part was packed
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes

    objects = TakeoutQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="packing"), name="takeout_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status="packing"),
                name="takeout_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="ready", ready_at__isnull=False, expires_at__isnull=False)
                | ~Q(status="ready") & Q(ready_at=None, expires_at=None),
                name="takeout_that_is_ready_expires",
            ),
        ]

    def __str__(self):
        return f"takeout {self.pk}: {self.status}"

    @property
    def is_packing(self) -> bool:
        return self.status == self.Status.PACKING

    @property
    def is_ready(self) -> bool:
        return (
            self.status == self.Status.READY
            and self.expires_at is not None
            and self.expires_at > timezone.now()
        )

    @property
    def parts_done(self) -> int:
        return len(self.parts)
