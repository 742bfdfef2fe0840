"""What Ada, Eve and a stranger find, and that nobody finds what is not theirs to see."""

import re

import pytest
from django.utils import timezone

from curriculum import enrollments, notes, own_resources
from tests.curriculum.test_words import HOSTILE
from tests.factories import make_module, make_project, make_role, make_skill, make_unit


def page_of(response):
    return re.sub(r"[A-Za-z0-9]{64}", "", " ".join(response.content.decode().split()))


def search(client, words, **rest):
    response = client.get("/search/", {"q": words} | rest)
    assert response.status_code == 200
    return page_of(response)


@pytest.fixture
def everything(ada):
    """One of each kind with the word “walk” in it."""
    unit = make_unit(
        title="Walking home", slug="walking", module=make_module(title="Walks of life")
    )
    make_skill("Walkability")
    make_role("Dog walker")
    notes.write(ada, unit, "I walk **slowly**.")
    own_resources.add(ada, unit, title="A walk", url="https://example.org/walk", why="Nice.")
    make_project(ada, title="Walkthrough", slug="walkthrough", repository="ada/sleepwalk")
    return unit


def test_a_stranger_finds_the_curriculum(everything, client):
    page = search(client, "walk")

    assert "4 things found for “walk”." in page
    for words in ("Walking", "Walks", "Walkability", "walker"):
        assert f"<mark>{words}</mark>" in page
    assert "slowly" not in page
    assert "Walkthrough" not in page


def test_ada_also_finds_what_is_her_own(everything, ada, as_user):
    page = search(as_user(ada), "WÁLK")

    assert "7 things found" in page
    for words in ("Your notes", "Your projects", "Your own resources", "slowly", "sleepwalk"):
        assert words in page
    assert 'href="/units/walking/#note"' in page
    assert 'href="/projects/walkthrough/"' in page
    assert 'href="https://example.org/walk" rel="nofollow noopener ugc"' in page


def test_nobody_finds_what_is_anothers(everything, ada, grace, eve, katherine, as_user):
    ada.profile.is_public = True
    ada.profile.save()
    make_project(ada, title="Walk in public", visibility="public")

    for person in (grace, eve, katherine):
        page = search(as_user(person), "walk")
        assert "4 things found" in page
        for words in ("slowly", "A walk", "Walkthrough", "Walk in public"):
            assert words not in page


def test_a_group_of_its_own_comes_page_by_page(ada, client):
    module = make_module()
    for n in range(60):
        make_unit(module=module, position=n + 1, title=f"Walk {n}")

    first = search(client, "walk")
    whole = search(client, "walk", **{"in": "units"})
    rest = search(client, "walk", **{"in": "units", "page": "2"})

    assert "All 60" in first
    assert [page.count("<mark>Walk</mark>") for page in (first, whole, rest)] == [5, 50, 10]
    assert "q=walk&amp;in=units&amp;page=2" in whole


@pytest.mark.parametrize("rest", [{"in": "nothing"}, {"in": "<b>"}, {"page": "x"}, {"page": "-1"}])
def test_an_address_that_says_nonsense_shows_everything(rest, everything, client):
    assert "4 things found" in search(client, "walk", **rest)


def test_what_is_retired_is_found_by_whom_completed_it(ada, eve, as_user):
    unit = make_unit(title="Walking home")
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    unit.retired_at = timezone.now()
    unit.save()

    assert "retired" in search(as_user(ada), "walking")
    assert "Nothing found" in search(as_user(eve), "walking")


def test_what_is_hidden_and_what_is_absent_look_the_same(everything, ada, eve, as_user):
    client = as_user(eve)

    hidden = search(client, "slowly").replace("slowly", "")
    absent = search(client, "zebras").replace("zebras", "")

    assert hidden == absent


def test_nothing_found_says_what_else_may_lead_there(everything, client):
    several = search(client, "walking zebras")
    alone = search(client, "zebras")

    assert 'By one of them alone there is something: <a href="?q=walking">walking</a>.' in several
    assert "The beginning of a word is enough." in alone


@pytest.mark.parametrize("words", ["", "   ", "!?", "\u200b"])
def test_without_a_word_the_page_says_what_is_to_be_found(words, client, db):
    page = search(client, words)

    assert "What is to be found here" in page
    assert "found for" not in page


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_looked_for_like_others(words, everything, ada, as_user):
    page = search(as_user(ada), words)

    for mark in ("<script>alert", "\x00", "\u202e", "\u200b"):
        assert mark not in page
    if len(words) >= 10_000 and any(map(str.isalnum, words)):
        assert "That was long: only its beginning was looked for." in page


def test_a_search_is_kept_out_of_the_indexes_of_others(client, db):
    assert '<meta name="robots" content="noindex">' in page_of(client.get("/search/?q=x"))


def test_every_page_leads_to_the_search(client, db):
    page = page_of(client.get("/roadmap/"))

    assert 'role="search"' in page
    assert 'class="iconbtn mast-find" href="/search/"' in page


def test_a_search_takes_as_many_queries_for_many_things_as_for_few(
    everything, ada, as_user, django_assert_max_num_queries
):
    client = as_user(ada)
    for n in range(40):
        unit = make_unit(title=f"Walk {n}")
        notes.write(ada, unit, "I walk.")
        own_resources.add(ada, unit, title="A walk", url="https://example.org/walk")
        make_project(ada, title=f"Walk {n}")
    search(client, "warm")

    with django_assert_max_num_queries(17):
        search(client, "walk")
    with django_assert_max_num_queries(17):
        search(client, "walk", **{"in": "notes"})
