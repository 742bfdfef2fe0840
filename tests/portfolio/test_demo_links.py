"""A project's demo link: looked at when it is set, then every day; one bad day makes nobody a liar."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from config.templatetags.look import when
from curriculum import hosts, reach
from curriculum.reach import Look, Outcome, Reason
from portfolio import demo_links, tasks
from portfolio.demo_links import State
from portfolio.models import DemoLink, Project
from tests.curriculum.internet import Internet, answer, serving
from tests.factories import make_project, make_user

URL = "https://demo.example.org/"
MISSES = sorted(demo_links.MISSED)


@pytest.fixture(autouse=True)
def _watching(settings):
    settings.DEMO_LINKS_CHECKED = True


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def looks(monkeypatch):
    """The addresses that were looked at, each of them found reachable."""
    seen = []

    def look(address, **options):
        seen.append(address)
        return Look(Outcome.REACHABLE, address, address, 200)

    monkeypatch.setattr(reach, "look", look)
    return seen


@pytest.fixture
def engine(ada):
    """Ada's project with a demo link that nobody has looked at."""
    project = make_project(ada, slug="engine", title="Engine", demo_url=URL, visibility="public")
    demo_links.watch(project)
    return project


def look(project, outcome, status=None, final_url="", reason=None):
    """Look at the project's demo link as if it were due; the row after it."""
    DemoLink.objects.filter(project=project).update(next_look_at=timezone.now())
    cache.clear()
    link = demo_links.claim(DemoLink.objects.get(project=project).pk)
    demo_links.execute(link, lambda url: Look(outcome, url, final_url or url, status, reason))
    return DemoLink.objects.get(project=project)


def time_passes(**span):
    """As if all that was seen was seen so much earlier."""
    for link in DemoLink.objects.all():
        for name in ("looked_at", "missed_since", "reached_at"):
            if moment := getattr(link, name):
                setattr(link, name, moment - timedelta(**span))
        link.save()


def state_of(project):
    return demo_links.of(Project.objects.select_related("demo_link").get(pk=project.pk)).state


def edit(client, project, url, **more):
    story = {"title": project.title, "visibility": "private", "demo_url": url} | more
    return client.post(f"/projects/{project.slug}/edit/", story)


def words(client, address):
    """What the page says of the demo link, its blanks joined."""
    page = client.get(address).content.decode()
    fact = re.search(r"<li>[^\n]*\bDemo</a>.*?</span></li>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", fact[0]).split()) if fact else ""


# The form


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:8000/", Reason.PORT),
        ("http://127.0.0.1/", Reason.PRIVATE),
        ("http://192.168.0.7/app", Reason.PRIVATE),
        ("http://169.254.169.254/latest/meta-data/", Reason.PRIVATE),
        ("http://[::1]/", Reason.PRIVATE),
        ("http://localhost/", Reason.LOCAL_NAME),
        ("https://nas.local/", Reason.LOCAL_NAME),
        ("https://demo.example.org:8501/", Reason.PORT),
        ("https://ada:secret@demo.example.org/", Reason.CREDENTIALS),
        ("https://demo.example.org./", Reason.HOST),
    ],
)
def test_a_link_that_nobody_can_reach_is_refused_beside_its_field(ada, as_user, looks, url, reason):
    project = make_project(ada)

    response = edit(as_user(ada), project, url)

    assert response.status_code == 422
    assert response.context["form"].errors["demo_url"] == [reach.Refused(reason).message]
    assert url in response.content.decode()  # it is kept, to be mended
    assert not DemoLink.objects.exists()


def test_the_refusal_stands_beside_the_field(ada, as_user):
    page = edit(as_user(ada), make_project(ada), "http://10.0.0.1/").content.decode()

    assert 'aria-invalid="true"' in re.search(r'<input[^>]*name="demo_url"[^>]*>', page)[0]


# When it is looked at


def test_a_link_is_looked_at_when_it_is_set(ada, as_user, looks, on_commit):
    project = make_project(ada)

    with on_commit():
        edit(as_user(ada), project, URL)

    assert looks == [URL]
    assert state_of(project) == State.REACHABLE


