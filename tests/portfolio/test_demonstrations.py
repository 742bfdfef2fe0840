"""What Ada's projects show: claims that checks bear out, endorsements at a commit, and how both age."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum import declarations, enrollments
from curriculum.models import SkillLevel
from portfolio import demonstrations, evidence
from portfolio.demonstrations import GRACE, Age
from portfolio.evidence import Kind
from portfolio.models import CheckRun, Repository
from tests.factories import make_check_run, make_project, make_skill, make_unit, make_user

AWARE, WORKING, PRACTITIONER, EXPERT = SkillLevel
MAY, JUNE, JULY, AUGUST = (datetime(2026, month, 3, tzinfo=UTC) for month in (5, 6, 7, 8))
FIRST, SECOND, THIRD = ("a" * 40, "b" * 40, "c" * 40)
BROKEN = {"conclusion": "failure"}


@pytest.fixture
def skill(db):
    return make_skill("Testing")


@pytest.fixture
def project(ada):
    """Hers: its README holds the line that only she was given."""
    project = make_project(ada, title="Engine")
    project.repositories.update(has_proof_line=True, standing="readable")
    return project


def claim(project, skill, level=WORKING, at=MAY):
    return project.claims.create(skill=skill, level=level, claimed_at=at)


def look(project, sha=FIRST, at=JUNE, tests="passed", **fields):
    conclusion = {"passed": "success", "failed": "failure", "unknown": "neutral"}[tests]
    outcomes = [("readme", "passed"), ("readme-content", "passed"), ("tests", tests)]
    fields = {
        "conclusion": conclusion,
        "head_sha": sha,
        "tree_sha": sha,
        "requested_at": at,
    } | fields
    return make_check_run(project, *outcomes, **fields)


def endorse(run, mentor, skill, level=WORKING, at=JULY, verdict="approved", **fields):
    review = run.repository.project.reviews.create(
        status="submitted",
        verdict=verdict,
        reviewer=mentor,
        body="I looked.",
        head_sha=run.head_sha,
        check_run=run,
        submitted_at=at,
        **fields,
    )
    if verdict == "approved":
        review.endorsements.create(skill=skill, level=level)
    return review


def reached(person, skill, kind):
    found = evidence.of(person).get(skill)
    return found.reached.get(kind) if found else None


# Claims


def test_a_claim_alone_is_ones_word(ada, project, skill):
    claim(project, skill, PRACTITIONER)

    found = evidence.of(ada)[skill]

    assert set(found.reached) == {Kind.DECLARED}
    assert (found.shown, found.declared) == (0, PRACTITIONER)
    assert found.reached[Kind.DECLARED].source == project
    assert found.why_not_higher == "Engine claims it, and its repository was not read yet."


def test_what_the_learner_declares_goes_before_what_a_claim_implies(ada, project, skill):
    claim(project, skill, PRACTITIONER)
    declarations.declare(ada, skill, AWARE)

    assert evidence.of(ada)[skill].declared == AWARE


def test_a_claim_on_an_own_checked_repository_is_demonstrated(ada, project, skill):
    claim(project, skill)
    run = look(project)

    found = evidence.of(ada)[skill]

    shown = found.reached[Kind.DEMONSTRATED]
    assert (shown.level, shown.since, shown.source) == (WORKING, JUNE, project)
    assert (shown.age, shown.note) == (Age.CURRENT, "")
    assert shown.demonstration.check_run == run
    assert (found.shown, found.strongest) == (WORKING, Kind.DEMONSTRATED)


def test_a_repository_that_nothing_shows_to_be_hers_demonstrates_nothing(ada, project, skill):
    project.repositories.update(has_proof_line=False)
    claim(project, skill)
    look(project)

    found = evidence.of(ada)[skill]

    assert Kind.DEMONSTRATED not in found.reached
    assert found.why_not_higher == (
        "Engine claims it, and nothing shows yet that the repository is yours."
    )


@pytest.mark.parametrize("how", [{"owner_id": 7}, {"author_id": 7, "own_commits": 1}])
def test_her_github_account_shows_that_it_is_hers(ada, project, skill, how):
    SocialAccount.objects.create(user=ada, provider="github", uid="7")
    project.repositories.update(has_proof_line=False, **how)
    claim(project, skill)
    look(project)

    assert reached(ada, skill, Kind.DEMONSTRATED)


def test_it_is_demonstrated_since_the_claim_where_that_came_later(ada, project, skill):
    look(project, at=MAY)
    claim(project, skill, at=JULY)

    assert reached(ada, skill, Kind.DEMONSTRATED).since == JULY


def test_checks_reach_practitioner_and_no_expert(ada, project, skill):
    claim(project, skill, EXPERT)
    look(project)

    found = evidence.of(ada)[skill]

    assert found.reached[Kind.DEMONSTRATED].level == PRACTITIONER
    assert "What is higher a mentor has to confirm." in found.why_not_higher


@pytest.mark.parametrize("tests", ["failed", "unknown"])
def test_a_project_that_never_passed_demonstrates_nothing(ada, project, skill, tests):
    claim(project, skill)
    look(project, tests=tests)

    found = evidence.of(ada)[skill]

    assert Kind.DEMONSTRATED not in found.reached
    assert found.why_not_higher == "Engine claims it, and a required check does not pass."


@pytest.mark.parametrize("tests", ["failed", "unknown"])
def test_a_newer_commit_that_does_not_pass_leaves_it_at_the_earlier_one(ada, project, skill, tests):
    claim(project, skill)
    look(project, FIRST, JUNE)
    look(project, SECOND, JULY, tests)

    shown = reached(ada, skill, Kind.DEMONSTRATED)

    assert (shown.age, shown.demonstration.head_sha) == (Age.EARLIER, FIRST)
    assert shown.note == "at an earlier commit"
    assert shown.since == JUNE
    assert shown.counts


def test_a_newer_commit_that_passes_keeps_the_day_it_began(ada, project, skill):
    claim(project, skill)
    look(project, FIRST, JUNE)
    look(project, SECOND, JULY, "unknown")
    look(project, THIRD, AUGUST)

    shown = reached(ada, skill, Kind.DEMONSTRATED)

    assert (shown.age, shown.since) == (Age.CURRENT, JUNE)
    assert shown.demonstration.head_sha == THIRD


def test_after_a_failure_it_begins_anew(ada, project, skill):
    claim(project, skill)
    look(project, FIRST, MAY)
    look(project, SECOND, JUNE, "failed")
    look(project, THIRD, JULY)

    assert reached(ada, skill, Kind.DEMONSTRATED).since == JULY


def test_a_failure_that_a_mentor_ruled_wrong_is_none(ada, grace, project, skill):
    claim(project, skill)
    run = look(project, tests="failed")
    ruling = {
        "disputed_by": ada,
        "sentence": "They are there.",
        "ruled_by": grace,
        "ruled_at": JULY,
    }
    run.repository.disputes.create(
        check_name="tests", tree_sha=run.tree_sha, ruling="accepted", **ruling
    )

    shown = reached(ada, skill, Kind.DEMONSTRATED)

    assert (shown.since, shown.age) == (JULY, Age.CURRENT)


def test_a_run_that_could_not_look_changes_nothing(ada, project, skill):
    claim(project, skill)
    look(project)
    make_check_run(project, conclusion="timed_out", head_sha="", requested_at=JULY)

    assert reached(ada, skill, Kind.DEMONSTRATED).age == Age.CURRENT


def test_a_withdrawn_claim_is_no_longer_demonstrated(ada, project, skill):
    made = claim(project, skill)
    look(project)
    made.delete()

    assert evidence.of(ada) == {}


def test_the_highest_of_several_projects_counts(ada, project, skill):
    claim(project, skill, AWARE)
    look(project)
    other = make_project(ada, title="Loom")
    other.repositories.update(has_proof_line=True, standing="readable")
    claim(other, skill, PRACTITIONER)
    look(other)

    shown = reached(ada, skill, Kind.DEMONSTRATED)

    assert (shown.level, shown.source) == (PRACTITIONER, other)


# Endorsements


def test_an_endorsement_is_about_the_commit_that_was_approved(ada, grace, project, skill):
    claim(project, skill)
    review = endorse(look(project), grace, skill, EXPERT)

    found = evidence.of(ada)[skill]

    shown = found.reached[Kind.ENDORSED]
    assert (shown.level, shown.since, shown.age) == (EXPERT, JULY, Age.CURRENT)
    assert shown.demonstration.review == review
    assert (found.shown, found.strongest, found.why_not_higher) == (EXPERT, Kind.ENDORSED, "")


def test_a_new_commit_makes_it_an_endorsement_at_an_earlier_one(ada, grace, project, skill):
    endorse(look(project, FIRST, JUNE), grace, skill)
    look(project, SECOND, AUGUST)

    shown = reached(ada, skill, Kind.ENDORSED)

    assert (shown.age, shown.counts) == (Age.EARLIER, True)


def test_changes_requested_endorses_nothing(ada, grace, project, skill):
    review = endorse(look(project), grace, skill)
    review.verdict = "changes_requested"
    review.save()

    assert reached(ada, skill, Kind.ENDORSED) is None


def test_who_judges_the_same_commit_anew_takes_the_word_back(ada, grace, project, skill):
    run = look(project)
    endorse(run, grace, skill, at=JULY)
    endorse(run, grace, skill, at=AUGUST, verdict="changes_requested")

    assert reached(ada, skill, Kind.ENDORSED) is None


def test_another_mentors_doubt_takes_no_ones_word_away(ada, grace, eve, project, skill):
    run = look(project)
    first = endorse(run, grace, skill, at=JULY)
    endorse(run, eve, skill, at=AUGUST, verdict="changes_requested", second_of=first)

    assert reached(ada, skill, Kind.ENDORSED).demonstration.review == first


def test_an_endorsement_outlives_the_mentors_account(ada, grace, project, skill):
    endorse(look(project), grace, skill)
    grace.delete()

    assert reached(ada, skill, Kind.ENDORSED).demonstration.review.reviewer is None


# A repository that goes away


@pytest.mark.parametrize(
    ("days", "age", "counts"), [(0, Age.STALE, True), (29, Age.STALE, True), (31, Age.LOST, False)]
)
def test_a_repository_that_is_gone_is_stale_and_then_lost(
    ada, grace, project, skill, days, age, counts, time_machine
):
    claim(project, skill)
    endorse(look(project), grace, skill)
    project.repositories.update(standing="not_found", missing_since=AUGUST)
    time_machine.move_to(AUGUST + timedelta(days=days))

    found = evidence.of(ada)[skill]

    for kind in (Kind.DEMONSTRATED, Kind.ENDORSED):
        assert (found.reached[kind].age, found.reached[kind].counts) == (age, counts)
    assert found.shown == (WORKING if counts else 0)
    assert (
        found.why_not_higher == "Engine showed it, and its repository can no longer be read."
    ) != counts


@pytest.mark.parametrize(
    ("away", "is_lost"),
    [(timedelta(days=30), False), (timedelta(days=30, seconds=1), True), (timedelta(0), False)],
)
def test_it_is_lost_after_thirty_days_to_the_second(away, is_lost):
    repository = Repository(standing="not_found", missing_since=AUGUST - away)

    assert demonstrations.is_lost(repository, AUGUST) is is_lost
    assert demonstrations.is_lost(Repository(), AUGUST) is False


def test_a_commit_is_named_by_seven_digits(ada, project, skill):
    claim(project, skill)
    look(project)

    assert reached(ada, skill, Kind.DEMONSTRATED).demonstration.short_sha == FIRST[:7]


def test_one_failed_look_makes_nothing_stale(ada, project, skill):
    """GitHub's 404 counts after three looks over two days; until then the repository stands."""
    claim(project, skill)
    look(project)
    project.repositories.update(missing_since=AUGUST, missing_looks=1)

    assert reached(ada, skill, Kind.DEMONSTRATED).age == Age.CURRENT


