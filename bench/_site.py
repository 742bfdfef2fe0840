"""A Milepost for benches: a database and a broker of its own."""

import os
import secrets
import shutil
import tempfile
from atexit import register
from pathlib import Path

from bench._github import Double
from tests import services


def start(double: Double, database: str) -> None:
    """Make this process a Milepost in which one learner has a project for each repository of the double.

    As `configure`, whose models can be imported after it.
    """
    configure(double, database)

    from tests.factories import make_project, make_user

    ada = make_user("Ada Nwosu")
    for number, name in enumerate(double.names):
        make_project(ada, slug=f"project-{number}", repository=name)


def configure(double: Double, database: str) -> Path:
    """Make this process a Milepost with empty tables that asks the double; the folder of its files.

    `database` is sqlite or postgres. What it was told is in the environment, for processes beside it.
    Raises services.NoPostgres where that cannot be started.
    """
    place = Path(tempfile.mkdtemp(prefix="milepost-bench-"))
    place.chmod(0o755)  # PostgreSQL runs in another account
    register(shutil.rmtree, place, ignore_errors=True)
    url = f"sqlite:///{place}/milepost.sqlite3"
    if database == "postgres":
        url, _ = services.start_postgres(place / "postgres")
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DEBUG": "0",
            "VAR_DIR": str(place),
            "DATABASE_URL": url,
            "REDIS_URL": services.start_valkey(place / "valkey").url,
            "GITHUB_URL": double.url,
            "GITHUB_API_URL": double.url,
            "GITHUB_TOKEN": double.token,
            "GITHUB_SHARES_BUDGET": "1",
        }
    )
    import django

    django.setup()

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return place
