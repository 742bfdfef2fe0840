"""How long an asked-for check may still wait: who is before it, and how many GitHub allows an hour."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Avg, Q

from portfolio.github.client import ANONYMOUS_LIMIT
from portfolio.models import CheckRun

#: GitHub's hourly limit for a token or an application ("Rate limits for the REST API").
CREDENTIAL_LIMIT = 5000
#: Requests a check takes, until enough of them were counted here.
USUAL_REQUESTS = 7
#: Runs whose requests are averaged.
COUNTED_RUNS = 50


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a run among those that wait."""

    ahead: int  # runs that come first
    limit: int  # requests an hour
    requests: float  # a run takes, on average

    @property
    def per_hour(self) -> int:
        """How many repositories an hour has room for."""
        return max(1, int(self.limit / max(1.0, self.requests)))

    @property
    def hours(self) -> float:
        """At most so many hours until this one is done, if nothing else is in the way."""
        return (self.ahead + 1) / self.per_hour

    @property
    def is_long(self) -> bool:
        """Whether it is worth telling: it may take more than five minutes."""
        return self.hours > 1 / 12


def of(check_run: CheckRun) -> Place:
    """Where this run stands: those that people asked for come in turn, scheduled ones after them."""
    earlier = Q(requested_at__lt=check_run.requested_at)
    if check_run.is_scheduled:
        earlier |= Q(is_scheduled=False)
    else:
        earlier &= Q(is_scheduled=False)
    ahead = CheckRun.objects.active().exclude(pk=check_run.pk).filter(earlier).count()
    has_credential = settings.GITHUB_TOKEN or settings.GITHUB_CLIENT_ID
    limit = CREDENTIAL_LIMIT if has_credential else ANONYMOUS_LIMIT
    lately = CheckRun.objects.conclusive().filter(requests__gt=0)[:COUNTED_RUNS]
    average = lately.aggregate(average=Avg("requests"))["average"]
    return Place(ahead, limit, average or USUAL_REQUESTS)
