"""Check repositories from the command line, by the same code as the task."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import names
from portfolio import checks
from portfolio.checks.report import report
from portfolio.connection import connect
from portfolio.github import links
from portfolio.github.client import GitHub
from portfolio.github.errors import (
    BadCredentials,
    Blocked,
    GitHubError,
    NotFound,
    RateLimited,
    RefNotFound,
    Refused,
)
from portfolio.github.snapshot import Snapshot

#: The word in `status` for each thing that can keep us from looking.
STATUS: dict[type[GitHubError], str] = {
    NotFound: "not_found",
    RefNotFound: "ref_not_found",
    Refused: "refused",
    Blocked: "blocked",
    RateLimited: "rate_limited",
    BadCredentials: "bad_credentials",
}


class Command(BaseCommand):
    help = "Check GitHub repositories and print one line for each; nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("urls", nargs="*", metavar="URL", help="links in any form")
        parser.add_argument("--file", help="a file with one link a line; - is standard input")
        parser.add_argument("--json", action="store_true", help="print JSON lines, not words")

    def handle(self, *args: Any, **options: Any) -> None:
        urls = [*options["urls"], *self._from_file(options["file"])]
        if not urls:
            raise CommandError("Name at least one repository, or a file of them with --file.")
        with connect() as github:
            for url in urls:
                line = look(url, github)
                self.stdout.write(json.dumps(line) if options["json"] else in_words(line))
                self.stdout.flush()

    def _from_file(self, name: str | None) -> list[str]:
        if not name:
            return []
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Cannot read {name}: {error}") from error
        lines = (line.strip() for line in text.splitlines())
        return [line for line in lines if line and not line.startswith("#")]


def look(url: str, github: GitHub) -> dict[str, Any]:
    """What the checks say of one repository, as JSON. What could not be reached is None, never False."""
    line: dict[str, Any] = {"url": url, "repository": None, "status": "ok", "commit": None}
    before = github.requests
    verdicts = report(Snapshot(full_name="", head_sha=""), [])  # all of them None
    try:
        link = links.parse(url, web_url=settings.GITHUB_URL)
        line["repository"] = link.full_name
        snapshot = github.snapshot(link)
        line["repository"] = snapshot.full_name
        line["commit"] = snapshot.head_sha or None
        if snapshot.is_empty:
            line["status"] = "empty"
        snapshot, results = checks.inspect(snapshot, github.read)
        verdicts = report(snapshot, results)
    except links.BadLink as error:
        line |= {"status": "bad_link", "message": error.message}
    except GitHubError as error:
        line |= {"status": STATUS.get(type(error), "unavailable"), "message": error.message}
    return line | verdicts | {"requests": github.requests - before}


def in_words(line: dict[str, Any]) -> str:
    """One repository for a person at a terminal; nothing that a repository wrote steers it."""
    if line["status"] not in ("ok", "empty"):
        told = [line["url"], f"  {line['status']}: {line['message']}"]
    else:
        commit = f" at {line['commit'][:7]}" if line["commit"] else " (empty)"
        told = [f"{line['repository']}{commit}"]
        told += [
            f"  {finding['outcome']:>14}  {finding['check']}: {finding['summary']}"
            for finding in line["findings"]
        ]
    return "\n".join(map(names.visible, told))
