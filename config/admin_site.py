"""The administration: Django's, open to staff who have a second step."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _


class Site(AdminSite):
    """Who may change everybody's rows needs more than a password that may be guessed or lost.

    In the demonstration, whose people everybody may be, a password does.
    """

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and _is_safe(request)

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """For staff without a second step: where they set one up."""
        if not _is_safe(request):
            messages.warning(
                request,
                _("The administration opens once you have a second step: an app or a passkey."),
            )
            return redirect("mfa_index")
        return super().login(request, extra_context)


def _is_safe(request: HttpRequest) -> bool:
    return settings.IS_DEMO or is_mfa_enabled(request.user)
