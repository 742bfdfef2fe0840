"""A mentor's judgement of a project at one commit, and every move on the way to it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Mentorship
from portfolio.models.check_runs import CheckRun
from portfolio.models.projects import Project


class ReviewQuerySet(models.QuerySet):
    def open(self):
        """Not ended: being prepared, waiting, or in a mentor's hands."""
        return self.filter(status__in=Review.OPEN)

    def requested(self):
        return self.filter(status=Review.Status.REQUESTED)

    def claimed(self):
        return self.filter(status=Review.Status.CLAIMED)

    def submitted(self):
        return self.filter(status=Review.Status.SUBMITTED)

    def first_opinions(self):
        return self.filter(second_of=None)

    def claimed_by(self, mentor):
        """What this mentor holds now, the lease that ends first before the others."""
        return self.claimed().filter(reviewer=mentor).order_by("lease_until", "pk")

    def once_held_by(self, mentor):
        """What this mentor holds now or has held."""
        held = Move.objects.filter(moved_by=mentor, to_status=Review.Status.CLAIMED)
        return self.filter(pk__in=held.values("review"))

    def asked_for(self):
        """Those that the owner asked for, answered or not."""
        return self.filter(is_asked=True, second_of=None).exclude(status=Review.Status.DRAFT)

    def awaited(self):
        """Those that were asked for and not answered yet, taken by a mentor or not."""
        return self.filter(
            status__in=[Review.Status.REQUESTED, Review.Status.CLAIMED], is_asked=True
        )

    def waiting_for(self, mentor):
        """Requests that this mentor may take; no second look at their own words.

        First those of the learners whom they mentor themselves; then the pool of their cohorts: of
        learners without a mentor of their own, and last of those who have one, who comes first. Among
        each, longest wait first.
        """
        own = mentor.mentorships_as_mentor.in_force().order_by().values("learner")
        has_own = Mentorship.objects.in_force().filter(learner=OuterRef("project__owner"))
        return (
            self.requested()
            .filter(project__in=Project.objects.reviewable_by(mentor))
            .exclude(second_of__reviewer=mentor)
            .annotate(
                turn=Case(
                    When(project__owner__in=own, then=0), When(Exists(has_own), then=2), default=1
                )
            )
            .order_by("turn", "requested_at", "pk")
        )

    def lapsed(self, now):
        """Claims whose lease is over."""
        return self.claimed().filter(lease_until__lte=now)

    def returned_to(self, owner):
        """Answers that ask the owner for changes, newest first, while nothing followed them."""
        return self.returned().filter(project__owner=owner).order_by("-submitted_at", "-pk")

    def returned(self):
        """Answers that ask for changes, while nothing followed them.

        What follows is a later review, a new request for one, or another commit that was read.
        """
        later = Review.objects.filter(project=OuterRef("project")).filter(
            Q(status__in=Review.OPEN) | Q(submitted_at__gt=OuterRef("submitted_at"))
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
            .filter(verdict=Review.Verdict.CHANGES_REQUESTED)
            .exclude(Exists(later))
            .exclude(Exists(moved))
        )


