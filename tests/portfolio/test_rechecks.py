"""Many repositories are looked at with one question; only those that moved are checked again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portfolio import check_runs, checks, rechecks, tasks
from portfolio.connection import connect
from portfolio.github import heads
from portfolio.github.errors import RateLimited
from portfolio.models import CheckRun, Repository
from tests.factories import make_project

README = {"README.md": "# Engine\n\nIt counts.\n"}


def make_checked(ada, hub, *names):
    """Projects whose repositories were checked and are due for another look."""
    for name in names:
        hub.add(name, README)
        project = make_project(ada, repository=name)
        tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    make_due()


def make_due():
    Repository.objects.update(next_look_at=timezone.now() - timedelta(minutes=1))


def look_again(budget=None):
    """The names of the repositories for which a look requested a run."""
    with connect(budget) as github:
        runs = rechecks.compare(rechecks.claim(), github)
    return sorted(run.repository.full_name for run in runs)


def names(count):
    return [f"ada/engine-{number}" for number in range(count)]


def test_the_unchanged_cost_one_question_together(ada, hub):
    make_checked(ada, hub, *names(7))
    hub.requests.clear()

    assert look_again() == []

    assert [request.endpoint for request in hub.requests] == ["graphql"]
    assert CheckRun.objects.count() == 7
    assert not Repository.objects.filter(next_look_at__lte=timezone.now()).exists()


def test_a_look_that_finds_nothing_new_is_remembered(ada, hub):
    make_checked(ada, hub, "ada/engine")
    checked_at = Repository.objects.get().confirmed_at

    look_again()

    assert Repository.objects.get().confirmed_at > checked_at


def test_only_what_moved_is_checked(ada, hub):
    make_checked(ada, hub, *names(4))
    hub.push("ada/engine-2", {"new.py": "x = 1\n"})

    assert look_again() == ["ada/engine-2"]


def test_another_branch_that_moves_is_no_change(ada, hub):
    hub.add("ada/engine", README)
    hub.push("ada/engine", README, branch="dev")
    project = make_project(ada, repository="ada/engine")
    project.repositories.update(ref="dev")
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    hub.push("ada/engine", {"new.py": "x = 1\n"})
    make_due()

    assert look_again() == []

    hub.push("ada/engine", {"new.py": "x = 1\n"}, branch="dev")
    make_due()
    assert look_again() == ["ada/engine"]


def test_new_rules_are_applied_without_asking_where_the_branch_stands(ada, hub, monkeypatch):
    make_checked(ada, hub, "ada/engine")
    monkeypatch.setattr(checks, "RULESET", "2027.1")
    hub.requests.clear()

    assert look_again() == ["ada/engine"]
    assert hub.requests == []


def test_what_github_did_not_give_is_asked_for_again(ada, hub):
    make_checked(ada, hub, "ada/engine")
    CheckRun.objects.update(conclusion="neutral")

    assert look_again() == ["ada/engine"]


def test_a_cut_tree_is_not_read_again_while_it_stands(ada, hub):
    make_checked(ada, hub, "ada/engine")
    CheckRun.objects.update(conclusion="neutral", is_truncated=True)

    assert look_again() == []


@pytest.mark.parametrize("change", ["rename", "replace", "delete", "empty", "make_private"])
def test_what_happened_to_the_repository_itself_is_looked_into(ada, hub, change):
    make_checked(ada, hub, "ada/engine", "ada/other")
    more = {"rename": ["ada/motor"], "replace": [{"README.md": "# Other\n"}]}
    getattr(hub, change)("ada/engine", *more.get(change, []))

    assert look_again() == ["ada/engine"]


def test_what_is_gone_stays_cheap(ada, hub):
    make_checked(ada, hub, "ada/engine")
    hub.delete("ada/engine")
    Repository.objects.update(standing="not_found")
    hub.requests.clear()

    assert look_again() == []
    assert len(hub.requests) == 1


def test_a_link_that_never_led_anywhere_is_not_checked_every_week(ada, hub):
    project = make_project(ada, repository="ada/typo")
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    make_due()

    assert look_again() == []


def test_another_repository_of_the_name_is_looked_into_once(ada, hub):
    make_checked(ada, hub, "ada/engine")
    Repository.objects.update(
        github_id=1
    )  # the one that was checked is another, at the same commit
    make_due()
    assert look_again() == ["ada/engine"]

    tasks.execute_check_run(CheckRun.objects.active().get().pk)
    assert Repository.objects.get().standing == "replaced"
    make_due()
    assert look_again() == []


def test_what_was_gone_and_is_back_is_checked(ada, hub):
    make_checked(ada, hub, "ada/engine")
    Repository.objects.update(standing="not_found")

    assert look_again() == ["ada/engine"]


def test_a_batch_that_takes_github_too_long_is_halved(ada, hub):
    make_checked(ada, hub, *names(8))
    hub.push("ada/engine-5", {"new.py": "x = 1\n"})
    hub.requests.clear()
    hub.fault("status", match="/graphql", status=502, count=3)

    assert look_again() == ["ada/engine-5"]
    assert len(hub.requests) == 7  # 8, 4 and 2 fail; then 1, 1, 2 and 4


def test_one_that_is_always_too_much_delays_no_other(ada, hub, monkeypatch):
    make_checked(ada, hub, *names(3))
    hub.push("ada/engine-2", {"new.py": "x = 1\n"})
    batch = heads._batch

    def too_much(connection, links):
        if any(link.name == "engine-0" for link in links):
            return heads._halves(connection, links)
        return batch(connection, links)

    monkeypatch.setattr(heads, "_batch", too_much)

    assert look_again() == ["ada/engine-2"]
    waiting = Repository.objects.get(full_name="ada/engine-0")
    assert waiting.next_look_at < timezone.now() + timedelta(minutes=11)


def test_a_limit_puts_off_what_was_not_told(ada, hub):
    make_checked(ada, hub, "ada/engine")
    hub.fault("primary_limit", match="/graphql")

    assert look_again() == []

    wait = Repository.objects.get().next_look_at - timezone.now()
    assert timedelta(minutes=1) < wait < timedelta(hours=1, minutes=5)


def test_while_github_is_away_nothing_changes_and_the_look_comes_back(ada, hub):
    make_checked(ada, hub, "ada/engine")
    before = Repository.objects.get()
    hub.fault("status", match="/graphql", status=500)

    assert look_again() == []

    after = Repository.objects.get()
    assert after.standing == before.standing
    assert after.confirmed_at == before.confirmed_at
    assert timedelta(0) < after.next_look_at - timezone.now() <= rechecks.LEASE


def test_a_field_that_fails_is_asked_again_later(ada, hub):
    make_checked(ada, hub, "ada/engine", "ada/other")
    hub.block("ada/engine", "dmca")

    assert look_again() == []  # GraphQL says FORBIDDEN, which is not yet an answer
    later = Repository.objects.get(full_name="ada/engine").next_look_at
    assert later - timezone.now() <= rechecks.LEASE


def test_two_workers_take_no_repository_twice(ada, hub):
    make_checked(ada, hub, *names(5))

    first, second = rechecks.claim(limit=3), rechecks.claim()

    assert len(first) == 3
    assert len(second) == 2
    assert not {r.pk for r in first} & {r.pk for r in second}


def test_what_a_lost_worker_held_is_due_again(ada, hub):
    make_checked(ada, hub, "ada/engine")
    rechecks.claim()

    Repository.objects.update(next_look_at=timezone.now() - timedelta(seconds=1))

    assert len(rechecks.claim()) == 1


def test_a_look_that_somebody_planned_meanwhile_stands(ada, hub):
    make_checked(ada, hub, "ada/engine")
    held = rechecks.claim()
    planned = timezone.now()
    Repository.objects.update(next_look_at=planned)

    with connect() as github:
        rechecks.compare(held, github)

    assert Repository.objects.get().next_look_at == planned


def test_without_a_credential_each_costs_one_request_by_rest(ada, hub, settings):
    settings.GITHUB_TOKEN = ""
    make_checked(ada, hub, "ada/engine", "ada/other")
    hub.push("ada/other", {"new.py": "x = 1\n"})
    hub.requests.clear()

    assert look_again() == ["ada/other"]
    assert [request.endpoint for request in hub.requests] == ["commits", "commits"]
    assert rechecks.at_once() < 60


@pytest.mark.parametrize("change", ["delete", "empty"])
def test_without_a_credential_what_vanished_is_looked_into_too(ada, hub, settings, change):
    settings.GITHUB_TOKEN = ""
    make_checked(ada, hub, "ada/engine")
    getattr(hub, change)("ada/engine")

    assert look_again() == ["ada/engine"]


def test_an_application_asks_as_well(ada, hub, settings):
    hub.application("id", "secret")
    settings.GITHUB_TOKEN, settings.GITHUB_CLIENT_ID = "", "id"
    settings.GITHUB_CLIENT_SECRET = "secret"
    make_checked(ada, hub, *names(3))
    hub.requests.clear()

    assert look_again() == []
    assert len(hub.requests) <= 3


def test_looks_that_nobody_waits_for_leave_a_reserve(ada, hub):
    make_checked(ada, hub, "ada/engine")

    class Spent:
        def spend(self, resource):
            raise RateLimited(retry_at=timezone.now() + timedelta(minutes=20))

        def release(self):
            pass

    assert look_again(Spent()) == []
    assert Repository.objects.get().next_look_at > timezone.now() + timedelta(minutes=19)


def test_a_branch_that_github_failed_to_tell_is_not_taken_for_missing(ada, hub):
    make_checked(ada, hub, "ada/engine")
    number = Repository.objects.get().github_id
    told = {"databaseId": number, "nameWithOwner": "ada/engine", "isEmpty": False, "head": None}
    error = {"message": "Something went wrong", "path": ["q0", "head"]}
    hub.fault("graphql_errors", errors=[error], data={"q0": told})

    assert look_again() == []
    assert Repository.objects.get().next_look_at - timezone.now() <= rechecks.LEASE
