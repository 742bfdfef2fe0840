"""A closed network: a test reaches this machine's loopback and its socket files, nothing else."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class NetworkClosed(AssertionError):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Whether an address as given to a socket stays on this machine; names are not looked up."""
    if not isinstance(host, str | bytes):
        return host is None
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_others(address: Any) -> None:
    if isinstance(address, tuple) and not is_loopback(address[0]):
        raise NetworkClosed(f"A test tried to reach {address[0]}.")


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Refuse connections to other machines, and look-ups of their names, for the whole run."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, getaddrinfo = socket.socket.sendto, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_others(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_others(address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *arguments: Any) -> int:
        _refuse_others(arguments[-1])
        return sendto(self, data, *arguments)

    def guarded_getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_others((host,))
        return getaddrinfo(host, *arguments, **options)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket.socket, "sendto", guarded_sendto)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()
