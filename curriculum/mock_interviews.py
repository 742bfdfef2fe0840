"""Propose a mock interview, agree on a moment, propose others, cancel; and what the clock does to one.

Every change of state is a conditional update on the version that the person had on their page, and is
written down as a move. The people of an interview are held while it changes, so that nobody agrees to two
at one time, or to one with somebody whom a block has just kept apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from accounts import blocks, kinds, notices
from accounts.kinds import Kind
from accounts.models import Membership, User
from curriculum import mock_plans, rubrics
from curriculum.models import MockInterview, MockSlot, Practice
from curriculum.models.mock_interviews import LENGTHS, MOST_SLOTS, MockInterviewQuerySet

#: Proposals of one person that nobody has answered yet.
MOST_PROPOSED = 10
#: How far ahead one may propose.
FURTHEST = timedelta(days=90)
#: How long after it was to be held an interview waits for its sheet.
WAITS = timedelta(days=14)
#: How long before it both are reminded.
REMINDED = timedelta(days=1)

State = MockInterview.State


class NotTogether(Exception):
    """The one does not mentor the other, and they are no peers who both agree to be asked."""


class TooMany(Exception):
    """The person has as many proposals without an answer as one may have."""


class BadSlots(Exception):
    """One to five moments, all different, all to come and within 90 days."""


class ChangedMeanwhile(Exception):
    """The interview is not the one that the page showed; `interview` is what it is now."""

    def __init__(self, interview: MockInterview):
        super().__init__(interview)
        self.interview = interview


class SlotOver(Exception):
    """The moment has passed."""


class Busy(Exception):
    """One of the two has another mock interview at that time; `person` is which."""

    def __init__(self, person: User):
        super().__init__(person)
        self.person = person


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody to meet: as one's interviewer, or as the learner whom one interviews."""

    person: User
    asks: bool  # they ask the questions
    cohort: str = ""  # of a peer: where both learn

    @property
    def key(self) -> str:
        return f"{'by' if self.asks else 'of'}:{self.person.profile.handle}"


def partners_of(user: User) -> list[Partner]:
    """Whom a person may propose to: mentors, learners, and peers who said that they may be asked."""
    with_face = User.objects.select_related("profile").order_by("profile__name", "pk")
    mentors = [Partner(each, True) for each in with_face.guiding(user)]
    learners = [Partner(each, False) for each in with_face.guided_by(user)]
    guides = {partner.person.pk for partner in mentors}
    guided = {partner.person.pk for partner in learners}
    named = _cohorts_beside(user)
    peers = [each for each in with_face.learning_beside(user) if each.pk in named]
    willing = set(
        Practice.objects.filter(learner__in=peers, meets_peers=True).values_list(
            "learner", flat=True
        )
    )
    peers = [each for each in peers if each.pk in willing]
    asking = [Partner(each, True, named[each.pk]) for each in peers if each.pk not in guides]
    answering = [Partner(each, False, named[each.pk]) for each in peers if each.pk not in guided]
    return mentors + asking + learners + answering


def may_meet(learner: User, interviewer: User | None) -> bool:
    """Whether the two may have an interview now: by a mentorship, a mentor's cohort, or as peers."""
    if interviewer is None:
        return False
    if User.objects.guided_by(interviewer).filter(pk=learner.pk).exists():
        return learner.is_active and interviewer.is_active
    return (
        User.objects.learning_beside(learner).filter(pk=interviewer.pk).exists()
        and learner.is_active
    )


@transaction.atomic
def welcome_peers(learner: User, is_welcome: bool) -> None:
    """Let learners of one's cohorts ask for a mock interview, or no longer."""
    User.objects.select_for_update(of=("self",)).get(
        pk=learner.pk
    )  # as all who begin a practice do
    Practice.objects.update_or_create(learner=learner, defaults={"meets_peers": is_welcome})


# What the two do


@transaction.atomic
def propose(
    by: User,
    partner: Partner,
    *,
    formats: Sequence[str],
    slots: Sequence[datetime],
    minutes: int = 60,
    wish: str = "",
    place: str = "",
) -> MockInterview:
    """Ask somebody for an interview at one of these moments.

    Raises NotTogether, TooMany or BadSlots.
    """
    learner, interviewer = (by, partner.person) if partner.asks else (partner.person, by)
    blocks.hold(learner, interviewer)
    if partner.key not in {each.key for each in partners_of(by)}:
        raise NotTogether
    if MockInterview.objects.filter(asked_by=by, state=State.PROPOSED).count() >= MOST_PROPOSED:
        raise TooMany
    interview = MockInterview.objects.create(
        learner=learner,
        interviewer=interviewer,
        asked_by=by,
        formats=list(formats),
        minutes=minutes,
        wish=wish,
        place=place,
    )
    _offer(interview, slots)
    interview.moves.create(to_state=State.PROPOSED, moved_by=by)
    notices.tell(
        partner.person,
        kinds.MOCK_PROPOSED,
        key=_key(interview),
        path=interview.get_absolute_url(),
        actor=by,
        facts={"formats": interview.format_words},
    )
    return interview


