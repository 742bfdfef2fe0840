"""Take everything about oneself out of here: ask for it, pack it part by part, fetch it, forget it.

A worker packs for some seconds and then lets go, so a large takeout takes several turns, and one that is
killed loses the part it was at. A part is a file in the takeout's folder, complete under its name or
not there. The last part makes one ZIP of the others.
"""

import json
import os
import re
import secrets
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import entries, kinds, notices, register
from accounts.models import Arrival, Takeout, User

log = structlog.get_logger(__name__)

#: What the file says it is, and of which version.
FORMAT, VERSION = "milepost-takeout", 1
#: How long a finished takeout can be fetched.
KEPT = timedelta(days=7)
#: How long a worker may hold one: twice the hard time limit of a task (30 s).
LEASE = timedelta(seconds=60)
#: Seconds for which one turn begins new parts.
TURN = 8.0
#: A turn that got no further is followed by another so much later, and so many of them are the end.
PAUSE, MOST_STANDSTILLS = timedelta(seconds=30), 5
#: A folder that no row knows is removed when it is so old.
STRAY = timedelta(days=1)


Part = Callable[[Takeout, Path], int]


class Lost(Exception):
    """Another worker has it now, or it is gone."""


def ask(person: User) -> Takeout:
    """A takeout for a person: the one that is being packed, or a new one. A second click makes none."""
    while True:
        if active := person.takeouts.active().first():
            return active
        try:
            with transaction.atomic():
                return person.takeouts.create(
                    folder=secrets.token_urlsafe(32), parts_in_all=len(_parts())
                )
        except IntegrityError:  # another click in the same moment
            continue


