"""Whoever opens what is not public of somebody is written down, on every address there is.

The expectations of the site map say what is hidden: a page that Grace or Katherine get and Eve does
not. One that shows something of Ada's and writes nothing down fails here, without being listed.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from accounts import sightings, tasks
from accounts.admin import Watched
from accounts.models import Sighting
from accounts.sightings import Thing
from tests.factories import (
    enroll,
    make_check_run,
    make_cohort,
    make_own_role,
    make_project,
    make_role,
    make_unit,
    make_user,
)
from tests.test_site_map import ABSENT, GET, OURS, place  # noqa: F401

pytestmark = pytest.mark.once

#: Hidden pages that show nothing of a learner's, each with what they show instead.
NOTHING_OF_ANYBODYS = {
    "accounts:cohort_new": "an empty form",
    "accounts:cohort_edit": "the cohort",
    "accounts:cohort_end": "a question about the cohort",
    "accounts:cohort_invite": "the ways in",
    "accounts:remove_member": "a question, with a name from the cohort's page",
    "accounts:leave_cohort": "one's own membership",
    "accounts:end_mentorship": "one's own mentorship",
    "accounts:block": "a question",
    "curriculum:resource_links": "addresses of the curriculum",
    "curriculum:mock_interview_times": "one's own times",
    "curriculum:cancel_mock_interview": "a question",
    "curriculum:mock_interview_file": "one's own appointment",
    "portfolio:edit_comment": "one's own words",
    "portfolio:edit_snippet": "one's own words",
    "portfolio:kept_draft": "one's own words",
}
SHOWN = (200, 302)  # of repository_checks htmx gets the page that others are led to
HIDDEN = [
    (route, person)
    for route in OURS
    for person in ("grace", "katherine")
    if GET[route][person] in SHOWN and GET[route]["eve"] == ABSENT
]


def test_something_is_hidden():
    assert len(HIDDEN) > 10


@pytest.mark.parametrize(("route", "person"), HIDDEN)
def test_every_hidden_page_writes_down_who_looked(route, person, place, client, one_hour):  # noqa: F811
    people, address = place
    client.force_login(people[person])
    for _ in range(3):
        response = client.get(address(route), headers={"HX-Request": "true"})

    assert response.status_code == 200
    written = Sighting.objects.filter(viewer=people[person], owner=people["ada"])
    if route in NOTHING_OF_ANYBODYS:
        assert not Sighting.objects.exists()
    else:
        assert written.count() == Sighting.objects.count() == 1
        assert written.get().path == address(route)


@pytest.mark.parametrize("person", ["ada", "eve", "alan", None])
def test_nobody_is_written_down_for_their_own_or_for_what_they_did_not_get(
    person,
    place,  # noqa: F811
    client,
):
    people, address = place
    if person:
        client.force_login(people[person])
    for route in OURS:
        if route == "accounts:open_share_link":
            continue  # opens Ada's page to whoever has it; test_share_links.py says what is written
        client.get(address(route))

        assert not Sighting.objects.exists(), route


def test_what_is_public_is_nobodys_business(ada, grace, eve, as_user):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, slug="engine", visibility="public")
    run = make_check_run(project, ("tests", "failed"))
    for person in (grace, eve):
        for path in ("/@ada-nwosu/", "/@ada-nwosu/engine/", f"/check-runs/{run.pk}/"):
            assert as_user(person).get(path).status_code == 200

    assert not Sighting.objects.exists()


def test_a_private_repository_of_a_public_project_is_not_public(ada, grace, as_user):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, slug="engine", visibility="public")
    run = make_check_run(project, ("tests", "failed"))
    project.repositories.update(is_private=True)

    as_user(grace).get("/@ada-nwosu/engine/")
    as_user(grace).get(f"/check-runs/{run.pk}/")

    assert set(Sighting.objects.values_list("kind", flat=True)) == {"project", "check_run"}


def test_a_portfolio_with_a_private_project_is_written_down_for_who_sees_that_one(
    ada, grace, eve, as_user
):
    ada.profile.is_public = True
    ada.profile.save()
    make_project(ada)

    as_user(eve).get("/@ada-nwosu/")
    as_user(grace).get("/@ada-nwosu/")

    assert [sighting.viewer for sighting in Sighting.objects.all()] == [grace]


def test_a_role_of_ones_own_is_written_down_where_two_are_compared(ada, grace, as_user):
    own = make_own_role(ada)
    enroll(ada, make_unit(), target_role=own)
    other = make_role(slug="junior")

    page = as_user(grace).get(f"/roles/compare/?a={own.slug}&b={other.slug}")

    assert page.status_code == 200
    assert Sighting.objects.get().words == "Hers"


def test_a_mentor_with_a_private_page_reads_who_looked_too(ada, grace, as_user):
    as_user(ada).get("/@grace-halloran/")

    page = as_user(grace).get("/settings/seen/").content.decode()

    assert "Ada Nwosu" in page
    assert "your portfolio page" in page


def test_ada_reads_who_looked_at_what_and_when(ada, grace, as_user):
    make_project(ada, slug="engine", title="Engine <b>")
    as_user(grace).get("/@ada-nwosu/engine/")

    page = as_user(ada).get("/settings/seen/").content.decode()

    assert "Grace Halloran" in page
    assert "your project: “Engine &lt;b&gt;”" in page
    assert "Nobody looked yet" in as_user(grace).get("/settings/seen/").content.decode()


def test_staff_are_named_as_staff(ada, katherine, as_user):
    make_cohort(slug="spring", learners=[ada])
    as_user(katherine).get("/cohorts/spring/")

    page = as_user(ada).get("/settings/seen/").content.decode()

    assert "Katherine Obi" in page
    assert ">staff<" in page


def test_the_next_hour_is_another_look(ada, grace, monkeypatch):
    thing = Thing(Sighting.Kind.PROJECT, 1, "Engine")
    begin = timezone.now().replace(minute=5)
    for minutes in (0, 50, 60):
        now = begin + timedelta(minutes=minutes)
        monkeypatch.setattr("accounts.sightings.timezone.now", lambda now=now: now)
        sightings.record(grace, [ada.pk], thing, "/x/")

    assert Sighting.objects.count() == 2


def test_a_look_is_one_insert_and_a_second_look_costs_the_same(
    ada, grace, one_hour, django_assert_num_queries
):
    thing = Thing(Sighting.Kind.COHORT, 1)
    people = [make_user().pk for _ in range(50)]
    for _ in range(2):
        with django_assert_num_queries(3):  # with the savepoint around it
            sightings.record(grace, people, thing, "/x/")

    assert Sighting.objects.count() == 50


def test_a_page_does_not_fail_for_it(ada, grace, as_user, monkeypatch):
    make_project(ada, slug="engine")

    def refuse(*args, **kwargs):
        raise DatabaseError("full")

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", refuse)

    assert as_user(grace).get("/@ada-nwosu/engine/").status_code == 200
    assert not Sighting.objects.exists()


def test_words_that_are_too_long_are_cut(ada, grace):
    sightings.record(grace, [ada.pk], Thing("role", "k" * 99, "w" * 300), "/" + "p" * 999)

    assert len(Sighting.objects.get().words) == 120


def test_only_a_look_is_written_down(ada, grace, as_user):
    make_project(ada, slug="engine")
    client = as_user(grace)

    client.head("/@ada-nwosu/engine/")
    client.post("/@ada-nwosu/engine/review/", {"body": "x"})

    assert not Sighting.objects.exists()


def test_what_a_year_has_passed_over_is_forgotten(ada, grace, monkeypatch):
    monkeypatch.setattr(sightings, "BATCH", 2)
    for days in (1, 364, 366, 400, 401, 402, 500):
        sightings.record(grace, [ada.pk], Thing("project", days), "/x/")
        moment = timezone.now() - timedelta(days=days)
        Sighting.objects.filter(thing=days).update(seen_at=moment)

    tasks.forget_old()
    tasks.forget_old()

    assert sorted(Sighting.objects.values_list("thing", flat=True)) == ["1", "364"]


def test_who_left_stays_written_down_without_a_name(ada, grace, as_user):
    make_project(ada, slug="engine")
    as_user(grace).get("/@ada-nwosu/engine/")
    grace.delete()

    assert "Somebody who has left" in as_user(ada).get("/settings/seen/").content.decode()


def test_fifty_looks_are_a_page(ada, grace, as_user, django_assert_max_num_queries):
    for number in range(60):
        sightings.record(grace, [ada.pk], Thing("project", number, f"P{number}"), "/x/")
    client = as_user(ada)
    client.get("/settings/profile/")

    with django_assert_max_num_queries(11):
        page = client.get("/settings/seen/").content.decode()

    assert page.count("your project: ") == 50
    assert 'href="?page=2"' in page


# The administration


#: A role may be somebody's own: these pages leave those out.
OF_CONTENT = ("curriculum.Role", "curriculum.Requirement")


def test_every_administration_of_what_is_somebodys_is_watched():
    people = apps.get_model("accounts.User")
    forgotten = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if not isinstance(page, Watched)
        and model._meta.label not in OF_CONTENT
        and (model is people or _leads_to(model, people))
    ]

    assert forgotten == []


def _leads_to(model, people, seen=()):
    """Whether a row belongs to a person, by itself or by what it belongs to."""
    for field in model._meta.concrete_fields:
        if field.many_to_one or field.one_to_one:
            there = field.related_model
            if there is people:
                return True
            if there not in (*seen, model) and _leads_to(there, people, (*seen, model)):
                return True
    return False


def test_staff_who_open_a_record_of_ada_are_written_down(place, client):  # noqa: F811
    people, _ = place
    client.force_login(people["katherine"])
    ada = people["ada"]
    project = ada.projects.get(slug="engine")
    rows = [
        ada, project, project.repositories.get().check_runs.get(), project.reviews.first(),
        ada.enrollments.get(), ada.mentorships_as_learner.first(), ada.disputes_raised.get(),
        ada.invitations_sent.get(), ada.memberships.get().cohort,
    ]  # fmt: skip
    for row in rows:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        assert client.get(reverse(name, args=[row.pk])).status_code == 200

    assert Sighting.objects.filter(owner=ada, kind="admin").count() == len(rows)
