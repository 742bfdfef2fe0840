import random
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def sample(stream: Iterable[T], k: int, dice: random.Random) -> list[T]:
    """k items of a stream of unknown length, each item equally likely; all where there are fewer.

    The stream is read once and never held. All chance comes from `dice`, so a seed gives the same again.
    """
    raise NotImplementedError
