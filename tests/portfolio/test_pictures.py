"""Cards, badges and the feed of Ada's public page: what they say, to whom, and that no words break them."""

import io
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from portfolio import badges, cards, verdicts
from portfolio.cards import HEIGHT, MARGIN, PAPER, WIDTH, Card
from portfolio.models import Project, Repository
from tests.factories import make_check_run, make_project, make_share_link

ATOM = "{http://www.w3.org/2005/Atom}"
PASSED = [("readme", "passed"), ("readme-content", "passed"), ("tests", "passed")]
ADDRESSES = [
    "/@ada-nwosu/card.png", "/@ada-nwosu/feed.atom", "/@ada-nwosu/engine/card.png",
    "/@ada-nwosu/engine/badge.svg",
]  # fmt: skip


@pytest.fixture
def engine(ada):
    """A public project of a public Ada."""
    ada.profile.is_public = True
    ada.profile.save()
    return make_project(
        ada, slug="engine", title="Engine", visibility="public", repository="ada/engine"
    )


# To whom


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_picture_is_kept_for_minutes_and_sent_again_only_when_it_differs(address, engine, client):
    make_check_run(engine, *PASSED)

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    later = timezone.now() + timedelta(minutes=1)
    make_check_run(engine, *PASSED, head_sha="b2" * 20, requested_at=later)
    third = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert third.status_code == (304 if address == ADDRESSES[0] else 200)


@pytest.mark.parametrize("hidden", ["page", "project by link", "project private", "gone"])
def test_what_is_not_public_has_none_for_anybody(hidden, engine, ada, grace):
    if hidden == "page":
        ada.profile.is_public = False
        ada.profile.save()
    elif hidden == "gone":
        ada.is_active = False
        ada.save()
    else:
        Project.objects.update(visibility=hidden.split()[-1])
    browsers = [Client() for _ in range(3)]
    browsers[0].force_login(grace)
    if hidden != "gone":
        browsers[1].force_login(ada)
        browsers[2].get(f"/s/{make_share_link(ada)[1]}/")

    of_page = 404 if hidden in ("page", "gone") else 200
    for browser in browsers:
        found = [browser.get(address).status_code for address in ADDRESSES]
        assert found == [of_page, of_page, 404, 404]
        if of_page == 200:
            assert "Engine" not in browser.get(ADDRESSES[1]).content.decode()


def test_a_page_names_its_card_and_feed_only_where_it_is_public(engine, ada, client):
    make_project(ada, slug="shy", visibility="link")
    page = client.get("/@ada-nwosu/").content.decode()
    assert 'property="og:image" content="http://127.0.0.1:8000/@ada-nwosu/card.png"' in page
    assert 'type="application/atom+xml"' in page
    assert 'content="http://127.0.0.1:8000/@ada-nwosu/engine/card.png"' in _text(
        client, "/@ada-nwosu/engine/"
    )

    client.get(f"/s/{make_share_link(ada)[1]}/")
    assert "og:" not in _text(client, "/@ada-nwosu/shy/")
    ada.profile.is_public = False
    ada.profile.save()
    assert "og:" not in _text(client, "/@ada-nwosu/") + _text(client, "/@ada-nwosu/engine/")


def _text(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# Cards


WORDS = {
    "plain": "Ada Nwosu",
    "long": "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen " * 4,
    "one word": "x" * 400,
    "Chinese": "李伟",
    "Arabic": "أَدَا نُووسُو",
    "Hebrew and Latin": "עדה Nwosu",
    "Vietnamese": "Nguyễn Văn Ạ",
    "emoji": "🚀 Ada 🏳️‍🌈",
    "turned round": "Ada \u202egnp.exe",
    "nothing": "",
    "many marks": "A" + "\u0301" * 50,
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_no_words_break_a_card_or_run_out_of_it(words):
    counts = ((words, words),) * 5
    picture = Image.open(io.BytesIO(cards.draw(Card(words, "@ada", words, counts, words, words))))

    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    paper = tuple(int(PAPER[i : i + 2], 16) for i in (1, 3, 5))
    edges = picture.convert("RGB")
    for box in [(0, 0, MARGIN - 8, HEIGHT), (WIDTH - MARGIN + 24, 0, WIDTH, HEIGHT),
                (0, HEIGHT - 16, WIDTH, HEIGHT)]:  # fmt: skip
        assert edges.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), paper)]


