"""Jobs to aim for: all of them, one against what speaks for you, and two side by side."""

from django.core.validators import slug_re
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Sighting, User
from accounts.sightings import Thing
from accounts.views.sightings import looked
from curriculum import progress, ways
from curriculum.models import Enrollment, Roadmap, Role
from curriculum.progress import Picture
from curriculum.views.people import enrollment_of, gone
from portfolio import charts, comparisons, readiness
from portfolio.forms import CompareForm
from portfolio.readiness import Readiness, Step


@require_safe
def role_list(request: HttpRequest) -> HttpResponse:
    listed = Role.objects.listed_for(request.user).select_related("rung")
    pictures = readiness.of_many(_person(request), listed)
    context = {
        "own": [picture for picture in pictures if picture.role.is_own],
        "roles": [picture for picture in pictures if not picture.role.is_own],
        "enrollment": enrollment_of(request),
    }
    return render(request, "portfolio/roles.html", context)


@require_safe
def role_detail(request: HttpRequest, slug: str) -> HttpResponse:
    role = get_object_or_404(_visible(request), slug=slug)
    enrollment = enrollment_of(request)
    is_target = enrollment is not None and enrollment.target_role_id == role.pk
    if role.is_retired and not is_target:
        return gone(request, role, instead=reverse("portfolio:roles"), words=_("All roles"))
    _note_look(request, role)
    [picture] = readiness.of_many(_person(request), [role])
    context = {
        "role": role,
        "picture": picture,
        "is_target": is_target,
        "is_yours": role.is_own and role.owner_id == request.user.pk,
        "next_roles": role.next_roles.live(),
        **_clauses(request, picture, enrollment),
    }
    if request.user.is_authenticated and picture.clauses:
        context |= {"bars": charts.bars(picture), "radar": charts.radar(picture)}
    return render(request, "portfolio/role.html", context)


@require_safe
def role_compare(request: HttpRequest) -> HttpResponse:
    """Two roles by their slugs, `a` and `b`; without both it asks which."""
    chosen = {
        name: _by_slug(request, slug) for name in ("a", "b") if (slug := request.GET.get(name, ""))
    }
    form = CompareForm(chosen, listed=Role.objects.listed_for(request.user))
    for role in chosen.values():
        _note_look(request, role)
    context = {"form": form, "is_same": len(chosen) == 2 and chosen["a"] == chosen["b"]}
    if len(chosen) == 2 and not context["is_same"]:
        first, second = readiness.of_many(_person(request), [chosen["a"], chosen["b"]])
        context["comparison"] = comparisons.compare(first, second)
    return render(request, "portfolio/role_compare.html", context)


def _note_look(request: HttpRequest, role: Role) -> None:
    """Somebody's own role is theirs and their mentors'; the others are everybody's."""
    if role.is_own:
        looked(request, Thing(Sighting.Kind.ROLE, role.pk, role.title), role.owner_id)


def _by_slug(request: HttpRequest, slug: str) -> Role:
    """The role of that slug, or 404; the address may say anything."""
    if not slug_re.match(slug):
        raise Http404
    return get_object_or_404(_visible(request), slug=slug)


def _visible(request: HttpRequest) -> QuerySet[Role]:
    return Role.objects.visible_to(request.user).select_related("rung", "owner__profile")


def _person(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _clauses(
    request: HttpRequest, picture: Readiness, enrollment: Enrollment | None
) -> dict[str, list]:
    """The clauses with their steps, gaps first for somebody to whom they are compared."""
    rows: list[tuple] = [(clause, None) for clause in picture.clauses]
    if request.user.is_authenticated:
        found = _steps(request, picture, enrollment)
        rows = sorted(
            zip(picture.clauses, found, strict=True),
            key=lambda row: readiness.RANKS[row[0].state],
        )
    return {
        "required": [row for row in rows if row[0].is_required],
        "preferred": [row for row in rows if not row[0].is_required],
    }


def _steps(
    request: HttpRequest, picture: Readiness, enrollment: Enrollment | None
) -> list[Step | None]:
    if not picture.gaps:
        return [None] * len(picture.clauses)
    way = _picture(enrollment)
    if way is None:
        return [None] * len(picture.clauses)
    return readiness.steps(picture, ways.over(way), request.user)


def _picture(enrollment: Enrollment | None) -> Picture | None:
    """The roadmap as this learner has it, or as it is for who follows none."""
    if enrollment:
        return progress.overview(enrollment)
    roadmap = Roadmap.objects.live().first()
    return progress.outline(roadmap) if roadmap else None
