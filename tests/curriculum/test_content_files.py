"""A mistake in a content file is told with its file and line, in words, and all mistakes at once."""

import re

import pytest

from curriculum import loader
from curriculum.loader import ContentError

FIRST = "modules/01-first-steps.yaml"
NEXT = "modules/02-next-steps.yaml"
#: A verb, or Given: no article, pronoun, preposition, noun of action or third person.
VERB = r"(?!(?:A|An|The|You|Your|For|From|In|On|At|By|With|Within|How|What|After|To)\b)[A-Z][a-z-]+(?<!ing),?"


def problems(folder):
    with pytest.raises(ContentError) as caught:
        loader.check(folder.path)
    return [str(problem) for problem in caught.value.problems]


def test_the_small_roadmap_is_sound(folder):
    assert len(loader.check(folder.path).modules) == 2


def test_the_real_content_is_sound(settings):
    content = loader.check(settings.CURRICULUM_DIR)

    assert len(content.modules) == 56
    assert sum(len(module.value["units"]) for module in content.modules) == 351


def test_an_outcome_of_the_real_content_is_something_to_do(settings):
    outcomes = {
        unit["slug"]: unit["outcome"]
        for module in loader.check(settings.CURRICULUM_DIR).modules
        for unit in module.value["units"]
    }
    first_words = {slug: outcome.split()[0] for slug, outcome in outcomes.items()}

    assert [slug for slug, word in first_words.items() if not re.fullmatch(VERB, word)] == []
    assert [slug for slug, outcome in outcomes.items() if len(outcome) < 60] == []
    assert [slug for slug, outcome in outcomes.items() if not outcome.endswith(".")] == []


def test_an_outcome_of_the_real_content_says_more_than_the_title(settings):
    units = [
        unit
        for module in loader.check(settings.CURRICULUM_DIR).modules
        for unit in module.value["units"]
    ]
    beginnings = [" ".join(unit["outcome"].split()[:6]) for unit in units]

    assert [u["slug"] for u in units if u["title"].lower() in u["outcome"].lower()] == []
    assert [words for words in beginnings if beginnings.count(words) > 1] == []


def test_a_typo_in_a_key_is_told_with_the_key_that_was_meant(folder):
    folder.change(FIRST, "summary: How to begin.", "sumary: How to begin.")
    line = folder.line(FIRST, "sumary")

    found = problems(folder)

    assert f"{FIRST}:{line}: unknown key 'sumary'; did you mean 'summary'?" in found
    assert f"{FIRST}:1: the key 'summary' is missing" in found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minutes: 75", "minutes: an hour", "minutes: expected a whole number, found 'an hour'"),
        ("minutes: 75", "minutes: 7.5", "minutes: expected a whole number, found 7.5"),
        ("minutes: 45", "minutes: 50", "minutes: 50 is not a multiple of 15"),
        ("minutes: 45", "minutes: 3015", "minutes: 3015 is more than 3000"),
        ("minutes: 45", "minutes: 0", "minutes: 0 is less than 15"),
        ("title: First steps", "title: 12", "title: expected text, found 12"),
        ("title: First steps", "title:", "title: expected text, found nothing"),
        ("title: First steps", "title: ''", "title: is empty"),
        (
            "title: First steps",
            "title: " + "x" * 121,
            "title: is 121 characters long; at most 120 fit",
        ),
        ("kind: core", "kind: cores", "'cores' is not one of core, elective; did you mean 'core'?"),
        ("slug: first-steps", "slug: First Steps", "'First Steps' is not a slug"),
        ("slug: first-steps", 'slug: "first-steps\\n"', "is not a slug"),
        ("outcomes: [Take a step.]", "outcomes: []", "outcomes: has 0 entries; at least 1"),
        (
            "outcomes: [Take a step.]",
            "outcomes: Take a step.",
            "expected a list, found 'Take a step.'",
        ),
        ("prerequisites: []", "prerequisites: [a, a]", "prerequisites: lists 'a' twice"),
        ("level: working}", "level: great}", "'great' is not one of aware, working"),
    ],
)
def test_a_value_of_the_wrong_kind_says_what_was_expected(folder, old, new, message):
    folder.change(FIRST, old, new)
    line = folder.line(FIRST, new)

    found = problems(folder)

    assert any(f"{FIRST}:{line}: " in problem and message in problem for problem in found), found


