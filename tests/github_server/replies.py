"""What the double is asked and what it answers, apart from how that travels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.github_server.hub import Caller, Hub

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
DOCS = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `path` is below the API's base where `face` is rest."""

    hub: Hub
    caller: Caller
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    url: str = ""  # of the server, without a slash at its end
    face: str = "rest"  # rest, graphql or web
    query_string: str = ""
    api_prefix: str = ""

    @property
    def media(self) -> str:
        """The word of `Accept: application/vnd.github.raw+json`: raw, sha, object…"""
        accept = self.headers.get("accept", "")
        word = accept.partition("application/vnd.github.")[2].partition(",")[0]
        return word.removesuffix("+json").removeprefix("v3.")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class Failure(Exception):
    """An error answer in GitHub's own form."""

    def __init__(
        self, status: int, message: str, *, headers: Mapping[str, str] | None = None, **extra: Any
    ):
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.extra = extra

    def reply(self) -> Reply:
        body = {"message": self.message, **self.extra}
        if "block" not in body:
            body |= {"documentation_url": DOCS, "status": str(self.status)}
        return json_reply(body, status=self.status, headers=self.headers)


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Reply(status, body.encode("utf-8", "replace"), JSON, headers or {})


def html_reply(text: str, status: int = 200) -> Reply:
    """A page that may show text and its own style, and do nothing else."""
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    )
    return Reply(status, text.encode(), HTML, {"Content-Security-Policy": policy})


def redirect(url: str, status: int = 302) -> Reply:
    return Reply(status, b"", HTML, {"Location": url})
