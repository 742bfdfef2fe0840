"""The files of a snapshot: which to ask for, and how GitHub gives them, many or one at a time."""

import base64
import time
from collections.abc import Container, Sequence
from typing import Any
from urllib.parse import quote

from portfolio.github import queries, texts
from portfolio.github.answers import understood
from portfolio.github.connection import Connection
from portfolio.github.errors import NotFound, Unavailable
from portfolio.github.snapshot import Snapshot, TreeEntry, Unread

BATCH = 30  # files in one GraphQL query; more run into GitHub's ten seconds
HALVING_SECONDS = 20.0  # after this no batch is halved and asked for again

Content = str | Unread


def sort(
    snapshot: Snapshot, paths: Sequence[str]
) -> tuple[dict[str, Content], dict[str, TreeEntry]]:
    """What is known of these paths without asking, and the entries of those to ask for."""
    known: dict[str, Content] = {}
    wanted: dict[str, TreeEntry] = {}
    left = texts.MAX_TOTAL_BYTES - sum(len(text.encode()) for text in snapshot.files.values())
    for path in dict.fromkeys(paths):
        entry = snapshot.entry(path)
        if path in snapshot.files:
            known[path] = snapshot.files[path]
        elif entry is None or entry.type != "blob" or not entry.sha:
            known[path] = Unread.FAILED
        elif texts.is_empty(entry):
            known[path] = ""
        elif (entry.size or 0) > texts.limit(path):
            known[path] = Unread.TOO_LARGE
        elif (entry.size or 0) > left:
            known[path] = Unread.BUDGET
        else:
            wanted[path] = entry
            left -= entry.size or 0
    return known, wanted


def within_limit(path: str, content: Content) -> Content:
    """The content, unless it is longer than a tree without sizes let us know."""
    if isinstance(content, Unread) or len(content) <= texts.limit(path):
        return content
    return Unread.TOO_LARGE


def by_graphql(
    connection: Connection, full_name: str, entries: Sequence[TreeEntry]
) -> dict[str, Content]:
    """Contents by git id, thirty to a query; those that REST may know better are left out."""
    pending = list({entry.sha: entry for entry in entries}.values())
    give_up_at = time.monotonic() + HALVING_SECONDS
    found: dict[str, Content] = {}
    for start in range(0, len(pending), BATCH):
        found |= _batch(connection, full_name, pending[start : start + BATCH], give_up_at)
    return found


def by_rest(
    connection: Connection,
    full_name: str,
    entries: Sequence[TreeEntry],
    known: Container[str] = (),
) -> dict[str, Content]:
    """Contents by git id of the entries that are not yet known, one request each.

    One failure is the file's; two in a row, or nothing but failures, are GitHub's and raised.
    """
    found: dict[str, Content] = {}
    failure: Unavailable | None = None
    has_read = len(entries) > 1 and any(entry.sha in known for entry in entries)
    for entry in entries:
        if entry.sha in known or entry.sha in found:
            continue
        try:
            found[entry.sha] = _blob(connection, full_name, entry)
            failure, has_read = None, True
        except Unavailable as error:
            if failure:
                raise
            failure = error
            found[entry.sha] = Unread.FAILED
    if failure and not has_read:
        raise failure
    return found


def _batch(
    connection: Connection, full_name: str, entries: Sequence[TreeEntry], give_up_at: float
) -> dict[str, Content]:
    owner, _, name = full_name.partition("/")
    text, variables = queries.blobs([entry.sha for entry in entries])
    variables |= {"owner": owner, "name": name}
    try:
        result = connection.query(text, variables, full_name)
        node = queries.repository(result) or _no_repository(result, full_name)
    except Unavailable as error:
        if not error.is_timeout or time.monotonic() > give_up_at:
            raise
        return _halves(connection, full_name, entries, give_up_at)
    has_errors = bool(queries.errors(result))
    with understood(full_name):
        found = {
            entry.sha: content(node.get(f"b{number}"), entry.path, has_errors)
            for number, entry in enumerate(entries)
        }
    return {sha: known for sha, known in found.items() if known is not None}


def _halves(
    connection: Connection, full_name: str, entries: Sequence[TreeEntry], give_up_at: float
) -> dict[str, Content]:
    """A batch that was too much, in two parts; a single file is left to REST."""
    if len(entries) == 1:
        return {}
    half = len(entries) // 2
    first = _batch(connection, full_name, entries[:half], give_up_at)
    return first | _batch(connection, full_name, entries[half:], give_up_at)


def _no_repository(result: dict[str, Any], full_name: str) -> dict[str, Any]:
    if queries.error_type(result, "repository") == "NOT_FOUND":
        raise NotFound(full_name=full_name)
    is_timeout = queries.is_out_of_time(result)
    reason = "GraphQL ran out of time" if is_timeout else "GraphQL gives no repository"
    raise Unavailable(full_name=full_name, reason=reason, is_timeout=is_timeout)


def content(node: Any, path: str, has_errors: bool) -> Content | None:
    """A file as GraphQL gives it; None when REST may know better."""
    if not node:
        return None if has_errors else Unread.FAILED
    if node["isBinary"]:
        return None if texts.is_text_by_name(path) else Unread.BINARY
    if node["text"] is None or node["isTruncated"]:
        return None
    return texts.decode(str(node["text"]).encode("utf-8", "replace"))


def _blob(connection: Connection, full_name: str, entry: TreeEntry) -> Content:
    answer = connection.get(f"/repos/{full_name}/git/blobs/{quote(entry.sha, safe='')}")
    if answer.status in (404, 409, 422):
        return Unread.FAILED
    if answer.status == 403 and b'"too_large"' in answer.body:
        return Unread.TOO_LARGE
    if not answer.is_ok:
        raise connection.heard(answer, full_name)
    with understood(full_name):
        body = answer.json()
        if body["encoding"] != "base64":
            return Unread.FAILED
        return texts.decode(base64.b64decode(body["content"]))
