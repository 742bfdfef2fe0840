"""What the top of every page says of the signed-in person."""

from functools import cache, partial

from django.http import HttpRequest

from accounts import notices


def unread_notices(request: HttpRequest) -> dict[str, object]:
    """How many notices wait; asked at most once a request, and only where a page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    if not hasattr(request, "unread_notices"):
        count = cache(partial(notices.unread_count, user))
        request.unread_notices = count  # type: ignore[attr-defined]
    return {"unread_notices": request.unread_notices}  # type: ignore[attr-defined]
