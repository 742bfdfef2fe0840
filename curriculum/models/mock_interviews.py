"""A mock interview: a mentor or a peer asks, a learner answers, at a moment that both agreed on."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curriculum.models.practice import Card, Format, Question

MOST_SLOTS = 5
LENGTHS = (30, 45, 60, 90)  # minutes
MOST_NOTED = 6000  # letters


class MockInterviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those in which this person asks or answers. Nobody else sees one."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(learner=user) | Q(interviewer=user))

    def open(self):
        """Neither held nor ended: one of the two still has something to do."""
        return self.filter(state__in=MockInterview.OPEN)

    def agreed(self):
        """Both said yes to a moment."""
        return self.filter(state=MockInterview.State.AGREED)

    def waiting_for(self, user):
        """Proposals that this person has to answer."""
        proposed = self.visible_to(user).filter(state=MockInterview.State.PROPOSED)
        return proposed.exclude(asked_by=user)

    def with_people(self):
        return self.select_related("learner__profile", "interviewer__profile")


class MockInterview(models.Model):
    """Proposed with up to five moments, agreed on by the other, held; or cancelled or expired.

    `MOVES` are the only changes of state there are; the database knows the same list.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    OPEN = [State.PROPOSED, State.AGREED]
    #: From where one may get where; "" is a row that is not there yet.
    MOVES = {
        "": [State.PROPOSED],
        State.PROPOSED: [State.PROPOSED, State.AGREED, State.CANCELLED, State.EXPIRED],
        State.AGREED: [State.PROPOSED, State.HELD, State.CANCELLED, State.EXPIRED],
        State.HELD: [],
        State.CANCELLED: [],
        State.EXPIRED: [],
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # in calendars
    learner = models.ForeignKey(  # who answers
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mock_interviews"
    )
    interviewer = models.ForeignKey(  # None: their account is gone
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="mock_interviews_given",
    )
    asked_by = models.ForeignKey(  # whose moments stand now; the other one answers
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    formats = models.JSONField()  # of Format, in its order
    minutes = models.PositiveSmallIntegerField(choices=[(n, str(n)) for n in LENGTHS], default=60)
    wish = models.CharField(max_length=500, blank=True)  # what to look at, in the asker's words
    place = models.CharField(max_length=200, blank=True)  # a link or a room
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    starts_at = models.DateTimeField(null=True, blank=True)
    rubrics = models.JSONField(
        default=dict, db_default={}, blank=True
    )  # by format, as it stood then
    shared_note = models.TextField(max_length=MOST_NOTED, blank=True, db_default="")
    sheet_version = models.PositiveIntegerField(default=0, db_default=0)  # up with every save
    sequence = models.PositiveIntegerField(
        default=0
    )  # of calendar files; up when the moment changes
    version = models.PositiveIntegerField(default=1)  # goes up with every change
    proposed_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = MockInterviewQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        indexes = [
            models.Index(
                fields=["starts_at"], condition=Q(state="agreed"), name="mock_interview_by_moment"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(interviewer=None) | ~Q(interviewer=F("learner")),
                name="mock_interview_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["agreed", "held"], starts_at__isnull=False)
                | Q(state="proposed", starts_at=None)
                | Q(state__in=["cancelled", "expired"]),
                name="mock_interview_agreed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(minutes__in=LENGTHS), name="mock_interview_has_a_length"
            ),
        ]

    def __str__(self):
        return f"{self.interviewer} interviews {self.learner}: {self.state}"

    def get_absolute_url(self):
        return reverse("curriculum:mock_interview", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_agreed(self) -> bool:
        return self.state == self.State.AGREED

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def has_begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def format_list(self) -> list[Format]:
        return [format for format in Format if format.value in self.formats]

    @property
    def format_words(self) -> str:
        """Its formats as a sentence names them: coding, ML theory."""
        return ", ".join(str(format.label) for format in self.format_list)

    @property
    def place_url(self) -> str:
        """The place where it is an address of the web and nothing else; "" where it is not."""
        is_one = self.place.lower().startswith("https://") and " " not in self.place
        return self.place if is_one else ""

    def other(self, person):
        """The other of the two; None where their account is gone."""
        return self.interviewer if person.pk == self.learner_id else self.learner


class MockSlot(models.Model):
    """A moment at which whoever asked could meet."""

    interview = models.ForeignKey(MockInterview, models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "starts_at"], name="mock_slot_once"),
        ]

    def __str__(self):
        return f"{self.interview_id}: {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.starts_at <= timezone.now()


class MockMove(models.Model):
    """One change of a mock interview's state: who, when, from where to where."""

    interview = models.ForeignKey(MockInterview, models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=9, blank=True)  # "" for its beginning
    to_state = models.CharField(max_length=9, choices=MockInterview.State)
    moved_by = models.ForeignKey(  # None: by the clock
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moved_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["moved_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *[
                        Q(from_state=before, to_state__in=after)
                        for before, after in MockInterview.MOVES.items()
                        if after
                    ],
                    _connector=Q.OR,
                ),
                name="mock_move_is_legal",
            ),
        ]

    def __str__(self):
        return f"{self.interview_id}: {self.from_state} → {self.to_state}"


