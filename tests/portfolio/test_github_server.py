"""The GitHub double itself: a test is worth as much as what it is tested against."""

import base64
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from portfolio.github import permalinks
from portfolio.github.client import GitHub
from portfolio.github.errors import Blocked, NotFound
from portfolio.github.links import parse
from tests.github_server import GitHubServer, Symlink, samples, webhooks

SECRET = "It's a Secret to Everybody"


@pytest.fixture
def server():
    with GitHubServer() as server:
        server.add("ada/engine", {"README.md": "# Engine\n", "src/a.py": "gear = 1\n# <b>&\n"})
        yield server


@pytest.fixture
def browser(server):
    with httpx.Client(base_url=server.url, trust_env=False, verify=False) as browser:
        yield browser


@pytest.fixture(scope="module")
def demo():
    with GitHubServer(anonymous_limit=5000) as server:
        samples.load_samples(server)
        yield server


def test_objects_have_the_ids_that_git_gives_them():
    """The expected ids were made with git 2.39 from the same files, names and dates."""
    server = GitHubServer()
    files = {
        "README.md": "# Engine\n",
        "src/engine.py": "gear = 1\n",
        "src-notes.txt": "x\n",
        "src0.txt": "y\n",
        "link": Symlink("README.md"),
    }
    head = server.add("ada/engine", files).head
    server.close()

    assert head.sha == "fb50e5c5b6cbf048e5127d328c394410f82b7b95"
    assert head.tree_sha == "e00f9eb3feab9ae2a5d5e3fa8c27088b917fd763"
    assert head.entries["src"].sha == "f60eb921cbfc2eb963324b63b7391a9290684caf"
    assert head.entries["README.md"].sha == "eaa55b0c8c47f49fce4a2e827cc58af5212c3433"
    assert list(head.entries) == [
        "README.md",
        "link",
        "src-notes.txt",
        "src",
        "src/engine.py",
        "src0.txt",
    ]


def test_a_push_is_a_commit_on_the_one_before(server):
    first = server.repository("ada/engine").head

    sha = server.push("ada/engine", {"new.md": "x"}, delete=["README.md"], message="Tidy up")

    second = server.repository("ada/engine").head
    assert second.sha == sha
    assert second.parents == (first.sha,)
    assert set(second.entries) == {"new.md", "src", "src/a.py"}


# REST and GraphQL beyond what our client asks


def test_the_readme_is_found_where_github_looks_first(server, browser):
    server.push("ada/engine", {".github/readme.rst": "first", "docs/README": "last"})

    assert browser.get("/repos/ada/engine/readme").json()["path"] == ".github/readme.rst"


def test_contents_are_listed_and_given(browser):
    listing = browser.get("/repos/ada/engine/contents").json()
    file = browser.get("/repos/ada/engine/contents/src/a.py").json()
    raw = browser.get(
        "/repos/ada/engine/contents/src/a.py", headers={"Accept": "application/vnd.github.raw"}
    )

    assert [(row["name"], row["type"]) for row in listing] == [
        ("README.md", "file"),
        ("src", "dir"),
    ]
    assert base64.b64decode(file["content"]) == raw.content == b"gear = 1\n# <b>&\n"


def test_one_level_of_a_tree_has_no_deeper_entries(server, browser):
    tree = browser.get("/repos/ada/engine/git/trees/main").json()["tree"]
    below = browser.get(f"/repos/ada/engine/git/trees/{tree[1]['sha']}?recursive=1").json()["tree"]

    assert [row["path"] for row in tree] == ["README.md", "src"]
    assert [row["path"] for row in below] == ["a.py"]


def test_a_rename_redirects_to_the_number_of_the_repository(server, browser):
    number = server.repository("ada/engine").id
    server.rename("ada/engine", "ada/machine")

    moved = browser.get("/repos/ada/engine/git/trees/main?recursive=1")

    assert moved.status_code == 301
    url = f"{server.url}/repositories/{number}/git/trees/main?recursive=1"
    assert moved.headers["location"] == url
    assert browser.get(url).status_code == 200


