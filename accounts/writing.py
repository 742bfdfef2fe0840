"""Write the e-mail of a letter: of one notice, of a day's notices, or as allauth composed it."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts import names, notices, sealing, unsubscribing
from accounts.models import Letter, Notice

#: So many notices stand in a daily letter; the rest is counted.
MOST_LISTED = 30
#: Characters of a subject; what follows stands in the letter.
MOST_SUBJECT = 120


class NothingToSend(Exception):
    """The letter has no address or no words any more; its message says which."""


def sealed(message: EmailMultiAlternatives) -> str:
    """What a composed e-mail says, so that the database holds none of it in the clear."""
    html = [str(content) for content, kind in message.alternatives if kind == "text/html"]
    words = {"subject": message.subject, "text": message.body, "html": html[0] if html else ""}
    return sealing.seal(json.dumps(words))


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """The e-mail of a letter as it is to be sent now.

    Its Message-ID depends on the row alone: a mail server that took it and a worker that died before
    noting so make two copies of one message, which a mailbox can tell. Raises NothingToSend, and
    sealing.Broken.
    """
    if letter.notice:
        message = _of_notice(letter.notice)
    elif letter.digest:
        message = _of_digest(letter)
    else:
        words = json.loads(sealing.unseal(letter.sealed))
        message = _message(letter.address, words["subject"], words["text"], words["html"])
    host = urlsplit(settings.SITE_URL).hostname
    written = int(letter.created_at.timestamp())
    message.extra_headers["Message-ID"] = f"<letter-{letter.pk}-{written}@{host}>"
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    return message


def _of_notice(notice: Notice) -> EmailMultiAlternatives:
    context = {"notice": notice, "link": _link(notice)}
    return _told(notice, notice.words, "notice", notice.kind, context)


def _of_digest(letter: Letter) -> EmailMultiAlternatives:
    told = Notice.objects.of(letter.recipient).filter(digest=letter.digest)
    rows = [{"notice": notice, "link": _link(notice)} for notice in told[:MOST_LISTED]]
    if not rows:
        raise NothingToSend("the notices are gone")
    number = told.count()
    subject = rows[0]["notice"].words
    if number > 1:
        subject = _("%(n)d notices: %(words)s") % {"n": number, "words": subject}
    context = {
        "rows": rows,
        "number": number,
        "unlisted": number - len(rows),
        "link": settings.SITE_URL + reverse("accounts:notices"),
    }
    first = rows[0]["notice"]
    return _told(first, subject, "digest", unsubscribing.DAILY_LETTER, context)


def _told(
    notice: Notice, subject: str, template: str, what: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    """A letter of ours, with the two ways out of its like: a link, and a button of the mail program."""
    recipient = notice.recipient
    address = notices.address_of(recipient)
    if not address or not recipient.is_active:
        raise NothingToSend("no verified address")
    stop = unsubscribing.link(recipient, what)
    context |= {
        "subject": subject,
        "name": names.plain(recipient.get_full_name()),
        "site_name": settings.SITE_NAME,
        "stop": stop,
        "choices": settings.SITE_URL + reverse("accounts:notice_choices"),
    }
    text = render_to_string(f"email/accounts/{template}.txt", context)
    html = render_to_string(f"email/accounts/{template}.html", context)
    message = _message(address, subject, text, html)
    message.extra_headers["List-Unsubscribe"] = f"<{stop}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _message(address: str, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        Truncator(names.plain(subject)).chars(MOST_SUBJECT), text, to=[address]
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _link(notice: Notice) -> str:
    return settings.SITE_URL + reverse("accounts:notice", args=[notice.pk])
