"""What a learner says about their own way."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.enrollments import MOST_WEEKLY_HOURS, WEEKLY_HOURS
from curriculum.models import Enrollment, Role


class EnrollmentForm(forms.Form):
    """The role to aim for and the hours of a week."""

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

    def __init__(self, *args: Any, enrollment: Enrollment | None = None, **kwargs: Any):
        if enrollment:
            kwargs.setdefault(
                "initial",
                {
                    "target_role": enrollment.target_role_id,
                    "weekly_hours": enrollment.weekly_hours,
                },
            )
        super().__init__(*args, **kwargs)
        current = enrollment.target_role_id if enrollment else None
        role = cast(forms.ModelChoiceField, self.fields["target_role"])
        role.queryset = Role.objects.filter(Q(retired_at=None) | Q(pk=current))
