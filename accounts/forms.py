"""Words that a person types about themselves, and an invitation to another."""

import zoneinfo
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import profiles
from accounts.models import Invitation, Profile, User
from accounts.names import NAME_LENGTH
from accounts.validators import validate_name, validate_text

#: Regions of the zone database that hold places; the rest of it are aliases and offsets.
REGIONS = [
    "Africa", "America", "Antarctica", "Arctic", "Asia",
    "Atlantic", "Australia", "Europe", "Indian", "Pacific",
]  # fmt: skip


class SignupForm(forms.Form):
    """What we ask at sign-up beside e-mail and password; allauth calls signup() afterwards."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        validators=[validate_name],
        help_text=_("As your mentor should read it. Your page is private until you say otherwise."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Give the new person a profile with the name they typed."""
        profiles.create(user, name=self.cleaned_data["name"])


class HandleField(forms.CharField):
    """A handle, in small letters however it was typed and without the @ people put before it."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").removeprefix("@").lower()


class ProfileForm(forms.ModelForm):
    """One's own profile: who one is to others, and who the others are."""

    handle = HandleField(
        label=_("Handle"),
        max_length=Profile._meta.get_field("handle").max_length,
        help_text=_(
            "Your name in addresses. When you change it, the address of your page changes too, "
            "and links to the old one stop working."
        ),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "username", "spellcheck": "false"}
        ),
    )

    class Meta:
        model = Profile
        fields = ["name", "handle", "headline", "about", "time_zone", "is_public"]
        labels = {
            "name": _("Name"),
            "headline": _("Headline"),
            "about": _("About you"),
            "time_zone": _("Time zone"),
            "is_public": _("My portfolio page is public"),
        }
        help_texts = {
            "name": _("As your mentor or an employer should read it."),
            "headline": _("One line below your name, such as “Junior ML engineer in Leeds”."),
            "about": _(
                "What you build and what you look for. Markdown works: *emphasis*, lists, links."
            ),
            "time_zone": _("For the times and dates you see."),
            "is_public": _(
                "Then anybody, search engines too, can read your name, handle, headline and what "
                "stands under “About you”, and those of your projects that you make public, with "
                "what we found in them. Your e-mail address, notes and plans stay private. Without "
                "it, only your mentors and the people you mentor see your page."
            ),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "about": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            help_text=self.fields["time_zone"].help_text,
            choices=time_zones(self.instance.time_zone),
        )


class InvitationForm(forms.Form):
    """Whom to invite, to what, and a few words for the letter."""

    seeks = forms.ChoiceField(
        label=_("What do you look for?"),
        choices=[
            (Invitation.Seeks.MENTOR, _("A mentor: they will guide me")),
            (Invitation.Seeks.LEARNER, _("A learner: I will mentor them")),
        ],
        initial=Invitation.Seeks.MENTOR,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        help_text=_("They need no account yet. The letter is sent in your name."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("A few words"),
        max_length=500,
        required=False,
        validators=[validate_text],
        help_text=_("Who you are and why you ask; up to 500 characters, sent as you write them."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def time_zones(current: str = "") -> list[Any]:
    """The choices of a time zone select: UTC, then places by region; a current one always stays."""
    places = sorted(z for z in zoneinfo.available_timezones() if z.partition("/")[0] in REGIONS)
    choices: list[Any] = [("UTC", "UTC")]
    if current and current != "UTC" and current not in places:
        choices.append((current, current))
    for region in REGIONS:
        inside = [z for z in places if z.startswith(f"{region}/")]
        named = [(zone, zone.partition("/")[2].replace("_", " ")) for zone in inside]
        if named:
            choices.append((region, named))
    return choices
