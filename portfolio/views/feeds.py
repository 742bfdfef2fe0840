"""What becomes public of somebody's work, for a feed reader."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import names
from accounts.models import Profile
from portfolio import news
from portfolio.news import Entry

#: Seconds for which a reader may keep it without asking again.
FRESH = 900


@require_safe
def profile_feed(request: HttpRequest, handle: str) -> HttpResponse:
    """An Atom feed of a public page. It knows what anybody may see, whoever asks."""
    profile = get_object_or_404(Profile.objects.public().select_related("user"), handle=handle)
    entries = news.of(profile.user)
    etag = quote_etag(news.tag_of([profile.name, profile.handle, *entries]))
    newest = int(entries[0].at.timestamp()) if entries else None
    response = get_conditional_response(request, etag=etag, last_modified=newest)
    if not isinstance(response, HttpResponseNotModified):
        response = HttpResponse(_written(profile, entries), content_type=Atom1Feed.content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={FRESH}"
    return response


def _written(profile: Profile, entries: list[Entry]) -> str:
    """The feed as XML; addresses begin with the site's own, whatever the request called it."""
    site = settings.SITE_URL
    address = site + profile.get_absolute_url()
    feed = Atom1Feed(
        title=_("%(name)s’s work") % {"name": names.visible(profile.name)},
        subtitle=names.visible(profile.headline) or None,
        link=address,
        description="",
        language=get_language(),
        feed_url=site + reverse("portfolio:profile_feed", args=[profile.handle]),
        feed_guid=news.guid(f"person-{profile.user_id}"),
        author_name=names.visible(profile.name),
        author_link=address,
    )
    for entry in entries:
        feed.add_item(
            title=names.visible(entry.title),
            link=site + entry.path,
            description=escape(names.visible(entry.words)),
            unique_id=entry.guid,
            pubdate=entry.at,
            updateddate=entry.at,
        )
    return feed.writeString("utf-8")
