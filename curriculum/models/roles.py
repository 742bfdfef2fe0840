"""Jobs to aim for, what they ask, and the ladder they stand on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from curriculum.models.content import Content, ContentQuerySet
from curriculum.models.declarations import Degree
from curriculum.models.enrollments import Enrollment
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


#: What the slug of a role of one's own begins with; no slug of the content files holds a "_".
OWN_SLUG = "own_"


class RoleQuerySet(ContentQuerySet):
    def of_content(self):
        """The roles of the content files, for everybody; retired ones too."""
        return self.filter(owner=None)

    def owned_by(self, user):
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def live(self):
        """What the files hold today, and so nobody's own roles."""
        return super().live().of_content()

    def listed_for(self, user):
        """What a person may choose from: the roles of today, and their own."""
        if not user.is_authenticated:
            return self.live()
        return self.filter(Q(owner=None, retired_at=None) | Q(owner=user))

    def visible_to(self, user):
        """What a person may open: the roles of the content files, their own, and the own roles that
        learners whom they mentor now aim for."""
        if not user.is_authenticated:
            return self.of_content()
        aimed_for = Enrollment.objects.filter(
            learner__in=User.objects.guided_by(user), target_role__owner=models.F("learner")
        )
        return self.filter(
            Q(owner=None) | Q(owner=user) | Q(pk__in=aimed_for.values("target_role"))
        )


class Role(Content):
    """A job to aim for, such as "ML engineer". Never a permission.

    A role without an owner comes from the content files. A role with one is that person's alone,
    made from a job advert: no list, count or load of the content knows of it.
    """

    class Source(models.TextChoices):
        GUIDE = "guide", "restates the career guide"
        AUTHORED = "authored", "written for this roadmap"
        ADVERT = "advert", "made from a job advert"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="own_roles"
    )
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
    degree = models.PositiveSmallIntegerField(choices=Degree, null=True, blank=True)
    education_note = models.CharField(max_length=300, blank=True)
    look_for = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=list)
    next_roles = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="previous_roles"
    )

    objects = RoleQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None) & ~Q(slug__startswith=OWN_SLUG)
                | Q(owner__isnull=False, slug__startswith=OWN_SLUG),
                name="role_of_ones_own_by_its_slug",
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(retired_at=None),
                name="role_of_ones_own_never_retires",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolio:role", args=[self.slug])

    @property
    def is_own(self) -> bool:
        """Whether it is somebody's own, and not everybody's."""
        return self.owner_id is not None


class Requirement(models.Model):
    """One clause of a role: any one of its skills, at its level, is enough."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="requirements")
    is_required = models.BooleanField()  # else preferred
    position = models.PositiveSmallIntegerField()
    quote = models.CharField(max_length=300, blank=True, default="", db_default="")  # of an advert
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
