"""How much may still be asked of GitHub, counted in Redis by all processes that share a credential.

A token bucket keeps the pace, GitHub's own count keeps the hour, and "blocked until" keeps the peace
after a refusal. People who wait at a page may use everything; looks that nobody waits for leave a
reserve. Without Redis each process keeps a slower pace of its own: stricter, not looser.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from portfolio.github.budget import Allowance
from portfolio.github.errors import RateLimited
from portfolio.models import CheckRun

log = structlog.get_logger(__name__)

#: Requests a second, and how many may come at once. GitHub's secondary limit is 900 points a minute
#: (15 a second) for REST, where reading costs one.
RATE, BURST = 10.0, 40.0
#: Without Redis, for each process.
LONELY_RATE, LONELY_BURST = 1.0, 10.0
#: Share of GitHub's hourly limit that looks nobody waits for leave alone.
RESERVE = 0.2
#: How long what a lost worker held stays held, in seconds: the lease of a check run.
HELD_SECONDS = 60
#: How long an idle count is kept, in seconds: longer than GitHub's hour.
KEPT_SECONDS = 2 * 60 * 60

# KEYS: bucket, allowance, block. ARGV: rate, burst, share of the limit to leave, seconds to keep.
# Answers {"go"} or {why, the moment from when it may go, as seconds since 1970}.
SPEND = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local rate, burst, leave = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local blocked = tonumber(redis.call('GET', KEYS[3]) or '0')
if blocked > now then return {'blocked', tostring(blocked)} end
local count = redis.call('HMGET', KEYS[2], 'remaining', 'limit', 'reset_at')
if count[1] and tonumber(count[3]) > now then
  if tonumber(count[1]) <= leave * tonumber(count[2]) then return {'spent', count[3]} end
  redis.call('HINCRBY', KEYS[2], 'remaining', -1)
end
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, tonumber(bucket[1] or burst) + (now - tonumber(bucket[2] or now)) * rate)
if tokens < 1 then return {'pace', tostring(now + (1 - tokens) / rate)} end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {'go'}
"""


