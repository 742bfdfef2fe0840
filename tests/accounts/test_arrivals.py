"""Ada brings a takeout to another Milepost: whole or not at all, once, and nothing that only speaks elsewhere."""

import base64
import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone
from PIL import Image

from accounts import archives, arrivals, bringing, entries, takeouts, tasks
from accounts.models import Arrival, Deletion, Takeout
from curriculum.models import Note, UnitCompletion
from portfolio import holdings, images, proofs, resumes
from portfolio.models import CaseImage, CheckRun, Endorsement, Project, ResumeLine, Review
from tests.factories import enroll, make_project, make_unit, make_user
from tests.rich_account import make_rich
from tests.together import at_once

PAGE = "/settings/takeout/bring/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.TAKEOUT_DIR = tmp_path / "takeouts"
    return settings.TAKEOUT_DIR


def taken_out(person):
    """The bytes of a finished takeout of a person."""
    takeout = takeouts.ask(person)
    tasks.pack_takeout(takeout.pk)
    takeout.refresh_from_db()
    return takeouts.file_of(takeout).read_bytes()


def packed(files, *, manifest=None, name="data/{}.json"):
    """A takeout that somebody made by hand; what is bytes or text stands there as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        said = {"format": "milepost-takeout", "version": 1} if manifest is None else manifest
        archive.writestr("takeout.json", json.dumps(said))
        for key, value in files.items():
            text = value if isinstance(value, str | bytes) else json.dumps(value)
            archive.writestr(name.format(key), text)
    return buffer.getvalue()


def brought(person, file):
    """An arrival that was read."""
    arrival = arrivals.receive(person, [file])
    tasks.go_on_with_arrival(arrival.pk)
    arrival.refresh_from_db()
    return arrival


def loaded(person, file):
    """An arrival that was read, agreed to and written."""
    arrival = brought(person, file)
    assert arrival.is_asking, (arrival.where, arrival.why)
    tasks.go_on_with_arrival(arrivals.agree(person).pk)
    arrival.refresh_from_db()
    return arrival


def data_of(person):
    return {name: list(entries.of(person, entries.shapes()[name])) for name in bringing.brought()}


@pytest.fixture
def rich(ada, grace):
    make_rich(ada, grace)
    Deletion.objects.all().delete()
    Takeout.objects.all().delete()
    Arrival.objects.all().delete()
    return ada


# There and back


def same(shape, entry):
    """An entry without what is another one here: docs/takeout.md lists it."""
    back = shape.taken.back
    left = {"id", *back.put, *back.made_anew, "handle", "name", "updated_at"}
    kept = {
        value.name: entry[value.name]
        for value in shape.values
        if value.name not in left and (not back.values or value.name in back.values)
    }
    for name in ("claim", "measurement", "entry", "line", "resume", "target_role", "role"):
        if name in kept:
            kept[name] = kept[name] is not None
    for inner in shape.inner:
        if inner.taken.back:
            when = inner.taken.back.when or (lambda entry: True)
            kept[inner.key] = [same(inner, one) for one in entry[inner.key] if when(one)]
    return kept


def test_what_was_taken_out_is_the_same_after_it_was_brought(rich):
    fresh = make_user("Ada Elsewhere")
    before = data_of(rich)
    arrival = loaded(fresh, taken_out(rich))
    after = data_of(fresh)

    assert arrival.status == "done"
    for name in bringing.brought():
        shape = entries.shapes()[name]
        when = shape.taken.back.when or (lambda entry: True)
        wanted = [same(shape, entry) for entry in before[name] if when(entry)]
        assert [same(shape, entry) for entry in after[name]] == wanted, name
        assert wanted, f"{name}: the rich account has none that comes back"


def test_what_speaks_only_where_it_was_seen_does_not_come(rich):
    fresh = make_user("Ada Elsewhere")
    seen = (CheckRun.objects.count(), Review.objects.count(), Endorsement.objects.count())
    rich.projects.update(visibility="public")
    loaded(fresh, taken_out(rich))

    assert (CheckRun.objects.count(), Review.objects.count(), Endorsement.objects.count()) == seen
    project = Project.objects.get(owner=fresh)
    assert project.visibility == "private"
    repository = project.repositories.get()
    assert (repository.standing, repository.github_id, repository.has_proof_line) == (
        "new", None, False,
    )  # fmt: skip
    assert not fresh.profile.is_public
    assert not fresh.mentorships_as_learner.exists()
    assert not fresh.practice.is_sharing
    assert fresh.profile.handle != rich.profile.handle
    line = fresh.resume_entries.first()
    assert line is None or not line.lines.exclude(proof_words="").exists()


def test_bringing_it_twice_adds_nothing_twice(rich):
    fresh = make_user("Ada Elsewhere")
    file = taken_out(rich)
    loaded(fresh, file)
    before = data_of(fresh)
    again = brought(fresh, file)

    assert again.told["comes"] == {}
    assert again.told["here"]["notes"] == 1
    arrivals.drop(fresh)
    assert brought(rich, file).told["comes"] == {}
    assert data_of(fresh) == before


def test_what_is_here_stays_and_the_rest_comes_beside_it(rich):
    fresh = make_user("Ada Elsewhere")
    unit = rich.notes.get().unit
    fresh.notes.create(unit=unit, text="My own words.")
    enrollment = enroll(fresh, unit, weekly_hours=3)
    enrollment.completions.create(unit=unit)
    fresh.profile.headline = "I was here."
    fresh.profile.save()

    loaded(fresh, taken_out(rich))

    assert fresh.notes.get().text == "My own words."
    assert fresh.enrollments.get().weekly_hours == 3
    assert fresh.enrollments.get().completions.count() == 1
    assert fresh.enrollments.get().skips.count() == 1
    fresh.profile.refresh_from_db()
    assert fresh.profile.headline == "I was here."


def test_content_that_is_not_known_here_is_told_and_left_out(ada):
    unit = make_unit(slug="loops")
    file = packed({
        "notes": [
            {"unit": "loops", "text": "Here.", "written_at": "2026-01-01T10:00:00Z"},
            {"unit": "nowhere", "text": "Elsewhere.", "written_at": "2026-01-01T10:00:00Z"},
        ],
        "asked": [{"asked_on": "2026-01-01", "format": "theory", "skill": "no-such", "words": "Why?",
                   "place": "", "note": "", "added_at": "2026-01-01T10:00:00Z"}],
    })  # fmt: skip
    arrival = brought(ada, file)

    assert arrival.told["unknown"] == {"notes: unit nowhere": 1}
    assert arrival.told["loose"] == {"asked: skill no-such": 1}
    assert not Note.objects.exists()
    tasks.go_on_with_arrival(arrivals.agree(ada).pk)
    assert [note.unit for note in ada.notes.all()] == [unit]
    assert ada.asked.get().skill is None


# The pages


def test_ada_uploads_reads_what_would_come_and_says_yes(
    rich, client, django_capture_on_commit_callbacks
):
    fresh = make_user("Ada Elsewhere")
    client.force_login(fresh)
    upload = SimpleUploadedFile("mine.zip", taken_out(rich), "application/zip")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(PAGE, {"file": upload}).url == PAGE
    page = client.get(PAGE).text
    assert "Would come" in page
    assert "Projects" in page
    assert not fresh.projects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PAGE}load/")

    assert "Everything below is here now" in client.get(PAGE).text
    assert fresh.projects.count() == 1
    client.post(f"{PAGE}drop/")
    assert "Read it" in client.get(PAGE).text


@pytest.mark.parametrize(("body", "words"), [(b"", "empty"), (None, "required")])
def test_a_form_without_a_file_says_so(ada, as_user, body, words):
    data = {} if body is None else {"file": SimpleUploadedFile("x.zip", body)}

    answer = as_user(ada).post(PAGE, data)

    assert answer.status_code == 422
    assert words in answer.text


def test_a_file_that_is_too_large_is_not_kept(ada, as_user, folder, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 10)

    answer = as_user(ada).post(PAGE, {"file": SimpleUploadedFile("x.zip", b"x" * 11)})

    assert answer.status_code == 422
    assert "more than 20 MB" in answer.text
    assert not folder.exists()
    with pytest.raises(arrivals.TooLarge):
        arrivals.receive(ada, [b"x" * 6, b"x" * 6])
    assert list(folder.iterdir()) == []


def test_a_refusal_names_the_place_and_is_escaped(ada, as_user):
    brought(ada, packed({"notes": [{"unit": "x"}]}))

    page = as_user(ada).get(PAGE).text

    assert "Nothing was taken from the file. data/notes.json, entry 1" in page


def test_saying_no_leaves_nothing(ada, as_user, folder):
    brought(ada, packed({}))
    as_user(ada).post(f"{PAGE}drop/")

    assert not Arrival.objects.exists()
    assert list(folder.iterdir()) == []


# Files made to hurt

A_NOTE = {"unit": "loops", "text": "Fine.", "written_at": "2026-01-01T10:00:00Z"}
A_CARD = {
    "question": None, "source": "line/1", "own_format": "theory", "own_prompt": "Why?", "own_outline": [],
    "phase": 0, "step": None, "stability": None, "difficulty": None, "last_on": None, "due_on": None,
    "due_at": None, "lapses": 0, "set_aside_at": None, "version": 0, "added_at": "2026-01-01T10:00:00Z",
    "attempts": [],
}  # fmt: skip
A_PROJECT = {
    "slug": "engine", "title": "Engine", "summary": "", "problem": "", "data": "", "approaches": "",
    "evaluation": "", "results": "", "problem_kind": "", "demo_url": "", "brief": None,
    "created_at": "2026-01-01T10:00:00Z", "repositories": [], "claims": [], "measurements": [],
    "contributions": [],
}  # fmt: skip
A_REPOSITORY = {"full_name": "ada/engine", "ref": "", "folder": ""}
AN_OWN = {"unit": "loops", "title": "X", "url": "https://example.org/", "why": "",
          "added_at": "2026-01-01T10:00:00Z"}  # fmt: skip
DEEP = "[" * 100_000 + "]" * 100_000
BROKEN = [
    ("no list", "notes", {}, "data/notes.json"),
    ("null", "notes", None, "data/notes.json"),
    ("a number", "notes", 7, "data/notes.json"),
    ("an entry that is a list", "notes", [[]], "entry 1"),
    ("an entry that is null", "notes", [A_NOTE, None], "entry 2"),
    ("a value missing", "notes", [{"unit": "loops"}], "entry 1"),
    ("a text that is a number", "notes", [A_NOTE | {"text": 5}], "“text”"),
    ("a text that is a list", "notes", [A_NOTE | {"text": ["x"]}], "“text”"),
    ("an empty note", "notes", [A_NOTE | {"text": ""}], "entry 1"),
    ("a text that is too long", "notes", [A_NOTE | {"text": "x" * 20_001}], "“text”"),
    ("a NUL", "notes", [A_NOTE | {"text": "a\0b"}], "“text”"),
    ("half a character", "notes", '[{"unit":"loops","text":"\\ud800","written_at":"2026-01-01T10:00:00Z"}]', "“text”"),
    ("a moment that is none", "notes", [A_NOTE | {"written_at": "yesterday"}], "“written_at”"),
    ("a moment without a zone", "notes", [A_NOTE | {"written_at": "2026-01-01T10:00:00"}], "“written_at”"),
    ("a moment to come", "notes", [A_NOTE | {"written_at": "2099-01-01T10:00:00Z"}], "“written_at”"),
    ("a moment before all", "notes", [A_NOTE | {"written_at": "0001-01-01T00:00:00+14:00"}], "“written_at”"),
    ("the end of time", "notes", [A_NOTE | {"written_at": "9999-12-31T23:59:59-14:00"}], "“written_at”"),
    ("a moment that is a number", "notes", [A_NOTE | {"written_at": 1e300}], "“written_at”"),
    ("a unit that is a dict", "notes", [A_NOTE | {"unit": {"$ne": 1}}], "“unit”"),
    ("the same note twice", "notes", [A_NOTE, A_NOTE | {"text": "Other."}], "entry 2"),
    ("no JSON", "notes", "{", "line 1"),
    ("NaN", "cards", "[{\"stability\": NaN}]", "data/cards.json"),
    ("infinity", "cards", '[{"difficulty": Infinity}]', "data/cards.json"),
    ("a name twice", "notes", '[{"unit": "a", "unit": "b"}]', "data/notes.json"),
    ("a number of 10,000 digits", "cards", f'[{{"version": {"9" * 10_000}}}]', "data/cards.json"),
    ("a nest", "notes", DEEP, "data/notes.json"),
    ("a nest in a value", "stories", f'[{{"themes": {DEEP}}}]', "data/stories.json"),
    ("no UTF-8", "notes", b"\xff\xfe[]", "data/notes.json"),
    ("YAML", "notes", "- &a [*a]", "data/notes.json"),
    ("XML", "notes", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>', "data/notes.json"),
    ("a phase that is none", "cards", [A_CARD | {"phase": 9}], "“phase”"),
    ("a truth for a number", "cards", [A_CARD | {"lapses": True}], "“lapses”"),
    ("a huge number", "cards", [A_CARD | {"lapses": 10**12}], "“lapses”"),
    ("an outline that is a number", "cards", [A_CARD | {"own_outline": 5}], "“own_outline”"),
    ("an outline of numbers", "cards", [A_CARD | {"own_outline": [5]}], "“own_outline”"),
    ("a memory without a day", "cards", [A_CARD | {"phase": 2}], "entry 1"),
    ("a card of nothing", "cards", [A_CARD | {"source": "", "own_prompt": ""}], "entry 1"),
    ("attempts that are no list", "cards", [A_CARD | {"attempts": {}}], "“attempts”"),
    ("a link of another scheme", "own-resources", [AN_OWN | {"url": "javascript:alert(1)"}], "“url”"),
    ("a link without TLS", "own-resources", [AN_OWN | {"url": "http://example.org/"}], "entry 1"),
    ("hours of a week", "enrollments", [{"roadmap": "ml-engineer", "target_role": None, "weekly_hours": 99,
     "study_days": "", "enrolled_at": "2026-01-01T10:00:00Z", "aims": [], "completions": [], "skips": []}],
     "“weekly_hours”"),
    ("days that are none", "enrollments", [{"roadmap": "ml-engineer", "target_role": None,
     "weekly_hours": 9, "study_days": "99", "enrolled_at": "2026-01-01T10:00:00Z", "aims": [],
     "completions": [], "skips": []}], "entry 1"),
    ("a slug that is a path", "projects", [A_PROJECT | {"slug": "../admin"}], "“slug”"),
    ("two projects of one slug", "projects", [A_PROJECT, A_PROJECT | {"title": "Other"}], "entry 2"),
    ("a project without a title", "projects", [A_PROJECT | {"title": ""}], "entry 1"),
    ("a demo that is a script", "projects", [A_PROJECT | {"demo_url": "javascript:x"}], "“demo_url”"),
    ("a repository elsewhere", "projects",
     [A_PROJECT | {"repositories": [A_REPOSITORY | {"full_name": "../../etc/passwd"}]}], "repositories 1"),
    ("a repository twice", "projects", [A_PROJECT | {"repositories": [A_REPOSITORY] * 2}], "repositories 2"),
    ("a result that is no number", "projects", [A_PROJECT | {"measurements": [
     {"position": 1, "metric": "x", "result": "lots", "baseline": "", "baseline_words": "", "unit": "",
      "direction": "lower", "data_set": "", "repository": None, "path": "",
      "written_at": "2026-01-01T10:00:00Z"}]}], "measurements 1"),
    ("themes that are none", "stories", [{"project": None, "title": "x", "situation": "", "task": "",
     "action": "", "result": "", "lesson": "", "themes": ["<script>"], "written_at": "2026-01-01T10:00:00Z"}],
     "“themes”"),
    ("a canvas of other parts", "canvases", [{"question": "x", "parts": {"evil": "x"}, "covered": [],
     "written_at": "2026-01-01T10:00:00Z"}], "“parts”"),
    ("a time zone that is a text of 65", "profile", [{"headline": "", "about": "", "time_zone": "x" * 65,
     "shows_skills": True, "digest_hour": 7}], "“time_zone”"),
    ("two profiles", "profile", [{"headline": "a"}, {"headline": "b"}], "entry 2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "where"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_file_with_one_wrong_value_is_refused_whole_at_its_place(ada, name, value, where):
    make_unit(slug="loops")
    good = {"snippets": [{"title": "Good", "text": "x", "written_at": "2026-01-01T10:00:00Z"}]}
    arrival = brought(ada, packed(good | {name: value}))
    if arrival.is_asking:  # what only the database knows comes out when it is written
        tasks.go_on_with_arrival(arrivals.agree(ada).pk)
        arrival.refresh_from_db()

    assert arrival.status == "refused"
    assert where in arrival.where
    assert arrival.why
    assert not ada.snippets.exists()
    assert not arrivals.path_of(arrival).exists()


HOSTILE_PATHS = [
    "../evil.json", "/etc/passwd", "data/../../x", "C:\\x", "data\\notes.json", "a/./b", "a//b", "a/ /b", "..",
    "./x", "x\0y", "\u202egpj", "a" * 300, "~/x:y", "data/…",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE_PATHS, ids=ascii)
def test_a_path_that_leads_elsewhere_is_refused(ada, path, folder):
    buffer = io.BytesIO(packed({}))
    with zipfile.ZipFile(buffer, "a") as archive:
        member = zipfile.ZipInfo()
        member.filename = path
        archive.writestr(member, "x")
    arrival = brought(ada, buffer.getvalue())

    if path == "x\0y":  # zipfile itself ends the name there
        assert not (folder / "x").exists()
        return
    assert (arrival.status, arrival.why) == ("refused", "Its path is not one that a takeout has.")
    assert list(folder.iterdir()) == []


def encrypted():
    file = bytearray(packed({"notes": []}))
    at = file.rindex(b"PK\x01\x02")
    file[at + 8] |= 1
    return bytes(file)


def twice():
    buffer = io.BytesIO(packed({"notes": []}))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("data/notes.json", "[]")
    return buffer.getvalue()


def broken_stream():
    file = bytearray(packed({"notes": [A_NOTE] * 50}))
    at = file.index(b"data/notes.json") + 20
    file[at : at + 20] = b"\xff" * 20
    return bytes(file)


ARCHIVES = {
    "nothing": lambda: b"x",
    "a text": lambda: b"hello" * 100,
    "a PNG": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "half a ZIP": lambda: packed({"notes": []})[:-30],
    "no manifest": lambda: packed({})[:0] + _zip_of({"data/notes.json": "[]"}),
    "a manifest of another": lambda: packed({}, manifest={"format": "other", "version": 1}),
    "a manifest that is a list": lambda: packed({}, manifest=[]),
    "another version": lambda: packed({}, manifest={"format": "milepost-takeout", "version": 2}),
    "a version that is true": lambda: packed({}, manifest={"format": "milepost-takeout", "version": True}),
    "too many files": lambda: packed({str(n): [] for n in range(1001)}),
    "a bomb": lambda: packed({"notes": b"[" + b" " * (33 * 1024 * 1024) + b"]"}),
    "many entries": lambda: packed({"notes": [{}] * 50_001}),
    "encrypted": encrypted,
    "twice": twice,
    "a broken stream": broken_stream,
}  # fmt: skip


def _zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_that_is_no_takeout_is_refused(ada, kind):
    arrival = brought(ada, ARCHIVES[kind]())

    assert arrival.status == "refused"
    assert arrival.where
    assert arrival.why


def test_two_bombs_have_one_room(ada, monkeypatch):
    monkeypatch.setattr(archives, "MOST_IN_ALL", 3000)
    big = b"[" + b" " * 2000 + b"]"

    arrival = brought(ada, packed({"notes": big, "snippets": big}))

    assert arrival.why == "It is too large."


# Meanwhile


def test_nothing_is_there_by_half_when_the_last_row_breaks(rich, monkeypatch):
    fresh = make_user("Ada Elsewhere")
    file = taken_out(rich)
    brought(fresh, file)
    write = bringing.carry_out

    def write_and_die(plan):
        write(plan)
        raise SystemExit

    monkeypatch.setattr(bringing, "carry_out", write_and_die)
    arrival = arrivals.agree(fresh)
    with pytest.raises(SystemExit):
        tasks.go_on_with_arrival(arrival.pk)
    assert not fresh.projects.exists()
    assert not UnitCompletion.objects.filter(enrollment__learner=fresh).exists()

    monkeypatch.undo()
    Arrival.objects.update(due_at=timezone.now())
    tasks.carry_on()
    arrival.refresh_from_db()
    assert arrival.status == "done"
    assert fresh.projects.count() == 1


def test_one_that_kills_its_worker_is_given_up(ada, monkeypatch):
    arrival = arrivals.receive(ada, [packed({})])
    for _ in range(arrivals.MOST_TRIES):
        assert arrivals.claim(arrival.pk)
        Arrival.objects.update(due_at=timezone.now())

    assert arrivals.claim(arrival.pk) is None
    arrival.refresh_from_db()
    assert arrival.status == "failed"


def test_what_nobody_says_yes_to_is_removed_after_a_day(ada, folder):
    brought(ada, packed({}))
    tasks.forget_old()
    assert Arrival.objects.exists()
    Arrival.objects.update(brought_at=timezone.now() - timedelta(days=2))
    tasks.forget_old()

    assert not Arrival.objects.exists()
    assert list(folder.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_four_uploads_in_one_moment_keep_one(ada, folder):
    def bring():
        try:
            return arrivals.receive(ada, [packed({})]).pk
        except arrivals.Busy:
            return None

    kept = [key for key in at_once(*[bring] * 4) if key]

    assert len(kept) == Arrival.objects.count() == len(list(folder.iterdir())) == 1


def test_every_json_value_that_comes_back_says_what_it_may_be():

    for name in bringing.brought():
        for shape in entries.shapes()[name].walk():
            back = shape.taken.back
            for value in shape.values if back else []:
                is_taken = value.name not in back.put
                is_taken = is_taken and (not back.values or value.name in back.values)
                if isinstance(value.of, models.JSONField) and is_taken:
                    assert value.name in back.shapes, f"{shape.taken.name}: {value.name}"


# Images


DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def png(width, height):
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def pictured(ada, settings, tmp_path):
    settings.IMAGE_DIR = tmp_path / "media"
    project = make_project(ada, slug="engine", title="Engine")
    images.add(project, DOT, alt="A red dot", caption="Seen at noon")
    return project


def rewritten(file, **members):
    """A takeout with other bytes in the members whose names end so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = next((d for end, d in members.items() if name.endswith(end)), old.read(name))
            new.writestr(name, data)
    return buffer.getvalue()


