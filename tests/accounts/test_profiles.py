"""Everybody has a profile, with a handle that is theirs alone, and edits it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts import profiles
from accounts.forms import time_zones
from accounts.middleware import TimeZone
from accounts.models import Profile, User
from tests.factories import PASSWORD, make_user

PAGE = "/settings/profile/"


def fields(**changes):
    return {
        "name": "Ada Nwosu",
        "handle": "ada-nwosu",
        "headline": "",
        "about": "",
        "time_zone": "UTC",
    } | changes


def test_two_people_of_one_name_get_two_handles(db):
    first = profiles.create(User.objects.create_user("a@example.org"), name="Ada Nwosu")
    second = profiles.create(User.objects.create_user("b@example.org"), name="Ada Nwosu")

    assert (first.handle, second.handle) == ("ada-nwosu", "ada-nwosu-2")


def test_a_wished_handle_is_taken_where_it_is_free_and_fit(db):
    profile = profiles.create(
        User.objects.create_user("a@example.org"), name="Ada", handle="Nwosu-Ada"
    )
    admin = profiles.create(User.objects.create_user("b@example.org"), name="Eve", handle="admin")

    assert profile.handle == "nwosu-ada"
    assert admin.handle == "admin-1"


def test_creating_a_profile_twice_gives_the_one_there_is(ada):
    assert profiles.create(ada, name="Somebody else") == ada.profile


@pytest.mark.django_db(transaction=True)
def test_people_of_one_name_who_come_at_once_get_different_handles():
    people = [User.objects.create_user(f"{n}@example.org") for n in range(4)]
    start = Barrier(len(people))

    def create(user):
        start.wait()
        try:
            return profiles.create(user, name="Ada Nwosu").handle
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        handles = list(pool.map(create, people))

    assert len(set(handles)) == len(people)


def test_a_handle_taken_between_the_look_and_the_making_leads_to_the_next(ada, monkeypatch):
    exists = QuerySet.exists

    def look_too_early(rows):
        monkeypatch.setattr(QuerySet, "exists", exists)
        return False

    monkeypatch.setattr(QuerySet, "exists", look_too_early)
    second = profiles.create(User.objects.create_user("b@example.org"), name="Ada Nwosu")

    assert second.handle == "ada-nwosu-2"


def test_somebody_made_without_a_profile_gets_one_with_their_first_page(client, db):
    user = User.objects.create_user("mary.o_brien+work@example.org", PASSWORD)
    client.force_login(user)

    assert client.get(PAGE).status_code == 200

    assert Profile.objects.get(user=user).name == "Mary O Brien"


def test_a_superuser_made_on_the_command_line_has_a_profile_and_a_proven_address(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", "--noinput", email="katherine@example.org", verbosity=0)

    katherine = User.objects.get(email="katherine@example.org")
    assert katherine.is_superuser
    assert katherine.profile.handle == "katherine"
    assert katherine.emailaddress_set.get().verified


def test_ada_edits_her_profile(as_user, ada):
    response = as_user(ada).post(
        PAGE,
        fields(
            name="Ada N. Nwosu",
            handle="@Ada-Codes",
            headline="Junior ML engineer",
            about="*Bikes* and trees.",
            time_zone="Europe/London",
            is_public="on",
        ),
        follow=True,
    )

    profile = Profile.objects.get(user=ada)
    assert profile.name == "Ada N. Nwosu"
    assert profile.handle == "ada-codes"
    assert profile.time_zone == "Europe/London"
    assert profile.is_public
    assert "Profile saved." in response.text


def test_the_page_says_what_becomes_visible_before_it_does(as_user, ada):
    page = as_user(ada).get(PAGE).text

    assert "Then anybody can read your name" in page
    assert "Search engines may list it" in page
    assert "Your e-mail address, notes and plans stay private" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("handle", "eve-moreau", "Somebody else has this handle."),
        ("handle", "EVE-Moreau", "Somebody else has this handle."),
        ("handle", "admin", "kept for the site itself"),
        ("handle", "аda", "small letters (a to z)"),
        ("handle", "a", "small letters (a to z)"),
        ("name", "Ada\u200bNwosu", "cannot be seen: U+200B"),
        ("name", "Ada\u202eNwosu", "cannot be seen: U+202E"),
        ("name", "", "This field is required."),
        ("name", "x" * 81, "at most 80 characters"),
        ("headline", "Learner\u202e", "control how text runs: U+202E"),
        ("headline", "x" * 121, "at most 120 characters"),
        ("about", "x" * 2001, "at most 2000 characters"),
        ("time_zone", "Mars/Olympus", "not one of the available choices"),
    ],
)
def test_what_a_profile_cannot_be_is_refused_with_the_reason(
    as_user, ada, eve, field, value, words
):
    response = as_user(ada).post(PAGE, fields(**{field: value, "is_public": "on"}))

    assert words in response.text
    assert not Profile.objects.get(user=ada).is_public


def test_a_form_that_was_refused_does_not_rename_the_person_above_it(as_user, ada):
    page = as_user(ada).post(PAGE, fields(name="Ada\u200b", handle="admin")).text

    assert "@ada-nwosu" in page


def test_fields_of_others_and_powers_cannot_be_set_by_the_form(as_user, ada, eve):
    as_user(ada).post(PAGE, fields(user=eve.pk, is_staff="on", pk=eve.profile.pk))

    ada.refresh_from_db()
    assert not ada.is_staff
    assert Profile.objects.get(user=eve).name == "Eve Moreau"


def test_the_profile_page_is_for_people_signed_in(client, db):
    response = client.get(PAGE)

    assert response.url == f"{reverse('account_login')}?next={PAGE}"


def test_a_zone_that_is_no_longer_offered_stays_until_it_is_changed(as_user, db):
    user = make_user("Old Zone")
    Profile.objects.filter(user=user).update(time_zone="GB")

    as_user(user).post(PAGE, fields(handle="old-zone", time_zone="GB"))

    assert Profile.objects.get(user=user).time_zone == "GB"
    assert ("GB", "GB") not in time_zones("UTC")


def test_dates_are_in_the_time_zone_of_the_reader(rf, ada):
    Profile.objects.filter(user=ada).update(time_zone="Asia/Tokyo")
    request = rf.get("/")
    request.user = User.objects.get(pk=ada.pk)

    response = TimeZone(lambda _: HttpResponse(timezone.get_current_timezone_name()))(request)

    assert response.text == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", ""])
def test_a_time_zone_that_does_not_exist_is_utc(rf, ada, zone):
    Profile.objects.filter(user=ada).update(time_zone=zone)
    request = rf.get("/")
    request.user = User.objects.get(pk=ada.pk)

    response = TimeZone(lambda _: HttpResponse(timezone.get_current_timezone_name()))(request)

    assert response.text == "UTC"
