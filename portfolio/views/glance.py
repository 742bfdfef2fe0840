"""The part of the mentoring desk that shows all learners at a glance."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict

from accounts import cohorts
from accounts.mentorships import learners_of
from portfolio import glance
from portfolio.glance import Show

ON_A_PAGE = 50


def learners_at_a_glance(request: HttpRequest) -> dict[str, Any]:
    """The learners whom somebody guides, those in most need first; `show` and `cohort` filter them."""
    led = list(cohorts.led_by(request.user))
    cohort = next((each for each in led if each.slug == request.GET.get("cohort")), None)
    mentored = learners_of(request.user)
    people = mentored
    if cohort:
        people = people.filter(pk__in=cohorts.learners_in(cohort).order_by().values("pk"))
    shown = filtered(request, glance.by_need(glance.of(people)))
    page = shown["glances"]
    page.object_list = glance.with_aims(page.object_list, seen_by=request.user)
    return {"learners": mentored, "cohorts": led, "cohort": cohort, **shown}


def filtered(request: HttpRequest, glances: list[glance.Glance]) -> dict[str, Any]:
    """One page of those that the address asks for, and how many each filter keeps."""
    asked = request.GET.get("show", "")
    show = Show(asked) if asked in list(Show) else Show.ALL
    rest = QueryDict(mutable=True)
    if show != Show.ALL:
        rest["show"] = show
    if "cohort" in request.GET:
        rest["cohort"] = request.GET["cohort"]
    shown = glance.shown(glances, show)
    return {
        "show": show,
        "counts": {each.value: len(glance.shown(glances, each)) for each in Show},
        "glances": Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page")),
        "query": f"{rest.urlencode()}&" if rest else "",
    }
