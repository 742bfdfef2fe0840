"""What a README says under the headings of a case study, in its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.checks import excerpts

README = """\
# Bearings

Tells three mechanics which bearing to change next, before it breaks in the night shift.

## The data ##

Two years of vibration readings, 1,200 files from the mill, CC BY 4.0.

### Cleaning

![A plot](plot.png) Forty files were cut.

```
## Results
not a heading, but a row of code with enough words to count as one
```

Approach
--------

A threshold first, then a forest, because the mechanics can follow both of them.

## Install

    pip install .
"""


def test_each_heading_gives_the_words_below_it():
    found = excerpts.of(README)

    assert found["data"].heading == "The data"
    assert found["data"].line == 5
    assert found["data"].text.startswith("Two years of vibration readings")
    assert "**Cleaning**" in found["data"].text
    assert "plot.png" not in found["data"].text
    assert "## Results\nnot a heading" in found["data"].text  # code stays code
    assert found["approach"].text.startswith("A threshold first")
    assert "results" not in found
    assert "pip install" not in found["approach"].text


def test_the_opening_is_the_problem_where_no_heading_is():
    assert excerpts.of(README)["problem"].text.startswith("Tells three mechanics")
    assert excerpts.of(README)["problem"].heading == ""


@pytest.mark.parametrize("text", ["", "# Title\n", "## Data\n\n## Results\n", "\n" * 9000])
def test_what_says_nothing_gives_nothing(text):
    assert excerpts.of(text) == {}


def test_a_paragraph_is_one_line_and_a_list_stays_a_list():
    text = (
        "# E\n\n## Approach\n\nA threshold\nfirst, then\na forest.\n\n- one\n- two\n\n"
        "| a | b |\n| - | - |\n\n```\na = 1\nb = 2\n```\nAnd so\non.\n"
    )

    assert excerpts.of(text)["approach"].text == (
        "A threshold first, then a forest.\n\n- one\n- two\n\n| a | b |\n| - | - |\n\n"
        "```\na = 1\nb = 2\n```\nAnd so on."
    )


def test_a_notebook_gives_nothing():
    assert excerpts.of('{"cells": []}', "README.ipynb") == {}


def test_a_field_takes_no_more_than_it_may():
    long = "# Engine\n\n## Problem\n\n" + "Bearings-break " * 2000

    assert len(excerpts.of(long)["problem"].text) >= excerpts.MOST - 1


@given(st.text(alphabet="#=-~`!&<[]()|* \n\tabé1.", max_size=300))
def test_no_readme_breaks_it(text):
    for excerpt in excerpts.of(text).values():
        assert excerpt.text.strip()
