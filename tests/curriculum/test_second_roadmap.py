"""Another school's roadmap lives beside the first: its own way, shared skills, one database."""

import shutil
from pathlib import Path

import pytest

from curriculum import enrollments, loader, progress
from curriculum.loader import ContentError, files
from curriculum.models import FileEntry, Module, Roadmap, Role, Rubric, Skill, Stage, Unit
from tests.curriculum.conftest import FILES

SECOND = Path(__file__).parent / "second_roadmap"

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(tmp_path):
    """A copy of the second roadmap's folder that a test may change."""
    return Path(shutil.copytree(SECOND, tmp_path / "second"))


@pytest.fixture
def both(folder, second):
    """The small roadmap of conftest.py, which is the first, and the second beside it."""
    folder.write("rubrics.yaml", (SECOND / "rubrics.yaml").read_text())
    loader.load(folder.path)
    loader.load(second)
    return folder


@pytest.fixture
def reporter(ada):
    """Ada's enrollment on the second roadmap, aiming for its role."""

    def enroll():
        roadmap = Roadmap.objects.get(slug="data-reporter")
        return enrollments.enroll(ada, roadmap, Role.objects.get(slug="data-reporter"))

    return enroll


def test_a_second_roadmap_is_loaded_beside_the_first_and_takes_nothing_from_it(settings, second):
    loader.load(settings.CURRICULUM_DIR)
    before = {model: model.objects.live().count() for model in (Stage, Module, Unit, Skill)}

    loaded = loader.load(second)

    assert not any(change.action == "retired" for change in loaded.changes)
    assert loaded.of("units").added == {
        *("whose-table-is-it", "sources-check", "count-the-rows", "counting-check"),
        *("one-chart", "publish-a-story"),
    }
    assert loaded.of("skills").added == {"data-stories", "source-checking"}
    added = {Stage: 2, Module: 3, Unit: 6, Skill: 2}
    assert {model: model.objects.live().count() for model in before} == {
        model: count + added[model] for model, count in before.items()
    }
    assert not loader.plan(settings.CURRICULUM_DIR)
    assert not loader.plan(second)


def test_the_first_roadmap_stays_the_first(both):
    assert list(Roadmap.objects.live().values_list("slug", "position")) == [
        ("way", 1),
        ("data-reporter", 2),
    ]
    roles = list(Role.objects.live().values_list("slug", flat=True))
    assert roles[-1] == "data-reporter"


def test_its_pages_work_for_who_is_enrolled_on_it(both, as_user, ada, reporter):
    enrollment = reporter()
    client = as_user(ada)

    roadmap = client.get("/roadmap/").content.decode()
    assert "Reading tables" in roadmap
    assert "First steps" not in roadmap
    unit = client.get("/units/whose-table-is-it/")
    assert "Whose table is it?" in unit.content.decode()
    assert "Getting data" in unit.content.decode()

    done = client.post("/units/whose-table-is-it/complete/")
    assert done.status_code in (200, 302)

    picture = progress.overview(enrollment)
    assert (picture.progress.completed, picture.progress.total) == (1, 6)
    assert picture.next_unit.slug == "sources-check"
    for address in (
        *(
            "/",
            "/roadmap/",
            "/roadmap/?zoom=2",
            "/plan/",
            "/enrollment/",
            "/modules/the-first-story/",
        ),
        *("/modules/questions-and-sources/", "/units/publish-a-story/", "/skills/", "/roles/"),
        *("/skills/data-stories/", "/skills/python-core/", "/roles/data-reporter/", "/history/"),
        "/search/?q=chart",
    ):
        assert client.get(address, follow=True).status_code == 200, address
    home = client.get("/").content.decode()
    assert "Checkpoint: sources" in home
    assert "Standing" not in client.get("/plan/").content.decode()


