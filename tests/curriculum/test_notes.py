"""Ada's notes: kept as she wrote them, hers alone, and never lost between two tabs."""

import re

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum import notes
from curriculum.models import Note, OwnResource, StudySession
from curriculum.notes import WrittenMeanwhile
from tests.factories import make_module, make_unit
from tests.together import at_once

ADDRESS = "/units/loops/note/"


@pytest.fixture
def loops(db):
    return make_unit(slug="loops", title="Loops")


def page_of(response):
    return " ".join(response.content.decode().split())


def version_on(page):
    [version] = re.findall(r'name="version"(?: value="([^"]*)")?', page)
    return version


def field_of(page):
    """What stands in the field of the form."""
    [text] = re.findall(r'<textarea name="text"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    return text


# Written and kept


def test_a_note_is_kept_changed_and_removed(ada, loops):
    first = notes.write(ada, loops, "Off by *one*.")
    second = notes.write(ada, loops, "Off by two.", version=first.version)

    assert notes.of(ada, loops).text == "Off by two."
    assert Note.objects.count() == 1
    assert notes.write(ada, loops, " \n", version=second.version) is None
    assert notes.of(ada, loops) is None


def test_the_same_words_sent_twice_are_kept_once(ada, loops):
    once = notes.write(ada, loops, "Off by one.")

    assert notes.write(ada, loops, "Off by one.") == once
    assert notes.of(ada, loops).written_at == once.written_at


def test_a_note_written_meanwhile_is_not_written_over(ada, loops):
    begun = notes.write(ada, loops, "First.")
    notes.write(ada, loops, "From the other tab.", version=begun.version)

    with pytest.raises(WrittenMeanwhile) as error:
        notes.write(ada, loops, "From this tab.", version=begun.version)

    assert error.value.note.text == notes.of(ada, loops).text == "From the other tab."


def test_a_note_removed_meanwhile_is_not_brought_back_unasked(ada, loops):
    begun = notes.write(ada, loops, "First.")
    notes.write(ada, loops, "", version=begun.version)

    with pytest.raises(WrittenMeanwhile) as error:
        notes.write(ada, loops, "Second.", version=begun.version)

    assert error.value.note is None


def test_a_note_that_was_removed_and_written_anew_is_another_one(ada, loops):
    begun = notes.write(ada, loops, "First.")
    notes.write(ada, loops, "", version=begun.version)
    notes.write(ada, loops, "Anew.")

    with pytest.raises(WrittenMeanwhile):
        notes.write(ada, loops, "Second.", version=begun.version)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_write_the_first_words_at_once_are_both_heard(ada):
    loops = make_unit()

    def tab(text):
        def write():
            try:
                return notes.write(ada, loops, text).text
            except WrittenMeanwhile as meanwhile:
                return meanwhile.note.text

        return write

    kept = at_once(*(tab(f"Tab {n}.") for n in range(4)))

    assert len(set(kept)) == 1
    assert Note.objects.get().text == kept[0]


def test_the_database_keeps_one_note_with_words_for_each_unit(ada, loops):
    notes.write(ada, loops, "One.")
    for text in ("Two.", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.create(learner=ada, unit=loops, text=text)


# On the unit's page


def test_a_note_shows_as_markdown_that_can_do_nothing(ada, loops, as_user):
    notes.write(ada, loops, "*Off* by one. <script>alert(1)</script> [x](javascript:alert(1))")

    page = page_of(as_user(ada).get("/units/loops/"))

    assert "<em>Off</em> by one." in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_ada_writes_on_the_page_and_comes_back_to_her_note(ada, loops, as_user):
    client = as_user(ada)

    response = client.post(ADDRESS, {"text": "First line.\r\n    code\r\n", "version": ""})

    assert response.url == "/units/loops/#note"
    assert notes.of(ada, loops).text == "First line.\n    code\n"
    assert "Only you see it. Written" in page_of(client.get("/units/loops/"))


def test_the_second_of_two_tabs_is_told_and_both_texts_are_on_the_page(ada, loops, as_user):
    client = as_user(ada)
    begun = version_on(page_of(client.get("/units/loops/")))
    client.post(ADDRESS, {"text": "From the other tab.", "version": begun})

    response = client.post(ADDRESS, {"text": "From this <b>tab</b>.", "version": begun})
    page = page_of(response)

    assert response.status_code == 409
    assert "changed meanwhile, in another tab" in page
    assert field_of(page) == "From this &lt;b&gt;tab&lt;/b&gt;."
    assert "From the other tab." in page
    assert notes.of(ada, loops).text == "From the other tab."


@pytest.mark.parametrize(
    ("choice", "kept"),
    [({}, "Mine."), ({"keep": "both"}, "Theirs.\n\n---\n\nMine.")],
    ids=["mine instead", "both"],
)
def test_after_being_told_one_press_decides(choice, kept, ada, loops, as_user):
    client = as_user(ada)
    client.post(ADDRESS, {"text": "Theirs.", "version": ""})
    told = page_of(client.post(ADDRESS, {"text": "Mine.", "version": ""}))

    response = client.post(ADDRESS, {"text": "Mine.", "version": version_on(told)} | choice)

    assert response.status_code == 302
    assert notes.of(ada, loops).text == kept


def test_both_texts_that_are_too_long_together_are_both_in_the_field(ada, loops, as_user):
    client = as_user(ada)
    theirs, mine = "t" * 15_000, "m" * 15_000
    client.post(ADDRESS, {"text": theirs, "version": ""})
    told = page_of(client.post(ADDRESS, {"text": mine, "version": ""}))

    response = client.post(ADDRESS, {"text": mine, "version": version_on(told), "keep": "both"})

    assert response.status_code == 422
    assert theirs in field_of(page_of(response))
    assert mine in field_of(page_of(response))
    assert notes.of(ada, loops).text == theirs


def test_a_note_that_is_too_long_is_told_and_kept_in_the_field(ada, loops, as_user):
    text = "x" * 20_351

    response = as_user(ada).post(ADDRESS, {"text": text, "version": ""})
    page = page_of(response)

    assert response.status_code == 422
    assert "this one has 351 more" in page
    assert field_of(page) == text
    assert 'id="id_text"' in page
    assert "maxlength" not in page.split('id="id_text"')[0].split("<textarea")[-1]
    assert notes.of(ada, loops) is None


@pytest.mark.parametrize("version", ["", "x" * 10_000, "2026-11-17T10:00:00+00:00", "<b>"])
def test_whatever_version_is_sent_nothing_is_written_over(version, ada, loops, as_user):
    notes.write(ada, loops, "Mine.")

    response = as_user(ada).post(ADDRESS, {"text": "Other.", "version": version})

    assert response.status_code == 409
    assert notes.of(ada, loops).text == "Mine."


def test_control_characters_are_told_and_the_words_kept(ada, loops, as_user):
    response = as_user(ada).post(ADDRESS, {"text": "Ring \x07 the bell.", "version": ""})

    assert response.status_code == 422
    assert "U+0007" in page_of(response)
    assert "Ring \x07 the bell." in field_of(response.content.decode())


def test_words_sent_after_signing_out_are_given_back(loops, client):
    response = client.post(ADDRESS, {"text": "An hour of <b>thought</b>.", "version": ""})

    assert response.status_code == 403
    assert "An hour of &lt;b&gt;thought&lt;/b&gt;." in page_of(response)
    assert "/accounts/login/?next=/units/loops/" in page_of(response)
    assert client.post(ADDRESS, {"text": " "}).status_code == 302


# Nobody else's


def test_nobody_but_ada_is_shown_her_note(ada, grace, eve, katherine, loops, as_user):
    from tests.factories import enroll

    enroll(ada, loops)
    notes.write(ada, loops, "Secretword.")
    pages = [
        "/units/loops/", "/notes/", "/notes/?q=secretword", "/search/?q=secretword", "/history/",
        "/mentoring/", "/mentoring/ada-nwosu/", "/@ada-nwosu/", f"/admin/accounts/user/{ada.pk}/change/",
        f"/admin/accounts/user/{ada.pk}/delete/", "/admin/curriculum/enrollment/",
        f"/admin/curriculum/unit/{loops.pk}/change/",
    ]  # fmt: skip
    for person in (grace, eve, katherine):
        client = as_user(person)
        for address in pages:
            page = client.get(address).content.decode().replace("?q=secretword", "")
            assert "Secretword" not in page, (person, address)


def test_two_learners_have_a_note_each(ada, eve, loops):
    notes.write(ada, loops, "Ada's.")
    notes.write(eve, loops, "Eve's.")

    assert notes.of(ada, loops).text == "Ada's."


# What has left the curriculum


def test_a_retired_unit_stays_open_to_whom_has_a_note_there(ada, eve, loops, as_user):
    notes.write(ada, loops, "Off by one.")
    loops.retired_at = timezone.now()
    loops.save()

    page = page_of(as_user(ada).get("/units/loops/"))

    assert "What you wrote and recorded here stays yours" in page
    assert "I have done this" not in page
    assert as_user(eve).get("/units/loops/").status_code == 410


def test_words_on_a_unit_that_retires_while_one_writes_are_kept(ada, loops, as_user):
    loops.retired_at = timezone.now()
    loops.save()

    as_user(ada).post(ADDRESS, {"text": "An hour of thought.", "version": ""})

    assert "An hour of thought." in page_of(as_user(ada).get("/units/loops/"))


# All of them


@pytest.fixture
def three(ada):
    """Notes on three units of two modules, written against the order of the roadmap."""
    first = make_module(number=1, title="First steps")
    second = make_module(number=2, title="Next steps", stage=first.stage)
    texts = {
        make_unit(module=second, title="Turning"): "Look *round*.",
        make_unit(module=first, title="Walking", position=2): "Left, right, naïve.",
        make_unit(module=first, title="Standing", position=1): "Get up.",
    }
    for unit, text in texts.items():
        notes.write(ada, unit, text)


def test_the_page_of_notes_goes_by_module_in_the_order_of_the_roadmap(ada, three, as_user):
    page = page_of(as_user(ada).get("/notes/"))

    places = [page.index(text) for text in ("First steps", "Get up.", "Left, right", "Next steps")]
    assert places == sorted(places)
    assert page.count("First steps") == 1
    assert "Look <em>round</em>." in page


@pytest.mark.parametrize("words", ["NAIVE", "naïve", "aiv", "walk", "left walking"])
def test_notes_are_found_by_their_words_and_by_their_unit(words, ada, three, as_user):
    page = page_of(as_user(ada).get("/notes/", {"q": words}))

    assert "1 note with" in page
    assert "Get up." not in page
    assert "<mark>" in page


def test_words_that_no_note_holds_are_told(ada, three, as_user):
    page = page_of(as_user(ada).get("/notes/", {"q": "<b>zebra</b>"}))

    assert "0 notes with “&lt;b&gt;zebra&lt;/b&gt;”" in page
    assert "hold no such words" in page


def test_without_a_note_the_page_says_what_it_is_for(ada, as_user):
    assert "No note yet" in page_of(as_user(ada).get("/notes/"))


def test_many_notes_come_page_by_page_or_all_at_once_to_print(
    ada, as_user, django_assert_max_num_queries
):
    module = make_module()
    for n in range(60):
        notes.write(
            ada, make_unit(module=module, position=n + 1, title=f"Number {n}."), f"Note {n}."
        )
    client = as_user(ada)
    client.get("/")

    for address, shown in {"/notes/": 50, "/notes/?page=2": 10, "/notes/?all": 60}.items():
        with django_assert_max_num_queries(11):
            page = page_of(client.get(address))
        assert page.count("<p>Note ") == shown


@pytest.mark.parametrize("kept", [Note, OwnResource, StudySession])
def test_no_page_of_the_admin_shows_what_learners_keep_for_themselves(kept):
    """As docs/decisions/0013-kept-for-oneself.md says."""
    assert not admin.site.is_registered(kept)
