"""Write what the register says into docs/takeout.md and docs/takeout.schema.json."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import describing


class Command(BaseCommand):
    help = "Write the table of docs/takeout.md and docs/takeout.schema.json from the register."

    def handle(self, *args: Any, **options: Any) -> None:
        docs = settings.BASE_DIR / "docs"
        page = docs / "takeout.md"
        page.write_text(describing.into(page.read_text()))
        (docs / "takeout.schema.json").write_text(describing.schema())
