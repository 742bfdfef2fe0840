"""A GitHub on a bad day: which requests go wrong, how, and how often."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.github_server.replies import Failure, Reply

KINDS = (
    "status",
    "delay",
    "drop",
    "truncate",
    "badjson",
    "html",
    "endless",
    "primary_limit",
    "secondary_limit",
    "graphql_errors",
)
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
TIMEOUT = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it"
    " could be a GitHub bug."
)


@dataclass
class Fault:
    """Hits the requests whose "METHOD /path?query body" matches, at most `count` of them.

    Options by kind: status (status, body, headers), delay (seconds), truncate (keep: a share),
    primary_limit and secondary_limit (status, retry_after: seconds, or None for no header),
    graphql_errors (errors, data).
    """

    kind: str
    match: str = ""
    count: int | None = 1
    skip: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault of the kind {self.kind!r}.")
        self._pattern = re.compile(self.match, re.S)

    def hits(self, request: str) -> bool:
        """Whether it is this request's turn; counts it."""
        if self.count == 0 or not self._pattern.search(request):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.count is not None:
            self.count -= 1
        return True

    def instead(self) -> Reply | None:
        """The answer that is given instead of the true one; None where that is only maimed."""
        options = self.options
        if self.kind == "status":
            status = options.get("status", 500)
            if "body" in options:
                body = options["body"]
                text = body if isinstance(body, str) else json.dumps(body)
                return Reply(status, text.encode(), headers=options.get("headers", {}))
            return Failure(status, "Server Error", headers=options.get("headers")).reply()
        if self.kind == "html":
            page = b"<html><body>Unicorn!</body></html>"
            return Reply(options.get("status", 200), page, "text/html")
        if self.kind == "graphql_errors":
            errors: Sequence[Any] = options.get("errors") or [{"message": TIMEOUT}]
            return Reply(body=json.dumps({"data": options.get("data"), "errors": errors}).encode())
        if self.kind == "secondary_limit":
            after = options.get("retry_after", 60)
            headers = {} if after is None else {"Retry-After": str(after)}
            return Failure(options.get("status", 403), SECONDARY, headers=headers).reply()
        return None

    def maimed(self, reply: Reply) -> Reply:
        """The true answer with its JSON broken off; its length is right."""
        if self.kind != "badjson":
            return reply
        return replace(reply, body=reply.body[: len(reply.body) // 2])
