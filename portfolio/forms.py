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
from accounts.models import User
from curriculum import reach
from curriculum.forms import RoleField
from curriculum.models import Role, Rubric, Skill, SkillLevel
from portfolio import figures
from portfolio.github import links, pulls, tokens
from portfolio.github.links import BadLink, Link
from portfolio.github.tokens import UnfitToken
from portfolio.models import (
    CheckRun,
    Claim,
    Comment,
    Dispute,
    Measurement,
    Project,
    Report,
    Repository,
    Review,
    Snippet,
    Story,
)
from portfolio.pixels import Reason


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


def _story_field(label, help_text) -> TextField:
    return TextField(
        label=label,
        required=False,
        max_length=3000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LinkForm(forms.Form):
    link = LinkField()


class PullField(forms.CharField):
    """The link of a pull request, as repository and number."""

    default_error_messages = {
        "no_pull": _("This is no pull request. Its address ends like /pull/12."),
    }

    def clean(self, value) -> tuple[Link, int]:
        try:
            found = pulls.parse(super().clean(value), settings.GITHUB_URL)
        except BadLink as error:
            raise ValidationError(error.message, code=str(error.reason)) from error
        if found is None:
            raise ValidationError(self.error_messages["no_pull"], code="no_pull")
        return found


class PullForm(forms.Form):
    link = PullField(
        label=_("Link of a pull request"),
        help_text=_("Such as https://github.com/pandas-dev/pandas/pull/1234"),
    )


class ImageWordsForm(forms.Form):
    """What an image shows, for who does not see it, and for who does."""

    alt = LineField(
        label=_("What it shows"),
        max_length=300,
        help_text=_(
            "For readers who do not see it: “Error by hour; the forecast is below the crew’s rule "
            "except from 7 to 9.”"
        ),
    )
    caption = LineField(label=_("Caption"), max_length=300, required=False)


class ImageForm(ImageWordsForm):
    """An image to send. What is in the file decides, not its name."""

    WORDS = {
        Reason.EMPTY: _("This file is empty."),
        Reason.TOO_LARGE: _("This file is larger than 4 MB. Save it smaller and send it again."),
        Reason.DRAWING: _(
            "SVG and other drawings in markup can hold programs, so they are not taken. Export it as PNG."
        ),
        Reason.NOT_AN_IMAGE: _("This is no PNG, JPEG, WebP or GIF, whatever its name says."),
        Reason.TOO_MANY_PIXELS: _("This has more than 16 million pixels. Send it smaller."),
        Reason.BROKEN: _("This image cannot be read to its end. Save it anew and send it again."),
    }

    file = forms.FileField(
        label=_("Image"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=_(
            "PNG, JPEG, WebP or GIF, up to 4 MB. It is written anew: places, dates and names in it go."
        ),
    )
    field_order = ["file", "alt", "caption"]

    def words_for(self, reason: Reason) -> str:
        """Why a file is not taken, and what to do."""
        return str(self.WORDS[reason])


class ProjectStartForm(LinkForm):
    """A project starts by pasting a link; everything else can wait."""

    @property
    def pull(self) -> tuple[Link, int] | None:
        """The pull request that the link names, if it names one."""
        return pulls.parse(str(self["link"].value()), settings.GITHUB_URL)

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


class ShownProjectField(forms.ModelChoiceField):
    """A project of one's own by its title, and who may open it unless anybody may."""

    def label_from_instance(self, project: Project) -> str:
        if project.is_public:
            return project.title
        word = _("by link") if project.is_by_link else _("private")
        return f"{project.title} ({word})"


class ShowcaseForm(forms.Form):
    """Up to three of one's own projects, in the order in which one's page shows them first."""

    def __init__(self, *args, owner: User, **kwargs):
        super().__init__(*args, **kwargs)
        own = Project.objects.owned_by(owner).order_by("title", "pk")
        by_place = {project.place: project for project in own}
        self.has_projects = bool(by_place)
        words = [_("First"), _("Second"), _("Third")]
        for place, label in enumerate(words, start=1):
            field = ShownProjectField(own, label=label, required=False)
            field.empty_label = _("by what others found")
            self.fields[f"place_{place}"] = field
            self.initial[f"place_{place}"] = by_place.get(place)

    def clean(self):
        """No project stands in two places."""
        cleaned = super().clean()
        seen: dict[Project, str] = {}
        for name in self.fields:
            project = cleaned.get(name)
            if project in seen:
                words = _("“%(project)s” is chosen above already.") % {"project": project}
                self.add_error(name, words)
            elif project:
                seen[project] = name
        return cleaned

    def chosen(self) -> list[Project]:
        """The projects that were chosen, without the gaps between them."""
        named = (self.cleaned_data.get(name) for name in self.fields)
        return [project for project in named if project]


class ProjectForm(forms.ModelForm):
    """All of a project but its case study, which has a page of its own."""

    class Meta:
        model = Project
        fields = ["title", "summary", "problem_kind", "demo_url", "visibility"]
        labels = {"summary": _("In one sentence")}
        help_texts = {
            "demo_url": _("A page where somebody can try it."),
            "problem_kind": _("The one that an employer would name first."),
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "visibility": forms.RadioSelect,
        }
        field_classes = {
            "title": LineField,
            "summary": LineField,
            "demo_url": WebAddressField,
        }


def _heading_field(label, help_text) -> TextField:
    return TextField(
        label=label,
        required=False,
        max_length=10_000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class CaseStudyForm(forms.Form):
    """The guide's headings, and the version of the texts that the writer began with."""

    summary = LineField(
        label=_("In one sentence"),
        max_length=300,
        required=False,
        help_text=_("What it does, for whom."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    problem = _heading_field(
        _("Problem"),
        _("Whose problem is it, and what decision gets better? Markdown works here."),
    )
    data = _heading_field(  # type: ignore[assignment]
        _("Data"), _("Where it comes from, how much there is, its licence and its faults.")
    )
    approaches = _heading_field(
        _("Approaches and why"),
        _("What you tried, the baseline first, and why you chose what you chose."),
    )
    evaluation = _heading_field(
        _("Evaluation"), _("The metric and why that one; how you kept the test data apart.")
    )
    results = _heading_field(_("Results"), _("Numbers against the baseline, and where it fails."))
    version = forms.CharField(required=False, widget=forms.HiddenInput)


class ReviewRequestForm(forms.Form):
    question = TextField(
        label=_("What should your mentor look at?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A question gets a better answer than “please review”."),
    )
    rubric = forms.ModelChoiceField(
        Rubric.objects.none(),
        label=_("Judged by"),
        required=False,
        empty_label=None,
        help_text=_("The wording of today is kept with the review."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rubric"].queryset = Rubric.objects.live().filter(used_by__contains="project")


def _score_name(criterion: str) -> str:
    return f"score-{criterion}"


class ReviewForm(forms.Form):
    """A written review: three sentences, scores by the rubric's words, what is endorsed, a verdict.

    Pinned to the check run that the mentor had on the page. What was typed is a draft until it is sent.
    """

    #: The words that a draft keeps beside scores and endorsements.
    WORDS = ["strength", "must_fix", "idea", "body"]
    NOT_JUDGED = "0"

    strength = TextField(label=_("One strength"), max_length=4000, required=False)
    must_fix = TextField(label=_("What must change"), max_length=4000, required=False)
    idea = TextField(label=_("One idea"), max_length=4000, required=False)
    body = TextField(
        label=_("Anything else"),
        max_length=20_000,
        required=False,
        help_text=_(
            "Markdown works. Whoever can see the project reads all of this, with your name."
        ),
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
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    verdict = forms.ChoiceField(
        choices=Review.Verdict,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose one of the two verdicts."),
            "invalid_choice": _("Choose one of the two verdicts."),
        },
    )

    def __init__(self, *args, review: Review, **kwargs):
        super().__init__(*args, **kwargs)
        self.review = review
        for name, rows in zip(self.WORDS, (3, 3, 3, 6), strict=True):
            self.fields[name].widget = forms.Textarea(attrs={"rows": rows})
        self.fields["check_run"].queryset = CheckRun.objects.conclusive().filter(
            repository__project=review.project
        )
        self.claims = {
            str(claim.pk): claim
            for claim in Claim.objects.filter(project=review.project).select_related("skill")
        }
        for pk, claim in self.claims.items():
            self.fields[f"endorse-{pk}"] = forms.TypedChoiceField(
                label=claim.skill.name,
                choices=[("", _("Not endorsed")), *SkillLevel.choices],
                coerce=int,
                empty_value=0,
                required=False,
            )
        for criterion in self.criteria:
            ratings = [(str(r["value"]), r["text"]) for r in criterion["ratings"]]
            self.fields[_score_name(criterion["slug"])] = forms.ChoiceField(
                label=criterion["title"],
                choices=[*ratings, (self.NOT_JUDGED, _("Not judged"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a rating, or “Not judged”.")},
            )

    @property
    def criteria(self) -> list[dict]:
        """The rubric's criteria, in the words that this review is judged by."""
        return list(self.review.rubric_text.get("criteria", ()))

    @property
    def scored(self) -> list[tuple[dict, forms.BoundField]]:
        """Each criterion with its field."""
        return [(criterion, self[_score_name(criterion["slug"])]) for criterion in self.criteria]

    @property
    def endorsable(self) -> list[tuple[Claim, forms.BoundField]]:
        """Each claim of the project with its field."""
        return [(claim, self[f"endorse-{pk}"]) for pk, claim in self.claims.items()]

    @property
    def unscored(self) -> int:
        """Criteria without a rating so far."""
        return sum(not field.value() for _, field in self.scored)

    @property
    def words(self) -> dict[str, object]:
        """What was typed, for a draft: as it came, nothing judged, but for NULs, which no database keeps."""
        scores = (_score_name(criterion["slug"]) for criterion in self.criteria)
        names = [*self.WORDS, *scores, *(f"endorse-{pk}" for pk in self.claims)]
        return {name: self.data.get(name, "").replace("\0", "") for name in names}

    def clean(self):
        """A verdict has words; nobody approves while a comment of theirs says that something must change."""
        cleaned = super().clean() or {}
        if not any(str(cleaned.get(name, "")).strip() for name in self.WORDS):
            self.add_error(
                "strength", _("Write what you saw: a verdict without words helps nobody.")
            )
        if cleaned.get("verdict") == Review.Verdict.APPROVED:
            author = self.review.reviewer_id
            left = self.review.comments.filter(author=author, severity="must_fix", resolved_at=None)
            if left.exists():
                self.add_error(
                    "verdict",
                    _(
                        "A comment of yours says that something must change. Settle it, or ask for changes."
                    ),
                )
        return cleaned

    @property
    def judgement(self) -> dict:
        """What portfolio.reviews.submit takes."""
        cleaned = self.cleaned_data
        scores = {
            criterion["slug"]: int(cleaned[_score_name(criterion["slug"])])
            for criterion in self.criteria
            if cleaned[_score_name(criterion["slug"])] != self.NOT_JUDGED
        }
        names = [*self.WORDS, "check_run", "verdict"]
        levels = {claim: cleaned[f"endorse-{pk}"] for pk, claim in self.claims.items()}
        endorsed = {claim: level for claim, level in levels.items() if level}
        return {name: cleaned[name] for name in names} | {"scores": scores, "endorsed": endorsed}

    def pin_to(self, check_run: CheckRun) -> None:
        """Have the page that shows the errors send this run with the text."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("check_run")] = str(check_run.pk)
        self.data = data


class CommentForm(forms.Form):
    """Words about a line of a file."""

    path = forms.CharField(max_length=1000, widget=forms.HiddenInput, strip=False)
    line = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    body = TextField(
        label=_("Comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what you want to say about this line.")},
    )
    severity = forms.ChoiceField(
        label=_("It is"), choices=Comment.Severity, initial=Comment.Severity.SUGGESTION
    )


class AnswerForm(forms.Form):
    body = TextField(
        label=_("Your answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write your answer.")},
    )


class DeclineForm(forms.Form):
    reason = LineField(
        label=_("Why it cannot be reviewed"),
        max_length=500,
        error_messages={"required": _("Your learner needs a reason, to do something about it.")},
    )


class HelpfulnessForm(forms.Form):
    """Private to the owner of the project."""

    value = forms.TypedChoiceField(
        label=_("Did it help?"),
        choices=Review.Helpfulness,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    note = LineField(label=_("In a sentence"), max_length=500, required=False)


class ReportForm(forms.Form):
    """What staff should know about a review."""

    reason = forms.ChoiceField(
        label=_("What is wrong"),
        choices=Report.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    text = TextField(
        label=_("What staff should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SnippetForm(forms.ModelForm):
    class Meta:
        model = Snippet
        fields = ["title", "text"]
        labels = {"title": _("Name"), "text": _("Words")}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        field_classes = {"title": LineField, "text": TextField}

    def clean_title(self):
        title = self.cleaned_data["title"]
        others = Snippet.objects.filter(mentor=self.instance.mentor_id, title=title)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You have words of this name already."))
        return title


class PrivateNoteForm(forms.Form):
    text = TextField(
        label=_("Private note"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only you read it."),
    )


class ClaimForm(forms.Form):
    """One skill that a project shows."""

    skill = forms.ModelChoiceField(
        Skill.objects.none(), label=_("Skill"), empty_label=_("Choose a skill")
    )
    level = forms.TypedChoiceField(
        label=_("At which level"),
        choices=SkillLevel.choices,
        coerce=int,
        initial=SkillLevel.WORKING,
    )
    note = LineField(
        label=_("Where to look"),
        max_length=300,
        required=False,
        help_text=_("A file or a section."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = Skill.objects.live().order_by("name")


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


class FigureField(LineField):
    """A number as somebody writes it; cleans to one that portfolio.figures knows."""

    TOLD = {
        "comma": _("Write it with a point and without commas: 12000, or 0.39."),
        "shape": _("Write a number here, such as 0.39; the unit has a field of its own."),
    }

    def __init__(self, **kwargs):
        super().__init__(
            max_length=24,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def to_python(self, value) -> str:
        text = super().to_python(value)
        try:
            return figures.clean(text) if text else ""
        except figures.NotAFigure as error:
            raise ValidationError(self.TOLD[str(error)], code=str(error)) from None


class RepositoryPathField(LineField):
    """A file of a repository by its path from the root, or the address of its page on GitHub."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=500,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            **kwargs,
        )

    def to_python(self, value) -> str:
        text = super().to_python(value).replace("\\", "/")
        if "://" in text:
            text = self._path_of(text)
        parts = [part for part in text.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise ValidationError(
                _("Write the path from the root of the repository, without “..”.")
            )
        return "/".join(parts)

    def _path_of(self, address: str) -> str:
        try:
            link = links.parse(address, web_url=settings.GITHUB_URL)
        except BadLink as error:
            raise ValidationError(error.message, code=str(error.reason)) from error
        if not link.file:
            raise ValidationError(_("That is not the address of a file; write its path instead."))
        return link.file


class MeasurementForm(forms.Form):
    """A number before and after, and the version of it that the writer began with."""

    metric = LineField(
        label=_("What you measured"),
        max_length=60,
        help_text=_(
            "The metric, in words that the reader knows: mean absolute error, latency p95."
        ),
    )
    result = FigureField(label=_("Your result"))
    baseline = FigureField(
        label=_("The baseline’s number"),
        required=False,
        help_text=_(
            "The same metric on the same data without your work. A number alone says little."
        ),
    )
    baseline_words = LineField(
        label=_("What the baseline is"),
        max_length=120,
        required=False,
        help_text=_("The rule in use today, the mean, logistic regression…"),
    )
    unit = LineField(
        label=_("Unit"),
        max_length=30,
        required=False,
        help_text=_("ms, bikes per hour, %. Of percentages we tell the change in points."),
    )
    direction = forms.ChoiceField(
        label=_("Which is better"),
        choices=Measurement.Direction,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: is a lower or a higher number better?")},
    )
    data_set = LineField(
        label=_("On which data"),
        max_length=200,
        required=False,
        help_text=_("Which set, how much of it, and how it was kept apart."),
    )
    repository = forms.ModelChoiceField(
        Repository.objects.none(), label=_("Repository"), required=False, empty_label=_("None")
    )
    path = RepositoryPathField(
        label=_("File that shows it"),
        required=False,
        help_text=_(
            "As it stands in the repository: reports/metrics.json. We look whether it is there and "
            "whether your result stands in it."
        ),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, project: Project, measurement: Measurement | None = None, **kwargs):
        own = project.repositories.all()
        if measurement:
            names = [*self.base_fields]
            kwargs.setdefault("initial", {name: getattr(measurement, name) for name in names})
        else:
            kwargs.setdefault("initial", {"repository": own.first()})
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["repository"]).queryset = own
        if own.count() < 2:
            self.fields["repository"].widget = forms.HiddenInput()

    def clean(self):
        """A path lies in one of the project's repositories; words for a baseline come with its number."""
        cleaned = super().clean() or {}
        if cleaned.get("path") and not cleaned.get("repository"):
            self.add_error(
                "path", _("This project has no such repository: link one first, or leave it empty.")
            )
        is_unsaid = not cleaned.get("baseline") and "baseline" not in self.errors
        if cleaned.get("baseline_words") and is_unsaid:
            self.add_error("baseline", _("What did the baseline reach? Write its number."))
        return cleaned


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


class StoryForm(forms.Form):
    """A story as behavioural interviews hear it, and the version that the writer began with."""

    title = LineField(label=_("What you call it"), max_length=120)
    project = forms.ModelChoiceField(
        label=_("Project it is about"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("None of them"),
    )
    situation = _story_field(_("Situation"), _("Where, when, who; two sentences."))
    task = _story_field(_("Task"), _("What was yours to do, and why it was hard."))
    action = _story_field(_("Action"), _("What you did, and decided; “I”, not “we”."))
    result = _story_field(_("Result"), _("With a number and how you measured it."))
    lesson = _story_field(_("Lesson"), _("What you do differently since."))
    themes = forms.MultipleChoiceField(
        label=_("What it can answer"),
        choices=Story.Theme,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, owner: User, story: Story | None = None, **kwargs):
        if story:
            names = ("title", "project", "themes", "version", *Story.PARTS)
            kwargs.setdefault("initial", {name: getattr(story, name) for name in names})
        super().__init__(*args, **kwargs)
        project = cast(forms.ModelChoiceField, self.fields["project"])
        project.queryset = Project.objects.owned_by(owner)
