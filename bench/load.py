"""What a site bears: people who read, study, and review at once, and what each of their pages took.

    python bench/load.py [--people 50] [--minutes 5] [--on postgres] [--only mix slow]

The programs are those of `make run`, on this machine, together with the people: on `embedded` everything
they bring (SQLite and their own broker), on `postgres` a PostgreSQL server and a broker beside them. Each
person waits one to three seconds between two requests. Of a hundred requests seventy read what a learner
opens every day, fifteen the public page of somebody (without signing in), ten complete a unit or open it
again, and five are a mentor's: the desk, a review that is being written, a draft that is kept. Twenty
thousand others have been there before them, each with rows of their own.

Then twenty employers read one public page without a pause, and sixty people sign in within ten seconds. With
`--only slow` two hundred connections send a byte a second: what the web server bears without a proxy before it.
With `--only alone` one person opens one page after another: what each costs where nobody else is, in
milliseconds of a core.

Told of each part: how many requests, the median, the 95th and 99th percentile in milliseconds, the answers
of 5xx; of the mix the memory of all programs as well. What fails: any answer of 5xx, any request without an
answer, and memory that grows by more than 5 % from the second third to the last.
"""

import argparse
import asyncio
import itertools
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, quantiles

import httpx

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from bench import _site  # noqa: E402
from bench._github import Double  # noqa: E402

THINK = (1.0, 3.0)  # seconds between two requests of one person
OTHERS = 20_000
LEARNERS_OF_A_MENTOR = 12
GROWTH = 1.05  # memory: last third by second third
PATIENCE = 60.0  # seconds for an answer
MEGABYTE = 1024 * 1024
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
VERSION = re.compile(r'name="version"[^>]* value="(\d*)"')


@dataclass
class Figures:
    """What was measured of one part: seconds by kind of request, and what came back."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[str] = field(default_factory=Counter)
    held: list[int] = field(default_factory=list)  # bytes, of all programs
    lasted: float = 0.0

    def note(self, kind: str, took: float, status: str) -> None:
        self.seconds[kind].append(took)
        self.statuses[status] += 1

    @property
    def failed(self) -> list[str]:
        """What must not happen, in words."""
        wrong = [
            f"{count} × {status}"
            for status, count in sorted(self.statuses.items())
            if not status.isdigit() or int(status) >= 500
        ]
        if self.growth > GROWTH:
            wrong.append(f"memory grew by {100 * self.growth - 100:.1f} %")
        return wrong

    @property
    def growth(self) -> float:
        size = len(self.held) // 3
        return mean(self.held[2 * size :]) / mean(self.held[size : 2 * size]) if size else 1.0

    def tell(self, title: str) -> None:
        """Print it."""
        everything = [took for kind in self.seconds.values() for took in kind]
        print(
            f"\n{title}: {len(everything)} requests in {self.lasted:.0f} s "
            f"({len(everything) / self.lasted:.1f} a second); "
            + ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        )
        print(f"{'':<16}{'requests':>9}{'median':>9}{'95 %':>9}{'99 %':>9}{'at most':>9}  ms")
        for kind, times in [*sorted(self.seconds.items()), ("all", everything)]:
            cuts = [1000 * cut for cut in quantiles([*times, max(times)], n=100)]
            row = (cuts[49], cuts[94], cuts[98], 1000 * max(times))
            print(f"{kind:<16}{len(times):>9}" + "".join(f"{cut:>9.0f}" for cut in row))
        if self.held:
            print(
                f"memory of all programs: {self.held[-1] / MEGABYTE:.0f} MB at the end, "
                f"{100 * self.growth - 100:+.1f} % from the second third to the last"
            )
        if self.failed:
            print(f"FAILED: {'; '.join(self.failed)}")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, and what they open."""

    handle: str
    session: str
    units: Sequence[str]
    project: str
    reviews: Sequence[int] = ()  # that a mentor is writing
    hands: asyncio.Lock = field(default_factory=asyncio.Lock)  # one thing at a time


@dataclass(frozen=True, slots=True)
class Cast:
    learners: Sequence[Person]
    mentors: Sequence[Person]
    password: str