def test_a_role_of_the_second_roadmap_is_reached_along_it(both, as_user, ada, reporter):
    enrollment = reporter()
    for unit in Unit.objects.live().of(enrollment.roadmap):
        enrollments.complete_unit(enrollment, unit)

    studied = {skill.slug: level for skill, level in progress.studied(enrollment).items()}

    assert studied == {"source-checking": 2, "python-core": 2, "data-stories": 3}
    page = as_user(ada).get("/roles/data-reporter/").content.decode()
    assert "Data stories" in page


def test_a_unit_of_the_other_roadmap_enrolls_on_that_one(both, as_user, ada, reporter):
    reporter()
    as_user(ada).post("/units/stand/complete/")

    assert {entry.roadmap.slug for entry in ada.enrollments.all()} == {
        "way",
        "data-reporter",
    }


def test_who_chooses_the_hours_keeps_the_roadmap_they_follow(both, as_user, ada, reporter):
    reporter()

    answer = as_user(ada).post(
        "/enrollment/",
        {"target_role": Role.objects.get(slug="data-reporter").pk, "weekly_hours": 9},
    )

    assert answer.status_code == 302
    [enrollment] = ada.enrollments.all()
    assert (enrollment.roadmap.slug, enrollment.weekly_hours) == ("data-reporter", 9)


# What two roadmaps share


def test_shared_entries_are_ruled_by_the_files_of_the_first(both, second):
    (second / "rubrics.yaml").write_text(
        (second / "rubrics.yaml")
        .read_text()
        .replace("title: Portfolio project review", "title: Ours")
    )

    planned = loader.load(second)

    assert not planned
    assert [
        (entry.slug, entry.ruler, entry.differs) for entry in planned.shared if entry.differs
    ] == [("project-review", "way", ("title",))]
    assert Rubric.objects.get().title == "Portfolio project review"


def test_what_one_roadmap_drops_stays_while_another_has_it(both, second):
    text = (second / "resources.yaml").read_text()
    both.write("resources.yaml", both.read("resources.yaml") + text.split("resources:\n")[1])
    both.change(
        "modules/01-first-steps.yaml",
        "    outcome: Say where your feet are.\n    resources: []",
        "    outcome: Say where your feet are.\n    resources:\n"
        "      - {slug: reporter-handbook, title: The Data Journalism Handbook, kind: book,\n"
        "         url: 'https://datajournalism.com/read/handbook/one',\n"
        "         publisher: European Journalism Centre}",
    )
    assert loader.load(both.path).of("resources").added == frozenset()
    both.write("resources.yaml", FILES["resources.yaml"])
    both.write("modules/01-first-steps.yaml", FILES["modules/01-first-steps.yaml"])

    loaded = loader.load(both.path)

    assert loaded.of("resources").is_empty
    assert FileEntry.objects.get(slug="reporter-handbook").roadmap.slug == "data-reporter"
    assert not loader.plan(second)


def test_a_unit_belongs_to_one_roadmap(both, second):
    path = second / "modules/03-the-first-story.yaml"
    path.write_text(path.read_text().replace("slug: one-chart", "slug: stand"))

    with pytest.raises(ContentError) as caught:
        loader.load(second)

    assert str(caught.value) == (
        "modules/03-the-first-story.yaml:16: the unit 'stand' belongs to the roadmap 'way'; "
        "choose another slug"
    )


def test_a_brief_counts_on_the_criteria_of_the_ruling_rubric(folder, second):
    loader.load(folder.path)
    path = second / "modules/03-the-first-story.yaml"
    path.write_text(
        path.read_text().replace(
            "      stretch", "        - {criterion: tests, text: It is tested.}\n      stretch"
        )
    )

    with pytest.raises(ContentError, match="'way', whose files have no criterion 'tests'"):
        loader.load(second)


def test_each_roadmap_is_exported_by_itself(both, tmp_path):
    loader.export(tmp_path / "out", "data-reporter")

    for path in sorted(SECOND.rglob("*.yaml")):
        name = str(path.relative_to(SECOND))
        assert files.read(tmp_path / "out", name).value == files.read(SECOND, name).value, name
    assert not loader.plan(tmp_path / "out")
