"""Whether notebooks can be read: run in order, results kept, and a script beside them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.checks import Outcome, notebooks
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import inspect

SCRIPT = {"train.py": "x = 1\n"}


def notebook(*counts, outputs=True, error=False):
    """A notebook whose code cells have these execution counts; None for one that was not run."""
    kind = "error" if error else "stream"
    cells = [{"cell_type": "markdown", "source": ["# Bikes"]}]
    cells += [
        {
            "cell_type": "code",
            "source": ["print(1)"],
            "execution_count": count,
            "outputs": [{"output_type": kind}] if outputs and count else [],
        }
        for count in counts
    ]
    return json.dumps({"cells": cells, "nbformat": 4})


def judge(files, **facts):
    return inspect(files, **facts)["notebooks"]


def test_a_notebook_that_ran_from_top_to_bottom_beside_a_script_passes():
    result = judge({"eda.ipynb": notebook(1, 2, 5), **SCRIPT})
    assert (result.outcome, result.state, result.fix) == (Outcome.PASSED, "readable", "")
    assert result.summary == "eda.ipynb ran from top to bottom, and there is code in scripts too."
    assert result.evidence[0].what == "3 of 3 code cells run in order, 3 show a result"


def test_cells_run_out_of_order_are_named_with_the_way_to_run_them_again():
    result = judge({"eda.ipynb": notebook(3, 1, 2), **SCRIPT})
    assert (result.outcome, result.state) == (Outcome.FAILED, "out_of_order")
    assert "eda.ipynb" in result.summary
    assert "Run All" in result.fix
    assert judge({"eda.ipynb": notebook(1, 1), **SCRIPT}).state == "out_of_order"


def test_an_error_in_a_result_is_named():
    result = judge({"eda.ipynb": notebook(1, 2, error=True), **SCRIPT})
    assert (result.outcome, result.state) == (Outcome.FAILED, "error")
    assert result.summary == "In eda.ipynb 2 cells end in an error."


def test_results_that_were_cleared_are_no_fault_and_are_missed():
    result = judge({"eda.ipynb": notebook(None, None), **SCRIPT})
    assert (result.outcome, result.state) == (Outcome.PASSED, "cleared")
    assert "visitor" in result.fix


def test_results_without_counts_are_not_said_to_be_in_order():
    cell = {"cell_type": "code", "source": "x", "outputs": [{"output_type": "stream"}]}
    result = judge({"eda.ipynb": json.dumps({"cells": [cell]}), **SCRIPT})
    assert result.summary == "eda.ipynb shows its results, and there is code in scripts too."


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"setup.py": "x = 1\n"},
        {"tests/test_a.py": "def test_a(): assert f()\n"},
        {"pkg/__init__.py": "x = 1\n"},
        {"venv/lib/a.py": "x = 1\n"},
        {"empty.py": ""},
    ],
)
def test_notebooks_alone_are_no_code_that_can_be_run_elsewhere(other):
    result = judge({"eda.ipynb": notebook(1), "model.ipynb": notebook(1), **other})
    assert (result.outcome, result.state) == (Outcome.FAILED, "no_script")
    assert result.summary.startswith("2 notebooks are all the code there is")


def test_a_cut_list_of_files_may_hold_a_script():
    assert judge({"eda.ipynb": notebook(1)}, is_truncated=True).outcome == Outcome.PASSED


def test_a_notebook_that_was_not_read_leaves_the_answer_open():
    for content in (Unread.FAILED, "x" * 300_000):
        result = judge({"eda.ipynb": content, **SCRIPT})
        assert (result.outcome, result.state) == (Outcome.UNKNOWN, "unread")


@pytest.mark.parametrize(
    "files",
    [{"a.py": "x = 1\n"}, {".ipynb_checkpoints/a-checkpoint.ipynb": notebook(2, 1), "a.py": "x"}],
)
def test_without_a_notebook_of_ones_own_nothing_is_asked(files):
    assert judge(files).outcome == Outcome.NOT_APPLICABLE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.just("code") | json_values,
        "source": json_values,
        "execution_count": json_values,
        "outputs": json_values,
    },
)


@given(st.fixed_dictionaries({}, optional={"cells": st.lists(cells | json_values) | json_values}))
def test_a_notebook_of_any_shape_is_read_without_a_fault(content):
    run = notebooks.read("a.ipynb", json.dumps(content))
    assert run is None or run.outputs <= run.cells
