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
    study_days = models.CharField(max_length=7, blank=True, db_default="")  # "136": Mon, Wed, Sat
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
            models.CheckConstraint(
                condition=Q(study_days__regex=r"^1?2?3?4?5?6?7?$"),
                name="enrollment_study_days_once_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.learner} on {self.roadmap}"

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The days the learner said they study, 1 for Monday to 7; () for "wherever it fits"."""
        return tuple(map(int, self.study_days))


class Aim(models.Model):
    """A learner turned to a role, or away from any. The enrollment holds the one they aim for now."""

    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="aims")
    role = models.ForeignKey("Role", models.CASCADE, null=True, blank=True, related_name="+")
    aimed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-aimed_at", "-pk"]

    def __str__(self):
        return f"{self.enrollment}: {self.role or 'no role'}"


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


class UnitSkipQuerySet(models.QuerySet):
    def standing(self):
        """Skips that hold: those that were not taken back or overtaken by a completion."""
        return self.filter(ended_at=None)


class UnitSkip(models.Model):
    """A learner leaves a unit out. Taking that back, or completing the unit, ends it."""

    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="skips")
    unit = models.ForeignKey("Unit", models.PROTECT, related_name="skips")
    reason = models.CharField(max_length=200, blank=True)  # for the learner's own memory
    skipped_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = UnitSkipQuerySet.as_manager()

    class Meta:
        ordering = ["-skipped_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "unit"],
                condition=Q(ended_at=None),
                name="skip_one_standing_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("skipped_at")),
                name="skip_ended_after_it",
            ),
        ]

    def __str__(self):
        return f"{self.enrollment}: without {self.unit}"
