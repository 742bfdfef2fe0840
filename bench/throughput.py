"""How many checks a worker does in a second, beside a bare loop that sends the same requests.

    python bench/throughput.py [--runs N] [--delays 0,50] [--concurrency 2] [--database postgres]

A real worker does check runs of repositories like the demo's samples, against the double of the tests in
a process of its own. The requests that reach the double are then sent again by as many processes that do
nothing else, each over one connection that is kept. Both take turns, of which the quickest counts: other
programs on the machine only slow them. Both wait for the double's delay, as for GitHub, whose answers
take 100 ms and more. Goal, where an answer takes 50 ms or more: the worker does at least four fifths of
what the bare loop does.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402

from bench import _site  # noqa: E402
from bench._github import PROCESSES, Asked, Double  # noqa: E402
from config import programs  # noqa: E402
from config.processes import Process  # noqa: E402

GOAL = 0.8  # of the bare loop's checks a second
LIKE_GITHUB = 50  # ms for an answer; below it the goal is not asked for
TURNS = 4  # of each, one after the other
PATIENCE = 120  # seconds for one turn


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the worker beside the bare loop, in checks a second."""

    delay: int  # ms for an answer
    requests: float  # for a check
    worker: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.worker / self.bare

    @property
    def verdict(self) -> str:
        if self.delay < LIKE_GITHUB:
            return "–"
        return "met" if self.ratio >= GOAL else "missed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; 1 when the goal is missed."""
    options = _options(arguments)
    with Double(options.runs) as double:
        _site.start(double, options.database)
        with _worker(options.concurrency):
            _check(double.names[: 4 * options.concurrency])  # every process has done some
            rows = [compare(double, delay, options.concurrency) for delay in options.delays]
    return _print(rows, options)


def compare(double: Double, delay: int, concurrency: int) -> Row:
    """Let both take turns, with answers that take `delay` ms."""
    double.answer_after(delay / 1000)
    double.asked()
    worker, bare = [], []
    for _ in range(TURNS):
        worker.append(_check(double.names))
        asked = double.asked()
        bare.append(_ask_again(double, _by_repository(asked), concurrency))
        again = double.asked()
    count = len(double.names)
    if len(again) != len(asked) + concurrency:
        raise SystemExit(f"The bare loop asked {len(again)} times, the worker {len(asked)} times.")
    return Row(delay, len(asked) / count, count / min(worker), count / min(bare))


def _check(names: Sequence[str]) -> float:
    """Have the worker check these repositories; seconds from the first task to the last verdict."""
    from django.utils import timezone

    from portfolio import check_runs
    from portfolio.models import CheckRun, Repository
    from portfolio.tasks import execute_check_run

    repositories = Repository.objects.filter(full_name__in=names)
    runs = [check_runs.request(repository).pk for repository in repositories]
    started = timezone.now()
    for pk in runs:
        execute_check_run.delay(pk)
    done = CheckRun.objects.filter(pk__in=runs).conclusive()
    deadline = time.monotonic() + PATIENCE
    while done.count() < len(runs):
        if time.monotonic() > deadline:
            raise SystemExit(f"{len(runs) - done.count()} of {len(runs)} checks were not done.")
        time.sleep(0.1)
    return float((max(done.values_list("completed_at", flat=True)) - started).total_seconds())


@contextmanager
def _worker(concurrency: int) -> Iterator[None]:
    """The worker as `make run` starts it, with so many processes, and without a pace to keep."""
    program = programs.worker(os.environ)
    more = ["--concurrency", str(concurrency), "--include", "bench._unpaced"]
    program = replace(program, command=[*program.command, *more])
    process = Process(program, show=lambda name, line: None)
    process.start()
    try:
        yield
    finally:
        process.stop(hurry=lambda: False)


def _ask_again(double: Double, checks: Sequence[Sequence[Asked]], concurrency: int) -> float:
    """Send what was asked again; seconds from the first request to the last answer."""
    go = PROCESSES.Barrier(concurrency)
    told = PROCESSES.SimpleQueue()
    processes = [
        PROCESSES.Process(
            target=_ask, args=(double.url, double.token, checks[first::concurrency], go, told)
        )
        for first in range(concurrency)
    ]
    for process in processes:
        process.start()
    spans = [told.get() for _ in processes]
    for process in processes:
        process.join()
    return max(ended for _, ended in spans) - min(started for started, _ in spans)


def _ask(url: str, token: str, checks: Sequence[Sequence[Asked]], go: Any, told: Any) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False) as http:
        http.get("/rate_limit")  # opens the connection
        go.wait()
        started = time.time()
        for check in checks:
            for asked in check:
                http.request(asked.method, asked.path, content=asked.body).raise_for_status()
        told.put((started, time.time()))


def _by_repository(asked: Sequence[Asked]) -> list[list[Asked]]:
    """The requests of each check, in their order. Each repository has an owner of its own."""
    checks: dict[str, list[Asked]] = {}
    for row in asked:
        if owner := re.search(r"\bcohort-\d+\b", f"{row.path} {row.body}"):
            checks.setdefault(owner[0], []).append(row)
    return list(checks.values())


def _print(rows: Sequence[Row], options: argparse.Namespace) -> int:
    print(
        f"{options.runs} repositories, {options.concurrency} at once, {options.database}; "
        f"checks a second, the quickest of {TURNS} turns; load {os.getloadavg()[0]:.1f} on "
        f"{os.cpu_count()} cores"
    )
    print("an answer takes   requests a check   worker   bare loop   ratio   goal")
    for row in rows:
        print(
            f"{row.delay:>12} ms   {row.requests:>16.2f}   {row.worker:>6.1f}   {row.bare:>9.1f}   "
            f"{100 * row.ratio:>3.0f} %   {row.verdict}"
        )
    return 1 if any(row.verdict == "missed" for row in rows) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=40, help="how many repositories to check")
    parser.add_argument("--concurrency", type=int, default=2, help="processes that check at once")
    parser.add_argument(
        "--delays", type=_milliseconds, default=[0, LIKE_GITHUB], help="ms an answer takes: 0,50"
    )
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    return options


def _milliseconds(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    raise SystemExit(main())