def test_an_unlinked_repository_leaves_the_endorsement_lost_and_told(ada, grace, project, skill):
    endorse(look(project), grace, skill)
    project.repositories.all().delete()

    shown = reached(ada, skill, Kind.ENDORSED)

    assert (shown.age, shown.note) == (Age.LOST, "no longer counted")
    assert evidence.of(ada)[skill].shown == 0


def test_a_retired_skill_is_shown_no_more(ada, grace, project, skill):
    claim(project, skill)
    endorse(look(project), grace, skill)
    skill.retired_at = AUGUST
    skill.save()

    assert evidence.of(ada) == {}


# Histories

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.sampled_from([FIRST, SECOND, THIRD]),
                  st.sampled_from(["passed", "failed", "unknown"])),
        st.tuples(st.just("endorse"), st.sampled_from([AWARE, WORKING, EXPERT]), st.booleans()),
        st.tuples(st.just("claim"), st.sampled_from(list(SkillLevel)), st.none()),
        st.tuples(st.just("unclaim"), st.none(), st.none()),
        st.tuples(st.just("vanish"), st.integers(0, 60), st.none()),
        st.tuples(st.just("return"), st.none(), st.none()),
        st.tuples(st.just("declare"), st.sampled_from(list(SkillLevel)), st.none()),
        st.tuples(st.just("take back"), st.none(), st.none()),
        st.tuples(st.just("study"), st.integers(0, 1), st.none()),
        st.tuples(st.just("reopen"), st.integers(0, 1), st.none()),
    ),
    max_size=14,
)  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS)
def test_whatever_happened_the_evidence_says_what_a_reader_of_the_history_would_say(
    events, time_machine
):
    with transaction.atomic():
        play(events, time_machine)
        transaction.set_rollback(True)


