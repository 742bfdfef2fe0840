"""People who learn together for a while, what part each takes, and how they are asked to join."""

from datetime import UTC

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models.mentorships import MAX_ATTEMPTS


def today():
    """The day by UTC. A cohort ends for everybody at once, in whatever time zone they read."""
    return timezone.now().astimezone(UTC).date()


class Part(models.TextChoices):
    """What part somebody takes in a cohort. Never called a role: that is a job to aim for."""

    LEARNER = "learner", "learner"
    MENTOR = "mentor", "mentor"
    ORGANISER = "organiser", "organiser"


class CohortQuerySet(models.QuerySet):
    def live(self):
        """Not ended, and their last day is not over."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today()), ended_at=None)

    def run_by(self, user):
        """Live ones that this person runs: as an organiser, and all of them as staff."""
        if user.is_staff and user.is_active:
            return self.live()
        return self.live().filter(pk__in=user.memberships.in_force().organisers().values("cohort"))

    def with_counts(self):
        """Each with how many `learners` and `mentors` are in it."""
        here = Q(memberships__left_at=None, memberships__person__is_active=True)
        return self.annotate(
            learners=Count("memberships", filter=here & Q(memberships__part=Part.LEARNER)),
            mentors=Count("memberships", filter=here & Q(memberships__part=Part.MENTOR)),
        )


class Cohort(models.Model):
    """A group with a beginning and, perhaps, an end. Once it has ended it opens nothing any more."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    about = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # the last day, by UTC
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="cohort_has_a_name"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("portfolio:cohort", args=[self.slug])

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and (self.ends_on is None or self.ends_on >= today())


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(left_at=None)

    def in_force(self):
        """Active ones of people who may still sign in, in live cohorts: what opens pages."""
        return self.active().filter(
            Q(cohort__ends_on=None) | Q(cohort__ends_on__gte=today()),
            cohort__ended_at=None,
            person__is_active=True,
        )

    def learners(self):
        return self.filter(part=Part.LEARNER)

    def mentors(self):
        return self.filter(part=Part.MENTOR)

    def organisers(self):
        return self.filter(part=Part.ORGANISER)


class Membership(models.Model):
    """Somebody's part in a cohort, until they leave it or are taken out."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    part = models.CharField(max_length=9, choices=Part)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-joined_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=Q(left_at=None),
                name="membership_one_active_per_cohort",
            ),
            models.CheckConstraint(
                condition=Q(part__in=["learner", "mentor", "organiser"]),
                name="membership_takes_a_part",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.part} in {self.cohort}"

    @property
    def is_active(self) -> bool:
        return self.left_at is None


class CohortInvitationQuerySet(models.QuerySet):
    def open(self):
        """Not withdrawn, expired or used up, made by somebody still here, of a live cohort."""
        return self.filter(
            Q(cohort__ends_on=None) | Q(cohort__ends_on__gte=today()),
            cohort__ended_at=None,
            made_by__is_active=True,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
            uses__lt=F("max_uses"),
        )

    def by_link(self):
        return self.filter(email="")

    def by_email(self):
        return self.exclude(email="")


class CohortInvitation(models.Model):
    """A way into a cohort: a link for several people, or a letter to one address.

    Its secret is kept as that of an Invitation: rebuilt from the nonce and the site's key, and found
    by its hash. Uses are counted where the row is, so that the limit holds.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="invitations")
    part = models.CharField(max_length=9, choices=Part)
    email = models.EmailField(blank=True)  # "" for a link
    nonce = models.CharField(max_length=43, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="cohort_invitations_made"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    max_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    send_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CohortInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("max_uses")), name="cohort_invitation_within_its_uses"
            ),
            models.CheckConstraint(
                condition=Q(email="") | Q(max_uses=1), name="cohort_invitation_letter_is_for_one"
            ),
            models.CheckConstraint(
                condition=~Q(part="organiser") | ~Q(email=""),
                name="cohort_invitation_organiser_by_letter",
            ),
        ]

    def __str__(self):
        return f"{self.cohort}: {self.email or 'link'} as {self.part}"

    @property
    def is_open(self) -> bool:
        is_usable = self.withdrawn_at is None and self.expires_at > timezone.now()
        return (
            is_usable
            and self.uses < self.max_uses
            and self.made_by.is_active
            and self.cohort.is_live
        )

    @property
    def is_used_up(self) -> bool:
        return self.uses >= self.max_uses

    @property
    def was_given_up(self) -> bool:
        """Whether every attempt to send the letter failed."""
        return bool(self.email) and self.sent_at is None and self.attempts >= MAX_ATTEMPTS
