"""Who looked at what of somebody that was not public."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SightingQuerySet(models.QuerySet):
    def of(self, owner):
        """What others saw of this person, newest first."""
        return self.filter(owner=owner).order_by("-seen_at", "-pk")


class Sighting(models.Model):
    """One person opened something of another's that was not public; once an hour for each thing.

    The words are those of the moment: what was seen may have another name now, or be gone.
    """

    class Kind(models.TextChoices):
        LEARNER = "learner", _("your page on the mentoring desk")
        PROFILE = "profile", _("your portfolio page")
        RESUME = "resume", _("your résumé")
        PROJECT = "project", _("your project")
        CHECK_RUN = "check_run", _("a check of your project")
        REVIEW = "review", _("a review of your project")
        FILE = "file", _("a file of your project")
        DISPUTE = "dispute", _("a finding that you dispute")
        ROLE = "role", _("a role of your own")
        INTERVIEW = "interview", _("a mock interview with you")
        COHORT = "cohort", _("your progress, in the list of a cohort")
        EXPORT = "export", _("your progress, as a file from a cohort")
        ADMIN = "admin", _("a record of yours, in the administration")

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sightings_made",
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sightings")
    kind = models.CharField(max_length=9, choices=Kind)
    thing = models.CharField(max_length=64)  # tells things of one kind apart: "12"
    words = models.CharField(max_length=120, blank=True)  # its name then
    path = models.CharField(max_length=200)
    seen_at = models.DateTimeField(default=timezone.now)
    hour = models.DateTimeField()  # the full hour in which it was seen first

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-seen_at"], name="sighting_of_owner"),
            models.Index(fields=["seen_at"], name="sighting_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "owner", "kind", "thing", "hour"], name="sighting_once_an_hour"
            ),
        ]

    def __str__(self):
        return f"{self.viewer} saw {self.kind} {self.thing} of {self.owner}"
