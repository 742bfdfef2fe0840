from collections.abc import Hashable, Iterable


def top_k(items: Iterable[Hashable], k: int) -> list[Hashable]:
    """The k items that come most often, most often first; all of them where there are fewer than k.

    Of items that come equally often, the one that came first stands first.
    """
    raise NotImplementedError
