"""The record of what our checks found in a repository.

The words are GitHub's: a check run has a status, and once completed a conclusion.
"""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import Lag
from django.utils import timezone

from portfolio import checks
from portfolio.checks.results import Confidence, Outcome
from portfolio.models.repositories import Repository

#: As far as the clocks of two machines may be apart without anybody's fault.
CLOCKS_DIFFER = timedelta(minutes=1)


class CheckRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(repository__in=Repository.objects.visible_to(user))

    def of(self, project):
        return self.filter(repository__project=project)

    def latest_runs(self, count=6):
        """The newest runs, for a list on a page."""
        return self.select_related("repository")[:count]

    def active(self):
        return self.exclude(status=CheckRun.Status.COMPLETED)

    def completed(self):
        return self.filter(status=CheckRun.Status.COMPLETED)

    def conclusive(self):
        """Runs that looked into the repository, whatever they found."""
        return self.filter(conclusion__in=CheckRun.LOOKED)

    def due(self, now):
        """Runs that a worker may take: queued ones, and those whose worker's time is up.

        Also those that were last touched in the future: a clock was put back, and no `due_at` of theirs
        means anything. A claim mends that, for it writes `started_at`.
        """
        future = now + CLOCKS_DIFFER
        is_of_the_future = Q(started_at__gt=future) | Q(started_at=None, requested_at__gt=future)
        return self.active().filter(Q(due_at__lte=now) | is_of_the_future)


class CheckRun(models.Model):
    """One pass of every check over one commit of a repository.

    The row is the truth and the queue only a hint: `due_at` says from when a worker may take the run,
    `attempts` is the number of the latest claim, and only the holder of that number may complete it.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        IN_PROGRESS = "in_progress"
        COMPLETED = "completed"

    class Conclusion(models.TextChoices):
        SUCCESS = "success"  # every required check passed
        FAILURE = "failure"  # a required check failed
        NEUTRAL = "neutral"  # we looked, and a required verdict is not known
        ACTION_REQUIRED = "action_required"  # we cannot read the repository; its owner can help
        TIMED_OUT = "timed_out"  # GitHub or we did not manage; nobody's verdict changes

    class Reason(models.TextChoices):
        """Why a run waits, or why it ended without a look."""

        RATE_LIMITED = "rate_limited"
        UNAVAILABLE = "unavailable"
        BAD_CREDENTIALS = "bad_credentials"
        WORKER_LOST = "worker_lost"
        NOT_FOUND = "not_found"
        REFUSED = "refused"
        TOKEN_REFUSED = "token_refused"
        REF_NOT_FOUND = "ref_not_found"
        EMPTY = "empty"
        BLOCKED = "blocked"
        REPLACED = "replaced"

    LOOKED = [Conclusion.SUCCESS, Conclusion.FAILURE, Conclusion.NEUTRAL]

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="check_runs")
    status = models.CharField(max_length=11, choices=Status, default=Status.QUEUED)
    conclusion = models.CharField(max_length=15, choices=Conclusion, blank=True)
    reason = models.CharField(max_length=15, choices=Reason, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    is_scheduled = models.BooleanField(default=False)  # nobody waits for it
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)  # last put on the queue by the sweeper
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lost_attempts = models.PositiveSmallIntegerField(default=0)  # claims that never reported back

    full_name = models.CharField(max_length=140, blank=True)  # as it was at that commit
    ref = models.CharField(max_length=255, blank=True)
    head_sha = models.CharField(max_length=40, blank=True)
    tree_sha = models.CharField(max_length=40, blank=True)
    ruleset = models.CharField(max_length=20, blank=True)
    is_truncated = models.BooleanField(default=False)
    files_total = models.PositiveIntegerField(default=0)
    files_read = models.PositiveSmallIntegerField(default=0)
    requests = models.PositiveSmallIntegerField(default=0)  # to GitHub

    objects = CheckRunQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        get_latest_by = "requested_at"
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(status="completed"), name="check_run_due"),
            models.Index(fields=["repository", "-requested_at"], name="check_run_history"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["repository"],
                condition=~Q(status="completed"),
                name="check_run_one_active_per_repository",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="completed", completed_at__isnull=False) & ~Q(conclusion="")
                    | ~Q(status="completed") & Q(conclusion="", completed_at=None)
                ),
                name="check_run_concludes_when_completed",
            ),
            models.CheckConstraint(
                condition=~Q(conclusion__in=["success", "failure", "neutral"]) | ~Q(head_sha=""),
                name="check_run_looked_at_a_commit",
            ),
        ]

    def __str__(self):
        return f"{self.repository} {self.conclusion or self.status}"

    @property
    def is_active(self) -> bool:
        return self.status != self.Status.COMPLETED

    @property
    def looked(self) -> bool:
        """It read the repository, so that its findings are verdicts."""
        return self.conclusion in self.LOOKED

    @property
    def short_sha(self) -> str:
        return self.head_sha[:7]


class FindingQuerySet(models.QuerySet):
    def told_to(self, *, is_owner):
        """All of them for the owner of the repository; what is private to the owner for nobody else."""
        return self if is_owner else self.exclude(check_name__in=checks.PRIVATE)

    def turned(self):
        """Required checks that passed and then failed, or the reverse, each with its outcome `before`.

        Looks that could not tell are passed over, so that an outage turns nothing.
        """
        known = self.filter(
            check_name__in=checks.REQUIRED, outcome__in=[Outcome.PASSED, Outcome.FAILED]
        )
        before = Window(
            Lag("outcome"),
            partition_by=[F("check_run__repository"), F("check_name")],
            order_by=[F("check_run__completed_at").asc(), F("check_run").asc()],
        )
        return (
            known.annotate(before=before).filter(before__isnull=False).exclude(before=F("outcome"))
        )


class Finding(models.Model):
    """What one check found, with the evidence for it."""

    check_run = models.ForeignKey(CheckRun, models.CASCADE, related_name="findings")
    check_name = models.SlugField(max_length=50)
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=14, choices=[(o.value, o.value) for o in Outcome])
    state = models.SlugField(max_length=40)
    confidence = models.CharField(max_length=6, choices=[(c.value, c.value) for c in Confidence])
    summary = models.TextField()
    fix = models.TextField(blank=True)
    evidence = models.JSONField(default=list)  # [{"path", "line", "end_line", "what", "quote"}]
    lookalikes = models.JSONField(default=list)  # the same, of what did not count
    details = models.JSONField(default=dict)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["check_run", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_run", "check_name"], name="finding_once_per_check"
            ),
        ]

    def __str__(self):
        return f"{self.check_name}: {self.outcome}"

    @property
    def title(self) -> str:
        """The check's name as a page says it."""
        return checks.title(self.check_name)
