"""What docs/curriculum-format.md shows can be loaded, and the published schemas are what is checked."""

import json
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from curriculum import enrollments, loader, progress
from curriculum.loader import files, schemas, telling
from curriculum.loader.planning import Action, Change, FieldChange
from curriculum.loader.touches import Touch
from curriculum.models import Roadmap

PAGE = (settings.BASE_DIR / "docs" / "curriculum-format.md").read_text(encoding="utf-8")
CONTENT = Path(settings.CURRICULUM_DIR)
FILES = sorted(str(path.relative_to(CONTENT)) for path in CONTENT.rglob("*.yaml"))


@pytest.fixture
def written(tmp_path):
    """The folder of somebody who did what the page says."""
    for name, text in re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    shutil.copy(CONTENT / "rubrics.yaml", tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_the_roadmap_of_the_page_loads_beside_ours_and_can_be_followed(written, as_user, ada):
    loader.load(CONTENT)

    loader.load(written)

    assert not loader.plan(written)
    assert not loader.plan(CONTENT)
    enrollment = enrollments.enroll(ada, Roadmap.objects.get(slug="baker"))
    assert progress.overview(enrollment).next_unit.slug == "weigh-and-knead"
    client = as_user(ada)
    for address in ("/roadmap/", "/units/bake-a-loaf/", "/roles/baker-in-training/", "/plan/"):
        assert client.get(address).status_code == 200
    assert "The first loaf" in client.get("/roadmap/").content.decode()


@pytest.mark.django_db
def test_the_roadmap_of_the_page_loads_alone(written):
    assert loader.load(written).of("units").added == {"weigh-and-knead", "bake-a-loaf"}


def test_the_lines_of_a_diff_on_the_page_are_those_of_the_command():
    moved = Change(
        "units",
        "eigenvectors",
        "Eigenvectors",
        Action.MOVED,
        (FieldChange("module", "calculus", "linear-algebra"),),
        (Touch(14, "completed"),),
    )
    changed = Change(
        "units",
        "vectors",
        "Vectors and arrows",
        Action.CHANGED,
        (FieldChange("title", "Vectors", "Vectors and arrows"),),
    )

    assert telling.line(moved) in PAGE
    assert telling.line(changed) in PAGE


def test_the_published_schemas_are_those_of_the_loader():
    shipped = {
        path.name: path.read_text(encoding="utf-8") for path in (CONTENT / "schema").iterdir()
    }

    assert shipped == schemas.published()


def test_the_published_schemas_are_sound_and_our_files_fit_them():
    for name in FILES:
        kind = "module" if name.startswith("modules/") else name.removesuffix(".yaml")
        schema = json.loads((CONTENT / "schema" / f"{kind}.json").read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        assert not list(Draft202012Validator(schema).iter_errors(files.read(CONTENT, name).value))


@pytest.mark.parametrize("name", FILES)
def test_each_file_tells_editors_its_schema(name):
    first = (CONTENT / name).read_text(encoding="utf-8").splitlines()[0]

    target = first.removeprefix("# yaml-language-server: $schema=")
    assert ((CONTENT / name).parent / target).is_file()
