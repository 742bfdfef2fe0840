"""Addresses that a public page cannot have: every special network, first address to last."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curriculum.reach import networks
from curriculum.reach.refusals import Reason, Refused

#: Written out once more, so that a network lost from the list is missed.
CLOSED = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    "255.255.255.255/32", "::/128", "::1/128", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96",
    "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/32", "2001:2::/48", "2001:10::/28",
    "2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "4000::/3", "5f00::/16", "fc00::/7",
    "fe80::/10", "fec0::/10", "ff00::/8",
]  # fmt: skip

#: Where clouds answer to the machines that they run.
METADATA = [
    "169.254.169.254", "169.254.170.2", "169.254.169.253", "fd00:ec2::254", "100.100.100.200",
    "192.0.0.192", "168.63.129.16", "fd20:ce::254", "169.254.42.42", "fe80::a9fe:a9fe",
]  # fmt: skip

OPEN = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.255.255",
    "172.32.0.0", "192.167.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450:4009::1",
    "2001:4860:4860::8888", "64:ff9b::808:808",
]  # fmt: skip


@pytest.mark.parametrize("network", CLOSED)
def test_no_address_of_a_special_network_is_public(network):
    whole = ip_network(network)
    middle = whole[whole.num_addresses // 2]

    assert not any(networks.is_public(a) for a in (whole[0], middle, whole[-1]))


@pytest.mark.parametrize("address", METADATA)
def test_no_cloud_s_metadata_is_public(address):
    assert not networks.is_public(ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_what_stands_beside_them_is_public(address):
    assert networks.public(address) == ip_address(address)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.0.2.1", "2001:db8::1"])
def test_what_python_knows_to_be_special_needs_no_list_of_ours(address, monkeypatch):
    monkeypatch.setattr(networks, "SPECIAL", [])

    assert not networks.is_public(ip_address(address))


HIDDEN = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "192.168.1.1", "0.0.0.0"]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(
    ("how", "prefix", "shift"),
    [
        ("mapped", "::ffff:0:0", 0),
        ("compatible", "::", 0),
        ("translated", "::ffff:0:0:0", 0),
        ("NAT64", "64:ff9b::", 0),
        ("NAT64 of one's own", "64:ff9b:1::", 0),
        ("6to4", "2002::", 80),
        ("Teredo", "2001:0:808:808::", 0),
    ],
)
def test_no_ipv4_address_hides_in_an_ipv6_one(hidden, how, prefix, shift):
    inner = int(IPv4Address(hidden))
    if how == "Teredo":
        inner ^= 0xFFFF_FFFF  # the client's address is turned round

    assert not networks.is_public(IPv6Address(int(IPv6Address(prefix)) | inner << shift))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10.0.0.1", Reason.PRIVATE),
        ("fe80::1%eth0", Reason.PRIVATE),
        ("2606:4700::1111%1", Reason.PRIVATE),
        ("2130706433", Reason.NUMBER),
        ("010.0.0.1", Reason.NUMBER),
        ("127.1", Reason.NUMBER),
        ("", Reason.NUMBER),
    ],
)
def test_the_refusal_says_why(text, reason):
    with pytest.raises(Refused) as refused:
        networks.public(text)

    assert refused.value.reason == reason


@given(st.ip_addresses())
@example(ip_address("::ffff:8.8.8.8"))
@example(ip_address("2002:808:808::"))
def test_whatever_is_public_is_global_to_ipaddress(address):
    if networks.is_public(address):
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast
        if isinstance(address, IPv6Address):
            assert address.ipv4_mapped is address.sixtofour is address.teredo is None


@given(st.ip_addresses(v=6, network="64:ff9b::/96"))
def test_a_translated_address_is_as_public_as_what_it_stands_for(address):
    inner = IPv4Address(int(address) & 0xFFFF_FFFF)

    assert networks.is_public(address) == networks.is_public(inner)