def test_an_address_that_is_not_of_the_web_is_refused(folder):
    folder.change("resources.yaml", "https://example.org/map", "javascript:alert(1)")

    assert (
        "resources.yaml:4: url: 'javascript:alert(1)' is not a web address" in problems(folder)[0]
    )


def test_a_skill_entry_is_a_skill_or_a_choice_of_skills(folder):
    folder.change(
        "roles.yaml", "{skill: walking, level: practitioner}", "{any_of: [walking, running]}"
    )
    line = folder.line("roles.yaml", "any_of")

    assert problems(folder)[0] == (
        f"roles.yaml:{line}: any_of: expected a mapping of keys to values, found 'running'"
    )


def test_a_circle_of_prerequisites_is_told_once_with_its_way(folder):
    folder.change(FIRST, "prerequisites: []", "prerequisites: [next-steps]")
    folder.change("stages.yaml", "modules: [first-steps]", "modules: [first-steps, next-steps]")
    folder.change(NEXT, "stage: beyond\norder: 1", "stage: basics\norder: 2")
    text = folder.read("stages.yaml")
    folder.write("stages.yaml", text[: text.index("  - slug: beyond")])

    assert problems(folder) == [
        f"{FIRST}:{folder.line(FIRST, 'prerequisites')}: the prerequisites form a circle: "
        "first-steps needs next-steps needs first-steps"
    ]


def test_a_module_that_needs_itself_is_a_circle(folder):
    folder.change(FIRST, "prerequisites: []", "prerequisites: [first-steps]")

    assert problems(folder)[0].endswith("form a circle: first-steps needs first-steps")


def test_a_prerequisite_in_a_later_stage_is_refused(folder):
    folder.change(FIRST, "prerequisites: []", "prerequisites: [next-steps]")
    folder.change(NEXT, "prerequisites: [first-steps]", "prerequisites: []")

    assert f"{FIRST}:9: 'next-steps' is in the later stage 'beyond'" in problems(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            NEXT,
            "[first-steps]",
            "[first-step]",
            "no module 'first-step'; did you mean 'first-steps'?",
        ),
        (NEXT, "stage: beyond", "stage: beyonds", "there is no stage 'beyonds'; did you mean"),
        (NEXT, "{skill: walking,", "{skill: flying,", "there is no skill 'flying'"),
        (
            NEXT,
            "criterion: results",
            "criterion: result",
            "no criterion of project-review 'result'",
        ),
        (FIRST, "{slug: map,", "{slug: maps,", "there is no resource 'maps'; did you mean 'map'?"),
        ("roles.yaml", "ladder_rung: walker", "ladder_rung: runner", "there is no rung 'runner'"),
        ("roles.yaml", "next_roles: []", "next_roles: [chief]", "there is no role 'chief'"),
        ("interview.yaml", "skills: [walking]", "skills: [talking]", "there is no skill 'talking'"),
        ("skills.yaml", "category: craft", "category: crafts", "no skill category 'crafts'"),
    ],
)
def test_a_reference_to_nothing_names_what_is_missing(folder, file, old, new, message):
    folder.change(file, old, new)
    line = folder.line(file, new)

    found = problems(folder)

    assert any(p.startswith(f"{file}:{line}: ") and message in p for p in found), found


