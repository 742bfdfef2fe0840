"""What is told to the owner of a repository alone: a key that lies in it helps whoever reads of it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Profile
from portfolio import changes, checks, verdicts
from portfolio.models import Project
from tests.factories import make_check_run, make_mentorship, make_project, make_user

WORDS = "kaggle.json looks like a file with a key"


@pytest.fixture
def project(ada):
    project = make_project(ada, visibility=Project.Visibility.PUBLIC)
    run = make_check_run(project, ("readme", "passed"), ("keys", "failed"))
    run.findings.filter(check_name="keys").update(
        summary=WORDS, evidence=[{"path": "kaggle.json", "what": "a Kaggle key"}]
    )
    return project


def pages(project):
    repository = project.repositories.get()
    run = repository.check_runs.get()
    handle = project.owner.profile.handle
    return [
        reverse("portfolio:project", args=[project.slug]),
        reverse("portfolio:check_run", args=[run.pk]),
        reverse("portfolio:repository_checks", args=[repository.pk]),
        reverse("portfolio:learner", args=[handle]),
        reverse("portfolio:profile", args=[handle]),
        reverse("portfolio:public_project", args=[handle, project.slug]),
    ]


def text_of(client, address):
    response = client.get(address)
    return response.content.decode() if response.status_code == 200 else ""


def test_the_owner_reads_it_on_the_project_and_on_the_run(ada, as_user, project):
    for address in pages(project)[:2]:
        text = text_of(as_user(ada), address)
        assert WORDS in text
        assert "only you" in text.lower()


def test_nobody_else_reads_it_anywhere(ada, project):
    mentor, eve = make_user("mentor"), make_user("eve")
    make_mentorship(mentor, ada)
    Profile.objects.filter(user=ada).update(is_public=True)
    seen = 0
    for reader in (mentor, eve, None):
        client = Client()
        if reader:
            client.force_login(reader)
        for address in pages(project):
            text = text_of(client, address)
            seen += bool(text)
            assert "kaggle.json" not in text
            assert "Keys" not in text
    assert seen > 5  # pages that do show the project


def test_it_changes_no_conclusion_and_no_count(ada, project):
    repository = project.repositories.get()
    run = repository.check_runs.get()
    assert [v.finding.check_name for v in verdicts.of(repository).verdicts] == ["readme"]
    both = verdicts.of(repository, reader=verdicts.Reader.OWNER).verdicts
    assert [v.finding.check_name for v in both] == ["readme", "keys"]
    assert [v.finding.check_name for v in verdicts.of_run(run)] == ["readme"]


def test_what_changed_since_is_told_without_it(ada, project):
    run = make_check_run(project, ("readme", "passed"), ("keys", "passed"))
    told = changes.since_the_run_before(run, is_owner=True)
    assert [change.check_name for change in told.changes] == ["keys"]
    assert changes.since_the_run_before(run).changes == []


def test_it_cannot_be_disputed(ada, as_user, project):
    finding = project.repositories.get().check_runs.get().findings.get(check_name="keys")
    address = reverse("portfolio:dispute_finding", args=[finding.pk])
    for method in ("get", "post"):
        response = getattr(as_user(ada), method)(address, {"sentence": "It is a sample."})
        assert response.status_code == 404


def test_no_required_check_is_private():
    assert not set(checks.REQUIRED) & set(checks.PRIVATE)
