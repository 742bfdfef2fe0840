"""Why a web address is not opened, in words for whoever typed it."""

from enum import StrEnum

MAX_LENGTH = 2000


class Reason(StrEnum):
    """What is wrong with an address, or with where it leads."""

    TOO_LONG = "too_long"
    UNSEEN = "unseen"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    PORT = "port"
    HOST = "host"
    NUMBER = "number"
    LOCAL_NAME = "local_name"
    PRIVATE = "private"


MESSAGES = {
    Reason.TOO_LONG: f"That is more than {MAX_LENGTH} characters. Paste the page’s address.",
    Reason.UNSEEN: (
        "That address holds blanks, backslashes or characters that cannot be seen. Copy it again"
        " from the browser’s address bar."
    ),
    Reason.SCHEME: "Use an address that starts with https:// or http://.",
    Reason.CREDENTIALS: (
        "That address holds a name or password before an @. Others will read it: leave that part"
        " out, and change the password."
    ),
    Reason.PORT: (
        "That address names a port. Only the usual ones (80 and 443) can be reached from everywhere:"
        " publish the page there, and leave the port out."
    ),
    Reason.HOST: "That is not a host’s name, such as demo.example.org. Look for a typing error.",
    Reason.NUMBER: (
        "That host is a number in a form that programs read differently. Use its name, or four"
        " decimal numbers."
    ),
    Reason.LOCAL_NAME: (
        "That name is known on your own machine or network only. Others need a public name, such as"
        " demo.example.org."
    ),
    Reason.PRIVATE: (
        "That address belongs to a private or reserved network: nobody else can open it. Publish the"
        " page, then paste its public address."
    ),
}


class Refused(ValueError):
    """The address is not opened; `message` tells a person why."""

    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason
        self.message = MESSAGES[reason]

    def __str__(self) -> str:
        return self.message
