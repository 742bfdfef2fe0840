"""A role against what speaks for Ada: met, partly, self-declared, missing; and the way from there."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from curriculum import declarations, enrollments, progress, ways
from curriculum.declarations import Background
from curriculum.models import (
    Brief,
    Degree,
    Experience,
    Requirement,
    RequirementSkill,
    Role,
    Skill,
    SkillLevel,
    Unit,
)
from portfolio import readiness
from portfolio.evidence import Evidence, Kind, Reached
from portfolio.readiness import RANKS, Alternative, Clause, State
from tests.factories import add_clause, make_project, make_role, make_skill, make_unit

AWARE, WORKING, PRACTITIONER, EXPERT = SkillLevel
MET, PARTLY, SELF, MISSING = State.MET, State.PARTLY, State.SELF, State.MISSING


def speaks(skill, studied=0, declared=0):
    """Evidence of a skill to these levels; none for nothing."""
    kinds = {Kind.DECLARED: declared, Kind.STUDIED: studied}
    reached = {kind: Reached(SkillLevel(level)) for kind, level in kinds.items() if level}
    return Evidence(skill, reached) if reached else None


def study(learner, skill, level):
    unit = make_unit()
    unit.module.taught.create(skill=skill, level=level)
    enrollments.complete_unit(enrollments.enroll(learner), unit)
    return unit.module


@pytest.mark.parametrize(
    ("asked", "studied", "declared", "state"),
    [
        (WORKING, 0, 0, MISSING),
        (WORKING, 0, AWARE, SELF),
        (WORKING, 0, EXPERT, SELF),
        (WORKING, AWARE, 0, PARTLY),
        (WORKING, AWARE, EXPERT, PARTLY),
        (WORKING, WORKING, 0, MET),
        (WORKING, PRACTITIONER, 0, MET),
        (EXPERT, PRACTITIONER, EXPERT, PARTLY),  # study alone makes no expert
        (EXPERT, 0, EXPERT, SELF),
        (AWARE, AWARE, 0, MET),
    ],
)
def test_a_clause_stands_as_what_speaks_for_it(asked, studied, declared, state):
    skill = Skill(pk=1)

    clause = Clause(True, (Alternative(skill, asked, speaks(skill, studied, declared)),))

    assert clause.state == state


def test_the_best_alternative_decides_and_the_first_of_equals():
    one, two, three = (Skill(pk=number) for number in (1, 2, 3))

    clause = Clause(
        True,
        (
            Alternative(one, WORKING, speaks(one, declared=EXPERT)),
            Alternative(two, WORKING, speaks(two, studied=AWARE)),
            Alternative(three, WORKING, speaks(three, studied=AWARE)),
        ),
    )

    assert clause.state == PARTLY
    assert clause.deciding.skill == two
    assert Clause(True, (Alternative(one, WORKING), Alternative(two, AWARE))).deciding.skill == one


def test_of_two_alternatives_that_are_met_the_higher_speaks():
    one, two = Skill(pk=1), Skill(pk=2)

    clause = Clause(
        True,
        (
            Alternative(one, WORKING, speaks(one, studied=WORKING)),
            Alternative(two, WORKING, speaks(two, studied=PRACTITIONER)),
        ),
    )

    assert clause.deciding.skill == two


# More never makes it worse

EVIDENCE = st.tuples(st.integers(0, 3), st.integers(0, 4))  # studied, declared


@st.composite
def roles_and_profiles(draw):
    """Clauses over four skills, and two profiles of which the second holds all that the first does."""
    skills = [Skill(pk=number, category_id=1) for number in range(1, 5)]
    clauses = draw(
        st.lists(
            st.tuples(
                st.booleans(),
                st.lists(
                    st.tuples(st.sampled_from(skills), st.sampled_from(list(SkillLevel))),
                    min_size=1,
                    max_size=3,
                ),
            ),
            max_size=6,
        )
    )
    fewer = {skill: draw(EVIDENCE) for skill in skills}
    more = {
        skill: tuple(max(known, new) for known, new in zip(known, draw(EVIDENCE), strict=True))
        for skill, known in fewer.items()
    }

    def profile(facts):
        found = {skill: speaks(skill, *levels) for skill, levels in facts.items()}
        return {skill: evidence for skill, evidence in found.items() if evidence}

    return clauses, profile(fewer), profile(more)


def against(clauses, profile):
    requirements = []
    for is_required, alternatives in clauses:
        requirement = Requirement(pk=1, is_required=is_required)
        requirement.choices = [
            RequirementSkill(skill=skill, level=level) for skill, level in alternatives
        ]
        requirements.append(requirement)
    return readiness.against(Role(), requirements, profile, Background())


@given(roles_and_profiles())
def test_more_facts_never_make_a_clause_worse(case):
    clauses, fewer, more = case

    before, after = against(clauses, fewer), against(clauses, more)

    for one, other in zip(before.clauses, after.clauses, strict=True):
        assert RANKS[one.state] <= RANKS[other.state]


@given(roles_and_profiles())
def test_the_four_counts_add_up_to_the_clauses(case):
    clauses, profile, _more = case

    found = against(clauses, profile)

    assert sum(found.required_counts.values()) == len(found.required)
    assert sum(found.preferred_counts.values()) == len(found.preferred)
    assert len(found.required) + len(found.preferred) == len(found.clauses) == len(clauses)
    assert list(found.required_counts) == [MET, PARTLY, SELF, MISSING]
    assert (
        len(found.gaps) == len(clauses) - found.required_counts[MET] - found.preferred_counts[MET]
    )


@given(roles_and_profiles(), st.integers(0, 3), st.integers(0, 4))
def test_one_more_alternative_never_makes_a_clause_worse(case, studied, declared):
    clauses, profile, _more = case
    extra = Skill(pk=9, category_id=1)
    evidence = speaks(extra, studied, declared)
    more = profile | {extra: evidence} if evidence else profile
    wider = [(is_required, [*some, (extra, WORKING)]) for is_required, some in clauses]

    before, after = against(clauses, profile), against(wider, more)

    for one, other in zip(before.clauses, after.clauses, strict=True):
        assert RANKS[one.state] <= RANKS[other.state]


# From the database


def test_a_role_is_compared_clause_by_clause(ada):
    role = make_role()
    done, begun, said, nothing = (make_skill() for _ in range(4))
    study(ada, done, PRACTITIONER)
    study(ada, begun, AWARE)
    declarations.declare(ada, said, WORKING)
    for skill in (done, begun, said, nothing):
        add_clause(role, (skill, WORKING))
    add_clause(role, (nothing, WORKING), (done, AWARE), is_required=False)

    found = readiness.of(ada, role)

    assert [clause.state for clause in found.required] == [MET, PARTLY, SELF, MISSING]
    assert [clause.state for clause in found.preferred] == [MET]
    assert found.required_counts == {MET: 1, PARTLY: 1, SELF: 1, MISSING: 1}
    assert found.preferred[0].deciding.skill == done
    assert [clause.state for clause in found.required_gaps] == [PARTLY, SELF, MISSING]
    assert [clause.deciding.skill for clause in found.required_gaps] == [begun, said, nothing]


def test_nobody_meets_nothing(db):
    role, skill = make_role(min_years=2), make_skill()
    add_clause(role, (skill, AWARE))

    [found] = readiness.of_many(None, [role])

    assert [clause.state for clause in found.clauses] == [MISSING]
    assert [said.state for said in found.said] == [MISSING]


def test_retired_skills_leave_the_clauses(ada):
    role = make_role()
    kept, gone = make_skill(), make_skill(retired_at=timezone.now())
    add_clause(role, (gone, WORKING))
    add_clause(role, (gone, WORKING), (kept, WORKING))

    [clause] = readiness.of(ada, role).clauses

    assert [alternative.skill for alternative in clause.alternatives] == [kept]


@pytest.mark.parametrize(
    ("months", "degree", "states"),
    [
        ({}, None, [MISSING, MISSING]),
        ({"data": 23}, Degree.BACHELOR, [MISSING, MISSING]),
        ({"data": 24}, Degree.MASTER, [SELF, SELF]),
        ({"data": 12, "software": 12}, Degree.DOCTORATE, [SELF, SELF]),
        ({"other": 600}, None, [MISSING, MISSING]),
    ],
)
def test_years_and_degrees_are_never_more_than_self_declared(ada, months, degree, states):
    role = make_role(min_years=2, degree=Degree.MASTER)
    declarations.state_background(ada, months, degree)

    found = readiness.of(ada, role)

    assert [said.asks for said in found.said] == ["2 years of experience", "Master’s degree"]
    assert [said.state for said in found.said] == states
    assert found.required_counts == dict.fromkeys([MET, PARTLY, SELF, MISSING], 0)


def test_what_is_said_is_shown_as_said_even_when_it_is_not_enough(ada):
    role = make_role(min_years=5, degree=Degree.DOCTORATE)
    declarations.state_background(ada, {Experience.Field.DATA: 18}, Degree.MASTER, "Maths")

    years, degree = readiness.of(ada, role).said

    assert (years.says, years.state) == ("1.5 years", MISSING)
    assert (degree.says, degree.state) == ("Master’s degree, Maths", MISSING)


def test_a_role_that_asks_for_neither_has_no_such_clause(ada):
    assert readiness.of(ada, make_role()).said == ()


@pytest.mark.parametrize("size", [1, 40])
def test_many_roles_cost_as_many_queries_as_one(ada, size, django_assert_num_queries):
    skill = make_skill()
    study(ada, skill, WORKING)
    roles = [make_role(min_years=1) for _ in range(size)]
    for role in roles:
        for _ in range(size):
            add_clause(role, (skill, WORKING), (make_skill(), AWARE))

    with django_assert_num_queries(14):
        found = readiness.of_many(ada, roles)
        assert sum(len(picture.clauses) for picture in found) == size * size
        assert found[0].clauses[0].deciding.skill.category.title


# The way to close a gap


def make_gap(learner):
    """A role with a clause that is met and one that is not, whose skill a module teaches."""
    role, met, missing = make_role(), make_skill(), make_skill()
    study(learner, met, WORKING)
    unit = make_unit(minutes=90)
    unit.module.taught.create(skill=missing, level=WORKING)
    project = make_unit(module=unit.module, kind=Unit.Kind.PROJECT, minutes=30)
    brief = Brief.objects.create(unit=project, kind=Brief.Kind.PORTFOLIO)
    for skill in (met, missing):
        add_clause(role, (skill, WORKING))
    return role, unit.module, brief


def steps(learner, role):
    picture = progress.overview(enrollments.of(learner))
    return readiness.steps(readiness.of(learner, role), ways.over(picture), learner)


def test_each_gap_has_a_way_and_what_is_met_has_none(ada):
    role, module, brief = make_gap(ada)

    met, missing = steps(ada, role)

    assert met is None
    assert [entry.module for entry in missing.way.modules] == [module]
    assert missing.way.minutes == 120
    assert missing.way.brief == brief.unit
    assert missing.project is None


def test_a_project_that_was_built_from_the_brief_is_shown_instead(ada, eve):
    role, _module, brief = make_gap(ada)
    make_project(ada, brief=brief)
    newest = make_project(ada, brief=brief)
    make_project(eve, brief=brief)

    assert steps(ada, role)[1].project == newest


def test_the_way_of_a_clause_is_that_of_its_shortest_alternative(ada):
    role, module, _brief = make_gap(ada)
    other = make_skill()
    short = make_unit(minutes=15)
    short.module.taught.create(skill=other, level=WORKING)
    clause = role.requirements.last()
    clause.alternatives.create(skill=other, level=WORKING)

    way = steps(ada, role)[1].way

    assert way.skill == other
    assert way.minutes == 15
    assert module not in [entry.module for entry in way.modules]


def test_the_same_facts_give_the_same_way(ada):
    role, _module, _brief = make_gap(ada)

    assert steps(ada, role) == steps(ada, role)
