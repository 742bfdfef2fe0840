"""Which of GitHub's tokens may be given to Milepost: one that cannot do more than it should.

The kinds are told by their first letters ("About authentication to GitHub", token formats). Only a
fine-grained personal access token can be limited to reading one repository.
"""

import re

MAX_LENGTH = 255
FINE_GRAINED = re.compile(r"github_pat_[A-Za-z0-9_]{20,240}")
CLASSIC = re.compile(r"ghp_|[0-9a-f]{40}\Z")
OF_AN_APP = ("gho_", "ghu_", "ghs_", "ghr_")

#: What a fine-grained token needs, in the words of GitHub's page; Metadata is ticked by itself.
PERMISSIONS = (("Contents", "Read-only"), ("Metadata", "Read-only"))


class UnfitToken(ValueError):
    """The text is no token for this purpose; `message` says why, and never holds the text."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def check(text: str) -> str:
    """The token without blanks around it. Raises UnfitToken for every other kind, and for no token."""
    token = text.strip()
    if FINE_GRAINED.fullmatch(token):
        return token
    if CLASSIC.match(token):
        raise UnfitToken(
            "That is a classic token: it opens every repository of yours, for writing too. Delete it on"
            " GitHub, and make a fine-grained one for this repository alone."
        )
    if token.startswith(OF_AN_APP):
        raise UnfitToken("That token belongs to an app. Make a fine-grained personal access token.")
    raise UnfitToken(
        "That is not a fine-grained token of GitHub's: those begin with github_pat_. Copy it again."
    )
