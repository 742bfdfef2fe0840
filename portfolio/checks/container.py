"""Whether the repository can be built as a container."""

import re
from posixpath import basename

from portfolio.checks import completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Evidence, Outcome, Result
from portfolio.github.snapshot import Snapshot

#: Docker's and Podman's default names, with what people put before or after them.
DOCKERFILE = re.compile(
    r"^(?:(?:docker|container)file(?:[._-][\w.-]{1,40})?|[\w-]{1,40}[._-]?\.?dockerfile)$",
    re.IGNORECASE,
)
COMPOSE = re.compile(
    r"^(?:docker-)?compose(?:[._-][\w-]{1,40})?\.ya?ml$|^devcontainer\.json$", re.IGNORECASE
)


def check_container(snapshot: Snapshot) -> Result:
    """A Dockerfile of the repository's own, at any depth."""
    environments = files.environments(snapshot)
    found: list[str] = []
    nearly: list[str] = []
    for entry in files.within_or_at_root(snapshot):
        name = basename(entry.path)
        is_dockerfile = DOCKERFILE.match(name)
        if entry.type != "blob" or not (is_dockerfile or COMPOSE.match(name)):
            continue
        if not files.why_not_own(entry.path, environments):
            (found if is_dockerfile else nearly).append(entry.path)
    if found:
        ordered = files.spread(found)
        return Result(
            "container",
            Outcome.PASSED,
            "present",
            f"{files.siblings(ordered)} build{'s' if len(found) == 1 else ''} a container.",
            evidence=tuple(Evidence(path, what="a Dockerfile") for path in ordered[:5]),
        )
    lookalikes = tuple(
        Evidence(path, what="starts containers, but builds none") for path in nearly[:3]
    )
    if unseen := completeness.unseen(snapshot):
        return Result(
            "container",
            Outcome.UNKNOWN,
            "partial",
            f"No Dockerfile seen. {completeness.TOO_LONG}, so there may be one"
            f"{completeness.where_unseen(unseen)} that we could not see.",
            fix="Put the Dockerfile at the top of the repository, where it is always seen.",
            lookalikes=lookalikes,
        )
    return Result(
        "container",
        Outcome.FAILED,
        "none_lookalike" if lookalikes else "none",
        "No Dockerfile found.",
        fix="Add a file called Dockerfile that installs and starts the project, so that it runs the same "
        "way on every machine.",
        lookalikes=lookalikes,
    )


CHECKS = (
    Check(
        "container",
        "Container",
        Group.PRACTICE,
        50,
        check_container,
        "A container runs the same on your laptop and in production.",
    ),
)
