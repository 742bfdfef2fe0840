"""Python tests are known by what they hold, never by their name."""

import pytest

from portfolio.checks import Confidence, Outcome
from portfolio.checks.tests import python
from portfolio.checks.tests.language import Project
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import inspect

OWN = {"src/bikes/__init__.py": "", "src/bikes/model.py": "def predict(x):\n    return x\n"}


def found(files, **facts):
    return inspect({**OWN, **files}, **facts)["tests"]


def look(text, path="tests/test_model.py", **project):
    return python.examine(path, text, Project(**project))


@pytest.mark.parametrize(
    "text",
    [
        "def test_a():\n    assert predict(1) == 1\n",
        "async def test_a():\n    assert await predict(1)\n",
        "def test_a(client, tmp_path):\n    assert predict(client)\n",
        "class TestModel:\n    def test_a(self):\n        assert predict(1)\n",
        (
            "import unittest\nclass Model(unittest.TestCase):\n    def test_a(self):\n"
            "        self.assertEqual(predict(1), 1)\n"
        ),
        (
            "from django.test import SimpleTestCase\nclass A(SimpleTestCase):\n"
            "    def test_a(self):\n        self.assertTrue(f())\n"
        ),
        "class Base(TestCase):\n    pass\nclass A(Base):\n    def test_a(self):\n        self.assertIn(f(), [1])\n",
        "import pytest\ndef test_a():\n    with pytest.raises(ValueError):\n        predict(None)\n",
        "import numpy as np\ndef test_a():\n    np.testing.assert_allclose(predict(1), 1)\n",
        "def test_a(mock):\n    predict(mock)\n    mock.assert_called_once_with(1)\n",
        "def check(x):\n    assert x > 0\ndef test_a():\n    check(predict(1))\n",
        (
            "class T(TestCase):\n    def ok(self, x):\n        self.assertTrue(x)\n"
            "    def test_a(self):\n        self.ok(f())\n"
        ),
        "def check(x):\n    assert x\ndef more(x):\n    check(x)\ndef test_a():\n    more(predict(1))\n",
        "def test_a():\n    if predict(1) != 1:\n        raise AssertionError('wrong')\n",
        "if True:\n    def test_a():\n        assert predict(1)\n",
        "@pytest.mark.parametrize('x', [1])\ndef test_a(x):\n    assert predict(x)\n",
        "@pytest.mark.skipif(True, reason='slow')\ndef test_a():\n    assert predict(1)\n",
        "\ufeffdef test_a():\n    assert predict(1)\n",
    ],
)
def test_a_case_that_can_fail_is_a_test(text):
    assert len(look(text).cases) == 1


@pytest.mark.parametrize(
    "text",
    [
        "def test_a():\n    predict(1)\n",
        "def test_a():\n    assert True\n",
        "def test_a():\n    assert 1 + 1 == 2\n",
        "def test_a():\n    assert 'it works'\n",
        "def test_a():\n    x = 1\n    assert x == x\n",
        "def test_a():\n    print(predict(1))\n",
        "class T(unittest.TestCase):\n    def test_a(self):\n        self.assertTrue(True)\n",
        "class T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(1, 1)\n",
        "@pytest.mark.skip\ndef test_a():\n    assert predict(1)\n",
        "@unittest.skip('later')\ndef test_a():\n    assert predict(1)\n",
        "pytestmark = pytest.mark.skip\ndef test_a():\n    assert predict(1)\n",
        "import pytest\npytest.skip('no', allow_module_level=True)\ndef test_a():\n    assert predict(1)\n",
    ],
)
def test_a_case_that_cannot_fail_is_a_stub(text):
    result = look(text)
    assert (len(result.cases), len(result.stubs)) == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "def train():\n    assert data is not None\n",
        "@pytest.fixture\ndef test_data():\n    assert load()\n",
        "class Tester:\n    def __init__(self):\n        pass\n    def test_all(self):\n        assert self.model\n",
        "def outer():\n    def test_inner():\n        assert f()\n",
        "def test(model, loader):\n    assert model\nfor epoch in range(3):\n    test(net, data)\n",
        "import argparse\nargs = argparse.ArgumentParser().parse_args()\nassert args.model\n",
        "",
        "# only a comment\n",
    ],
)
def test_what_no_runner_collects_is_no_case(text):
    result = look(text, "test_model.py")
    assert result.cases == ()
    assert result.stubs == ()
    assert result.why_none


