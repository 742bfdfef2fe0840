"""Links from a finding to the very line on GitHub that it rests on."""

from django import template
from django.conf import settings

from portfolio.github.permalinks import blob_url, commit_url, compare_url, tree_url
from portfolio.github.pulls import pull_url
from portfolio.models import CheckRun

register = template.Library()


@register.simple_tag
def permalink(check_run: CheckRun, place: dict) -> str:
    """The address of a piece of evidence at the commit of its run."""
    return blob_url(
        settings.GITHUB_URL,
        check_run.full_name,
        check_run.head_sha,
        place["path"],
        place.get("line") or 0,
        place.get("end_line") or 0,
    )


@register.simple_tag
def commit_link(full_name: str, sha: str) -> str:
    return commit_url(settings.GITHUB_URL, full_name, sha)


@register.simple_tag
def pull_link(full_name: str, number: int) -> str:
    """The page of a pull request."""
    return pull_url(settings.GITHUB_URL, full_name, number)


@register.simple_tag
def blob_link(full_name: str, sha: str, path: str, line: int = 0) -> str:
    """The address of a file, or one line of it, at a commit."""
    return blob_url(settings.GITHUB_URL, full_name, sha, path, line)


@register.simple_tag
def compare_link(full_name: str, before: str, after: str) -> str:
    """The address at which GitHub shows what changed between two commits."""
    return compare_url(settings.GITHUB_URL, full_name, before, after)


@register.simple_tag
def repository_link(full_name: str, ref: str = "", folder: str = "") -> str:
    return tree_url(settings.GITHUB_URL, full_name, ref, folder)
