"""The GitHub client, through HTTP, against the double: what it reads and what it asks for that."""

import codecs

import pytest

from portfolio.github.client import GitHub
from portfolio.github.links import Link, parse
from portfolio.github.snapshot import Unread
from tests.github_server import GitHubServer, Submodule, Symlink

README = "# Engine\n\nFinds the gear that grinds.\n"
CREDENTIALS = ["anonymous", "token", "application"]


@pytest.fixture
def server():
    with GitHubServer() as server:
        server.add(
            "ada/engine",
            {
                "README.md": README,
                "src/engine.py": "def turn():\n    return 1\n",
                "tests/test_engine.py": "def test_turn():\n    assert turn() == 1\n",
            },
            description="Gears",
            licence="MIT",
        )
        yield server


@pytest.fixture(params=CREDENTIALS)
def github(server, request):
    """A client of the double with each kind of credential in turn."""
    with GitHub(server.url, **credential(server, request.param)) as github:
        yield github


@pytest.fixture
def with_token(server):
    with GitHub(server.url, token=server.token("ada", "repo")) as github:
        yield github


@pytest.fixture
def anonymous(server):
    with GitHub(server.url) as github:
        yield github


def credential(server, kind):
    if kind == "application":
        server.application("an-id", "a-secret")
        return {"client_id": "an-id", "client_secret": "a-secret"}
    return {"token": server.token("ada")} if kind == "token" else {}


def snapshot_of(github, text):
    return github.snapshot(parse(text))


def test_a_snapshot_is_the_whole_tree_at_the_head(server, github):
    snapshot = snapshot_of(github, "ada/engine")

    head = server.repository("ada/engine").head
    assert snapshot.head_sha == head.sha
    assert snapshot.tree_sha == head.tree_sha
    assert [entry.path for entry in snapshot.entries] == [
        "README.md",
        "src",
        "src/engine.py",
        "tests",
        "tests/test_engine.py",
    ]
    readme = snapshot.entry("README.md")
    assert (readme.mode, readme.type, readme.size) == ("100644", "blob", len(README))


def test_a_snapshot_says_what_github_knows_of_the_repository(server, github):
    server.repository("ada/engine").is_fork = True
    server.repository("ada/engine").is_archived = True

    snapshot = snapshot_of(github, "ADA/Engine")

    assert snapshot.full_name == "ada/engine"
    assert snapshot.repository_id == server.repository("ada/engine").id
    assert snapshot.default_branch == "main"
    assert snapshot.description == "Gears"
    assert snapshot.licence == "MIT"
    assert snapshot.is_fork
    assert snapshot.is_archived
    assert not snapshot.is_private
    assert not snapshot.is_truncated


def test_a_licence_that_github_does_not_know_is_none(server, github):
    server.add("ada/odd", {"a": "b"}, licence="NOASSERTION")
    server.add("ada/bare", {"a": "b"})

    assert snapshot_of(github, "ada/odd").licence == ""
    assert snapshot_of(github, "ada/bare").licence == ""


def test_files_are_read_as_text(github):
    snapshot = snapshot_of(github, "ada/engine")

    contents = github.read(snapshot, ["README.md", "src/engine.py"])

    assert contents == {"README.md": README, "src/engine.py": "def turn():\n    return 1\n"}


def test_a_credential_needs_three_requests_for_a_repository_and_its_files(server, with_token):
    files = {f"tests/test_{n}.py": f"assert {n}\n" for n in range(17)}
    server.push("ada/engine", files)

    snapshot = snapshot_of(with_token, "ada/engine")
    contents = with_token.read(snapshot, list(files))

    assert contents == files
    assert with_token.requests == 3
    assert server.counts() == {"graphql": 2, "git/trees": 1}


def test_nobody_needs_one_request_for_each_file_and_three_before(server, anonymous):
    snapshot = snapshot_of(anonymous, "ada/engine")
    anonymous.read(snapshot, ["README.md", "src/engine.py"])

    assert anonymous.requests == 5
    assert server.counts() == {"repos": 1, "commits": 1, "git/trees": 1, "git/blobs": 2}


