"""Read a takeout that somebody uploaded, as if they meant harm: nothing is written, and little is believed.

Whatever is wrong refuses the whole file and names the place. Only the files that are asked for are unpacked,
each up to a limit that counts what comes out, not what the archive says.
"""

import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from accounts.takeouts import FORMAT, VERSION

#: Bytes of an upload, of one file inside, and of all that are read; files inside; entries in all.
MOST_BYTES = 20 * 1024 * 1024
MOST_IN_A_FILE, MOST_IN_ALL = 32 * 1024 * 1024, 64 * 1024 * 1024
MOST_FILES, MOST_ENTRIES = 1000, 50_000

MANIFEST = "takeout.json"
#: A part of a path that is safe and dull.
PLAIN = re.compile(r"[\w.,@+ -]{1,200}", re.ASCII)


class Refused(Exception):
    """Nothing of the file is taken. `where` is the place, `why` a sentence."""

    def __init__(self, where: str, why: str):
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


@dataclass(frozen=True, slots=True)
class Archive:
    """What was read: who it is said to be of, and the entries of each file by its name."""

    site: str
    made_at: str
    files: Mapping[str, list[dict[str, Any]]]


def read(path: Path, wanted: Collection[str]) -> Archive:
    """The entries of these files of a takeout. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, wanted)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise Refused(_("the file"), _("This is not a ZIP file that can be read.")) from error
    except (
        RuntimeError,
        ValueError,
        OSError,
        OverflowError,
    ) as error:
        raise Refused(_("the file"), _("It cannot be unpacked.")) from error


@contextmanager
def files_of(path: Path) -> Iterator[Callable[[str], bytes | None]]:
    """What reads a file below `files/` of a takeout that was read before; all of them share one room.

    Raises Refused for one that cannot be unpacked, and when the room is used up.
    """
    room = MOST_IN_ALL
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())

        def content(name: str) -> bytes | None:
            nonlocal room
            member = f"files/{name}"
            if member not in names:
                return None
            read = _unpacked(archive, member, room)
            room -= len(read)
            return read

        yield content


def _read(archive: zipfile.ZipFile, wanted: Collection[str]) -> Archive:
    names = _names(archive)
    if MANIFEST not in names:
        raise Refused(MANIFEST, _("It is missing: this is not a takeout of Milepost."))
    room = MOST_IN_ALL
    manifest, room = _json(archive, MANIFEST, room)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Refused(MANIFEST, _("This is not a takeout of Milepost."))
    if manifest.get("version") != VERSION or isinstance(manifest.get("version"), bool):
        raise Refused(MANIFEST, _("It is of a version that is not known here."))
    files, number = {}, 0
    for name in wanted:
        member = f"data/{name}.json"
        if member not in names:
            continue
        entries, room = _json(archive, member, room)
        if not isinstance(entries, list):
            raise Refused(member, _("It is not a list."))
        number += sum(map(_size, entries))
        if number > MOST_ENTRIES:
            raise Refused(member, _("There are more entries than can be read at once."))
        files[name] = entries
    return Archive(_line(manifest.get("site")), _line(manifest.get("made_at")), files)


def _names(archive: zipfile.ZipFile) -> set[str]:
    """The paths inside. Raises Refused for one that leads anywhere but down, and for one that is there twice."""
    if len(archive.infolist()) > MOST_FILES:
        raise Refused(_("the file"), _("There are too many files in it."))
    names: set[str] = set()
    for member in archive.infolist():
        name = member.filename
        where = name.encode("ascii", "backslashreplace").decode()[:80]
        parts = name.removesuffix("/").split("/")
        if not all(PLAIN.fullmatch(part) and part.strip(". ") for part in parts):
            raise Refused(where, _("Its path is not one that a takeout has."))
        if name in names:
            raise Refused(where, _("It is there twice."))
        if member.flag_bits & 0x1:
            raise Refused(where, _("It is encrypted."))
        names.add(name)
    return names


def _json(archive: zipfile.ZipFile, name: str, room: int) -> tuple[Any, int]:
    """What a file says, and how much room is left for others."""
    read = _unpacked(archive, name, room)
    try:
        value = json.loads(
            read.decode(), parse_constant=_refuse_constant, object_pairs_hook=_object
        )
    except UnicodeDecodeError as error:
        raise Refused(name, _("It is not UTF-8.")) from error
    except json.JSONDecodeError as error:
        where = f"{name}, line {error.lineno}, column {error.colno}"
        raise Refused(where, _("This is not JSON.")) from error
    except RecursionError as error:
        raise Refused(name, _("It is nested too deeply.")) from error
    except ValueError as error:
        raise Refused(name, _("It holds a number or a name that cannot be read.")) from error
    return value, room - len(read)


def _unpacked(archive: zipfile.ZipFile, name: str, room: int) -> bytes:
    limit = min(MOST_IN_A_FILE, room)
    try:
        with archive.open(name) as file:
            read = file.read(limit + 1)
    except Exception as error:  # a broken stream raises what its decompressor raises
        raise Refused(name, _("It cannot be unpacked.")) from error
    if len(read) > limit:
        raise Refused(name, _("It is too large."))
    return read


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _size(value: Any) -> int:
    """How many objects stand in a value, itself among them."""
    number, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            number += 1
            waiting.extend(inner for inner in one.values() if isinstance(inner, list | dict))
        elif isinstance(one, list):
            waiting.extend(inner for inner in one if isinstance(inner, list | dict))
    return number


def _line(value: Any) -> str:
    """A word of the manifest, for people to read and for nothing else."""
    return "".join(c for c in value if c.isprintable())[:200] if isinstance(value, str) else ""
