"""What speaks for Ada's skills: kind by kind, since when, and why it is not more."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from curriculum import declarations, enrollments
from curriculum.models import SkillLevel, UnitCompletion
from portfolio import evidence
from portfolio.evidence import Kind, Reached
from tests.factories import make_skill, make_unit

AWARE, WORKING, PRACTITIONER, EXPERT = SkillLevel
MAY, JUNE, JULY = (datetime(2026, month, 3, tzinfo=UTC) for month in (5, 6, 7))


def make_teaching(skill, level, units=1):
    module = make_unit().module
    for _ in range(units - 1):
        make_unit(module=module)
    module.taught.create(skill=skill, level=level)
    return module


def complete(learner, module, at=None, units=None):
    for unit in module.units.all()[:units]:
        done = enrollments.complete_unit(enrollments.enroll(learner), unit)
        if at:
            UnitCompletion.objects.filter(pk=done.pk).update(completed_at=at)


def test_nothing_speaks_for_who_did_and_said_nothing(ada):
    make_teaching(make_skill(), WORKING)

    assert evidence.of(ada) == {}


def test_a_declared_skill_is_declared_and_shows_nothing(ada):
    skill = make_skill()
    declaration = declarations.declare(ada, skill, EXPERT)

    found = evidence.of(ada)[skill]

    assert found.reached == {Kind.DECLARED: Reached(EXPERT, declaration.declared_at)}
    assert (found.declared, found.shown) == (EXPERT, 0)
    assert found.best == (Kind.DECLARED, found.reached[Kind.DECLARED])


def test_a_studied_skill_is_shown_since_its_module_was_complete(ada):
    skill = make_skill()
    module = make_teaching(skill, WORKING, units=2)
    complete(ada, module, at=MAY)
    complete(ada, module, at=JUNE, units=1)

    found = evidence.of(ada)[skill]

    assert found.reached == {Kind.STUDIED: Reached(WORKING, JUNE, module)}
    assert (found.declared, found.shown) == (0, WORKING)


def test_of_two_modules_to_one_level_the_first_complete_counts(ada):
    skill = make_skill()
    later, first = make_teaching(skill, WORKING), make_teaching(skill, WORKING)
    complete(ada, later, at=JULY)
    complete(ada, first, at=MAY)

    assert evidence.of(ada)[skill].reached[Kind.STUDIED] == Reached(WORKING, MAY, first)


def test_a_higher_level_goes_before_an_earlier_day(ada):
    skill = make_skill()
    low, high = make_teaching(skill, AWARE), make_teaching(skill, PRACTITIONER)
    complete(ada, low, at=MAY)
    complete(ada, high, at=JULY)

    assert evidence.of(ada)[skill].reached[Kind.STUDIED] == Reached(PRACTITIONER, JULY, high)


def test_a_module_half_done_shows_nothing_yet(ada):
    skill = make_skill()
    module = make_teaching(skill, WORKING, units=2)
    complete(ada, module, units=1)

    assert evidence.of(ada) == {}


def test_a_reopened_unit_takes_the_skill_back(ada):
    skill = make_skill()
    module = make_teaching(skill, WORKING)
    complete(ada, module)
    enrollments.reopen_unit(enrollments.of(ada), module.units.get())

    assert evidence.of(ada) == {}


def test_what_is_studied_counts_before_what_is_said_however_high(ada):
    skill = make_skill()
    declarations.declare(ada, skill, EXPERT)
    complete(ada, make_teaching(skill, AWARE))

    found = evidence.of(ada)[skill]

    assert found.best[0] == Kind.STUDIED
    assert (found.declared, found.shown) == (EXPERT, AWARE)


def test_a_retired_skill_speaks_no_more(ada):
    skill = make_skill()
    declarations.declare(ada, skill, EXPERT)
    complete(ada, make_teaching(skill, AWARE))
    skill.retired_at = timezone.now()
    skill.save()

    assert evidence.of(ada) == {}


def test_nobody_gets_what_another_did_or_said(ada, eve):
    skill = make_skill()
    declarations.declare(ada, skill, EXPERT)
    complete(ada, make_teaching(skill, AWARE))
    enrollments.enroll(eve)

    assert evidence.of(eve) == {}


def test_the_day_is_ones_own_whoever_else_studied_it(ada, eve):
    skill = make_skill()
    module = make_teaching(skill, WORKING, units=2)
    complete(ada, module, at=MAY)
    complete(eve, module, at=JULY, units=1)

    assert evidence.of(ada)[skill].reached[Kind.STUDIED].since == MAY


# Why not higher


def test_the_nearest_module_that_goes_further_is_named_with_what_is_open(ada):
    skill = make_skill()
    complete(ada, make_teaching(skill, AWARE))
    make_teaching(skill, WORKING, units=3)
    near = make_teaching(skill, PRACTITIONER, units=3)
    complete(ada, near, units=1)

    assert evidence.of(ada)[skill].why_not_higher == (
        f"{near.title} takes it to practitioner: 2 units are open."
    )


def test_a_module_that_teaches_less_takes_nothing_further_however_near_it_is(ada):
    skill = make_skill()
    make_teaching(skill, AWARE)
    complete(ada, make_teaching(skill, WORKING))
    further = make_teaching(skill, PRACTITIONER, units=3)

    why = evidence.of(ada)[skill].why_not_higher

    assert why == f"{further.title} takes it to practitioner: 3 units are open."


@pytest.mark.parametrize(
    ("level", "is_at_the_end"), [(WORKING, False), (PRACTITIONER, True), (EXPERT, True)]
)
def test_what_is_shown_as_far_as_study_reaches_or_further_is_at_the_end(level, is_at_the_end, db):
    found = evidence.Evidence(make_skill(), {Kind.ENDORSED: Reached(level, MAY)}, "")

    assert found.is_at_the_end is is_at_the_end


def test_the_strongest_comes_first_then_the_higher_then_the_order_of_the_curriculum(db):
    def of(kind, level, position):
        skill = make_skill(position=position)
        return evidence.Evidence(skill, {kind: Reached(level, MAY)}, "")

    declared = of(Kind.DECLARED, EXPERT, 1)
    late, early = of(Kind.STUDIED, WORKING, 9), of(Kind.STUDIED, WORKING, 2)
    higher = of(Kind.STUDIED, PRACTITIONER, 10)
    endorsed = of(Kind.ENDORSED, AWARE, 11)

    found = sorted([declared, late, early, higher, endorsed], key=evidence.strength, reverse=True)

    assert found == [endorsed, higher, early, late, declared]


def test_where_nothing_teaches_it_further_it_says_so(ada):
    skill = make_skill()
    complete(ada, make_teaching(skill, WORKING))

    assert evidence.of(ada)[skill].why_not_higher == "No module teaches it further."


def test_study_reaches_practitioner(ada):
    skill = make_skill()
    complete(ada, make_teaching(skill, PRACTITIONER))

    found = evidence.of(ada)[skill]

    assert found.shown == PRACTITIONER
    assert "Study reaches practitioner at most." in found.why_not_higher


def test_a_declared_skill_says_what_would_show_it(ada):
    skill = make_skill()
    declarations.declare(ada, skill, WORKING)
    module = make_teaching(skill, WORKING)

    assert evidence.of(ada)[skill].why_not_higher == (
        f"{module.title} takes it to working: 1 unit is open."
    )


@pytest.mark.parametrize("size", [1, 60])
def test_a_profile_costs_ten_queries_however_large(ada, size, django_assert_num_queries):
    for _ in range(size):
        skill = make_skill()
        declarations.declare(ada, skill, WORKING)
        complete(ada, make_teaching(skill, PRACTITIONER))

    with django_assert_num_queries(10):
        profile = evidence.of(ada)
        assert len(profile) == size
        for found in profile.values():
            assert found.skill.category.title
            assert found.best[1].source.title
