"""Second steps: the administration wants one, nothing goes round them, and the database holds none in clear."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.utils import timezone

from accounts import sealing, second_steps
from accounts.adapters import CODE_LIFETIME
from tests.accounts.mailbox import code_for, path_for
from tests.accounts.test_sign_in import (
    NEW_PASSWORD,
    confirm_password,
    is_signed_in,
    sign_in,
    sign_up,
    totp,
)
from tests.factories import SECRET, make_user

WORDS = "The administration opens once you have a second step"


@pytest.fixture
def bare(katherine):
    """Staff without a second step."""
    Authenticator.objects.filter(user=katherine).delete()
    return katherine


@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/user/", "/admin/login/"])
def test_staff_without_a_second_step_are_led_to_where_they_set_one_up(address, bare, as_user):
    page = as_user(bare).get(address, follow=True)

    assert page.request["PATH_INFO"] == "/accounts/2fa/"
    assert WORDS in page.content.decode()


def test_nothing_can_be_changed_without_one(bare, ada, as_user):
    as_user(bare).post(f"/admin/accounts/user/{ada.pk}/delete/", {"post": "yes"})
    as_user(bare).post("/admin/logout/")

    assert type(ada).objects.filter(pk=ada.pk, is_active=True).exists()


def test_it_opens_once_there_is_one_and_closes_when_it_is_taken_away(bare, client):
    sign_in(client, bare)
    confirm_password(client)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert client.get("/admin/").status_code == 302

    client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=bare).delete()
    assert client.get("/admin/").status_code == 302


def test_the_password_of_staff_alone_opens_nothing(katherine, client):
    sign_in(client, katherine)
    assert not is_signed_in(client)
    assert client.get("/admin/").status_code == 302

    client.post("/accounts/2fa/authenticate/", {"code": totp(SECRET)})
    assert client.get("/admin/").status_code == 200


def test_for_others_it_is_as_closed_as_before(client, as_user, db):
    assert client.get("/admin/").status_code == 302
    assert as_user(make_user("Eve")).get("/admin/login/").status_code == 403


def test_in_the_demonstration_whose_passwords_are_public_none_is_asked_for(bare, as_user, settings):
    settings.IS_DEMO = True

    assert as_user(bare).get("/admin/").status_code == 200


# Nothing goes round it


def test_a_new_password_by_mail_skips_no_second_step(ada, client):
    TOTP.activate(ada, SECRET)
    client.post("/accounts/password/reset/", {"email": ada.email})
    page = client.get(path_for(ada.email), follow=True)
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(page.request["PATH_INFO"], new)

    assert not is_signed_in(client)
    sign_in(client, ada, NEW_PASSWORD)
    assert not is_signed_in(client)


def test_the_same_code_of_the_app_does_not_work_twice(ada, client):
    TOTP.activate(ada, SECRET)
    code = totp(SECRET)
    sign_in(client, ada)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_signed_in(client)
    client.post("/accounts/logout/")

    sign_in(client, ada)
    client.post("/accounts/2fa/authenticate/", {"code": code})

    assert not is_signed_in(client)


def test_codes_end_after_a_while(ada, client, time_machine):
    assert timedelta(minutes=10) == CODE_LIFETIME
    sign_up(client, email="ben@example.org")
    code = code_for("ben@example.org")
    time_machine.move_to(timezone.now() + CODE_LIFETIME + timedelta(seconds=1), tick=False)
    client.post("/accounts/confirm-email/", {"code": code})
    assert not is_signed_in(client)

    TOTP.activate(ada, SECRET)
    sign_in(client, ada)
    client.post("/accounts/2fa/authenticate/", {"code": totp(SECRET, time.time() - 90)})
    assert not is_signed_in(client)


# What is kept


def kept(person):
    return str(list(Authenticator.objects.filter(user=person).values_list("data", flat=True)))


def test_no_seed_and_no_recovery_code_lies_in_the_database_in_clear(ada):
    app, codes = TOTP.activate(ada, SECRET), RecoveryCodes.activate(ada)
    shown = codes.generate_codes()

    assert SECRET not in kept(ada)
    assert not any(code in kept(ada) for code in shown)
    assert kept(ada).count(second_steps.SEALED) == 2
    assert app.validate_code(totp(SECRET))
    assert codes.validate_code(shown[0])


def test_what_was_kept_in_clear_still_opens_and_is_sealed_by_the_command(ada):
    Authenticator.objects.create(user=ada, type="totp", data={"secret": SECRET})
    seed = {"seed": "ab" * 40, "used_mask": 0}
    codes = RecoveryCodes(Authenticator.objects.create(user=ada, type="recovery_codes", data=seed))
    shown = codes.generate_codes()
    codes.validate_code(shown[0])

    call_command("reseal", stdout=StringIO())

    assert SECRET not in kept(ada)
    assert "abab" not in kept(ada)
    again = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert again.get_unused_codes() == shown[1:]
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(totp(SECRET))


def test_a_key_can_be_changed_and_one_that_is_lost_lets_nobody_in(ada, settings):
    TOTP.activate(ada, SECRET)
    settings.ENCRYPTION_KEYS = ["newer", *settings.ENCRYPTION_KEYS]
    assert second_steps.reseal_all() == (1, 0)
    settings.ENCRYPTION_KEYS = ["newer"]
    assert TOTP(Authenticator.objects.get(user=ada)).validate_code(totp(SECRET))

    settings.ENCRYPTION_KEYS = ["newest"]
    assert second_steps.reseal_all() == (0, 1)
    lost = TOTP(Authenticator.objects.get(user=ada))
    for guess in (totp(SECRET), totp("A" * 32), "000000"):
        assert not lost.validate_code(guess)
    with pytest.raises(sealing.Broken):
        sealing.unseal(lost.instance.data["secret"])
