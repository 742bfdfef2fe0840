"""What people write, as Chromium takes it: nothing of it runs, fetches or leaves its place.

Once with our content policy and once without, so that neither guard leans on the other. And as it was
written, without our Markdown: there it does run, or this would show nothing.
"""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from csp.utils import build_policy

from config.templatetags.look import markdown
from tests.hostile_markdown import texts

TEXTS = texts()
SAMPLE = 5  # every fifth is shown as it was written

#: Tells which texts ran something, then does to each element what a person or a browser may do to it.
PRELUDE = """
window.ran = []; window.run = number => (top.ran || ran).push(number);
addEventListener("click", event => {
  const link = event.target.closest("a[href], area[href]");
  const isScript = link && /^(javascript|data|vbscript):/i.test(link.protocol || link.href.baseVal || "");
  if (link && !isScript) event.preventDefault();
}, true);
addEventListener("submit", event => event.preventDefault(), true);
window.provoke = () => {
  for (const element of document.querySelectorAll("body *")) {
    for (const kind of ["mouseover", "focus", "error", "load", "toggle", "animationstart"])
      element.dispatchEvent(new Event(kind));
    element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
  }
};
addEventListener("load", () => provoke());
"""

#: Numbers of texts that are not where they were put, or lie over others.
MISPLACED = """
() => [...document.querySelectorAll("section")].filter(section =>
  section.parentElement.id !== "all" || section.children.length !== 2
  || section.firstElementChild.tagName !== "ARTICLE" || section.lastElementChild.className !== "after"
  || [...section.querySelectorAll("article *")].some(element =>
    getComputedStyle(element).position !== "static" || element.hasAttribute("style")
    || element.hasAttribute("id") || element.hasAttribute("class"))
).map(section => section.id)
"""


class Shown(BaseHTTPRequestHandler):
    """Pages with the texts, as we show them or raw, with our policy or without."""

    def do_GET(self) -> None:
        _, kind, policy, *number = f"{self.path}//".split("/")[:4]
        if self.path.startswith("/prelude.js"):
            return self._answer(PRELUDE, "text/javascript", "without")
        if kind == "shown":
            sections = "".join(
                f"<section id={n}><article>{markdown(text)}</article><p class=after>.</p></section>"
                for n, text in enumerate(TEXTS)
            )
            return self._answer(f"<main id=all>{sections}</main>", "text/html", policy)
        if kind == "raw" and number[0].isdecimal():
            return self._answer(f"<article>{TEXTS[int(number[0])]}</article>", "text/html", policy)
        if kind == "frames":
            numbers = range(0, len(TEXTS), SAMPLE)
            frames = "".join(f"<iframe src=/raw/{policy}/{n}></iframe>" for n in numbers)
            return self._answer(frames, "text/html", "without")
        return self.send_error(404)

    def _answer(self, body: str, kind: str, policy: str) -> None:
        head = "<!doctype html><meta charset=utf-8><script src=/prelude.js></script><body>"
        raw = (head + body if kind == "text/html" else body).encode("utf-8", "replace")
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        if policy == "with":  # the frames of this test may be framed
            self.send_header(
                "Content-Security-Policy",
                build_policy().replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
            )
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def shown() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Shown) as server:
        threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


#: Of the requests of a page, those that it makes for itself.
OWN = ("/prelude.js", "/shown/", "/frames/", "/raw/", "/favicon.ico")


def look(browser, address: str) -> tuple[set[int], set[str], list[str]]:
    """Which texts ran something, what was asked for beside our own pages, and which are misplaced."""
    context = browser.new_context()
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(request.url))
    page = context.new_page()
    page.goto(address, wait_until="load")
    page.wait_for_timeout(500)  # what runs late
    ran, misplaced = set(page.evaluate("ran")), page.evaluate(MISPLACED)
    context.close()
    return ran, {url for url in asked if not urlsplit(url).path.startswith(OWN)}, misplaced


def test_nothing_that_people_write_runs_fetches_or_breaks_out(browser, shown):
    assert len(TEXTS) >= 300
    for policy in ("without", "with"):
        assert look(browser, f"{shown}/shown/{policy}") == (set(), set(), []), policy

    ran, asked, _ = look(browser, f"{shown}/frames/without")
    assert len(ran) > 15
    assert any("away.example" in url for url in asked)
    ran, _, _ = look(browser, f"{shown}/frames/with")
    assert ran == set()
