"""What every answer tells the browser, and what nobody can talk us into."""

import json
import os
import re
import subprocess
import sys
from io import BytesIO
from itertools import product
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.urls import reverse

from config.wsgi import application
from tests.accounts.mailbox import delivered
from tests.every_form import URLENCODED
from tests.factories import PASSWORD, make_check_run, make_invitation, make_project

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self' https://github.com",
}
POWERS = {
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    "xr-spatial-tracking",
}  # fmt: skip

#: One of each kind of answer: a page, a redirect, an error, a form, JSON, the administration.
KINDS = {
    "page": ("get", "/roadmap/", 200),
    "page with a form": ("get", "/accounts/login/", 200),
    "redirect": ("get", "/projects/", 302),
    "missing page": ("get", "/no/such/page/", 404),
    "wrong method": ("get", "/projects/new/", 302),
    "method not allowed": ("put", "/roadmap/", 405),
    "JSON": ("get", "/healthz", 200),
    "administration": ("get", "/admin/", 302),
}


def assert_guarded(response):
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert policy_of(response) == CONTENT_SECURITY_POLICY
    denied = dict(part.split("=") for part in headers["Permissions-Policy"].split(", "))
    assert denied == dict.fromkeys(POWERS, "()")


def policy_of(response):
    directives = response.headers["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_guarded(kind, client, db):
    method, address, status = KINDS[kind]

    response = getattr(client, method)(address)

    assert response.status_code == status
    assert_guarded(response)


def test_a_request_we_cannot_read_is_answered_as_guarded(client, ada):
    client.force_login(ada)

    response = client.post("/projects/new/", {"title": "x" * 1_100_000})

    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()
    assert_guarded(response)


@pytest.mark.parametrize("charset", ["base64", "rot13", "undefined", "utf-16", "no-such", "\0"])
def test_a_request_that_is_not_in_utf_8_is_answered_as_guarded(charset, db):
    for method, kind in product(["GET", "POST"], ["text/plain", URLENCODED, "multipart/form-data"]):
        answer = serve(method, "/search/?q=a", f"{kind}; boundary=x; charset={charset}", b"q=a")

        assert answer.status_code == 400
        assert "We could not read that request" in answer.content.decode()
        assert_guarded(answer)


def test_a_request_that_says_that_it_is_in_utf_8_is_read(db):
    for charset in ("utf-8", "UTF8", "utf_8"):
        answer = serve("GET", "/search/?q=caf%C3%A9", f"text/plain; charset={charset}", b"")
        assert answer.status_code == 200
        assert "café" in answer.content.decode()


def serve(method, address, kind, body):
    """What the server's own door answers, without the test client, which reads the type by itself."""
    path, _, query = address.partition("?")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": kind,
               "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body),
               "HTTP_HOST": "127.0.0.1"}  # fmt: skip
    setup_testing_defaults(environ)
    begun = {}
    request_started.disconnect(close_old_connections)  # the connection is the test's
    try:
        body = b"".join(application(environ, lambda *told: begun.update(told=told)))
    finally:
        request_started.connect(close_old_connections)
    status, headers = begun["told"]
    return HttpResponse(body, status=int(status[:3]), headers=dict(headers))


def test_an_error_of_ours_is_answered_as_guarded(client, db, monkeypatch):
    def break_down(*args):
        raise RuntimeError("planted")

    monkeypatch.setattr("portfolio.views.roles.enrollment_of", break_down)
    client.raise_request_exception = False

    response = client.get("/roles/")

    assert response.status_code == 500
    assert "planted" not in response.content.decode()
    assert_guarded(response)


def test_a_form_without_its_token_is_answered_as_guarded(ada):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    response = client.post("/projects/new/", {"link": "ada/engine"})

    assert response.status_code == 403
    assert_guarded(response)


def test_a_style_sheet_is_not_sniffed_and_may_be_kept(client, db):
    response = client.get("/static/site.css")
    response.close()

    assert response.status_code == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" not in response.headers.get("Cache-Control", "")


# What a shared computer or a proxy may keep


