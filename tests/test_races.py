"""What two tabs, two presses or two processes write in one moment, of each act that reads before it writes.

Those with a story of their own are in the modules' tests; docs/races.md lists all of them.
"""

import pytest
from django.db import close_old_connections
from django.utils import timezone

from accounts import blocks, kinds, notices
from accounts.kinds import Timing
from accounts.models import Block, NoticeChoice
from curriculum import (
    asked,
    canvases,
    declarations,
    exercises,
    mock_interviews,
    mock_sheets,
    own_resources,
    practice,
)
from curriculum.exercises import Place
from curriculum.mock_sheets import Sheet
from curriculum.models import (
    Card,
    Declaration,
    Education,
    Experience,
    OwnResource,
    Practice,
    SkillLevel,
)
from portfolio import (
    access,
    case_studies,
    contributions,
    defences,
    disputes,
    measurements,
    projects,
    reports,
    resumes,
    reviews,
    sources,
    stories,
)
from portfolio.github.links import parse
from portfolio.models import Claim, Dispute, Listing, Project, Story
from tests.factories import (
    make_check_run,
    make_mentorship,
    make_mock_interview,
    make_project,
    make_question,
    make_skill,
    make_unit,
    make_user,
)
from tests.portfolio.test_at_once import press
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 4
STORY = dict.fromkeys(Story.PARTS, "Words.") | {"title": "A day", "project": None, "themes": []}


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """What is sent stays on the queue."""
    for task in ("execute_check_run", "fetch_listing", "look_at_contribution"):
        monkeypatch.setattr(f"portfolio.tasks.{task}.delay", lambda pk: None)


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, slug="engine", title="Engine")
    make_check_run(project, ("tests", "failed"), tree_sha="b" * 40)
    return project


def outcomes(*acts):
    """What each act of one moment gave; an exception by the name of its class."""

    def tried(act):
        def run():
            try:
                return act()
            except Exception as error:
                return type(error).__name__
            finally:
                close_old_connections()

        return run

    return at_once(*[tried(act) for act in acts])


# Accounts


def test_somebody_blocked_by_four_presses_is_blocked_once(ada, grace):
    assert set(map(type, outcomes(*[lambda: blocks.block(ada, grace)] * TIMES))) == {Block}
    assert Block.objects.count() == 1


def test_both_block_each_other_at_once_and_nobody_waits_for_ever(ada, grace):
    found = outcomes(lambda: blocks.block(ada, grace), lambda: blocks.block(grace, ada))

    assert set(map(type, found)) == {Block}
    assert Block.objects.count() == 2


def test_a_choice_of_letters_pressed_in_four_tabs_is_one_row(ada):
    timings = [Timing.DAILY, Timing.NEVER] * 2
    acts = [
        lambda timing=timing: notices.choose(ada, kinds.CHECK_LOST, timing) for timing in timings
    ]

    assert outcomes(*acts) == [None] * TIMES
    assert NoticeChoice.objects.get().timing in timings


# Curriculum


def test_a_practice_begun_by_four_settings_is_one(ada):
    acts = [lambda: asked.share(ada, True), lambda: mock_interviews.welcome_peers(ada, True)] * 2

    assert not any(isinstance(found, str) for found in outcomes(*acts))
    kept = Practice.objects.get()
    assert (kept.is_sharing, kept.meets_peers) == (True, True)


def test_of_canvases_begun_in_four_tabs_one_is_kept_and_the_others_are_told(ada):
    question = make_question(format="system-design")
    acts = [
        lambda n=n: canvases.write(ada, question, {"requirements": f"Tab {n}."}, [])
        for n in range(TIMES)
    ]

    found = outcomes(*acts)

    assert found.count("WrittenMeanwhile") == TIMES - 1


def test_a_skill_declared_four_times_is_declared_once(ada):
    skill = make_skill()
    acts = [lambda level=level: declarations.declare(ada, skill, level) for level in SkillLevel]

    assert set(map(type, outcomes(*acts))) == {Declaration}
    assert Declaration.objects.get().level in list(SkillLevel)