def test_a_slug_used_twice_says_where_it_was_first(folder):
    folder.change(NEXT, "slug: turn", "slug: stand")

    assert (
        f"{NEXT}:{folder.line(NEXT, 'slug: stand')}: the unit 'stand' is already in "
        f"{FIRST}:{folder.line(FIRST, 'slug: stand')}"
    ) in problems(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (FIRST, "minutes: 75", "minutes: 90", "its units add up to 75 minutes"),
        (FIRST, "order: 2", "order: 3", "order: this is unit of first-steps number 2, not 3"),
        ("stages.yaml", "order: 2", "order: 5", "order: this is stage number 2, not 5"),
        (
            "stages.yaml",
            "modules: [next-steps]",
            "modules: [next-steps, first-steps]",
            "another stage",
        ),
        (NEXT, "kind: core", "kind: elective", "the stage 'beyond' is core"),
        (
            NEXT,
            "level: practitioner",
            "level: aware",
            "below what the earlier 'first-steps' teaches",
        ),
        (NEXT, "level: practitioner", "level: expert", "study alone makes no experts"),
        (FIRST, "kind: lesson", "kind: project", "a project needs the key 'brief'"),
        (NEXT, "kind: project", "kind: lesson", "a lesson has no key 'brief'"),
        (NEXT, "kind: project", "kind: checkpoint", "a checkpoint needs the key 'checks'"),
        (FIRST, "kind: checkpoint", "kind: project", "a project has no key 'checks'"),
        (
            NEXT,
            "kind: project\n    project_type: practice",
            "kind: practice",
            "brief and project_type come together",
        ),
        (
            NEXT,
            "kind: project\n    project_type: practice",
            "kind: practice\n    project_type: portfolio",
            "the brief of a practice unit is a practice one",
        ),
        (
            NEXT,
            "outcome: Turn once on the spot.",
            "outcome: Say where your feet are.",
            "the unit 'stand-check' has this outcome too",
        ),
        (FIRST, "title: The map", "title: A map", "title differs from 'The map' in resources.yaml"),
        (NEXT, "criterion: results", "criterion: problem", "is here a second time"),
        (
            "roles.yaml",
            "min_years: 0, max_years: null",
            "min_years: 5, max_years: 2",
            "less than min",
        ),
        ("ladder.yaml", "roles: [guide]", "roles: []", "the rung 'walker' does not list this role"),
    ],
)
def test_what_does_not_add_up_is_told(folder, file, old, new, message):
    folder.change(file, old, new)

    assert any(message in problem for problem in problems(folder)), problems(folder)


def test_a_unit_without_an_outcome_is_refused(folder):
    folder.change(FIRST, "    outcome: Stand on one leg for a minute.\n", "")

    assert problems(folder) == [
        f"{FIRST}:{folder.line(FIRST, 'slug: stand')}: units: the key 'outcome' is missing"
    ]


def test_an_outcome_is_a_sentence_or_two(folder):
    folder.change(FIRST, "Stand on one leg for a minute.", "Stand. " * 50)

    assert "outcome: is 349 characters long; at most 300 fit" in problems(folder)[0]


def test_a_lesson_may_hold_a_task_and_a_practice_a_brief(folder):
    folder.change(FIRST, "kind: checkpoint", "kind: lesson")
    folder.change(NEXT, "kind: project", "kind: practice")
    folder.change(
        NEXT,
        "outcome: Turn once on the spot.",
        "outcome: Turn once.\n    checks:\n      - {prompt: Turn twice., answer: You look as before.}",
    )

    found = problems(folder)

    assert [problem.split(": ", 1)[1] for problem in found] == [
        "there is no checkpoint and no project",
        "there is no checkpoint and no project",
    ]


def test_a_unit_may_say_which_part_of_a_resource_is_meant(folder):
    folder.change(FIRST, "publisher: Example}", "publisher: Example, part: The legend}")

    assert loader.check(folder.path)


