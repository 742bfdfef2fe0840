"""The GitHub double in a process of its own, so that what it costs is nobody else's time."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from bench.checks_cost import LIMIT, multiply
from tests.github_server.samples import load_samples
from tests.github_server.server import GitHubServer

#: Files of its own names in each repository, as no two repositories of the world hold the same.
PICTURES, PICTURE = 20, b"\x89PNG\r\n\x1a\n\0"
#: Each process starts afresh: a fork would carry our sockets and locks along.
PROCESSES = get_context("spawn")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the double received it."""

    method: str
    path: str  # with its query
    body: str


class Double:
    """Repositories like the demo's samples, served on loopback; use it as a context manager."""

    def __init__(self, repositories: int):
        self._pipe, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=_serve, args=(theirs, repositories), daemon=True)
        self._process.start()
        theirs.close()
        self.url: str
        self.token: str
        self.names: list[str]
        self.url, self.token, self.names = self._pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pipe.close()  # which ends it
        self._process.join(10)
        self._process.kill()

    def answer_after(self, seconds: float) -> None:
        """From now on every answer takes so long, as GitHub's do; other requests do not wait."""
        self._ask("delay", seconds)

    def asked(self) -> Sequence[Asked]:
        """What was asked since the last time, in the order of its coming."""
        return [Asked(*row) for row in self._ask("asked")]

    def turn_over(self) -> None:
        """Push a commit to every repository after which it holds files of other names."""
        self._ask("turn over")

    def _ask(self, *question: object) -> list[tuple[str, str, str]]:
        self._pipe.send(question)
        answer: list[tuple[str, str, str]] = self._pipe.recv()
        return answer


def _serve(pipe: Connection, repositories: int) -> None:
    with GitHubServer(anonymous_limit=LIMIT, token_limit=LIMIT) as server:
        load_samples(server)
        names = multiply(server, repositories)
        _turn_over(server, names)
        pipe.send((server.url, server.token("bench"), names))
        while True:
            try:
                question, *values = pipe.recv()
            except EOFError:
                return
            rows = []
            match question:
                case "delay":
                    server.mend()
                    if values[0]:
                        server.fault("delay", seconds=values[0], count=None)
                case "turn over":
                    _turn_over(server, names)
                case "asked":
                    rows = [(row.method, row.path, row.body) for row in server.requests]
                    server.requests.clear()
            pipe.send(rows)


def _turn_over(server: GitHubServer, names: Sequence[str]) -> None:
    for name in names:
        repository = server.repository(name)
        head = repository.head
        assert head is not None
        old = [path for path in head.entries if path.startswith("pictures/p")]
        new = {f"pictures/p{secrets.token_hex(8)}.png": PICTURE for _ in range(PICTURES)}
        commit = repository.push(new, delete=old)
        repository.commits = {commit.sha: commit}  # what came before is nobody's business here
