"""What we change in allauth."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import deletions, letters, profiles, tasks
from accounts.models import Deletion, User

#: A code is good for at most so long: to confirm an address; allauth's others end after three minutes.
CODE_LIFETIME = timedelta(seconds=settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT)


class AccountAdapter(DefaultAccountAdapter):
    """Letters whose links lead to the site's own address, whatever the request called it."""

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """A letter of allauth's. Its links come from the Host header, whose port anybody can choose."""
        own = {name: _at_our_address(value) for name, value in context.items()}
        own["site_url"] = settings.SITE_URL
        return super().render_mail(template_prefix, email, own, headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a letter of allauth's into the outbox: a mail server that is away breaks no page."""
        request = current.request
        about = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, about | context)
        useless_at = timezone.now() + CODE_LIFETIME if "code" in context else None
        tasks.send_now(letters.put(message, useless_at=useless_at))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Whoever signs in to an account that is to be deleted can keep it, and nothing else."""
        if deletion := Deletion.objects.filter(person=user).first():
            return redirect(deletions.link(deletion))
        return super().respond_user_inactive(request, user)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in with GitHub: only the primary, verified address counts, and everybody has a profile.

    GitHub passes on all addresses of an account; taking more than the primary one let attackers
    claim other people's accounts elsewhere (Read the Docs, GHSA-h73w-m588-h9r6). A person is who
    they are by GitHub's numeric id alone: neither an address nor a login ever finds an account.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Keep the primary address if GitHub verified it; connecting an account asks for one."""
        addresses = [a for a in sociallogin.email_addresses if a.primary and a.verified]
        sociallogin.email_addresses = addresses[:1]
        if sociallogin.state.get("process") == AuthProcess.CONNECT and not addresses:
            raise ImmediateHttpResponse(self._ask_to_verify(request))
        if not sociallogin.is_existing and sociallogin.user is not None:
            sociallogin.user.email = addresses[0].email if addresses else ""

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new person, named as they typed or, when nothing was asked, as on GitHub."""
        user = super().save_user(request, sociallogin, form)
        github = sociallogin.account.extra_data
        login = github.get("login") or ""
        name = form.cleaned_data["name"] if form else github.get("name") or login
        profiles.create(user, name=name, handle=login)
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        """What the form of somebody without a verified address at GitHub begins with."""
        github = sociallogin.account.extra_data
        return {"email": "", "name": github.get("name") or github.get("login") or ""}

    def get_app(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> SocialApp:
        """The OAuth app of the settings; without one the pages of GitHub sign-in do not exist."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise Http404 from None

    def _ask_to_verify(self, request: HttpRequest) -> HttpResponse:
        words = _(
            "Nothing was connected: GitHub has not verified the primary e-mail address of that "
            "account. Verify it in GitHub's e-mail settings, then connect again."
        )
        messages.error(request, words)
        return redirect("socialaccount_connections")


def _at_our_address(value: Any) -> Any:
    """A link as one to SITE_URL; anything else as it is."""
    if not (isinstance(value, str) and value.startswith(("http://", "https://"))):
        return value
    return settings.SITE_URL + urlsplit(value)._replace(scheme="", netloc="").geturl()
