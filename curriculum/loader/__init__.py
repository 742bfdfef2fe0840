"""Bring the content files into the database, whole or not at all."""

from pathlib import Path

from django.db import connection, transaction

from curriculum.loader import rules, schemas
from curriculum.loader.files import ContentError, Document, Problem, read
from curriculum.loader.rules import Content
from curriculum.loader.writing import Changes, Tally, write

__all__ = ["Changes", "Content", "ContentError", "Problem", "Tally", "check", "load"]

FILES = ("roadmap", "stages", "skills", "resources", "roles", "ladder", "rubrics", "interview")
LOCK = 0x4D494C45  # any number that no other lock of this database uses


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


@transaction.atomic
def load(directory: Path, *, dry_run: bool = False) -> Changes:
    """Make the database hold what the files say, and say what that changed.

    Rows are found again by slug. What left the files is retired, what came back is live again, and
    nothing that a learner did is touched. A dry run does everything and takes it back. Two loads at
    once wait for each other. Raises ContentError before anything is written.
    """
    content = check(directory)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    changes = write(content)
    if dry_run:
        transaction.set_rollback(True)
    return changes


def _document(directory: Path, file: str, kind: str, problems: list[Problem]) -> Document | None:
    try:
        document = read(directory, file)
    except ContentError as error:
        problems.extend(error.problems)
        return None
    problems.extend(schemas.check(kind, document))
    return document
