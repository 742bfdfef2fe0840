"""What an invited person sees and answers, and how its sender takes an invitation back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import mentorships
from accounts.models import Invitation, Mentorship, User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind the link of the letter: who asks for what, and a yes or a no."""
    found = mentorships.find(secret)
    if found is None:
        raise Http404
    if not request.user.is_authenticated:
        return _show(request, found)
    return _answer_page(request, found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for those whose verified address was invited: they need no letter."""
    return _answer_page(request, get_object_or_404(mentorships.waiting_for(request.user), pk=pk))


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    own = get_object_or_404(mentorships.sent_by(request.user), pk=pk)
    try:
        mentorships.withdraw(own, request.user)
    except mentorships.InvitationClosed:
        messages.info(request, _("That invitation was closed already; nothing was changed."))
    else:
        messages.success(request, _("Invitation to %(email)s withdrawn.") % {"email": own.email})
    return redirect("accounts:mentorships")


def _answer_page(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.method != "POST":
        return _show(request, found)
    name = found.inviter.profile.name
    try:
        if request.POST.get("answer") == "accept":
            mentorships.accept(found, request.user)
            if found.seeks == Invitation.Seeks.LEARNER:
                words = _("%(name)s is your mentor now.")
            else:
                words = _("You mentor %(name)s now.")
            messages.success(request, words % {"name": name})
        elif request.POST.get("answer") == "decline":
            mentorships.decline(found, request.user)
            messages.success(
                request, _("You declined the invitation of %(name)s.") % {"name": name}
            )
        else:
            return _show(request, found)
    except mentorships.InvitationClosed:
        return _show(request, Invitation.objects.get(pk=found.pk))
    except mentorships.NotWithYourself:
        messages.info(request, _("This invitation is your own: somebody else can accept it."))
    except mentorships.AlreadyMentoring:
        messages.info(
            request,
            _("There is nothing to accept: you and %(name)s are mentor and learner already.")
            % {"name": name},
        )
    return redirect("accounts:mentorships")


def _show(request: HttpRequest, found: Invitation) -> HttpResponse:
    """An open invitation as a question; one that is closed tells nothing about its sender."""
    if _has_begun_for(request.user, found.mentorship):
        messages.info(request, _("This invitation was accepted: you find each other below."))
        return redirect("accounts:mentorships")
    if not found.is_open:
        return render(request, "accounts/invitation_closed.html", status=410)
    context = {
        "invitation": found,
        "inviter": found.inviter.profile,
        "is_own": found.inviter == request.user,
    }
    return render(request, "accounts/invitation.html", context)


def _has_begun_for(user: User | AnonymousUser, mentorship: Mentorship | None) -> bool:
    if mentorship is None or not mentorship.is_active:
        return False
    return user in (mentorship.mentor, mentorship.learner)
