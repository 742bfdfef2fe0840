"""Ada gives employers secret links; what one opens, until when, and what she hears of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import limits, share_links, tasks
from accounts.models import ShareLink, Sighting, Visit
from tests.factories import make_check_run, make_project, make_share_link
from tests.together import at_once

PAGE = "/@ada-nwosu/"


@pytest.fixture
def link(ada):
    """A link of Ada's with its token."""
    return make_share_link(ada)


@pytest.fixture
def work(ada):
    """A public project, one by link and one that is private; each was checked."""
    return {
        visibility: make_check_run(
            make_project(ada, slug=visibility, title=visibility.title(), visibility=visibility),
            ("tests", "passed"),
        )
        for visibility in ("public", "link", "private")
    }


def opened(token, browser=None):
    """A browser that opened the link."""
    browser = browser or Client()
    assert browser.get(f"/s/{token}/").status_code == 302
    return browser


def statuses(browser, work):
    """What the browser gets of each project: its page and its check run."""
    return {
        visibility: (
            browser.get(f"/@ada-nwosu/{visibility}/").status_code,
            browser.get(f"/check-runs/{run.pk}/").status_code,
        )
        for visibility, run in work.items()
    }


def test_a_link_opens_the_page_and_what_is_public_or_by_link(link, work):
    browser = opened(link[1])

    page = browser.get(PAGE).content.decode()

    assert "Public" in page
    assert "Link" in page
    assert "/@ada-nwosu/private/" not in page
    assert "Ada Nwosu shares this with you by a link" in page
    assert statuses(browser, work) == {
        "public": (200, 200), "link": (200, 200), "private": (404, 404)
    }  # fmt: skip


def test_without_a_link_nothing_is_open(ada, eve, work, client):
    nothing = dict.fromkeys(work, (404, 404))

    assert client.get(PAGE).status_code == 404
    assert statuses(client, work) == nothing
    ada.profile.is_public = True
    ada.profile.save()
    for browser in (client, Client()):
        assert statuses(browser, work) == nothing | {"public": (200, 200)}
        assert "/@ada-nwosu/link/" not in browser.get(PAGE).content.decode()
        client.force_login(eve)


def test_a_link_opens_nothing_of_anybody_else(link, eve, work):
    make_project(eve, slug="hers", visibility="link")

    browser = opened(link[1])

    assert browser.get("/@eve-moreau/").status_code == 404
    assert browser.get("/@eve-moreau/hers/").status_code == 404


def test_a_link_gives_no_way_to_change_or_to_review(link, work, grace):
    browser = opened(link[1])

    assert browser.post("/projects/link/check/").status_code == 302  # to sign in
    assert browser.get("/@ada-nwosu/link/review/").status_code in (302, 404)
    assert browser.get("/mentoring/ada-nwosu/").status_code in (302, 404)


def test_a_private_repository_stays_closed_to_a_link(link, work):
    work["link"].repository.project.repositories.update(is_private=True, full_name="ada/ledger")
    browser = opened(link[1])

    page = browser.get("/@ada-nwosu/link/").content.decode()

    assert "ada/ledger" not in page
    assert browser.get(f"/check-runs/{work['link'].pk}/").status_code == 404


@pytest.mark.parametrize("end", ["revoked", "expired", "owner gone"])
def test_what_ended_a_second_ago_opens_nothing_in_any_tab(end, ada, link, work):
    browser = opened(link[1])
    assert browser.get(PAGE).status_code == 200
    moment = timezone.now()
    row = ShareLink.objects.filter(pk=link[0].pk)

    if end == "revoked":
        share_links.revoke(link[0])
    elif end == "expired":
        row.update(made_at=moment - timedelta(days=2), expires_at=moment - timedelta(seconds=1))
    else:
        ada.is_active = False
        ada.save()

    assert browser.get(PAGE).status_code == 404
    assert statuses(browser, work) == dict.fromkeys(work, (404, 404))
    assert Client().get(f"/s/{link[1]}/").status_code == 404


