from curriculum.models.declarations import Declaration, Degree, Education, Experience
from curriculum.models.enrollments import Enrollment, UnitCompletion, UnitSkip
from curriculum.models.practice import Question
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

__all__ = [
    "Brief",
    "Criterion",
    "Declaration",
    "Degree",
    "Education",
    "Enrollment",
    "Experience",
    "Module",
    "ModuleSkill",
    "Question",
    "Rating",
    "Requirement",
    "RequirementSkill",
    "Resource",
    "Roadmap",
    "Role",
    "Rubric",
    "Rung",
    "Skill",
    "SkillCategory",
    "SkillLevel",
    "Stage",
    "Unit",
    "UnitCompletion",
    "UnitResource",
    "UnitSkip",
]