def test_saving_the_project_again_looks_at_nothing(ada, engine, as_user, looks, on_commit):
    look(engine, Outcome.GONE, 404)

    with on_commit():
        edit(as_user(ada), engine, URL, summary="New words.")

    assert looks == []
    assert DemoLink.objects.get().missed_since is not None


def test_a_changed_link_forgets_what_was_seen_of_the_other(ada, engine, as_user, looks, on_commit):
    look(engine, Outcome.GONE, 404)

    edit(as_user(ada), engine, "https://new.example.org/")

    assert state_of(engine) == State.NEW
    assert DemoLink.objects.get().missed_since is None
    with on_commit():
        tasks.look_at_due_demo_links()
    assert looks == ["https://new.example.org/"]


def test_without_a_link_nothing_is_kept(ada, engine, as_user):
    edit(as_user(ada), engine, "")

    assert not DemoLink.objects.exists()
    assert words(as_user(ada), "/projects/engine/") == ""


def test_what_the_other_link_gave_comes_too_late(ada, engine, as_user):
    link = demo_links.claim(DemoLink.objects.get().pk)

    edit(as_user(ada), engine, "https://new.example.org/")
    demo_links.execute(link, lambda url: Look(Outcome.GONE, url, url, 404))

    assert DemoLink.objects.get().outcome == ""


def test_a_project_deleted_under_the_look_ends_it_quietly(engine):
    link = demo_links.claim(DemoLink.objects.get().pk)

    engine.delete()
    demo_links.execute(link, lambda url: Look(Outcome.REACHABLE, url, url, 200))

    assert not DemoLink.objects.exists()


def test_a_message_that_comes_twice_makes_one_look(engine, looks):
    link = DemoLink.objects.get()

    for _ in range(3):
        tasks.look_at_demo_link(link.pk)
        cache.clear()

    assert looks == [URL]


def test_a_link_is_looked_at_every_day_at_a_time_of_its_own(ada, looks):
    for n in range(6):
        demo_links.watch(make_project(ada, demo_url=f"https://demo-{n}.example.org/"))

    tasks.look_at_due_demo_links()
    tasks.look_at_due_demo_links()

    assert len(looks) == 6
    now = timezone.now()
    moments = DemoLink.objects.values_list("next_look_at", flat=True)
    assert all(now < moment < now + timedelta(days=2) for moment in moments)
    assert len({moment.time() for moment in moments}) == 6


def test_one_host_is_asked_once_in_some_seconds(ada, looks):
    for path in ("a", "b", "c"):
        demo_links.watch(make_project(ada, demo_url=URL + path))
    other = demo_links.watch(make_project(ada, demo_url="https://other.example.org/"))

    assert demo_links.due() == [DemoLink.objects.get(url=URL + "a").pk, other.pk]
    tasks.look_at_due_demo_links()
    for link in DemoLink.objects.all():
        tasks.look_at_demo_link(link.pk)

    assert looks == [URL + "a", "https://other.example.org/"]
    cache.clear()  # some seconds later
    tasks.look_at_due_demo_links()
    assert looks[2:] == [URL + "b"]


def test_a_link_whose_worker_was_lost_is_looked_at_after_the_lease(engine, looks):
    link = demo_links.claim(DemoLink.objects.get().pk)
    assert demo_links.due() == []

    DemoLink.objects.update(next_look_at=link.next_look_at - demo_links.LEASE)
    cache.clear()
    tasks.look_at_due_demo_links()

    assert looks == [URL]
    assert DemoLink.objects.get().attempts == 0


def test_a_worker_that_comes_back_after_its_lease_overwrites_nothing(engine):
    late = demo_links.claim(DemoLink.objects.get().pk)
    look(engine, Outcome.REACHABLE, 200)

    demo_links.execute(late, lambda url: Look(Outcome.GONE, url, url, 404))

    assert state_of(engine) == State.REACHABLE


def test_of_two_workers_that_saw_a_link_due_one_takes_it(engine, monkeypatch):
    pk, claims = DemoLink.objects.get().pk, []

    def another_is_quicker(host):
        monkeypatch.setattr(hosts, "may_ask", lambda host: True)
        claims.append(demo_links.claim(pk))
        return True

    monkeypatch.setattr(hosts, "may_ask", another_is_quicker)
    claims.append(demo_links.claim(pk))

    assert [claim is not None for claim in claims] == [True, False]