def test_absent_expired_and_revoked_cannot_be_told_apart(ada, link):
    _, expired = make_share_link(
        ada, made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now()
    )
    revoked_link, revoked = make_share_link(ada)
    share_links.revoke(revoked_link)

    answers = set()
    for token in (expired, revoked, "x" * 43):
        response = Client().get(f"/s/{token}/")
        body = re.sub(r"[A-Za-z0-9_-]{43,}", "", response.content.decode())
        headers = sorted((name, value) for name, value in response.headers.items())
        answers.add((response.status_code, body, str(headers), str(response.cookies)))

    assert len(answers) == 1


def test_the_token_is_kept_nowhere_and_leads_on_at_once(link, client):
    response = client.get(f"/s/{link[1]}/")

    assert response.url == PAGE
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]
    [cookie] = response.cookies.values()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert link[1] not in str(dict(client.session)) + cookie.value
    assert link[1] not in str(ShareLink.objects.values().get())


def test_pages_behind_a_link_are_not_stored_nor_indexed(link, work):
    browser = opened(link[1])

    for path in (PAGE, "/@ada-nwosu/link/", f"/check-runs/{work['link'].pk}/"):
        response = browser.get(path)
        assert "no-store" in response.headers["Cache-Control"]
        assert 'content="noindex"' in response.content.decode()


def test_opening_too_many_links_is_stopped(client, db, monkeypatch):
    asked = []
    monkeypatch.setattr(limits, "allows", lambda *who, **rate: asked.append((who, rate)))

    response = client.get(f"/s/{'x' * 43}/", REMOTE_ADDR="203.0.113.9")

    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert asked == [(("open a link", "203.0.113.9"), {"most": 60, "seconds": 60})]


def test_tries_are_counted_for_each_one_and_forgotten_after_a_while(monkeypatch):
    def tries(who):
        return [limits.allows("open", who, most=2, seconds=60) for _ in range(3)]

    monkeypatch.setattr("time.time", lambda: 6000.0)
    assert tries("a") == tries("b") == [True, True, False]
    monkeypatch.setattr("time.time", lambda: 6061.0)
    assert tries("a") == [True, True, False]


def test_a_network_of_ipv6_counts_as_one():
    assert limits.network_of("2001:db8::1") == limits.network_of("2001:db8::ffff:2")
    assert limits.network_of("203.0.113.9") == "203.0.113.9"
    assert limits.network_of("unknown") == "unknown"


# What the owner hears


def test_a_browser_counts_once_an_hour_for_each_page(link, work, one_hour):
    first, second = opened(link[1]), opened(link[1])
    for browser in (first, first, second):
        browser.get(PAGE)
        browser.get("/@ada-nwosu/link/")
    first.get(f"/check-runs/{work['link'].pk}/")
    first.head(PAGE)

    what = sorted(Visit.objects.values_list("what", "words"))
    assert what == [
        ("check_run", "Link"), ("profile", ""), ("profile", ""), ("project", "Link"), ("project", "Link"),
    ]  # fmt: skip
    Visit.objects.update(hour=timezone.now() - timedelta(hours=1))
    first.get(PAGE)
    assert Visit.objects.count() == 6


def test_what_the_owner_and_her_mentor_open_does_not_count(ada, grace, link, work):
    for person in (ada, grace):
        browser = Client()
        browser.force_login(person)
        opened(link[1], browser)
        assert "shares this with you" not in browser.get(PAGE).content.decode()
        browser.get("/@ada-nwosu/link/")

    assert not Visit.objects.exists()


def test_nothing_kept_says_who_it_was(link):
    browser = Client(headers={"User-Agent": "Firefox on a moon"}, REMOTE_ADDR="203.0.113.9")
    opened(link[1], browser).get(PAGE)

    kept = str(Visit.objects.values().get())
    assert "203.0.113" not in kept
    assert "Firefox" not in kept


