"""The person who signs in, and the face they show."""

from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.names import HANDLE_LENGTH, HANDLE_PATTERN, NAME_LENGTH, initials
from accounts.validators import validate_handle, validate_line, validate_name, validate_text


class UserManager(BaseUserManager["User"]):
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
        """Public profiles, one's own, and those of the people one mentors or is mentored by."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(is_public=True, user__is_active=True)
            | Q(user=user)
            | Q(user__in=user.mentorships_as_mentor.in_force().values("learner"))
            | Q(user__in=user.mentorships_as_learner.in_force().values("mentor"))
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
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handle__regex=HANDLE_PATTERN), name="profile_handle_is_well_formed"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="profile_has_a_name"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("portfolio:profile", args=[self.handle])

    @property
    def initials(self) -> str:
        return initials(self.name)
