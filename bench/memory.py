"""Whether a worker's memory stays flat: check runs one after the other, and what the process holds.

    python bench/memory.py [--checks N] [--database postgres]

One process carries out check runs as its tasks do, of repositories like the demo's samples, against the
double of the tests in a process of its own. No commit is looked at twice, and each holds files of new
names. Goal: in the last third the process holds at most 5 % more than in the second. `--checks 10000` is
the long run.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from bench import _site  # noqa: E402
from bench._github import Double  # noqa: E402

GOAL = 1.05  # last third by second third
REPOSITORIES = 200
EVERY = 5  # checks between two looks at the memory
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Growth:
    """What the process held, in bytes, over one run of checks."""

    held: Sequence[int]
    seconds: float

    @property
    def thirds(self) -> list[float]:
        size = len(self.held) // 3
        return [mean(self.held[size * n : size * (n + 1)]) for n in range(3)]

    @property
    def ratio(self) -> float:
        _, second, last = self.thirds
        return last / second


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the process held; 1 when it grew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--checks", type=int, default=1500, help="how many check runs")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    with Double(min(REPOSITORIES, options.checks)) as double:
        _site.start(double, options.database)
        growth = measure(double, options.checks)
    first, second, last = (f"{held / MEGABYTE:.1f} MB" for held in growth.thirds)
    is_met = growth.ratio <= GOAL
    print(
        f"{options.checks} check runs in one process, {options.database}, {growth.seconds:.0f} s: "
        f"{first} in the first third, {second} in the second, {last} in the last; goal: the last within "
        f"{100 * GOAL - 100:.0f} % of the second: {100 * growth.ratio - 100:+.1f} %, "
        f"{'met' if is_met else 'missed'}"
    )
    return 0 if is_met else 1


def measure(double: Double, checks: int) -> Growth:
    """Carry out so many check runs, of all repositories in turn."""
    from bench import _unpaced  # noqa: F401
    from portfolio import check_runs, tasks
    from portfolio.models import CheckRun, Repository

    logging.disable(logging.INFO)  # ten thousand lines of "check run done"
    held = []
    started = time.perf_counter()
    repositories = list(Repository.objects.all())
    for number, repository in enumerate(islice(cycle(repositories), checks), 1):
        tasks.execute_check_run(check_runs.request(repository).pk)
        if number % EVERY == 0:
            held.append(_resident())
        if number % len(repositories) == 0:
            double.turn_over()
    if (done := CheckRun.objects.conclusive().count()) != checks:
        raise SystemExit(f"{checks - done} of {checks} checks were not done.")
    return Growth(held, time.perf_counter() - started)


def _resident() -> int:
    """Bytes of memory that this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    raise SystemExit(main())
