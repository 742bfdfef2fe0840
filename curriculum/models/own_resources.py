"""Links that a learner puts beside the curriculum's own."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class OwnResource(models.Model):
    """Something to read, watch or use that a learner found for a unit. Nobody else is shown it."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="own_resources"
    )
    unit = models.ForeignKey("Unit", models.PROTECT, related_name="own_resources")
    title = models.CharField(max_length=160)
    url = models.URLField(max_length=500)
    why = models.CharField(max_length=200, blank=True)  # it is worth the time
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "unit", "url"], name="own_resource_once_per_unit"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="own_resource_has_a_title"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://"), name="own_resource_is_https"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('curriculum:unit', args=[self.unit.slug])}#own-resources"

    @property
    def host(self) -> str:
        """Where the link leads, so that one sees it before one follows it."""
        return urlsplit(self.url).netloc
