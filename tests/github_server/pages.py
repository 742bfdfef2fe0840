"""The pages a person sees at the sample GitHub: repositories, files with line numbers, commits."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote, unquote

from tests.github_server.people import Application
from tests.github_server.replies import Ask, Reply, html_reply, redirect
from tests.github_server.repositories import Commit, Entry, Repository, children

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
.notice { border: 1px solid; border-radius: .4rem; padding: .5rem 1rem }
.notice { position: sticky; top: 0; background: Canvas }
table.code { border-collapse: collapse; font: 14px/1.5 ui-monospace, monospace; width: 100% }
table.code td { padding: 0 .75rem; vertical-align: top; white-space: pre-wrap }
table.code td { overflow-wrap: anywhere }
table.code td:first-child { text-align: right; opacity: .7; user-select: none; white-space: nowrap }
tr:target, tr:has(:target) { background: #ffd33d66 }
tr, i { scroll-margin-top: 8rem }
a { text-decoration-thickness: 1px }
li { margin: .2rem 0 }
button { font: inherit; padding: .4rem .9rem; margin: .2rem 0; cursor: pointer }
"""
NOTICE = (
    "Sample GitHub of Milepost’s demo. These repositories were written for it, and they live only"
    " as long as the demo runs. This is not github.com."
)


def answer(ask: Ask) -> Reply:
    """The page at an address of the sample GitHub."""
    parts = [unquote(part) for part in ask.path.split("/") if part]
    if not parts:
        return html_reply(_home(ask))
    if len(parts) == 1:
        return _profile(ask, parts[0])
    full_name = "/".join(parts[:2])
    repository = ask.hub.find(full_name, ask.caller)
    if not repository:
        if moved := ask.hub.find_moved(full_name, ask.caller):
            tail = "".join(f"/{quote(part)}" for part in parts[2:])
            return redirect(f"{ask.url}/{moved.full_name}{tail}", 301)
        return html_reply(message("There is no such repository, or it is private."), 404)
    if repository.state != "ok":
        status = 451 if repository.state == "dmca" else 403
        return html_reply(message("This repository is not available."), status)
    return _repository_page(ask, repository, parts[2:])


def message(text: str) -> str:
    """A page with one sentence."""
    return _page(text, f"<h1>{escape(text)}</h1>")


