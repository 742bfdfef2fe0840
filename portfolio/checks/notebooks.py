"""Whether the notebooks can be read: run in order, results kept, and the code in a script as well."""

import json
from dataclasses import dataclass

from portfolio.checks import code, completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.github.snapshot import Snapshot

NAME = "notebooks"

#: Python files that hold no code of a project by themselves.
BESIDE = frozenset(["__init__.py", "setup.py", "conftest.py", "noxfile.py", "conf.py"])


@dataclass(frozen=True, slots=True)
class Run:
    """How a notebook was left: its code cells, and what running them wrote into the file."""

    path: str
    cells: int
    counts: tuple[int, ...] = ()  # execution counts in the order of the cells; unrun ones left out
    outputs: int = 0  # cells that show something
    errors: int = 0  # cells that end in an error

    @property
    def is_in_order(self) -> bool:
        return all(
            before < after for before, after in zip(self.counts, self.counts[1:], strict=False)
        )

    def evidence(self) -> Evidence:
        """The notebook in a few words."""
        if not self.counts and not self.outputs:
            return Evidence(self.path, what=f"{self.cells} code cells, saved without results")
        order = "in order" if self.is_in_order else "not in the order they stand in"
        return Evidence(
            self.path,
            what=f"{len(self.counts)} of {self.cells} code cells run {order}, {self.outputs} show a result",
        )


def check_notebooks(snapshot: Snapshot) -> Result:
    """The notebooks that were read ran from top to bottom, and there is code outside of them."""
    paths = _paths(snapshot)
    if not paths:
        return Result(NAME, Outcome.NOT_APPLICABLE, "not_applicable", "There is no notebook.")
    runs = [run for path in paths if (run := read(path, snapshot.files.get(path, "")))]
    runs = [run for run in runs if run.cells]
    details = {"notebooks": len(paths), "read": len(runs)}
    evidence = tuple(run.evidence() for run in runs[:3])
    broken = [run for run in runs if not run.is_in_order or run.errors]
    if not _has_script(snapshot) and not completeness.unseen(snapshot):
        only = f"{len(paths)} notebooks are" if len(paths) > 1 else f"{paths[0]} is"
        return Result(
            NAME,
            Outcome.FAILED,
            "no_script",
            f"{only} all the code there is: nothing of it can be imported, tested or run by a machine.",
            fix="Move what you would use again, such as loading and training, into a .py file, and "
            "import it in the notebook.",
            evidence=evidence or tuple(Evidence(path, what="a notebook") for path in paths[:3]),
            details=details,
        )
    if broken:
        return Result(
            NAME,
            Outcome.FAILED,
            "error" if broken[0].errors else "out_of_order",
            _broken(broken[0]),
            Confidence.HIGH,
            fix="In Jupyter choose “Restart Kernel and Run All Cells”, look at the results, and commit.",
            evidence=tuple(run.evidence() for run in broken[:3]),
            details=details,
        )
    if not runs:
        return code.unread(NAME, snapshot)
    names, many = files.siblings(run.path for run in runs), len(runs) > 1
    is_cleared = not any(run.counts or run.outputs for run in runs)
    if is_cleared:
        shown = f"{names} {'are' if many else 'is'} saved without results"
    elif all(run.counts for run in runs):
        shown = f"{names} ran from top to bottom"
    else:
        shown = f"{names} {'show their' if many else 'shows its'} results"
    return Result(
        NAME,
        Outcome.PASSED,
        "cleared" if is_cleared else "readable",
        f"{shown}, and there is code in scripts too.",
        Confidence.MEDIUM if len(runs) < len(paths) else Confidence.HIGH,
        fix="Keep the results of one notebook, so that a visitor sees them on GitHub."
        if is_cleared
        else "",
        evidence=evidence,
        details=details,
    )


def _broken(run: Run) -> str:
    if run.errors:
        many = "one cell ends" if run.errors == 1 else f"{run.errors} cells end"
        return f"In {run.path} {many} in an error."
    return f"The cells of {run.path} were not run in the order they stand in, so its results may not come again."


def read(path: str, text: str) -> Run | None:
    """How the notebook was left; None for a file that is none."""
    try:
        notebook = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return None
    counts: list[int] = []
    total = outputs = errors = 0
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code" or not cell.get("source"):
            continue
        total += 1
        if isinstance(count := cell.get("execution_count"), int):
            counts.append(count)
        shown = cell.get("outputs")
        shown = (
            [item for item in shown if isinstance(item, dict)] if isinstance(shown, list) else []
        )
        outputs += bool(shown)
        errors += any(item.get("output_type") == "error" for item in shown)
    return Run(path, total, tuple(counts), outputs, errors)


def _paths(snapshot: Snapshot) -> list[str]:
    environments = files.environments(snapshot)
    return files.spread(
        entry.path
        for entry in files.within(snapshot)
        if entry.is_file
        and files.is_notebook(entry.path)
        and not files.why_not_own(entry.path, environments)
    )


def _has_script(snapshot: Snapshot) -> bool:
    """Whether there is a Python file of one's own that is more than a test or a setting."""
    environments = files.environments(snapshot)
    return any(
        entry.is_file
        and files.place(entry.path).ending in ("py", "r", "jl", "scala")
        and files.place(entry.path).name not in BESIDE
        and entry.size != 0
        and not files.TEST_WORD.search(entry.path)
        and not files.why_not_own(entry.path, environments)
        for entry in files.within(snapshot)
    )


CHECKS = (
    Check(
        NAME,
        "Notebooks",
        Group.LIFECYCLE,
        50,
        check_notebooks,
        "A notebook shows a result; a script lets others get it again.",
        wanted=code.wanted,
    ),
)