def test_thirty_files_go_into_one_query(server, with_token):
    files = {f"{n}.txt": f"{n}\n" for n in range(31)}
    server.push("ada/engine", files)
    snapshot = snapshot_of(with_token, "ada/engine")

    contents = with_token.read(snapshot, list(files))

    assert contents == files
    assert server.counts()["graphql"] == 3


def test_the_credential_goes_out_as_github_expects_it(server, github):
    snapshot_of(github, "ada/engine")

    sent = {request.headers.get("authorization", "").split(" ")[0] for request in server.requests}
    kind = server.requests[0].caller
    assert sent == {{"token": "Bearer", "application": "Basic", "anonymous": ""}[kind]}


def test_every_request_names_its_sender_and_the_version_of_the_api(server):
    with GitHub(server.url, site_url="https://milepost.example.org") as github:
        snapshot_of(github, "ada/engine")

    for request in server.requests:
        assert request.headers["user-agent"].startswith("Milepost/")
        assert "(+https://milepost.example.org)" in request.headers["user-agent"]
        assert request.headers["x-github-api-version"] == "2022-11-28"


def test_enterprise_speaks_below_its_own_paths(server):
    with GitHub(f"{server.url}/api/v3", token=server.token("ada")) as github:
        snapshot = snapshot_of(github, "ada/engine")
        github.read(snapshot, ["src/engine.py"])

    paths = [request.path.split("?")[0] for request in server.requests]
    assert paths[0] == paths[2] == "/api/graphql"
    assert paths[1].startswith("/api/v3/repos/ada/engine/git/trees/")


def test_a_private_repository_is_read_by_its_owner(server, with_token):
    server.make_private("ada/engine")

    assert snapshot_of(with_token, "ada/engine").is_private


def test_an_application_without_graphql_reads_by_rest(server):
    server.applications_speak_graphql = False
    with GitHub(server.url, **credential(server, "application")) as github:
        snapshot = snapshot_of(github, "ada/engine")
        contents = github.read(snapshot, ["README.md"])

    assert contents == {"README.md": README}
    assert server.counts()["graphql"] == 1
    assert server.counts()["git/blobs"] == 1


# Branches, folders, names


def test_a_link_to_a_branch_is_read_at_its_head(server, github):
    sha = server.push("ada/engine", {"new.txt": "x"}, branch="dev")

    snapshot = snapshot_of(github, "https://github.com/ada/engine/tree/dev/src")

    assert (snapshot.head_sha, snapshot.ref, snapshot.folder) == (sha, "dev", "src")
    assert snapshot.entry("new.txt")
    assert snapshot.default_branch == "main"


def test_a_branch_with_slashes_is_found(server, github):
    sha = server.push("ada/engine", {"new.txt": "x"}, branch="feature/x")

    snapshot = snapshot_of(github, "https://github.com/ada/engine/tree/feature/x/src")

    assert (snapshot.head_sha, snapshot.ref, snapshot.folder) == (sha, "feature/x", "src")


def test_a_tag_and_a_commit_can_be_linked(server, github):
    first = server.repository("ada/engine").head.sha
    server.tag("ada/engine", "v1")
    server.push("ada/engine", {"new.txt": "x"})

    assert snapshot_of(github, "https://github.com/ada/engine/tree/v1").head_sha == first
    assert snapshot_of(github, f"https://github.com/ada/engine/tree/{first}").head_sha == first
    assert snapshot_of(github, "ada/engine").head_sha != first


def test_a_link_to_a_file_means_its_repository(server, github):
    sha = server.push("ada/engine", {"a.py": "x"}, branch="feature/x")

    snapshot = snapshot_of(github, "https://github.com/ada/engine/blob/feature/x/src/a.py")

    assert (snapshot.head_sha, snapshot.ref, snapshot.folder) == (sha, "feature/x", "")


def test_a_branch_is_only_ever_asked_for_as_a_branch(server, github):
    sha = server.push("ada/engine", {"a.py": "x"}, branch='quote"and%20#')

    snapshot = github.snapshot(Link("ada", "engine", ref='quote"and%20#'))

    assert snapshot.head_sha == sha


