"""The shortest way to a skill: open minutes of what teaches it and of what that builds on."""

from itertools import count

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from curriculum import enrollments, progress, ways
from curriculum.models import Brief, Module, Skill, SkillLevel, Stage, Unit
from curriculum.progress import ModulePicture, Progress, State
from curriculum.ways import Ways
from tests.factories import make_module, make_skill, make_unit

AWARE, WORKING, PRACTITIONER, EXPERT = SkillLevel


def make_teaching(skill, level, minutes=60, after=None, project=""):
    """A module with one open unit that teaches the skill; with a project of that kind."""
    module = make_module(after=after)
    make_unit(module=module, minutes=minutes)
    module.taught.create(skill=skill, level=level)
    if project:
        unit = make_unit(module=module, kind=Unit.Kind.PROJECT, minutes=15)
        Brief.objects.create(unit=unit, kind=project)
    return module


def of(learner):
    return ways.over(progress.overview(enrollments.enroll(learner)))


def finish(learner, module):
    for unit in module.units.all():
        enrollments.complete_unit(enrollments.enroll(learner), unit)


def modules(way):
    return [entry.module for entry in way.modules]


def test_the_module_with_the_fewest_open_minutes_is_the_way(ada):
    skill = make_skill()
    make_teaching(skill, WORKING, minutes=90)
    short = make_teaching(skill, PRACTITIONER, minutes=60)

    way = of(ada).way(skill, WORKING)

    assert modules(way) == [short]
    assert (way.minutes, way.units, way.reaches) == (60, 1, WORKING)


def test_what_is_unfinished_before_it_counts_once_and_comes_first(ada):
    skill = make_skill()
    base = make_unit(minutes=30).module
    left, right = make_module(after=base), make_module(after=base)
    for module in (left, right):
        make_unit(module=module, minutes=10)
    goal = make_teaching(skill, WORKING, minutes=60, after=left)
    goal.prerequisites.add(right)

    way = of(ada).way(skill, WORKING)

    assert modules(way) == [base, left, right, goal]
    assert way.minutes == 30 + 10 + 10 + 60
    assert way.goal.module == goal


def test_a_longer_module_may_be_the_shorter_way(ada):
    skill = make_skill()
    before = make_unit(minutes=600).module
    make_teaching(skill, WORKING, minutes=15, after=before)
    long = make_teaching(skill, WORKING, minutes=500)

    assert modules(of(ada).way(skill, WORKING)) == [long]

    finish(ada, before)
    assert of(ada).way(skill, WORKING).minutes == 15


def test_more_modules_may_be_the_shorter_way(ada):
    skill = make_skill()
    first = make_unit(minutes=15).module
    second = make_unit(module=make_module(after=first), minutes=15).module
    goal = make_teaching(skill, WORKING, minutes=15, after=second)
    make_teaching(skill, WORKING, minutes=60)

    assert modules(of(ada).way(skill, WORKING)) == [first, second, goal]


def test_what_is_complete_or_begun_shortens_the_way(ada):
    skill = make_skill()
    before = make_unit(minutes=30).module
    begun = make_unit(module=before, minutes=45)
    goal = make_teaching(skill, WORKING, after=before)
    enrollments.complete_unit(enrollments.enroll(ada), begun)

    assert of(ada).way(skill, WORKING).minutes == 30 + 60

    finish(ada, before)
    assert modules(of(ada).way(skill, WORKING)) == [goal]


def test_what_stands_before_a_complete_module_is_behind_the_learner(ada):
    skill = make_skill()
    first = make_unit().module
    second = make_unit(module=make_module(after=first)).module
    goal = make_teaching(skill, WORKING, after=second)
    finish(ada, second)

    assert modules(of(ada).way(skill, WORKING)) == [goal]


def test_equal_ways_are_decided_by_fewer_modules_then_by_the_roadmap(ada):
    skill = make_skill()
    before = make_unit(minutes=30).module
    make_teaching(skill, WORKING, minutes=30, after=before)
    single = make_teaching(skill, WORKING, minutes=60)
    make_teaching(skill, WORKING, minutes=60)

    assert modules(of(ada).way(skill, WORKING)) == [single]


def test_where_an_expert_is_asked_the_way_ends_at_practitioner(ada):
    skill = make_skill()
    make_teaching(skill, WORKING)
    module = make_teaching(skill, PRACTITIONER, minutes=900)

    way = of(ada).way(skill, EXPERT)

    assert modules(way) == [module]
    assert way.reaches == PRACTITIONER


def test_who_has_studied_all_there_is_goes_on_to_the_brief_alone(ada):
    skill = make_skill()
    module = make_teaching(skill, PRACTITIONER, project="portfolio")
    finish(ada, module)

    way = of(ada).way(skill, EXPERT, reached=PRACTITIONER)

    assert way.modules == ()
    assert way.reaches is None
    assert way.brief.module == module


def test_a_skill_that_no_module_teaches_so_far_leads_as_far_as_one_does(ada):
    skill = make_skill()
    module = make_teaching(skill, WORKING)

    assert of(ada).way(skill, PRACTITIONER).reaches == WORKING
    finish(ada, module)
    assert of(ada).way(skill, PRACTITIONER, reached=WORKING).modules == ()


