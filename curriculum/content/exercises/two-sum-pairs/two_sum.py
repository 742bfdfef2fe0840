def two_sum(numbers: list[int], target: int) -> tuple[int, int] | None:
    """The indices of two different elements that add up to the target, the smaller index first.

    None where there is no such pair. Where there are several, the pair whose second index comes first.
    """
    raise NotImplementedError