class Review(models.Model):
    """One round: prepared and requested by the owner, claimed by a mentor, submitted.

    A mentor may also review unasked. The next round is a row of its own that follows this one, so what
    was submitted never changes. `MOVES` are the only changes of status there are; a trigger in the
    database knows the same list.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"  # the owner prepares the request
        REQUESTED = "requested"
        CLAIMED = "claimed"  # a mentor has it, until the lease ends
        SUBMITTED = "submitted"
        WITHDRAWN = "withdrawn"  # by the owner
        DECLINED = "declined"  # by the mentor, with a reason
        EXPIRED = "expired"  # nobody took it for weeks

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")

    class Helpfulness(models.IntegerChoices):
        NOT_HELPFUL = 1, _("It did not help me")
        HELPFUL = 2, _("It helped me")
        VERY_HELPFUL = 3, _("It changed how I work")

    OPEN = [Status.DRAFT, Status.REQUESTED, Status.CLAIMED]
    #: From where one may get where; "" is a row that is not there yet.
    MOVES = {
        "": [Status.DRAFT, Status.REQUESTED, Status.CLAIMED, Status.SUBMITTED],
        Status.DRAFT: [Status.REQUESTED, Status.WITHDRAWN],
        Status.REQUESTED: [
            Status.CLAIMED, Status.SUBMITTED, Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED,
        ],
        Status.CLAIMED: [
            Status.REQUESTED, Status.SUBMITTED, Status.WITHDRAWN, Status.DECLINED,
        ],
        Status.SUBMITTED: [],
        Status.WITHDRAWN: [],
        Status.DECLINED: [],
        Status.EXPIRED: [],
    }  # fmt: skip

    project = models.ForeignKey(Project, models.CASCADE, related_name="reviews")
    status = models.CharField(max_length=9, choices=Status, default=Status.REQUESTED)
    round = models.PositiveSmallIntegerField(default=1, db_default=1)
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="later_rounds"
    )
    second_of = models.ForeignKey(  # another mentor's opinion of the same work
        "self", models.CASCADE, null=True, blank=True, related_name="second_opinions"
    )
    is_asked = models.BooleanField(
        default=True, db_default=True
    )  # else a mentor began by themselves
    question = models.TextField(max_length=2000, blank=True)  # what the owner wants looked at
    requested_at = models.DateTimeField(default=timezone.now)  # its place in the queue
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews_written",
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0, db_default=0)  # of the present lease
    rubric = models.ForeignKey(
        "curriculum.Rubric", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rubric_text = models.JSONField(default=dict, db_default={}, blank=True)  # as it was judged by
    verdict = models.CharField(max_length=17, choices=Verdict, blank=True)
    strength = models.TextField(max_length=4000, blank=True, db_default="")
    must_fix = models.TextField(max_length=4000, blank=True, db_default="")
    idea = models.TextField(max_length=4000, blank=True, db_default="")
    body = models.TextField(max_length=20_000, blank=True)
    check_run = models.ForeignKey(
        "CheckRun", models.SET_NULL, null=True, blank=True, related_name="reviews"
    )
    full_name = models.CharField(max_length=140, blank=True)  # of the repository reviewed
    head_sha = models.CharField(max_length=40, blank=True)  # the commit that was reviewed
    submitted_at = models.DateTimeField(null=True, blank=True)
    helpfulness = models.PositiveSmallIntegerField(choices=Helpfulness, null=True, blank=True)
    helpfulness_note = models.CharField(max_length=500, blank=True, db_default="")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(status="requested"), name="review_queue"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(status="claimed"), name="review_leases"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=["draft", "requested", "claimed"], second_of=None),
                name="review_one_open_per_project",
            ),
            models.UniqueConstraint(
                fields=["second_of"],
                condition=Q(status__in=["draft", "requested", "claimed"]),
                name="review_one_open_second_opinion",
            ),
            models.UniqueConstraint(
                fields=["follows"],
                condition=~Q(status__in=["withdrawn", "declined", "expired"]),
                name="review_one_next_round",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="submitted", submitted_at__isnull=False)
                    & ~Q(verdict="")
                    & ~Q(head_sha="")
                    & ~Q(body="", strength="", must_fix="", idea="")
                    | ~Q(status="submitted") & Q(submitted_at=None, verdict="")
                ),
                name="review_judges_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | ~Q(status="withdrawn") & Q(withdrawn_at=None),
                name="review_withdrawn_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="claimed", lease_until__isnull=False, claimed_at__isnull=False)
                | ~Q(status="claimed") & Q(lease_until=None),
                name="review_claim_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(helpfulness=None) | Q(status="submitted"),
                name="review_only_a_submitted_one_helps",
            ),
            models.CheckConstraint(
                condition=Q(follows=None) | ~Q(follows=F("id")), name="review_follows_another"
            ),
        ]

    def __str__(self):
        return f"{self.project}: {self.verdict or self.status}"

    def get_absolute_url(self):
        return reverse("portfolio:review", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_under_way(self) -> bool:
        """Whether it was asked for or begun and is not answered yet."""
        return self.status in (self.Status.REQUESTED, self.Status.CLAIMED)

    @property
    def contrary(self) -> list["Review"]:
        """Other opinions of the same work that came to another verdict. Wants the project's reviews prefetched."""
        first = self.second_of_id or self.pk
        return [
            other
            for other in self.project.reviews.all()
            if other.pk != self.pk
            and (other.second_of_id or other.pk) == first
            and other.verdict
            and other.verdict != self.verdict
        ]

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

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """The three that a review is asked for, those that were written, each with its heading."""
        named = [
            (_("One strength"), self.strength),
            (_("What must change"), self.must_fix),
            (_("One idea"), self.idea),
        ]
        return [(str(heading), text) for heading, text in named if text.strip()]

    @property
    def gist(self) -> str:
        """What to say of it in one line: what must change, else the first that was written."""
        return self.must_fix or self.body or self.strength or self.idea

    @property
    def lease_left(self) -> timedelta | None:
        """How long the mentor still has it; None where nobody does."""
        return self.lease_until - timezone.now() if self.lease_until else None


class Move(models.Model):
    """One change of a review's status: who, when, from where to where."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="moves")
    from_status = models.CharField(max_length=9, blank=True)  # "" for its beginning
    to_status = models.CharField(max_length=9, choices=Review.Status)
    moved_by = models.ForeignKey(  # None: by the clock
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moved_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["moved_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *[
                        Q(from_status=before, to_status__in=after)
                        for before, after in Review.MOVES.items()
                        if after
                    ],
                    _connector=Q.OR,
                ),
                name="move_is_legal",
            ),
        ]

    def __str__(self):
        return f"{self.review_id}: {self.from_status} → {self.to_status}"


class Score(models.Model):
    """The rating that a review gives on one criterion, in the words it was given by."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.SlugField(max_length=50)  # of the rubric's text in the review
    value = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["review", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion"], name="score_once_per_criterion"
            ),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=4), name="score_is_1_to_4"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.value}"


class Draft(models.Model):
    """What a mentor has written so far. It stays theirs when the request goes."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="drafts")
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_drafts"
    )
    words = models.JSONField(default=dict)  # by field of the form, as typed
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "mentor"], name="draft_one_per_mentor"),
        ]

    def __str__(self):
        return f"draft of {self.mentor} for {self.review}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What was written in words, each under its heading."""
        named = [
            (_("One strength"), "strength"),
            (_("What must change"), "must_fix"),
            (_("One idea"), "idea"),
            (_("Anything else"), "body"),
        ]
        found = [(str(heading), str(self.words.get(name, ""))) for heading, name in named]
        return [(heading, text) for heading, text in found if text.strip()]
