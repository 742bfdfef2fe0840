"""How much may still be asked of GitHub, for all who share one credential."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Allowance:
    """GitHub's own count after an answer, from its x-ratelimit headers."""

    resource: str  # core or graphql: each has its own count
    limit: int  # requests (or points) in an hour
    remaining: int
    reset_at: datetime


class Budget(Protocol):
    """Keeps every process that shares one credential below GitHub's limits.

    The client calls these and never waits itself: it is a task that decides to come back.
    """

    def spend(self, resource: str) -> None:
        """Take one request. Raises RateLimited when this credential has to wait."""

    def hold(self, requests: int, *, limit: int) -> None:
        """Begin work of about so many requests, of `limit` an hour. Raises RateLimited if it must wait."""

    def release(self) -> None:
        """The work is over."""

    def note(self, allowance: Allowance) -> None:
        """Hear what GitHub says is left."""

    def block(self, resource: str, until: datetime) -> None:
        """Hear that GitHub refuses everything of this credential until then."""