def test_somebody_signed_in_is_told_that_they_are_named(eve, link):
    browser = Client()
    browser.force_login(eve)

    page = opened(link[1], browser).get(PAGE).content.decode()

    assert "can read that it was you who looked" in page
    assert Sighting.objects.get().viewer == eve


def test_a_visit_that_cannot_be_written_breaks_no_page(link, monkeypatch):
    from django.db import DatabaseError

    def refuse(*args, **options):
        raise DatabaseError

    monkeypatch.setattr(Visit.objects, "bulk_create", refuse)

    assert opened(link[1]).get(PAGE).status_code == 200


def test_what_a_year_has_passed_over_is_forgotten(ada, link):
    long_ago = timezone.now() - timedelta(days=366)
    old, _ = make_share_link(ada, made_at=long_ago - timedelta(days=1), expires_at=long_ago)
    for row, at in ((link[0], timezone.now()), (link[0], long_ago), (old, long_ago)):
        row.visits.create(visitor="x", what="profile", thing=str(at), visited_at=at, hour=at)

    tasks.forget_old()

    assert ShareLink.objects.get() == link[0]
    assert Visit.objects.count() == 1


# Making and revoking


def test_a_new_link_is_shown_once(ada, as_user):
    client = as_user(ada)
    response = client.post("/settings/sharing/", {"label": "Northgate Grid", "days": "30"})
    assert response.status_code == 302

    page = client.get("/settings/sharing/").content.decode()
    again = client.get("/settings/sharing/").content.decode()

    [token] = re.findall(r"http://127\.0\.0\.1:8000/s/([\w-]{43})/", page)
    assert "Northgate Grid" in again
    assert token not in again
    link = ShareLink.objects.get()
    assert link.token_hash == share_links.hash_of(token)
    assert timedelta(days=29) < link.expires_at - timezone.now() <= timedelta(days=30)
    assert opened(token).get(PAGE).status_code == 200


def test_what_was_typed_wrongly_is_said_at_its_field(ada, as_user):
    for data in ({"label": "", "days": "30"}, {"label": "x" * 81, "days": "30"},
                 {"label": "ok", "days": "99999"}, {"label": "a\u202eb", "days": "7"}):  # fmt: skip
        assert as_user(ada).post("/settings/sharing/", data).status_code == 422

    assert not ShareLink.objects.exists()


def test_there_is_an_end_to_open_links(ada, as_user, monkeypatch):
    monkeypatch.setattr(share_links, "OPEN_LIMIT", 2)
    links = [make_share_link(ada)[0] for _ in range(2)]
    form = {"label": "A third", "days": "7"}

    response = as_user(ada).post("/settings/sharing/", form)

    assert response.status_code == 422
    assert "A third" in response.content.decode()
    share_links.revoke(links[0])
    assert as_user(ada).post("/settings/sharing/", form).status_code == 302


def test_a_link_is_revoked_once_and_by_its_owner(ada, eve, link, as_user):
    address = f"/settings/sharing/{link[0].pk}/revoke/"

    assert as_user(eve).post(address).status_code == 404
    assert "opens nothing any more" in _said(as_user(ada).post(address, follow=True))
    first = ShareLink.objects.get().revoked_at
    assert "had ended already" in _said(as_user(ada).post(address, follow=True))
    assert ShareLink.objects.get().revoked_at == first


def _said(response):
    return response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_do_not_make_one_link_too_many(ada, monkeypatch):
    monkeypatch.setattr(share_links, "OPEN_LIMIT", 1)

    def make():
        try:
            share_links.make(ada, "x", timedelta(days=1))
        except share_links.TooManyLinks:
            return "refused"

    assert sorted(at_once(make, make), key=str) == [None, "refused"]
    assert ShareLink.objects.count() == 1
