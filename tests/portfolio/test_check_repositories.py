"""The same checks from the command line: one JSON line a repository, null for what is not known."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.portfolio.test_check_run import GOOD

KEYS = {
    "url", "repository", "status", "commit", "has_readme", "readme_path", "readme_substantial",
    "readme_sections", "has_tests", "test_paths", "has_ci", "ci_runs_tests", "has_licence",
    "has_environment", "has_dockerfile", "findings", "requests",
}  # fmt: skip
SECTIONS = {"problem", "data", "approach", "evaluation", "results", "install_run"}


@pytest.fixture
def check(hub, capsys):
    """The lines that the command prints for these links."""

    def run(*urls, **options):
        call_command("check_repositories", *urls, json=True, **options)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_a_good_repository_in_one_line(hub, check):
    hub.add("ada/engine", GOOD)

    [line] = check(f"{hub.url}/ada/engine")

    assert set(line) >= KEYS
    assert set(line["readme_sections"]) == SECTIONS
    assert line["status"] == "ok"
    assert line["has_readme"] is line["has_tests"] is line["readme_substantial"] is True
    assert line["readme_path"] == "README.md"
    assert line["test_paths"] == ["tests/test_engine.py"]
    assert line["has_ci"] is line["has_dockerfile"] is False
    assert 0 < line["requests"] <= 4


def test_what_could_not_be_reached_is_null_and_never_false(hub, check):
    hub.add("ada/engine", GOOD)
    hub.fault("status", count=None, status=502)

    [line] = check("ada/engine")

    assert line["status"] == "unavailable"
    assert {line[key] for key in KEYS if key.startswith("has_")} == {None}
    assert set(line["readme_sections"].values()) == {None}


@pytest.mark.parametrize(
    ("bad_day", "status"),
    [
        (lambda hub: hub.delete("ada/engine"), "not_found"),
        (lambda hub: hub.block("ada/engine"), "blocked"),
        (lambda hub: hub.empty("ada/engine"), "empty"),
        (lambda hub: hub.fault("primary_limit", count=None), "rate_limited"),
    ],
    ids=["deleted", "blocked", "empty", "rate limited"],
)
def test_every_standing_has_its_word(hub, check, bad_day, status):
    hub.add("ada/engine", GOOD)
    bad_day(hub)

    [line] = check("ada/engine")

    assert line["status"] == status


def test_an_empty_repository_certainly_has_no_readme(hub, check):
    hub.add("ada/new")

    [line] = check("ada/new")

    assert (line["has_readme"], line["commit"]) == (False, None)


def test_one_bad_link_does_not_stop_the_others(hub, check):
    hub.add("ada/engine", GOOD)

    bad, good = check("https://gitlab.com/ada/engine", "ada/engine")

    assert (bad["status"], good["status"]) == ("bad_link", "ok")
    assert "GitLab" in bad["message"]


def test_links_come_from_a_file_too(hub, check, tmp_path):
    hub.add("ada/engine", GOOD)
    names = tmp_path / "links.txt"
    names.write_text("# mine\nada/engine\n\ngithub.com/ada/engine\n")

    assert len(check(file=str(names))) == 2


def test_without_a_credential_the_verdicts_are_the_same(hub, check, settings):
    hub.add("ada/engine", GOOD)
    [with_token] = check("ada/engine")
    settings.GITHUB_TOKEN = ""

    [without] = check("ada/engine")

    assert {k: v for k, v in without.items() if k != "requests"} == {
        k: v for k, v in with_token.items() if k != "requests"
    }


def test_words_for_a_person_at_a_terminal(hub, capsys):
    hub.add("ada/engine", GOOD)

    call_command("check_repositories", "ada/engine")

    assert "passed  tests:" in capsys.readouterr().out


def test_no_link_at_all_is_an_error():
    with pytest.raises(CommandError, match="at least one"):
        call_command("check_repositories")


def test_a_file_that_is_not_there_is_an_error():
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("check_repositories", file="nowhere.txt")
