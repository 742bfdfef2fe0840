"""Stories for behavioural questions: all of them with what is missing, and one to write."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portfolio import stories
from portfolio.forms import StoryForm
from portfolio.models import Story
from portfolio.stories import WrittenMeanwhile


@login_required
@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    own = list(Story.objects.owned_by(request.user).select_related("project"))
    context = {"stories": own, "gaps": stories.gaps(own)}
    return render(request, "portfolio/stories.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story_new(request: HttpRequest) -> HttpResponse:
    """One to write; ?theme= ticks what it is to answer."""
    initial = {"themes": request.GET.getlist("theme")}
    form = StoryForm(
        request.POST if request.method == "POST" else None, owner=request.user, initial=initial
    )
    if form.is_valid():
        kept = stories.write(request.user, form.cleaned_data)
        messages.success(request, _("“%(story)s” is kept.") % {"story": kept.title})
        return redirect("portfolio:stories")
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/story.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest, pk: int) -> HttpResponse:
    own = _own(request, pk)
    if request.method != "POST":
        form = StoryForm(owner=request.user, story=own)
        return render(request, "portfolio/story.html", {"form": form, "story": own})
    form = StoryForm(request.POST, owner=request.user)
    if not form.is_valid():
        return render(request, "portfolio/story.html", {"form": form, "story": own}, status=422)
    version = form.cleaned_data["version"]
    try:
        kept = stories.write(request.user, form.cleaned_data, version=version, pk=pk)
    except WrittenMeanwhile as meanwhile:
        return _again(request, own, meanwhile.story)
    messages.success(request, _("“%(story)s” is kept.") % {"story": kept.title})
    return redirect("portfolio:stories")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    own = _own(request, pk)
    if request.method != "POST":
        return render(request, "portfolio/story_delete.html", {"story": own})
    own.delete()
    messages.success(request, _("“%(story)s” is deleted.") % {"story": own.title})
    return redirect("portfolio:stories")


def _own(request: HttpRequest, pk: int) -> Story:
    return get_object_or_404(Story.objects.owned_by(request.user), pk=pk)


def _again(request: HttpRequest, shown: Story, now: Story | None) -> HttpResponse:
    """The form with what was typed, which begins with the story as it is now; that stands beside."""
    data = request.POST.copy()
    data["version"] = now.version if now else ""
    form = StoryForm(data, owner=request.user)
    words = _("This story was changed meanwhile, in another tab or on another device: it is below.")
    form.add_error(None, words if now else _("This story was deleted meanwhile."))
    context = {"form": form, "story": now or shown, "other": now}
    return render(request, "portfolio/story.html", context, status=409)
