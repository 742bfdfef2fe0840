"""The images of a case study: shown to whoever may see the project, changed by its owner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.sightings import looked
from portfolio import images, pixels
from portfolio.forms import ImageForm, ImageWordsForm
from portfolio.images import TooMany
from portfolio.models import CaseImage
from portfolio.pixels import Kind
from portfolio.views.projects import own_project

#: Whatever a browser took the file for, it may do nothing.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
def image(request: HttpRequest, key: str) -> HttpResponse:
    """The file, for whoever may see its project; for everybody else there is none."""
    visible = CaseImage.objects.visible_to(request.user).select_related("project__owner__profile")
    found = get_object_or_404(visible, key=key)
    project = found.project
    if not project.is_open_to_all:
        thing = Thing(Sighting.Kind.PROJECT, project.pk, project.title)
        looked(request, thing, project.owner_id)
    etag = quote_etag(found.digest)
    response = get_conditional_response(request, etag=etag)
    if not isinstance(response, HttpResponseNotModified):
        data = images.bytes_of(found)
        if data is None:
            raise Http404
        response = HttpResponse(data, content_type=Kind(found.kind).content_type)
        response["Content-Disposition"] = f'inline; filename="image.{found.kind}"'
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    if project.is_open_to_all:
        response["Cache-Control"] = "public, no-cache"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def image_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All of a project, and one more to send."""
    project = own_project(request, slug)
    form = ImageForm(request.POST, request.FILES) if request.method == "POST" else ImageForm()
    if form.is_bound and getattr(request, "has_too_large_file", False):
        form.errors.pop("file", None)
        form.add_error("file", form.words_for(pixels.Reason.TOO_LARGE))
    elif form.is_valid():
        said = form.cleaned_data
        try:
            images.add(project, said["file"].read(), alt=said["alt"], caption=said["caption"])
        except pixels.Refused as refused:
            form.add_error("file", form.words_for(refused.reason))
        except TooMany:
            words = _("A project shows %(n)d images at most. Take one away first.")
            form.add_error(None, words % {"n": images.MOST})
        else:
            messages.success(request, _("Added. Of the file only the picture itself was kept."))
            return redirect("portfolio:images", slug)
    own = list(project.images.all())
    context = {
        "project": project,
        "form": form,
        "images": own,
        "is_full": len(own) >= images.MOST,
        "most": images.MOST,
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/images.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def image_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Alternative text and caption of one."""
    own = _own(request, pk)
    begun = {"alt": own.alt, "caption": own.caption}
    form = ImageWordsForm(request.POST if request.method == "POST" else None, initial=begun)
    if form.is_valid():
        images.change(own, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("portfolio:images", own.project.slug)
    context = {"project": own.project, "image": own, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/image_words.html", context, status=status)


@login_required
@require_POST
def image_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    own = _own(request, pk)
    images.move(own, 1 if request.POST.get("to") == "down" else -1)
    return redirect("portfolio:images", own.project.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def image_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: there is no copy."""
    own = _own(request, pk)
    if request.method != "POST":
        return render(request, "portfolio/image_remove.html", {"image": own})
    images.remove(own)
    messages.success(request, _("The image is removed, and its file."))
    return redirect("portfolio:images", own.project.slug)


def _own(request: HttpRequest, pk: int) -> CaseImage:
    mine = CaseImage.objects.filter(project__owner=request.user).select_related("project")
    return get_object_or_404(mine, pk=pk)
