"""Whatever people type, or call their files and branches, is shown and does nothing else."""

import re

import pytest
from django.core import mail

from accounts import tasks
from portfolio import check_runs, checks
from portfolio.connection import connect
from portfolio.models import CheckRun, Project
from tests.factories import (
    make_check_run,
    make_invitation,
    make_project,
)

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>\'{{ 7*7 }}{% now "Y" %}'
TURNED = "\u202egnp.exe"
LONG = "é" * 5000


def everything_by(person, words):
    """A public project of the person in which every text is these words, cut to their length."""
    person.profile.is_public = True
    person.profile.name = words[:80]
    person.profile.headline = words[:120]
    person.profile.about = words
    person.profile.save()
    project = make_project(
        person, slug="engine", title=words[:120], summary=words[:300], problem=words, data=words,
        approaches=words, evaluation=words, results=words, visibility="public",
        demo_url="https://example.org/?q=%22%3E%3Cscript%3E",
    )  # fmt: skip
    project.repositories.update(
        ref=words[:255], folder=words[:200], default_branch=words[:200], description=words[:300],
        former_name="ada/former",
    )  # fmt: skip
    run = make_check_run(project, ("readme", "passed"), ("tests", "failed"), ref=words[:255])
    place = {"path": words, "line": 3, "what": words, "quote": words}
    run.findings.update(summary=words, fix=words, evidence=[place], lookalikes=[place])
    project.reviews.create(question=words)
    return project


PAGES = [
    "/", "/projects/", "/projects/engine/", "/projects/engine/edit/", "/projects/engine/delete/",
    "/@ada-nwosu/", "/@ada-nwosu/engine/", "/settings/profile/", "/mentorships/",
]  # fmt: skip
PAGES_OF_MENTOR = [
    "/", "/mentoring/", "/mentoring/ada-nwosu/", "/@ada-nwosu/", "/@ada-nwosu/engine/",
    "/@ada-nwosu/engine/review/", "/mentorships/",
]  # fmt: skip


def every_page(ada, grace, client):
    pages = {}
    for person, addresses in ((ada, PAGES), (grace, PAGES_OF_MENTOR), (None, PAGES[5:7])):
        client.logout()
        if person:
            client.force_login(person)
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, address
            pages[person and person.email, address] = response.content.decode()
        run = CheckRun.objects.get()
        pages[person and person.email, "run"] = client.get(
            f"/check-runs/{run.pk}/"
        ).content.decode()
    return pages


def test_markup_in_any_text_is_read_and_not_run(ada, grace, client):
    project = everything_by(ada, MARKUP)
    project.reviews.create(status="submitted", verdict="approved", body=MARKUP, reviewer=grace,
                           head_sha="a1" * 20, submitted_at=project.created_at)  # fmt: skip

    for where, page in every_page(ada, grace, client).items():
        assert "<script>alert" not in page, where
        assert "<img" not in page, where
        assert ">49<" not in page, where
        assert "alert(1)" in page or where[1] == "/settings/profile/", where


def test_what_is_named_at_github_is_marked_where_it_turns_the_line(ada, grace, client):
    """Titles and names are cleaned when they are typed; branches and folders come as they are."""
    project = make_project(ada, slug="engine", visibility="public")
    ada.profile.is_public = True
    ada.profile.save()
    project.repositories.update(ref=TURNED, folder=TURNED)
    make_check_run(project, ("readme", "passed"), ("tests", "failed"))
    project.reviews.create(question="Good?")

    for where, page in every_page(ada, grace, client).items():
        assert "\u202e" not in re.sub(r'href="[^"]*"', "", page), where


@pytest.mark.parametrize("field", ["title", "summary"])
@pytest.mark.parametrize(
    "words", ["a\u202eb", "a\u2066b", "a\x07b", "a\x1b[31mb", "a\x00b", "\u200b\u200b", "\u2800"]
)
def test_a_line_that_turns_or_cannot_be_seen_is_refused_at_its_field(field, words, ada, as_user):
    project = make_project(ada, slug="engine", title="Engine")
    story = {"title": "Engine", "visibility": "private", field: words}
    client = as_user(ada)

    for address in ("/projects/new/", "/projects/engine/edit/"):
        response = client.post(address, story | {"link": "ada/wheels"})
        assert response.status_code == 422, address
        assert field in response.context["form"].errors
    assert Project.objects.get() == project


