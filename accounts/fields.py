"""Fields for words that people type: on one line, or on several."""

from typing import Any

from django import forms

from accounts.validators import validate_line, validate_text


class LineField(forms.CharField):
    """Words on one line, however they were divided, in which nothing is hidden or turned round."""

    default_validators = [validate_line]

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class TextField(forms.CharField):
    """A text of several lines, without control characters."""

    default_validators = [validate_text]
