"""A mentor's judgement of a project at one commit."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolio.models.check_runs import CheckRun
from portfolio.models.projects import Project


class ReviewQuerySet(models.QuerySet):
    def requested(self):
        return self.filter(status=Review.Status.REQUESTED)

    def submitted(self):
        return self.filter(status=Review.Status.SUBMITTED)

    def waiting_for(self, mentor):
        """Requests by the learners that this mentor guides now, longest wait first."""
        return (
            self.requested()
            .filter(project__in=Project.objects.mentored_by(mentor))
            .order_by("requested_at", "pk")
        )

    def returned_to(self, owner):
        """Answers that ask the owner for changes, newest first, while nothing followed them.

        What follows is a later review, a new request for one, or another commit that was read.
        """
        later = Review.objects.filter(project=OuterRef("project")).filter(
            Q(status=Review.Status.REQUESTED) | Q(submitted_at__gt=OuterRef("submitted_at"))
        )
        moved = (
            CheckRun.objects.conclusive()
            .filter(
                repository__project=OuterRef("project"),
                requested_at__gt=OuterRef("submitted_at"),
            )
            .exclude(head_sha=OuterRef("head_sha"))
        )
        return (
            self.submitted()
            .filter(project__owner=owner, verdict=Review.Verdict.CHANGES_REQUESTED)
            .exclude(Exists(later))
            .exclude(Exists(moved))
            .order_by("-submitted_at", "-pk")
        )


class Review(models.Model):
    """Requested by the owner, or given unasked; submitted by a mentor; or withdrawn."""

    class Status(models.TextChoices):
        REQUESTED = "requested"
        SUBMITTED = "submitted"
        WITHDRAWN = "withdrawn"

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")

    project = models.ForeignKey(Project, models.CASCADE, related_name="reviews")
    status = models.CharField(max_length=9, choices=Status, default=Status.REQUESTED)
    question = models.TextField(max_length=2000, blank=True)  # what the owner wants looked at
    requested_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews_written",
    )
    verdict = models.CharField(max_length=17, choices=Verdict, blank=True)
    body = models.TextField(max_length=20_000, blank=True)
    check_run = models.ForeignKey(
        "CheckRun", models.SET_NULL, null=True, blank=True, related_name="reviews"
    )
    full_name = models.CharField(max_length=140, blank=True)  # of the repository reviewed
    head_sha = models.CharField(max_length=40, blank=True)  # the commit that was reviewed
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status="requested"),
                name="review_one_open_request_per_project",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="submitted", submitted_at__isnull=False)
                    & ~Q(verdict="")
                    & ~Q(body="")
                    & ~Q(head_sha="")
                    | ~Q(status="submitted") & Q(submitted_at=None, verdict="")
                ),
                name="review_judges_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | ~Q(status="withdrawn") & Q(withdrawn_at=None),
                name="review_withdrawn_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"{self.project}: {self.verdict or self.status}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.REQUESTED

    @property
    def is_approval(self) -> bool:
        return self.verdict == self.Verdict.APPROVED

    @property
    def is_of_public_repository(self) -> bool:
        """Whether anybody may hear its name. Of one that was unlinked nobody knows."""
        return self.check_run is not None and not self.check_run.repository.is_private

    @property
    def short_sha(self) -> str:
        return self.head_sha[:7]
