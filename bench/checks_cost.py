"""What a first check costs: requests to GitHub by endpoint, and time, with a credential and without.

    python bench/checks_cost.py [--repositories N]

Repositories like the demo's samples are served on loopback by the double of the tests and checked by
the same client and the same checks as in a check run. The goal is one tree and at most two further
requests for a repository, on average, with a credential. A cut tree costs more, and so does a README
in UTF-16, which GraphQL calls binary; the samples hold one of each.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from portfolio import checks  # noqa: E402
from portfolio.github import links  # noqa: E402
from portfolio.github.client import GitHub  # noqa: E402
from tests.github_server.repositories import Content, Repository, Symlink  # noqa: E402
from tests.github_server.samples import SAMPLES, load_samples  # noqa: E402
from tests.github_server.server import GitHubServer  # noqa: E402

TREE = "git/trees"
GOAL = 3.0  # requests for a repository: one tree and two more
LIMIT = 10**9  # so that the double never refuses


@dataclass(slots=True)
class Cost:
    """What the first checks of some repositories asked of GitHub."""

    repositories: int = 0
    truncated: int = 0
    files_read: int = 0
    seconds: float = 0.0
    most: int = 0  # requests for a single repository
    endpoints: Counter[str] = field(default_factory=Counter)
    usual_counts: list[int] = field(default_factory=list)  # requests where nothing was out of order

    @property
    def usual(self) -> float:
        return sum(self.usual_counts) / max(1, len(self.usual_counts))

    @property
    def per_repository(self) -> float:
        return self.endpoints.total() / self.repositories


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one table for each kind of credential; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, default=200, help="how many to check")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    with GitHubServer(anonymous_limit=LIMIT, token_limit=LIMIT) as server:
        load_samples(server)
        names = multiply(server, options.repositories)
        with_token = measure(server, names, server.token("bench"))
        without = measure(server, names, "")
    _print("with a credential", with_token)
    _print("without one, by REST alone", without)
    is_met = with_token.usual <= GOAL
    print(
        f"goal with a credential: at most {GOAL:.2f} where the tree comes whole and the README is plain "
        f"text: {with_token.usual:.2f}, {'met' if is_met else 'missed'}"
    )
    return 0 if is_met else 1


def multiply(server: GitHubServer, count: int) -> list[str]:
    """So many repositories with the files of the samples that can be read, in turn."""
    readable = [
        repository
        for sample in SAMPLES
        if (repository := server.repository(sample.full_name)).state == "ok"
        and not repository.is_private
    ]
    names = []
    for number, model in enumerate(islice(cycle(readable), count)):
        names.append(f"cohort-{number}/{model.name}")
        server.add(names[-1], _files(model), licence=model.licence, max_entries=model.max_entries)
    return names


def measure(server: GitHubServer, names: Sequence[str], token: str) -> Cost:
    """Check each of these repositories for the first time."""
    cost = Cost(repositories=len(names))
    started = time.perf_counter()
    with GitHub(server.url, token, web_url=server.url) as github:
        for name in names:
            before = len(server.requests)
            snapshot, _ = checks.inspect(github.snapshot(links.parse(name)), github.read)
            asked = [request.endpoint for request in server.requests[before:]]
            cost.endpoints.update(asked)
            cost.most = max(cost.most, len(asked))
            cost.truncated += snapshot.is_truncated
            cost.files_read += len(snapshot.files)
            if not snapshot.is_truncated and "git/blobs" not in asked:
                cost.usual_counts.append(len(asked))
    cost.seconds = time.perf_counter() - started
    return cost


def _files(repository: Repository) -> dict[str, Content]:
    head = repository.head
    return {
        path: Symlink(repository.blobs[entry.sha].decode())
        if entry.mode == "120000"
        else repository.blobs[entry.sha]
        for path, entry in (head.entries.items() if head else ())
        if entry.type == "blob"
    }


def _print(title: str, cost: Cost) -> None:
    print(
        f"{title}: {cost.repositories} repositories ({cost.truncated} with a cut tree), "
        f"{cost.files_read} files read, {cost.seconds:.1f} s, "
        f"{1000 * cost.seconds / cost.repositories:.1f} ms each"
    )
    for endpoint, count in sorted(
        cost.endpoints.items(), key=lambda pair: (pair[0] != TREE, pair[0])
    ):
        print(f"  {endpoint:12} {count / cost.repositories:6.2f} for a repository")
    print(f"  {'all':12} {cost.per_repository:6.2f}, {cost.most} at most for one")


if __name__ == "__main__":
    raise SystemExit(main())
