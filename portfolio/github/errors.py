"""What can go wrong when GitHub is asked, each with a sentence for the page that must say so."""

from datetime import UTC, datetime, timedelta
from typing import Literal

RateLimit = Literal["primary", "secondary"]


class GitHubError(Exception):
    """GitHub could not be read. `message` is for people; no message ever holds a credential."""

    message = "GitHub could not be read."

    def __init__(self, message: str = "", *, full_name: str = ""):
        self.message = message or type(self).message
        self.full_name = full_name
        super().__init__(self.message)


class NotFound(GitHubError):
    """No such repository, or one that we may not see: GitHub tells neither apart."""

    message = "GitHub shows no such repository. It is private, deleted, or the link has a mistake."


class RefNotFound(GitHubError):
    """The repository is there; the branch, tag or commit of the link is not."""

    message = "The repository is there, but the branch or tag of this link is not."

    def __init__(self, message: str = "", *, full_name: str = "", ref: str = ""):
        super().__init__(message, full_name=full_name)
        self.ref = ref


class Blocked(GitHubError):
    """GitHub has taken the repository down. `reason` is its word for why: dmca, tos…"""

    message = "GitHub has blocked this repository, so nobody can read it."

    def __init__(self, message: str = "", *, full_name: str = "", reason: str = ""):
        super().__init__(message, full_name=full_name)
        self.reason = reason


class Refused(GitHubError):
    """GitHub answered 403 for a reason that is neither a limit nor a block."""

    message = "GitHub refuses to show this repository to Milepost."


class RateLimited(GitHubError):
    """We have asked too much. Nothing more may be asked with this credential before `retry_at`."""

    message = "GitHub asks Milepost to wait before it looks at more repositories."

    def __init__(
        self,
        message: str = "",
        *,
        full_name: str = "",
        kind: RateLimit = "secondary",
        retry_at: datetime | None = None,
    ):
        super().__init__(message, full_name=full_name)
        self.kind = kind
        self.retry_at = retry_at or datetime.now(UTC) + timedelta(seconds=60)

    @property
    def seconds(self) -> float:
        """How long to wait from now; never less than 0."""
        return max(0.0, (self.retry_at - datetime.now(UTC)).total_seconds())


class BadCredentials(GitHubError):
    """GitHub does not take our token or application secret: work for staff, not for the learner."""

    message = "GitHub does not accept Milepost's own credentials. Its staff have to renew them."


class Unavailable(GitHubError):
    """GitHub is out of reach or answers nonsense. `reason` says how, for the log.

    `is_timeout` where a smaller question might have been answered.
    """

    message = "GitHub cannot be reached just now."

    def __init__(
        self,
        message: str = "",
        *,
        full_name: str = "",
        reason: str = "",
        is_timeout: bool = False,
    ):
        super().__init__(message, full_name=full_name)
        self.reason = reason
        self.is_timeout = is_timeout

    def __str__(self) -> str:
        return f"{self.message} ({self.reason})" if self.reason else self.message
