"""Ada lets Milepost read a private repository of hers, and takes that back."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import MultiFernet
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter

from accounts import sealing
from accounts.models import Profile
from portfolio import access, check_runs, rechecks, tasks, verdicts
from portfolio.connection import connect
from portfolio.github import tokens
from portfolio.github.tokens import UnfitToken
from portfolio.models import Access, CheckRun, Repository
from portfolio.verdicts import Reader
from tests.factories import PASSWORD, make_check_run, make_project

FILES = {
    "README.md": "# Ledger\n\nFinds double bookings in the accounts of the harbour office.\n"
    "It is used by two clerks every evening. They used to search by hand for hours.\n",
    "ledger/harbour.py": "def double(rows):\n    return [r for r in rows if rows.count(r) > 1]\n",
    "tests/test_harbour.py": "from ledger.harbour import double\n\n"
    "def test_moored_twice():\n    assert double([1, 1]) == [1, 1]\n",
}
#: Of what stands in the repository: its name, its paths, its words.
INSIDE = ["harbour-office", "harbour.py", "test_harbour", "README.md", "moored", "clerks"]


@pytest.fixture
def ledger(ada, hub):
    """A project whose repository nobody but Ada can see on GitHub."""
    hub.add("ada/harbour-office", FILES, is_private=True)
    hub.requests.clear()
    return make_project(
        ada, slug="ledger", title="Ledger", repository="ada/harbour-office", visibility="public"
    )


@pytest.fixture
def token(hub):
    return hub.fine_grained("ada", "ada/harbour-office", expires="2026-12-24 10:00:00 UTC")


@pytest.fixture
def read(ledger, token):
    """The project after access was given and the repository was read."""
    access.give(ledger.repositories.get(), token)
    assert look(ledger).conclusion == "success"
    return ledger


def look(project) -> CheckRun:
    run = check_runs.request(project.repositories.get())
    tasks.execute_check_run(run.pk)
    run.refresh_from_db()
    return run


def shown_with(hub) -> set[str]:
    """The credentials that GitHub was shown."""
    return {request.headers.get("authorization", "") for request in hub.requests}


def page_of(project):
    return reverse("portfolio:give_access", args=[project.slug, project.repositories.get().pk])


def signed_in(client, user):
    """With the password typed once more a moment ago."""
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def text_of(client, *addresses):
    answers = [client.get(address) for address in addresses]
    return "".join(a.content.decode() for a in answers if a.status_code == 200)


def public_pages(project):
    handle, repository = project.owner.profile.handle, project.repositories.get()
    run = repository.check_runs.first()
    return [
        reverse("portfolio:profile", args=[handle]),
        reverse("portfolio:public_project", args=[handle, project.slug]),
        reverse("portfolio:check_run", args=[run.pk]),
        reverse("portfolio:repository_checks", args=[repository.pk]),
    ]


# Reading with it


def test_without_leave_it_is_not_read(ledger, hub):
    run = look(ledger)

    assert (run.conclusion, run.reason) == ("action_required", "not_found")
    assert not run.findings.exists()


def test_a_private_repository_is_read_with_its_owners_token(ledger, hub, token):
    access.give(ledger.repositories.get(), token)

    run = look(ledger)

    assert run.conclusion == "success"
    assert shown_with(hub) == {f"Bearer {token}"}
    assert ledger.repositories.get().is_private
    given = Access.objects.get()
    assert given.used_at is not None
    assert given.expires_at == datetime(2026, 12, 24, 10, tzinfo=UTC)


def test_nothing_is_ever_written_to_github(read, hub):
    Repository.objects.update(next_look_at=timezone.now())
    tasks.request_scheduled_check_runs()

    asked = {(request.method, request.endpoint) for request in hub.requests}
    assert {endpoint for method, endpoint in asked if method != "GET"} == {"graphql"}
    bodies = [request.body for request in hub.requests if request.body]
    assert bodies
    assert all(json.loads(body)["query"].startswith("query") for body in bodies)


def test_without_leave_it_is_not_read_even_where_the_site_could(ledger, hub, settings):
    settings.GITHUB_TOKEN = hub.token("ada", "repo")

    run = look(ledger)

    assert (run.conclusion, run.reason) == ("action_required", "not_found")
    assert not run.findings.exists()


def test_nobody_elses_link_is_read_with_it(read, eve, hub):
    hers = make_project(eve, repository="ada/harbour-office", slug="mine")

    run = look(hers)

    assert (run.conclusion, run.reason) == ("action_required", "not_found")


def test_an_unchanged_one_costs_one_question_with_its_own_token(read, hub, token):
    hub.requests.clear()
    Repository.objects.update(next_look_at=timezone.now())

    tasks.request_scheduled_check_runs()

    assert [request.endpoint for request in hub.requests] == ["graphql"]
    assert shown_with(hub) == {f"Bearer {token}"}
    assert CheckRun.objects.count() == 1


def test_a_push_is_found_by_a_scheduled_look(read, hub):
    hub.push("ada/harbour-office", {"new.py": "x = 1\n"})
    Repository.objects.update(next_look_at=timezone.now())

    tasks.request_scheduled_check_runs()

    assert CheckRun.objects.active().count() == 1


def test_its_questions_are_counted_apart_from_the_sites(read, hub, token, settings, valkey):
    settings.GITHUB_SHARES_BUDGET, settings.REDIS_URL = True, valkey.url
    hub.fault("secondary_limit", count=1, retry_after=90)
    assert look(read).reason == "rate_limited"
    hub.add("ada/open", FILES)
    other = make_project(read.owner, repository="ada/open", slug="open")

    assert look(other).conclusion == "success"


def test_a_token_that_github_refuses_is_told_to_its_owner_and_asked_with_no_more(
    ada, as_user, read, hub, token
):
    hub.revoke(token)

    run = look(read)

    assert (run.conclusion, run.reason) == ("action_required", "token_refused")
    assert Access.objects.get().refused_at is not None
    page = text_of(as_user(ada), reverse("portfolio:project", args=["ledger"]))
    assert "GitHub no longer takes the token" in page
    assert "and stand." in page
    Repository.objects.update(next_look_at=timezone.now())
    tasks.request_scheduled_check_runs()
    assert CheckRun.objects.count() == 2
    assert Repository.objects.get().next_look_at > timezone.now() + timedelta(days=6)


def test_a_scheduled_look_that_is_refused_leads_to_a_run_that_says_so(read, hub, token):
    hub.revoke(token)
    Repository.objects.update(next_look_at=timezone.now())

    tasks.request_scheduled_check_runs()

    assert CheckRun.objects.active().get().is_scheduled


def test_another_token_mends_it(read, hub, token):
    hub.revoke(token)
    look(read)

    access.give(read.repositories.get(), hub.fine_grained("ada", "ada/harbour-office"))

    assert look(read).conclusion == "success"
    assert Access.objects.get().refused_at is None


def test_a_token_for_another_repository_finds_nothing(ada, as_user, ledger, hub):
    access.give(ledger.repositories.get(), hub.fine_grained("ada", "ada/else"))

    assert look(ledger).reason == "not_found"

    page = text_of(as_user(ada), reverse("portfolio:project", args=["ledger"]))
    assert "The token that you gave may not include it" in page


def test_once_it_is_public_its_words_are_for_everybody(read, hub, client):
    Profile.objects.update(is_public=True)
    hub.make_private("ada/harbour-office", private=False)

    look(read)

    assert not read.repositories.get().is_private
    assert "test_harbour.py" in text_of(client, *public_pages(read))


# Who sees what


def test_a_stranger_learns_the_verdicts_and_nothing_that_stands_in_it(read, eve, client):
    Profile.objects.update(is_public=True)
    for person in (None, eve):
        client.logout()
        if person:
            client.force_login(person)
        text = text_of(client, *public_pages(read))
        assert {word: word in text for word in INSIDE} == dict.fromkeys(INSIDE, False)
        assert "private repository" in text.lower()
        assert read.repositories.get().check_runs.get().short_sha in text
        assert "Tests: seen in a private repository" in text


def test_a_stranger_finds_no_run_of_it(read, eve, as_user):
    Profile.objects.update(is_public=True)
    *_, run, checks = public_pages(read)

    assert as_user(eve).get(run).status_code == 404
    assert as_user(eve).get(checks, headers={"HX-Request": "true"}).status_code == 404


def test_a_stranger_hears_of_a_ruling_without_the_words_of_the_dispute(read, grace, client):
    Profile.objects.update(is_public=True)
    run = read.repositories.get().check_runs.get()
    run.findings.filter(check_name="tests").update(outcome="failed")
    run.repository.disputes.create(
        check_name="tests", tree_sha=run.tree_sha, disputed_by=read.owner, ruled_by=grace,
        sentence="They are in harbour_suite.py.", ruling="accepted", reason="harbour_suite holds them.",
        ruled_at=timezone.now(),
    )  # fmt: skip

    text = text_of(client, *public_pages(read))

    assert "harbour_suite" not in text
    assert "Tests: seen in a private repository" in text


def test_a_review_of_it_names_the_commit_and_not_the_repository(read, grace, client):
    Profile.objects.update(is_public=True)
    run = read.repositories.get().check_runs.get()
    read.reviews.create(
        status="submitted", verdict="approved", body="Sound.", reviewer=grace, check_run=run,
        head_sha=run.head_sha, full_name=run.full_name, submitted_at=timezone.now(),
    )  # fmt: skip

    text = text_of(client, *public_pages(read))

    assert "Sound." in text
    assert run.short_sha in text
    assert "harbour-office" not in text


def test_a_stranger_hears_no_name_of_one_that_is_gone(read, hub, client):
    Profile.objects.update(is_public=True)
    hub.delete("ada/harbour-office")
    look(read)

    text = text_of(client, *public_pages(read))

    assert {word: word in text for word in INSIDE} == dict.fromkeys(INSIDE, False)


def test_owner_and_mentor_see_all_of_it(read, ada, grace, client):
    for person in (ada, grace):
        client.force_login(person)
        text = text_of(client, *public_pages(read))
        assert "test_harbour.py" in text
        assert "ada/harbour-office" in text


def test_pictures_are_made_for_strangers_unless_somebody_says_otherwise(ada):
    project = make_project(ada)
    run = make_check_run(project, ("tests", "passed"))
    run.findings.update(summary="Words from inside.")
    Repository.objects.update(is_private=True)
    repository = project.repositories.get()

    assert verdicts.of(repository).is_withheld
    assert not verdicts.of(repository, reader=Reader.MENTOR).is_withheld
    assert verdicts.of(repository).tests.finding.summary == ""


# Taking it back


def test_withdrawing_deletes_the_token_and_keeps_the_verdicts(ada, client, read):
    address = reverse("portfolio:withdraw_access", args=["ledger", read.repositories.get().pk])

    signed_in(client, ada).post(address)

    assert not Access.objects.exists()
    assert read.repositories.get().standing == "not_found"
    assert CheckRun.objects.get().findings.exists()
    page = text_of(client, reverse("portfolio:project", args=["ledger"]))
    assert "Milepost has no token for it now" in page


def test_after_that_nothing_is_asked_with_it(read, hub, token):
    access.withdraw(read.repositories.get())
    hub.requests.clear()
    Repository.objects.update(next_look_at=timezone.now())

    tasks.request_scheduled_check_runs()

    assert f"Bearer {token}" not in shown_with(hub)
    assert CheckRun.objects.count() == 1


def test_unlinking_takes_the_token_along(ada, client, read):
    address = reverse("portfolio:repository_unlink", args=["ledger", read.repositories.get().pk])

    signed_in(client, ada).post(address)

    assert not Access.objects.exists()


# Giving it


def test_ada_gives_a_token_on_the_page(ada, client, ledger, token):
    page = signed_in(client, ada).get(page_of(ledger))
    assert "Contents" in page.content.decode()

    answer = client.post(page_of(ledger), {"token": f"  {token}\n"}, follow=True)

    assert "kept encrypted" in answer.content.decode()
    assert token not in answer.content.decode()
    assert access.token_of(Repository.objects.get()) == token


def test_the_page_asks_who_it_is_once_more(ada, as_user, ledger, token):
    answer = as_user(ada).post(page_of(ledger), {"token": token})

    assert answer.url.startswith("/accounts/reauthenticate/")
    assert token not in answer.url
    assert not Access.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste the token"),
        ("ghp_" + "a" * 36, "classic token"),
        ("0123456789" * 4, "classic token"),
        ("gho_" + "a" * 36, "belongs to an app"),
        ("ghs_" + "a" * 36, "belongs to an app"),
        ("github_pat_short", "not a fine-grained token"),
        ("github_pat_" + "a" * 30 + "\nX-Evil: 1", "not a fine-grained token"),
        ("github_pat_" + "a" * 400, "255"),
        ("https://github.com/ada/engine", "not a fine-grained token"),
        ("hunter2-hunter2", "not a fine-grained token"),
    ],
)
def test_another_text_is_refused_and_not_shown_again(ada, client, ledger, text, words):
    answer = signed_in(client, ada).post(page_of(ledger), {"token": text})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert not text or text not in page.replace("github_pat_.", "")
    assert not Access.objects.exists()


def test_the_reason_never_holds_the_text():
    with pytest.raises(UnfitToken) as caught:
        tokens.check("hunter2")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


# Keeping it


def test_the_database_holds_no_token(read, token):
    stored = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            stored += [str(value) for row in cursor.fetchall() for value in row]

    assert any("gAAAA" in value for value in stored), "Fernet's first letters"
    assert not any(token in value or token[20:50] in value for value in stored)


def test_no_log_and_no_error_holds_it(ledger, hub, token, caplog):
    caplog.set_level(logging.DEBUG)
    access.give(ledger.repositories.get(), token)
    hub.fault("status", count=1, status=502)
    look(ledger)
    hub.fault(match="engine", count=None, kind="drop")
    with connect(token=token) as github:
        assert token not in repr(github)
        assert token not in repr(vars(github))

    assert token not in caplog.text
    assert token not in repr(Access.objects.get()) + str(Access.objects.get())


@pytest.mark.parametrize("place", ["encrypt", "update_or_create"])
def test_an_error_report_hides_it(ada, client, ledger, token, monkeypatch, place):
    signed_in(client, ada)
    client.raise_request_exception = False

    def break_down(*args, **more):
        del args, more
        raise RuntimeError("broken")

    monkeypatch.setattr(MultiFernet if place == "encrypt" else Access.objects, place, break_down)

    answer = client.post(page_of(ledger), {"token": token})

    assert answer.status_code == 500
    report = ExceptionReporter(answer.wsgi_request, *answer.exc_info)
    assert "broken" in report.get_traceback_text()
    for text in (answer.content.decode(), report.get_traceback_text(), report.get_traceback_html()):
        assert token not in text


def test_staff_have_no_page_for_it(katherine, as_user, read):
    assert as_user(katherine).get("/admin/portfolio/access/").status_code == 404


def test_a_new_key_opens_what_the_old_one_sealed(read, token, settings):
    settings.ENCRYPTION_KEYS = ["new-key", *settings.ENCRYPTION_KEYS]
    before = Access.objects.get().sealed_token

    assert access.reseal_all() == (1, 0)

    settings.ENCRYPTION_KEYS = ["new-key"]
    assert Access.objects.get().sealed_token != before
    assert access.token_of(Repository.objects.get()) == token


def test_a_lost_key_is_told_to_the_owner_and_to_staff(read, hub, settings, caplog):
    settings.ENCRYPTION_KEYS = ["another-key"]
    with pytest.raises(sealing.Broken):
        access.token_of(Repository.objects.get())
    Repository.objects.update(next_look_at=timezone.now())

    tasks.request_scheduled_check_runs()
    tasks.execute_check_run(CheckRun.objects.active().get().pk)

    assert CheckRun.objects.first().reason == "token_refused"
    assert Access.objects.get().refused_at is not None
    assert access.reseal_all() == (0, 1)


def test_what_was_altered_does_not_open():
    sealed = sealing.seal("secret")
    changed = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    assert sealing.unseal(sealed) == "secret"
    assert sealing.seal("secret") != sealed
    with pytest.raises(sealing.Broken):
        sealing.unseal(changed)


def test_the_owner_is_told_two_weeks_before_it_ends(ada, client, read):
    Access.objects.update(expires_at=timezone.now() + timedelta(days=13))

    page = text_of(signed_in(client, ada), reverse("portfolio:project", args=["ledger"]))

    assert "The token for ada/harbour-office ends" in page
    assert "ends" in text_of(client, page_of(read))


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("2026-12-24 10:00:00 UTC", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24 10:00:00 +0200", datetime(2026, 12, 24, 8, tzinfo=UTC)),
        ("soon", None),
        ("", None),
    ],
)
def test_github_says_when_a_token_ends(hub, header, moment):
    hub.add("ada/open", FILES)
    with connect(token=hub.fine_grained("ada", expires=header)) as github:
        list(github.heads([Repository(full_name="ada/open").link]))
        assert github.token_expires_at == moment


def test_looks_are_grouped_by_the_token_they_need(read, hub, token):
    hub.add("ada/open", FILES)
    make_project(read.owner, repository="ada/open", slug="open")
    Repository.objects.update(next_look_at=timezone.now())

    groups = rechecks.by_token(rechecks.claim())

    assert [(t, [str(r) for r in group]) for t, group in groups] == [
        ("", ["ada/open"]),
        (token, ["ada/harbour-office"]),
    ]


def test_nobody_else_reaches_the_page(ada, eve, grace, ledger, token):
    for person in (eve, grace):
        client = signed_in(Client(), person)
        assert client.get(page_of(ledger)).status_code == 404
        assert client.post(page_of(ledger), {"token": token}).status_code == 404
    assert not Access.objects.exists()
