"""Lists of Python packages: locked, pinned or loose, with the lines that tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.checks import Outcome, requirements
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import inspect

PYPROJECT = """\
[project]
name = "bikes"
dependencies = [
    "numpy==1.26.4",
    "pandas>=2",
    "scikit-learn[extra] ~= 1.4 ; python_version > '3.9'",
]

[tool.poetry.dependencies]
python = "^3.11"
torch = "2.1.0"
fastapi = { version = "^0.110", extras = ["all"] }
"""
CONDA = """\
name: bikes
channels:
  - conda-forge
  - defaults
dependencies:
  - python=3.11
  - numpy=1.26
  - pandas>=2
  - pip
  - pip:
      - mlflow==2.1
"""


def judge(files, **facts):
    return inspect(files, **facts)["environment"]


@pytest.mark.parametrize(
    "line",
    [
        "numpy==1.26.4",
        "numpy == 1.26.4  # for the arrays",
        "numpy[extra]===1.26.4",
        'numpy==1.26.4; python_version < "3.13"',
        "numpy==1.26.4 --hash=sha256:abc",
        "numpy==1.26.4 \\\n    --hash=sha256:abc",
        "git+https://github.com/a/b@0123456789abcdef0123456789abcdef01234567#egg=b",
        "b @ git+https://github.com/a/b@0123456789abcdef",
        "b @ https://example.org/b-1.0-py3-none-any.whl",
    ],
)
def test_a_line_that_names_one_version_is_exact(line):
    found = requirements.named("requirements.txt", f"# what is needed\n\n{line}\n")
    assert [(item.line, item.is_exact) for item in found] == [(3, True)]


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy>=1.26",
        "numpy~=1.26",
        "numpy==1.*",
        "numpy>=1,<2",
        "numpy[extra]",
        "git+https://github.com/a/b",
        "git+https://github.com/a/b@main",
        "-e git+https://github.com/a/b@main#egg=b",
        "./local",
    ],
)
def test_a_line_that_leaves_the_version_open_is_not(line):
    found = requirements.named("requirements.txt", f"{line}\n")
    assert [(item.line, item.is_exact) for item in found] == [(1, False)]


@pytest.mark.parametrize(
    "line", ["", "# numpy", "-r base.txt", "--index-url https://x", "-c pins.txt", "-e .", "   "]
)
def test_a_line_without_a_package_names_none(line):
    assert requirements.named("requirements.txt", f"{line}\n") == []


def test_a_project_file_and_poetrys_table_are_read():
    found = requirements.named("pyproject.toml", PYPROJECT)
    assert [(item.name, item.line, item.is_exact) for item in found] == [
        ("numpy", 4, True),
        ("pandas", 5, False),
        ("scikit-learn", 6, False),
        ("torch", 11, True),
        ("fastapi", 12, False),
    ]


def test_a_conda_environment_is_read_without_its_channels():
    found = requirements.named("environment.yml", CONDA)
    assert [(item.name, item.line, item.is_exact) for item in found] == [
        ("python", 6, True),
        ("numpy", 7, True),
        ("pandas", 8, False),
        ("mlflow", 11, True),
    ]


def test_pinned_says_how_many_and_leaves_nothing_to_do():
    result = judge({"requirements.txt": "numpy==1.2\npandas==2.1\n"})
    assert (result.outcome, result.state, result.fix) == (Outcome.PASSED, "pinned", "")
    assert result.summary == "requirements.txt names an exact version for all 2 packages."
    assert result.details == {"packages": 2, "exact": 2}


def test_loose_shows_the_lines_and_how_to_pin():
    result = judge({"requirements.txt": "numpy==1.2\npandas\ntorch>=2\n", "setup.py": "x"})
    assert (result.outcome, result.state) == (Outcome.PASSED, "loose")
    assert (
        result.summary == "requirements.txt names 3 packages, 2 of them without an exact version."
    )
    assert [(e.path, e.line, e.quote) for e in result.evidence] == [
        ("requirements.txt", 2, "pandas"),
        ("requirements.txt", 3, "torch>=2"),
        ("setup.py", 0, ""),
    ]
    assert "uv lock" in result.fix


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("numpy\n", "requirements.txt names one package, without an exact version."),
        ("numpy==1\n", "requirements.txt names an exact version for the one package."),
        ("a\nb\n", "requirements.txt names 2 packages, none of them with an exact version."),
        ("\n", "requirements.txt says what the project needs."),
    ],
)
def test_the_sentence_reads_well_for_any_number(text, summary):
    assert judge({"requirements.txt": text}).summary == summary


def test_a_lock_file_is_enough_whatever_the_list_says():
    asked = judge({"uv.lock": "x", "pyproject.toml": PYPROJECT})
    assert (asked.state, asked.fix) == ("locked", "")


def test_a_list_that_was_not_read_is_declared_and_no_less():
    result = judge({"requirements.txt": Unread.FAILED})
    assert (result.outcome, result.state) == (Outcome.PASSED, "declared")


@given(st.text(alphabet=st.sampled_from("ab=<>~!.,[]{}()-#@;: \"'\n\\/*0123é\u202e"), max_size=300))
def test_any_text_is_read_without_a_fault(text):
    for path in ("requirements.txt", "pyproject.toml", "environment.yml"):
        for found in requirements.named(path, text):
            assert 0 <= found.line <= len(text.splitlines())


def test_deeply_nested_project_files_are_no_list():
    assert requirements.named("pyproject.toml", "a = " + "[" * 100_000) == []
