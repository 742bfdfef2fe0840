"""Read what the site sent: the last letter, its code and its link."""

import re

from django.core import mail
from django.core.mail import EmailMessage

from accounts import letters, tasks


def delivered() -> list[EmailMessage]:
    """Everything sent so far, with what is due in the outbox: no commit, and so no task, ends a test."""
    while letters.due():
        tasks.send_due_letters()
    return mail.outbox


def last_letter(*, to: str) -> EmailMessage:
    """The letter sent last, which must have gone to this address alone."""
    letter = delivered()[-1]
    assert letter.to == [to]
    return letter


def code_for(address: str) -> str:
    """The code in the letter sent last, such as TQFF-BRJW."""
    body = last_letter(to=address).body
    found = re.search(r"^\s*([A-Z0-9]+(?:-[A-Z0-9]+)+|[A-Z0-9]{6,})\s*$", body, re.M)
    assert found, body
    return found[1]


def path_for(address: str) -> str:
    """The path of the first link in the letter sent last."""
    body = last_letter(to=address).body
    found = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert found, body
    return found[1]
