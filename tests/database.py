"""The tests' SQLite file with its tables, kept between runs: making them takes most of a short run.

It is kept beside pytest's own cache under a name made from all that makes it, so a changed
migration means a new one. PostgreSQL's whole server is new in each run, and keeps nothing.
"""

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings


def _maker(config: pytest.Config) -> str:
    """A digest of what decides what the tables are: the migrations, and the packages installed."""
    digest = hashlib.sha256((config.rootpath / "requirements.txt").read_bytes())
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        if folder.is_relative_to(config.rootpath):
            for path in sorted(folder.glob("*.py")):
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:20]


@pytest.fixture(scope="session")
def kept_database(pytestconfig: pytest.Config) -> Path | None:
    """Where the file is kept, whether or not it is there yet; None on PostgreSQL."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return None
    folder = pytestconfig.cache.mkdir("database")  # type: ignore[union-attr]
    return folder / f"{_maker(pytestconfig)}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, kept_database: Path | None) -> bool:
    """Django then adds what is missing to the file it finds."""
    return django_db_keepdb or kept_database is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, kept_database: Path | None
) -> None:
    """Put a copy of the kept file where this process will look for its database."""
    if kept_database is not None and kept_database.exists():
        shutil.copyfile(kept_database, settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, kept_database: Path | None) -> None:
    """Keep the file as it is before the first test, if it had to be made."""
    if kept_database is not None and not kept_database.exists():
        new = kept_database.with_suffix(f".{os.getpid()}")
        made, copy = (
            sqlite3.connect(settings.DATABASES["default"]["TEST"]["NAME"]),
            sqlite3.connect(new),
        )
        made.backup(copy)
        made.close()
        copy.close()
        new.replace(kept_database)
