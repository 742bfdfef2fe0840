"""Look at the demo links of projects: when one is set or changed, and then every day.

One look that fails says little: a host may have a bad day, or our own network. Only when two looks a day
apart found no page, the page is said to be away. What is not known changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from curriculum import hosts, reach
from curriculum.reach import MISSED, REACHED, SILENT, Look, Outcome
from portfolio import schedule
from portfolio.models import DemoLink, Project

log = structlog.get_logger(__name__)

#: How long a worker may take for one look; a lost one's link is due again after it.
LEASE = timedelta(minutes=5)
#: Claims that never reported back, after which a link has to wait for tomorrow.
MOST_LOST = 3
#: Links in one go, each of another host.
MOST_AT_ONCE = 50
#: From the first look that found no page to the one after which it is said to be away.
AWAY_AFTER = timedelta(days=1)
#: So many other links, all without an answer within a day, say that it is our own network.
MANY = 3


class State(StrEnum):
    """What is said of a demo link on a page."""

    UNWATCHED = "unwatched"  # this place does not look at demo links
    NEW = "new"
    REACHABLE = "reachable"
    CLOSED = "closed"  # there, but not open to us
    MISSED = "missed"  # once; we look again
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Picture:
    """A project's demo link as a page shows it; `link` is what was seen, None before it is watched."""

    state: State
    link: DemoLink | None = None


def of(project: Project) -> Picture | None:
    """The picture of the project's demo link; None of a project without one.

    Costs no query when the project was fetched with its `demo_link`.
    """
    if not project.demo_url:
        return None
    if not settings.DEMO_LINKS_CHECKED:
        return Picture(State.UNWATCHED)
    link = getattr(project, "demo_link", None)
    if link is None or link.url != project.demo_url or not link.outcome:
        return Picture(State.NEW)
    return Picture(_state(link), link)


@transaction.atomic
def watch(project: Project) -> DemoLink | None:
    """Begin to watch the project's demo link, and forget what was seen of another.

    Returns the link that is to be looked at now; None when it was watched already, there is none, or
    this place does not look at demo links.
    """
    held = Project.objects.select_for_update().filter(pk=project.pk)
    if not held.first():  # else two who watch one project at once would wait for each other
        return None
    DemoLink.objects.filter(project=project).exclude(url=project.demo_url).delete()
    if not project.demo_url or not settings.DEMO_LINKS_CHECKED:
        return None
    link, is_new = DemoLink.objects.get_or_create(
        project=project, defaults={"url": project.demo_url}
    )
    return link if is_new else None


def watch_others() -> None:
    """Begin to watch links that came into the database by another way than the project's page."""
    if not settings.DEMO_LINKS_CHECKED:
        return
    watched = DemoLink.objects.filter(project=OuterRef("pk"), url=OuterRef("demo_url"))
    unwatched = Project.objects.exclude(demo_url="").exclude(Exists(watched))
    for pk in list(unwatched.values_list("pk", flat=True)[:MOST_AT_ONCE]):
        with transaction.atomic():
            if project := Project.objects.select_for_update().filter(pk=pk).first():
                watch(project)


def due() -> list[int]:
    """The ids of links whose look has come, longest wait first, one of each host."""
    if not settings.DEMO_LINKS_CHECKED:
        return []
    first: dict[str, int] = {}
    links = DemoLink.objects.due(timezone.now()).values_list("pk", "url")
    for pk, url in links.iterator():
        first.setdefault(reach.host_of(url) or url, pk)
        if len(first) == MOST_AT_ONCE:
            break
    return list(first.values())


def claim(demo_link_id: int) -> DemoLink | None:
    """Take a link that is due, for the length of the lease. None when it is not there to be taken.

    A link whose host was asked a moment ago is left alone; it stays due.
    """
    now = timezone.now()
    link = DemoLink.objects.due(now).filter(pk=demo_link_id).first()
    if (
        link is None
        or not settings.DEMO_LINKS_CHECKED
        or not hosts.may_ask(reach.host_of(link.url))
    ):
        return None
    is_lost = link.attempts >= MOST_LOST
    until = schedule.next_daily_look(link.pk, now=now) if is_lost else now + LEASE
    claimed = DemoLink.objects.filter(pk=link.pk, next_look_at=link.next_look_at).update(
        next_look_at=until, attempts=F("attempts") + 1
    )
    link.next_look_at = until
    return link if claimed else None


def execute(link: DemoLink, look: Callable[[str], Look]) -> None:
    """Look at a claimed link and record what was seen.

    Nothing is written when the lease is over, or the project has another link by now.
    """
    seen = look(link.url)
    now = timezone.now()
    outcome = Outcome.NOT_KNOWN if _is_our_network(link, seen) else seen.outcome
    facts = {
        "outcome": outcome,
        "reason": seen.reason or "",
        "status": seen.status,
        "final_url": seen.final_address.partition("?")[0][:2000],
        "looked_at": now,
        "attempts": 0,
        "next_look_at": schedule.next_daily_look(link.pk, now=now),
    }
    if outcome in REACHED:
        facts |= {"reached_at": now, "missed_since": None}
    elif outcome in MISSED:
        facts["missed_since"] = link.missed_since or now
        facts["next_look_at"] = schedule.look_for_missing(link.pk, now=now)
    held = DemoLink.objects.filter(pk=link.pk, next_look_at=link.next_look_at)
    is_ours = held.update(**facts)
    log.info("demo link looked at", demo_link=link.pk, outcome=str(outcome), kept=bool(is_ours))


def _state(link: DemoLink) -> State:
    if link.outcome in MISSED and link.missed_since and link.looked_at:
        is_away = link.looked_at - link.missed_since >= AWAY_AFTER
        return State.AWAY if is_away else State.MISSED
    there = {Outcome.REACHABLE: State.REACHABLE, Outcome.SIGN_IN: State.CLOSED}
    return there.get(Outcome(link.outcome), State.UNKNOWN)


def _is_our_network(link: DemoLink, seen: Look) -> bool:
    """Whether nobody answers us at all: then the silence of this host says nothing."""
    if seen.outcome not in SILENT:
        return False
    lately = DemoLink.objects.exclude(pk=link.pk).filter(
        looked_at__gte=timezone.now() - timedelta(days=1)
    )
    answered = Count("pk", filter=Q(status__isnull=False))
    found = lately.aggregate(looks=Count("pk"), answered=answered)
    return found["looks"] >= MANY and not found["answered"]