class Visitor:
    """A browser without scripts: it keeps cookies, and measures what it asks for."""

    def __init__(self, client: httpx.AsyncClient, figures: Figures):
        self.client = client
        self.figures = figures

    async def get(self, kind: str, path: str) -> str:
        return await self._ask(kind, "GET", path)

    async def post(self, kind: str, path: str, page: str, **fields: str) -> str:
        """Send a form of this page."""
        token = CSRF.search(page)
        form = {"csrfmiddlewaretoken": token[1] if token else ""} | fields
        return await self._ask(kind, "POST", path, data=form)

    async def _ask(self, kind: str, method: str, path: str, **options: object) -> str:
        started = time.monotonic()
        text, status = "", ""
        try:
            answer = await self.client.request(method, path, **options)  # type: ignore[arg-type]
            text, status = answer.text, str(answer.status_code)
        except httpx.HTTPError as error:
            status = type(error).__name__
        self.figures.note(kind, time.monotonic() - started, status)
        return text


# What people do


async def read_something(visitor: Visitor, person: Person, chance: random.Random) -> None:
    """What a learner opens every day."""
    unit = chance.choice(person.units)
    pages = {
        "/": 30, "/roadmap/": 10, f"/units/{unit}/": 15, "/projects/": 5,
        f"/projects/{person.project}/": 5, "/practice/": 5, "/plan/": 3, "/roles/": 2,
    }  # fmt: skip
    [path] = chance.choices(list(pages), list(pages.values()))
    kinds = {f"/units/{unit}/": "unit", f"/projects/{person.project}/": "project", "/": "home"}
    await visitor.get(kinds.get(path, path.strip("/")), path)


async def study(visitor: Visitor, person: Person, chance: random.Random) -> None:
    """Complete a unit, or open it again."""
    path = f"/units/{chance.choice(person.units)}/"
    page = await visitor.get("unit", path)
    verb = "reopen" if f"{path}reopen/" in page else "complete"
    await visitor.post("write progress", f"{path}{verb}/", page)


async def review(visitor: Visitor, mentor: Person, chance: random.Random) -> None:
    """Look at the desk, open a review that is being written, keep its draft."""
    await visitor.get("desk", "/mentoring/")
    number = chance.choice(mentor.reviews)
    page = await visitor.get("write review", f"/reviews/{number}/write/")
    version = VERSION.search(page)
    words = f"The split keeps patients apart; seen at {time.time():.0f}."
    await visitor.post(
        "keep draft",
        f"/reviews/{number}/draft/",
        page,
        strength=words,
        version=version[1] if version else "",
    )


async def one_of_them(
    url: str, cast: Cast, person: Person, mentor: Person, until: float, figures: Figures, seed: int
) -> None:
    """One person's tabs: their own, a mentor's, and one that is not signed in."""
    chance = random.Random(seed)
    async with browser(url, person) as own, browser(url, mentor) as his, browser(url) as open_tab:
        mine, theirs, nobody = (Visitor(tab, figures) for tab in (own, his, open_tab))
        await asyncio.sleep(chance.uniform(0, THINK[1]))
        while time.monotonic() < until:
            doing = chance.random()
            if doing < 0.70:
                await read_something(mine, person, chance)
            elif doing < 0.85:
                shown = chance.choice(cast.learners)
                await nobody.get("public page", f"/@{shown.handle}/")
            elif doing < 0.95:
                await study(mine, person, chance)
            else:
                async with mentor.hands:
                    await review(theirs, mentor, chance)
            await asyncio.sleep(chance.uniform(*THINK))


async def mix(site: "Site", people: int, seconds: float) -> Figures:
    """The mixed story of so many people for so long."""
    figures = Figures()
    cast = site.cast
    started = time.monotonic()
    until = started + seconds
    tasks = [
        one_of_them(site.url, cast, person, mentor, until, figures, seed)
        for seed, (person, mentor) in enumerate(
            zip(cast.learners[:people], itertools.cycle(cast.mentors), strict=False)
        )
    ]
    await asyncio.gather(site.weigh(figures, until), *tasks)
    figures.lasted = time.monotonic() - started
    return figures


async def employers(site: "Site", seconds: float, connections: int = 20) -> Figures:
    """A public page, asked for by so many at once without a pause.

    By plain connections, so that asking takes little of the cores that answer.
    """
    figures = Figures()
    address = httpx.URL(site.url)
    asked = (
        f"GET /@{site.cast.learners[0].handle}/ HTTP/1.1\r\nHost: {address.netloc.decode()}\r\n\r\n"
    )
    started = time.monotonic()

    async def again_and_again() -> None:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        while (began := time.monotonic()) < started + seconds:
            writer.write(asked.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"\r\nContent-Length: (\d+)", head, re.IGNORECASE)
            await reader.readexactly(int(length[1]) if length else 0)
            figures.note("public page", time.monotonic() - began, head.split()[1].decode())
        writer.close()

    await asyncio.gather(*(again_and_again() for _ in range(connections)))
    figures.lasted = time.monotonic() - started
    return figures


