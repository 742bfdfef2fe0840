"""Every way in, every refusal and every change of what guards an account stands in the log, with no secret."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import sign_in_log
from tests.accounts.mailbox import code_for, path_for
from tests.accounts.test_sign_in import NEW_PASSWORD, confirm_password, sign_in, sign_up, totp
from tests.factories import PASSWORD
from tests.test_logs import lines  # noqa: F401

pytestmark = pytest.mark.parametrize("lines", ["json"], indirect=True)


@pytest.fixture
def told(lines):  # noqa: F811
    """Of every line so far: what it says, of whom, and the whole of it."""

    def read():
        logged = [json.loads(line) for line in lines().splitlines() if line.startswith("{")]
        return [line for line in logged if line.get("logger") == "accounts.sign_in_log"]

    return read


def events(told):
    return [line["event"] for line in told()]


def test_who_signs_up_in_and_out_is_written_down_with_when_and_from_where(told, client, db):
    sign_up(client)
    client.post("/accounts/confirm-email/", {"code": "000000"})
    client.post("/accounts/confirm-email/", {"code": code_for("ada@example.org")})
    client.post("/accounts/logout/")

    assert events(told) == ["signed up", "a code was refused", "signed in", "signed out"]
    for line in told():
        assert line["timestamp"].endswith("Z")
        assert line["ip"] == "127.0.0.1"
        assert len(line["request_id"]) == 36
        assert "user" in line


def test_the_ways_by_which_somebody_came_in_are_named(told, client, ada):
    sign_in(client, ada)

    [line] = told()
    assert (line["event"], line["user"], line["by"]) == ("signed in", ada.pk, ["password"])


def test_a_refused_sign_in_names_no_address_and_the_same_account_by_the_same_mark(
    told, client, ada
):
    for typed in (ada.email, ada.email.upper(), "nobody@example.org"):
        client.post("/accounts/login/", {"login": typed, "password": "hunter2-hunter2"})

    lines_told = told()
    marks = [line["account"] for line in lines_told]
    assert {line["event"] for line in lines_told} == {"a sign-in was refused"}
    assert set(marks) == {
        sign_in_log.mark_of(ada.email),
        sign_in_log.mark_of("nobody@example.org"),
    }
    assert "example.org" not in json.dumps(lines_told)
    assert "hunter2" not in json.dumps(lines_told)


@pytest.mark.django_db(transaction=True)
def test_what_guards_an_account_is_written_down_when_it_changes(told, client, ada):
    sign_in(client, ada)
    confirm_password(client)
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/accounts/password/change/", change)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
    client.post("/accounts/2fa/recovery-codes/generate/")
    other = Client()
    sign_in(other, ada, NEW_PASSWORD)
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/totp/deactivate/")

    found = events(told)
    assert "a password was changed" in found
    assert "a second step was added" in found
    assert "recovery codes were made anew" in found
    assert "a second step was refused" in found
    assert "a second step was removed" in found
    assert secret not in json.dumps(told())
    assert not Authenticator.objects.filter(user=ada, type="totp").exists()


def test_a_new_password_by_mail_and_another_address_are_written_down(told, client, ada):
    client.post("/accounts/password/reset/", {"email": ada.email})
    page = client.get(path_for(ada.email), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    sign_in(client, ada, NEW_PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": NEW_PASSWORD})
    client.post("/accounts/email/", {"email": "ada@new.example.org", "action_add": ""})
    client.post("/accounts/confirm-email/", {"code": code_for("ada@new.example.org")})

    found = events(told)
    assert "a password was set anew by mail" in found
    assert "an address was changed" in found
    assert EmailAddress.objects.get(user=ada).email == "ada@new.example.org"
    assert "example.org" not in json.dumps(told())


def test_every_signal_that_is_listened_to_has_one_listener_of_ours(told):
    for signal in (*sign_in_log.CHANGES, *sign_in_log.REFUSALS):
        sign_in_log.connect()
        ours = [key for key, *_ in signal.receivers if key[0] == "log"]
        assert len(ours) == 1