def test_an_old_name_stops_redirecting_when_it_is_taken(server, browser):
    server.rename("ada/engine", "ada/machine")
    server.add("ada/engine", {"README.md": "Another"})

    answer = browser.get("/repos/ada/engine").json()

    assert answer["id"] == server.repository("ada/engine").id


@pytest.mark.parametrize(
    "path",
    ["/repos/ada/engine/nothing", "/repos/ada/engine/", "/repos/ada", "/repositories/1", "/user/x"],
)
def test_what_is_not_served_is_404(browser, path):
    assert browser.get(path).status_code == 404


def test_the_hour_is_counted_and_told_in_headers(browser):
    first = browser.get("/repos/ada/engine")
    second = browser.get("/repos/ada/engine")
    rate = browser.get("/rate_limit").json()["rate"]

    assert first.headers["x-ratelimit-limit"] == "60"
    assert first.headers["x-ratelimit-remaining"] == "59"
    assert second.headers["x-ratelimit-remaining"] == "58"
    assert (rate["used"], rate["remaining"]) == (2, 58)


def test_sixty_requests_of_nobody_are_all_there_are(server, browser):
    statuses = [browser.get("/repos/ada/engine").status_code for _ in range(61)]

    assert statuses == [200] * 60 + [403]
    assert browser.get("/rate_limit").status_code == 200
    token = server.token("ada")
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.get("/repos/ada/engine", headers=headers).status_code == 200


def test_the_hour_begins_again(server, browser):
    now = server.clock()
    server.fault("primary_limit")
    assert browser.get("/repos/ada/engine").status_code == 403

    server.clock = lambda: now + 3601

    assert browser.get("/repos/ada/engine").status_code == 200


def ask(server, query, **variables):
    headers = {"Authorization": f"Bearer {server.token('ada')}"}
    body = {"query": query, "variables": variables}
    with httpx.Client(trust_env=False, verify=False) as client:
        return client.post(f"{server.url}/graphql", json=body, headers=headers).json()


def test_graphql_answers_the_fields_it_knows(server):
    answer = ask(
        server,
        """query Q($name: String!) {
            rateLimit { remaining cost } viewer { login }
            it: repository(owner: "ada", name: $name) {
                __typename
                object(expression: "HEAD:src") { ... on Tree { entries { name type mode size } } }
                readme: object(expression: "main:README.md") { ... on Blob { text } }
                none: object(expression: "main:nothing") { ... on Blob { text } }
            }
        }""",
        name="engine",
    )

    assert answer == {
        "data": {
            "rateLimit": {"remaining": 4999, "cost": 1},
            "viewer": {"login": "ada"},
            "it": {
                "__typename": "Repository",
                "object": {
                    "entries": [{"name": "a.py", "type": "blob", "mode": 0o100644, "size": 16}]
                },
                "readme": {"text": "# Engine\n"},
                "none": None,
            },
        }
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('{ repository(owner: "ada", name: "engine") { stargazers } }', "stargazers"),
        ("{ nonsense { id } }", "nonsense"),
        ("{ rateLimit }", "must have selections"),
        ("{ rateLimit { cost }", "the end"),
        ("{ rateLimit { } }", "empty"),
        ("{ rateLimit { cost } } }", "after the query"),
        ("{ rateLimit ; }", "Unexpected character"),
    ],
)
def test_graphql_never_answers_a_mistake_with_a_silent_null(server, query, message):
    answer = ask(server, query)

    assert "data" not in answer
    assert message in answer["errors"][0]["message"]


def test_graphql_names_the_field_that_failed(server):
    answer = ask(
        server, '{ a: repository(owner: "ada", name: "nothing") { name } rateLimit { cost } }'
    )

    assert answer["data"] == {"a": None, "rateLimit": {"cost": 1}}
    assert answer["errors"][0]["type"] == "NOT_FOUND"
    assert answer["errors"][0]["path"] == ["a"]


def test_graphql_is_closed_to_nobody(server, browser):
    assert browser.post("/graphql", json={"query": "{ rateLimit { cost } }"}).status_code == 401