def test_images_of_case_studies_come_back_written_anew(ada, grace, pictured):
    file = taken_out(ada)

    arrival = loaded(grace, file)

    [image] = grace.projects.get(slug="engine").images.all()
    assert (image.alt, image.caption) == ("A red dot", "Seen at noon")
    assert image.key != pictured.images.get().key
    assert images.bytes_of(image).startswith(b"\x89PNG")
    assert arrival.told["comes"]["images"] == 1
    assert "images" not in loaded(grace, file).told["comes"]
    assert grace.projects.get(slug="engine").images.count() == 1


def test_images_are_counted_before_anything_is_written(ada, grace, pictured):
    images.add(pictured, png(9, 9), alt="Black")
    gone = images.add(pictured, png(8, 8), alt="Gone")
    images.folder().joinpath(gone.file_name).unlink()
    file = taken_out(ada)

    asked = brought(grace, file).told["comes"]

    assert asked["images"] == 2
    assert grace.projects.count() == 0
    assert len(list(images.folder().iterdir())) == 2
    arrivals.drop(grace)
    assert loaded(grace, file).told["comes"]["images"] == 2
    assert "images" not in brought(grace, file).told["comes"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg onload='alert(1)'/>", "SVG"),
        (b"GIF89a" + b"x" * 40, "is no PNG"),
        (b"", "empty"),
        (png(900, 900)[:60], "cannot be read to its end"),
        (png(1601, 1), "more pixels than any image that was kept"),
        (png(1, 200_000), "more pixels than any image that was kept"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
    ],
    ids=["svg", "gif", "empty", "half", "wide", "tower", "large"],
)
def test_a_file_that_is_no_image_refuses_the_whole(ada, grace, pictured, data, why):
    file = rewritten(taken_out(ada), **{".png": data})
    arrival = brought(grace, file)
    tasks.go_on_with_arrival(arrivals.agree(grace).pk)

    arrival.refresh_from_db()

    assert arrival.status == "refused"
    assert arrival.where == "data/projects.json, entry 1, images 1"
    assert why in arrival.why
    assert not grace.projects.exists()
    assert len(list(images.folder().iterdir())) == 1  # Ada's own


