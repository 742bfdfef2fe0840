"""What people paste, and what it is taken for."""

import itertools
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.github import permalinks
from portfolio.github.links import MAX_LENGTH, BadLink, Link, Reason, is_ref, parse

SHA = "9f3c2e1d4b5a69788f9e0d1c2b3a495867758493"

WHOLE_REPOSITORY = [
    "https://github.com/ada/engine",
    "http://github.com/ada/engine",
    "https://www.github.com/ada/engine",
    "https://GitHub.com/ada/engine",
    "HTTPS://GITHUB.COM/ada/engine",
    "https://github.com./ada/engine",
    "https://github.com:443/ada/engine",
    "https://github.com/ada/engine/",
    "https://github.com//ada//engine//",
    "https:/github.com/ada/engine",
    "https://github.com/ada/engine.git",
    "https://github.com/ada/engine.git/",
    "https://github.com/ada/engine.GIT",
    "https://github.com/ada/engine.wiki.git",
    "https://github.com/ada/engine?tab=readme-ov-file",
    "https://github.com/ada/engine?tab=readme-ov-file#results",
    "https://github.com/ada/engine#results",
    "https://github.com/ada/engine.",
    "https://github.com/ada/engine,",
    "https://ada:secret@github.com/ada/engine.git",
    "https://ghp_secret@github.com/ada/engine",
    "//github.com/ada/engine",
    "github.com/ada/engine",
    "www.github.com/ada/engine/",
    "ada/engine",
    "ada/engine/",
    "git@github.com:ada/engine.git",
    "git@github.com:ada/engine",
    "org-1234@github.com:ada/engine.git",
    "github.com:ada/engine.git",
    "ssh://git@github.com/ada/engine.git",
    "ssh://git@github.com:22/ada/engine.git",
    "ssh://git@ssh.github.com:443/ada/engine.git",
    "git://github.com/ada/engine.git",
    "git+ssh://git@github.com/ada/engine.git",
    "git+https://github.com/ada/engine.git#egg=engine",
    "pip install git+https://github.com/ada/engine",
    "git clone https://github.com/ada/engine.git",
    "$ git clone --depth 1 https://github.com/ada/engine.git copy",
    "gh repo clone ada/engine",
    "https://github.com/ada/engine/pull/1",
    "https://github.com/ada/engine/pull/1/files#diff-0",
    "https://github.com/ada/engine/issues",
    "https://github.com/ada/engine/issues/12#issuecomment-3",
    f"https://github.com/ada/engine/commit/{SHA}",
    "https://github.com/ada/engine/commits/main",
    "https://github.com/ada/engine/releases/tag/v1.0",
    "https://github.com/ada/engine/actions/runs/123",
    "https://github.com/ada/engine/wiki",
    "https://github.com/ada/engine/settings",
    "https://github.com/ada/engine/tree",
    "https://github.com/ada/engine/tree/HEAD",
    "https://github.com/ada/engine/archive/refs/heads/main.zip",
    "https://codeload.github.com/ada/engine/zip/refs/heads/main",
    "https://api.github.com/repos/ada/engine",
    "https://api.github.com/repos/ada/engine/contents/README.md",
    "https://raw.githubusercontent.com/ada/engine",
    "https://github.dev/ada/engine",
    "https://vscode.dev/github/ada/engine",
    "https://gitpod.io/#https://github.com/ada/engine",
    "https://mybinder.org/v2/gh/ada/engine",
    "https://nbviewer.org/github/ada/engine/",
    "https://github.com/ada%2Fengine",
    "https://github.com/%61da/engine",
    "  https://github.com/ada/engine\n",
    "\ufeffhttps://github.com/ada/engine\u200b",
    "<https://github.com/ada/engine>",
    '"https://github.com/ada/engine"',
    "`https://github.com/ada/engine`",
    "“https://github.com/ada/engine”",
    "[my project](https://github.com/ada/engine)",
    '[my project](<https://github.com/ada/engine> "Engine")',
    "![badge](https://github.com/ada/engine/actions/workflows/ci.yml/badge.svg)",
]