def test_a_link_that_the_project_no_longer_has_is_not_looked_at(engine):
    Project.objects.update(demo_url="")

    assert demo_links.due() == []
    assert demo_links.claim(DemoLink.objects.get().pk) is None


def test_a_link_that_keeps_losing_its_worker_waits_for_tomorrow(engine):
    for _ in range(demo_links.MOST_LOST + 1):
        DemoLink.objects.update(next_look_at=timezone.now())
        cache.clear()
        demo_links.claim(DemoLink.objects.get().pk)

    assert DemoLink.objects.get().next_look_at.date() > timezone.now().date()


def test_a_link_that_came_by_another_way_is_found(ada, looks):
    project = make_project(ada, demo_url=URL)
    tasks.look_at_due_demo_links()
    Project.objects.filter(pk=project.pk).update(demo_url="https://new.example.org/")
    tasks.look_at_due_demo_links()

    assert looks == [URL, "https://new.example.org/"]
    assert DemoLink.objects.get().url == "https://new.example.org/"


def test_a_look_stops_beginning_others_when_its_time_is_over(ada, looks, monkeypatch):
    for n in range(3):
        demo_links.watch(make_project(ada, demo_url=f"https://demo-{n}.example.org/"))
    monkeypatch.setattr(tasks, "LOOKING", 0)

    tasks.look_at_due_demo_links()

    assert looks == []


def test_looks_have_a_queue_of_their_own_and_nothing_else_is_on_it():
    def queue_of(name):
        queue = app.amqp.router.route({}, name)["queue"]
        return queue.name, queue.exchange.name, queue.routing_key

    assert queue_of(tasks.look_at_demo_link.name) == ("reach", "reach", "reach")
    assert queue_of(tasks.look_at_due_demo_links.name) == ("reach", "reach", "reach")
    assert queue_of(tasks.execute_check_run.name) == ("celery", "celery", "celery")


def test_a_broker_that_is_away_does_not_break_the_page(ada, as_user, on_commit, monkeypatch):
    def away(pk):
        raise OperationalError("away")

    monkeypatch.setattr(tasks.look_at_demo_link, "delay", away)
    monkeypatch.setattr(tasks, "_spared_until", 0.0)
    project = make_project(ada)

    with on_commit():
        response = edit(as_user(ada), project, URL)

    assert response.status_code == 302
    assert demo_links.due() == [DemoLink.objects.get().pk]


# What one look and two say


@pytest.mark.parametrize("outcome", MISSES)
def test_one_look_that_fails_calls_nothing_away(engine, outcome):
    link = look(engine, outcome)

    assert state_of(engine) == State.MISSED
    wait = link.next_look_at - timezone.now()
    assert timedelta(hours=24) - timedelta(minutes=1) < wait < timedelta(hours=25)


@pytest.mark.parametrize("outcome", MISSES)
def test_two_looks_a_day_apart_do(engine, outcome):
    look(engine, outcome)
    time_passes(days=1)

    look(engine, outcome)

    assert state_of(engine) == State.AWAY


def test_the_two_may_fail_in_different_ways(engine):
    look(engine, Outcome.BROKEN, 502)
    time_passes(days=1)

    look(engine, Outcome.TIMED_OUT)

    assert state_of(engine) == State.AWAY


def test_ten_looks_within_a_day_do_not(engine):
    for _ in range(10):
        look(engine, Outcome.GONE, 404)
        time_passes(hours=2)

    assert state_of(engine) == State.MISSED


def test_once_it_is_reached_the_count_begins_anew(engine):
    look(engine, Outcome.GONE, 404)
    time_passes(days=1)
    look(engine, Outcome.REACHABLE, 200)
    time_passes(days=1)

    look(engine, Outcome.GONE, 404)

    assert state_of(engine) == State.MISSED


@pytest.mark.parametrize(
    "outcome", [Outcome.NOT_KNOWN, Outcome.TOO_MANY_REDIRECTS, Outcome.REFUSED]
)
def test_what_is_not_known_never_calls_it_away(engine, outcome):
    reason = Reason.PRIVATE if outcome == Outcome.REFUSED else None
    for _ in range(5):
        look(engine, outcome, 429, reason=reason)
        time_passes(days=1)

    assert state_of(engine) == State.UNKNOWN
    assert DemoLink.objects.get().missed_since is None


