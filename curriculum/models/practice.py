"""What an interviewer asks, and how a learner keeps the answers in mind."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curriculum import recall
from curriculum.models.content import Content, ContentQuerySet
from curriculum.models.skills import Skill

MOST_LETTERS = 10_000  # of a written answer
MOST_CARDS_A_DAY = 50


class Format(models.TextChoices):
    CODING = "coding", _("Coding")
    THEORY = "theory", _("ML theory")
    SYSTEM_DESIGN = "system-design", _("ML system design")
    BEHAVIOURAL = "behavioural", _("Behavioural")

    @property
    def minutes(self) -> int:
        """What one question of it takes in an interview, as the content's file says."""
        return {"coding": 35, "theory": 15, "system-design": 45, "behavioural": 10}[self.value]


class QuestionQuerySet(ContentQuerySet):
    def kept_by(self, user):
        """Questions that a person has a card of: they stay open to them when they retire."""
        return self.filter(cards__learner=user) if user.is_authenticated else self.none()


class Question(Content):
    Format = Format

    class Difficulty(models.TextChoices):
        EASY = "easy"
        MEDIUM = "medium"
        HARD = "hard"

    format = models.CharField(max_length=13, choices=Format)
    difficulty = models.CharField(max_length=6, choices=Difficulty)
    position = models.PositiveSmallIntegerField()
    prompt = models.CharField(max_length=300)
    outline = models.JSONField(default=list)  # a model answer in points
    follow_ups = models.JSONField(default=list)
    skills = models.ManyToManyField(Skill, related_name="questions")

    objects = QuestionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.prompt

    def get_absolute_url(self):
        return reverse("curriculum:question", args=[self.slug])

    @property
    def minutes(self) -> int:
        """What it takes in an interview."""
        return Format(self.format).minutes


class Practice(models.Model):
    """How much a learner practises, and whether they do at present. Nobody has to say: all defaults."""

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="practice"
    )
    daily_cap = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(MOST_CARDS_A_DAY)]
    )
    new_a_day = models.PositiveSmallIntegerField(
        default=3, validators=[MaxValueValidator(MOST_CARDS_A_DAY)]
    )
    retention = models.PositiveSmallIntegerField(  # per cent of answers that should be known
        default=90, validators=[MinValueValidator(75), MaxValueValidator(97)]
    )
    paused_on = models.DateField(null=True, blank=True)
    is_sharing = models.BooleanField(default=False)  # what was asked of them, see Asked
    meets_peers = models.BooleanField(  # learners of their cohorts may ask for mock interviews
        default=False, db_default=False
    )

    class Meta:
        verbose_name_plural = "practice"
        constraints = [
            models.CheckConstraint(
                condition=Q(daily_cap__gte=1, daily_cap__lte=MOST_CARDS_A_DAY),
                name="practice_cap_is_1_to_50",
            ),
            models.CheckConstraint(
                condition=Q(new_a_day__gte=0, new_a_day__lte=MOST_CARDS_A_DAY),
                name="practice_new_is_0_to_50",
            ),
            models.CheckConstraint(
                condition=Q(retention__gte=75, retention__lte=97),
                name="practice_retention_is_75_to_97",
            ),
        ]

    def __str__(self):
        return f"Practice of {self.learner}"

    @property
    def is_paused(self) -> bool:
        return self.paused_on is not None


class CardQuerySet(models.QuerySet):
    def in_play(self):
        """Cards that may be asked: not set aside, and of a question or source that has not retired."""
        return self.filter(set_aside_at=None, question__retired_at=None, retired_at=None)

    def due(self, today):
        """Those whose day has come, some of them later today."""
        return self.in_play().filter(due_on__lte=today)


