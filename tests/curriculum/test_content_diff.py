"""A diff names what a load would do and how many learners it touches; the load does just that."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum import declarations, enrollments, loader, notes
from curriculum.loader import Action, exporting, telling
from curriculum.models import FileEntry, Module, Role, Skill, Unit
from tests.curriculum.conftest import FILES

FIRST = "modules/01-first-steps.yaml"
NEXT = "modules/02-next-steps.yaml"

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(folder):
    loader.load(folder.path)
    return folder


def lines(folder):
    return {change.key: telling.line(change) for change in loader.plan(folder.path).changes}


def move_turn(folder):
    """The unit "turn" into the first module, as its last."""
    moved = folder.drop_unit(NEXT, "turn").replace("order: 1", "order: 3")
    folder.write(FIRST, folder.read(FIRST) + "  - slug: " + moved.rstrip() + "\n")
    folder.change(FIRST, "minutes: 75", "minutes: 135")


def retire_stand(folder):
    folder.drop_unit(FIRST, "stand")
    folder.write("resources.yaml", "resources: []\n")


def written(action):
    """The statements of an action that are no questions."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        action()
    verbs = [query["sql"].split()[0] for query in queries]
    assert verbs, "nothing was asked"
    return [verb for verb in verbs if verb != "SELECT"]


# What a diff says


def test_a_diff_writes_nothing(loaded):
    move_turn(loaded)

    assert written(lambda: loader.plan(loaded.path)) == []
    assert written(lambda: loader.load(loaded.path)) != []


def test_the_first_diff_writes_nothing_either(folder):
    assert written(lambda: loader.plan(folder.path)) == []
    assert not Unit.objects.exists()


def test_what_is_new_is_named(folder):
    loader.load(folder.path)
    folder.write(
        "skills.yaml",
        folder.read("skills.yaml")
        + "  - slug: resting\n    name: Resting\n    category: craft\n    description: Not walking.\n"
        "    levels: {aware: Sits., working: Lies., practitioner: Naps., expert: Sleeps.}\n",
    )
    folder.change(
        NEXT, "level: practitioner}", "level: practitioner}\n  - {skill: resting, level: aware}"
    )

    assert lines(folder) == {
        ("skills", "resting"): "skills/resting: added (“Resting”)",
        ("modules", "next-steps"): "modules/next-steps: skills + resting (aware)",
    }


def test_a_change_says_what_became_what(loaded):
    loaded.change(FIRST, "title: Standing\n", "title: Standing up\n")
    loaded.change(FIRST, "answer: Below.", "answer: Far below.")
    loaded.change("roles.yaml", "max_years: null", "max_years: 3")
    loaded.change(
        "roadmap.yaml", "From the first step to the second.", "From " + "far " * 20 + "away."
    )

    found = lines(loaded)

    assert found["units", "stand"] == "units/stand: title “Standing” → “Standing up”"
    assert found["units", "stand-check"] == (
        "units/stand-check: checks[1].answer “Below.” → “Far below.”"
    )
    assert found["roles", "guide"] == "roles/guide: experience.max_years nothing → 3"
    assert "summary “From the first step" in found["roadmaps", "way"]
    assert found["roadmaps", "way"].endswith("…”")


def test_a_unit_that_moves_says_from_where_and_whom_it_touches(loaded, ada, grace):
    for learner in (ada, grace):
        enrollments.complete_unit(enrollments.enroll(learner), Unit.objects.get(slug="turn"))
    move_turn(loaded)

    plan = loader.plan(loaded.path)
    [turn] = [change for change in plan.changes if change.slug == "turn"]

    assert telling.line(turn) == (
        "units/turn: moved from module next-steps to module first-steps"
        " · 2 learners have completed it"
    )
    assert plan.of("units").moved == {"turn"}


def test_another_order_names_only_what_has_to_move(loaded):
    text = loaded.read(FIRST)
    head, stand, check = text.split("  - slug: ")
    loaded.write(
        FIRST,
        "  - slug: ".join(
            [head, check.replace("order: 2", "order: 1"), stand.replace("order: 1", "order: 2")]
        ),
    )

    [line] = lines(loaded).values()

    assert line in (
        "units/stand-check: moved from place 2 to 1", "units/stand: moved from place 1 to 2",
    )  # fmt: skip


def test_a_module_in_another_stage_is_moved(loaded, ada):
    enrollments.complete_unit(enrollments.enroll(ada), Unit.objects.get(slug="turn"))
    loaded.change(NEXT, "stage: beyond\norder: 1", "stage: basics\norder: 2")
    loaded.change("stages.yaml", "modules: [first-steps]", "modules: [first-steps, next-steps]")
    text = loaded.read("stages.yaml")
    loaded.write("stages.yaml", text[: text.index("  - slug: beyond")])

    assert lines(loaded) == {
        ("stages", "beyond"): (
            "stages/beyond: retired (“Beyond”) · 1 learner has completed units of it"
        ),
        ("modules", "next-steps"): (
            "modules/next-steps: moved from stage beyond to stage basics"
            " · 1 learner has completed units of it"
        ),
    }


