"""What learners say about their own way, their skills and years, and the roles they make."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField
from accounts.models import User
from accounts.validators import validate_line
from curriculum import adverts
from curriculum.declarations import Background
from curriculum.enrollments import MOST_WEEKLY_HOURS, WEEKLY_HOURS
from curriculum.models import Degree, Enrollment, Experience, Role, Skill, SkillLevel, UnitSkip
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
