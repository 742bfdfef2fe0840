"""A GitHub of our own on loopback: what client, sign-in and webhooks speak to in tests."""

from tests.github_server.people import Application, Person
from tests.github_server.repositories import Repository, Submodule, Symlink
from tests.github_server.server import GitHubServer, Request

__all__ = [
    "Application",
    "GitHubServer",
    "Person",
    "Repository",
    "Request",
    "Submodule",
    "Symlink",
]