def test_another_default_branch_is_followed(server, github):
    server.add("ada/old", {"a": "b"}, default_branch="master")

    assert snapshot_of(github, "ada/old").default_branch == "master"


def test_a_renamed_repository_is_followed_to_its_new_name(server, github):
    server.rename("ada/engine", "babbage/analytical")

    snapshot = snapshot_of(github, "ada/engine")

    assert snapshot.full_name == "babbage/analytical"
    assert github.read(snapshot, ["README.md"]) == {"README.md": README}


def test_another_repository_under_the_old_name_has_another_id(server, github):
    before = snapshot_of(github, "ada/engine")
    server.replace("ada/engine", {"README.md": "Something else"})

    after = snapshot_of(github, "ada/engine")

    assert after.full_name == before.full_name
    assert after.repository_id != before.repository_id


def test_an_empty_repository_has_no_head(server, github):
    server.add("ada/empty")

    snapshot = snapshot_of(github, "ada/empty")

    assert snapshot.is_empty
    assert snapshot.entries == ()
    assert snapshot.repository_id == server.repository("ada/empty").id


def test_a_folder_of_an_empty_repository_is_empty_too(server, github):
    server.add("ada/empty")

    snapshot = snapshot_of(github, "https://github.com/ada/empty/tree/main/src")

    assert snapshot.is_empty


def test_a_repository_whose_files_were_all_deleted_is_not_an_empty_one(server, github):
    server.add("ada/gone", {"a": "b"})
    server.push("ada/gone", delete=["a"])

    snapshot = snapshot_of(github, "ada/gone")

    assert not snapshot.is_empty
    assert snapshot.entries == ()


PICTURES = {f"images/{n:03}/{m}.png": f"{n}{m}" for n in range(20) for m in range(2)}


def add_archive(server, **files):
    """A repository whose list of files GitHub cuts among its pictures."""
    workflow = {".github/workflows/ci.yml": "on: push\n", "README.md": README, "LICENSE": "MIT\n"}
    server.add("ada/archive", PICTURES | workflow | files)
    server.truncate("ada/archive", 12)


def test_of_a_tree_that_github_cuts_the_root_is_read_by_itself(server, github):
    add_archive(server, **{"train.py": "x = 1\n", "zoo/keeper.py": "y = 1\n"})

    snapshot = snapshot_of(github, "ada/archive")

    assert snapshot.is_truncated
    assert {"README.md", "LICENSE", "train.py", "zoo"} <= {entry.path for entry in snapshot.entries}
    assert snapshot.entry("zoo/keeper.py") is None
    assert snapshot.is_whole("")
    assert snapshot.is_whole(".github/workflows")
    assert snapshot.is_whole("docs")  # there is none: the root says so
    assert not snapshot.is_whole("images")
    assert not snapshot.is_whole("zoo")
    assert snapshot.unseen()[:2] == ["images", "zoo"]
    assert github.read(snapshot, ["train.py"]) == {"train.py": "x = 1\n"}


def test_of_a_tree_that_github_cuts_the_test_folders_are_read_with_all_below(server, github):
    add_archive(server, **{"tests/unit/test_a.py": "assert f()\n", "spec/b.py": "x\n"})

    snapshot = snapshot_of(github, "ada/archive")

    assert snapshot.entry("tests/unit/test_a.py").size == len("assert f()\n")
    assert snapshot.entry("spec/b.py") is not None
    assert snapshot.is_whole("tests/unit")


def test_of_a_tree_that_github_cuts_the_linked_folder_is_read_with_all_below(server, github):
    add_archive(server, **{"work/wine/src/a.py": "x\n", "work/beer/b.py": "x\n"})

    snapshot = snapshot_of(github, "https://github.com/ada/archive/tree/main/work/wine")

    assert snapshot.entry("work/wine/src/a.py") is not None
    assert snapshot.unseen("work/wine") == []