def play(events, time_machine):
    """Lives through the events, a day each, and compares the evidence with what they add up to."""
    day = MAY
    time_machine.move_to(day)
    ada, grace, skill = make_user("Ada"), make_user("Grace"), make_skill()
    project = make_project(ada)
    repository = project.repositories.get()
    Repository.objects.update(has_proof_line=True, standing="readable")
    module = make_unit().module
    units = [module.units.get(), make_unit(module=module)]
    module.taught.create(skill=skill, level=WORKING)
    claimed, looks, approvals, gone, declared, done = None, [], {}, None, None, {}
    for kind, what, more in events:
        day += timedelta(days=1)
        time_machine.move_to(day)
        if kind == "look" and not gone:
            looks.append((look(project, what, day, more), more))
        elif kind == "endorse" and looks:
            run = looks[-1][0]
            endorse(run, grace, skill, what, day, "approved" if more else "changes_requested")
            approvals[run.head_sha] = what if more else None
        elif kind == "claim":
            claimed = what
            project.claims.update_or_create(
                skill=skill, defaults={"level": what, "claimed_at": day}
            )
        elif kind == "unclaim":
            claimed = None
            project.claims.all().delete()
        elif kind == "vanish":
            gone = gone or day
            Repository.objects.update(standing="not_found", missing_since=gone)
            day += timedelta(days=what)
            time_machine.move_to(day)
        elif kind == "return":
            gone = None
            Repository.objects.update(standing="readable", missing_since=None)
        elif kind == "declare":
            declared = what
            declarations.declare(ada, skill, what)
        elif kind == "take back":
            declared = None
            declarations.take_back(ada, skill)
        elif kind == "study":
            done.setdefault(what, day)
            enrollments.complete_unit(enrollments.enroll(ada), units[what])
        elif kind == "reopen":
            done.pop(what, None)
            enrollments.reopen_unit(enrollments.enroll(ada), units[what])

    found = evidence.of(ada).get(skill)
    newest = looks[-1][0].head_sha if looks else None
    passed = [run.head_sha for run, tests in looks if tests == "passed"]
    is_lost = gone is not None and day - gone > GRACE
    endorsed = {sha: level for sha, level in approvals.items() if level}
    demonstrated = min(claimed, PRACTITIONER) if claimed and passed else 0
    studied = WORKING if len(done) == 2 else 0
    expected = max(studied, 0 if is_lost else max([demonstrated, *endorsed.values()]))

    assert (found.shown if found else 0) == expected
    assert (found is None) == (not claimed and not endorsed and not declared and not studied)
    if found:
        assert found.why_not_higher or found.shown == EXPERT
        assert all(MAY < reached.since <= day for reached in found.reached.values())
        assert set(found.reached) == {
            *([Kind.DECLARED] if claimed or declared else []),
            *([Kind.STUDIED] if studied else []),
            *([Kind.DEMONSTRATED] if demonstrated else []),
            *([Kind.ENDORSED] if endorsed else []),
        }
    if demonstrated:
        age = found.reached[Kind.DEMONSTRATED].age
        if gone:
            assert age == (Age.LOST if is_lost else Age.STALE)
        else:
            assert age == (Age.CURRENT if passed[-1] == newest else Age.EARLIER)
    assert repository.check_runs.count() == CheckRun.objects.filter(repository=repository).count()


