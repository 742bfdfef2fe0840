"""Everything about Ada as one file: whole, hers alone, without a secret, and whatever happens meanwhile."""

import io
import json
import os
import time
import zipfile
from collections import Counter
from datetime import timedelta

import jsonschema
import pytest
from django.conf import settings
from django.utils import timezone

from accounts import entries, register, takeouts, tasks
from accounts.models import Letter, Notice, Takeout
from tests.factories import PASSWORD, make_project
from tests.rich_account import SECRET, belonging_to, make_rich
from tests.together import at_once

PAGE, FILE = "/settings/takeout/", "/settings/takeout/file/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.TAKEOUT_DIR = tmp_path / "takeouts"
    return settings.TAKEOUT_DIR


@pytest.fixture
def rich(ada, grace):
    make_rich(ada, grace)
    Takeout.objects.all().delete()
    Notice.objects.all().update(read_at=None)
    return ada


def made(person):
    """A finished takeout of a person."""
    takeout = takeouts.ask(person)
    tasks.pack_takeout(takeout.pk)
    takeout.refresh_from_db()
    return takeout


def opened(takeout):
    """What is inside, by path."""
    with zipfile.ZipFile(takeouts.file_of(takeout)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def lists(entry, path):
    """The number of entries at each place inside an entry, by the names of the register."""
    found = Counter()
    for key, value in entry.items():
        name = f"{path}.{key}"
        if name in NAMES:
            found[name] += len(value)
            for inner in value:
                found += lists(inner, name)
    return found


NAMES = {taken.name for line in register.LINES.values() for taken in line.taken}


def test_a_takeout_holds_every_row_that_is_hers(rich):
    inside = opened(made(rich))
    found = Counter()
    for name in entries.shapes():
        data = json.loads(inside[f"data/{name}.json"])
        found[name] = len(data)
        for entry in data:
            found += lists(entry, name)

    for line in register.LINES.values():
        whole = [taken for taken in line.taken if not taken.of and not taken.only]
        for taken in whole:
            if taken.name.startswith("reviews-written"):
                continue
            assert found[taken.name] == belonging_to(rich, line).count(), taken.name
    assert found["reviews-written"] == 1
    assert found["projects.reviews.comments"] == 2  # of three: one was not sent
    assert json.loads(inside["takeout.json"])["files"]["data/notes.json"] == 1


def test_what_it_holds_is_as_the_schema_beside_it_says(rich):
    inside = opened(made(rich))
    schema = json.loads(inside["schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    data = {name: json.loads(inside[f"data/{name}.json"]) for name in schema["properties"]}

    jsonschema.validate(data, schema, format_checker=jsonschema.FormatChecker())

    assert set(data) == set(entries.shapes())


def test_no_secret_and_no_private_word_of_others_is_in_it(rich):
    everything = "\n".join(opened(made(rich)).values())

    assert SECRET not in everything
    assert rich.password not in everything
    for invitation in [*rich.invitations_sent.all(), *rich.cohort_invitations_made.all()]:
        assert invitation.nonce not in everything
        assert invitation.token_hash not in everything
    for session in rich.usersession_set.all():
        assert session.session_key not in everything
    for words in [
        "What the mentor thinks for herself.",
        "A thought of Grace Halloran that was not sent.",
        "Half a word of the mentor's.",
        "What Grace Halloran noted.",
        f"Blocker of {rich.pk}",
    ]:
        assert words not in everything


def test_what_is_worth_reading_stands_there_as_markdown(rich):
    inside = opened(made(rich))

    assert "# Engine\n" in inside["text/case-studies/engine.md"]
    assert "Bearings break." in inside["text/case-studies/engine.md"]
    assert "by Grace Halloran" in inside["text/reviews-received/engine.md"]
    assert "Why?" in inside["text/reviews-received/engine.md"]
    assert (
        "A thought of Grace Halloran that was not sent."
        not in inside["text/reviews-received/engine.md"]
    )
    assert ": Wheels" in inside["text/reviews-written.md"]
    assert "**Situation.** It leaked." in inside["text/stories.md"]
    assert "Off by one." in inside["text/notes.md"]
    [resume] = [text for path, text in inside.items() if path.startswith("text/resumes/for-the-")]
    assert "Builds what lasts." in resume
    assert "# Everything about Ada Nwosu" in inside["README.md"]


def test_ada_asks_waits_and_fetches_it_after_saying_who_she_is(
    rich, client, django_capture_on_commit_callbacks
):
    client.force_login(rich)
    assert "Make a takeout" in client.get(PAGE).text
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(PAGE).url == PAGE

    page = client.get(PAGE).text
    assert "Fetch it" in page
    assert "hx-get" not in page[page.index('id="takeout"') :]
    asked = client.get(FILE)
    assert asked.url.startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get(FILE)
    body = answer.getvalue()

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="milepost-ada-nwosu-20')
    assert answer["Cache-Control"] == "no-store, private"
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None
    assert Notice.objects.filter(recipient=rich, kind="takeout_ready").count() == 1
    assert Letter.objects.filter(notice__kind="takeout_ready").count() == 1


def test_nobody_else_gets_it_however_they_ask(rich, grace, katherine, client):
    made(rich)
    for person in (grace, katherine):
        client.force_login(person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        assert client.get(FILE).status_code == 404


def test_the_file_is_private_on_the_disk_and_no_address_leads_there(rich, client):
    takeout = made(rich)
    path = takeouts.file_of(takeout)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not path.is_relative_to(settings.STATIC_ROOT)
    assert [one.name for one in path.parent.iterdir()] == [path.name]  # and no part is left


def test_asking_twice_makes_one_and_the_next_one_replaces_it(ada):
    first = takeouts.ask(ada)
    assert takeouts.ask(ada) == first
    tasks.pack_takeout(first.pk)
    second = made(ada)

    assert list(Takeout.objects.all()) == [second]
    assert not takeouts.file_of(first).exists()


@pytest.mark.django_db(transaction=True)
def test_four_clicks_in_one_moment_make_one(ada):
    answers = at_once(*[lambda: takeouts.ask(ada).pk] * 4)

    assert len(set(answers)) == Takeout.objects.count() == 1


def test_while_it_is_packed_the_page_says_how_far_it_is(rich, client, monkeypatch):
    monkeypatch.setattr(takeouts, "TURN", -1)
    takeout = takeouts.ask(rich)
    takeouts.pack(takeouts.claim(takeout.pk))
    client.force_login(rich)

    page = client.get(PAGE).text

    assert 'hx-trigger="every 2s"' in page
    assert f"0 of {takeout.parts_in_all} parts." in page
    assert "Make a" not in page
    assert client.get(FILE).status_code == 302  # asked first who it is
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(FILE).status_code == 404


def test_a_worker_that_is_cut_off_loses_the_part_it_was_at(rich, monkeypatch):
    takeout = takeouts.ask(rich)
    read = entries.of
    written = Counter()

    def read_and_die(person, shape):
        written[shape.taken.name] += 1
        if shape.taken.name == "notes" and written["notes"] == 1:
            yield from read(person, shape)
            raise SystemExit  # killed: nothing more is done
        yield from read(person, shape)

    monkeypatch.setattr(entries, "of", read_and_die)
    with pytest.raises(SystemExit):
        tasks.pack_takeout(takeout.pk)
    takeout.refresh_from_db()
    assert takeout.is_packing
    assert 0 < takeout.parts_done < takeout.parts_in_all
    assert takeouts.claim(takeout.pk) is None  # as long as the lease of the dead one runs
    Takeout.objects.update(due_at=timezone.now())

    tasks.carry_on()
    takeout.refresh_from_db()

    assert takeout.is_ready
    assert written["notes"] == 2
    assert written["account"] == written["projects"] == 1
    assert json.loads(opened(takeout)["data/notes.json"])[0]["text"].startswith("Off by one.")


def test_one_that_gets_no_further_fails_and_says_so(ada, client, monkeypatch):
    def refuse(person, shape):
        raise OSError("No space left on device")

    monkeypatch.setattr(entries, "of", refuse)
    takeout = takeouts.ask(ada)
    for _ in range(takeouts.MOST_STANDSTILLS + 1):
        tasks.pack_takeout(takeout.pk)
        Takeout.objects.update(due_at=timezone.now())
    takeout.refresh_from_db()
    client.force_login(ada)

    assert takeout.status == Takeout.Status.FAILED
    assert list(settings.TAKEOUT_DIR.iterdir()) == []
    assert "could not be packed" in client.get(PAGE).text
    monkeypatch.undo()
    settings.TAKEOUT_DIR.mkdir(exist_ok=True)
    assert made(ada).is_ready


def test_of_two_workers_one_finishes_it(rich):
    takeout = takeouts.ask(rich)
    first = takeouts.claim(takeout.pk)
    Takeout.objects.update(due_at=timezone.now())
    second = takeouts.claim(takeout.pk)

    assert takeouts.pack(second)
    assert not takeouts.pack(first)

    assert Notice.objects.filter(kind="takeout_ready").count() == 1


def test_it_is_removed_after_a_week_with_what_no_row_knows(rich, client, folder):
    takeout = made(rich)
    stray, fresh = folder / "stray.zip", folder / "fresh"
    stray.write_text("")
    fresh.mkdir()
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(stray, (two_days_ago, two_days_ago))
    Takeout.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    takeouts.remove_old()
    assert takeouts.file_of(takeout).exists()

    Takeout.objects.update(expires_at=timezone.now())
    client.force_login(rich)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(FILE).status_code == 404
    assert "Fetch it" not in client.get(PAGE).text
    takeouts.remove_old()

    assert [path.name for path in folder.iterdir()] == ["fresh"]
    assert not Takeout.objects.exists()


def test_a_file_that_is_not_on_this_machine_is_explained(rich, client):
    takeouts.file_of(made(rich)).unlink()
    client.force_login(rich)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert "no longer here" in client.get(FILE, follow=True).text


def test_it_is_read_in_batches_whatever_one_has(ada, django_assert_max_num_queries):
    for _ in range(45):
        make_project(ada)

    with django_assert_max_num_queries(200):
        assert made(ada).parts["projects"] == 45
