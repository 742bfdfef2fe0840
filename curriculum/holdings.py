"""What curriculum keeps of people: what they did, wrote and said of themselves."""

import secrets
from collections.abc import Iterator
from typing import Any

from accounts.models import User
from accounts.register import Back, Line, Taken, add, add_content, add_texts
from curriculum import practice
from curriculum.models import Canvas, Card
from curriculum.models.practice import MOST_LETTERS
from curriculum.models.roles import OWN_SLUG


def held(questions: Any, person: User) -> Any:
    """The plan of an interview is the interviewer's until it was held."""
    return questions.filter(interview__state="held")


INTERVIEW = (
    "What was judged and noted in a mock interview is the learner's: it stays, without the name."
)

WORDS = {"type": "array", "maxItems": 100, "items": {"type": "string", "maxLength": 2000}}
PARTS = {
    "type": "object",
    "propertyNames": {"enum": Canvas.Part.values},
    "additionalProperties": {"type": "string", "maxLength": MOST_LETTERS},
}
ROLE_LISTS = (
    "responsibilities", "required_qualifications", "preferred_qualifications", "evidence",
)  # fmt: skip
COUNT = {"type": ["integer", "null"], "minimum": 0, "maximum": 32767}
NUMBER = {"type": ["number", "null"]}
MOMENT = {
    "type": ["string", "null"],
    "maxLength": 40,
    "pattern": r"^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$",
}
CARD_AS_IT_WAS = {
    "type": "object",
    "properties": {
        "phase": {"enum": Card.Phase.values},
        **dict.fromkeys(("step", "lapses"), COUNT),
        **dict.fromkeys(("stability", "difficulty"), NUMBER),
        **dict.fromkeys(("last_on", "due_on", "due_at", "set_aside_at"), MOMENT),
    },
    "required": list(practice.STATE),
    "additionalProperties": False,
}


def of_elsewhere(source: str) -> str:
    """A card's source names a row where it was made, so here it names none."""
    return f"elsewhere/{source.removeprefix('elsewhere/')}"[:60] if source else ""


def own_slug(slug: str) -> str:
    """An own role's slug is one for the whole site."""
    return OWN_SLUG + secrets.token_hex(8)


