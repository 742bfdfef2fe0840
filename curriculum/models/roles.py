"""Jobs to aim for, what they ask, and the ladder they stand on."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from curriculum.models.content import Content
from curriculum.models.skills import Skill, SkillLevel


class Rung(Content):
    """A step of the career ladder."""

    class Track(models.TextChoices):
        SHARED = "shared", "Shared path to senior"
        TECHNICAL = "technical", "Technical track"
        MANAGEMENT = "management", "Management track"

    title = models.CharField(max_length=120)
    track = models.CharField(max_length=10, choices=Track)
    position = models.PositiveSmallIntegerField()  # in the file's order, from 1
    summary = models.CharField(max_length=200)
    scope = models.CharField(max_length=200)
    autonomy = models.CharField(max_length=200)
    influence = models.CharField(max_length=200)
    complexity = models.CharField(max_length=200)
    typical_years = models.CharField(max_length=10)
    readiness_signs = models.JSONField(default=list)
    expectations = models.JSONField(default=list)  # [{"skill": slug, "level": "working"}]
    growth_advice = models.CharField(max_length=300)
    next_rungs = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="previous_rungs"
    )

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.title


class Role(Content):
    """A job to aim for, such as "ML engineer". Never a permission."""

    class Source(models.TextChoices):
        GUIDE = "guide", "restates the career guide"
        AUTHORED = "authored", "written for this roadmap"

    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    family = models.CharField(max_length=30)
    seniority = models.CharField(max_length=10)
    rung = models.ForeignKey(Rung, models.SET_NULL, null=True, blank=True, related_name="roles")
    source = models.CharField(max_length=8, choices=Source)
    source_note = models.CharField(max_length=400)
    summary = models.CharField(max_length=300)
    responsibilities = models.JSONField(default=list)
    required_qualifications = models.JSONField(default=list)
    preferred_qualifications = models.JSONField(default=list)
    min_years = models.PositiveSmallIntegerField(default=0)
    max_years = models.PositiveSmallIntegerField(null=True, blank=True)
    experience_note = models.CharField(max_length=300, blank=True)
    education_note = models.CharField(max_length=300, blank=True)
    look_for = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=list)
    next_roles = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="previous_roles"
    )

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("curriculum:role", args=[self.slug])


class Requirement(models.Model):
    """One clause of a role: any one of its skills, at its level, is enough."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="requirements")
    is_required = models.BooleanField()  # else preferred
    position = models.PositiveSmallIntegerField()
    skills = models.ManyToManyField(Skill, through="RequirementSkill", related_name="requirements")

    class Meta:
        ordering = ["-is_required", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "is_required", "position"], name="requirement_unique_position"
            ),
        ]

    def __str__(self):
        return f"{self.role}: clause {self.position}"


class RequirementSkill(models.Model):
    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="alternatives")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="asked_in")
    level = models.PositiveSmallIntegerField(choices=SkillLevel)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "skill"], name="requirement_names_skill_once"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="requirement_level_is_1_to_4"
            ),
        ]

    def __str__(self):
        return f"{self.skill}: {self.get_level_display()}"