def test_a_role_cannot_require_what_no_module_teaches(folder):
    folder.change(NEXT, "level: practitioner", "level: working")

    line = folder.line("roles.yaml", "{skill: walking")
    assert problems(folder) == [
        f"roles.yaml:{line}: no module teaches walking to the level required"
    ]


def test_a_key_that_stands_twice_is_refused_with_both_lines(folder):
    folder.change(FIRST, "order: 1\nkind", "order: 1\ntitle: Other steps\nkind")

    assert problems(folder) == [
        f"{FIRST}:5: the key 'title' is here a second time; first on line 2"
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("slug: way\n  title: [\n", 2, "is not YAML: "),
        ("slug: way\ntitle: 'never closed\n", 3, "is not YAML: "),
        ("slug: way\n\ttitle: x\n", 2, "is not YAML: "),
        ("", 1, "holds nothing"),
        ("# only a comment\n", 1, "holds nothing"),
        ("slug: way\n---\nslug: two\n", 2, "a second document starts here"),
        ("slug: !!python/object/apply:os.system [id]\n", 1, "the tag tag:yaml.org,2002:python/"),
        ("slug: !!str way\n", 1, "the tag tag:yaml.org,2002:str is not allowed"),
        ("slug: &a way\ntitle: *a\n", 1, "&a is an anchor"),
        ("slug: &a way\ntitle: *a\n", 2, "*a is an alias"),
        ("slug: way\n[1, 2]: x\n", 2, "a key is a plain word"),
        ("slug: way\ntitle: " + "[" * 40 + "]" * 40, 2, "is nested deeper than 20 levels"),
        ('slug: way\ntitle: "a\\0b"\n', 2, "holds the control character U+0000"),
        ('slug: way\ntitle: "a\\ud800b"\n', 2, ""),
        ("- slug: way\n", 1, "expected a mapping of keys to values, found a list"),
    ],
)
def test_yaml_that_is_broken_or_unsafe_is_refused_at_its_line(folder, text, line, message):
    folder.write("roadmap.yaml", text)

    found = problems(folder)

    assert any(p.startswith(f"roadmap.yaml:{line}: ") and message in p for p in found), found


def test_a_nest_of_aliases_costs_nothing(folder):
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    folder.write("roadmap.yaml", "\n".join(["a0: &a0 [x]", *levels]))

    assert "is an alias" in "\n".join(problems(folder))


def test_words_stay_words(folder):
    folder.change("roadmap.yaml", "title: The way", "title: no")
    folder.change("skills.yaml", "name: Walking", "name: 2026-01-31")

    content = loader.check(folder.path)

    assert content.roadmap.value["title"] == "no"
    assert content.skills.value["skills"][0]["name"] == "2026-01-31"


def test_bytes_that_are_not_utf_8_are_told_with_their_line(folder):
    (folder.path / "roadmap.yaml").write_bytes(b"slug: way\ntitle: caf\xe9\n")

    assert problems(folder) == ["roadmap.yaml:2: is not UTF-8 text"]


def test_a_file_too_large_to_be_content_is_not_parsed(folder):
    folder.write("roadmap.yaml", "#" * (2 * 1024 * 1024 + 1))

    assert problems(folder)[0].startswith("roadmap.yaml:1: is larger than 2 MB")


def test_a_missing_file_is_named(folder):
    (folder.path / "skills.yaml").unlink()

    assert problems(folder) == ["skills.yaml:1: this file is missing"]


def test_a_folder_that_is_not_there_says_what_is_missing(folder, tmp_path):
    with pytest.raises(ContentError) as caught:
        loader.check(tmp_path / "nowhere")

    assert "there is no module file (*.yaml) in this folder" in str(caught.value)


def test_mistakes_in_several_files_are_told_together(folder):
    folder.change(FIRST, "kind: core", "kind: cores")
    folder.change("roles.yaml", "order: 1", "order: first")
    folder.write("interview.yaml", "questions: [")

    assert len({problem.split(":")[0] for problem in problems(folder)}) == 3
