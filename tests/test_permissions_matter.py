"""The matrix of who may see and do what fails when any permission is taken away.

Each method of a query set that asks for a person is replaced, one at a time, by one that gives everything;
somebody who has nothing to do with Ada then walks over the site, and must get something other than the
matrix says.
"""

import inspect
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from tests.test_site_map import GET, OURS, answer, as_it_was, place  # noqa: F401

pytestmark = pytest.mark.once

ASKS_FOR = {"user", "person", "learner", "viewer", "mentor", "owner"}
#: Those that no walk notices, and the test that fails without them. Each was taken away once to see it.
NOTICED_BY = {
    "accounts.Mentorship.between":
        "accounts/test_mentorships.py::"
        "test_two_people_can_mentor_each_other",
    "accounts.ShareLink.opened_by":
        "accounts/test_share_links.py::"
        "test_what_ended_a_second_ago_opens_nothing_in_any_tab",
    "accounts.Sighting.of": "test_seen.py::test_ada_reads_who_looked_at_what_and_when",
    "accounts.User.learning_beside": (
        "curriculum/test_mock_interviews.py::test_a_block_a_left_cohort_and_a_closed_account_take_people_off_the_list"
    ),
    "curriculum.MockInterview.waiting_for": "",  # chooses among those that visible_to gave
    "curriculum.Question.kept_by":
        "curriculum/test_practice_pages.py::"
        "test_a_retired_question_is_gone_but_for_who_has_a_card_of_it",
    "curriculum.ResourceLink.visible_to":
        "test_site_map.py::"
        "test_who_may_read",
    "curriculum.Role.listed_for":
        "curriculum/test_own_roles.py::"
        "test_nobody_aims_for_somebody_elses_role_by_any_way",
    "curriculum.Unit.kept_by":
        "curriculum/test_catalogue.py::"
        "test_a_retired_unit_is_found_by_those_to_whom_it_stays_open",
    "portfolio.Comment.told_to":
        "portfolio/test_sources.py::"
        "test_a_comment_is_written_on_its_line_and_seen_once_the_review_is_sent",
    "portfolio.Project.in_pool_of":
        "portfolio/test_cohort_reviews.py::"
        "test_a_block_keeps_a_mentor_of_the_cohort_out",
    "portfolio.Review.claimed_by":
        "portfolio/test_review_queue.py::"
        "test_the_longest_wait_comes_first_and_a_match_is_shown",
    "portfolio.Review.once_held_by": "test_hidden.py::test_hidden_and_absent_cannot_be_told_apart",
    "portfolio.Review.returned_to": "portfolio/test_home.py::test_it_goes_when_something_followed",
    "portfolio.Review.waiting_for":
        "portfolio/test_review_queue.py::"
        "test_the_longest_wait_comes_first_and_a_match_is_shown",
}  # fmt: skip


WORDS = re.compile("Ada Nwosu|Engine")
#: Where a link that Eve was given, or her own invitation, names whom it is of.
NAMED = {"accounts:invitation"}


def guards():
    """Every method of our query sets that asks for a person: (label, class, name)."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in ("accounts", "curriculum", "portfolio"):
            kind = type(model._default_manager.all())
            for name, function in vars(kind).items():
                if inspect.isfunction(function) and not name.startswith("_"):
                    second = [*inspect.signature(function).parameters][1:2]
                    if ASKS_FOR & set(second):
                        found.setdefault((kind, name), f"{model._meta.label}.{name}")
    return [
        (label, kind, name) for (kind, name), label in sorted(found.items(), key=lambda x: x[1])
    ]


GUARDS = {label: (kind, name) for label, kind, name in guards()}


def likely_first(label):
    """Every address, those first whose name has the model in it."""
    model = label.split(".")[1].lower()
    return sorted(OURS, key=lambda route: model not in route.replace("_", ""))


def test_each_that_no_walk_notices_is_there_and_has_its_test():
    assert NOTICED_BY.keys() <= GUARDS.keys()
    for test in filter(None, NOTICED_BY.values()):
        path, _colons, name = test.partition("::")
        assert f"def {name}(" in (settings.BASE_DIR / "tests" / path).read_text(), test


@pytest.fixture
def eve(place):  # noqa: F811
    """Somebody signed in who has nothing to do with Ada, of whom everything in the place is."""
    people, _address = place
    client = Client()
    client.force_login(people["eve"])
    return client


def test_eve_meets_neither_name_nor_work_of_adas_anywhere(eve, place):  # noqa: F811
    _people, address = place

    assert [route for route in OURS if _differs(route, "eve", eve, address)] == []


@pytest.mark.parametrize("label", sorted(GUARDS.keys() - NOTICED_BY.keys()))
def test_a_permission_that_is_taken_away_is_noticed(label, eve, place, monkeypatch):  # noqa: F811
    people, address = place
    kind, name = GUARDS[label]
    katherine = Client()
    katherine.force_login(people["katherine"])
    monkeypatch.setattr(kind, name, lambda self, *_who, **_how: self.all())

    assert any(
        _differs(route, person, client, address)
        for person, client in (("eve", eve), ("katherine", katherine))
        for route in likely_first(label)
    ), "nobody noticed"


def _differs(route, person, client, address) -> bool:
    """Whether the answer to somebody is not the one that the matrix declares, or names Ada's to Eve.

    An error is no right answer either.
    """
    with as_it_was():
        try:
            response = client.get(address(route))
        except Exception:
            return True
    if answer(response) != GET[route][person]:
        return True
    told = response.content.decode("utf-8", "replace") if not response.streaming else ""
    return (
        person == "eve"
        and route not in NAMED
        and bool({"Ada Nwosu", "Engine"} & set(WORDS.findall(told)))
    )
