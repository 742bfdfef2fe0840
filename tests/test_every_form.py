"""Every form there is, sent by somebody who means harm: found by asking the site, none is listed here.

Each form is filled in as a page of ours would send it, and then with something else in one place.
"""

import logging
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from urllib.parse import quote_from_bytes

import pytest
from django.apps import apps
from django.db import connection
from django.db import models as fields
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone

from curriculum import own_resources, practice, study_sessions
from portfolio import disputes, reviews
from tests.every_form import URLENCODED, every_form, undone
from tests.factories import (
    PASSWORD,
    make_check_run,
    make_cohort,
    make_cohort_invitation,
    make_invitation,
    make_mentorship,
    make_notice,
    make_own_role,
    make_project,
    make_question,
    make_skill,
    make_unit,
)
from tests.test_site_map import ABSENT, GET, OURS, POST, SIGN_IN, place, routes  # noqa: F401

ALLAUTH = ("account_", "mfa_", "usersessions_", "socialaccount_")

pytestmark = pytest.mark.usefixtures("any_pace")

#: In this order, whoever may is asked for each form.
SENDERS = ("ada", "grace", "katherine")


@pytest.fixture
def quiet():
    """Thousands of refused requests are nothing to write down."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(params=["accounts", "curriculum", "portfolio"])
def forms(request, place, monkeypatch, quiet):  # noqa: F811
    """Those of one app."""
    people, address = place
    clients = {name: Client(raise_request_exception=False) for name in SENDERS}
    for name, client in clients.items():
        client.force_login(people[name])

    def those_who_may(expectations, shut):
        for route in [route for route in OURS if route.startswith(request.param)]:
            answers = {who: expectations.get(route, {}).get(who, 405) for who in SENDERS}
            may = [who for who in SENDERS if answers[who] not in shut]
            if may:
                yield route, clients[min(may, key=lambda who: answers[who] == 302)]

    found, wrong = every_form(
        those_who_may(POST, (ABSENT, 405, SIGN_IN)),
        those_who_may(GET, (ABSENT, 405, SIGN_IN, 302, 503)),
        address,
        monkeypatch,
    )
    assert wrong == []
    return found


@pytest.fixture
def forms_of_sign_in(ada, monkeypatch, quiet):
    """Those of allauth's pages, as a visitor and as somebody who has just given her password."""
    visitor, member = (Client(raise_request_exception=False) for _ in range(2))
    member.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    names = sorted({name for name in routes() if name.startswith(ALLAUTH)})
    addresses = {name: there for name in names if (there := _without_arguments(name))}
    found = []
    for client in (visitor, member):
        pairs = [(name, client) for name in addresses]
        forms, wrong = every_form(pairs, pairs, addresses.__getitem__, monkeypatch)
        assert wrong == []
        found += [form for form in forms if form.names]
    return found