def due(*, limit: int = 20) -> list[int]:
    """The ids of takeouts that are to be gone on with now."""
    waiting = Takeout.objects.due(timezone.now()).order_by("due_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def claim(takeout_id: int) -> Takeout | None:
    """Take one that is due, for the length of the lease; None when there is none to take.

    One that many turns got no further with has failed.
    """
    now = timezone.now()
    takeout = Takeout.objects.due(now).filter(pk=takeout_id).select_related("person").first()
    if takeout is None:
        return None
    as_it_was = Takeout.objects.active().filter(
        pk=takeout.pk, attempts=takeout.attempts, due_at=takeout.due_at
    )
    takeout.attempts += 1
    takeout.standstills += 1
    takeout.due_at = now + LEASE
    changed = ["attempts", "standstills", "due_at"]
    if not as_it_was.update(**{name: getattr(takeout, name) for name in changed}):
        return None
    if takeout.standstills > MOST_STANDSTILLS:
        fail(takeout)
        return None
    return takeout


def pack(takeout: Takeout) -> bool:
    """Pack parts of a claimed takeout for some seconds; whether it is ready now.

    Raises OSError when the disk refuses. Harmless when it is cut off anywhere.
    """
    until = time.monotonic() + TURN
    folder = _folder(takeout)
    settings.TAKEOUT_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        for name, write in _parts().items():
            if name in takeout.parts and _is_there(folder, name):
                continue
            if time.monotonic() > until:
                let_go(takeout)
                return False
            takeout.parts[name] = write(takeout, folder)
            _note(takeout, parts=takeout.parts, standstills=0, due_at=timezone.now() + LEASE)
        _finish(takeout)
    except Lost:
        if not Takeout.objects.filter(pk=takeout.pk).exists():  # deleted, with the account perhaps
            _remove_files(takeout)
        return False
    return True


def let_go(takeout: Takeout, pause: timedelta = timedelta(0)) -> None:
    """Give a claimed takeout back, to be gone on with."""
    _held(takeout).update(due_at=timezone.now() + pause)


def fail(takeout: Takeout) -> None:
    """Give a claimed takeout up. Its person sees so, and can ask again."""
    if _held(takeout).update(status=Takeout.Status.FAILED):
        shutil.rmtree(_folder(takeout), ignore_errors=True)
        log.error("a takeout failed", takeout=takeout.pk, parts=takeout.parts_done)


def latest_of(person: User) -> Takeout | None:
    """What to say of a person's takeout: the newest of them; None for none, and after it has expired."""
    latest = person.takeouts.first()
    return latest if latest and (latest.status != Takeout.Status.READY or latest.is_ready) else None


def file_of(takeout: Takeout) -> Path:
    """Where the finished file of a takeout lies."""
    return settings.TAKEOUT_DIR / f"{takeout.folder}.zip"


def file_name(takeout: Takeout) -> str:
    """What a browser should call the file."""
    made_on = timezone.localtime(takeout.ready_at).date()
    return f"milepost-{takeout.person.profile.handle}-{made_on}.zip"


def contents(takeout: Takeout) -> list[tuple[str, int]]:
    """What is inside, in words, each with its number of entries; what is empty is left out."""
    return [
        (_in_words(name), number)
        for name, number in takeout.parts.items()
        if number and name in entries.shapes()
    ]


def remove(takeouts: Iterable[Takeout]) -> int:
    """Remove takeouts with their files; how many. Cut off anywhere, it is done by the next time."""
    removed = 0
    for takeout in takeouts:
        _remove_files(takeout)
        removed += Takeout.objects.filter(pk=takeout.pk).delete()[0]
    return removed


def remove_old() -> int:
    """Remove what has expired, what failed a week ago, and files that no row knows; how many rows."""
    now = timezone.now()
    expired = Takeout.objects.filter(expires_at__lte=now)
    failed = Takeout.objects.filter(status=Takeout.Status.FAILED, asked_at__lt=now - KEPT)
    removed = remove(expired) + remove(failed)
    _remove_strays()
    return removed


# The parts


def _parts() -> dict[str, Part]:
    """Every part by its name: a function that writes it into a folder and counts its entries."""
    parts: dict[str, Part] = {name: _data(name) for name in entries.shapes()}
    parts |= {f"text/{name}": _text(name) for name in register.TEXTS}
    parts |= {f"files/{name}": _files(name) for name in register.FILES}
    return parts | {"zip": _zip}


def _data(name: str) -> Part:
    def write(takeout: Takeout, folder: Path) -> int:
        number = 0
        with _NewFile(folder / "data" / f"{name}.json") as file:
            file.write("[")
            for entry in entries.of(takeout.person, entries.shapes()[name]):
                file.write(("," if number else "") + "\n" + entries.dumps(entry))
                number += 1
            file.write("\n]\n")
        return number

    return write


def _text(name: str) -> Part:
    def write(takeout: Takeout, folder: Path) -> int:
        number = 0
        for path, text in register.TEXTS[name](takeout.person):
            with _NewFile(folder / "text" / path) as file:
                file.write(text.rstrip() + "\n")
            number += 1
        return number

    return write


def _files(name: str) -> Part:
    def write(takeout: Takeout, folder: Path) -> int:
        number = 0
        for path, data in register.FILES[name](takeout.person):
            with _NewFile(folder / "files" / path) as file:
                file.buffer.write(data)
            number += 1
        return number

    return write


def _zip(takeout: Takeout, folder: Path) -> int:
    """One file of all that was packed, with a page that says what it is."""
    target = file_of(takeout)
    unfinished = target.with_suffix(".new")
    packed = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".new")
    with open(unfinished, "wb", opener=_private) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.md", _readme(takeout))
            archive.writestr("takeout.json", json.dumps(_manifest(takeout), indent=2) + "\n")
            archive.writestr("schema.json", json.dumps(entries.schema(), indent=2) + "\n")
            for path in packed:
                archive.write(path, path.relative_to(folder).as_posix())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    return len(packed) + 3


