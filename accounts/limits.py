"""How often something may be tried. Counted in the cache that all processes share."""

import hashlib
import ipaddress
import time

from django.core.cache import cache


def allows(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more try of something by somebody; whether it is within `most` in so many seconds.

    Spans of time follow one another, so at the turn of two of them twice as many may come through.
    """
    span = int(time.time()) // seconds
    name = hashlib.sha256(f"{what} {who}".encode()).hexdigest()
    key = f"limit {name[:32]} {span}".replace(" ", ":")
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it was thrown out between the two
        return True


def network_of(address: str) -> str:
    """Whom to count together: one address of IPv4, and the 64 bits of a network of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)
