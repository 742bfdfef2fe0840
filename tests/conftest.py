"""The cast: Ada learns, Grace mentors her, Katherine runs the place, Eve is a stranger."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from curriculum import catalogue
from portfolio import connection
from tests.database import (  # noqa: F401
    django_db_keepdb,
    django_db_modify_db_settings,
    django_db_setup,
    kept_database,
)
from tests.factories import make_mentorship, make_user
from tests.github_server import GitHubServer
from tests.network import closed_network  # noqa: F401
from tests.services import (  # noqa: F401
    pytest_collection_modifyitems,
    pytest_report_header,
    valkey,
    valkey_server,
)

# A machine that is busy elsewhere makes no property false. The same examples each time, so that who
# changes one thing meets no failure of another; a bug that a longer search finds becomes an @example.
hypothesis_settings.register_profile(
    "milepost", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("milepost")


@pytest.fixture
def ada(db):
    return make_user("Ada Nwosu")


@pytest.fixture
def grace(ada):
    """Ada's mentor."""
    grace = make_user("Grace Halloran")
    make_mentorship(mentor=grace, learner=ada)
    return grace


@pytest.fixture
def eve(db):
    """Signed in, and nothing to do with Ada."""
    return make_user("Eve Moreau")


@pytest.fixture
def katherine(db):
    return make_user("Katherine Obi", is_staff=True, is_superuser=True)


@pytest.fixture
def one_hour(monkeypatch):
    """The clock stands still: what counts once an hour is not counted twice because a full hour passed."""
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture(scope="module")
def any_pace():
    """Nobody is told that they are too fast: a 429 would pass for an answer that holds."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SENT_BY_ONE", "READ_BY_ONE", "SENT_BY_STRANGERS"):
            patch.setattr(f"accounts.middleware.{name}", 1_000_000)
        yield


@pytest.fixture
def as_user(client):
    """A client signed in as somebody: as_user(ada).get("/")."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def hub(settings) -> Iterator[GitHubServer]:
    """A GitHub on loopback, and settings that lead there with a token."""
    with GitHubServer() as server:
        settings.GITHUB_API_URL = settings.GITHUB_URL = server.url
        settings.GITHUB_TOKEN = server.token("milepost")
        yield server
        connection.disconnect()


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def _fresh_catalogue():
    """Tests make content without loading it, so no edition tells what was made before."""
    catalogue.of_edition.cache_clear()
