"""Whether GitHub shows a README for the repository, and which file that is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import basename, dirname

from portfolio.checks import completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.github.snapshot import Snapshot, TreeEntry

#: GitHub's order of folders ("About the repository README file", GitHub Docs).
PLACES = (".github", "", "docs")

#: Markup that GitHub renders (github/markup). It wins over plain text in the same folder.
RENDERED = [
    "md",
    "markdown",
    "mdown",
    "mkdn",
    "mkd",
    "rst",
    "org",
    "adoc",
    "asciidoc",
    "asc",
    "textile",
    "rdoc",
    "creole",
    "mediawiki",
    "wiki",
    "pod",
]
PLAIN = ("", "txt")

#: A file called readme with one of these endings is a picture or a program, not something to read.
UNREADABLE = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "ico",
        "webp",
        "bmp",
        "mp4",
        "zip",
        "gz",
        "py",
        "js",
        "ts",
        "css",
        "sh",
        "bat",
        "ps1",
    ]
)

README = re.compile(r"^readme(?:\.([A-Za-z0-9]{1,12}))?$", re.IGNORECASE)
#: Names close to README that GitHub does not show: README_en.md, README-zh.md, READMEE.md, read_me.txt.
NEARLY = re.compile(r"^(?:readme[\w.\- ]{1,40}|read[_\- ]me(?:\.\w{1,10})?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readme:
    """The README that a visitor sees first."""

    entry: TreeEntry
    target: str = ""  # where a symbolic link leads; "" for a file, or while the link is unread
    is_outside: bool = False  # found at the root, though the link names a folder

    @property
    def path(self) -> str:
        return self.entry.path

    @property
    def content_path(self) -> str:
        """The file that holds the text."""
        return self.target or self.entry.path


def places(snapshot: Snapshot) -> list[str]:
    """The folders in which a README is looked for: of the linked folder first, then GitHub's."""
    folder = snapshot.folder
    own = [folder, *(f"{folder}/{place}" for place in PLACES if place)] if folder else []
    return [*own, *PLACES]


def find(snapshot: Snapshot) -> Readme | None:
    """The README GitHub would show for the linked folder, else for the whole repository."""
    if found := _in_places(snapshot, places(snapshot)):
        inside = not snapshot.folder or found.path.startswith(f"{snapshot.folder}/")
        return Readme(found, _target(snapshot, found), is_outside=not inside)
    return None


def check_readme(snapshot: Snapshot) -> Result:
    """A README is where GitHub looks for one, and is not empty."""
    if snapshot.is_empty:
        return Result(
            "readme",
            Outcome.FAILED,
            "empty_repository",
            "The repository is empty: nothing has been pushed to it yet.",
            fix="Push your first commit, with a README.md that says what the project is about.",
        )
    found = find(snapshot)
    if found is None:
        return _missing(snapshot)
    details: dict[str, object] = {"path": found.path}
    if found.target:
        details["target"] = found.target
    here = Evidence(found.path, what="the README that GitHub shows")
    where = (
        " It stands outside the folder that you linked, at the top of the repository."
        if found.is_outside
        else ""
    )
    if found.entry.is_symlink and (broken := _broken_link(snapshot, found)):
        return broken
    if is_empty(snapshot, found):
        return Result(
            "readme",
            Outcome.FAILED,
            "empty",
            f"{found.path} is there, but it is empty.",
            fix=f"Write a few sentences into {found.path}: what the project does, for whom, and how to "
            "run it.",
            evidence=(Evidence(found.path, what="a file of 0 bytes"),),
            details=details,
        )
    if not _is_rendered(found.path):
        return Result(
            "readme",
            Outcome.PASSED,
            "unrendered",
            f"{found.path} is there, but GitHub does not show it as a formatted page.{where}",
            Confidence.MEDIUM,
            fix="Put the same text in README.md: GitHub shows that on the repository's front page.",
            evidence=(here,),
            details=details,
        )
    return Result(
        "readme",
        Outcome.PASSED,
        "present",
        f"GitHub shows {found.path} to visitors.{where}",
        evidence=(here,),
        details=details,
    )


def is_empty(snapshot: Snapshot, readme: Readme) -> bool:
    """Whether the README's file is known to hold nothing but blanks."""
    text = snapshot.files.get(readme.content_path)
    if text is not None and not (readme.entry.is_symlink and not readme.target):
        return not text.strip()
    entry = snapshot.entry(readme.content_path)
    return entry is not None and (entry.sha == files.EMPTY_BLOB or entry.size == 0)


def wanted(snapshot: Snapshot) -> list[str]:
    """What has to be read to know the README: the file, then where a symbolic link leads."""
    found = find(snapshot)
    if found is None or is_empty(snapshot, found):
        return []
    path = found.content_path
    if path in snapshot.files or path in snapshot.unread:
        return []
    return [path] if snapshot.entry(path) is not None else []