def test_what_hides_in_an_image_of_a_takeout_does_not_come(ada, grace, pictured):
    loaded(grace, rewritten(taken_out(ada), **{".png": DOT + b"PK<script>alert(1)</script>"}))

    [image] = grace.projects.get(slug="engine").images.all()
    assert b"script" not in images.bytes_of(image)


def test_an_image_without_words_refuses_the_whole_and_one_without_a_file_is_left_out(
    ada, grace, pictured
):
    pictured.images.update(alt=" ")
    assert loaded(grace, taken_out(ada)).why == "It needs words that stand for it."
    pictured.images.update(alt="A red dot")
    images.folder().joinpath(pictured.images.get().file_name).unlink()

    arrival = loaded(grace, taken_out(ada))

    assert arrival.status == "done"
    assert not grace.projects.get(slug="engine").images.exists()


def test_a_takeout_without_its_files_comes_without_images(ada, grace, pictured):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(taken_out(ada))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if not name.startswith("files/"):
                new.writestr(name, old.read(name))

    assert loaded(grace, buffer.getvalue()).status == "done"
    assert grace.projects.get(slug="engine").images.count() == 0


def test_a_good_image_before_a_bad_one_does_not_come_either(ada, grace, pictured):
    bad = images.add(pictured, png(9, 9), alt="Black")
    file = rewritten(taken_out(ada), **{f"{bad.key}.png": b"<svg/>"})

    arrival = loaded(grace, file)

    assert arrival.where == "data/projects.json, entry 1, images 2"
    assert not grace.projects.exists()
    assert CaseImage.objects.count() == 2  # Ada's own


