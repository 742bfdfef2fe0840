"""What stands behind the question mark: SQL, NUL, huge and foreign texts change no query and break no page."""

import re
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.test_site_map import GET, PARTS, admin_pages, place  # noqa: F401

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("any_pace")]

MARK = "zqxj"
HOSTILE = [
    f"{MARK}' OR '1'='1",
    f'{MARK}") UNION SELECT password FROM accounts_user--',
    f"-{MARK}, (SELECT 1 FROM pg_sleep(9))",
    f"owner__password__startswith={MARK}",
    f"{MARK}\x00",
    f"{MARK}%00%27\\\ud7ff\U0010ffff" + "9" * 3000,
]
READS = re.compile(r"request\.GET(?:\.get(?:list)?\(|\[)\s*\"(\w+)\"")


def parameters():
    """The name of every parameter that a view reads, and some that none reads."""
    found = set()
    for app in ("accounts", "config", "curriculum", "portfolio"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            found |= set(READS.findall(path.read_text(encoding="utf-8")))
    return sorted(found | {"o", "order", "sort", "filter", "next", "id"})


@contextmanager
def statements():
    """The statements as they go to the database, with the values apart from them."""
    seen = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.mark.parametrize("part", PARTS, ids=range(4))
def test_no_parameter_becomes_sql_or_breaks_a_page(part, place):  # noqa: F811
    people, address = place
    names = parameters()
    assert {"q", "page", "show", "cohort", "in", "after", "zoom", "day"} <= set(names)
    client = Client()
    for route in part:
        person = next(
            (name for name in ("ada", "grace", "katherine") if GET[route][name] == 200), None
        )
        if person is None:
            continue
        client.force_login(people[person])
        for query in [dict.fromkeys(names, text) for text in HOSTILE]:
            with statements() as seen:
                response = client.get(address(route), query)

            assert response.status_code < 500, (route, query)
            assert [sql for sql in seen if MARK in sql] == [], (route, query)


def test_no_parameter_of_the_administration_does_either(place, client, admin_pages):  # noqa: F811
    people, _address = place
    client.force_login(people["katherine"])
    for page in admin_pages:
        for name in (
            "o",
            "q",
            "p",
            "ot",
            "all",
            "e",
            "_facets",
            "_popup",
            "nonsense__in",
            "pk__in",
        ):
            for text in HOSTILE:
                with statements() as seen:
                    response = client.get(page, {name: text})

                assert response.status_code < 500, (page, name, text)
                assert [sql for sql in seen if MARK in sql] == [], (page, name, text)


@pytest.mark.parametrize(
    "lookup",
    ["password__startswith", "owner__password__startswith", "project__owner__password__startswith",
     "person__password__startswith", "recipient__password__startswith", "user__password__startswith"],
)  # fmt: skip
def test_the_administration_is_no_oracle_for_passwords(place, client, admin_pages, lookup):  # noqa: F811
    """A filter in the address would tell letter by letter what a column holds (Frappe, Strapi)."""
    people, _address = place
    client.force_login(people["katherine"])

    answers = {page: client.get(page, {lookup: "argon2"}).status_code for page in admin_pages}

    assert set(answers.values()) <= {302, 400}, answers
