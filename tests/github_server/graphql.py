"""The little of GraphQL that Milepost's own queries need: a parser, and the fields they name.

A field that is not here is an error, never a silent null.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.github_server.hub import Window
from tests.github_server.replies import Ask, Reply, json_reply
from tests.github_server.repositories import Commit, Entry, Repository, children

MAX_TEXT_BYTES = 512_000
_TOKEN = re.compile(
    r'(?P<blank>[\s,]+|\#[^\n]*)|(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<number>-?\d+)'
    r"|(?P<name>[A-Za-z_]\w*)|(?P<mark>\.\.\.|[{}()\[\]:$!=@])"
)


class QueryError(Exception):
    """The query cannot be answered as a whole."""


class FieldError(Exception):
    """One field has no value; the rest is answered."""

    def __init__(self, message: str, error_type: str = ""):
        super().__init__(message)
        self.error_type = error_type


@dataclass(frozen=True)
class Field:
    alias: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    selections: "tuple[Field | Fragment, ...]" = ()


@dataclass(frozen=True)
class Fragment:
    """The fields of `... on Type { }`."""

    type_name: str
    selections: tuple["Field | Fragment", ...]


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Node:
    """A value of an object type, with what its fields are read from."""

    type_name: str
    value: Any = None
    repository: Repository | None = None
    more: Any = None


def answer(ask: Ask) -> Reply:
    """The answer to a POST; an error of the query is an answer too."""
    try:
        body = json.loads(ask.body)
        selections = parse(body["query"])
        variables = body.get("variables") or {}
    except (ValueError, KeyError, TypeError) as error:
        return json_reply({"message": f"Problems parsing JSON: {error}"}, status=400)
    except QueryError as error:
        return json_reply({"errors": [{"message": str(error)}]})
    errors: list[dict[str, Any]] = []
    try:
        data = _select(ask, Node("Query"), selections, variables, [], errors)
    except QueryError as error:
        return json_reply({"errors": [{"message": str(error)}]})
    return json_reply({"data": data} | ({"errors": errors} if errors else {}))


def parse(text: str) -> tuple[Field | Fragment, ...]:
    """The selections of a query; raises QueryError where it cannot be read."""
    tokens = _Tokens(text)
    if tokens.peek() == "query":
        tokens.take()
        if tokens.peek() not in ("(", "{"):
            tokens.take()
        if tokens.peek() == "(":
            while tokens.take() != ")":
                pass
    selections = _selections(tokens)
    if tokens.peek():
        raise QueryError(f"Unexpected {tokens.peek()!r} after the query")
    return selections


class _Tokens:
    def __init__(self, text: str):
        self._found = list(self._split(text))
        self._at = 0

    @staticmethod
    def _split(text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if not token:
                raise QueryError(f"Unexpected character {text[at]!r}")
            if token.lastgroup != "blank":
                yield token[0]
            at = token.end()

    def peek(self) -> str:
        return self._found[self._at] if self._at < len(self._found) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise QueryError(f"Expected {wanted or 'more'}, found {token or 'the end'!r}")
        self._at += 1
        return token


def _selections(tokens: _Tokens) -> tuple[Field | Fragment, ...]:
    tokens.take("{")
    found: list[Field | Fragment] = []
    while tokens.peek() != "}":
        if tokens.peek() == "...":
            tokens.take()
            tokens.take("on")
            found.append(Fragment(tokens.take(), _selections(tokens)))
        else:
            found.append(_field(tokens))
    tokens.take("}")
    if not found:
        raise QueryError("A selection of fields is empty")
    return tuple(found)


def _field(tokens: _Tokens) -> Field:
    alias = name = tokens.take()
    if tokens.peek() == ":":
        tokens.take()
        name = tokens.take()
    arguments = {}
    if tokens.peek() == "(":
        tokens.take()
        while tokens.peek() != ")":
            key = tokens.take()
            tokens.take(":")
            arguments[key] = _value(tokens)
        tokens.take()
    selections = _selections(tokens) if tokens.peek() == "{" else ()
    return Field(alias, name, arguments, selections)


def _value(tokens: _Tokens) -> Any:
    token = tokens.take()
    if token == "$":
        return Variable(tokens.take())
    if token == "{":
        found = {}
        while tokens.peek() != "}":
            key = tokens.take()
            tokens.take(":")
            found[key] = _value(tokens)
        tokens.take()
        return found
    return token if re.fullmatch(r"[A-Z_]+", token) else json.loads(token)


def _select(
    ask: Ask,
    node: Node,
    selections: tuple[Field | Fragment, ...],
    variables: Mapping[str, Any],
    path: list[str],
    errors: list[dict[str, Any]],
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for selection in selections:
        if isinstance(selection, Fragment):
            if selection.type_name == node.type_name:
                result |= _select(ask, node, selection.selections, variables, path, errors)
            continue
        at = [*path, selection.alias]
        try:
            value = _resolve(ask, node, selection, variables)
        except FieldError as error:
            kind = {"type": error.error_type} if error.error_type else {}
            errors.append(kind | {"path": at, "message": str(error)})
            value = None
        result[selection.alias] = _complete(ask, value, selection, variables, at, errors)
    return result


def _complete(
    ask: Ask,
    value: Any,
    selection: Field,
    variables: Mapping[str, Any],
    path: list[str],
    errors: list[dict[str, Any]],
) -> Any:
    if isinstance(value, list):
        return [_complete(ask, item, selection, variables, path, errors) for item in value]
    if isinstance(value, Node):
        if not selection.selections:
            raise QueryError(f"Field '{selection.name}' must have selections")
        return _select(ask, value, selection.selections, variables, path, errors)
    return value


def _resolve(ask: Ask, node: Node, selection: Field, variables: Mapping[str, Any]) -> Any:
    if selection.name == "__typename":
        return node.type_name
    resolver = _FIELDS.get(f"{node.type_name}.{selection.name}")
    if resolver is None:
        raise QueryError(f"Field '{selection.name}' doesn't exist on type '{node.type_name}'")
    arguments = {key: _given(value, variables) for key, value in selection.arguments.items()}
    return resolver(ask, node, **arguments)


def _given(value: Any, variables: Mapping[str, Any]) -> Any:
    """An argument with the variables in it replaced."""
    if isinstance(value, dict):
        return {key: _given(part, variables) for key, part in value.items()}
    return variables.get(value.name) if isinstance(value, Variable) else value


def _find_repository(
    ask: Ask, node: Node, owner: str, name: str, followRenames: bool = True
) -> Node:
    full_name = f"{owner}/{name}"
    found = ask.hub.find(full_name, ask.caller)
    if not found and followRenames:
        found = ask.hub.find_moved(full_name, ask.caller)
    if not found:
        message = f"Could not resolve to a Repository with the name '{full_name}'."
        raise FieldError(message, "NOT_FOUND")
    if found.state != "ok":
        raise FieldError("Repository access blocked", "FORBIDDEN")
    return Node("Repository", repository=found)


def _rate_limit(ask: Ask, node: Node) -> Node:
    return Node("RateLimit", ask.hub.window(ask.caller, "graphql"))


def _viewer(ask: Ask, node: Node) -> Node:
    return Node("User", ask.hub.people[ask.caller.login])


def _default_branch(ask: Ask, node: Node) -> Node | None:
    head = node.repository.head
    return Node("Ref", head, node.repository, node.repository.default_branch) if head else None


def _licence(ask: Ask, node: Node) -> Node | None:
    return Node("License", node.repository.licence) if node.repository.licence else None


def _object(
    ask: Ask, node: Node, expression: str | None = None, oid: str | None = None
) -> Node | None:
    """What a git object id, a ref, or ref:path names."""
    repository = node.repository
    ref, colon, path = (expression or oid or "").partition(":")
    commit = repository.resolve(ref)
    if colon:
        if commit and path in commit.trees:
            return Node("Tree", commit, repository, path)
        entry = commit.entries.get(path) if commit else None
        return Node("Blob", repository.blobs[entry.sha], repository, entry.sha) if entry else None
    if commit:
        return Node("Commit", commit, repository)
    if place := repository.tree(ref):
        return Node("Tree", place[0], repository, place[1])
    data = repository.blobs.get(ref)
    return None if data is None else Node("Blob", data, repository, ref)


def _target(ask: Ask, node: Node) -> Node:
    return Node("Commit", node.value, node.repository)


def _commit_tree(ask: Ask, node: Node) -> Node:
    return Node("Tree", node.value, node.repository, "")


def _owner(ask: Ask, node: Node) -> Node:
    owner = ask.hub.owner(node.repository)
    return Node(owner.kind, owner)


def _parent(ask: Ask, node: Node) -> Node | None:
    parent = ask.hub.parent(node.repository)
    return Node("Repository", repository=parent) if parent else None


def _history(ask: Ask, node: Node, author: Mapping[str, str] | None = None) -> Node:
    """How many commits lead to this one; only those of an author when it names one."""
    logins = [commit.author for commit in node.repository.history(node.value)]
    if author:
        logins = [login for login in logins if ask.hub.node_id(login) == author["id"]]
    return Node("CommitHistoryConnection", len(logins))


def _tree_oid(ask: Ask, node: Node) -> str:
    return node.value.trees[node.more]


def _tree_entries(ask: Ask, node: Node) -> list[Node]:
    rows = children(node.value.entries, node.more)
    return [Node("TreeEntry", entry, node.repository) for entry in rows]


def _is_binary(ask: Ask, node: Node) -> bool:
    return b"\0" in node.value[:8000]


def _text(ask: Ask, node: Node) -> str | None:
    if _is_binary(ask, node):
        return None
    return node.value[:MAX_TEXT_BYTES].decode("utf-8", "replace")


def _of(read: Callable[[Any], Any]) -> Callable[[Ask, Node], Any]:
    """A field that is read from the node's own value."""
    return lambda ask, node: read(node.value)