def _manifest(takeout: Takeout) -> dict[str, object]:
    """What a machine reads first."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": entries.as_json(timezone.now()),
        "site": settings.SITE_URL,
        "handle": takeout.person.profile.handle,
        "files": {
            f"data/{name}.json": number
            for name, number in takeout.parts.items()
            if name in entries.shapes()
        },
    }


def _readme(takeout: Takeout) -> str:
    """What a person reads first."""
    person = takeout.person
    rows = [f"| `data/{name}.json` | {takeout.parts.get(name, 0)} |" for name in entries.shapes()]
    left = [
        f"- **{line.rows._meta.verbose_name}**: {line.because}"
        for line in register.LINES.values()
        if line.because and line.is_personal
    ]
    fields = [
        f"- `{shape.taken.name}`: {', '.join(sorted(shape.taken.without))}"
        for top in entries.shapes().values()
        for shape in top.walk()
        if shape.taken.without
    ]
    return "\n".join(
        [
            f"# Everything about {person.get_full_name()}",
            "",
            f"Taken out of {settings.SITE_NAME}, {settings.SITE_URL}, on {timezone.now():%d %B %Y}.",
            "",
            "`data/` holds every fact as JSON, one file for each kind; `schema.json` says what may stand in "
            "them. `text/` holds what is worth reading as Markdown, `files/` the images of case studies. Another "
            "Milepost can read this file in: *Settings, Your data, Bring a takeout here*.",
            "",
            "Keep it as you keep your diary: it holds your notes and addresses. It holds no password, token "
            "or code.",
            "",
            "| file | entries |",
            "| --- | --- |",
            *rows,
            "",
            "## What is not in it",
            "",
            *left,
            "",
            "Of these, some values are left out, because they are secrets, somebody else's, or only say how "
            "our own work went:",
            "",
            *fields,
            "",
            "What others wrote about you for their own eyes, such as a mentor's private notes, is theirs.",
            "",
        ]
    )


class _NewFile:
    """A file that stands under its name only once it is complete."""

    def __init__(self, path: Path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self.beside = path, path.with_name(path.name + ".new")

    def __enter__(self):
        self.file = open(self.beside, "w", encoding="utf-8", opener=_private)
        return self.file

    def __exit__(self, kind, error, trace):
        self.file.close()
        if kind is None:
            self.beside.replace(self.path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


# The row


def _finish(takeout: Takeout) -> None:
    """The file is there: say so, and remove what it was made of and what it replaces."""
    now = timezone.now()
    with transaction.atomic():
        _note(
            takeout,
            status=Takeout.Status.READY,
            ready_at=now,
            expires_at=now + KEPT,
            size=file_of(takeout).stat().st_size,
        )
        notices.tell(
            takeout.person,
            kinds.TAKEOUT_READY,
            key=f"takeout {takeout.pk}",
            path=reverse("accounts:takeout"),
        )
    shutil.rmtree(_folder(takeout), ignore_errors=True)
    remove(takeout.person.takeouts.exclude(pk=takeout.pk))
    log.info("a takeout is ready", takeout=takeout.pk, attempts=takeout.attempts)


def _note(takeout: Takeout, **facts) -> None:
    """Write facts into the row as long as this claim is the latest. Raises Lost."""
    if not _held(takeout).update(**facts):
        raise Lost
    for name, value in facts.items():
        setattr(takeout, name, value)


def _held(takeout: Takeout):
    return Takeout.objects.active().filter(pk=takeout.pk, attempts=takeout.attempts)


def _folder(takeout: Takeout) -> Path:
    return settings.TAKEOUT_DIR / takeout.folder


def _is_there(folder: Path, name: str) -> bool:
    """Whether a part that was packed is still on this disk."""
    if name == "zip":
        return folder.with_name(f"{folder.name}.zip").exists()
    return name.startswith(("text/", "files/")) or (folder / "data" / f"{name}.json").exists()


def _remove_files(takeout: Takeout) -> None:
    file_of(takeout).unlink(missing_ok=True)
    shutil.rmtree(_folder(takeout), ignore_errors=True)


def _remove_strays() -> None:
    if not settings.TAKEOUT_DIR.exists():
        return
    known = set(Takeout.objects.values_list("folder", flat=True))
    known |= set(Arrival.objects.values_list("file", flat=True))
    for path in settings.TAKEOUT_DIR.iterdir():
        is_old = time.time() - path.stat().st_mtime > STRAY.total_seconds()
        if path.name.partition(".")[0] not in known and is_old:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _in_words(name: str) -> str:
    return re.sub(r"[-_]", " ", name)
