"""Whether the repository says what it needs: a manifest or lock file of its dependencies."""

import re
from posixpath import basename

from portfolio.checks import completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
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


def check_environment(snapshot: Snapshot) -> Result:
    """A dependency manifest or lock file of the repository's own, at any depth."""
    found: dict[str, list[str]] = {kind: [] for kind in ("lock", "manifest", "misspelt", "nearly")}
    environments = files.environments(snapshot)
    for entry in files.within_or_at_root(snapshot):
        kind = _kind(entry.path) if entry.type == "blob" else ""
        if kind and not files.why_not_own(entry.path, environments):
            found[kind].append(entry.path)
    if found["lock"] or found["manifest"]:
        return _declared(files.spread(found["lock"]), files.spread(found["manifest"]))
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


def _declared(locks: list[str], manifests: list[str]) -> Result:
    found = [*locks, *manifests]
    advice = (
        ""
        if locks
        else "Name exact versions too, so that it still installs in a year: “uv lock” and “pip freeze” "
        "write them down."
    )
    return Result(
        "environment",
        Outcome.PASSED,
        "locked" if locks else "declared",
        f"{files.siblings(found)} say{'s' if len(found) == 1 else ''} what the project needs.",
        fix=advice,
        evidence=tuple(
            Evidence(
                path,
                what="exact versions (a lock file)" if path in locks else "a list of dependencies",
            )
            for path in found[:5]
        ),
    )


CHECKS = (
    Check(
        "environment",
        "Dependencies",
        Group.PRACTICE,
        30,
        check_environment,
        "Whoever wants to repeat your result has to install what you had.",
    ),
)
