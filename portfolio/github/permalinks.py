"""Addresses of GitHub's own pages, spelt so that any file name survives."""

from urllib.parse import quote

WEB_URL = "https://github.com"


def repository_url(web_url: str, full_name: str) -> str:
    """The page of a repository."""
    return f"{web_url.rstrip('/')}/{quote(full_name)}"


def commit_url(web_url: str, full_name: str, sha: str) -> str:
    """The page of one commit."""
    return f"{repository_url(web_url, full_name)}/commit/{quote(sha, safe='')}"


def compare_url(web_url: str, full_name: str, before: str, after: str) -> str:
    """The page that compares two commits."""
    place = f"{quote(before, safe='')}...{quote(after, safe='')}"
    return f"{repository_url(web_url, full_name)}/compare/{place}"


def tree_url(web_url: str, full_name: str, ref: str = "", folder: str = "") -> str:
    """The page of a folder at a branch, tag or commit; the repository's own without either."""
    if not ref and not folder:
        return repository_url(web_url, full_name)
    place = f"{ref or 'HEAD'}/{folder}".rstrip("/")
    return f"{repository_url(web_url, full_name)}/tree/{quote(place)}"


def blob_url(
    web_url: str, full_name: str, sha: str, path: str, line: int = 0, end_line: int = 0
) -> str:
    """The page of a file at a commit. Lines count from 1; 0 is the whole file.

    A single line becomes #L12, several #L12-L15, as GitHub spells them.
    """
    lines = f"#L{line}" if line else ""
    if line and end_line > line:
        lines += f"-L{end_line}"
    return f"{repository_url(web_url, full_name)}/blob/{quote(f'{sha}/{path}')}{lines}"