PLACES = [
    ("https://github.com/ada/engine/tree/main", "main", "", ""),
    ("https://github.com/ada/engine/tree/main/", "main", "", ""),
    ("https://github.com/ada/engine/tree/main/projects/wine", "main", "projects/wine", ""),
    ("https://github.com/ada/engine/tree/HEAD/projects", "", "projects", ""),
    ("https://github.com/ada/engine/tree/feature/x/sub", "feature", "x/sub", ""),
    (f"https://github.com/ada/engine/tree/{SHA}", SHA, "", ""),
    (f"https://github.com/ada/engine/blob/{SHA}/a.py#L3-L9", SHA, "", "a.py"),
    ("https://github.com/ada/engine/blob/main/README.md?plain=1#L5", "main", "", "README.md"),
    ("https://github.com/ada/engine/blob/main/my%20notes/a%23b.md", "main", "", "my notes/a#b.md"),
    ("https://github.com/ada/engine/blob/main/100%25.md", "main", "", "100%.md"),
    ("https://github.com/ada/engine/tree/main/d%C3%A9mo", "main", "démo", ""),
    ("https://github.com/ada/engine/tree/main/démo", "main", "démo", ""),
    ("https://github.com/ada/engine/raw/main/data.csv", "main", "", "data.csv"),
    ("https://github.com/ada/engine/blame/main/a.py", "main", "", "a.py"),
    ("https://github.com/ada/engine/edit/main/a.py", "main", "", "a.py"),
    ("https://github.com/ada/engine/raw/refs/heads/main/a.py", "main", "", "a.py"),
    ("https://raw.githubusercontent.com/ada/engine/main/README.md", "main", "", "README.md"),
    (
        "https://raw.githubusercontent.com/ada/engine/refs/heads/main/src/a.py",
        "main",
        "",
        "src/a.py",
    ),
    ("https://raw.githubusercontent.com/ada/engine/refs/tags/v1/a.py", "v1", "", "a.py"),
    (
        "https://colab.research.google.com/github/ada/engine/blob/main/a.ipynb",
        "main",
        "",
        "a.ipynb",
    ),
    ("https://nbviewer.jupyter.org/github/ada/engine/blob/main/a.ipynb", "main", "", "a.ipynb"),
    ("https://nbviewer.org/github/ada/engine/tree/main/notebooks", "main", "notebooks", ""),
    ("https://mybinder.org/v2/gh/ada/engine/main?urlpath=lab", "main", "", ""),
    ("https://mybinder.org/v2/gh/ada/engine/HEAD", "", "", ""),
    ("https://mybinder.org/v2/gh/ada/engine/feature%2Fx", "feature", "x", ""),
    ("https://vscode.dev/github/ada/engine/tree/dev", "dev", "", ""),
    ("git+https://github.com/ada/engine.git@v1.2#egg=engine", "v1.2", "", ""),
    ("ada/engine/tree/main/sub", "main", "sub", ""),
    ("git@github.com:ada/engine.git/tree/main", "main", "", ""),
]

