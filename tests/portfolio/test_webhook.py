"""A push is checked at once, when GitHub says so with the repository's own secret."""

import json
import uuid

import pytest

from portfolio import check_runs, rechecks, tasks, webhooks
from portfolio.connection import connect
from portfolio.models import CheckRun, Repository
from tests.factories import make_project
from tests.github_server.webhooks import signature


@pytest.fixture
def engine(ada, hub):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    project = make_project(ada, repository="ada/engine", slug="engine")
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    webhooks.turn_on(project.repositories.get())
    return project


@pytest.fixture
def deliver(client, engine, hub, django_capture_on_commit_callbacks):
    """What GitHub sends of ada/engine, signed with the secret unless told otherwise."""

    def post(event="push", body=None, secret=None, delivery="", **headers):
        repository = engine.repositories.get()
        payload = hub.payload("ada/engine", event) if body is None else body
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        sent = {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery or str(uuid.uuid4()),
            "X-Hub-Signature-256": signature(secret or webhooks.secret_of(repository), data),
        } | headers
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(
                f"/webhooks/github/{repository.pk}/",
                data,
                content_type="application/json",
                headers=sent,
            )

    return post


def test_a_push_is_checked_at_once(engine, hub, deliver):
    sha = hub.push("ada/engine", {"README.md": "# Engine\n\nNew.\n"})

    assert deliver().status_code == 202

    newest = CheckRun.objects.first()
    assert newest.head_sha == sha
    assert CheckRun.objects.count() == 2


def test_the_same_delivery_counts_once(deliver):
    assert deliver(delivery="one").status_code == 202
    assert deliver(delivery="one").status_code == 204
    assert CheckRun.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "guess"},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha1=abc"},
        {"X-Hub-Signature-256": "sha256=\xe9"},
    ],
    ids=["other secret", "none", "empty", "another kind", "not ASCII"],
)
def test_a_wrong_signature_looks_like_no_repository_at_all(client, deliver, wrong):
    answer = deliver(**wrong)
    absent = client.post("/webhooks/github/999999/", b"{}", content_type="application/json")

    assert answer.status_code == absent.status_code == 404
    assert CheckRun.objects.count() == 1


def test_a_changed_body_is_refused(engine, client, hub):
    repository = engine.repositories.get()
    signed = signature(webhooks.secret_of(repository), b'{"ref": "refs/heads/main"}')

    answer = client.post(
        f"/webhooks/github/{repository.pk}/",
        b'{"ref": "refs/heads/main" }',
        content_type="application/json",
        headers={"X-GitHub-Event": "push", "X-Hub-Signature-256": signed},
    )

    assert answer.status_code == 404


def test_a_new_secret_ends_the_old_one(engine, deliver):
    old = webhooks.secret_of(engine.repositories.get())
    webhooks.turn_on(engine.repositories.get())

    assert deliver(secret=old).status_code == 404


def test_turned_off_means_deaf(engine, deliver):
    secret = webhooks.secret_of(engine.repositories.get())
    webhooks.turn_off(engine.repositories.get())

    assert deliver(secret=secret).status_code == 404


def test_a_secret_outlives_a_change_of_the_sites_key(engine, deliver, settings):
    secret = webhooks.secret_of(engine.repositories.get())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert deliver(secret=secret).status_code == 202


def test_the_secret_is_not_in_the_database(engine):
    repository = engine.repositories.get()

    assert webhooks.secret_of(repository) not in str(Repository.objects.values().get())


@pytest.mark.parametrize("event", ["ping", "star", "issues", ""])
def test_events_that_change_no_file_are_acknowledged_and_left(deliver, event):
    assert deliver(event, body={"zen": "Keep it logically awesome."}).status_code == 204
    assert CheckRun.objects.count() == 1


def test_a_push_to_another_branch_is_left(deliver, hub):
    body = hub.payload("ada/engine", "push") | {"ref": "refs/heads/experiment"}

    assert deliver(body=body).status_code == 204


def test_a_rename_is_looked_at(deliver, hub):
    assert deliver("repository").status_code == 202


@pytest.mark.parametrize("body", [b"not json", b"[1]", b"\xff", b""])
def test_a_body_that_is_no_event_breaks_nothing(deliver, body):
    assert deliver(body=body).status_code in (204, 400)


DEEP = b"[" * 50_000 + b"]" * 50_000
PUSH = {
    "ref": "refs/heads/main",
    "after": "f" * 40,
    "repository": {"id": 1, "full_name": "ada/engine"},
}


