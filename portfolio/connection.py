"""The GitHub that the settings name."""

from django.conf import settings

from portfolio.github.budget import Budget
from portfolio.github.client import GitHub


def connect(budget: Budget | None = None, *, token: str = "") -> GitHub:
    """A client for one task or command; use it as a context manager.

    Tasks share a budget. A command that one person runs by hand needs none. With a `token`, which an
    owner gave for a private repository, nothing is asked with the site's own credential.
    """
    return GitHub(
        api_url=settings.GITHUB_API_URL,
        web_url=settings.GITHUB_URL,
        token=token or settings.GITHUB_TOKEN,
        client_id=settings.GITHUB_CLIENT_ID,
        client_secret=settings.GITHUB_CLIENT_SECRET,
        site_url=settings.SITE_URL,
        budget=budget,
    )
