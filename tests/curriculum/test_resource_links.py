"""The addresses of resources: looked at politely, called dead late, shown to staff and, quietly, to learners."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.celery import app
from config.templatetags.look import when
from curriculum import hosts, reach, resource_links, tasks
from curriculum.models import Resource, ResourceLink
from curriculum.models.resource_links import IN_STATE, State
from curriculum.reach import MISSED, SILENT, Look, Outcome, Reason
from curriculum.resource_links import Off, TooSoon
from tests.curriculum.internet import PUBLIC, Internet, answer, redirects, serving
from tests.factories import enroll, make_resource, make_unit

URL = "https://docs.example.org/tutorial"
STAFF = "/staff/resources/"


@pytest.fixture(autouse=True)
def _watching(settings):
    settings.RESOURCE_LINKS_CHECKED = True


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
def clock(monkeypatch):
    """The clock of the cache, to be moved on by hand: clock(5)."""
    ahead = [0.0]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])

    def move(seconds):
        ahead[0] += seconds

    return move


@pytest.fixture
def unit(db):
    return make_unit(title="Loops")


@pytest.fixture
def link(unit):
    """The address of a resource that nobody has looked at; another host answered lately."""
    make_resource(unit, url=URL, title="The Tutorial", slug="tutorial")
    make_resource(unit, url="https://witness.example.org/")
    resource_links.watch()
    ResourceLink.objects.exclude(url=URL).update(
        outcome="reachable", status=200, looked_at=timezone.now() - timedelta(hours=1)
    )
    return ResourceLink.objects.get(url=URL)


def look(link, outcome, status=None, **facts):
    """Look at the link as if it were due; the row after it."""
    ResourceLink.objects.filter(pk=link.pk).update(next_look_at=timezone.now())
    cache.clear()
    claimed = resource_links.claim(link.pk)
    resource_links.execute(claimed, lambda url: Look(outcome, url, url, status, **facts))
    return ResourceLink.objects.get(pk=link.pk)


def days_pass(days=1):
    """As if all that was seen of the link was seen so much earlier; the witness answers again today."""
    span = timedelta(days=days)
    for row in ResourceLink.objects.filter(url=URL):
        for name in ("looked_at", "reached_at", "failing_since", "failed_on"):
            if moment := getattr(row, name):
                setattr(row, name, moment - span)
        row.save()


def fail_on_days(link, days, outcome=Outcome.GONE, status=404):
    for day in range(days):
        if day:
            days_pass()
        link = look(link, outcome, status)
    return link


# Which addresses


def test_each_address_of_a_live_resource_has_one_row(db):
    make_resource(url=URL)
    make_resource(url=URL)  # another resource, the same address
    make_resource(url="https://old.example.org/", retired_at=timezone.now())

    resource_links.watch()
    resource_links.watch()

    assert [link.url for link in ResourceLink.objects.all()] == [URL]


def test_an_address_that_no_resource_has_any_more_is_forgotten(link):
    Resource.objects.filter(url=URL).update(url="https://docs.example.org/new")

    resource_links.watch()

    assert not ResourceLink.objects.filter(url=URL).exists()
    assert ResourceLink.objects.get(url="https://docs.example.org/new").outcome == ""


def test_a_retired_resource_is_not_looked_at(link, looks):
    ResourceLink.objects.update(next_look_at=timezone.now())
    Resource.objects.update(retired_at=timezone.now())

    assert resource_links.due() == []
    assert resource_links.claim(link.pk) is None
    tasks.look_at_due_resource_links()
    assert looks == []


def test_an_own_resource_of_a_learner_is_never_looked_at(ada, unit, looks):
    ada.own_resources.create(unit=unit, title="Mine", url="https://mine.example.org/")

    resource_links.watch()

    assert not ResourceLink.objects.exists()


def test_first_looks_are_spread_over_the_fortnight(db):
    Resource.objects.bulk_create(
        Resource(slug=f"r-{n}", title="R", url=f"https://r-{n}.example.org/", kind="docs")
        for n in range(280)
    )

    resource_links.watch()

    now = timezone.now()
    days = [(link.next_look_at - now).days for link in ResourceLink.objects.all()]
    assert {*days} == {*range(14)}
    assert max(days.count(day) for day in range(14)) < 45


def test_a_look_that_found_the_page_comes_again_at_the_address_s_own_place(link):
    first = ResourceLink.objects.get(url=URL).next_look_at

    after = look(link, Outcome.REACHABLE, 200)

    assert (after.next_look_at - first) % timedelta(days=14) == timedelta(0)
    assert timedelta(days=7) <= after.next_look_at - timezone.now() <= timedelta(days=21)


# What is dead


def test_gone_on_three_days_is_dead(link):
    assert fail_on_days(link, 2).state == State.FAILING
    days_pass()

    link = look(link, Outcome.GONE, 410)

    assert link.state == State.DEAD
    assert (link.failures, link.failed_days) == (3, 3)


@pytest.mark.parametrize("outcome", sorted(MISSED - {Outcome.GONE}))
def test_silent_or_broken_takes_five_days(link, outcome):
    assert fail_on_days(link, 4, outcome, None).state == State.FAILING
    days_pass()

    assert look(link, outcome).state == State.DEAD


def test_many_looks_on_one_day_count_as_one_day(link):
    for _ in range(9):
        link = look(link, Outcome.GONE, 404)

    assert (link.failures, link.failed_days, link.state) == (9, 1, State.FAILING)


def test_a_look_that_finds_it_begins_the_count_anew(link):
    fail_on_days(link, 2)
    days_pass()
    link = look(link, Outcome.REACHABLE, 200)
    assert (link.failures, link.failed_days, link.failing_since) == (0, 0, None)
    days_pass()

    assert look(link, Outcome.GONE, 404).state == State.FAILING


def test_what_was_dead_and_answers_again_is_reachable(link):
    fail_on_days(link, 3)
    days_pass()

    assert look(link, Outcome.REACHABLE, 200).state == State.REACHABLE


@pytest.mark.parametrize(
    ("outcome", "status", "reason"),
    [
        (Outcome.SIGN_IN, 401, None), (Outcome.SIGN_IN, 403, None), (Outcome.NOT_KNOWN, 429, None),
        (Outcome.NOT_KNOWN, 451, None), (Outcome.TOO_MANY_REDIRECTS, 302, None),
        (Outcome.REFUSED, None, Reason.PRIVATE),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_for_us_is_unknown_and_never_dead(link, outcome, status, reason):
    for _ in range(9):
        link = look(link, outcome, status, reason=reason)
        days_pass()

    assert (link.state, link.failures) == (State.UNKNOWN, 0)


def test_a_block_between_failures_neither_counts_nor_makes_up_for_them(link):
    fail_on_days(link, 2)
    days_pass()
    assert look(link, Outcome.SIGN_IN, 403).state == State.UNKNOWN
    days_pass()

    assert look(link, Outcome.GONE, 404).state == State.DEAD


def test_a_dead_link_that_begins_to_block_us_is_no_longer_called_dead(link):
    fail_on_days(link, 3)
    days_pass()

    assert look(link, Outcome.SIGN_IN, 403).state == State.UNKNOWN


def test_what_was_not_found_is_looked_at_after_three_days_at_another_hour(link):
    link = look(link, Outcome.GONE, 404)

    assert link.next_look_at - link.looked_at == timedelta(days=3, hours=3)


def test_what_is_dead_is_looked_at_once_a_fortnight_again(link):
    link = fail_on_days(link, 3)

    assert link.next_look_at - timezone.now() > timedelta(days=6)


def test_every_state_is_the_same_in_the_database_and_in_the_row(link):
    rows = [link, look(link, Outcome.REACHABLE, 200)]
    rows += [look(link, Outcome.REACHABLE, 200, moved_to="https://new.example.org/")]
    rows += [look(link, Outcome.SIGN_IN, 403)]
    rows += [fail_on_days(link, 1), fail_on_days(link, 3)]
    found = []
    for row in rows:
        row.save()
        found.append([s for s in IN_STATE if ResourceLink.objects.in_state(s).filter(url=URL)])

    assert found == [[row.state] for row in rows]
    assert {row.state for row in rows} == {*State}


# Moved


def test_a_page_that_moved_for_good_is_told_with_its_new_address(link):
    link = look(link, Outcome.REACHABLE, 200, moved_to="https://new.example.org/tutorial")

    assert (link.state, link.moved_to) == (State.MOVED, "https://new.example.org/tutorial")


def test_what_moved_to_a_page_that_is_gone_did_not_move(link):
    link = look(link, Outcome.GONE, 404, moved_to="https://new.example.org/tutorial")

    assert (link.state, link.moved_to) == (State.FAILING, "")


def test_an_address_too_long_to_keep_is_not_kept(link):
    link = look(link, Outcome.REACHABLE, 200, moved_to="https://new.example.org/" + "%C3%BC" * 400)

    assert (link.state, link.moved_to) == (State.REACHABLE, "")


@pytest.mark.parametrize(
    ("moved_to", "is_front"),
    [("https://new.example.org/", True), ("https://new.example.org", True), (f"{URL}/", False)],
)
def test_a_page_that_moved_to_a_front_page_is_perhaps_gone(moved_to, is_front):
    assert ResourceLink(url=URL, moved_to=moved_to).moved_to_a_front_page is is_front


# Our own network


@pytest.mark.parametrize("outcome", sorted(SILENT))
def test_when_nobody_answered_us_lately_silence_says_nothing(link, outcome):
    ResourceLink.objects.exclude(url=URL).update(looked_at=timezone.now() - timedelta(days=3))

    after = look(link, outcome)

    assert (after.outcome, after.looked_at, after.attempts) == ("", None, 0)
    assert after.next_look_at - timezone.now() > timedelta(hours=23)


def test_a_place_without_a_way_out_never_calls_anything_dead(unit):
    for _ in range(5):
        make_resource(unit)
    resource_links.watch()
    for _ in range(9):
        for row in ResourceLink.objects.all():
            look(row, Outcome.TIMED_OUT)

    assert resource_links.counts()[State.NEW] == 5


def test_when_we_are_cut_off_what_was_known_stays(link):
    fail_on_days(link, 3)

    assert look(link, Outcome.NOT_KNOWN).state == State.DEAD


def test_an_answer_is_an_answer_whoever_else_is_silent(link):
    ResourceLink.objects.exclude(url=URL).delete()

    assert look(link, Outcome.GONE, 404).state == State.FAILING


# Politeness


def test_one_host_is_asked_once_in_five_seconds(db, looks, clock):
    for n in range(3):
        make_resource(url=f"{URL}/{n}")
    resource_links.watch()
    ResourceLink.objects.update(next_look_at=timezone.now())

    for asked in (1, 2, 3):
        for _ in range(3):
            tasks.look_at_due_resource_links()
            for row in ResourceLink.objects.all():
                tasks.look_at_resource_link(row.pk)
            clock(1.6)  # the third time ends 4.8 seconds after the look
        assert len(looks) == asked
        clock(0.3)


def test_of_one_host_the_page_that_waited_longest_comes_first(db, looks):
    now = timezone.now()
    for hours in (1, 3, 2):
        make_resource(url=f"{URL}/{hours}")
    resource_links.watch()
    for hours in (1, 3, 2):
        row = ResourceLink.objects.filter(url=f"{URL}/{hours}")
        row.update(next_look_at=now - timedelta(hours=hours))

    tasks.look_at_due_resource_links()

    assert looks == [f"{URL}/3"]


def test_a_demo_link_and_a_resource_of_one_host_share_its_seconds(link, looks):
    ResourceLink.objects.update(next_look_at=timezone.now())
    assert hosts.may_ask("docs.example.org")

    assert resource_links.claim(link.pk) is None


def test_at_most_ten_are_looked_at_in_one_go_each_of_another_host(unit, looks):
    for _ in range(12):
        make_resource(unit)
    resource_links.watch()
    ResourceLink.objects.update(next_look_at=timezone.now())

    tasks.look_at_due_resource_links()

    assert len(looks) == len({reach.host_of(url) for url in looks}) == 10


def test_a_run_begins_no_look_when_its_time_is_over(link, looks, monkeypatch):
    ResourceLink.objects.update(next_look_at=timezone.now())
    monkeypatch.setattr(tasks, "LOOKING", 0)

    tasks.look_at_due_resource_links()

    assert looks == []


def test_a_host_that_asks_for_a_pause_gets_it_for_all_its_pages(link, looks, clock):
    other = make_resource(url="https://docs.example.org/other")
    link = look(link, Outcome.NOT_KNOWN, 429, retry_after=7200)
    resource_links.watch()
    ResourceLink.objects.filter(url=other.url).update(next_look_at=timezone.now())

    clock(7190)
    tasks.look_at_due_resource_links()
    assert looks == []
    clock(20)
    tasks.look_at_due_resource_links()
    assert looks == [other.url]


def test_hosts_that_pause_do_not_keep_others_waiting(unit, looks):
    for _ in range(12):
        hosts.spare(reach.host_of(make_resource(unit).url), 3600)
    resource_links.watch()
    ResourceLink.objects.update(next_look_at=timezone.now() - timedelta(hours=1))
    last = make_resource(unit)
    resource_links.watch()
    ResourceLink.objects.filter(url=last.url).update(next_look_at=timezone.now())

    tasks.look_at_due_resource_links()

    assert looks == [last.url]


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_sets_the_next_look(link, status):
    outcome = Outcome.NOT_KNOWN if status == 429 else Outcome.BROKEN
    link = look(link, outcome, status, retry_after=5 * 24 * 3600)

    assert link.next_look_at - link.looked_at == timedelta(days=5)
    assert (link.state, link.failures) == (State.UNKNOWN, 0)


@pytest.mark.parametrize(("seconds", "days"), [(60, 1), (float("inf"), 30)])
def test_a_pause_is_a_day_at_least_and_thirty_at_most(link, seconds, days):
    link = look(link, Outcome.NOT_KNOWN, 429, retry_after=seconds)

    assert link.next_look_at - link.looked_at == timedelta(days=days)


def test_too_often_without_a_time_pauses_the_host_for_an_hour(link):
    look(link, Outcome.NOT_KNOWN, 429)

    assert not hosts.is_free("docs.example.org")


def test_broken_without_a_time_is_a_failure(link):
    assert look(link, Outcome.BROKEN, 503).failures == 1


def test_we_say_who_we_are_and_ask_by_head_first(link, monkeypatch):
    told = {}

    def look(address, **options):
        told.update(options)
        return Look(Outcome.REACHABLE, address, address, 200)

    monkeypatch.setattr(reach, "look", look)
    ResourceLink.objects.update(next_look_at=timezone.now())
    tasks.look_at_resource_link(link.pk)

    assert re.fullmatch(r"Milepost/[\d.]+ \(\+http://127\.0\.0\.1:8000\)", told["user_agent"])
    assert told["head_first"] is True


def test_looks_are_on_the_queue_for_other_people_s_pages():
    for task in (tasks.look_at_resource_link, tasks.look_at_due_resource_links):
        assert app.amqp.router.route({}, task.name)["queue"].name == "reach"


def test_the_scheduler_knows_the_task():
    schedule = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert tasks.look_at_due_resource_links.name in schedule
    assert tasks.look_at_due_resource_links.name in app.tasks


# Two workers, lost ones and late ones


def test_a_message_that_comes_twice_makes_one_look(link, looks):
    ResourceLink.objects.update(next_look_at=timezone.now())

    for _ in range(3):
        tasks.look_at_resource_link(link.pk)
        cache.clear()

    assert looks == [URL]


def test_of_two_workers_that_saw_it_due_one_takes_it(link, monkeypatch):
    ResourceLink.objects.update(next_look_at=timezone.now())
    claims = []

    def another_is_quicker(host):
        monkeypatch.setattr(hosts, "may_ask", lambda host: True)
        claims.append(resource_links.claim(link.pk))
        return True

    monkeypatch.setattr(hosts, "may_ask", another_is_quicker)
    claims.append(resource_links.claim(link.pk))

    assert [claim is not None for claim in claims] == [True, False]


def test_a_worker_that_comes_back_after_its_lease_overwrites_nothing(link):
    ResourceLink.objects.update(next_look_at=timezone.now())
    late = resource_links.claim(link.pk)
    look(link, Outcome.REACHABLE, 200)

    resource_links.execute(late, lambda url: Look(Outcome.GONE, url, url, 404))

    assert ResourceLink.objects.get(url=URL).state == State.REACHABLE


def test_a_link_whose_worker_was_lost_is_due_again_after_the_lease(link, looks):
    ResourceLink.objects.update(next_look_at=timezone.now())
    claimed = resource_links.claim(link.pk)
    cache.clear()
    assert link.pk not in resource_links.due()

    ResourceLink.objects.filter(pk=link.pk).update(
        next_look_at=claimed.next_look_at - resource_links.LEASE
    )
    tasks.look_at_resource_link(link.pk)

    assert looks == [URL]
    assert ResourceLink.objects.get(pk=link.pk).attempts == 0


def test_a_link_that_keeps_losing_its_worker_waits_for_tomorrow(link):
    for _ in range(resource_links.MOST_LOST + 1):
        ResourceLink.objects.update(next_look_at=timezone.now())
        cache.clear()
        claimed = resource_links.claim(link.pk)

    assert claimed.next_look_at - timezone.now() > timedelta(hours=23)


def test_a_resource_that_leaves_under_the_look_ends_it_quietly(link):
    ResourceLink.objects.update(next_look_at=timezone.now())
    claimed = resource_links.claim(link.pk)
    Resource.objects.filter(url=URL).update(retired_at=timezone.now())
    resource_links.watch()

    resource_links.execute(claimed, lambda url: Look(Outcome.GONE, url, url, 404))

    assert not ResourceLink.objects.filter(url=URL).exists()


# Off


def test_where_nobody_looks_nothing_is_asked_and_nothing_planned(link, looks, settings):
    settings.RESOURCE_LINKS_CHECKED = False
    make_resource(url="https://other.example.org/")
    ResourceLink.objects.update(next_look_at=timezone.now())

    tasks.look_at_due_resource_links()
    tasks.look_at_resource_link(link.pk)

    assert looks == []
    assert not ResourceLink.objects.filter(url="https://other.example.org/").exists()
    with pytest.raises(Off):
        resource_links.ask_again(link)


# The whole of it, over HTTP


@pytest.fixture
def internet(monkeypatch):
    internet = Internet()
    internet.host("docs.example.org", [PUBLIC])
    monkeypatch.setattr(reach, "look", lambda url, user_agent, **more: internet.look(url, **more))
    return internet


def visit(internet, script):
    """The row of one resource after a real look at a host that follows the script."""
    make_resource(url="http://docs.example.org/a", title="Page", slug="page")
    resource_links.watch()
    ResourceLink.objects.update(next_look_at=timezone.now())
    with serving(script) as server:
        internet.listen(server.port)
        tasks.look_at_due_resource_links()
    return ResourceLink.objects.get()


def refuses_head(get):
    def script(line, request, stop):
        head = request.startswith(b"HEAD ")
        (answer("405 Method Not Allowed", body=b"") if head else get)(line, request, stop)

    return script


@pytest.mark.parametrize(
    ("script", "state", "outcome"),
    [
        (answer(body=b""), State.REACHABLE, "reachable"),
        (refuses_head(answer(body=b"x" * 10_000_000)), State.REACHABLE, "reachable"),
        (refuses_head(answer("404 Not Found")), State.FAILING, "gone"),
        (refuses_head(answer("410 Gone")), State.FAILING, "gone"),
        (refuses_head(answer("500 Oh")), State.FAILING, "broken"),
        (refuses_head(answer("403 Forbidden")), State.UNKNOWN, "sign_in"),
        (answer("429 Slow", body=b""), State.UNKNOWN, "not_known"),
        (answer("503 Wait", "Retry-After: 60", body=b""), State.UNKNOWN, "not_known"),
        (redirects("/b", status="308 Permanent Redirect"), State.MOVED, "reachable"),
    ],
)
def test_what_a_host_says_is_what_is_kept(db, internet, script, state, outcome):
    link = visit(internet, script)

    assert (link.state, link.outcome) == (state, outcome)
    assert internet.bytes_read <= 2 * 64 * 1024


def test_a_resource_that_leads_inside_is_refused_and_told_as_such(
    internet, katherine, as_user, secret_port
):
    internet.host("docs.example.org", ["127.0.0.1"])

    link = visit(internet, answer())

    assert (link.state, link.outcome, link.reason) == (State.UNKNOWN, "refused", "private")
    assert internet.connected == []
    page = as_user(katherine).get(f"{STAFF}?state=unknown").content.decode()
    assert "it leads to an address in a private or reserved network" in page


@pytest.fixture
def secret_port():
    """Nothing: the guard is what keeps us out, not that nobody listens."""
    with serving(answer()) as server:
        yield server.port


# What staff see


@pytest.fixture
def page(katherine, as_user):
    """The words of the staff page in one state, its blanks joined."""

    def read(state="dead"):
        html = as_user(katherine).get(STAFF, {"state": state}).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())

    return read


def test_only_staff_have_the_page(ada, grace, eve, as_user, link):
    for person in (ada, grace, eve):
        assert as_user(person).get(STAFF).status_code == 404
        assert as_user(person).post(f"{STAFF}{link.pk}/look/").status_code == 404


def test_a_dead_resource_is_told_with_what_one_needs_to_change_it(page, link, katherine, as_user):
    link = fail_on_days(link, 3)
    tutorial = Resource.objects.get(url=URL)

    words = page()

    since = when(link.failing_since)
    assert f"The Tutorial {URL}" in words
    assert f"Dead since {since} : there is no such page (404), {when(link.looked_at)} ." in words
    assert "Tried 3 times on 3 days." in words
    assert "In Loops ." in words
    module = tutorial.units.get().module.slug
    assert f"tutorial in resources.yaml and in the file of the module {module}" in words
    html = as_user(katherine).get(STAFF).content.decode()
    assert f'href="/admin/curriculum/resource/{tutorial.pk}/change/"' in html
    assert (
        as_user(katherine).get(f"/admin/curriculum/resource/{tutorial.pk}/change/").status_code
        == 200
    )


def test_each_state_has_its_list_and_its_number(page, link):
    look(link, Outcome.REACHABLE, 200, moved_to="http://new.example.org/")

    words = page("moved")

    assert "Dead 0 Not reached lately 0 Moved 1 Not known 0 Besides: 1 reachable" in words
    assert "Moved for good, to http://new.example.org/" in words
    assert "That is the front page: the page itself is perhaps gone." in words
    assert "That address has no encryption." in words


def test_a_block_is_said_to_be_one(page, link):
    look(link, Outcome.SIGN_IN, 403)

    assert "it answers, but not to us: it asks for a sign-in" in page("unknown")


def test_an_address_of_two_resources_stands_once_with_both(page, link, unit):
    make_resource(make_unit(title="Maps"), url=URL, title="Its twin", slug="twin")
    fail_on_days(link, 3)

    words = page()

    assert words.count("Tried 3 times") == 1
    assert all(title in words for title in ("The Tutorial", "Its twin", "In Maps"))


def test_a_retired_unit_is_not_named(page, link, unit):
    unit.retired_at = timezone.now()
    unit.save()
    fail_on_days(link, 3)

    assert "In no unit" in page()


@pytest.mark.parametrize("state", ["dead", "failing", "moved", "unknown", "nonsense"])
def test_an_empty_list_says_what_would_stand_there(page, db, state):
    assert "stands here" in page(state) or "is looked at again" in page(state)


def test_it_says_that_nobody_looks_here(page, link, settings):
    fail_on_days(link, 3)
    settings.RESOURCE_LINKS_CHECKED = False

    words = page()

    assert "RESOURCE_LINKS_CHECKED is off" in words
    assert "Look again now" not in words


def test_what_a_redirect_wrote_cannot_turn_the_page_round(katherine, as_user, link):
    look(link, Outcome.REACHABLE, 200, moved_to='https://x.example.org/"><script>\u202e')

    html = as_user(katherine).get(f"{STAFF}?state=moved").content.decode()

    assert "&quot;&gt;&lt;script&gt;[U+202E]" in html


def test_the_page_costs_the_same_for_one_resource_as_for_three_hundred(katherine, as_user, unit):
    client = as_user(katherine)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(STAFF).status_code == 200
        return len(captured)

    def die(number):
        for _ in range(number):
            make_resource(unit, make_unit(module=unit.module))
        resource_links.watch()
        ResourceLink.objects.update(
            outcome="gone", status=404, looked_at=timezone.now(), failing_since=timezone.now(),
            failed_on=datetime.now(UTC).date(), failures=3, failed_days=3,
        )  # fmt: skip

    client.get(STAFF)
    die(1)
    costs = [cost()]
    die(299)

    assert [cost()] == costs
    assert costs[0] <= 15


def test_staff_have_a_way_there(katherine, ada, as_user):
    assert STAFF in as_user(katherine).get("/roadmap/").content.decode()
    assert STAFF in as_user(katherine).get("/admin/").content.decode()
    assert STAFF not in as_user(ada).get("/roadmap/").content.decode()


# Look again now


def test_staff_have_it_looked_at_by_the_next_run(link, looks, katherine, as_user):
    fail_on_days(link, 3)
    days_pass()
    cache.clear()

    response = as_user(katherine).post(f"{STAFF}{link.pk}/look/", follow=True)

    assert response.redirect_chain == [(f"{STAFF}?state=dead", 302)]
    assert "looks there again within minutes" in response.content.decode()
    tasks.look_at_due_resource_links()
    assert looks == [URL]


def test_a_second_press_within_ten_minutes_is_too_soon(link, katherine, as_user):
    fail_on_days(link, 1)
    before = ResourceLink.objects.get(pk=link.pk).next_look_at

    response = as_user(katherine).post(f"{STAFF}{link.pk}/look/", follow=True)

    assert "less than ten minutes ago" in response.content.decode()
    assert ResourceLink.objects.get(pk=link.pk).next_look_at == before


def test_a_look_in_hand_is_not_disturbed(link):
    ResourceLink.objects.update(next_look_at=timezone.now())
    claimed = resource_links.claim(link.pk)

    with pytest.raises(TooSoon):
        resource_links.ask_again(link)

    assert ResourceLink.objects.get(pk=link.pk).next_look_at == claimed.next_look_at


# What learners see


def words_on_unit(client, unit):
    html = client.get(f"/units/{unit.slug}/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_learner_is_told_quietly_of_a_dead_resource(link, unit, client):
    link = fail_on_days(link, 3)

    words = words_on_unit(client, unit)

    day = when(timezone.localtime(link.failing_since).date())
    assert f"Not found there since {day} . A search for its title may find it." in words


def test_a_silent_one_did_not_answer(link, unit, client):
    fail_on_days(link, 5, Outcome.TIMED_OUT, None)

    assert "Did not answer since" in words_on_unit(client, unit)


@pytest.mark.parametrize("days", [1, 2])
def test_a_learner_is_not_told_of_a_bad_day(link, unit, client, days):
    fail_on_days(link, days)

    assert "A search for its title" not in words_on_unit(client, unit)


def test_where_nobody_looks_learners_are_told_nothing(link, unit, client, settings):
    fail_on_days(link, 3)
    settings.RESOURCE_LINKS_CHECKED = False

    assert "A search for its title" not in words_on_unit(client, unit)


def test_a_unit_costs_the_same_for_one_dead_resource_as_for_many(ada, link, unit, as_user):
    enroll(ada, unit)
    client = as_user(ada)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/units/{unit.slug}/")
        return len(captured)

    client.get(f"/units/{unit.slug}/")
    costs = [cost()]
    for _ in range(30):
        make_resource(unit)
    resource_links.watch()
    ResourceLink.objects.update(
        outcome="gone", status=404, looked_at=timezone.now(), failing_since=timezone.now(),
        failed_on=datetime.now(UTC).date(), failures=3, failed_days=3,
    )  # fmt: skip

    assert words_on_unit(client, unit).count("A search for its title") == 32
    assert [cost()] == costs


# The command


def run(*arguments):
    out = StringIO()
    call_command("check_links", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_looks_at_what_is_due(link, looks):
    ResourceLink.objects.filter(url=URL).update(next_look_at=timezone.now())

    [line] = run()

    assert line.split() == ["reachable", "200", URL, "(tutorial)"]


def test_the_command_looks_at_all_of_them_and_waits_for_hosts(link, looks, monkeypatch, clock):
    make_resource(url=f"{URL}/2")
    ResourceLink.objects.update(looked_at=None, outcome="")
    monkeypatch.setattr("curriculum.management.commands.check_links.time.sleep", clock)

    lines = [json.loads(line) for line in run("--now", "--json")]

    assert {line["url"] for line in lines} == {URL, f"{URL}/2", "https://witness.example.org/"}
    assert lines[0].keys() == {
        "url", "state", "answer", "status", "failing_since", "failures", "moved_to", "resources",
    }  # fmt: skip


def test_the_command_does_not_wait_for_long_pauses(link, looks, monkeypatch, clock):
    monkeypatch.setattr("curriculum.management.commands.check_links.time.sleep", clock)
    ResourceLink.objects.filter(url=URL).update(next_look_at=timezone.now())
    hosts.spare("docs.example.org", 3600)

    assert run() == []


def test_the_command_says_that_nobody_looks_here(db, settings):
    settings.RESOURCE_LINKS_CHECKED = False

    with pytest.raises(CommandError, match="RESOURCE_LINKS_CHECKED is off"):
        run()
