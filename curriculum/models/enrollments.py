"""Facts about a learner on a roadmap. Progress is computed from them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Enrollment(models.Model):
    """A learner following a roadmap, perhaps towards a role."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrollments"
    )
    roadmap = models.ForeignKey("Roadmap", models.PROTECT, related_name="enrollments")
    target_role = models.ForeignKey(
        "Role", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    weekly_hours = models.PositiveSmallIntegerField(
        default=6, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    enrolled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "roadmap"], name="enrollment_once_per_roadmap"
            ),
            models.CheckConstraint(
                condition=Q(weekly_hours__gte=1, weekly_hours__lte=60),
                name="enrollment_weekly_hours_1_to_60",
            ),
        ]

    def __str__(self):
        return f"{self.learner} on {self.roadmap}"


class UnitCompletionQuerySet(models.QuerySet):
    def standing(self):
        """Completions that count: those that were not reopened."""
        return self.filter(reopened_at=None)


class UnitCompletion(models.Model):
    """A learner completed a unit. Reopening it ends this completion and keeps the row."""

    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="completions")
    unit = models.ForeignKey("Unit", models.PROTECT, related_name="completions")
    completed_at = models.DateTimeField(default=timezone.now)
    reopened_at = models.DateTimeField(null=True, blank=True)

    objects = UnitCompletionQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "unit"],
                condition=Q(reopened_at=None),
                name="completion_one_standing_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | Q(reopened_at__gte=F("completed_at")),
                name="completion_reopened_after_it",
            ),
        ]

    def __str__(self):
        return f"{self.enrollment}: {self.unit}"
