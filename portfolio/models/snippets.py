"""What a mentor keeps for themselves: words to use again, and notes about a learner."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Snippet(models.Model):
    """Words that a mentor writes often."""

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="snippets")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "title"], name="snippet_one_per_title"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="snippet_has_words"),
        ]

    def __str__(self):
        return self.title


class PrivateNote(models.Model):
    """What a mentor wants to remember of a learner; nobody else reads it."""

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="private_notes"
    )
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(max_length=10_000, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "learner"], name="private_note_one_per_pair"),
            models.CheckConstraint(
                condition=~Q(mentor=F("learner")), name="private_note_not_about_oneself"
            ),
        ]

    def __str__(self):
        return f"note of {self.mentor} on {self.learner}"
