from collections.abc import Sequence


def roc_auc(labels: Sequence[int], scores: Sequence[float]) -> float:
    """The chance that a positive (1) scores higher than a negative (0); equal scores count half.

    In n log n. ValueError unless there is at least one of each.
    """
    raise NotImplementedError