# KEYS: allowance, holds. ARGV: requests wanted, their holder, seconds to hold, limit of an hour.
# Answers {"go"} or {"later", the moment to ask again}. A holder is counted until it lets go or is lost.
HOLD = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local wanted, remaining = tonumber(ARGV[1]), tonumber(ARGV[4])
local count = redis.call('HMGET', KEYS[1], 'remaining', 'reset_at')
local reset_at = tonumber(count[2] or '0')
if count[1] and reset_at > now then remaining = tonumber(count[1]) end
if remaining < wanted and reset_at > now then return {'later', tostring(reset_at)} end
local held = 0
for _, holder in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  held = held + tonumber(string.match(holder, '%d+$'))
end
if remaining - held < wanted and held > 0 then return {'later', tostring(now + 5)} end
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), ARGV[2] .. ':' .. ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return {'go'}
"""


@dataclass
class Bucket:
    """The pace of one process that cannot reach the others."""

    tokens: float = LONELY_BURST
    at: float = field(default_factory=time.monotonic)

    def wait(self) -> float:
        """Take one request: 0, or how many seconds are missing."""
        now = time.monotonic()
        self.tokens = min(LONELY_BURST, self.tokens + (now - self.at) * LONELY_RATE)
        self.at = now
        if self.tokens < 1:
            return (1 - self.tokens) / LONELY_RATE
        self.tokens -= 1
        return 0.0


#: One for each process, however many tasks it works on.
lonely = Bucket()


class SharedBudget:
    """A Budget (portfolio.github.budget) for one credential, kept in Redis.

    `leaves_reserve` is for work that nobody waits for.
    """

    def __init__(self, client: redis.Redis, credential: str, *, leaves_reserve: bool = False):
        self._redis = client
        self._name = hashlib.sha256(credential.encode()).hexdigest()[:12]
        self._leave = RESERVE if leaves_reserve else 0.0
        self._spend = client.register_script(SPEND)
        self._hold = client.register_script(HOLD)
        self._holds: list[str] = []

    def spend(self, resource: str) -> None:
        """Take one request. Raises RateLimited when this credential has to wait."""
        keys = [self._key(resource, part) for part in ("bucket", "allowance", "block")]
        try:
            answer = self._spend(keys=keys, args=[RATE, BURST, self._leave, KEPT_SECONDS])
        except redis.RedisError as error:
            self._spend_alone(error)
            return
        why, *until = [part.decode() for part in answer]
        if why != "go":
            raise RateLimited(
                kind="primary" if why == "spent" else "secondary",
                retry_at=datetime.fromtimestamp(float(until[0]), UTC),
            )

    def hold(self, requests: int, *, limit: int) -> None:
        """Begin work that takes about so many requests of `limit` an hour, or raise RateLimited.

        So work that one hour cannot hold is not begun by four workers at once and finished by none.
        """
        holder = secrets.token_hex(8)
        keys = [self._key("core", "allowance"), self._key("core", "holds")]
        try:
            answer = self._hold(keys=keys, args=[requests, holder, HELD_SECONDS, limit])
        except redis.RedisError as error:
            log.warning("Redis is away; nothing is held", error=type(error).__name__)
            return
        if answer[0] != b"go":
            retry_at = datetime.fromtimestamp(float(answer[1]), UTC)
            raise RateLimited(kind="primary", retry_at=retry_at)
        self._holds.append(f"{holder}:{requests}")

    def release(self) -> None:
        """Let go of what was held."""
        if not self._holds:
            return
        try:
            self._redis.zrem(self._key("core", "holds"), *self._holds)
        except redis.RedisError as error:
            log.warning("Redis is away; what was held ends later", error=type(error).__name__)
        self._holds.clear()

    def note(self, allowance: Allowance) -> None:
        """Hear what GitHub says is left."""
        count: dict[Any, Any] = {
            "remaining": allowance.remaining,
            "limit": allowance.limit,
            "reset_at": allowance.reset_at.timestamp(),
        }
        key = self._key(allowance.resource, "allowance")
        try:
            with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.hset(key, mapping=count)
                pipeline.expire(key, KEPT_SECONDS)
                pipeline.execute()
        except redis.RedisError as error:
            log.warning("GitHub's count is not shared", error=type(error).__name__)

    def block(self, resource: str, until: datetime) -> None:
        """Hear that GitHub refuses everything of this credential until then."""
        seconds = max(1, int((until - datetime.now(UTC)).total_seconds()) + 1)
        try:
            self._redis.set(self._key(resource, "block"), until.timestamp(), ex=seconds)
        except redis.RedisError as error:
            log.warning("GitHub's refusal is not shared", error=type(error).__name__)

    def _key(self, resource: str, part: str) -> str:
        return f"milepost:github:{self._name}:{resource}:{part}"

    def _spend_alone(self, error: redis.RedisError) -> None:
        log.warning(
            "Redis is away; this process keeps a pace of its own", error=type(error).__name__
        )
        if missing := lonely.wait():
            raise RateLimited(
                kind="secondary", retry_at=datetime.fromtimestamp(time.time() + missing, UTC)
            ) from error


@cache
def connect(url: str) -> redis.Redis:
    """A client that says at once when Redis is away: the library's own would try for seconds.

    Made once in a process, whose tasks then need not introduce themselves to Redis again.
    """
    at_once = Retry(NoBackoff(), 0)
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, retry=at_once)


def for_run(check_run: CheckRun, *, token: str = "") -> SharedBudget | None:
    """The budget of a token, or of the credential in the settings; None where they ask for none."""
    return _of(token, leaves_reserve=check_run.is_scheduled)


def for_looks(*, token: str = "") -> SharedBudget | None:
    """The same, for looks that nobody waits for."""
    return _of(token, leaves_reserve=True)


def _of(token: str, *, leaves_reserve: bool) -> SharedBudget | None:
    if not settings.GITHUB_SHARES_BUDGET:
        return None
    client = connect(settings.REDIS_URL)
    credential = token or settings.GITHUB_TOKEN or settings.GITHUB_CLIENT_ID or "anonymous"
    return SharedBudget(client, credential, leaves_reserve=leaves_reserve)
