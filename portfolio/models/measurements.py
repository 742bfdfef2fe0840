"""What a project changed, in a number, and the file that shows it."""

from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.leases import is_due
from portfolio import figures
from portfolio.models.projects import Project
from portfolio.models.repositories import Repository

#: No lease and no pause is longer.
LONGEST_WAIT = timedelta(hours=2)


class MeasurementQuerySet(models.QuerySet):
    def due(self, now):
        """Those whose file a worker may look at: wanted, and not in another one's hands."""
        return self.filter(is_due("due_at", now, longest=LONGEST_WAIT))


class Measurement(models.Model):
    """A metric before and after. Numbers are kept as they were written: 0.50 is not 0.5.

    What was seen of the file is a verdict at `head_sha`; a look that could not tell changes none.
    """

    class Direction(models.TextChoices):
        LOWER = "lower", _("Lower is better")
        HIGHER = "higher", _("Higher is better")

    class Verdict(models.TextChoices):
        NUMBER = "number", _("number found")
        FILE = "file", _("file found")  # whose text we do not read
        ABSENT = "absent", _("number not found")  # in the file, which is there
        MISSING = "missing", _("file not found")
        UNKNOWN = "unknown", _("not known")

    project = models.ForeignKey(Project, models.CASCADE, related_name="measurements")
    position = models.PositiveSmallIntegerField(default=1)
    metric = models.CharField(max_length=60)
    result = models.CharField(max_length=24)
    baseline = models.CharField(max_length=24, blank=True)
    baseline_words = models.CharField(max_length=120, blank=True)  # what the baseline is
    unit = models.CharField(max_length=30, blank=True)
    direction = models.CharField(max_length=6, choices=Direction)
    data_set = models.CharField(max_length=200, blank=True)
    repository = models.ForeignKey(
        Repository, models.SET_NULL, null=True, blank=True, related_name="measurements"
    )
    path = models.CharField(max_length=500, blank=True)  # from the root of the repository
    verdict = models.CharField(max_length=7, choices=Verdict, blank=True)  # "" before a look
    head_sha = models.CharField(max_length=64, blank=True)  # the commit that was looked at
    looked_at = models.DateTimeField(null=True, blank=True)
    line = models.PositiveIntegerField(default=0)  # of the result; 0 for none
    baseline_line = models.PositiveIntegerField(default=0)
    found_sha = models.CharField(max_length=64, blank=True)  # where the number was last found
    found_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # from when a worker may look
    attempts = models.PositiveSmallIntegerField(default=0)  # looks begun that did not end
    written_at = models.DateTimeField(default=timezone.now, db_default=Now())  # as it is now

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="measurement_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(metric=""), name="measurement_has_a_metric"),
            models.CheckConstraint(
                condition=Q(result__regex=figures.PATTERN), name="measurement_result_is_a_number"
            ),
            models.CheckConstraint(
                condition=Q(baseline="") | Q(baseline__regex=figures.PATTERN),
                name="measurement_baseline_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", looked_at=None)
                | ~Q(verdict="") & Q(looked_at__isnull=False),
                name="measurement_verdict_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"{self.metric} {self.result}"

    @property
    def version(self) -> str:
        """Tells these words from earlier ones; a form sends back the version that it began with."""
        return self.written_at.isoformat()

    @property
    def result_number(self) -> Decimal:
        return Decimal(self.result)

    @property
    def baseline_number(self) -> Decimal | None:
        return Decimal(self.baseline) if self.baseline else None

    @property
    def is_percent(self) -> bool:
        """Whether the numbers are percentages: of these a change is told in points."""
        return self.unit.startswith("%") or self.unit.lower().startswith("percent")

    @property
    def has_proof(self) -> bool:
        """Whether it names a file of a repository that is still the project's."""
        return bool(self.path and self.repository_id)

    @property
    def is_verified(self) -> bool:
        """The file was there at the last look, and the number stood in it."""
        return self.has_proof and self.verdict == self.Verdict.NUMBER

    @property
    def short_sha(self) -> str:
        return self.head_sha[:7]

    @property
    def found_short_sha(self) -> str:
        return self.found_sha[:7]