def _in_places(snapshot: Snapshot, places: Iterable[str]) -> TreeEntry | None:
    by_folder: dict[str, list[TreeEntry]] = {}
    for entry in snapshot.entries:
        if (
            "readme" in entry.path.lower()
            and entry.type == "blob"
            and README.match(basename(entry.path))
        ):
            by_folder.setdefault(dirname(entry.path), []).append(entry)
    for place in places:
        folder = next((f for f in by_folder if f.lower() == place.lower()), None)
        if folder is None:
            continue
        candidates = [entry for entry in by_folder[folder] if _rank(entry.path) is not None]
        if candidates:
            return min(candidates, key=lambda entry: (_rank(entry.path), entry.path))
    return None


def _rank(path: str) -> int | None:
    """The order of README files in one folder; None for a name that GitHub does not take."""
    match = README.match(basename(path))
    if not match or (match[1] or "").lower() in UNREADABLE:
        return None
    ending = (match[1] or "").lower()
    if ending in RENDERED:
        return RENDERED.index(ending)
    if ending in PLAIN:
        return len(RENDERED) + PLAIN.index(ending)
    return len(RENDERED) + len(PLAIN)


def _is_rendered(path: str) -> bool:
    rank = _rank(path)
    return rank is not None and rank < len(RENDERED) + len(PLAIN)


def _target(snapshot: Snapshot, entry: TreeEntry) -> str:
    """Where a link leads, through at most one further link; "" while its text is unread."""
    path = entry.path
    for _ in range(2):
        here = snapshot.entry(path)
        if here is None or not here.is_symlink or path not in snapshot.files:
            break
        leads_to = files.target(path, snapshot.files[path])
        if leads_to is None:
            break
        path = leads_to
    return path if path != entry.path else ""


def _broken_link(snapshot: Snapshot, found: Readme) -> Result | None:
    """The result for a link that leads nowhere; None for one that leads to a file."""
    text = snapshot.files.get(found.path)
    entry = snapshot.entry(found.target) if found.target else None
    if text is None or (entry is not None and entry.is_file):
        return None
    if entry is None and found.target and not snapshot.is_whole(dirname(found.target)):
        return Result(
            "readme",
            Outcome.UNKNOWN,
            "partial",
            f"{found.path} is a link to {found.target}. {completeness.TOO_LONG}, so we could not see "
            "whether that file is there.",
            fix=f"Replace the link with a README.md that holds the text of {found.target}.",
            evidence=(Evidence(found.path, what="a symbolic link"),),
        )
    return Result(
        "readme",
        Outcome.FAILED,
        "broken_symlink",
        f"{found.path} is a link to another file, and no such file is in this repository.",
        fix=f"Replace {found.path} with a file of that name that holds the text itself.",
        evidence=(Evidence(found.path, what="a symbolic link", quote=text[:120].strip()),),
    )


def _missing(snapshot: Snapshot) -> Result:
    """No README where GitHub looks: what comes nearest, and why it does not count."""
    environments = files.environments(snapshot)
    nearly, nested, vendored = [], [], 0
    for entry in snapshot.entries:
        name = basename(entry.path)
        if entry.type != "blob" or not (README.match(name) or NEARLY.match(name)):
            continue
        if files.why_not_own(entry.path, environments):
            vendored += 1
        elif README.match(name) and _rank(entry.path) is not None:
            nested.append(entry.path)
        elif dirname(entry.path).lower() in PLACES:
            nearly.append(entry.path)
    lookalikes = [
        Evidence(path, what="not a name that GitHub shows as the README") for path in nearly[:3]
    ] + [Evidence(path, what="a README of a sub-folder") for path in files.spread(nested)[:3]]
    looked = "No README found at the top of the repository, in .github/ or in docs/"
    if not completeness.is_certain(snapshot, places(snapshot)):
        return Result(
            "readme",
            Outcome.UNKNOWN,
            "partial",
            f"No README seen. {completeness.TOO_LONG}, so there may be one that we could not see.",
            fix=completeness.FIX,
            lookalikes=tuple(lookalikes),
        )
    if nearly:
        state, fix = (
            "unrendered",
            f"Rename {nearly[0]} to README.md: that is the name which GitHub shows.",
        )
        summary = f"{looked}; {files.siblings(nearly)} is not a name that GitHub shows."
    elif nested:
        state = "only_in_subfolders"
        fix = (
            "Add a README.md at the top of the repository, or give us the link of the sub-folder that "
            "is your project."
        )
        summary = f"{looked}; there is one in a sub-folder: {files.spread(nested)[0]}."
    else:
        state = "missing"
        fix = (
            "Add a README.md at the top of the repository: what the project does, with which data, and "
            "how to run it."
        )
        others = f" ({vendored} READMEs of other people's code do not count)" if vendored else ""
        summary = f"{looked}{others}."
    return Result("readme", Outcome.FAILED, state, summary, fix=fix, lookalikes=tuple(lookalikes))


CHECKS = (
    Check(
        "readme",
        "README",
        Group.REQUIRED,
        10,
        check_readme,
        "The first thing anybody opens, and often the last.",
    ),
)
