"""When a repository, or a demo link, is looked at again without anybody asking."""

from datetime import UTC, datetime, time, timedelta

from curriculum import spread

#: A repository that changed within the last two weeks is looked at every day, others every week.
ACTIVE, QUIET = timedelta(days=1), timedelta(days=7)
STAYS_ACTIVE = timedelta(days=14)

#: A repository that GitHub does not show counts as gone after so many looks in a row, the last of them
#: so long after the first: GitHub answers 404 on bad days too.
GONE_AFTER_LOOKS, GONE_AFTER = 3, timedelta(hours=48)


def next_look(repository_id: int, *, now: datetime, changed_at: datetime | None) -> datetime:
    """The moment of the next look: a day or a week on, at the repository's own time of day (UTC).

    That time comes from its id, not from chance or from the last look, so that looks stay spread
    over the day however many repositories were linked, checked or lost in the same minute.
    """
    is_active = changed_at is not None and now - changed_at < STAYS_ACTIVE
    return _at_own_time(repository_id, now + (ACTIVE if is_active else QUIET))


def next_daily_look(row_id: int, *, now: datetime) -> datetime:
    """The moment of tomorrow's look, at the row's own time of day (UTC)."""
    return _at_own_time(row_id, now + ACTIVE)


def is_gone(*, since: datetime, looks: int, now: datetime) -> bool:
    """Whether a repository missed so often, and first then, is taken to be gone."""
    return looks >= GONE_AFTER_LOOKS and now - since >= GONE_AFTER


def look_for_missing(row_id: int, *, now: datetime) -> datetime:
    """When to look again for what may be gone: in a day, and up to an hour more."""
    return now + ACTIVE + timedelta(seconds=second_of_day(row_id) / 24)


def second_of_day(row_id: int) -> int:
    """0 to 86,399; the same for the same id on every machine, and even over many ids."""
    return int(spread.place_in(timedelta(days=1), row_id).total_seconds())


def _at_own_time(row_id: int, moment: datetime) -> datetime:
    day = moment.astimezone(UTC).date()
    return datetime.combine(day, time(), UTC) + timedelta(seconds=second_of_day(row_id))
