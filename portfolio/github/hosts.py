"""Which hosts lead to a repository on GitHub, and what is to be said of the others."""

import re
from difflib import SequenceMatcher

from portfolio.github.refusals import MESSAGES, BadLink, Reason

#: Hosts that people paste instead, and what to call them.
OTHER_HOSTS = {
    "gitlab.com": "GitLab",
    "bitbucket.org": "Bitbucket",
    "codeberg.org": "Codeberg",
    "git.sr.ht": "SourceHut",
    "dev.azure.com": "Azure DevOps",
    "huggingface.co": "Hugging Face",
    "kaggle.com": "Kaggle",
    "drive.google.com": "Google Drive",
    "docs.google.com": "Google Docs",
    "colab.research.google.com": "Google Colab",
    "linkedin.com": "LinkedIn",
}

_GITHUB_HOSTS = frozenset(["github.com", "www.github.com", "ssh.github.com", "github.dev"])
_GIST_HOSTS = frozenset(["gist.github.com", "gist.githubusercontent.com"])
_NOTEBOOK_HOSTS = frozenset(
    ["colab.research.google.com", "colab.google.com", "nbviewer.org", "nbviewer.jupyter.org"]
)


def repository_parts(host: str, parts: list[str], own_host: str) -> tuple[list[str], bool]:
    """The parts of a path from the owner on, and whether a place such as /tree/main may follow.

    `own_host` is another GitHub's. Raises BadLink for every host that holds no repository of GitHub.
    """
    if host == own_host and parts[:1] == ["api"]:
        parts = parts[2:] if parts[1:2] == ["v3"] else parts[1:]
        return parts[1:] if parts[:1] == ["repos"] else [], False
    if host in _GITHUB_HOSTS or host == own_host:
        return parts, True
    if host == "api.github.com":
        return parts[1:] if parts[:1] == ["repos"] else [], False
    if host == "codeload.github.com":
        return parts[:2], False
    if host in ("raw.githubusercontent.com", "raw.github.com"):
        return [*parts[:2], "raw", *parts[2:]] if len(parts) > 2 else parts, True
    if host in _GIST_HOSTS:
        raise BadLink(Reason.GIST)
    if host in _NOTEBOOK_HOSTS or host in ("vscode.dev", "mybinder.org"):
        return _wrapped(host, parts), True
    raise _other_host(host)


def _wrapped(host: str, parts: list[str]) -> list[str]:
    """The repository inside a link to a notebook service."""
    if parts[:1] == ["github"]:
        return parts[1:]
    if parts[:2] == ["v2", "gh"]:
        return [*parts[2:4], "tree", *parts[4:]] if parts[4:] else parts[2:4]
    if parts[:1] == ["gist"] or parts[:2] == ["v2", "gist"]:
        raise BadLink(Reason.GIST)
    raise _other_host(host)


def _other_host(host: str) -> BadLink:
    shown = host if len(host) <= 60 else f"{host[:60]}…"
    plain = host.removeprefix("www.")
    if plain.endswith(".github.io"):
        return BadLink(Reason.PAGES_SITE)
    if not host or not re.fullmatch(r"[\w.:-]+", host) or "." not in host:
        return BadLink(Reason.NOT_A_LINK)
    if plain in OTHER_HOSTS:
        host = OTHER_HOSTS[plain]
        return BadLink(Reason.OTHER_HOST, MESSAGES[Reason.OTHER_HOST].format(host=host))
    if _resembles_github(plain):
        return BadLink(Reason.LOOK_ALIKE, MESSAGES[Reason.LOOK_ALIKE].format(host=shown))
    return BadLink(Reason.OTHER_HOST, MESSAGES[Reason.OTHER_HOST].format(host=shown))


def _resembles_github(host: str) -> bool:
    """Whether someone may take this host for github.com: by its letters, or by a slip or two."""
    if "github" in host or host.startswith("xn--") or not host.isascii():
        return True
    word = host.split(".")[0]
    return SequenceMatcher(None, "github", word).ratio() > 0.8
