"""accounts <- curriculum <- portfolio, in the database as well as in the imports."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(settings.BASE_DIR)
APPS = ["accounts", "curriculum", "portfolio"]
VAGUE_NAMES = {"base", "common", "core", "helpers", "misc", "services", "utils"}


def test_relations_between_models_point_one_way():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model:
                here, there = model._meta.app_label, field.related_model._meta.app_label
                if here in APPS and there in APPS:
                    assert APPS.index(there) <= APPS.index(here), f"{field} points up to {there}"


def test_nobody_imports_the_wiring():
    importing = re.compile(r"^\s*(?:from|import) config\b", re.MULTILINE)

    guilty = [path for path in modules() if importing.search(path.read_text())]

    assert guilty == []


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in modules() if path.stem in VAGUE_NAMES] == []


def test_every_constraint_has_a_name_of_its_own():
    names = [
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for constraint in model._meta.constraints
    ]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_requirement_is_locked_to_a_version_it_allows_with_a_hash(name):
    locked = {
        canonicalize_name(found["name"]): (Version(found["version"]), found["hashes"])
        for found in re.finditer(
            r"^(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)(?P<hashes>.*(?:\n .*)*)",
            (ROOT / f"{name}.txt").read_text(),
            re.MULTILINE,
        )
    }

    for line in (ROOT / f"{name}.in").read_text().splitlines():
        if text := line.partition("#")[0].strip():
            if text.startswith("-r"):
                continue
            requirement = Requirement(text)
            version, hashes = locked[canonicalize_name(requirement.name)]
            assert version in requirement.specifier, text
            assert "--hash=sha256:" in hashes, text


def modules() -> list[Path]:
    return [path for app in APPS for path in (ROOT / app).rglob("*.py")]
