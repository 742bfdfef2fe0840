"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The place's name and address, and whether this is the demo."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_demo": settings.IS_DEMO,
        "github_url": settings.GITHUB_URL,
        "has_github_sign_in": bool(settings.GITHUB_CLIENT_ID),
    }