def test_a_cut_tree_costs_at_most_eight_further_requests(server, github):
    folders = [f"{a}{b}" for a in ("", "unit_", "integration-") for b in ("test", "tests", "spec")]
    add_archive(server, **{f"{folder}/a.py": "x\n" for folder in folders})
    add = {f"a/b/c/d/e/f/{n}.py": f"{n}" for n in range(30)}
    server.push("ada/archive", add)

    snapshot_of(github, "https://github.com/ada/archive/tree/main/a/b/c/d/e/f")

    before = 2 if server.requests[0].endpoint == "graphql" else 3  # description and cut tree
    assert github.requests == before + 8


def test_a_folder_that_github_does_not_give_stays_unknown(server, github):
    add_archive(server)
    server.fault("status", "git/trees", status=500, skip=1, count=None)
    server.fault("status", "f0:", status=500, count=None)

    snapshot = snapshot_of(github, "ada/archive")

    assert snapshot.is_truncated
    assert snapshot.whole_folders == frozenset()
    assert not snapshot.is_whole("docs")


def test_a_folder_that_is_too_long_even_by_itself_is_not_whole(server, anonymous):
    add_archive(server, **{f"{n:02}.txt": "x" for n in range(20)})

    snapshot = snapshot_of(anonymous, "ada/archive")

    assert not snapshot.is_whole("")


def test_a_whole_tree_asks_for_no_folder(server, github):
    snapshot = snapshot_of(github, "ada/engine")

    assert snapshot.whole_folders == frozenset()
    assert snapshot.unseen() == []
    assert server.counts()["git/trees"] == 1


def test_with_a_credential_the_readme_comes_with_the_description(server, with_token):
    snapshot = snapshot_of(with_token, "ada/engine")

    assert snapshot.files == {"README.md": README}
    assert with_token.requests == 2


@pytest.mark.parametrize("name", ["token", "anonymous"])
def test_a_readme_of_60_mb_is_never_loaded(server, name):
    server.add("ada/huge", {"README.md": "word " * 12_000_000})
    with GitHub(server.url, **credential(server, name)) as github:
        snapshot = snapshot_of(github, "ada/huge")
        assert github.read(snapshot, ["README.md"]) == {"README.md": Unread.TOO_LARGE}

    assert server.counts()["git/blobs"] == 0
    assert snapshot.files == {}


def test_links_and_submodules_keep_their_kind(server, github):
    files = {"link": Symlink("README.md"), "lib": Submodule("a" * 40)}
    server.push("ada/engine", files)

    snapshot = snapshot_of(github, "ada/engine")

    assert snapshot.entry("link").is_symlink
    assert snapshot.entry("lib").type == "commit"
    assert github.read(snapshot, ["link", "lib"]) == {"link": "README.md", "lib": Unread.FAILED}


def test_any_file_name_that_git_takes_is_read(server, github):
    files = {"a b.md": "1\n", "é#?%.md": "2\n", "漢字/😀.md": "3\n", '"quoted".md': "4\n"}
    server.push("ada/engine", files)

    snapshot = snapshot_of(github, "ada/engine")

    assert github.read(snapshot, list(files)) == files


# What is not read, and why


def test_a_path_that_is_no_file_is_not_read(server, github):
    snapshot = snapshot_of(github, "ada/engine")
    asked = github.requests

    assert github.read(snapshot, ["src", "nothing"]) == {
        "src": Unread.FAILED,
        "nothing": Unread.FAILED,
    }
    assert github.requests == asked


def test_an_empty_file_is_empty_text_and_costs_nothing(server, github):
    server.push("ada/engine", {"empty.md": ""})
    snapshot = snapshot_of(github, "ada/engine")
    asked = github.requests

    assert github.read(snapshot, ["empty.md"]) == {"empty.md": ""}
    assert github.requests == asked


def test_what_was_read_before_is_not_asked_for_again(github):
    snapshot = snapshot_of(github, "ada/engine")
    snapshot = snapshot.with_files(github.read(snapshot, ["README.md"]))
    asked = github.requests

    assert github.read(snapshot, ["README.md", "README.md"]) == {"README.md": README}
    assert github.requests == asked