def test_a_skill_that_nothing_teaches_has_no_module_and_no_brief(ada):
    make_unit()

    way = of(ada).way(make_skill(), WORKING)

    assert (way.modules, way.brief, way.minutes, way.goal) == ((), None, 0, None)


def test_retired_modules_and_those_without_units_lead_nowhere(ada):
    skill = make_skill()
    gone = make_teaching(skill, WORKING)
    gone.retired_at = timezone.now()
    gone.save()
    empty = make_module()
    empty.taught.create(skill=skill, level=WORKING)

    assert of(ada).way(skill, WORKING).modules == ()


# Briefs


def test_the_brief_on_the_way_goes_before_one_beside_it(ada):
    skill = make_skill()
    make_teaching(skill, PRACTITIONER, minutes=900, project="portfolio")
    module = make_teaching(skill, WORKING, project="practice")

    way = of(ada).way(skill, WORKING)

    assert way.brief.module == module
    assert not way.builds_on


def test_of_equal_briefs_one_for_the_portfolio_is_taken(ada):
    skill = make_skill()
    module = make_teaching(skill, WORKING, project="practice")
    portfolio = make_unit(module=module, kind=Unit.Kind.PROJECT, minutes=15)
    Brief.objects.create(unit=portfolio, kind="portfolio")

    assert of(ada).way(skill, WORKING).brief == portfolio


def test_without_a_brief_of_its_own_a_skill_shows_in_what_builds_on_it(ada):
    skill = make_skill()
    module = make_teaching(skill, WORKING)
    make_teaching(make_skill(), WORKING, project="portfolio")
    after = make_teaching(make_skill(), WORKING, after=module, project="portfolio")

    way = of(ada).way(skill, WORKING)

    assert way.brief.module == after
    assert way.builds_on


# Alternatives


def test_the_shortest_of_alternatives_is_the_way_and_the_first_of_equals(ada):
    long, short, other = make_skill(), make_skill(), make_skill()
    make_teaching(long, WORKING, minutes=90)
    make_teaching(short, WORKING, minutes=60)
    make_teaching(other, WORKING, minutes=60)
    terrain = of(ada)

    way = terrain.shortest([(long, WORKING, 0), (short, WORKING, 0), (other, WORKING, 0)])

    assert way.skill == short


def test_an_alternative_that_cannot_be_studied_far_enough_comes_last(ada):
    dead_end, open_road = make_skill(), make_skill()
    make_teaching(open_road, PRACTITIONER, minutes=900)
    terrain = of(ada)

    way = terrain.shortest([(dead_end, PRACTITIONER, 0), (open_road, PRACTITIONER, 0)])

    assert way.skill == open_road


@pytest.mark.parametrize("size", [1, 40])
def test_a_roadmap_costs_two_queries_however_large(ada, size, django_assert_num_queries):
    skill = make_skill()
    module = None
    for _ in range(size):
        module = make_teaching(skill, WORKING, after=module, project="portfolio")
    picture = progress.overview(enrollments.enroll(ada))

    with django_assert_num_queries(2):
        terrain = ways.over(picture)
        assert terrain.way(skill, WORKING).brief.brief


# Whatever the roadmap


@st.composite
def roadmaps(draw):
    """Modules with open and done minutes, each building on some before it; one skill taught in some."""
    keys, stage = count(1), Stage(pk=1)
    found: list[ModulePicture] = []
    taught = []
    for number in range(1, draw(st.integers(1, 7)) + 1):
        module = Module(pk=next(keys), number=number, stage=stage, title=f"M{number}")
        before = draw(st.sets(st.sampled_from(range(len(found))))) if found else set()
        total = draw(st.integers(0, 3))
        done = draw(st.integers(0, total))
        minutes = [draw(st.integers(1, 90)) for _ in range(total)]
        found.append(
            ModulePicture(
                module,
                Progress(done, total, sum(minutes[:done]), sum(minutes)),
                State.NONE,
                tuple(found[index].module for index in sorted(before)),
                False,
            )
        )
        if total and draw(st.booleans()):
            taught.append((module.pk, draw(st.sampled_from([1, 2, 3]))))
    pictures = {entry.module.pk: entry for entry in found}
    return Ways(pictures, {1: tuple(taught)}, {}), pictures, dict(taught)


@given(roadmaps(), st.sampled_from([1, 2, 3, 4]))
def test_a_way_holds_all_it_needs_in_order_and_none_is_shorter(roadmap, wanted):
    terrain, pictures, taught = roadmap
    way = terrain.way(Skill(pk=1), wanted)

    def needs(key):
        """Everything open before a module, found the slow way."""
        open_ones = {
            before.pk
            for before in pictures[key].prerequisites
            if pictures[before.pk].progress.completed < pictures[before.pk].progress.total
        }
        return {key}.union(*map(needs, open_ones))

    def length(key):
        return sum(
            pictures[step].progress.minutes - pictures[step].progress.minutes_completed
            for step in needs(key)
        )

    limit = min(wanted, 3)
    best = max((min(level, limit) for level in taught.values()), default=0)
    if not best:
        assert way.modules == ()
        return
    goals = [key for key, level in taught.items() if min(level, limit) == best]
    assert way.minutes == min(map(length, goals))
    assert way.goal.module.pk in goals
    assert {entry.module.pk for entry in way.modules} == needs(way.goal.module.pk)
    numbers = [entry.module.number for entry in way.modules[:-1]]
    assert numbers == sorted(numbers)
