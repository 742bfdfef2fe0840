"""Read what the site sent: the last letter, its code and its link."""

import re

from django.core import mail
from django.core.mail import EmailMessage


def last_letter(*, to: str) -> EmailMessage:
    """The letter sent last, which must have gone to this address alone."""
    letter = mail.outbox[-1]
    assert letter.to == [to]
    return letter


def code_for(address: str) -> str:
    """The code in the letter sent last, such as TQFF-BRJW."""
    found = re.search(
        r"^\s*([A-Z0-9]+(?:-[A-Z0-9]+)+|[A-Z0-9]{6,})\s*$", last_letter(to=address).body, re.M
    )
    assert found, last_letter(to=address).body
    return found[1]


def path_for(address: str) -> str:
    """The path of the first link in the letter sent last."""
    found = re.search(r"https?://[^/\s]+(/\S+)", last_letter(to=address).body)
    assert found, last_letter(to=address).body
    return found[1]
