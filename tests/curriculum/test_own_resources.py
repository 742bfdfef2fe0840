"""Links that Ada adds to a unit: hers alone, over https, and harmless."""

import pytest
from django.db import IntegrityError, transaction

from curriculum import own_resources
from curriculum.models import OwnResource
from tests.factories import make_unit

ADDRESS = "/units/loops/resources/"
LINK = {"title": "Loop like a native", "url": "https://example.org/loops", "why": "Short."}


@pytest.fixture
def loops(db):
    return make_unit(slug="loops", title="Loops")


def page_of(response):
    return " ".join(response.content.decode().split())


def test_a_link_stands_beside_those_of_the_curriculum(ada, loops, as_user):
    client = as_user(ada)

    assert client.post(ADDRESS, LINK).url == "/units/loops/#own-resources"

    page = page_of(client.get("/units/loops/"))
    assert '<a class="title" href="https://example.org/loops" rel="nofollow noopener ugc">' in page
    assert "Loop like a native" in page
    assert "example.org</div>" in page


def test_only_ada_sees_her_link(ada, grace, eve, loops, as_user, client):
    own_resources.add(ada, loops, **LINK)

    for person in (grace, eve):
        assert "Loop like a native" not in page_of(as_user(person).get("/units/loops/"))
    client.logout()
    page = page_of(client.get("/units/loops/"))
    assert "Loop like a native" not in page
    assert "Resources of your own" not in page


def test_a_link_is_changed_and_removed(ada, loops, as_user):
    link = own_resources.add(ada, loops, **LINK)
    client = as_user(ada)

    assert client.post(f"/own-resources/{link.pk}/", LINK | {"title": "Better"}).status_code == 302
    assert own_resources.of(ada, loops)[0].title == "Better"
    assert "Remove “Better”?" in page_of(client.get(f"/own-resources/{link.pk}/remove/"))
    assert own_resources.of(ada, loops)
    assert client.post(f"/own-resources/{link.pk}/remove/").status_code == 302
    assert own_resources.of(ada, loops) == []


def test_an_address_without_a_scheme_is_taken_for_https(ada, loops, as_user):
    as_user(ada).post(ADDRESS, LINK | {"url": "example.org/loops"})

    assert own_resources.of(ada, loops)[0].url == "https://example.org/loops"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "javascript:alert(1)", "JavaScript:alert(1)//https://",
        "data:text/html,<b>x</b>", "file:///etc/passwd", "vbscript:x", "blob:https://example.org/1",
        "https://ada:secret@example.org/", "https://ada@example.org/", "https://@example.org/",
        "https://example.org@evil.example/", "https://exa\x00mple.org/", "https://example.org/\x07",
        "https://example.org/a\nb", "https://example.org/\u202egpj.exe", "https://exam\u200bple.org/",
        "https://", "https:///path", "https:example.org", "//example.org@x/", "not an address", "https://a b/",
        "https://example.org/" + "a" * 500,
    ],
)  # fmt: skip
def test_an_address_that_is_not_fit_is_told_and_what_was_typed_is_kept(url, ada, loops, as_user):
    response = as_user(ada).post(ADDRESS, LINK | {"url": url})

    assert response.status_code == 422
    assert 'id="id_url_error"' in response.content.decode()
    assert 'value="Loop like a native"' in response.content.decode()
    assert not OwnResource.objects.exists()


def test_words_with_markup_are_only_words(ada, loops, as_user):
    own_resources.add(
        ada,
        loops,
        title="<script>alert(1)</script>",
        url="https://example.org/?a=%22%3E<b>",
        why="<i>",
    )

    page = page_of(as_user(ada).get("/units/loops/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>" not in page.split("own-resources")[1].split("</section>")[0]


def test_the_same_link_twice_is_two_presses(ada, loops):
    assert own_resources.add(ada, loops, **LINK) == own_resources.add(ada, loops, **LINK)


def test_an_address_that_is_listed_already_is_told(ada, loops, as_user):
    own_resources.add(ada, loops, **LINK)
    other = own_resources.add(ada, loops, title="Other", url="https://example.org/other")

    added = as_user(ada).post(ADDRESS, LINK | {"title": "Again"})
    changed = as_user(ada).post(f"/own-resources/{other.pk}/", LINK)

    for response in (added, changed):
        assert response.status_code == 422
        assert "You have this address on the unit already." in page_of(response)
    other.refresh_from_db()
    assert other.title == "Other"


def test_a_unit_takes_thirty_links_and_says_so(ada, loops, as_user):
    for n in range(30):
        own_resources.add(ada, loops, title=f"Link {n}", url=f"https://example.org/{n}")

    response = as_user(ada).post(ADDRESS, LINK)

    assert response.status_code == 422
    assert "A unit takes 30 links of yours." in page_of(response)


def test_the_database_takes_no_address_but_https(ada, loops):
    for url in ("http://example.org/", "javascript:alert(1)", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            OwnResource.objects.create(learner=ada, unit=loops, title="x", url=url)
