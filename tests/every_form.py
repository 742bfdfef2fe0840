"""Every form of the site, found by asking: which fields each address reads, and an honest answer to it.

Nothing is listed here. An address that takes POST is sent nothing, and the names that its view looks for
are written down; what the pages of the site would send there is read from their HTML, as a browser does.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.cache import cache
from django.db import transaction
from django.http import QueryDict
from django.test import Client

URLENCODED = "application/x-www-form-urlencoded"
NOT_OURS = {"csrfmiddlewaretoken"}


class Listening(QueryDict):
    """What was posted, and which names were looked for in it."""

    asked: set[str] = set()

    def __getitem__(self, key: Any) -> Any:
        self.asked.add(str(key))
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: Any, default: Any = None) -> Any:
        self.asked.add(str(key))
        return super().getlist(key, default)


@dataclass
class Form:
    """One address that takes POST, as one person, with what a page of ours would send there."""

    route: str
    address: str
    client: Client
    honest: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # what its view looks for
    chosen: set[str] = field(default_factory=set)  # what a person chooses or never sees, not types
    limits: dict[str, int] = field(default_factory=dict)  # the most characters of a field

    def post(self, body: bytes | str, kind: str = URLENCODED) -> Any:
        """Send a body as somebody who is signed in as before, whatever the answer says of that."""
        cookies = copy(self.client.cookies)
        raw = body.encode() if isinstance(body, str) else body
        answer = self.client.generic("POST", self.address, raw, content_type=kind)
        self.client.cookies = cookies
        return answer

    def send(self, **others: Any) -> Any:
        """Post the honest fields, with these in place of them."""
        return self.post(urlencode({**self.honest, **others}, doseq=True))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here did not happen."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def every_form(
    posts: Iterable[tuple[str, Client]],
    reads: Iterable[tuple[str, Client]],
    address: Callable[[str], str],
    patch: Any,
) -> tuple[list[Form], list[str]]:
    """The form of each route, as the client that may post there; and what is wrong with forms on pages.

    What a person would send is taken from the pages of `reads`. `patch` is pytest's monkeypatch.
    """
    patch.setattr("django.http.request.QueryDict", Listening)
    forms: dict[str, Form] = {}
    pages: list[Page] = []
    for route, client in reads:
        with undone():
            pages.append(Page(address(route), client.get(address(route))))
    for route, client in posts:
        form = Form(route, address(route), client)
        Listening.asked = form.names
        with undone():
            answer = form.post("")
        Listening.asked = set()
        form.names -= NOT_OURS
        forms[form.address] = form
        pages.append(Page(form.address, answer))
    wrong = [words for page in pages for words in _fill(page, forms)]
    for form in forms.values():
        form.honest |= {name: ["Words of hers."] for name in form.names - set(form.honest)}
        form.chosen |= form.names - form.limits.keys()
        _mend(form)
    return list(forms.values()), wrong


#: What a field may want that takes no words, tried in this order.
OTHERWISE = ["", "1", "2026-01", "approved", "https://github.com/ada/engine/pull/1"]


def _mend(form: Form) -> None:
    """Type something else into what the form refuses."""
    for value in OTHERWISE:
        with undone():
            answer = form.send()
        if answer.status_code != 422:
            return
        page = Page(form.address, answer)
        for name in page.invalid & form.names:
            form.honest[name] = [page.offered.get(name, value)]


def _fill(page: "Page", forms: dict[str, Form]) -> Iterator[str]:
    """Take over what a page would send; tells of forms that lead to who does not read them."""
    for target, on_page in page.forms:
        form = forms.get(urlsplit(target).path)
        if form is None:
            continue
        if on_page.honest and form.names and not form.names & set(on_page.honest):
            yield f"{page.address}: a form with {sorted(on_page.honest)} leads to {form.route}"
        elif len(form.names & set(on_page.honest)) > len(form.names & set(form.honest)):
            form.honest, form.chosen, form.limits = on_page.honest, on_page.chosen, on_page.limits


@dataclass
class OnPage:
    """A form as a page shows it, filled in."""

    honest: dict[str, list[str]] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    limits: dict[str, int] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms of a page that post: where to, and what they hold once somebody filled them in."""

    def __init__(self, address: str, answer: Any):
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[tuple[str, OnPage]] = []
        self.invalid: set[str] = set()  # fields that the page complains of
        self.offered: dict[str, str] = {}  # the first thing to tick in a field
        self._form: OnPage | None = None
        self._name = ""
        self._words = ""
        self._options: list[tuple[str, bool]] = []
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = OnPage()
            if at.get("method", "").lower() == "post":
                target = urljoin(self.address, at.get("action") or self.address)
                self.forms.append((target, self._form))
        elif tag == "option":
            self._options.append((at.get("value", ""), "selected" in at))
        elif self._form is not None and at.get("name") and at["name"] not in NOT_OURS:
            self._field(tag, at, self._form)

    def _field(self, tag: str, at: dict[str, str], form: OnPage) -> None:
        name, kind, value = at["name"], at.get("type", "text"), at.get("value", "")
        if at.get("aria-invalid") == "true":
            self.invalid.add(name)
        is_typed = tag == "textarea" or kind in ("text", "email", "url", "search", "password")
        if tag == "select" or not is_typed:
            form.chosen.add(name)
        else:
            form.limits[name] = int(at.get("maxlength", 5000))
        if tag in ("textarea", "select"):
            self._name, self._words, self._options = name, "", []
        elif kind in ("radio", "submit"):
            if name not in form.honest or "checked" in at:
                form.honest[name] = [value]
        elif kind == "checkbox":
            form.honest.setdefault(name, [])
            self.offered.setdefault(name, value or "on")
            if "checked" in at:
                form.honest[name].append(value or "on")
        elif tag == "input":
            form.honest[name] = [value if value or kind == "hidden" else _typed(name, kind, at)]

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in ("textarea", "select") and self._form is not None and self._name:
            offered = sorted(self._options, key=lambda option: (not option[1], not option[0]))
            chosen = next((value for value, _ in offered if value), "")
            text = self._words.strip() or _typed(self._name, "text", {})
            self._form.honest[self._name] = [chosen if tag == "select" else text]
            self._name = ""


def _typed(name: str, kind: str, at: dict[str, str]) -> str:
    """What a person might type into an empty field."""
    if kind in ("email", "url"):
        return {"email": "somebody@example.net", "url": "https://example.org/page"}[kind]
    if kind == "number":
        return at.get("min", "1")
    if kind == "date":
        return datetime.datetime.now(datetime.UTC).date().isoformat()
    return {"link": "ada/another", "emails": "somebody@example.net"}.get(name, "Words of hers.")
