"""Connections to public addresses only, for so many seconds and bytes and no more.

The guard stands where a socket is opened, so nothing passes it: a name is looked up once, each of its
addresses is checked, and what was checked is what is connected to. TLS and the Host header still get
the name.
"""

import errno
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread
from typing import Any

import httpcore

from curriculum.reach import networks

#: Bytes that one answer may have, its headers included.
MAX_BYTES = 64 * 1024
#: Addresses of one name that are tried.
MAX_TRIES = 4
#: What a network says when it is we who are cut off.
CUT_OFF = frozenset(
    [
        *(errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL),
        *(errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOBUFS),
    ]
)
NO_NAME = frozenset(
    {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}  # not on every system
)

#: From a name and seconds to its addresses as texts. Raises NoSuchHost, CutOff.
Resolve = Callable[[str, float], Sequence[str]]
#: From an address, a port and seconds to a stream. Raises httpcore's errors.
Connect = Callable[[str, int, float], httpcore.NetworkStream]


class NoSuchHost(Exception):
    """The name has no address."""


class CutOff(Exception):
    """Our own network, or our name server, is away: nothing is known of the other side."""


class BadCertificate(Exception):
    """TLS failed: the certificate is not one for this name, or there is none."""


class TooMuch(Exception):
    """The answer did not end where it had to."""


class Deadline:
    """A moment after which nothing waits any more."""

    def __init__(self, seconds: float):
        self._ends_at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises httpcore.TimeoutException when there are none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.TimeoutException("too late")
        return left


def resolve(name: str, seconds: float) -> Sequence[str]:
    """The addresses of a name, from the system's resolver, which knows no time limit of its own.

    The dot at the end keeps the resolver from trying the name below our own domains.
    """
    answer: Future[list[tuple[Any, ...]]] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(f"{name}.", None, type=socket.SOCK_STREAM))
        except Exception as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    try:
        found = answer.result(timeout=seconds)
    except socket.gaierror as error:
        raise (NoSuchHost if error.errno in NO_NAME else CutOff)(name) from error
    except OSError as error:  # a time-out is one too: a name server that is silent says nothing
        raise CutOff(name) from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def connect(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
    """A plain TCP connection."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)


class Guard(httpcore.NetworkBackend):
    """Opens connections for one look, to public addresses and before its deadline."""

    def __init__(self, deadline: Deadline, resolve: Resolve, connect: Connect):
        self._deadline = deadline
        self._resolve = resolve
        self._connect = connect

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the host. Raises Refused when any address of its name is not public."""
        addresses = [str(networks.public(found)) for found in self._addresses(host)]
        if not addresses:
            raise NoSuchHost(host)
        return GuardedStream(self._first(addresses[:MAX_TRIES], port), self._deadline)

    def _addresses(self, host: str) -> Sequence[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            return self._resolve(host, self._deadline.left())

    def _first(self, addresses: Sequence[str], port: int) -> httpcore.NetworkStream:
        """The first that answers; each gets its share of the time. Else the most telling error."""
        errors: list[Exception] = []
        for number, address in enumerate(addresses):
            seconds = self._deadline.left() / (len(addresses) - number)
            try:
                return self._connect(address, port, seconds)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                errors.append(error)
        telling = [error for error in errors if not _is_ours(error)]
        raise telling[0] if telling else CutOff(addresses[0])


class GuardedStream(httpcore.NetworkStream):
    """A connection that ends with the deadline, and after as many bytes as an answer may have."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline):
        self._stream = stream
        self._deadline = deadline
        self._room = MAX_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._room:
            raise TooMuch
        found = self._stream.read(min(max_bytes, self._room), self._deadline.left())
        self._room -= len(found)
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            seconds = self._deadline.left()
            stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise BadCertificate(server_hostname) from error
            raise
        except httpcore.TimeoutException:
            self.close()
            raise
        return GuardedStream(stream, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _is_ours(error: Exception) -> bool:
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in CUT_OFF
