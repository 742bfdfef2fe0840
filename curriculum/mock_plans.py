"""Which questions to ask in a mock interview, and why: drawn from what the learner practises.

The same facts give the same plan. First comes what is due, then what was answered badly, then what fades,
then what was studied and never asked; among these, questions that bring a new skill. A plan is kept with
its interview, so that it does not change under the interviewer's eyes.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import dateformat, timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from curriculum import enrollments, fading, practice, progress
from curriculum.models import Attempt, Card, Format, MockInterview, MockQuestion, Question, Skill
from curriculum.practice import Deck

#: What was asked in a mock interview within so many days comes last.
ASKED_LATELY = timedelta(days=60)

#: Why a question is drawn, in the order in which they are.
REASONS = ("due", "weak", "fading", "begun", "format", "known")
BADLY = (Attempt.Confidence.AGAIN, Attempt.Confidence.HARD)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question with its reason and what tells it from others of the same reason."""

    question: Question
    why: dict[str, Any]
    rank: int
    place: tuple[Any, ...]
    skills: frozenset[int]


def draw(
    learner: User,
    formats: Iterable[Format],
    minutes: int,
    *,
    on: date,
    without: Collection[int] = (),
) -> list[tuple[Question, dict[str, Any]]]:
    """Questions that fill so many minutes, shared out among the formats, as of a day of the learner's.

    `without` are the keys of questions that are not to be drawn. Each comes with its reason, for `words`.
    """
    formats = list(formats)
    found = candidates(learner, on=on)
    plan = []
    for format in formats:
        pool = [
            each
            for each in found
            if each.question.format == format and each.question.pk not in without
        ]
        for each in _varied(pool, max(1, minutes // len(formats) // format.minutes)):
            plan.append((each.question, each.why))
    return plan


def candidates(learner: User, *, on: date) -> list[Candidate]:
    """Every live question with what speaks for asking this learner on that day, the strongest first."""
    with timezone.override(learner.profile.zone):
        deck = practice.deck(learner)
        enrollment = enrollments.of(learner)
        fades: Mapping[int, fading.Fading] = {}
        if enrollment:
            picture = progress.overview(enrollment)
            fades = {each.skill.pk: each for each in fading.of(learner, picture).fading}
    cards = {card.question_id: card for card in practice.cards_of(learner) if card.question_id}
    last = _last_answers(learner)
    lately = _asked_lately(learner)
    found = [
        _candidate(question, deck, cards.get(question.pk), last, fades, on, question.pk in lately)
        for question in deck.questions
    ]
    return sorted(found, key=lambda each: (each.rank, each.place))


def words(why: Mapping[str, Any]) -> str:
    """A reason as a sentence."""
    code, day = why.get("code"), _day(why.get("day"))
    if code == "due":
        return _("Due since %(day)s.") % {"day": day}
    if code == "weak":
        word = Attempt.Confidence(why["confidence"]).label
        return _("Last answered “%(word)s”, on %(day)s.") % {"word": word, "day": day}
    if code == "fading":
        days = int(why["days"])
        sentence = ngettext(
            "%(skill)s was not practised for %(days)d day.",
            "%(skill)s was not practised for %(days)d days.",
            days,
        )
        return sentence % {"skill": why["skill"], "days": days}
    if code == "begun":
        return _("Studied, and never asked so far.")
    if code == "known":
        return _("Known when it was last asked, on %(day)s: to see whether it holds.") % {
            "day": day
        }
    return _("Of this format; its skills were not studied yet.")


@transaction.atomic
def write(interview: MockInterview, *, without: Collection[int] = ()) -> list[MockQuestion]:
    """Draw the plan of an interview anew and keep it; follow-ups in own words stay."""
    day = timezone.localdate(interview.starts_at, interview.learner.profile.zone)
    interview.questions.filter(question__isnull=False).delete()
    plan = draw(
        interview.learner, interview.format_list, interview.minutes, on=day, without=without
    )
    return MockQuestion.objects.bulk_create(
        MockQuestion(interview=interview, position=position, question=question, why=why)
        for position, (question, why) in enumerate(plan, start=1)
    )


@transaction.atomic
def exchange(entry: MockQuestion) -> MockQuestion | None:
    """Put the next question of the same format in its place; None where there is no other.

    Going on comes past every question of the format once, and then begins again.
    """
    interview = entry.interview
    day = timezone.localdate(interview.starts_at, interview.learner.profile.zone)
    pool = [
        each
        for each in candidates(interview.learner, on=day)
        if each.question.format == entry.format
    ]
    taken = set(interview.questions.exclude(pk=entry.pk).values_list("question", flat=True))
    place = next((n for n, each in enumerate(pool) if each.question.pk == entry.question_id), -1)
    for each in pool[place + 1 :] + pool[: max(place, 0)]:
        if each.question.pk not in taken:
            entry.question, entry.why, entry.is_follow_up = each.question, each.why, False
            entry.save(update_fields=["question", "why", "is_follow_up"])
            return entry
    return None


def _candidate(
    question: Question,
    deck: Deck,
    card: Card | None,
    last: Mapping[int, tuple[int, date]],
    fades: Mapping[int, fading.Fading],
    on: date,
    is_lately: bool,
) -> Candidate:
    skills = frozenset(deck.skills.get(question.pk, ()))
    hardness = list(Question.Difficulty).index(Question.Difficulty(question.difficulty))
    fade = max(
        (fades[each] for each in skills if each in fades), key=lambda f: f.days, default=None
    )
    why: dict[str, Any]
    place: tuple[Any, ...]
    confidence, day = last.get(question.pk, (0, None))
    if card and card.due_on and card.due_on <= on and not card.is_set_aside:
        why, place = {"code": "due", "day": card.due_on.isoformat()}, (card.due_on,)
    elif day and confidence in BADLY:
        why = {"code": "weak", "day": day.isoformat(), "confidence": confidence}
        place = (confidence, day)
    elif fade:
        why = {"code": "fading", "days": fade.days, "skill": fade.skill.name}
        place = (-fade.days, hardness)
    elif day:
        why, place = {"code": "known", "day": day.isoformat()}, (day,)
    elif skills and skills.issubset(deck.begun):
        why, place = {"code": "begun"}, (hardness,)
    else:
        why, place = {"code": "format"}, (len(skills.difference(deck.begun)), hardness)
    rank = REASONS.index(why["code"]) + (len(REASONS) if is_lately else 0)
    return Candidate(question, why, rank, (*place, question.position), skills)


def _varied(pool: list[Candidate], count: int) -> list[Candidate]:
    """The strongest, where one that brings no skill beyond those of the others stands one rank back."""
    left, covered = list(pool), set[int]()
    picked: list[Candidate] = []
    while left and len(picked) < count:
        best = min(
            left,
            key=lambda each: (each.rank + each.skills.issubset(covered), each.rank, each.place),
        )
        left.remove(best)
        picked.append(best)
        covered |= best.skills
    return picked


def _last_answers(learner: User) -> dict[int, tuple[int, date]]:
    """The confidence of the last answer to each question and its day, by the question's key."""
    answers = Attempt.objects.standing().filter(card__learner=learner).exclude(card__question=None)
    rows = answers.order_by("turn").values_list("card__question", "confidence", "day")
    return {question: (confidence, day) for question, confidence, day in rows}


def _asked_lately(learner: User) -> set[int]:
    since = timezone.now() - ASKED_LATELY
    held = MockInterview.objects.filter(learner=learner, state="held", starts_at__gte=since)
    asked = MockQuestion.objects.filter(interview__in=held, question__isnull=False)
    return set(asked.values_list("question", flat=True))


def _day(text: Any) -> str:
    day = parse_date(str(text)) if text else None
    return dateformat.format(day, "j F") if day else ""


def skills_of(questions: Iterable[MockQuestion]) -> dict[int, list[Skill]]:
    """The skills of planned questions, by the question's key, in one query."""
    keys = [each.question_id for each in questions if each.question_id]
    found = Question.objects.filter(pk__in=keys).prefetch_related("skills")
    return {question.pk: list(question.skills.all()) for question in found}
