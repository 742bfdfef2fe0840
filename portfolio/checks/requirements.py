"""What a list of Python packages names, line by line, and whether it says which version."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename

#: Lists are short; what is longer than this was made by a tool.
MAX_LINES = 5_000

#: PEP 508: a name, extras, and what follows. A line of requirements.txt, an item of pyproject.toml.
NAMED = re.compile(
    r"\s{0,20}([A-Za-z0-9][\w.-]{0,100})\s{0,5}(?:\[[^\]]{0,200}\])?\s{0,5}([^;#]{0,300})"
)
#: "==1.2" and "===1.2" name one version, "==1.*" many; conda's "=1.2" names one release.
EXACT = re.compile(r"={2,3}\s{0,5}[^\s,*]{1,100}\s*$")
CONDA_EXACT = re.compile(r"={1,2}\s{0,5}\d[^\s,*]{0,100}\s*$")
#: A package from git at a commit, or a file by its address, is one version too.
AT_COMMIT = re.compile(r"@[0-9a-f]{7,40}(?:[#&\s]|$)")
ADDRESS = re.compile(r"^\s*(?:-e\s+)?(?:git\+|https?://|file:|\.{0,2}/)")
_CONDA_ITEM = re.compile(
    r"^\s{0,20}-\s{1,5}[\"']?([A-Za-z0-9_][\w.:/-]{0,100})\s{0,5}([=<>!~][^#\"']{0,100})?"
)
_CONDA_OTHER = re.compile(r"^\s{0,20}-\s{1,5}(?:pip|python)\s*(?::|$)")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One package that is needed. Lines count from 1."""

    name: str
    line: int
    is_exact: bool


def is_list(path: str) -> bool:
    """Whether the packages in a file of this name can be told one by one."""
    name = basename(path).lower()
    is_conda = name.endswith((".yml", ".yaml")) and ("environment" in name or "conda" in name)
    return name.endswith((".txt", ".in", ".pip")) or name == "pyproject.toml" or is_conda


def named(path: str, text: str) -> list[Requirement]:
    """The packages that a list names, in its order; [] for a file that names none."""
    name = basename(path).lower()
    rows = text.splitlines()[:MAX_LINES]
    if name == "pyproject.toml":
        return list(_project(text, rows))
    return list(_conda(rows) if name.endswith((".yml", ".yaml")) else _lines(rows))


def _lines(rows: list[str]) -> Iterator[Requirement]:
    """pip's own format; options, comments and files included by -r are no packages."""
    continues = False
    for number, row in enumerate(rows, 1):
        is_continued, continues = continues, row.rstrip().endswith("\\")
        row = row.removeprefix("\ufeff").rstrip("\\")
        if is_continued or not row.strip() or row.lstrip().startswith("#"):
            continue
        if ADDRESS.match(row):
            yield Requirement(row.strip()[:100], number, bool(AT_COMMIT.search(row)))
        elif not row.lstrip().startswith("-") and (match := NAMED.match(row)):
            yield Requirement(match[1], number, _is_exact(match[2]))


def _is_exact(rest: str) -> bool:
    rest = rest.partition(" --")[0]  # of pip: --hash=sha256:…
    if rest.lstrip().startswith("@"):
        return bool(AT_COMMIT.search(rest)) or rest.strip().endswith((".whl", ".tar.gz", ".zip"))
    return bool(EXACT.search(rest))


def _conda(rows: list[str]) -> Iterator[Requirement]:
    section = ""
    for number, row in enumerate(rows, 1):
        if row[:1].isalpha():
            section = row.partition(":")[0]
        match = _CONDA_ITEM.match(row) if section == "dependencies" else None
        if match and not _CONDA_OTHER.match(row):
            yield Requirement(match[1], number, bool(CONDA_EXACT.match(match[2] or "")))


def _project(text: str, rows: list[str]) -> Iterator[Requirement]:
    """[project] dependencies, and those of Poetry, whose bare "1.2" means exactly that."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    project = table.get("project")
    listed = project.get("dependencies") if isinstance(project, dict) else None
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, str) and (match := NAMED.match(item)):
            yield Requirement(match[1], _line_of(item, rows), _is_exact(match[2]))
    for name, version in _of_poetry(table):
        is_exact = bool(re.match(r"^(?:==\s*)?\d[\w.+-]{0,60}$", version))
        yield Requirement(name, _line_of(name, rows), is_exact)


def _of_poetry(table: dict[str, object]) -> Iterator[tuple[str, str]]:
    found: object = table
    for key in ("tool", "poetry", "dependencies"):
        found = found.get(key) if isinstance(found, dict) else None
    for name, version in found.items() if isinstance(found, dict) else ():
        if name != "python":
            version = version.get("version") if isinstance(version, dict) else version
            yield name, version if isinstance(version, str) else ""


def _line_of(words: str, rows: list[str]) -> int:
    return next((number for number, row in enumerate(rows, 1) if words in row), 0)
