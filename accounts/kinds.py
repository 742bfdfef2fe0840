"""What a person can be told: every kind of notice, its words, and when it is mailed by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Timing(TextChoices):
    """When a notice is mailed. On the site it stands at once, whatever is chosen here."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("In the daily letter")
    NEVER = "never", _("Not by e-mail")


class Group(Enum):
    """Where a page of choices shows a kind."""

    LEARNING = _("Reviews of your work")
    CHECKS = _("Checks of your repositories")
    MENTORING = _("When you mentor")
    INTERVIEWS = _("Mock interviews")
    TOGETHER = _("Mentorships and cohorts")
    ACCOUNT = _("Your account")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `words` is a sentence without its full stop, with %(who)s for the person it is about and a name in
    the same way for each fact that `notices.tell` is given.
    """

    code: str  # stored, and part of links in letters: never renamed
    group: Group
    label: Words  # on the page of choices
    timing: Timing  # unless the person chooses another
    words: Words
    call: Words  # on the button that leads to its page


# The kinds, in the order of the page of choices. At once is what somebody waits for, and what ends soon.

REVIEW_CLAIMED = Kind(
    "review_claimed",
    Group.LEARNING,
    _("A mentor takes your request for a review"),
    Timing.DAILY,
    _("%(who)s is reviewing “%(project)s”"),
    _("See the project"),
)
REVIEW_ARRIVED = Kind(
    "review_arrived",
    Group.LEARNING,
    _("A review is there"),
    Timing.AT_ONCE,
    _("%(who)s reviewed “%(project)s”: %(verdict)s"),
    _("Read the review"),
)
SECOND_OPINION_ARRIVED = Kind(
    "second_opinion_arrived",
    Group.LEARNING,
    _("A second opinion is there"),
    Timing.AT_ONCE,
    _("%(who)s gave a second opinion on “%(project)s”: %(verdict)s"),
    _("Read the review"),
)
REVIEW_DECLINED = Kind(
    "review_declined",
    Group.LEARNING,
    _("A mentor cannot review what you asked for"),
    Timing.AT_ONCE,
    _("%(who)s cannot review “%(project)s”"),
    _("See why"),
)
REVIEW_EXPIRED = Kind(
    "review_expired",
    Group.LEARNING,
    _("Nobody took your request for a review in time"),
    Timing.DAILY,
    _("Nobody took your request for a review of “%(project)s” in time"),
    _("See the project"),
)
DISPUTE_RULED = Kind(
    "dispute_ruled",
    Group.LEARNING,
    _("A mentor rules on a finding that you dispute"),
    Timing.DAILY,
    _("%(who)s ruled on what you dispute about “%(project)s”: %(ruling)s"),
    _("See the finding"),
)
CHECK_LOST = Kind(
    "check_lost",
    Group.CHECKS,
    _("A check that counts passed and no longer does"),
    Timing.DAILY,
    _("A check of “%(project)s” passed and no longer does: %(checks)s"),
    _("See what changed"),
)
CHECK_NEEDS_YOU = Kind(
    "check_needs_you",
    Group.CHECKS,
    _("A repository cannot be read any more"),
    Timing.DAILY,
    _("The repository of “%(project)s” cannot be read: it is %(trouble)s"),
    _("See what to do"),
)
REVIEW_REQUESTED = Kind(
    "review_requested",
    Group.MENTORING,
    _("A learner asks for a review"),
    Timing.DAILY,
    _("%(who)s asks for a review of “%(project)s”"),
    _("Look at it"),
)
SECOND_OPINION_REQUESTED = Kind(
    "second_opinion_requested",
    Group.MENTORING,
    _("You are asked for a second opinion"),
    Timing.DAILY,
    _("%(who)s asks for a second opinion on “%(project)s”"),
    _("Look at it"),
)
REQUEST_WAITS = Kind(
    "request_waits",
    Group.MENTORING,
    _("A request for a review waits long"),
    Timing.DAILY,
    _("%(who)s has waited %(wait)s for a review of “%(project)s”"),
    _("Look at it"),
)
LEASE_ENDS = Kind(
    "lease_ends",
    Group.MENTORING,
    _("Your time for a review that you took is about to end"),
    Timing.AT_ONCE,
    _("Your time for the review of “%(project)s” is about to end"),
    _("Go on with the review"),
)
REVIEW_WITHDRAWN = Kind(
    "review_withdrawn",
    Group.MENTORING,
    _("A learner takes back a request that you took"),
    Timing.AT_ONCE,
    _("%(who)s no longer asks for a review of “%(project)s”"),
    _("See your desk"),
)
DISPUTE_RAISED = Kind(
    "dispute_raised",
    Group.MENTORING,
    _("A learner disputes a finding"),
    Timing.DAILY,
    _("%(who)s disputes a finding about “%(project)s”"),
    _("Look at it"),
)
MOCK_PROPOSED = Kind(
    "mock_proposed",
    Group.INTERVIEWS,
    _("Somebody proposes a mock interview"),
    Timing.AT_ONCE,
    _("%(who)s proposes a mock interview: %(formats)s"),
    _("See the times and answer"),
)
MOCK_AGREED = Kind(
    "mock_agreed",
    Group.INTERVIEWS,
    _("One of the times you proposed is taken"),
    Timing.AT_ONCE,
    _("%(who)s agreed to a mock interview: %(when)s"),
    _("See the interview"),
)
MOCK_CHANGED = Kind(
    "mock_changed",
    Group.INTERVIEWS,
    _("A mock interview changes or is cancelled"),
    Timing.AT_ONCE,
    _("Mock interview with %(who)s: %(what)s"),
    _("See the interview"),
)
MOCK_TOMORROW = Kind(
    "mock_tomorrow",
    Group.INTERVIEWS,
    _("A mock interview is a day away"),
    Timing.AT_ONCE,
    _("Mock interview with %(who)s: %(when)s"),
    _("See the interview"),
)
MOCK_SHARED = Kind(
    "mock_shared",
    Group.INTERVIEWS,
    _("Your interviewer shares what they noted"),
    Timing.AT_ONCE,
    _("%(who)s wrote up your mock interview"),
    _("Read it"),
)
MENTORSHIP_INVITED = Kind(
    "mentorship_invited",
    Group.TOGETHER,
    _("Somebody invites you"),
    Timing.AT_ONCE,
    _("%(who)s invites you to be their %(part)s"),
    _("Read more and answer"),
)
MENTORSHIP_ACCEPTED = Kind(
    "mentorship_accepted",
    Group.TOGETHER,
    _("Somebody accepts your invitation"),
    Timing.DAILY,
    _("%(who)s accepted your invitation and is your %(part)s now"),
    _("See your mentorships"),
)
MENTORSHIP_ENDED = Kind(
    "mentorship_ended",
    Group.TOGETHER,
    _("Somebody ends a mentorship with you"),
    Timing.DAILY,
    _("%(who)s ended the mentorship with you"),
    _("See your mentorships"),
)
COHORT_INVITED = Kind(
    "cohort_invited",
    Group.TOGETHER,
    _("Somebody invites you to a cohort"),
    Timing.AT_ONCE,
    _("%(who)s invites you to “%(cohort)s” as %(part)s"),
    _("Read what joining means"),
)
COHORT_JOINED = Kind(
    "cohort_joined",
    Group.TOGETHER,
    _("Somebody joins a cohort that you organise"),
    Timing.DAILY,
    _("%(who)s joined “%(cohort)s” as %(part)s"),
    _("See the cohort"),
)
PERSON_LEAVES = Kind(
    "person_leaves",
    Group.TOGETHER,
    _("Somebody who guides you, or whom you guide, leaves"),
    Timing.DAILY,
    _("%(who)s leaves: the account is switched off and will be deleted"),
    _("See your mentorships"),
)
PERSON_STAYS = Kind(
    "person_stays",
    Group.TOGETHER,
    _("Somebody who was about to leave stays"),
    Timing.DAILY,
    _("%(who)s stays after all"),
    _("See your mentorships"),
)
TAKEOUT_READY = Kind(
    "takeout_ready",
    Group.ACCOUNT,
    _("Your takeout is ready"),
    Timing.AT_ONCE,
    _("Your takeout is ready: you can fetch it for seven days"),
    _("Fetch it"),
)

KINDS = [
    REVIEW_ARRIVED,
    REVIEW_DECLINED,
    SECOND_OPINION_ARRIVED,
    REVIEW_CLAIMED,
    REVIEW_EXPIRED,
    DISPUTE_RULED,
    CHECK_LOST,
    CHECK_NEEDS_YOU,
    LEASE_ENDS,
    REVIEW_WITHDRAWN,
    REVIEW_REQUESTED,
    SECOND_OPINION_REQUESTED,
    REQUEST_WAITS,
    DISPUTE_RAISED,
    MOCK_PROPOSED,
    MOCK_AGREED,
    MOCK_CHANGED,
    MOCK_TOMORROW,
    MOCK_SHARED,
    MENTORSHIP_INVITED,
    MENTORSHIP_ACCEPTED,
    MENTORSHIP_ENDED,
    COHORT_INVITED,
    COHORT_JOINED,
    PERSON_LEAVES,
    PERSON_STAYS,
    TAKEOUT_READY,
]
_BY_CODE = {kind.code: kind for kind in KINDS}


def find(code: str) -> Kind | None:
    """The kind of that code; None for one that a newer or older version of the site told."""
    return _BY_CODE.get(code)


def by_group() -> dict[Group, list[Kind]]:
    """The kinds as the page of choices lists them."""
    return {group: [kind for kind in KINDS if kind.group == group] for group in Group}


def sentence(code: str, who: str, facts: Mapping[str, str]) -> str:
    """The words of a notice; a fact that is missing shows as …, an unknown kind as its facts."""
    kind = find(code)
    if kind is None:
        return ", ".join([who, *facts.values()])
    return str(kind.words) % _Known({"who": who, **facts})


class _Known(dict[str, str]):
    """Facts by name, in which nothing is missing."""

    def __missing__(self, name: str) -> str:
        return "…"
