from collections.abc import Sequence


def first_at_least(values: Sequence[float], x: float) -> int:
    """The first index whose value is at least x in a sorted sequence; its length where there is none.

    Do not use bisect: write the search, in logarithmic time.
    """
    raise NotImplementedError