async def sign_ins(site: "Site", people: int = 60, within: float = 10.0) -> Figures:
    """So many people sign in within so many seconds, each from an address of their own, others read on."""
    figures = Figures()
    started = time.monotonic()

    async def sign_in(number: int, person: Person) -> None:
        await asyncio.sleep(within * number / people)
        async with browser(site.url) as tab:
            visitor = Visitor(tab, figures)
            page = await visitor.get("sign-in page", "/accounts/login/")
            await visitor.post(
                "sign in",
                "/accounts/login/",
                page,
                login=f"{person.handle}@example.org",
                password=site.cast.password,
            )

    async def read_on(person: Person, seed: int) -> None:
        chance = random.Random(seed)
        async with browser(site.url, person) as tab:
            while time.monotonic() < started + within:
                await Visitor(tab, figures).get("home of others", "/")
                await asyncio.sleep(chance.uniform(*THINK))

    people = min(people, len(site.cast.learners))
    await asyncio.gather(
        *(sign_in(number, person) for number, person in enumerate(site.cast.learners[:people])),
        *(read_on(person, seed) for seed, person in enumerate(site.cast.learners[:5])),
    )
    figures.lasted = time.monotonic() - started
    return figures


async def alone(site: "Site", times: int = 40) -> Figures:
    """One person opens each page of a day so often, and nobody else does anything."""
    figures = Figures()
    person = site.cast.learners[0]
    pages = {
        "home": "/", "roadmap": "/roadmap/", "unit": f"/units/{person.units[0]}/",
        "projects": "/projects/", "project": f"/projects/{person.project}/",
        "practice": "/practice/", "plan": "/plan/", "public page": f"/@{person.handle}/",
    }  # fmt: skip
    started = time.monotonic()
    async with browser(site.url, person) as tab, browser(site.url) as open_tab:
        for kind, path in pages.items():
            visitor = Visitor(open_tab if kind == "public page" else tab, figures)
            await Visitor(visitor.client, Figures()).get(kind, path)  # what is made once
            before = site.seconds_of_web()
            for _ in range(times):
                await visitor.get(kind, path)
            cost = 1000 * (site.seconds_of_web() - before) / times
            print(f"{kind:<16}{cost:>6.0f} ms of a core")
    figures.lasted = time.monotonic() - started
    return figures


