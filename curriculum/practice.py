"""Interview practice: which cards are asked today, what an answer does to one, and taking it back.

Days are those of the time zone that is active, which is the learner's own. What is due and not done
waits; nothing counts it as a debt, and no day asks for more than the learner's cap.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import User
from curriculum import recall
from curriculum.models import Attempt, Card, ModuleSkill, Practice, Question, UnitCompletion
from curriculum.models.practice import MOST_LETTERS, Format

#: A card forgotten so often after it was known is set aside: it wants study, not asking. Anki calls
#: such a card a leech, after eight; an interview is nearer than that.
LEECH = 5
#: What stands between two answers that were written to the same question in two tabs.
RULE = "\n\n---\n\n"
#: Nobody thinks longer than that; the tab was left open.
MOST_SECONDS = 4 * 60 * 60
#: What an answer changes on a card, and taking it back restores.
STATE = (
    "phase", "step", "stability", "difficulty", "last_on", "due_on", "due_at", "lapses",
    "set_aside_at",
)  # fmt: skip
#: What saying how it went sets on an attempt.
ANSWER = ["confidence", "answered_at", "day", "turn", "before"]


class ChangedMeanwhile(Exception):
    """The card is not the one that the page showed: it was answered, or taken back, elsewhere."""


class NotTheLast(Exception):
    """Only the last answer of today can be taken back."""


class IsPaused(Exception):
    """Nothing is asked and nothing counts while practice is paused."""


@dataclass(frozen=True)
class Deck:
    """A learner's cards and the questions around them, as they stand at a moment of a day."""

    day: date
    now: datetime
    practice: Practice
    cards: tuple[Card, ...]  # of questions that have not retired, by the day they are due
    answered: Mapping[int, int]  # card today: see _answered
    questions: tuple[Question, ...]
    skills: Mapping[int, list[int]]  # by a question's key
    begun: Mapping[int, int]  # see begun_skills

    @cached_property
    def untaken(self) -> tuple[Question, ...]:
        """Questions of which there is no card yet."""
        taken = {card.question_id for card in self.cards}
        return tuple(question for question in self.questions if question.pk not in taken)

    @cached_property
    def within_reach(self) -> tuple[Question, ...]:
        """Of these, those of which every skill was begun."""
        return tuple(
            question
            for question in self.untaken
            if all(skill in self.begun for skill in self.skills.get(question.pk, ()))
        )


