"""One credential's conversation with GitHub: a request goes out, an answer or error comes back."""

import ipaddress
import ssl
import time
from collections.abc import Generator, Mapping
from datetime import datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self

import httpx

from portfolio.github.answers import Answer
from portfolio.github.budget import Budget
from portfolio.github.errors import GitHubError, NotFound, RateLimited, Unavailable

API_VERSION = "2022-11-28"
MAX_ANSWER_BYTES = 32 * 1024 * 1024
MAX_REDIRECTS = 3
REDIRECTS = frozenset([301, 302, 307, 308])


class Credential(httpx.Auth):
    """A token, or an OAuth app's id and secret, that shows itself to GitHub only."""

    def __init__(self, token: str = "", client_id: str = "", client_secret: str = ""):
        self._auth: httpx.BasicAuth | None = None
        self._token = token
        if not token and client_id and client_secret:
            self._auth = httpx.BasicAuth(client_id, client_secret)

    def __bool__(self) -> bool:
        return bool(self._token or self._auth)

    def __repr__(self) -> str:
        return f"<Credential {self.kind}>"

    @property
    def kind(self) -> str:
        if self._token:
            return "token"
        return "application" if self._auth else "anonymous"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        elif self._auth:
            yield from self._auth.auth_flow(request)
            return
        yield request


class Connection:
    """Sends one request after the other. Never waits, never tries again, never leaves its host."""

    def __init__(
        self,
        api_url: str,
        credential: Credential,
        *,
        user_agent: str,
        timeout: float,
        http: httpx.Client | None = None,
        budget: Budget | None = None,
    ):
        """`http` is kept open by somebody else; without it this conversation has one of its own."""
        self.api_url = api_url.rstrip("/")
        self.graphql_url = _graphql_url(self.api_url)
        self.credential = credential
        self.requests = 0
        self.token_expires_at: datetime | None = None  # as of the last answer that told
        self._budget = budget
        self._timeout = timeout
        self._headers = {
            "Accept": "application/vnd.github+json",
            "User-Agent": user_agent,
            "X-GitHub-Api-Version": API_VERSION,
        }
        self._http = http or open_http(self.api_url)
        self._is_own = http is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._is_own:
            self._http.close()

    def get(self, path: str, *, tag: str = "") -> Answer:
        """GET below the API's address, following GitHub's redirects on its own host.

        With the `tag` (ETag) of an earlier answer it may be 304, without a body: as it was. Raises
        Unavailable when no whole answer comes; an answer of any status is returned.
        """
        url = self.api_url + path
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._send("GET", url, resource="core", tag=tag)
            if answer.status not in REDIRECTS:
                return answer
            url = self._redirected(url, answer.headers.get("location", ""))
        raise Unavailable(reason="too many redirects")

    def get_json(self, path: str, full_name: str = "") -> Any:
        """The JSON at this path; raises the GitHubError of any answer that is not a success."""
        answer = self.get(path)
        if answer.is_ok:
            return answer.json()
        raise self.heard(answer, full_name)

    def heard(self, answer: Answer, full_name: str = "") -> GitHubError:
        """The error that this answer stands for, after the budget heard of it."""
        return self._tell(answer, answer.error(full_name))

    def query(self, text: str, variables: Mapping[str, object], full_name: str = "") -> Any:
        """Ask GraphQL; the answer is {"data": …, "errors": […]}, either of which may be missing.

        Raises the GitHubError of an HTTP failure, and RateLimited for the limit that GraphQL
        reports with status 200.
        """
        body = {"query": text, "variables": dict(variables)}
        answer = self._send("POST", self.graphql_url, resource="graphql", json=body)
        if not answer.is_ok:
            error = answer.error(full_name)
            if isinstance(error, NotFound):  # of the GraphQL address, not of a repository
                error = Unavailable(full_name=full_name, reason="no GraphQL at this address")
            raise self._tell(answer, error)
        result = answer.json()
        if not isinstance(result, dict):
            raise Unavailable(full_name=full_name, reason="GraphQL answers no object")
        if limit := _limit_message(result):
            raise self._tell(answer, answer.rate_limited(limit, full_name))
        return result

    def _send(
        self, method: str, url: str, *, resource: str, json: object = None, tag: str = ""
    ) -> Answer:
        if self._budget:
            self._budget.spend(resource)
        self.requests += 1
        try:
            answer = self._exchange(method, url, resource, json, tag)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = type(error).__name__  # its request carries our credential: let it go
            is_timeout = isinstance(error, httpx.ReadTimeout)
        else:
            self.token_expires_at = answer.token_expires_at or self.token_expires_at
            if self._budget and answer.allowance:
                self._budget.note(answer.allowance)
            return answer
        raise Unavailable(reason=reason, is_timeout=is_timeout)

    def _exchange(self, method: str, url: str, resource: str, json: object, tag: str) -> Answer:
        started = time.monotonic()
        with self._http.stream(
            method,
            url,
            json=json,
            headers=self._headers | ({"If-None-Match": tag} if tag else {}),
            auth=self.credential,
            timeout=self._timeout,
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise Unavailable(reason="an answer too large to read")
                if time.monotonic() - started > 2 * self._timeout:  # however slowly it drips
                    raise Unavailable(reason="an answer too slow to read")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, bytes(body), resource)

    def _redirected(self, url: str, location: str) -> str:
        here, there = httpx.URL(url), _joined(url, location)
        if there is None or _origin(there) != _origin(here):
            raise Unavailable(reason="redirected to another host")
        return str(there)

    def _tell(self, answer: Answer, error: GitHubError) -> GitHubError:
        if self._budget and isinstance(error, RateLimited):
            self._budget.block(answer.resource, error.retry_at)
        return error


def open_http(api_url: str, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """An HTTP client for an API's address, which may serve many conversations and remembers none."""
    return httpx.Client(
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        transport=transport,
        trust_env=not _is_loopback(api_url),
        verify=_tls(),
    )


def _limit_message(result: Mapping[str, Any]) -> str:
    """The words of a rate limit among GraphQL's errors, or ""."""
    errors = result.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if not isinstance(error, dict):
            continue
        message = str(error.get("message", ""))
        if error.get("type") in ("RATE_LIMITED", "RATE_LIMIT"):
            return message or "rate limited"
        if "secondary rate limit" in message.lower() or "API rate limit exceeded" in message:
            return message
    return ""


def _graphql_url(api_url: str) -> str:
    """GitHub Enterprise serves REST below /api/v3 and GraphQL at /api/graphql."""
    if api_url.endswith("/api/v3"):
        return api_url.removesuffix("/v3") + "/graphql"
    return api_url + "/graphql"


def _joined(url: str, location: str) -> httpx.URL | None:
    """Where a redirect leads; None when it leads nowhere."""
    try:
        return httpx.URL(url).join(location) if location else None
    except httpx.InvalidURL:
        return None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


@cache
def _tls() -> ssl.SSLContext:
    """Made once in a process: reading all root certificates takes longer than a request."""
    return httpx.create_ssl_context()


def _is_loopback(url: str) -> bool:
    host = httpx.URL(url).host
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
