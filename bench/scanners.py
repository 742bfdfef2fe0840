"""What wapiti and sqlmap find on the demonstration, as nobody and as each of its people.

    python bench/scanners.py [--tools DIR] [--people nobody learner …] [--only wapiti sqlmap] [--minutes N]
                              [--administration]

Both have libraries of their own, so they are installed apart:
`python -m venv DIR && DIR/bin/pip install wapiti3==3.2.3 sqlmap==1.10.10`.

The site is that of `make demo`, with its programs, but without the limits on pace, since scanners ask oftener
than people may, and with a page that has two holes: a tool that does not find these fails. wapiti goes
through the pages of each person, sends every form, and attacks each field; through the administration only when
asked: four minutes for each kind of attack were not enough there. sqlmap is given addresses: as many as have
each field of each route that these people can reach, and the parts of it that name a row, in the administration
too. Nothing leaves this machine.

Told: what each tool went through and found. What fails: anything it found that is not planted, an answer of
5xx, and a hole that it missed. Not counted are cookies without Secure and the header that asks for TLS: both
are there under TLS (tests/test_headers.py), and the demonstration has none.
"""

import argparse
import csv
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

PEOPLE = ["nobody", "newcomer", "learner", "mentor", "organiser"]
PASSWORD = "milepost-demo"
PLANTED = "/planted/?slug=numpy"
MODULES = "sql,xss,permanentxss,redirect,file,exec,csrf,http_headers,cookieflags,crlf,upload"
#: What would end the person's session, or the person.
LEFT_OUT = [
    "/accounts/logout/", "/admin/logout/", "/accounts/sessions/", "/settings/delete/",
    "/accounts/password/*",
]  # fmt: skip
#: Of the administration: lists that are filtered in more than one way at once, and the pages of each row. The forms to
#: add one have the same fields.
HARDLY_OTHER = ["/admin/*&*", "/admin/*/change/*", "/admin/*/history/*", "/admin/*/delete/*"]
HOLE = "Reflected Cross Site Scripting"  # that wapiti has to find; sqlmap has the other
OF_PLAIN_HTTP = {"Secure Flag cookie", "HTTP Strict Transport Security (HSTS)"}
LINK = re.compile(r'href="([^"#]+)')
FIELD = re.compile(r'<(?:input|select)[^>]*\bname="([\w-]+)"')
FORM = re.compile(r"(<form[^>]*>)(.*?)</form>", re.DOTALL)
Wrong = Iterator[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; 1 when it is more or less than what was planted. Without the tools nothing is done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tools", type=Path, help="the folder of their environment")
    parser.add_argument("--people", nargs="*", choices=PEOPLE, default=PEOPLE)
    parser.add_argument(
        "--only", nargs="*", choices=["wapiti", "sqlmap"], default=["wapiti", "sqlmap"]
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=10,
        help="of wapiti: half to look round as each person, half for each kind of attack",
    )
    parser.add_argument("--administration", action="store_true", help="wapiti goes there as well")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    programs = {name: _program(name, options.tools) for name in options.only}
    if missing := [name for name, program in programs.items() if program is None]:
        print(f"Left out: {', '.join(missing)} is not there; see {Path(__file__).name}.")
        return 0
    with tempfile.TemporaryDirectory(prefix="scanners-") as folder, _site(Path(folder)) as url:
        wrong = []
        for name, program in programs.items():
            told = str(program), url, options.people, Path(folder)
            if name == "wapiti":
                left_out = HARDLY_OTHER if options.administration else ["/admin/*"]
                wrong += list(_wapiti(*told, options.minutes, left_out))
            else:
                wrong += list(_sqlmap(*told))
    for line in wrong:
        print(f"FAILED: {line}")
    return 1 if wrong else 0


def _program(name: str, tools: Path | None) -> str | None:
    return shutil.which(str(tools / "bin" / name) if tools else name)


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    """The demonstration with its two holes; its address."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.terminal import Terminal

    told = {"DJANGO_SETTINGS_MODULE": "bench._scanned", "LOG_LEVEL": "CRITICAL"}
    terminal = Terminal(folder / "var", "--demo", **told)
    try:
        terminal.read_until("Ready: ")
        yield terminal.url
    finally:
        terminal.end()


def _browser(url: str, who: str) -> httpx.Client:
    """One that is signed in as this person of the demonstration."""
    browser = httpx.Client(base_url=url, follow_redirects=True, timeout=60, trust_env=False)
    if who == "nobody":
        return browser
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get("/accounts/login/").text)
    assert token, "there is no form to sign in"
    form = {"login": f"{who}@example.org", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    browser.post("/accounts/login/", data=form, headers={"Referer": url})
    assert _is_signed_in(browser), f"{who} could not sign in"
    return browser


def _is_signed_in(browser: httpx.Client) -> bool:
    return "/accounts/logout/" in browser.get("/").text


# wapiti


def _wapiti(
    program: str,
    url: str,
    people: Sequence[str],
    folder: Path,
    minutes: float,
    left_out: Sequence[str],
) -> Wrong:
    """What went wrong, person by person."""
    for who in people:
        browser = _browser(url, who)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        report, half = folder / f"{who}.json", str(int(30 * minutes))
        command = [
            *[program, "-u", f"{url}/", "-s", url + PLANTED, "--scope", "domain", "-m", MODULES],
            *["--flush-session", "--store-session", str(folder / who), "--no-bugreport", "-v", "0"],
            *["--max-scan-time", half, "--max-attack-time", half, "--max-links-per-page", "200"],
            *["--max-files-per-dir", "40", "-f", "json", "-o", str(report), "--color"],
            *(word for path in [*LEFT_OUT, *left_out] for word in ("-x", url + path)),
            *(["-C", cookies] if cookies else []),
        ]
        _run(command)
        told = json.loads(report.read_text())
        found = Counter(
            (kind, one["method"], urlsplit(one["path"]).path, one["parameter"] or "")
            for part in ("vulnerabilities", "anomalies")
            for kind, ones in told[part].items()
            for one in ones
            if kind not in OF_PLAIN_HTTP
        )
        hole = urlsplit(PLANTED).path
        planted = {kind for kind, _, path, _ in found if path == hole}
        others = {one: count for one, count in found.items() if one[2] != hole}
        print(
            f"wapiti as {who}: {told['infos']['crawled_pages_nbr']} pages and forms;"
            f" planted: {', '.join(sorted(planted)) or 'nothing'}; elsewhere: {len(others)}"
        )
        for one, count in sorted(others.items()):
            yield f"wapiti as {who}: {' '.join(one)} ({count} times)"
        if HOLE not in planted:
            yield f"wapiti as {who} missed what was planted"
        if who != "nobody" and not _is_signed_in(browser):
            yield f"wapiti as {who}: the session ended on the way"


# sqlmap


def _sqlmap(program: str, url: str, people: Sequence[str], folder: Path) -> Wrong:
    """What went wrong, person by person."""
    for who in people:
        browser = _browser(url, who)
        addresses = [*_addresses(browser, url), url + PLANTED]  # after a find it leaves a host
        listed, out = folder / f"{who}.txt", folder / f"sqlmap-{who}"
        listed.write_text("\n".join(addresses))
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        command = [
            *[program, "-m", str(listed), "--batch", "--level", "2", "--risk", "1"],
            *["--threads", "2", "--dbms", "SQLite"],  # which is what `make demo` has
            *["--flush-session", "--output-dir", str(out), "--param-filter", "GET,URI"],
            *(["--cookie", cookies] if cookies else []),
        ]
        said = _run(command)
        found = [
            (row["Target URL"], row["Parameter"], row["Technique(s)"])
            for name in out.glob("results-*.csv")
            for row in csv.DictReader(name.read_text().splitlines())
            if row["Parameter"] and "false positive" not in row["Note(s)"]  # it looks twice itself
        ]
        others = sorted({one for one in found if not one[0].startswith(url + "/planted/")})
        tried = len(set(re.findall(r"testing if (?:GET|URI) parameter '(.+?)' is dynamic", said)))
        print(
            f"sqlmap as {who}: {len(addresses)} addresses, {tried} names of fields;"
            f" planted: {len(found) - len(others)}; elsewhere: {len(others)}"
        )
        for one in others:
            yield f"sqlmap as {who}: {' '.join(one)}"
        if len(found) == len(others):
            yield f"sqlmap as {who} missed what was planted"


def _addresses(browser: httpx.Client, url: str) -> list[str]:
    """Addresses that have between them each field of each route; what names a row is marked with a star.

    Found by opening three pages of each route and set of fields, from the first page on, and of lists
    that can be filtered in hundreds of ways (the administration's) fifteen.
    """
    from django.urls import Resolver404, resolve

    waiting, opened, covered, found = ["/"], Counter[object](), set[object](), []
    while waiting:
        path = waiting.pop(0)
        page = browser.get(path)
        if "html" not in page.headers.get("Content-Type", ""):
            continue
        for link in _links(page.text):
            parts = urlsplit(urljoin(str(page.url), link))
            if parts.netloc != urlsplit(url).netloc or parts.path in LEFT_OUT:
                continue
            try:
                match = resolve(parts.path)
            except Resolver404:
                continue  # a file
            fields = parse_qsl(parts.query, keep_blank_values=True)
            kind = match.route, frozenset(name for name, _ in fields)
            address = parts.path + (f"?{urlencode(fields)}" if fields else "")
            tried = {(match.route, name) for name in [*match.kwargs, *(name for name, _ in fields)]}
            if tried - covered:
                covered |= tried
                found.append(url + _marked(address, match.kwargs.values()))
            if opened[kind] < 3 and opened[match.route] < 15 and not opened[address]:
                opened.update([kind, match.route, address])
                waiting.append(address)
    return found


def _links(page: str) -> Iterator[str]:
    """Where the links of a page lead, and what its forms ask for when they are sent as they stand."""
    for link in LINK.findall(page):
        yield html.unescape(link)
    for tag, body in FORM.findall(page):
        if 'method="post"' not in tag:
            action = re.search(r'action="([^"]*)"', tag)
            fields = [(name, "1") for name in FIELD.findall(body)]
            yield f"{html.unescape(action[1]) if action else ''}?{urlencode(fields)}"


def _marked(address: str, names: Iterable[object]) -> str:
    path, question, query = address.partition("?")
    for name in names:
        path = path.replace(f"/{name}/", f"/{name}*/", 1)
    return path + question + query


def _run(command: Sequence[str]) -> str:
    """What a scanner printed. It may end with any status: its report is what counts."""
    ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return ended.stdout + ended.stderr


if __name__ == "__main__":
    raise SystemExit(main())
