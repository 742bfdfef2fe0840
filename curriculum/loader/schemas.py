"""What each content file may hold, as JSON Schema, and what to say when it holds something else."""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator

from curriculum.loader.files import Document, Problem

Schema = dict[str, Any]

SLUG_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z"
# A fragment or a user name in an address of our own choosing is never needed; spaces never work.
URL_PATTERN = r"^https?://[^\s/@:]+(:[0-9]+)?(/\S*)?\Z"
RESOURCE_KINDS = [
    *("docs", "course", "book", "article", "paper", "video", "tool", "dataset"),
    *("reference", "guide", "tutorial", "standard"),
]
UNIT_KINDS = ["lesson", "practice", "checkpoint", "project"]
BRIEF_KINDS = ["portfolio", "practice", "open-source"]
TRACKS = ["shared", "technical", "management"]
FORMATS = ["coding", "theory", "system-design", "behavioural"]
LEVELS = ["aware", "working", "practitioner", "expert"]
DEGREES = ["bachelor", "master", "doctorate"]


def text(longest: int, shortest: int = 1) -> Schema:
    return {"type": "string", "minLength": shortest, "maxLength": longest}


def number(least: int, most: int = 1000, **more: Any) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, **more}


def several(kind: Schema, least: int = 0, most: int = 2000, **more: Any) -> Schema:
    return {"type": "array", "items": kind, "minItems": least, "maxItems": most, **more}


def mapping(optional: tuple[str, ...] = (), **fields: Schema) -> Schema:
    """An object with exactly these fields; all but the optional ones are required."""
    return {
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }


