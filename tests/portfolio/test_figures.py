"""Numbers as people write them, and where one stands in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio import figures


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0.50", "0.50"),
        ("1 200", "1200"),
        ("\u22123.5", "-3.5"),
        ("+7", "7"),
        ("1\u202f900", "1900"),
    ],
)
def test_a_number_is_kept_as_it_was_typed(typed, kept):
    assert figures.clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [("1,200", "comma"), ("0,39", "comma"), ("87%", "shape"), ("1e5", "shape"), (".5", "shape"),
     ("1.2.3", "shape"), ("١٢", "shape"), ("9" * 13, "shape"), ("nan", "shape")],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused(typed, why):
    with pytest.raises(figures.NotAFigure, match=why):
        figures.clean(typed)


@pytest.mark.parametrize(
    ("text", "figure", "line"),
    [
        ("a\nMAE 38.7 bikes", "38.7", 2),
        ('{"mae": 38.70}', "38.7", 1),  # the same number
        ("mae 38.6512", "38.7", 1),  # rounds to it
        ("mae 38.6512", "38.65", 1),
        ("38.6\n38.70", "38.7", 2),
        ("38.6512\n38.7", "38.7", 2),  # the number itself comes before one that rounds to it
        ("Image 1,900 MB", "1900", 1),
        ("Image 1,900 MB", "900", 0),
        ("latency p95 85ms", "85", 1),
        ("resnet50, v2.38.7", "50", 0),
        ("138.7 and 38.75.1", "38.7", 0),
        ("4.6 of 5.4", "5", 0),  # one digit is no precision
        ("loss \u22120.25", "-0.25", 1),
        ("loss 0.25", "-0.25", 0),
        ("", "1", 0),
        ("1e999999999 7e99 x" + "9" * 500, "12", 0),
    ],
)
def test_where_a_number_stands(text, figure, line):
    assert figures.line_of(text, figure) == line


def test_commas_divide_the_numbers_of_data():
    assert figures.line_of("week,error\n1,234", "234", path="reports/errors.csv") == 2


def test_a_percentage_may_stand_as_a_share():
    assert figures.line_of("accuracy 0.873", "87.3") == 0
    assert figures.line_of("accuracy 0.873", "87.3", is_percent=True) == 1
    assert figures.line_of("accuracy 0.87312", "87.3", is_percent=True) == 1


@given(
    st.decimals(-(10**6), 10**6, places=3, allow_nan=False),
    st.text(alphabet="abc :=|\n,.(é", max_size=40),
)
def test_a_number_between_blanks_is_always_found(value, around):
    figure = figures.clean(f"{value:f}")

    line = figures.line_of(f"{around}\n {figure} \n{around}", figure)

    assert line == around.count("\n") + 2


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    figures.line_of(text, "0.39", is_percent=True)
