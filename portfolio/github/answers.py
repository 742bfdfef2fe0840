"""What GitHub answered over HTTP: its JSON, its rate-limit headers, or the error it stands for.

The rules for limits are those of GitHub's "Rate limits for the REST API" and "Best practices":
first `retry-after`, then `x-ratelimit-reset` where nothing remains, then at least one minute.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from portfolio.github.budget import Allowance
from portfolio.github.errors import (
    BadCredentials,
    Blocked,
    GitHubError,
    NotFound,
    RateLimit,
    RateLimited,
    Refused,
    Unavailable,
)

LEAST_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=24)
WINDOW = timedelta(hours=1)  # of a primary limit, so that a wrong clock cannot stretch it


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    resource: str = "core"

    def json(self) -> Any:
        """The body as JSON; raises Unavailable when it is anything else."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            reason = "not JSON" if self.body.strip() else "an empty answer"
        raise Unavailable(reason=f"{reason}, status {self.status}")

    @property
    def allowance(self) -> Allowance | None:
        try:
            return Allowance(
                resource=self.headers.get("x-ratelimit-resource", self.resource),
                limit=int(self.headers["x-ratelimit-limit"]),
                remaining=int(self.headers["x-ratelimit-remaining"]),
                reset_at=datetime.fromtimestamp(int(self.headers["x-ratelimit-reset"]), UTC),
            )
        except (KeyError, ValueError, OverflowError, OSError):
            return None

    @property
    def token_expires_at(self) -> datetime | None:
        """When the personal access token that was shown ends; None where GitHub does not say."""
        told = self.headers.get("github-authentication-token-expiration", "")
        try:
            return datetime.strptime(told.replace("UTC", "+0000"), "%Y-%m-%d %H:%M:%S %z")
        except ValueError:
            return None

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        """403 for a reason of its own, such as a list too long to count; no limit and no block."""
        return self.status == 403 and type(self.error()) is Refused

    def error(self, full_name: str = "") -> GitHubError:
        """The error that this answer stands for. Only for answers that are not ok."""
        body = self._details()
        message = str(body.get("message", ""))
        if self.status == 401:
            return BadCredentials(full_name=full_name)
        if "block" in body or self.status == 451:
            block = body.get("block")
            reason = str(block.get("reason", "")) if isinstance(block, dict) else ""
            return Blocked(full_name=full_name, reason=reason)
        if self._is_rate_limit(message):
            return self.rate_limited(message, full_name)
        if self.status == 403:
            return Refused(full_name=full_name)
        if self.status in (404, 410):
            return NotFound(full_name=full_name)
        is_timeout = self.status in (502, 504)  # GitHub stops its own work after ten seconds
        return Unavailable(
            full_name=full_name, reason=f"status {self.status}", is_timeout=is_timeout
        )

    def rate_limited(self, message: str = "", full_name: str = "") -> RateLimited:
        """This answer as a limit, with the moment from which asking is allowed again."""
        kind: RateLimit = "primary" if self._is_used_up() else "secondary"
        if "secondary" in message.lower() or "abuse" in message.lower():
            kind = "secondary"
        now = datetime.now(UTC)
        return RateLimited(full_name=full_name, kind=kind, retry_at=now + self._wait(now))

    def _details(self) -> dict[str, Any]:
        try:
            body = self.json()
        except Unavailable:
            return {}
        return body if isinstance(body, dict) else {}

    def _is_used_up(self) -> bool:
        return self.headers.get("x-ratelimit-remaining") == "0"

    def _is_rate_limit(self, message: str) -> bool:
        if self.status == 429:
            return True
        words = message.lower()
        return self.status == 403 and (
            "retry-after" in self.headers
            or self._is_used_up()
            or "rate limit" in words
            or "abuse detection" in words
        )

    def _wait(self, now: datetime) -> timedelta:
        after = self.headers.get("retry-after", "").strip()
        if after.isdecimal() and len(after) < 9:
            return min(timedelta(seconds=int(after)), LONGEST_WAIT)
        if after and (moment := _http_date(after)):
            return _between(moment - self._clock(now))
        allowance = self.allowance
        if allowance and allowance.remaining == 0:
            wait = _between(allowance.reset_at - self._clock(now))
            return min(wait, WINDOW) + timedelta(seconds=1)
        return LEAST_WAIT

    def _clock(self, now: datetime) -> datetime:
        """GitHub's own clock, so that a wrong one here does not shorten the wait."""
        return _http_date(self.headers.get("date", "")) or now


@contextmanager
def understood(full_name: str) -> Iterator[None]:
    """Turns an answer of an unexpected shape into Unavailable: not known is not no."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        reason = f"an answer of another shape: {type(error).__name__}"
    else:
        return
    raise Unavailable(full_name=full_name, reason=reason)


def _between(wait: timedelta) -> timedelta:
    return max(timedelta(seconds=1), min(wait, LONGEST_WAIT))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
