"""Advice on the words of a résumé: the same each time, with a reason and where it is from."""

import time

import pytest

from portfolio import resume_hints

GOOD = "Cut the error from 61 to 38.7 bikes an hour by gradient boosting with a split by time."


def kinds(words, unproved=()):
    return [hint.kind for hint in resume_hints.of_line(words, unproved)]


def test_a_good_line_gets_none():
    assert kinds(GOOD) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Built a forecast that a crew uses.", "no-number"),
        ("Responsible for 3 pipelines.", "weak-verb"),
        ("Worked on the data pipeline of a team of four.", "weak-verb"),
        ("Wrote 40 tests with cutting-edge tools.", "jargon"),
        ("We moved 3 services.", "we"),
        ("Cut 9 % " + "and then some " * 10, "too-long"),
    ],
)
def test_each_fault_is_named(words, kind):
    assert kinds(words) == [kind]


@pytest.mark.parametrize(
    "words",
    ["Halved the wait.", "Used-car prices within 3 %.", "Tests for dynamic programming: 12.",
     "Moved US data of 3 states.".replace("US", "U.S.")],
)  # fmt: skip
def test_what_only_looks_like_one_is_left_alone(words):
    assert kinds(words) == []


def test_a_skill_that_nothing_shows_is_named():
    names = {"time series": "Time series", "sql": "SQL", "c": "C", "c++": "C++"}

    assert resume_hints.named_in("Time series in C++ (SQLite).", names) == {"Time series", "C++"}
    [hint] = resume_hints.of_line(GOOD, ["SQL"])
    assert "SQL" in hint.words


def test_a_summary_is_there_short_and_plain():
    assert [hint.kind for hint in resume_hints.of_summary(" ")] == ["no-summary"]
    assert [hint.kind for hint in resume_hints.of_summary("word " * 61)] == ["too-long"]
    assert [hint.kind for hint in resume_hints.of_summary("A passionate ninja.")] == ["jargon"]


def test_every_advice_says_why_and_where_that_is_from():
    for hint in resume_hints.of_line("Worked on our synergy " + "x " * 40, ["SQL"]):
        assert hint.words.endswith(".")
        assert hint.source.unit or hint.source.url


@pytest.mark.parametrize("text", ["we ", "-", "used", " \n"])
def test_long_texts_cost_nothing(text):
    text *= 100_000 // len(text)
    began = time.perf_counter()
    resume_hints.of_line(text)
    resume_hints.of_summary(text)

    assert time.perf_counter() - began < 0.05
