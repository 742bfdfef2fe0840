"""GitHub on a bad day: every way in which it fails is told apart, and none leaks our credential."""

import logging
import pickle
import socket
import threading
import traceback
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from portfolio.github import connection, contents
from portfolio.github.client import GitHub
from portfolio.github.connection import open_http
from portfolio.github.errors import (
    BadCredentials,
    Blocked,
    GitHubError,
    NotFound,
    RateLimited,
    RefNotFound,
    Refused,
    Unavailable,
)
from portfolio.github.heads import Seen
from portfolio.github.links import parse
from portfolio.github.snapshot import Unread
from tests.github_server import GitHubServer

LINK = parse("ada/engine")
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes."


@pytest.fixture
def server():
    with GitHubServer() as server:
        server.add("ada/engine", {"README.md": "# Engine\n", "src/engine.py": "gear = 1\n"})
        yield server


@pytest.fixture(params=["anonymous", "token", "application"])
def github(server, request):
    if request.param == "token":
        credential = {"token": server.token("ada")}
    elif request.param == "application":
        server.application("an-id", "a-secret")
        credential = {"client_id": "an-id", "client_secret": "a-secret"}
    else:
        credential = {}
    with GitHub(server.url, timeout=2, **credential) as github:
        yield github


@pytest.fixture
def with_token(server):
    with GitHub(server.url, token=server.token("ada"), timeout=2) as github:
        yield github


@pytest.fixture
def anonymous(server):
    with GitHub(server.url, timeout=2) as github:
        yield github


def refusal(github, link=LINK):
    with pytest.raises(GitHubError) as caught:
        github.snapshot(link)
    return caught.value


def seconds_from_now(moment):
    return (moment - datetime.now(UTC)).total_seconds()


# What GitHub says of the repository


def test_a_repository_that_does_not_exist_is_not_found(github):
    error = refusal(github, parse("ada/nothing"))

    assert type(error) is NotFound
    assert error.full_name == "ada/nothing"
    assert "private" in str(error)


def test_a_private_repository_is_not_found_either(server, github):
    server.make_private("ada/engine")

    assert type(refusal(github)) is NotFound


def test_a_deleted_repository_is_not_found(server, github):
    server.delete("ada/engine")

    assert type(refusal(github)) is NotFound


def test_a_repository_deleted_between_two_requests_is_not_found(server, github):
    snapshot = github.snapshot(LINK)
    server.fault("status", "git/trees", status=404, body={"message": "Not Found"})

    assert type(refusal(github)) is NotFound
    server.delete("ada/engine")
    if server.requests[0].caller == "anonymous":
        assert set(github.read(snapshot, ["src/engine.py"]).values()) == {Unread.FAILED}
    else:
        with pytest.raises(NotFound):
            github.read(snapshot, ["src/engine.py"])


@pytest.mark.parametrize("reason", ["dmca", "tos"])
def test_a_blocked_repository_says_why(server, github, reason):
    server.block("ada/engine", reason)

    error = refusal(github)

    assert type(error) is Blocked
    assert error.reason == reason


def test_a_branch_that_is_gone_is_not_a_repository_that_is_gone(github):
    error = refusal(github, parse("https://github.com/ada/engine/tree/old/src"))

    assert type(error) is RefNotFound
    assert error.ref == "old"
    assert error.full_name == "ada/engine"


def test_a_default_branch_without_a_commit_is_a_branch_that_is_gone(server, github):
    server.push("ada/engine", {"a": "b"}, branch="dev")
    del server.repository("ada/engine").branches["main"]

    error = refusal(github)

    assert type(error) is RefNotFound


@pytest.mark.parametrize("status", [404, 409])
def test_an_empty_repository_may_answer_404_or_409(server, anonymous, status):
    server.add("ada/empty")
    server.fault("status", "/commits/", status=status, body={"message": "Git Repository is empty."})

    assert anonymous.snapshot(parse("ada/empty")).is_empty


def test_a_repository_emptied_between_two_requests_is_empty(server, github):
    server.fault("status", "git/trees", status=409, body={"message": "Git Repository is empty."})

    assert github.snapshot(LINK).is_empty


