"""What should not be in a repository: keys by their names, and what tools leave behind."""

import pytest

from portfolio import checks
from portfolio.checks import PRIVATE, Outcome
from tests.portfolio.trees import inspect, reader, tree

MAIN = {"main.py": "x = 1\n"}


def keys(files, **facts):
    return inspect({**files, **MAIN}, **facts)["keys"]


def leftovers(files, **facts):
    return inspect({**files, **MAIN}, **facts)["leftovers"]


def test_both_are_told_to_the_owner_alone():
    assert PRIVATE == ("keys", "leftovers")


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "app/.env.production",
        "prod.env",
        "kaggle.json",
        ".kaggle/kaggle.json",
        "id_rsa",
        "keys/id_ed25519",
        "my-private-key.pem",
        "server.p12",
        "client_secret_123.apps.json",
        "gcp-service-account.json",
        ".streamlit/secrets.toml",
        ".aws/credentials",
        "credentials.json",
        ".netrc",
        "token.pickle",
        "ID_RSA",
    ],
)
def test_a_file_named_as_keys_are_is_told_by_its_name_alone(path):
    result = keys({path: "SECRET=1"})
    assert (result.outcome, result.state) == (Outcome.FAILED, "keys")
    assert (result.evidence[0].path, result.evidence[0].quote) == (path, "")
    assert "make it invalid" in result.fix


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",
        ".env.template",
        "secrets.example.toml",
        "id_rsa.pub",
        "environment.yml",
        "tokenizer.json",
        "tests/fixtures/private_key.pem",
        "src/env.py",
        "venv/lib/credentials.json",
        "docs/credentials.md",
        "keyboard.py",
    ],
)
def test_templates_tests_and_other_names_hold_no_key(path):
    assert keys({path: "x"}).outcome == Outcome.PASSED


def test_an_empty_file_holds_no_key():
    assert keys({".env": ""}).outcome == Outcome.PASSED


def test_what_may_be_a_certificate_is_a_lookalike():
    result = keys({"server.pem": "x"})
    assert result.outcome == Outcome.PASSED
    assert result.lookalikes[0].path == "server.pem"


def test_no_key_file_is_ever_asked_for():
    asked = []
    files = {".env": "SECRET=1", "kaggle.json": "{}", "secrets.yaml": "a: 1", **MAIN}
    checks.inspect(tree(files), reader(files, asked))
    assert not {path for paths in asked for path in paths} & {".env", "kaggle.json", "secrets.yaml"}


@pytest.mark.parametrize(
    ("files", "folder", "what"),
    [
        ({"venv/lib/a.py": "x", "venv/pyvenv.cfg": "x"}, "venv", "a virtual environment"),
        ({"myenv/pyvenv.cfg": "x", "myenv/lib/a.py": "x"}, "myenv", "a virtual environment"),
        ({"src/__pycache__/a.cpython-311.pyc": "x"}, "src/__pycache__", "compiled files"),
        ({"web/node_modules/x/index.js": "x"}, "web/node_modules", "installed packages"),
        ({".ipynb_checkpoints/a.ipynb": "{}"}, ".ipynb_checkpoints", "notebook checkpoints"),
        ({"data/.DS_Store": "x"}, "data/.DS_Store", "notes of a Mac's file manager"),
        ({"old.pyc": "x"}, "old.pyc", "a compiled file"),
    ],
)
def test_what_a_tool_made_is_named_with_the_way_out(files, folder, what):
    result = leftovers(files)
    assert (result.outcome, result.state) == (Outcome.FAILED, "leftovers")
    assert result.evidence[0].path == folder
    assert result.evidence[0].what.startswith(what)
    assert f"--cached {folder}”" in result.fix
    assert ("git rm -r" in result.fix) == (not folder.endswith((".pyc", ".DS_Store")))
    assert folder.rpartition("/")[2] in result.fix.partition("into .gitignore")[0]
    assert result.details == {"files": len(files)}


@pytest.mark.parametrize("path", ["vendor/lib.py", "third_party/a.c", "build.py", "env/game.py"])
def test_vendored_code_and_like_names_are_no_leftovers(path):
    assert leftovers({path: "x"}).outcome == Outcome.PASSED


def test_what_was_not_listed_may_hold_some():
    assert leftovers({}, is_truncated=True).outcome == Outcome.UNKNOWN
    assert keys({}, is_truncated=True).outcome == Outcome.UNKNOWN
    assert keys({".env": "x"}, is_truncated=True).outcome == Outcome.FAILED
