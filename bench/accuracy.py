"""How often the checks are right: every verdict against a corpus of labelled repositories.

    python bench/accuracy.py --corpus DIR [--records DIR] [--fakehub DIR] [--json] [--verbose]

The corpus is a folder of records (one gzip-compressed JSON file per repository: its tree and some of
its files) and `labels.jsonl`, what a reader found in each. The records are served on loopback, by the
double of the tests or by fakehub, and read by the same client and the same checks as a check run.
A file whose text the record lacks counts as one that GitHub did not give. By the double every file is
asked for all the same, so that the requests for a repository are those of a check run: three at most on
average is the goal.

Per verdict: true and false positives and negatives, how many stayed unknown, precision, recall and
accuracy. A label of null is left out. An unknown verdict is a wrong one in the accuracy.
"""

import argparse
import gzip
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from bench.checks_cost import GOAL  # noqa: E402
from portfolio import checks  # noqa: E402
from portfolio.checks.report import report  # noqa: E402
from portfolio.github import links  # noqa: E402
from portfolio.github.client import GitHub  # noqa: E402
from portfolio.github.snapshot import Read, Snapshot, TreeEntry, Unread  # noqa: E402
from tests.github_server.repositories import Content, Submodule, Symlink  # noqa: E402
from tests.github_server.server import GitHubServer  # noqa: E402

VERDICTS = (
    "has_readme",
    "readme_substantial",
    "has_tests",
    "has_ci",
    "ci_runs_tests",
    "has_licence",
    "has_environment",
    "has_dockerfile",
)
SECTIONS = ("problem", "data", "approach", "evaluation", "results", "install_run")
CELLS = {(True, True): "tp", (True, False): "fn", (False, True): "fp", (False, False): "tn"}

#: fakehub's own user, whose token it knows from the start.
FAKEHUB_TOKEN = "ghp_octocat"
FAKEHUB_START_SECONDS = 60

Record = dict[str, Any]
Look = Callable[[Record], tuple[Snapshot, Read]]


@dataclass(slots=True)
class Tally:
    """One verdict over the whole corpus."""

    cells: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def add(self, repository: str, label: bool, verdict: bool | None, why: str) -> None:
        cell = "unknown" if verdict is None else CELLS[label, verdict]
        self.cells[cell] += 1
        if cell not in ("tp", "tn"):
            self.disagreements.append(f"{cell:8} {repository}: {why}")

    @property
    def precision(self) -> float | None:
        return _share(self.cells["tp"], self.cells["tp"] + self.cells["fp"])

    @property
    def recall(self) -> float | None:
        """Of what is there, how much was found. An unknown verdict is not told apart here."""
        return _share(self.cells["tp"], self.cells["tp"] + self.cells["fn"])

    @property
    def accuracy(self) -> float | None:
        return _share(self.cells["tp"] + self.cells["tn"], self.cells.total())


