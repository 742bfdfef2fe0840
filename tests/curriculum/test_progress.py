"""How far, and what next: always true, never 100 early, one clear answer."""

import contextlib

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from curriculum import enrollments, progress, study
from curriculum.models import Module, Requirement, Roadmap, Skill, SkillLevel, Unit
from curriculum.progress import Progress, State
from tests.factories import make_module, make_role, make_skill, make_stage, make_unit


def complete(enrollment, *units):
    for unit in units:
        enrollments.complete_unit(enrollment, unit)


def retire(content):
    content.retired_at = timezone.now()
    content.save()


def states(enrollment):
    return {entry.module: entry.state for entry in progress.overview(enrollment).modules}


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_percentage_is_0_to_100_and_100_only_for_all(a, b):
    completed, total = sorted((a, b))

    percent = Progress(completed, total).percent

    assert 0 <= percent <= 100
    assert (percent == 100) == (0 < completed == total)
    assert Progress(completed, total).is_complete == (percent == 100)


def test_all_but_one_of_many_is_99():
    assert Progress(9999, 10_000).percent == 99


@pytest.mark.parametrize(("minutes", "hours"), [(0, 0), (15, 1), (89, 1), (90, 2), (600, 10)])
def test_minutes_of_study_are_told_in_whole_hours(minutes, hours):
    assert Progress(0, 1, 0, minutes).hours == hours
    assert Progress(0, 1, minutes, minutes).hours_left == 0


def test_a_learner_who_has_just_begun_is_sent_to_the_first_unit(ada):
    first = make_unit()
    make_unit(module=first.module, position=first.position + 1)
    enrollment = enrollments.enroll(ada)

    picture = progress.overview(enrollment)

    assert picture.next_unit == first
    assert picture.next_module.module == first.module
    assert picture.progress == Progress(0, 2, 0, 120)
    assert picture.is_personal


def test_every_module_has_one_state(ada):
    done, under_way, later = make_unit(), make_unit(), make_unit()
    make_unit(module=under_way.module)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, done, under_way)

    assert states(enrollment) == {
        done.module: State.COMPLETE,
        under_way.module: State.NEXT,
        later.module: State.NONE,
    }
    assert progress.overview(enrollment).counts == {
        "complete": 1,
        "part": 1,
        "skipped": 0,
        "none": 1,
    }


def test_a_module_under_way_comes_before_an_earlier_one_not_begun(ada):
    make_unit()
    begun = make_unit()
    rest = make_unit(module=begun.module)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, begun)

    assert progress.next_unit(enrollment) == rest


def test_a_module_waits_for_its_prerequisites(ada):
    late = make_unit(module=make_module(number=9))
    early = make_unit(module=make_module(after=late.module, number=1))
    enrollment = enrollments.enroll(ada)

    assert progress.next_unit(enrollment) == late
    complete(enrollment, late)
    assert progress.next_unit(enrollment) == early


def test_a_module_begun_ahead_of_its_prerequisites_waits_for_them_too(ada):
    before = make_unit()
    begun = make_unit(module=make_module(after=before.module))
    make_unit(module=begun.module)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, begun)

    assert progress.next_unit(enrollment) == before
    assert states(enrollment)[begun.module] == State.PART


def test_core_comes_before_elective(ada):
    make_unit(module=make_module(kind=Module.Kind.ELECTIVE))
    core = make_unit()
    enrollment = enrollments.enroll(ada)

    assert progress.next_unit(enrollment) == core


def test_when_everything_is_done_nothing_is_next(ada):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    complete(enrollment, unit)

    picture = progress.overview(enrollment)

    assert picture.next_unit is None
    assert picture.next_module is None
    assert picture.progress.is_complete


def test_a_roadmap_without_units_has_no_next_and_no_progress(ada):
    make_module()
    enrollment = enrollments.enroll(ada)

    picture = progress.overview(enrollment)

    assert picture.next_unit is None
    assert picture.progress.percent == 0


@pytest.mark.parametrize("what", ["unit", "module", "stage"])
def test_what_is_retired_counts_neither_way(ada, what):
    kept, gone = make_unit(), make_unit()
    enrollment = enrollments.enroll(ada)
    complete(enrollment, kept, gone)
    retire({"unit": gone, "module": gone.module, "stage": gone.module.stage}[what])

    assert progress.overview(enrollment).progress == Progress(1, 1, 60, 60)


