"""Whether the repository says what others may do with it."""

import re
from posixpath import basename

from portfolio.checks import completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.github.snapshot import Snapshot

#: Names that GitHub's licensee takes for a licence, in British spelling too.
NAME = re.compile(
    r"^(?:(?:un)?licen[cs]e|copying|copyright|mit-licen[cs]e|ofl)(?:[-_.][\w.+-]{1,40})?$|^licen[cs]es$",
    re.IGNORECASE,
)
#: Endings of programs and data: license_plate.ipynb is no licence.
NOT_PROSE = re.compile(
    r"\.(?:py|ipynb|csv|tsv|json|[jt]sx?|java|kt|c|h|cpp|cs|go|rs|r|sh|sql|ya?ml|toml|xml|png|jpg|svg)$",
    re.IGNORECASE,
)
NEARLY = re.compile(r"licen[cs]|copying", re.IGNORECASE)


def check_licence(snapshot: Snapshot) -> Result:
    """A licence file at the root, or in the linked folder."""
    places = ("", snapshot.folder) if snapshot.folder else ("",)
    found = [
        entry.path
        for entry in snapshot.entries
        for place in places
        if _is_in(entry.path, place)
        and (
            (entry.type == "blob" and _is_licence(entry.path))
            or (entry.type == "tree" and basename(entry.path).upper() == "LICENSES")
        )
    ]
    if found:
        known = snapshot.licence if snapshot.licence not in ("", "NOASSERTION") else ""
        named = f" ({known})" if known else ""
        return Result(
            "licence",
            Outcome.PASSED,
            "present",
            f"{basename(found[0])} says what others may do with the code{named}.",
            evidence=tuple(Evidence(path, what="a licence file") for path in found[:3]),
            details={"spdx": known} if known else {},
        )
    if snapshot.licence not in ("", "NOASSERTION"):
        return Result(
            "licence",
            Outcome.PASSED,
            "detected",
            f"GitHub recognises the licence {snapshot.licence}.",
            Confidence.MEDIUM,
            details={"spdx": snapshot.licence},
        )
    environments = files.environments(snapshot)
    lookalikes = tuple(
        Evidence(entry.path, what="not a licence file at the top of the repository")
        for entry in snapshot.entries
        if entry.type == "blob"
        and NEARLY.search(basename(entry.path))
        and not files.why_not_own(entry.path, environments)
    )[:3]
    if not completeness.is_certain(snapshot, places):
        return Result(
            "licence",
            Outcome.UNKNOWN,
            "partial",
            f"No licence seen. {completeness.TOO_LONG}, so there may be one that we could not see.",
            fix=completeness.FIX,
            lookalikes=lookalikes,
        )
    return Result(
        "licence",
        Outcome.FAILED,
        "none_lookalike" if lookalikes else "none",
        "No licence file (LICENSE, LICENCE or COPYING) found at the top of the repository. Without one "
        "nobody else may use the code.",
        fix="Add a file called LICENSE: create it on GitHub’s website, which offers the usual texts once "
        "you type that name.",
        lookalikes=lookalikes,
    )


def _is_licence(path: str) -> bool:
    return bool(NAME.match(basename(path))) and not NOT_PROSE.search(path)


def _is_in(path: str, folder: str) -> bool:
    return path.rpartition("/")[0] == folder


CHECKS = (
    Check(
        "licence",
        "Licence",
        Group.PRACTICE,
        40,
        check_licence,
        "Without a licence nobody may use your code, not even to try it.",
    ),
)
