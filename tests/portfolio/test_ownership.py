"""Whose work a repository is: by the linked GitHub account, its commits, or a line in the README."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from portfolio import check_runs, checks, ownership, tasks
from tests.factories import make_project


@pytest.fixture
def account(ada, hub):
    """Ada's GitHub account, linked when she signed in with it."""
    person = hub.person("ada-codes")
    data = {"id": person.id, "login": person.login, "node_id": person.node_id}
    return SocialAccount.objects.create(
        user=ada, provider="github", uid=str(person.id), extra_data=data
    )


def check(project):
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    return ownership.of(project.repositories.get(), project.owner_id)


@pytest.fixture(params=["token", "no credential"])
def credential(request, hub, settings):
    if request.param == "no credential":
        settings.GITHUB_TOKEN = ""


def test_commits_are_theirs_whose_account_was_asked_about(ada, hub, account, monkeypatch):
    """Ada links another account while the repository is read: nobody counted that one's commits."""
    hub.add("team/engine", {"README.md": "# Engine\n"})
    hub.push("team/engine", {"a.py": "a = 1\n"}, author="ada-codes")
    asked_about = int(account.uid)
    inspect = checks.inspect

    def meanwhile(*args):
        SocialAccount.objects.update(uid="1234567")
        return inspect(*args)

    monkeypatch.setattr(checks, "inspect", meanwhile)
    found = check(make_project(ada, repository="team/engine"))

    assert (found.repository.author_id, found.repository.own_commits) == (asked_about, 1)
    assert found.own_commits is None


@pytest.mark.usefixtures("credential")
class TestByTheAccount:
    def test_the_account_that_owns_the_repository_shows_it(self, ada, hub, account):
        hub.add("ada-codes/engine", {"README.md": "# Engine\n"})

        found = check(make_project(ada, repository="ada-codes/engine"))

        assert found.is_owner
        assert found.is_shown

    def test_it_is_the_number_that_counts_and_not_the_name(self, ada, hub, account):
        hub.add("ada-codes/engine", {"README.md": "# Engine\n"})
        account.uid = "1234567"
        account.extra_data = {"login": "ada-codes"}
        account.save()

        assert not check(make_project(ada, repository="ada-codes/engine")).is_shown

    def test_commits_in_somebody_elses_repository_show_it_with_their_share(self, ada, hub, account):
        hub.add("team/engine", {"README.md": "# Engine\n"})
        hub.push("team/engine", {"a.py": "a = 1\n"}, author="ada-codes")
        hub.push("team/engine", {"b.py": "b = 1\n"}, author="ada-codes")

        found = check(make_project(ada, repository="team/engine"))

        assert not found.is_owner
        assert found.is_contributor
        assert (found.own_commits, found.commits) == (2, 3)

    def test_nothing_shows_that_a_strangers_repository_is_hers(self, ada, hub, account):
        hub.add("eve/engine", {"README.md": "# Engine\n"})

        assert not check(make_project(ada, repository="eve/engine")).is_shown

    def test_an_organisation_is_not_its_member(self, ada, hub, account):
        hub.organization("school")
        hub.add("school/engine", {"README.md": "# Engine\n"})

        assert not check(make_project(ada, repository="school/engine")).is_shown


def test_a_history_that_cannot_be_counted_does_not_stand_in_the_way(ada, hub, account):
    hub.add("team/engine", {"README.md": "# Engine\n"})
    data = {"message": "timeout", "path": ["repository", "counted"], "type": "TIMEOUT"}
    hub.fault("graphql_errors", match="history", errors=[data], data={"repository": None})
    project = make_project(ada, repository="team/engine")

    found = check(project)

    assert project.repositories.get().check_runs.get().looked
    assert found.own_commits is None


def test_github_giving_up_on_the_count_costs_one_more_question(ada, hub, account):
    hub.add("team/engine", {"README.md": "# Engine\n"})
    hub.fault("status", match="history", status=502)
    project = make_project(ada, repository="team/engine")

    check(project)

    assert project.repositories.get().check_runs.get().looked


def test_what_one_account_wrote_is_not_anothers(ada, hub, account):
    hub.add("team/engine", {"README.md": "# Engine\n"})
    hub.push("team/engine", {"a.py": "a = 1\n"}, author="ada-codes")
    project = make_project(ada, repository="team/engine")
    check(project)

    account.uid = "777"
    account.save()

    found = ownership.of(project.repositories.get(), ada.pk)
    assert found.own_commits is None
    assert not found.is_shown


def test_without_a_linked_account_a_line_in_the_readme_shows_it(ada, hub):
    line = ownership.proof_line(ada.pk)
    hub.add("ada/engine", {"README.md": f"# Engine\n\n<!-- {line} -->\n"})

    assert check(make_project(ada, repository="ada/engine")).is_shown


def test_another_persons_line_does_not(ada, eve, hub):
    hub.add("eve/engine", {"README.md": f"# Engine\n\n{ownership.proof_line(eve.pk)}\n"})

    assert not check(make_project(ada, repository="eve/engine")).is_shown


def test_a_line_that_was_taken_out_shows_nothing_any_more(ada, hub):
    hub.add("ada/engine", {"README.md": f"# Engine\n\n{ownership.proof_line(ada.pk)}\n"})
    project = make_project(ada, repository="ada/engine")
    check(project)
    hub.push("ada/engine", {"README.md": "# Engine\n"})

    assert not check(project).is_shown


def test_a_fork_is_said_to_be_one_with_what_it_was_forked_from(ada, hub, account, client):
    hub.add("google/engine", {"README.md": "# Engine\n"})
    hub.add("ada-codes/engine", {"README.md": "# Engine\n"}, is_fork=True, parent="google/engine")
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, repository="ada-codes/engine", visibility="public")
    check(project)

    page = client.get(project.get_absolute_url()).content.decode()

    assert "A fork of" in page
    assert "google/engine" in page


def test_the_page_says_whose_it_is(ada, hub, account, client):
    hub.add("team/engine", {"README.md": "# Engine\n"})
    hub.push("team/engine", {"a.py": "a = 1\n"}, author="ada-codes")
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, repository="team/engine", visibility="public")
    check(project)

    assert "wrote 1 of 2 commits" in client.get(project.get_absolute_url()).content.decode()


def test_the_owner_is_told_how_to_show_it(ada, hub, as_user, grace):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    project = make_project(ada, repository="ada/engine")
    check(project)
    line = ownership.proof_line(ada.pk)

    assert (
        line in as_user(ada).get(reverse("portfolio:project", args=[project.slug])).content.decode()
    )
    assert line not in as_user(grace).get(project.get_absolute_url()).content.decode()
