"""docs/input.md says what the forms and the database say."""

from django import forms
from django.conf import settings

from config.management.commands import write_input_docs


def test_the_documentation_says_what_every_form_takes():
    page = settings.BASE_DIR / "docs" / "input.md"

    assert page.read_text() == write_input_docs.page(), "run: manage.py write_input_docs"


def test_every_rule_for_fields_that_go_together_is_said():
    said = write_input_docs.page()
    unsaid = [
        kind.__qualname__
        for kind in write_input_docs.form_classes()
        if (clean := kind.__dict__.get("clean")) and not (clean.__doc__ or "").strip()
    ]

    assert unsaid == []
    assert said.count("Together: ") > 8


def test_a_form_and_its_limits_are_there():
    class Thing(forms.Form):
        """What it is."""

        words = forms.CharField(max_length=7)
        number = forms.IntegerField(min_value=2, max_value=9, required=False)

    rows = list(write_input_docs.rows_of(Thing))

    assert rows == [
        "| `words` | a text; 7 characters at most | yes |",
        "| `number` | a whole number; 9 at most; 2 at least | no |",
    ]
