"""Content files become rows: once, again without a change, and never at a learner's cost."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from curriculum import enrollments, loader, progress
from curriculum.loader import ContentError
from curriculum.models import (
    Brief,
    Criterion,
    Module,
    ModuleSkill,
    Requirement,
    Role,
    Rung,
    Skill,
    Stage,
    Unit,
    UnitCompletion,
)

FIRST = "modules/01-first-steps.yaml"
NEXT = "modules/02-next-steps.yaml"

pytestmark = pytest.mark.django_db


def load(folder, **options):
    return loader.load(folder.path, **options)


def test_the_first_load_makes_a_row_of_everything(folder):
    changes = load(folder)

    assert changes.of("units").added == {"stand", "stand-check", "turn", "journey"}
    module = Module.objects.get(slug="next-steps")
    assert (module.number, module.stage.slug) == (2, "beyond")
    assert [before.slug for before in module.prerequisites.all()] == ["first-steps"]
    assert Unit.objects.get(slug="stand-check").questions[0]["answer"] == "Below."
    assert [resource.slug for resource in Unit.objects.get(slug="stand").resources.all()] == ["map"]
    assert Brief.objects.get().unit.slug == "journey"
    assert Role.objects.get().rung == Rung.objects.get()
    assert Requirement.objects.get().alternatives.get().level == 3
    assert Criterion.objects.get(slug="problem").ratings.count() == 4


def test_the_second_load_changes_nothing_and_says_so(folder):
    load(folder)

    changes = load(folder)

    assert not changes
    assert changes.of("units").live == 4


def test_the_second_load_writes_no_row(folder, django_assert_max_num_queries):
    load(folder)

    with django_assert_max_num_queries(30) as queries:
        load(folder)

    verbs = {query["sql"].split()[0] for query in queries}
    assert not verbs & {"INSERT", "UPDATE", "DELETE"}


def test_the_real_content_loads_twice(settings):
    added = loader.load(settings.CURRICULUM_DIR).of("units").added

    assert added == set(Unit.objects.live().values_list("slug", flat=True))
    assert not loader.load(settings.CURRICULUM_DIR)


@pytest.mark.parametrize(
    ("file", "old", "new", "kind", "slug"),
    [
        (FIRST, "title: Standing", "title: Standing up", "units", "stand"),
        (FIRST, "answer: Below.", "answer: Far below.", "units", "stand-check"),
        (FIRST, "outcome: Stand on one", "outcome: Stand on the other", "units", "stand"),
        (FIRST, "publisher: Example}", "publisher: Example, part: The legend}", "units", "stand"),
        (NEXT, "problem: You are here.", "problem: You are lost.", "units", "journey"),
        (NEXT, "prerequisites: [first-steps]", "prerequisites: []", "modules", "next-steps"),
        (FIRST, "level: working", "level: aware", "modules", "first-steps"),
        ("roles.yaml", "level: practitioner", "level: working", "roles", "guide"),
        ("rubrics.yaml", "title: Problem\n", "title: Why\n", "rubrics", "project-review"),
        ("interview.yaml", "It is quieter.", "It is slower.", "questions", "why-walk"),
        ("ladder.yaml", "level: working", "level: aware", "rungs", "walker"),
        ("stages.yaml", "goal: Begin.", "goal: Begin well.", "stages", "basics"),
    ],
)
def test_a_change_in_a_file_changes_one_entry(folder, file, old, new, kind, slug):
    load(folder)
    folder.change(file, old, new)

    changes = load(folder)

    assert changes.of(kind).changed == {slug}
    assert [tally.kind for tally in changes.tallies if not tally.is_empty] == [kind]
    assert not load(folder)


def test_a_unit_that_leaves_the_files_is_retired_and_its_completion_stays(folder, ada):
    load(folder)
    stand = Unit.objects.get(slug="stand")
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, stand)
    folder.drop_unit(FIRST, "stand")
    folder.write("resources.yaml", "resources: []\n")

    changes = load(folder)

    assert changes.of("units").retired == {"stand"}
    assert changes.of("resources").retired == {"map"}
    assert UnitCompletion.objects.standing().get().unit == stand
    assert progress.overview(enrollment).progress.total == 3
    assert progress.overview(enrollment).progress.completed == 0


def test_a_unit_that_comes_back_is_live_again_with_its_completion(folder, ada):
    load(folder)
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, Unit.objects.get(slug="stand"))
    before = folder.read(FIRST), folder.read("resources.yaml")
    folder.drop_unit(FIRST, "stand")
    folder.write("resources.yaml", "resources: []\n")
    load(folder)
    folder.write(FIRST, before[0])
    folder.write("resources.yaml", before[1])

    changes = load(folder)

    assert changes.of("units").returned == {"stand"}
    assert progress.overview(enrollment).progress.completed == 1
    assert not load(folder)


def test_a_unit_that_moves_to_another_module_stays_complete(folder, ada):
    load(folder)
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, Unit.objects.get(slug="turn"))
    moved = folder.drop_unit(NEXT, "turn").replace("order: 1", "order: 3")
    folder.write(FIRST, folder.read(FIRST) + "  - slug: " + moved.rstrip() + "\n")
    folder.change(FIRST, "minutes: 75", "minutes: 135")

    changes = load(folder)

    assert "turn" in changes.of("units").changed
    assert Unit.objects.get(slug="turn").module.slug == "first-steps"
    assert progress.overview(enrollment).progress.completed == 1


def test_a_module_that_leaves_takes_its_units_with_it(folder):
    load(folder)
    (folder.path / NEXT).unlink()
    text = folder.read("stages.yaml")
    folder.write("stages.yaml", text[: text.index("  - slug: beyond")])
    folder.change("roles.yaml", "level: practitioner", "level: working")

    changes = load(folder)

    assert changes.of("stages").retired == {"beyond"}
    assert changes.of("modules").retired == {"next-steps"}
    assert changes.of("units").retired == {"turn", "journey"}
    assert ModuleSkill.objects.filter(module__slug="next-steps").exists()
    assert not load(folder)


def test_a_criterion_that_leaves_is_retired_for_the_scores_that_point_at_it(folder):
    load(folder)
    text = folder.read("rubrics.yaml")
    start = text.index("      - slug: problem")
    folder.write("rubrics.yaml", text[:start] + text[text.index("      - slug: approaches") :])
    folder.change(NEXT, "        - {criterion: problem, text: It says where you were.}\n", "")
    folder.change(NEXT, "kind: project\n", "kind: lesson\n")
    text = folder.read(NEXT)
    folder.write(NEXT, text[: text.index("    brief:")].replace("    project_type: practice\n", ""))
    folder.change(NEXT, "kind: lesson\n    minutes: 60", "kind: checkpoint\n    minutes: 60")
    folder.change(
        NEXT,
        "outcome: Turn once on the spot.\n    resources: []",
        "outcome: Turn once.\n    resources: []\n    checks: [{prompt: Where?, answer: There.}]",
    )

    changes = load(folder)

    assert changes.of("rubrics").changed == {"project-review"}
    assert Criterion.objects.get(slug="problem").retired_at
    assert Criterion.objects.get(slug="problem").ratings.count() == 4
    assert not Brief.objects.exists()


def test_content_with_a_mistake_is_not_loaded_by_half(folder):
    load(folder)
    folder.change("stages.yaml", "title: Basics", "title: Other")
    folder.change("interview.yaml", "skills: [walking]", "skills: [talking]")

    with pytest.raises(ContentError):
        load(folder)

    assert Stage.objects.get(slug="basics").title == "Basics"


def test_a_load_that_breaks_while_writing_leaves_the_database_as_it_was(folder, monkeypatch):
    load(folder)
    folder.change("skills.yaml", "name: Walking", "name: Strolling")

    def break_down(self):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr("curriculum.loader.writing._Writing._questions", break_down)
    with pytest.raises(RuntimeError):
        load(folder)

    assert Skill.objects.get().name == "Walking"


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("load_curriculum", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue()


def test_the_command_says_what_it_did(folder):
    first, second = run("--dir", folder.path), run("--dir", folder.path)

    assert "modules/first-steps: added (“First steps”)" in first
    assert "The database already held all of this." in second


def test_the_command_can_check_without_a_load(folder):
    assert "2 modules and all they refer to are sound." in run("--dir", folder.path, "--check")
    assert not Unit.objects.exists()


def test_the_command_fails_with_a_line_for_each_mistake(folder):
    folder.change(FIRST, "kind: core", "kind: cores")
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="Nothing was loaded: 1 problem in the content") as error:
        call_command("load_curriculum", "--dir", str(folder.path), stdout=out, stderr=err)

    file = os.path.relpath(folder.path / FIRST)
    assert err.getvalue().startswith(f"{file}:5: kind: 'cores' is not one of core, elective")
    assert error.value.returncode == 1