async def slow_ones(site: "Site", connections: int = 200, seconds: float = 30.0) -> Figures:
    """So many connections that send a byte a second, and a body of 10 MB; others read on meanwhile."""
    figures = Figures()
    started = time.monotonic()
    address = httpx.URL(site.url)

    async def dribble() -> None:
        try:
            _, writer = await asyncio.open_connection(address.host, address.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            while time.monotonic() < started + seconds:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(1)
            writer.close()
        except OSError:
            return  # sent away, which is as well

    async def send_much() -> None:
        async with browser(site.url) as tab:
            visitor = Visitor(tab, figures)
            page = await visitor.get("sign-in page", "/accounts/login/")
            await visitor.post("body of 10 MB", "/accounts/login/", page, login="a" * 10_000_000)

    async def read_on(person: Person) -> None:
        await asyncio.sleep(2)
        async with browser(site.url, person) as tab:
            while time.monotonic() < started + seconds:
                await Visitor(tab, figures).get("home of others", "/")
                await asyncio.sleep(1)

    await asyncio.gather(
        send_much(),
        *(dribble() for _ in range(connections)),
        *(read_on(person) for person in site.cast.learners[:5]),
    )
    figures.lasted = time.monotonic() - started
    return figures


def browser(url: str, person: Person | None = None) -> httpx.AsyncClient:
    cookies = {"milepost-session": person.session} if person else {}
    return httpx.AsyncClient(
        base_url=url, cookies=cookies, follow_redirects=True, timeout=PATIENCE, trust_env=False
    )


# The site


class Site:
    """The programs of `make run`, and the people who have an account there."""

    def __init__(self, terminal: object, cast: Cast):
        self.terminal = terminal
        self.cast = cast
        self.url: str = terminal.url  # type: ignore[attr-defined]

    async def weigh(self, figures: Figures, until: float) -> None:
        """Note what all programs hold, ten times a minute or oftener."""
        while time.monotonic() < until:
            figures.held.append(await asyncio.to_thread(self._bytes_held))
            await asyncio.sleep(2)

    def seconds_of_web(self) -> float:
        """What the processes of the web server have taken of a core so far."""
        ticks = 0
        for pid in self.terminal.pids("gunicorn"):  # type: ignore[attr-defined]
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _bytes_held(self) -> int:
        pages = 0
        for pid in self.terminal.pids():  # type: ignore[attr-defined]
            try:
                _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
            except OSError:
                continue  # it has just ended
            pages += int(resident) - int(shared)
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def running(on: str, people: int, others: int) -> Iterator[Site]:
    """Start it, with so many learners, and so many others who left rows behind."""
    with Double(people) as double:
        place = _site.configure(double, "postgres" if on == "postgres" else "sqlite")
        cast = make_people(people, double.names, others)

        from django.db import connections

        from tests.terminal import Terminal

        connections.close_all()
        told = ["SECRET_KEY", "DATABASE_URL", "GITHUB_URL", "GITHUB_API_URL", "GITHUB_TOKEN"]
        told += ["REDIS_URL"] if on == "postgres" else []
        settings = {name: os.environ[name] for name in told}
        quiet = {"DEMO_LINKS_CHECKED": "0", "RESOURCE_LINKS_CHECKED": "0", "LOG_LEVEL": "ERROR"}
        terminal = Terminal(place, **settings, **quiet)
        try:
            terminal.read_until("Ready: ")
            yield Site(terminal, cast)
            if terminal.end() != 0:
                raise SystemExit("The programs did not end well:\n" + "\n".join(terminal.seen))
        finally:
            if terminal.process.poll() is None:
                terminal.process.kill()


def make_people(count: int, repositories: Sequence[str], others: int) -> Cast:
    """So many learners half-way on the roadmap, their mentors, and what they are to open."""
    import io

    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from bench.pages_cost import _add_learners
    from curriculum import enrollments
    from curriculum.models import Role, Unit, UnitCompletion
    from portfolio import reviews
    from tests import factories

    call_command("load_curriculum", stdout=io.StringIO())
    units = list(Unit.objects.live().filter(module__number__lte=20))
    role = Role.objects.get(slug="junior-ml-engineer")

    def session_of(user: object) -> str:
        client = Client()
        client.force_login(user)  # type: ignore[arg-type]
        return client.cookies["milepost-session"].value

    chance = random.Random(1)
    learners, users = [], []
    for number, repository in enumerate(repositories[:count]):
        ada = factories.make_user(f"learner{number}", is_public=True)
        enrollment = enrollments.enroll(ada, target_role=role)
        done = chance.sample(units, len(units) // 2)
        UnitCompletion.objects.bulk_create(
            UnitCompletion(enrollment=enrollment, unit=unit) for unit in done
        )
        project = factories.make_project(ada, visibility="public", repository=repository)
        findings = [("readme", "passed"), ("tests", "passed"), ("ci", "failed")]
        factories.make_check_run(project, *findings)
        some = tuple(unit.slug for unit in chance.sample(units, 12))
        learners.append(Person(ada.profile.handle, session_of(ada), some, project.slug))
        users.append((ada, project))
    mentors = []
    for number, first in enumerate(range(0, count, LEARNERS_OF_A_MENTOR)):
        grace = factories.make_user(f"mentor{number}")
        asked = []
        for ada, project in users[first : first + LEARNERS_OF_A_MENTOR]:
            factories.make_mentorship(mentor=grace, learner=ada)
            if len(asked) < reviews.MOST_CLAIMS:
                asked.append(reviews.claim(reviews.request(project), grace).pk)
        mentors.append(Person(grace.profile.handle, session_of(grace), (), "", tuple(asked)))
    if others:
        enrollment = enrollments.enroll(factories.make_user("before"), target_role=role)
        _add_learners(others, enrollment, units[0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database does that has been up for a while
    return Cast(learners, mentors, factories.PASSWORD)


PARTS: dict[str, Callable[[Site, argparse.Namespace], Coroutine[None, None, Figures]]] = {
    "mix": lambda site, asked: mix(site, asked.people, 60 * asked.minutes),
    "employers": lambda site, asked: employers(site, min(30.0, 60 * asked.minutes)),
    "sign-ins": lambda site, asked: sign_ins(site),
    "slow": lambda site, asked: slow_ones(site),
    "alone": lambda site, asked: alone(site),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each part took on each kind of site; 1 when something failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=50, help="how many at once")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long the mixed story is")
    parser.add_argument("--others", type=int, default=OTHERS, help="who left rows behind")
    parser.add_argument("--on", choices=["embedded", "postgres"], default="embedded")
    parser.add_argument("--only", choices=list(PARTS), nargs="*", default=list(PARTS)[:3])
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too
    failed = []
    with running(options.on, options.people, options.others) as site:
        for name in options.only:
            figures = asyncio.run(PARTS[name](site, options))
            figures.tell(f"{options.on}, {name}, {options.people} people")
            failed += figures.failed
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
