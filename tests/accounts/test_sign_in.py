"""Sign up, sign in, forget, change, add a second step and leave: allauth as we set it up."""

import base64
import hmac
import re
import struct
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Letter, Profile, User
from tests.accounts.mailbox import code_for, delivered, last_letter, path_for
from tests.factories import PASSWORD, make_share_link, make_user

HOME = "/mentorships/"
NEW_PASSWORD = "staple-battery-horse"
FIREFOX_ON_ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


def is_signed_in(client):
    return "_auth_user_id" in client.session


def sign_up(client, **changes):
    fields = {"name": "Ada Nwosu", "email": "ada@example.org", "password1": PASSWORD} | changes
    return client.post("/accounts/signup/", fields)


def sign_in(client, user, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": user.email, "password": password} | more)


def confirm_password(client):
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def totp(secret, at=None):
    """The six digits an authenticator app shows for a secret (RFC 6238)."""
    counter = int((time.time() if at is None else at) // 30)
    key = base64.b32decode(secret)
    digest = hmac.digest(key, struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def words(page):
    """A page without what changes at every request."""
    return re.sub(r'"X-CSRFToken": "\w+"|value="\w{64}"', "", page.text)


# Signing up


def test_ada_signs_up_and_is_in_once_she_types_the_code(client, db):
    response = sign_up(client)

    assert response.url == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    response = client.post(response.url, {"code": code_for("ada@example.org")}, follow=True)

    ada = User.objects.get()
    assert is_signed_in(client)
    assert (ada.email, ada.profile.name, ada.profile.handle) == (
        "ada@example.org", "Ada Nwosu", "ada-nwosu",
    )  # fmt: skip
    assert EmailAddress.objects.get(user=ada).verified
    assert not ada.profile.is_public


def test_a_wrong_code_lets_nobody_in_and_too_many_end_the_attempt(client, db):
    sign_up(client)
    code = code_for("ada@example.org")

    for _ in range(3):
        client.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    client.post("/accounts/confirm-email/", {"code": code})

    assert not is_signed_in(client)
    assert not EmailAddress.objects.get().verified


def test_a_code_belongs_to_the_browser_that_asked_for_it(client, db):
    sign_up(client)
    code = code_for("ada@example.org")

    other = Client()
    other.post("/accounts/confirm-email/", {"code": code})

    assert not is_signed_in(other)
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Ada\u202e"}, "U+202E"),
        ({"name": ""}, "This field is required."),
        ({"email": "nonsense"}, "valid email address"),
        ({"password1": "short"}, "at least 10 characters"),
        ({"password1": "password123"}, "too common"),
        ({"password1": "ada@example.org"}, "too similar"),
    ],
)
def test_a_sign_up_that_cannot_be_is_refused_at_its_field(client, db, changes, words):
    page = sign_up(client, **changes)

    assert words in page.text
    assert not User.objects.exists()


def test_powers_cannot_be_asked_for_at_sign_up(client, db):
    sign_up(client, is_staff="on", is_superuser="on", handle="admin")

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert user.profile.handle == "ada-nwosu"


# What strangers learn


def test_signing_up_answers_alike_for_a_known_and_an_unknown_address(ada, db):
    known, unknown = Client(), Client()

    answers = [
        sign_up(known, email=ada.email),
        sign_up(unknown, email="not.nwosu@example.org"),
    ]

    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    pages = [
        words(known.get("/accounts/confirm-email/")),
        words(unknown.get("/accounts/confirm-email/")),
    ]
    assert pages[0].replace(ada.email, "") == pages[1].replace("not.nwosu@example.org", "")
    assert User.objects.count() == 2
    assert Profile.objects.filter(name="Ada Nwosu").count() == 2


def test_the_owner_of_a_known_address_reads_in_their_mailbox_that_they_have_an_account(client, ada):
    sign_up(client, email=ada.email.upper())

    letter = last_letter(to=ada.email)
    assert "already" in letter.subject
    assert "/accounts/password/reset/" in letter.body


def test_a_forgotten_password_answers_alike_for_a_known_and_an_unknown_address(ada, db):
    pages = []
    for email in [ada.email, "not.nwosu@example.org"]:
        client = Client()
        response = client.post("/accounts/password/reset/", {"email": email})
        pages.append((response.url, words(client.get(response.url)).replace(email, "")))

    assert pages[0] == pages[1]


def test_signing_in_answers_alike_for_a_wrong_password_and_an_unknown_address(ada, db):
    wrong = sign_in(Client(), ada, "wrong")
    unknown = Client().post(
        "/accounts/login/", {"login": "not.nwosu@example.org", "password": "wrong"}
    )

    assert (wrong.status_code, words(wrong).replace(ada.email, "")) == (
        unknown.status_code,
        words(unknown).replace("not.nwosu@example.org", ""),
    )


# Signing in and out


@pytest.mark.parametrize("email", ["ada.nwosu@example.org", "ADA.NWOSU@EXAMPLE.ORG"])
def test_ada_signs_in_and_goes_on_where_she_was(client, ada, email):
    response = client.post(f"/accounts/login/?next={HOME}", {"login": email, "password": PASSWORD})

    assert response.url == HOME
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_after_signing_in_nobody_is_sent_to_another_site(client, ada, next_page):
    response = client.post(
        "/accounts/login/", {"login": ada.email, "password": PASSWORD, "next": next_page}
    )

    assert "evil" not in response.url


def test_wrong_passwords_are_limited_even_for_the_right_one_that_follows(client, ada):
    for _ in range(5):
        sign_in(client, ada, "wrong")

    response = sign_in(client, ada)

    assert not is_signed_in(client)
    assert "Too many" in response.text


def test_the_limit_of_one_person_is_not_the_limit_of_another(ada, eve):
    for _ in range(5):
        sign_in(Client(), ada, "wrong")
    client = Client()

    sign_in(client, eve)

    assert is_signed_in(client)


def test_guesses_from_a_hundred_addresses_are_counted_together(ada, eve):
    for number in range(100):
        attacker = Client(REMOTE_ADDR=f"198.51.100.{number}")
        response = sign_in(attacker, ada, f"guess {number}")
    assert "Too many" in response.text
    assert not is_signed_in(attacker)

    client = Client(REMOTE_ADDR="203.0.113.5")
    sign_in(client, eve)
    assert is_signed_in(client)


def test_one_address_cannot_try_many_accounts(db):
    people = [make_user() for _ in range(12)]
    attacker = Client(REMOTE_ADDR="198.51.100.7")

    answers = [sign_in(attacker, person, "guess") for person in people]

    assert "Too many" in answers[-1].text or answers[-1].status_code == 429


@pytest.mark.parametrize("proxies", [0, 1], ids=["no proxy", "behind one"])
def test_a_forged_address_escapes_no_limit(db, settings, proxies):
    """The last address of X-Forwarded-For is the proxy's word; all before it anybody can write."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    people = [make_user() for _ in range(12)]
    attacker = Client(REMOTE_ADDR="198.51.100.7")

    answers = []
    for number, person in enumerate(people):
        forged = f"203.0.113.{number}" + (", 198.51.100.7" if proxies else "")
        headers = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"), forged)
        answers.append(
            attacker.post(
                "/accounts/login/", {"login": person.email, "password": "guess"}, headers=headers
            )
        )

    assert "Too many" in answers[-1].text or answers[-1].status_code == 429


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_a_known_and_an_unknown_address_cost_the_same_work(ada, settings, monkeypatch, path):
    """Time follows from it: as many passwords are hashed, as many letters written."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    ada.set_password(PASSWORD)
    ada.save()
    hashed = []
    for name in ("encode", "verify"):
        really = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher,
            name,
            lambda *args, really=really: hashed.append(1) or really(*args),
        )

    work = []
    for email in (ada.email, "not.nwosu@example.org"):
        hashed.clear()
        letters = Letter.objects.count()
        Client().post(path, {"login": email, "email": email, "password": "wrong"})
        work.append((len(hashed), Letter.objects.count() - letters))

    assert work[0] == work[1]
    assert work[0] == ((2, 0) if "login" in path else (0, 1))  # two backends are asked