def test_a_403_without_a_limit_or_a_block_is_a_refusal(server, anonymous):
    body = {"message": "Resource protected by organization SAML enforcement."}
    server.fault("status", "/repos/ada/engine", status=403, body=body)

    assert type(refusal(anonymous)) is Refused


# Our credential


def test_a_wrong_token_is_our_trouble_not_the_learners(server):
    with GitHub(server.url, token="ghp_wrong") as github:
        assert type(refusal(github)) is BadCredentials


def test_a_wrong_secret_of_an_application_is_too(server):
    server.application("an-id", "a-secret")
    with GitHub(server.url, client_id="an-id", client_secret="wrong") as github:
        assert type(refusal(github)) is BadCredentials


def test_half_an_application_asks_as_nobody(server):
    with GitHub(server.url, client_id="an-id") as github:
        github.snapshot(LINK)

    assert {request.caller for request in server.requests} == {"anonymous"}


# Limits


def test_a_spent_hour_is_a_primary_limit_until_it_ends(server, github):
    server.fault("primary_limit")

    error = refusal(github)

    assert type(error) is RateLimited
    assert error.kind == "primary"
    assert 3590 < seconds_from_now(error.retry_at) < 3605
    assert 3590 < error.seconds < 3605


def test_a_limit_stays_until_the_hour_is_over(server, github):
    server.fault("primary_limit")
    refusal(github)

    assert refusal(github).kind == "primary"
    server.mend()
    assert github.snapshot(LINK)


@pytest.mark.parametrize("status", [403, 429])
def test_a_primary_limit_may_be_403_or_429(server, anonymous, status):
    server.fault("primary_limit", status=status)

    error = refusal(anonymous)

    assert (type(error), error.kind) == (RateLimited, "primary")


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_says_how_long_to_wait(server, github, status):
    server.fault("secondary_limit", status=status, retry_after=90)

    error = refusal(github)

    assert (type(error), error.kind) == (RateLimited, "secondary")
    assert 85 < seconds_from_now(error.retry_at) < 91


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_without_a_time_means_a_minute(server, github, status):
    server.fault("secondary_limit", status=status, retry_after=None)

    error = refusal(github)

    assert (type(error), error.kind) == (RateLimited, "secondary")
    assert 55 < seconds_from_now(error.retry_at) < 61


def test_graphql_reports_its_limit_with_status_200(server, with_token):
    server.fault("primary_limit", "graphql")

    error = refusal(with_token)

    assert (type(error), error.kind) == (RateLimited, "primary")
    assert 3590 < seconds_from_now(error.retry_at) < 3605


@pytest.mark.parametrize(
    "errors",
    [
        [{"type": "RATE_LIMITED", "message": "slow down"}],
        [{"type": "RATE_LIMIT", "message": ""}],
        [{"message": "API rate limit exceeded for user ID 1."}],
        [{"message": SECONDARY}],
    ],
)
def test_graphql_spells_its_limits_in_several_ways(server, with_token, errors):
    server.fault("graphql_errors", "graphql", errors=errors)

    assert type(refusal(with_token)) is RateLimited


def test_a_limit_while_reading_files_is_a_limit(server, github):
    snapshot = github.snapshot(LINK)
    server.fault("secondary_limit", retry_after=30)

    with pytest.raises(RateLimited):
        github.read(snapshot, ["README.md", "src/engine.py"])


@pytest.mark.parametrize(
    ("headers", "kind", "seconds"),
    [
        ({"retry-after": "5", "x-ratelimit-remaining": "0"}, "primary", 5),
        ({"retry-after": "5"}, "secondary", 5),
        ({"retry-after": "999999999999"}, "secondary", 60),
        ({"retry-after": "soon"}, "secondary", 60),
        ({"retry-after": b"\xb2"}, "secondary", 60),  # a digit to str.isdigit, and none to int
        ({"retry-after": "99999999"}, "secondary", 86_400),
        ({"retry-after": "Sun, 22 Nov 2026 10:02:00 GMT"}, "secondary", 120),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-limit": "60"}, "primary", 60),
        ({"x-ratelimit-reset": "1795341900"}, "primary", 301),
        ({"x-ratelimit-reset": "1795341000"}, "primary", 2),
        ({"x-ratelimit-reset": "1795399999"}, "primary", 3601),
        ({"x-ratelimit-reset": "99999999999999999999"}, "primary", 60),
        ({"x-ratelimit-reset": "x"}, "primary", 60),
    ],
)
def test_the_wait_follows_the_headers_in_githubs_order(headers, kind, seconds):
    """GitHub's clock says 10:00:00; ours may say anything."""
    if "x-ratelimit-reset" in headers:
        headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-limit": "60"}
    headers |= {"date": "Sun, 22 Nov 2026 10:00:00 GMT"}
    github = answering(httpx.Response(429, headers=headers, json={"message": "slow down"}))

    error = refusal(github)

    assert error.kind == kind
    assert abs(seconds_from_now(error.retry_at) - seconds) < 2


