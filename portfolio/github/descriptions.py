"""A repository as GitHub describes it, by GraphQL or by REST, made into a Snapshot."""

from dataclasses import replace
from urllib.parse import quote

from portfolio.github import contents, queries
from portfolio.github.answers import understood
from portfolio.github.connection import Connection
from portfolio.github.errors import RefNotFound, Unavailable
from portfolio.github.links import Link, own_spelling
from portfolio.github.snapshot import Author, Snapshot, TreeEntry, git_id, natural, plain

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # git's id of the tree without entries
Ids = tuple[str, str]  # of a commit, and of its tree


def by_graphql(connection: Connection, link: Link, author: Author | None) -> Snapshot | None:
    """The snapshot without its tree; None when GraphQL refuses and REST has to say why."""
    if author and author.node_id:
        try:
            return _by_graphql(connection, link, author.node_id)
        except Unavailable as error:
            if not error.is_timeout:
                raise  # a history too long to count must not stand in the way of the rest
    return _by_graphql(connection, link)


def _by_graphql(connection: Connection, link: Link, node_id: str = "") -> Snapshot | None:
    text, variables = queries.metadata([ref for ref, _ in link.ref_candidates], author=node_id)
    variables |= {"owner": link.owner, "name": link.name}
    result = connection.query(text, variables, link.full_name)
    node = queries.repository(result)
    if node is None:
        if queries.is_out_of_time(result) or not queries.error_type(result, "repository"):
            is_timeout = queries.is_out_of_time(result)
            reason = "GraphQL gives no repository"
            raise Unavailable(full_name=link.full_name, reason=reason, is_timeout=is_timeout)
        return None
    with understood(link.full_name):
        branch = node["defaultBranchRef"] or {}
        counted = (node.get("counted") or {}).get("target")
        described = Snapshot(
            full_name=own_spelling(node["nameWithOwner"]),
            head_sha="",
            repository_id=natural(node["databaseId"]),
            default_branch=plain(branch.get("name")) or "main",
            folder=link.folder,
            description=plain(node["description"]),
            licence=_licence((node.get("licenseInfo") or {}).get("spdxId")),
            is_fork=bool(node["isFork"]),
            is_archived=bool(node["isArchived"]),
            is_private=bool(node["isPrivate"]),
            owner_id=_id((node.get("owner") or {}).get("databaseId")),
            parent=plain((node.get("parent") or {}).get("nameWithOwner")),
            commits=queries.count(counted, "history"),
            own_commits=queries.count(counted, "own"),
        )
        if node["isEmpty"]:
            return described
        if not link.ref and (head := queries.commit(branch)):
            return _at(_with_readme(described, node.get("readme")), head)
        for number, (ref, path) in enumerate(link.ref_candidates):
            if head := queries.commit(node[f"r{number}"]):
                return _at(described, head, ref, "" if link.file else path)
    if queries.errors(result):
        raise Unavailable(full_name=described.full_name, reason="GraphQL gives no branch")
    raise _no_ref(described, link)


def by_rest(connection: Connection, link: Link, author: Author | None) -> Snapshot:
    """The snapshot without its tree: one request for the repository, one for each branch tried.

    One more counts commits, for an author who does not own the repository.
    """
    body = connection.get_json(f"/repos/{link.full_name}", link.full_name)
    with understood(link.full_name):
        described = Snapshot(
            full_name=own_spelling(body["full_name"]),
            head_sha="",
            repository_id=natural(body["id"]),
            default_branch=plain(body["default_branch"]) or "main",
            folder=link.folder,
            description=plain(body.get("description")),
            licence=_licence((body.get("license") or {}).get("spdx_id")),
            is_fork=bool(body["fork"]),
            is_archived=bool(body.get("archived")),
            is_private=bool(body.get("private")),
            owner_id=_id((body.get("owner") or {}).get("id")),
            parent=plain((body.get("parent") or {}).get("full_name")),
        )
        has_size = body.get("size") != 0
    for ref, path in link.ref_candidates or [(described.default_branch, link.folder)]:
        match _commit(connection, described.full_name, ref):
            case ():
                return described
            case head, tree:
                path = "" if link.file else path
                if author and author.id != described.owner_id:
                    described = _with_commits(connection, described, author)
                return _at(described, (head, tree), ref if link.ref else "", path)
    if not link.ref and not has_size:
        return described
    raise _no_ref(described, link)


def with_tree(connection: Connection, described: Snapshot) -> Snapshot:
    """The snapshot with every entry of its tree, or as many as GitHub gives."""
    path = f"/repos/{described.full_name}/git/trees/{described.tree_sha}?recursive=1"
    answer = connection.get(path)
    if answer.status == 404 and described.tree_sha == EMPTY_TREE:
        return described
    if answer.status == 409:
        return replace(described, head_sha="", tree_sha="")
    if not answer.is_ok:
        raise connection.heard(answer, described.full_name)
    with understood(described.full_name):
        body = answer.json()
        entries = tuple(TreeEntry.from_row(row) for row in body["tree"])
        return replace(described, entries=entries, is_truncated=bool(body.get("truncated")))


def _with_commits(connection: Connection, described: Snapshot, author: Author) -> Snapshot:
    """The snapshot with the commits of its hundred most active contributors, and the author's."""
    answer = connection.get(f"/repos/{described.full_name}/contributors?per_page=100")
    if answer.status in (401, 429) or (answer.status == 403 and not answer.is_refusal):
        raise connection.heard(answer, described.full_name)
    if not answer.is_ok or not answer.body.strip():  # GitHub counts no list that is too long
        return described
    with understood(described.full_name):
        counts = {natural(row["id"]): natural(row["contributions"]) for row in answer.json()}
    own = counts.get(author.id, 0)
    return replace(described, commits=sum(counts.values()), own_commits=own)


def _id(value: object) -> int | None:
    return None if value is None else natural(value)


def _commit(connection: Connection, full_name: str, ref: str) -> Ids | tuple[()] | None:
    """A ref's commit and tree; () in an empty repository, None if there is no such ref."""
    answer = connection.get(f"/repos/{full_name}/commits/{quote(ref)}?per_page=1")
    if answer.status == 409:
        return ()
    if answer.status in (404, 422):
        return None
    if not answer.is_ok:
        raise connection.heard(answer, full_name)
    with understood(full_name):
        body = answer.json()
        return body["sha"], body["commit"]["tree"]["sha"]


def _at(described: Snapshot, head: Ids, ref: str = "", folder: str | None = None) -> Snapshot:
    """The snapshot at this commit. A folder that differs from the link's follows its branch."""
    with understood(described.full_name):
        commit, tree = map(git_id, head)
        folder = described.folder if folder is None else folder
        return replace(described, head_sha=commit, tree_sha=tree, ref=ref, folder=folder)


def _with_readme(described: Snapshot, node: object) -> Snapshot:
    """The snapshot with the README that came with its description, if it is text and whole."""
    text = contents.content(node, queries.README, True) if isinstance(node, dict) else None
    if not isinstance(text, str):
        return described
    found = contents.within_limit(queries.README, text)
    return described.with_files({queries.README: found})


def _no_ref(described: Snapshot, link: Link) -> RefNotFound:
    ref = link.ref or described.default_branch
    return RefNotFound(full_name=described.full_name, ref=ref)


def _licence(spdx_id: str | None) -> str:
    return "" if spdx_id in (None, "NOASSERTION") else plain(spdx_id)