SLUG = {"type": "string", "pattern": SLUG_PATTERN, "minLength": 1, "maxLength": 50}
SLUGS = several(SLUG, uniqueItems=True)
SENTENCES = several(text(300), least=1, most=20)
SKILL_AT_LEVEL = mapping(skill=SLUG, level={"enum": LEVELS})
CLAUSE = {
    "if": {"required": ["any_of"]},
    "then": mapping(any_of=several(SKILL_AT_LEVEL, least=2, most=20)),
    "else": SKILL_AT_LEVEL,
}
RESOURCE = mapping(
    slug=SLUG,
    title=text(160),
    url={"type": "string", "maxLength": 300, "pattern": URL_PATTERN},
    kind={"enum": RESOURCE_KINDS},
    publisher=text(80),
)
BRIEF = mapping(
    problem=text(400),
    data=text(400),
    approaches=several(text(300), least=2, most=10),
    evaluation=text(400),
    deliverables=SENTENCES,
    acceptance=several(mapping(criterion=SLUG, text=text(300)), least=1, most=20),
    stretch=several(text(300), most=10),
)
#: A resource as a unit lists it may say which part of it is meant.
READING = mapping(("part",), **RESOURCE["properties"], part=text(120))
UNIT = mapping(
    ("checks", "project_type", "brief"),
    slug=SLUG,
    order=number(1),
    title=text(120),
    kind={"enum": UNIT_KINDS},
    minutes=number(15, 3000, multipleOf=15),
    summary=text(400),
    outcome=text(300),
    resources=several(READING, most=10),
    checks=several(mapping(prompt=text(400), answer=text(600)), least=1, most=20),
    project_type={"enum": BRIEF_KINDS},
    brief=BRIEF,
)
MODULE = mapping(
    slug=SLUG,
    title=text(120),
    stage=SLUG,
    order=number(1),
    kind={"enum": ["core", "elective"]},
    minutes=number(1, 32_000),
    summary=text(400),
    outcomes=SENTENCES,
    prerequisites=SLUGS,
    skills=several(SKILL_AT_LEVEL, least=1, most=40),
    units=several(UNIT, least=1, most=400),
)
STAGE = mapping(
    ("choose", "short_title"),
    slug=SLUG,
    title=text(120),
    short_title=text(20),
    order=number(1),
    elective={"type": "boolean"},
    summary=text(300),
    goal=text(300),
    exit_evidence=SENTENCES,
    modules=several(SLUG, least=1, uniqueItems=True),
    choose=text(200),
)
SKILL = mapping(
    ("aliases",),
    slug=SLUG,
    name=text(120),
    category=SLUG,
    description=text(300),
    aliases=several(text(60), least=1, most=60, uniqueItems=True),
    levels=mapping(aware=text(300), working=text(300), practitioner=text(300), expert=text(300)),
)
ROLE = mapping(
    ("degree",),
    slug=SLUG,
    title=text(120),
    order=number(1),
    source={"enum": ["guide", "authored"]},
    source_note=text(400),
    family=text(30),
    seniority=text(10),
    ladder_rung=SLUG,
    summary=text(300),
    responsibilities=SENTENCES,
    required_qualifications=SENTENCES,
    preferred_qualifications=several(text(300), most=20),
    required_skills=several(CLAUSE, least=1, most=60),
    preferred_skills=several(CLAUSE, most=60),
    experience=mapping(
        min_years=number(0, 60),
        max_years={"anyOf": [number(0, 60), {"type": "null"}]},
        note=text(300),
    ),
    degree={"enum": DEGREES},
    education_note=text(300),
    look_for=text(200),
    evidence=SENTENCES,
    next_roles=SLUGS,
)
RUNG = mapping(
    slug=SLUG,
    title=text(120),
    track={"enum": TRACKS},
    order=number(1),
    summary=text(200),
    scope=text(200),
    autonomy=text(200),
    influence=text(200),
    complexity=text(200),
    typical_years=text(10),
    expectations=several(SKILL_AT_LEVEL, most=40),
    readiness_signs=SENTENCES,
    growth_advice=text(300),
    next=SLUGS,
    roles=SLUGS,
)
SCALE_STEP = mapping(value=number(1, 4), slug=SLUG, title=text(120), meaning=text(300))
CRITERION = mapping(
    slug=SLUG,
    title=text(120),
    weight=number(1, 10),
    question=text(300),
    levels=several(mapping(value=number(1, 4), text=text(400)), least=4, most=4),
)
RUBRIC = mapping(
    slug=SLUG,
    title=text(120),
    used_by=text(200),
    pass_rule=text(300),
    guidance=text(300),
    criteria=several(CRITERION, least=1, most=40),
)
QUESTION = mapping(
    slug=SLUG,
    format={"enum": FORMATS},
    difficulty={"enum": ["easy", "medium", "hard"]},
    skills=several(SLUG, least=1, most=10, uniqueItems=True),
    prompt=text(300),
    outline=SENTENCES,
    follow_ups=several(text(300), most=10),
)
TITLED = mapping(slug=SLUG, title=text(120))

#: One schema for each kind of file, by the name that `loader` gives the kind.
SCHEMAS: dict[str, Schema] = {
    "roadmap": mapping(slug=SLUG, title=text(120), summary=text(300)),
    "stages": mapping(stages=several(STAGE, least=1, most=200)),
    "module": MODULE,
    "skills": mapping(
        levels=several(
            mapping(slug={"enum": LEVELS}, value=number(1, 4), title=text(120), meaning=text(300)),
            least=4,
            most=4,
        ),
        categories=several(TITLED, least=1),
        skills=several(SKILL, least=1),
    ),
    "resources": mapping(resources=several(RESOURCE, most=20_000)),
    "roles": mapping(roles=several(ROLE)),
    "ladder": mapping(
        note=text(600),
        dimensions=mapping(
            scope=text(300), autonomy=text(300), influence=text(300), complexity=text(300)
        ),
        tracks=several(mapping(slug={"enum": TRACKS}, title=text(120), summary=text(300)), least=1),
        rungs=several(RUNG, least=1),
    ),
    "rubrics": mapping(
        scale=several(SCALE_STEP, least=4, most=4), rubrics=several(RUBRIC, least=1)
    ),
    "interview": mapping(
        formats=several(
            mapping(
                slug={"enum": FORMATS},
                title=text(120),
                minutes=number(1),
                assesses=text(300),
                prepare=text(300),
            ),
            least=1,
        ),
        questions=several(QUESTION),
    ),
}
VALIDATORS: dict[str, Validator] = {
    kind: Draft202012Validator(schema) for kind, schema in SCHEMAS.items()
}
TYPE_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of keys to values",
    "null": "null",
}


