"""A migration is safe while the code before it still runs, and while many rows are there."""

from itertools import pairwise

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

OURS = ("accounts", "curriculum", "portfolio")
#: What takes something away that code before it may still ask for.
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.DeleteModel,
    migrations.AlterModelTable,
)
#: Written before this rule, and before anybody ran the site.
BEFORE = {"portfolio 0004_webhooks", "portfolio 0005_scheduled_runs"}


def ours():
    loader = MigrationLoader(None)
    return sorted(
        (migration for (app, _name), migration in loader.disk_migrations.items() if app in OURS),
        key=lambda migration: (migration.app_label, migration.name),
    )


def operations(migration):
    """Those that change the database, also where the state is changed apart from it."""
    for operation in migration.operations:
        yield from getattr(operation, "database_operations", None) or [operation]


@pytest.mark.parametrize("app", OURS)
def test_migrations_are_one_line(app):
    found = [migration for migration in ours() if migration.app_label == app]

    for before, after in pairwise(found):
        assert (app, before.name) in after.dependencies
        assert int(after.name[:4]) == int(before.name[:4]) + 1
    assert not [one.name for one in found if "_auto_" in one.name or one.name.endswith("_merge")]


@pytest.mark.parametrize("migration", ours(), ids=lambda one: f"{one.app_label} {one.name}")
def test_the_code_before_can_still_read_and_write(migration):
    if f"{migration.app_label} {migration.name}" in BEFORE:
        return
    made_here = {
        one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)
    }
    for operation in operations(migration):
        assert not isinstance(operation, TAKES_AWAY), operation.describe()
        if (
            isinstance(operation, migrations.AddField)
            and operation.model_name_lower not in made_here
        ):
            assert may_be_left_out(operation.field), (
                f"{operation.describe()}: a row of the code before would have no value; "
                "give it null=True or db_default"
            )


def may_be_left_out(field):
    return field.null or field.has_db_default() or isinstance(field, models.ManyToManyField)


@pytest.mark.parametrize(
    ("field", "is_safe"),
    [
        (models.IntegerField(null=True), True),
        (models.IntegerField(db_default=0), True),
        (models.ManyToManyField("accounts.User"), True),
        (models.IntegerField(default=0), False),
        (models.CharField(max_length=9, blank=True), False),
    ],
)
def test_a_column_that_code_before_would_leave_empty_is_told(field, is_safe):
    assert may_be_left_out(field) is is_safe
