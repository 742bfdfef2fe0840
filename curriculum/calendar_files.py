"""A mock interview as a file for a calendar (RFC 5545).

The library quotes what people typed; a name has no way out of its line. Moments are in UTC, so that no
calendar needs to know our time zones. The file carries no e-mail address of the two: its organiser is the site.
"""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from accounts import names
from accounts.models import User
from curriculum.models import MockInterview


def method_of(interview: MockInterview) -> str:
    """What a calendar is to do with the file: keep the entry, or take it out."""
    return "PUBLISH" if interview.state in ("agreed", "held") else "CANCEL"


def text_of(interview: MockInterview, reader: User) -> bytes:
    """The file for one of the two. The same interview is the same entry, however often it changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Milepost//Mock interviews//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(interview))
    event = Event()
    event.add("uid", f"mock-{interview.uid}@{settings.SITE_HOST}")
    event.add("sequence", interview.sequence)
    event.add("dtstamp", _second(interview.changed_at))
    if interview.starts_at and interview.ends_at:
        event.add("dtstart", _second(interview.starts_at))
        event.add("dtend", _second(interview.ends_at))
    event.add("status", "CONFIRMED" if method_of(interview) == "PUBLISH" else "CANCELLED")
    event["organizer"] = _site()
    other = interview.other(reader)
    name = names.plain(other.profile.name) if other else _("somebody who has left")
    event.add("summary", _("Mock interview with %(name)s") % {"name": name})
    about = [interview.format_words, names.plain(interview.wish)]
    event.add("description", "\n".join(line for line in about if line))
    event.add("url", settings.SITE_URL + interview.get_absolute_url())
    if interview.place:
        event.add("location", names.plain(interview.place))
    calendar.add_component(event)
    return calendar.to_ical()


def _site() -> vCalAddress:
    """The organiser, which a file of this kind has to name."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    site = vCalAddress(f"mailto:{address}")
    site.params["CN"] = settings.SITE_NAME
    return site


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