class MockQuestion(models.Model):
    """What the interviewer means to ask, or wrote down as a follow-up in their own words.

    A question of the plan says why it was drawn. A follow-up is known once the sheet is shared, and becomes
    a card of the learner's; `card_before` is what was scheduled for a card that they had already.
    """

    interview = models.ForeignKey(MockInterview, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="mock_questions"
    )
    why = models.JSONField(default=dict, blank=True)  # see curriculum.mock_plans
    own_format = models.CharField(max_length=13, choices=Format, blank=True)
    own_prompt = models.CharField(max_length=300, blank=True)
    own_outline = models.JSONField(default=list, blank=True)
    is_follow_up = models.BooleanField(default=False)
    card = models.ForeignKey(
        Card, models.SET_NULL, null=True, blank=True, related_name="mock_questions"
    )
    card_before = models.JSONField(null=True, blank=True)
    card_version = models.PositiveIntegerField(null=True, blank=True)  # after it was put in

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "question"],
                condition=Q(question__isnull=False),
                name="mock_question_once",
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=False, own_prompt="")
                | Q(question=None) & ~Q(own_prompt="") & ~Q(own_format=""),
                name="mock_question_asks_something",
            ),
        ]

    def __str__(self):
        return self.prompt

    @property
    def prompt(self) -> str:
        return self.question.prompt if self.question else self.own_prompt

    @property
    def outline(self) -> list[str]:
        return self.question.outline if self.question else self.own_outline

    @property
    def format(self) -> Format:
        return Format(self.question.format if self.question else self.own_format)

    @property
    def is_planned(self) -> bool:
        return self.question_id is not None


class MockScore(models.Model):
    """The rating on one criterion of one format's rubric."""

    interview = models.ForeignKey(MockInterview, models.CASCADE, related_name="scores")
    format = models.CharField(max_length=13, choices=Format)
    criterion = models.SlugField(max_length=50)  # of the rubric's text in the interview
    value = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["interview", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "format", "criterion"], name="mock_score_once_per_criterion"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=4), name="mock_score_is_1_to_4"
            ),
        ]

    def __str__(self):
        return f"{self.format}, {self.criterion}: {self.value}"


class MockNote(models.Model):
    """What the interviewer keeps for themselves: a private note, and the sheet until it is shared.

    Nobody else is shown it; it goes with their account.
    """

    interview = models.ForeignKey(MockInterview, models.CASCADE, related_name="private_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mock_notes")
    text = models.TextField(max_length=MOST_NOTED, blank=True)
    sheet = models.JSONField(default=dict, blank=True)  # as curriculum.mock_sheets keeps it
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "author"], name="mock_note_one_each"),
        ]

    def __str__(self):
        return f"{self.author}: {self.interview_id}"
