"""What learners say of themselves: skills, years and a degree. Shown as said, never as proof."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curriculum.models.skills import Skill, SkillLevel

MOST_MONTHS = 60 * 12


def years_of(months: int) -> Decimal:
    """Months as years, to a tenth and without a needless nought."""
    return (Decimal(months) / 12).quantize(Decimal("0.1")).normalize()


class Degree(models.IntegerChoices):
    """Degrees by their order; what is lower is contained in what is higher."""

    BACHELOR = 1, _("Bachelor’s degree")
    MASTER = 2, _("Master’s degree")
    DOCTORATE = 3, _("Doctorate")


class Declaration(models.Model):
    """A learner says that they have a skill to a level. Taking it back removes the row."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="declarations"
    )
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="declarations")
    level = models.PositiveSmallIntegerField(choices=SkillLevel)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["skill__category__position", "skill__position"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "skill"], name="declaration_once_per_skill"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="declaration_level_is_1_to_4"
            ),
        ]

    def __str__(self):
        return f"{self.skill}: {self.get_level_display()}"


class Experience(models.Model):
    """How long a learner says that they have worked in a field."""

    class Field(models.TextChoices):
        MACHINE_LEARNING = "machine-learning", _("Machine learning")
        DATA = "data", _("Data science, analysis or engineering")
        SOFTWARE = "software", _("Software engineering")
        OPERATIONS = "operations", _("IT or cloud operations")
        RESEARCH = "research", _("Research")
        OTHER = "other", _("Another field")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="experience")
    field = models.CharField(max_length=16, choices=Field)
    months = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)]
    )
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "field"], name="experience_once_per_field"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=MOST_MONTHS),
                name="experience_is_a_month_to_60_years",
            ),
        ]

    def __str__(self):
        return f"{self.get_field_display()}: {self.months} months"

    @property
    def years(self) -> Decimal:
        return years_of(self.months)

    @property
    def counts(self) -> bool:
        """Whether it counts where a role asks for years; work in another field does not."""
        return self.field != self.Field.OTHER


class Education(models.Model):
    """The highest degree that a learner says they hold."""

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="education"
    )
    degree = models.PositiveSmallIntegerField(choices=Degree)
    subject = models.CharField(max_length=120, blank=True)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "education"
        constraints = [
            models.CheckConstraint(
                condition=Q(degree__gte=1, degree__lte=3), name="education_degree_is_1_to_3"
            ),
        ]

    def __str__(self):
        return (
            f"{self.get_degree_display()}, {self.subject}"
            if self.subject
            else self.get_degree_display()
        )
