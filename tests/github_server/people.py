"""Who signs in at the double, with which tokens and applications."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    name: str = ""
    email: str = ""
    is_verified: bool = True
    id: int = 0
    kind: str = "User"  # or Organization

    @property
    def node_id(self) -> str:
        """GraphQL's name of the account."""
        return f"U_{self.id}"


@dataclass(frozen=True, slots=True)
class Token:
    """A classic token with its scopes, or a fine-grained one that opens these repositories alone."""

    login: str
    scopes: tuple[str, ...] = ()
    repositories: frozenset[str] = frozenset()  # full names, in small letters
    expires: str = ""  # as GitHub spells it: 2026-12-24 10:00:00 UTC


@dataclass(frozen=True, slots=True)
class Application:
    """An OAuth app. Without a `callback`, any address on loopback will do."""

    client_id: str
    client_secret: str = field(repr=False)
    callback: str = ""
    name: str = "Milepost"
