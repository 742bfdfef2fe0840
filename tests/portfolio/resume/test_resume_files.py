"""A résumé as PDF, HTML, JSON Resume, Markdown and plain text, and the one that is published."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt
from pypdf import PdfReader

from accounts import share_links
from accounts.models import Sighting
from portfolio import resume_document, resume_formats, resume_pdf, resumes
from portfolio.models import Resume
from tests.factories import make_project, make_skill
from tests.portfolio.resume.conftest import entry, page_of, say, write
from tests.portfolio.test_demonstrations import claim, look

SCHEMA = json.loads(resume_formats.SCHEMA.read_text())
HOSTILE = [
    '#eval("1/0") #import "/etc/passwd" #panic() #read("x")',
    "$x^2$ *b* _i_ `r` @ref <lab> \\ // /* = - + ~ [x](y) {} \"quoted\" 'single'",
    "<script>alert(1)</script><!-- & &amp; ]]>",
    "漢字 한국어 عربي עברית 🙂 ไทย \u202eesrever\u202c",
    "x" * 4000,
    "/Type/Page",
]


def document(resume):
    return resume_document.of(resume)


def pdf_of(document):
    pdf = resume_pdf.write(document)
    return pdf, PdfReader(io.BytesIO(pdf.content))


# PDF


def test_the_pdf_is_tagged_named_and_reads_in_order(full):
    pdf, reader = pdf_of(document(full))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Résumé of Ada Nwosu"
    assert reader.metadata.author == "Ada Nwosu"
    assert pdf.pages == len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    order = ["Ada Nwosu", "Forecasts & tests", "Leeds", "One line.", "SKILLS", "Testing", "PROJECTS",
             "Engine", "Testing, in code", "EXPERIENCE", "Planner, Tram Co (trams), Leeds",
             "March 2021 – now", "Cut 9 hours to 6. own word", "EDUCATION", "VOLUNTEERING",
             "PUBLICATIONS", "INTERESTS"]  # fmt: skip
    places = [text.index(word) for word in order]
    assert places == sorted(places)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_words_of_any_kind_neither_fail_nor_run(full, words):
    shown = document(full)
    said = replace(shown, name=words[:80], email=words, resume=full)
    full.headline = full.summary = full.location = words
    row = shown.parts[1].entries[0]
    for target in (row.entry, row.lines[0].line):
        target.title = target.words = target.summary = words

    pdf, reader = pdf_of(said)

    assert pdf.pages == len(reader.pages) >= 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    json.dumps(resume_formats.as_json(said))
    resume_formats.as_text(said)
    shown_again = MarkdownIt("commonmark", {"html": False}).render(resume_formats.as_markdown(said))
    assert "<script>" not in shown_again
    assert shown_again.count("<h3>") == 7


def test_every_word_of_it_stays_on_the_page(full):
    full.summary = "y" * 600
    _pdf, reader = pdf_of(document(full))
    page = reader.pages[0]
    furthest = []
    page.extract_text(visitor_text=lambda text, cm, tm, *_: furthest.append(tm[4] + cm[4]))

    assert max(furthest) < page.mediabox.width


def test_letters_that_this_server_lacks_are_named_to_the_owner(full, as_user, monkeypatch):
    import typst

    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(resume_pdf, "_fonts", lambda: bare)
    say(full, headline="漢字 and 漢字 🙂")

    pdf, reader = pdf_of(document(full))
    page = page_of(as_user(full.owner).get(f"/resume/{full.pk}/preview/"))

    assert pdf.unprintable == "漢字🙂"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert "shows empty boxes in their place" in page
    assert "漢字🙂</span>" in page


def test_one_page_is_one_page_or_a_clear_word(full, as_user):
    preview = f"/resume/{full.pk}/preview/"
    job = full.owner.resume_entries.get(title="Planner")
    for number in range(17):
        write(full, f"Line {number} of a story that was told in full. " * 3, entry=job)
    [pdf, _reader] = pdf_of(document(full))
    assert pdf.pages == 1  # in smaller letters

    for title in ("Depot", "Shop"):
        more = entry(full, "experience", title=title)
        for number in range(12):
            write(full, f"Line {number} of a story that was told in full. " * 3, entry=more)
    assert "You asked for one" in page_of(as_user(full.owner).get(preview))
    say(full, pages=2)
    assert "You asked for" not in page_of(as_user(full.owner).get(preview))


def test_what_nobody_prints_is_not_set(full, as_user, monkeypatch):
    monkeypatch.setattr(resume_pdf, "MOST", 500)

    response = as_user(full.owner).get(f"/resume/{full.pk}/resume.pdf")

    assert response.status_code == 422
    assert "too long" in page_of(as_user(full.owner).get(f"/resume/{full.pk}/preview/"))


def test_what_was_set_today_is_not_set_again(full, monkeypatch):
    first = resume_pdf.write(document(full))
    monkeypatch.setattr(resume_pdf, "_compile", None)

    assert resume_pdf.write(document(full)) == first
    with pytest.raises(TypeError):
        resume_pdf.write(document(say(full, headline="Other")))


# The others


def test_json_is_valid_by_the_official_schema_and_names_what_was_checked(full):
    found = resume_formats.as_json(document(full))

    assert list(Draft7Validator(SCHEMA).iter_errors(found)) == []
    assert found["work"][0]["highlights"] == ["Cut 9 hours to 6."]
    assert found["projects"][0]["name"] == "Engine"
    assert found["meta"]["milepost"]["evidence"][1] == {
        "of": "/projects/0/highlights/0",
        "words": "Testing, working: checks passed at aaaaaaa",
    }
    ours = {name for name, _fields in resume_formats.LISTS.values()}
    theirs = {name for name, kind in SCHEMA["properties"].items() if kind["type"] == "array"}
    assert ours == theirs - {"references"}


def test_plain_text_is_one_column(full):
    lines = resume_formats.as_text(document(full)).splitlines()

    assert lines[:5] == [
        "Ada Nwosu",
        "Forecasts & tests",
        "Leeds",
        "ada@example.net",
        "https://github.com/ada",
    ]
    assert "EXPERIENCE" in lines
    assert "- Cut 9 hours to 6. (own word)" in lines
    assert "March 2021 - now" in lines


def test_markdown_shows_what_was_typed(full):
    write(full, "1. <b>bold</b> *really* [x](javascript:alert(1)) #1 a_b")

    html = MarkdownIt("commonmark", {"html": False}).render(
        resume_formats.as_markdown(document(full))
    )

    assert "1. &lt;b&gt;bold&lt;/b&gt; *really* [x](javascript:alert(1)) #1 a_b" in html


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("pdf", "application/pdf"), ("html", "text/html; charset=utf-8"), ("json", "application/json"),
     ("md", "text/markdown; charset=utf-8"), ("txt", "text/plain; charset=utf-8")],
)  # fmt: skip
def test_every_file_is_downloaded_under_a_good_name(full, as_user, kind, type_):
    response = as_user(full.owner).get(f"/resume/{full.pk}/resume.{kind}")

    assert response["Content-Type"] == type_
    assert response["Content-Disposition"] == f'attachment; filename="ada-nwosu-resume.{kind}"'
    assert as_user(full.owner).get(f"/resume/{full.pk}/resume.{kind}x").status_code == 404


def test_the_html_file_needs_no_other(full, as_user):
    html = as_user(full.owner).get(f"/resume/{full.pk}/resume.html").content.decode()

    assert "@page" in html
    for word in ("<link", "<script", "/static/", "csrf"):
        assert word not in html


# Published


def publish(resume):
    resumes.publish(resume)
    profile = resume.owner.profile
    profile.is_public = True
    profile.save()


PUBLIC = "/@ada-nwosu/resume/"
FILES = [PUBLIC, *(f"/@ada-nwosu/resume.{kind}" for kind in ("pdf", "json", "md", "txt"))]


@pytest.mark.parametrize("path", FILES)
def test_only_what_was_published_is_public(full, client, path):
    assert client.get(path).status_code == 404
    full.owner.profile.is_public = True
    full.owner.profile.save()
    assert client.get(path).status_code == 404
    publish(full)
    assert client.get(path).status_code == 200
    assert client.get("/@ada-nwosu/resume.html").status_code == 404

    resumes.withdraw(full)
    assert client.get(path).status_code == 404


def test_a_private_profile_shows_it_to_mentors_alone_and_writes_that_down(
    full, grace, eve, as_user
):
    as_user(full.owner).post(f"/resume/{full.pk}/publish/", {"publish": "yes"})

    assert as_user(eve).get(PUBLIC).status_code == 404
    assert "checked at aaaaaaa" in page_of(as_user(grace).get(PUBLIC))
    seen = Sighting.objects.get()
    assert (seen.viewer, seen.kind, seen.words) == (grace, "resume", "Junior")


def test_a_secret_link_opens_it_and_the_visit_is_counted(full, client):
    resumes.publish(full)
    link, token = share_links.make(full.owner, "Tram Co", timedelta(days=7))

    client.post(f"/s/{token}/")
    client.get(f"/s/{token}/")

    assert client.get(PUBLIC).status_code == 200
    assert link.visits.filter(what="resume", words="Junior").exists()


def test_one_is_published_at_a_time(full, as_user):
    publish(full)
    twin = resumes.copy(full, name="Other", role=None)
    as_user(full.owner).post(f"/resume/{twin.pk}/publish/", {"publish": "yes"})

    assert [one.name for one in Resume.objects.filter(is_public=True)] == ["Other"]


def test_the_public_one_holds_no_address_and_no_proof_of_private_projects(full, grace, as_user):
    publish(full)
    for reader in (None, full.owner, grace):
        client = as_user(reader) if reader else as_user(full.owner)
        if not reader:
            client.logout()
        page = page_of(client.get(PUBLIC))
        assert "ada@example.net" not in page
        assert "aaaaaaa" not in page
    assert not Sighting.objects.exists()

    full.owner.projects.update(visibility="public")

    assert 'href="http://127.0.0.1:8000/@ada-nwosu/engine/"' in page_of(as_user(grace).get(PUBLIC))


def test_who_shows_no_skills_shows_none_there_either(full, client):
    publish(full)
    full.owner.projects.update(visibility="public")
    full.owner.profile.shows_skills = False
    full.owner.profile.save()

    page = page_of(client.get(PUBLIC))

    assert "checked at aaaaaaa" in page
    assert "Testing, working" not in page
    assert 'id="cv-skills"' in page  # the one that she typed herself
    assert "Testing <span" not in page


def test_the_portfolio_page_leads_to_it(full, client):
    publish(full)

    assert f'href="{PUBLIC}"' in page_of(client.get("/@ada-nwosu/"))
    resumes.withdraw(full)
    assert PUBLIC not in page_of(client.get("/@ada-nwosu/"))


def test_another_persons_project_is_never_in_it(full, eve):
    theirs = make_project(eve, title="Theirs")
    claim(theirs, make_skill("Theirs"))
    look(theirs)

    found = json.dumps(resume_formats.as_json(document(full)))

    assert "Theirs" not in found
