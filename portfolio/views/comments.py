"""A file at the commit of a review, and what is said about its lines."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.sightings import looked
from portfolio import comments, review_files, sources
from portfolio.forms import AnswerForm, CommentForm
from portfolio.models import Comment, Listing, Project, Review
from portfolio.tasks import send_listings


def _review(request: HttpRequest, pk: int) -> Review:
    known = Review.objects.filter(project__in=Project.objects.known_to(request.user))
    with_all = known.exclude(status="draft").select_related(
        "project__owner__profile", "check_run__repository", "follows__check_run__repository"
    )
    return get_object_or_404(with_all, pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file at the review's commit: whole, or what changed in it; the holder comments on lines.

    A page of its own; htmx gets the file alone, to show it beside everything else of the review.
    """
    review = _review(request, pk)
    listing, before = _listings(review)
    path = request.POST.get("path") or request.GET.get("path", "")
    source = sources.want_file(listing, path)
    if source is None:
        raise Http404
    words = f"{path} ({review.project.title})"
    looked(request, Thing(Sighting.Kind.FILE, source.pk, words), review.project.owner_id)
    view = request.GET.get("view", "")
    is_holder = review.status == "claimed" and review.reviewer == request.user
    form, auto_id = None, f"{review_files.key_of(path)}_%s"
    if request.method == "POST":
        if not is_holder:
            raise Http404
        form = CommentForm(request.POST, auto_id=auto_id)
        if form.is_valid():
            try:
                said = comments.write(review, request.user, listing=listing, **form.cleaned_data)
            except comments.NotYours:
                raise Http404 from None
            except comments.NoSuchLine:
                form.add_error("body", _("The file has no such line at this commit."))
            else:
                return redirect(f"{_address(review, path, view)}#comment-{said.pk}")
        number = form.data.get("line", "")
    else:
        number = request.GET.get("line", "")
    at = int(number) if number.isdecimal() and len(number) < 7 else None
    if is_holder and form is None and at is not None:
        form = CommentForm(initial={"path": path, "line": at}, auto_id=auto_id)
    if source.read_at is None:
        send_listings([listing])
    sheet = review_files.sheet(
        review, request.user, source, path, before, is_diff=view == "changes", at=at
    )
    context = {
        "review": review,
        "project": review.project,
        "sheet": sheet,
        "is_holder": is_holder,
        "form": form,
    }
    if request.htmx:
        context["own_comments"] = own_comments(review, request)
        return render(request, "portfolio/_review_file_answer.html", context)
    status = 422 if form is not None and form.is_bound else 200
    return render(
        request, "portfolio/review_file.html", context | {"is_alone": True}, status=status
    )


def own_comments(review: Review, request: HttpRequest) -> list[Comment]:
    """What the person wrote on lines and has not sent yet."""
    return list(review.comments.filter(author=request.user, sent_at=None))


def _listings(review: Review) -> tuple[Listing, Listing | None]:
    wanted = sources.want(review)
    if not wanted:
        raise Http404
    return wanted[0], wanted[1] if len(wanted) > 1 else None


def _address(review: Review, path: str, view: str = "") -> str:
    query = {"path": path} | ({"view": view} if view else {})
    return f"{reverse('portfolio:review_file', args=[review.pk])}?{urlencode(query)}"


def _comment(request: HttpRequest, pk: int) -> Comment:
    """A comment that the person may see, or 404."""
    told = Comment.objects.told_to(request.user).filter(
        review__project__in=Project.objects.known_to(request.user)
    )
    return get_object_or_404(told.select_related("review__project__owner", "answers"), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    if comment.author != request.user or comment.sent_at is not None:
        raise Http404
    initial = {
        "path": comment.path, "line": comment.line, "body": comment.body, "severity": comment.severity,
    }  # fmt: skip
    form = CommentForm(request.POST if request.method == "POST" else None, initial=initial)
    form.fields["path"].disabled = form.fields["line"].disabled = True
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("severity", "body")}
        comments.edit(comment, request.user, **words)
        return redirect(f"{_address(comment.review, comment.path)}#comment-{comment.pk}")
    context = {"form": form, "comment": comment, "review": comment.review}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/comment_edit.html", context, status=status)


@login_required
@require_POST
def remove_comment(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    address = _address(comment.review, comment.path)
    try:
        comments.remove(comment, request.user)
    except comments.NotYours:
        raise Http404 from None
    messages.success(request, _("Comment removed."))
    return redirect(address)


@login_required
@require_POST
def answer_comment(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["body"][0])
        return redirect(f"{comment.review.get_absolute_url()}#comment-{comment.pk}")
    try:
        comments.answer(comment, request.user, **form.cleaned_data)
    except comments.NotYours:
        raise Http404 from None
    return redirect(f"{comment.review.get_absolute_url()}#comment-{comment.pk}")


@login_required
@require_POST
def settle_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a comment, or open it again."""
    comment = _comment(request, pk)
    act = comments.reopen if request.POST.get("settled") == "no" else comments.resolve
    try:
        act(comment, request.user)
    except comments.NotYours:
        raise Http404 from None
    back = request.POST.get("back", "")
    if back == "write" and comment.review.later_rounds.filter(reviewer=request.user).exists():
        later = comment.review.later_rounds.get(reviewer=request.user)
        return redirect("portfolio:write_review", later.pk)
    return redirect(f"{comment.review.get_absolute_url()}#comment-{comment.pk}")