def test_signing_in_begins_another_session_and_signing_out_ends_it_for_good(client, ada):
    _link, token = make_share_link(make_user("Grace Halloran"))
    client.get(f"/s/{token}/")
    anonymous = client.session.session_key
    assert anonymous

    sign_in(client, ada)
    signed_in = client.session.session_key
    assert signed_in != anonymous
    assert not Session.objects.filter(pk=anonymous).exists()

    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = signed_in
    assert not is_signed_in(thief)
    assert not Session.objects.filter(pk=signed_in).exists()


def test_a_session_that_somebody_else_chose_is_not_taken_over(ada):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "chosen-by-somebody-else-0123456789"

    sign_in(client, ada)

    assert (
        client.cookies[settings.SESSION_COOKIE_NAME].value != "chosen-by-somebody-else-0123456789"
    )
    assert is_signed_in(client)


def test_somebody_who_was_shut_out_cannot_sign_in(client, ada):
    User.objects.update(is_active=False)

    sign_in(client, ada)

    assert not is_signed_in(client)


def test_an_address_that_was_never_proven_is_proven_before_the_first_sign_in(client, db):
    user = User.objects.create_user("made-in-admin@example.org", PASSWORD)

    response = sign_in(client, user)
    assert not is_signed_in(client)
    client.post(response.url, {"code": code_for(user.email)})

    assert is_signed_in(client)


