"""What staff see of the addresses of resources: which died, which moved, which are not known."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import resource_links
from curriculum.models import ResourceLink
from curriculum.models.resource_links import State
from curriculum.resource_links import Off, TooSoon
from curriculum.views.people import for_staff

ON_A_PAGE = 50
#: What the list can be narrowed to, worst first.
SHOWN = [State.DEAD, State.FAILING, State.MOVED, State.UNKNOWN]


@require_safe
@for_staff
def resource_link_list(request: HttpRequest) -> HttpResponse:
    """The addresses in one state, the dead ones without a word in the query."""
    wanted = request.GET.get("state", "")
    state = State(wanted) if wanted in SHOWN else State.DEAD
    links = ResourceLink.objects.visible_to(request.user).in_state(state)
    page = Paginator(links, ON_A_PAGE).get_page(request.GET.get("page"))
    counts = resource_links.counts()
    context = {
        "state": state,
        "tabs": [(shown, counts[shown]) for shown in SHOWN],
        "counts": counts,
        "page": page,
        "rows": resource_links.rows(page),
        "is_watching": settings.RESOURCE_LINKS_CHECKED,
    }
    return render(request, "curriculum/resource_links.html", context)


@require_POST
@for_staff
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have one address looked at within a minute."""
    link = get_object_or_404(ResourceLink.objects.visible_to(request.user), pk=pk)
    try:
        resource_links.ask_again(link)
    except Off:
        messages.error(request, _("Addresses of resources are not looked at here."))
    except TooSoon:
        words = _("That address was looked at less than ten minutes ago. Ask again later.")
        messages.info(request, words)
    else:
        words = _("Milepost looks there again within minutes, or when its host may be asked again.")
        messages.success(request, words)
    back = reverse("curriculum:resource_links")
    return redirect(back if link.state not in SHOWN else f"{back}?state={link.state}")