def test_a_mistake_of_the_double_itself_fails_the_test():
    server = GitHubServer()
    repository = server.add("ada/engine", {"README.md": "x"})
    server.__enter__()
    repository.commits[repository.head.sha].trees.clear()
    with httpx.Client(base_url=server.url, trust_env=False, verify=False) as browser:
        assert browser.get("/repos/ada/engine/git/trees/main").status_code == 500

    with pytest.raises(AssertionError, match="KeyError"):
        server.__exit__(None)


# Faults


def test_a_fault_of_an_unknown_kind_is_a_mistake_in_the_test(server):
    with pytest.raises(ValueError, match="earthquake"):
        server.fault("earthquake")


def test_a_fault_hits_whom_it_should_and_as_often(server, browser):
    server.fault("status", "/repos/ada/engine ", status=502, skip=1, count=2)

    statuses = [browser.get("/repos/ada/engine").status_code for _ in range(4)]

    assert statuses == [200, 502, 502, 200]


def test_faults_can_be_mended(server, browser):
    server.fault("status", count=None)
    assert browser.get("/repos/ada/engine").status_code == 500

    server.mend()

    assert browser.get("/repos/ada/engine").status_code == 200


# Pages


def test_a_permalink_opens_and_shows_its_line(server, browser):
    head = server.repository("ada/engine").head
    url = permalinks.blob_url(server.url, "ada/engine", head.sha, "src/a.py", 2)

    page = browser.get(url)

    assert page.status_code == 200
    assert '<tr id="L2"><td><a href="#L2">2</a></td><td># &lt;b&gt;&amp;</td></tr>' in page.text
    assert "Sample GitHub of Milepost" in page.text


def test_a_permalink_to_several_lines_has_an_anchor(server, browser):
    head = server.repository("ada/engine").head
    url = permalinks.blob_url(server.url, "ada/engine", head.sha, "src/a.py", 1, 2)

    page = browser.get(url)

    assert f'id="{urlsplit(url).fragment}"' in page.text


def test_pages_show_what_others_wrote_as_text_and_run_nothing(server, browser):
    evil = "<script>alert(1)</script>"
    server.add("ada/evil", {f"{evil}.md": evil, "README.md": evil}, description=evil)
    server.push("ada/evil", {"x": "y"}, message=evil)
    head = server.repository("ada/evil").head

    for path in (
        "/",
        "/ada",
        "/ada/evil",
        f"/ada/evil/commit/{head.sha}",
        permalinks.blob_url("", "ada/evil", head.sha, f"{evil}.md"),
    ):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/ada", 200),
        ("/nobody", 404),
        ("/ada/engine", 200),
        ("/ada/engine/tree/main", 200),
        ("/ada/engine/tree/main/src", 200),
        ("/ada/engine/blob/main/src/a.py", 200),
        ("/ada/engine/blob/main/src", 404),
        ("/ada/engine/tree/main/none", 404),
        ("/ada/engine/tree/none", 404),
        ("/ada/engine/issues", 404),
        ("/ada/nothing", 404),
        ("/ada/empty", 200),
        ("/ada/secret", 404),
        ("/ada/blocked", 451),
        ("/ada/old", 301),
        ("/ada/old/tree/main", 301),
    ],
)
def test_every_page_has_the_status_it_would_have_at_github(server, browser, path, status):
    server.add("ada/empty")
    server.add("ada/secret", {"a": "b"}, is_private=True)
    server.add("ada/blocked", {"a": "b"}, state="dmca")
    server.add("ada/old", {"a": "b"})
    server.rename("ada/old", "ada/new")

    assert browser.get(path).status_code == status


def test_every_link_on_a_page_of_a_repository_opens(server, browser):
    server.push("ada/engine", {"a b/c#d?.md": "x", "é.txt": "y"})
    page = browser.get("/ada/engine").text

    links = re.findall(r'href="(/[^"]+)"', page)

    assert len(links) > 4
    assert {browser.get(link).status_code for link in links} == {200}


# Signing in


VERIFIER = "a-verifier-of-at-least-forty-three-characters-long"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)
CALLBACK = "http://127.0.0.1:8000/accounts/github/login/callback/"


@pytest.fixture
def application(server):
    server.person("ada", name="Ada Nwosu", email="ada@example.org")
    return server.application("an-id", "a-secret", callback=CALLBACK)


