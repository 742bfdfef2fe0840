"""What a learner built."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Mentorship


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own projects, those of the learners one mentors now, and all that are public.

        Public to a stranger is a public project of somebody whose portfolio is public.
        """
        public = Q(
            visibility=Project.Visibility.PUBLIC,
            owner__is_active=True,
            owner__profile__is_public=True,
        )
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(owner=user) | Q(owner__in=_learners_of(user)))

    def known_to(self, user):
        """One's own projects and those of the learners one mentors now: all of them, public or not."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(owner=user) | Q(owner__in=_learners_of(user)))

    def owned_by(self, user):
        return self.filter(owner=user)

    def mentored_by(self, user):
        return self.filter(owner__in=_learners_of(user))


def _learners_of(user):
    return Mentorship.objects.in_force().filter(mentor=user).values("learner")


class Project(models.Model):
    """A piece of work with a story, told under the guide's five headings."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("Only you and your mentors")
        PUBLIC = "public", _("Anyone who can see your portfolio")

    #: The case study's headings, in the order in which they are read.
    CASE_STUDY = ["problem", "data", "approaches", "evaluation", "results"]

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="projects")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    problem = models.TextField(max_length=10_000, blank=True)
    data = models.TextField(max_length=10_000, blank=True)
    approaches = models.TextField(_("approaches and why"), max_length=10_000, blank=True)
    evaluation = models.TextField(max_length=10_000, blank=True)
    results = models.TextField(max_length=10_000, blank=True)
    demo_url = models.URLField(_("demo link"), max_length=300, blank=True)
    brief = models.ForeignKey(
        "curriculum.Brief", models.SET_NULL, null=True, blank=True, related_name="projects"
    )
    visibility = models.CharField(max_length=7, choices=Visibility, default=Visibility.PRIVATE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "slug"], name="project_unique_slug_per_owner"),
            models.CheckConstraint(condition=~Q(title=""), name="project_has_a_title"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolio:public_project", args=[self.owner.profile.handle, self.slug])

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    @property
    def case_study(self) -> list[tuple[str, str]]:
        """Heading and text of each part that has a text."""
        return [
            (heading, getattr(self, name))
            for name, heading in self._headings()
            if getattr(self, name).strip()
        ]

    @property
    def missing_headings(self) -> list[str]:
        """Headings of the case study that have no text yet."""
        return [
            heading.lower() for name, heading in self._headings() if not getattr(self, name).strip()
        ]

    def _headings(self) -> list[tuple[str, str]]:
        fields = {field.name: field for field in self._meta.concrete_fields}
        return [(name, capfirst(fields[name].verbose_name)) for name in self.CASE_STUDY]
