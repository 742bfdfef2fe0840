"""The addresses of a site that is to be scanned, and a page with two holes.

A scanner that does not find what was planted for it has shown nothing by finding nothing elsewhere.
"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler500, urlpatterns

__all__ = ["handler400", "handler500", "urlpatterns"]


def planted(request: HttpRequest) -> HttpResponse:
    """Put what is asked for into the page and into the statement, as it came."""
    slug = request.GET.get("slug", "")
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT name FROM curriculum_skill WHERE slug = '{slug}'")
            found, status = [name for (name,) in cursor.fetchall()], 200
        except DatabaseError as error:
            found, status = [str(error)], 500
    rows = "".join(f"<li>{name}</li>" for name in found)
    return HttpResponse(f"<html><body><p>{slug}</p><ul>{rows}</ul></body></html>", status=status)


urlpatterns += [path("planted/", planted)]
