"""What is written down: one event a line, and no secret in any of them."""

import io
import json
import logging
import logging.config
from time import perf_counter

import pytest
import structlog
from django.urls import reverse

from accounts import invitations, unsubscribing
from config.logs import hide_secrets, logging_config
from tests.factories import make_cohort, make_cohort_invitation, make_invitation, make_share_link

GITHUB_TOKEN = "ghp_" + "Qm7" * 12
PLANTED = [
    GITHUB_TOKEN,
    "github_pat_11ABCDEFG0_" + "x1Y" * 15,
    "hunter2-hunter2",
]


@pytest.fixture(params=["json", "text"])
def lines(request):
    """A function that gives all that was logged so far, in both formats."""
    was = logging.root.handlers[:], logging.root.level, structlog.get_config()
    config = logging_config("DEBUG", request.param)
    stream = io.StringIO()
    config["handlers"]["console"]["stream"] = stream
    logging.config.dictConfig(config)
    yield stream.getvalue
    structlog.configure(**was[2])
    for logger in ("django.server", "httpx", "httpcore", "django.security.DisallowedHost"):
        logging.getLogger(logger).handlers.clear()
        logging.getLogger(logger).setLevel(logging.NOTSET)
        logging.getLogger(logger).propagate = True
    logging.root.handlers[:], logging.root.level = was[0], was[1]


def fresh_logger():
    """A logger that has not yet kept the configuration of another test."""
    return structlog.wrap_logger(logging.getLogger("portfolio.planted"))


def assert_hidden(text, *secrets):
    assert text, "nothing was logged"
    for secret in secrets or PLANTED:
        assert secret not in text


@pytest.mark.parametrize("secret", PLANTED[:2])
def test_a_token_in_the_words_of_an_event_is_hidden(secret, lines):
    fresh_logger().warning(f"GitHub refuses {secret} today")
    logging.getLogger("httpx.planted").warning("GitHub refuses %s today", secret)

    assert_hidden(lines(), secret)
    assert lines().count("GitHub refuses [hidden] today") == 2


@pytest.mark.parametrize(
    "event",
    [
        {"token": "hunter2-hunter2"},
        {"github_token": "hunter2-hunter2"},
        {"client_secret": "hunter2-hunter2"},
        {"Authorization": "Bearer hunter2-hunter2"},
        {"new_password": "hunter2-hunter2"},
        {"headers": {"Authorization": "token hunter2-hunter2", "Set-Cookie": "hunter2-hunter2"}},
        {"headers": [("cookie", "hunter2-hunter2")]},
        {"body": {"outer": [{"api_key": "hunter2-hunter2"}]}},
        {"form": {"password": ["hunter2-hunter2"]}},
        {"raw": b"Authorization: Bearer hunter2-hunter2"},
        {"error": ValueError("Bearer hunter2-hunter2")},
        {"url": "https://ada:hunter2-hunter2@github.com/ada/engine"},
        {"url": "redis://:hunter2-hunter2@127.0.0.1:6379/0"},
        {"url": "postgres://milepost:p@ss-hunter2-hunter2@db/milepost"},
        {"url": "https://hunter2-hunter2@github.com/ada/engine"},
        {"url": "/login/callback/?code=hunter2-hunter2&state=hunter2-hunter2"},
        {"words": "client_secret=hunter2-hunter2&grant_type=x"},
        {"words": "{'password': 'hunter2-hunter2'}"},
        {"words": '{"access_token": "hunter2-hunter2"}'},
        {"words": "Cookie: sessionid=hunter2-hunter2"},
        {"words": "authorization: BEARER hunter2-hunter2"},
    ],
    ids=repr,
)
def test_a_secret_is_hidden_wherever_it_stands(event, lines):
    fresh_logger().warning("planted", **event)
    logging.getLogger("planted").warning("planted", extra=event)

    assert lines().count("planted") >= 2
    assert_hidden(lines(), "hunter2-hunter2")


def test_a_secret_in_an_exception_is_hidden(lines):
    def connect(url):
        raise ConnectionError(f"no answer from {url}")

    for log in (fresh_logger(), logging.getLogger("planted")):
        try:
            connect("redis://:hunter2-hunter2@127.0.0.1:6379/0")
        except ConnectionError:
            log.exception("the broker is away")

    assert lines().count("ConnectionError") >= 2
    assert "127.0.0.1:6379" in lines()
    assert_hidden(lines(), "hunter2-hunter2")


