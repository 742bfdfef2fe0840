"""Start a project from a link, and link or unlink its repositories."""

import re
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from curriculum import exercises
from curriculum.models import Brief
from portfolio import images
from portfolio.github.links import Link
from portfolio.models import CheckRun, Project, Repository

#: Words that stand behind /projects/ or /@handle/ themselves.
RESERVED_SLUGS = frozenset({"new", "feed", "resume", "badge", "edit", "review"})
SLUG_LENGTH = 60


class AlreadyLinked(Exception):
    """The repository, or this folder of it, already belongs to one of the person's projects."""

    def __init__(self, project: Project):
        super().__init__(project)
        self.project = project


def start(
    owner: User, link: Link, *, title: str = "", summary: str = "", brief: Brief | None = None
) -> Project:
    """A new private project of the owner with the linked repository.

    Without a title the repository's name makes one. Raises AlreadyLinked, so that a second click
    leads to the project of the first.
    """
    title = title.strip() or title_from(link)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two clicks, one project
        if other := _linked(owner, link):
            raise AlreadyLinked(other)
        project = _create(owner, title=title, summary=summary, brief=brief)
        _add(project, link)
    return project


def start_without_repository(owner: User, *, title: str, summary: str = "") -> Project:
    """A new private project of the owner. The caller holds the owner's row."""
    return _create(owner, title=title, summary=summary, brief=None)


def link_repository(project: Project, link: Link) -> Repository:
    """Give the project one more repository. Raises AlreadyLinked."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=project.owner_id)
        if other := _linked(project.owner, link):
            raise AlreadyLinked(other)
        return _add(project, link)


@transaction.atomic
def unlink(repository: Repository) -> None:
    """Remove a repository with its check runs; reviews stay, without the run they were pinned to."""
    _wait_for_checks(repository.project, pk=repository.pk)
    exercises.forget(f"repository/{repository.pk}")
    repository.delete()


def note_publication(project: Project, before: str) -> None:
    """Write down when a project was made public, if it is and was not `before` (its visibility then)."""
    if project.is_public and before != project.visibility:
        project.published_at = timezone.now()
        project.save(update_fields=["published_at"])


@transaction.atomic
def delete(project: Project) -> None:
    """Remove the project with all that hangs on it: repositories, check runs, reviews."""
    _wait_for_checks(project)
    images.forget_with(project)
    for repository in project.repositories.all():
        exercises.forget(f"repository/{repository.pk}")
    project.delete()


def relink(repository: Repository) -> Repository:
    """Accept whatever GitHub holds under the name now, after another repository took its place."""
    repository.github_id = None
    repository.standing = Repository.Standing.NEW
    repository.standing_since = timezone.now()
    repository.save(update_fields=["github_id", "standing", "standing_since"])
    return repository


def title_from(link: Link) -> str:
    """Words for a project, made from a repository's or a folder's name: bike-demand, Bike demand."""
    name = link.folder.rsplit("/", 1)[-1] or link.name
    words = re.sub(r"[-_.\s]+", " ", name).strip()
    return (words[:1].upper() + words[1:])[:120] or link.name


def _wait_for_checks(project: Project, **conditions: int) -> None:
    """Hold runs and repositories until the transaction ends, so that no worker adds to them.

    In this order, which is the one in which a worker writes.
    """
    repositories = project.repositories.filter(**conditions)
    runs = CheckRun.objects.filter(repository__in=repositories)
    list(runs.select_for_update(of=("self",)).order_by("pk"))
    list(repositories.select_for_update().order_by("pk"))


def _create(owner: User, *, title: str, summary: str, brief: Brief | None) -> Project:
    for slug in _slugs(title):
        if owner.projects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Project.objects.create(
                    owner=owner, slug=slug, title=title, summary=summary, brief=brief
                )
        except IntegrityError:
            continue
    raise AssertionError("unreachable: numbers do not end")


def _slugs(title: str) -> Iterator[str]:
    base = slugify(title)[: SLUG_LENGTH - 6].strip("-") or "project"
    if base not in RESERVED_SLUGS:
        yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def _add(project: Project, link: Link) -> Repository:
    return Repository.objects.create(
        project=project, full_name=link.full_name, ref=link.ref, folder=link.folder
    )


def _linked(owner: User, link: Link) -> Project | None:
    name = link.full_name
    repository = (
        Repository.objects.filter(
            Q(full_name__iexact=name) | Q(former_name__iexact=name),
            project__owner=owner,
            ref=link.ref,
            folder=link.folder,
        )
        .select_related("project__owner__profile")
        .first()
    )
    return repository.project if repository else None