REFUSED = [
    ("", Reason.EMPTY),
    ("   \n", Reason.EMPTY),
    ("<>", Reason.EMPTY),
    ("\u200b\ufeff", Reason.EMPTY),
    ("https://github.com/ada/" + "e" * 500, Reason.TOO_LONG),
    ("a" * 5_000, Reason.TOO_LONG),
    (" " * 5_000 + "a" * 501, Reason.TOO_LONG),
    ("https://github.com/ada/eng\x00ine", Reason.CONTROL_CHARACTERS),
    ("https://github.com/ada/eng\nine", Reason.CONTROL_CHARACTERS),
    ("https://github.com/ada/engine\r\nHost: evil.com", Reason.CONTROL_CHARACTERS),
    ("https://github.com/ada/engine/tree/main/\u202efdp", Reason.CONTROL_CHARACTERS),
    ("https://github.com/ada/engine/tree/main/%00", Reason.CONTROL_CHARACTERS),
    ("https://github.com/ada/engine/tree/main/%0d%0aX", Reason.CONTROL_CHARACTERS),
    ("https://github.com/ada/engine/tree/main/%E2%80%AE", Reason.CONTROL_CHARACTERS),
    ("https://github.com/ada/\ud800", Reason.CONTROL_CHARACTERS),
    ("hello", Reason.NOT_A_LINK),
    ("my project", Reason.NOT_A_LINK),
    ("a/b/c", Reason.NOT_A_LINK),
    ("https://", Reason.NOT_A_LINK),
    ("https://github.com", Reason.NOT_A_LINK),
    ("https://github.com/", Reason.NOT_A_LINK),
    ("github.com", Reason.NOT_A_LINK),
    ("javascript:alert(1)", Reason.NOT_A_LINK),
    ("javascript://github.com/ada/engine", Reason.NOT_A_LINK),
    ("data:text/html,x", Reason.NOT_A_LINK),
    ("file:///etc/passwd", Reason.NOT_A_LINK),
    ("ftp://github.com/ada/engine", Reason.NOT_A_LINK),
    ("C:\\projects\\engine", Reason.NOT_A_LINK),
    ("https:\\\\github.com\\ada\\engine", Reason.NOT_A_LINK),
    ("https://github.com\\@evil.com/ada/engine", Reason.NOT_A_LINK),
    ("https://github.com/ada/engine/tree/main/%FF", Reason.NOT_A_LINK),
    ("https://api.github.com/users/ada", Reason.NOT_A_LINK),
    ("https://[::1]/ada/engine", Reason.NOT_A_LINK),
    ("https://gitlab.com/ada/engine", Reason.OTHER_HOST),
    ("https://www.gitlab.com/ada/engine", Reason.OTHER_HOST),
    ("git@gitlab.com:ada/engine.git", Reason.OTHER_HOST),
    ("https://bitbucket.org/ada/engine", Reason.OTHER_HOST),
    ("https://huggingface.co/ada/engine", Reason.OTHER_HOST),
    ("https://www.kaggle.com/code/ada/engine", Reason.OTHER_HOST),
    ("https://colab.research.google.com/drive/1abc", Reason.OTHER_HOST),
    ("https://github.com@evil.com/ada/engine", Reason.OTHER_HOST),
    ("https://github.com:pw@evil.com/ada/engine", Reason.OTHER_HOST),
    ("https://evil.com/github.com/ada/engine", Reason.OTHER_HOST),
    ("https://bright.com/ada/engine", Reason.OTHER_HOST),
    ("https://git.school.example/ada/engine", Reason.OTHER_HOST),
    ("https://evil.com/?https://github.com/ada/engine", Reason.OTHER_HOST),
    ("http://127.0.0.1/ada/engine", Reason.OTHER_HOST),
    ("http://169.254.169.254/latest/meta-data", Reason.OTHER_HOST),
    ("ada@example.org", Reason.OTHER_HOST),
    ("https://github.com.evil.com/ada/engine", Reason.LOOK_ALIKE),
    ("https://githib.com/ada/engine", Reason.LOOK_ALIKE),
    ("https://gihub.com/ada/engine", Reason.LOOK_ALIKE),
    ("https://github.co/ada/engine", Reason.LOOK_ALIKE),
    ("https://github.com:8443/ada/engine", Reason.LOOK_ALIKE),
    ("https://my-github.com/ada/engine", Reason.LOOK_ALIKE),
    ("https://gïthub.com/ada/engine", Reason.LOOK_ALIKE),
    ("https://xn--gthub-4ya.com/ada/engine", Reason.LOOK_ALIKE),
    ("https://gist.github.com/ada/0123456789abcdef", Reason.GIST),
    ("https://gist.githubusercontent.com/ada/0/raw/a.py", Reason.GIST),
    ("https://colab.research.google.com/gist/ada/0/a.ipynb", Reason.GIST),
    ("https://mybinder.org/v2/gist/ada/0/HEAD", Reason.GIST),
    ("https://ada.github.io/engine", Reason.PAGES_SITE),
    ("https://github.com/ada", Reason.PROFILE),
    ("https://github.com/ada/", Reason.PROFILE),
    ("https://github.com/ada?tab=repositories", Reason.PROFILE),
    ("git@github.com:ada", Reason.PROFILE),
    ("https://github.com/settings/profile", Reason.RESERVED),
    ("https://github.com/Topics/machine-learning", Reason.RESERVED),
    ("https://github.com/orgs/ada/repositories", Reason.RESERVED),
    ("https://github.com/search?q=x", Reason.RESERVED),
    ("https://github.com/features/actions", Reason.RESERVED),
    ("https://github.com/ada/..", Reason.DOTS),
    ("https://github.com/../ada/engine", Reason.DOTS),
    ("https://github.com/ada/./engine", Reason.DOTS),
    ("https://github.com/ada/engine/tree/main/../../x", Reason.DOTS),
    ("https://github.com/ada/engine/tree/main/%2e%2e/x", Reason.DOTS),
    ("https://github.com/ada/engine/tree/main/%2E%2E%2Fx", Reason.DOTS),
    ("../..", Reason.DOTS),
    ("https://github.com/-ada/engine", Reason.BAD_OWNER),
    ("https://github.com/a.d.a/engine", Reason.BAD_OWNER),
    ("https://github.com/" + "a" * 40 + "/engine", Reason.BAD_OWNER),
    ("https://github.com/ädа/engine", Reason.BAD_OWNER),
    ("https://github.com/{{7*7}}/engine", Reason.BAD_OWNER),
    ("https://github.com/ada/eng ine", Reason.BAD_NAME),
    ("https://github.com/ada/<script>", Reason.BAD_NAME),
    ("https://github.com/ada/%3Cscript%3E", Reason.BAD_NAME),
    ("https://github.com/ada/.git", Reason.BAD_NAME),
    ("https://github.com/ada/" + "e" * 101, Reason.BAD_NAME),
    ("https://github.com/ada/engine%2525", Reason.BAD_NAME),
    ("https://github.com/ada/engine/tree/ma in", Reason.BAD_REF),
    ("https://github.com/ada/engine/tree/main~1", Reason.BAD_REF),
    ("https://github.com/ada/engine/tree/main:README.md", Reason.BAD_REF),
    ("https://github.com/ada/engine/tree/-x", Reason.BAD_REF),
    ("https://github.com/ada/engine/tree/a..b/x", Reason.BAD_REF),
    ("https://github.com/ada/engine/tree/main https://github.com/x/y", Reason.BAD_REF),
]