def test_a_line_may_be_in_any_script_and_carry_a_family(ada, as_user):
    make_project(ada, slug="engine")
    title, summary = (
        "Прогноз 👩‍💻 \u05e9\u05dc\u05d5\u05dd",
        "In one\nsentence,\r\n  on three lines",
    )
    story = {"title": title, "summary": summary, "visibility": "private"}

    response = as_user(ada).post("/projects/engine/edit/", story)

    assert response.status_code == 302
    project = Project.objects.get()
    assert (project.title, project.summary) == (title, "In one sentence, on three lines")


@pytest.mark.parametrize("words", ["a\x00b", "a\x07b", "a\x1b[31mb"], ids=["NUL", "bell", "colour"])
@pytest.mark.parametrize("field", Project.CASE_STUDY)
def test_a_story_with_control_characters_is_refused_and_kept(field, words, ada, as_user):
    make_project(ada, slug="engine")

    response = as_user(ada).post("/projects/engine/case-study/", {field: words})

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_the_letter_of_somebody_with_markup_for_a_name_is_harmless(ada, db):
    ada.profile.name = MARKUP[:80]
    ada.profile.save()
    invitation = make_invitation(
        ada, sent_at=None, attempts=0, message=MARKUP, email="grace@example.net"
    )

    tasks.send_invitation(invitation.pk)

    [letter] = mail.outbox
    html = letter.alternatives[0][0]
    assert "<script>" not in html
    assert "<img" not in html
    assert "\n" not in letter.subject


@pytest.mark.parametrize(
    "query", ["unit=%00", "unit=%FF", "unit=" + "x" * 5000, "unit=..%2F", "%00"]
)
def test_no_query_breaks_the_page_that_starts_a_project(query, ada, as_user):
    client = as_user(ada)

    assert client.get(f"/projects/new/?{query}").status_code == 200


# What a repository holds


def test_a_repository_full_of_nul_and_broken_characters_is_checked(ada, hub):
    odd = "# Engine\x00\n\nIt \ud800runs \x1b[31m".encode("utf-8", "surrogatepass") + b"\xff\xfe\n"
    test = b"def test_it\x00():\n    assert 1\n\ndef test_more():\n    assert '\x00\xff'\n"
    hub.add("ada/engine", {"README.md": odd * 20, "tests/test_it.py": test, "LICENSE": odd})
    project = make_project(ada, repository="ada/engine")

    run = check_runs.claim(check_runs.request(project.repositories.get()).pk)
    with connect() as github:
        check_runs.execute(run, github)

    run.refresh_from_db()
    assert run.status == CheckRun.Status.COMPLETED
    assert run.looked
    assert run.findings.exists()


def test_two_links_that_turn_out_to_be_one_repository_are_both_checked(ada, hub):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    hub.rename("ada/engine", "ada/bearings")
    project = make_project(ada, repository="ada/engine")
    project.repositories.create(full_name="ada/bearings")
    with connect() as github:
        for repository in project.repositories.all():
            run = check_runs.claim(check_runs.request(repository).pk)
            assert check_runs.execute(run, github).looked

    assert set(project.repositories.values_list("full_name", flat=True)) == {
        "ada/engine",
        "ada/bearings",
    }


@pytest.mark.parametrize("gone", ["project", "repository"])
def test_what_is_deleted_while_a_worker_looks_ends_quietly(gone, ada, hub, monkeypatch):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    project = make_project(ada, repository="ada/engine")
    run = check_runs.claim(check_runs.request(project.repositories.get()).pk)
    inspect = checks.inspect

    def inspect_slowly(*args, **options):
        found = inspect(*args, **options)
        (project if gone == "project" else project.repositories.get()).delete()
        return found

    monkeypatch.setattr(checks, "inspect", inspect_slowly)

    with connect() as github:
        check_runs.execute(run, github)
    check_runs.postpone(run)

    assert not CheckRun.objects.exists()
