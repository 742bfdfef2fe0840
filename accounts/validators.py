"""What a name, a headline and a handle may be, each refusal with its reason."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import names


def validate_handle(handle: str) -> None:
    """Raise ValidationError unless a handle is well formed, as at GitHub, and not reserved."""
    if not re.match(names.HANDLE_PATTERN, handle):
        raise ValidationError(
            _("Use 2 to 39 small letters (a to z), digits and single hyphens, such as ada-nwosu."),
            code="malformed",
        )
    if handle in names.RESERVED_HANDLES:
        raise ValidationError(
            _("“%(handle)s” is kept for the site itself. Please choose another handle."),
            code="reserved",
            params={"handle": handle},
        )


def validate_name(name: str) -> None:
    """Raise ValidationError for a name with characters nobody can see, or with nothing to read."""
    if hidden := names.unseen(name):
        raise ValidationError(
            _("Please leave out characters that cannot be seen: %(characters)s."),
            code="unseen",
            params={"characters": _listed(hidden)},
        )
    if not names.is_readable(name):
        raise ValidationError(_("Please use at least one letter or digit."), code="unreadable")
    _validate_marks(name)


def validate_line(text: str) -> None:
    """Raise ValidationError for a line with control characters, direction marks or nothing to see."""
    if found := names.controls(text):
        raise ValidationError(
            _("Please leave out characters that control how text runs: %(characters)s."),
            code="control",
            params={"characters": _listed(found)},
        )
    if not names.is_visible(text):
        raise ValidationError(_("There is nothing to see in this."), code="unseen")
    _validate_marks(text)


def validate_text(text: str) -> None:
    """Raise ValidationError for control characters other than line ends and tabs."""
    found = {c for c in text if unicodedata.category(c) in {"Cc", "Cs"}} - set("\r\n\t")
    if found:
        raise ValidationError(
            _("Please leave out control characters: %(characters)s."),
            code="control",
            params={"characters": _listed(found)},
        )


def _validate_marks(text: str) -> None:
    if names.is_overloaded(text):
        raise ValidationError(_("Please use fewer marks above and below one letter."), code="marks")


def _listed(characters: set[str]) -> str:
    """Characters by their numbers, as U+202E, the first three of them."""
    codes = sorted(f"U+{ord(character):04X}" for character in characters)
    return ", ".join(codes[:3]) + (" …" if len(codes) > 3 else "")
