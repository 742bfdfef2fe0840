"""Write a note on a unit, and find notes again."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from curriculum import words
from curriculum.models import Note, Unit

#: What stands between two texts that are both kept.
RULE = "\n\n---\n\n"


class WrittenMeanwhile(Exception):
    """The note is not the one that the writer began with: `note` is what it is now, if anything."""

    def __init__(self, note: Note | None):
        super().__init__(note)
        self.note = note


def all_of(learner: User) -> QuerySet[Note]:
    """A learner's notes in the order of the roadmap, each with its unit, module and stage."""
    return learner.notes.select_related("unit__module__stage")


def of(learner: User, unit: Unit) -> Note | None:
    """The learner's note on a unit."""
    return learner.notes.filter(unit=unit).first()


def write(learner: User, unit: Unit, text: str, *, version: str = "") -> Note | None:
    """Keep a learner's note on a unit; a blank text removes it.

    `version` is that of the note the writer began with, and empty if there was none. Raises
    WrittenMeanwhile when it is another one by now. The same text twice, as two presses send it,
    is kept once.
    """
    text = text if text.strip() else ""
    try:
        with transaction.atomic():
            return _write(learner, unit, text, version)
    except IntegrityError:  # two tabs wrote the first text in the same moment
        return write(learner, unit, text, version=version)


def both(mine: str, other: Note | None) -> str:
    """Two texts as one: the one that is kept already, a rule, and mine."""
    return other.text.rstrip() + RULE + mine if other else mine


def found_by(learner: User, query: words.Query) -> list[int]:
    """The keys of the learner's notes that hold every word of a query, in the order of the roadmap.

    The title of their unit counts as theirs. Texts are compared here, not in the database.
    """
    texts = learner.notes.values_list("pk", "unit__title", "text")
    return [pk for pk, title, text in texts if query.is_in(f"{title}\n{text}")]


def _write(learner: User, unit: Unit, text: str, version: str) -> Note | None:
    note = Note.objects.select_for_update().filter(learner=learner, unit=unit).first()
    if text == (note.text if note else ""):
        return note
    if version != (note.version if note else ""):
        raise WrittenMeanwhile(note)
    if not text:
        Note.objects.filter(learner=learner, unit=unit).delete()
        return None
    if note is None:
        return Note.objects.create(learner=learner, unit=unit, text=text)
    note.text, note.written_at = text, timezone.now()
    note.save(update_fields=["text", "written_at"])
    return note
