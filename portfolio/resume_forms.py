"""Words that a person types into a résumé."""

import re
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField, TextField
from accounts.models import User
from curriculum.forms import RoleField
from curriculum.models import Role
from portfolio.forms import WebAddressField
from portfolio.models import Claim, Contribution, Measurement, Resume, ResumeEntry, Section
from portfolio.resumes import RESTS_ON, SAID_OF_ENTRY, SAID_OF_RESUME

MOST_LINKS = 5
MOST_KEYWORDS = 20
KEYWORD_LENGTH = 60

#: What JSON Resume takes for a date: a year, a month of it, or a day.
PARTIAL_DATE = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?\Z")


def is_partial_date(text: str) -> bool:
    """Whether a text is a year, a month or a day that the calendar has."""
    found = PARTIAL_DATE.match(text)
    if found is None:
        return False
    try:
        date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return False
    return True


class PartialDateField(forms.CharField):
    """A year, a month or a day, as 2024, 2024-03 or 2024-03-31; shorter ones are as good."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            max_length=10,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not is_partial_date(text):
            raise ValidationError(
                _("Write a year or a month, as 2024 or 2024-03."), code="not_a_date"
            )
        return text


class ListField(forms.CharField):
    """Several short things in one field, cleaned one by one."""

    def __init__(self, *, each: forms.Field, most: int, separator: str, **kwargs: Any):
        super().__init__(required=False, **kwargs)
        self.each, self.most, self.separator = each, most, separator

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return (self.separator + " " * (self.separator == ",")).join(value)
        return value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value) or ""
        parts = [part.strip() for part in text.split(self.separator)]
        found = list(dict.fromkeys(filter(None, parts)))
        if len(found) > self.most:
            raise ValidationError(_("Name %(n)d at most."), code="many", params={"n": self.most})
        return [self.each.clean(part) for part in found]


class NewResumeForm(forms.Form):
    """For which role, and from what."""

    target_role = RoleField(
        Role.objects.none(),
        label=_("For which role"),
        required=False,
        empty_label=_("None in particular"),
        help_text=_("What it asks decides which skills and projects come first."),
    )
    name = LineField(
        label=_("What you call it"),
        max_length=80,
        required=False,
        help_text=_("Only you read this. Empty: the role’s title."),
    )
    based_on = forms.ModelChoiceField(
        Resume.objects.none(),
        label=_("Begin with"),
        required=False,
        empty_label=_("What your projects and claims give"),
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        role = cast(RoleField, self.fields["target_role"])
        role.queryset = Role.objects.listed_for(owner).order_by("position", "pk")
        based_on = cast(forms.ModelChoiceField, self.fields["based_on"])
        based_on.queryset = Resume.objects.owned_by(owner)
        if not based_on.queryset.exists():
            del self.fields["based_on"]

    def clean(self) -> dict[str, Any]:
        """A résumé without a name is called as the role it is for."""
        cleaned = super().clean() or {}
        if not cleaned.get("name"):
            role = cleaned.get("target_role")
            cleaned["name"] = role.title[:80] if role else str(_("Résumé"))
        return cleaned


class ResumeForm(forms.Form):
    """What a résumé says itself, and the version that the writer began with."""

    name = LineField(label=_("What you call it"), max_length=80, help_text=_("Only you read this."))
    target_role = RoleField(
        Role.objects.none(),
        label=_("For which role"),
        required=False,
        empty_label=_("None in particular"),
    )
    headline = LineField(
        label=_("Below your name"),
        max_length=120,
        required=False,
        help_text=_("Your specialism and where you stand, in a few words."),
    )
    summary = TextField(
        label=_("Professional summary"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Three lines: specialism, experience, a problem you solved."),
    )
    location = LineField(
        label=_("Location"), max_length=120, required=False, help_text=_("A town is enough.")
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        help_text=_("In the files that you download. Your public page never shows it."),
    )
    links = ListField(
        each=WebAddressField(),
        most=MOST_LINKS,
        separator="\n",
        label=_("Links"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: GitHub, a page of yours."),
    )
    pages = forms.TypedChoiceField(
        label=_("Length"),
        choices=[(1, _("One page")), (2, _("Two pages"))],
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
    )
    include_unsupported = forms.BooleanField(
        label=_("Show what nothing supports, too"),
        required=False,
        help_text=_("Lines that are your own word. They are marked as such."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owner: User, resume: Resume, **kwargs: Any):
        kwargs.setdefault(
            "initial", {name: getattr(resume, name) for name in (*SAID_OF_RESUME, "version")}
        )
        super().__init__(*args, **kwargs)
        role = cast(RoleField, self.fields["target_role"])
        listed = Role.objects.listed_for(owner)
        kept = Role.objects.filter(pk=resume.target_role_id)
        role.queryset = Role.objects.filter(
            pk__in=listed.order_by().values("pk").union(kept.order_by().values("pk"))
        )


#: The fields of an entry by its section, each with its label.
FIELDS: dict[str, dict[str, Any]] = {
    Section.SKILLS: {"title": _("Skill"), "note": _("Level"), "keywords": _("In particular")},
    Section.PROJECTS: {
        "title": _("Name"),
        "organisation": _("For whom"),
        "url": _("Link"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
        "summary": _("What it is"),
        "note": _("What kind"),
        "keywords": _("In particular"),
    },
    Section.EXPERIENCE: {
        "title": _("Position"),
        "organisation": _("Employer"),
        "about": _("What the employer does"),
        "place": _("Place"),
        "url": _("Link"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
        "note": _("How long, if not by dates"),
        "summary": _("What it was about"),
    },
    Section.EDUCATION: {
        "title": _("Degree or course"),
        "about": _("Subject"),
        "organisation": _("Where"),
        "url": _("Link"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
        "note": _("Mark"),
    },
    Section.VOLUNTEERING: {
        "title": _("What you did"),
        "organisation": _("For whom"),
        "url": _("Link"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
        "summary": _("What it was about"),
    },
    Section.PUBLICATIONS: {
        "title": _("Title"),
        "organisation": _("Published by"),
        "starts_on": _("When"),
        "url": _("Link"),
        "summary": _("What it says"),
    },
    Section.CERTIFICATES: {
        "title": _("Certificate"),
        "organisation": _("Issued by"),
        "starts_on": _("When"),
        "url": _("Link"),
    },
    Section.AWARDS: {
        "title": _("Award"),
        "organisation": _("Given by"),
        "starts_on": _("When"),
        "summary": _("What for"),
    },
    Section.LANGUAGES: {"title": _("Language"), "note": _("How well")},
    Section.INTERESTS: {"title": _("Interest"), "keywords": _("In particular")},
}

#: Sections whose entries hold lines.
WITH_LINES = (Section.PROJECTS, Section.EXPERIENCE, Section.EDUCATION, Section.VOLUNTEERING)


class EntryForm(forms.Form):
    """One entry; which fields it has depends on its section."""

    title = LineField(max_length=160)
    about = LineField(max_length=160, required=False)
    organisation = LineField(max_length=160, required=False)
    place = LineField(max_length=120, required=False)
    url = WebAddressField(max_length=300, required=False)
    starts_on = PartialDateField(help_text=_("2024 or 2024-03."))
    ends_on = PartialDateField(help_text=_("Empty while it goes on."))
    note = LineField(max_length=100, required=False)
    summary = TextField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    keywords = ListField(
        each=LineField(max_length=KEYWORD_LENGTH),
        most=MOST_KEYWORDS,
        separator=",",
        max_length=1300,
        help_text=_("Divided by commas."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, section: str, entry: ResumeEntry | None = None, **kwargs: Any):
        if entry:
            names = (*SAID_OF_ENTRY, "version")
            kwargs.setdefault("initial", {name: getattr(entry, name) for name in names})
        super().__init__(*args, **kwargs)
        labels = FIELDS[section]
        self.entry = entry
        for name in SAID_OF_ENTRY:
            if name not in labels:
                del self.fields[name]
            else:
                self.fields[name].label = labels[name]
        self.order_fields([*labels, "version"])
        if section not in (Section.PROJECTS, Section.EXPERIENCE, Section.EDUCATION) and (
            "ends_on" not in labels
        ):
            self.fields.get("starts_on", forms.Field()).help_text = _("2024 or 2024-03.")

    def clean(self) -> dict[str, Any]:
        """Nothing ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on", ""), cleaned.get("ends_on", "")
        if first and last and last < first[: len(last)]:
            self.add_error("ends_on", _("It ends before it begins."))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """What portfolio.resumes.write_entry takes; a field that the section has not is kept."""
        empty: dict[str, Any] = dict.fromkeys(SAID_OF_ENTRY, "") | {"keywords": []}
        kept = {name: getattr(self.entry, name) for name in SAID_OF_ENTRY} if self.entry else empty
        return kept | {
            name: self.cleaned_data[name] for name in SAID_OF_ENTRY if name in self.fields
        }