@pytest.mark.parametrize(
    "words",
    [
        {"status": "queued", "code": 404, "state": "no_tests_found"},
        {"commit": "a1" * 20, "repository": "ada/engine"},
        {"request": "GET /projects/engine/?unit=first-steps"},
        {"url": "https://github.com/ada/engine/blob/main/tests/test_it.py#L4"},
        {"email": "ada@example.org", "at": "10:42"},
    ],
)
def test_what_is_no_secret_can_be_read(words, lines):
    fresh_logger().warning("seen", **words)

    for value in words.values():
        assert str(value) in lines()


def test_the_secret_of_an_invitation_stays_out_of_the_log(lines, ada, client):
    secret = invitations.secret_of(make_invitation(ada, answer=""))
    address = reverse("accounts:invitation", args=[secret])

    client.get(address)
    client.put(address)
    client.get(f"/accounts/login/?next={address}")

    assert "/invitations/" in lines()


def test_the_token_of_a_secret_link_stays_out_of_the_log(lines, ada, client):
    _, token = make_share_link(ada)
    address = reverse("accounts:open_share_link", args=[token])
    client.get(address)
    client.put(address)
    client.get(reverse("account_login"), {"next": address})

    assert "/s/" in lines()
    assert_hidden(lines(), token)


def test_the_secret_of_a_way_into_a_cohort_stays_out_of_the_log(lines, ada, client):
    secret = invitations.secret_of(make_cohort_invitation(make_cohort(), ada))
    address = reverse("accounts:cohort_invitation", args=[secret])
    client.get(address)
    client.get(reverse("account_login"), {"next": address})

    assert secret not in lines()
    assert "/cohorts/join/" in lines()
    assert_hidden(lines(), secret)


def test_the_link_that_stops_letters_stays_out_of_the_log(lines, ada, client):
    link = unsubscribing.link(ada, "review_arrived")

    client.post(link.removeprefix("http://127.0.0.1:8000"))
    client.get("/accounts/login/", {"next": link})

    assert "/unsubscribe/" in lines()
    assert_hidden(lines(), link.split("/")[-2], link.split(":")[-1])


def test_the_key_of_a_new_password_stays_out_of_the_log(lines, client, db):
    client.get("/accounts/password/reset/key/1-d2abc-0123456789abcdef0123456789abcdef/")

    assert "/accounts/password/reset/key/" in lines()
    assert_hidden(lines(), "0123456789abcdef0123456789abcdef")


def test_the_code_with_which_github_sends_somebody_back_stays_out_of_the_log(lines, client, db):
    client.get("/accounts/github/login/callback/?code=hunter2-hunter2&state=Zk9pQ2")

    assert "/accounts/github/login/callback/" in lines()
    assert_hidden(lines(), "hunter2-hunter2", "Zk9pQ2")


def test_a_password_that_was_typed_stays_out_of_the_log(lines, client, ada):
    client.post(reverse("account_login"), {"login": ada.email, "password": "hunter2-hunter2"})
    client.raise_request_exception = False

    assert_hidden(lines(), "hunter2-hunter2")


def test_nobody_writes_a_line_of_their_own_into_the_log(lines, client, db):
    client.get("/no/such%0Apage%0D%0A2026-01-01%20[info]%20forged/")
    client.get("/roadmap/", headers={"user-agent": "x\x1b[31mred"})

    assert not [line for line in lines().splitlines() if line.startswith("2026-01-01")]
    assert "\x1b" not in lines()


def test_an_event_is_one_line(lines):
    fresh_logger().warning("two\nlines", path="a\nb")

    assert len(lines().splitlines()) == 1


def test_a_traceback_keeps_its_lines_in_text_and_is_one_of_json(lines, request):
    try:
        raise ValueError("planted")
    except ValueError:
        fresh_logger().exception("it broke")

    written = lines().splitlines()
    if request.node.callspec.params["lines"] == "json":
        assert "ValueError: planted" in json.loads(written[0])["exception"]
    else:
        assert written[-1] == "ValueError: planted"


def test_a_hundred_kilobytes_of_anything_are_searched_at_once():
    """Each pattern, on what would make a careless one try every way to divide a text."""
    parts = ["a", "password", "token=", "://", "://a", "gh", "ghp_", "cookie:", "?code=", "bearer ",
             "invitations/", "reset/key/", "Basic ", "-", "@", "%2F", "\n"]  # fmt: skip
    for part in parts:
        text = (part * 100_000)[:100_000]
        began = perf_counter()
        hide_secrets(None, "", {"event": text})
        assert perf_counter() - began < 0.5, part
