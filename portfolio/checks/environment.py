"""Whether the repository says what it needs: a manifest or lock file of its dependencies."""

import re
from dataclasses import replace
from posixpath import basename

from portfolio.checks import completeness, files, requirements
from portfolio.checks.check import Check, Group
from portfolio.checks.requirements import Requirement
from portfolio.checks.results import Confidence, Evidence, Outcome, Result, quoted
from portfolio.github import texts
from portfolio.github.snapshot import Snapshot

#: Files that pin every version.
LOCK = re.compile(
    r"^(?:uv\.lock|poetry\.lock|pipfile\.lock|pdm\.lock|pixi\.lock|conda-lock\.ya?ml|renv\.lock|packrat\.lock|manifest\.toml|"
    r"package-lock\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|cargo\.lock|go\.sum|gemfile\.lock|composer\.lock|mix\.lock)$",
    re.I,
)
#: Files that name what is needed.
MANIFEST = re.compile(
    r"^(?:(?:[\w.-]+[-_.])?requirements(?:[-_.][\w.-]+)?\.(?:txt|in|pip)|pyproject\.toml|setup\.py|setup\.cfg|pipfile|"
    r"(?:[\w.-]+[-_.])?environment(?:[-_.][\w.-]+)?\.ya?ml|conda(?:[-_.][\w-]+)?\.ya?ml|meta\.ya?ml|pixi\.toml|"
    r"package\.json|deno\.jsonc?|bower\.json|cargo\.toml|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|build\.sbt|build\.sc|project\.clj|deps\.edn|"
    r"description|project\.toml|juliaproject\.toml|gemfile|composer\.json|mix\.exs|pubspec\.yaml|package\.swift|stack\.yaml|cabal\.project|"
    r"[\w.-]+\.cabal|[\w.-]+\.(?:cs|fs|vb)proj|packages\.config|project\.janet|dune-project|[\w.-]+\.opam|[\w.-]+\.rockspec|"
    r"conanfile\.(?:txt|py)|vcpkg\.json|[\w.-]+\.nimble|rebar\.config|build\.zig\.zon|shard\.yml|flake\.nix|shell\.nix|default\.nix|podfile|cpanfile|install\.r)$",
    re.I,
)
#: A folder of requirement files: requirements/base.txt.
FOLDER = re.compile(r"(?:^|/)requirements/[\w.-]+\.(?:txt|in)$", re.I)
#: A list of requirements under a name that no tool looks for.
MISSPELT = re.compile(
    r"^(?:requirment|requirement|requierment|requirments|requierments)\.txt$", re.I
)
#: What may be such a list, and may be something else (Streamlit's packages.txt is apt's).
NEARLY = re.compile(r"^(?:reqs?|dependencies|packages|freeze)\.txt$", re.I)

PIN = (
    "Name exact versions too, so that it still installs in a year: “uv lock” and “pip freeze” "
    "write them down."
)


def check_environment(snapshot: Snapshot) -> Result:
    """A dependency manifest or lock file of the repository's own, at any depth."""
    found: dict[str, list[str]] = {kind: [] for kind in ("lock", "manifest", "misspelt", "nearly")}
    environments = files.environments(snapshot)
    for entry in files.within_or_at_root(snapshot):
        kind = _kind(entry.path) if entry.type == "blob" else ""
        if kind and not files.why_not_own(entry.path, environments):
            found[kind].append(entry.path)
    if found["lock"] or found["manifest"]:
        return _declared(snapshot, files.spread(found["lock"]), files.spread(found["manifest"]))
    if found["misspelt"]:
        path = files.spread(found["misspelt"])[0]
        return Result(
            "environment",
            Outcome.PASSED,
            "misspelt",
            f"{path} says what the project needs, under a name that no tool looks for.",
            Confidence.MEDIUM,
            fix=f"Rename {path} to requirements.txt.",
            evidence=(Evidence(path, what="a list of requirements"),),
        )
    lookalikes = tuple(
        Evidence(path, what="a name that no installer looks for") for path in found["nearly"][:3]
    )
    if unseen := completeness.unseen(snapshot):
        return Result(
            "environment",
            Outcome.UNKNOWN,
            "partial",
            "No list of dependencies seen. "
            f"{completeness.TOO_LONG}, so there may be one{completeness.where_unseen(unseen)} that we "
            "could not see.",
            fix="Put requirements.txt or pyproject.toml at the top of the repository, where it is "
            "always seen.",
            lookalikes=lookalikes,
        )
    return Result(
        "environment",
        Outcome.FAILED,
        "none_lookalike" if lookalikes else "none",
        "No list of dependencies found (requirements.txt, pyproject.toml, environment.yml, "
        "package.json…).",
        fix="Add requirements.txt or pyproject.toml, so that others can install what you used: “pip "
        "freeze > requirements.txt” is a start.",
        lookalikes=lookalikes,
    )