@pytest.mark.parametrize(
    "address",
    ["/", "/roadmap/", "/projects/", "/projects/engine/", "/no/such/page/", "/@ada-nwosu/"],
)
def test_pages_of_somebody_signed_in_are_never_stored(address, ada, as_user):
    make_check_run(make_project(ada, slug="engine"))

    response = as_user(ada).get(address)

    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_a_fragment_for_somebody_signed_in_is_never_stored(ada, as_user):
    project = make_project(ada)
    address = reverse("portfolio:repository_checks", args=[project.repositories.get().pk])

    response = as_user(ada).get(address, headers={"HX-Request": "true"})

    assert "no-store" in response.headers["Cache-Control"]


def test_a_fragment_is_not_taken_for_the_page_that_has_the_same_address(ada, client):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, visibility="public")
    address = reverse("portfolio:repository_checks", args=[project.repositories.get().pk])

    for headers in ({"HX-Request": "true"}, {}):
        assert "HX-Request" in client.get(address, headers=headers).headers["Vary"]


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_a_page_with_a_token_is_never_stored(name, client, db):
    response = client.get(reverse(name))

    assert "csrfmiddlewaretoken" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_a_refused_sign_in_is_never_stored(client, ada):
    response = client.post(reverse("account_login"), {"login": ada.email, "password": "wrong"})

    assert "csrfmiddlewaretoken" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_the_answer_that_signs_somebody_in_or_out_is_never_stored(client, ada):
    sign_in = {"login": ada.email, "password": PASSWORD}

    for address, data in [("account_login", sign_in), ("account_logout", {})]:
        response = client.post(reverse(address), data)
        assert response.cookies
        assert "no-store" in response.headers["Cache-Control"]


def test_words_said_once_are_not_stored_for_the_next_reader(client, ada):
    client.force_login(ada)
    client.post(reverse("account_logout"))

    response = client.get("/")

    assert "signed out" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_the_page_behind_a_secret_link_is_never_stored_nor_named_to_others(client, ada):
    from accounts import invitations

    secret = invitations.secret_of(make_invitation(ada))

    response = client.get(reverse("accounts:invitation", args=[secret]))

    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert 'content="noindex"' in response.content.decode()


def test_what_is_the_same_for_everybody_may_be_kept(client, db):
    response = client.get("/roadmap/")

    assert "no-store" not in response.headers.get("Cache-Control", "")
    assert "Cookie" in response.headers["Vary"]


# Names of hosts


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", ""]
)
def test_another_host_is_refused(host, client, db):
    response = client.get("/roadmap/", headers={"host": host})

    assert response.status_code == 400
    assert "evil" not in response.content.decode()


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "X-Forwarded-Server"])
def test_a_forwarded_host_is_not_believed(header, client, ada):
    client.post(
        reverse("account_reset_password"), {"email": ada.email}, headers={header: "evil.example"}
    )

    assert "evil.example" not in delivered()[0].body


def test_the_link_of_a_letter_leads_to_the_address_of_the_settings(client, ada, settings):
    """A port is not part of ALLOWED_HOSTS, so whoever sends the request may name any."""
    client.post(
        reverse("account_reset_password"), {"email": ada.email}, headers={"host": "127.0.0.1:6666"}
    )

    [letter] = delivered()
    assert "6666" not in letter.body
    assert re.search(
        rf"{re.escape(settings.SITE_URL)}/accounts/password/reset/key/\S+", letter.body
    )


