"""Write the curriculum as the database holds it into content files."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum import loader
from curriculum.loader import ContentError, exporting


class Command(BaseCommand):
    help = (
        "Write a roadmap's content files from the database, edits made in the admin included. "
        "Files that say the same already are left untouched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="the folder; made if it is not there")
        parser.add_argument("--roadmap", default="", help="its slug; the first one without it")

    def handle(self, *args: Any, directory: Path, roadmap: str, **options: Any) -> None:
        try:
            exported = loader.export(directory, roadmap)
        except exporting.NoSuchRoadmap:
            raise CommandError(
                f"There is no roadmap {roadmap!r}." if roadmap else "There is no roadmap yet."
            ) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        for name in exported.written:
            self.stdout.write(f"written: {name}")
        for name in exported.removed:
            self.stdout.write(f"removed: {name}")
        self.stdout.write(
            f"{exported.roadmap}: {len(exported.written)} files written, "
            f"{len(exported.removed)} removed, {len(exported.untouched)} said the same already."
        )
        try:
            loader.check(directory)
        except ContentError as error:
            for problem in error.problems:
                file = os.path.relpath(directory / problem.file)
                self.stderr.write(f"{file}:{problem.line}: {problem.message}")
            raise CommandError(
                "The files are written and cannot be loaded as they are: mend these first."
            ) from None
