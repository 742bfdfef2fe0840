"""The REST endpoints that Milepost asks, in GitHub's shapes and with GitHub's errors."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, unquote

from tests.github_server.people import Person
from tests.github_server.replies import Ask, Failure, Reply, json_reply
from tests.github_server.repositories import Commit, Entry, Repository, children

MAX_INLINE_BYTES = 1024 * 1024  # above this `contents` gives no content, only raw does
README_FOLDERS = (".github", "", "docs")

Handler = Callable[..., Reply]
_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def answer(ask: Ask) -> Reply:
    """The answer to a request below the API's base; raises Failure."""
    path = ask.path
    if path == "/rate_limit":
        return _rate_limit(ask)
    if path in ("/user", "/user/emails"):
        return _user(ask) if path == "/user" else _emails(ask)
    repository, tail = _repository(ask)
    for _, pattern, handler in _ROUTES:
        if found := pattern.fullmatch(tail):
            names = (unquote(group) for group in found.groups() if group)
            return handler(ask, repository, *names)
    raise Failure(404, "Not Found")


def endpoint(path: str) -> str:
    """The name under which a request is logged: its route without names, such as git/trees."""
    if found := re.fullmatch(r"/(?:repos/[^/]+/[^/]+|repositories/\d+)(/.*)?", path):
        tail = found[1] or ""
        return next((name for name, pattern, _ in _ROUTES if pattern.fullmatch(tail)), "unknown")
    return path.strip("/") if path in ("/rate_limit", "/user", "/user/emails") else "unknown"