def test_what_our_faces_cannot_draw_is_left_out_or_has_a_stand_in():
    def drawn(text):
        return cards.drawable(text, cards.SANS)

    assert drawn("Nguyễn Достоевский Ώμέγα naïve") == "Nguyễn Достоевский Ώμέγα naïve"
    assert drawn("🚀 Ada \u202etwo\nlines") == "Ada two lines"
    assert drawn("李伟") == drawn("עדה Nwosu") == drawn("") == ""
    assert cards.draw(Card("李伟", "@li-wei")) == cards.draw(Card("@li-wei", ""))


def test_a_card_is_drawn_once(engine, client, monkeypatch):
    drawn = []
    monkeypatch.setattr(cards, "draw", lambda card: drawn.append(card) or b"png")

    assert [client.get(ADDRESSES[0]).content for _ in range(3)] == [b"png"] * 3
    assert len(drawn) == 1
    assert (drawn[0].title, drawn[0].counts) == ("Ada Nwosu", (("1", "project"),))


def test_a_project_s_card_says_what_was_checked_and_who_approved(
    engine, grace, client, monkeypatch
):
    run = make_check_run(engine, *PASSED[:2], ("tests", "failed"), conclusion="failure")
    engine.reviews.create(
        status="submitted", verdict="approved", body="Good.", reviewer=grace, check_run=run,
        head_sha=run.head_sha, full_name=run.full_name, submitted_at=timezone.now(),
    )  # fmt: skip
    drawn = []
    monkeypatch.setattr(cards, "draw", lambda card: drawn.append(card) or b"png")

    client.get(ADDRESSES[2])

    assert drawn[0].counts[0] == ("2 of 3", "required checks passed at a1a1a1a")
    assert drawn[0].counts[1] == ("Approved", "by Grace Halloran at a1a1a1a")


# Badges

NOVEMBER = datetime(2026, 11, 26, 12, tzinfo=timezone.get_fixed_timezone(0))


def badge_of(project, now=NOVEMBER):
    pictures = verdicts.of_many(project.repositories.all()).values()
    return badges.of(pictures, now)


def checked(project, outcome, **fields):
    at = datetime(2026, 11, 12, 9, tzinfo=timezone.get_fixed_timezone(0))
    return make_check_run(
        project, ("tests", outcome), **{"completed_at": at, "requested_at": at} | fields
    )


@pytest.mark.parametrize(
    ("outcome", "words", "state"),
    [
        ("passed", "tests verified · a1a1a1a · 12 Nov", "verified"),
        ("failed", "tests not found · a1a1a1a · 12 Nov", "absent"),
        ("unknown", "tests not known · a1a1a1a · 12 Nov", "unknown"),
    ],
)
def test_a_badge_says_what_was_found_where_and_when(outcome, words, state, engine):
    checked(engine, outcome)

    badge = badge_of(engine)

    assert (badge.title, badge.state) == (words, state)


def test_a_badge_of_what_was_never_checked_or_has_no_repository_says_so(engine):
    assert badge_of(engine).title == "tests not checked yet"
    engine.repositories.all().delete()
    assert badge_of(engine).title == "tests no repository"


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (20, "tests verified · a1a1a1a · unreadable since 20 Nov"),
        (1, "tests repository gone since 20 Oct"),
    ],
)
def test_a_badge_ages_with_its_repository(since, words, engine):
    checked(engine, "passed")
    month = 11 if since == 20 else 10
    engine.repositories.update(
        standing="not_found",
        missing_since=datetime(2026, month, 20, tzinfo=timezone.get_fixed_timezone(0)),
    )

    assert badge_of(engine).title == words


def test_of_two_repositories_a_badge_tells_the_worse(engine):
    checked(engine, "passed")
    Repository.objects.create(project=engine, full_name="ada/other")

    assert badge_of(engine).title == "tests not checked yet"


