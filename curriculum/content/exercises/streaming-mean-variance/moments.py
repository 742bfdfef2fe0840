class Moments:
    """Mean and variance of numbers that come one by one, without keeping them."""

    def add(self, number: float) -> None:
        raise NotImplementedError

    @property
    def mean(self) -> float:
        """ValueError before the first number."""
        raise NotImplementedError

    @property
    def variance(self) -> float:
        """The sample variance (n - 1). ValueError before the second number."""
        raise NotImplementedError
