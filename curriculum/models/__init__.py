from curriculum.models.content import Edition, FileEntry
from curriculum.models.declarations import Declaration, Degree, Education, Experience
from curriculum.models.enrollments import Aim, Enrollment, UnitCompletion, UnitSkip
from curriculum.models.mock_interviews import (
    MockInterview,
    MockMove,
    MockNote,
    MockQuestion,
    MockScore,
    MockSlot,
)
from curriculum.models.notes import Note
from curriculum.models.own_resources import OwnResource
from curriculum.models.practice import (
    Asked,
    Attempt,
    Canvas,
    Card,
    ExerciseResult,
    ExerciseSolution,
    Format,
    Practice,
    Question,
)
from curriculum.models.resource_links import ResourceLink
from curriculum.models.roadmap import (
    Brief,
    Module,
    ModuleSkill,
    Resource,
    Roadmap,
    Stage,
    Unit,
    UnitResource,
)
from curriculum.models.roles import Requirement, RequirementSkill, Role, Rung
from curriculum.models.rubrics import Criterion, Rating, Rubric
from curriculum.models.skills import Skill, SkillCategory, SkillLevel
from curriculum.models.study_sessions import StudySession

__all__ = [
    "Aim",
    "Asked",
    "Attempt",
    "Brief",
    "Canvas",
    "Card",
    "Criterion",
    "Declaration",
    "Degree",
    "Edition",
    "Education",
    "Enrollment",
    "ExerciseResult",
    "ExerciseSolution",
    "Experience",
    "FileEntry",
    "Format",
    "MockInterview",
    "MockMove",
    "MockNote",
    "MockQuestion",
    "MockScore",
    "MockSlot",
    "Module",
    "ModuleSkill",
    "Note",
    "OwnResource",
    "Practice",
    "Question",
    "Rating",
    "Requirement",
    "RequirementSkill",
    "Resource",
    "ResourceLink",
    "Roadmap",
    "Role",
    "Rubric",
    "Rung",
    "Skill",
    "SkillCategory",
    "SkillLevel",
    "Stage",
    "StudySession",
    "Unit",
    "UnitCompletion",
    "UnitResource",
    "UnitSkip",
]
