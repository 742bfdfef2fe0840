"""People, profiles, mentorships and invitations in the administration."""

from datetime import timedelta
from operator import attrgetter
from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.socialaccount.admin import SocialAccountAdmin
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions import admin as _sessions_admin  # noqa: F401 - registers its page
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import deletions, letters, profiles, tasks
from accounts.models import (
    Cohort,
    CohortInvitation,
    Invitation,
    Letter,
    Membership,
    Mentorship,
    Profile,
    Sighting,
    User,
)
from accounts.sightings import Thing
from accounts.views.sightings import looked


class Watched:
    """An administration whose pages show what is somebody's: each look is written down for them."""

    #: Ways from a row to the people whom it is about, such as "project.owner"; "" is the row itself.
    of_whom: list[str] = []

    def people_of(self, obj):
        """The people whom a row is about; None for one who has left."""
        return [attrgetter(way)(obj) if way else obj for way in self.of_whom]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            thing = Thing(
                Sighting.Kind.ADMIN, f"{obj._meta.label_lower} {obj.pk}", obj._meta.verbose_name
            )
            looked(request, thing, *(person.pk for person in self.people_of(obj) if person))
        return super().render_change_form(request, context, add, change, form_url, obj)


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
class PersonAdmin(Watched, UserAdmin):
    """Signs in by e-mail; there are no user names, first names or last names."""

    of_whom = [""]

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

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """An account goes as its owner's wish would have it go, but without the two weeks."""
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """The same for several. Each is switched off now and deleted by a task."""
        for person in queryset:
            try:
                tasks.send_deletion(deletions.ask(person, grace=timedelta(0)))
            except deletions.LastOfStaff:
                words = _("%(person)s is the last who can run this place, and stays.")
                self.message_user(request, words % {"person": person}, messages.ERROR)


@admin.register(Mentorship)
class MentorshipAdmin(Watched, admin.ModelAdmin):
    of_whom = ["mentor", "learner"]
    autocomplete_fields = ["mentor", "learner", "ended_by"]
    list_display = ["mentor", "learner", "started_at", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["mentor", "learner"]
    search_fields = ["mentor__email", "mentor__profile__name", "learner__email"]
    date_hierarchy = "started_at"


@admin.register(Invitation)
class InvitationAdmin(Watched, admin.ModelAdmin):
    """To read and to remove. Neither the nonce nor the hash of the link is shown."""

    of_whom = ["inviter"]

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


class MembershipInline(admin.TabularInline):
    """Nobody is put into a cohort from here: they join by themselves."""

    model = Membership
    extra = 0
    can_delete = False
    fields = ["person", "part", "joined_at", "left_at"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Cohort)
class CohortAdmin(Watched, admin.ModelAdmin):
    """To read; the pages of the site make, change and end a cohort."""

    list_display = ["name", "slug", "starts_on", "ends_on", "ended_at"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "about", "starts_on", "ends_on", "ended_at", "ended_by"]
    readonly_fields = fields
    inlines = [MembershipInline]

    def people_of(self, obj: Cohort) -> list[User]:
        return list(User.objects.filter(memberships__cohort=obj).distinct())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CohortInvitation)
class CohortInvitationAdmin(Watched, admin.ModelAdmin):
    """To read and to remove. Neither the nonce nor the hash of the link is shown."""

    of_whom = ["made_by"]
    list_display = ["cohort", "part", "email", "made_by", "made_at", "expires_at", "uses"]
    list_filter = ["part"]
    list_select_related = ["cohort", "made_by"]
    search_fields = ["cohort__name", "email"]
    fields = [
        "cohort", "part", "email", "made_by", "made_at", "expires_at", "max_uses", "uses",
        "withdrawn_at", "attempts", "sent_at",
    ]  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WhetherGivenUp(admin.SimpleListFilter):
    """Letters that wait, were sent, or were given up: the last are what staff look for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("given-up", _("Given up")), ("waiting", _("Waiting")), ("sent", _("Sent"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "given-up":
            return queryset.given_up()
        if self.value() == "waiting":
            return queryset.waiting()
        return queryset.exclude(sent_at=None) if self.value() == "sent" else queryset


@admin.register(Letter)
class LetterAdmin(Watched, admin.ModelAdmin):
    """The outbox, to look after: to whom, what sort, and what went wrong; never what a letter says."""

    of_whom = ["recipient"]

    list_display = [
        "pk", "about", "to", "created_at", "attempts", "due_at", "sent_at", "given_up_at", "trouble",
    ]  # fmt: skip
    list_filter = [WhetherGivenUp]
    list_select_related = ["recipient"]
    search_fields = ["recipient__email", "recipient__profile__name", "address"]
    date_hierarchy = "created_at"
    actions = ["try_again"]
    fields = [
        "about", "to", "created_at", "attempts", "due_at", "useless_at", "sent_at", "given_up_at",
        "trouble",
    ]  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("to"))
    def to(self, letter: Letter) -> str:
        return letter.address or str(letter.recipient)

    @admin.action(description=_("Try to send again"), permissions=["try_again"])
    def try_again(self, request: HttpRequest, queryset: Any) -> None:
        """Put those that were given up back into the outbox; those whose words were erased stay."""
        put_back = sum(letters.try_again(letter) for letter in queryset)
        words = _("%(n)d letters will be tried again.") % {"n": put_back}
        self.message_user(request, words, messages.SUCCESS if put_back else messages.WARNING)

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_letter")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A letter is written with the fact it tells."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# What allauth registers by itself: keys of sessions, seeds of second steps and tokens are for nobody's eyes.

for _model in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(_model)


@admin.register(EmailAddress)
class AddressAdmin(Watched, EmailAddressAdmin):
    of_whom = ["user"]


@admin.register(SocialAccount)
class AccountElsewhereAdmin(Watched, SocialAccountAdmin):
    of_whom = ["user"]
    exclude = ["extra_data"]


@admin.register(Authenticator)
class SecondStepAdmin(Watched, AuthenticatorAdmin):
    """To be removed for somebody who lost their phone, once staff know that it is they who ask."""

    of_whom = ["user"]
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    fields = list_display
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
