"""The roadmap: stages hold modules, modules hold units."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from curriculum.models.content import Content, ContentQuerySet
from curriculum.models.skills import Skill, SkillLevel


class Roadmap(Content):
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.title


class Stage(Content):
    roadmap = models.ForeignKey(Roadmap, models.PROTECT, related_name="stages")
    title = models.CharField(max_length=120)
    short_title = models.CharField(max_length=20, blank=True)  # where there is little room
    position = models.PositiveSmallIntegerField()
    summary = models.CharField(max_length=300)
    goal = models.CharField(max_length=300)
    exit_evidence = models.JSONField(default=list)  # sentences
    is_elective = models.BooleanField(default=False)
    choose = models.CharField(max_length=200, blank=True)  # how to choose among electives

    class Meta:
        ordering = ["roadmap__position", "position"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('curriculum:roadmap')}#{self.slug}"


class ModuleQuerySet(ContentQuerySet):
    def of(self, roadmap):
        return self.filter(stage__roadmap=roadmap)


class Module(Content):
    class Kind(models.TextChoices):
        CORE = "core"
        ELECTIVE = "elective"

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="modules")
    title = models.CharField(max_length=120)
    number = models.PositiveSmallIntegerField()  # along the whole roadmap, from 1
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CORE)
    summary = models.CharField(max_length=400)
    outcomes = models.JSONField(default=list)  # sentences that start with a verb
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="followed_by"
    )
    skills = models.ManyToManyField(Skill, through="ModuleSkill", related_name="modules")

    objects = ModuleQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["stage__roadmap__position", "number"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("curriculum:module", args=[self.slug])

    @property
    def has_left(self) -> bool:
        """It left the curriculum, by itself or with its stage."""
        return self.is_retired or self.stage.is_retired


class ModuleSkill(models.Model):
    """A module teaches a skill to a level: its checkpoint or project asks for that behaviour."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="taught")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="taught_in")
    level = models.PositiveSmallIntegerField(choices=SkillLevel)

    class Meta:
        ordering = ["-level", "skill__name"]
        constraints = [
            models.UniqueConstraint(fields=["module", "skill"], name="module_teaches_skill_once"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="module_skill_level_is_1_to_4"
            ),
        ]

    def __str__(self):
        return f"{self.skill}: {self.get_level_display()}"


class Resource(Content):
    """Something of somebody else's to read, watch or use."""

    title = models.CharField(max_length=160)
    url = models.URLField(max_length=300)
    kind = models.CharField(max_length=20)  # docs, book, course, paper…
    publisher = models.CharField(max_length=80)

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title


class UnitQuerySet(ContentQuerySet):
    def of(self, roadmap):
        return self.filter(module__stage__roadmap=roadmap)

    def live(self):
        """Units that count: neither they nor their module nor its stage is retired."""
        return self.filter(retired_at=None, module__retired_at=None, module__stage__retired_at=None)

    def completed_in(self, enrollment):
        return self.filter(completions__enrollment=enrollment, completions__reopened_at=None)

    def kept_by(self, user):
        """Units that a person completed, or keeps something of their own on: they stay open to them."""
        if not user.is_authenticated:
            return self.none()
        completed = Q(completions__enrollment__learner=user, completions__reopened_at=None)
        return self.filter(
            Q(pk__in=Unit.objects.filter(completed))
            | Q(pk__in=user.notes.values("unit"))
            | Q(pk__in=user.own_resources.values("unit"))
            | Q(pk__in=user.study_sessions.values("unit"))
        )


class Unit(Content):
    """The smallest thing a learner completes."""

    class Kind(models.TextChoices):
        LESSON = "lesson"
        PRACTICE = "practice"
        CHECKPOINT = "checkpoint"
        PROJECT = "project"

    module = models.ForeignKey(Module, models.PROTECT, related_name="units")
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()  # in its module, from 1
    kind = models.CharField(max_length=10, choices=Kind)
    minutes = models.PositiveSmallIntegerField()  # of study, as estimated by the author
    summary = models.CharField(max_length=400)
    # What one can do afterwards, and test oneself against.
    outcome = models.CharField(max_length=300, blank=True, db_default="")
    questions = models.JSONField(default=list)  # to test oneself: [{"prompt": …, "answer": …}]
    resources = models.ManyToManyField(Resource, through="UnitResource", related_name="units")

    is_done: bool  # only on units that curriculum.progress found for a learner;
    has_skip: bool  # likewise

    objects = UnitQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["module__stage__roadmap__position", "module__number", "position"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="unit_takes_time"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("curriculum:unit", args=[self.slug])

    @property
    def is_skipped(self) -> bool:
        """The learner left it out. What is done is done, whatever was said before."""
        return self.has_skip and not self.is_done

    @property
    def is_open(self) -> bool:
        """Neither done nor skipped."""
        return not self.is_done and not self.has_skip

    @property
    def has_left(self) -> bool:
        """It left the curriculum, by itself or with its module or stage."""
        return self.is_retired or self.module.has_left


class UnitResource(models.Model):
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="reading")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="read_in")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=120, blank=True, db_default="")  # all of it, if blank

    dead_link: models.Model | None  # only on what curriculum.resource_links found for a page

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "resource"], name="unit_lists_resource_once"),
        ]

    def __str__(self):
        return f"{self.unit}: {self.resource}"


class Brief(models.Model):
    """What a unit suggests building. A Project is what a learner then builds."""

    class Kind(models.TextChoices):
        PORTFOLIO = "portfolio"
        PRACTICE = "practice"
        OPEN_SOURCE = "open-source"

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="brief")
    kind = models.CharField(max_length=11, choices=Kind)
    problem = models.CharField(max_length=400)
    data = models.CharField(max_length=400)
    approaches = models.JSONField(default=list)
    evaluation = models.CharField(max_length=400)
    deliverables = models.JSONField(default=list)
    acceptance = models.JSONField(
        default=list
    )  # [{"criterion": slug of project-review, "text": …}]
    stretch = models.JSONField(default=list)

    def __str__(self):
        return f"Brief of {self.unit}"
