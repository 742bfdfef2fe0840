"""The person who signs in, and the face they show."""

import zoneinfo
from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.share_links import ShareLink
from accounts.names import HANDLE_LENGTH, HANDLE_PATTERN, NAME_LENGTH, initials
from accounts.validators import validate_handle, validate_line, validate_name, validate_text

#: The hour of their own clock at which people get their daily letter unless they choose another.
DIGEST_HOUR = 7


class PersonQuerySet(models.QuerySet):
    def guided_by(self, mentor):
        """Whom this person mentors now: by a mentorship, or as a mentor of the cohort they learn in.

        Nobody of whom one of the two blocked the other.
        """
        return self._guided(
            mentor,
            mentor.mentorships_as_mentor.in_force().values("learner"),
            _beside(mentor.memberships.in_force().mentors(), part="learner"),
        )

    def guiding(self, learner):
        """Who mentors this person now, in either way; nobody whom a block keeps apart from them."""
        return self._guided(
            learner,
            learner.mentorships_as_learner.in_force().values("mentor"),
            _beside(learner.memberships.in_force().learners(), part="mentor"),
        )

    def learning_beside(self, learner):
        """Who learns now in a live cohort in which this person learns; nobody whom a block keeps apart."""
        beside = _beside(learner.memberships.in_force().learners(), part="learner")
        return self._without_blocks(self.filter(pk__in=beside), learner).exclude(pk=learner.pk)

    def _guided(self, person, by_mentorship, by_cohort):
        found = self.filter(pk__in=by_mentorship.order_by().union(by_cohort))
        return self._without_blocks(found, person)

    def _without_blocks(self, found, person):
        found = found.filter(is_active=True)
        return found.exclude(blocks_made__blocked=person).exclude(blocks_suffered__blocker=person)


def _beside(memberships, *, part):
    """The keys of those who take this part now in the cohorts of these memberships."""
    return User.objects.filter(
        memberships__part=part,
        memberships__left_at=None,
        memberships__cohort__in=memberships.order_by().values("cohort"),
    ).values("pk")


class UserManager(BaseUserManager["User"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Makes people from an e-mail address; there are no user names."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True} | fields
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """The person who signs in. What others see of them is their Profile."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_unique_email_in_any_case"),
        ]

    def __str__(self):
        return self.email

    def get_full_name(self):
        return self.profile.name if hasattr(self, "profile") else self.email

    def get_short_name(self):
        return self.get_full_name()


class ProfileQuerySet(models.QuerySet):
    def public(self):
        return self.filter(is_public=True, user__is_active=True)

    def visible_to(self, user):
        """Public profiles, one's own, and those of the people one mentors or is mentored by.

        And of those whose secret link this browser has opened, for as long as it is in force.
        """
        public = Q(is_public=True, user__is_active=True)
        if getattr(user, "opened_links", None):
            links = ShareLink.objects.opened_by(user)
            public |= Q(user__in=links.order_by().values("owner"))
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(
            public
            | Q(user=user)
            | Q(user__in=User.objects.guided_by(user))
            | Q(user__in=User.objects.guiding(user))
        )


class Profile(models.Model):
    """The public face: name, handle and a few words."""

    user = models.OneToOneField(User, models.CASCADE, related_name="profile")
    handle = models.CharField(
        max_length=HANDLE_LENGTH,
        unique=True,
        validators=[validate_handle],
        error_messages={"unique": _("Somebody else has this handle.")},
    )
    name = models.CharField(max_length=NAME_LENGTH, validators=[validate_name])
    headline = models.CharField(max_length=120, blank=True, validators=[validate_line])
    about = models.TextField(max_length=2000, blank=True, validators=[validate_text])
    time_zone = models.CharField(max_length=64, default="UTC")
    is_public = models.BooleanField(default=False)
    is_indexed = models.BooleanField(default=False, db_default=False)  # search engines may list it
    shows_skills = models.BooleanField(default=True, db_default=False)  # to whoever sees the page
    digest_hour = models.PositiveSmallIntegerField(  # of their own clock; None: no daily letter
        null=True, blank=True, default=DIGEST_HOUR, db_default=DIGEST_HOUR
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handle__regex=HANDLE_PATTERN), name="profile_handle_is_well_formed"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="profile_has_a_name"),
            models.CheckConstraint(
                condition=Q(digest_hour=None) | Q(digest_hour__lte=23),
                name="profile_digest_hour_is_on_the_clock",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("portfolio:profile", args=[self.handle])

    @property
    def may_be_indexed(self) -> bool:
        """Whether search engines may list the page: it is public, and its owner asked for it."""
        return self.is_public and self.is_indexed

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Their time zone; UTC where its name is not known here."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return zoneinfo.ZoneInfo("UTC")

    @property
    def initials(self) -> str:
        return initials(self.name)
