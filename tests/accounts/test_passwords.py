"""Which passwords are taken, and which are refused at their field."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.passwords import WORDS, words_of_the_site
from tests.accounts.test_sign_in import HOME, NEW_PASSWORD, is_signed_in, sign_in, sign_up
from tests.factories import PASSWORD, make_user


@pytest.mark.parametrize(
    "password",
    [
        "milepost2026", "Milepost-1234", "machinelearning1", "PythonRoadmap!!", "learner-mentor", "LearnML2026",
        "admin-portfolio", "password12345",
    ],
)  # fmt: skip
def test_little_more_than_words_of_the_site_is_refused(password, settings):
    settings.SITE_NAME = "LearnML"

    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "little more than words of this site" in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "password",
    [
        "python snakes eat mentors", "correct horse battery staple", "0483915627", "ffffffgggg",
        "ünïcödé ßtraße", " spaces at the ends ", "x" * 64 + "longer than sixty-four", "语言模型很有意思的一天",
    ],
)  # fmt: skip
def test_a_password_of_any_composition_is_taken_and_verified_as_it_was_typed(
    password, client, db, settings
):
    validate_password(password)
    ada = make_user("Ada")
    ada.set_password(password)
    ada.save()

    assert ada.check_password(password)
    assert not ada.check_password(password.swapcase() if password.swapcase() != password else "")
    assert not ada.check_password(password.strip()) or password == password.strip()
    sign_in(client, ada, password)
    assert is_signed_in(client)


def test_the_words_are_those_of_the_site_too(settings):
    settings.SITE_NAME, settings.SITE_URL = "Turing Circle", "https://learn.turing.example"

    assert words_of_the_site() == {*WORDS, "turing", "circle", "learn", "example"}


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("milepost2026", "words of this site"),
        ("qwertyuiop", "too common"),
        ("short-1", "too short"),
    ],
)
def test_it_is_said_at_the_field_when_somebody_signs_up(password, words, client, db):
    response = sign_up(client, password1=password)

    assert words in " ".join(response.context["form"].errors["password1"])


def test_a_new_password_ends_every_other_session(client, ada):
    other = Client()
    for browser in (client, other):
        sign_in(browser, ada)
        assert browser.get(HOME).status_code == 200
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    client.post("/accounts/password/change/", change)

    assert client.get(HOME).status_code == 200
    assert other.get(HOME).status_code == 302


def test_a_session_ends_two_weeks_after_signing_in_however_much_it_is_used(client, ada, settings):
    sign_in(client, ada)
    ends = Session.objects.get().expire_date

    client.get(HOME)

    assert settings.SESSION_COOKIE_AGE == 14 * 24 * 60 * 60
    assert not settings.SESSION_SAVE_EVERY_REQUEST
    assert Session.objects.get().expire_date == ends
    Session.objects.update(expire_date=timezone.now())
    assert client.get(HOME).status_code == 302


def test_the_old_password_is_wanted_for_a_new_one(client, ada):
    sign_in(client, ada)
    change = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    client.post("/accounts/password/change/", change)

    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/signup/", "/accounts/password/change/"]
)
def test_password_fields_are_masked_and_leave_managers_alone(address, client, ada):
    if "change" in address:
        sign_in(client, ada)

    fields = re.findall(r"<input[^>]*password[^>]*>", client.get(address).text)

    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert 'autocomplete="off"' not in field
        assert "maxlength" not in field
        assert "onpaste" not in field