def _route(name: str, pattern: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _ROUTES.append((name, re.compile(pattern), handler))
        return handler

    return register


def _repository(ask: Ask) -> tuple[Repository, str]:
    """The repository of a path and what follows its name; raises Failure as GitHub does."""
    if found := re.fullmatch(r"/repositories/(\d+)(/.*)?", ask.path):
        repository = ask.hub.find_id(int(found[1]), ask.caller)
    elif found := re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", ask.path):
        full_name = unquote(found[1])
        repository = ask.hub.find(full_name, ask.caller)
        if not repository and (moved := ask.hub.find_moved(full_name, ask.caller)):
            raise _moved(ask, moved, found[2] or "")
    else:
        raise Failure(404, "Not Found")
    if not repository:
        raise Failure(404, "Not Found")
    if repository.state != "ok":
        raise blocked(repository)
    return repository, found[2] or ""


def _moved(ask: Ask, repository: Repository, tail: str) -> Failure:
    query = f"?{ask.query_string}" if ask.query_string else ""
    url = f"{ask.url}{ask.api_prefix}/repositories/{repository.id}{tail}{query}"
    return Failure(301, "Moved Permanently", url=url, headers={"Location": url})


def blocked(repository: Repository) -> Failure:
    """451 for a take-down notice, 403 for GitHub's terms; both say why in `block`."""
    status = 451 if repository.state == "dmca" else 403
    block = {"reason": repository.state, "created_at": "2026-03-01T12:00:00Z"}
    return Failure(status, "Repository access blocked", block=block)


@_route("repos", "")
def _get_repository(ask: Ask, repository: Repository) -> Reply:
    parent = ask.hub.parent(repository)
    return json_reply(
        {
            "id": repository.id,
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.is_private,
            "owner": _account(ask.hub.owner(repository)),
            "html_url": f"{ask.url}/{repository.full_name}",
            "description": repository.description or None,
            "fork": repository.is_fork,
            "archived": repository.is_archived,
            "size": repository.size_kb,
            "default_branch": repository.default_branch,
            "license": licence(repository),
        }
        | ({"parent": {"full_name": parent.full_name}} if parent else {})
    )


def _account(person: Person) -> dict[str, Any]:
    return {"login": person.login, "id": person.id, "node_id": person.node_id, "type": person.kind}


@_route("pulls", r"/pulls/(\d+)")
def _get_pull(ask: Ask, repository: Repository, number: str) -> Reply:
    pull = repository.pulls.get(int(number))
    if pull is None:
        raise Failure(404, "Not Found")
    author = ask.hub.people.get(pull.author)
    owner = ask.hub.owner(repository)
    reply = json_reply(
        {
            "number": pull.number,
            "state": "open" if pull.is_open else "closed",
            "title": pull.title,
            "user": _account(author) if author else None,
            "html_url": f"{ask.url}/{repository.full_name}/pull/{pull.number}",
            "merged": bool(pull.merged_at),
            "merged_at": pull.merged_at or None,
            "merge_commit_sha": pull.merge_sha or "e" * 40,  # of a trial merge while it is open
            "additions": pull.additions,
            "deletions": pull.deletions,
            "changed_files": pull.files,
            "base": {
                "ref": repository.default_branch,
                "repo": {
                    "id": repository.id,
                    "full_name": repository.full_name,
                    "private": repository.is_private,
                    "owner": _account(owner),
                },
            },
        }
    )
    tag = f'W/"{hashlib.sha256(reply.body).hexdigest()}"'
    if ask.headers.get("if-none-match") == tag:
        return Reply(304, b"", reply.content_type, {"ETag": tag})
    return Reply(200, reply.body, reply.content_type, {"ETag": tag})


@_route("contributors", "/contributors")
def _get_contributors(ask: Ask, repository: Repository) -> Reply:
    if repository.head is None:
        return Reply(status=204, body=b"")
    counts = Counter(commit.author for commit in repository.history(repository.head))
    return json_reply(
        [
            _account(ask.hub.people[login]) | {"contributions": count}
            for login, count in counts.most_common(100)
            if login in ask.hub.people  # others have an address that GitHub does not know
        ]
    )


def licence(repository: Repository) -> dict[str, str] | None:
    """The licence as REST spells it; None where GitHub detects none."""
    if not repository.licence:
        return None
    return {"key": repository.licence.lower(), "spdx_id": repository.licence}


@_route("commits", r"/commits/(.+)")
def _get_commit(ask: Ask, repository: Repository, ref: str) -> Reply:
    commit = _commit(repository, ref, Failure(422, f"No commit found for SHA: {ref}"))
    if ask.media == "sha":
        return Reply(body=commit.sha.encode(), content_type="application/vnd.github.sha")
    return json_reply(
        {
            "sha": commit.sha,
            "html_url": f"{ask.url}/{repository.full_name}/commit/{commit.sha}",
            "commit": {
                "message": commit.message,
                "tree": {"sha": commit.tree_sha},
                "committer": {"date": f"{commit.committed_at:%Y-%m-%dT%H:%M:%SZ}"},
            },
            "parents": [{"sha": sha} for sha in commit.parents],
        }
    )


@_route("git/trees", r"/git/trees/([^/]+(?:/.+)?)")
def _get_tree(ask: Ask, repository: Repository, ref: str) -> Reply:
    if repository.is_empty:
        raise Failure(409, "Git Repository is empty.")
    place = repository.tree(ref)
    if place is None:
        commit, folder = _commit(repository, ref, Failure(404, "Not Found")), ""
        place = commit, folder
    commit, folder = place
    entries = (
        _below(commit.entries.values(), folder)
        if "recursive" in ask.query
        else [(e.name, e) for e in children(commit.entries, folder)]
    )
    rows = [_tree_row(path, entry) for path, entry in entries]
    return json_reply(
        {
            "sha": commit.trees[folder],
            "tree": rows[: repository.max_entries],
            "truncated": len(rows) > repository.max_entries,
        }
    )


def _below(entries: Iterable[Entry], folder: str) -> list[tuple[str, Entry]]:
    prefix = f"{folder}/" if folder else ""
    return [(e.path.removeprefix(prefix), e) for e in entries if e.path.startswith(prefix)]


def _tree_row(path: str, entry: Entry) -> dict[str, Any]:
    row = {"path": path, "mode": entry.mode, "type": entry.type, "sha": entry.sha}
    return row | ({"size": entry.size} if entry.size is not None else {})


@_route("git/blobs", r"/git/blobs/([^/]+)")
def _get_blob(ask: Ask, repository: Repository, sha: str) -> Reply:
    if repository.is_empty:
        raise Failure(409, "Git Repository is empty.")
    if not re.fullmatch("[0-9a-f]{40}", sha):
        raise Failure(422, "The sha parameter must be exactly 40 characters")
    data = repository.blobs.get(sha)
    if data is None:
        raise Failure(404, "Not Found")
    if ask.media == "raw":
        return Reply(body=data, content_type="application/vnd.github.raw; charset=utf-8")
    row = {"sha": sha, "size": len(data), "encoding": "base64", "content": _base64(data)}
    return json_reply(row)


@_route("readme", r"/readme(?:/(.+))?")
def _get_readme(ask: Ask, repository: Repository, folder: str = "") -> Reply:
    commit = _commit_of_query(ask, repository)
    for place in (folder,) if folder else README_FOLDERS:
        for entry in children(commit.entries, place):
            if re.fullmatch(r"readme(\..+)?", entry.name, re.I) and entry.type == "blob":
                return _file(ask, repository, entry)
    raise Failure(404, "Not Found")


@_route("contents", r"/contents(?:/(.*))?")
def _get_contents(ask: Ask, repository: Repository, path: str = "") -> Reply:
    commit, path = _commit_of_query(ask, repository), path.strip("/")
    if path in commit.trees:
        rows = sorted(children(commit.entries, path), key=lambda entry: entry.name)
        return json_reply([_content_row(ask, repository, entry) for entry in rows[:1000]])
    entry = commit.entries.get(path)
    if entry is None:
        raise Failure(404, "Not Found")
    return _file(ask, repository, entry)


def _file(ask: Ask, repository: Repository, entry: Entry) -> Reply:
    data = repository.blobs.get(entry.sha, b"")
    if ask.media == "raw":
        return Reply(body=data, content_type="application/vnd.github.raw; charset=utf-8")
    is_large = len(data) > MAX_INLINE_BYTES
    content = {
        "encoding": "none" if is_large else "base64",
        "content": "" if is_large else _base64(data),
    }
    return json_reply(_content_row(ask, repository, entry) | content)


def _content_row(ask: Ask, repository: Repository, entry: Entry) -> dict[str, Any]:
    kinds = {"tree": "dir", "commit": "submodule"}
    kind = "symlink" if entry.mode == "120000" else kinds.get(entry.type, "file")
    place = f"{repository.full_name}/blob/{repository.default_branch}/{quote(entry.path)}"
    return {
        "type": kind,
        "name": entry.name,
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "html_url": f"{ask.url}/{place}",
    }


def _commit_of_query(ask: Ask, repository: Repository) -> Commit:
    if repository.is_empty:
        raise Failure(404, "This repository is empty.")
    ref = ask.query.get("ref") or repository.default_branch
    return _commit(repository, ref, Failure(404, f"No commit found for the ref {ref}"))


def _commit(repository: Repository, ref: str, missing: Failure) -> Commit:
    if repository.is_empty:
        raise Failure(409, "Git Repository is empty.")
    commit = repository.resolve(ref)
    if commit is None:
        raise missing
    return commit


def _rate_limit(ask: Ask) -> Reply:
    resources = {}
    for name in ("core", "graphql"):
        window = ask.hub.window(ask.caller, name)
        resources[name] = {
            "limit": window.limit,
            "used": window.used,
            "remaining": window.remaining,
            "reset": window.reset_at,
        }
    return json_reply({"resources": resources, "rate": resources["core"]})


def _user(ask: Ask) -> Reply:
    person = ask.hub.people.get(ask.caller.login)
    if not person:
        raise Failure(401, "Requires authentication")
    return json_reply(
        {
            **_account(person),
            "name": person.name,
            "email": None,
            "html_url": f"{ask.url}/{person.login}",
            "avatar_url": "",
        }
    )


def _emails(ask: Ask) -> Reply:
    person = ask.hub.people.get(ask.caller.login)
    if not person:
        raise Failure(401, "Requires authentication")
    if not {"user", "user:email"} & set(ask.caller.scopes):
        raise Failure(404, "Not Found")
    address = {
        "email": person.email,
        "verified": person.is_verified,
        "primary": True,
        "visibility": "private",
    }
    return json_reply([address] if person.email else [])


def _base64(data: bytes) -> str:
    """Base64 in lines of sixty characters, as GitHub breaks it."""
    text = base64.b64encode(data).decode()
    return "".join(text[n : n + 60] + "\n" for n in range(0, len(text), 60))
