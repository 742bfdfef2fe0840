"""A résumé from a file of JSON Resume: shown first, kept whole or not at all, and out again the same."""

import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portfolio import resume_document, resume_formats, resume_import, resumes
from portfolio.models import Resume, ResumeEntry, ResumeLine
from portfolio.resume_import import MOST_BYTES, Refused
from tests.factories import make_user
from tests.portfolio.resume.conftest import page_of

IMPORT, CONFIRM = "/resume/import/", "/resume/import/confirm/"


@pytest.fixture(autouse=True)
def _with_an_address(settings):
    settings.SITE_URL = "https://milepost.example.org"


def exported(resume):
    return resume_formats.as_json(resume_document.of(resume))


def bring_in(owner, found, name="Again"):
    reading = resume_import.read(json.dumps(found).encode(), owner)
    return resumes.bring_in(owner, name, reading.said, reading.entries, reading.section_order)


def upload(client, content, name="me.json"):
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content, "application/json")})


# Round trips


def test_what_goes_out_comes_in_and_goes_out_the_same(full):
    full.owner.projects.update(visibility="public")
    full.owner.profile.is_public = True
    full.owner.profile.save()
    before = ResumeEntry.objects.count(), ResumeLine.objects.count()
    first = exported(Resume.objects.get())

    again = exported(bring_in(full.owner, first))

    assert again == first
    assert first["meta"]["milepost"]["evidence"][1]["of"] == "/projects/0/highlights/0"
    assert (ResumeEntry.objects.count(), ResumeLine.objects.count()) == before  # nothing twice


def test_elsewhere_it_says_the_same_and_nothing_vouches_for_it(full, eve):
    first = exported(full)

    again = exported(bring_in(eve, first))

    evidence = first["meta"]["milepost"].pop("evidence")
    assert evidence
    assert again.pop("meta") == first.pop("meta")
    assert again["basics"].pop("name") == "Eve Moreau"
    assert first["basics"].pop("name") == "Ada Nwosu"
    assert again == first
    assert not ResumeLine.objects.filter(entry__owner=eve).exclude(claim=None).exists()


def test_evidence_in_a_file_is_not_believed(eve):
    forged = {
        "projects": [{"name": "Engine", "highlights": ["Mine."]}],
        "meta": {
            "milepost": {"evidence": [{"of": "/projects/0/highlights/0", "words": "endorsed"}]}
        },
    }

    assert exported(bring_in(eve, forged))["meta"]["milepost"].get("evidence") is None


def test_a_file_of_another_program_comes_in(eve):
    """With what the schema allows beside what we write, and in its own order of sections."""
    found = {
        "$schema": "https://example.org/schema.json",
        "basics": {
            "name": "Richard Hendriks", "label": "Programmer", "image": "", "phone": "(912) 555-4321",
            "email": "r@example.com", "url": "http://richard.example.com", "summary": "Two\nlines.",
            "location": {
                "address": "2712 Broadway St", "postalCode": "CA 94115", "city": "San Francisco",
                "countryCode": "US", "region": "California",
            },
            "profiles": [{"network": "Twitter", "username": "neutral", "url": ""}],
        },
        "education": [{"institution": "University", "area": "IT", "startDate": "2011-06", "score": "4.0",
                       "courses": ["DB1101 - Basic SQL"]}],
        "work": [{"name": "Pied Piper", "position": "CEO", "startDate": "2013-12-01",
                  "endDate": "2014-12-01", "highlights": ["Built an algorithm.", " "]}],
        "skills": [{"name": "Web Development", "level": "Master", "keywords": ["HTML", "CSS"]}],
        "references": [{"name": "Erlich", "reference": "It is my pleasure."}],
        "x-theme": {"colour": "red"},
    }  # fmt: skip
    reading = resume_import.read(json.dumps(found).encode(), eve)
    made = bring_in(eve, found)

    assert made.location == "San Francisco, California, US"
    assert made.links == ["http://richard.example.com"]
    assert made.section_order == ["education", "experience", "skills"]
    [degree, job, skill] = eve.resume_entries.all()
    assert (degree.title, degree.organisation, degree.note) == ("IT", "University", "4.0")
    assert [line.words for line in job.lines.all()] == ["Built an algorithm."]
    assert (skill.note, skill.keywords) == ("Master", ["HTML", "CSS"])
    assert reading.left == [
        "/references", "/x-theme", "/basics/phone", "/basics/name", "/basics/location/address",
        "/basics/location/postalCode", "/basics/profiles/0",
    ]  # fmt: skip


# What is refused, and where