def authorize(browser, **changes):
    query = {
        "client_id": "an-id",
        "redirect_uri": CALLBACK,
        "state": "a state",
        "scope": "user:email",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return browser.get("/login/oauth/authorize", params=query)


def exchange(browser, code, **changes):
    data = {
        "client_id": "an-id",
        "client_secret": "a-secret",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    headers = {"Accept": "application/json"}
    return browser.post("/login/oauth/access_token", data=data, headers=headers).json()


def code_of(answer):
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def test_a_person_chooses_who_they_are_and_comes_back_with_a_code(application, browser):
    page = authorize(browser)
    assert "Continue as Ada Nwosu" in page.text

    answer = authorize(browser, login="ada")

    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{CALLBACK}?code=")
    assert parse_qs(urlsplit(answer.headers["location"]).query)["state"] == ["a state"]


@pytest.mark.parametrize("prefix", ["", "/api/v3"])
def test_a_code_becomes_a_token_that_says_who_it_is(application, browser, prefix):
    token = exchange(browser, code_of(authorize(browser, login="ada")))["access_token"]
    headers = {"Authorization": f"token {token}"}

    user = browser.get(f"{prefix}/user", headers=headers).json()
    emails = browser.get(f"{prefix}/user/emails", headers=headers).json()

    assert user["login"] == "ada"
    assert emails[0]["email"] == "ada@example.org"
    assert emails[0]["verified"]


def test_somebody_may_be_signed_in_without_being_asked(server, application, browser):
    server.signs_in_as = "ada"

    assert authorize(browser).status_code == 302


def test_a_person_may_say_no(application, browser):
    answer = authorize(browser, decision="cancel")

    assert "error=access_denied" in answer.headers["location"]


def test_an_address_that_is_not_the_applications_is_never_returned_to(application, browser):
    answer = authorize(browser, login="ada", redirect_uri="https://evil.example/callback")

    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "wrong"}, "bad_verification_code"),
        ({"code_verifier": ""}, "bad_verification_code"),
        ({"code": "wrong"}, "bad_verification_code"),
        ({"client_secret": "wrong"}, "incorrect_client_credentials"),
        ({"client_id": "wrong"}, "incorrect_client_credentials"),
        ({"redirect_uri": "http://127.0.0.1:9/"}, "redirect_uri_mismatch"),
    ],
)
def test_a_code_is_worth_nothing_without_the_rest(application, browser, changes, error):
    code = code_of(authorize(browser, login="ada"))

    assert exchange(browser, changes.pop("code", code), **changes)["error"] == error


def test_a_code_works_once_and_for_ten_minutes(server, application, browser):
    first = code_of(authorize(browser, login="ada"))
    assert "access_token" in exchange(browser, first)
    assert exchange(browser, first)["error"] == "bad_verification_code"

    second = code_of(authorize(browser, login="ada"))
    now = server.clock()
    server.clock = lambda: now + 601
    assert exchange(browser, second)["error"] == "bad_verification_code"


def test_addresses_need_the_scope_for_them(server, browser):
    headers = {"Authorization": f"Bearer {server.token('ada')}"}

    assert browser.get("/user/emails", headers=headers).status_code == 404
    assert browser.get("/user").status_code == 401


# Webhooks


@pytest.fixture
def listener():
    """An HTTP server that keeps what it is sent and answers 202."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.received.append((dict(self.headers), body))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listener:
        listener.received = []
        listener.url = f"http://127.0.0.1:{listener.server_port}/hooks/"
        thread = threading.Thread(target=listener.serve_forever, args=(0.005,))
        thread.start()
        yield listener
        listener.shutdown()
        thread.join()


def test_a_webhook_is_signed_as_github_documents():
    """The example in GitHub's "Validating webhook deliveries"."""
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    assert webhooks.signature(SECRET, b"Hello, World!") == expected