def test_a_limit_without_any_header_means_a_minute():
    github = answering(httpx.Response(403, json={"message": SECONDARY}))

    error = refusal(github)

    assert (type(error), error.kind) == (RateLimited, "secondary")
    assert 55 < seconds_from_now(error.retry_at) < 61


@pytest.mark.parametrize("header", [{"retry-after": "5"}, {"x-ratelimit-remaining": "0"}])
def test_a_403_is_a_limit_by_its_headers_whatever_it_says(header):
    github = answering(httpx.Response(403, headers=header, json={"message": "No."}))

    assert type(refusal(github)) is RateLimited


def test_a_block_is_no_limit_even_when_the_hour_is_spent():
    body = {"message": "Repository access blocked", "block": {"reason": "tos"}}
    headers = {"x-ratelimit-remaining": "0"}
    github = answering(httpx.Response(403, headers=headers, json=body))

    assert type(refusal(github)) is Blocked


# GitHub is away


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_an_outage(server, github, status):
    server.fault("status", status=status)

    error = refusal(github)

    assert type(error) is Unavailable
    assert str(status) in error.reason


@pytest.mark.parametrize("kind", ["drop", "truncate", "badjson", "html"])
@pytest.mark.parametrize("match", ["graphql|/repos/ada/engine ", "git/trees"])
def test_a_broken_answer_is_an_outage(server, github, kind, match):
    server.fault(kind, match)

    error = refusal(github)

    assert type(error) is Unavailable
    assert error.reason


def test_an_answer_that_does_not_come_is_an_outage(server):
    server.fault("delay", seconds=30)
    with GitHub(server.url, timeout=0.2) as github:
        error = refusal(github)

    assert type(error) is Unavailable
    assert error.is_timeout


def test_an_answer_without_an_end_is_cut_off(server, monkeypatch):
    monkeypatch.setattr(connection, "MAX_ANSWER_BYTES", 300_000)
    server.fault("endless")
    with GitHub(server.url, timeout=5) as github:
        error = refusal(github)

    assert type(error) is Unavailable
    assert "too large" in error.reason


def test_an_answer_that_drips_is_cut_off(monkeypatch):
    clock = iter(range(0, 1000, 7))
    monkeypatch.setattr(connection.time, "monotonic", lambda: next(clock))
    stream = httpx.Response(200, content=(b" " for _ in range(100)))
    github = answering(stream, timeout=10)

    error = refusal(github)

    assert type(error) is Unavailable
    assert "too slow" in error.reason


def test_nobody_at_the_address_is_an_outage():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with GitHub(f"http://127.0.0.1:{port}") as github:
        error = refusal(github)

    assert type(error) is Unavailable
    assert "ConnectError" in str(error)


def test_nonsense_instead_of_http_is_an_outage():
    def babble(listener):
        talker, _ = listener.accept()
        with talker:
            talker.recv(65536)
            talker.sendall(b"\x00\xff SSH-2.0-OpenSSH\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=babble, args=(listener,))
        thread.start()
        with GitHub(f"http://127.0.0.1:{listener.getsockname()[1]}") as github:
            error = refusal(github)
        thread.join()

    assert type(error) is Unavailable


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        '"text"',
        "{}",
        '{"data": null}',
        '{"data": {"repository": []}}',
        '{"data": {"repository": {}}}',
        '{"data": {"repository": {"nameWithOwner": "../../user", "databaseId": 1}}}',
        '{"data": {"repository": {"defaultBranchRef": 5}}}',
        '{"errors": "x"}',
        '{"errors": [1, null]}',
        '{"full_name": "ada/engine"}',
        '{"full_name": "../x", "id": 1, "default_branch": "main", "fork": false}',
        '{"full_name": 1, "id": "x", "default_branch": {}}',
        "[" * 100_000,
        "",
        "\ufeff{}",
    ],
    ids=range(17),
)
def test_json_of_another_shape_is_an_outage(server, github, body):
    server.fault("status", status=200, body=body, count=None)

    assert type(refusal(github)) is Unavailable