def test_more_images_than_a_task_can_decode_are_refused(ada, grace, pictured, monkeypatch):
    monkeypatch.setattr(holdings, "MOST_PICTURES", 0)

    arrival = loaded(grace, taken_out(ada))

    assert arrival.why == "There are more images than can be brought at once."


# Pull requests


def test_a_line_from_a_pull_request_rests_on_it_again_and_waits_for_github(ada, grace):
    project = make_project(ada, slug="engine", title="Engine")
    SocialAccount.objects.create(user=ada, provider="github", uid="77")
    project.contributions.create(
        full_name="pandas-dev/pandas", number=12, title="Mend the mean", author_id=77, owner_id=1,
        merged_at=timezone.now(), merge_sha="c" * 40, looked_at=timezone.now(),
    )  # fmt: skip
    resumes.create(ada, name="Junior", role=None)

    loaded(grace, taken_out(ada))

    lines = ResumeLine.objects.filter(entry__owner=grace).select_related(*proofs.RESTS_ON)
    [line] = lines.exclude(contribution=None)
    assert "merged into pandas-dev/pandas" in line.words
    assert line.contribution.project == grace.projects.get(slug="engine")
    assert line.contribution.merged_at is None
    proof = proofs.of_lines(grace, [line], proofs.work_of(grace))[line.pk]
    assert not proof.is_supported
    assert proof.words == "GitHub has not been asked about the pull request yet."
