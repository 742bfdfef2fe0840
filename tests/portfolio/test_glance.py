"""Learners at a glance: how fast, since when stuck, what was lost, and who waits for whom."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curriculum import declarations, enrollments, progress
from curriculum.models import Degree, UnitCompletion
from portfolio import evidence, glance, readiness, reviews
from portfolio.evidence import Kind
from portfolio.glance import Reason, Show, Who
from portfolio.models import Project, Repository, Review
from tests.factories import (
    add_clause,
    enroll,
    make_check_run,
    make_cohort,
    make_mentorship,
    make_module,
    make_project,
    make_role,
    make_skill,
    make_unit,
    make_user,
)


def ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def units(db):
    module = make_module()
    return [make_unit(module=module, title=f"Lesson {n}", minutes=90) for n in range(6)]


@pytest.fixture
def path(ada, units):
    """Ada on the roadmap for ten weeks, at four hours a week."""
    return enroll(ada, units[0], weekly_hours=4, enrolled_at=ago(weeks=10))


def complete(enrollment, unit, **span):
    UnitCompletion.objects.create(enrollment=enrollment, unit=unit, completed_at=ago(**span))


def of(person):
    [found] = glance.of([person])
    return found


# Pace


def test_the_pace_is_that_of_the_last_four_weeks_against_the_plan(ada, path, units):
    complete(path, units[0], days=2)
    complete(path, units[1], days=27)
    complete(path, units[2], days=29)

    pace = of(ada).pace

    assert (pace.kept, pace.planned, pace.weeks) == (45, 240, 4)


def test_a_newcomer_is_measured_by_the_weeks_there_were(ada, units):
    path = enroll(ada, units[0], enrolled_at=ago(days=15))
    complete(path, units[0], days=1)

    assert (of(ada).pace.kept, of(ada).pace.weeks) == (45, 2)


def test_in_the_first_week_there_is_no_pace(ada, units):
    enroll(ada, units[0], enrolled_at=ago(days=6))

    assert of(ada).pace is None


# Last activity


def test_last_active_is_the_latest_of_what_moved(ada, path, units):
    assert of(ada).last_active_at is None
    complete(path, units[0], days=30)
    assert of(ada).last_active_at.date() == ago(days=30).date()
    project = make_project(ada, created_at=ago(days=20))
    assert of(ada).last_active_at.date() == ago(days=20).date()
    project.repositories.update(changed_at=ago(days=10))
    assert of(ada).last_active_at.date() == ago(days=10).date()
    project.reviews.create(requested_at=ago(days=5))
    assert of(ada).last_active_at.date() == ago(days=5).date()


def test_a_review_given_unasked_is_no_activity_of_the_learner(ada, grace, path):
    project = make_project(ada, created_at=ago(days=50))
    moment = ago(days=1)
    project.reviews.create(
        status="submitted", verdict="approved", body="Good.", reviewer=grace, head_sha="a" * 40,
        requested_at=moment, submitted_at=moment, is_asked=False,
    )  # fmt: skip

    assert of(ada).last_active_at.date() == ago(days=50).date()


def test_study_time_and_notes_are_nobody_elses_and_do_not_count(ada, path, units):
    ada.study_sessions.create(unit=units[0], day=timezone.localdate(), minutes=60)

    assert of(ada).last_active_at is None


def test_a_request_that_is_only_prepared_is_nothing_asked_yet(ada, path):
    project = make_project(ada, created_at=ago(days=50))
    reviews.prepare(project, question="Is it honest?")

    assert of(ada).last_active_at.date() == ago(days=50).date()
    assert of(ada).asks is None


def test_who_asked_waits_still_while_a_mentor_writes(ada, grace, path):
    project = make_project(ada)
    make_check_run(project)
    reviews.claim(reviews.request(project), grace)

    assert of(ada).asks.project == project


def test_a_review_that_a_mentor_began_unasked_is_nothing_waited_for(ada, grace, path):
    project = make_project(ada)
    make_check_run(project)
    reviews.begin(project, grace)

    assert of(ada).asks is None


# Stuck


@pytest.mark.parametrize(("days", "is_stuck"), [(13, False), (15, True)])
def test_two_weeks_without_a_move_are_stuck(days, is_stuck, ada, path, units):
    complete(path, units[0], days=days)

    stuck = of(ada).stuck

    assert (stuck is not None) == is_stuck
    if stuck:
        assert stuck.reason == Reason.QUIET
        assert stuck.since.date() == ago(days=days).date()
        assert of(ada).on_roadmap.last_unit == "Lesson 0"


def test_who_never_began_is_stuck_since_they_enrolled(ada, path):
    assert of(ada).stuck.reason == Reason.NOT_BEGUN
    assert of(ada).stuck.since == path.enrolled_at


def test_who_never_enrolled_is_stuck_since_they_came(ada):
    assert of(ada).stuck is None
    ada.date_joined = ago(days=20)
    ada.save()

    assert of(ada).stuck.reason == Reason.NOT_BEGUN


def test_who_has_nothing_left_open_is_not_stuck(ada, path, units):
    for unit in units[:4]:
        complete(path, unit, days=60)
    assert of(ada).stuck
    for unit in units[4:]:
        enrollments.skip_unit(path, unit)

    assert of(ada).on_roadmap.open_units == 0
    assert of(ada).stuck is None


def test_who_waits_for_a_mentor_is_not_stuck_but_waits(ada, path, units):
    complete(path, units[0], days=40)
    make_project(ada, created_at=ago(days=40)).reviews.create(requested_at=ago(days=30))

    found = of(ada)

    assert found.stuck is None
    assert found.asks.who == Who.MENTOR
    assert found.asks.since.date() == ago(days=30).date()


def returned(project, **span):
    return project.reviews.create(
        status="submitted", verdict="changes_requested", body="Mend it.", head_sha="a1" * 20,
        requested_at=ago(days=60), submitted_at=ago(**span),
    )  # fmt: skip


def test_changes_that_were_asked_for_and_not_made_are_the_learners_turn(ada, path, units):
    project = make_project(ada, created_at=ago(days=70))
    returned(project, days=20)

    found = of(ada)

    assert found.asks is None
    assert found.owes.project == project
    assert found.stuck.reason == Reason.RETURNED
    make_check_run(project, head_sha="b2" * 20)
    assert of(ada).owes is None


def test_a_dispute_waits_for_a_mentor_too(ada, path):
    project = make_project(ada)
    run = make_check_run(project, ("tests", "failed"), tree_sha="7e" * 20)
    dispute = project.repositories.get().disputes.create(
        check_name="tests", tree_sha=run.tree_sha, disputed_by=ada, sentence="They are there."
    )

    assert of(ada).asks.dispute == dispute


# Checks lost


def runs(project, *outcomes, check="tests"):
    """One look after the other, each a day later than the one before."""
    for number, outcome in enumerate(outcomes):
        make_check_run(
            project, (check, outcome), tree_sha=f"{number:040x}",
            requested_at=ago(days=len(outcomes) - number),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("outcomes", "is_lost"),
    [
        (["passed", "failed"], True),
        (["passed", "unknown", "failed"], True),
        (["passed", "failed", "failed"], True),
        (["failed", "failed"], False),
        (["passed", "unknown"], False),
        (["passed", "failed", "unknown"], False),
        (["passed", "failed", "passed"], False),
        (["failed"], False),
    ],
)
def test_a_check_is_lost_that_passed_once_and_fails_now(outcomes, is_lost, ada):
    project = make_project(ada)
    runs(project, *outcomes)

    assert [lost.check_name for lost in of(ada).lost] == (["tests"] if is_lost else [])


def test_advice_is_not_lost(ada):
    runs(make_project(ada), "passed", "failed", check="licence")

    assert of(ada).lost == ()


def test_what_a_mentor_overruled_is_not_lost(ada, grace):
    project = make_project(ada)
    runs(project, "passed", "failed")
    project.repositories.get().disputes.create(
        check_name="tests", tree_sha=f"{1:040x}", disputed_by=ada, sentence="There.",
        ruling="accepted", ruled_by=grace, ruled_at=timezone.now(),
    )  # fmt: skip

    assert of(ada).lost == ()


def test_what_another_repository_passed_is_not_lost_here(ada):
    runs(make_project(ada), "passed")
    runs(make_project(ada), "failed")

    assert of(ada).lost == ()


# The list


def people(grace):
    """One who waits long, one who waits, one with a lost check, one stuck, one under way."""
    found = {}
    for name in ("Busy", "Stuck", "Lost", "Waits", "Waits Long"):
        found[name] = make_user(name)
        make_mentorship(mentor=grace, learner=found[name])
    User = type(found["Busy"])
    User.objects.filter(pk=found["Stuck"].pk).update(date_joined=ago(days=30))
    runs(make_project(found["Lost"]), "passed", "failed")
    make_project(found["Waits"]).reviews.create(requested_at=ago(days=1))
    make_project(found["Waits Long"]).reviews.create(requested_at=ago(days=9))
    return list(User.objects.filter(pk__in=[p.pk for p in found.values()]).order_by("pk"))


def test_those_in_most_need_come_first(grace):
    found = glance.by_need(glance.of(people(grace)))

    names = [each.learner.profile.name for each in found]
    assert names == ["Waits Long", "Waits", "Lost", "Stuck", "Busy"]


def test_filters_keep_what_they_say(grace):
    found = glance.of(people(grace))

    kept = {show: [e.learner.profile.name for e in glance.shown(found, show)] for show in Show}

    assert kept[Show.WAITING] == ["Waits", "Waits Long"]
    assert kept[Show.STUCK] == ["Stuck"]
    assert kept[Show.LOST] == ["Lost"]
    assert len(kept[Show.ALL]) == 5


def test_the_next_words_are_about_what_is_most_urgent(ada):
    assert of(ada).write_about is None
    first, second = make_project(ada), make_project(ada)
    make_check_run(first, requested_at=ago(days=3))
    make_check_run(second, requested_at=ago(days=2))
    assert of(ada).write_about == second
    first.reviews.create()

    assert of(ada).write_about == first


def test_the_desk_filters_and_writes_in_one_click(grace, as_user):
    people(grace)
    client = as_user(grace)

    page = client.get("/mentoring/?show=lost").content.decode()
    table = page[page.index("<table") : page.index("</table>")]

    assert "Lost</a>" in table
    assert "Waits" not in table
    assert "no longer passes in" in table
    project = Project.objects.get(owner__profile__name="Lost")
    assert f'href="/@lost/{project.slug}/review/"' in table
    assert client.get("/mentoring/?show=nonsense&cohort=%00&page=x").status_code == 200


def test_the_desk_of_one_cohort_holds_its_learners_alone(ada, grace, eve, as_user):
    make_cohort(slug="spring", mentors=[grace], learners=[eve])
    make_cohort(slug="foreign", mentors=[ada], learners=[make_user("Zoe")])
    client = as_user(grace)

    both = client.get("/mentoring/").content.decode()
    spring = client.get("/mentoring/?cohort=spring").content.decode()
    foreign = client.get("/mentoring/?cohort=foreign").content.decode()

    assert "Ada Nwosu" in both
    assert "Eve Moreau" in both
    assert "Ada Nwosu" not in spring
    assert "Eve Moreau" in spring
    assert "Zoe" not in foreign


def fill(person):
    """Something of every kind that a glance tells of."""
    project = make_project(person)
    runs(project, "passed", "failed")
    project.reviews.create()
    other = make_project(person)
    returned(other, days=3)
    other.repositories.get().disputes.create(
        check_name="tests", tree_sha="7e" * 20, disputed_by=person, sentence="There."
    )


def cost(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def test_three_hundred_learners_cost_as_many_queries_as_one(grace, katherine, units, as_user):
    cohort = make_cohort(slug="spring", mentors=[grace], organisers=[katherine])
    costs = []
    for count in (1, 299):
        for number in range(count):
            person = make_user()
            cohort.memberships.create(person=person, part="learner")
            path = enroll(person, units[0], enrolled_at=ago(weeks=9))
            complete(path, units[0], days=40)
            if number % 20 == 0:
                fill(person)
        for person, address in [
            (grace, "/mentoring/"),
            (grace, "/mentoring/?cohort=spring"),
            (katherine, "/cohorts/spring/"),
        ]:
            client = as_user(person)
            client.get("/settings/profile/")
            costs.append(cost(client, address))

    assert costs[:3] == costs[3:]
    assert max(costs) <= 40


# Readiness for a role


def aiming(person, role, *shown):
    """Enrolled for a role, with these skills shown by checks and one said, and a degree told."""
    path = enroll(person, target_role=role)
    project = make_project(person)
    project.repositories.update(has_proof_line=True, standing="readable")
    for skill in shown:
        project.claims.create(skill=skill, level=2)
    make_check_run(project, ("readme", "passed"), ("tests", "passed"))
    return path


@pytest.fixture
def role(db):
    role = make_role("Junior ML engineer", min_years=1)
    for name in ("Testing", "Docker", "Statistics"):
        add_clause(role, (make_skill(name), 2))
    return role


def skills_of(role):
    return [clause.alternatives.get().skill for clause in role.requirements.all()]


def test_the_desk_says_in_one_line_how_each_learner_stands_for_their_role(
    ada, grace, eve, role, as_user
):
    make_mentorship(mentor=grace, learner=eve)
    testing, docker, _statistics = skills_of(role)
    aiming(ada, role, testing, docker)
    aiming(eve, role, testing)

    page = " ".join(as_user(grace).get("/mentoring/").content.decode().split())

    assert "Junior ML engineer: 2 of 3 met" in page
    assert "Junior ML engineer: 1 of 3 met" in page
    assert 'href="/mentoring/ada-nwosu/#aim-title"' in page


def test_who_aims_for_nothing_has_no_such_line_and_an_organiser_reads_none(
    ada, grace, katherine, role, as_user
):
    make_cohort(slug="spring", organisers=[katherine], learners=[ada])
    path = aiming(ada, role, *skills_of(role))
    assert "3 of 3 met" in as_user(grace).get("/mentoring/").content.decode()
    assert "3 of 3 met" not in as_user(katherine).get("/cohorts/spring/").content.decode()
    path.target_role = None
    path.save()

    assert "Junior ML engineer" not in as_user(grace).get("/mentoring/").content.decode()


def test_each_of_many_stands_as_they_do_alone(ada, grace, eve, role, units):
    make_mentorship(mentor=grace, learner=eve)
    testing, docker, statistics = skills_of(role)
    units[0].module.taught.create(skill=docker, level=1)
    path = aiming(ada, role, testing)
    for unit in units:
        complete(path, unit, days=9)
    aiming(eve, role, testing, statistics)
    SocialAccount.objects.create(user=eve, provider="github", uid="77")
    Repository.objects.filter(project__owner=eve).update(owner_id=77, has_proof_line=False)
    declarations.declare(eve, docker, 2)
    declarations.state_background(eve, {"data": 24}, Degree.BACHELOR, "")
    people = [ada, eve]

    together = evidence.of_each(people, seen_by=grace)
    ready = readiness.of_each([(person, role) for person in people], seen_by=grace)

    for person in people:
        alone = evidence.of(person, seen_by=grace)
        assert together[person.pk] == alone
        assert ready[person.pk] == readiness.of(person, role, alone)
    assert [each.state for each in ready[eve.pk].clauses] == ["met", "self", "met"]
    assert [each.state for each in ready[ada.pk].clauses] == ["met", "partly", "missing"]
    assert [each.is_enough for person in people for each in ready[person.pk].said] == [False, True]


def test_study_counts_on_the_desk_as_on_the_page_of_skills(ada, units, role):
    path = aiming(ada, role)
    docker = skills_of(role)[1]
    units[0].module.taught.create(skill=docker, level=2)
    for unit in units:
        complete(path, unit, days=9)

    found = evidence.of(ada)
    assert list(found) == [docker]
    assert progress.studied(path) == {docker: found[docker].reached[Kind.STUDIED].level}


def test_readiness_of_forty_learners_costs_as_many_queries_as_that_of_two(
    grace, role, units, as_user
):
    costs = []
    skills = skills_of(role)
    for count in (2, 38):
        for number in range(count):
            person = make_user()
            make_mentorship(mentor=grace, learner=person)
            path = aiming(person, role, *skills[: 1 + number % 2])
            complete(path, units[0], days=40)
            declarations.declare(person, skills[2], 2)
            fill(person)
        client = as_user(grace)
        client.get("/settings/profile/")
        costs.append(cost(client, "/mentoring/"))

    assert costs[0] == costs[1]
    assert costs[0] <= 40


def test_returned_reviews_of_others_are_not_mixed_in(ada, eve):
    returned(make_project(eve), days=3)

    assert Review.objects.returned().count() == 1
    assert not Review.objects.returned_to(ada).exists()
    assert of(ada).waiting == ()