def test_what_leaves_and_what_comes_back_say_whom_they_touch(loaded, ada, grace, eve):
    stand = Unit.objects.get(slug="stand")
    enrollments.complete_unit(enrollments.enroll(ada), stand)
    enrollments.skip_unit(enrollments.enroll(grace), stand)
    notes.write(eve, stand, "On one leg.")
    before = loaded.read(FIRST), loaded.read("resources.yaml")
    retire_stand(loaded)
    touched = "1 learner has completed it · 1 learner has skipped it · 1 learner has a note on it"

    assert lines(loaded)["units", "stand"] == f"units/stand: retired (“Standing”) · {touched}"

    loader.load(loaded.path)
    loaded.write(FIRST, before[0])
    loaded.write("resources.yaml", before[1])
    assert lines(loaded)["units", "stand"].startswith("units/stand: brought back")
    assert lines(loaded)["units", "stand"].endswith(touched)


def test_roles_skills_and_roadmaps_count_their_learners(loaded, ada, grace):
    role, skill = Role.objects.get(), Skill.objects.get()
    enrollments.enroll(ada, target_role=role)
    enrollments.enroll(grace)
    declarations.declare(grace, skill, 2)
    loaded.change("roles.yaml", "title: Guide", "title: Leader")
    loaded.change("skills.yaml", "name: Walking", "name: Strolling")
    loaded.change("roadmap.yaml", "title: The way", "title: A way")

    found = lines(loaded)

    assert found["roles", "guide"].endswith("· 1 learner aims for it")
    assert found["skills", "walking"].endswith("· 1 learner says they have it")
    assert found["roadmaps", "way"].endswith("· 2 learners are enrolled on it")


def test_a_reopened_unit_and_a_skip_taken_back_touch_nobody(loaded, ada):
    enrollment, stand = enrollments.enroll(ada), Unit.objects.get(slug="stand")
    enrollments.complete_unit(enrollment, stand)
    enrollments.reopen_unit(enrollment, stand)
    loaded.change(FIRST, "title: Standing\n", "title: Standing up\n")

    assert "learner" not in lines(loaded)["units", "stand"]


# The command