def test_a_push_is_delivered_with_its_commit(server, listener):
    sha = server.push("ada/engine", {"new.md": "x"})

    status = server.deliver(listener.url, SECRET, "push", server.payload("ada/engine", "push"))

    [(headers, body)] = listener.received
    assert status == 202
    assert headers["X-Github-Event"] == "push"
    assert headers["X-Hub-Signature-256"] == webhooks.signature(SECRET, body)
    assert json.loads(body)["after"] == sha
    assert json.loads(body)["repository"]["full_name"] == "ada/engine"


def test_addresses_in_answers_are_those_that_were_asked(server):
    """The double may listen on every address; a client knows one of them."""
    server.rename("ada/engine", "ada/machine")
    url = server.url.replace("127.0.0.1", "localhost")

    with GitHub(url) as github:
        assert github.snapshot(parse("ada/engine")).full_name == "ada/machine"


def test_a_delivery_can_be_repeated_and_its_signature_broken(server, listener):
    payload = server.payload("ada/engine", "repository", action="renamed")
    for _ in range(2):
        server.deliver(
            listener.url,
            SECRET,
            "repository",
            payload,
            delivery="the same",
            headers={"X-Hub-Signature-256": "sha256=0"},
        )

    assert {headers["X-Github-Delivery"] for headers, _ in listener.received} == {"the same"}
    assert {headers["X-Hub-Signature-256"] for headers, _ in listener.received} == {"sha256=0"}


# The samples of the demo


@pytest.mark.parametrize("sample", samples.SAMPLES, ids=lambda sample: sample.full_name)
def test_every_sample_is_there_in_the_state_it_is_to_show(demo, sample):
    with GitHub(demo.url, token=demo.token("grace-halloran")) as github:
        if "private" in sample.shows:
            with pytest.raises(NotFound):
                github.snapshot(parse(sample.full_name))
        elif "blocked" in sample.shows:
            with pytest.raises(Blocked):
                github.snapshot(parse(sample.full_name))
        else:
            snapshot = github.snapshot(parse(sample.full_name))
            paths = [entry.path for entry in snapshot.entries if entry.is_file]
            contents = github.read(snapshot, paths[:20])
            assert snapshot.description == sample.description
            assert snapshot.is_truncated == ("cuts" in sample.shows)
            assert any(path.lower().startswith("readme") for path in paths)
            assert all(isinstance(text, str) for text in contents.values()) or snapshot.is_truncated


def test_the_samples_hold_an_empty_a_renamed_and_a_missing_repository(demo):
    with GitHub(demo.url) as github:
        assert github.snapshot(parse(samples.EMPTY.full_name)).is_empty
        renamed = github.snapshot(parse(samples.RENAMED_FROM))
        assert renamed.full_name == "jonas-berg/delay-forecast"
        with pytest.raises(NotFound):
            github.snapshot(parse(samples.GONE))


def test_the_samples_have_the_same_commits_at_every_start(demo):
    with GitHubServer() as again:
        samples.load_samples(again)

    heads = {r.full_name: r.branches for r in again.repositories()}
    assert heads == {r.full_name: r.branches for r in demo.repositories()}


def test_bike_demand_had_a_leak_and_no_tests_before_its_review(demo):
    repository = demo.repository("ada-nwosu/bike-demand")
    before, after = repository.commits.values()

    features = repository.blobs[before.entries["bike_demand/features.py"].sha].decode()
    assert "for _ in hours" in features
    compile(features, "features.py", "exec")
    assert not [path for path in before.entries if path.startswith("tests/")]
    assert "tests/test_features.py" in after.entries


def test_a_readme_saved_on_windows_is_read_as_text(demo):
    with GitHub(demo.url) as github:
        snapshot = github.snapshot(parse("sam-obi/energy-forecast"))
        readme = github.read(snapshot, ["README.md"])["README.md"]

    assert readme.startswith("# Energy forecast")


# As a process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_sample_github_runs_alone_and_stops_when_told(number):
    command = [sys.executable, "-m", "tests.github_server", "--port", "0", "--samples"]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        url = process.stdout.readline().split()[-1]
        page = httpx.get(f"{url}/ada-nwosu/bike-demand", trust_env=False)
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)

    assert page.status_code == 200
    assert "Bike-share demand" in page.text
    assert (process.returncode, errors) == (0, "")
