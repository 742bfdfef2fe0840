"""One's cohorts: those one takes part in, those one runs, and the ways into them."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import cohorts, invitations, tasks
from accounts.forms import CohortForm, LetterForm, LinkForm, NewCohortForm
from accounts.models import Cohort, CohortInvitation, Membership, Part

#: How many ways into a cohort are listed, newest first.
WAYS_SHOWN = 100


@login_required
@never_cache
@require_safe
def cohort_list(request: HttpRequest) -> HttpResponse:
    guides = Membership.objects.in_force().exclude(part=Part.LEARNER)
    members = Prefetch(
        "cohort__memberships",
        guides.select_related("person__profile").order_by("person__profile__name", "pk"),
        to_attr="guides",
    )
    asking = cohorts.asking(request.user)
    context = {
        "asking": [(way, address) for way in asking if (address := _address(way))],
        "own": cohorts.memberships_of(request.user).prefetch_related(members),
        "run": Cohort.objects.run_by(request.user).with_counts(),
    }
    return render(request, "accounts/cohorts.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_new(request: HttpRequest) -> HttpResponse:
    """For staff, who name an organiser."""
    if not request.user.is_staff:
        raise Http404
    form = NewCohortForm(
        request.POST if request.method == "POST" else None,
        initial={"organiser": request.user.email},
    )
    if request.method == "POST" and form.is_valid():
        cohort, invitation = cohorts.create(by=request.user, **form.cleaned_data)
        if invitation:
            tasks.send(invitation)
            words = _("The cohort is made. A letter asks %(email)s to organise it.")
            messages.success(request, words % {"email": invitation.email})
        else:
            messages.success(request, _("The cohort is made, and you organise it."))
        return redirect(cohort)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/cohort_new.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_edit(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = _run_by(request, slug)
    form = CohortForm(request.POST if request.method == "POST" else None, instance=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            cohorts.change(cohort, **form.cleaned_data)
        except cohorts.Ended:
            raise Http404 from None
        messages.success(request, _("Saved."))
        return redirect("portfolio:cohort", cohort.slug)
    status = 422 if form.is_bound else 200
    context = {"form": form, "cohort": Cohort.objects.get(pk=cohort.pk)}
    return render(request, "accounts/cohort_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_end(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first; then nobody sees anything through it."""
    cohort = _run_by(request, slug)
    if request.method != "POST":
        return render(request, "accounts/cohort_end.html", {"cohort": cohort})
    cohorts.end(cohort, by=request.user)
    messages.success(request, _("%(cohort)s has ended.") % {"cohort": cohort})
    return redirect("accounts:cohorts")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_invite(request: HttpRequest, slug: str) -> HttpResponse:
    """By link or by letter, and the ways in that there are."""
    cohort = _run_by(request, slug)
    is_letter = request.POST.get("by") == "letter"
    link = LinkForm(
        request.POST if request.method == "POST" and not is_letter else None, auto_id="link_%s"
    )
    letter = LetterForm(
        request.POST if request.method == "POST" and is_letter else None, auto_id="letter_%s"
    )
    form = letter if is_letter else link
    if request.method == "POST" and form.is_valid():
        try:
            words = _invite(request, cohort, form.cleaned_data)
        except cohorts.TooManyInvitations:
            words = _("That is more than a cohort may send within a day, or have open at one time "
                      "(%(letters)d letters, %(ways)d ways in). Nothing was sent.")  # fmt: skip
            limits = {"letters": cohorts.LETTERS_A_DAY, "ways": cohorts.OPEN_LIMIT}
            form.add_error(None, words % limits)
        except cohorts.Ended:
            raise Http404 from None
        else:
            messages.success(request, words)
            return redirect("accounts:cohort_invite", cohort.slug)
    listed = cohort.invitations.select_related("cohort", "made_by__profile")[:WAYS_SHOWN]
    context = {
        "cohort": cohort,
        "link_form": link,
        "letter_form": letter,
        "ways": [(way, _link(way)) for way in listed],
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/cohort_invite.html", context, status=status)


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    cohort = _run_by(request, slug)
    way = get_object_or_404(cohort.invitations, pk=pk)
    try:
        cohorts.withdraw(way)
    except cohorts.InvitationClosed:
        messages.info(request, _("That invitation was closed already; nothing was changed."))
    else:
        messages.success(request, _("Nobody can join by it any more. Who joined stays."))
    return redirect("accounts:cohort_invite", cohort.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks first; then they and the cohort lose sight of each other at once."""
    cohort = _run_by(request, slug)
    active = cohort.memberships.active().select_related("person__profile")
    membership = get_object_or_404(active, pk=pk)
    if request.method != "POST":
        context = {"cohort": cohort, "membership": membership}
        return render(request, "accounts/cohort_remove.html", context)
    cohorts.leave(membership, by=request.user)
    name = membership.person.profile.name
    messages.success(request, _("%(name)s is no longer in the cohort.") % {"name": name})
    if not Cohort.objects.run_by(request.user).filter(pk=cohort.pk).exists():
        return redirect("accounts:cohorts")
    return redirect(cohort)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first. Takes effect at once."""
    own = cohorts.memberships_of(request.user)
    membership = get_object_or_404(own, cohort__slug=slug)
    if request.method != "POST":
        return render(request, "accounts/cohort_leave.html", {"membership": membership})
    cohorts.leave(membership, by=request.user)
    words = _("You have left %(cohort)s. Nothing is shared with it any more.")
    messages.success(request, words % {"cohort": membership.cohort})
    return redirect("accounts:cohorts")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind a link or letter: what joining means, and a yes."""
    found = cohorts.find(secret)
    if found is None:
        raise Http404
    if request.user.is_authenticated:
        if already := cohorts.membership_of(request.user, found.cohort):
            return _already(request, already)
        if request.POST.get("answer") == "join":
            return _join(request, found)
    if not found.is_open:
        return render(request, "accounts/cohort_closed.html", status=410)
    guides = found.cohort.memberships.in_force().select_related("person__profile")
    guides = list(guides.exclude(part=Part.LEARNER).order_by("person__profile__name", "pk"))
    context = {
        "invitation": found,
        "cohort": found.cohort,
        "mentors": [m.person.profile for m in guides if m.part == Part.MENTOR],
        "organisers": [m.person.profile for m in guides if m.part == Part.ORGANISER],
    }
    return render(request, "accounts/cohort_invitation.html", context)


def _join(request: HttpRequest, found: CohortInvitation) -> HttpResponse:
    try:
        cohorts.join(found, request.user)
    except cohorts.InvitationClosed:
        return render(request, "accounts/cohort_closed.html", status=410)
    except cohorts.AlreadyMember as error:
        return _already(request, error.membership)
    messages.success(request, _("You are in %(cohort)s now.") % {"cohort": found.cohort})
    return redirect("accounts:cohorts")


def _already(request: HttpRequest, membership: Membership) -> HttpResponse:
    words = _("You are in %(cohort)s already, as %(part)s. To take another part, leave it first.")
    names = {"cohort": membership.cohort, "part": membership.get_part_display()}
    messages.info(request, words % names)
    return redirect("accounts:cohorts")


def _run_by(request: HttpRequest, slug: str) -> Cohort:
    """The live cohort of that name if the person runs it, or 404."""
    return get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)


@transaction.atomic
def _invite(request: HttpRequest, cohort: Cohort, wanted: dict[str, Any]) -> str:
    """Make what a form asks for; what to say of it."""
    lifetime = timedelta(days=int(wanted["days"]))
    if "emails" not in wanted:
        cohorts.invite_by_link(
            cohort,
            by=request.user,
            part=wanted["part"],
            lifetime=lifetime,
            max_uses=wanted["max_uses"],
        )
        return _("The link is below. Whoever has it can join with it.")
    made = cohorts.invite_by_email(
        cohort, wanted["emails"], by=request.user, part=wanted["part"], lifetime=lifetime
    )
    for way in made:
        tasks.send(way)
    if not made:
        return _("Each of these addresses has an open invitation already; nothing was sent.")
    words = ngettext("%(n)d letter is on its way.", "%(n)d letters are on their way.", len(made))
    return words % {"n": len(made)}


def _link(way: CohortInvitation) -> str:
    """The address to pass on; empty for a letter, and where no key rebuilds it any more."""
    return "" if way.email or not way.is_open else _address(way)


def _address(way: CohortInvitation) -> str:
    """Where one joins; empty where no key rebuilds it any more."""
    try:
        return invitations.cohort_link(way)
    except invitations.SecretLost:
        return ""