@pytest.mark.parametrize("text", WHOLE_REPOSITORY)
def test_every_form_of_a_link_leads_to_the_repository(text):
    assert parse(text) == Link("ada", "engine")


@pytest.mark.parametrize(("text", "ref", "folder", "file"), PLACES)
def test_a_link_to_a_place_keeps_the_branch_and_the_path(text, ref, folder, file):
    assert parse(text) == Link("ada", "engine", ref, folder, file)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_repository_is_refused_for_its_own_reason(text, reason):
    with pytest.raises(BadLink) as caught:
        parse(text)

    assert caught.value.reason == reason


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_every_refusal_is_a_sentence_that_can_be_shown(text, reason):
    with pytest.raises(BadLink) as caught:
        parse(text)

    message = str(caught.value)
    assert message[0].isupper()
    assert message.endswith(".")
    assert "{" not in message
    assert len(message) < 250


def test_every_reason_has_a_case_of_its_own():
    assert {reason for _, reason in REFUSED} == set(Reason)


def test_the_other_host_is_named():
    with pytest.raises(BadLink, match="GitLab"):
        parse("https://gitlab.com/ada/engine")
    with pytest.raises(BadLink, match=r"git\.example\.org"):
        parse("https://git.example.org/ada/engine")


def test_a_profile_is_named():
    with pytest.raises(BadLink, match="profile of ada"):
        parse("https://github.com/ada")


def test_a_host_of_a_thousand_letters_is_cut_in_the_message():
    with pytest.raises(BadLink) as caught:
        parse(f"https://{'a' * 400}.com/ada/engine")

    assert len(str(caught.value)) < 250


def test_names_and_passwords_in_a_link_are_dropped():
    link = parse("https://ada:ghp_secret@github.com/ada/engine/tree/main")

    assert "ghp_secret" not in repr(link)
    assert "ghp_secret" not in link.url()


