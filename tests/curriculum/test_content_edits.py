"""Content is edited in the admin, told apart from its files, and brought back into them."""

import random
import shutil
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum import enrollments, loader, progress
from curriculum.loader import Edits, EditsInTheWay, edits, exporting, files, telling
from curriculum.models import (
    Edition,
    FileEntry,
    Module,
    ModuleSkill,
    Question,
    Role,
    Rubric,
    Skill,
    Stage,
    Unit,
    UnitCompletion,
)

FIRST = "modules/01-first-steps.yaml"

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(folder):
    loader.load(folder.path)
    return folder


@pytest.fixture
def staff(as_user, katherine):
    return as_user(katherine)


def form(client, row):
    """What the admin's form of a row would post as it stands."""
    page = client.get(f"/admin/curriculum/{row._meta.model_name}/{row.pk}/change/")
    assert page.status_code == 200
    data = {}
    for made in (page.context["adminform"].form, *_inline_forms(page)):
        for bound in made:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data


def _inline_forms(page):
    for formset in page.context["inline_admin_formsets"]:
        yield formset.formset.management_form
        yield from formset.formset.forms


def edit(client, row, **fields):
    data = form(client, row) | fields
    answer = client.post(f"/admin/curriculum/{row._meta.model_name}/{row.pk}/change/", data)
    if answer.status_code == 200:
        return answer
    assert answer.status_code == 302
    return None


def run(name, *arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        return f"{out.getvalue()}{err.getvalue()}{error}"
    return out.getvalue()


# Editing


def test_an_edit_is_marked_and_begins_an_edition(loaded, staff):
    editions = Edition.objects.count()

    edit(staff, Unit.objects.get(slug="stand"), title="Standing up")

    assert Unit.objects.get(slug="stand").title == "Standing up"
    assert Edition.objects.count() == editions + 1
    assert [entry.slug for entry in FileEntry.objects.exclude(edited_at=None)] == ["stand"]
    listed = staff.get("/admin/curriculum/unit/?files=edited").content.decode()
    assert "Standing up" in listed
    assert "Turning" not in listed
    page = staff.get(f"/admin/curriculum/unit/{Unit.objects.get(slug='stand').pk}/change/")
    assert "Edited here: title." in page.content.decode()


def test_an_edit_taken_back_is_none(loaded, staff):
    stand = Unit.objects.get(slug="stand")
    edit(staff, stand, title="Standing up")
    edit(staff, stand, title="Standing")

    assert not FileEntry.objects.exclude(edited_at=None).exists()
    assert not loader.plan(loaded.path).overwriting


def test_a_form_saved_as_it_was_changes_nothing(loaded, staff):
    for row in (
        *(Unit.objects.get(slug="stand"), Unit.objects.get(slug="journey"), Module.objects.first()),
        *(Stage.objects.first(), Skill.objects.get(), Role.objects.get(), Question.objects.get()),
        *(row.objects.first() for row in (type(Role.objects.get().rung), Rubric)),
    ):
        assert edit(staff, row) is None, row

    assert not FileEntry.objects.exclude(edited_at=None).exists()
    assert not loader.plan(loaded.path)


def test_lists_are_edited_a_line_each(loaded, staff):
    edit(staff, Module.objects.get(slug="first-steps"), outcomes="Take a step.\r\n\r\n Take two. ")

    assert Module.objects.get(slug="first-steps").outcomes == ["Take a step.", "Take two."]


def test_what_does_not_fit_the_files_is_refused_and_stays_typed(loaded, staff):
    check = Unit.objects.get(slug="stand-check")

    answer = edit(staff, check, minutes="50", questions='[{"prompt": "Where?"}]', title="Kept")

    page = answer.content.decode()
    assert "50 is not a multiple of 15." in page
    assert "The key &#x27;answer&#x27; is missing." in page
    assert 'value="Kept"' in page
    assert Unit.objects.get(slug="stand-check").title == "Are you standing?"


def test_an_edit_writes_only_what_was_typed(loaded, staff):
    stand = Unit.objects.get(slug="stand")
    data = form(staff, stand)
    Unit.objects.filter(pk=stand.pk).update(slug="stand", summary="Loaded meanwhile.")

    staff.post(f"/admin/curriculum/unit/{stand.pk}/change/", data | {"title": "Standing up"})

    row = Unit.objects.get(slug="stand")
    assert row.title == "Standing up"


def test_content_is_retired_and_never_deleted(loaded, staff, ada):
    stand = Unit.objects.get(slug="stand")
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, stand)
    for name in ("unit", "module", "stage", "skill", "role", "rung", "rubric", "question"):
        row = next(iter(type_of(name).objects.all()))
        assert staff.post(f"/admin/curriculum/{name}/{row.pk}/delete/").status_code == 403
    posted = {"action": "delete_selected", "_selected_action": [stand.pk], "post": "yes"}
    staff.post("/admin/curriculum/unit/", posted)
    assert Unit.objects.filter(pk=stand.pk).exists()

    staff.post("/admin/curriculum/unit/", posted | {"action": "retire"})

    assert Unit.objects.get(pk=stand.pk).is_retired
    assert UnitCompletion.objects.standing().get().unit == stand
    assert progress.overview(enrollment).progress.total == 3

    staff.post("/admin/curriculum/unit/", posted | {"action": "bring_back"})
    assert progress.overview(enrollment).progress.completed == 1
    assert not loader.plan(loaded.path)


