"""Nothing is kept of a person that neither the takeout nor deletion knows.

A new model fails here until it has a line in the `holdings` of its app. The shortest are:

    Line("portfolio.Measurement", of=("project__owner",), taken=(Taken("projects.measurements", via="project"),)),
    Line("portfolio.ShareLink", of=("owner",), taken=(Taken("share-links", without={"token": SECRET}),)),
    Line("portfolio.Visit", of=("link__owner",), because="…", kept="90 days"),
    add_content("curriculum.Rubric")
"""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldError
from django.db import models

from accounts import describing, register
from accounts.register import LINES
from tests.rich_account import belonging_to, make_rich

MODELS = [model for model in apps.get_models() if not model._meta.proxy]
#: What a name says of a field that opens something. A field of these names may still be harmless.
SMELLS = re.compile(r"token|nonce|secret|password|sealed|hash|_key$|^key$|seed|code")
HARMLESS = {
    (
        "portfolio.CaseImage",
        "key",
    ): "names a file, which is in the takeout; who may see it is asked",
    ("accounts.Notice", "key"): "names a fact, such as “review 12”",
}


def parents(model):
    """The foreign keys of a model, with what happens to its rows when the other row goes."""
    return [
        (field, field.remote_field.on_delete)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_has_a_line(model):
    app = model._meta.app_label
    assert register.of_model(model), (
        f"{model._meta.label} is in no register. Say in {app}/holdings.py (or accounts/holdings.py for an "
        f"app of others) whose its rows are and where a takeout holds them:\n{__doc__}"
    )


def test_every_line_is_of_a_model():
    assert set(LINES) == {model._meta.label for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_way_to_a_person_is_known_to_deletion(model):
    """Rows go with the person, or lose the name; what hangs on a row of somebody's is somebody's."""
    line = register.of_model(model)
    for field, on_delete in parents(model):
        words = f"{model._meta.label}.{field.name}"
        if issubclass(field.related_model, get_user_model()):
            if on_delete is models.SET_NULL:
                assert field.name in line.loses, f"put “{field.name}” into loses: {words}"
            else:
                assert field.name in line.of, f"put “{field.name}” into of: {words}"
        elif on_delete is models.CASCADE and register.of_model(field.related_model).of:
            assert line.of, f"{words} leads to rows of a person: say by which lookup, in of"
    assert set(line.loses) <= {
        field.name for field, rule in parents(model) if rule is models.SET_NULL
    }


@pytest.mark.parametrize("line", LINES.values(), ids=lambda line: line.model)
def test_every_line_says_all_there_is_to_say(line):
    assert bool(line.taken) != bool(line.because), (
        "either a takeout holds it, or because says why not"
    )
    assert bool(line.loses) <= bool(line.stays), "stays says why rows stay without the name"
    assert line.kept
    for lookup in {*line.of, *(lookup for taken in line.taken for lookup in taken.of)}:
        try:
            line.rows._default_manager.filter(**{lookup: 1})
        except FieldError as error:
            pytest.fail(f"{lookup}: {error}")
    names = {field.name for field in line.rows._meta.concrete_fields}
    for taken in line.taken:
        assert set(taken.without) <= names, taken.name
        assert ("." in taken.name) == bool(taken.via), f"via names the outer row: {taken.name}"
        assert not taken.via or taken.via in names, taken.name
        assert line.of or taken.of or taken.via


def test_no_two_kinds_have_one_name_and_every_list_has_an_entry_to_stand_in():
    names = [taken.name for line in LINES.values() for taken in line.taken]

    assert len(names) == len(set(names))
    assert {name.rpartition(".")[0] for name in names if "." in name} <= set(names)
    assert all(re.fullmatch(r"[a-z_-]+(\.[a-z_]+)*", name) for name in names)


@pytest.mark.parametrize("line", LINES.values(), ids=lambda line: line.model)
def test_no_secret_is_taken_out(line):
    for taken in line.taken:
        for field in line.rows._meta.concrete_fields:
            if SMELLS.search(field.name) and (line.model, field.name) not in HARMLESS:
                assert field.name in taken.without, (
                    f"{line.model}.{field.name} sounds like a secret: leave it out of “{taken.name}” with "
                    "without={…: SECRET}, or say in HARMLESS why it opens nothing"
                )


def test_a_model_has_one_line():
    with pytest.raises(ValueError, match=r"accounts.User has a line already"):
        register.add(register.Line("accounts.User"))


def test_the_rich_account_has_a_row_of_every_kind(ada, grace):
    """The tests of takeout and deletion look at an account with one of everything."""
    make_rich(ada, grace)

    for line in LINES.values():
        assert not line.of or belonging_to(ada, line).exists(), line.model
        for name in line.loses:
            assert line.rows._base_manager.filter(**{name: ada}).exists(), (
                f"no {line.model} that loses its “{name}” with her: write one in tests/rich_account.py"
            )


def test_the_documentation_says_what_the_register_says():
    docs = settings.BASE_DIR / "docs"
    page = (docs / "takeout.md").read_text()

    assert describing.into(page) == page, "run: manage.py write_takeout_docs"
    assert (docs / "takeout.schema.json").read_text() == describing.schema(), (
        "run: manage.py write_takeout_docs"
    )
