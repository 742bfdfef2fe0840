"""The sheet of a mock interview: scores by the rubric of each format, notes, and follow-ups to practise.

While it is written only the interviewer sees it, and it is kept with every save. Sharing it ends the
interview, shows all but the private note to the learner, and puts the follow-ups into their practice, from
where one press takes them out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from accounts import kinds
from accounts.models import User
from curriculum import mock_interviews, practice
from curriculum.models import Card, Format, MockInterview, MockNote, MockQuestion, MockScore
from curriculum.practice import Wording

#: Follow-ups in own words on one sheet.
MOST_OWN = 5

State = MockInterview.State


class NotTheInterviewer(Exception):
    """Only who asks the questions writes the sheet."""


class NotBegun(Exception):
    """What has not taken place yet cannot be shared."""


class Empty(Exception):
    """Neither a score nor a note: there is nothing to share."""


class WrittenMeanwhile(Exception):
    """The sheet was saved in another tab since it was shown; `interview` is what it is now."""

    def __init__(self, interview: MockInterview):
        super().__init__(interview)
        self.interview = interview


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up in the interviewer's own words."""

    format: str
    prompt: str
    outline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an interviewer writes: scores by format and criterion, notes, and what to practise."""

    scores: Mapping[tuple[str, str], int] = field(default_factory=dict)
    shared_note: str = ""
    private_note: str = ""
    follow_ups: Sequence[int] = ()  # keys of questions of the plan
    own: Sequence[FollowUp] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """One format with each criterion of its rubric, the rating given, and its words."""

    format: Format
    rubric: Mapping[str, Any]
    criteria: tuple[tuple[Mapping[str, Any], int | None, str], ...]

    @property
    def is_judged(self) -> bool:
        return any(value for _criterion, value, _words in self.criteria)


@transaction.atomic
def write(interview: MockInterview, sheet: Sheet, *, by: User, version: int) -> MockInterview:
    """Keep the sheet as it is now, for its writer alone. Raises NotTheInterviewer, WrittenMeanwhile, or
    mock_interviews.ChangedMeanwhile when the interview is not agreed on any more.
    """
    if interview.interviewer_id != by.pk:
        raise NotTheInterviewer
    now = MockInterview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if not now.is_agreed:
        raise mock_interviews.changed(interview)
    if now.sheet_version != version:
        raise WrittenMeanwhile(now)
    facts = {"text": sheet.private_note, "sheet": _kept(sheet), "written_at": timezone.now()}
    MockNote.objects.update_or_create(interview=now, author=by, defaults=facts)
    MockInterview.objects.filter(pk=now.pk).update(sheet_version=F("sheet_version") + 1)
    interview.refresh_from_db()
    return interview


@transaction.atomic
def share(interview: MockInterview, sheet: Sheet, *, by: User, version: int) -> MockInterview:
    """Show the sheet to the learner, as it is from now on, and put the follow-ups into their practice.

    Raises NotBegun before the interview, Empty where nothing was judged or noted, and what `write` raises.
    """
    if not interview.has_begun:
        raise NotBegun
    if not sheet.scores and not sheet.shared_note.strip():
        raise Empty
    mock_interviews.hold(interview)
    interview = write(interview, sheet, by=by, version=version)
    mock_interviews.move(interview, State.HELD, by, shared_note=sheet.shared_note)
    MockNote.objects.filter(interview=interview, author=by).update(sheet={})
    MockNote.objects.filter(interview=interview, text="").delete()
    _give(interview, sheet)
    put_in(interview)
    mock_interviews.tell_other(interview, kinds.MOCK_SHARED, by)
    return interview


@transaction.atomic
def note(interview: MockInterview, text: str, *, by: User) -> None:
    """Keep what the interviewer writes for themselves, at any time; without words it goes."""
    if interview.interviewer_id != by.pk:
        raise NotTheInterviewer
    facts = {"text": text.strip() and text, "written_at": timezone.now()}
    MockNote.objects.update_or_create(interview=interview, author=by, defaults=facts)
    MockNote.objects.filter(interview=interview, text="", sheet={}).delete()


def so_far(interview: MockInterview, by: User) -> Sheet:
    """The sheet as its writer saved it last; an empty one before that."""
    own = MockNote.objects.filter(interview=interview, author=by).first()
    if own is None:
        return Sheet()
    kept = own.sheet
    return Sheet(
        scores={(format, slug): value for format, slug, value in kept.get("scores", ())},
        shared_note=kept.get("shared_note", ""),
        private_note=own.text,
        follow_ups=kept.get("follow_ups", ()),
        own=[FollowUp(each[0], each[1], tuple(each[2])) for each in kept.get("own", ())],
    )


def private_note(interview: MockInterview, user: User) -> str:
    own = MockNote.objects.filter(interview=interview, author=user).first()
    return own.text if own else ""


def scored(interview: MockInterview) -> list[Scored]:
    """Each format of an interview with its rubric as it stood, and what was given."""
    given = {(score.format, score.criterion): score.value for score in interview.scores.all()}
    found = []
    for format in interview.format_list:
        rubric = interview.rubrics.get(format.value, {})
        criteria = []
        for criterion in rubric.get("criteria", ()):
            value = given.get((format.value, criterion["slug"]))
            texts = {rating["value"]: rating["text"] for rating in criterion["ratings"]}
            criteria.append((criterion, value, texts.get(value, "")))
        found.append(Scored(format, rubric, tuple(criteria)))
    return found


# Follow-ups as cards


@transaction.atomic
def put_in(interview: MockInterview) -> int:
    """Put the follow-ups of a held interview into the learner's practice; how many are new there.

    A question that they have a card of is asked again today; others become new cards.
    """
    learner = User.objects.select_for_update(of=("self",)).get(pk=interview.learner_id)
    added = 0
    with timezone.override(learner.profile.zone):
        for entry in _follow_ups(interview).filter(card_version=None):
            if entry.question:
                card = Card.objects.filter(learner=learner, question=entry.question).first()
                if card:
                    card, entry.card_before = practice.bring_forward(card)
                else:
                    card = practice.take(learner, entry.question)
            else:
                card = practice.add(learner, f"mock/{entry.pk}", _wording(interview, entry))
                if card.is_set_aside:
                    card, entry.card_before = practice.bring_forward(card)
            entry.card, entry.card_version = card, card.version
            entry.save(update_fields=["card", "card_before", "card_version"])
            added += 1
    return added


@transaction.atomic
def take_out(interview: MockInterview) -> int:
    """Take the follow-ups out of the learner's practice again; how many.

    What they had before is scheduled as it was, unless they answered it since; a card that was made for
    this goes, unless it was answered: then it is set aside and its answers stay.
    """
    User.objects.select_for_update(of=("self",)).get(pk=interview.learner_id)
    taken = 0
    for entry in _follow_ups(interview).exclude(card_version=None):
        if entry.card and entry.card_before is not None:
            practice.put_back(entry.card, entry.card_before, version=entry.card_version)
        elif entry.card:
            practice.withdraw(entry.card)
        entry.refresh_from_db(fields=["card"])
        entry.card_before = entry.card_version = None
        entry.save(update_fields=["card_before", "card_version"])
        taken += 1
    return taken


def _follow_ups(interview: MockInterview) -> Any:
    found = interview.questions.filter(is_follow_up=True)
    return found.select_related("question", "card").order_by("position", "pk")


def _wording(interview: MockInterview, entry: MockQuestion) -> Wording:
    day = dateformat.format(timezone.localtime(interview.starts_at), "j F Y")
    return Wording(
        format=entry.own_format,
        prompt=entry.own_prompt,
        outline=tuple(entry.own_outline),
        origin=_("Mock interview of %(day)s") % {"day": day},
        path=interview.get_absolute_url(),
    )


def _kept(sheet: Sheet) -> dict[str, Any]:
    """A sheet as its row holds it; `so_far` reads it back."""
    return {
        "scores": [[format, slug, value] for (format, slug), value in sheet.scores.items()],
        "shared_note": sheet.shared_note,
        "follow_ups": list(sheet.follow_ups),
        "own": [[each.format, each.prompt, list(each.outline)] for each in sheet.own],
    }


def _give(interview: MockInterview, sheet: Sheet) -> None:
    """Write scores and follow-ups where the learner reads them; scores of the rubrics' criteria alone."""
    known = {
        (format, criterion["slug"])
        for format, rubric in interview.rubrics.items()
        for criterion in rubric.get("criteria", ())
    }
    MockScore.objects.bulk_create(
        MockScore(interview=interview, format=format, criterion=slug, value=value)
        for (format, slug), value in sheet.scores.items()
        if (format, slug) in known
    )
    interview.questions.filter(pk__in=sheet.follow_ups).update(is_follow_up=True)
    last = interview.questions.count()
    MockQuestion.objects.bulk_create(
        MockQuestion(
            interview=interview, position=last + n, own_format=each.format, own_prompt=each.prompt,
            own_outline=list(each.outline), is_follow_up=True,
        )
        for n, each in enumerate(list(sheet.own)[:MOST_OWN], start=1)
    )  # fmt: skip