def test_a_module_moved_to_another_stage_is_numbered_anew(loaded, staff):
    beyond = Stage.objects.get(slug="beyond")
    edit(staff, Module.objects.get(slug="first-steps"), stage=str(beyond.pk), number="9")

    assert list(Module.objects.values_list("slug", "number")) == [
        ("next-steps", 1),
        ("first-steps", 2),
    ]


# A load beside edits


def test_a_diff_says_which_edit_it_would_undo(loaded, staff):
    edit(staff, Unit.objects.get(slug="stand"), title="Standing up")

    [change] = loader.plan(loaded.path).changes

    day = f"{timezone.now():%Y-%m-%d}"
    assert telling.line(change) == (
        "units/stand: title “Standing up” → “Standing”"
        f" · edited here on {day} (title): would be overwritten"
    )


def test_a_load_refuses_to_undo_an_edit_and_names_each(loaded, staff):
    edit(staff, Unit.objects.get(slug="stand"), title="Standing up")
    edit(staff, Skill.objects.get(), name="Strolling")
    loaded.change("roadmap.yaml", "title: The way", "title: A way")

    said = run("load_curriculum", "--dir", loaded.path, "--apply")

    assert "units/stand: " in said
    assert "skills/walking: " in said
    assert "Nothing was loaded: the files do not hold what was edited here." in said
    assert Unit.objects.get(slug="stand").title == "Standing up"
    assert not type_of("roadmap").objects.filter(title="A way").exists()


def test_a_load_overwrites_on_request(loaded, staff):
    edit(staff, Unit.objects.get(slug="stand"), title="Standing up")

    said = run("load_curriculum", "--dir", loaded.path, "--overwrite")

    assert "(title): was overwritten" in said
    assert Unit.objects.get(slug="stand").title == "Standing"
    assert not FileEntry.objects.exclude(edited_at=None).exists()


def test_a_load_keeps_edits_on_request_and_loads_the_rest(loaded, staff):
    edit(staff, Unit.objects.get(slug="stand"), title="Standing up")
    loaded.change("roadmap.yaml", "title: The way", "title: A way")

    said = run("load_curriculum", "--dir", loaded.path, "--keep-edits")

    assert "Kept as edited here:\n  units/stand: title" in said
    assert Unit.objects.get(slug="stand").title == "Standing up"
    assert type_of("roadmap").objects.get().title == "A way"
    assert [change.slug for change in loader.plan(loaded.path).overwriting] == ["stand"]


def test_a_change_of_the_file_beside_an_edit_elsewhere_in_the_entry_names_the_edit(loaded, staff):
    edit(staff, Unit.objects.get(slug="stand"), title="Standing up")
    loaded.change(FIRST, "minutes: 45", "minutes: 60")
    loaded.change(FIRST, "minutes: 75", "minutes: 90")

    [change] = loader.plan(loaded.path).changes

    assert change.overwrites == ("title",)
    assert [field.name for field in change.fields] == ["title", "minutes"]


def test_what_was_retired_here_does_not_come_back_unasked(loaded):
    edits.retire(Unit.objects.filter(slug="stand"))

    with pytest.raises(EditsInTheWay):
        loader.load(loaded.path)
    loader.load(loaded.path, edits=Edits.KEEP)
    assert Unit.objects.get(slug="stand").is_retired
    loader.load(loaded.path, edits=Edits.OVERWRITE)
    assert not Unit.objects.get(slug="stand").is_retired


def test_another_order_is_an_edit(loaded):
    Unit.objects.filter(slug="stand").update(position=9)
    edits.write_down()

    plan = loader.plan(loaded.path)

    assert [change.overwrites for change in plan.changes] == [("order",)]


def test_what_was_made_here_is_left_alone_and_told(loaded):
    first = Module.objects.get(slug="first-steps")
    Unit.objects.create(
        slug="sit", module=first, title="Sitting", position=3, kind="lesson", minutes=15,
        summary="Get down.", outcome="Sit for a minute.",
    )  # fmt: skip
    edits.write_down()

    plan = loader.load(loaded.path)

    assert not plan
    assert plan.made_here == (("units", "sit"),)
    assert not Unit.objects.get(slug="sit").is_retired


# Export