class Card(models.Model):
    """What a learner is asked again: a question of the curriculum, or words of another source.

    Whoever makes cards of words (a line of a résumé, what a mock interview showed) keeps them apart
    by `source`, such as "claim/17", of which a learner has one card at most.
    """

    class Phase(models.IntegerChoices):
        NEW = recall.NEW, _("Not answered yet")
        LEARNING = recall.LEARNING, _("Being learnt")
        KEPT = recall.KEPT, _("Kept in mind")
        RELEARNING = recall.RELEARNING, _("Being learnt again")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cards")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="cards"
    )
    source = models.CharField(max_length=60, blank=True)
    own_format = models.CharField(max_length=13, choices=Format, blank=True)
    own_prompt = models.CharField(max_length=300, blank=True)
    own_outline = models.JSONField(default=list, blank=True)
    own_origin = models.CharField(max_length=200, blank=True, db_default="")  # whence, in words
    own_facts = models.JSONField(default=dict, db_default={}, blank=True)  # what the words rest on
    own_changes = models.JSONField(default=list, db_default=[], blank=True)  # see practice.keep
    own_path = models.CharField(max_length=200, blank=True, db_default="")  # the page of it
    phase = models.PositiveSmallIntegerField(choices=Phase, default=Phase.NEW)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True)  # days
    difficulty = models.FloatField(null=True, blank=True)  # 1 to 10
    last_on = models.DateField(null=True, blank=True)  # the learner's own day
    due_on = models.DateField(null=True, blank=True)  # likewise; None before the first answer
    due_at = models.DateTimeField(null=True, blank=True)  # within a sitting only
    lapses = models.PositiveSmallIntegerField(default=0)  # since it was last taken up
    set_aside_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)  # its source is gone
    version = models.PositiveIntegerField(default=0)  # goes up with every change
    added_at = models.DateTimeField(default=timezone.now)

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["learner", "due_on"], name="card_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "question"],
                condition=Q(question__isnull=False),
                name="card_once_per_question",
            ),
            models.UniqueConstraint(
                fields=["learner", "source"],
                condition=~Q(source=""),
                name="card_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=False, source="", own_prompt="")
                | Q(question=None) & ~Q(source="") & ~Q(own_prompt="") & ~Q(own_format=""),
                name="card_of_a_question_or_a_source",
            ),
            models.CheckConstraint(
                condition=Q(
                    phase=recall.NEW, due_on=None, last_on=None, stability=None, difficulty=None
                )
                | Q(
                    phase__gt=recall.NEW,
                    due_on__isnull=False,
                    last_on__isnull=False,
                    stability__gt=0,
                    difficulty__gte=1,
                    difficulty__lte=10,
                ),
                name="card_is_new_or_has_a_memory",
            ),
        ]

    def __str__(self):
        return self.prompt

    def get_absolute_url(self):
        return reverse("curriculum:card", args=[self.pk])

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
    def news(self) -> list[str]:
        """What changed of its facts since it was last answered."""
        unseen = [
            change
            for change in self.own_changes
            if self.last_on is None or change["on"] >= self.last_on.isoformat()
        ]
        return [line for change in unseen for line in change["news"]]

    @property
    def is_set_aside(self) -> bool:
        return self.set_aside_at is not None

    @property
    def memory(self) -> recall.Memory:
        return recall.Memory(self.phase, self.step, self.stability, self.difficulty, self.last_on)


class AttemptQuerySet(models.QuerySet):
    def standing(self):
        """Those that count: with a confidence. An open one has its answer shown and waits for it."""
        return self.exclude(confidence=None)


class Attempt(models.Model):
    """A learner answered a card: in writing or not, then looked, then said how it went.

    `before` is the card as it was, so that the attempt can be taken back. The standing ones are the
    log that an optimiser of FSRS learns from.
    """

    class Confidence(models.IntegerChoices):
        AGAIN = recall.AGAIN, _("Again")
        HARD = recall.HARD, _("Hard")
        GOOD = recall.GOOD, _("Good")
        EASY = recall.EASY, _("Easy")

    card = models.ForeignKey(Card, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()  # of its card, from 1
    written = models.TextField(blank=True, max_length=MOST_LETTERS)
    revealed_at = models.DateTimeField(default=timezone.now)
    seconds = models.PositiveIntegerField(null=True, blank=True)  # of thought, where a clock ran
    confidence = models.PositiveSmallIntegerField(choices=Confidence, null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)  # the learner's own
    turn = models.PositiveIntegerField(null=True, blank=True)  # among all the learner's answers
    before = models.JSONField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-turn", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="attempt_once_per_number"),
            models.UniqueConstraint(
                fields=["card"], condition=Q(confidence=None), name="attempt_one_open_per_card"
            ),
            models.CheckConstraint(
                condition=Q(confidence=None, answered_at=None, day=None, turn=None, before=None)
                | Q(
                    confidence__gte=1,
                    confidence__lte=4,
                    answered_at__isnull=False,
                    day__isnull=False,
                    turn__isnull=False,
                    before__isnull=False,
                ),
                name="attempt_is_open_or_answered",
            ),
        ]

    def __str__(self):
        return f"{self.card}: {self.get_confidence_display() or 'open'}"

    @property
    def is_open(self) -> bool:
        return self.confidence is None


