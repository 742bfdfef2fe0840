"""An account is deleted: off at once, kept within two weeks if one likes, then gone from every row."""

import contextlib
import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import serializers
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import deleted_accounts, deletions, takeouts, tasks, writing
from accounts.models import Deletion, Letter, Mentorship, Notice, Takeout, User
from portfolio import check_runs, reviews
from portfolio.connection import connect
from portfolio.models import Comment, Dispute, Move, Project, Report, Review
from tests.factories import (
    PASSWORD,
    make_check_run,
    make_mentorship,
    make_project,
    make_review,
    make_user,
)
from tests.rich_account import make_rich
from tests.together import at_once

PAGE = "/settings/delete/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.TAKEOUT_DIR = tmp_path / "takeouts"
    settings.DELETED_ACCOUNTS = tmp_path / "var" / "deleted-accounts"
    return settings.TAKEOUT_DIR


@pytest.fixture
def rich(ada, grace):
    make_rich(ada, grace)
    Deletion.objects.all().delete()
    return ada


def signed_in(person):
    client = Client()
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def sign_in(client, person):
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})


def let_grace_pass():
    Deletion.objects.update(due_at=timezone.now(), grace_until=timezone.now())


def carried_out(person):
    """Asked for and done."""
    deletion = deletions.ask(person)
    let_grace_pass()
    tasks.carry_out_deletion(deletion.pk)
    deletion.refresh_from_db()
    return deletion


# Asking, and keeping


def test_ada_reads_what_goes_and_what_stays_before_anything_happens(rich):
    page = signed_in(rich).get(PAGE).text

    assert "Projects" in page
    assert "Notes" in page
    assert "it stays, under “a former mentor”" in page
    assert User.objects.get(pk=rich.pk).is_active


def test_the_page_asks_once_more_who_one_is(ada, client):
    client.force_login(ada)

    assert client.get(PAGE).url.startswith("/accounts/reauthenticate/")
    assert client.post(PAGE).url.startswith("/accounts/reauthenticate/")
    assert not Deletion.objects.exists()


def test_the_account_is_off_at_once_for_everybody(ada, grace, eve, as_user):
    ada.profile.is_public = True
    ada.profile.save()
    make_project(ada, slug="engine", visibility="public")
    phone = signed_in(ada)

    answer = signed_in(ada).post(PAGE)

    assert answer.url.startswith("/keep-account/")
    assert "will be deleted on" in Client().get(answer.url).text
    assert phone.get("/projects/").url.startswith("/accounts/login/")
    for page in ("/@ada-nwosu/", "/@ada-nwosu/engine/"):
        assert Client().get(page).status_code == 404
        assert as_user(eve).get(page).status_code == 404
        assert as_user(grace).get(page).status_code == 404
    assert as_user(grace).get("/mentoring/ada-nwosu/").status_code == 404


def test_her_mentors_and_learners_are_told_and_she_gets_a_letter(ada, grace):
    learner = make_user("Lena Learner")
    make_mentorship(mentor=ada, learner=learner)
    deletion = deletions.ask(ada)

    told = Notice.objects.filter(kind="person_leaves")
    assert {notice.recipient for notice in told} == {grace, learner}
    assert told[0].words == "Ada Nwosu leaves: the account is switched off and will be deleted"
    letter = Letter.objects.get(address=ada.email)
    message = writing.message_of(letter)
    assert deletions.link(deletion) in message.body
    assert "will be deleted on" in message.body


def test_signing_in_leads_to_keeping_it_and_nowhere_else(ada, grace, client):
    deletions.ask(ada)
    Notice.objects.filter(recipient=grace).update(read_at=timezone.now())

    keep = sign_in(client, ada).url
    assert keep.startswith("/keep-account/")
    assert client.get("/projects/").status_code == 302
    assert "Keep my account" in client.get(keep).text
    answer = client.post(keep, follow=True)

    assert "Your account is kept" in answer.text
    assert not Deletion.objects.exists()
    sign_in(client, ada)
    assert client.get("/projects/").status_code == 200
    assert Mentorship.objects.in_force().filter(learner=ada).exists()
    [notice] = Notice.objects.filter(recipient=grace, kind__startswith="person_")
    assert notice.words == "Ada Nwosu stays after all"


