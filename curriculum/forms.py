"""What learners say about their own way, keep beside it, and the roles they make."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.fields import LineField, TextField
from accounts.models import User
from accounts.validators import validate_line
from curriculum import adverts, canvases
from curriculum.declarations import Background
from curriculum.enrollments import MOST_WEEKLY_HOURS, WEEKLY_HOURS
from curriculum.models import (
    Asked as AskedEntry,
)
from curriculum.models import (
    Attempt,
    Canvas,
    Degree,
    Enrollment,
    ExerciseResult,
    Experience,
    Note,
    OwnResource,
    Practice,
    Question,
    Role,
    Skill,
    SkillLevel,
    UnitSkip,
)
from curriculum.models.practice import MOST_CARDS_A_DAY, MOST_LETTERS
from curriculum.models.study_sessions import LONGEST
from curriculum.roles import MOST_SKILLS, Asked, Description

MOST_YEARS = 60


class RoleField(forms.ModelChoiceField):
    """A choice of roles; those of one's own say where they are from."""

    def label_from_instance(self, role: Role) -> str:
        return _("%(role)s (an advert)") % {"role": role.title} if role.is_own else role.title


class EnrollmentForm(forms.Form):
    """The role to aim for, the hours of a week and its days of study."""

    target_role = RoleField(
        queryset=Role.objects.none(),
        required=False,
        label=_("The role you aim for"),
        empty_label=_("None yet"),
        help_text=_("Modules that the role requires carry a flag on the roadmap."),
    )
    weekly_hours = forms.IntegerField(
        min_value=1,
        max_value=MOST_WEEKLY_HOURS,
        initial=WEEKLY_HOURS,
        label=_("Hours a week"),
        help_text=_("What you can keep up, not your best week: 1 to 60."),
    )
    study_days = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        label=_("Days you study"),
        help_text=_("Choose none, and the plan spreads the hours over the week."),
    )

    def __init__(
        self, *args: Any, learner: User, enrollment: Enrollment | None = None, **kwargs: Any
    ):
        if enrollment:
            kwargs.setdefault(
                "initial",
                {
                    "target_role": enrollment.target_role_id,
                    "weekly_hours": enrollment.weekly_hours,
                    "study_days": enrollment.weekdays,
                },
            )
        super().__init__(*args, **kwargs)
        current = enrollment.target_role_id if enrollment else None
        role = cast(forms.ModelChoiceField, self.fields["target_role"])
        role.queryset = Role.objects.filter(
            Q(pk__in=Role.objects.listed_for(learner).values("pk")) | Q(pk=current)
        )


class SkipForm(forms.Form):
    """Why something is skipped; nobody has to say."""

    reason = forms.CharField(
        required=False,
        max_length=UnitSkip._meta.get_field("reason").max_length,
        validators=[validate_line],
        label=_("Why"),
        help_text=_("For your own memory: “did this at work”."),
    )


class DeclarationForm(forms.Form):
    """A skill at a level, by the learner's own word."""

    level = forms.TypedChoiceField(
        label=_("You have it to the level"),
        choices=SkillLevel,
        coerce=int,
        widget=forms.RadioSelect,
    )