def test_an_edit_exported_is_an_edit_no_more(loaded, staff):
    edit(staff, Unit.objects.get(slug="stand"), title="Standing up")

    said = run("export_curriculum", loaded.path)

    assert f"written: {FIRST}\n" in said
    assert "way: 10 files written, 0 removed, 9 said the same already." in said
    assert "title: Standing up\n" in loaded.read(FIRST)
    plan = loader.load(loaded.path)
    assert not plan
    assert plan.settled == (("units", "stand"),)
    assert not FileEntry.objects.exclude(edited_at=None).exists()


def test_files_that_say_the_same_stay_as_they_are_to_the_byte(loaded):
    before = {path: path.read_bytes() for path in loaded.path.rglob("*.yaml")}

    exported = loader.export(loaded.path)

    assert len(exported.untouched) == len(before)
    assert {path: path.read_bytes() for path in loaded.path.rglob("*.yaml")} == before


def test_the_real_content_comes_back_as_it_was(settings, tmp_path):
    source = settings.CURRICULUM_DIR
    loader.load(source)

    loader.export(tmp_path)

    names = sorted(str(path.relative_to(source)) for path in source.rglob("*.yaml"))
    assert names == sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.yaml"))
    for name in names:
        old, new = files.read(source, name).value, files.read(tmp_path, name).value
        assert exporting.comparable(old) == exporting.comparable(new), name
        if not name.endswith("ladder.yaml"):  # which lists a rung's roles in their own order
            assert old == new, name
    assert not loader.plan(tmp_path)


def test_a_copy_of_the_real_content_is_left_untouched(settings, tmp_path):
    loader.load(settings.CURRICULUM_DIR)
    copy = tmp_path / "copy"
    shutil.copytree(settings.CURRICULUM_DIR, copy)

    assert loader.export(copy).written == ()


def test_a_module_that_was_retired_takes_its_file_along(loaded):
    edits.retire(Module.objects.filter(slug="next-steps"))

    said = run("export_curriculum", loaded.path)

    assert "removed: modules/02-next-steps.yaml" in said
    # The stage is empty now, and nothing teaches what the role asks: to be mended by hand.
    assert "The files are written and cannot be loaded as they are" in said


def test_an_export_keeps_the_comment_at_the_head_of_a_file(loaded):
    loaded.write(FIRST, "# Ours.\n# Not theirs.\n" + loaded.read(FIRST))
    Unit.objects.filter(slug="stand").update(title="Standing up")

    loader.export(loaded.path)

    assert loaded.read(FIRST).startswith("# Ours.\n# Not theirs.\nslug: first-steps\n")


def test_an_unknown_roadmap_is_refused(loaded):
    assert "There is no roadmap 'nowhere'." in run(
        "export_curriculum", loaded.path, "--roadmap", "nowhere"
    )


TEXTS = st.sampled_from(
    ["no", "12", "1.5", "null", "- a", "a: b", "# c", "é “x”", " ' \" ", "y\nz"]
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 10**6), st.lists(TEXTS, min_size=8, max_size=8), st.booleans())
def test_whatever_was_edited_a_load_of_the_export_changes_nothing(
    folder, seed, texts, into_the_old
):
    loader.load(folder.path, edits=Edits.OVERWRITE)
    chosen = random.Random(seed)

    def text():
        return chosen.choice(texts).strip() or "x"

    for unit in Unit.objects.exclude(slug="journey"):
        unit.title, unit.outcome = text(), f"{text()} {unit.slug}"
        unit.position, unit.minutes = chosen.randint(1, 5), 15 * chosen.randint(1, 9)
        if unit.kind == Unit.Kind.LESSON:
            unit.module = chosen.choice(list(Module.objects.all()))
            unit.questions = chosen.choice([[], [{"prompt": text(), "answer": text()}]])
        unit.save()
    for stage, position in zip(Stage.objects.all(), [1, 2], strict=True):
        stage.title, stage.short_title, stage.position = text(), chosen.choice(["", "s"]), position
        stage.exit_evidence = [text(), text()]
        stage.save()
    ModuleSkill.objects.filter(module__slug="first-steps").update(level=chosen.randint(1, 3))
    Skill.objects.update(name="W " + text(), aliases=chosen.choice([[], ["stroll"]]))
    Role.objects.update(max_years=chosen.choice([None, 4]), degree=chosen.choice([None, 1, 2]))
    Question.objects.update(prompt=text(), follow_ups=chosen.choice([[], [text()]]))
    edits.write_down()
    target = folder.path if into_the_old else folder.path / "new"

    loader.export(target)

    assert loader.plan(target).changes == ()
    assert not loader.load(target)
    assert not FileEntry.objects.exclude(edited_at=None).exists()
    shutil.rmtree(folder.path / "new", ignore_errors=True)


def type_of(name):
    return apps.get_model("curriculum", name)
