"""Search across what somebody may see."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curriculum import words
from portfolio import search as searching

SHOWN = 5  # of a group, where there are several
ON_A_PAGE = 50


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """All groups with their first rows, or one group (`in`) a page at a time."""
    query = words.query(request.GET.get("q", ""))
    groups = searching.look_for(request.user, query)
    only = next((group for group in groups if group.name == request.GET.get("in")), None)
    page = None
    if only:
        page = Paginator(only.rows, ON_A_PAGE).get_page(request.GET.get("page"))
        lists = [(only, only.show(page.object_list))]
    else:
        lists = [(group, group.show(group.rows[:SHOWN])) for group in groups]
    context = {
        "query": query,
        "groups": groups,
        "lists": lists,
        "only": only,
        "page": page,
        "total": sum(len(group.rows) for group in groups),
        "known_words": [] if groups else searching.known_words(query),
    }
    return render(request, "portfolio/search.html", context)
