"""What a person may find by words: the curriculum, and what is their own.

Words never reach the database: the curriculum is looked up in memory, and what is one's own is read
and compared here, so that accents and capitals matter on no database. Nothing of anybody else's is
read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum import catalogue, notes, own_resources, words
from curriculum.catalogue import Hit, Kind
from curriculum.models import Note, OwnResource, Role
from portfolio.models import Project


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found, as a list shows it."""

    title: str
    address: str
    text: str
    meant: words.Meant
    place: str = ""
    place_address: str = ""
    rel: str = ""  # of a link that leads elsewhere
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """All that was found of one kind, best first: rows or their keys, not yet made ready to be shown."""

    name: str
    title: str | Promise
    rows: Sequence[Any]
    show: Callable[[Sequence[Any]], list[Found]]


def look_for(user: User | AnonymousUser, query: words.Query) -> list[Group]:
    """The groups in which something holds every word of a query."""
    if not query:
        return []
    hits = catalogue.visible_to(user, catalogue.current().find(query))
    of_kind = {kind: [hit for hit in hits if hit.entry.kind == kind] for kind in Kind}
    own = _own(user, query) if user.is_authenticated else []
    groups = [
        Group("units", _("Units"), of_kind[Kind.UNIT], _show_hits),
        Group("modules", _("Modules"), of_kind[Kind.MODULE], _show_hits),
        *own,
        Group("skills", _("Skills"), of_kind[Kind.SKILL], _show_hits),
        Group("roles", _("Roles"), of_kind[Kind.ROLE], _show_hits),
        Group("resources", _("Resources"), of_kind[Kind.RESOURCE], _show_hits),
    ]
    return [group for group in groups if group.rows]


def known_words(query: words.Query) -> list[str]:
    """The words of a query, if there are several, by each of which the curriculum has something."""
    if len(query.words) < 2:
        return []
    known = catalogue.current().knows
    return [word for word in query.words if known(word)]


def _own(user: User, query: words.Query) -> list[Group]:
    """Notes, projects, links and roles of a person's own."""
    projects = Project.objects.owned_by(user).prefetch_related("repositories")

    def show_notes(keys: Sequence[int]) -> list[Found]:
        return [_show_note(note, query) for note in notes.all_of(user).filter(pk__in=keys)]

    def show_links(keys: Sequence[int]) -> list[Found]:
        return [_show_link(link, query) for link in own_resources.all_of(user).filter(pk__in=keys)]

    def show_projects(found: Sequence[Project]) -> list[Found]:
        return [_show_project(project, query) for project in found]

    def show_roles(found: Sequence[Role]) -> list[Found]:
        return [_show_role(role, query) for role in found]

    return [
        Group("notes", _("Your notes"), notes.found_by(user, query), show_notes),
        Group(
            "projects",
            _("Your projects"),
            [project for project in projects if query.is_in(_text_of(project))],
            show_projects,
        ),
        Group(
            "own-resources",
            _("Your own resources"),
            own_resources.found_by(user, query),
            show_links,
        ),
        Group(
            "own-roles",
            _("Your own roles"),
            [role for role in user.own_roles.all() if query.is_in(f"{role.title}\n{role.summary}")],
            show_roles,
        ),
    ]


def _text_of(project: Project) -> str:
    """All that a project says, and the names of its repositories."""
    parts = [project.title, project.summary, *(text for _heading, text in project.case_study)]
    return "\n".join([*parts, *map(str, project.repositories.all())])


def _show_hits(hits: Sequence[Hit]) -> list[Found]:
    return [
        Found(
            title=hit.entry.title,
            address=hit.entry.address,
            text=words.excerpt(hit.entry.text, hit),
            meant=hit,
            place=hit.entry.place,
            place_address=hit.entry.place_address,
            rel="noopener external" if hit.entry.kind == Kind.RESOURCE else "",
            is_retired=hit.entry.is_retired,
        )
        for hit in hits
    ]


def _show_note(note: Note, query: words.Query) -> Found:
    return Found(
        title=note.unit.title,
        address=note.get_absolute_url(),
        text=words.excerpt(words.plain(note.text), query),
        meant=query,
        place=note.unit.module.title,
        is_retired=note.unit.has_left,
    )


def _show_project(project: Project, query: words.Query) -> Found:
    return Found(
        title=project.title,
        address=reverse("portfolio:project", args=[project.slug]),
        text=words.excerpt(words.plain(_text_of(project).removeprefix(project.title)), query),
        meant=query,
    )


def _show_role(role: Role, query: words.Query) -> Found:
    return Found(
        title=role.title,
        address=role.get_absolute_url(),
        text=words.excerpt(role.summary, query),
        meant=query,
    )


def _show_link(link: OwnResource, query: words.Query) -> Found:
    return Found(
        title=link.title,
        address=link.url,
        text=words.excerpt(link.why, query),
        meant=query,
        place=link.unit.title,
        place_address=link.get_absolute_url(),
        rel="nofollow noopener ugc",
    )