@pytest.mark.parametrize(
    "tree",
    [
        {"tree": None},
        {"tree": [1]},
        {"tree": [{"path": "a"}]},
        {"tree": [{"path": "a", "mode": "1", "type": "blob", "sha": "x", "size": "many"}]},
        {"message": "surprise"},
    ],
)
def test_a_tree_of_another_shape_is_an_outage(server, github, tree):
    server.fault("status", "git/trees", status=200, body=tree)

    assert type(refusal(github)) is Unavailable


def test_a_commit_that_is_no_id_never_reaches_a_request(server, anonymous):
    commit = {"sha": "../../../user", "commit": {"tree": {"sha": "x"}}}
    server.fault("status", "/commits/", status=200, body=commit)

    assert type(refusal(anonymous)) is Unavailable
    assert len(server.requests) == 2


def test_half_a_surrogate_in_a_path_can_still_be_stored(server, github):
    sha = "c" * 40
    row = f'{{"path": "a\\ud800\\u0000b", "mode": "100644", "type": "blob", "sha": "{sha}"}}'
    server.fault("status", "git/trees", status=200, body=f'{{"tree": [{row}]}}')

    snapshot = github.snapshot(LINK)

    assert [entry.path for entry in snapshot.entries] == ["a?b"]


# GraphQL's partial errors


@pytest.mark.parametrize("place", ["null", "7", '"q0"', "{}", "[null]"])
def test_an_error_that_names_no_place_says_nothing_of_a_repository(server, with_token, place):
    """What the list of errors does not tie to a repository leaves it unknown, and never missing."""
    errors = f'[{{"type": "NOT_FOUND", "path": {place}}}]'
    server.fault(
        "status", "graphql", status=200, body=f'{{"data": {{"q0": null}}, "errors": {errors}}}'
    )

    [head] = with_token.heads([LINK])

    assert head.seen == Seen.UNKNOWN


def test_an_error_in_a_field_we_can_do_without_is_no_error(server, with_token):
    truth = with_token.snapshot(LINK)
    node = {
        "databaseId": truth.repository_id,
        "nameWithOwner": "ada/engine",
        "description": None,
        "isPrivate": False,
        "isFork": False,
        "isArchived": False,
        "isEmpty": False,
        "licenseInfo": None,
        "defaultBranchRef": {
            "name": "main",
            "target": {"oid": truth.head_sha, "tree": {"oid": truth.tree_sha}},
        },
    }
    errors = [{"path": ["repository", "licenseInfo"], "message": "timed out"}]
    server.fault("graphql_errors", "graphql", errors=errors, data={"repository": node})

    assert with_token.snapshot(LINK).head_sha == truth.head_sha


def test_a_name_that_is_none_never_reaches_a_request(server, with_token):
    target = {"oid": "a" * 40, "tree": {"oid": "b" * 40}}
    node = {
        "databaseId": 1,
        "nameWithOwner": "../../user",
        "description": "",
        "isPrivate": False,
        "isFork": False,
        "isArchived": False,
        "isEmpty": False,
        "defaultBranchRef": {"name": "main", "target": target},
    }
    server.fault("graphql_errors", "graphql", errors=[{"message": "-"}], data={"repository": node})

    assert type(refusal(with_token)) is Unavailable
    assert len(server.requests) == 1


def test_an_annotated_tag_leads_to_its_commit(server, with_token):
    truth = with_token.snapshot(LINK)
    target = {"oid": truth.head_sha, "tree": {"oid": truth.tree_sha}}
    node = {
        "databaseId": 1,
        "nameWithOwner": "ada/engine",
        "description": "",
        "isPrivate": False,
        "isFork": False,
        "isArchived": False,
        "isEmpty": False,
        "defaultBranchRef": {"name": "main", "target": target},
        "r0": {"target": target},
    }
    server.fault("graphql_errors", "graphql", errors=[{"message": "-"}], data={"repository": node})

    snapshot = with_token.snapshot(parse("https://github.com/ada/engine/tree/v1"))

    assert (snapshot.head_sha, snapshot.ref) == (truth.head_sha, "v1")


