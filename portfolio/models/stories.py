"""What a learner tells in a behavioural interview."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StoryQuerySet(models.QuerySet):
    def owned_by(self, user):
        """A person's own stories. Nobody else is shown one, whatever it is linked to."""
        return self.filter(owner=user)


class Story(models.Model):
    """Situation, task, action, result and lesson, perhaps of one of the learner's own projects."""

    class Theme(models.TextChoices):
        FAILURE = "failure", _("A failure")
        CONFLICT = "conflict", _("A conflict or disagreement")
        AMBIGUITY = "ambiguity", _("A vague request")
        DEADLINE = "deadline", _("A deadline or a cut in scope")
        LEARNING = "learning", _("Something learnt quickly")
        FEEDBACK = "feedback", _("Hard feedback, given or received")
        EXPLAINING = "explaining", _("Explaining to somebody outside the field")
        DATA = "data", _("Bad data")
        CONCERN = "concern", _("A concern about what a model does")
        PRIDE = "pride", _("The work you are proudest of")

    PARTS = ("situation", "task", "action", "result", "lesson")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stories")
    project = models.ForeignKey(
        "Project", models.SET_NULL, null=True, blank=True, related_name="stories"
    )
    title = models.CharField(max_length=120)
    situation = models.TextField(max_length=3000, blank=True)
    task = models.TextField(max_length=3000, blank=True)
    action = models.TextField(max_length=3000, blank=True)
    result = models.TextField(max_length=3000, blank=True)
    lesson = models.TextField(max_length=3000, blank=True)
    themes = models.JSONField(default=list, blank=True)  # of Theme, in its order
    written_at = models.DateTimeField(default=timezone.now)  # as it is now

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name_plural = "stories"
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="story_has_a_title"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolio:story", args=[self.pk])

    @property
    def version(self) -> str:
        """Tells this text from earlier ones; a form sends back the version that it began with."""
        return self.written_at.isoformat()

    @property
    def missing(self) -> list[str]:
        """The parts that are not written yet."""
        return [str(_(part.capitalize())) for part in self.PARTS if not getattr(self, part).strip()]

    @property
    def theme_names(self) -> list[str]:
        return [str(theme.label) for theme in self.Theme if theme.value in self.themes]
