"""The GitHub that the settings name, over a connection that each process keeps.

To open one takes two or three journeys to GitHub and back, as long as a request itself.
"""

import os

import httpx
from django.conf import settings

from portfolio.github.budget import Budget
from portfolio.github.client import GitHub
from portfolio.github.connection import open_http

#: By process and address: what was opened before a fork is not the child's.
_kept: dict[tuple[int, str], httpx.Client] = {}


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
        http=_http(settings.GITHUB_API_URL),
        budget=budget,
    )


def disconnect() -> None:
    """Close what this process keeps; the next client opens a connection again."""
    while _kept:
        _, http = _kept.popitem()
        http.close()


def _http(api_url: str) -> httpx.Client:
    place = os.getpid(), api_url
    if place not in _kept:
        _kept[place] = open_http(api_url)
    return _kept[place]