def test_who_did_not_hear_of_it_need_not_hear_that_it_was_taken_back(ada, grace):
    deletions.keep(deletions.ask(ada))

    assert not Notice.objects.filter(kind__startswith="person_").exists()


def test_a_wrong_password_says_nothing_of_it(ada, client):
    deletions.ask(ada)
    wrong = {"login": ada.email, "password": "wrong-password"}

    answer = client.post("/accounts/login/", wrong)

    assert answer.status_code == 200
    assert "delete" not in answer.text.lower()


@pytest.mark.parametrize("token", ["x", "1.1:x", "1.1:abc:def"])
def test_a_link_that_we_did_not_make_keeps_nothing(ada, token, client):
    deletions.ask(ada)

    assert client.get(f"/keep-account/{token}/").status_code == 404
    assert client.post(f"/keep-account/{token}/").status_code == 404
    assert Deletion.objects.exists()


def test_once_it_has_begun_it_cannot_be_kept(ada, client):
    deletion = deletions.ask(ada)
    link = deletions.link(deletion)
    let_grace_pass()
    deletions.claim(deletion.pk)

    assert "cannot be undone" in client.post(link).text
    assert sign_in(client, ada).url == link
    with pytest.raises(deletions.TooLate):
        deletions.keep(Deletion.objects.get())


def test_asking_twice_is_asking_once(ada):
    first = deletions.ask(ada)

    assert deletions.ask(ada) == first
    assert Letter.objects.filter(address=ada.email).count() == 1


def test_the_last_who_can_run_the_place_stays(katherine):
    page = signed_in(katherine).post(PAGE)

    assert page.status_code == 409
    assert "You are the last" in page.text
    assert User.objects.get(pk=katherine.pk).is_active
    make_user(is_superuser=True)
    assert deletions.ask(katherine)


def test_nothing_is_deleted_before_two_weeks_are_over(rich):
    deletion = deletions.ask(rich)
    rows = Project.objects.count()

    tasks.carry_on()
    tasks.carry_out_deletion(deletion.pk)

    assert User.objects.filter(pk=rich.pk).exists()
    assert Project.objects.count() == rows
    assert deletion.due_at - timezone.now() > timedelta(days=13, hours=23)


def test_whom_staff_switch_on_again_stays(ada):
    deletions.ask(ada)
    User.objects.filter(pk=ada.pk).update(is_active=True)
    let_grace_pass()

    tasks.carry_on()

    assert User.objects.filter(pk=ada.pk).exists()
    assert not Deletion.objects.exists()


# What is left