def test_an_evaluation_script_called_test_is_a_look_alike():
    text = """
        import torch
        from bikes.model import predict

        def test(model, loader, device):
            assert len(loader) > 0
            correct = sum(predict(x) == y for x, y in loader)
            print(correct)

        if __name__ == "__main__":
            test(torch.load("m.pt"), [], "cpu")
        """
    none = found({"test.py": text})
    assert (none.outcome, none.state) == (Outcome.FAILED, "none_lookalike")
    assert [item.path for item in none.lookalikes] == ["test.py"]
    assert none.fix


def test_a_test_py_with_a_real_case_counts():
    text = (
        "import unittest\nfrom bikes.model import predict\n"
        "class A(unittest.TestCase):\n    def test_a(self):\n"
        "        self.assertEqual(predict(1), 1)\n"
    )
    verified = found({"src/test.py": text})
    assert (verified.outcome, verified.state) == (Outcome.PASSED, "verified")
    assert (verified.evidence[0].path, verified.evidence[0].line) == ("src/test.py", 4)


def test_a_test_that_imports_the_projects_code_is_sure():
    text = "from src.bikes.model import predict\n\ndef test_a():\n    assert predict(1) == 1\n"
    assert found({"tests/test_model.py": text}).confidence == Confidence.HIGH


def test_a_test_that_imports_nothing_of_the_project_is_less_sure_and_says_so():
    text = "import pandas\n\ndef test_a():\n    assert len(pandas.read_csv('x.csv')) > 3\n"
    verified = found({"tests/test_files.py": text})
    assert verified.confidence == Confidence.MEDIUM
    assert "own code" in verified.summary
    assert "call a function of src/bikes/model.py" in verified.fix


def test_ci_that_runs_it_makes_a_test_sure():
    text = "def test_a():\n    assert open('x.csv').read()\n"
    workflow = "jobs:\n  t:\n    steps:\n      - run: pytest\n"
    files = {"tests/test_files.py": text, ".github/workflows/ci.yml": workflow}
    assert found(files).confidence == Confidence.HIGH


def test_a_file_with_cases_and_stubs_counts_both():
    text = "def test_a():\n    assert f()\n\ndef test_b():\n    f()\n"
    details = found({"tests/test_a.py": text}).details
    assert (details["cases"], details["stubs"]) == (1, 1)


def test_stubs_alone_fail_and_show_the_line():
    text = "import os\n\ndef test_a():\n    assert True\n"
    stub = found({"tests/test_a.py": text})
    assert (stub.outcome, stub.state) == (Outcome.FAILED, "stub")
    assert (stub.lookalikes[0].path, stub.lookalikes[0].line) == ("tests/test_a.py", 3)


def test_djangos_untouched_tests_py_is_boilerplate_without_being_read():
    text = "from django.test import TestCase\n\n# Create your tests here.\n"
    result = found({"app/tests.py": text})
    assert (result.outcome, result.state) == (Outcome.FAILED, "boilerplate")


def test_djangos_boilerplate_is_known_with_other_line_ends_too():
    text = "from django.test import TestCase\r\n\r\n\r\n# Create your tests here.\r\n"
    assert found({"app/tests.py": text}).state == "boilerplate"


def test_an_empty_test_file_is_a_stub():
    result = found({"tests/test_model.py": "", "tests/__init__.py": ""})
    assert (result.outcome, result.state) == (Outcome.FAILED, "stub")


def test_a_file_that_is_no_python_is_not_judged():
    result = found({"tests/test_model.py": "def test_a(:\n    assert f()\n"})
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "unverified")
    assert result.lookalikes[0].what == "it is not valid Python"