@dataclass(frozen=True, slots=True)
class Today:
    """What a learner's day holds. `again`, `due` and `new` are what is still asked, in this order."""

    day: date
    practice: Practice
    answered: int  # cards, each once
    again: tuple[Card, ...]  # answered today, and to be asked once more: they are counted already
    due: tuple[Card, ...]
    new: tuple[Card | Question, ...]
    over: int  # cards that are due and beyond the cap: they wait for another day
    later: tuple[Card, ...]  # come back within this sitting, not yet
    set_aside: tuple[Card, ...]
    out_of_reach: int  # questions of skills that were not begun

    @property
    def queue(self) -> tuple[Card | Question, ...]:
        return () if self.practice.is_paused else self.again + self.due + self.new

    @property
    def left(self) -> int:
        return len(self.queue)

    @property
    def total(self) -> int:
        """Cards of today, done and to do. One that comes back is counted once."""
        return self.answered + len(self.due) + len(self.new)

    @property
    def by_format(self) -> list[tuple[Format, int]]:
        """How many cards each format still has today."""
        counts = Counter(card.format for card in self.queue)
        return [(format, counts[format.value]) for format in Format]

    @property
    def days_to_clear(self) -> int:
        """In how many more days what is over the cap is asked, if nothing else falls due."""
        return -(-self.over // self.practice.daily_cap)


@dataclass(frozen=True, slots=True)
class Kept:
    """How well a learner keeps one format: questions within reach, and of these, by what is known."""

    format: Format
    within_reach: int
    practised: int  # answered at least once
    known: int  # at least as likely known today as the learner asks for
    last_on: date | None

    @property
    def word(self) -> str:
        """none, part or kept: in words and not in per cent, since it is a forecast of memory."""
        if not self.practised:
            return "none"
        return "kept" if self.known * 4 >= self.within_reach * 3 else "part"


def of(learner: User) -> Practice:
    """How a learner practises; the defaults, unsaved, for who never said."""
    return Practice.objects.filter(learner=learner).first() or Practice(learner=learner)


def cards_of(learner: User) -> QuerySet[Card]:
    """A learner's cards, each with its question."""
    return Card.objects.filter(learner=learner).select_related("question")


def attempts_of(learner: User) -> QuerySet[Attempt]:
    """A learner's attempts, each with its card; the last answer first."""
    return Attempt.objects.filter(card__learner=learner).select_related("card")


def deck(learner: User) -> Deck:
    """All that a learner's practice is computed from, in six queries."""
    day = timezone.localdate()
    skills: dict[int, list[int]] = defaultdict(list)
    for question, skill in Question.skills.through.objects.values_list("question_id", "skill_id"):
        skills[question].append(skill)
    return Deck(
        day=day,
        now=timezone.now(),
        practice=of(learner),
        cards=tuple(
            cards_of(learner)
            .filter(question__retired_at=None, retired_at=None)
            .order_by("due_on", "pk")
        ),
        answered=_answered(learner, day),
        questions=tuple(Question.objects.live().defer("outline", "follow_ups")),
        skills=skills,
        begun=begun_skills(learner),
    )


def today(deck: Deck) -> Today:
    """What is asked today: what comes back within the sitting, what is due, then what is new."""
    in_play = [card for card in deck.cards if not card.is_set_aside]
    come = [card for card in in_play if card.due_on and card.due_on <= deck.day]
    ready = [card for card in come if card.due_at is None or card.due_at <= deck.now]
    again = [card for card in ready if card.pk in deck.answered]
    due = [card for card in ready if card.pk not in deck.answered]
    room = max(0, deck.practice.daily_cap - len(deck.answered))
    begun = sum(1 for number in deck.answered.values() if number == 1)
    fresh = max(0, min(deck.practice.new_a_day - begun, room - len(due)))
    new: list[Card | Question] = [card for card in in_play if card.phase == Card.Phase.NEW]
    new += _in_turn(deck)
    return Today(
        day=deck.day,
        practice=deck.practice,
        answered=len(deck.answered),
        again=tuple(sorted(again, key=lambda card: (card.due_at or deck.now, card.pk))),
        due=tuple(due[:room]),
        new=tuple(new[:fresh]),
        over=len(due[room:]),
        later=tuple(card for card in come if card.due_at and card.due_at > deck.now),
        set_aside=tuple(card for card in deck.cards if card.is_set_aside),
        out_of_reach=len(deck.untaken) - len(deck.within_reach),
    )


def next_card(learner: User) -> Card | None:
    """The card to ask now; one is made of a question that is asked for the first time."""
    first = next(iter(today(deck(learner)).queue), None)
    return take(learner, first) if isinstance(first, Question) else first


def take(learner: User, question: Question) -> Card:
    """The learner's card of a question, made if there is none."""
    card, _ = Card.objects.get_or_create(learner=learner, question=question)
    return card


@transaction.atomic
def reveal(card: Card, written: str = "", *, version: int, seconds: int | None = None) -> Attempt:
    """Show the answer to a card: an attempt begins, with what was written, and waits for a confidence.

    Once more, as a second tab sends it, adds what was written there and begins nothing. Raises
    ChangedMeanwhile when the card was answered since it was shown; IsPaused when practice is.
    """
    card = _hold(card, version)
    if of(card.learner).is_paused:
        raise IsPaused
    written = written.replace("\r\n", "\n").strip()[:MOST_LETTERS]
    attempt = card.attempts.filter(confidence=None).first()
    if attempt is None:
        last = card.attempts.order_by("-number").values_list("number", flat=True).first() or 0
        return card.attempts.create(number=last + 1, written=written, seconds=_bounded(seconds))
    if written:
        _write(attempt, written)
    return attempt


@transaction.atomic
def grade(card: Card, confidence: int, *, version: int) -> Attempt:
    """Say how a revealed answer went: 1 to 4. The card comes back when FSRS says.

    Raises ChangedMeanwhile when it was answered elsewhere, or was not revealed; then nothing counts.
    Raises IsPaused when practice is paused; what was written stays.
    """
    card = _hold(card, version)
    practice = of(card.learner)
    if practice.is_paused:
        raise IsPaused
    attempt = card.attempts.filter(confidence=None).first()
    if attempt is None:
        raise ChangedMeanwhile
    now = timezone.now()
    day = timezone.localdate(now)
    attempt.before = _state_of(card)
    memory, wait = _outcome(card, confidence, day, practice)
    if confidence == recall.AGAIN and card.phase == Card.Phase.KEPT:
        card.lapses += 1
        if card.lapses >= LEECH:
            card.set_aside_at = now
    card.phase, card.step = memory.phase, memory.step
    card.stability, card.difficulty, card.last_on = memory.stability, memory.difficulty, day
    card.due_on, card.due_at = _when(wait, day, now)
    _change(card)
    attempt.confidence, attempt.answered_at, attempt.day = confidence, now, day
    attempt.turn = _next_turn(card.learner)
    attempt.save(update_fields=ANSWER)
    return attempt


def last_answer(learner: User) -> Attempt | None:
    """What can be taken back: the learner's last answer, if it was today and no card changed since."""
    last = (
        Attempt.objects.standing()
        .filter(card__learner=learner)
        .select_related("card__question")
        .first()
    )
    return last if last and last.day == timezone.localdate() else None


@transaction.atomic
def undo(attempt: Attempt) -> Card:
    """Take the last answer back: its card is as it was before, its answer shown, its words kept.

    Raises NotTheLast for one that was taken back already, or is not the last of today.
    """
    User.objects.select_for_update(of=("self",)).get(pk=attempt.card.learner_id)
    card = Card.objects.select_for_update(of=("self",)).get(pk=attempt.card_id)
    last = last_answer(card.learner)
    if last is None or last.pk != attempt.pk:
        raise NotTheLast
    if opened := card.attempts.filter(confidence=None).first():
        Attempt.objects.filter(pk=opened.pk).delete()
        if opened.written:
            _write(last, opened.written)
    _restore(card, last.before or {})
    _change(card)
    last.confidence = last.answered_at = last.day = last.turn = last.before = None
    last.save(update_fields=ANSWER)
    return card


def place_of(card: Card, day: Today) -> str:
    """Where a card stands in a learner's day: counted, again (it is counted already), or beside it."""
    keys = {entry.pk for entry in day.due + day.new if isinstance(entry, Card)}
    if card.pk in keys or (card.phase == Card.Phase.NEW and card.question in day.new):
        return "counted"
    return "again" if card.last_on == day.day else "beside"


def previews(card: Card, practice: Practice) -> dict[int, timedelta]:
    """The wait after each confidence, as `grade` would make it now."""
    day = timezone.localdate()
    return {
        confidence: _outcome(card, confidence, day, practice)[1]
        for confidence in Attempt.Confidence.values
    }


@transaction.atomic
def settle(learner: User, *, daily_cap: int, new_a_day: int, retention: int) -> Practice:
    """Keep how a learner wants to practise. What is scheduled stays; the next answers follow it."""
    practice = _own(learner)
    practice.daily_cap, practice.new_a_day = daily_cap, new_a_day
    practice.retention = retention
    practice.save(update_fields=["daily_cap", "new_a_day", "retention"])
    return practice


@transaction.atomic
def pause(learner: User) -> Practice:
    """Ask nothing from today on. Pausing twice is pausing once."""
    practice = _own(learner)
    if practice.paused_on is None:
        practice.paused_on = timezone.localdate()
        practice.save(update_fields=["paused_on"])
    return practice


@transaction.atomic
def resume(learner: User) -> int:
    """Go on: every card is due as many days later as the pause was long. Returns these days."""
    practice = _own(learner)
    if practice.paused_on is None:
        return 0
    days = max(0, (timezone.localdate() - practice.paused_on).days)
    if days:
        cards = list(
            Card.objects.select_for_update(of=("self",))
            .filter(learner=learner, due_on__isnull=False)
            .order_by("pk")
        )
        for card in cards:
            if card.due_on:
                card.due_on, card.due_at = card.due_on + timedelta(days=days), None
                card.version += 1
        Card.objects.bulk_update(cards, ["due_on", "due_at", "version"])
    practice.paused_on = None
    practice.save(update_fields=["paused_on"])
    return days


@transaction.atomic
def take_up(card: Card) -> Card:
    """Ask a card again that was set aside, from today on; what was forgotten before counts no more."""
    card = _lock(card)
    if card.is_set_aside:
        card.set_aside_at, card.lapses = None, 0
        if card.due_on:
            card.due_on, card.due_at = timezone.localdate(), None
        _change(card)
    return card


@transaction.atomic
def set_aside(card: Card) -> Card:
    """Ask a card no more until it is taken up again."""
    card = _lock(card)
    if not card.is_set_aside:
        card.set_aside_at = timezone.now()
        _change(card)
    return card


# Cards of other sources: a mock interview, a line of a résumé


@dataclass(frozen=True, slots=True)
class Wording:
    """What a card of another source asks, and where it is from: in words, and the path of a page.

    `facts` are what the words rest on, each by its name; when one changes the card is due. One that
    is not known yet is left out.
    """

    format: str
    prompt: str
    outline: tuple[str, ...] = ()
    origin: str = ""
    path: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


#: Changes of its facts that a card remembers.
MOST_CHANGES = 20


def add(learner: User, source: str, wording: Wording) -> Card:
    """The learner's card of a source such as "mock/17", made if there is none; its words stay as they are."""
    card, _ = Card.objects.get_or_create(
        learner=learner, source=source, defaults=_fields_of(wording)
    )
    return card


@transaction.atomic
def keep(learner: User, source: str, wording: Wording) -> Card:
    """The learner's card of a source, in these words from now on; a retired one is asked again.

    Where a fact changed the card is due today and says what changed; what it asked before is
    remembered with the day. New words for the same facts change nothing else.
    """
    card = _lock(add(learner, source, wording))
    fields = _fields_of(wording)
    news = _news(card.own_facts, fields["own_facts"])
    if (
        not news
        and not card.retired_at
        and all(getattr(card, name) == value for name, value in fields.items())
    ):
        return card
    if news:
        today = timezone.localdate()
        change = {"on": today.isoformat(), "news": news, "asked": card.own_prompt}
        card.own_changes = [*card.own_changes, change][-MOST_CHANGES:]
        if card.due_on and card.due_on > today:
            card.due_on, card.due_at = today, None
    for name, value in fields.items():
        setattr(card, name, value)
    card.retired_at = None
    card.version += 1
    card.save(update_fields=[*fields, "own_changes", "retired_at", "due_on", "due_at", "version"])
    return card


def retire(learner: User, sources: Iterable[str]) -> int:
    """Ask the cards of these sources no more, since what they are about is gone; their answers stay."""
    gone = Card.objects.filter(learner=learner, source__in=list(sources), retired_at=None)
    return gone.update(retired_at=timezone.now(), version=F("version") + 1)


@transaction.atomic
def bring_forward(card: Card) -> tuple[Card, dict[str, Any]]:
    """Ask a card today, whenever it was due, also one that was set aside; returns what to put back.

    One that was never answered is asked as a new one, as before.
    """
    card = _lock(card)
    before = _state_of(card)
    if card.is_set_aside:
        card.set_aside_at, card.lapses = None, 0
    if card.due_on:
        card.due_on, card.due_at = min(card.due_on, timezone.localdate()), None
    _change(card)
    return card, before


@transaction.atomic
def put_back(card: Card, before: Mapping[str, Any], *, version: int) -> bool:
    """Take `bring_forward` back; whether it could be: not once the card was answered or changed since."""
    card = _lock(card)
    if card.version != version:
        return False
    _restore(card, before)
    _change(card)
    return True


@transaction.atomic
def withdraw(card: Card) -> None:
    """Take out a card that somebody else's word put in. One that was answered stays with its answers:
    of a question as it is, of another source set aside.
    """
    card = _lock(card)
    if card.attempts.exists():
        if card.question is None and not card.is_set_aside:
            card.set_aside_at = timezone.now()
            _change(card)
    else:
        card.delete()


def due_skills(learner: User) -> frozenset[int]:
    """The keys of the skills of which a card is due today, in one query; none while paused."""
    due = (
        Card.objects.filter(learner=learner, learner__practice__paused_on=None)
        .due(timezone.localdate())
        .exclude(question=None)
    )
    return frozenset(due.order_by().values_list("question__skills", flat=True).distinct())


def by_format(deck: Deck) -> list[Kept]:
    """How well each of the four formats is kept in mind today."""
    by = recall.scheduler(deck.practice.retention / 100)
    reach = Counter(card.format for card in deck.cards)
    reach.update(Format(question.format) for question in deck.within_reach)
    answered: dict[str, list[Card]] = defaultdict(list)
    for card in deck.cards:
        if card.last_on:
            answered[card.format].append(card)
    return [
        Kept(
            format=format,
            within_reach=reach[format],
            practised=len(answered[format]),
            known=sum(
                round(recall.chance(card.memory, deck.day, by), 2) >= by.desired_retention
                for card in answered[format]
            ),
            last_on=max((card.last_on for card in answered[format] if card.last_on), default=None),
        )
        for format in Format
    ]


def begun_skills(learner: User) -> dict[int, int]:
    """Skills of which the learner completed a unit, by their key: the number of the first such module.

    One query. A module whose units are all open again has not begun.
    """
    done = UnitCompletion.objects.standing().filter(enrollment__learner=learner)
    return dict(
        ModuleSkill.objects.filter(module__in=done.values("unit__module"))
        .order_by("skill")
        .values_list("skill")
        .annotate(first=Min("module__number"))
    )


def _fields_of(wording: Wording) -> dict[str, Any]:
    return {
        "own_format": wording.format,
        "own_prompt": wording.prompt,
        "own_outline": list(wording.outline),
        "own_origin": wording.origin,
        "own_path": wording.path,
        "own_facts": dict(wording.facts),
    }


def _news(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What changed, a line for each fact that both name: as it was and as it is; "–" for nothing."""
    return [
        f"{name}: {before[name] or '–'} → {value or '–'}"
        for name, value in after.items()
        if before.get(name, value) != value
    ]


def _in_turn(deck: Deck) -> list[Question]:
    """New questions within reach, the formats in turn; of each format in the order of the modules
    in which its skills were begun, from easy to hard.
    """
    hardness = list(Question.Difficulty)

    def rank(question: Question) -> tuple[int, int, int]:
        number = max((deck.begun[skill] for skill in deck.skills[question.pk]), default=0)
        return (number, hardness.index(Question.Difficulty(question.difficulty)), question.position)

    turns: Counter[str] = Counter()
    places = {}
    for question in sorted(deck.within_reach, key=rank):
        places[question] = (turns[question.format], list(Format).index(Format(question.format)))
        turns[question.format] += 1
    return sorted(places, key=places.__getitem__)


def _answered(learner: User, day: date) -> Mapping[int, int]:
    """The cards answered on a day, by key: the number of the first such attempt, 1 for a new card."""
    answers = Attempt.objects.standing().filter(card__learner=learner, day=day)
    return dict(answers.order_by("card").values_list("card").annotate(Min("number")))


def _outcome(
    card: Card, confidence: int, day: date, practice: Practice
) -> tuple[recall.Memory, timedelta]:
    return recall.answer(card.memory, confidence, day, recall.scheduler(practice.retention / 100))


def _when(wait: timedelta, day: date, now: datetime) -> tuple[date, datetime | None]:
    """The day a card is due on, and the moment if that is within a sitting."""
    if wait >= recall.DAY:
        return day + timedelta(days=wait.days), None
    return max(day, timezone.localdate(now + wait)), now + wait


def _hold(card: Card, version: int) -> Card:
    """The card for this transaction alone, if it is still the one that was shown."""
    card = _lock(card)
    if card.version != version:
        raise ChangedMeanwhile
    return card


def _lock(card: Card) -> Card:
    """A learner's presses queue up, so that none decides by what another is changing."""
    User.objects.select_for_update(of=("self",)).get(pk=card.learner_id)
    locked = Card.objects.select_for_update(of=("self",)).select_related("question", "learner")
    return locked.get(pk=card.pk)


def _own(learner: User) -> Practice:
    """The learner's row, locked, made if there is none."""
    User.objects.select_for_update(of=("self",)).get(pk=learner.pk)
    practice, _ = Practice.objects.get_or_create(learner=learner)
    return practice


def _change(card: Card) -> None:
    card.version += 1
    card.save(update_fields=[*STATE, "version"])


def _state_of(card: Card) -> dict[str, Any]:
    values = {name: getattr(card, name) for name in STATE}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _restore(card: Card, before: Mapping[str, Any]) -> None:
    for name in STATE:
        value = before[name]
        if value and name in {"last_on", "due_on"}:
            value = parse_date(value)
        elif value and name in {"due_at", "set_aside_at"}:
            value = parse_datetime(value)
        setattr(card, name, value)


def _next_turn(learner: User) -> int:
    """Answers are in the order in which they were given, whatever the clock did between them."""
    given = Attempt.objects.filter(card__learner=learner).aggregate(last=Max("turn"))
    return (given["last"] or 0) + 1


def _write(attempt: Attempt, written: str) -> None:
    """Keep words beside those that an attempt holds already; the same words are kept once."""
    if written in attempt.written:
        return
    both = attempt.written + RULE + written if attempt.written else written
    attempt.written = both
    attempt.save(update_fields=["written"])


def _bounded(seconds: int | None) -> int | None:
    return min(seconds, MOST_SECONDS) if seconds and seconds > 0 else None
