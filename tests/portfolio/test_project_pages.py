"""What Ada does with her projects in a browser, and what Eve cannot."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portfolio.models import CheckRun, Project
from tests.factories import make_check_run, make_project

NEW = "/projects/new/"


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    """Work that waits for the commit runs at the end of the block, as the worker would do it."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_pasting_a_link_starts_a_project_and_checks_it(ada, as_user, hub, on_commit):
    hub.add("ada/engine", {"README.md": "# Engine\n"})

    with on_commit():
        response = as_user(ada).post(NEW, {"link": f"{hub.url}/ada/engine", "title": "Engine"})

    project = ada.projects.get()
    assert response.url == f"/projects/{project.slug}/"
    run = CheckRun.objects.get()
    assert (run.status, run.conclusion) == ("completed", "failure")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "Paste the link"),
        ("https://gitlab.com/ada/engine", "GitLab"),
        ("https://github.com/ada", "profile"),
        ("https://gist.github.com/ada/1234", "gist"),
        ("a" * 5000, "500"),
        ("https://github.com/ada/\x07engine", "character"),
    ],
    ids=["empty", "gitlab", "profile", "gist", "5,000 characters", "control character"],
)
def test_a_link_that_will_not_do_is_explained_at_the_field_and_the_rest_is_kept(
    ada, as_user, link, words
):
    response = as_user(ada).post(NEW, {"link": link, "title": "My engine", "summary": "It runs."})

    page = response.content.decode()
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors["link"])
    assert 'value="My engine"' in page
    assert "It runs." in page
    assert not Project.objects.exists()


def test_the_same_repository_again_leads_to_its_project(ada, as_user, hub, on_commit):
    client = as_user(ada)
    hub.add("ada/engine", {"README.md": "# Engine\n"})

    with on_commit():
        first = client.post(NEW, {"link": "ada/engine"})
        second = client.post(NEW, {"link": "https://github.com/ada/engine.git"})

    assert first.url == second.url
    assert ada.projects.count() == 1


def test_a_broker_that_is_away_does_not_break_the_page(ada, as_user, monkeypatch, on_commit):
    def away(*args):
        raise ConnectionError("no broker")

    monkeypatch.setattr("portfolio.tasks.execute_check_run.delay", away)

    with on_commit():
        response = as_user(ada).post(NEW, {"link": "ada/engine"})

    assert response.status_code == 302
    assert CheckRun.objects.get().status == CheckRun.Status.QUEUED


def test_a_run_that_is_queued_says_so_and_asks_again_by_itself(ada, as_user):
    project = make_project(ada)
    run = CheckRun.objects.create(repository=project.repositories.get())

    page = as_user(ada).get(f"/projects/{project.slug}/").content.decode()

    assert "Queued." in page
    assert f'hx-get="/repositories/{run.repository_id}/checks/"' in page