def test_names_and_passwords_are_not_shown_in_a_refusal():
    with pytest.raises(BadLink) as caught:
        parse("https://ada:ghp_secret@gitlab.com/ada/engine")

    assert "ghp_secret" not in repr(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8481/ada/engine/tree/main/sub",
        "127.0.0.1:8481/ada/engine/tree/main/sub",
        "https://github.com/ada/engine/tree/main/sub",
    ],
)
def test_another_github_may_be_named_and_the_usual_one_stays(text):
    link = parse(text, web_url="http://127.0.0.1:8481")

    assert link == Link("ada", "engine", "main", "sub")


def test_a_github_on_another_port_is_another_host():
    with pytest.raises(BadLink) as caught:
        parse("http://127.0.0.1:8482/ada/engine", web_url="http://127.0.0.1:8481")

    assert caught.value.reason == Reason.OTHER_HOST


def test_enterprise_links_are_read_with_their_api():
    web_url = "https://git.school.example"

    assert parse("https://git.school.example/ada/engine", web_url).full_name == "ada/engine"
    api = "https://git.school.example/api/v3/repos/ada/engine"
    assert parse(api, web_url).full_name == "ada/engine"
    assert parse("git@git.school.example:ada/engine.git", web_url).full_name == "ada/engine"


def test_case_does_not_tell_repositories_apart():
    assert parse("ADA/Engine").key == parse("ada/engine").key
    assert parse("ADA/Engine").full_name == "ADA/Engine"


def test_a_branch_with_slashes_has_as_many_readings_as_it_has_slashes():
    link = parse("https://github.com/ada/engine/tree/feature/x/sub")

    assert link.rest == "feature/x/sub"
    assert link.ref_candidates == (
        ("feature", "x/sub"),
        ("feature/x", "sub"),
        ("feature/x/sub", ""),
    )


def test_a_file_is_never_taken_for_the_end_of_a_branch():
    link = parse("https://github.com/ada/engine/blob/feature/x/a.py")

    assert link.ref_candidates == (("feature", "x/a.py"), ("feature/x", "a.py"))


def test_a_link_whose_branch_is_known_tries_it_first():
    link = Link("ada", "engine", ref="feature/x", folder="sub")

    assert link.ref_candidates[0] == ("feature/x", "sub")
    assert len(link.ref_candidates) == 3


def test_a_deep_path_has_a_bounded_number_of_readings():
    link = parse("https://github.com/ada/engine/tree/" + "a/" * 100)

    assert len(link.ref_candidates) == 8


@pytest.mark.parametrize(
    "ref", ["main", "feature/x", "v1.0", "ñ", "a@b", SHA, "dependabot/pip/x-1"]
)
def test_git_allows_these_branches(ref):
    assert is_ref(ref)


@pytest.mark.parametrize(
    "ref",
    [
        "a..b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[",
        "a\\b",
        "a@{1}",
        "@",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "a.lock",
        "a.lock/b",
        "a.",
        "-a",
        "a\x7f",
    ],
)
def test_git_does_not_allow_these_branches(ref):
    assert not is_ref(ref)


@pytest.mark.parametrize("ref", ["", " ", "a b", "a\n", "a\t"])
def test_git_does_not_allow_blanks_in_a_branch(ref):
    assert not is_ref(ref)


@pytest.mark.parametrize(
    "parts",
    [
        {"owner": "../x", "name": "y"},
        {"owner": "a", "name": ".."},
        {"owner": "a", "name": "b?c"},
        {"owner": "a", "name": "b", "ref": "x:y"},
        {"owner": "a", "name": "b", "folder": "../../user"},
        {"owner": "a", "name": "b", "ref": "main", "file": "a/../b"},
    ],
)
def test_a_link_cannot_be_made_of_unsafe_parts(parts):
    with pytest.raises(BadLink):
        Link(**parts)


def test_a_refusal_survives_the_way_through_a_queue():
    error = pickle.loads(pickle.dumps(BadLink(Reason.GIST)))

    assert error.reason == Reason.GIST
    assert str(error) == str(BadLink(Reason.GIST))


def parsed(text):
    """The link, or None where the text is refused; anything else that is raised goes through."""
    try:
        return parse(text)
    except BadLink:
        return None


