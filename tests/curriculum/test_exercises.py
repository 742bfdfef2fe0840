"""Exercises: a ZIP to solve on one's own machine, whose tests are true, and a word on how it went."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from curriculum import exercises
from curriculum.models import ExerciseResult
from tests.factories import make_question

pytestmark = pytest.mark.once

SOLUTIONS = Path(__file__).parent / "exercise_solutions"
SLUGS = sorted(exercises.slugs())


@pytest.fixture
def two_sum(db):
    return make_question(slug="two-sum-pairs", format="coding", prompt="Find two numbers.")


def run_tests(folder):
    """pytest as the learner runs it, on the files of the ZIP."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_tests_fail_on_the_starter_and_pass_on_a_solution(slug, tmp_path, db):
    archive = exercises.starter(make_question(slug=slug, format="coding"))
    with zipfile.ZipFile(io.BytesIO(archive)) as package:
        package.extractall(tmp_path)
    folder = tmp_path / slug
    [module] = [path for path in folder.glob("*.py") if not path.name.startswith("test_")]

    failed = run_tests(folder)
    assert failed.returncode == 1, failed.stdout
    module.write_text((SOLUTIONS / module.name).read_text())
    passed = run_tests(folder)

    assert passed.returncode == 0, passed.stdout


def test_every_exercise_belongs_to_a_coding_question_of_the_content(settings):
    import yaml

    file = settings.BASE_DIR / "curriculum" / "content" / "interview.yaml"
    questions = yaml.safe_load(file.read_text())["questions"]

    coding = {entry["slug"] for entry in questions if entry["format"] == "coding"}
    assert coding >= exercises.slugs()


def test_the_zip_is_the_same_every_time_and_says_how_to_run_it(two_sum, client):
    response = client.get("/questions/two-sum-pairs/exercise.zip")

    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="two-sum-pairs.zip"'
    assert response.content == client.get("/questions/two-sum-pairs/exercise.zip").content
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        assert package.namelist() == [
            "two-sum-pairs/README.md", "two-sum-pairs/test_two_sum.py", "two-sum-pairs/two_sum.py",
        ]  # fmt: skip
        assert "python -m pytest" in package.read("two-sum-pairs/README.md").decode()


@pytest.mark.parametrize("slug", ["no-such-question", "..", "two-sum-pairs/../x"])
def test_there_is_no_exercise_of_what_is_none(slug, two_sum, client):
    assert client.get(f"/questions/{slug}/exercise.zip").status_code == 404


def test_a_question_without_files_has_no_exercise(db, as_user, ada):
    make_question(slug="plain", format="coding")
    client = as_user(ada)

    assert client.get("/questions/plain/exercise.zip").status_code == 404
    assert client.post("/questions/plain/result/", {"outcome": "passed"}).status_code == 404
    assert "Download the exercise" not in client.get("/questions/plain/").content.decode()


def test_how_it_went_is_kept_as_ones_own_word(two_sum, ada, eve, as_user):
    client = as_user(ada)

    response = client.post("/questions/two-sum-pairs/result/", {"outcome": "part", "minutes": "25"})

    assert response.url == "/questions/two-sum-pairs/#exercise"
    page = client.get("/questions/two-sum-pairs/").content.decode()
    assert "Some pass, 25 min" in page
    assert "your word" in page
    assert "Some pass, 25" not in as_user(eve).get("/questions/two-sum-pairs/").content.decode()


@pytest.mark.parametrize("data", [{}, {"outcome": "great"}, {"outcome": "passed", "minutes": "-1"}])
def test_what_is_no_result_is_told(data, two_sum, ada, as_user):
    assert as_user(ada).post("/questions/two-sum-pairs/result/", data).status_code == 422
    assert not ExerciseResult.objects.exists()