def _kind(path: str) -> str:
    """lock, manifest, misspelt or nearly; "" for a file that has nothing to do with dependencies."""
    name = basename(path)
    if LOCK.match(name):
        return "lock"
    if name.upper() == "DESCRIPTION":
        return "manifest" if name == "DESCRIPTION" else ""  # R's own spelling
    if MANIFEST.match(name) or FOLDER.search(path):
        return "manifest"
    if MISSPELT.match(name):
        return "misspelt"
    return "nearly" if NEARLY.match(name) else ""


def _declared(snapshot: Snapshot, locks: list[str], manifests: list[str]) -> Result:
    """Locked, pinned or loose; declared where the versions were not read."""
    found = [*locks, *manifests]
    result = Result(
        "environment",
        Outcome.PASSED,
        "locked" if locks else "declared",
        f"{files.siblings(found)} say{'s' if len(found) == 1 else ''} what the project needs.",
        fix="" if locks else PIN,
        evidence=tuple(
            Evidence(
                path,
                what="exact versions (a lock file)" if path in locks else "a list of dependencies",
            )
            for path in found[:5]
        ),
    )
    for path in () if locks else _lists(manifests):
        text = snapshot.files.get(path, "")
        if needed := requirements.named(path, text):
            return _listed(result, path, text, needed)
    return result


def _lists(manifests: list[str]) -> list[str]:
    """The lists of Python packages, nearest to the top first; pyproject.toml often names none."""
    lists = [path for path in manifests if requirements.is_list(path)]
    return sorted(lists, key=lambda path: (files.depth(path), basename(path) == "pyproject.toml"))


def _listed(declared: Result, path: str, text: str, needed: list[Requirement]) -> Result:
    """The same, with what the list says of versions."""
    loose = [requirement for requirement in needed if not requirement.is_exact]
    details = {"packages": len(needed), "exact": len(needed) - len(loose)}
    if not loose:
        summary = f"{path} names an exact version for {_count(len(needed), 'all')}."
        return replace(declared, state="pinned", summary=summary, fix="", details=details)
    rows = text.splitlines()
    others = tuple(item for item in declared.evidence if item.path != path)
    lines = tuple(
        Evidence(path, item.line, what="no exact version", quote=quoted(rows[item.line - 1]))
        for item in loose[:3]
        if item.line
    )
    which = f"{len(loose)} of them" if len(loose) < len(needed) else "none of them"
    has = "without an exact version" if len(loose) < len(needed) else "with an exact version"
    if len(needed) == 1:
        summary = f"{path} names {_count(1)}, without an exact version."
    else:
        summary = f"{path} names {_count(len(needed))}, {which} {has}."
    evidence = (*(lines or declared.evidence[:1]), *others)[:5]
    return replace(declared, state="loose", summary=summary, evidence=evidence, details=details)


def _count(number: int, every: str = "") -> str:
    if number == 1:
        return "the one package" if every else "one package"
    return f"{every} {number} packages".strip()


def wanted(snapshot: Snapshot) -> list[str]:
    """The two lists of Python packages that stand nearest to the top, unless there is a lock file."""
    environments = files.environments(snapshot)
    kinds: dict[str, list[str]] = {}
    for entry in files.within_or_at_root(snapshot):
        kind = _kind(entry.path) if entry.is_file and not texts.is_empty(entry) else ""
        if kind and not files.why_not_own(entry.path, environments):
            kinds.setdefault(kind, []).append(entry.path)
    if kinds.get("lock"):
        return []
    lists = _lists(files.spread(kinds.get("manifest", [])))
    return [
        path for path in lists[:2] if path not in snapshot.files and path not in snapshot.unread
    ]


CHECKS = (
    Check(
        "environment",
        "Dependencies",
        Group.PRACTICE,
        30,
        check_environment,
        "Whoever wants to repeat your result has to install what you had.",
        version=2,
        wanted=wanted,
    ),
)
