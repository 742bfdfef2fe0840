"""What a learner says about their own way."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.validators import validate_line
from curriculum.enrollments import MOST_WEEKLY_HOURS, WEEKLY_HOURS
from curriculum.models import Enrollment, Role, UnitSkip


class EnrollmentForm(forms.Form):
    """The role to aim for, the hours of a week and its days of study."""

    target_role = forms.ModelChoiceField(
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

    def __init__(self, *args: Any, enrollment: Enrollment | None = None, **kwargs: Any):
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
        role.queryset = Role.objects.filter(Q(retired_at=None) | Q(pk=current))


class SkipForm(forms.Form):
    """Why something is skipped; nobody has to say."""

    reason = forms.CharField(
        required=False,
        max_length=UnitSkip._meta.get_field("reason").max_length,
        validators=[validate_line],
        label=_("Why"),
        help_text=_("For your own memory: “did this at work”."),
    )
