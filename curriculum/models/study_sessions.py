"""How long a learner studied, as they say it or as a clock of theirs ran."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

LONGEST = 12 * 60  # minutes of one session
CAP = 4 * 60  # minutes after which a running clock is taken for a forgotten one


class StudySessionQuerySet(models.QuerySet):
    def running(self):
        return self.filter(minutes=None)

    def ended(self):
        """Those that count: with a length."""
        return self.exclude(minutes=None)


class StudySession(models.Model):
    """A stretch of study on a unit. One that a clock measures has no length while it runs.

    The day is the learner's own, in the time zone they had then: for a clock, the day it started.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="study_sessions"
    )
    unit = models.ForeignKey("Unit", models.PROTECT, related_name="study_sessions")
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # None while a clock runs
    started_at = models.DateTimeField(null=True, blank=True)  # of the clock, if there was one
    recorded_at = models.DateTimeField(default=timezone.now)  # when its length was first told

    objects = StudySessionQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-recorded_at", "-pk"]
        indexes = [models.Index(fields=["learner", "day"], name="study_session_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["learner"],
                condition=Q(minutes=None),
                name="study_session_one_running_per_learner",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=LONGEST),
                name="study_session_is_a_minute_to_12_hours",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=False) | Q(started_at__isnull=False),
                name="study_session_runs_since_a_moment",
            ),
        ]

    def __str__(self):
        return f"{self.learner} on {self.unit}, {self.day}"

    def get_absolute_url(self):
        return reverse("curriculum:study_session", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.minutes is None

    @property
    def is_forgotten(self) -> bool:
        """Whether its clock runs for longer than anybody studies at a stretch."""
        return self.is_running and self.run_minutes(timezone.now()) > CAP

    def run_minutes(self, now: datetime) -> int:
        """Full minutes since the clock started; none before that, as after a clock was put back."""
        if self.started_at is None:
            return 0
        return max(0, (now - self.started_at) // timedelta(minutes=1))
