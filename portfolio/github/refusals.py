"""Why a pasted text is not a link to a repository, in words for whoever pasted it."""

from enum import StrEnum

MAX_LENGTH = 500


class Reason(StrEnum):
    """Why a text is not a link to a repository."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL_CHARACTERS = "control_characters"
    NOT_A_LINK = "not_a_link"
    OTHER_HOST = "other_host"
    LOOK_ALIKE = "look_alike"
    GIST = "gist"
    PAGES_SITE = "pages_site"
    PROFILE = "profile"
    RESERVED = "reserved"
    DOTS = "dots"
    BAD_OWNER = "bad_owner"
    BAD_NAME = "bad_name"
    BAD_REF = "bad_ref"


MESSAGES = {
    Reason.EMPTY: "Paste the link to a GitHub repository, such as https://github.com/ada/engine.",
    Reason.TOO_LONG: f"That is more than {MAX_LENGTH} characters. Paste the repository's link.",
    Reason.CONTROL_CHARACTERS: (
        "That text holds invisible characters. Copy the link again from the browser's address bar."
    ),
    Reason.NOT_A_LINK: (
        "That is not a link to a GitHub repository. It should look like"
        " https://github.com/ada/engine."
    ),
    Reason.OTHER_HOST: (
        "That link leads to {host}. Milepost reads repositories on GitHub: push yours there, then"
        " paste its link."
    ),
    Reason.LOOK_ALIKE: "That link leads to {host}, which is not GitHub. Look for a typing error.",
    Reason.GIST: (
        "That is a gist. Milepost checks whole repositories: put the files in one, then paste its"
        " link."
    ),
    Reason.PAGES_SITE: (
        "That is a site published with GitHub Pages. Paste the link of the repository behind it."
    ),
    Reason.PROFILE: (
        "That is the profile of {owner}, not a repository. Open the repository and copy its link."
    ),
    Reason.RESERVED: (
        "That is one of GitHub's own pages, not a repository. Open the repository and copy its"
        " link."
    ),
    Reason.DOTS: "A link to a repository has no “.” or “..” between its slashes. Copy it again.",
    Reason.BAD_OWNER: (
        "The account in that link has characters that GitHub does not allow. Copy the link again."
    ),
    Reason.BAD_NAME: (
        "The repository's name in that link has characters that GitHub does not allow. Copy the"
        " link again."
    ),
    Reason.BAD_REF: "The branch in that link cannot be a branch's name. Copy the link again.",
}


class BadLink(ValueError):
    """The text is not a link to a GitHub repository; `message` tells the learner why."""

    def __init__(self, reason: Reason, message: str = ""):
        super().__init__(reason, message)
        self.reason = reason
        self.message = message or MESSAGES[reason]

    def __str__(self) -> str:
        return self.message
