"""Breadth and depth: kinds of problem by skills, and one suggestion that deepens before it adds."""

import pytest
from django.utils import timezone

from curriculum.models import Brief
from portfolio import breadth
from portfolio.breadth import Step
from portfolio.evidence import Kind
from tests.factories import enroll, make_check_run, make_project, make_skill, make_unit
from tests.portfolio.test_lifecycle_coverage import see

PASSED = [("readme", "passed"), ("readme-content", "passed"), ("tests", "passed")]
STORY = dict.fromkeys(["problem", "data", "approaches", "evaluation", "results"], "It is told.")


def deepen(project, *steps, mentor=None):
    """Do these steps of a project; the checks come first."""
    skill = make_skill()
    project.repositories.update(has_proof_line=True, standing="readable")
    if Step.CHECKED in steps:
        run = make_check_run(project, *PASSED)
    if Step.CLAIMED in steps:
        project.claims.create(skill=skill, level=2)
    if Step.TOLD in steps:
        for name, text in STORY.items():
            setattr(project, name, text)
    if Step.RUNS in steps:
        project.demo_url = "https://demo.example.org/"
    project.save()
    if Step.MEASURED in steps:
        project.measurements.create(
            metric="Error", baseline="2", result="1", direction="lower", path="a.md",
            repository=project.repositories.get(), verdict="number", looked_at=timezone.now(),
        )  # fmt: skip
    if Step.APPROVED in steps:
        project.reviews.create(
            status="submitted", verdict="approved", body="Good.", reviewer=mentor, check_run=run,
            head_sha=run.head_sha, submitted_at=timezone.now(),
        )  # fmt: skip
    return skill


# The grid


def test_each_skill_has_its_strongest_evidence_in_each_kind_of_problem(ada):
    said = make_project(ada, problem_kind="forecasting")
    shown = make_project(ada, problem_kind="forecasting", title="Shown")
    other = make_project(ada, problem_kind="vision")
    skill = deepen(shown, Step.CHECKED, Step.CLAIMED)
    for project, level in ((said, 3), (other, 1)):
        project.claims.create(skill=skill, level=level)

    grid = breadth.of(ada)

    [row] = grid.rows
    assert grid.kinds == ("forecasting", "vision")
    assert [(cell.kind, cell.level) for cell in row.cells] == [
        (Kind.DEMONSTRATED, 2), (Kind.DECLARED, 1),
    ]  # fmt: skip
    assert row.cells[0].project == shown
    assert grid.columns == [("Forecasting", 2), ("Computer vision", 1)]
    assert "Regression" in grid.not_shown


def test_a_project_without_a_kind_stands_in_a_column_of_its_own_and_is_asked_for_one(ada, as_user):
    project = make_project(ada, slug="engine", title="Engine")
    project.claims.create(skill=make_skill("Testing"), level=2)

    page = as_user(ada).get("/breadth/").content.decode()

    assert "No kind told" in page
    assert "/projects/engine/edit/#id_problem_kind" in page


def test_the_kind_is_chosen_with_the_rest_of_the_project(ada, as_user, client):
    ada.profile.is_public = True
    ada.profile.save()
    make_project(ada, slug="engine")
    data = {"title": "Engine", "visibility": "public", "problem_kind": "ranking"}

    as_user(ada).post("/projects/engine/edit/", data)

    client.logout()
    for address in ("/@ada-nwosu/", "/@ada-nwosu/engine/"):
        assert "Search, ranking and recommendation" in client.get(address).content.decode()


# The suggestion


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ([], "have its required checks pass"),
        ([Step.CHECKED], "say which skills it shows"),
        ([Step.CHECKED, Step.CLAIMED], "tell the headings of its case study"),
        ([Step.CHECKED, Step.CLAIMED, Step.TOLD], "give it a number"),
        ([Step.CHECKED, Step.CLAIMED, Step.TOLD, Step.MEASURED], "where somebody else can try it"),
        (list(Step)[:-1], "have a mentor look at it"),
    ],
)
def test_the_next_step_of_a_project_is_what_deepens_it(ada, done, words):
    deepen(make_project(ada, title="Engine"), *done)

    suggestion = breadth.of(ada).suggestion

    assert suggestion.what.startswith("Deepen “Engine”")
    assert words in suggestion.what
    assert f"It has {len(done)} of the 6 things" in suggestion.why


def test_the_project_that_is_nearest_is_deepened_first(ada):
    make_project(ada, title="New")
    deepen(make_project(ada, title="Nearly"), Step.CHECKED, Step.CLAIMED, Step.TOLD)
    deepen(make_project(ada, title="Begun"), Step.CHECKED)

    grid = breadth.of(ada)

    assert [d.project.title for d in grid.depths] == ["Nearly", "Begun", "New"]
    assert grid.suggestion.what.startswith("Deepen “Nearly”")


def test_beyond_training_the_checks_say_what_is_missing(ada):
    project = make_project(ada, title="Engine")
    deepen(project, Step.CLAIMED, Step.TOLD, Step.MEASURED)
    run = see(project, "data", "training")
    for position, (name, outcome) in enumerate(PASSED, 5):
        run.findings.create(
            check_name=name, outcome=outcome, position=position, state=outcome, confidence="high"
        )

    suggestion = breadth.of(ada).suggestion

    assert "beyond training. Put the model behind something" in suggestion.what


def test_only_when_all_are_deep_another_kind_of_problem_is_worth_adding(ada, grace):
    project = make_project(ada)
    deepen(project, *Step, mentor=grace)
    enroll(ada)
    built, practice, next_one = (make_unit() for _ in range(3))
    for unit, kind in ((built, "portfolio"), (practice, "practice"), (next_one, "portfolio")):
        Brief.objects.create(unit=unit, kind=kind, problem="One.", data="Some.", evaluation="A.")
        unit.module.stage.roadmap = ada.enrollments.get().roadmap
    project.brief = built.brief
    project.save()

    suggestion = breadth.of(ada).suggestion

    assert suggestion.what == f"Add a project of another kind: {next_one.title}."
    assert suggestion.address == next_one.get_absolute_url()
    next_one.brief.delete()
    assert breadth.of(ada).suggestion.address == "/projects/new/"


def test_without_a_project_nothing_is_suggested_but_to_start(ada, as_user):
    assert breadth.of(ada).suggestion is None
    assert "Start with one" in as_user(ada).get("/breadth/").content.decode()


def test_many_projects_cost_as_many_queries_as_one(ada, grace, django_assert_max_num_queries):
    for kind in ("vision", "ranking", "language", ""):
        project = make_project(ada, problem_kind=kind)
        deepen(project, *Step, mentor=grace)

    with django_assert_max_num_queries(20):
        grid = breadth.of(ada)
        assert len(grid.rows) == 4
        assert all(
            cell.project.get_absolute_url() for row in grid.rows for cell in row.cells if cell
        )