def published() -> dict[str, str]:
    """The schemas as files for editors and other programs, by file name.

    They are what the loader checks by, but for the end of a pattern: Python writes it otherwise than
    the expressions that JSON Schema names.
    """
    return {
        f"{kind}.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": f"Milepost: {kind}.yaml"
                if kind != "module"
                else "Milepost: modules/*.yaml",
                **schema,
            },
            indent=2,
        ).replace(r"\\Z", "$")
        + "\n"
        for kind, schema in SCHEMAS.items()
    }


def line_for_editors(kind: str) -> str:
    """The first line of a content file, by which editors find its schema."""
    folder = "../schema" if kind == "module" else "schema"
    return f"# yaml-language-server: $schema={folder}/{kind}.json\n"


def check(kind: str, document: Document) -> list[Problem]:
    """Every way in which the document differs from the schema of its kind."""
    return [
        problem
        for error in VALIDATORS[kind].iter_errors(document.value)
        for problem in _problems(document, error)
    ]


def complaints(schema: Schema, value: Any) -> Iterator[str]:
    """What is wrong with one value, in sentences; none when it fits."""
    for error in Draft202012Validator(schema).iter_errors(value):
        if error.validator == "additionalProperties":
            known = list(dict(error.schema)["properties"])
            yield from (_unknown_key(key, known) for key in error.instance if key not in known)
        else:
            yield f"{_place(list(error.absolute_path))}{_sentence(error)}"


def _problems(document: Document, error: ValidationError) -> Iterator[Problem]:
    path = list(error.absolute_path)
    if error.validator == "additionalProperties":
        schema: Any = error.schema
        known = list(schema["properties"])
        for key in error.instance:
            if key not in known:
                yield document.problem(_unknown_key(key, known), *path, key)
    else:
        yield document.problem(f"{_place(path)}{_sentence(error)}", *path)


def _place(path: list[str | int]) -> str:
    """The nearest key by name, so that the message makes sense without opening the file."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"{name}: " if name else ""


def _unknown_key(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"unknown key {key!r}" + (
        f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
    )


def _sentence(error: ValidationError) -> str:
    value: Any = error.instance
    wanted: Any = error.validator_value
    match error.validator:
        case "type":
            return f"expected {TYPE_NAMES[wanted]}, found {_shown(value)}"
        case "required":
            missing = next(
                name for name in wanted if name not in value and repr(name) in error.message
            )
            return f"the key {missing!r} is missing"
        case "enum":
            near = difflib.get_close_matches(str(value), wanted, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            return f"{_shown(value)} is not one of {', '.join(wanted)}{hint}"
        case "pattern" if wanted == SLUG_PATTERN:
            return f"{_shown(value)} is not a slug: small letters, digits and single hyphens"
        case "pattern":
            return f"{_shown(value)} is not a web address with http:// or https://"
        case "maxLength":
            return f"is {len(value)} characters long; at most {wanted} fit"
        case "minLength":
            return "is empty"
        case "minItems":
            return f"has {len(value)} entries; at least {wanted} are needed"
        case "maxItems":
            return f"has {len(value)} entries; at most {wanted} are allowed"
        case "uniqueItems":
            twice = next(entry for entry in value if value.count(entry) > 1)
            return f"lists {_shown(twice)} twice"
        case "minimum":
            return f"{value} is less than {wanted}"
        case "maximum":
            return f"{value} is more than {wanted}"
        case "multipleOf":
            return f"{value} is not a multiple of {wanted}"
        case "anyOf":
            return f"expected a whole number from 0 to 60 or null, found {_shown(value)}"
    return error.message


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= 60 else value[:57] + "...")
        case dict():
            return "a mapping"
        case list():
            return "a list"
    return str(value)