@transaction.atomic
def agree(interview: MockInterview, slot: int, *, by: User) -> MockInterview:
    """Say yes to one of the proposed moments, by its key. The first yes counts; then the plan is drawn.

    Raises ChangedMeanwhile when the proposal is not the one that was shown, or is one's own; SlotOver, Busy,
    and NotTogether when the two may not meet any more.
    """
    hold(interview)
    chosen = MockSlot.objects.filter(interview=interview, pk=slot).first()
    if chosen is None:
        raise changed(interview)
    if chosen.is_over:
        raise SlotOver
    if not may_meet(interview.learner, interview.interviewer):
        raise NotTogether
    if person := _who_is_busy(interview, chosen.starts_at):
        raise Busy(person)
    theirs = Q(asked_by=None) | ~Q(asked_by=by)
    move(
        interview, State.AGREED, by, theirs, starts_at=chosen.starts_at, sequence=F("sequence") + 1
    )
    if not interview.questions.exists():
        mock_plans.write(interview)
        interview.rubrics = rubrics.of_formats(interview.format_list)
        interview.save(update_fields=["rubrics"])
    tell_other(interview, kinds.MOCK_AGREED, by, moment=chosen.starts_at)
    return interview


@transaction.atomic
def propose_others(
    interview: MockInterview, slots: Sequence[datetime], *, by: User
) -> MockInterview:
    """Offer other moments in place of those that stand; a moment that was agreed on holds no more.

    Then the other one answers. Raises ChangedMeanwhile, NotTogether or BadSlots.
    """
    hold(interview)
    if not may_meet(interview.learner, interview.interviewer):
        raise NotTogether
    sequence = F("sequence") + 1 if interview.is_agreed else F("sequence")
    move(interview, State.PROPOSED, by, starts_at=None, sequence=sequence, asked_by=by)
    _offer(interview, slots)
    tell_other(interview, kinds.MOCK_CHANGED, by, what=_("other times are proposed"))
    return interview


@transaction.atomic
def cancel(interview: MockInterview, *, by: User, reason: str = "") -> MockInterview:
    """Decline, take back or call off. Raises ChangedMeanwhile."""
    before = interview.starts_at
    hold(interview)
    sequence = F("sequence") + 1 if before else F("sequence")
    move(interview, State.CANCELLED, by, reason=reason, sequence=sequence)
    what = _("it is declined") if interview.asked_by_id != by.pk else _("it is taken back")
    tell_other(interview, kinds.MOCK_CHANGED, by, what=_("it is cancelled") if before else what)
    return interview


@transaction.atomic
def meet_at(interview: MockInterview, place: str, *, by: User) -> MockInterview:
    """Say where: a link or a room. Raises ChangedMeanwhile; the same place again changes nothing."""
    if place == interview.place:
        return interview
    sequence = F("sequence") + 1 if interview.is_agreed else F("sequence")
    same = MockInterview.objects.open().filter(pk=interview.pk, version=interview.version)
    changed_at = timezone.now()
    if not same.update(
        place=place, version=F("version") + 1, sequence=sequence, changed_at=changed_at
    ):
        raise changed(interview)
    interview.refresh_from_db()
    tell_other(interview, kinds.MOCK_CHANGED, by, what=_("the place is another one"))
    return interview


# What the clock does


def expire() -> int:
    """End proposals of which every moment has passed, and interviews of which nobody told; how many."""
    now = timezone.now()
    proposed = MockInterview.objects.filter(state=State.PROPOSED).exclude(slots__starts_at__gt=now)
    untold = MockInterview.objects.agreed().filter(starts_at__lt=now - WAITS)
    return sum(_end(each, State.EXPIRED, _("no time was taken")) for each in proposed) + sum(
        _end(each, State.EXPIRED, "") for each in untold
    )


def cancel_separated() -> int:
    """Cancel what is open between people who may not meet any more, without saying why; how many."""
    opened = MockInterview.objects.open().with_people()
    apart = [each for each in opened if not may_meet(each.learner, each.interviewer)]
    return sum(_end(each, State.CANCELLED, _("it is cancelled")) for each in apart)


def remind() -> None:
    """Tell both, once, a day before. Who agreed within that day knows."""
    now = timezone.now()
    soon = MockInterview.objects.agreed().with_people()
    for interview in soon.filter(
        starts_at__gt=now, starts_at__lte=now + REMINDED, changed_at__lt=F("starts_at") - REMINDED
    ):
        for person in _people(interview):
            notices.tell(
                person,
                kinds.MOCK_TOMORROW,
                key=f"{_key(interview)} {interview.starts_at:%Y%m%dT%H%M}",
                path=interview.get_absolute_url(),
                actor=interview.other(person),
                facts={"when": said(interview.starts_at, person)},
            )


# What is shown


