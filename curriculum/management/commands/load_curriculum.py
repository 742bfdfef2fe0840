"""Load the curriculum's content files, or say what is wrong with them."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curriculum import loader
from curriculum.loader import Changes, ContentError

NAMES_SHOWN = 8


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
        choice.add_argument("--check", action="store_true", help="only check the files")
        choice.add_argument(
            "--dry-run", action="store_true", help="say what would change and change nothing"
        )

    def handle(self, *args: Any, dir: Path, check: bool, dry_run: bool, **options: Any) -> None:
        try:
            if check:
                content = loader.check(dir)
                self.stdout.write(
                    f"{len(content.modules)} modules and all they refer to are sound."
                )
                return
            changes = loader.load(dir, dry_run=dry_run)
        except ContentError as error:
            for problem in error.problems:
                file = os.path.relpath(dir / problem.file)
                self.stderr.write(f"{file}:{problem.line}: {problem.message}")
            count = len(error.problems)
            raise CommandError(
                f"Nothing was loaded: {count} problem{'s' if count > 1 else ''} in the content."
            ) from None
        self._report(changes, dry_run=dry_run)

    def _report(self, changes: Changes, *, dry_run: bool) -> None:
        for tally in changes.tallies:
            parts = [
                f"{len(slugs)} {word}{self._names(slugs)}"
                for word, slugs in (
                    ("added", tally.added),
                    ("changed", tally.changed),
                    ("retired", tally.retired),
                    ("returned", tally.returned),
                )
                if slugs
            ]
            self.stdout.write(f"{tally.live:5d} {tally.kind}: {', '.join(parts) or 'no change'}")
        if not changes:
            self.stdout.write("The database already held all of this.")
        elif dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")

    def _names(self, slugs: set[str]) -> str:
        if len(slugs) > NAMES_SHOWN:
            return ""
        return f" ({', '.join(sorted(slugs))})"
