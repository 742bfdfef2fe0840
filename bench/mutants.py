"""Whether the tests notice when the code that Milepost exists for is wrong.

    python bench/mutants.py [--each N] [--seed N] [--cosmic-ray PATH] [GROUP …]

cosmic-ray makes small mistakes (a comparison turned round, an operator exchanged, a number off by one) in
copies of the code, one at a time, and runs the tests of that group against each. A mistake that no test
notices is printed with its place; docs/mutants.md says of what kinds they are, and why those are none. The
goal: 85 in 100 are noticed, and every other one is read. A sample of each group is tried, the same for the
same seed. cosmic-ray has libraries of its own, so it is installed apart:
`python -m venv DIR && DIR/bin/pip install cosmic-ray==8.7.0`.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2
GOAL = 0.85  # of mistakes that are noticed
TIMEOUT = 120  # seconds for the tests of one mistake


class Group(NamedTuple):
    """Code, and the tests that are there for it."""

    code: list[str]
    tests: str


GROUPS = {
    "checks": Group(
        sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("portfolio/checks/*.py")),
        "tests/portfolio/test_checks.py tests/portfolio/test_checks_[!abh]*.py"  # not the slow ones
        " tests/portfolio/test_checks_hygiene.py",
    ),
    "progress": Group(
        ["curriculum/progress.py"],
        "tests/curriculum/test_progress*.py tests/curriculum/test_skips.py",
    ),
    "evidence": Group(
        ["portfolio/evidence.py", "portfolio/demonstrations.py", "portfolio/readiness.py"],
        "tests/portfolio/test_evidence*.py tests/portfolio/test_demonstrations.py"
        " tests/portfolio/test_readiness*.py",
    ),
    "reviews": Group(
        ["portfolio/reviews.py"],
        "tests/portfolio/test_review.py tests/portfolio/test_review_[mq]*.py"
        " tests/portfolio/test_cohort_reviews.py",
    ),
}
CONFIG = """
[cosmic-ray]
module-path = {code}
timeout = {timeout}.0
excluded-modules = []
test-command = "{test}"

[cosmic-ray.distributor]
name = "local"
"""
#: Mistakes that cannot matter: annotations are not run, and a decorator that is gone is noticed by all.
LEFT_OUT = ("%BinaryOperator_BitOr%", "%RemoveDecorator%")
#: Nor what is frozen for whoever writes code here, and changes nothing for who uses it.
FOR_US = "@dataclass("


class Survivor(NamedTuple):
    """A mistake that no test noticed."""

    place: str
    diff: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how many mistakes were noticed, and those that were not; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("groups", nargs="*", choices=[[], *GROUPS], default=[])
    parser.add_argument("--each", type=int, default=60, help="mistakes of each group")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cosmic-ray", default="cosmic-ray", help="the program")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    if not shutil.which(options.cosmic_ray):
        print(f"Left out: {options.cosmic_ray} is not there; see {Path(__file__).name}.")
        return 0
    is_good = True
    for name in options.groups or GROUPS:
        tried, survivors = _try(name, options.each, options.seed, options.cosmic_ray)
        print(f"{name}: {tried - len(survivors)} of {tried} mistakes were noticed")
        is_good = is_good and len(survivors) <= (1 - GOAL) * tried
        for survivor in survivors:
            print(f"  {survivor.place}\n{survivor.diff}")
    return 0 if is_good else 1


def _try(name: str, each: int, seed: int, program: str) -> tuple[int, list[Survivor]]:
    """How many mistakes were tried, and which nobody noticed; half of them in a copy each."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [_copy(Path(folder) / str(number), GROUPS[name]) for number in range(AT_ONCE)]
        _run(program, "init", "mutants.toml", "mutants.sqlite", at=copies[0])
        for number, copy in enumerate(copies):
            if number:
                shutil.copy(copies[0] / "mutants.sqlite", copy)
        for number, copy in enumerate(copies):
            _keep(copy / "mutants.sqlite", each, seed, number)
        _run(program, "baseline", "mutants.toml", at=copies[0])  # nobody made a mistake yet
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(
                pool.map(
                    lambda copy: _run(program, "exec", "mutants.toml", "mutants.sqlite", at=copy),
                    copies,
                )
            )
        found = [_read(copy / "mutants.sqlite") for copy in copies]
    return sum(tried for tried, _ in found), [one for _, survivors in found for one in survivors]


def _copy(place: Path, group: Group) -> Path:
    """The files of the repository, with what cosmic-ray wants to know."""
    place.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    tests = " ".join(
        str(path.relative_to(ROOT)) for glob in group.tests.split() for path in ROOT.glob(glob)
    )
    command = f"{sys.executable} -m pytest -q -x -n0 -m 'not browser' {tests}"
    config = CONFIG.format(code=group.code, timeout=TIMEOUT, test=command)
    (place / "mutants.toml").write_text(config, encoding="utf-8")
    return place


def _keep(session: Path, each: int, seed: int, share: int) -> None:
    """Leave a sample in a session, and of that every copy's own share."""
    with sqlite3.connect(session) as database:
        for operator in LEFT_OUT:
            database.execute("DELETE FROM mutation_specs WHERE operator_name LIKE ?", [operator])
        rows = database.execute(
            "SELECT job_id, module_path, start_pos_row FROM mutation_specs"
            " ORDER BY module_path, start_pos_row, start_pos_col, operator_name, occurrence"
        )
        jobs = [job for job, path, row in rows if not _line(session, path, row).startswith(FOR_US)]
        chosen = random.Random(seed).sample(jobs, min(each, len(jobs)))[share::AT_ONCE]
        marks = ",".join("?" * len(chosen))
        for table in ("mutation_specs", "work_items"):
            database.execute(f"DELETE FROM {table} WHERE job_id NOT IN ({marks})", chosen)
    database.close()


def _line(session: Path, path: str, row: int) -> str:
    return (session.parent / path).read_text(encoding="utf-8").splitlines()[row - 1].strip()


def _read(session: Path) -> tuple[int, list[Survivor]]:
    with sqlite3.connect(session) as database:
        rows = database.execute(
            "SELECT test_outcome, module_path, definition_name, operator_name, diff"
            " FROM work_results JOIN mutation_specs USING (job_id)"
            " ORDER BY module_path, start_pos_row, start_pos_col"
        ).fetchall()
    database.close()
    return len(rows), [
        Survivor(f"{path} {definition or ''}: {_changed(diff)}", diff or "")
        for outcome, path, definition, operator, diff in rows
        if outcome == "SURVIVED"
    ]


def _changed(diff: str | None) -> str:
    """The line as it became."""
    added = [line[1:].strip() for line in (diff or "").splitlines() if line.startswith("+")]
    return added[-1] if added else ""


def _run(program: str, *arguments: str, at: Path) -> None:
    """Raises RuntimeError with what the program said when it fails."""
    done = subprocess.run([program, *arguments], cwd=at, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])


if __name__ == "__main__":
    raise SystemExit(main())
