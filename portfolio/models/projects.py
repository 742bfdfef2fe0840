"""What a learner built."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, ShareLink, User


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own projects, those of the learners one mentors now, and all that are public.

        Public to a stranger is a public project of somebody whose portfolio is public. A browser that
        has opened a secret link sees its owner's public projects and those that are open by link.
        """
        public = Q(
            visibility=Project.Visibility.PUBLIC,
            owner__is_active=True,
            owner__profile__is_public=True,
        )
        if getattr(user, "opened_links", None):
            owners = ShareLink.objects.opened_by(user).order_by().values("owner")
            public |= Q(owner__in=owners) & ~Q(visibility=Project.Visibility.PRIVATE)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(owner=user) | Q(owner__in=User.objects.guided_by(user)))

    def known_to(self, user):
        """One's own projects and those of the learners one mentors now: all of them, public or not."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(owner=user) | Q(owner__in=User.objects.guided_by(user)))

    def owned_by(self, user):
        return self.filter(owner=user)

    def mentored_by(self, user):
        """Of the learners whom this person mentors now, by a mentorship or in a cohort."""
        return self.filter(owner__in=User.objects.guided_by(user))

    def in_pool_of(self, mentor):
        """Of the learners in the cohorts whose mentor this person is now.

        Any mentor of a cohort may look at these; a learner's own mentor, if there is one, comes first.
        """
        cohorts = mentor.memberships.in_force().mentors().order_by().values("cohort")
        learners = Membership.objects.in_force().learners().filter(cohort__in=cohorts)
        return self.mentored_by(mentor).filter(owner__in=learners.order_by().values("person"))

    def reviewable_by(self, user):
        """Projects whose reviews this person may take, read and write: never one's own.

        Those of one's own learners and of the learners in one's cohorts. Of nobody who blocked this
        person: User.objects.guided_by knows.
        """
        return self.mentored_by(user).exclude(owner=user)


class Project(models.Model):
    """A piece of work with a story, told under the guide's five headings."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("Only you and your mentors")
        LINK = "link", _("Also whoever has a secret link of yours")
        PUBLIC = "public", _("Anyone who can see your portfolio")

    class ProblemKind(models.TextChoices):
        """What is asked of the data, as the roadmap divides it."""

        CLASSIFICATION = "classification", _("Classification")
        REGRESSION = "regression", _("Regression")
        FORECASTING = "forecasting", _("Forecasting")
        RANKING = "ranking", _("Search, ranking and recommendation")
        GROUPING = "grouping", _("Clusters and anomalies")
        VISION = "vision", _("Computer vision")
        LANGUAGE = "language", _("Language")
        GENERATION = "generation", _("Generative models and assistants")
        DECISIONS = "decisions", _("Decisions and reinforcement learning")
        ANALYSIS = "analysis", _("Analysis and experiments")
        SYSTEM = "system", _("Data and ML systems")

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
    problem_kind = models.CharField(
        _("kind of problem"),
        max_length=14,
        choices=ProblemKind,
        blank=True,
        default="",
        db_default="",
    )
    demo_url = models.URLField(_("demo link"), max_length=300, blank=True)
    brief = models.ForeignKey(
        "curriculum.Brief", models.SET_NULL, null=True, blank=True, related_name="projects"
    )
    visibility = models.CharField(max_length=7, choices=Visibility, default=Visibility.PRIVATE)
    place = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # on the owner's page, by choice
    published_at = models.DateTimeField(null=True, blank=True, editable=False)  # last made public
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "slug"], name="project_unique_slug_per_owner"),
            models.CheckConstraint(condition=~Q(title=""), name="project_has_a_title"),
            models.UniqueConstraint(fields=["owner", "place"], name="project_one_at_a_place"),
            models.CheckConstraint(
                condition=Q(place=None) | Q(place__gte=1, place__lte=3),
                name="project_place_is_one_of_three",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolio:public_project", args=[self.owner.profile.handle, self.slug])

    @property
    def telling_review(self):
        """What says where its review stands: a request that is under way, else the newest answer.

        Of first opinions; None for none. Wants `reviews` prefetched.
        """
        firsts = [review for review in self.reviews.all() if not review.second_of_id]
        answers = [review for review in firsts if review.submitted_at]
        under_way = [review for review in firsts if review.is_under_way]
        if under_way:
            return under_way[0]
        return max(answers, key=lambda review: (review.submitted_at, review.pk), default=None)

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    @property
    def is_by_link(self) -> bool:
        """Whether a secret link of its owner opens it, and nothing else does to strangers."""
        return self.visibility == self.Visibility.LINK

    @property
    def is_open_to_all(self) -> bool:
        """Whether a stranger may read it: public, of somebody whose portfolio is public."""
        return self.is_public and self.owner.is_active and self.owner.profile.is_public

    @property
    def case_study(self) -> list[tuple[str, str]]:
        """Heading and text of each part that has a text."""
        return [
            (heading, getattr(self, name))
            for name, heading in self.headings
            if getattr(self, name).strip()
        ]

    @property
    def missing_headings(self) -> list[str]:
        """Headings of the case study that have no text yet."""
        return [
            heading.lower() for name, heading in self.headings if not getattr(self, name).strip()
        ]

    @property
    def headings(self) -> list[tuple[str, str]]:
        """The name and the words of each heading of the case study."""
        fields = {field.name: field for field in self._meta.concrete_fields}
        return [(name, capfirst(fields[name].verbose_name)) for name in self.CASE_STUDY]
