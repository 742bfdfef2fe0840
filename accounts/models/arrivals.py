"""A takeout that somebody brings here."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.leases import is_due

#: No lease and no pause is longer.
LONGEST_WAIT = timedelta(minutes=10)


class ArrivalQuerySet(models.QuerySet):
    def active(self):
        """Not ended: being read, waiting for a yes, or being written."""
        return self.filter(status__in=Arrival.ACTIVE)

    def due(self, now):
        """Those that a worker has to do something about, and that none has in hand."""
        worked_on = self.filter(status__in=Arrival.WORKED_ON)
        return worked_on.filter(is_due("due_at", now, longest=LONGEST_WAIT))


class Arrival(models.Model):
    """One uploaded takeout: read by a worker, shown to its person, and written when they say yes.

    `due_at` and `attempts` are as those of a takeout. `told` is what was found: what comes, what is here
    already, what is not known here. Nothing of the file is a row before all of it is, in one transaction.
    """

    class Status(models.TextChoices):
        READING = "reading"
        ASKING = "asking"
        WRITING = "writing"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"

    ACTIVE = [Status.READING, Status.ASKING, Status.WRITING]
    WORKED_ON = [Status.READING, Status.WRITING]

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="arrivals")
    status = models.CharField(max_length=7, choices=Status, default=Status.READING)
    file = models.CharField(max_length=43, unique=True, editable=False)  # in TAKEOUT_DIR
    size = models.PositiveIntegerField()  # bytes
    told = models.JSONField(default=dict, editable=False)
    where = models.CharField(max_length=300, blank=True)  # what was refused
    why = models.CharField(max_length=300, blank=True)
    brought_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # claims since the status last changed
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ["-brought_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["reading", "writing"]),
                name="arrival_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=["reading", "asking", "writing"]),
                name="arrival_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["reading", "asking", "writing"], ended_at=None)
                | Q(status__in=["done", "refused", "failed"], ended_at__isnull=False),
                name="arrival_ended_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"arrival {self.pk}: {self.status}"

    @property
    def is_worked_on(self) -> bool:
        return self.status in self.WORKED_ON

    @property
    def is_asking(self) -> bool:
        return self.status == self.Status.ASKING
