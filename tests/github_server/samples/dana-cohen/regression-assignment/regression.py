def predict(slope, intercept, area):
    return intercept + slope * area


def step(slope, intercept, flats, rate):
    """One step of gradient descent on the squared error."""
    n = len(flats)
    errors = [predict(slope, intercept, area) - rent for area, rent in flats]
    down = sum(e * area for e, (area, _) in zip(errors, flats)) / n
    return slope - rate * down, intercept - rate * sum(errors) / n
