"""Where a project can be tried, and what was seen there."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.leases import is_due
from curriculum import reach
from curriculum.reach import Outcome, Reason
from portfolio.models.projects import Project

#: Looks are a day apart; no host may ask us to wait for longer.
LONGEST_WAIT = timedelta(days=30)


class DemoLinkQuerySet(models.QuerySet):
    def due(self, now):
        """Those whose next look has come, as long as the project has this very link."""
        of_today = self.filter(url=F("project__demo_url"))
        return of_today.filter(is_due("next_look_at", now, longest=LONGEST_WAIT))


class DemoLink(models.Model):
    """One address, and what our looks at it found. Another link is another row.

    A look may be made by whoever moved `next_look_at` on; `attempts` counts claims since the last look
    that ended.
    """

    project = models.OneToOneField(Project, models.CASCADE, related_name="demo_link")
    url = models.URLField(max_length=300)
    outcome = models.CharField(
        max_length=18, choices=[(outcome.value, outcome.value) for outcome in Outcome], blank=True
    )  # of the last look; "" before the first
    reason = models.CharField(
        max_length=11, choices=[(reason.value, reason.value) for reason in Reason], blank=True
    )  # why we do not open it
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # HTTP's, if it answered
    final_url = models.CharField(
        max_length=2000, blank=True
    )  # without its query: it may hold a key
    looked_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)  # when it was last seen to be there
    missed_since = models.DateTimeField(null=True, blank=True)  # the first look that found no page
    attempts = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(default=timezone.now)

    objects = DemoLinkQuerySet.as_manager()

    class Meta:
        ordering = ["next_look_at", "pk"]
        indexes = [models.Index(fields=["next_look_at"], name="demo_link_next_look")]
        constraints = [
            models.CheckConstraint(condition=~Q(url=""), name="demo_link_has_an_address"),
            models.CheckConstraint(
                condition=Q(outcome="", looked_at=None)
                | ~Q(outcome="") & Q(looked_at__isnull=False),
                name="demo_link_outcome_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused") & ~Q(reason="")
                | ~Q(outcome="refused") & Q(reason=""),
                name="demo_link_refusal_has_a_reason",
            ),
        ]

    def __str__(self):
        return self.url

    @property
    def final_host(self) -> str:
        """The host at which the last look ended, if it is another than the link names."""
        host = urlsplit(self.final_url).netloc
        return "" if host == reach.host_of(self.url) else host

    @property
    def is_downgraded(self) -> bool:
        """Whether an address with TLS led to one without."""
        return self.url.lower().startswith("https:") and self.final_url.startswith("http:")
