"""A few of the repository's own Python files and notebooks, read for what they import and call."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from portfolio.checks import files
from portfolio.checks.prose import cells
from portfolio.checks.results import Confidence, Evidence, Outcome, Result, quoted
from portfolio.checks.tests.python import parse
from portfolio.github import texts
from portfolio.github.snapshot import Snapshot, TreeEntry

#: Files that are read to learn what a project does: enough for a learner's, few enough to be cheap.
MAX_SCRIPTS, MAX_NOTEBOOKS = 4, 2

#: Of a name such as keras.datasets.mnist.load_data.
MAX_PARTS = 8

#: What the file is likely to be about, best first: by the word its name begins or ends with.
TELLING = (
    "train", "main", "pipeline", "model", "experiment", "run", "app", "api", "serve", "predict",
    "evaluate", "monitor", "fit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """A call by the full name of what is called, whatever it was imported as: pandas.read_csv."""

    name: str
    line: int
    texts: tuple[str, ...] = ()  # what it is given as plain texts


@dataclass(frozen=True, slots=True)
class Source:
    """One file of code. Lines are 0 in a notebook, whose lines mean nothing to a reader."""

    path: str
    imports: tuple[tuple[str, int], ...]  # full name of the module, line
    calls: tuple[Call, ...]
    lines: tuple[str, ...]

    def evidence(self, line: int, what: str) -> Evidence:
        """What stands on a line, with its words."""
        if files.is_notebook(self.path):
            return Evidence(self.path, what=what)
        quote = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Evidence(self.path, line, what=what, quote=quoted(quote))

    def imports_of(self, *modules: str) -> int | None:
        """The line on which one of these modules, or a part of it, is imported; None for none."""
        for name, line in self.imports:
            if any(name == module or name.startswith(f"{module}.") for module in modules):
                return line
        return None


def candidates(snapshot: Snapshot) -> list[str]:
    """Own scripts and notebooks that are likely to tell most, best first; tests left out."""
    return snapshot.derived(_candidates)


def _own(snapshot: Snapshot) -> Iterator[TreeEntry]:
    environments = files.environments(snapshot)
    for entry in files.within(snapshot):
        if not entry.is_file or files.place(entry.path).ending not in ("py", "ipynb"):
            continue
        if texts.is_empty(entry) or files.TEST_WORD.search(entry.path):
            continue
        if not files.why_not_own(entry.path, environments):
            yield entry


def _candidates(snapshot: Snapshot) -> list[str]:
    scripts: list[tuple[int, int, str]] = []
    notebooks: list[tuple[int, int, str]] = []
    for entry in _own(snapshot):
        if (entry.size or 0) > texts.limit(entry.path):
            continue
        place = files.place(entry.path)
        ranked = (_telling(place.stem.lower()), files.depth(entry.path), entry.path)
        (notebooks if place.ending == "ipynb" else scripts).append(ranked)
    chosen = sorted(scripts)[:MAX_SCRIPTS] + sorted(notebooks)[:MAX_NOTEBOOKS]
    return [path for _, _, path in chosen]


def _telling(stem: str) -> int:
    for rank, word in enumerate(TELLING):
        if stem.startswith(word) or stem.endswith(word):
            return rank
    return len(TELLING)


def wanted(snapshot: Snapshot) -> Sequence[str]:
    """The candidates not yet read."""
    return [
        path
        for path in candidates(snapshot)
        if path not in snapshot.files and path not in snapshot.unread
    ]


def sources(snapshot: Snapshot) -> list[Source]:
    """What the files of code that were read hold, whoever asked for them; unparsable ones left out."""
    found = []
    environments = files.environments(snapshot)
    for path, text in snapshot.files.items():
        if files.place(path).ending in ("py", "ipynb"):
            if files.TEST_WORD.search(path) or files.why_not_own(path, environments):
                continue
            if source := _source(path, text):
                found.append(source)
    return found


def is_known(snapshot: Snapshot) -> bool:
    """Whether every candidate was read, so that a call that was not seen is not in them."""
    return not too_large(snapshot) and all(path in snapshot.files for path in candidates(snapshot))


def too_large(snapshot: Snapshot) -> list[str]:
    """Own scripts and notebooks that are above the size that is read."""
    return snapshot.derived(_too_large)


def _too_large(snapshot: Snapshot) -> list[str]:
    return [entry.path for entry in _own(snapshot) if (entry.size or 0) > texts.limit(entry.path)]


def unread(check_name: str, snapshot: Snapshot) -> Result:
    """What a check says that found nothing while files that may tell were not read."""
    large = too_large(snapshot)
    many = len(large) > 1
    if not large:
        summary = "The files that would tell could not be read."
        fix = "Nothing to do: the next check looks again."
    else:
        summary = (
            f"{files.siblings(large)} {'are' if many else 'is'} too large to be read, so what "
            f"{'they' if many else 'it'} would tell is not known."
        )
        fix = "Clear the outputs before you commit, or move the code into a script."
    return Result(check_name, Outcome.UNKNOWN, "unread", summary, Confidence.LOW, fix=fix)


def has_code(snapshot: Snapshot) -> bool:
    """Whether there is Python of the repository's own at all."""
    return bool(candidates(snapshot) or too_large(snapshot))