@pytest.mark.parametrize("name", ["account_reset_password", "account_signup"])
def test_no_letter_names_a_port_that_the_request_made_up(name, client, ada):
    """Of a known and of an unknown address."""
    for email in (ada.email, "nobody@example.org"):
        data = {"email": email, "name": "Ada Nwosu", "password1": "a-long-passphrase"}
        client.post(reverse(name), data, headers={"host": "127.0.0.1:6666"})

    assert delivered()
    assert not [letter.body for letter in delivered() if "6666" in letter.body]


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/", "//evil.example/..", "/\\evil.example/", "/%5Cevil.example/",
        "/roadmap?next=//evil.example/", "//evil.example/%2e%2e/roadmap",
    ],
)  # fmt: skip
def test_no_address_of_ours_leads_away(address, client, db):
    response = client.get(address)

    assert not re.match(r"(https?:)?[/\\]{2}", response.headers.get("Location", ""))


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_logout", "account_reauthenticate", "account_email",
     "account_reset_password", "account_change_password", "account_inactive", "mfa_index",
     "mfa_reauthenticate", "socialaccount_connections", "usersessions_list", "github_login"],
)  # fmt: skip
@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)",
               "\t//evil.example", "https:evil.example", "http://127.0.0.1@evil.example",
               "///evil.example", "/%0d%0aLocation:%20//evil.example", "\r\nLocation: //evil.example"],
)  # fmt: skip
def test_next_never_leads_away(name, target, client, ada):
    client.force_login(ada)

    response = client.post(reverse(name), {"next": target})
    followed = client.get(reverse(name), {"next": target})

    for answer in (response, followed):
        location = answer.headers.get("Location", "")
        leads_to = urlsplit(location)
        away_from_here = name == "github_login" and leads_to.netloc == "github.com"
        assert leads_to.netloc in ("", "testserver") or away_from_here, location
        assert not location.startswith(("//", "/\\", "\\"))
        assert leads_to.scheme in ("", "http", "https")
        assert not {"\r", "\n"} & set(location)


# Under TLS

ASK_UNDER_TLS = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
def ask(secure, address):
    response = Client().get(address, secure=secure, headers={"host": "milepost.example"})
    cookies = {name: [c["secure"], c["httponly"], c["samesite"], c["path"], c["domain"]]
               for name, c in response.cookies.items()}
    return [response.status_code, dict(response.headers), cookies]
def deliver(secure):
    return Client().post("/webhooks/github/1/", {}, content_type="application/json", secure=secure,
                         headers={"host": "milepost.example"}).status_code
def said_once():
    from django.contrib import messages
    from django.http import HttpResponse
    from django.test import RequestFactory
    from django.utils.module_loading import import_string
    request, response = RequestFactory().get("/", secure=True), HttpResponse()
    request.session = {}
    request._messages = import_string(settings.MESSAGE_STORAGE)(request)
    messages.info(request, "Signed out.")
    request._messages.update(response)
    [(name, c)] = response.cookies.items()
    return [name, c["secure"], c["httponly"], c["samesite"], c["path"], c["domain"]]
print(json.dumps({
    "plain": ask(False, "/accounts/login/"), "tls": ask(True, "/accounts/login/"),
    "health": ask(False, "/healthz"),
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
                settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN],
    "messages": said_once(), "delivery": deliver(False),
}))
"""


@pytest.fixture(scope="module")
def under_tls(tmp_path_factory):
    """What a site answers whose SITE_URL begins with https."""
    environment = os.environ | {
        "SITE_URL": "https://milepost.example",
        "SECRET_KEY": "tests",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "DATABASE_URL": "sqlite://:memory:",
        "CACHE_URL": "redis://127.0.0.1:1/0",
        "LOG_LEVEL": "CRITICAL",
        "PYTHONWARNINGS": "ignore",
    }
    for name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"):
        environment.pop(name, None)
    command = [sys.executable, "-c", ASK_UNDER_TLS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_under_tls_the_browser_is_told_to_stay_there(under_tls):
    status, headers, _ = under_tls["tls"]

    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_under_tls_a_plain_request_is_sent_to_it_and_a_monitor_is_not(under_tls):
    status, headers, cookies = under_tls["plain"]

    assert (status, headers["Location"]) == (301, "https://milepost.example/accounts/login/")
    assert not cookies
    assert under_tls["health"][0] == 200


def test_under_tls_a_delivery_in_clear_is_refused_and_not_led_on(under_tls):
    assert under_tls["delivery"] == 403


def test_under_tls_cookies_belong_to_this_host_alone(under_tls):
    _, _, cookies = under_tls["tls"]

    assert set(cookies) == {"__Host-csrf"}
    assert cookies["__Host-csrf"] == [True, True, "Lax", "/", ""]
    assert under_tls["session"] == ["__Host-session", True, True, "Lax", "/", None]
    assert under_tls["messages"] == ["__Host-messages", True, True, "Lax", "/", ""]
