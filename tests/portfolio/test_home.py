"""What next: one answer for each person who comes back, and the rest below it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import mentorships
from accounts.models import Invitation
from curriculum import declarations, enrollments, progress
from curriculum.models import UnitCompletion
from portfolio import disputes, next_step
from portfolio.changes import Change, News
from portfolio.models import CheckRun, Review
from portfolio.next_step import Step
from tests.factories import (
    add_clause,
    make_check_run,
    make_project,
    make_review,
    make_role,
    make_skill,
    make_unit,
)

NOW = timezone.now


def words(response):
    return " ".join(response.content.decode().split())


def headline(client):
    """What stands in the first section of the page."""
    return words(client.get("/")).partition('class="next"')[2].partition("</section>")[0]


def decide(**found):
    nothing = dict.fromkeys(["questions", "disputes", "returned", "news"], ())
    return next_step.decide(**{**nothing, "picture": None, "is_mentor": False, **found})


def test_home_says_how_ready_one_is_and_what_is_nearest(ada, way, as_user):
    skills = [make_skill(name) for name in ("Testing", "Docker", "Statistics")]
    role = make_role("Junior ML engineer")
    for skill in skills:
        add_clause(role, (skill, 2))
    add_clause(role, (make_skill("Rust"), 2), is_required=False)
    declarations.declare(ada, skills[1], 3)
    way.target_role = role
    way.save()

    aim = words(as_user(ada).get("/")).partition('id="aim-title"')[2].partition("</section>")[0]

    assert "3 clauses that the role requires" in aim
    assert "<dt>missing</dt><dd>2</dd>" in aim
    assert "you say practitioner" in aim
    assert "No module teaches it further." in aim  # why it is not higher
    assert aim.index("Docker") < aim.index("Testing")  # the nearest first
    assert "Rust" not in aim
    assert "All 3 that are not met, and the way to each" in aim


@pytest.fixture
def way(ada):
    """Ada on the roadmap, with two units before her."""
    first = make_unit(title="Loops", position=1)
    make_unit(title="Lists", position=2, module=first.module)
    return enrollments.enroll(ada)


def reviewed(project, mentor, *, days=1, verdict="changes_requested", head_sha="a1" * 20):
    return make_review(
        project,
        status="submitted",
        verdict=verdict,
        body="One more test, please.",
        reviewer=mentor,
        head_sha=head_sha,
        submitted_at=NOW() - timedelta(days=days),
    )


# The decision


def test_people_who_wait_come_before_work_and_work_before_the_way(way):
    picture = progress.overview(way)
    worse = News(CheckRun(), [Change("tests", "passed", "failed")])
    ranked = {
        "questions": [Review()],
        "disputes": ["a dispute"],
        "returned": [Review()],
        "news": [worse],
        "picture": picture,
    }
    steps = []
    for name in ranked:
        found = dict(list(ranked.items())[list(ranked).index(name) :])
        steps.append(decide(**found).step)

    assert steps == [Step.QUESTION, Step.DISPUTE, Step.RETURNED, Step.WORSE, Step.UNIT]


def test_a_change_for_the_better_or_of_mere_advice_is_not_urgent(way):
    better = News(CheckRun(), [Change("tests", "failed", "passed")])
    advice = News(CheckRun(), [Change("licence", "passed", "failed")])

    assert decide(news=[better, advice], picture=progress.overview(way)).step == Step.UNIT


def test_the_end_of_the_way_and_those_who_are_on_none(way):
    for unit in progress.overview(way).route:
        enrollments.complete_unit(way, unit)

    assert decide(picture=progress.overview(way)).step == Step.ARRIVED
    assert decide().step == Step.START
    assert decide(is_mentor=True).step == Step.DESK


# The page of each person


def test_a_newcomer_is_asked_for_a_role_and_sees_the_way(as_user, ada):
    make_unit()
    client = as_user(ada)

    page = words(client.get("/"))

    assert "Find your place on the roadmap" in headline(client)
    assert 'class="strip"' in page
    assert "This week" not in page
    assert page.count("btn primary") == 1


def test_without_a_roadmap_home_opens_all_the_same(as_user, ada):
    assert "Find your place on the roadmap" in headline(as_user(ada))


def test_a_learner_goes_on_with_the_next_unit(as_user, ada, way):
    client = as_user(ada)

    page = words(client.get("/"))

    assert "Loops" in headline(client)
    assert "unit 1 of 2" in headline(client)
    for heading in ["This week", "Projects", "Your aim", "Forecast"]:
        assert heading in page
    assert 'class="heat' not in page  # nothing completed yet
    assert page.count("btn primary") == 1


def test_a_skipped_unit_is_off_the_way_and_told_beside_the_count(as_user, ada, way):
    enrollments.skip_unit(way, progress.next_unit(way))
    client = as_user(ada)

    assert "Lists" in headline(client)
    assert "0 of 2 units complete, 1 skipped." in words(client.get("/"))


def test_who_has_done_everything_has_arrived(as_user, ada, way):
    for unit in progress.overview(way).route:
        enrollments.complete_unit(way, unit)
    client = as_user(ada)

    page = words(client.get("/"))

    assert "Every unit of the roadmap is complete" in headline(client)
    assert "Nothing is open, so nothing is planned." in page
    assert page.count('class="heat') == 2


def test_who_skipped_the_rest_has_nothing_open_and_is_not_told_that_all_is_complete(
    as_user, ada, way
):
    first, second = progress.overview(way).route
    enrollments.complete_unit(way, first)
    enrollments.skip_unit(way, second)
    client = as_user(ada)

    assert "Nothing is open on your route" in headline(client)
    assert "1 complete and 1 skipped" in headline(client)
    assert "complete</h1>" not in headline(client)


def test_a_mentor_sees_first_who_waits_longest(as_user, ada, grace):
    second = make_project(ada, title="Second")
    make_review(second, question="Later?", requested_at=NOW() - timedelta(days=1))
    first = make_project(ada, title="First", slug="first")
    make_review(first, question="Is <it> fair?", requested_at=NOW() - timedelta(days=3))
    client = as_user(grace)

    page = words(client.get("/"))

    assert "First" in headline(client)
    assert "“Is &lt;it&gt; fair?”" in headline(client)
    assert "/@ada-nwosu/first/review/" in headline(client)
    below = page.partition("Also waiting for you")[2]
    assert "Second" in below
    assert "/@ada-nwosu/first/review/" not in below


def test_one_question_is_not_listed_twice(as_user, ada, grace):
    make_review(make_project(ada, title="Only"))

    page = words(as_user(grace).get("/"))

    assert "Also waiting for you" not in page
    assert page.count("Only") == 1


def test_a_mentor_is_asked_to_rule_on_a_disputed_finding(as_user, ada, grace):
    run = make_check_run(make_project(ada, title="Engine"), ("tests", "failed"), tree_sha="7e" * 20)
    dispute = disputes.raise_dispute(run.findings.get(), by=ada, sentence="They are there.")
    client = as_user(grace)

    assert "“They are there.”" in headline(client)
    assert f"/disputes/{dispute.pk}/" in headline(client)


def test_a_mentor_for_whom_nobody_waits_is_sent_to_the_desk(as_user, grace):
    assert "Nobody waits for you" in headline(as_user(grace))


def test_a_mentor_who_learns_too_goes_on_when_nobody_waits(as_user, ada, grace, way):
    enrollments.enroll(grace)
    client = as_user(grace)
    assert "Loops" in headline(client)

    make_review(make_project(ada, title="Engine"))
    assert "Engine" in headline(client)
    assert "Continue on the roadmap" in headline(client)


def test_staff_who_learn_nothing_are_asked_like_everybody(as_user, katherine):
    make_unit()

    assert "Find your place on the roadmap" in headline(as_user(katherine))


def test_eve_sees_nothing_of_adas(as_user, ada, eve, grace, way):
    project = make_project(ada, title="Engine")
    make_check_run(project, ("tests", "passed"))
    make_review(project)
    for unit in progress.overview(way).route:
        enrollments.complete_unit(way, unit)

    page = words(as_user(eve).get("/")).partition("<main")[2]

    for word in ("Engine", "Loops", "complete", "Waiting"):
        assert word not in page


# A review that is back


def test_a_review_that_asks_for_changes_comes_first(as_user, ada, grace, way):
    project = make_project(ada, title="Engine", slug="engine")
    reviewed(project, grace)
    client = as_user(ada)

    assert "Your review is back" in headline(client)
    assert "Grace Halloran" in headline(client)
    assert "One more test, please." in headline(client)
    assert project.reviews.get().get_absolute_url() in headline(client)
    assert "Continue on the roadmap" in headline(client)


def test_a_review_whose_mentor_is_gone_comes_first_all_the_same(as_user, ada, grace):
    reviewed(make_project(ada, title="Engine"), None)

    assert "Engine" in headline(as_user(ada))


@pytest.mark.parametrize(
    "then",
    ["a new commit is read", "asked again", "reviewed again", "two weeks pass", "approved"],
)
def test_it_goes_when_something_followed(as_user, ada, grace, way, then):
    project = make_project(ada, title="Engine")
    make_check_run(project, ("tests", "passed"), requested_at=NOW() - timedelta(days=2))
    review = reviewed(project, grace)
    if then == "a new commit is read":
        make_check_run(project, ("tests", "passed"), head_sha="b2" * 20)
    elif then == "asked again":
        make_review(project)
    elif then == "reviewed again":
        reviewed(project, grace, days=0, verdict="approved")
    elif then == "two weeks pass":
        Review.objects.update(submitted_at=NOW() - timedelta(days=15))
    else:
        review.verdict = "approved"
        review.save()

    assert "Loops" in headline(as_user(ada))


def test_a_check_of_the_same_commit_and_a_withdrawn_question_do_not_send_it_away(
    as_user, ada, grace, way
):
    project = make_project(ada, title="Engine")
    reviewed(project, grace)
    make_check_run(project, ("tests", "passed"))
    make_review(project, status="withdrawn", withdrawn_at=NOW())

    assert "Engine" in headline(as_user(ada))


def test_what_a_check_found_worse_comes_first_and_can_be_followed(as_user, ada, way):
    project = make_project(ada, title="Engine", slug="engine")
    old = NOW() - timedelta(days=20)
    make_check_run(project, ("tests", "passed"), ("licence", "failed"), requested_at=old)
    run = make_check_run(project, ("tests", "failed"), ("licence", "passed"))
    client = as_user(ada)

    page = words(client.get("/"))

    assert "A check changed" in headline(client)
    assert "Tests: passed before, and does not now." in headline(client)
    news = page.partition("Checks that changed")[2].partition("</section>")[0]
    assert "Tests" in news
    assert "Licence" in news
    assert f"/check-runs/{run.pk}/" in news


def test_an_invitation_is_told_beside_what_comes_first(as_user, ada, eve, way):
    mentorships.invite(eve, ada.email, Invitation.Seeks.LEARNER)

    page = words(as_user(ada).get("/"))

    assert "Somebody invites you to a mentorship." in page
    assert "Loops" in page


def test_the_week_shows_what_is_done_and_what_is_planned(as_user, ada, way):
    enrollments.study_on(way, range(1, 8))
    enrollments.complete_unit(way, progress.next_unit(way))

    page = words(as_user(ada).get("/"))

    week = page.partition("This week")[2].partition("</section>")[0]
    assert 'aria-label="done"' in week
    assert "Loops" in week
    assert "1 h of" in week
    assert UnitCompletion.objects.count() == 1
