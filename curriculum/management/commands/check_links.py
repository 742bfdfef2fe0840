"""Look at the addresses of resources from the command line, by the same code as the task."""

import json
import time
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from curriculum import hosts, reach, resource_links
from curriculum.models import ResourceLink
from curriculum.resource_links import Row


class Command(BaseCommand):
    help = "Look at the addresses of resources that are due, one host at a time, and say what was seen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help="look at all of them, due or not; this takes minutes"
        )
        parser.add_argument("--json", action="store_true", help="print JSON lines, not words")

    def handle(self, *args: Any, now: bool, **options: Any) -> None:
        if not settings.RESOURCE_LINKS_CHECKED:
            raise CommandError("Nothing is looked at here: RESOURCE_LINKS_CHECKED is off.")
        resource_links.watch()
        if now:
            rested = timezone.now() - resource_links.AGAIN_AFTER
            links = ResourceLink.objects.filter(attempts=0).exclude(looked_at__gt=rested)
            links.update(next_look_at=timezone.now())
        agent = reach.user_agent(settings.SITE_URL)
        look = partial(reach.look, user_agent=agent, head_first=True)
        while ids := self._due():
            for pk in ids:
                if link := resource_links.claim(pk):
                    resource_links.execute(link, look)
                    self._tell(pk, as_json=options["json"])

    def _due(self) -> list[int]:
        """What can be looked at next; waits for hosts that were asked a moment ago, not for long pauses."""
        for _ in range(hosts.SPARED + 1):
            if ids := resource_links.due():
                return ids
            if not ResourceLink.objects.due(timezone.now()).exists():
                break
            time.sleep(1)
        return resource_links.due()

    def _tell(self, pk: int, *, as_json: bool) -> None:
        for row in resource_links.rows(ResourceLink.objects.filter(pk=pk)):
            line = facts(row)
            self.stdout.write(json.dumps(line) if as_json else in_words(line))


def facts(row: Row) -> dict[str, Any]:
    """One address as JSON; moments in ISO 8601, what is not known is None."""
    link = row.link
    return {
        "url": link.url,
        "state": link.state.value,
        "answer": link.outcome or None,
        "status": link.status,
        "failing_since": link.failing_since.isoformat() if link.failing_since else None,
        "failures": link.failures,
        "moved_to": link.moved_to or None,
        "resources": [resource.slug for resource in row.resources],
    }


def in_words(line: dict[str, Any]) -> str:
    """The same on one line."""
    answer = line["status"] or line["answer"] or "not looked at"
    moved = f" -> {line['moved_to']}" if line["moved_to"] else ""
    return f"{line['state']:9} {answer}  {line['url']}{moved}  ({', '.join(line['resources'])})"