class ClaimField(forms.ModelChoiceField):
    """A choice of one project's claims."""

    def label_from_instance(self, claim: Claim) -> str:
        return f"{claim.skill.name}, {claim.get_level_display().lower()}"


class MeasurementField(forms.ModelChoiceField):
    """A choice of one project's measurements."""

    def label_from_instance(self, measurement: Measurement) -> str:
        before = f"{measurement.baseline} → " if measurement.baseline else ""
        return f"{measurement.metric}: {before}{measurement.result} {measurement.unit}".strip()


class ContributionField(forms.ModelChoiceField):
    """A choice of one project's pull requests."""

    def label_from_instance(self, contribution: Contribution) -> str:
        return f"{contribution}: {contribution.title}" if contribution.title else str(contribution)


class LineForm(forms.Form):
    """One line of an entry, and what it rests on."""

    words = LineField(
        label=_("The line"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What came out, by how much against what, and how. One sentence."),
        error_messages={"required": _("Write the line.")},
    )
    claim = ClaimField(
        Claim.objects.none(),
        label=_("Rests on"),
        required=False,
        empty_label=_("Your own word"),
        help_text=_("A claim of this project. Its checks and reviews speak for the line."),
    )
    measurement = MeasurementField(
        Measurement.objects.none(),
        label=_("Its number"),
        required=False,
        empty_label=_("None, or one that no file shows"),
        help_text=_("A measured outcome of this project, found in the file you named there."),
    )
    contribution = ContributionField(
        Contribution.objects.none(),
        label=_("Its pull request"),
        required=False,
        empty_label=_("None"),
        help_text=_("One of this project that was merged into somebody else’s repository."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, entry: ResumeEntry, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if entry.project_id is None:
            for name in RESTS_ON:
                del self.fields[name]
            return
        claim = cast(forms.ModelChoiceField, self.fields["claim"])
        claim.queryset = Claim.objects.filter(
            project=entry.project_id, skill__retired_at=None
        ).select_related("skill", "project")

        number = cast(forms.ModelChoiceField, self.fields["measurement"])
        number.queryset = Measurement.objects.filter(project=entry.project_id)
        if not number.queryset.exists():
            del self.fields["measurement"]

        pull = cast(forms.ModelChoiceField, self.fields["contribution"])
        merged = Contribution.objects.filter(project=entry.project_id).exclude(merged_at=None)
        pull.queryset = merged
        if not merged.exists():
            del self.fields["contribution"]

    @property
    def said(self) -> dict[str, Any]:
        """What portfolio.resumes.write_line takes."""
        return {name: self.cleaned_data.get(name) for name in ("words", *RESTS_ON)}


class ImportedForm(forms.Form):
    """What a file says, field by field, by the rules for what is typed."""

    MOST_LINKS = MOST_LINKS

    headline = LineField(max_length=120, required=False)
    summary = TextField(max_length=1000, required=False)
    location = LineField(max_length=120, required=False)
    email = forms.EmailField(max_length=254, required=False)
    url = WebAddressField(max_length=300, required=False)
    words = LineField(max_length=500, required=False)


class ImportForm(forms.Form):
    """A file of JSON Resume."""

    file = forms.FileField(
        label=_("JSON Resume file"),
        help_text=_("At most 256 kB. You see what it would add before anything is kept."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )


class ImportConfirmForm(forms.Form):
    """What the file says, and what the résumé made of it is called."""

    name = LineField(label=_("What you call it"), max_length=80, help_text=_("Only you read this."))
    text = forms.CharField(widget=forms.HiddenInput, strip=False)
