"""Which skills a project is said to show, and who confirmed it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from curriculum.models import SkillLevel
from portfolio.models.projects import Project
from portfolio.models.reviews import Review


class Claim(models.Model):
    """The owner says that a project shows a skill at a level."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="claims")
    skill = models.ForeignKey("curriculum.Skill", models.PROTECT, related_name="claims")
    level = models.PositiveSmallIntegerField(choices=SkillLevel)
    note = models.CharField(max_length=300, blank=True)  # where to look
    claimed_at = models.DateTimeField(default=timezone.now, db_default=Now())  # at this level

    class Meta:
        ordering = ["skill__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "skill"], name="claim_once_per_skill"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="claim_level_is_1_to_4"
            ),
        ]

    def __str__(self):
        return f"{self.project}: {self.skill}"


class Endorsement(models.Model):
    """A mentor confirms, as part of a verdict, a skill at a level and at the commit of the review."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="endorsements")
    skill = models.ForeignKey("curriculum.Skill", models.PROTECT, related_name="endorsements")
    level = models.PositiveSmallIntegerField(choices=SkillLevel)

    class Meta:
        ordering = ["skill__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "skill"], name="endorsement_once_per_skill"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="endorsement_level_is_1_to_4"
            ),
        ]

    def __str__(self):
        return f"{self.skill}: {self.get_level_display()}"