def _of_repository(read: Callable[[Repository], Any]) -> Callable[[Ask, Node], Any]:
    return lambda ask, node: read(node.repository)


def _iso(commit: Commit) -> str:
    return f"{commit.committed_at:%Y-%m-%dT%H:%M:%SZ}"


def _reset_at(window: Window) -> str:
    return datetime.fromtimestamp(window.reset_at, UTC).isoformat()


def _entry_size(entry: Entry) -> int:
    return entry.size or 0


_FIELDS: dict[str, Callable[..., Any]] = {
    "Query.repository": _find_repository,
    "Query.rateLimit": _rate_limit,
    "Query.viewer": _viewer,
    "User.login": _of(lambda person: person.login),
    "User.databaseId": _of(lambda person: person.id),
    "Organization.login": _of(lambda person: person.login),
    "Organization.databaseId": _of(lambda person: person.id),
    "RateLimit.limit": _of(lambda window: window.limit),
    "RateLimit.remaining": _of(lambda window: window.remaining),
    "RateLimit.used": _of(lambda window: window.used),
    "RateLimit.cost": _of(lambda window: 1),
    "RateLimit.resetAt": _of(_reset_at),
    "Repository.databaseId": _of_repository(lambda repository: repository.id),
    "Repository.name": _of_repository(lambda repository: repository.name),
    "Repository.nameWithOwner": _of_repository(lambda repository: repository.full_name),
    "Repository.description": _of_repository(lambda repository: repository.description or None),
    "Repository.isPrivate": _of_repository(lambda repository: repository.is_private),
    "Repository.isFork": _of_repository(lambda repository: repository.is_fork),
    "Repository.isArchived": _of_repository(lambda repository: repository.is_archived),
    "Repository.isEmpty": _of_repository(lambda repository: repository.is_empty),
    "Repository.licenseInfo": _licence,
    "Repository.defaultBranchRef": _default_branch,
    "Repository.object": _object,
    "Repository.owner": _owner,
    "Repository.parent": _parent,
    "Commit.history": _history,
    "CommitHistoryConnection.totalCount": _of(lambda count: count),
    "License.spdxId": _of(lambda spdx_id: spdx_id),
    "Ref.name": lambda ask, node: node.more,
    "Ref.target": _target,
    "Commit.oid": _of(lambda commit: commit.sha),
    "Commit.message": _of(lambda commit: commit.message),
    "Commit.committedDate": _of(_iso),
    "Commit.tree": _commit_tree,
    "Tree.oid": _tree_oid,
    "Tree.entries": _tree_entries,
    "TreeEntry.name": _of(lambda entry: entry.name),
    "TreeEntry.path": _of(lambda entry: entry.path),
    "TreeEntry.type": _of(lambda entry: entry.type),
    "TreeEntry.mode": _of(lambda entry: int(entry.mode, 8)),
    "TreeEntry.oid": _of(lambda entry: entry.sha),
    "TreeEntry.size": _of(_entry_size),
    "Blob.oid": lambda ask, node: node.more,
    "Blob.byteSize": _of(len),
    "Blob.isBinary": _is_binary,
    "Blob.isTruncated": _of(lambda data: len(data) > MAX_TEXT_BYTES),
    "Blob.text": _text,
}
