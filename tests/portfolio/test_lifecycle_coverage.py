"""The stages from data to monitoring on a project's page, from what the checks saw."""

import pytest

from portfolio import lifecycle, verdicts
from portfolio.checks.lifecycle import STAGES
from portfolio.verdicts import Reader
from tests.factories import make_check_run, make_project


def see(project, *stages, outcome="passed", **run):
    """A look at which these stages were shown, each by a file of its name; JSON keeps no order."""
    check_run = make_check_run(project, ("lifecycle", outcome), **run)
    check_run.findings.update(
        details={"stages": {name: name in stages for name in reversed(STAGES)}},
        evidence=[
            {"path": f"{name}.py", "line": 7, "what": name} for name in STAGES if name in stages
        ],
    )
    return check_run


@pytest.fixture
def engine(ada):
    return make_project(ada, slug="engine", visibility="public")


def coverage_of(project, reader=Reader.OWNER):
    return lifecycle.of(verdicts.of_many(project.repositories.all(), reader=reader).values())


def test_each_stage_has_the_place_that_shows_it(engine):
    see(engine, "data", "training", "serving")

    found = coverage_of(engine)

    assert {s.name: s.place["path"] for s in found.shown} == {
        "data": "data.py", "training": "training.py", "serving": "serving.py",
    }  # fmt: skip
    assert found.nearest.name == "automation"  # the next after what is shown
    assert found.sentence.startswith("3 of 8 stages")


def test_two_repositories_count_together(ada, engine):
    see(engine, "data", "training")
    other = make_project(ada)
    see(other, "serving")
    other.repositories.update(project=engine)

    assert [stage.name for stage in coverage_of(engine).shown] == ["data", "training", "serving"]


def test_without_a_look_or_without_learning_nothing_is_drawn(engine):
    assert coverage_of(engine) is None

    see(engine, outcome="not_applicable")

    assert coverage_of(engine) is None


def test_what_could_not_be_seen_is_not_said_to_be_missing(engine, client, ada, as_user):
    see(engine, "training", outcome="unknown")

    page = as_user(ada).get("/projects/engine/").content.decode()

    assert "there may be more" in page
    assert 'aria-label="not seen"' in page
    assert 'aria-label="not shown"' not in page


def test_when_all_is_shown_nothing_is_advised(engine):
    see(engine, *STAGES)

    found = coverage_of(engine)

    assert (found.nearest, found.advice, lifecycle.module_for(found)) == (None, "", None)


def test_a_stranger_hears_nothing_of_what_stands_in_a_private_repository(ada, engine, client):
    run = see(engine, "data", "training")
    ada.profile.is_public = True
    ada.profile.save()
    page = client.get("/@ada-nwosu/engine/").content.decode()
    assert f"blob/{run.head_sha}/training.py#L7" in page
    assert "The nearest" not in page

    engine.repositories.update(is_private=True)

    assert coverage_of(engine, Reader.STRANGER) is None
    assert "training.py" not in client.get("/@ada-nwosu/engine/").content.decode()