def test_signing_out_takes_a_click_and_ends_the_session(client, ada):
    client.force_login(ada)

    assert "Sign out" in client.get("/accounts/logout/").text
    assert is_signed_in(client)
    client.post("/accounts/logout/")

    assert not is_signed_in(client)
    assert client.get(HOME).status_code == 302


# Passwords and addresses


def test_ada_sets_a_new_password_from_the_letter_and_the_old_one_is_gone(client, ada):
    client.post("/accounts/password/reset/", {"email": ada.email})
    form = client.get(path_for(ada.email), follow=True)
    address = form.request["PATH_INFO"]

    done = client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)

    assert done.status_code == 200
    old, new = Client(), Client()
    sign_in(old, ada)
    sign_in(new, ada, NEW_PASSWORD)
    assert (is_signed_in(old), is_signed_in(new)) == (False, True)
    assert "password" in last_letter(to=ada.email).subject.lower()


def test_the_link_of_a_reset_works_once(client, ada):
    client.post("/accounts/password/reset/", {"email": ada.email})
    link = path_for(ada.email)
    address = client.get(link, follow=True).request["PATH_INFO"]
    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    second = Client().get(link, follow=True)

    assert 'name="password1"' not in second.text


def test_ada_changes_her_password_and_is_told_by_mail(client, ada):
    sign_in(client, ada)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)
    assert is_signed_in(client)
    assert last_letter(to=ada.email)


def test_ada_changes_her_address_once_the_new_one_is_proven(client, ada):
    sign_in(client, ada)
    confirm_password(client)

    response = client.post("/accounts/email/", {"email": "ada@work.org", "action_add": ""})
    assert User.objects.get().email == ada.email
    client.post(response.url, {"code": code_for("ada@work.org")})

    assert User.objects.get().email == "ada@work.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("ada@work.org", True, True)
    ]


def test_changing_the_address_asks_for_the_password_first(client, ada):
    sign_in(client, ada)

    response = client.post("/accounts/email/", {"email": "thief@example.org", "action_add": ""})

    assert response.url.startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="thief@example.org").exists()
    assert not delivered()


def test_confirming_with_a_wrong_password_does_not_open_the_door(client, ada):
    sign_in(client, ada)

    client.post("/accounts/reauthenticate/", {"password": "wrong"})

    assert client.get("/accounts/2fa/totp/activate/").status_code == 302


# The second step


@pytest.fixture
def ada_with_totp(client, ada):
    """Ada after she set up an authenticator app through the pages; her secret on the user."""
    sign_in(client, ada)
    confirm_password(client)
    page = client.get("/accounts/2fa/totp/activate/")
    ada.secret = page.context["form"].secret
    assert ada.secret in page.text.replace(" ", "")
    assert "data:image/svg" in page.text
    response = client.post("/accounts/2fa/totp/activate/", {"code": totp(ada.secret)})
    assert response.status_code == 302
    client.post("/accounts/logout/")
    return ada


def test_with_an_authenticator_app_the_password_alone_does_not_do(client, ada_with_totp):
    response = sign_in(client, ada_with_totp)

    assert response.url.startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)
    assert client.get(response.url).status_code == 200
    later = totp(ada_with_totp.secret, time.time() + 30)
    client.post(response.url, {"code": "000000" if later != "000000" else "111111"})
    assert not is_signed_in(client)


def test_the_code_of_the_app_lets_ada_in(client, ada_with_totp, settings):
    response = sign_in(client, ada_with_totp)

    client.post(response.url, {"code": totp(ada_with_totp.secret)})

    assert is_signed_in(client)


