class Moments:
    """Welford's method."""

    def __init__(self):
        self.count, self._mean, self._squares = 0, 0.0, 0.0

    def add(self, number):
        self.count += 1
        away = number - self._mean
        self._mean += away / self.count
        self._squares += away * (number - self._mean)

    @property
    def mean(self):
        if not self.count:
            raise ValueError("no number yet")
        return self._mean

    @property
    def variance(self):
        if self.count < 2:
            raise ValueError("too few numbers")
        return self._squares / (self.count - 1)
