"""Everything of the curriculum is found by its words, and nothing that has left it."""

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from curriculum import catalogue, enrollments, loader, notes, words
from curriculum.catalogue import Catalogue, Entry, Kind
from curriculum.models import Edition, Resource
from tests.factories import make_module, make_role, make_skill, make_unit

WORD = st.text("abcdeéABCü", min_size=1, max_size=8)
TITLE = st.lists(WORD, min_size=1, max_size=5).map(" ".join)


def entries(*titles, **fields):
    return [
        Entry(Kind.UNIT, number, title, f"/{number}/", **fields)
        for number, title in enumerate(titles)
    ]


def found(titles, typed):
    return [hit.entry.title for hit in Catalogue(entries(*titles)).find(words.query(typed))]


@given(st.lists(TITLE, min_size=1, max_size=20, unique=True), st.data())
def test_every_title_finds_itself_first_in_any_case_and_without_accents(titles, data):
    title = data.draw(st.sampled_from(titles))
    same = [other for other in titles if words.fold(other) == words.fold(title)]

    for typed in (title, title.upper(), title.lower(), words.fold(title), f"  {title}! "):
        assert title in found(titles, typed)[: len(same)]


@given(st.lists(TITLE, min_size=1, max_size=20), st.text(max_size=30))
def test_what_is_found_holds_the_beginning_of_every_word_or_nearly(titles, typed):
    query = words.query(typed)
    for title in found(titles, typed):
        for word in query.words:
            own = words.split(title)
            assert any(other.startswith(word) for other in own) or len(word) >= words.FORGIVING


def test_the_beginning_of_a_word_is_enough_and_all_words_have_to_be_there():
    titles = ["Gradient boosting", "Gradient descent", "Boosting your career"]

    assert found(titles, "grad") == ["Gradient boosting", "Gradient descent"]
    assert found(titles, "boo gra") == ["Gradient boosting"]
    assert found(titles, "adient") == []


def test_a_single_letter_means_itself():
    assert found(["R and its friends", "Roads"], "r") == ["R and its friends"]


def test_a_whole_word_comes_before_the_beginning_of_one_and_a_title_before_a_text():
    books = [
        Entry(Kind.UNIT, 1, "Testing models", "/1/"),
        Entry(Kind.UNIT, 2, "Quality", "/2/", text="How to test."),
        Entry(Kind.UNIT, 3, "A test", "/3/"),
        Entry(Kind.UNIT, 4, "Test", "/4/"),
    ]

    hits = Catalogue(books).find(words.query("test"))

    assert [hit.entry.key for hit in hits] == [4, 3, 1, 2]


def test_one_letter_may_be_wrong_in_a_long_word_and_only_where_no_word_fits():
    titles = ["Regularisation", "Ridge", "Bridge"]

    assert found(titles, "regularization") == ["Regularisation"]
    assert found(titles, "regulraisa") == ["Regularisation"]
    assert found(titles, "ridge") == ["Ridge"]
    assert found(["Trees"], "tress") == ["Trees"]
    assert found(["Tree"], "tre") == ["Tree"]
    assert found(["Tree"], "tere") == []


def test_an_alias_finds_its_entry():
    tools = Catalogue([Entry(Kind.SKILL, 1, "Kubernetes", "/1/", aliases=("k8s", "Kube"))])

    assert [hit.entry.key for hit in tools.find(words.query("K8S"))] == [1]


def test_a_hit_knows_which_of_its_words_were_meant():
    [hit] = Catalogue(entries("Regularisation and other rules")).find(
        words.query("regularization rul")
    )

    assert hit.meant == {"regularisation", "rules"}


# What is in it


def listed(kind):
    return {entry.title for entry in catalogue.current().entries if entry.kind == kind}


def make_resource(unit, **fields):
    resource = Resource.objects.create(
        **{"slug": "map", "title": "The map", "url": "https://example.org/map", "kind": "docs"}
        | fields
    )
    unit.reading.create(resource=resource, position=1)
    return resource


def retire(content):
    content.retired_at = timezone.now()
    content.save()


def test_units_modules_skills_roles_and_resources_are_in_it(db):
    module = make_module(title="First steps")
    unit = make_unit(title="Walking", module=module)
    make_skill("Balance")
    make_role("Guide")
    make_resource(unit)

    assert {kind: listed(kind) for kind in Kind} == {
        "unit": {"Walking"}, "module": {"First steps"}, "skill": {"Balance"}, "role": {"Guide"},
        "resource": {"The map"},
    }  # fmt: skip


def test_a_resource_of_many_units_is_found_once_in_the_first(db):
    module = make_module()
    later = make_unit(module=module, position=2)
    first = make_unit(module=module, position=1, title="Walking")
    resource = make_resource(later)
    first.reading.create(resource=resource, position=1)

    [hit] = catalogue.current().find(words.query("map"))

    assert (hit.entry.place, hit.entry.place_address) == ("Walking", first.get_absolute_url())


@pytest.mark.parametrize("what", ["module", "stage", "skill", "role", "resource"])
def test_what_has_left_is_not_in_it(what, db):
    unit = make_unit(title="Walking", module=make_module(title="First steps"))
    things = {
        "module": unit.module, "stage": unit.module.stage, "skill": make_skill("Balance"),
        "role": make_role("Guide"), "resource": make_resource(unit),
    }  # fmt: skip
    retire(things[what])
    kinds = {"module": "module", "stage": "module"}

    assert listed(kinds.get(what, what)) == set()
    assert what not in ("module", "stage") or listed(Kind.RESOURCE) == set()


def test_a_retired_unit_is_found_by_those_to_whom_it_stays_open(ada, eve, grace, client):
    from django.contrib.auth.models import AnonymousUser

    unit = make_unit(title="Walking")
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    notes.write(grace, unit, "Left, right.")
    retire(unit)
    hits = catalogue.current().find(words.query("walking"))

    who = {
        person: bool(catalogue.visible_to(person, hits))
        for person in (ada, grace, eve, AnonymousUser())
    }
    assert list(who.values()) == [True, True, False, False]


def test_a_retired_unit_that_was_opened_again_is_found_no_longer(ada):
    unit = make_unit(title="Walking")
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, unit)
    enrollments.reopen_unit(enrollment, unit)
    retire(unit)

    assert catalogue.visible_to(ada, catalogue.current().find(words.query("walking"))) == []


# Editions


def test_a_load_that_changes_something_is_an_edition_and_a_new_catalogue(db, folder):
    loader.load(folder.path)
    before = catalogue.current()
    assert [hit.entry.title for hit in before.find(words.query("turning"))] == ["Turning"]

    loader.load(folder.path)
    assert catalogue.current() is before
    folder.change("modules/02-next-steps.yaml", "title: Turning", "title: Spinning")
    loader.plan(folder.path)
    assert catalogue.current() is before
    loader.load(folder.path)

    assert Edition.objects.count() == 2
    assert catalogue.current().find(words.query("turning")) == []
    assert [hit.entry.title for hit in catalogue.current().find(words.query("spinning"))]


def test_every_title_of_our_own_curriculum_finds_itself_first_among_its_kind(db):
    loader.load(settings.CURRICULUM_DIR)
    shelves = catalogue.current()
    titles = [(entry.kind, entry.title) for entry in shelves.entries]

    for entry in shelves.entries:
        hits = [
            hit.entry
            for hit in shelves.find(words.query(entry.title))
            if hit.entry.kind == entry.kind
        ]
        same = titles.count((entry.kind, entry.title))
        assert entry in hits[:same], entry.title
