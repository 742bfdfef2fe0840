"""A résumé as files for its owner, and as the page and files that everybody may read once it is published."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.share_links import visited
from accounts.views.sightings import looked
from portfolio import resume_document, resume_formats, resume_pdf, resumes
from portfolio.models import Resume
from portfolio.resume_document import Document
from portfolio.resume_pdf import Pdf, TooLong
from portfolio.views.resumes import own_resume

STYLE = settings.BASE_DIR / "config" / "static" / "resume.css"


@login_required
@require_safe
def resume_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As a reader gets it, how many pages it takes, and what cannot be printed."""
    own = own_resume(request, pk)
    document = resume_document.of(own)
    context = {"document": document, "resume": own, "pdf": _pdf(document), "kinds": list(KINDS)}
    return render(request, "portfolio/resume_preview.html", context)


@login_required
@require_safe
def resume_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The whole of it for its owner, to be sent to somebody."""
    return _file(resume_document.of(own_resume(request, pk)), kind)


@require_safe
def public_resume(request: HttpRequest, handle: str) -> HttpResponse:
    document = _published(request, handle)
    context = {"document": document, "kinds": [kind for kind in KINDS if kind != "html"]}
    return render(request, "portfolio/public_resume.html", context)


@require_safe
def public_resume_file(request: HttpRequest, handle: str, kind: str) -> HttpResponse:
    if kind == "html":
        raise Http404  # the page itself
    return _file(_published(request, handle), kind)


@login_required
@require_POST
def resume_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows this one on the portfolio page, or takes it back: publish is yes or no."""
    own = own_resume(request, pk)
    if request.POST.get("publish") == "yes":
        resumes.publish(own)
        said = (
            _("Published. Whoever may open your portfolio page can read it.")
            if own.owner.profile.is_public
            else _(
                "Published for your mentors and whoever has a secret link of yours: your portfolio "
                "page is private."
            )
        )
    else:
        resumes.withdraw(own)
        said = _("Nobody else can read this résumé any more.")
    messages.success(request, said)
    return redirect(own)


def _published(request: HttpRequest, handle: str) -> Document:
    """The published résumé of that person, as this reader gets it; 404 for what they may not see."""
    published = Resume.objects.published_to(request.user).select_related(
        "owner__profile", "target_role"
    )
    resume = get_object_or_404(published, owner__profile__handle=handle)
    profile = resume.owner.profile
    thing = Thing(Sighting.Kind.RESUME, resume.pk, resume.name)
    visited(request, resume.owner, thing)
    if profile.is_public:  # everybody reads what a stranger may see, its owner and mentors too
        return resume_document.of(resume, viewer=AnonymousUser())
    looked(request, thing, resume.owner_id)
    return resume_document.of(resume, viewer=request.user)


def _file(document: Document, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    response = KINDS[kind](document)
    if response.status_code != 200:
        return response
    name = resume_formats.file_name(document, kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pdf(document: Document) -> Pdf | None:
    try:
        return resume_pdf.write(document)
    except TooLong:
        return None


def _as_pdf(document: Document) -> HttpResponse:
    pdf = _pdf(document)
    if pdf is None:
        words = _("This résumé is too long to be printed. Leave lines out.")
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(pdf.content, content_type="application/pdf")


def _as_html(document: Document) -> HttpResponse:
    """One file that needs no other."""
    style = mark_safe(STYLE.read_text(encoding="utf-8"))  # noqa: S308 - ours
    context = {"document": document, "style": style}
    return HttpResponse(render_to_string("portfolio/resume_file.html", context))


def _as_json(document: Document) -> HttpResponse:
    dumps = {"indent": 2, "ensure_ascii": False}
    return JsonResponse(resume_formats.as_json(document), json_dumps_params=dumps)


def _as_markdown(document: Document) -> HttpResponse:
    text = resume_formats.as_markdown(document)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


def _as_text(document: Document) -> HttpResponse:
    text = resume_formats.as_text(document)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


#: The files there are, the most wanted first.
KINDS: dict[str, Callable[[Document], HttpResponse]] = {
    "pdf": _as_pdf,
    "html": _as_html,
    "json": _as_json,
    "md": _as_markdown,
    "txt": _as_text,
}
