"""What a learner writes down beside a unit, for themselves alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class Note(models.Model):
    """A learner's own words on a unit, in Markdown: one text, which nobody else is shown."""

    MOST_LETTERS = 20_000

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes")
    unit = models.ForeignKey("Unit", models.PROTECT, related_name="notes")
    text = models.TextField(max_length=MOST_LETTERS)
    written_at = models.DateTimeField(default=timezone.now)  # the text as it is now

    class Meta:
        ordering = [
            "unit__module__stage__roadmap__position", "unit__module__number", "unit__position",
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["learner", "unit"], name="note_one_per_unit"),
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
        ]

    def __str__(self):
        return f"{self.learner} on {self.unit}"

    def get_absolute_url(self):
        return f"{reverse('curriculum:unit', args=[self.unit.slug])}#note"

    @property
    def version(self) -> str:
        """Tells this text from earlier ones; a form sends back the version that it began with."""
        return self.written_at.isoformat()
