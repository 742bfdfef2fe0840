"""The same weekday last week, corrected for temperature."""


def forecast(last_week, degrees_then, degrees_now, per_degree=-1.8):
    """Kilowatt hours for tomorrow; warmer days need less."""
    return last_week + per_degree * (degrees_now - degrees_then)