def test_the_same_content_in_two_places_is_asked_for_once(server, anonymous):
    server.push("ada/engine", {"copy.md": README})
    snapshot = snapshot_of(anonymous, "ada/engine")

    contents = anonymous.read(snapshot, ["README.md", "copy.md"])

    assert contents == {"README.md": README, "copy.md": README}
    assert server.counts()["git/blobs"] == 1


def test_a_large_file_is_refused_without_asking(server, github):
    server.push("ada/engine", {"data.csv": "1,2\n" * 60_000})
    snapshot = snapshot_of(github, "ada/engine")
    asked = github.requests

    assert github.read(snapshot, ["data.csv"]) == {"data.csv": Unread.TOO_LARGE}
    assert github.requests == asked


def test_a_readme_may_be_as_long_as_github_shows(server, github):
    long, longer = "word " * 100_000, "word " * 103_000
    server.push("ada/engine", {"README.md": long, "docs/README.md": longer})
    snapshot = snapshot_of(github, "ada/engine")

    contents = github.read(snapshot, ["README.md", "docs/README.md"])

    assert contents == {"README.md": long, "docs/README.md": Unread.TOO_LARGE}


def test_reading_stops_at_its_budget(server, github):
    files = {f"{n}.txt": f"{n}" * 190_000 for n in range(9)}
    server.push("ada/engine", files)
    snapshot = snapshot_of(github, "ada/engine")

    contents = github.read(snapshot, list(files))

    assert [path for path, text in contents.items() if text is Unread.BUDGET] == ["7.txt", "8.txt"]
    again = github.read(snapshot.with_files(contents), ["8.txt", "README.md"])
    assert again["8.txt"] is Unread.BUDGET
    assert again["README.md"] == README


def test_pictures_are_binary(server, github):
    server.push("ada/engine", {"plot.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20})
    snapshot = snapshot_of(github, "ada/engine")

    assert github.read(snapshot, ["plot.png"]) == {"plot.png": Unread.BINARY}


@pytest.mark.parametrize(
    "data",
    [
        "# Énergie\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "# Énergie\n".encode("utf-16-be"),
        codecs.BOM_UTF8 + "# Énergie\n".encode(),
        "# Énergie\n".encode("utf-32"),
        b"# \xc3\x89n" + "ergie\n".encode("utf-16-le"),  # appended by PowerShell
    ],
)
def test_a_readme_from_a_windows_editor_is_text(server, github, data):
    server.push("ada/engine", {"README.md": data})
    snapshot = snapshot_of(github, "ada/engine")

    assert github.read(snapshot, ["README.md"]) == {"README.md": "# Énergie\n"}


def test_bytes_that_are_no_utf8_are_replaced(server, github):
    server.push("ada/engine", {"notes.txt": "na\u00efve caf\u00e9, mostly plain".encode("latin-1")})
    snapshot = snapshot_of(github, "ada/engine")

    text = github.read(snapshot, ["notes.txt"])["notes.txt"]

    assert text == "na\ufffdve caf\ufffd, mostly plain"


def test_text_with_a_nul_in_it_is_binary(server, github):
    server.push("ada/engine", {"odd.py": "x = 1\n" * 2000 + "\0"})
    snapshot = snapshot_of(github, "ada/engine")

    assert github.read(snapshot, ["odd.py"]) == {"odd.py": Unread.BINARY}


def test_compressed_bytes_without_a_nul_are_binary(server, github):
    server.push("ada/engine", {"model.txt": bytes(range(128, 256)) * 20})
    snapshot = snapshot_of(github, "ada/engine")

    assert github.read(snapshot, ["model.txt"]) == {"model.txt": Unread.BINARY}


def test_a_blob_that_is_gone_is_not_an_empty_file(server, github):
    snapshot = snapshot_of(github, "ada/engine")
    del server.repository("ada/engine").blobs[snapshot.entry("tests/test_engine.py").sha]

    contents = github.read(snapshot, ["tests/test_engine.py", "src/engine.py"])

    assert contents["tests/test_engine.py"] is Unread.FAILED
    assert contents["src/engine.py"].startswith("def turn")