class BackgroundForm(forms.Form):
    """Years of work by field, and the highest degree; what is left empty is not said."""

    degree = forms.TypedChoiceField(
        label=_("Highest degree"),
        choices=[("", _("None, or I do not say")), *Degree.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    subject = LineField(label=_("Its subject"), max_length=120, required=False)

    field_order = [*Experience.Field.values, "degree", "subject"]

    def __init__(self, *args: Any, background: Background, **kwargs: Any):
        initial: dict[str, Any] = {row.field: row.years for row in background.experience}
        if education := background.education:
            initial |= {"degree": education.degree, "subject": education.subject}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for field in Experience.Field:
            self.fields[field.value] = forms.DecimalField(
                label=_("%(field)s, in years") % {"field": field.label},
                required=False,
                min_value=0,
                max_value=MOST_YEARS,
                decimal_places=1,
                max_digits=3,
                help_text=_("Work outside of the fields above; no role counts it.")
                if field == Experience.Field.OTHER
                else "",
                widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
            )
        self.order_fields(self.field_order)

    @property
    def months(self) -> dict[str, int]:
        """Months by field, of those that are more than none."""
        years = {field: self.cleaned_data[field] for field in Experience.Field.values}
        return {field: round(value * 12) for field, value in years.items() if value}


class AdvertForm(forms.Form):
    """A job advert as it stands on somebody's page."""

    text = forms.CharField(
        label=_("The advert"),
        max_length=adverts.MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "All of it, headings too: they tell what is required from what is nice to have. At most "
            "20,000 characters. The text itself is not kept, only the sentences beside each skill."
        ),
        error_messages={"required": _("Paste the text of an advert.")},
    )


class RoleForm(forms.Form):
    """What a role of one's own is called, and what it asks beside skills."""

    title = LineField(label=_("Title"), max_length=120)
    summary = LineField(
        label=_("In one sentence"),
        max_length=300,
        required=False,
        help_text=_("Whose advert it was, where you found it, until when it stands."),
    )
    min_years = forms.TypedChoiceField(
        label=_("Years of experience"),
        choices=[(0, _("None asked"))] + [(n, str(n)) for n in range(1, 21)],
        coerce=int,
        empty_value=0,
        required=False,
    )
    degree = forms.TypedChoiceField(
        label=_("Degree"),
        choices=[("", _("None asked")), *Degree.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    experience_note = LineField(max_length=300, required=False, widget=forms.HiddenInput)
    education_note = LineField(max_length=300, required=False, widget=forms.HiddenInput)

    @property
    def description(self) -> Description:
        return Description(**self.cleaned_data)


class AskedForm(forms.Form):
    """One skill of a role. A row that is there already is dropped by its box; a new one is chosen."""

    keep = forms.BooleanField(required=False, initial=True)
    skill = forms.ChoiceField(required=False, label=_("Skill"))
    level = forms.TypedChoiceField(
        label=_("Level"), choices=SkillLevel, coerce=int, initial=SkillLevel.WORKING
    )
    is_required = forms.TypedChoiceField(
        label=_("Required or preferred"),
        choices=[("yes", _("required")), ("no", _("preferred"))],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    choice = forms.TypedChoiceField(
        label=_("Any one of"),
        choices=[(0, _("by itself"))]
        + [(n, _("choice %(letter)s") % {"letter": "ABCDEFGHI"[n - 1]}) for n in range(1, 10)],
        coerce=int,
        initial=0,
    )
    quote = LineField(max_length=300, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, skills: Mapping[str, Skill], is_new: bool = False, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.skills = skills
        self.is_new = is_new
        skill = cast(forms.ChoiceField, self.fields["skill"])
        skill.choices = [("", _("Choose a skill")), *((s.slug, s.name) for s in skills.values())]
        if is_new:
            del self.fields["keep"]
        else:
            skill.widget = forms.HiddenInput()

    @property
    def named(self) -> Skill | None:
        """The skill of this row, chosen or given."""
        return self.skills.get(str(self["skill"].value() or ""))

    @property
    def asked(self) -> Asked | None:
        """What the row asks; None for one that is dropped or was not filled in."""
        said = self.cleaned_data
        skill = self.skills.get(said.get("skill", ""))
        if skill is None or not said.get("keep", self.is_new):
            return None
        return Asked(skill, said["level"], said["is_required"], said["quote"], said["choice"])


class AskedFormSet(forms.BaseFormSet):
    """The skills of a role: those that are there, and a few rows for more."""

    def __init__(self, *args: Any, skills: Mapping[str, Skill], **kwargs: Any):
        self.skills = skills
        kwargs.setdefault("prefix", "asked")
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        is_new = index is None or index >= self.initial_form_count()
        return {"skills": self.skills, "is_new": is_new}

    @property
    def asked(self) -> list[Asked]:
        return [form.asked for form in self.forms if form.asked]

    def clean(self) -> None:
        """A role asks for one skill at least, and names none twice."""
        if any(self.errors):
            return
        slugs = [entry.skill.slug for entry in self.asked]
        if not slugs:
            raise ValidationError(_("A role asks for one skill at least: tick one, or choose one."))
        if twice := next((slug for slug in slugs if slugs.count(slug) > 1), None):
            raise ValidationError(
                _("%(skill)s is there twice. Keep one of the two."),
                params={"skill": self.skills[twice].name},
            )
        if len(slugs) > MOST_SKILLS:
            raise ValidationError(
                _("A role asks for %(most)d skills at most."), params={"most": MOST_SKILLS}
            )


NEW_ROWS = 3
asked_formset = cast(
    type[AskedFormSet],
    forms.formset_factory(
        AskedForm,
        formset=AskedFormSet,
        extra=NEW_ROWS,
        max_num=MOST_SKILLS + NEW_ROWS,
        absolute_max=MOST_SKILLS + NEW_ROWS,
    ),
)


class NoteForm(forms.Form):
    """A note in Markdown, and the version of it that the writer began with."""

    text = TextField(
        label=_("Your note"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Markdown works: *emphasis*, lists, `code`, links. Left empty, the note is removed."
        ),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Line ends as one letter each. No browser cuts a text that is too long: it is said instead."""
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        too_many = len(text) - Note.MOST_LETTERS
        if too_many > 0:
            raise ValidationError(
                _("A note holds %(most)d characters; this one has %(extra)d more. Shorten it."),
                code="max_length",
                params={"most": Note.MOST_LETTERS, "extra": too_many},
            )
        return text


def _length(name: str) -> int | None:
    return cast(models.Field, OwnResource._meta.get_field(name)).max_length


class HttpsField(forms.URLField):
    """A page that is read over https, without a name or password in its address."""

    default_validators = [
        URLValidator(schemes=["https"], message=_("Use an address that starts with https://."))
    ]

    def __init__(self, **kwargs: Any):
        super().__init__(assume_scheme="https", **kwargs)

    def clean(self, value: Any) -> str:
        url = super().clean(value)
        if names.unseen(url):
            raise ValidationError(
                _("There are characters in this address that cannot be seen. Type it anew."),
                code="unseen",
            )
        if "@" in urlsplit(url).netloc:
            raise ValidationError(
                _("Leave out what stands before the @: a name or a password is not kept here."),
                code="credentials",
            )
        return url


class OwnResourceForm(forms.Form):
    """A link of one's own."""

    title = LineField(label=_("Title"), max_length=_length("title"))
    url = HttpsField(
        label=_("Address"),
        max_length=_length("url"),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("This is not the address of a page.")},
    )
    why = LineField(label=_("Why it is worth the time"), max_length=_length("why"), required=False)


class StudySessionForm(forms.Form):
    """How long, and on which day."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Say how many minutes it was."),
            "min_value": _("Say how many minutes it was: 1 or more."),
            "max_value": _("One session is 12 hours at most: divide it."),
        },
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Left empty, it is today."),
    )

    def clean_day(self) -> date:
        return self.cleaned_data["day"] or timezone.localdate()


class AnswerForm(forms.Form):
    """What a learner writes before they look, if anything, and the card as it was shown to them."""

    written = TextField(
        label=_("Your answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Say it aloud, or write it down: it is kept with the card."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seconds = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean_written(self) -> str:
        """No browser cuts a text that is too long: it is said instead."""
        written = self.cleaned_data["written"].replace("\r\n", "\n")
        too_many = len(written) - MOST_LETTERS
        if too_many > 0:
            raise ValidationError(
                _("An answer holds %(most)d characters; this one has %(extra)d more. Shorten it."),
                code="max_length",
                params={"most": MOST_LETTERS, "extra": too_many},
            )
        return written


class GradeForm(forms.Form):
    """How an answer went, and the card as it was shown."""

    confidence = forms.TypedChoiceField(choices=Attempt.Confidence, coerce=int)
    version = forms.IntegerField(min_value=0)


class PracticeForm(forms.Form):
    """How much is asked a day, and how well it should be known."""

    daily_cap = forms.IntegerField(
        label=_("Cards a day, at most"),
        min_value=1,
        max_value=MOST_CARDS_A_DAY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("1 to 50. What is over waits for the next day; it is never added up."),
    )
    new_a_day = forms.IntegerField(
        label=_("Of these, new ones"),
        min_value=0,
        max_value=MOST_CARDS_A_DAY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("0 to 50. Each one is asked five to ten times in its first year."),
    )
    retention = forms.TypedChoiceField(
        label=_("How much you want to know when you are asked"),
        choices=[
            (80, _("8 of 10: a third fewer cards, and more of them forgotten")),
            (85, _("17 of 20")),
            (90, _("9 of 10: FSRS’s own choice")),
            (95, _("19 of 20: half as many cards again; for the weeks before an interview")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any):
        names = ("daily_cap", "new_a_day", "retention")
        kwargs.setdefault("initial", {name: getattr(practice, name) for name in names})
        super().__init__(*args, **kwargs)


class QuestionsForm(forms.Form):
    """Which questions of the bank to show; a choice that does not exist shows them all."""

    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("All formats")), *Question.Format.choices],
    )
    difficulty = forms.ChoiceField(
        label=_("Difficulty"),
        required=False,
        choices=[("", _("Any")), *Question.Difficulty.choices],
    )
    skill = forms.ModelChoiceField(
        label=_("Skill"),
        required=False,
        queryset=Skill.objects.none(),
        to_field_name="slug",
        empty_label=_("All skills"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        skill = cast(forms.ModelChoiceField, self.fields["skill"])
        asked = Question.objects.live().values("skills")
        skill.queryset = Skill.objects.live().filter(pk__in=asked).order_by("name")


class CanvasForm(forms.Form):
    """A design, part by part, what it covers, and the version that the writer began with."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: Question, canvas: Canvas | None = None, **kwargs: Any):
        if canvas:
            initial = canvas.parts | {"covered": canvas.covered, "version": canvas.version}
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for part in Canvas.Part:
            self.fields[part.value] = TextField(
                label=part.label,
                required=False,
                max_length=MOST_LETTERS,
                help_text=canvases.PROMPTS[part],
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self.fields["covered"] = forms.MultipleChoiceField(
            label=_("What your design covers"),
            required=False,
            choices=[(point, point) for point in question.outline],
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Write first; these are points of a good answer to this very question."),
        )

    @property
    def parts(self) -> dict[str, str]:
        return {part.value: self.cleaned_data[part.value] for part in Canvas.Part}


class ExerciseResultForm(forms.Form):
    """What came out when the learner ran the tests."""

    outcome = forms.ChoiceField(
        label=_("How did the tests go?"),
        choices=ExerciseResult.Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes it took"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class AskedEntryForm(forms.ModelForm):
    """One line of the log of interviews."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[("", _("Choose one")), *Question.Format.choices]
    )
    words = LineField(
        label=_("What was asked"),
        max_length=300,
        help_text=_("In your own words: “how would you find drift without labels”."),
    )
    place = LineField(label=_("Where"), max_length=120, required=False)
    note = TextField(
        label=_("How it went, what to look up"),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = AskedEntry
        fields = ["asked_on", "format", "skill", "words", "place", "note"]
        labels = {"asked_on": _("Day"), "skill": _("Skill it was about")}
        widgets = {"asked_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        skill = cast(forms.ModelChoiceField, self.fields["skill"])
        skill.queryset = Skill.objects.filter(
            Q(retired_at=None) | Q(pk=self.instance.skill_id)
        ).order_by("name")
        skill.empty_label = str(_("None of these"))

    def clean_asked_on(self) -> date:
        day = self.cleaned_data["asked_on"]
        if not date(2000, 1, 1) <= day <= timezone.localdate():
            raise ValidationError(_("Choose a day that has been."), code="day")
        return day
