"""Edits made in the admin: what they were, since when they are, and content that leaves by hand."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from curriculum.loader import planning
from curriculum.loader.locking import lock
from curriculum.loader.reading import MODELS, stored
from curriculum.loader.writing import renumber
from curriculum.models import Edition, FileEntry, Roadmap

KINDS = {model: kind for kind, model in MODELS.items()}


@transaction.atomic
def write_down() -> None:
    """After an edit: number the modules anew, mark what differs from the files, begin an edition."""
    for roadmap in Roadmap.objects.all():
        renumber(roadmap)
    now_stored = stored()
    edited = planning.edits(now_stored)
    different = []
    for (kind, slug), by_roadmap in now_stored.claims.items():
        ruler = now_stored.ruler(kind, slug) or ""
        for holder, entry in by_roadmap.items():
            is_edited = holder == ruler and (kind, slug) in edited
            if is_edited != bool(entry.edited_at):
                entry.edited_at = timezone.now() if is_edited else None
                different.append(entry)
    FileEntry.objects.bulk_update(different, ["edited_at"])
    Edition.objects.create()


def of(row: Any) -> tuple[str, ...] | None:
    """The keys of an entry that differ from its file; None for one that no file holds."""
    key = KINDS[type(row)], row.slug
    now_stored = stored()
    if key not in now_stored.claims:
        return None
    return planning.edits(now_stored).get(key, ())


@transaction.atomic
def retire(rows: Iterable[Any]) -> int:
    """Take entries out of the curriculum; what learners did with them stays. How many there were."""
    return _set_retired(rows, is_retired=True)


@transaction.atomic
def bring_back(rows: Iterable[Any]) -> int:
    """Put retired entries back, with all that learners did with them. How many there were."""
    return _set_retired(rows, is_retired=False)


def _set_retired(rows: Iterable[Any], *, is_retired: bool) -> int:
    lock()
    changed = [row for row in rows if row.is_retired != is_retired]
    for row in changed:
        row.retired_at = timezone.now() if is_retired else None
        row.save(update_fields=["retired_at"])
    if changed:
        write_down()
    return len(changed)
