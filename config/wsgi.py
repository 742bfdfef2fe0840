"""What gunicorn serves: Django, behind a look at what it would trip over before its first middleware."""

import codecs
import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django = get_wsgi_application()

# What was loaded stays for good: the collector need not look through it again and again, and with
# gunicorn's --preload its processes go on sharing it.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()

# A page makes thousands of objects and lets nearly all of them go: with Python's own limit of 700 these
# are searched for garbage again and again while it is made (`bench/load.py --only alone` tells the cost).
gc.set_threshold(20_000, 20, 50)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve a request. One that names another encoding than UTF-8 is marked, and refused in our middleware.

    Django reads the query in the encoding of the body, and Python knows codecs, such as base64, that are
    none of text.
    """
    kind = environ.get("CONTENT_TYPE", "")
    if not is_readable(kind):
        environ |= {"CONTENT_TYPE": kind.partition(";")[0], "milepost.is_unreadable": "1"}
    return django(environ, start_response)


def is_readable(content_type: str) -> bool:
    """Whether a body of this type, where it names an encoding, is in UTF-8."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        return codecs.lookup(charset).name in ("utf-8", "ascii")
    except (LookupError, ValueError):
        return False
