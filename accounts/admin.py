"""People, profiles, mentorships and invitations in the administration."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import profiles
from accounts.models import Invitation, Mentorship, Profile, User


class PersonCreationForm(AdminUserCreationForm):
    """A new person by e-mail address; they prove it by a code when they first sign in."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("email",)
        field_classes: dict[str, Any] = {}


class PersonChangeForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        field_classes: dict[str, Any] = {}


class ProfileInline(admin.StackedInline):
    model = Profile
    can_delete = False
    extra = 0
    max_num = 1


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Signs in by e-mail; there are no user names, first names or last names."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    inlines = [ProfileInline]
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    list_select_related = ["profile"]
    search_fields = ["email", "profile__name", "profile__handle"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (
            _("Permissions"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]

    @admin.display(description=_("name"), ordering="profile__name")
    def name(self, user: User) -> str:
        return user.get_full_name()

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The page that adds a person asks for no profile: one is made, and edited next."""
        return super().get_inline_instances(request, obj) if obj else []

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        profiles.of(obj)


@admin.register(Mentorship)
class MentorshipAdmin(admin.ModelAdmin):
    autocomplete_fields = ["mentor", "learner", "ended_by"]
    list_display = ["mentor", "learner", "started_at", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["mentor", "learner"]
    search_fields = ["mentor__email", "mentor__profile__name", "learner__email"]
    date_hierarchy = "started_at"


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """To read and to remove. Neither the nonce nor the hash of the link is shown."""

    list_display = ["inviter", "seeks", "email", "invited_at", "sent_at", "answer", "expires_at"]
    list_filter = ["answer", "seeks", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["inviter"]
    search_fields = ["inviter__email", "inviter__profile__name", "email"]
    date_hierarchy = "invited_at"
    fields = [
        "inviter", "seeks", "email", "message", "invited_at", "attempts", "sent_at",
        "expires_at", "answer", "answered_at", "mentorship",
    ]  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An invitation is made by the person in whose name it is sent."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
