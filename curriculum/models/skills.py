"""What can be learnt, and how well."""

from django.db import models
from django.urls import reverse

from curriculum.models.content import Content


class SkillLevel(models.IntegerChoices):
    """How well; each skill describes its own four levels by one observable behaviour each."""

    AWARE = 1, "Aware"
    WORKING = 2, "Working"
    PRACTITIONER = 3, "Practitioner"
    EXPERT = 4, "Expert"


class SkillCategory(Content):
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "skill categories"

    def __str__(self):
        return self.title


class Skill(Content):
    category = models.ForeignKey(SkillCategory, models.PROTECT, related_name="skills")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=300)
    behaviours = models.JSONField(default=dict)  # {"aware": "Reads a short script…", …}
    aliases = models.JSONField(  # what job adverts call it; see curriculum.adverts
        default=list, db_default=models.Value([], models.JSONField())
    )

    class Meta:
        ordering = ["category__position", "position"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("curriculum:skill", args=[self.slug])

    @property
    def levels(self) -> list[tuple[SkillLevel, str]]:
        """The four levels with this skill's behaviour for each, lowest first."""
        return [(level, self.behaviours.get(level.name.lower(), "")) for level in SkillLevel]