def test_a_retired_prerequisite_holds_nobody_up(ada):
    gone = make_unit()
    unit = make_unit(module=make_module(after=gone.module))
    enrollment = enrollments.enroll(ada)
    retire(gone)
    retire(gone.module)

    assert progress.next_unit(enrollment) == unit
    assert progress.advice(enrollment, unit.module) == []


def test_a_reopened_unit_is_next_again(ada):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    complete(enrollment, unit)
    enrollments.reopen_unit(enrollment, unit)

    assert progress.next_unit(enrollment) == unit


def test_nobody_sees_in_their_progress_what_another_did(ada, eve):
    unit = make_unit()
    complete(enrollments.enroll(ada), unit)

    assert progress.overview(enrollments.enroll(eve)).progress.completed == 0


def test_advice_says_what_is_not_done_and_how_much_is_left(ada):
    untouched, begun = make_unit(), make_unit()
    make_unit(module=begun.module)
    make_unit(module=begun.module)
    module = make_module(after=untouched.module)
    module.prerequisites.add(begun.module)
    done = make_unit()
    module.prerequisites.add(done.module)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, begun, done)

    assert [entry.sentence for entry in progress.advice(enrollment, module)] == [
        f"You have not done {untouched.module.title} yet.",
        f"You have 2 units left in {begun.module.title}.",
    ]


def test_a_skill_is_studied_when_a_module_that_teaches_it_is_complete(ada):
    skill, other = make_skill("Walking"), make_skill("Running")
    low, high = make_unit(), make_unit()
    rest = make_unit(module=high.module)
    low.module.taught.create(skill=skill, level=SkillLevel.AWARE)
    high.module.taught.create(skill=skill, level=SkillLevel.PRACTITIONER)
    high.module.taught.create(skill=other, level=SkillLevel.WORKING)
    enrollment = enrollments.enroll(ada)

    complete(enrollment, low, high)
    assert progress.studied(enrollment) == {skill: SkillLevel.AWARE}

    complete(enrollment, rest)
    assert progress.studied(enrollment) == {
        skill: SkillLevel.PRACTITIONER,
        other: SkillLevel.WORKING,
    }


def test_a_module_without_live_units_teaches_nothing(ada):
    skill = make_skill()
    unit = make_unit()
    unit.module.taught.create(skill=skill, level=SkillLevel.AWARE)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, unit)
    retire(unit)

    assert progress.studied(enrollment) == {}


def test_a_role_flags_the_first_module_that_teaches_each_clause_far_enough(ada):
    skill, role = make_skill(), make_role()
    too_low, first, second = make_unit(), make_unit(), make_unit()
    for unit, level in ((too_low, 1), (first, 3), (second, 3)):
        unit.module.taught.create(skill=skill, level=level)
    clause = Requirement.objects.create(role=role, is_required=True, position=1)
    clause.alternatives.create(skill=skill, level=SkillLevel.EXPERT)
    enrollment = enrollments.enroll(ada, target_role=role)

    needed = [entry.module for entry in progress.overview(enrollment).modules if entry.is_needed]

    assert needed == [first.module]


def test_the_outline_is_the_roadmap_of_nobody(db):
    unit = make_unit()

    picture = progress.outline(unit.module.stage.roadmap)

    assert not picture.is_personal
    assert picture.next_unit is None
    assert picture.progress == Progress(0, 1, 0, 60)