def test_python_2_is_read_by_its_lines():
    text = (
        "from bikes.model import predict\nclass T(TestCase):\n"
        "    def test_a(self):\n        print 'x'\n"
        "        self.assertEqual(predict(1), 1)\n"
    )
    result = look(text, modules=frozenset({"bikes"}))
    assert [case.line for case in result.cases] == [3]
    assert result.is_own


@pytest.mark.parametrize(
    ("text", "project", "count"),
    [
        ('def f(x):\n    """\n    >>> f(1)\n    1\n    """\n', {"runs_doctests": True}, 1),
        ('def f(x):\n    """\n    >>> f(1)\n    1\n    """\n', {}, 0),
        ('def f(x):\n    """\n    >>> f(1)\n    """\n', {"runs_doctests": True}, 0),
        ('"""\n>>> f(1)\n1\n"""\nimport doctest\ndoctest.testmod()\n', {}, 1),
    ],
)
def test_doctests_count_when_something_runs_them(text, project, count):
    assert len(look(text, "src/bikes/model.py", **project).cases) == count


def test_a_doctests_line_is_that_of_its_example():
    text = 'def f(x):\n    """Double it.\n\n    >>> f(1)\n    2\n    """\n'
    assert look(text, "src/m.py", runs_doctests=True).cases[0].line == 4


def test_doctests_that_pyproject_collects_are_found_in_ordinary_modules():
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--doctest-modules"\n',
        "sorting.py": 'def f(x):\n    """\n    >>> f([2, 1])\n    [1, 2]\n    """\n',
    }
    assert found(files).state == "verified"


def test_tests_inside_the_modules_they_test_are_found():
    text = (
        "import unittest\ndef f(x):\n    return x\n\n"
        "class TestF(unittest.TestCase):\n    def test_f(self):\n"
        "        self.assertEqual(f(1), 1)\n"
    )
    assert found({"attention.py": text}).evidence[0].path == "attention.py"


def test_a_function_called_test_in_an_ordinary_module_is_none():
    text = "def test_model():\n    assert model.ready\n\ndef main():\n    pass\n"
    assert found({"train.py": text}).outcome == Outcome.FAILED


def test_assertions_at_the_top_of_a_test_file_run_when_it_is_collected():
    assert len(look("from m import f\nassert f(2) == 4\n", "tests/test_f.py").cases) == 1


def test_a_guard_of_the_scripts_input_is_no_assertion_of_a_result():
    assert look("import os\nassert os.path.exists('model.pt')\n", "test_run.py").cases == ()


def test_checks_that_report_by_exit_code_count_with_low_confidence():
    text = """
        import sys
        from bikes.model import predict

        def test_predict():
            if predict(1) != 1:
                print("wrong")
                return False
            return True

        if __name__ == "__main__":
            sys.exit(0 if test_predict() else 1)
        """
    result = found({"tests/test_run.py": text})
    assert (result.outcome, result.confidence) == (Outcome.PASSED, Confidence.LOW)


@pytest.mark.parametrize(
    "text",
    [
        'OK_FORMAT = True\n\ntest = {"name": "q1", "suites": []}\n',
        "### BEGIN HIDDEN TESTS\ndef test_a():\n    assert f(1)\n### END HIDDEN TESTS\n",
        "from dlai_grader.grading import test_case\ndef test_a():\n    assert f(1)\n",
    ],
)
def test_tests_that_came_with_a_course_are_left_to_a_mentor(text):
    result = found({"tests/test_q1.py": text})
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "course_provided")


def test_an_own_test_beside_the_courses_counts():
    files = {
        "tests/test_q1.py": "OK_FORMAT = True\ntest = {}\n",
        "tests/test_own.py": "from bikes.model import predict\ndef test_a():\n    assert predict(1) == 1\n",
    }
    assert found(files).state == "verified"