def run(*arguments):
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("load_curriculum", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as error:
        code = error.code
    return code, out.getvalue()


def test_a_diff_ends_with_2_where_there_is_a_difference_and_with_0_where_there_is_none(loaded):
    assert run("--dir", loaded.path, "--diff") == (0, "The database already held all of this.\n")

    loaded.change(FIRST, "title: Standing\n", "title: Standing up\n")
    code, out = run("--dir", loaded.path, "--diff")

    assert code == 2
    assert "Changed:\n  units/stand: title “Standing” → “Standing up”" in out
    assert out.endswith("1 changed. This was a diff: nothing was written.\n")
    assert Unit.objects.get(slug="stand").title == "Standing"


def test_a_diff_of_broken_files_ends_with_1(loaded):
    loaded.change(FIRST, "kind: core", "kind: cores")

    with pytest.raises(CommandError) as error:
        run("--dir", loaded.path, "--diff")

    assert error.value.returncode == 1


def test_a_diff_is_data_for_programs(loaded, ada):
    enrollments.complete_unit(enrollments.enroll(ada), Unit.objects.get(slug="stand"))
    loaded.change(FIRST, "title: Standing\n", "title: Standing up\n")

    code, out = run("--dir", loaded.path, "--diff", "--json")

    assert code == 2
    [change] = json.loads(out)["changes"]
    assert change == {
        "kind": "units",
        "slug": "stand",
        "title": "Standing up",
        "action": "changed",
        "fields": [{"name": "title", "old": "Standing", "new": "Standing up"}],
        "learners": {"completed": 1},
        "overwrites": [],
        "edited_at": None,
    }


@pytest.mark.parametrize("option", [[], ["--apply"]])
def test_a_load_prints_what_the_diff_had_printed(loaded, option):
    move_turn(loaded)
    _, diff = run("--dir", loaded.path, "--diff")
    code, out = run("--dir", loaded.path, *option)

    assert code == 0
    assert out.splitlines()[:-1] == diff.splitlines()[:-1]
    assert not loader.plan(loaded.path)


def test_many_additions_are_counted_and_on_request_named(settings):
    _, brief = run("--diff")
    _, whole = run("--diff", "--verbosity", "2")

    assert "  units: 351 added\n" in brief
    assert "units/terminal-basics: added" not in brief
    assert "units/terminal-basics: added" in whole


def test_a_check_asks_no_database(folder, django_assert_num_queries):
    with django_assert_num_queries(0):
        run("--dir", folder.path, "--check")


# Content that was loaded before files were remembered


def test_an_older_database_is_taken_over_with_all_that_is_in_it(loaded, ada):
    enrollments.complete_unit(enrollments.enroll(ada), Unit.objects.get(slug="stand"))
    FileEntry.objects.all().delete()
    retire_stand(loaded)

    plan = loader.load(loaded.path)

    assert plan.of("units").retired == {"stand"}
    assert not plan.overwriting
    assert not loader.plan(loaded.path)


# Whatever the files say


def values():
    """The small roadmap's files as values, without its modules."""
    return {
        name: exporting.yaml.safe_load(text)
        for name, text in FILES.items()
        if not name.startswith("modules/")
    }


def lesson(slug, order, title):
    return {
        **{"slug": slug, "order": order, "title": title, "kind": "lesson", "minutes": 45},
        **{"summary": "Get up.", "outcome": f"Do {slug}.", "resources": []},
    }


@st.composite
def contents(draw):
    """Sound files: some of ten units in three modules of two stages, in any order and wording."""
    files = values()
    words = st.sampled_from(["Up", "Down", "No: way", "é – “x”"])
    modules = draw(st.permutations(["one", "two", "three"]))[: draw(st.integers(1, 3))]
    split = draw(st.integers(1, len(modules)))
    groups = [group for group in (modules[:split], modules[split:]) if group]
    files["stages.yaml"]["stages"] = [
        {**stage, "modules": group, "title": draw(words)}
        for stage, group in zip(files["stages.yaml"]["stages"], groups, strict=False)
    ]
    units = draw(st.permutations([f"u{n}" for n in range(10)]))[: draw(st.integers(0, 10))]
    owners = {unit: draw(st.sampled_from(modules)) for unit in units}
    files["resources.yaml"]["resources"] = []
    skills = ["walking", "resting"]
    extra = {**files["skills.yaml"]["skills"][0], "slug": "resting", "name": "Resting"}
    files["skills.yaml"]["skills"] = draw(st.permutations([*files["skills.yaml"]["skills"], extra]))
    for number, slug in enumerate(modules):
        own = [unit for unit in units if owners[unit] == slug]
        listed = [lesson(unit, at, draw(words)) for at, unit in enumerate(own, start=1)]
        check = lesson(f"{slug}-check", len(own) + 1, "Check")
        checks = [{"prompt": draw(words), "answer": "Below."}]
        listed.append(check | {"kind": "checkpoint", "checks": checks})
        stage = next(i for i, group in enumerate(groups) if slug in group)
        files[f"modules/{slug}.yaml"] = {
            **{"slug": slug, "title": draw(words), "order": groups[stage].index(slug) + 1},
            **{"stage": files["stages.yaml"]["stages"][stage]["slug"], "kind": "core"},
            **{"minutes": 45 * len(listed), "summary": "It.", "outcomes": [draw(words)]},
            "prerequisites": draw(st.permutations(modules[:number])),
            "skills": [
                {"skill": skill, "level": "practitioner"} for skill in draw(st.permutations(skills))
            ],
            "units": listed,
        }
    clause = st.sampled_from(
        [
            {"skill": "walking", "level": "working"},
            {"any_of": [{"skill": skill, "level": "aware"} for skill in skills]},
        ]
    )
    files["roles.yaml"]["roles"][0]["required_skills"] = draw(
        st.lists(clause, min_size=1, max_size=3)
    )
    return files


def write(folder, files):
    for old in (folder.path / "modules").glob("*.yaml"):
        old.unlink()
    for name, value in files.items():
        folder.write(name, exporting.dump(value))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(contents())
def test_a_load_does_what_its_diff_said_and_leaves_no_difference(folder, content):
    """Each example starts from what the one before it left."""
    write(folder, content)
    planned = loader.plan(folder.path)

    applied = loader.load(folder.path)

    assert applied.changes == planned.changes
    assert loader.plan(folder.path).changes == ()
    live = Unit.objects.live().values_list("slug", flat=True)
    assert list(live) == [
        unit["slug"]
        for stage in content["stages.yaml"]["stages"]
        for module in stage["modules"]
        for unit in content[f"modules/{module}.yaml"]["units"]
    ]
    numbers = Module.objects.live().filter(stage__retired_at=None).values_list("number", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert {change.action for change in applied.changes} <= set(Action)
    exported = folder.path / "exported"
    loader.export(exported)
    assert loader.plan(exported).changes == ()


@given(st.permutations(range(7)), st.sets(st.integers(0, 6)))
def test_the_fewest_entries_explain_a_new_order(order, gone):
    from curriculum.loader.entries import moved

    before = [str(n) for n in range(7)]
    after = [str(n) for n in order if n not in gone]
    found = moved(before, after)

    assert [slug for slug in after if slug not in found] == [
        slug for slug in before if slug in after and slug not in found
    ]
    assert bool(found) == (after != sorted(after))
