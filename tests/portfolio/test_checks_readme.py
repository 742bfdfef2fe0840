"""Which README GitHub shows, and what is said when there is none."""

import pytest

from portfolio import checks
from portfolio.checks import Outcome
from portfolio.github.snapshot import Snapshot, Unread
from tests.portfolio.trees import PROSE, Link, inspect, reader, tree


def readme(files, **facts):
    return inspect(files, **facts)["readme"]


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "readme.md",
        "ReadMe.MD",
        "README.rst",
        "README.txt",
        "README",
        "README.org",
        "README.adoc",
        "README.markdown",
        ".github/README.md",
        "docs/README.md",
        "Docs/readme.md",
    ],
)
def test_github_shows_a_readme_under_any_of_its_names(path):
    found = readme({path: PROSE, "main.py": "print(1)"})
    assert (found.outcome, found.state) == (Outcome.PASSED, "present")
    assert found.details["path"] == found.evidence[0].path == path


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (
            {".github/README.md": PROSE, "README.md": PROSE, "docs/README.md": PROSE},
            ".github/README.md",
        ),
        ({"README.md": PROSE, "docs/README.md": PROSE}, "README.md"),
        ({"README": PROSE, "README.txt": PROSE, "README.rst": PROSE}, "README.rst"),
        ({"README.rst": PROSE, "README.md": PROSE}, "README.md"),
        ({"README.ipynb": "{}", "README.txt": PROSE}, "README.txt"),
        ({"README_zh.md": PROSE, "readme.md": PROSE}, "readme.md"),
    ],
)
def test_of_several_readmes_the_one_github_shows_is_taken(files, shown):
    assert readme(files).details["path"] == shown


@pytest.mark.parametrize(
    "path", ["README_en.md", "README-zh.md", "readme2.md", "READ_ME.md", "read me.txt"]
)
def test_a_name_that_github_does_not_take_is_named_as_a_look_alike(path):
    missing = readme({path: PROSE, "main.py": ""})
    assert (missing.outcome, missing.state) == (Outcome.FAILED, "unrendered")
    assert [item.path for item in missing.lookalikes] == [path]
    assert path in missing.fix


def test_a_notebook_called_readme_is_there_but_not_shown_as_a_page():
    found = readme({"README.ipynb": '{"cells": []}'})
    assert (found.outcome, found.state) == (Outcome.PASSED, "unrendered")
    assert "README.md" in found.fix


@pytest.mark.parametrize(
    "path", ["readme.png", "readme.py", "README.zip", "myreadme.md", "README.md/old.md"]
)
def test_a_picture_or_program_called_readme_is_none(path):
    assert readme({path: "x"}).outcome == Outcome.FAILED


def test_a_readme_in_a_sub_folder_is_pointed_out():
    missing = readme({"churn/README.md": PROSE, "churn/main.py": "", "a/b/readme.md": PROSE})
    assert missing.state == "only_in_subfolders"
    assert [item.path for item in missing.lookalikes] == ["churn/README.md", "a/b/readme.md"]


def test_readmes_of_vendored_code_and_environments_do_not_count():
    missing = readme(
        {
            "node_modules/left-pad/README.md": PROSE,
            "my_env/pyvenv.cfg": "home = /usr",
            "my_env/share/README.md": PROSE,
            "main.py": "",
        }
    )
    assert missing.state == "missing"
    assert missing.lookalikes == ()
    assert "2 READMEs of other people's code" in missing.summary


def test_nothing_at_all_says_what_was_looked_for():
    missing = readme({"main.py": "print(1)"})
    assert missing.state == "missing"
    assert ".github/" in missing.summary
    assert "README.md" in missing.fix


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_an_empty_readme_is_there_and_fails(text):
    results = inspect({"README.md": text})
    assert (results["readme"].outcome, results["readme"].state) == (Outcome.FAILED, "empty")
    assert results["readme"].details["path"] == "README.md"
    assert results["readme-content"].state == "empty"


def test_an_empty_readme_is_known_without_reading_it():
    asked = []
    files = {"README.md": ""}
    checks.inspect(tree(files), reader(files, asked))
    assert asked == []


def test_a_symbolic_link_is_followed_in_a_second_round():
    asked = []
    files = {"README.md": Link("packages/core/README.md"), "packages/core/README.md": PROSE}
    _, results = checks.inspect(tree(files), reader(files, asked))
    assert asked == [["README.md"], ["packages/core/README.md"]]
    assert results[0].outcome == Outcome.PASSED
    assert results[0].details == {"path": "README.md", "target": "packages/core/README.md"}
    assert results[1].outcome == Outcome.PASSED
    assert results[1].evidence[0].path == "packages/core/README.md"


@pytest.mark.parametrize("target", ["nowhere.md", "../outside.md", "/etc/passwd", "src"])
def test_a_link_that_leads_to_no_file_is_broken(target):
    broken = readme({"README.md": Link(target), "src/main.py": ""})
    assert (broken.outcome, broken.state) == (Outcome.FAILED, "broken_symlink")


def test_a_link_whose_text_github_did_not_give_is_not_called_broken():
    files = {"README.md": Link("docs/guide.md"), "docs/guide.md": PROSE}
    _, results = checks.inspect(
        tree(files), lambda snapshot, paths: dict.fromkeys(paths, Unread.FAILED)
    )
    assert results[0].outcome == Outcome.PASSED
    assert results[1].outcome == Outcome.UNKNOWN


def test_two_links_that_lead_to_each_other_end():
    broken = readme({"README.md": Link("docs/README.md"), "docs/README.md": Link("../README.md")})
    assert broken.state == "broken_symlink"


def test_a_cut_file_list_makes_an_absent_readme_unknown():
    unknown = readme({"data/000.jpg": "x"}, is_truncated=True)
    assert (unknown.outcome, unknown.state) == (Outcome.UNKNOWN, "partial")


def test_a_cut_file_list_leaves_a_readme_that_was_seen():
    assert readme({"README.md": PROSE}, is_truncated=True).outcome == Outcome.PASSED


def test_an_empty_repository_says_so():
    results = checks.run(Snapshot(full_name="a/b", head_sha=""))
    assert (results[0].outcome, results[0].state) == (Outcome.FAILED, "empty_repository")
    assert checks.wanted(Snapshot(full_name="a/b", head_sha="")) == []


def test_the_linked_folders_own_readme_comes_first():
    files = {"README.md": PROSE, "churn/README.md": PROSE, "churn/.github/README.md": PROSE}
    assert readme(files, folder="churn").details["path"] == "churn/README.md"


def test_a_folder_without_readme_falls_back_to_the_root_and_says_so():
    found = readme({"README.md": PROSE, "churn/main.py": ""}, folder="churn")
    assert found.details["path"] == "README.md"
    assert "outside the folder that you linked" in found.summary