def test_a_background_told_in_four_tabs_is_one_of_the_four(ada):
    fields = Experience.Field.values[:2]
    acts = [
        lambda n=n: declarations.state_background(ada, dict.fromkeys(fields, n), 1, f"Tab {n}")
        for n in range(1, TIMES + 1)
    ]

    assert outcomes(*acts) == [None] * TIMES
    months = set(Experience.objects.values_list("months", flat=True))
    assert len(months) == 1
    assert Experience.objects.count() == len(fields)
    assert Education.objects.get().subject == f"Tab {months.pop()}"


def test_nobody_gets_past_the_end_of_a_list_of_links_by_being_quick(ada):
    unit = make_unit()
    for number in range(own_resources.MOST_ON_A_UNIT - 1):
        own_resources.add(ada, unit, title="Link", url=f"https://example.org/{number}")
    acts = [
        lambda n=n: own_resources.add(ada, unit, title="Last", url=f"https://example.org/last-{n}")
        for n in range(TIMES)
    ]

    found = outcomes(*acts)

    assert found.count("TooMany") == TIMES - 1
    assert OwnResource.objects.count() == own_resources.MOST_ON_A_UNIT


def test_a_link_added_by_four_presses_is_there_once(ada):
    unit = make_unit()
    act = lambda: own_resources.add(ada, unit, title="One", url="https://example.org/one").pk  # noqa: E731

    assert len(set(outcomes(*[act] * TIMES))) == 1


def test_a_question_taken_by_four_presses_is_one_card(ada):
    question = make_question()

    assert set(map(type, outcomes(*[lambda: practice.take(ada, question)] * TIMES))) == {Card}
    assert Card.objects.count() == 1


def test_a_solution_seen_by_two_looks_at_once_is_there_once(ada):
    question = make_question(format="coding")
    place = Place("ada/engine", "a.py", "https://github.com/ada/engine/blob/a/a.py", "a" * 40)
    acts = [lambda: exercises.seen_in("repository-1", ada, {question.slug: place})] * TIMES

    assert outcomes(*acts) == [None] * TIMES
    assert question.exercise_solutions.count() == 1


def test_of_sheets_written_in_two_tabs_one_is_kept_and_the_other_is_told(ada, grace):
    interview = make_mock_interview(ada, grace, agreed=timezone.now())
    acts = [
        lambda n=n: mock_sheets.write(
            interview, Sheet(private_note=f"Tab {n}."), by=grace, version=interview.sheet_version
        )
        for n in range(2)
    ]

    assert outcomes(*acts).count("WrittenMeanwhile") == 1
    assert interview.private_notes.get().text.startswith("Tab")


# Portfolio


def test_of_case_studies_written_in_two_tabs_one_is_kept_and_the_other_is_told(engine):
    version = case_studies.version_of(engine)
    said = dict.fromkeys(("summary", *Project.CASE_STUDY), "")
    acts = [
        lambda n=n: case_studies.write(engine, said | {"summary": f"Tab {n}."}, version=version)
        for n in range(2)
    ]

    assert outcomes(*acts).count("WrittenMeanwhile") == 1


def test_a_story_kept_by_four_presses_is_one(ada):
    found = outcomes(*[lambda: stories.write(ada, STORY)] * TIMES)

    assert set(map(type, found)) == {Story}
    assert Story.objects.count() == 1


def test_a_number_kept_by_four_presses_is_one(engine):
    said = dict.fromkeys(measurements.WORDS, "") | {
        "metric": "Error",
        "result": "1",
        "repository": None,
    }
    said |= {"direction": "lower"}
    found = outcomes(*[lambda: measurements.write(engine, said)] * TIMES)

    assert not any(isinstance(one, str) for one in found), found
    assert engine.measurements.count() == 1


