"""One's mentors and learners, the invitations that lead there, and the end of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import blocks, cohorts, mentorships, tasks
from accounts.forms import InvitationForm
from accounts.models import Mentorship

#: How many of the invitations one sent are listed, newest first.
SENT_SHOWN = 50


@login_required
@require_safe
def mentorship_list(request: HttpRequest) -> HttpResponse:
    return _page(request, InvitationForm())


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            invitation, _secret = mentorships.invite(request.user, **form.cleaned_data)
        except mentorships.NotWithYourself:
            form.add_error("email", _("This is your own address. Invite somebody else."))
        except mentorships.AlreadyInvited:
            words = _("You have asked this address already: see the invitations you sent.")
            form.add_error("email", words)
        except mentorships.TooManyInvitations:
            words = _(
                "You have sent as many invitations as can wait at one time (%(limit)d). Withdraw "
                "older ones that you no longer need, or try again tomorrow. Nothing was sent."
            )
            form.add_error(None, words % {"limit": mentorships.INVITATION_LIMIT})
        else:
            tasks.send(invitation)
            messages.success(
                request,
                _("Invitation to %(email)s is on its way. It can be answered for 14 days.")
                % {"email": invitation.email},
            )
            return redirect("accounts:mentorships")
    return _page(request, form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; then both lose sight of each other at once."""
    own = Mentorship.objects.of(request.user)
    mentorship = get_object_or_404(own.select_related("mentor__profile", "learner__profile"), pk=pk)
    is_mentor = mentorship.mentor == request.user
    other = mentorship.learner if is_mentor else mentorship.mentor
    if request.method != "POST" and mentorship.is_active:
        context = {
            "mentorship": mentorship,
            "other": other.profile,
            "is_mentor": is_mentor,
            "cohorts": cohorts.shared_by(mentorship.mentor, mentorship.learner),
        }
        return render(request, "accounts/end_mentorship.html", context)
    was_active = mentorship.is_active
    mentorships.end(mentorship, request.user)
    words = _("Your mentorship with %(name)s has ended.")
    if not was_active:
        words = _("Your mentorship with %(name)s had ended before.")
    messages.success(request, words % {"name": other.profile.name})
    return redirect("accounts:mentorships")


def _page(request: HttpRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    own = Mentorship.objects.active().select_related("mentor__profile", "learner__profile")
    context = {
        "form": form,
        "mentors": own.filter(learner=request.user).order_by("mentor__profile__name", "pk"),
        "learners": own.filter(mentor=request.user).order_by("learner__profile__name", "pk"),
        "waiting": mentorships.waiting_for(request.user),
        "blocks": blocks.of(request.user),
        "sent": mentorships.sent_by(request.user)[:SENT_SHOWN],
    }
    return render(request, "accounts/mentorships.html", context, status=status)