LONG = "x" * 10_000
REFUSED = [
    (b"", "", "not JSON"),
    (b"\xff\xfe{}", "", "UTF-8"),
    (b"{" + b" " * MOST_BYTES + b"}", "", "larger"),
    (b"[1, 2]", "", "one object"),
    (b"{}", "", "nothing in it"),
    (b'{"basics": ', "", "line 1"),
    (b'{"basics": NaN}', "", "NaN"),
    (b"{'basics': {}}", "", "not JSON"),
    (b'{"basics": {}} {}', "", "not JSON"),
    (b'{"work": [' + b"9" * 6000 + b"]}", "", "not JSON"),
    (b"[" * 100_000, "", "deep"),
    (b'{"x": ' * 5000 + b"1" + b"}" * 5000, "", "deep"),
    (b'{"basics": {"name": "a", "name": "b"}}', "/basics/name", "twice"),
    (b'{"basics": {"label": "\\ud800"}}', "/basics/label", "half a character"),
    ({"basics": []}, "/basics", "an object"),
    ({"basics": {"label": 3}}, "/basics/label", "a text"),
    ({"basics": {"label": LONG}}, "/basics/label", "at most 120"),
    ({"basics": {"label": "a\u202eb"}}, "/basics/label", "control"),
    ({"basics": {"label": "a\u0000b"}}, "/basics/label", "control"),
    ({"basics": {"summary": LONG}}, "/basics/summary", "at most 1000"),
    ({"basics": {"email": "no"}}, "/basics/email", "valid"),
    ({"basics": {"url": "javascript:alert(1)"}}, "/basics/url", "URL"),
    ({"basics": {"profiles": [{"url": "http://10.0.0.1/"}]}}, "/basics/profiles/0/url", ""),
    ({"basics": {"profiles": [{"url": f"https://example.org/{n}"} for n in range(9)]}}, "/basics/profiles", "5"),
    ({"work": {}}, "/work", "a list"),
    ({"work": [3]}, "/work/0", "an object"),
    ({"work": [{"highlights": "x"}]}, "/work/0/highlights", "a list"),
    ({"work": [{"highlights": [3]}]}, "/work/0/highlights/0", "a text"),
    ({"work": [{"name": "A"}, {"startDate": "2020"}]}, "/work/1", "no name"),
    ({"work": [{"name": "A", "startDate": "soon"}]}, "/work/0/startDate", "a date"),
    ({"work": [{"name": "A", "startDate": "2023-02-30"}]}, "/work/0/startDate", "no calendar"),
    ({"work": [{"name": "A", "startDate": "2020", "endDate": "2019"}]}, "/work/0/endDate", "before"),
    ({"work": [{"name": "A", "highlights": ["y" * 600]}]}, "/work/0/highlights/0", "at most 500"),
    ({"work": [{"name": "A", "highlights": ["b", "b"]}]}, "/work/0/highlights/1", "the same"),
    ({"work": [{"name": "A"}, {"name": "A"}]}, "/work/1", "/work/0"),
    ({"work": [{"name": "A", "highlights": [str(n) for n in range(31)]}]}, "/work/0/highlights", "30"),
    ({"work": [{"name": f"A{n}"} for n in range(61)]}, "", "60"),
    ({"skills": [{"name": "A", "keywords": ["a,b"]}]}, "/skills/0/keywords/0", "comma"),
    ({"skills": [{"name": "A", "keywords": ["k" * 61]}]}, "/skills/0/keywords", "60"),
    ({"projects": [{"name": "A", "url": "ftp://a.example/"}]}, "/projects/0/url", "URL"),
    ({"languages": [{"language": LONG}]}, "/languages/0/language", "at most 160"),
    ({"a/b~c": 1, "basics": {"name": 1}}, "/basics/name", "a text"),
]  # fmt: skip


@pytest.mark.parametrize("part", range(3))
def test_a_file_that_does_not_fit_is_refused_with_its_place(eve, part):
    for content, pointer, words in REFUSED[part::3]:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        began = time.perf_counter()
        with pytest.raises(Refused) as refusal:
            resume_import.read(raw, eve)

        assert refusal.value.pointer == pointer, content if len(raw) < 200 else raw[:80]
        assert words in refusal.value.words
        assert time.perf_counter() - began < 2


def test_nothing_is_kept_of_a_file_that_fails_half_way(full, as_user, monkeypatch):
    monkeypatch.setattr(resumes, "MOST_ENTRIES", ResumeEntry.objects.count() + 1)
    text = json.dumps({"work": [{"name": "One"}, {"name": "Two"}, {"name": "Three"}]})

    response = as_user(full.owner).post(CONFIRM, {"name": "New", "text": text})

    assert response.status_code == 422
    assert "more than" in page_of(response)
    assert Resume.objects.count() == 1
    assert not ResumeEntry.objects.filter(title__in=["One", "Two"]).exists()


# The pages


def test_it_is_shown_before_it_is_kept(eve, as_user):
    client = as_user(eve)
    response = upload(client, {"work": [{"name": "Tram <b>", "highlights": ["Drove 9 trams."]}]})
    page = page_of(response)

    assert response.status_code == 200
    assert "Tram &lt;b&gt;" in page
    assert "Drove 9 trams." in page
    assert not Resume.objects.exists()

    text = response.context["form"].initial["text"]
    answer = client.post(CONFIRM, {"name": "Mine", "text": text})

    made = Resume.objects.get()
    assert answer.url == f"/resume/{made.pk}/"
    assert (made.name, made.include_unsupported) == ("Mine", True)
    assert "Drove 9 trams." in page_of(client.get(f"/resume/{made.pk}/preview/"))


def test_a_refusal_stands_at_the_field_and_names_the_place(eve, as_user):
    response = upload(as_user(eve), {"work": [{"highlights": [3]}]})

    assert response.status_code == 422
    assert "/work/0/highlights/0: should be a text." in page_of(response)
    assert upload(as_user(eve), b"").status_code == 422
    assert as_user(eve).post(IMPORT).status_code == 422


def test_the_second_reading_is_as_careful(eve, as_user):
    for text in ("", "[", '{"work": 1}', "?", "x" * 300_000):
        response = as_user(eve).post(CONFIRM, {"name": "Mine", "text": text})
        assert response.status_code == 422
        assert "Nothing was kept" in page_of(response)
    assert as_user(eve).post(CONFIRM, {"name": "", "text": '{"basics": {}}'}).status_code == 422
    assert not Resume.objects.exists()


def test_one_person_keeps_so_many(db, as_user, monkeypatch):
    monkeypatch.setattr(resumes, "MOST_RESUMES", 1)
    ada = make_user("Ada")
    resumes.create(ada, name="One", role=None)

    response = as_user(ada).post(CONFIRM, {"name": "Two", "text": '{"basics": {}}'})

    assert "as many as one person keeps" in page_of(response)