@pytest.mark.parametrize(
    "body",
    [
        DEEP, b'{"ref": ' + DEEP + b"}", b'{"ref": 1e999}', b'{"after": NaN}', b"\x00", b'"push"', b"null", b"-",
        b'{"ref": "refs/heads/main", "ref": "refs/heads/other"}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"),
        {}, {"repository": None}, {"repository": []}, {"repository": {"id": "1"}}, {"repository": {"id": 10**30}},
        PUSH | {"ref": None}, PUSH | {"ref": ["refs/heads/main"]}, PUSH | {"ref": "refs/heads/" + "x" * 70_000},
        PUSH | {"ref": "refs/heads/\u202e\x00"}, PUSH | {"after": 7}, PUSH | {"after": "0" * 40},
        PUSH | {"repository": {"id": 999, "full_name": "eve/other"}}, PUSH | {"repository": "ada/engine"},
        PUSH | {"commits": [None] * 5000}, PUSH | {"deleted": "yes"}, PUSH | {"__proto__": {"id": 1}},
        PUSH | {"repository": {"id": 1, "full_name": "../../etc/passwd"}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("event", ["push", "repository"])
def test_a_signed_body_of_any_shape_asks_for_one_look_or_is_left(deliver, engine, event, body):
    before = Repository.objects.values().get()

    status = deliver(event, body=body).status_code

    assert status in (202, 204, 400)
    assert CheckRun.objects.count() <= 2
    after = Repository.objects.values().get()
    for name in ("full_name", "project_id", "github_id", "webhook_nonce"):
        assert after.get(name) == before.get(name), name


@pytest.mark.parametrize(
    "headers",
    [
        {"X-GitHub-Event": "push\t"}, {"X-GitHub-Event": "x" * 9000}, {"X-GitHub-Delivery": "x" * 9000},
        {"X-GitHub-Delivery": "' OR 1=1 --"}, {"X-GitHub-Delivery": ""}, {"Content-Type": "text/html"},
        {"X-Hub-Signature": "sha1=" + "0" * 40}, {"X-HTTP-Method-Override": "DELETE"},
    ],
    ids=str,
)  # fmt: skip
def test_headers_of_any_kind_break_nothing(deliver, headers):
    assert deliver(**headers).status_code in (202, 204, 400, 404)
    assert CheckRun.objects.count() <= 2


def test_a_body_of_thirty_megabytes_is_refused_unread(deliver):
    assert deliver(body=b" " * 30_000_000).status_code == 413


def test_a_push_while_a_run_reads_leads_to_another_look(engine, deliver, hub):
    repository = engine.repositories.get()
    running = check_runs.claim(check_runs.request(repository).pk)

    deliver()
    with connect() as github:
        check_runs.execute(running, github)

    assert rechecks.claim() == [repository]


def test_what_is_known_only_from_a_delivery_is_not_believed(engine, deliver, hub):
    body = hub.payload("ada/engine", "push")
    body["repository"]["full_name"] = "eve/evil"

    deliver(body=body)

    assert engine.repositories.get().full_name == "ada/engine"


def test_the_owner_turns_it_on_and_reads_what_to_paste(ada, engine, as_user):
    client = as_user(ada)
    repository = engine.repositories.get()
    webhooks.turn_off(repository)

    client.post(f"/projects/engine/repositories/{repository.pk}/webhook/")

    repository.refresh_from_db()
    page = client.get("/projects/engine/edit/").content.decode()
    assert webhooks.secret_of(repository) in page
    assert f"/webhooks/github/{repository.pk}/" in page
    client.post(f"/projects/engine/repositories/{repository.pk}/webhook/", {"switch": "off"})
    assert not Repository.objects.get().webhook_nonce


def test_nobody_else_turns_it_on_or_reads_the_secret(ada, grace, eve, engine, as_user):
    repository = engine.repositories.get()

    for person in (grace, eve):
        client = as_user(person)
        path = f"/projects/engine/repositories/{repository.pk}/webhook/"
        assert client.post(path).status_code == 404
        page = client.get("/@ada-nwosu/engine/").content.decode()
        assert webhooks.secret_of(repository) not in page


def test_a_cache_that_is_away_does_not_make_us_deaf(deliver, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert deliver().status_code == 202


@pytest.mark.django_db(transaction=True)
def test_the_double_delivers_over_http(engine, hub, live_server):
    repository = engine.repositories.get()
    url = f"{live_server.url}/webhooks/github/{repository.pk}/"

    status = hub.deliver(
        url, webhooks.secret_of(repository), "push", hub.payload("ada/engine", "push")
    )

    assert status == 202