def test_a_branch_that_graphql_could_not_look_up_is_not_gone(server, with_token):
    link = parse("https://github.com/ada/engine/tree/dev")
    server.push("ada/engine", {"a": "b"}, branch="dev")
    node = {
        "databaseId": 1,
        "nameWithOwner": "ada/engine",
        "description": "",
        "isPrivate": False,
        "isFork": False,
        "isArchived": False,
        "isEmpty": False,
        "defaultBranchRef": None,
        "r0": None,
    }
    errors = [{"path": ["repository", "r0"], "message": "Something went wrong"}]
    server.fault("graphql_errors", "graphql", errors=errors, data={"repository": node})

    assert type(refusal(with_token, link)) is Unavailable


def test_graphql_that_runs_out_of_time_is_an_outage(server, with_token):
    server.fault("graphql_errors", "graphql")

    assert type(refusal(with_token)) is Unavailable


def test_graphql_that_refuses_leaves_the_verdict_to_rest(server, with_token):
    errors = [{"type": "FORBIDDEN", "path": ["repository"], "message": "Access denied"}]
    data = {"repository": None}
    server.fault("graphql_errors", "graphql", errors=errors, data=data)

    assert with_token.snapshot(LINK).full_name == "ada/engine"
    assert server.counts()["repos"] == 1


def test_an_address_without_graphql_is_an_outage_not_a_missing_repository(server, with_token):
    server.fault("status", "graphql", status=404, body={"message": "Not Found"})

    assert type(refusal(with_token)) is Unavailable


# Files


@pytest.mark.parametrize("status", [502, 504])
def test_a_batch_that_is_too_much_is_halved(server, with_token, status):
    files = {f"{n}.txt": f"{n}\n" for n in range(8)}
    server.push("ada/engine", files)
    snapshot = with_token.snapshot(LINK)
    server.fault("status", "b4:", status=status, count=None)

    assert with_token.read(snapshot, list(files)) == files
    assert server.counts()["graphql"] == 1 + 3


def test_a_batch_that_runs_out_of_time_is_halved(server, with_token):
    files = {f"{n}.txt": f"{n}\n" for n in range(8)}
    server.push("ada/engine", files)
    snapshot = with_token.snapshot(LINK)
    server.fault("graphql_errors", "b4:", count=None)

    assert with_token.read(snapshot, list(files)) == files


def test_a_file_that_is_too_much_for_graphql_is_asked_for_by_rest(server, with_token):
    server.push("ada/engine", {"cog.py": "teeth = 9\n"})
    snapshot = with_token.snapshot(LINK)
    server.fault("graphql_errors", "b0:", count=None)

    contents = with_token.read(snapshot, ["cog.py", "src/engine.py"])

    assert contents == {"cog.py": "teeth = 9\n", "src/engine.py": "gear = 1\n"}
    assert server.counts()["git/blobs"] == 2


def test_halving_ends_when_its_time_is_over(server, with_token, monkeypatch):
    server.push("ada/engine", {"cog.py": "teeth = 9\n"})
    monkeypatch.setattr(contents, "HALVING_SECONDS", -1)
    snapshot = with_token.snapshot(LINK)
    server.fault("status", "b0:", status=502, count=None)

    with pytest.raises(Unavailable):
        with_token.read(snapshot, ["cog.py", "src/engine.py"])
    assert server.counts()["graphql"] == 2


@pytest.mark.parametrize("kind", ["status", "badjson", "drop", "truncate", "html"])
def test_an_outage_while_reading_is_an_outage(server, github, kind):
    snapshot = github.snapshot(LINK)
    server.fault(kind, count=None)

    with pytest.raises(Unavailable):
        github.read(snapshot, ["README.md", "src/engine.py"])


@pytest.mark.parametrize("kind", ["status", "badjson", "drop", "truncate", "html"])
def test_one_file_that_fails_is_that_files_trouble(server, anonymous, kind):
    snapshot = anonymous.snapshot(LINK)
    server.fault(kind, "git/blobs")

    contents = anonymous.read(snapshot, ["README.md", "src/engine.py"])

    assert contents == {"README.md": Unread.FAILED, "src/engine.py": "gear = 1\n"}


