"""Words that a person types about projects and reviews. A form cleans; it does not decide."""

from collections.abc import Mapping
from typing import cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField, TextField
from curriculum import reach
from curriculum.forms import RoleField
from curriculum.models import Role
from portfolio.github import links, tokens
from portfolio.github.links import BadLink, Link
from portfolio.github.tokens import UnfitToken
from portfolio.models import CheckRun, Dispute, Project, Review


class LinkField(forms.CharField):
    """A GitHub link in any form in which people paste one; cleans to a Link."""

    def __init__(self, **kwargs):
        super().__init__(
            label=kwargs.pop("label", _("GitHub link")),
            help_text=kwargs.pop(
                "help_text",
                _(
                    "Paste it as it is: the repository's page, a folder in it, or the clone address."
                ),
            ),
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
            ),
            error_messages={"required": _("Paste the link of a GitHub repository.")},
            **kwargs,
        )
        self.validators = []  # links.parse has its own sentence for every fault

    def clean(self, value) -> Link:
        text = super().clean(value)
        try:
            return links.parse(text, web_url=settings.GITHUB_URL)
        except BadLink as error:
            raise ValidationError(error.message, code=str(error.reason)) from error


class WebAddressField(forms.URLField):
    """A page that anybody's browser opens: https unless http is written, a public host, no password."""

    default_validators = [
        URLValidator(
            schemes=["http", "https"], message=_("Use a link that starts with https:// or http://.")
        )
    ]

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)

    def clean(self, value) -> str:
        address = super().clean(value)
        try:
            if address:
                reach.parse(address)
        except reach.Refused as error:
            raise ValidationError(error.message, code=str(error.reason)) from error
        return address


class LinkForm(forms.Form):
    link = LinkField()


class ProjectStartForm(LinkForm):
    """A project starts by pasting a link; everything else can wait."""

    title = LineField(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("What it does, for whom. Left empty, the repository's name will do for now."),
    )
    summary = LineField(
        label=_("In one sentence"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ProjectForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = [
            "title", "summary", "problem", "data", "approaches", "evaluation", "results",
            "demo_url", "visibility",
        ]  # fmt: skip
        labels = {"summary": _("In one sentence")}
        help_texts = {
            "problem": _(
                "Whose problem is it, and what decision gets better? Markdown works here."
            ),
            "data": _("Where it comes from, how much there is, its licence and its faults."),
            "approaches": _(
                "What you tried, the baseline first, and why you chose what you chose."
            ),
            "evaluation": _("The metric and why that one; how you kept the test data apart."),
            "results": _("Numbers against the baseline, and where it fails."),
            "demo_url": _("A page where somebody can try it."),
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "visibility": forms.RadioSelect,
        } | {name: forms.Textarea(attrs={"rows": 6}) for name in Project.CASE_STUDY}
        field_classes = {
            "title": LineField,
            "summary": LineField,
            "demo_url": WebAddressField,
        } | dict.fromkeys(Project.CASE_STUDY, TextField)


class ReviewRequestForm(forms.Form):
    question = TextField(
        label=_("What should your mentor look at?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A question gets a better answer than “please review”."),
    )


class ReviewForm(forms.Form):
    """A written review; pinned to the check run that the mentor had on the page."""

    body = TextField(
        label=_("Your review"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One strength, one thing that must change, one idea. Name the file and line. Markdown "
            "works. Whoever can see the project reads it, with your name."
        ),
        error_messages={"required": _("Write what you saw: a verdict without words helps nobody.")},
    )
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=Review.Verdict,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two verdicts.")},
    )
    check_run = forms.ModelChoiceField(
        CheckRun.objects.none(),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"],
            _(
                "What you looked at is not part of this project any more. Look at the checks as they "
                "are now, then submit again."
            ),
        ),
    )

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["check_run"].queryset = CheckRun.objects.conclusive().filter(
            repository__project=project
        )

    def pin_to(self, check_run: CheckRun) -> None:
        """Have the page that shows the errors send this run with the text."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("check_run")] = str(check_run.pk)
        self.data = data


class TokenField(forms.CharField):
    """A fine-grained token of GitHub's. What was typed is never sent back to the page."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=tokens.MAX_LENGTH,
            widget=forms.PasswordInput(
                render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}
            ),
            **kwargs,
        )

    def clean(self, value) -> str:
        text = super().clean(value)
        try:
            return tokens.check(text)
        except UnfitToken as error:
            raise ValidationError(error.message, code="unfit") from None


class AccessForm(forms.Form):
    token = TokenField(
        label=_("Fine-grained token"),
        help_text=_("It begins with github_pat_. It is kept encrypted, and shown to nobody."),
        error_messages={"required": _("Paste the token that GitHub showed you.")},
    )


class CompareForm(forms.Form):
    """Two roles out of those that a person may choose from; what is chosen stays chosen."""

    a = RoleField(Role.objects.none(), label=_("One role"), to_field_name="slug")
    b = RoleField(Role.objects.none(), label=_("Another"), to_field_name="slug")

    def __init__(self, chosen: Mapping[str, Role], *, listed: QuerySet[Role]):
        super().__init__(initial=chosen)
        for name in ("a", "b"):
            kept = Q(pk=chosen[name].pk) if name in chosen else Q()
            field = cast(RoleField, self.fields[name])
            field.queryset = Role.objects.filter(Q(pk__in=listed.values("pk")) | kept)


class DisputeForm(forms.Form):
    sentence = forms.CharField(
        label=_("Why is this finding wrong?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Name the file and line. A mentor of yours rules on it."),
        error_messages={"required": _("Say in a sentence why the finding is wrong.")},
    )


class RulingForm(forms.Form):
    ruling = forms.ChoiceField(
        label=_("Your ruling"),
        choices=Dispute.Ruling,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who sees the verdict reads this beside it."),
        error_messages={"required": _("Say in a sentence why: it is shown beside the verdict.")},
    )
