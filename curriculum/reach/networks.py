"""Which addresses of the internet a public page can have.

The lists follow IANA's registries of special-purpose IPv4 and IPv6 addresses. `ipaddress` knows them
too, but each Python another edition (3.11 calls 2002::/16 global, 3.13 does not): an address has to
please both.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from curriculum.reach.refusals import Reason, Refused

Address = IPv4Address | IPv6Address

# fmt: off
SPECIAL: list[IPv4Network | IPv6Network] = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",           # this network
        "10.0.0.0/8",          # private
        "100.64.0.0/10",       # behind a provider's NAT; some clouds keep their metadata here
        "127.0.0.0/8",         # loopback
        "168.63.129.16/32",    # Azure's own services, inside every virtual machine
        "169.254.0.0/16",      # link-local, where most clouds keep their metadata
        "172.16.0.0/12",       # private
        "192.0.0.0/24",        # protocol assignments
        "192.0.2.0/24",        # documentation
        "192.31.196.0/24",     # AS112: answers for private names
        "192.52.193.0/24",     # AMT relays
        "192.88.99.0/24",      # 6to4 relays
        "192.168.0.0/16",      # private
        "192.175.48.0/24",     # AS112
        "198.18.0.0/15",       # benchmarks
        "198.51.100.0/24",     # documentation
        "203.0.113.0/24",      # documentation
        "224.0.0.0/4",         # multicast
        "240.0.0.0/4",         # reserved, and the broadcast
        "2001::/23",           # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",       # documentation
        "2002::/16",           # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",   # AS112
        "3fff::/20",           # documentation
    )
]
# fmt: on
#: The only part of IPv6 that is given out to hosts of the public internet.
GLOBAL_UNICAST = ip_network("2000::/3")
#: A translator's view of IPv4: as public as the address in its last 32 bits (RFC 6052).
TRANSLATED = ip_network("64:ff9b::/96")


def public(text: str) -> Address:
    """The address that the text spells. Raises Refused unless a public page can have it."""
    try:
        address = ip_address(text)
    except ValueError:
        raise Refused(Reason.NUMBER) from None
    if not is_public(address):
        raise Refused(Reason.PRIVATE)
    return address


def is_public(address: Address) -> bool:
    """Whether a page that everybody can open may have this address."""
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        if address in TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in GLOBAL_UNICAST:
            return False
    if any(address in network for network in SPECIAL):
        return False
    return address.is_global