@lru_cache(maxsize=64)  # several checks ask for the same files
def _source(path: str, text: str) -> Source | None:
    if not files.is_notebook(path):
        tree = parse(text)
        return None if tree is None else _parsed(path, text, [tree])
    trees = []
    for kind, code, _ in cells(text):
        if kind == "code":
            rows = (row for row in code.splitlines() if not row.lstrip().startswith(("%", "!")))
            if tree := parse("\n".join(rows)):
                trees.append(tree)
    return _parsed(path, "", trees)


def _parsed(path: str, text: str, trees: Sequence[ast.Module]) -> Source:
    imports: list[tuple[str, int]] = []
    called: list[ast.Call] = []
    values: dict[str, str] = {}
    known_as: dict[str, str] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Import(names=names):
                imports += [(alias.name, node.lineno) for alias in names]
                known_as |= {alias.asname: alias.name for alias in names if alias.asname}
            case ast.ImportFrom(names=names, level=level):
                module = "." * level + (node.module or "")
                for alias in names:
                    full_name = f"{module}.{alias.name}"
                    known_as[alias.asname or alias.name] = full_name
                    if not level:
                        imports.append((full_name, node.lineno))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if said := _text(value):
                values[name] = said
            case ast.Call():
                called.append(node)
    calls = tuple(
        Call(dotted(call.func, known_as), call.lineno, _texts(call, values)) for call in called
    )
    return Source(path, tuple(imports), calls, tuple(text.splitlines()))


def dotted(node: ast.expr, known_as: Mapping[str, str] = MappingProxyType({})) -> str:
    """The full name of what is called: mlflow.log_metric; ".fit" where its object has no plain name.

    `known_as` are the names that imports gave. At most the last `MAX_PARTS` parts of a long chain.
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < MAX_PARTS:
        parts.append(node.attr)
        node = node.value
    name = node.id if isinstance(node, ast.Name) else ""
    return ".".join([known_as.get(name, name), *reversed(parts)])


def _texts(call: ast.Call, values: Mapping[str, str]) -> tuple[str, ...]:
    """The texts a call is given, by themselves or by the name of a variable that holds one."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    found = [
        values.get(value.id, "") if isinstance(value, ast.Name) else _text(value) for value in given
    ]
    return tuple(text for text in found if text)


def _text(node: ast.expr) -> str:
    """What a plain text says, at most 200 characters; of an f-string, how it begins."""
    match node:
        case ast.Constant(value=str(text)):
            return text[:200]
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return text[:200]
    return ""