def _without_arguments(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


# What nobody types

HUGE = "9" * 30
#: What no field of any kind takes, or takes for what it is.
ODD = {
    "nothing": "",
    "blanks": " \t\u3000 ",
    "NUL": "a\x00b",
    "controls": "\x1b[31m\x07\x85\u2028",
    "half a character": "\ud800",
    "a huge number": HUGE,
    "a number of many digits": "9" * 5000,
    "not a number": "NaN",
    "a fraction": "-1e999",
    "the last day": "9999-12-31",
    "an object": '{"$ne": 1}',
    "no UTF-8": b"\xff\xfe\xed\xa0\x80",
}


def body(data):
    """Fields as a form sends them; half a character as the bytes that some programs send for it."""
    pairs = []
    for name, values in data.items():
        for value in values if isinstance(values, list) else [values]:
            raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
            pairs.append(f"{quote_from_bytes(str(name).encode())}={quote_from_bytes(raw)}")
    return "&".join(pairs)


def attacks(form):
    """What is sent to one form, each with a word for it. In full by `make soak`, else every second."""
    names, odd = sorted(form.names), list(ODD)
    for shift in range(0, len(odd), 1 if os.environ.get("SOAK") else 2) if names else ():
        mixed = {name: ODD[odd[(shift + at) % len(odd)]] for at, name in enumerate(names)}
        yield f"every field odd, the first {odd[shift]}", form.honest | mixed
    typed = {name: form.limits[name] for name in names if name in form.limits}
    for words, text in TEXTS.items() if typed else ():
        more = words == "one too long"
        long = {name: (text * limit)[: limit + more] for name, limit in typed.items()}
        yield f"every text {words}", form.honest | long
    for name in sorted(form.chosen & form.names):
        yield f"{name} huge", form.honest | {name: HUGE}
        yield f"{name} twice", form.honest | {name: [*form.honest[name], "\x00", "-1"]}
        yield f"{name} missing", {key: form.honest[key] for key in form.honest if key != name}


#: Texts that fill a field: most of them are as good as any.
TEXTS = {
    "as long as may be": "🧪", "one too long": "é",
    "made to be run": "{{7*7}}%s%(x)s{0}' OR 1=1;--../<script>\u202ea\u2066",
}  # fmt: skip

#: Bodies that are no form at all: content type and bytes.
PART = b'--x\r\nContent-Disposition: form-data; name="a"'
PARTS = "multipart/form-data; boundary=x"
LARGE = [
    (URLENCODED, b"x=" + b"y" * 2_000_000),
    (PARTS, PART + b"\r\n\r\n" + b"y" * 2_000_000 + b"\r\n--x--"),
]
BROKEN = [
    (URLENCODED, b"&".join(b"f%d=1" % n for n in range(600))),
    (URLENCODED, b"a=%"),
    ("application/json", b'{"a": [1'),
    ("multipart/form-data", PART),
    (PARTS, PART + b"\r\n\r\ny"),
    (PARTS, PART + b'; filename="../a"\r\n\r\ny\r\n--x--'),
    (PARTS, PART + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n*\r\n--x--"),
    *[
        (f"{kind}; charset={charset}", b"a=1")
        for kind in (URLENCODED, "text/plain", PARTS)
        for charset in ("base64", "utf-16", "no-such", "undefined", "idna", "rot13", "utf-7")
    ],
]


def test_no_form_breaks(forms):
    refused = []
    for form in forms:
        with undone():
            answer = form.send()
        if answer.status_code not in (200, 302):
            refused.append((form.route, answer.status_code))

    assert len(forms) > 20
    assert sum(len(form.names) for form in forms) > 40
    assert len(refused) < len(forms) / 8, refused
    assert send_attacks(forms) > 150


def test_no_form_of_sign_in_breaks(forms_of_sign_in):
    assert len(forms_of_sign_in) > 12
    assert send_attacks(forms_of_sign_in) > 200


def send_attacks(forms):
    """How many requests were sent; fails on an answer that says it is our fault, with all of them."""
    broken, sent = [], 0
    for number, form in enumerate(forms):
        for words, data in attacks(form):
            with undone():
                status = form.post(body(data)).status_code
            sent += 1
            if status >= 500:
                broken.append((form.route, words))
        for kind, raw in [*LARGE, *(BROKEN if number % 10 == 0 else ())]:
            with undone():
                status = form.post(raw, kind).status_code
            sent += 1
            if status >= 500 or (form.names and (kind, raw) in LARGE and status < 400):
                broken.append((form.route, kind, raw[:80], status))
    assert broken == []
    return sent


# What no form offers


def forged(model_field, strangers):
    """A value that somebody might try for a field of a model."""
    if model_field.is_relation:
        return str(strangers.get(model_field.related_model, 1))
    if isinstance(model_field, fields.BooleanField):
        return "on"
    if model_field.choices:
        return str(list(model_field.choices)[-1][0])
    if isinstance(model_field, fields.DateField):  # and of moments
        return "2001-02-03"
    return "77" if isinstance(model_field, fields.IntegerField) else "forged"


def every_field_there_is(strangers):
    """Names of fields of all our models, with and without _id, and what a stranger would send there."""
    data = dict.fromkeys(["id", "pk", "user", "user_id", "role", "admin", "owner_id"], "1")
    for model in apps.get_models():
        for model_field in model._meta.concrete_fields:
            data[model_field.name] = data[model_field.attname] = forged(model_field, strangers)
    return data


MOMENT = r"'\d{4}-\d\d-\d\d [^']*'|datetime\.\w+\([^)]*\)"
VARIES = re.compile(rf"{MOMENT}|'[\w=-]{{20,}}'|<[^>]*>|\b\d{{2,}}\b")


@contextmanager
def writes():
    """The statements that write, as they come."""
    found = []

    def note(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(sql % tuple(map(repr, params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def written(form, data):
    """The status of the answer, and what was written, without moments, secrets, new numbers and sessions."""
    with undone(), writes() as found:
        status = form.post(body(data)).status_code
    rows = [sql for sql in found if "session" not in sql.partition("(")[0]]
    return status, [VARIES.sub("…", sql) for sql in rows]


def assert_more_fields_change_nothing(forms, people, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = None
    strangers = {apps.get_model("accounts.User"): people["eve"].pk}
    everything = every_field_there_is(strangers)
    assert len(everything) > 300
    for form in forms:
        more = {name: value for name, value in everything.items() if name not in form.names}
        honest, forging = written(form, form.honest), written(form, form.honest | more)

        assert forging == honest, form.route


# What belongs to somebody else

EVES = "Nobody else reads this."
FROM = 900_000


def start_numbers_at(number):
    """The next row of each table of ours gets a number above this."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if not isinstance(model._meta.pk, fields.AutoField):
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, number])
            else:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number]
                )


@pytest.fixture
def eves(place, hub):  # noqa: F811
    """One of everything of Eve's; its numbers are told from all others, and nobody may see it."""
    people, _ = place
    eve = people["eve"]
    skill, unit, question = make_skill("Anybody's"), make_unit(), make_question()
    start_numbers_at(FROM)
    project = make_project(eve, slug="eves-engine", title=EVES, summary=EVES)
    run = make_check_run(project, ("readme", "failed"), tree_sha="8f" * 20)
    finding = run.findings.get()
    disputes.raise_dispute(finding, by=eve, sentence=EVES)
    alan = people["alan"]
    make_mentorship(mentor=alan, learner=eve)
    review = reviews.request(project, question=EVES)
    held = reviews.begin(make_checked(eve, "eves-wheels"), alan)
    held.comments.create(
        author=alan, full_name="eve/x", head_sha="a1" * 20, path="a.py", line=1, body=EVES
    )
    project.claims.create(skill=skill, level=2, note=EVES)
    role = make_own_role(eve, skill, title=EVES)
    card = practice.take(eve, question)
    practice.reveal(card, version=0)
    practice.grade(card, 3, version=0)
    eve.asked.create(asked_on=timezone.localdate(), format="coding", words=EVES)
    eve.stories.create(title=EVES, project=project)
    eve.snippets.create(title=EVES, text=EVES)
    own_resources.add(eve, unit, title=EVES, url="https://example.org/eve")
    study_sessions.record(eve, unit, minutes=45)
    make_invitation(eve, message=EVES)
    make_cohort_invitation(make_cohort(slug="eves", name=EVES, organisers=[eve]), eve)
    make_notice(eve, facts={"project": EVES, "checks": "Tests"})
    assert review.pk > FROM
    start_numbers_at(FROM + 1_000)
    yield [str(FROM + 1), str(FROM + 2), "eves-engine", role.slug, "eves", "eve-moreau"]
    start_numbers_at(FROM + 2_000)


def make_checked(owner, slug):
    project = make_project(owner, slug=slug, title=EVES)
    make_check_run(project)
    return project


#: One of her numbers in a statement, outside of words that were typed. What comes before one, and a version, is not it.
HERS = re.compile(rf"(?<!<= )(?<!\"version\" = )(?<![\w'\"]){FROM // 1000}0\d\d(?![\w'\"])")


def names_hers(sql):
    """Whether a statement has one of her numbers; the microseconds of a moment may look like one."""
    return HERS.search(re.sub(MOMENT, "…", sql))


def test_one_of_her_numbers_is_told_from_a_moment():
    moment = datetime(2026, 11, 27, 1, 2, 3, FROM + 12, tzinfo=UTC)

    assert names_hers(f"INSERT INTO a_table VALUES ({moment!r}, {FROM + 12})")
    assert not names_hers(f"INSERT INTO a_table VALUES ({moment!r}, '{moment}', 7)")


@pytest.mark.once
def test_nothing_can_be_slipped_into_a_form(forms, eves, place, settings):  # noqa: F811
    people, _ = place
    assert_more_fields_change_nothing(forms, people, settings)
    assert_nothing_of_somebody_else_can_be_chosen(forms, eves)


def assert_nothing_of_somebody_else_can_be_chosen(forms, eves):
    """By any field that is chosen or hidden: nothing is written there, and no word of it is shown."""
    sent = 0
    for form in forms:
        for name in sorted(form.chosen & form.names):
            for value in eves:
                with undone(), writes() as wrote:
                    answer = form.send(**{name: value})
                sent += 1
                what = (form.route, name, value)
                assert not [sql for sql in wrote if names_hers(sql)], what
                assert EVES not in answer.content.decode(errors="replace"), what
                assert answer.status_code < 500, what
    assert sent > 20


def test_what_belongs_to_somebody_else_cannot_be_reached_below_ones_own(place, eves):  # noqa: F811
    """Every address with two names in it, one of them Ada's own and the other Eve's: it is not there."""
    people, address = place
    client, tried = Client(), 0
    for person, route in product(SENDERS, OURS):
        answers = {GET[route][person], POST.get(route, {}).get(person, 405)}
        found = resolve(address(route))
        if len(found.kwargs) < 2 or answers <= {ABSENT, 405, SIGN_IN}:
            continue
        client.force_login(people[person])
        for name, value in product(found.kwargs, eves):
            try:
                mixed = reverse(route, kwargs=found.kwargs | {name: value})
            except NoReverseMatch:
                continue
            for method in ("get", "post"):
                tried += 1
                status = getattr(client, method)(mixed).status_code
                assert status in (404, 405), (person, method, mixed)
    assert tried > 100
