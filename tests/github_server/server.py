"""The double on a socket: limits, faults and the log around what the other modules answer."""

import base64
import json
import re
import socket
import threading
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.github_server import graphql, oauth, pages, rest, webhooks
from tests.github_server.faults import Fault
from tests.github_server.hub import Caller, Hub
from tests.github_server.replies import Ask, Failure, Reply

MAX_BODY_BYTES = 4 * 1024 * 1024
RESERVED = re.compile(r"/(repos|repositories|user|rate_limit)(/|$)")


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the log."""

    method: str
    path: str  # with its query
    endpoint: str  # graphql, repos, git/trees, git/blobs, commits, web…
    caller: str  # anonymous, token or application
    headers: Mapping[str, str]
    body: str = ""


class GitHubServer(Hub):
    """A GitHub on loopback; use it as `with GitHubServer() as server: … server.url`.

    REST is at `url` and at `url`/api/v3, GraphQL at /graphql and /api/graphql, pages at `url`.
    """

    def __init__(self, port: int = 0, host: str = "127.0.0.1", **settings: Any):
        super().__init__(**settings)
        self.requests: list[Request] = []
        self.failures: list[str] = []  # mistakes of the double itself
        self.applications_speak_graphql = True
        self.stopping = threading.Event()
        self._faults: list[Fault] = []
        self._lock = threading.RLock()
        self._sockets: set[socket.socket] = set()
        self._http = _HTTPServer((host, port), _Handler)
        self._http.hub = self
        self._thread: threading.Thread | None = None

    def __repr__(self) -> str:
        return f"<GitHubServer at {self.url}>"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.005,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self.stop()
        if self.failures and kind is None:
            raise AssertionError("The GitHub double failed:\n" + "\n".join(self.failures))

    def run(self) -> None:
        """Serve in this thread until `stop` is called from another or a signal comes."""
        try:
            self._http.serve_forever()
        finally:
            self.close()

    def stop(self) -> None:
        self._http.shutdown()
        if self._thread:
            self._thread.join()
        self.close()

    def close(self) -> None:
        self.stopping.set()
        with self._lock:
            for open_socket in list(self._sockets):
                _shut(open_socket)
        self._http.server_close()

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host}:{port}"

    def fault(
        self, kind: str, match: str = "", *, count: int | None = 1, skip: int = 0, **options: Any
    ) -> Fault:
        """Make requests go wrong; see Fault for kinds and options. None as `count` is for ever."""
        fault = Fault(kind, match, count, skip, options)
        with self._lock:
            self._faults.append(fault)
        return fault

    def mend(self) -> None:
        """End all faults, and give everybody their hour back."""
        with self._lock:
            self._faults.clear()
            self.windows.clear()

    def counts(self) -> Counter[str]:
        """How many requests came to each endpoint."""
        return Counter(request.endpoint for request in self.requests)

    def deliver(
        self, url: str, secret: str, event: str, payload: Mapping[str, Any], **more: Any
    ) -> int:
        """Send a signed webhook; the status of the answer."""
        return webhooks.deliver(url, secret, event, payload, **more)

    def payload(self, full_name: str, event: str, **more: Any) -> dict[str, Any]:
        """What GitHub would send of this repository for an event."""
        return webhooks.payload(self.repository(full_name), event, **more)

    def take_fault(self, request: str) -> Fault | None:
        with self._lock:
            return next((fault for fault in self._faults if fault.hits(request)), None)

    def record(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)

    def answer(self, ask: Ask, fault: Fault | None) -> Reply:
        """The answer to a request, with its limits told in headers."""
        with self._lock:
            if ask.face == "web":
                return fault.instead() or _web(ask) if fault else _web(ask)
            return self._api(ask, fault)

    def caller(self, headers: Mapping[str, str], address: str) -> Caller:
        """Who an Authorization header speaks for; raises Failure (401) for a wrong one."""
        scheme, _, value = headers.get("authorization", "").partition(" ")
        if not scheme:
            return Caller(f"address {address}", "anonymous")
        if scheme.lower() == "basic":
            client_id, _, secret = _decoded(value).partition(":")
            application = self.applications.get(client_id)
            if application and application.client_secret == secret:
                return Caller(f"application {client_id}", "application")
            value = secret
        token = self.tokens.get(value)
        if not token:
            raise Failure(401, "Bad credentials")
        return Caller(
            f"user {token.login}",
            "token",
            token.login,
            token.scopes,
            token.repositories,
            token.expires,
        )

    def watch(self, open_socket: socket.socket, *, is_open: bool) -> None:
        with self._lock:
            (self._sockets.add if is_open else self._sockets.discard)(open_socket)

    def _api(self, ask: Ask, fault: Fault | None) -> Reply:
        resource = "graphql" if ask.face == "graphql" else "core"
        window = self.window(ask.caller, resource)
        is_free = ask.path == "/rate_limit"
        if fault and fault.kind == "primary_limit":
            self.use_up(ask.caller, resource)
        if not window.remaining and not is_free:
            status = fault.options.get("status", 403) if fault else 403
            reply = _limited(ask, status)
        else:
            window.used += not is_free
            reply = (fault.instead() if fault else None) or self._true_answer(ask)
            reply = fault.maimed(reply) if fault else reply
        headers = {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Used": str(window.used),
            "X-RateLimit-Reset": str(window.reset_at),
            "X-RateLimit-Resource": resource,
            "X-GitHub-Media-Type": "github.v3; format=json",
            "Date": formatdate(self.clock(), usegmt=True),
            **reply.headers,
        }
        if ask.caller.expires:
            headers["GitHub-Authentication-Token-Expiration"] = ask.caller.expires
        return Reply(reply.status, reply.body, reply.content_type, headers)

    def _true_answer(self, ask: Ask) -> Reply:
        try:
            if ask.face == "rest":
                return rest.answer(ask)
            speaks = ask.caller.kind == "token" or (
                ask.caller.kind == "application" and self.applications_speak_graphql
            )
            if not speaks:
                raise Failure(401, "This endpoint requires you to be authenticated.")
            return graphql.answer(ask)
        except Failure as failure:
            return failure.reply()


def _web(ask: Ask) -> Reply:
    if ask.path == "/login/oauth/authorize":
        return oauth.authorize(ask)
    if ask.path == "/login/oauth/access_token":
        return oauth.access_token(ask)
    return pages.answer(ask)


def _limited(ask: Ask, status: int) -> Reply:
    """A spent hour: 403 or 429 by REST, 200 with an error by GraphQL."""
    message = f"API rate limit exceeded for {ask.caller.key}."
    if ask.face == "graphql":
        error = {"type": "RATE_LIMITED", "message": message}
        return Reply(body=json.dumps({"errors": [error]}).encode())
    return Failure(status, message).reply()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    hub: GitHubServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or a socket that was shut, is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "GitHub.com"
    sys_version = ""
    disable_nagle_algorithm = True
    server: _HTTPServer

    def setup(self) -> None:
        super().setup()
        self.server.hub.watch(self.connection, is_open=True)

    def finish(self) -> None:
        self.server.hub.watch(self.connection, is_open=False)
        super().finish()

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, format: str, *values: object) -> None:
        """The log is GitHubServer.requests."""

    def _answer(self) -> None:
        hub = self.server.hub
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(min(int(headers.get("content-length") or 0), MAX_BODY_BYTES))
        face, prefix, path = _place(urlsplit(self.path).path)
        query = urlsplit(self.path).query
        endpoint = rest.endpoint(path) if face == "rest" else face
        try:
            caller = hub.caller(headers, self.client_address[0])
            refused = None
        except Failure as failure:
            caller, refused = Caller("nobody", "refused"), failure.reply()
        text = body.decode(errors="replace")
        hub.record(Request(self.command, self.path, endpoint, caller.kind, headers, text))
        ask = Ask(
            hub=hub,
            caller=caller,
            method=self.command,
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers=headers,
            body=body,
            url=f"http://{headers['host']}" if "host" in headers else hub.url,
            face=face,
            query_string=query,
            api_prefix=prefix,
        )
        fault = hub.take_fault(f"{self.command} {self.path} {text}")
        if fault and fault.kind == "drop":
            self.close_connection = True
            return
        if fault and fault.kind == "delay":
            hub.stopping.wait(fault.options.get("seconds", 30.0))
        if refused and face != "web":
            self._send(refused, fault)
            return
        try:
            reply = hub.answer(ask, fault)
        except Exception:
            hub.failures.append(traceback.format_exc())
            reply = Failure(500, "The GitHub double failed").reply()
        self._send(reply, fault)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        if fault and fault.kind == "endless":
            self._send_endless(reply)
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            if name != "Date":
                self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault and fault.kind == "truncate":
            self.wfile.write(reply.body[: int(len(reply.body) * fault.options.get("keep", 0.5))])
            self.close_connection = True
            return
        self.wfile.write(reply.body)

    def _send_endless(self, reply: Reply) -> None:
        """A body without an end, until the client has had enough."""
        self.close_connection = True
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Connection", "close")
        self.end_headers()
        while not self.server.hub.stopping.is_set():
            self.wfile.write(b" " * 65536)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(self.server.hub.clock(), usegmt=True)


def _place(path: str) -> tuple[str, str, str]:
    """Face, prefix and the path below it: REST at the root and below /api/v3, the rest is pages."""
    if path in ("/graphql", "/api/graphql"):
        return "graphql", "", path
    if path.startswith("/api/v3/"):
        return "rest", "/api/v3", path.removeprefix("/api/v3")
    return ("rest" if RESERVED.match(path) else "web"), "", path


def _decoded(text: str) -> str:
    """The text inside base64, or "" where there is none."""
    try:
        return base64.b64decode(text).decode()
    except ValueError:
        return ""


def _shut(open_socket: socket.socket) -> None:
    try:
        open_socket.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