def test_the_checks_stop_asking_once_the_run_is_complete(ada, as_user):
    project = make_project(ada)
    make_check_run(project, ("tests", "passed"))
    repository = project.repositories.get()

    response = as_user(ada).get(
        f"/repositories/{repository.pk}/checks/", headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert "hx-trigger" not in page
    assert "tests passed." in page
    assert 'id="runs"' in page  # the list beside them says so too


def test_a_verdict_links_to_its_line_at_the_commit(ada, as_user):
    project = make_project(ada, repository="ada/engine")
    run = make_check_run(project, ("tests", "passed"))
    run.findings.update(evidence=[{"path": "tests/test it#1.py", "line": 4, "what": "a test"}])

    page = as_user(ada).get(f"/projects/{project.slug}/").content.decode()

    assert f"https://github.com/ada/engine/blob/{'a1' * 20}/tests/test%20it%231.py#L4" in page


def test_names_from_a_repository_can_do_nothing_but_be_read(ada, as_user):
    project = make_project(ada, repository="ada/engine")
    run = make_check_run(project, ("tests", "failed"))
    evil = '"><script>alert(1)</script>\u202egnp.exe'
    run.findings.update(
        lookalikes=[{"path": evil, "line": 0, "what": evil}], summary=evil, fix=evil
    )

    page = as_user(ada).get(f"/projects/{project.slug}/").content.decode()

    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "[U+202E]" in page


def test_the_case_study_is_markdown_that_cannot_run(ada, as_user):
    project = make_project(
        ada, problem="**Wear** <script>alert(1)</script> [x](javascript:alert(1))"
    )

    page = as_user(ada).get(f"/projects/{project.slug}/").content.decode()

    assert "<strong>Wear</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_editing_keeps_what_was_typed_when_something_is_wrong(ada, as_user):
    project = make_project(ada, title="Engine")
    story = {"title": "", "summary": "Bearings break.", "visibility": "private"}

    response = as_user(ada).post(f"/projects/{project.slug}/edit/", story)

    assert response.status_code == 422
    assert "Bearings break." in response.content.decode()
    project.refresh_from_db()
    assert project.title == "Engine"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/x", "//"])
def test_a_demo_link_must_be_a_web_page(ada, as_user, url):
    project = make_project(ada)
    story = {"title": "Engine", "visibility": "private", "demo_url": url}

    response = as_user(ada).post(f"/projects/{project.slug}/edit/", story)

    assert "demo_url" in response.context["form"].errors


def test_fields_that_are_not_in_the_form_change_nothing(ada, eve, as_user):
    project = make_project(ada, title="Engine")
    story = {"title": "Mine", "visibility": "private", "owner": eve.pk, "slug": "x", "brief": 1}

    as_user(ada).post(f"/projects/{project.slug}/edit/", story)

    changed = Project.objects.get()
    assert (changed.owner, changed.slug, changed.title) == (ada, project.slug, "Mine")


def test_deleting_asks_first(ada, as_user):
    project = make_project(ada)
    client = as_user(ada)

    assert "Delete" in client.get(f"/projects/{project.slug}/delete/").content.decode()
    assert Project.objects.exists()
    client.post(f"/projects/{project.slug}/delete/")
    assert not Project.objects.exists()


def test_a_second_repository_is_linked_and_unlinked(ada, as_user, hub, on_commit):
    hub.add("ada/engine-data", {"README.md": "# Data\n"})
    project = make_project(ada)
    client = as_user(ada)

    with on_commit():
        client.post(f"/projects/{project.slug}/repositories/", {"link": "ada/engine-data"})
    linked = project.repositories.get(full_name="ada/engine-data")
    client.post(f"/projects/{project.slug}/repositories/{linked.pk}/unlink/")

    assert linked.check_runs.exists() or project.repositories.count() == 1


def test_a_replaced_repository_is_only_checked_when_its_owner_says_it_is_theirs(
    ada, as_user, hub, on_commit
):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    project = make_project(ada, repository="ada/engine")
    project.repositories.update(standing="replaced", github_id=1)
    repository = project.repositories.get()

    with on_commit():
        as_user(ada).post(f"/projects/{project.slug}/repositories/{repository.pk}/relink/")

    repository.refresh_from_db()
    assert repository.standing == "readable"
    assert repository.github_id == hub.repository("ada/engine").id


@pytest.mark.parametrize(
    "path",
    [
        "/projects/engine/", "/projects/engine/edit/", "/projects/engine/delete/",
        "/@ada-nwosu/engine/", "/@ada-nwosu/", "/@ada-nwosu/engine/review/",
    ],
)  # fmt: skip
def test_what_is_private_does_not_exist_for_a_stranger(ada, eve, as_user, path):
    make_project(ada, slug="engine")
    client = as_user(eve)

    hidden = client.get(path)
    absent = client.get(path.replace("engine", "no-such").replace("ada-nwosu", "no-such"))

    assert hidden.status_code == absent.status_code == 404
    assert _without_names(hidden) == _without_names(absent)


def _without_names(response):
    """The page without the names in its address and without its CSRF tokens, which differ each time."""
    page = re.sub(r"engine|ada-nwosu|no-such", "", response.content.decode())
    return re.sub(r"[A-Za-z0-9]{64}", "", page)


@pytest.mark.parametrize(
    "path",
    ["edit/", "delete/", "check/", "review/", "review/withdraw/", "repositories/"],
)
def test_a_stranger_changes_nothing_of_a_public_project(ada, eve, as_user, path):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, slug="engine", visibility="public")
    make_check_run(project)

    response = as_user(eve).post(f"/projects/engine/{path}", {"title": "x", "link": "eve/x"})

    assert response.status_code == 404
    assert Project.objects.get().title == project.title
    assert not project.reviews.exists()


def test_a_public_project_of_a_private_person_stays_hidden(ada, client):
    make_project(ada, slug="engine", visibility="public")

    assert client.get("/@ada-nwosu/engine/").status_code == 404


def test_an_employer_without_an_account_reads_what_is_public(ada, client):
    ada.profile.is_public = True
    ada.profile.save()
    shown = make_project(ada, slug="engine", title="Engine", visibility="public")
    make_project(ada, slug="secret", title="Hidden thing")
    make_check_run(shown, ("readme", "passed"), ("tests", "passed"))

    page = client.get("/@ada-nwosu/").content.decode()

    assert "Engine" in page
    assert "Hidden thing" not in page
    assert client.get("/@ada-nwosu/engine/").status_code == 200


def test_an_employer_does_not_see_an_open_request_for_review(ada, grace, client):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, slug="engine", visibility="public")
    project.reviews.create(question="Is my split a secret mess?")

    page = client.get("/@ada-nwosu/engine/").content.decode()

    assert "secret mess" not in page
    assert "Waiting for review" not in page


def test_home_and_projects_cost_the_same_for_one_project_and_for_forty(ada, as_user):
    client = as_user(ada)
    client.get("/")  # the first page of a session writes it down
    costs = []
    for count in (1, 39):
        for _ in range(count):
            make_check_run(make_project(ada), ("readme", "passed"), ("tests", "failed"))
        costs.append([_queries(client, path) for path in ("/", "/projects/")])

    assert costs[0] == costs[1]
    assert max(costs[1]) <= 26


def _queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_signed_out_person_is_sent_to_sign_in_and_back(client):
    response = client.get(NEW)

    assert response.url == f"{reverse('account_login')}?next={NEW}"
