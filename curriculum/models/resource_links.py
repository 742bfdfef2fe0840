"""The web addresses of resources, and what was seen there."""

from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.leases import is_due
from curriculum.models.roadmap import Resource
from curriculum.reach import MISSED, Outcome, Reason

#: Days, of UTC, on which looks in a row found no page, until it is called dead. That it is gone was
#: said by the host itself; silence and errors of a server may last over a week and end.
DAYS_UNTIL_DEAD = {Outcome.GONE: 3}
DAYS_UNTIL_DEAD_ELSE = 5
#: No look is planned further ahead (curriculum.resource_links: a host may ask for 30 days).
LONGEST_WAIT = timedelta(days=45)


class State(StrEnum):
    """What is said of an address to staff. Learners are told of the dead ones alone."""

    DEAD = "dead"
    FAILING = "failing"  # but not for long enough
    MOVED = "moved"  # for good, and reachable at its new address
    UNKNOWN = "unknown"  # it answers, but not to us; or it leads where we do not go
    REACHABLE = "reachable"
    NEW = "new"


def is_dead(outcome: str, failed_days: int) -> bool:
    """Whether the last look found no page, after as many days on which none was found."""
    needed = DAYS_UNTIL_DEAD.get(Outcome(outcome), DAYS_UNTIL_DEAD_ELSE) if outcome else 0
    return outcome in MISSED and failed_days >= needed


IS_DEAD = Q(
    Q(outcome__in=DAYS_UNTIL_DEAD, failed_days__gte=DAYS_UNTIL_DEAD[Outcome.GONE])
    | Q(outcome__in=MISSED - {*DAYS_UNTIL_DEAD}, failed_days__gte=DAYS_UNTIL_DEAD_ELSE)
)
IN_STATE = {
    State.DEAD: IS_DEAD,
    State.FAILING: Q(outcome__in=MISSED) & ~IS_DEAD,
    State.MOVED: Q(outcome=Outcome.REACHABLE) & ~Q(moved_to=""),
    State.UNKNOWN: ~Q(outcome__in=[*MISSED, Outcome.REACHABLE, ""]),
    State.REACHABLE: Q(outcome=Outcome.REACHABLE, moved_to=""),
    State.NEW: Q(outcome=""),
}


class ResourceLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff look after the resources; nobody else is shown the list."""
        return self if user.is_staff else self.none()

    def due(self, now):
        """Those whose next look has come, as long as a resource of today has this very address."""
        used = Resource.objects.live().filter(url=OuterRef("url"))
        return self.filter(Exists(used), is_due("next_look_at", now, longest=LONGEST_WAIT))

    def in_state(self, state):
        return self.filter(IN_STATE[state])


class ResourceLink(models.Model):
    """One address, and what our looks at it found; several resources may have it.

    A look may be made by whoever moved `next_look_at` on; `attempts` counts claims since the last look
    that ended.
    """

    url = models.URLField(max_length=300)
    outcome = models.CharField(
        max_length=18, choices=[(outcome.value, outcome.value) for outcome in Outcome], blank=True
    )  # of the last look; "" before the first
    reason = models.CharField(
        max_length=11, choices=[(reason.value, reason.value) for reason in Reason], blank=True
    )  # why we do not open it
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # HTTP's, if it answered
    moved_to = models.CharField(max_length=2000, blank=True)  # for good, as the last look was told
    looked_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)  # when it was last seen to be there
    failing_since = models.DateTimeField(null=True, blank=True)  # the first look that found no page
    failures = models.PositiveSmallIntegerField(default=0)  # looks that did, since it was reached
    failed_days = models.PositiveSmallIntegerField(default=0)  # on which they were made, in UTC
    failed_on = models.DateField(null=True, blank=True)  # the last of these days
    attempts = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(default=timezone.now)

    objects = ResourceLinkQuerySet.as_manager()

    class Meta:
        ordering = ["failing_since", "url"]
        indexes = [models.Index(fields=["next_look_at"], name="resource_link_next_look")]
        constraints = [
            models.UniqueConstraint(fields=["url"], name="resource_link_once_per_address"),
            models.CheckConstraint(condition=~Q(url=""), name="resource_link_has_an_address"),
            models.CheckConstraint(
                condition=Q(outcome="", looked_at=None)
                | ~Q(outcome="") & Q(looked_at__isnull=False),
                name="resource_link_outcome_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused") & ~Q(reason="")
                | ~Q(outcome="refused") & Q(reason=""),
                name="resource_link_refusal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failed_days=0, failing_since=None, failed_on=None)
                | Q(
                    failed_days__gte=1,
                    failed_days__lte=F("failures"),
                    failing_since__isnull=False,
                    failed_on__isnull=False,
                ),
                name="resource_link_failures_have_a_beginning",
            ),
        ]

    def __str__(self):
        return self.url

    @property
    def state(self) -> State:
        if not self.outcome:
            return State.NEW
        if self.outcome in MISSED:
            return State.DEAD if is_dead(self.outcome, self.failed_days) else State.FAILING
        if self.outcome != Outcome.REACHABLE:
            return State.UNKNOWN
        return State.MOVED if self.moved_to else State.REACHABLE

    @property
    def is_gone(self) -> bool:
        """The host itself said so."""
        return self.outcome == Outcome.GONE

    @property
    def is_downgraded(self) -> bool:
        """Whether an address with TLS moved to one without."""
        return self.url.lower().startswith("https:") and self.moved_to.startswith("http:")

    @property
    def moved_to_a_front_page(self) -> bool:
        """A page that moved to where a site begins is perhaps gone, and the host too polite to say so."""
        _, _, path = self.url.partition("://")[2].partition("/")
        _, _, new_path = self.moved_to.partition("://")[2].partition("/")
        return bool(path and self.moved_to) and not new_path
