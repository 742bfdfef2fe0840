"""The demo's sample repositories: small, written for it, and one for every state worth seeing.

Their files lie in `samples/`, owner by owner; what git cannot keep as plain files
(another encoding, a thousand pictures, an empty repository) is made here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.github_server.people import Token
from tests.github_server.repositories import Content
from tests.github_server.server import GitHubServer

FOLDER = Path(__file__).parent / "samples"
PICTURES = 1500
SHOWN_ENTRIES = 400  # of the huge repository, before its tree is cut

PEOPLE = (
    ("ada-nwosu", "Ada Nwosu", "learner@example.org"),
    ("grace-halloran", "Grace Halloran", "mentor@example.org"),
    ("katherine-obi", "Katherine Obi", "organiser@example.org"),
    ("ben-adeyemi", "Ben Adeyemi", "ben@example.org"),
    ("mei-tanaka", "Mei Tanaka", "mei@example.org"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    full_name: str
    description: str
    shows: str  # which state of the checks, for whoever writes the demo
    licence: str = ""


SAMPLES = (
    Sample(
        "ada-nwosu/bike-demand",
        "Which stations will run empty in the next hour?",
        "everything passes: README with all sections, tests with assertions, CI, Docker, licence",
        "MIT",
    ),
    Sample(
        "ada-nwosu/meter-check",
        "Flags faulty water meters from hourly readings",
        "unittest classes, run by CI",
        "MIT",
    ),
    Sample(
        "ada-nwosu/parish",
        "A command line for parish records",
        "README in reStructuredText, doctests that a runner collects, GitLab's CI file",
        "CC0-1.0",
    ),
    Sample(
        "ada-nwosu/churn",
        "Which customers will cancel next month?",
        "a good README and no tests: test.py, data/test.csv and docs/test_images only look like it",
    ),
    Sample("ada-nwosu/leaf-disease", "Leaf disease from phone photos", "a README of one heading"),
    Sample(
        "ben-adeyemi/sentiment-eval",
        "Is the larger model worth its electricity?",
        "test.py evaluates a model: a function called test, and no assertion",
    ),
    Sample(
        "ben-adeyemi/spam-filter",
        "Naive Bayes from scratch",
        "test functions that print and assert nothing",
    ),
    Sample(
        "mei-tanaka/housing-notebooks",
        "House prices in three evenings",
        "notebooks only, one of them called test_models.ipynb",
    ),
    Sample(
        "tomas-silva/ml-portfolio",
        "One folder per project",
        "a monorepo: link projects/wine-quality, which has README and tests of its own",
    ),
    Sample(
        "lucia-fernandez/ruido-urbano",
        "¿Qué suena en la plaza?",
        "a README in Spanish, tests in Spanish",
        "MIT",
    ),
    Sample("oskar-lindqvist/kmeans-go", "k-means with k-means++ seeding", "Go, with go test in CI"),
    Sample(
        "nadia-haddad/digit-canvas",
        "Draw a digit, see which neurons agree",
        "JavaScript, tests beside the source",
        "MIT",
    ),
    Sample(
        "dana-cohen/regression-assignment",
        "Third assignment of the statistics course",
        "tests and workflow that a course provided",
    ),
    Sample(
        "sam-obi/energy-forecast",
        "How much electricity tomorrow?",
        "a README saved as UTF-16 by a Windows editor; no tests",
    ),
    Sample(
        "priya-raman/xray-archive",
        "Does the model look at the lungs at all?",
        "a tree that GitHub cuts: its tests stand after the cut, so nobody can say there are none",
    ),
    Sample("jonas-berg/delay-forecast", "How late will this flight be?", "was flight-delays once"),
    Sample("grace-halloran/dotfiles", "My editor settings", "nothing about machine learning"),
    Sample("ada-nwosu/thesis", "Not before the viva", "private: GitHub says it does not exist"),
    Sample(
        "ada-nwosu/ward-beds",
        "Beds for tomorrow morning",
        "private: read with a token that its owner gave, told to strangers without a word of it",
    ),
    Sample(
        "mei-tanaka/tidyframe",
        "Checks of data frames that read like sentences",
        "somebody else's: pull requests of Ada's, one merged and one open",
        "MIT",
    ),
    Sample("rex-holt/scraped-faces", "", "blocked by GitHub after a complaint"),
)
EMPTY = Sample("ada-nwosu/next-idea", "To be started on Monday", "empty")
RENAMED_FROM = "jonas-berg/flight-delays"
WARD_BEDS_TOKEN = "github_pat_SAMPLE0TOKEN0OF0THE0DEMO_for0ward0beds0alone"
FIRST_TRY = "first-try"  # the tag of the commit that was reviewed before it was mended
GONE = "ben-adeyemi/first-model"  # there is no such repository any more

LEAK = """\
    level = sum(hour.count for hour in hours) / len(hours)
    return [level for _ in hours]
