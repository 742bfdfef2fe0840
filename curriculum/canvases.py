"""Write a design down, part by part, and tick what it covers."""

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum.models import Canvas, Question

#: What to ask oneself in each part; the method of the guide's system design interviews.
PROMPTS = {
    Canvas.Part.FRAMING: _(
        "Who decides what with the output? Which target, which number tells success?"
    ),
    Canvas.Part.DATA: _("Which data exist, how old, how labelled, who may use them?"),
    Canvas.Part.FEATURES: _(
        "What is known at the moment of prediction? How is it kept the same in training?"
    ),
    Canvas.Part.MODEL: _("Which baseline, which model next, and why not a simpler one?"),
    Canvas.Part.EVALUATION: _("Which split, which metrics, per group; then which test with users?"),
    Canvas.Part.SERVING: _(
        "Batch or online? Latency, load, cost, and what happens when it is down?"
    ),
    Canvas.Part.MONITORING: _(
        "What is watched, who is woken, when is it trained anew or rolled back?"
    ),
}


class WrittenMeanwhile(Exception):
    """The canvas is not the one that the writer began with: `canvas` is what it is now."""

    def __init__(self, canvas: Canvas | None):
        super().__init__(canvas)
        self.canvas = canvas


def all_of(learner: User) -> QuerySet[Canvas]:
    """A learner's canvases, each with its question, the one written last first."""
    return Canvas.objects.filter(learner=learner).select_related("question")


def of(learner: User, question: Question) -> Canvas | None:
    return Canvas.objects.filter(learner=learner, question=question).first()


def write(
    learner: User,
    question: Question,
    parts: Mapping[str, str],
    covered: Iterable[str],
    *,
    version: str = "",
) -> Canvas:
    """Keep a learner's canvas. `version` is that of the one they began with, "" for none.

    Raises WrittenMeanwhile when it is another one by now. The same twice is kept once.
    """
    kept = {part: text for part, text in parts.items() if text.strip()}
    ticked = list(covered)
    try:
        with transaction.atomic():
            return _write(learner, question, kept, ticked, version)
    except IntegrityError:  # two tabs wrote the first one in the same moment
        return write(learner, question, parts, ticked, version=version)


def _write(
    learner: User, question: Question, parts: dict[str, str], covered: list[str], version: str
) -> Canvas:
    held = Canvas.objects.select_for_update(of=("self",))
    canvas = held.filter(learner=learner, question=question).first()
    if canvas and (canvas.parts, canvas.covered) == (parts, covered):
        return canvas
    if version != (canvas.version if canvas else ""):
        raise WrittenMeanwhile(canvas)
    if canvas is None:
        return Canvas.objects.create(
            learner=learner, question=question, parts=parts, covered=covered
        )
    canvas.parts, canvas.covered, canvas.written_at = parts, covered, timezone.now()
    canvas.save(update_fields=["parts", "covered", "written_at"])
    return canvas
