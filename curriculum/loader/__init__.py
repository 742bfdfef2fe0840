"""Bring the content files into the database, whole or not at all, and back into files.

A load is a plan that is applied: what a diff says is what a load does.
"""

from enum import StrEnum
from pathlib import Path

from django.db import transaction

from curriculum.loader import exporting, planning, rules, schemas
from curriculum.loader.files import ContentError, Document, Problem, read
from curriculum.loader.locking import lock
from curriculum.loader.planning import Action, Plan
from curriculum.loader.reading import stored
from curriculum.loader.rules import Content
from curriculum.loader.writing import write
from curriculum.models import Edition

__all__ = [
    "Action",
    "Content",
    "ContentError",
    "Edits",
    "EditsInTheWay",
    "Plan",
    "Problem",
    "check",
    "export",
    "load",
    "lock",
    "plan",
]

FILES = ("roadmap", "stages", "skills", "resources", "roles", "ladder", "rubrics", "interview")


class Edits(StrEnum):
    """What a load does with an edit made in the admin that the files do not hold."""

    REFUSE = "refuse"  # the load, naming each
    OVERWRITE = "overwrite"
    KEEP = "keep"  # and load the rest


class EditsInTheWay(Exception):
    """A load would undo edits made in the admin: `plan.overwriting` names them."""

    def __init__(self, plan: Plan):
        self.plan = plan
        super().__init__(f"{len(plan.overwriting)} edits made in the admin would be overwritten")


def check(directory: Path) -> Content:
    """Read and check all content files of a folder; the database is not asked.

    Files that cannot be read or do not fit their schema are reported together; the rules between
    files are asked only when each file is sound. Raises ContentError.
    """
    problems: list[Problem] = []
    documents = {kind: _document(directory, f"{kind}.yaml", kind, problems) for kind in FILES}
    names = sorted(f"modules/{path.name}" for path in (directory / "modules").glob("[!.]*.yaml"))
    if not names:
        problems.append(Problem("modules", 1, "there is no module file (*.yaml) in this folder"))
    modules = [_document(directory, name, "module", problems) for name in names]
    if problems:
        raise ContentError(problems)
    content = Content(
        **{kind: document for kind, document in documents.items() if document},
        modules=tuple(document for document in modules if document),
    )
    if broken := rules.check(content):
        raise ContentError(broken)
    return content


def plan(directory: Path) -> Plan:
    """What a load of these files would do now. Writes nothing. Raises ContentError."""
    return planning.plan(check(directory), stored())


@transaction.atomic
def load(directory: Path, *, edits: Edits = Edits.REFUSE) -> Plan:
    """Make the database hold what the files say; the plan that was applied.

    Rows are found again by slug. What left the files is retired, what came back is live again, and
    nothing that a learner did is touched. Two loads at once wait for each other. Raises ContentError
    or EditsInTheWay before anything is written.
    """
    content = check(directory)
    lock()
    applied = planning.plan(content, stored())
    if applied.overwriting:
        if edits == Edits.REFUSE:
            raise EditsInTheWay(applied)
        if edits == Edits.KEEP:
            applied = applied.keeping_edits()
    write(applied)
    if applied:
        Edition.objects.create()
    return applied


def export(directory: Path, roadmap: str = "") -> exporting.Exported:
    """Write the files of a roadmap, or of the first one, from the database.

    A load of them changes nothing. Raises NoSuchRoadmap or OSError; see `exporting.write`.
    """
    return exporting.write(stored(), directory, roadmap)


def _document(directory: Path, file: str, kind: str, problems: list[Problem]) -> Document | None:
    try:
        document = read(directory, file)
    except ContentError as error:
        problems.extend(error.problems)
        return None
    problems.extend(schemas.check(kind, document))
    return document
