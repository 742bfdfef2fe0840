"""Whether CI is set up, and whether a command of it runs tests."""

import pytest

from portfolio.checks import Outcome
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import inspect

WORKFLOW = "name: Test\non: push\njobs:\n  test:\n    steps:\n      - {step}\n"


def ci(files, **facts):
    results = inspect(files, **facts)
    return results["ci"], results["ci-runs-tests"]


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".github/workflows/Build.YAML",
        ".gitlab-ci.yml",
        ".circleci/config.yml",
        "azure-pipelines.yml",
        "Jenkinsfile",
        ".travis.yml",
        "appveyor.yml",
        ".drone.yml",
        "bitbucket-pipelines.yml",
    ],
)
def test_the_configuration_of_every_service_is_known(path):
    found, _ = ci({path: "x: y\n"})
    assert (found.outcome, found.evidence[0].path) == (Outcome.PASSED, path)


@pytest.mark.parametrize(
    "path",
    [
        "docs/.github/workflows/ci.yml",
        ".github/workflow/ci.yml",
        ".github/workflows/README.md",
        ".github/workflows/config/words.yml",
        ".github/workflows/classroom.yml",
        "tox.ini",
        "node_modules/x/.travis.yml",
    ],
)
def test_a_configuration_where_no_service_looks_is_none(path):
    found, runs = ci({path: "x: y\n"})
    assert found.outcome == Outcome.FAILED
    assert found.fix
    assert (runs.outcome, runs.state) == (Outcome.NOT_APPLICABLE, "no_ci")


def test_a_misspelt_workflow_folder_is_pointed_out():
    found, _ = ci({".github/workflow/ci.yml": "x"})
    assert found.state == "none_lookalike"
    assert ".github/workflows/" in found.lookalikes[0].what


@pytest.mark.parametrize(
    "step",
    [
        "run: pytest",
        "run: python -m pytest tests/ --cov",
        "run: poetry run pytest -x",
        "run: uv run --frozen pytest",
        "run: python -m unittest discover",
        "run: python manage.py test",
        "run: tox -e py311",
        "run: nox -s tests",
        "run: cd app && npm test",
        "run: npm run test:unit",
        "run: yarn test --ci",
        "run: npx jest",
        "run: go test ./...",
        "run: cargo test --all",
        "run: ./gradlew test",
        "run: mvn -B verify",
        "run: sbt '++3.3 test'",
        "run: make test",
        "run: make -C build unit-test",
        "run: ctest --output-on-failure",
        "run: R CMD check .",
        "run: Rscript -e 'devtools::test()'",
        "run: julia -e 'using Pkg; Pkg.test()'",
        "run: dotnet test",
        "run: bundle exec rspec",
        "run: mix test",
        "run: mix do deps.get, test",
        "run: bats tests.bats",
        "run: ./run_tests.sh",
        "run: pip install -r requirements.txt && pytest",
        "run: docker compose run web pytest",
        "uses: julia-actions/julia-runtest@v1",
        "uses: r-lib/actions/check-r-package@v2",
        "run: test/bikes_test",
    ],
)
def test_a_command_that_runs_tests_is_found_with_its_line(step):
    _, runs = ci({".github/workflows/ci.yml": WORKFLOW.format(step=step)})
    assert (runs.outcome, runs.state) == (Outcome.PASSED, "runs_tests")
    assert runs.evidence[0].line == 6


@pytest.mark.parametrize(
    "step",
    [
        "name: Run pytest",
        "run: pip install pytest tox",
        "run: pip install --upgrade -q pytest",
        "run: echo pytest",
        "run: flake8 tests",
        "run: python train.py --test",
        "run: python tests/test_run.py",
        "uses: actions/upload-artifact@v4",
        "run: docker build -t app:test .",
        "run: make docs",
        "run: npm install",
        "# run: pytest",
        "id: pytest",
    ],
)
def test_what_only_speaks_of_tests_runs_none(step):
    _, runs = ci({".github/workflows/ci.yml": WORKFLOW.format(step=step)})
    assert (runs.outcome, runs.state) == (Outcome.FAILED, "no_test_command")
    assert runs.lookalikes[0].path == ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("language: go\n", Outcome.PASSED),
        ("language: python\n", Outcome.FAILED),
        ("language: rust\nscript:\n  - cargo build\n", Outcome.FAILED),
    ],
)
def test_travis_runs_some_languages_tests_by_itself(text, outcome):
    assert ci({".travis.yml": text})[1].outcome == outcome


def test_a_workflow_that_could_not_be_read_makes_it_unknown():
    files = {".github/workflows/a.yml": "jobs: {}\n", ".github/workflows/b.yml": Unread.FAILED}
    _, runs = ci(files)
    assert (runs.outcome, runs.state) == (Outcome.UNKNOWN, "unverified")


def test_one_workflow_that_runs_tests_is_enough():
    files = {
        ".github/workflows/a.yml": WORKFLOW.format(step="run: pytest"),
        ".github/workflows/b.yml": Unread.FAILED,
    }
    assert ci(files)[1].outcome == Outcome.PASSED


def test_a_job_done_by_another_repositorys_workflow_is_not_known():
    text = "jobs:\n  ci:\n    uses: lang/ci/.github/workflows/ci.yml@main\n"
    _, runs = ci({".github/workflows/ci.yml": text})
    assert (runs.outcome, runs.state) == (Outcome.UNKNOWN, "delegated")


def test_many_workflows_are_read_in_rounds_until_one_runs_tests():
    files = {f".github/workflows/deploy{n}.yml": "jobs: {}\n" for n in range(8)}
    files[".github/workflows/zz.yml"] = WORKFLOW.format(step="run: pytest")
    assert ci(files)[1].evidence[0].path == ".github/workflows/zz.yml"


def test_a_cut_file_list_makes_absent_ci_unknown():
    found, runs = ci({"data/1.jpg": "x"}, is_truncated=True)
    assert found.outcome == runs.outcome == Outcome.UNKNOWN


def test_what_a_step_writes_into_a_file_does_not_run():
    workflow = (
        "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          python - <<X\n"
        "          f.write('pytest tests')\n          X\n"
    )
    files = {".github/workflows/a.yml": workflow}
    assert inspect(files)["ci-runs-tests"].outcome == Outcome.FAILED