@pytest.mark.parametrize("units", [1, 300])
def test_the_whole_picture_takes_four_queries_however_large(
    ada, units, django_assert_max_num_queries
):
    stage = make_stage()
    modules = [make_module(stage=stage) for _ in range(max(1, units // 6))]
    Unit.objects.bulk_create(
        Unit(
            slug=f"u-{n}",
            title=f"U {n}",
            module=modules[n % len(modules)],
            position=n,
            kind="lesson",
            minutes=60,
        )
        for n in range(units)
    )
    enrollments.enroll(ada, target_role=make_role())
    enrollment = enrollments.of(ada)

    with django_assert_max_num_queries(4):
        picture = progress.overview(enrollment)
        assert picture.next_unit.get_absolute_url()
        assert [stage.progress.percent for stage in picture.stages] == [0]
        assert picture.next_unit.module.title


# Whatever the roadmap, and whatever is done with it


class Sketch:
    """A roadmap that is nowhere but here: modules, their units with marks, and what builds on what."""

    def __init__(self, modules, units, prerequisites):
        self.modules, self.units, self.prerequisites = modules, units, prerequisites

    @property
    def progress(self):
        return progress.of_units(self.units)

    @property
    def order(self):
        return progress.in_order(self.modules, self.units, self.prerequisites)


@st.composite
def sketches(draw):
    modules = [
        Module(pk=number, number=number, kind=draw(st.sampled_from(Module.Kind.values)))
        for number in range(1, draw(st.integers(1, 7)) + 1)
    ]
    units = []
    for module in modules:
        for _ in range(draw(st.integers(0, 4))):
            unit = Unit(pk=len(units) + 1, module_id=module.pk, minutes=draw(st.integers(1, 2700)))
            unit.is_done, unit.has_skip = draw(st.booleans()), draw(st.booleans())
            units.append(unit)
    prerequisites = {
        module.pk: draw(st.lists(st.sampled_from(modules[:n]), unique_by=id, max_size=3))
        for n, module in enumerate(modules)
        if n
    }
    return Sketch(modules, units, prerequisites)


@given(sketches())
def test_a_share_is_0_to_100_and_100_exactly_when_all_is_done(sketch):
    done = [unit for unit in sketch.units if unit.is_done]
    whole = sketch.progress

    assert 0 <= whole.percent <= 100
    assert (whole.percent == 100) == whole.is_complete == (len(done) == len(sketch.units) > 0)
    assert whole.completed + whole.skipped + whole.left == whole.total == len(sketch.units)
    assert whole.minutes_completed + whole.minutes_skipped + whole.minutes_left == whole.minutes


@given(sketches(), st.data())
def test_doing_one_more_never_lowers_the_share_and_skipping_never_raises_it(sketch, data):
    assume(sketch.units)
    unit = data.draw(st.sampled_from(sketch.units))
    before = sketch.progress

    unit.has_skip = True
    skipped = sketch.progress
    unit.is_done = True
    done = sketch.progress

    assert skipped.percent == before.percent
    assert done.percent >= before.percent
    assert done.skipped <= skipped.skipped


@given(sketches())
def test_the_route_holds_each_open_unit_once_and_nothing_else(sketch):
    order = sketch.order

    assert sorted(unit.pk for unit in order) == [unit.pk for unit in sketch.units if unit.is_open]
    assert [unit.pk for unit in sketch.order] == [unit.pk for unit in order]


@given(sketches())
def test_the_route_is_what_is_next_each_time_the_one_before_is_done(sketch):
    for unit in sketch.order:
        assert sketch.order[0] == unit
        unit.is_done = True
    assert sketch.order == []


@given(sketches())
def test_nothing_on_the_route_comes_before_what_it_builds_on(sketch):
    seen = set()
    for unit in sketch.order:
        for before in sketch.prerequisites.get(unit.module_id, []):
            left = [u.pk for u in sketch.units if u.module_id == before.pk and u.is_open]
            assert set(left) <= seen
        seen.add(unit.pk)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_following_what_is_next_completes_everything_in_an_order_that_holds(ada, data):
    """Whatever the roadmap: each answer is open and its module ready, until nothing is left."""
    Unit.objects.all().delete()
    Module.objects.all().delete()
    size = data.draw(st.integers(1, 6))
    stage = make_stage()
    modules = [
        make_module(stage=stage, kind=data.draw(st.sampled_from(Module.Kind.values)))
        for _ in range(size)
    ]
    for position, module in enumerate(modules):
        before = data.draw(st.sets(st.sampled_from(modules[:position]))) if position else set()
        module.prerequisites.set(before)
        for _ in range(data.draw(st.integers(0, 3))):
            make_unit(module=module)
    enrollment = enrollments.enroll(ada)
    total = Unit.objects.count()

    for done in range(total):
        picture = progress.overview(enrollment)
        unit = picture.next_unit
        assert unit is not None
        assert picture.progress.completed == done
        assert picture.progress.percent < 100
        assert [entry.state for entry in picture.modules].count(State.NEXT) == 1
        assert not enrollment.completions.standing().filter(unit=unit).exists()
        assert progress.advice(enrollment, unit.module) == []
        complete(enrollment, unit)

    assert progress.next_unit(enrollment) is None
    assert progress.overview(enrollment).progress.percent == (100 if total else 0)
    enrollment.completions.all().delete()


ACTS = ["complete", "reopen", "skip", "unskip", "skip module", "unskip module", "retire"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 8)), max_size=14))
def test_whatever_a_learner_does_the_picture_stays_true(ada, acts):
    """Nine units in three modules; acts on units that have left are refused and change nothing."""
    Unit.objects.all().delete()
    Module.objects.all().delete()
    stage = make_stage()
    modules = [make_module(stage=stage) for _ in range(3)]
    modules[2].prerequisites.set([modules[0]])
    units = [make_unit(module=modules[n // 3]) for n in range(9)]
    enrollment = enrollments.enroll(ada)
    for act, n in acts:
        before, history = progress.overview(enrollment), enrollment.completions.count()
        with contextlib.suppress(enrollments.Retired):
            _do(act, enrollment, Unit.objects.select_related("module__stage").get(pk=units[n].pk))
        picture = progress.overview(enrollment)

        assert picture == progress.overview(enrollment)
        assert enrollment.completions.count() >= history
        live = list(Unit.objects.live())
        done = Unit.objects.live().completed_in(enrollment).count()
        whole = picture.progress
        assert (whole.total, whole.completed) == (len(live), done)
        assert (whole.percent == 100) == (done == len(live) > 0)
        assert (picture.next_unit is None) == (whole.left == 0)
        assert [e.state for e in picture.modules].count(State.NEXT) == (1 if whole.left else 0)
        assert sum(picture.counts.values()) == 3
        if picture.next_unit:
            assert picture.next_unit in live
            assert not enrollment.completions.standing().filter(unit=picture.next_unit).exists()
            assert not enrollment.skips.standing().filter(unit=picture.next_unit).exists()
        if act.startswith("skip"):
            assert whole.percent <= before.progress.percent
        if act == "complete":
            assert whole.percent >= before.progress.percent
    enrollment.delete()


def _do(act, enrollment, unit):
    match act:
        case "complete":
            enrollments.complete_unit(enrollment, unit)
        case "reopen":
            enrollments.reopen_unit(enrollment, unit)
        case "skip":
            enrollments.skip_unit(enrollment, unit)
        case "unskip":
            enrollments.unskip_unit(enrollment, unit)
        case "skip module":
            enrollments.skip_module(enrollment, unit.module)
        case "unskip module":
            enrollments.unskip_module(enrollment, unit.module)
        case "retire":
            retire(unit)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(marks=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=9))
def test_what_retires_leaves_the_whole_and_stays_in_the_history(ada, marks):
    """Each unit is done or not, and then retires or not."""
    ada.enrollments.all().delete()
    Unit.objects.all().delete()
    Module.objects.all().delete()
    module = make_module()
    units = [make_unit(module=module) for _ in marks]
    enrollment = enrollments.enroll(ada)
    complete(
        enrollment, *(unit for unit, (is_done, _) in zip(units, marks, strict=True) if is_done)
    )
    behind = {entry.unit for entry in study.of(ada).entries}
    for unit, (_, is_retired) in zip(units, marks, strict=True):
        if is_retired:
            retire(unit)

    whole = progress.overview(enrollment).progress
    live = [is_done for is_done, is_retired in marks if not is_retired]
    assert (whole.completed, whole.total) == (sum(live), len(live))
    assert 0 <= whole.percent <= 100
    assert (whole.percent == 100) == (len(live) > 0 and all(live))
    assert enrollment.completions.count() == sum(is_done for is_done, _ in marks)
    assert {entry.unit for entry in study.of(ada).entries} == behind
    enrollment.delete()


# The same skill counts wherever it is taught


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_skill_counts_on_every_roadmap_at_the_highest_level_of_a_complete_module(ada, data):
    """Two roadmaps, whose modules teach two skills to some level; some units are done or retired."""
    ada.enrollments.all().delete()
    Unit.objects.all().delete()
    Module.objects.all().delete()
    skills = [make_skill(), make_skill()]
    other, _ = Roadmap.objects.get_or_create(
        slug="other", defaults={"title": "Other", "position": 2}
    )
    stages = [make_stage(), make_stage(roadmap=other)]
    followed = [enrollments.enroll(ada, stage.roadmap) for stage in stages]
    expected: dict[Skill, int] = {}
    for _ in range(data.draw(st.integers(1, 5))):
        number = data.draw(st.integers(0, 1))
        module = make_module(stage=stages[number])
        skill, level = data.draw(st.sampled_from(skills)), data.draw(st.integers(1, 3))
        module.taught.create(skill=skill, level=level)
        live = []
        for _ in range(data.draw(st.integers(0, 3))):
            unit = make_unit(module=module)
            if is_done := data.draw(st.booleans()):
                complete(followed[number], unit)
            if data.draw(st.integers(0, 3)) == 0:
                retire(unit)
            else:
                live.append(is_done)
        if live and all(live):
            expected[skill] = max(level, expected.get(skill, 0))

    for enrollment in followed:
        assert progress.studied(enrollment) == expected
    for enrollment in followed:
        enrollment.delete()


def test_a_skill_studied_on_another_roadmap_counts_on_this_one(ada, eve):
    skill = make_skill("Walking")
    here = make_unit()
    other = Roadmap.objects.create(slug="other", title="Other", position=2)
    there = make_unit(module=make_module(stage=make_stage(roadmap=other)))
    here.module.taught.create(skill=skill, level=SkillLevel.PRACTITIONER)
    there.module.taught.create(skill=skill, level=SkillLevel.AWARE)
    first, second = enrollments.enroll(ada), enrollments.enroll(ada, other)
    stranger = enrollments.enroll(eve)

    complete(second, there)
    assert progress.studied(first) == progress.studied(second) == {skill: SkillLevel.AWARE}

    complete(first, here)
    assert progress.studied(first) == progress.studied(second) == {skill: SkillLevel.PRACTITIONER}
    assert progress.studied(stranger) == {}


def test_half_of_a_module_here_and_half_of_another_there_is_no_skill(ada):
    skill = make_skill()
    one, other = make_unit(), make_unit()
    for unit in (one, other):
        make_unit(module=unit.module)
        unit.module.taught.create(skill=skill, level=SkillLevel.AWARE)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, one, other)

    assert progress.studied(enrollment) == {}


def test_what_is_studied_takes_one_query_however_large_the_roadmaps(ada, django_assert_num_queries):
    for _ in range(30):
        unit = make_unit()
        unit.module.taught.create(skill=make_skill(), level=SkillLevel.AWARE)
        complete(enrollments.enroll(ada), unit)
    enrollment = enrollments.enroll(ada)

    with django_assert_num_queries(1):
        assert len(progress.studied(enrollment)) == 30


# Sums, sentences and neighbours


def test_two_parts_are_added_place_by_place():
    here, there = Progress(1, 4, 30, 200, 2, 90), Progress(2, 5, 60, 300, 1, 45)

    assert here + there == Progress(3, 9, 90, 500, 3, 135)


@pytest.mark.parametrize(
    ("done", "of", "is_complete"), [(0, 0, False), (0, 1, False), (1, 2, False), (2, 2, True)]
)
def test_complete_is_all_of_something(done, of, is_complete):
    assert Progress(done, of).is_complete is is_complete


def test_a_stage_counts_its_complete_modules(ada):
    stage = make_stage()
    modules = [make_module(stage=stage) for _ in range(3)]
    units = [make_unit(module=module) for module in modules]
    enrollment = enrollments.enroll(ada)
    complete(enrollment, *units[:2])

    [picture] = [one for one in progress.overview(enrollment).stages if one.stage == stage]

    assert picture.complete == 2
    assert picture.is_here


def test_the_units_around_one_are_the_nearest_across_modules(db):
    stage = make_stage()
    modules = [make_module(stage=stage) for _ in range(3)]
    units = [make_unit(module=module, position=n) for module in modules for n in (1, 2, 3)]
    for place, unit in enumerate(units):
        before = units[place - 1] if place else None
        after = units[place + 1] if place + 1 < len(units) else None
        assert progress.around(unit) == (before, after)
    retire(units[4])
    assert progress.around(units[5])[0] == units[3]


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (Progress(0, 3, 0, 90), "You have not done {} yet."),
        (Progress(2, 3, 60, 90), "You have 1 unit left in {}."),
        (Progress(1, 3, 30, 90), "You have 2 units left in {}."),
        (Progress(0, 3, 0, 90, 3, 90), "You skipped 3 of 3 units of {}."),
    ],
)
def test_advice_is_a_sentence(done, words, db):
    module = make_module(title="Linear models")

    assert progress.Advice(module, done).sentence == words.format("Linear models")
