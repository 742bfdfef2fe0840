"""Seal tokens, waiting letters and second steps again with the newest key, so that an older one can be taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import letters, second_steps
from portfolio import access


class Command(BaseCommand):
    help = "Seal all tokens, waiting letters and second steps with the first of ENCRYPTION_KEYS. Harmless to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = [access.reseal_all(), letters.reseal_all(), second_steps.reseal_all()]
        done, broken = (sum(column) for column in zip(*counts, strict=True))
        self.stdout.write(f"{done} sealed with the first key.")
        if broken:
            raise CommandError(
                f"{broken} cannot be opened with any key of ENCRYPTION_KEYS. Put the key back that sealed "
                "them, or let their owners give new tokens and set up their second steps again."
            )
