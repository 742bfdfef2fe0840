"""What tools leave in a folder, and what nobody meant to commit: environments, caches, checkpoints."""

from portfolio.checks import completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Evidence, Outcome, Result
from portfolio.github.snapshot import Snapshot

NAME = "leftovers"

#: Folders by their name, and what wrote them. Vendored code may be there on purpose, so it is no leftover.
FOLDERS = {
    "venv": "a virtual environment",
    ".venv": "a virtual environment",
    "virtualenv": "a virtual environment",
    "site-packages": "installed packages",
    "node_modules": "installed packages",
    "__pycache__": "compiled files",
    ".ipynb_checkpoints": "notebook checkpoints",
    ".pytest_cache": "a cache",
    ".mypy_cache": "a cache",
    ".ruff_cache": "a cache",
    "__macosx": "notes of a Mac's file manager",
    ".idea": "settings of your editor",
}
FILES = {
    ".ds_store": "notes of a Mac's file manager",
    "thumbs.db": "Windows' previews of pictures",
    "desktop.ini": "notes of Windows' file manager",
    ".rhistory": "what you typed into R",
}


def check_leftovers(snapshot: Snapshot) -> Result:
    """Nothing was committed that a tool makes again by itself."""
    found: dict[str, tuple[str, int]] = {}
    environments = files.environments(snapshot)
    for entry in snapshot.entries:
        if entry.type == "blob" and (left := _leftover(entry.path, environments)):
            path, what = left
            found[path] = (what, found.get(path, ("", 0))[1] + 1)
    if not found:
        if completeness.unseen(snapshot):
            return Result(
                NAME,
                Outcome.UNKNOWN,
                "partial",
                f"Nothing seen that a tool left behind. {completeness.TOO_LONG}, so there may be some.",
                fix=completeness.FIX,
            )
        return Result(
            NAME, Outcome.PASSED, "clean", "Nothing is committed that a tool makes by itself."
        )
    most = sorted(found, key=lambda path: (-found[path][1], path))
    kinds = list(dict.fromkeys(found[path][0] for path in most))
    names = list(dict.fromkeys(path.rpartition("/")[2] for path in most))
    first = snapshot.entry(most[0])
    recursive = "" if first and first.type == "blob" else "-r "
    total = sum(count for _, count in found.values())
    return Result(
        NAME,
        Outcome.FAILED,
        "leftovers",
        f"{total} {'file is' if total == 1 else 'files are'} committed that a tool makes by itself: "
        f"{', '.join(kinds[:3])}.",
        fix=f"Write {' and '.join(names[:3])} into .gitignore, and take out what is there: “git rm "
        f"{recursive}--cached {most[0]}”. Your own copy stays.",
        evidence=tuple(
            Evidence(
                path,
                what=f"{found[path][0]}, {found[path][1]} files"
                if found[path][1] > 1
                else found[path][0],
            )
            for path in most[:5]
        ),
        details={"files": total},
    )


def _leftover(path: str, environments: frozenset[str]) -> tuple[str, str] | None:
    """The outermost folder, or the file, that is left over, and what it is."""
    parts = path.split("/")
    for depth, part in enumerate(parts[:-1], 1):
        folder = "/".join(parts[:depth])
        if what := FOLDERS.get(part.lower()):
            return folder, what
        if folder in environments and not part.endswith((".egg-info", ".dist-info")):
            return folder, "a virtual environment or an installed package"
    name = parts[-1].lower()
    if what := FILES.get(name):
        return path, what
    return (path, "a compiled file") if name.endswith((".pyc", ".pyo")) else None


CHECKS = (
    Check(
        NAME,
        "Leftovers",
        Group.HYGIENE,
        20,
        check_leftovers,
        "Whoever reads your code has to find it first.",
    ),
)