def of(user: User) -> MockInterviewQuerySet:
    """A person's interviews, asking and answering, with both people."""
    return MockInterview.objects.visible_to(user).with_people()


def next_of(user: User) -> MockInterview | None:
    """The interview that this person has today or tomorrow, by the days of the active time zone."""
    now = timezone.now()
    after_tomorrow = datetime.combine(timezone.localdate(now) + timedelta(days=2), time())
    until = timezone.make_aware(after_tomorrow)
    near = (
        of(user)
        .agreed()
        .filter(starts_at__gt=now - timedelta(minutes=max(LENGTHS)), starts_at__lt=until)
    )
    return next((each for each in near.order_by("starts_at") if each.ends_at > now), None)


def said(moment: datetime, person: User) -> str:
    """A moment in the words of a person's own clock, with the name of their time zone."""
    zone = person.profile.zone
    local = moment.astimezone(zone)
    words = f"{dateformat.format(local, 'l j F, H:i')} {local.tzname()}"
    return words if zone.key == local.tzname() else f"{words} ({zone.key})"


def _cohorts_beside(user: User) -> dict[int, str]:
    """The people with whom somebody learns, by key, each with the name of a cohort that both are in."""
    own = user.memberships.in_force().learners().order_by().values("cohort")
    beside = Membership.objects.in_force().learners().filter(cohort__in=own).exclude(person=user)
    return dict(beside.order_by("-cohort__name").values_list("person", "cohort__name"))


def _offer(interview: MockInterview, slots: Sequence[datetime]) -> None:
    now = timezone.now()
    if not 1 <= len(set(slots)) == len(slots) <= MOST_SLOTS:
        raise BadSlots
    if any(not now < slot <= now + FURTHEST for slot in slots):
        raise BadSlots
    interview.slots.all().delete()
    MockSlot.objects.bulk_create(MockSlot(interview=interview, starts_at=slot) for slot in slots)


def _who_is_busy(interview: MockInterview, starts_at: datetime) -> User | None:
    """Which of the two has another interview that overlaps this moment, if any."""
    ends_at = starts_at + timedelta(minutes=interview.minutes)
    for person in _people(interview):
        others = MockInterview.objects.visible_to(person).agreed().exclude(pk=interview.pk)
        near = others.filter(
            starts_at__gt=starts_at - timedelta(minutes=max(LENGTHS)), starts_at__lt=ends_at
        )
        if any(each.ends_at > starts_at for each in near):
            return person
    return None


def _people(interview: MockInterview) -> list[User]:
    return [person for person in (interview.learner, interview.interviewer) if person]


def hold(interview: MockInterview) -> None:
    blocks.hold(*_people(interview))


def move(
    interview: MockInterview,
    after: str,
    by: User | None,
    *conditions: Q,
    reason: str = "",
    **facts: Any,
) -> None:
    """Change the state where the row is still the one that was shown, and write it down."""
    before = interview.state
    if after not in MockInterview.MOVES[before]:
        raise changed(interview)
    now = timezone.now()
    shown = MockInterview.objects.filter(
        *conditions, pk=interview.pk, state=before, version=interview.version
    )
    if not shown.update(state=after, version=F("version") + 1, changed_at=now, **facts):
        raise changed(interview)
    interview.moves.create(
        from_state=before, to_state=after, moved_by=by, moved_at=now, reason=reason
    )
    interview.refresh_from_db()
    for kind in (kinds.MOCK_PROPOSED, kinds.MOCK_AGREED, kinds.MOCK_CHANGED, kinds.MOCK_TOMORROW):
        notices.settle(kind, key=_key(interview))


def changed(interview: MockInterview) -> ChangedMeanwhile:
    return ChangedMeanwhile(MockInterview.objects.with_people().get(pk=interview.pk))


def _end(interview: MockInterview, state: str, what: str) -> bool:
    """End one by the clock and tell both, each as if the other had done nothing; whether it ended now."""
    try:
        with transaction.atomic():
            agreed = interview.is_agreed
            move(interview, state, None, sequence=F("sequence") + (1 if agreed else 0))
            for person in _people(interview) if what else []:
                _tell(interview, kinds.MOCK_CHANGED, person, {"what": what})
    except ChangedMeanwhile:
        return False
    return True


def tell_other(
    interview: MockInterview, kind: Kind, by: User, *, moment: datetime | None = None, **facts: str
) -> None:
    if other := interview.other(by):
        if moment:
            facts["when"] = said(moment, other)
        _tell(interview, kind, other, facts)


def _tell(interview: MockInterview, kind: Kind, person: User, facts: dict[str, str]) -> None:
    notices.tell(
        person,
        kind,
        key=f"{_key(interview)} {interview.version}",
        path=interview.get_absolute_url(),
        actor=interview.other(person),
        facts=facts,
    )


def _key(interview: MockInterview) -> str:
    return f"mock interview {interview.pk}"


def moves_of(interview: MockInterview) -> Iterable[Any]:
    """What became of it, the first move first, with who made each."""
    return interview.moves.select_related("moved_by__profile")