def test_two_failures_in_a_row_are_an_outage(server, anonymous):
    files = {"1.txt": "1", "2.txt": "2", "3.txt": "3", "4.txt": "4"}
    server.push("ada/engine", files)
    snapshot = anonymous.snapshot(LINK)
    server.fault("status", "git/blobs", skip=1, count=2)

    with pytest.raises(Unavailable):
        anonymous.read(snapshot, list(files))
    assert server.counts()["git/blobs"] == 3


def test_the_only_file_that_fails_is_an_outage(server, anonymous):
    snapshot = anonymous.snapshot(LINK)
    server.fault("status", "git/blobs")

    with pytest.raises(Unavailable):
        anonymous.read(snapshot, ["README.md"])


def test_files_that_graphql_names_in_an_error_are_asked_for_by_rest(server, with_token):
    server.push("ada/engine", {"cog.py": "teeth = 9\n"})
    snapshot = with_token.snapshot(LINK)
    blob = {"byteSize": 10, "isBinary": False, "isTruncated": False, "text": "teeth = 9\n"}
    errors = [{"path": ["repository", "b1"], "message": "Something went wrong"}]
    data = {"repository": {"b0": blob, "b1": None}}
    server.fault("graphql_errors", "graphql", errors=errors, data=data)

    contents = with_token.read(snapshot, ["cog.py", "src/engine.py"])

    assert contents == {"cog.py": "teeth = 9\n", "src/engine.py": "gear = 1\n"}
    assert server.counts()["git/blobs"] == 1


@pytest.mark.parametrize("change", [{"isTruncated": True}, {"text": None}, {"isBinary": True}])
def test_what_graphql_cuts_is_read_whole_by_rest(server, with_token, change):
    server.push("ada/engine", {"cog.md": "teeth = 9\n"})
    snapshot = with_token.snapshot(LINK)
    blob = {"byteSize": 10, "isBinary": False, "isTruncated": False, "text": "teeth"} | change
    data = {"repository": {"b0": blob}}
    server.fault("graphql_errors", "graphql", errors=[{"message": "-"}], data=data)

    assert with_token.read(snapshot, ["cog.md"]) == {"cog.md": "teeth = 9\n"}


def test_a_blob_too_large_for_the_api_is_too_large(server, anonymous):
    snapshot = anonymous.snapshot(LINK)
    body = {"message": "too large", "errors": [{"code": "too_large"}]}
    server.fault("status", "git/blobs", status=403, body=body)

    contents = anonymous.read(snapshot, ["README.md"])

    assert contents == {"README.md": Unread.TOO_LARGE}


@pytest.mark.parametrize(
    "body",
    [
        {"encoding": "none", "content": ""},
        {"encoding": "base64", "content": "abc"},
        {"encoding": "base64", "content": None},
        {},
    ],
)
def test_a_blob_of_another_shape_is_not_an_empty_file(server, anonymous, body):
    snapshot = anonymous.snapshot(LINK)
    server.fault("status", "git/blobs", status=200, body=body)

    contents = anonymous.read(snapshot, ["README.md", "src/engine.py"])

    assert contents["README.md"] is Unread.FAILED


# Where requests go, and what they carry


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/repos/ada/engine",
        "https://evil.example/repos/ada/engine",
        "//evil.example/repos/ada/engine",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
def test_no_redirect_leads_to_another_host(server, anonymous, status, location):
    headers = {"Location": location}
    server.fault("status", "/repos/ada/engine", status=status, body="{}", headers=headers)

    error = refusal(anonymous)

    assert type(error) is Unavailable
    assert "another host" in error.reason
    assert len(server.requests) == 1


def test_the_token_does_not_follow_a_redirect_to_another_port(server):
    with GitHubServer() as other, GitHub(server.url, token=server.token("ada")) as github:
        other.add("ada/engine", {"README.md": "stolen"})
        headers = {"Location": f"{other.url}/repos/ada/engine/git/trees/main"}
        server.fault("status", "git/trees", status=301, body="{}", headers=headers)

        assert type(refusal(github)) is Unavailable
        assert other.requests == []