def test_what_is_not_known_does_not_make_up_for_a_miss(engine):
    look(engine, Outcome.GONE, 404)
    time_passes(days=1)
    look(engine, Outcome.NOT_KNOWN, 429)
    time_passes(days=1)

    look(engine, Outcome.GONE, 404)

    assert state_of(engine) == State.AWAY


def make_others(*answers):
    """Demo links of other people that were looked at an hour ago; None did not answer."""
    for n, status in enumerate(answers):
        DemoLink.objects.create(
            project=make_project(make_user()), url=f"https://other-{n}.example.org/",
            outcome="reachable" if status else "timed_out", status=status,
            looked_at=timezone.now() - timedelta(hours=1), next_look_at=timezone.now() + timedelta(1),
        )  # fmt: skip


@pytest.mark.parametrize("outcome", sorted(demo_links.SILENT))
def test_when_nobody_answers_it_is_our_own_network(engine, outcome):
    make_others(None, None, None)

    link = look(engine, outcome)

    assert (link.outcome, link.missed_since) == ("not_known", None)


@pytest.mark.parametrize("others", [[None, None, 200], [None, None], []])
def test_when_somebody_answers_or_few_were_asked_it_is_the_host(engine, others):
    make_others(*others)

    assert look(engine, Outcome.TIMED_OUT).outcome == "timed_out"


def test_an_answer_is_an_answer_whoever_else_is_silent(engine):
    make_others(None, None, None)

    assert look(engine, Outcome.GONE, 404).outcome == "gone"


# What the page says


def seen(project, outcome, ago, **facts):
    """Put a look into the past."""
    moment = timezone.now() - timedelta(days=ago)
    reached = {"reached_at": moment} if outcome in demo_links.REACHED else {}
    missed = {"missed_since": moment} if outcome in demo_links.MISSED else {}
    DemoLink.objects.filter(project=project).update(
        **{"outcome": outcome, "final_url": URL, "looked_at": moment} | reached | missed | facts
    )


@pytest.fixture
def says(ada, grace, engine, client):
    """The sentence about the demo link, which is the same for owner, mentor and stranger."""
    ada.profile.is_public = True
    ada.profile.save()

    def read():
        sentences = set()
        for person, page in [(ada, "/projects/engine/"), (grace, ""), (None, "")]:
            client.logout()
            if person:
                client.force_login(person)
            said = words(client, page or "/@ada-nwosu/engine/")
            sentences.add(said.removesuffix(". Change the link"))
        [sentence] = sentences
        return sentence.removeprefix("Demo").strip()

    return read


def date(days):
    return when(timezone.now() - timedelta(days=days))


def test_it_says_that_the_link_was_not_looked_at_yet(says):
    assert says() == "not looked at yet"


def test_it_says_that_nobody_looks_here(says, engine, settings):
    seen(engine, "gone", 2, status=404, missed_since=timezone.now() - timedelta(days=9))
    settings.DEMO_LINKS_CHECKED = False

    assert says() == "Not looked at here"


def test_it_says_that_it_is_reachable_and_since_when_that_is_known(says, engine):
    seen(engine, "reachable", 3, status=200)

    assert says() == f"Reachable checked {date(3)}"


def test_it_says_where_the_link_ends(says, engine):
    seen(engine, "reachable", 3, status=200, final_url="http://other.example.org/app")

    assert says() == (
        f"at other.example.org Reachable checked {date(3)}; it leads to an address without encryption"
    )


def test_it_says_that_a_sign_in_is_in_the_way(says, engine):
    seen(engine, "sign_in", 3, status=403)

    sentence = "Not open to us it asks for a sign-in, or keeps programs out; checked"
    assert says() == f"{sentence} {date(3)}"


TROUBLE = [
    ("timed_out", None, "it did not answer"),
    ("no_answer", None, "nothing answers there"),
    ("no_such_host", None, "no host has its name"),
    ("gone", 404, "there is no such page (404)"),
    ("broken", 502, "it answered with an error (502)"),
    ("broken", None, "what it answered is no web page"),
    ("bad_certificate", None, "its certificate is not valid for this address"),
]


