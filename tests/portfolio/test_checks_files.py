"""Licence, dependencies and container: facts of the file list."""

import pytest

from portfolio.checks import Outcome, files
from tests.portfolio.trees import inspect


@pytest.mark.parametrize(
    "path",
    [
        "LICENSE",
        "LICENCE",
        "license.md",
        "LICENSE.txt",
        "COPYING",
        "LICENSE-MIT",
        "UNLICENSE",
        "Licence.rst",
        "MIT-LICENSE",
    ],
)
def test_a_licence_is_known_by_any_of_its_names(path):
    found = inspect({path: "MIT"})["licence"]
    assert (found.outcome, found.evidence[0].path) == (Outcome.PASSED, path)


@pytest.mark.parametrize(
    "path",
    ["data/LICENSE", "licenses.py", "LICENSED_DATA.csv", "license_plate.ipynb", "src/license.md"],
)
def test_a_licence_elsewhere_or_something_of_a_like_name_is_none(path):
    missing = inspect({path: "x"})["licence"]
    assert missing.outcome == Outcome.FAILED
    assert [item.path for item in missing.lookalikes] == [path]


def test_githubs_own_detection_counts_where_no_file_is_seen():
    found = inspect({"README.md": "x"}, licence="MIT")["licence"]
    assert (found.outcome, found.details) == (Outcome.PASSED, {"spdx": "MIT"})


def test_a_linked_folders_licence_or_the_roots_covers_it():
    assert inspect({"churn/LICENSE": "x"}, folder="churn")["licence"].outcome == Outcome.PASSED
    assert inspect({"LICENSE": "x"}, folder="churn")["licence"].outcome == Outcome.PASSED
    assert inspect({"bikes/LICENSE": "x"}, folder="churn")["licence"].outcome == Outcome.FAILED


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("requirements.txt", "declared"),
        ("requirements-dev.txt", "declared"),
        ("dev_requirements.txt", "declared"),
        ("requirements/base.txt", "declared"),
        ("api/requirements.txt", "declared"),
        ("pyproject.toml", "declared"),
        ("setup.py", "declared"),
        ("environment.yml", "declared"),
        ("conda_environment.yaml", "declared"),
        ("Pipfile", "declared"),
        ("package.json", "declared"),
        ("go.mod", "declared"),
        ("Cargo.toml", "declared"),
        ("DESCRIPTION", "declared"),
        ("Project.toml", "declared"),
        ("build.sbt", "declared"),
        ("pom.xml", "declared"),
        ("App/App.csproj", "declared"),
        ("uv.lock", "locked"),
        ("poetry.lock", "locked"),
        ("renv.lock", "locked"),
        ("package-lock.json", "locked"),
    ],
)
def test_a_manifest_or_lock_file_of_any_language_is_known(path, state):
    found = inspect({path: "# x\n"})["environment"]
    assert (found.outcome, found.state, found.evidence[0].path) == (Outcome.PASSED, state, path)


@pytest.mark.parametrize("path", ["requirement.txt", "api/requirments.txt"])
def test_a_misspelt_manifest_counts_and_is_to_be_renamed(path):
    found = inspect({path: "numpy"})["environment"]
    assert (found.outcome, found.state) == (Outcome.PASSED, "misspelt")
    assert path in found.fix


@pytest.mark.parametrize("path", ["packages.txt", "reqs.txt", "dependencies.txt"])
def test_a_name_that_no_installer_looks_for_is_pointed_out(path):
    missing = inspect({path: "numpy"})["environment"]
    assert (missing.outcome, missing.state) == (Outcome.FAILED, "none_lookalike")
    assert missing.lookalikes[0].path == path


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("churn/requirements.txt", Outcome.PASSED),
        ("pyproject.toml", Outcome.PASSED),
        ("bikes/requirements.txt", Outcome.FAILED),
    ],
)
def test_a_linked_folder_is_served_by_its_own_manifest_or_the_roots(path, outcome):
    assert inspect({path: "x", "churn/a.py": ""}, folder="churn")["environment"].outcome == outcome


@pytest.mark.parametrize(
    "path", ["node_modules/x/package.json", "venv/setup.py", "description", "CMakeLists.txt"]
)
def test_other_peoples_manifests_and_other_files_do_not_count(path):
    assert inspect({path: "x"})["environment"].outcome == Outcome.FAILED


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile",
        "dockerfile",
        "api/Dockerfile",
        "Dockerfile.gpu",
        "prod.Dockerfile",
        "Containerfile",
    ],
)
def test_a_dockerfile_is_known_anywhere(path):
    found = inspect({path: "FROM python"})["container"]
    assert (found.outcome, found.evidence[0].path) == (Outcome.PASSED, path)


@pytest.mark.parametrize(
    "path", ["compose.yaml", "docker-compose.yml", ".devcontainer/devcontainer.json"]
)
def test_what_only_starts_containers_is_named_and_does_not_count(path):
    missing = inspect({path: "x"})["container"]
    assert (missing.outcome, missing.state) == (Outcome.FAILED, "none_lookalike")


@pytest.mark.parametrize("name", ["licence", "environment", "container"])
def test_a_cut_file_list_makes_an_absence_unknown(name):
    assert inspect({"data/1.jpg": "x"}, is_truncated=True)[name].outcome == Outcome.UNKNOWN
    assert inspect({"data/1.jpg": "x"})[name].outcome == Outcome.FAILED


def test_paths_are_spread_over_folders_before_any_folder_is_read_twice():
    paths = ["a/1.py", "a/2.py", "a/3.py", "b/1.py", "c/d/1.py", "0.py"]
    assert files.spread(paths) == ["0.py", "a/1.py", "b/1.py", "c/d/1.py", "a/2.py", "a/3.py"]


@pytest.mark.parametrize(
    ("link", "text", "target"),
    [
        ("README.md", "docs/guide.md", "docs/guide.md"),
        ("docs/README.md", "../README.md", "README.md"),
        ("README.md", "./a/../b.md\n", "b.md"),
        ("README.md", "../out.md", None),
        ("README.md", "/etc/passwd", None),
        ("README.md", ".", None),
        ("README.md", "", None),
        ("README.md", "# A title\n\nand prose", None),
    ],
)
def test_a_link_never_leads_out_of_the_repository(link, text, target):
    assert files.target(link, text) == target


@pytest.mark.parametrize(
    "path", ["mlruns/0/meta.yaml", "wandb/run-1/files/requirements.txt", "lib-1.2/setup.py"]
)
def test_what_tools_and_other_peoples_releases_bring_is_no_list_of_dependencies(path):
    files = {path: "x: 1\n", "lib-1.2/PKG-INFO": "Name: lib\n"}
    assert inspect(files)["environment"].outcome == Outcome.FAILED


def test_the_notes_that_a_mac_packs_beside_a_test_are_not_tests():
    assert inspect({"demo/._a_test.py": "\x00\x05"})["tests"].outcome == Outcome.FAILED
