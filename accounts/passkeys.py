"""Forms of allauth's that a passkey answers, which refuse in words whatever else is sent there."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError

#: What the reader of credentials stumbles with over one that no authenticator made.
STUMBLES = (ArithmeticError, AttributeError, InvalidSignature, LookupError, TypeError, ValueError)


class CredentialField(forms.JSONField):
    """JSON that may come from anybody: of any depth, with numbers of any length."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> str:
        """A page with an error does not repeat an answer: each is given once."""
        return ""


class _Answered(AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except STUMBLES:
            raise get_adapter().validation_error("incorrect_code") from None


class Authenticate(_Answered):
    """The second step."""


class Login(_Answered, LoginWebAuthnForm):
    """Signing in with a passkey alone."""


class Reauthenticate(_Answered, ReauthenticateWebAuthnForm):
    """Confirming who one is."""


class Add(AddWebAuthnForm):
    """A passkey more."""

    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        """What answers is an authenticator, and it answers what was asked."""
        return _clean(super().clean)


class Signup(SignupWebAuthnForm):
    """Signing up with a passkey."""

    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        """What answers is an authenticator, and it answers what was asked."""
        return _clean(super().clean)


def _clean(clean: Any) -> dict[str, Any]:
    try:
        return clean()
    except STUMBLES:
        raise get_adapter().validation_error("incorrect_code") from None
