"""The tests' own fence: nothing leaves this machine."""

import socket

import pytest

from tests.network import NetworkClosed, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", None, b"::1"])
def test_this_machine_is_within_reach(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "2001:db8::1", "example.org", "localhost.example.org", b"example.org", 1]
)
def test_other_machines_are_out_of_reach(host):
    assert not is_loopback(host)


@pytest.mark.parametrize("how", ["connect", "connect_ex"])
def test_a_connection_to_another_machine_is_refused(how):
    with socket.socket() as plug, pytest.raises(NetworkClosed):
        getattr(plug, how)(("192.0.2.1", 80))


def test_a_datagram_to_another_machine_is_refused():
    with socket.socket(type=socket.SOCK_DGRAM) as plug, pytest.raises(NetworkClosed):
        plug.sendto(b"hello", ("192.0.2.1", 53))


def test_a_name_of_another_machine_is_not_looked_up():
    with pytest.raises(NetworkClosed):
        socket.getaddrinfo("example.org", 443)
