from collections.abc import Sequence

Point = Sequence[float]


def predict(points: Sequence[Point], labels: Sequence[str], query: Point, k: int) -> str:
    """The label that most of the k nearest points (by Euclidean distance) have.

    Of labels with equally many votes, the one whose nearest point is nearest. Of points at the same
    distance, the earlier one counts as nearer. ValueError where k is not between 1 and the number of
    points.
    """
    raise NotImplementedError
