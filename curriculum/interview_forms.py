"""What two people say to arrange a mock interview, in their own time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import dateformat, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField, TextField
from curriculum import moments
from curriculum.mock_interviews import FURTHEST, Partner
from curriculum.mock_sheets import MOST_OWN, FollowUp, Sheet
from curriculum.models import Format, MockInterview, MockQuestion
from curriculum.models.mock_interviews import LENGTHS, MOST_NOTED, MOST_SLOTS

#: Of a follow-up in own words.
MOST_POINTS, LONGEST_POINT = 10, 300
WALL = "%Y-%m-%dT%H:%M"


class WallField(forms.Field):
    """A day and a time as a clock on the wall shows them: no moment yet, and in no time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "300"}, format=WALL)
    default_error_messages = {"invalid": _("Write a day and a time, such as 2026-11-26 18:30.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            wall = parse_datetime(str(value).strip())
        except ValueError:
            wall = None
        if wall is None or wall.tzinfo or not 2000 <= wall.year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return wall.replace(second=0, microsecond=0)


class TimesForm(forms.Form):
    """One to five moments, typed in the time zone that is active.

    A time that the clock skips is refused with its neighbours; of one that it shows twice is asked which.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.zone = timezone.get_current_timezone()
        for n in range(1, MOST_SLOTS + 1):
            label = _("A time that suits you") if n == 1 else _("Or")
            self.fields[f"time_{n}"] = WallField(label=label, required=n == 1)
            if n == 1:
                zone = timezone.get_current_timezone_name()
                self.fields["time_1"].help_text = _("By your clock: %(zone)s.") % {"zone": zone}
            if len(found := self._typed(n)) == 2:
                self.fields[f"which_{n}"] = forms.ChoiceField(
                    label=_("The clock shows this time twice. Which one?"),
                    choices=[(at.isoformat(), _said(at)) for at in found],
                    widget=forms.RadioSelect,
                )

    def clean(self) -> dict[str, Any]:
        """No moment is there twice, each lies ahead, and one that the clock shows twice says which."""
        cleaned = super().clean() or {}
        taken: set[datetime] = set()
        for n in range(1, MOST_SLOTS + 1):
            if wall := cleaned.get(f"time_{n}"):
                try:
                    taken.add(self._moment(n, wall, taken))
                except ValidationError as error:
                    self.add_error(f"time_{n}", error)
        cleaned["slots"] = sorted(taken)
        return cleaned

    @property
    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(("time_", "which_"))]

    def _moment(self, n: int, wall: datetime, taken: Iterable[datetime]) -> datetime:
        found = moments.named_by(wall, self.zone)
        if not found:
            before, after = (dateformat.format(at, "H:i") for at in moments.around(wall, self.zone))
            words = _("The clock skips this time that night. Take %(before)s or %(after)s.")
            raise ValidationError(words % {"before": before, "after": after}, code="skipped")
        chosen = found[0]
        if len(found) == 2:
            which = self.cleaned_data.get(f"which_{n}")
            chosen = next((at for at in found if at.isoformat() == which), found[0])
        now = timezone.now()
        if chosen <= now:
            raise ValidationError(_("This has passed already."), code="past")
        if chosen > now + FURTHEST:
            raise ValidationError(_("This is more than 90 days ahead."), code="far")
        if chosen in taken:
            raise ValidationError(_("This stands above already."), code="twice")
        return chosen

    def _typed(self, n: int) -> list[datetime]:
        """What was typed as a moment, or as two; nothing for what is no time."""
        raw = self.data.get(self.add_prefix(f"time_{n}")) if self.is_bound else None
        try:
            wall = WallField(required=False).clean(raw)
        except ValidationError:
            return []
        return moments.named_by(wall, self.zone) if wall else []


class ProposalForm(TimesForm):
    """Whom to meet, for what, and when it could be."""

    partner = forms.ChoiceField(
        label=_("With whom"), error_messages={"invalid_choice": _("Choose somebody of the list.")}
    )
    formats = forms.MultipleChoiceField(
        label=_("What is asked"),
        choices=Format,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one format.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        choices=[(n, _("%(n)d minutes") % {"n": n}) for n in LENGTHS],
        coerce=int,
        initial=60,
    )
    wish = LineField(
        label=_("What to look at"),
        max_length=500,
        required=False,
        help_text=_("“I freeze when I am asked about trade-offs.”"),
    )
    place = LineField(
        label=_("Where"),
        max_length=200,
        required=False,
        help_text=_("The link of a call, or a room. It can wait until you agreed on a time."),
    )
    field_order = ["partner", "formats", "minutes"]

    def __init__(self, *args: Any, partners: Sequence[Partner], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.partners = {partner.key: partner for partner in partners}
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for partner in partners:
            heading = _("They interview you") if partner.asks else _("You interview them")
            name = partner.person.profile.name
            groups[str(heading)].append(
                (partner.key, f"{name} ({partner.cohort})" if partner.cohort else name)
            )
        field = self.fields["partner"]
        field.choices = [("", _("Choose somebody")), *groups.items()]  # type: ignore[attr-defined]
        self.order_fields(
            [
                "partner",
                "formats",
                "minutes",
                *(field.name for field in self.times),
                "wish",
                "place",
            ]
        )

    @property
    def said(self) -> dict[str, Any]:
        """What curriculum.mock_interviews.propose takes."""
        names = ("formats", "slots", "minutes", "wish", "place")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def chosen(self) -> Partner:
        return self.partners[self.cleaned_data["partner"]]


class AgreeForm(forms.Form):
    """One of the proposed moments, and the proposal as it was shown."""

    slot = forms.IntegerField(min_value=0)
    version = forms.IntegerField(min_value=0)


class PlaceForm(forms.Form):
    place = LineField(label=_("Where"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CancelForm(forms.Form):
    """Why, if one wants to say."""

    reason = LineField(label=_("Why"), max_length=300, required=False, help_text=_("They read it."))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class NoteForm(forms.Form):
    """What the interviewer keeps for themselves."""

    text = TextField(
        label=_("For yourself"),
        max_length=MOST_NOTED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only you see it."),
    )


class SheetForm(forms.Form):
    """Scores by the rubric of each format, notes, and what to practise. All of it may wait."""

    NOT_JUDGED = "0"

    shared_note = TextField(
        label=_("For them to read"),
        max_length=MOST_NOTED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One strength, one thing to change, each with an example from today."),
    )
    private_note = TextField(
        label=_("Private note"),
        max_length=MOST_NOTED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only you see it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, *args: Any, interview: MockInterview, questions: Sequence[MockQuestion], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.interview, self.questions = interview, questions
        for name, criterion in self._criteria():
            ratings = [(str(r["value"]), r["text"]) for r in criterion["ratings"]]
            self.fields[name] = forms.ChoiceField(
                label=criterion["title"],
                choices=[*ratings, (self.NOT_JUDGED, _("Not judged"))],
                widget=forms.RadioSelect,
                required=False,
                initial=self.NOT_JUDGED,
            )
        self.fields["follow_ups"] = forms.TypedMultipleChoiceField(
            choices=[(str(entry.pk), entry.prompt) for entry in questions],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for n in range(1, MOST_OWN + 1):
            self.fields[f"own_prompt_{n}"] = LineField(
                label=_("A question of your own"), max_length=300, required=False
            )
            self.fields[f"own_outline_{n}"] = TextField(
                label=_("What a good answer covers"),
                max_length=MOST_POINTS * LONGEST_POINT,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("A point a line."),
            )
            if len(interview.format_list) > 1:
                self.fields[f"own_format_{n}"] = forms.ChoiceField(
                    label=_("Format"),
                    choices=[(each.value, each.label) for each in interview.format_list],
                    required=False,
                )

    @property
    def formats(self) -> list[tuple[Format, dict[str, Any], list[tuple[Any, forms.BoundField]]]]:
        """Each format with its rubric, and each criterion with its field."""
        return [
            (
                format,
                self.interview.rubrics.get(format.value, {}),
                [
                    (criterion, self[f"score-{format.value}-{criterion['slug']}"])
                    for criterion in self._of(format)
                ],
            )
            for format in self.interview.format_list
        ]

    @property
    def ticks(self) -> list[tuple[MockQuestion, bool]]:
        """The questions of the plan, each with whether it is ticked."""
        ticked = {str(pk) for pk in self["follow_ups"].value() or ()}
        return [(entry, str(entry.pk) in ticked) for entry in self.questions]

    @property
    def own(self) -> list[list[forms.BoundField]]:
        """The fields of each follow-up in own words."""
        names = ("own_prompt", "own_outline", "own_format")
        return [
            [self[f"{name}_{n}"] for name in names if f"{name}_{n}" in self.fields]
            for n in range(1, MOST_OWN + 1)
        ]

    @property
    def has_own(self) -> bool:
        """Whether a follow-up in own words was begun."""
        return any(field.value() for fields in self.own for field in fields[:2])

    def clean(self) -> dict[str, Any]:
        """An answer has its question; its points are few and short."""
        cleaned = super().clean() or {}
        for n in range(1, MOST_OWN + 1):
            points = _points(cleaned.get(f"own_outline_{n}", ""))
            if points and not cleaned.get(f"own_prompt_{n}"):
                self.add_error(f"own_prompt_{n}", _("Write the question that this answers."))
            if len(points) > MOST_POINTS or any(len(each) > LONGEST_POINT for each in points):
                words = _("At most %(n)d points of %(letters)d letters each.")
                numbers = {"n": MOST_POINTS, "letters": LONGEST_POINT}
                self.add_error(f"own_outline_{n}", words % numbers)
        return cleaned

    @property
    def sheet(self) -> Sheet:
        """What curriculum.mock_sheets takes."""
        said = self.cleaned_data
        return Sheet(
            scores={
                (format.value, criterion["slug"]): int(value)
                for format in self.interview.format_list
                for criterion in self._of(format)
                if (value := said[f"score-{format.value}-{criterion['slug']}"] or self.NOT_JUDGED)
                != self.NOT_JUDGED
            },
            shared_note=said["shared_note"],
            private_note=said["private_note"],
            follow_ups=said["follow_ups"],
            own=[
                FollowUp(
                    said.get(f"own_format_{n}") or self.interview.format_list[0].value,
                    said[f"own_prompt_{n}"],
                    tuple(_points(said[f"own_outline_{n}"])),
                )
                for n in range(1, MOST_OWN + 1)
                if said[f"own_prompt_{n}"]
            ],
        )

    def _of(self, format: Format) -> list[dict[str, Any]]:
        return list(self.interview.rubrics.get(format.value, {}).get("criteria", ()))

    def _criteria(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            (f"score-{format.value}-{criterion['slug']}", criterion)
            for format in self.interview.format_list
            for criterion in self._of(format)
        ]


def begun(interview: MockInterview, sheet: Sheet) -> dict[str, Any]:
    """What a form of the sheet begins with: as it was saved last."""
    own = {
        f"{name}_{n}": value
        for n, each in enumerate(sheet.own, start=1)
        for name, value in (
            ("own_prompt", each.prompt),
            ("own_outline", "\n".join(each.outline)),
            ("own_format", each.format),
        )
    }
    scores = {
        f"score-{format}-{slug}": str(value) for (format, slug), value in sheet.scores.items()
    }
    return (
        own
        | scores
        | {
            "version": interview.sheet_version,
            "shared_note": sheet.shared_note,
            "private_note": sheet.private_note,
            "follow_ups": [str(pk) for pk in sheet.follow_ups],
        }
    )


def _points(text: str) -> list[str]:
    """The lines of a text without what lists begin with."""
    lines = (line.strip().lstrip("-*•").strip() for line in text.splitlines())
    return [line for line in lines if line]


def soon(interview: MockInterview | None = None) -> dict[str, Any]:
    """What a form of times begins with: tomorrow evening, so that a browser without a picker shows how."""
    evening = timezone.localtime() + timedelta(days=1)
    initial: dict[str, Any] = {
        "time_1": evening.replace(hour=18, minute=30, second=0, microsecond=0, tzinfo=None)
    }
    if interview:
        initial["version"] = interview.version
    return initial


def _said(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{dateformat.format(local, 'j F, H:i')} {local:%Z (UTC%z)}"
