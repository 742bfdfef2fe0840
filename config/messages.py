"""Words said once, after a press: in a cookie of this host alone, as all our cookies are."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's, under a name that no other host and no plain HTTP can set."""

    cookie_name = "__Host-messages" if settings.USES_TLS else "milepost-messages"


class Storage(FallbackStorage):
    """In the cookie, or in the session where they are too long for one."""

    storage_classes = (HostCookieStorage, SessionStorage)