def rows_that_name(person_pk, *words):
    """Every row of every model that has a person's key, or one of these words in any field."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                target = field.related_model if field.is_relation else None
                if target is User and value == person_pk:
                    found.append((model._meta.label, field.name, value))
                text = json.dumps(value, default=str) if value is not None else ""
                if any(word.lower() in text.lower() for word in words):
                    found.append((model._meta.label, field.name, text[:200]))
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(person_pk):
            found.append(("sessions.Session", session.pk, ""))
    about = LogEntry.objects.filter(content_type__model="user", object_id=str(person_pk))
    return found + [("admin.LogEntry", entry.pk, "") for entry in about]


def test_afterwards_no_row_names_her(rich, folder):
    EmailAddress.objects.create(user=rich, email="second@example.net", verified=True)
    person = (rich.pk, rich.email, "second@example.net", "ada-nwosu", "Ada Nwosu", "A code.")
    takeouts.pack(takeouts.claim(takeouts.ask(rich).pk))
    assert len(rows_that_name(*person)) > 60

    deletion = carried_out(rich)

    assert rows_that_name(*person) == []
    assert list(folder.iterdir()) == []
    assert deletion.finished_at
    assert deletion.person is None
    assert deletion.removed["portfolio.Project"] == 1
    assert deletion.removed["curriculum.Note"] == 1


def test_what_is_of_others_is_all_there_afterwards(rich, grace):
    """A count of every model, less what was hers; and her words for others stay, without her name."""
    learner = User.objects.get(profile__name=f"Learner of {rich.pk}")
    before = {label: model._base_manager.count() for label, model in _models()}
    hers = {label: deletions._mine(line, rich).count() for label, line in _lines()}

    deletion = carried_out(rich)

    for label, model in _models():
        also = max(0, deletion.removed.get(label, 0) - hers.get(label, 0))
        left = before[label] - hers.get(label, 0) - also + (label == "accounts.Deletion")
        if label in ("accounts.Letter", "accounts.Notice", "auth.Permission", "sessions.Session"):
            continue  # asking for it wrote a letter and notices
        assert model._base_manager.count() == left, label
    review = Review.objects.get(project__owner=learner, verdict="approved")
    assert (review.reviewer, review.body) == (None, "Well made.")
    assert Comment.objects.get(review=review, body="Why?").author is None
    assert (
        Comment.objects.filter(review=review, resolved_by=None).count() == 2
    )  # the unsent one went
    assert Move.objects.get(review=review).moved_by is None
    assert Dispute.objects.get(repository__project__owner=learner).ruled_by is None
    assert Report.objects.filter(review=review, reporter=None, text="It is in a book.").exists()
    page = signed_in(learner).get(f"/reviews/{review.pk}/").text
    assert "A former mentor" in page
    assert "Well made." in page


def _models():
    return [(model._meta.label, model) for model in apps.get_models()]


def _lines():
    return [(label, line) for label, line in deletions.register.LINES.items() if line.of]


@pytest.mark.parametrize("every", [1, 4])
def test_one_that_is_cut_off_again_and_again_ends_all_the_same(rich, monkeypatch, every):
    """Each turn dies after so many batches, between a batch and the note of it."""
    person = (rich.pk, rich.email, "ada-nwosu", "Ada Nwosu")
    monkeypatch.setattr(deletions, "BATCH", 3)
    batches = deletions._batches

    def some(who):
        for number, batch in enumerate(batches(who), 1):
            if number == every + 1:
                raise SystemExit
            yield batch

    monkeypatch.setattr(deletions, "_batches", some)
    deletion = deletions.ask(rich)
    let_grace_pass()
    turns = 0
    while Deletion.objects.unfinished().exists():
        turns += 1
        assert turns < 200
        assert not User.objects.filter(pk=rich.pk, is_active=True).exists()
        try:
            tasks.carry_out_deletion(deletion.pk)
        except SystemExit:
            let_grace_pass()

    assert turns > 10
    assert rows_that_name(*person) == []


def test_a_large_account_takes_several_turns(ada, monkeypatch):
    monkeypatch.setattr(deletions, "TURN", -1)
    make_project(ada)
    deletion = deletions.ask(ada)
    let_grace_pass()

    assert not deletions.carry_out(deletions.claim(deletion.pk))
    assert deletions.claim(deletion.pk)  # let go at once, to be gone on with
    assert User.objects.filter(pk=ada.pk).exists()


def test_a_finished_one_is_forgotten_after_a_month(ada):
    deletion = carried_out(ada)
    tasks.forget_old()
    assert Deletion.objects.exists()
    Deletion.objects.update(finished_at=deletion.finished_at - timedelta(days=31))
    tasks.forget_old()

    assert not Deletion.objects.exists()


# Meanwhile


def test_a_check_that_runs_meanwhile_brings_nothing_back(ada, hub):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    project = make_project(ada, repository="ada/engine")
    run = check_runs.claim(check_runs.request(project.repositories.get()).pk)
    carried_out(ada)

    with connect() as github:
        check_runs.execute(run, github)

    assert rows_that_name(ada.pk, ada.email, "ada-nwosu", "ada/engine") == []


def test_what_a_leaving_mentor_holds_goes_back_into_the_queue(ada, grace):
    project = make_project(ada)
    make_check_run(project)
    held = reviews.claim(make_review(project), grace)

    deletions.ask(grace)
    reviews.release_unentitled()
    held.refresh_from_db()

    assert (held.status, held.reviewer) == ("requested", None)
    let_grace_pass()
    tasks.carry_on()
    assert Review.objects.get().status == "requested"


@pytest.mark.django_db(transaction=True)
def test_four_clicks_in_one_moment_ask_once(ada):
    keys = at_once(*[lambda: deletions.ask(User.objects.get()).pk] * 4)

    assert len(set(keys)) == Deletion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_keeping_and_beginning_in_one_moment_is_one_of_the_two(ada):
    for _ in range(5):
        deletion = deletions.ask(ada)
        let_grace_pass()

        def keep(deletion=deletion):
            try:
                deletions.keep(Deletion.objects.select_related("person").get())
            except (deletions.TooLate, Deletion.DoesNotExist):
                return False
            return True

        kept, begun = at_once(keep, lambda key=deletion.pk: bool(deletions.claim(key)))

        assert kept != begun
        assert User.objects.get().is_active == kept
        Deletion.objects.all().delete()
        User.objects.update(is_active=True)


@pytest.mark.django_db(transaction=True)
def test_the_last_two_who_run_the_place_do_not_leave_together(katherine):
    other = make_user(is_superuser=True)

    def leave(person):
        try:
            return bool(deletions.ask(person))
        except deletions.LastOfStaff:
            return False

    assert sorted(at_once(lambda: leave(katherine), lambda: leave(other))) == [False, True]


def test_staff_delete_somebody_in_the_same_way(ada, katherine):
    client = signed_in(katherine)

    deletions.ask(ada)  # two weeks; staff do not wait for them
    client.post(f"/admin/accounts/user/{ada.pk}/delete/", {"post": "yes"})
    assert not User.objects.get(pk=ada.pk).is_active
    tasks.carry_on()

    assert not User.objects.filter(pk=ada.pk).exists()


def test_a_takeout_goes_with_the_account_even_while_it_is_packed(ada, folder):
    takeout = takeouts.claim(takeouts.ask(ada).pk)
    folder.joinpath(takeout.folder).mkdir(parents=True)
    carried_out(ada)

    assert not takeouts.pack(takeout)

    assert not Takeout.objects.exists()
    assert list(folder.iterdir()) == []


# A backup


def delete_for_good(person):
    deletion = deletions.ask(person, grace=timedelta(0))
    let_grace_pass()
    tasks.carry_out_deletion(deletion.pk)
    assert not User.objects.filter(pk=person.pk).exists()


def bring_back(person, backup):
    """What the database said before."""
    for one in serializers.deserialize("json", backup):
        one.save()
    assert User.objects.get(pk=person.pk).is_active


@pytest.mark.parametrize("changes_key", [False, True], ids=["same key", "another key"])
def test_a_backup_that_is_brought_back_brings_nobody_back(
    ada, grace, settings, capsys, changes_key
):
    project = make_project(ada, title="Engine")
    backup = serializers.serialize("json", [User.objects.get(pk=ada.pk), ada.profile, project])
    delete_for_good(ada)
    bring_back(ada, backup)
    if changes_key:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key of the site"
    letters = Letter.objects.count()

    call_command("delete_again")

    assert "within minutes: 1 accounts" in capsys.readouterr().out
    assert not User.objects.get(pk=ada.pk).is_active
    assert Letter.objects.count() == letters
    for pk in deletions.due():
        tasks.carry_out_deletion(pk)
    assert not User.objects.filter(pk=ada.pk).exists()
    assert not Project.objects.exists()
    assert User.objects.filter(pk=grace.pk, is_active=True).exists()
    call_command("delete_again")
    assert "No account here was deleted before" in capsys.readouterr().out


def test_whoever_has_the_same_number_later_is_somebody_else(ada, eve, settings):
    delete_for_good(ada)
    User.objects.create(pk=ada.pk, email="new@example.org")

    assert list(deleted_accounts.found()) == []
    written = deleted_accounts.path().read_text()
    assert ada.email not in written
    assert deleted_accounts.path().stat().st_mode & 0o777 == 0o600


def test_an_account_whose_mark_cannot_be_written_stays_until_it_can(ada, settings, tmp_path):
    settings.DELETED_ACCOUNTS = tmp_path / "file" / "deleted-accounts"
    (tmp_path / "file").write_text("no folder")
    deletion = deletions.ask(ada, grace=timedelta(0))
    let_grace_pass()

    with contextlib.suppress(OSError):
        tasks.carry_out_deletion(deletion.pk)
    assert User.objects.filter(pk=ada.pk, is_active=False).exists()

    (tmp_path / "file").unlink()
    let_grace_pass()
    tasks.carry_out_deletion(deletion.pk)
    assert not User.objects.filter(pk=ada.pk).exists()