def choice(ask: Ask, application: Application) -> str:
    """The page on which a visitor chooses who they are."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">'
        for key, value in ask.query.items()
        if key not in ("login", "decision")
    )
    buttons = "".join(
        f'<p><button name="login" value="{escape(person.login)}">Continue as'
        f" {escape(person.name)} ({escape(person.login)})</button></p>"
        for person in ask.hub.people.values()
        if person.email
    )
    body = (
        f"<h1>Sign in to {escape(application.name)}</h1><p>Choose one of the sample people.</p>"
        f'<form method="get" action="/login/oauth/authorize">{hidden}{buttons}'
        '<p><button name="decision" value="cancel">Cancel</button></p></form>'
    )
    return _page("Sign in", body)


def _repository_page(ask: Ask, repository: Repository, parts: list[str]) -> Reply:
    if repository.is_empty:
        return html_reply(_page(repository.full_name, f"{_heading(repository)}<p>Empty.</p>"))
    if not parts:
        return html_reply(_tree(repository, repository.default_branch, repository.head, ""))
    kind, rest = parts[0], parts[1:]
    ref, commit, path = _split(repository, rest)
    if not commit:
        return html_reply(message("There is no such branch or commit."), 404)
    if kind == "tree" and path in commit.trees:
        return html_reply(_tree(repository, ref, commit, path))
    if kind == "blob" and path in commit.entries and commit.entries[path].type == "blob":
        return html_reply(_blob(repository, ref, commit.entries[path]))
    if kind == "commit":
        return html_reply(_commit(repository, commit))
    return html_reply(message("There is no such page."), 404)


def _split(repository: Repository, parts: list[str]) -> tuple[str, Commit | None, str]:
    """The longest beginning that is a branch, a tag or a commit, and the path after it."""
    for number in range(len(parts), 0, -1):
        ref = "/".join(parts[:number])
        if commit := repository.resolve(ref):
            return ref, commit, "/".join(parts[number:])
    return "", None, ""


def _home(ask: Ask) -> str:
    shown = [r for r in ask.hub.repositories() if not r.is_private and r.state == "ok"]
    return _page("Sample repositories", f"<h1>Sample repositories</h1>{_list(shown)}")


def _profile(ask: Ask, login: str) -> Reply:
    person = next((p for k, p in ask.hub.people.items() if k.lower() == login.lower()), None)
    if not person:
        return html_reply(message("There is no such page."), 404)
    owned = [
        r
        for r in ask.hub.repositories()
        if r.owner.lower() == login.lower() and not r.is_private and r.state == "ok"
    ]
    return html_reply(_page(person.login, f"<h1>{escape(person.name)}</h1>{_list(owned)}"))


def _list(repositories: Iterable[Repository]) -> str:
    rows = "".join(
        f'<li><a href="/{quote(r.full_name)}">{escape(r.full_name)}</a>'
        f" {escape(r.description)}</li>"
        for r in sorted(repositories, key=lambda r: r.full_name.lower())
    )
    return f"<ul>{rows}</ul>"


def _heading(repository: Repository) -> str:
    return (
        f'<h1><a href="/{quote(repository.full_name)}">{escape(repository.full_name)}</a></h1>'
        f"<p>{escape(repository.description)}</p>"
    )


def _tree(repository: Repository, ref: str, commit: Commit, folder: str) -> str:
    rows = "".join(_tree_row(repository, ref, e) for e in children(commit.entries, folder))
    place = f"<p>{escape(folder)} at {escape(ref[:40])}</p>" if folder else ""
    readme = next(
        (
            entry
            for entry in children(commit.entries, folder)
            if entry.name.lower().startswith("readme") and entry.type == "blob"
        ),
        None,
    )
    text = repository.blobs[readme.sha].decode("utf-8", "replace") if readme else ""
    shown = f"<h2>{escape(readme.name)}</h2>{_code(text)}" if readme else ""
    return _page(repository.full_name, f"{_heading(repository)}{place}<ul>{rows}</ul>{shown}")


def _tree_row(repository: Repository, ref: str, entry: Entry) -> str:
    if entry.type == "commit":
        return f"<li>{escape(entry.name)} (submodule)</li>"
    kind = "tree" if entry.type == "tree" else "blob"
    url = f"/{repository.full_name}/{kind}/{ref}/{entry.path}"
    return (
        f'<li><a href="{escape(quote(url))}">{escape(entry.name)}{"/" * (kind == "tree")}</a></li>'
    )


def _blob(repository: Repository, ref: str, entry: Entry) -> str:
    data = repository.blobs[entry.sha]
    text = data.decode("utf-8", "replace")
    body = "<p>Binary file.</p>" if b"\0" in data else _code(text, longest_range=120)
    place = f"<h2>{escape(entry.path)}</h2><p>at {escape(ref[:40])}</p>"
    return _page(entry.path, f"{_heading(repository)}{place}{body}")


def _code(text: str, longest_range: int = 0) -> str:
    """The lines of a file, each with its number and the anchors that permalinks use.

    Without a script a range such as #L3-L9 needs an anchor of its own, up to `longest_range` lines.
    """
    lines = text.splitlines()
    rows = "".join(
        f'<tr id="L{n}"><td><a href="#L{n}">{n}</a>'
        + "".join(
            f'<i id="L{n}-L{m}"></i>' for m in range(n + 1, min(n + longest_range, len(lines)) + 1)
        )
        + f"</td><td>{escape(line)}</td></tr>"
        for n, line in enumerate(lines, start=1)
    )
    return f'<table class="code">{rows}</table>'


def _commit(repository: Repository, commit: Commit) -> str:
    url = f"/{quote(repository.full_name)}/tree/{commit.sha}"
    body = (
        f"<h2>{escape(commit.message)}</h2><p>{escape(commit.sha)},"
        f' {commit.committed_at:%d %B %Y}</p><p><a href="{url}">Files at this commit</a></p>'
    )
    return _page(commit.message, _heading(repository) + body)


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f'<body><p class="notice">{NOTICE}</p><main>{body}</main></body></html>'
    )