def test_an_outage_leaves_the_verdict_and_a_later_look_moves_the_day(engine):
    checked(engine, "passed")
    at = datetime(2026, 11, 20, tzinfo=timezone.get_fixed_timezone(0))
    make_check_run(engine, conclusion="timed_out", head_sha="", requested_at=at, completed_at=at)
    assert badge_of(engine).title == "tests verified · a1a1a1a · 12 Nov"
    engine.repositories.update(confirmed_at=at)
    assert badge_of(engine).title == "tests verified · a1a1a1a · 20 Nov"
    assert badge_of(engine, NOVEMBER + timedelta(days=400)).title.endswith("20 Nov 2026")


def test_a_badge_is_one_safe_drawing_with_its_words(engine, client, monkeypatch):
    checked(engine, "passed")
    monkeypatch.setattr(badges, "_verdict", lambda tests: ("<b>&\"'", badges.State.VERIFIED))

    response = client.get(ADDRESSES[3])

    drawing = ElementTree.fromstring(response.content)
    title = drawing.find("{http://www.w3.org/2000/svg}title").text
    assert title.startswith("tests <b>&\"' · a1a1a1a · 12 Nov")
    assert drawing.get("role") == "img"
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"style" not in response.content
    assert b"script" not in response.content


def test_the_owner_copies_a_line_that_leads_to_the_badge_and_to_the_page(engine, ada, as_user):
    page = as_user(ada).get("/projects/engine/badge/").content.decode()
    site = "http://127.0.0.1:8000/@ada-nwosu/engine/"
    assert f"[![tests, as Milepost found them]({site}badge.svg)]({site})" in page

    Project.objects.update(visibility="link")
    page = as_user(ada).get("/projects/engine/badge/").content.decode()
    assert "badge.svg" not in page
    assert "A badge is for public projects" in page


# The feed


def entries(client):
    feed = ElementTree.fromstring(client.get("/@ada-nwosu/feed.atom").content)
    return {
        entry.find(f"{ATOM}id").text: entry.find(f"{ATOM}title").text
        for entry in feed.iter(f"{ATOM}entry")
    }


def test_the_feed_tells_projects_verdicts_and_passed_checks_newest_first(engine, grace, client):
    now = timezone.now()
    run = make_check_run(engine, *PASSED, requested_at=now + timedelta(minutes=1))
    make_check_run(engine, *PASSED, requested_at=now + timedelta(minutes=2))  # the same commit
    make_check_run(engine, conclusion="failure", head_sha="b2" * 20)
    review = engine.reviews.create(
        status="submitted", verdict="changes_requested", body="Secret words.", reviewer=grace,
        check_run=run, head_sha=run.head_sha, full_name=run.full_name,
        submitted_at=now + timedelta(minutes=3),
    )  # fmt: skip

    found = entries(client)

    assert found == {
        f"tag:127.0.0.1,2026:review-{review.pk}": "Grace Halloran asked for changes to Engine",
        f"tag:127.0.0.1,2026:check-run-{run.pk}": "Engine passes its checks",
        f"tag:127.0.0.1,2026:project-{engine.pk}": "A project: Engine",
    }
    assert list(found) == [
        f"tag:127.0.0.1,2026:{key}"
        for key in (f"review-{review.pk}", f"check-run-{run.pk}", f"project-{engine.pk}")
    ]
    Project.objects.update(title="Motor <1>")
    assert set(entries(client)) == set(found)


def test_an_empty_feed_is_a_feed(engine, client):
    Project.objects.all().delete()

    assert entries(client) == {}


def test_a_project_made_public_is_news_of_that_day(engine, ada, as_user):
    Project.objects.update(visibility="private", created_at=timezone.now() - timedelta(days=99))
    form = {"title": "Engine", "visibility": "public"}

    as_user(ada).post("/projects/engine/edit/", form)
    first = Project.objects.get().published_at
    as_user(ada).post("/projects/engine/edit/", form | {"title": "Motor"})

    assert timezone.now() - first < timedelta(minutes=1)
    assert Project.objects.get().published_at == first


def test_names_from_old_rows_break_no_feed(engine, client):
    Project.objects.update(title="A\x0b\u202eB & <i>", summary="\x1f & <i>")

    [title] = entries(client).values()

    assert title == "A project: A␋[U+202E]B & <i>"