def test_numbers_moved_in_two_tabs_keep_each_a_place(engine):
    rows = [
        engine.measurements.create(metric=f"M{n}", result="1", direction="lower", position=n)
        for n in range(1, 6)
    ]
    acts = [lambda row=row: measurements.move(row, 2) for row in rows[:TIMES]]

    assert outcomes(*acts) == [None] * TIMES
    assert sorted(engine.measurements.values_list("position", flat=True)) == [1, 2, 3, 4, 5]


def test_a_repository_linked_by_four_presses_is_linked_once(engine):
    link = parse("ada/other")

    found = outcomes(*[lambda: projects.link_repository(engine, link)] * TIMES)

    assert found.count("AlreadyLinked") == TIMES - 1
    assert engine.repositories.count() == 2


def test_a_pull_request_added_by_four_presses_is_there_once(engine):
    link = parse("pandas-dev/pandas")

    found = outcomes(*[lambda: contributions.add(engine, link, 12)] * TIMES)

    assert found.count("AlreadyThere") == TIMES - 1


def test_a_token_given_in_four_tabs_is_one(engine):
    repository = engine.repositories.get()
    acts = [lambda n=n: access.give(repository, f"github_pat_{n}").pk for n in range(TIMES)]

    assert len(set(outcomes(*acts))) == 1


def test_a_finding_disputed_by_four_presses_is_disputed_once(engine, ada):
    finding = engine.repositories.get().check_runs.get().findings.get(check_name="tests")
    act = lambda: disputes.raise_dispute(finding, by=ada, sentence="It has tests.").pk  # noqa: E731

    assert len(set(outcomes(*[act] * TIMES))) == 1
    assert Dispute.objects.count() == 1


def test_a_review_reported_and_doubted_by_four_presses_is_each_once(engine, ada, grace):
    make_mentorship(mentor=make_user("Alan"), learner=ada)
    run = reviews.latest_commit(engine)
    judged = reviews.submit(engine, reviewer=grace, verdict="approved", body="Good.", check_run=run)
    told = outcomes(*[lambda: reports.report(judged, ada, reason="rude").pk] * TIMES)
    asked_again = outcomes(*[lambda: reviews.ask_for_second_opinion(judged, by=ada).pk] * TIMES)

    assert len(set(told)) == len(set(asked_again)) == 1


def test_files_of_a_review_wanted_by_four_readers_are_one_listing(engine, grace):
    review = reviews.claim(reviews.request(engine), grace)

    found = outcomes(*[lambda: [row.pk for row in sources.want(review)]] * TIMES)

    assert all(one == found[0] for one in found)
    assert Listing.objects.count() == 1


def test_a_skill_claimed_and_a_note_saved_in_four_tabs_are_each_one(engine, ada, grace):
    skill = make_skill()
    claimed = [
        press(ada, "/projects/engine/claims/", skill=skill.pk, level=2) for _ in range(TIMES)
    ]
    address = f"/mentoring/{ada.profile.handle}/note/"
    noted = [press(grace, address, text=f"Tab {n}.") for n in range(TIMES)]

    assert at_once(*claimed) == [302] * TIMES
    assert at_once(*noted) == [302] * TIMES
    assert Claim.objects.count() == grace.private_notes.count() == 1


def test_a_project_and_its_resume_asked_about_by_four_presses_are_one_set_of_cards(engine, ada):
    assert outcomes(*[lambda: defences.begin(engine)] * TIMES) == [None] * TIMES
    assert outcomes(*[lambda: defences.refresh(ada)] * TIMES) == [None] * TIMES
    sources_of_cards = list(Card.objects.values_list("source", flat=True))
    assert len(sources_of_cards) == len(set(sources_of_cards))


def test_a_skill_shown_and_hidden_in_four_tabs_is_one_choice(ada):
    resume = resumes.create(ada, name="Engineer", role=None)
    skill = make_skill()
    acts = [
        lambda shown=shown: resumes.show_skill(resume, skill, shown) for shown in [True, False] * 2
    ]

    assert not any(isinstance(found, str) for found in outcomes(*acts))
    assert resume.skill_choices.count() == 1
