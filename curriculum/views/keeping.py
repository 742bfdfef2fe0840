"""What a learner keeps on a unit, as its page shows it: a note, links of their own, their time."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from curriculum import notes, own_resources, study_sessions
from curriculum.forms import NoteForm, OwnResourceForm, StudySessionForm
from curriculum.models import Unit
from curriculum.models.study_sessions import CAP

#: Minutes that one press records.
QUICK_MINUTES = [15, 30, 45, 60, 90]


def kept_on(unit: Unit, user: User | AnonymousUser) -> dict[str, Any]:
    """The learner's own parts of a unit's page; none for who is signed out."""
    if not user.is_authenticated:
        return {}
    note = notes.of(user, unit)
    return {
        "note": note,
        "note_form": NoteForm(
            initial={"text": note.text, "version": note.version} if note else None
        ),
        "own_resources": own_resources.of(user, unit),
        "own_resource_form": OwnResourceForm(),
        "times": study_sessions.times(user, unit),
        "quick_minutes": QUICK_MINUTES,
        "clock_cap": CAP,
        "session_form": StudySessionForm(),
    }