def test_tests_of_a_github_classroom_may_be_the_teachers():
    files = {
        ".github/workflows/classroom.yml": "on: push\njobs: {}\n",
        ".github/classroom/autograding.json": '{"tests": [{"run": "pytest test_lab.py"}]}',
        "test_lab.py": "def test_a():\n    assert predict(1) == 1\n",
    }
    assert found(files).state == "course_provided"
    own = {"tests/test_mine.py": "def test_b():\n    assert predict(2) == 2\n"}
    assert found({**files, **own}).state == "verified"


def test_a_scaffolds_version_check_is_no_test():
    text = """
        import sys

        def main():
            if sys.version_info.major != 3:
                raise TypeError("This project requires Python 3")
            print("ok")

        if __name__ == "__main__":
            main()
        """
    result = found({"test_environment.py": text, "tests/.gitkeep": ""})
    assert (result.outcome, result.state) == (Outcome.FAILED, "none_lookalike")


@pytest.mark.parametrize("reason", list(Unread))
def test_a_test_file_that_could_not_be_read_is_never_a_no(reason):
    result = found({"tests/test_model.py": reason})
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "unverified")
    assert result.lookalikes[0].path == "tests/test_model.py"


def test_one_real_test_settles_it_though_another_file_is_unread():
    files = {
        "tests/test_a.py": "def test_a():\n    assert f()\n",
        "tests/test_b.py": Unread.TOO_LARGE,
    }
    assert found(files).outcome == Outcome.PASSED


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "x = " + "[" * 50_000 + "]" * 50_000,
        "-" * 100_000 + "1",
        "def f():\n" + " if x:\n" * 3 + "  pass\n",
        "\0" * 100,
        "x = '" + "\\" * 99_999,
        "".join(f"{' ' * depth}if x:\n" for depth in range(99)) + " " * 99 + "pass\n",
        "if x: pass\n" + "elif x: pass\n" * 8_000,
        "a" + ".b" * 40_000,
        "lambda: " * 20_000 + "1",
        "f(" * 80 + ")" * 80,
        "def test_a():\n    assert " + " or ".join(["x"] * 20_000),
        "x = " + "+".join(["1"] * 40_000),
        "\\d" * 50_000,
        "'\\d'\n" * 20_000,
    ],
    ids=range(15),
)
def test_no_text_can_make_the_parser_raise(text):
    python.examine("test_x.py", text, Project())


def test_brackets_nested_deeper_than_any_person_writes_are_not_parsed():
    assert python.parse("x = " + "[" * 89 + "]" * 89) is not None
    assert python.parse("x = " + "[" * 91 + "]" * 91) is None


def test_a_file_above_the_size_limit_is_not_parsed():
    assert look("x = 1\n" * 40_000).is_unreadable


@pytest.mark.parametrize(
    "body",
    [
        "assert 1 + 1 == 2",
        "x = [1, 2]\n    assert len(x) == 2",
        "import math\n    assert math.sqrt(4) == 2",
        "total = sum(n for n in range(3))\n    assert total == 3",
        "with pytest.raises(ZeroDivisionError):\n        1 / 0",
    ],
)
def test_a_test_of_literals_alone_would_pass_whatever_the_project_does(body):
    """Generators leave such a test behind; it says nothing about the learner's code."""
    text = f"import pytest\ndef test_a():\n    {body}\n"
    assert not look(text).cases
    result = found({"tests/test_a.py": text})
    assert (result.outcome, result.state) == (Outcome.FAILED, "stub")
    assert "depends on your code" in result.summary


@pytest.mark.parametrize(
    "text",
    [
        "import os\ndef test_a():\n    assert os.path.exists('data.csv')\n",
        "def test_a():\n    assert open('report.txt').read()\n",
        "class T(TestCase):\n    def setUp(self):\n        self.m = Model()\n"
        "    def test_a(self):\n        self.assertTrue(self.m)\n",
        "def test_a(model):\n    assert model\n",
    ],
    ids=["file", "open", "set-up", "fixture"],
)
def test_what_a_test_is_given_or_reaches_is_not_known_beforehand(text):
    assert len(look(text).cases) == 1