add(
    Line("curriculum.Enrollment", of=("learner",), taken=(Taken("enrollments", back=Back()),)),
    Line(
        "curriculum.Aim",
        of=("enrollment__learner",),
        taken=(Taken("enrollments.aims", via="enrollment", back=Back()),),
    ),
    Line(
        "curriculum.UnitCompletion",
        of=("enrollment__learner",),
        taken=(Taken("enrollments.completions", via="enrollment", back=Back()),),
    ),
    Line(
        "curriculum.UnitSkip",
        of=("enrollment__learner",),
        taken=(Taken("enrollments.skips", via="enrollment", back=Back()),),
    ),
    Line("curriculum.Note", of=("learner",), taken=(Taken("notes", back=Back()),)),
    Line("curriculum.OwnResource", of=("learner",), taken=(Taken("own-resources", back=Back()),)),
    Line(
        "curriculum.StudySession",
        of=("learner",),
        taken=(
            Taken("study-sessions", back=Back(when=lambda entry: entry["minutes"] is not None)),
        ),
    ),
    Line("curriculum.Declaration", of=("learner",), taken=(Taken("declarations", back=Back()),)),
    Line("curriculum.Experience", of=("learner",), taken=(Taken("experience", back=Back()),)),
    Line("curriculum.Education", of=("learner",), taken=(Taken("education", back=Back()),)),
    Line(
        "curriculum.Practice",
        of=("learner",),
        taken=(Taken("practice", back=Back(put={"is_sharing": False})),),
    ),
    Line(
        "curriculum.Card",
        of=("learner",),
        taken=(
            Taken(
                "cards",
                back=Back(
                    shapes={"own_outline": WORDS},
                    made_anew={"source": of_elsewhere},
                    put={"own_facts": {}, "own_changes": []},
                ),
            ),
        ),
    ),
    Line(
        "curriculum.Attempt",
        of=("card__learner",),
        taken=(
            Taken(
                "cards.attempts",
                via="card",
                back=Back(
                    shapes={"before": CARD_AS_IT_WAS},
                    when=lambda entry: entry["confidence"] is not None,
                ),
            ),
        ),
    ),
    Line(
        "curriculum.Canvas",
        of=("learner",),
        taken=(Taken("canvases", back=Back(shapes={"parts": PARTS, "covered": WORDS})),),
    ),
    Line(
        "curriculum.ExerciseResult",
        of=("learner",),
        taken=(Taken("exercise-results", back=Back()),),
    ),
    Line("curriculum.ExerciseSolution", of=("learner",), taken=(Taken("exercise-solutions"),)),
    Line(
        "curriculum.MockInterview",
        of=("learner",),
        taken=(Taken("mock-interviews"), Taken("mock-interviews-given", of=("interviewer",))),
        loses=("interviewer", "asked_by"),
        stays=INTERVIEW,
    ),
    Line(
        "curriculum.MockSlot",
        of=("interview__learner",),
        taken=(Taken("mock-interviews.slots", via="interview"),),
    ),
    Line(
        "curriculum.MockMove",
        of=("interview__learner",),
        taken=(Taken("mock-interviews.moves", via="interview"),),
        loses=("moved_by",),
        stays=INTERVIEW,
    ),
    Line(
        "curriculum.MockScore",
        of=("interview__learner",),
        taken=(Taken("mock-interviews.scores", via="interview"),),
    ),
    Line(
        "curriculum.MockQuestion",
        of=("interview__learner",),
        taken=(Taken("mock-interviews.questions", via="interview", only=held),),
    ),
    Line(
        "curriculum.MockNote",
        of=("author", "interview__learner"),
        taken=(Taken("mock-notes", of=("author",)),),  # what one wrote; never what others did
    ),
    Line("curriculum.Asked", of=("learner",), taken=(Taken("asked", back=Back()),)),
    # Roles of one's own; those of the content have no owner.
    Line(
        "curriculum.Role",
        of=("owner",),
        taken=(
            Taken(
                "own-roles",
                back=Back(
                    put={"source": "advert", "retired_at": None},
                    shapes=dict.fromkeys(ROLE_LISTS, WORDS),
                    made_anew={"slug": own_slug},
                ),
            ),
        ),
    ),
    Line(
        "curriculum.Requirement",
        of=("role__owner",),
        taken=(Taken("own-roles.requirements", via="role", back=Back()),),
    ),
    Line(
        "curriculum.RequirementSkill",
        of=("requirement__role__owner",),
        taken=(Taken("own-roles.requirements.alternatives", via="requirement", back=Back()),),
    ),
)
add_content(
    "curriculum.Edition",
    "curriculum.FileEntry",
    "curriculum.SkillCategory",
    "curriculum.Skill",
    "curriculum.Question",
    "curriculum.Roadmap",
    "curriculum.Stage",
    "curriculum.Module",
    "curriculum.ModuleSkill",
    "curriculum.Resource",
    "curriculum.ResourceLink",
    "curriculum.Unit",
    "curriculum.UnitResource",
    "curriculum.Rung",
    "curriculum.Rubric",
    "curriculum.Criterion",
    "curriculum.Rating",
)
add_content("curriculum.Brief", named="unit__slug")


def notes(person: User) -> Iterator[tuple[str, str]]:
    """All notes of a person on one page, in the order of the roadmap."""
    own = list(person.notes.select_related("unit__module"))
    if own:
        texts = [f"## {note.unit}\n\n{note.unit.module}\n\n{note.text}" for note in own]
        yield "notes.md", "\n\n".join(["# Notes", *texts])


add_texts("notes", notes)
