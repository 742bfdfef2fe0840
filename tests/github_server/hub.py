"""What the double knows: repositories, old names, people, tokens, and how much each may ask."""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.github_server.people import Application, Person, Token
from tests.github_server.repositories import Content, Pull, Repository

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the name their requests are counted under, and the login of a token."""

    key: str
    kind: str  # anonymous, token or application
    login: str = ""
    scopes: tuple[str, ...] = ()
    repositories: frozenset[str] = frozenset()  # that a fine-grained token opens
    expires: str = ""  # of a token that ends


@dataclass(slots=True)
class Window:
    """What one caller used of one resource in the current hour."""

    limit: int
    used: int = 0
    reset_at: int = 0

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class Grant:
    """A sign-in that was allowed and not yet exchanged for a token."""

    client_id: str
    login: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    method: str
    expires_at: float


@dataclass(eq=False)
class Hub:
    """The state behind the server, and every way in which a test changes it."""

    anonymous_limit: int = 60
    token_limit: int = 5000
    clock: Callable[[], float] = time.time
    signs_in_as: str = ""  # who allows every sign-in at once; "" shows a page to choose on
    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)
    _repositories: dict[str, Repository] = field(default_factory=dict)
    _old_names: dict[str, int] = field(default_factory=dict)
    _last_id: int = 700_000

    # Repositories

    def add(
        self, full_name: str, files: Mapping[str, Content] | None = None, **facts: Any
    ) -> Repository:
        """A new repository; without files it is empty. `facts` are fields of Repository."""
        owner, _, name = full_name.partition("/")
        self._last_id += 1
        repository = Repository(owner, name, self._last_id, **facts)
        self._repositories[full_name.lower()] = repository
        self._old_names.pop(full_name.lower(), None)
        if owner not in self.people:
            self.person(owner)
        if files:
            repository.push(files)
        return repository

    def repository(self, full_name: str) -> Repository:
        """The repository that has this name now; KeyError when there is none."""
        return self._repositories[full_name.lower()]

    def repositories(self) -> list[Repository]:
        return list(self._repositories.values())

    def push(
        self,
        full_name: str,
        files: Mapping[str, Content] | None = None,
        *,
        delete: Iterable[str] = (),
        branch: str = "",
        message: str = "",
        author: str = "",
    ) -> str:
        """A commit on top of a branch, by its owner if nobody is named; returns its id."""
        repository = self.repository(full_name)
        return repository.push(
            files or {}, delete=delete, branch=branch, message=message, author=author
        ).sha

    def pull(self, full_name: str, number: int = 1, **facts: Any) -> Pull:
        """A pull request of a repository; without `author` it is its owner's own."""
        repository = self.repository(full_name)
        facts = {"title": "Mend a fault", "author": repository.owner} | facts
        if facts["author"] and facts["author"] not in self.people:
            self.person(facts["author"])
        repository.pulls[number] = Pull(number, **facts)
        return repository.pulls[number]

    def merge(self, full_name: str, number: int = 1, at: str = "2026-10-12T09:30:00Z") -> Pull:
        """Merge a pull request, by a commit of its own."""
        pull = self.repository(full_name).pulls[number]
        pull.merge_sha = self.push(full_name, {f"merged-{number}.txt": pull.title})
        pull.is_open, pull.merged_at = False, at
        return pull

    def tag(self, full_name: str, name: str) -> None:
        repository = self.repository(full_name)
        repository.tags[name] = repository.branches[repository.default_branch]

    def rename(self, full_name: str, new_full_name: str) -> None:
        """The old name redirects from now on, until another repository takes it."""
        repository = self._repositories.pop(full_name.lower())
        repository.owner, _, repository.name = new_full_name.partition("/")
        self._repositories[new_full_name.lower()] = repository
        self._old_names[full_name.lower()] = repository.id

    def delete(self, full_name: str) -> None:
        del self._repositories[full_name.lower()]

    def replace(self, full_name: str, files: Mapping[str, Content]) -> Repository:
        """Another repository, with another id, under the same name."""
        self.delete(full_name)
        return self.add(full_name, files)

    def empty(self, full_name: str) -> None:
        repository = self.repository(full_name)
        for table in (repository.branches, repository.tags, repository.commits, repository.blobs):
            table.clear()

    def make_private(self, full_name: str, *, private: bool = True) -> None:
        self.repository(full_name).is_private = private

    def block(self, full_name: str, reason: str = "dmca") -> None:
        self.repository(full_name).state = reason

    def truncate(self, full_name: str, max_entries: int) -> None:
        """From now on a recursive tree of this repository is cut after so many entries."""
        self.repository(full_name).max_entries = max_entries

    def find(self, full_name: str, caller: Caller) -> Repository | None:
        """The repository of this name, if the caller may see it."""
        return self._shown(self._repositories.get(full_name.lower()), caller)

    def find_id(self, repository_id: int, caller: Caller) -> Repository | None:
        found = (r for r in self._repositories.values() if r.id == repository_id)
        return self._shown(next(found, None), caller)

    def find_moved(self, full_name: str, caller: Caller) -> Repository | None:
        """The repository that once had this name."""
        repository_id = self._old_names.get(full_name.lower())
        return self.find_id(repository_id, caller) if repository_id else None

    def _shown(self, repository: Repository | None, caller: Caller) -> Repository | None:
        if repository and repository.is_private:
            is_owner = caller.login.lower() == repository.owner.lower()
            is_open = "repo" in caller.scopes or repository.full_name.lower() in caller.repositories
            return repository if is_owner and is_open else None
        return repository

    # People

    def person(
        self, login: str, *, name: str = "", email: str = "", is_verified: bool = True
    ) -> Person:
        """Someone who can sign in; `email` is what GitHub says of them, verified or not."""
        person = Person(login, name or login, email, is_verified, id=9000 + len(self.people))
        self.people[login] = person
        return person

    def token(self, login: str, *scopes: str) -> str:
        """A new token of this person, as GitHub would hand it out."""
        if login not in self.people:
            self.person(login)
        token = "ghp_" + secrets.token_hex(18)
        self.tokens[token] = Token(login, scopes)
        return token

    def fine_grained(self, login: str, *full_names: str, expires: str = "") -> str:
        """A new token of this person that may read these repositories of theirs."""
        if login not in self.people:
            self.person(login)
        token = f"github_pat_{secrets.token_hex(11)}_{secrets.token_hex(29)}"
        names = frozenset(name.lower() for name in full_names)
        self.tokens[token] = Token(login, repositories=names, expires=expires)
        return token

    def revoke(self, token: str) -> None:
        del self.tokens[token]

    def application(self, client_id: str, client_secret: str, callback: str = "") -> Application:
        self.applications[client_id] = Application(client_id, client_secret, callback)
        return self.applications[client_id]

    def owner(self, repository: Repository) -> Person:
        """The account that a repository belongs to."""
        return self.people.get(repository.owner) or self.person(repository.owner)

    def organization(self, login: str) -> Person:
        """From now on this name is an organisation's."""
        self.people[login] = replace(
            self.people.get(login) or self.person(login), kind="Organization"
        )
        return self.people[login]

    def node_id(self, login: str) -> str:
        return self.people[login].node_id if login in self.people else ""

    def parent(self, repository: Repository) -> Repository | None:
        """What a fork was made from, while it is there."""
        return self._repositories.get(repository.parent.lower()) if repository.parent else None

    # Limits

    def window(self, caller: Caller, resource: str) -> Window:
        """The caller's current hour of a resource, core or graphql."""
        limit = self.anonymous_limit if caller.kind == "anonymous" else self.token_limit
        now = int(self.clock())
        window = self.windows.get((caller.key, resource))
        if window is None or window.reset_at <= now:
            window = Window(limit, reset_at=now + HOUR)
            self.windows[caller.key, resource] = window
        return window

    def use_up(self, caller: Caller, resource: str) -> None:
        """Leave this caller nothing until the hour is over."""
        window = self.window(caller, resource)
        window.used = window.limit

    def grant(self, code: str, now: float) -> Grant | None:
        """The sign-in behind a code, which works once."""
        grant = self.grants.pop(code, None)
        return grant if grant and grant.expires_at >= now else None

    def verify(self, login: str, *, is_verified: bool) -> None:
        self.people[login] = replace(self.people[login], is_verified=is_verified)