def test_redirects_in_a_circle_end(server, anonymous):
    headers = {"Location": "/repos/ada/engine"}
    server.fault("status", "/repos/ada/engine", status=301, body="{}", headers=headers, count=None)

    error = refusal(anonymous)

    assert type(error) is Unavailable
    assert anonymous.requests == 4


def test_a_question_to_graphql_is_never_redirected(server, with_token):
    headers = {"Location": "/graphql"}
    server.fault("status", "graphql", status=307, body="{}", headers=headers)

    assert type(refusal(with_token)) is Unavailable
    assert len(server.requests) == 1


SECRETS = ["ghp_planted_token", "planted-secret", "cGxhbnRlZC1pZDpwbGFudGVkLXNlY3JldA"]


@pytest.mark.parametrize("kind", ["status", "drop", "truncate", "badjson", "primary_limit"])
@pytest.mark.parametrize(
    "credential",
    [
        {"token": "ghp_planted_token"},
        {"client_id": "planted-id", "client_secret": "planted-secret"},
    ],
)
def test_no_error_and_no_log_shows_the_credential(server, caplog, kind, credential):
    caplog.set_level(logging.DEBUG)
    server.application("planted-id", "planted-secret")
    server.tokens["ghp_planted_token"] = server.tokens[server.token("ada")]
    server.fault(kind, count=None)
    with GitHub(server.url, **credential) as github:
        error = refusal(github)
        shown = [repr(github), repr(vars(github)), repr(error), str(error), repr(vars(error))]

    shown += traceback.TracebackException.from_exception(error, capture_locals=False).format()
    shown += [record.getMessage() for record in caplog.records]
    assert error.__cause__ is None
    assert error.__context__ is None
    assert not [text for text in shown for secret in SECRETS if secret in text]


@pytest.mark.parametrize(
    "error",
    [
        NotFound(full_name="ada/engine"),
        RefNotFound(full_name="ada/engine", ref="dev"),
        Blocked(full_name="ada/engine", reason="dmca"),
        Refused(full_name="ada/engine"),
        RateLimited(kind="primary", retry_at=datetime(2026, 11, 22, tzinfo=UTC)),
        BadCredentials(),
        Unavailable(reason="status 502", is_timeout=True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_is_a_sentence_and_survives_a_queue(error):
    again = pickle.loads(pickle.dumps(error))

    assert vars(again) == vars(error)
    assert str(again) == str(error)
    assert error.message.endswith(".")


def test_a_limit_that_is_over_is_no_wait():
    assert RateLimited(retry_at=datetime.now(UTC) - timedelta(hours=1)).seconds == 0


# The budget that processes share


class Ledger:
    """A budget that writes down what it hears, and refuses once it was blocked."""

    def __init__(self):
        self.spent, self.heard, self.blocked = [], [], {}

    def spend(self, resource):
        if resource in self.blocked:
            raise RateLimited(kind="primary", retry_at=self.blocked[resource])
        self.spent.append(resource)

    def hold(self, requests, *, limit):
        raise AssertionError("only a client without a credential holds its share")

    def release(self):
        pass

    def note(self, allowance):
        self.heard.append(allowance)

    def block(self, resource, until):
        self.blocked[resource] = until


def test_every_request_is_taken_from_the_budget_and_told_to_it(server):
    ledger = Ledger()
    with GitHub(server.url, token=server.token("ada"), budget=ledger) as github:
        github.snapshot(LINK)

    assert ledger.spent == ["graphql", "core"]
    assert [(a.resource, a.limit, a.remaining) for a in ledger.heard] == [
        ("graphql", 5000, 4999),
        ("core", 5000, 4999),
    ]
    assert 3590 < seconds_from_now(ledger.heard[0].reset_at) < 3605


def test_a_limit_blocks_its_resource_for_everybody(server):
    ledger = Ledger()
    server.fault("secondary_limit", "graphql", retry_after=90)
    with GitHub(server.url, token=server.token("ada"), budget=ledger) as github:
        refusal(github)
        asked = github.requests
        refusal(github)

    assert github.requests == asked
    assert 85 < seconds_from_now(ledger.blocked["graphql"]) < 91


def answering(response, **options):
    """An anonymous client whose every request gets this answer."""
    http = open_http("http://127.0.0.1", httpx.MockTransport(lambda request: response))
    return GitHub("http://127.0.0.1", http=http, **options)