@pytest.mark.parametrize(("outcome", "status", "trouble"), TROUBLE)
def test_it_says_what_happened_once_and_when_we_look_again(says, engine, outcome, status, trouble):
    noon = timezone.now().replace(hour=12, minute=0) + timedelta(days=1)
    seen(engine, outcome, 3, status=status, next_look_at=noon)

    assert says() == f"Not reached {trouble}, {date(3)}; we look again tomorrow 12:00"


@pytest.mark.parametrize(("outcome", "status", "trouble"), TROUBLE)
def test_it_says_since_when_it_is_away(says, engine, outcome, status, trouble):
    seen(engine, outcome, 3, status=status, missed_since=timezone.now() - timedelta(days=9))

    assert says() == f"Not reachable since {date(9)}: {trouble}, {date(3)}"


@pytest.mark.parametrize(
    ("outcome", "facts", "trouble"),
    [
        ("not_known", {"status": 429}, "it answered 429, which does not tell"),
        ("not_known", {}, "we could not ask"),
        ("too_many_redirects", {"status": 302}, "it redirects on and on"),
        ("refused", {"reason": "private"}, "it leads to an address that we do not open"),
    ],
)
def test_it_says_what_is_not_known_and_what_was(says, engine, outcome, facts, trouble):
    seen(engine, outcome, 3, **facts)
    assert says() == f"Not known {trouble}, {date(3)}"

    seen(engine, outcome, 3, **facts, reached_at=timezone.now() - timedelta(days=5))
    assert says() == f"Not known {trouble}, {date(3)}; last reached {date(5)}"


def test_the_owner_is_told_what_to_do(engine, ada, as_user):
    seen(engine, "gone", 0, status=404, missed_since=timezone.now() - timedelta(days=2))

    page = as_user(ada).get("/projects/engine/").content.decode()

    assert 'href="/projects/engine/edit/#id_demo_url"' in page


def test_the_link_is_nobody_s_recommendation(engine, ada, as_user):
    page = as_user(ada).get("/projects/engine/").content.decode()

    assert f'<a href="{URL}" rel="nofollow noopener ugc">Demo</a>' in page


def test_what_the_final_address_carries_is_not_kept(engine):
    link = look(engine, Outcome.REACHABLE, 200, final_url="https://cdn.example.org/app?key=secret")

    assert link.final_url == "https://cdn.example.org/app"
    assert link.final_host == "cdn.example.org"


def test_an_internationalised_host_is_no_other_host(ada):
    link = DemoLink(
        url="https://münchen.example.org/", final_url="https://xn--mnchen-3ya.example.org/"
    )

    assert link.final_host == ""


# Off


def test_where_nobody_looks_nothing_is_asked_and_nothing_planned(
    ada, engine, as_user, looks, on_commit, settings
):
    settings.DEMO_LINKS_CHECKED = False
    link = DemoLink.objects.get()

    with on_commit():
        edit(as_user(ada), make_project(ada), "https://other.example.org/")
    tasks.look_at_demo_link(link.pk)
    tasks.look_at_due_demo_links()

    assert looks == []
    assert list(DemoLink.objects.all()) == [link]


# The whole of it


def test_a_real_answer_reaches_the_page(ada, engine, as_user, monkeypatch):
    internet = Internet()
    internet.host("demo.example.org", ["93.184.216.34"])
    project = make_project(ada, slug="plain", demo_url="http://demo.example.org/")
    monkeypatch.setattr(reach, "look", lambda address, user_agent: internet.look(address))
    with serving(answer("404 Not Found")) as server:
        internet.listen(server.port)
        link = demo_links.watch(project)
        tasks.look_at_demo_link(link.pk)

    assert "there is no such page (404)" in words(as_user(ada), "/projects/plain/")


def test_we_say_who_we_are(engine, monkeypatch):
    told = []

    def look(address, *, user_agent):
        told.append(user_agent)
        return Look(Outcome.REACHABLE, address, address, 200)

    monkeypatch.setattr(reach, "look", look)
    tasks.look_at_demo_link(DemoLink.objects.get().pk)

    assert re.fullmatch(r"Milepost/[\d.]+ \(\+http://127\.0\.0\.1:8000\)", told[0])
