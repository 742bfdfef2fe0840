"""What it costs to watch repositories: looks at unchanged ones, and what an hour without a token holds.

    python bench/watching_cost.py [--repositories N]

The double of the tests counts requests and points on loopback, for the client and the comparison of
the product. Goals: at most 45 requests for 1,000 unchanged repositories, at most 0.05 points each;
without a credential no request above the sixty of an hour, and the same verdicts as with one.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from bench.checks_cost import multiply  # noqa: E402
from portfolio import checks  # noqa: E402
from portfolio.github import links  # noqa: E402
from portfolio.github.client import ANONYMOUS_LIMIT, GitHub  # noqa: E402
from portfolio.github.errors import RateLimited  # noqa: E402
from portfolio.github.heads import Seen  # noqa: E402
from tests.github_server.samples import load_samples  # noqa: E402
from tests.github_server.server import GitHubServer  # noqa: E402

MOST_REQUESTS = 45  # for a thousand
MOST_POINTS = 0.05  # for one: each GraphQL query of this size costs one point


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both figures; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, default=1000, help="how many to watch")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    with GitHubServer(token_limit=10**9) as server:
        load_samples(server)
        names = multiply(server, 40)
        is_met = _watch(server, names, options.repositories)
        return 0 if _hour(server, names) and is_met else 1


def _watch(server: GitHubServer, names: Sequence[str], count: int) -> bool:
    """Ask for the heads of so many repositories; a few real ones stand for all, in turn."""
    asked = [links.parse(name) for name in islice(cycle(names), count)]
    server.requests.clear()
    started = time.perf_counter()
    with GitHub(server.url, server.token("bench"), web_url=server.url) as github:
        heads = list(github.heads(asked))
    seconds = time.perf_counter() - started
    requests = len(server.requests)
    points = requests / count
    told = sum(head.seen == Seen.THERE for head in heads)
    is_met = requests * 1000 / count <= MOST_REQUESTS and points <= MOST_POINTS and told == count
    print(
        f"{count} unchanged repositories: {requests} requests, {points:.3f} points each, "
        f"{told} answered, {seconds:.1f} s; goal: at most {MOST_REQUESTS} for 1,000 and "
        f"{MOST_POINTS} each: {'met' if is_met else 'missed'}"
    )
    return is_met


def _hour(server: GitHubServer, names: Sequence[str]) -> bool:
    """Check repositories without a credential until GitHub's hour is used up; compare the verdicts."""
    server.requests.clear()
    done: dict[str, list[tuple[str, str]]] = {}
    with GitHub(server.url, web_url=server.url) as github:
        for name in names:
            try:
                done[name] = _verdicts(github, name)
            except RateLimited:
                break
    requests = len(server.requests)
    with GitHub(server.url, server.token("bench"), web_url=server.url) as github:
        same = sum(_verdicts(github, name) == verdicts for name, verdicts in done.items())
    is_met = requests <= ANONYMOUS_LIMIT + 1 and same == len(done) > 0
    print(
        f"without a credential: {len(done)} repositories checked for the first time in an hour's "
        f"{ANONYMOUS_LIMIT} requests ({ANONYMOUS_LIMIT / len(done):.1f} each), {same} with the same "
        f"verdicts as with one: {'met' if is_met else 'missed'}"
    )
    return is_met


def _verdicts(github: GitHub, name: str) -> list[tuple[str, str]]:
    _, results = checks.inspect(github.snapshot(links.parse(name)), github.read)
    return [(result.check_name, result.outcome.value) for result in results]


if __name__ == "__main__":
    raise SystemExit(main())
