"""The GraphQL we send, and how its answers and partial errors are read."""

from collections.abc import Mapping, Sequence
from typing import Any

from portfolio.github.snapshot import natural

REPOSITORY = "repository(owner: $owner, name: $name, followRenames: true)"
BLOB = "... on Blob { byteSize isBinary isTruncated text }"
README = "README.md"  # in the spelling that nearly all repositories use
ENTRY = "name type mode oid size"
HISTORY = "history { totalCount } own: history(author: {id: $author}) { totalCount }"
COMMIT = """
  ... on Commit { oid tree { oid } }
  ... on Tag { target { ... on Commit { oid tree { oid } } } }
"""


def metadata(refs: Sequence[str], *, author: str = "") -> tuple[str, dict[str, str]]:
    """A query for a repository's metadata, its head, and each of `refs` as alias r0, r1…

    Without refs it asks for the head's README.md too: many repositories then need no further query.
    With `author` (the node id of an account) it counts the commits of the default branch, and theirs.
    Returns its text and the variables; owner and name are added by the caller.
    """
    declared = "".join(f", $r{n}: String!" for n in range(len(refs)))
    if author:
        declared += ", $author: ID!"
    counted = f"counted: defaultBranchRef {{ target {{ ... on Commit {{ {HISTORY} }} }} }}"
    asked = "\n".join(f"r{n}: object(expression: $r{n}) {{ {COMMIT} }}" for n in range(len(refs)))
    if not refs:
        asked = f'readme: object(expression: "HEAD:{README}") {{ {BLOB} }}'
    text = f"""query($owner: String!, $name: String!{declared}) {{
  {REPOSITORY} {{
    databaseId nameWithOwner description isPrivate isFork isArchived isEmpty
    owner {{ login ... on User {{ databaseId }} ... on Organization {{ databaseId }} }}
    parent {{ nameWithOwner }}
    licenseInfo {{ spdxId }}
    defaultBranchRef {{ name target {{ {COMMIT} }} }}
    {counted if author else ""}
    {asked}
  }}
}}"""
    variables = {f"r{n}": ref for n, ref in enumerate(refs)}
    return text, variables | ({"author": author} if author else {})


def heads(places: Sequence[tuple[str, str, str]]) -> tuple[str, dict[str, str]]:
    """A query for where each of these (owner, name, ref) stands, as alias q0, q1…; ref may be ""."""
    variables: dict[str, str] = {}
    asked = []
    for n, (owner, name, ref) in enumerate(places):
        variables |= {f"o{n}": owner, f"n{n}": name}
        head = "head: defaultBranchRef { target { oid } }"
        if ref:
            variables[f"r{n}"] = ref
            head = (
                f"branch: object(expression: $r{n}) "
                "{ ... on Commit { oid } ... on Tag { target { ... on Commit { oid } } } }"
            )
        asked.append(
            f"q{n}: repository(owner: $o{n}, name: $n{n}, followRenames: true) "
            f"{{ databaseId nameWithOwner isEmpty {head} }}"
        )
    declared = ", ".join(f"${name}: String!" for name in variables)
    return f"query({declared}) {{\n" + "\n".join(asked) + "\n}", variables


def blobs(shas: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A query for the text of each of these git objects, as alias b0, b1…, and its variables."""
    declared = "".join(f", $b{n}: GitObjectID!" for n in range(len(shas)))
    asked = "\n".join(f"b{n}: object(oid: $b{n}) {{ {BLOB} }}" for n in range(len(shas)))
    text = f"""query($owner: String!, $name: String!{declared}) {{
  {REPOSITORY} {{
    {asked}
  }}
}}"""
    return text, {f"b{n}": sha for n, sha in enumerate(shas)}


def folders(places: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A query for what stands directly in each of these commit:folder places, as alias f0, f1…"""
    declared = "".join(f", $f{n}: String!" for n in range(len(places)))
    asked = "\n".join(
        f"f{n}: object(expression: $f{n}) {{ ... on Tree {{ entries {{ {ENTRY} }} }} }}"
        for n in range(len(places))
    )
    text = f"""query($owner: String!, $name: String!{declared}) {{
  {REPOSITORY} {{
    {asked}
  }}
}}"""
    return text, {f"f{n}": place for n, place in enumerate(places)}


def repository(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """The repository of an answer, or None where GraphQL gave null or nothing."""
    data = result.get("data")
    found = data.get("repository") if isinstance(data, dict) else None
    return found if isinstance(found, dict) else None


def errors(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The errors of an answer, those of the wrong shape left out."""
    found = result.get("errors")
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []


def error_type(result: Mapping[str, Any], *path: str) -> str:
    """The `type` of the first error at this path ("ERROR" if it has none); "" without an error."""
    for error in errors(result):
        place = error.get("path")
        if isinstance(place, list) and place[: len(path)] == list(path):
            return str(error.get("type") or "ERROR")
    return ""


def is_out_of_time(result: Mapping[str, Any]) -> bool:
    """Whether GitHub gave up on a query that was too much work, so that a smaller one may pass."""
    return any(
        error.get("type") in ("RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT")
        or "timeout" in str(error.get("message", "")).lower()
        or "resource limits" in str(error.get("message", "")).lower()
        for error in errors(result)
    )


def oid(node: object) -> str:
    """The id of the commit that a Commit, a Tag or a Ref is or points to; "" for none."""
    while isinstance(node, dict):
        if "oid" in node:
            return str(node["oid"])
        node = node.get("target")
    return ""


def count(node: object, name: str) -> int | None:
    """The totalCount of a connection of this node; None where GitHub gave none."""
    found = node.get(name) if isinstance(node, dict) else None
    if not isinstance(found, dict) or "totalCount" not in found:
        return None
    return natural(found["totalCount"])


def commit(node: object) -> tuple[str, str] | None:
    """The ids of a commit and its tree, from a Commit, from a Tag that points to one, or a Ref."""
    while isinstance(node, dict):
        tree = node.get("tree")
        if isinstance(tree, dict):
            return str(node["oid"]), str(tree["oid"])
        node = node.get("target")
    return None
