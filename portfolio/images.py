"""Keep, change, order and remove the images of a case study, with their files.

A file is written whole under its last name before its row, and removed after its row. So a process that is
killed between the two leaves a file without a row, never a row without a file; `sweep` removes what nothing
names, also after an account or a project went with all its rows.
"""

import os
import re
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portfolio import pixels
from portfolio.models import CaseImage, Project

log = structlog.get_logger(__name__)

#: Images of one project. A case study that needs more wants to be shorter.
MOST = 8
#: A file without a row may be one that is being added just now.
STRAY_AFTER = timedelta(hours=1)
NAME = re.compile(r"[0-9a-f]{32}\.(webp|png)")


class TooMany(Exception):
    """The project has as many images as it may."""


def folder() -> Path:
    return Path(settings.IMAGE_DIR)


def add(
    project: Project,
    data: bytes,
    *,
    alt: str,
    caption: str = "",
    longest: int = pixels.LONGEST_SENT,
) -> CaseImage:
    """Write an image anew and keep it as the last of the project. Raises pixels.Refused and TooMany."""
    if project.images.count() >= MOST:
        raise TooMany
    encoded = pixels.reencoded(data, longest=longest)
    image = CaseImage(
        project=project,
        kind=encoded.kind.value,
        width=encoded.width,
        height=encoded.height,
        size=len(encoded.data),
        digest=encoded.digest,
        alt=alt,
        caption=caption,
    )
    _write(image.file_name, encoded.data)
    try:
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)  # one adds at a time
            there = CaseImage.objects.filter(project=project).count()
            if there >= MOST:
                raise TooMany
            image.position = there + 1
            image.save()
    except BaseException:
        _unlink([image.file_name])
        raise
    return image


def change(image: CaseImage, *, alt: str, caption: str) -> None:
    """Give it other words."""
    CaseImage.objects.filter(pk=image.pk).update(alt=alt, caption=caption)


@transaction.atomic
def move(image: CaseImage, by: int) -> None:
    """Show it so many places later, or earlier; at the ends it stays."""
    Project.objects.select_for_update().get(pk=image.project_id)
    order = list(CaseImage.objects.filter(project=image.project_id))
    if image not in order:
        return
    here = order.index(image)
    order.insert(max(0, min(here + by, len(order) - 1)), order.pop(here))
    for position, each in enumerate(order, 1):
        if each.position != position:
            CaseImage.objects.filter(pk=each.pk).update(position=position)


@transaction.atomic
def remove(image: CaseImage) -> None:
    """Remove it, and its file once that is certain."""
    name = image.file_name
    image.delete()
    transaction.on_commit(lambda: _unlink([name]), robust=True)


def remove_all(rows: QuerySet[CaseImage]) -> None:
    """Remove these rows, and their files once that is certain."""
    names = [image.file_name for image in rows]
    rows.delete()
    transaction.on_commit(lambda: _unlink(names), robust=True)


def forget_with(project: Project) -> None:
    """Remove the files of a project that is about to be deleted, once that is certain."""
    names = [image.file_name for image in project.images.all()]
    if names:
        transaction.on_commit(lambda: _unlink(names), robust=True)


def bytes_of(image: CaseImage) -> bytes | None:
    """The file of an image; None where it is gone, which is logged."""
    try:
        return (folder() / image.file_name).read_bytes()
    except OSError as error:
        log.error("an image has no file", image=image.pk, error=type(error).__name__)
        return None


def sweep() -> int:
    """Remove files that no row names any more; how many. A file of the last hour is left alone."""
    if not folder().is_dir():
        return 0
    before = (timezone.now() - STRAY_AFTER).timestamp()
    old = {
        entry.name: entry
        for entry in os.scandir(folder())
        if entry.is_file(follow_symlinks=False)
        and entry.stat(follow_symlinks=False).st_mtime < before
    }
    keys = {name.split(".")[0] for name in old if NAME.fullmatch(name)}
    named = {
        image.file_name for image in CaseImage.objects.filter(key__in=keys).only("key", "kind")
    }
    stray = [name for name in old if name not in named]
    _unlink(stray)
    return len(stray)


def _write(name: str, data: bytes) -> None:
    """The whole file or none, for this process's eyes alone."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder(), prefix="new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(unfinished, folder() / name)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _unlink(names: Iterable[str]) -> None:
    for name in names:
        try:
            (folder() / name).unlink(missing_ok=True)
        except OSError as error:
            log.error("an image was not removed", error=type(error).__name__)