def test_what_a_mentor_confirmed_says_how_far(ada, grace, project, skill):
    claim(project, skill, EXPERT)
    endorse(look(project), grace, skill, WORKING)

    found = evidence.of(ada)[skill]

    assert found.shown == PRACTITIONER
    assert found.why_not_higher == "A mentor confirms it to working so far."


# Cost


@pytest.mark.parametrize("size", [1, 100])
def test_a_profile_costs_twelve_queries_however_large(
    ada, grace, size, django_assert_max_num_queries
):
    SocialAccount.objects.create(user=ada, provider="github", uid="7")
    for number in range(size):
        skill = make_skill()
        project = make_project(ada)
        project.repositories.update(owner_id=7, standing="readable")
        claim(project, skill, EXPERT)
        run = look(project, tests="failed" if number % 3 == 0 else "passed")
        run.repository.disputes.create(
            check_name="tests", tree_sha=run.tree_sha, ruling="accepted", ruled_at=JULY,
            disputed_by=ada, sentence="They are there.",
        )  # fmt: skip
        endorse(run, grace, skill)

    with django_assert_max_num_queries(12):
        profile = evidence.of(ada)
        assert len(profile) == size
        for found in profile.values():
            assert found.skill.category.title
            assert set(found.reached) == {Kind.DECLARED, Kind.DEMONSTRATED, Kind.ENDORSED}
            endorsed = found.reached[Kind.ENDORSED]
            assert endorsed.source.get_absolute_url()
            assert endorsed.demonstration.review.reviewer.profile.name
