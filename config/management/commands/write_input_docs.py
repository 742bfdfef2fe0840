"""Write docs/input.md: what every form takes, and what must go together."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any, cast

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db.models import UniqueConstraint
from django.urls import get_resolver

OURS = ("accounts", "curriculum", "portfolio")
MOST_CHOICES = 12  # more are not named one by one
HEAD = """# What is taken from people

Every form, field by field, and what must go together. Made from the code by `manage.py write_input_docs`; a
test compares them. Whatever breaks a rule is refused beside its field and nothing that was typed is lost. What
is counted (how much there may be of what) stands in [operating.md](operating.md), the rules for files in
[curriculum-format.md](curriculum-format.md) and [takeout.md](takeout.md).

Of every text a NUL is refused, and its ends are trimmed but for notes, paths and files that are read in. A line
is one line: what breaks it becomes a blank. A choice is one of those that the person may see. Forms also have
fields of their own page (rows that a person ticks, a score for each criterion), which are choices and texts of the
kinds below.
"""


class Command(BaseCommand):
    help = "Write docs/input.md from the forms and the constraints of the database."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs/input.md").write_text(page())


def page() -> str:
    """The whole of docs/input.md."""
    lines = [HEAD]
    for app in OURS:
        lines += [f"## {app}\n", *_forms(app)]
        lines += ["### What the database refuses\n", "| of | rule |", "| --- | --- |"]
        lines += [f"| {model} | {rule} |" for model, rule in _constraints(app)]
        lines.append("")
    return "\n".join(lines)


def form_classes() -> list[type]:
    """Every form and set of forms of ours that a page may show, by its module and name."""
    get_resolver().url_patterns  # noqa: B018, which imports the views, and they their forms
    import_module("accounts.passkeys")  # which allauth imports when somebody asks

    def below(kind: type[Any]) -> Iterator[type[Any]]:
        for narrower in kind.__subclasses__():
            yield narrower
            yield from below(narrower)

    ours = {
        kind
        for kind in (*below(forms.BaseForm), *below(forms.BaseFormSet))
        if kind.__module__.split(".")[0] in OURS
        and not kind.__name__.startswith("_")
        and not kind.__module__.endswith("admin")
    }
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__))


def _forms(app: str) -> Iterator[str]:
    for kind in form_classes():
        if kind.__module__.split(".")[0] != app:
            continue
        said = inspect.cleandoc(kind.__doc__ or "").split("\n")[0]
        yield f"### {kind.__name__}\n"
        if said:
            yield f"{said}\n"
        if rows := rows_of(kind):
            yield "| field | takes | must be there |"
            yield "| --- | --- | --- |"
            yield from rows
            yield ""
        clean = kind.__dict__.get("clean")
        if clean is not None:
            yield f"Together: {' '.join(inspect.cleandoc(clean.__doc__ or '').split())}\n"


def rows_of(kind: type) -> list[str]:
    """A row for each field that a form has wherever it is shown; none for a set of forms."""
    fields = getattr(kind, "base_fields", {})
    return [
        f"| `{name}` | {_takes(field)} | {'yes' if field.required else 'no'} |"
        for name, field in fields.items()
    ]


def _takes(field: forms.Field) -> str:
    """The kind of a field in words, with its limits."""
    kind = type(field)
    words = [KINDS.get(kind.__name__) or KINDS[kind.__mro__[1].__name__]]
    for validator in field.validators:
        limit = getattr(validator, "limit_value", None)
        limit = limit() if callable(limit) else limit
        if isinstance(validator, MaxLengthValidator):
            words.append(f"{limit} characters at most")
        elif isinstance(validator, MaxValueValidator):
            words.append(f"{limit} at most")
        elif isinstance(validator, MinValueValidator):
            words.append(f"{limit} at least")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        values = [str(value) for value, _ in cast(Any, field).choices if value not in ("", None)]
        if values and len(values) <= MOST_CHOICES:
            words.append(", ".join(f"`{value}`" for value in values))
    return "; ".join(words)


#: What each kind of field takes, in words; ours with the rule that is theirs.
KINDS = {
    "BooleanField": "ticked or not",
    "CharField": "a text",
    "ChoiceField": "one of a list",
    "ClaimField": "one of one’s own claims",
    "ContributionField": "one of one’s own contributions",
    "CredentialField": "what an authenticator answers, as JSON",
    "DateField": "a day, as 2026-11-27",
    "EmailField": "an e-mail address",
    "FigureField": "a number as people write it, with its sign and point",
    "FileField": "a file",
    "HandleField": "small letters, digits and single hyphens, and no word that the site uses itself",
    "HttpsField": "an address that begins with https://, without characters that cannot be seen",
    "IntegerField": "a whole number",
    "LineField": "a line",
    "LinkField": "the address of a repository at GitHub",
    "MeasurementField": "one of one’s own measurements",
    "ModelChoiceField": "one of a list",
    "MultipleChoiceField": "some of a list",
    "PartialDateField": "a year, a month or a day, as 2024, 2024-03 or 2024-03-01",
    "PullField": "the address of a pull request at GitHub",
    "RoleField": "one of the roles, or of one’s own",
    "TextField": "a text of several lines",
    "TokenField": "a token of GitHub, of a form that GitHub gives out",
    "TypedChoiceField": "one of a list",
    "TypedMultipleChoiceField": "some of a list",
    "WebAddressField": "an address on the web that may be looked at: no inner network, no name and password",
}


def _constraints(app: str) -> Iterator[tuple[str, str]]:
    """Each rule of the database that a model states: of which model, and its name as words."""
    for model in apps.get_app_config(app).get_models():
        for constraint in model._meta.constraints:
            name = constraint.name.removeprefix(f"{app}_")
            words = name.replace("_", " ")
            if isinstance(constraint, UniqueConstraint):
                fields = ", ".join(f"`{field}`" for field in constraint.fields)
                words += f" (once: {fields})" if fields else " (once)"
            yield model.__name__, words
