"""Pictures of what is public, for other sites to show: cards of links, and badges of READMEs.

Whoever fetches them has no session, so they know only what anybody may see, whoever asks.
"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.models import Profile
from accounts.views.limits import limited
from portfolio import badges, cards, showcase, verdicts
from portfolio.badges import PADDING
from portfolio.models import Project
from portfolio.showcase import Piece
from portfolio.views.projects import own_project, rows

#: Seconds for which a picture may be kept without asking again, and a drawn card is kept here.
FRESH, KEPT = 300, 60 * 60 * 24

NOBODY = AnonymousUser()


def public_pieces(profile: Profile) -> list[Piece]:
    """The projects of a public page as anybody reads them, the first ones first."""
    shown = (
        Project.objects.visible_to(NOBODY)
        .owned_by(profile.user)
        .select_related("owner__profile")
        .prefetch_related("repositories", "reviews__reviewer__profile", "reviews__check_run")
    )
    return showcase.arrange(rows(shown))


@require_safe
@limited("draw a card", most=60, seconds=60)
def profile_card(request: HttpRequest, handle: str) -> HttpResponse:
    profile = get_object_or_404(Profile.objects.public().select_related("user"), handle=handle)
    return _card(request, showcase.card_of_page(profile, public_pieces(profile)))


@require_safe
@limited("draw a card", most=60, seconds=60)
def project_card(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    project = _public_project(handle, slug)
    [(project, pictures)] = rows([project])
    return _card(request, showcase.card_of_project(Piece(project, pictures)))


@require_safe
def badge(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    project = _public_project(handle, slug)
    found = badges.of(verdicts.of_many(project.repositories.all()).values())

    def drawn() -> bytes:
        context = {
            "badge": found,
            "left_text": found.left - PADDING,
            "right_start": found.left + PADDING // 2,
            "right_text": found.right - PADDING,
        }
        return render_to_string("portfolio/badge.svg", context).strip().encode()

    return _picture(request, found.tag, "image/svg+xml", drawn)


@login_required
@require_safe
def badge_of_ones_own(request: HttpRequest, slug: str) -> HttpResponse:
    """What a project's badge says now, and the lines to copy into its README."""
    project = own_project(request, slug)
    found = badges.of(verdicts.of_many(project.repositories.all()).values())
    return render(request, "portfolio/badge.html", {"project": project, "badge": found})


def _public_project(handle: str, slug: str) -> Project:
    visible = Project.objects.visible_to(NOBODY).select_related("owner__profile")
    told = visible.prefetch_related(
        "repositories", "reviews__reviewer__profile", "reviews__check_run"
    )
    return get_object_or_404(told, owner__profile__handle=handle, slug=slug)


def _card(request: HttpRequest, card: cards.Card) -> HttpResponse:
    def drawn() -> bytes:
        key = f"card:{card.tag}"
        picture = cache.get(key)
        if picture is None:
            picture = cards.draw(card)
            cache.set(key, picture, KEPT)
        return picture

    return _picture(request, card.tag, "image/png", drawn)


def _picture(
    request: HttpRequest, tag: str, content_type: str, draw: Callable[[], bytes]
) -> HttpResponse:
    """The picture, drawn only for whoever does not have it; any other site may show it."""
    etag = quote_etag(tag)
    response = get_conditional_response(request, etag=etag)
    if not isinstance(response, HttpResponseNotModified):
        response = HttpResponse(draw(), content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={FRESH}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
