"""Ada's solution of an exercise in a repository that was checked: found by its tests, and never run."""

import pytest

from curriculum import solutions
from curriculum.models import ExerciseSolution
from portfolio import check_runs, connection, projects
from tests.factories import make_project, make_question

FOLDER = solutions.FOLDER / "two-sum-pairs"
TESTS, STARTER = (FOLDER / name for name in ("test_two_sum.py", "two_sum.py"))
SOLVED = "def two_sum(numbers, target):\n    return None\n"


def git(text):
    return solutions.git_id(text.encode())


def test_an_object_id_is_the_one_git_gives():
    assert git("hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_every_exercise_is_known_by_its_tests():
    slugs = {exercise.slug for exercise in solutions.by_test().values()}

    assert slugs == {folder.name for folder in solutions.FOLDER.iterdir()}


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"two_sum.py": SOLVED, "test_two_sum.py": "T"}, "two_sum.py"),
        ({"a/b/two_sum.py": SOLVED, "a/b/test_two_sum.py": "T"}, "a/b/two_sum.py"),
        ({"two_sum.py": SOLVED, "tests/test_two_sum.py": "T"}, "two_sum.py"),
        ({"src/two_sum.py": SOLVED, "tests/test_pairs.py": "T"}, "src/two_sum.py"),
        ({"two_sum.py": "S", "test_two_sum.py": "T"}, None),  # as it was handed out
        ({"two_sum.py": SOLVED, "test_two_sum.py": "x = 1\n"}, None),  # other tests
        ({"test_two_sum.py": "T"}, None),
        ({"other/two_sum.py": SOLVED, "test_two_sum.py": "T"}, None),
    ],
)
def test_a_solution_is_what_stands_beside_the_tests_and_is_not_the_starter(files, path):
    texts = {"T": TESTS.read_text(), "S": STARTER.read_text()}
    listed = [(name, git(texts.get(text, text))) for name, text in files.items()]

    assert solutions.among(listed).get("two-sum-pairs") == path


def test_line_ends_of_windows_hide_nothing():
    crlf = {
        "two_sum.py": SOLVED.replace("\n", "\r\n"),
        "test_two_sum.py": TESTS.read_text().replace("\n", "\r\n"),
    }

    assert solutions.among([(name, git(text)) for name, text in crlf.items()])


def test_a_check_notes_it_and_the_question_shows_it_with_its_place(ada, eve, hub, as_user):
    question = make_question(slug="two-sum-pairs", format="coding")
    files = {"two_sum.py": SOLVED, "test_two_sum.py": TESTS.read_text()}
    hub.add("ada/katas", files)
    project = make_project(ada, repository="ada/katas")

    def check():
        with connection.connect() as github:
            check_runs.execute(
                check_runs.claim(check_runs.request(project.repositories.get()).pk), github
            )

    check()
    page = as_user(ada).get(question.get_absolute_url()).text
    head = hub.repository("ada/katas").head.sha
    assert f"/ada/katas/blob/{head}/two_sum.py" in page
    assert "We do not run it" in page
    assert "ada/katas" not in as_user(eve).get(question.get_absolute_url()).text

    hub.push("ada/katas", {"two_sum.py": STARTER.read_text()})
    check()
    assert not ExerciseSolution.objects.exists()
    hub.push("ada/katas", {"two_sum.py": SOLVED})
    check()
    assert ExerciseSolution.objects.get().learner == ada
    projects.unlink(project.repositories.get())
    assert not ExerciseSolution.objects.exists()