def test_a_recovery_code_lets_ada_in_once(client, ada_with_totp):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    response = sign_in(client, ada_with_totp)
    client.post(response.url, {"code": codes[0]})
    assert is_signed_in(client)

    again = Client()
    response = sign_in(again, ada_with_totp)
    again.post(response.url, {"code": codes[0]})

    assert not is_signed_in(again)


def test_recovery_codes_are_shown_and_made_anew_after_the_password(client, ada_with_totp):
    response = sign_in(client, ada_with_totp)
    client.post(response.url, {"code": totp(ada_with_totp.secret)})
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 302
    confirm_password(client)

    before = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert before[0] in client.get("/accounts/2fa/recovery-codes/").text
    client.post("/accounts/2fa/recovery-codes/generate/")
    after = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    assert not set(before) & set(after)


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
    ],
)
def test_what_guards_the_account_asks_for_the_password_first(client, ada, address):
    sign_in(client, ada)

    response = client.get(address)

    assert response.url.startswith("/accounts/reauthenticate/")


def test_the_pages_of_passkeys_are_there(client, ada):
    sign_in(client, ada)
    confirm_password(client)

    for address in ["/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/"]:
        assert client.get(address).status_code == 200
    assert "passkey" in Client().get("/accounts/login/").text.lower()


# Sessions


def test_ada_sees_her_devices_and_signs_the_others_out(client, ada):
    phone = Client(headers={"user-agent": FIREFOX_ON_ANDROID})
    sign_in(client, ada)
    sign_in(phone, ada)
    client.get(HOME)
    phone.get(HOME)

    page = client.get("/accounts/sessions/")
    assert "Android" in page.text
    assert UserSession.objects.filter(user=ada).count() == 2
    client.post("/accounts/sessions/")

    assert phone.get(HOME).status_code == 302
    assert client.get(HOME).status_code == 200


def test_reading_on_writes_nothing_for_five_minutes(client, ada, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    sign_in(client, ada)
    client.get(HOME)
    time_machine.move_to(start + timedelta(minutes=4), tick=False)
    with CaptureQueriesContext(connection) as captured:
        client.get(HOME)
    assert not [sql for sql in captured if not sql["sql"].startswith("SELECT")]
    assert UserSession.objects.get().last_seen_at == start

    time_machine.move_to(start + timedelta(minutes=6), tick=False)
    client.get(HOME)
    assert UserSession.objects.get().last_seen_at == timezone.now()


def test_a_database_that_does_not_note_the_browser_breaks_no_page(client, ada, monkeypatch):
    sign_in(client, ada)
    asked = []

    def refuse(request):
        asked.append(request.path)
        raise OperationalError("database is locked")

    monkeypatch.setattr(UserSession.objects, "create_from_request", refuse)
    for _ in range(2):
        assert client.get(HOME, headers={"User-Agent": "Another"}).status_code == 200

    assert asked == [HOME], "who reads does not wait for it on every page"


def test_another_program_or_address_is_noted_at_once(client, ada):
    sign_in(client, ada)
    client.get(HOME)
    client.get(HOME, headers={"user-agent": FIREFOX_ON_ANDROID}, REMOTE_ADDR="198.51.100.7")

    device = UserSession.objects.get()
    assert (device.user_agent, device.ip) == (FIREFOX_ON_ANDROID, "198.51.100.7")


def test_devices_of_others_are_not_shown(client, ada, eve):
    other = Client(headers={"user-agent": FIREFOX_ON_ANDROID})
    sign_in(other, eve)
    other.get(HOME)
    sign_in(client, ada)

    assert "Android" not in client.get("/accounts/sessions/").text


# The pages


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/inactive/",
        "/accounts/3rdparty/login/cancelled/",
    ],
)
def test_pages_for_people_signed_out_stand_in_our_frame(client, db, address):
    page = client.get(address)

    assert page.status_code == 200
    assert '<main id="main"' in page.text
    assert page.text.count("<h1") == 1
    assert "Menu:" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/3rdparty/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/settings/profile/",
        "/mentorships/",
    ],
)
def test_pages_of_ones_own_account_stand_in_our_frame(client, db, address):
    sign_in(client, make_user("Ada"))

    page = client.get(address)

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "@ada" in page.text
    assert (
        page.headers["cache-control"].startswith("no-store")
        or "private" in page.headers["cache-control"]
    )