HOSTS = ["github.com", "www.github.com", "github.com.evil.com", "gitlab.com", "127.0.0.1", ""]
SCHEMES = ["https://", "ssh://git@", "git@", "javascript:", "//", ""]
PATHS = [
    "/ada/engine",
    "/ada",
    "/ada/..",
    "/ada/engine/tree/../../x",
    "/%2e%2e/%2e%2e/user",
    "/ada/engine@evil.com",
    "/ada/engine\u2028x",
    "/ada/engine/tree/%00",
    ":ada/engine.git",
    "/ada/engine/blob/main/" + "%25" * 90,
    "?x=/ada/engine",
    "#/ada/engine",
    "\\ada\\engine",
]


@pytest.mark.parametrize(
    "text",
    ["".join(parts) for parts in itertools.product(SCHEMES, HOSTS, PATHS)],
)
def test_hostile_links_are_refused_or_lead_to_a_plain_repository(text):
    link = parsed(text)

    assert link is None or link.full_name in ("ada/engine", "github.com/ada")
    assert link is None or parse(link.url()) == link


@given(st.text(max_size=600))
def test_no_text_ever_raises_anything_but_a_refusal(text):
    link = parsed(text)

    assert link is None or parse(link.url()) == link


words = st.text(
    st.sampled_from("abcXYZ019-_.~%/#?@:+ &=éß漢😀\u200d\u202e\x00[]()<>\\'\""), max_size=60
)


@given(
    st.sampled_from(["https://github.com/", "git@github.com:", "github.com/", "", "[x]("]),
    words,
    st.sampled_from(["/tree/", "/blob/", "/raw/refs/heads/", "/", ".git"]),
    words,
)
def test_an_accepted_link_is_read_back_as_itself(start, name, kind, rest):
    link = parsed(f"{start}ada/{name}{kind}{rest}")

    if link:
        assert parse(link.url()) == link
        assert link.url().startswith("https://github.com/ada/")
        assert link.url().isascii()


@pytest.mark.parametrize("character", "a/:@%[(.-<\"' \\#")
def test_long_monotonous_text_is_refused_at_once(character):
    started = time.perf_counter()

    for text in (
        character * MAX_LENGTH,
        character * 100_000,
        f"https://github.com/{character * 470}",
    ):
        parsed(text)

    assert time.perf_counter() - started < 0.05


@pytest.mark.parametrize(
    ("path", "spelt"),
    [
        ("README.md", "README.md"),
        ("src/a b.py", "src/a%20b.py"),
        ("what?.md", "what%3F.md"),
        ("c#/notes#1.md", "c%23/notes%231.md"),
        ("100%.md", "100%25.md"),
        ("données/été.md", "donn%C3%A9es/%C3%A9t%C3%A9.md"),
        ("a\\b&c.md", "a%5Cb%26c.md"),
        ('"><script>.md', "%22%3E%3Cscript%3E.md"),
    ],
)
def test_a_permalink_spells_any_file_name(path, spelt):
    url = permalinks.blob_url("https://github.com/", "ada/engine", SHA, path)

    assert url == f"https://github.com/ada/engine/blob/{SHA}/{spelt}"
    assert parse(url) == Link("ada", "engine", SHA, file=path) or "\\" in path


@pytest.mark.parametrize(
    ("line", "end_line", "fragment"),
    [(0, 0, ""), (12, 0, "#L12"), (12, 12, "#L12"), (12, 15, "#L12-L15"), (0, 9, "")],
)
def test_a_permalink_points_to_its_lines(line, end_line, fragment):
    url = permalinks.blob_url("https://github.com", "ada/engine", SHA, "a.py", line, end_line)

    assert url == f"https://github.com/ada/engine/blob/{SHA}/a.py{fragment}"


def test_permalinks_lead_to_repository_commit_and_folder():
    web = "http://127.0.0.1:8481"

    assert permalinks.repository_url(web, "ada/engine") == f"{web}/ada/engine"
    assert permalinks.commit_url(web, "ada/engine", SHA) == f"{web}/ada/engine/commit/{SHA}"
    assert permalinks.tree_url(web, "ada/engine") == f"{web}/ada/engine"
    assert (
        permalinks.tree_url(web, "ada/engine", "main", "a b") == f"{web}/ada/engine/tree/main/a%20b"
    )
    assert permalinks.tree_url(web, "ada/engine", "", "sub") == f"{web}/ada/engine/tree/HEAD/sub"