class Canvas(models.Model):
    """A learner's written design for one system design question, part by part. Nobody else sees it."""

    class Part(models.TextChoices):
        FRAMING = "framing", _("Framing")
        DATA = "data", _("Data")
        FEATURES = "features", _("Features")
        MODEL = "model", _("Model")
        EVALUATION = "evaluation", _("Evaluation")
        SERVING = "serving", _("Serving")
        MONITORING = "monitoring", _("Monitoring")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="canvases")
    question = models.ForeignKey(Question, models.PROTECT, related_name="canvases")
    parts = models.JSONField(default=dict)  # {"framing": "…", …}, of those that were written
    covered = models.JSONField(default=list)  # points of the question's outline, word for word
    written_at = models.DateTimeField(default=timezone.now)  # as it is now

    class Meta:
        ordering = ["-written_at"]
        verbose_name_plural = "canvases"
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "question"], name="canvas_once_per_question"
            ),
        ]

    def __str__(self):
        return f"{self.learner}: {self.question}"

    @property
    def version(self) -> str:
        """Tells this canvas from earlier ones; a form sends back the version that it began with."""
        return self.written_at.isoformat()


class ExerciseResult(models.Model):
    """What a learner says came out when they ran an exercise's tests on their own machine."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("All tests pass")
        PART = "part", _("Some pass")
        FAILED = "failed", _("None pass yet")

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exercise_results"
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="exercise_results")
    outcome = models.CharField(max_length=6, choices=Outcome)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-declared_at", "-pk"]

    def __str__(self):
        return f"{self.learner}: {self.question}, {self.get_outcome_display()}"


class ExerciseSolution(models.Model):
    """A solution to an exercise that stands in a repository that was checked, beside the exercise's tests.

    It is there, which anybody can see; nobody ran it. `source` tells repositories apart, "repository/12".
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exercise_solutions"
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="exercise_solutions")
    source = models.CharField(max_length=60)
    full_name = models.CharField(max_length=140)  # of the repository then
    path = models.CharField(max_length=500)
    url = models.CharField(max_length=2000)  # of the file at the commit
    head_sha = models.CharField(max_length=64)
    found_at = models.DateTimeField(default=timezone.now)  # first, there
    seen_at = models.DateTimeField(default=timezone.now)  # last

    class Meta:
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "source"], name="solution_once_per_repository"
            ),
        ]

    def __str__(self):
        return f"{self.question.slug}: {self.full_name}/{self.path}"

    @property
    def short_sha(self) -> str:
        return self.head_sha[:7]


class Asked(models.Model):
    """Something a learner was asked in a real interview: a private log, in their own words.

    Of those who share (see Practice.is_sharing) the skill and the format are counted together with
    those of others; the words, the place and the day never leave.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="asked")
    asked_on = models.DateField()
    format = models.CharField(max_length=13, choices=Format)
    skill = models.ForeignKey(
        Skill, models.SET_NULL, null=True, blank=True, related_name="asked_about"
    )
    words = models.CharField(max_length=300)  # what was asked
    place = models.CharField(max_length=120, blank=True)  # where
    note = models.TextField(max_length=MOST_LETTERS, blank=True)  # how it went, what to look up
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_on", "-pk"]
        verbose_name_plural = "asked"
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="asked_says_something"),
        ]

    def __str__(self):
        return self.words

    def get_absolute_url(self):
        return reverse("curriculum:asked_entry", args=[self.pk])
