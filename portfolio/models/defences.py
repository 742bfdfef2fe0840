"""Which of their own work a learner is asked to defend."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portfolio.models.projects import Project
from portfolio.models.resumes import Resume


class Defence(models.Model):
    """A learner wants to be asked about a project, or about the lines of a résumé. What is asked is made
    from the facts, see portfolio.defence_questions; the cards are curriculum's.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="defences")
    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="defences")
    resume = models.ForeignKey(Resume, models.CASCADE, null=True, related_name="defences")
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["begun_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project"], name="defence_once_per_project"),
            models.UniqueConstraint(fields=["resume"], name="defence_once_per_resume"),
            models.CheckConstraint(
                condition=Q(project=None) ^ Q(resume=None), name="defence_of_one_thing"
            ),
        ]

    def __str__(self):
        return f"{self.owner}: {self.project or self.resume}"
