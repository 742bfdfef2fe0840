"""Look at the addresses of resources: each once a fortnight, and again when no page was found.

One look says little: a server has a bad day, or a bad week. An address is called dead only when looks on
several days in a row found no page (curriculum.models.resource_links has the numbers, and
docs/decisions/0014 their reasons). An answer that is for others and not for us calls nothing dead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Count, F, Prefetch, Q
from django.utils import timezone

from curriculum import hosts, reach, spread
from curriculum.models import Resource, ResourceLink, Unit, UnitResource
from curriculum.models.resource_links import IN_STATE, State, is_dead
from curriculum.reach import MISSED, SILENT, Look, Outcome

log = structlog.get_logger(__name__)

#: From one look to the next, at a place in it that each address has for itself.
ROUND = timedelta(days=14)
#: To the next look at what was not found: three days, and not at the hour of nightly maintenance again.
AFTER_A_MISS = timedelta(days=3, hours=3)
#: To the next try when the look could not be made, or was asked to wait and not for how long.
AFTER_NOTHING = timedelta(days=1)
#: What a host may ask us to wait; longer than this is a mistake of its own.
LONGEST_WAIT = timedelta(days=30)
#: How long a host that asks too much of nobody in particular (429) is left alone.
PAUSE = timedelta(hours=1)
#: How long a worker may take for one look; a lost one's link is due again after it.
LEASE = timedelta(minutes=5)
#: Claims that never reported back, after which a link has to wait for tomorrow.
MOST_LOST = 3
#: Links in one go, each of another host.
MOST_AT_ONCE = 10
#: Silence is the host's own only if somebody else answered us so lately.
WITNESSED = timedelta(days=2)
#: To the next look that staff may ask for.
AGAIN_AFTER = timedelta(minutes=10)


class TooSoon(Exception):
    """It was looked at a moment ago, or is being looked at."""


class Off(Exception):
    """This place looks at no resources."""


def watch() -> None:
    """Have one row for each address of today's resources, and none for others.

    A new address gets its first look within the round, at its own place: a curriculum that is loaded
    for the first time is not asked for all at once.
    """
    if not settings.RESOURCE_LINKS_CHECKED:
        return
    used = set(Resource.objects.live().values_list("url", flat=True))
    known = set(ResourceLink.objects.values_list("url", flat=True))
    now = timezone.now()
    new = [ResourceLink(url=url, next_look_at=_own_moment(url, now)) for url in used - known]
    ResourceLink.objects.bulk_create(new, ignore_conflicts=True)
    if unused := known - used:
        ResourceLink.objects.filter(url__in=unused).delete()


def due(limit: int = MOST_AT_ONCE) -> list[int]:
    """The ids of links whose look has come, longest wait first, one of each host that may be asked."""
    if not settings.RESOURCE_LINKS_CHECKED:
        return []
    first: dict[str, int | None] = {}
    links = ResourceLink.objects.due(timezone.now()).order_by("next_look_at", "pk")
    for pk, url in links.values_list("pk", "url").iterator():
        host = reach.host_of(url)
        if (host or url) not in first:
            first[host or url] = pk if hosts.is_free(host) else None
        if sum(pk is not None for pk in first.values()) == limit:
            break
    return [pk for pk in first.values() if pk is not None]


def claim(resource_link_id: int) -> ResourceLink | None:
    """Take a link that is due, for the length of the lease. None when it is not there to be taken.

    A link whose host was asked a moment ago, or asked for a pause, is left alone; it stays due.
    """
    now = timezone.now()
    link = ResourceLink.objects.due(now).filter(pk=resource_link_id).first()
    if link is None or not settings.RESOURCE_LINKS_CHECKED:
        return None
    if not hosts.may_ask(reach.host_of(link.url)):
        return None
    until = now + (AFTER_NOTHING if link.attempts >= MOST_LOST else LEASE)
    claimed = ResourceLink.objects.filter(pk=link.pk, next_look_at=link.next_look_at).update(
        next_look_at=until, attempts=F("attempts") + 1
    )
    link.next_look_at = until
    return link if claimed else None


def execute(link: ResourceLink, look: Callable[[str], Look]) -> None:
    """Look at a claimed link and record what was seen.

    Nothing is written when the lease is over, or no resource has the address any more.
    """
    seen = look(link.url)
    now = timezone.now()
    if wait := _wait(seen):
        hosts.spare(reach.host_of(link.url), wait.total_seconds())
    facts = _facts(link, seen, now) | {"attempts": 0}
    held = ResourceLink.objects.filter(pk=link.pk, next_look_at=link.next_look_at)
    is_ours = held.update(**facts)
    outcome = facts.get("outcome", "not made")
    log.info("resource looked at", resource_link=link.pk, outcome=str(outcome), kept=bool(is_ours))


def ask_again(link: ResourceLink) -> None:
    """Make a look due now. Raises Off, and TooSoon within ten minutes of the last one.

    The scheduler makes it, within a minute, or when its host may be asked again.
    """
    if not settings.RESOURCE_LINKS_CHECKED:
        raise Off
    now = timezone.now()
    rested = Q(looked_at=None) | Q(looked_at__lte=now - AGAIN_AFTER)
    free = ResourceLink.objects.filter(rested, pk=link.pk, attempts=0)
    if not free.update(next_look_at=now):
        raise TooSoon


# What pages show


@dataclass(frozen=True, slots=True)
class Row:
    """One address with the resources that have it; their units of today are in `read_in`."""

    link: ResourceLink
    resources: list[Resource]

    @property
    def modules(self) -> list[str]:
        """The modules in whose files a unit names one of the resources, each once, by slug."""
        entries = [entry for resource in self.resources for entry in resource.read_in.all()]
        return list(dict.fromkeys(entry.unit.module.slug for entry in entries))


def counts() -> dict[State, int]:
    """How many addresses are in each state."""
    found = ResourceLink.objects.aggregate(
        **{state.value: Count("pk", filter=condition) for state, condition in IN_STATE.items()}
    )
    return {state: found[state.value] for state in IN_STATE}


def rows(links: Iterable[ResourceLink]) -> list[Row]:
    """The links with their resources and units, in three queries however many there are."""
    links = list(links)
    live = UnitResource.objects.filter(unit__in=Unit.objects.live()).select_related("unit__module")
    of_url: dict[str, list[Resource]] = defaultdict(list)
    resources = Resource.objects.live().filter(url__in=[link.url for link in links])
    for resource in resources.prefetch_related(Prefetch("read_in", live)):
        of_url[resource.url].append(resource)
    return [Row(link, of_url[link.url]) for link in links]


def reading_of(unit: Unit) -> list[UnitResource]:
    """What a unit lists, each with its resource and with `dead_link`: None unless it is known dead.

    Two queries. Where nobody looks, nothing is known.
    """
    reading = list(unit.reading.select_related("resource"))
    dead: dict[str, ResourceLink] = {}
    if reading and settings.RESOURCE_LINKS_CHECKED:
        urls = [entry.resource.url for entry in reading]
        found = ResourceLink.objects.in_state(State.DEAD).filter(url__in=urls)
        dead = {link.url: link for link in found}
    for entry in reading:
        entry.dead_link = dead.get(entry.resource.url)
    return reading


# What a look says


def _facts(link: ResourceLink, seen: Look, now: datetime) -> dict[str, Any]:
    """What is to be written. A look that could not be made leaves all as it was, but for the next."""
    if _was_not_made(link, seen, now):
        return {"next_look_at": now + AFTER_NOTHING}
    # A 503 that says when to come back is a pause, not a failure.
    is_pause = seen.status == 503 and seen.retry_after is not None
    outcome = Outcome.NOT_KNOWN if is_pause else seen.outcome
    is_there = outcome == Outcome.REACHABLE
    facts: dict[str, Any] = {
        "outcome": outcome,
        "reason": seen.reason or "",
        "status": seen.status,
        "moved_to": seen.moved_to if is_there and len(seen.moved_to) <= reach.MAX_LENGTH else "",
        "looked_at": now,
    }
    failed_days = link.failed_days
    if is_there:
        facts |= {"reached_at": now, "failing_since": None, "failed_on": None}
        facts |= {"failures": 0, "failed_days": 0}
        failed_days = 0
    elif outcome in MISSED:
        today = now.astimezone(UTC).date()
        failed_days += link.failed_on != today
        facts |= {"failing_since": link.failing_since or now, "failed_on": today}
        facts |= {"failures": link.failures + 1, "failed_days": failed_days}
    is_open = failed_days > 0 and not is_dead(outcome, failed_days)
    usual = now + AFTER_A_MISS if is_open else _own_moment(link.url, now + ROUND / 2)
    wait = _wait(seen)
    facts["next_look_at"] = now + max(wait, AFTER_NOTHING) if wait else usual
    return facts


def _was_not_made(link: ResourceLink, seen: Look, now: datetime) -> bool:
    """Whether we were cut off ourselves; so it is, too, when nobody answers us."""
    if seen.outcome == Outcome.NOT_KNOWN and seen.status is None:
        return True
    if seen.outcome not in SILENT:
        return False
    others = ResourceLink.objects.exclude(pk=link.pk)
    return not others.filter(status__isnull=False, looked_at__gte=now - WITNESSED).exists()


def _wait(seen: Look) -> timedelta | None:
    """How long the host is to be left alone, if it asked for that."""
    if seen.retry_after is not None:
        return timedelta(seconds=min(seen.retry_after, LONGEST_WAIT.total_seconds()))
    return PAUSE if seen.status == 429 else None


def _own_moment(url: str, after: datetime) -> datetime:
    """The first moment from then on that is this address's own place in a round."""
    rounds = datetime(2024, 1, 1, tzinfo=UTC)
    place = rounds + spread.place_in(ROUND, url)
    return place - (place - after) // ROUND * ROUND
