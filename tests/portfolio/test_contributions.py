"""Merged pull requests to other people's work: what GitHub says of each, and whether it is Ada's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount

from portfolio import connection, contributions, tasks
from portfolio.contributions import AlreadyThere, State
from portfolio.github import pulls
from portfolio.github.errors import NotFound, Unavailable
from portfolio.github.links import BadLink, Link
from portfolio.models import Contribution, Project
from tests.factories import make_project, make_user

PANDAS = Link("pandas-dev", "pandas")


@pytest.fixture
def pandas(hub):
    """A repository of other people's, and Ada's pull request to it, merged."""
    hub.add("pandas-dev/pandas", {"README.md": "# pandas\n"})
    hub.pull("pandas-dev/pandas", 12, author="ada-nwosu", title="Mend the  mean", additions=40)
    hub.merge("pandas-dev/pandas", 12)
    return hub


@pytest.fixture
def linked(ada, pandas):
    """Ada has linked the account that wrote it."""
    person = pandas.people["ada-nwosu"]
    return SocialAccount.objects.create(user=ada, provider="github", uid=str(person.id))


def look(contribution):
    """One look, by the code of the task."""
    Contribution.objects.filter(pk=contribution.pk).update(next_look_at="2020-01-01T00:00Z")
    tasks.look_at_contribution(contribution.pk)
    contribution.refresh_from_db()
    return contribution


def state(contribution, owner):
    return contributions.state_of(contribution, contributions.account_of(owner))


def start(ada, number=12):
    return contributions.start(ada, PANDAS, number).contributions.get()


# What GitHub says


def test_a_merged_one_of_the_linked_account_is_verified_with_its_facts(ada, linked, pandas):
    merged = look(start(ada))

    assert state(merged, ada) == State.VERIFIED
    assert (merged.title, merged.additions, merged.deletions) == ("Mend the mean", 40, 3)
    assert merged.merged_at == datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
    assert merged.merge_sha == pandas.repository("pandas-dev/pandas").head.sha
    assert pandas.counts() == {"pulls": 1}


def test_what_is_not_merged_not_theirs_or_their_own_is_said(ada, linked, pandas):
    pandas.pull("pandas-dev/pandas", 13, author="ada-nwosu")
    pandas.pull("pandas-dev/pandas", 14, author="ada-nwosu", is_open=False)
    pandas.pull("pandas-dev/pandas", 15, author="eve")
    pandas.merge("pandas-dev/pandas", 15)
    pandas.pull("pandas-dev/pandas", 16, author="")
    pandas.merge("pandas-dev/pandas", 16)
    pandas.add("ada-nwosu/engine", {"a.py": ""})
    pandas.pull("ada-nwosu/engine", 1)
    pandas.merge("ada-nwosu/engine", 1)
    own = contributions.start(ada, Link("ada-nwosu", "engine"), 1).contributions.get()

    assert [state(look(start(ada, n)), ada) for n in (13, 14, 15, 16, 99)] == [
        State.OPEN, State.CLOSED, State.NOT_THEIRS, State.NOT_THEIRS, State.MISSING,
    ]  # fmt: skip
    assert state(look(own), ada) == State.OWN


def test_without_a_linked_account_it_is_merged_and_nobodys(ada, pandas):
    merged = look(start(ada))
    assert state(merged, ada) == State.NOT_LINKED

    SocialAccount.objects.create(
        user=ada, provider="github", uid=str(pandas.people["ada-nwosu"].id)
    )
    assert state(merged, ada) == State.VERIFIED


def test_an_unchanged_one_is_asked_with_its_tag_and_stays_as_it_is(ada, linked, pandas):
    merged = look(start(ada))
    tag, before = merged.tag, merged.looked_at
    assert tag

    with connection.connect() as github:
        assert github.pull_request("pandas-dev/pandas", 12, tag=tag) is None
    look(merged)

    assert merged.looked_at > before
    assert (merged.title, merged.tag, state(merged, ada)) == ("Mend the mean", tag, State.VERIFIED)


def test_a_renamed_repository_is_followed(ada, linked, pandas):
    merged = start(ada)
    pandas.rename("pandas-dev/pandas", "pydata/pandas")

    assert look(merged).full_name == "pydata/pandas"
    assert state(merged, ada) == State.VERIFIED


def test_one_bad_day_of_githubs_takes_nothing_away(ada, linked, pandas):
    merged = look(start(ada))
    pandas.fault("status", match="pulls", status=502)
    look(merged)
    pandas.mend()
    assert state(merged, ada) == State.VERIFIED

    pandas.repository("pandas-dev/pandas").is_private = True
    look(merged)
    assert (state(merged, ada), merged.missed_since is not None) == (State.VERIFIED, True)
    for days in (1, 2, 3):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days, hours=1)):
            look(merged)
            now = state(merged, ada)
    assert now == State.MISSING


def test_an_answer_of_another_shape_is_not_known(ada, linked, pandas):
    added = start(ada)
    for body in (
        "[]", "{}", "null", "not JSON", '{"number": 12}', '{"base": {"repo": {}}, "user": null}',
        '{"base":{"repo":{"full_name":"../x","owner":{"id":1},"private":false}},"user":null}',
    ):  # fmt: skip
        pandas.fault("status", match="pulls", status=200, body=body, count=2)
        with connection.connect() as github, pytest.raises(Unavailable):
            github.pull_request("pandas-dev/pandas", 12)
        assert state(look(added), ada) == State.NEW


def test_looks_come_daily_while_open_and_weekly_once_merged(ada, linked, pandas):
    merged = look(start(ada))
    pandas.pull("pandas-dev/pandas", 13, author="ada-nwosu")
    opened = look(start(ada, 13))
    now = datetime.now(UTC)

    assert timedelta(days=6) <= merged.next_look_at - now <= timedelta(days=8)
    assert timedelta(0) < opened.next_look_at - now <= timedelta(days=2)
    assert contributions.due() == []
    assert contributions.claim(merged.pk) is None


def test_of_two_workers_one_looks(ada, pandas):
    added = start(ada)

    assert contributions.claim(added.pk)
    assert contributions.claim(added.pk) is None


# Links


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://github.com/pandas-dev/pandas/pull/12", 12),
        ("github.com/pandas-dev/pandas/pull/12/files#diff-0", 12),
        ("https://github.com/pandas-dev/pandas/pull/12?w=1", 12),
        ("[mean](https://github.com/pandas-dev/pandas/pull/12)", 12),
        ("https://github.com/pandas-dev/pandas", None),
        ("https://github.com/pandas-dev/pandas/issues/12", None),
        ("https://github.com/pandas-dev/pandas/pull/0", None),
        ("https://github.com/pandas-dev/pandas/pull/12x", None),
        ("https://github.com/pandas-dev/pandas/pull/99999999999", None),
    ],
)
def test_the_address_of_a_pull_request_is_told_from_others(text, number):
    assert pulls.parse(text) == ((PANDAS, number) if number else None)


def test_what_is_no_link_is_refused():
    with pytest.raises(BadLink):
        pulls.parse("https://evil.example/pandas-dev/pandas/pull/12")


# Pages


def test_a_pasted_pull_request_starts_a_project(ada, linked, pandas, as_user):
    client = as_user(ada)
    page = client.post(
        "/projects/new/", {"link": "https://github.com/pandas-dev/pandas/pull/12"}, follow=True
    )

    project = Project.objects.get()
    assert project.title == "Pandas: #12"
    assert not project.repositories.exists()
    assert "GitHub is asked" in page.text
    look(project.contributions.get())
    page = client.get("/projects/pandas-12/").text
    assert "Merged, verified" in page
    assert "No repository yet" not in page
    assert "/pandas-dev/pandas/pull/12" in page
    again = client.post(
        "/projects/new/", {"link": "https://github.com/pandas-dev/pandas/pull/12"}, follow=True
    )
    assert "You have this pull request already" in again.text
    assert "1 pull request to other people’s work" in client.get("/projects/").text


def test_strangers_see_what_is_verified_with_its_proof_and_nothing_else(
    ada, linked, pandas, client
):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, slug="oss", repository="", visibility="public")
    merged = look(contributions.add(project, PANDAS, 12))
    pandas.pull("pandas-dev/pandas", 13, author="eve", title="Eve’s own")
    pandas.merge("pandas-dev/pandas", 13)
    look(contributions.add(project, PANDAS, 13))

    for address in ("/@ada-nwosu/oss/", "/@ada-nwosu/"):
        page = client.get(address).text
        assert "pandas-dev/pandas#12" in page
        assert "/pandas-dev/pandas/pull/12" in page
        assert "12 October" in page
        assert "Eve’s own" not in page
    Contribution.objects.filter(pk=merged.pk).update(is_private=True)
    assert "pandas-dev" not in client.get("/@ada-nwosu/oss/").text


def test_what_cannot_be_added_is_said_at_the_field(ada, pandas, as_user):
    project = make_project(ada, slug="oss", repository="")
    client = as_user(ada)
    path = "/projects/oss/contributions/"
    for link, words in (
        ("https://github.com/pandas-dev/pandas", "This is no pull request"),
        ("https://gitlab.com/a/b/pull/1", "GitHub"),
        ("", "required"),
    ):
        page = client.post(path, {"link": link})
        assert page.status_code == 422
        assert words in page.text
    contributions.add(project, PANDAS, 12)
    page = client.post(path, {"link": "https://github.com/Pandas-dev/Pandas/pull/12"})
    assert "You have this pull request in" in page.text
    for n in range(100, 119):
        contributions.add(project, PANDAS, n)
    page = client.post(path, {"link": "https://github.com/pandas-dev/pandas/pull/1"})
    assert "20 pull requests at most" in page.text


def test_one_is_asked_about_again_and_removed_by_its_owner_alone(ada, grace, pandas, as_user):
    added = look(start(ada))
    for act in ("look", "remove"):
        assert as_user(grace).post(f"/contributions/{added.pk}/{act}/").status_code == 404
    Contribution.objects.update(looked_at="2026-01-01T00:00Z")

    as_user(ada).post(f"/contributions/{added.pk}/look/")
    assert contributions.due() == [added.pk]
    as_user(ada).post(f"/contributions/{added.pk}/remove/")
    assert not Contribution.objects.exists()


def test_two_people_may_have_taken_part_in_one(ada, pandas):
    start(ada)
    other = make_user("Alan Oyelaran")

    assert start(other).project.owner == other
    with pytest.raises(AlreadyThere):
        start(other)


def test_a_repository_that_is_not_there_is_said_to_be_so(hub):
    with connection.connect() as github, pytest.raises(NotFound):
        github.pull_request("nobody/nothing", 1)