"""


def load_samples(server: GitHubServer) -> None:
    """Give the server all sample people and repositories; the same ids at every start."""
    for login, name, email in PEOPLE:
        server.person(login, name=name, email=email)
    for sample in SAMPLES:
        server.add(sample.full_name, description=sample.description, licence=sample.licence)
        _fill(server, sample.full_name, _files(sample.full_name))
    server.add(EMPTY.full_name, description=EMPTY.description)
    server.rename("jonas-berg/delay-forecast", RENAMED_FROM)
    server.rename(RENAMED_FROM, "jonas-berg/delay-forecast")
    server.make_private("ada-nwosu/thesis")
    server.make_private("ada-nwosu/ward-beds")
    server.tokens[WARD_BEDS_TOKEN] = Token(
        "ada-nwosu", repositories=frozenset(["ada-nwosu/ward-beds"])
    )
    server.pull(
        "mei-tanaka/tidyframe", 7, author="ada-nwosu", additions=64, deletions=9, files=3,
        title="Gaps across the change to summer time are no gaps",
    )  # fmt: skip
    server.merge("mei-tanaka/tidyframe", 7, at="2026-09-18T16:05:00Z")
    server.pull(
        "mei-tanaka/tidyframe", 11, author="ada-nwosu", title="Say which row a failed check is in"
    )
    server.block("rex-holt/scraped-faces")
    server.truncate("priya-raman/xray-archive", SHOWN_ENTRIES)


def _files(full_name: str) -> dict[str, Content]:
    folder = FOLDER / full_name
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def _fill(server: GitHubServer, full_name: str, files: Mapping[str, Content]) -> None:
    """Push a sample's files, with the history that its story needs."""
    files = dict(files)
    if full_name == "ada-nwosu/bike-demand":
        server.push(full_name, _with_leak(files), message="Forecast the next hour")
        server.tag(full_name, FIRST_TRY)
        server.push(full_name, files, message="Use only what is known before the hour; test it")
        return
    if full_name == "jonas-berg/delay-forecast":
        server.push(full_name, _with_a_mean(files), message="Baseline and loss")
        server.tag(full_name, FIRST_TRY)
        server.push(full_name, files, message="Take the median; test baseline and loss")
        return
    if full_name == "sam-obi/energy-forecast":
        files["README.md"] = bytes(files["README.md"]).decode().encode("utf-16")
    if full_name == "priya-raman/xray-archive":
        pictures = (f"images/p{n // 2:04}_{'ab'[n % 2]}.png" for n in range(PICTURES))
        files |= dict.fromkeys(pictures, b"\x89PNG\r\n\x1a\n\0")
    server.push(full_name, files, message="Add the project")


def _with_a_mean(files: Mapping[str, Content]) -> dict[str, Content]:
    """Delay forecast as it was before the review: the wrong average, and no tests."""
    before = {path: data for path, data in files.items() if path != "delay_test.py"}
    text = bytes(before["delay.py"]).decode()
    before["delay.py"] = text.replace("median", "mean").replace("Median", "Mean")
    return before


def _with_leak(files: Mapping[str, Content]) -> dict[str, Content]:
    """Bike demand as it was before the review: a feature that looks ahead, and no tests."""
    before = {path: data for path, data in files.items() if not path.startswith("tests/")}
    features = bytes(before["bike_demand/features.py"]).decode()
    start = features.index("    seen: dict")
    end = features.index("\n\ndef last_week")
    before["bike_demand/features.py"] = features[:start] + LEAK + features[end:]
    return before
