"""Delete once more whoever was deleted after the backup that was brought back."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import deleted_accounts, deletions


class Command(BaseCommand):
    help = "After a backup was brought back: delete once more the accounts that were deleted since it was made."

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for person in list(deleted_accounts.found()):
            deletions.ask_again(person)
            number += 1
        self.stdout.write(
            f"Switched off, to be deleted by the worker within minutes: {number} accounts."
            if number
            else f"No account here was deleted before, as {deleted_accounts.path()} says."
        )
