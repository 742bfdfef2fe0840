"""One host is asked by one look at a time, whoever wants to look: a resource's link or a project's demo."""

from django.core.cache import cache

#: Seconds in which one host is asked once: as many as a look may take (curriculum.reach.looks.SECONDS).
SPARED = 5


def may_ask(host: str) -> bool:
    """Whether nobody asked this host within the last seconds; from now on somebody did."""
    return not host or cache.add(_key(host), True, timeout=SPARED)


def is_free(host: str) -> bool:
    """Whether it may be asked now, without asking it."""
    return not host or cache.get(_key(host)) is None


def spare(host: str, seconds: float) -> None:
    """Ask nothing of this host for so long: it said so."""
    if host and seconds > SPARED:
        cache.set(_key(host), True, timeout=int(seconds))


def _key(host: str) -> str:
    return f"host-asked:{host[-200:]}"
