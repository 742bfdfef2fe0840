"""Words that a person types about themselves, and an invitation to another."""

import re
import zoneinfo
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import archives, kinds, notices, profiles
from accounts.fields import LineField
from accounts.kinds import Group, Timing
from accounts.models import Cohort, Invitation, Part, Profile, User
from accounts.models.cohorts import today
from accounts.names import NAME_LENGTH
from accounts.validators import validate_line, validate_name, validate_text

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
        fields = [
            "name", "handle", "headline", "about", "time_zone", "is_public", "is_indexed",
            "shows_skills",
        ]  # fmt: skip
        labels = {
            "name": _("Name"),
            "headline": _("Headline"),
            "about": _("About you"),
            "time_zone": _("Time zone"),
            "is_public": _("My portfolio page is public"),
            "is_indexed": _("Search engines may list it"),
            "shows_skills": _("It shows my skills and the role I aim for"),
        }
        help_texts = {
            "name": _("As your mentor or an employer should read it."),
            "headline": _("One line below your name, such as “Junior ML engineer in Leeds”."),
            "about": _(
                "What you build and what you look for. Markdown works: *emphasis*, lists, links."
            ),
            "time_zone": _("For the times and dates you see."),
            "is_public": _(
                "Then anybody can read your name, handle, headline and what "
                "stands under “About you”, and those of your projects that you make public, with "
                "what we found in them. Your e-mail address, notes and plans stay private. Without "
                "it, only your mentors, the people you mentor and whoever has a secret link of yours "
                "see your page."
            ),
            "is_indexed": _(
                "The page, and your public projects, once it is public. Without this we ask them to "
                "keep out; not every one of them listens."
            ),
            "shows_skills": _(
                "Each skill with the strongest that speaks for it: your word, study, a checked "
                "project or a mentor. Your mentors see them always."
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


#: How long a way into a cohort may be open, in days.
LIFETIMES = [
    ("7", _("7 days")),
    ("14", _("14 days")),
    ("30", _("30 days")),
    ("90", _("90 days")),
]

#: Addresses that one form takes.
MOST_ADDRESSES = 50

DATE = {"type": "date"}


class CohortForm(forms.ModelForm):
    """What a cohort is called, and how long it lasts."""

    class Meta:
        model = Cohort
        fields = ["name", "about", "starts_on", "ends_on"]
        labels = {
            "name": _("Name"),
            "about": _("What it is"),
            "starts_on": _("First day"),
            "ends_on": _("Last day"),
        }
        help_texts = {
            "name": _("As members read it, such as “Spring 2027 study group”."),
            "about": _("One or two sentences for those who are asked to join."),
            "starts_on": _("For those who read it; members may join before."),
            "ends_on": _(
                "After it, by the clock of UTC, nothing is shared through the cohort any more. "
                "Empty: until you end it."
            ),
        }
        widgets = {
            "about": forms.Textarea(attrs={"rows": 3}),
            "starts_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(validate_line)
        self.fields["about"].validators.append(validate_text)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first one, nor over."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if last and first and last < first:
            self.add_error("ends_on", _("The last day is before the first one."))
        elif last and last < today():
            words = _("This day is over. To end the cohort now, use “End the cohort” on its page.")
            self.add_error("ends_on", words)
        return cleaned


class NewCohortForm(CohortForm):
    """The same, and who organises it."""

    organiser = forms.EmailField(
        label=_("Organiser’s e-mail address"),
        max_length=254,
        help_text=_(
            "They get a letter and decide; with your own address you organise it yourself. "
            "An organiser invites people and sees their progress at a glance."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class LinkForm(forms.Form):
    """A link with which several people can join."""

    part = forms.ChoiceField(
        label=_("They join as"),
        choices=[(Part.LEARNER, _("Learners")), (Part.MENTOR, _("Mentors"))],
        initial=Part.LEARNER,
        widget=forms.RadioSelect,
    )
    max_uses = forms.IntegerField(
        label=_("For how many people"),
        min_value=1,
        max_value=500,
        initial=20,
        help_text=_("When so many have joined by it, the link closes."),
    )
    days = forms.ChoiceField(label=_("Open for"), choices=LIFETIMES, initial="14")


class ShareLinkForm(forms.Form):
    """A secret link to one's own portfolio."""

    label = LineField(
        label=_("For whom"),
        max_length=80,
        help_text=_("Only you read this: “Northgate Grid, data team”."),
    )
    days = forms.ChoiceField(
        label=_("It works for"), choices=[*LIFETIMES, ("365", _("a year"))], initial="30"
    )


class LetterForm(forms.Form):
    """Letters to addresses, each for one person."""

    part = forms.ChoiceField(
        label=_("They join as"),
        choices=[
            (Part.LEARNER, _("Learners")),
            (Part.MENTOR, _("Mentors")),
            (Part.ORGANISER, _("Organisers, who run the cohort with you")),
        ],
        initial=Part.LEARNER,
        widget=forms.RadioSelect,
    )
    emails = forms.CharField(
        label=_("E-mail addresses"),
        max_length=MOST_ADDRESSES * 256,
        help_text=_("One a line, up to 50. They need no account yet."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    days = forms.ChoiceField(label=_("Open for"), choices=LIFETIMES, initial="14")

    def clean_emails(self) -> list[str]:
        """The addresses, in the order in which they were typed."""
        emails = re.split(r"[\s,;]+", self.cleaned_data["emails"].strip())
        if len(emails) > MOST_ADDRESSES:
            raise forms.ValidationError(_("Please send at most 50 letters at a time."))
        wrong = [email for email in emails if not _is_address(email)]
        if wrong:
            raise forms.ValidationError(
                _("This is not an e-mail address: %(address)s."), params={"address": wrong[0][:80]}
            )
        return emails


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except forms.ValidationError:
        return False
    return len(text) <= 254


class NoticeChoicesForm(forms.Form):
    """When a person wants which kind of notice by e-mail, and at which hour the daily letter."""

    digest_hour = forms.TypedChoiceField(
        label=_("Your daily letter"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("No daily letter"))]
        + [(h, _("at %(h)d:00") % {"h": h}) for h in range(24)],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial = {"digest_hour": user.profile.digest_hour, **notices.choices_of(user)}
        for kind in kinds.KINDS:
            self.fields[kind.code] = forms.ChoiceField(label=kind.label, choices=Timing.choices)

    def groups(self) -> list[tuple[Group, list[forms.BoundField]]]:
        """The fields of the kinds, under the headings of the page."""
        return [
            (group, [self[kind.code] for kind in members])
            for group, members in kinds.by_group().items()
        ]

    def save(self) -> None:
        """Keep the choices."""
        timings = {kind.code: Timing(self.cleaned_data[kind.code]) for kind in kinds.KINDS}
        notices.choose_all(self.user, timings, self.cleaned_data["digest_hour"])


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


class ArrivalForm(forms.Form):
    """A takeout to be read in."""

    too_large = _(
        "This file has more than 20 MB. Take the folder “files” out of the ZIP and bring it without its images."
    )

    file = forms.FileField(
        label=_("Your takeout"),
        help_text=_(
            "The ZIP file that another Milepost made, up to 20 MB. Nothing is changed yet."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        """A file that is not too large; what is inside is for a worker to find out."""
        file = self.cleaned_data["file"]
        if file.size > archives.MOST_BYTES:
            raise forms.ValidationError(self.too_large)
        return file
