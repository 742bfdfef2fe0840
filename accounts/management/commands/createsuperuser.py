"""Django's createsuperuser, after which the new person can sign in and has a profile."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.management.commands import createsuperuser

from accounts import profiles
from accounts.models import User


class Command(createsuperuser.Command):
    """Whoever can run commands on the server proves no e-mail address: the new one is verified."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        for user in User.objects.filter(is_superuser=True, emailaddress=None):
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        profiles.create_missing()