@dataclass(slots=True)
class Measurement:
    """What one pass over the corpus showed."""

    tallies: dict[str, Tally]
    repositories: int = 0
    right_paths: int = 0
    wrong_paths: list[str] = field(default_factory=list)
    files_read: int = 0
    requests: int = 0
    seconds: float = 0.0

    @property
    def requests_each(self) -> float:
        return self.requests / self.repositories

    @property
    def is_cheap(self) -> bool:
        return self.requests_each <= GOAL

    def as_json(self) -> dict[str, object]:
        return {
            "ruleset": checks.RULESET,
            "repositories": self.repositories,
            "readme_path_accuracy": _share(self.right_paths, self.repositories),
            "files_read": self.files_read,
            "requests": self.requests,
            "seconds": round(self.seconds, 2),
            "verdicts": {
                name: {
                    **{cell: tally.cells[cell] for cell in ("tp", "fp", "fn", "tn", "unknown")},
                    "precision": tally.precision,
                    "recall": tally.recall,
                    "accuracy": tally.accuracy,
                }
                for name, tally in self.tallies.items()
            },
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how often the checks are right; 1 when they asked for more than the goal allows."""
    options = _options(arguments)
    if options.corpus is None:
        print("No corpus given: nothing to measure. Name one with --corpus DIR.")
        return 0
    labels = _labels(options.corpus)
    with tempfile.TemporaryDirectory() as folder:
        records = _records(labels, options.records or options.corpus, Path(folder))
        with _source(options, records, Path(folder)) as (look, github):
            measurement = measure(labels, records, look, github)
    if options.json:
        print(json.dumps(measurement.as_json(), indent=2))
    else:
        _print(measurement, verbose=options.verbose)
    return 0 if measurement.is_cheap else 1


def measure(
    labels: Sequence[Record], records: Mapping[str, Record], look: Look, github: GitHub | None
) -> Measurement:
    """Check every labelled repository and compare. `github` is only asked how much it was asked."""
    measurement = Measurement({name: Tally() for name in (*VERDICTS, *_section_names())})
    started = time.perf_counter()
    for label in labels:
        snapshot, read = look(records[label["repo"]])
        snapshot, results = checks.inspect(snapshot, read)
        said = report(snapshot, results)
        _compare(measurement, label, said)
        measurement.repositories += 1
        measurement.files_read += len(snapshot.files)
    measurement.seconds = time.perf_counter() - started
    measurement.requests = github.requests if github else 0
    return measurement


def _compare(measurement: Measurement, label: Record, said: dict[str, Any]) -> None:
    summaries = {finding["check"]: finding for finding in said["findings"]}
    why = {
        "readme_substantial": "readme-content",
        "has_tests": "tests",
        "ci_runs_tests": "ci-runs-tests",
        "has_licence": "licence",
        "has_environment": "environment",
        "has_dockerfile": "container",
        "has_ci": "ci",
        "has_readme": "readme",
    }
    for name in VERDICTS:
        if label[name] is not None:
            summary = summaries[why[name]]["summary"]
            measurement.tallies[name].add(label["repo"], label[name], said[name], summary)
    for name in SECTIONS:
        if label["readme_sections"][name] is not None:
            tally = measurement.tallies[f"section: {name}"]
            verdict = said["readme_sections"][name]
            tally.add(
                label["repo"], label["readme_sections"][name], verdict, str(said["readme_path"])
            )
    if said["readme_path"] == label["readme_path"]:
        measurement.right_paths += 1
    else:
        measurement.wrong_paths.append(
            f"{label['repo']}: {said['readme_path']}, not {label['readme_path']}"
        )


def _section_names() -> list[str]:
    return [f"section: {name}" for name in SECTIONS]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


# Where the repositories come from


def _labels(corpus: Path) -> list[Record]:
    with (corpus / "labels.jsonl").open(encoding="utf-8") as rows:
        return [json.loads(row) for row in rows if row.strip()]


def _records(labels: Sequence[Record], source: Path, folder: Path) -> dict[str, Record]:
    """The records by repository, also written to `folder` as a GitHub double can serve them.

    Outlines of Python files stand in for a text that the record does not hold.
    """
    records = {}
    for label in labels:
        with gzip.open(source / label["record"], "rt", encoding="utf-8") as packed:
            record = json.load(packed)
        record["blobs"] = {**record.get("outlines", {}), **record["blobs"]}
        records[record["repo"]] = record
        with gzip.open(folder / label["record"], "wt", encoding="utf-8", compresslevel=1) as packed:
            json.dump(record, packed)
    return records


def _source(
    options: argparse.Namespace, records: Mapping[str, Record], folder: Path
) -> AbstractContextManager[tuple[Look, GitHub | None]]:
    if options.direct:
        return _direct()
    if options.fakehub:
        return _fakehub(options.fakehub, options.fakehub_python, folder)
    return _double(records)


@contextmanager
def _direct() -> Iterator[tuple[Look, GitHub | None]]:
    """Without HTTP: quick, for work on the rules."""

    def look(record: Record) -> tuple[Snapshot, Read]:
        entries = tuple(
            TreeEntry(row["path"], row["mode"], row["type"], row["sha"], row.get("size"))
            for row in record["tree"]
        )

        def read(snapshot: Snapshot, paths: Sequence[str]) -> dict[str, str | Unread]:
            return {path: record["blobs"].get(path, Unread.FAILED) for path in paths}

        return Snapshot(record["repo"], record["commit"], entries), read

    yield look, None


@contextmanager
def _double(records: Mapping[str, Record]) -> Iterator[tuple[Look, GitHub | None]]:
    """By the tests' own double, with GraphQL."""
    with GitHubServer() as server:
        token = server.token("bench")
        with GitHub(server.url, token, web_url=server.url) as github:
            yield _deferred(server, github), github


def _deferred(server: GitHubServer, github: GitHub) -> Look:
    """Adds each repository when it is looked at, and takes the one before away."""
    before: list[str] = []

    def look(record: Record) -> tuple[Snapshot, Read]:
        while before:
            server.delete(before.pop())
        server.add(record["repo"], _contents(record))
        before.append(record["repo"])
        return _over_http(github, record, asks_for_all=True)

    return look


def _contents(record: Record) -> dict[str, Content]:
    """The files of a record. One without text holds a line that nobody reads, or stays empty."""
    contents: dict[str, Content] = {}
    for row in record["tree"]:
        text = record["blobs"].get(row["path"])
        if row["type"] == "commit":
            contents[row["path"]] = Submodule(row["sha"])
        elif row["mode"] == "120000":
            contents[row["path"]] = Symlink(text or "missing")
        elif row["type"] == "blob":
            missing = f"{row['sha']}\n" if row.get("size") else ""
            contents[row["path"]] = missing if text is None else text
    return contents


@contextmanager
def _fakehub(folder: Path, python: str, records: Path) -> Iterator[tuple[Look, GitHub | None]]:
    """By fakehub, a process of its own; by REST alone where its GraphQL schema is not installed."""
    port = _free_port()
    command = [
        python, "-m", "fakehub", "--port", str(port), "--corpus", str(records.resolve()), "--no-limits",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        token = FAKEHUB_TOKEN if (folder / "node_modules").is_dir() else ""
        with GitHub(url, token, web_url=url) as github:
            yield (lambda record: _over_http(github, record, asks_for_all=False)), github
    finally:
        process.terminate()
        process.wait(10)


def _over_http(github: GitHub, record: Record, *, asks_for_all: bool) -> tuple[Snapshot, Read]:
    """A snapshot by the client, and a read that fails for texts which the record lacks.

    With `asks_for_all` even those are asked for, where the server gives something for them.
    """

    def read(snapshot: Snapshot, paths: Sequence[str]) -> dict[str, str | Unread]:
        known = [path for path in paths if path in record["blobs"]]
        lacking: dict[str, str | Unread] = {
            path: Unread.FAILED for path in paths if path not in record["blobs"]
        }
        return {**github.read(snapshot, paths if asks_for_all else known), **lacking}

    return github.snapshot(links.parse(record["repo"])), read


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + FAKEHUB_START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"fakehub ended at its start with status {process.returncode}.")
        try:
            urllib.request.urlopen(f"{url}/_fakehub", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"fakehub did not answer within {FAKEHUB_START_SECONDS} s.")


# What is printed


def _print(measurement: Measurement, *, verbose: bool) -> None:
    verdict = "met" if measurement.is_cheap else "missed"
    asked = (
        f", {measurement.requests} requests, {measurement.requests_each:.2f} for a repository "
        f"(goal: at most {GOAL:.2f}: {verdict})"
        if measurement.requests
        else ""
    )
    print(
        f"{measurement.repositories} repositories, ruleset {checks.RULESET}: {measurement.files_read} "
        f"files read{asked}, {measurement.seconds:.1f} s"
    )
    print(
        f"{'verdict':22} {'tp':>4} {'fp':>4} {'fn':>4} {'tn':>4} {'unk':>4}  precision  recall  accuracy"
    )
    for name, tally in measurement.tallies.items():
        cells = " ".join(f"{tally.cells[cell]:>4}" for cell in ("tp", "fp", "fn", "tn", "unknown"))
        print(
            f"{name:22} {cells}  {_figure(tally.precision):>9}  {_figure(tally.recall):>6}  "
            f"{_figure(tally.accuracy):>8}"
        )
    mean = [measurement.tallies[name].accuracy or 0.0 for name in _section_names()]
    print(f"{'sections, mean':22} {'':>24}  {'':>9}  {'':>6}  {sum(mean) / len(mean):>8.3f}")
    print(f"{'readme path':22} {measurement.right_paths} of {measurement.repositories} right")
    if not verbose:
        return
    for name, tally in measurement.tallies.items():
        for line in tally.disagreements:
            print(f"{name}: {line}")
    for line in measurement.wrong_paths:
        print(f"readme path: {line}")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="How often the checks are right on a labelled corpus."
    )
    parser.add_argument("--corpus", type=Path, help="folder with labels.jsonl and the records")
    parser.add_argument(
        "--records", type=Path, help="take the records from here, the labels from --corpus"
    )
    parser.add_argument("--fakehub", type=Path, help="serve them by the fakehub of this folder")
    parser.add_argument(
        "--fakehub-python", default=sys.executable, help="a Python that has its requirements"
    )
    parser.add_argument("--direct", action="store_true", help="without HTTP, for work on the rules")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--verbose", action="store_true", help="list every disagreement")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    return options


if __name__ == "__main__":
    raise SystemExit(main())
