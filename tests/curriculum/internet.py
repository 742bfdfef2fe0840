"""An internet for one test: names, addresses and hosts, of which each host is a server on loopback.

The guard is not opened for tests. It sees public addresses; the connection it asks for is led to the
port of a server here. Whatever it asks for is written down.
"""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from tempfile import NamedTemporaryFile

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from curriculum.reach import Look, looks
from curriculum.reach.connections import NoSuchHost
from curriculum.reach.networks import is_public

#: What a host does with a connection on which a whole request has come: Script(socket, request, stop).
Script = Callable[[socket.socket, bytes, threading.Event], None]
PUBLIC = "93.184.216.34"
USER_AGENT = "Milepost/test (+https://milepost.example)"


class Internet:
    """Who has which addresses, and who listens there."""

    def __init__(self) -> None:
        self.names: dict[str, list[Sequence[str] | Exception]] = {}
        self.looked_up: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self.patience: list[float] = []  # seconds that each connection was given
        self.bytes_read = 0
        self._listeners: dict[tuple[str, int], int | Exception] = {}

    def host(self, name: str, *answers: Sequence[str] | Exception) -> None:
        """What the name server says of a name, the first time, the second… and the last for ever."""
        self.names[name] = list(answers)

    def listen(self, place: int | Exception, address: str = PUBLIC, port: int = 80) -> None:
        """Lead a public address to a port of this machine, or to an error."""
        self._listeners[address, port] = place

    def resolve(self, name: str, seconds: float) -> Sequence[str]:
        self.looked_up.append(name)
        answers = self.names.get(name, [NoSuchHost(name)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.connected.append((address, port))
        self.patience.append(seconds)
        place = self._listeners.get((address, port), ConnectionRefusedError(111, "refused"))
        if isinstance(place, OSError):
            raise httpcore.ConnectError(place) from place
        if isinstance(place, Exception):
            raise place
        stream = httpcore.SyncBackend().connect_tcp("127.0.0.1", place, timeout=seconds)
        return Counting(stream, self)

    def look(self, address: str, **options) -> Look:
        """Look at an address on this internet. Fails when anything but a public address was tried."""
        seen = looks.look(
            address, resolve=self.resolve, connect=self.connect, user_agent=USER_AGENT, **options
        )
        assert all(is_public(ip_address(tried)) for tried, _ in self.connected)
        return seen


class Counting(httpcore.NetworkStream):
    """A stream that tells how much was read from it."""

    def __init__(self, stream: httpcore.NetworkStream, internet: Internet):
        self._stream, self._internet = stream, internet

    def read(self, max_bytes, timeout=None):
        found = self._stream.read(max_bytes, timeout)
        self._internet.bytes_read += len(found)
        return found

    def write(self, buffer, timeout=None):
        self._stream.write(buffer, timeout)

    def close(self):
        self._stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        return Counting(
            self._stream.start_tls(ssl_context, server_hostname, timeout), self._internet
        )

    def get_extra_info(self, info):
        return self._stream.get_extra_info(info)


class Server(socketserver.ThreadingTCPServer):
    """A host that follows a script, on a port of loopback."""

    allow_reuse_address = True
    block_on_close = True

    def __init__(self, script: Callable[..., None], tls: ssl.SSLContext | None, handler: type):
        super().__init__(("127.0.0.1", 0), handler)
        self.script, self.tls = script, tls
        self.requests: list[bytes] = []
        self.stop = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, request, client_address) -> None:
        """A visitor who leaves early is what many of these tests are about."""


class Conversation(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        line = self.request
        line.settimeout(10)
        if self.server.tls:
            line = self.server.tls.wrap_socket(line, server_side=True)
        with line:
            request = b""
            while b"\r\n\r\n" not in request:
                if not (piece := line.recv(65536)):
                    return
                request += piece
            self.server.requests.append(request)
            self.server.script(line, request, self.server.stop)


class Greeting(socketserver.BaseRequestHandler):
    """For a host that does something before it is asked: script(socket, stop)."""

    server: Server

    def handle(self) -> None:
        self.server.script(self.request, self.server.stop)


@contextmanager
def serving(
    script: Callable[..., None], tls: ssl.SSLContext | None = None, handler: type = Conversation
) -> Iterator[Server]:
    """A host that runs as long as the block around it."""
    with Server(script, tls, handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            server.shutdown()
            thread.join()


def answer(status: str = "200 OK", *headers: str, body: bytes = b"<h1>Hello</h1>") -> Script:
    """A host that always gives this answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    whole = "\r\n".join(lines).encode("latin-1") + body

    def script(line, request, stop):
        line.sendall(whole)

    return script


def redirects(*targets: str, status: str = "302 Found") -> Script:
    """A host that redirects to the first target, then to the second…; and then has a page."""
    left = list(targets)

    def script(line, request, stop):
        if left:
            answer(status, f"Location: {left.pop(0)}", body=b"")(line, request, stop)
        else:
            answer()(line, request, stop)

    return script


def certificate(*names: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS of a host with these names, and that of a visitor who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A host of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return _host_context(pem + secret), ssl.create_default_context(cadata=pem.decode())


def _host_context(pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context
