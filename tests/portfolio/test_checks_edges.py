"""Where a rule turns over: one more or one less is another verdict, another line, another sentence."""

import pytest

from portfolio import checks
from portfolio.checks import Confidence, Outcome, content, data, files, prose, sections
from portfolio.checks.tests import candidates
from tests.portfolio.test_checks_lifecycle import DATA, EVALUATION, FEATURES, TRAINING
from tests.portfolio.trees import inspect, tree

SENTENCE = "It predicts how many bikes a station needs."  # seven words of two letters or more
ASKS = "Its counts are read as follows from tables:"


def test_three_files_of_settings_are_read_at_once_and_no_more():
    settings = ["pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini"]
    snapshot = tree({"README.md": "x", "train.py": "", **dict.fromkeys(settings, "")})
    assert sorted(candidates.settings(snapshot)) == sorted(settings)

    asked = set(checks.wanted(snapshot)[: checks.MAX_FILES])

    assert len(asked & set(settings)) == 3


@pytest.mark.parametrize(
    ("sentences", "confidence"),
    [(4, Confidence.MEDIUM), (7, Confidence.MEDIUM), (8, Confidence.HIGH)],
)
def test_twice_the_words_that_are_needed_make_it_sure(sentences, confidence):
    readme = "# Bikes\n\n" + "\n\n".join([SENTENCE] * sentences)

    result = inspect({"README.md": readme})["readme-content"]

    assert (result.outcome, result.confidence) == (Outcome.PASSED, confidence)


@pytest.mark.parametrize(
    ("text", "words"),
    [("A table that it was made from:", 0), (ASKS, 8)],
    ids=["seven words", "eight words"],
)
def test_what_introduces_a_list_says_nothing_unless_it_is_long(text, words):
    assert content.substance(prose.lines(text, "README.md")) == (words, int(words > 0))


def test_a_title_has_nothing_before_it_but_a_word_or_three():
    def title(text):
        found = prose.title(prose.lines(text, "README.md"))
        return found and found.text

    assert title("# Bikes\n") == "Bikes"
    assert title("Beta\n\n# Bikes\n") == "Bikes"
    assert title("This tells how it began.\n\n# Bikes\n") is None


def test_what_stands_between_two_rules_at_the_top_is_no_text_and_counts_its_lines():
    seen = prose.lines(
        "---\ntitle: Bikes\nlayout: page\n---\n# Bikes\n\nIt predicts.\n", "README.md"
    )

    assert [(line.number, line.text) for line in seen] == [(5, "Bikes"), (7, "It predicts.")]


def test_a_row_of_marks_that_no_text_file_underlines_with_makes_no_heading():
    under = [prose.lines(f"Bikes\n{rule}\n\nIt predicts.\n", name)[0].kind for rule, name in
             [("=====", "README.txt"), ("^^^^^", "README.txt"), ("^^^^^", "README.rst")]]  # fmt: skip

    assert under == [prose.Kind.HEADING, prose.Kind.PROSE, prose.Kind.HEADING]


def test_a_heading_about_setting_up_may_have_two_words_beside_it():
    assert sections.is_about_setup(["Installation"])
    assert sections.is_about_setup(["Credits measuring instruments"])
    assert not sections.is_about_setup(["Credits measuring instruments everywhere"])


def test_a_tracker_that_is_installed_is_pointed_at_in_its_line():
    text = "numpy\npandas\nmlflow==2.1\n"

    result = inspect({"requirements.txt": text, "train.py": TRAINING})["experiment-tracking"]

    assert [(item.path, item.line) for item in result.lookalikes] == [("requirements.txt", 3)]


@pytest.mark.parametrize(("number", "counted"), [(20, 0), (21, 21)])
def test_a_folder_of_more_than_twenty_pictures_is_data(number, counted):
    snapshot = tree({f"data/{n}.png": "" for n in range(number)})

    assert data._committed(snapshot) == (0, counted, [])


@pytest.mark.parametrize(
    ("number", "said"),
    [(2, "0.py, 1.py"), (3, "0.py, 1.py, 2.py"), (5, "0.py, 1.py, 2.py and 2 more")],
)
def test_three_names_are_said_and_the_rest_are_counted(number, said):
    assert files.siblings(f"{n}.py" for n in range(number)) == said


def test_more_stages_than_are_asked_for_are_enough_too():
    everything = {
        "train.py": DATA + FEATURES + TRAINING + EVALUATION,
        "Dockerfile": "FROM python:3.12",
    }

    result = inspect(everything)["lifecycle"]

    assert (result.outcome, result.summary[:6]) == (Outcome.PASSED, "5 of 8")
