"""Load the curriculum's content files, show what a load would do, or say what is wrong with them."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curriculum import loader
from curriculum.loader import ContentError, Edits, EditsInTheWay, Plan, telling

DIFFERENT = 2  # the exit code of a diff that found something; 1 says that it could not be made


class Command(BaseCommand):
    help = "Make the database hold what the curriculum's files say. Loading twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dir",
            type=Path,
            default=settings.CURRICULUM_DIR,
            help="the folder of the content files; the project's own without it",
        )
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--check", action="store_true", help="only check the files; no database is asked"
        )
        choice.add_argument(
            "--diff",
            "--dry-run",
            action="store_true",
            help="say what a load would change and write nothing; exit code 2 if there is something",
        )
        choice.add_argument(
            "--apply", action="store_true", help="load; the same as without any of these"
        )
        edits = parser.add_mutually_exclusive_group()
        edits.add_argument(
            "--overwrite", action="store_true", help="undo edits made in the admin, too"
        )
        edits.add_argument(
            "--keep-edits",
            action="store_true",
            help="leave what was edited in the admin as it is and load the rest",
        )
        parser.add_argument("--json", action="store_true", help="the diff as JSON")

    def handle(self, *args: Any, dir: Path, **options: Any) -> None:
        try:
            if options["check"]:
                content = loader.check(dir)
                self.stdout.write(
                    f"{len(content.modules)} modules and all they refer to are sound."
                )
            elif options["diff"]:
                plan = loader.plan(dir)
                self._tell(plan, **options)
                if plan:
                    sys.exit(DIFFERENT)
            else:
                self._tell(loader.load(dir, edits=_edits(**options)), applied=True, **options)
        except ContentError as error:
            for problem in error.problems:
                file = os.path.relpath(dir / problem.file)
                self.stderr.write(f"{file}:{problem.line}: {problem.message}")
            count = len(error.problems)
            raise CommandError(
                f"Nothing was loaded: {count} problem{'s' if count > 1 else ''} in the content."
            ) from None
        except EditsInTheWay as error:
            for change in error.plan.overwriting:
                self.stderr.write(telling.line(change))
            raise CommandError(
                "Nothing was loaded: the files do not hold what was edited here. Bring the edits "
                "into the files with export_curriculum, or say --overwrite or --keep-edits."
            ) from None

    def _tell(
        self, plan: Plan, *, json: bool, verbosity: int, applied: bool = False, **options: Any
    ) -> None:
        if json:
            self.stdout.write(_json(plan))
            return
        for line in telling.lines(plan, applied=applied, everything=verbosity > 1):
            self.stdout.write(line)
        if not plan:
            self.stdout.write("The database already held all of this.")
        elif not applied:
            self.stdout.write(f"{_sum(plan)}. This was a diff: nothing was written.")
        else:
            self.stdout.write(f"{_sum(plan)}.")


def _edits(*, overwrite: bool, keep_edits: bool, **options: Any) -> Edits:
    if overwrite:
        return Edits.OVERWRITE
    return Edits.KEEP if keep_edits else Edits.REFUSE


def _json(plan: Plan) -> str:
    return json.dumps(telling.data(plan), indent=2, ensure_ascii=False)


def _sum(plan: Plan) -> str:
    """How many entries of each kind change, in a line."""
    parts = []
    for action in loader.Action:
        count = sum(change.action == action for change in plan.changes)
        if count:
            parts.append(f"{count} {action}")
    return ", ".join(parts).capitalize()
