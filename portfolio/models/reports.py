"""A review that somebody says staff should look at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolio.models.reviews import Review


class Report(models.Model):
    """One side of a review tells staff what is wrong with it; the other side is not told."""

    class Reason(models.TextChoices):
        UNKIND = "unkind", _("It is unkind or insulting")
        UNFAIR = "unfair", _("It is not about the work")
        COPIED = "copied", _("The work or the review is not their own")
        PRIVATE = "private", _("It tells something private")
        OTHER = "other", _("Something else")

    review = models.ForeignKey(Review, models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=8, choices=Reason)
    text = models.TextField(max_length=2000, blank=True)
    reported_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "reporter"],
                condition=Q(handled_at=None),
                name="report_one_open_per_person",
            ),
        ]

    def __str__(self):
        return f"{self.review}: {self.get_reason_display()}"
