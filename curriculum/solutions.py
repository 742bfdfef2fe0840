"""Where a solution to an exercise stands in a list of a repository's files. Plain Python.

The tests of an exercise are known by their git object id, which the list holds: no file is read. A
module beside them that is not the starter is a solution. Nobody runs it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from posixpath import dirname, join

FOLDER = Path(__file__).parent / "content" / "exercises"


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: the slug of its question, its module, and the git ids of its files."""

    slug: str
    module: str  # a file name
    starter: frozenset[str]  # ids of the module as it is handed out, with either line end


def among(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The exercises that are solved in a repository of these paths and git ids: slug to path.

    A solution may stand beside the tests, or in the folder above them or `src` there.
    """
    by_path = dict(files)
    known = by_test()
    found: dict[str, str] = {}
    for path in sorted(by_path):
        exercise = known.get(by_path[path])
        if exercise is None or exercise.slug in found:
            continue
        folder = dirname(path)
        for place in (folder, dirname(folder), join(dirname(folder), "src")):
            module = join(place, exercise.module)
            if module in by_path and by_path[module] not in exercise.starter:
                found[exercise.slug] = module
                break
    return found


@cache
def by_test() -> dict[str, Exercise]:
    """The exercises by the git id of their tests, with either line end."""
    found: dict[str, Exercise] = {}
    for folder in sorted(FOLDER.iterdir()):
        files = {path.name: path.read_bytes() for path in folder.glob("*.py")}
        module = next((name for name in files if not name.startswith("test_")), None)
        if module is None:
            continue
        exercise = Exercise(folder.name, module, _ids(files[module]))
        for name, data in files.items():
            if name.startswith("test_"):
                found |= dict.fromkeys(_ids(data), exercise)
    return found


def _ids(data: bytes) -> frozenset[str]:
    unix = data.replace(b"\r\n", b"\n")
    return frozenset(map(git_id, (unix, unix.replace(b"\n", b"\r\n"))))


def git_id(data: bytes) -> str:
    """The id that git gives to a file of these bytes."""
    return hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()
