"""Seal every token again with the newest key, so that an older one can be taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portfolio import access


class Command(BaseCommand):
    help = "Encrypt all stored tokens with the first of ENCRYPTION_KEYS. Harmless to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        done, broken = access.reseal_all()
        self.stdout.write(f"{done} sealed with the first key.")
        if broken:
            raise CommandError(
                f"{broken} cannot be opened with any key of ENCRYPTION_KEYS. Put the key back that sealed "
                "them, or let their owners give new tokens."
            )
