"""One at a time: whoever changes content, by a load or by an edit, waits for the others."""

from django.db import connection

LOCK = 0x4D494C45  # any number that no other lock of this database uses


def lock() -> None:
    """Wait for whoever changes content now, and let others wait until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
