"""Make one valid thing with one call; pass only what the test is about."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from accounts import invitations, profiles
from accounts.models import Invitation, Mentorship, User
from curriculum import roles
from curriculum.models import (
    Enrollment,
    Module,
    Roadmap,
    Role,
    Skill,
    SkillCategory,
    Stage,
    Unit,
)
from portfolio.models import CheckRun, Project, Repository, Review

number = count(1)
PASSWORD = "correct-horse-battery"


def make_user(name: str = "", **fields) -> User:
    """A person with a verified e-mail address and a profile; the handle is the name in small letters."""
    name = name or f"Person {next(number)}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    is_public = fields.pop("is_public", False)
    user = User.objects.create_user(email, PASSWORD, **fields)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    profile = profiles.create(user, name=name)
    if is_public:
        profile.is_public = True
        profile.save()
    return user


def make_mentorship(mentor: User, learner: User, **fields) -> Mentorship:
    return Mentorship.objects.create(mentor=mentor, learner=learner, **fields)


def make_invitation(inviter: User, **fields) -> Invitation:
    """An open invitation to somebody's mailbox, its letter sent; seeks a mentor unless told."""
    nonce = invitations.new_nonce()
    defaults = {
        "seeks": Invitation.Seeks.MENTOR,
        "email": f"invited-{next(number)}@example.org",
        "nonce": nonce,
        "token_hash": invitations.hash_of(invitations.secret_from(nonce)),
        "expires_at": timezone.now() + timedelta(days=14),
        "sent_at": timezone.now(),
        "attempts": 1,
    }
    return Invitation.objects.create(inviter=inviter, **defaults | fields)


def make_stage(**fields) -> Stage:
    n = next(number)
    if "roadmap" not in fields:
        fields["roadmap"], _ = Roadmap.objects.get_or_create(
            slug="ml-engineer", defaults={"title": "Machine learning engineer"}
        )
    defaults = {"slug": f"stage-{n}", "title": f"Stage {n}", "position": n, "goal": "Know it."}
    return Stage.objects.create(**defaults | fields)


def make_module(*, after: Module | None = None, **fields) -> Module:
    """A module; after=other makes other its prerequisite."""
    n = next(number)
    if "stage" not in fields:
        fields["stage"] = after.stage if after else make_stage()
    defaults = {"slug": f"module-{n}", "title": f"Module {n}", "number": n, "summary": "About it."}
    module = Module.objects.create(**defaults | fields)
    if after:
        module.prerequisites.add(after)
    return module


def make_unit(**fields) -> Unit:
    n = next(number)
    if "module" not in fields:
        fields["module"] = make_module()
    defaults = {
        "slug": f"unit-{n}",
        "title": f"Unit {n}",
        "position": n,
        "kind": Unit.Kind.LESSON,
        "minutes": 60,
        "outcome": f"Do what unit {n} is about, without looking.",
        "summary": "Do it.",
    }
    return Unit.objects.create(**defaults | fields)


def make_skill(name: str = "", **fields) -> Skill:
    n = next(number)
    if "category" not in fields:
        fields["category"], _ = SkillCategory.objects.get_or_create(
            slug="programming", defaults={"title": "Programming", "position": 1}
        )
    defaults = {"slug": f"skill-{n}", "name": name or f"Skill {n}", "position": n}
    return Skill.objects.create(**defaults | fields)


def make_role(title: str = "", **fields) -> Role:
    n = next(number)
    defaults = {
        "slug": f"role-{n}",
        "title": title or f"Role {n}",
        "position": n,
        "family": "general",
        "seniority": "junior",
        "source": Role.Source.AUTHORED,
        "summary": "A job.",
    }
    return Role.objects.create(**defaults | fields)


def make_own_role(owner: User, *skills: Skill, title: str = "Hers", level: int = 2) -> Role:
    """A role of somebody's own that requires these skills, each as a clause of its own."""
    asked = [roles.Asked(skill, level, True) for skill in skills or [make_skill()]]
    return roles.keep(owner, roles.Description(title), asked)


def add_clause(role: Role, *alternatives: tuple[Skill, int], is_required: bool = True):
    """One more clause of a role: any one of these skills, each at its level."""
    position = role.requirements.filter(is_required=is_required).count() + 1
    clause = role.requirements.create(is_required=is_required, position=position)
    for skill, level in alternatives:
        clause.alternatives.create(skill=skill, level=level)
    return clause


def enroll(learner: User, unit: Unit | None = None, **fields) -> Enrollment:
    roadmap = unit.module.stage.roadmap if unit else make_stage().roadmap
    return Enrollment.objects.create(learner=learner, roadmap=roadmap, **fields)


def make_project(owner: User, **fields) -> Project:
    """A private project with one repository; repository="" makes none."""
    n = next(number)
    repository = fields.pop("repository", f"{owner.profile.handle}/project-{n}")
    defaults = {"owner": owner, "slug": f"project-{n}", "title": f"Project {n}"}
    project = Project.objects.create(**defaults | fields)
    if repository:
        Repository.objects.create(project=project, full_name=repository)
    return project


def make_check_run(project: Project, *outcomes: tuple[str, str], **fields) -> CheckRun:
    """A completed run; outcomes are pairs such as ("tests", "passed")."""
    run = CheckRun.objects.create(
        repository=project.repositories.get(),
        **{
            "status": "completed",
            "conclusion": "success",
            "head_sha": "a1" * 20,
            "full_name": project.repositories.get().full_name,
            "completed_at": fields.get("requested_at") or timezone.now(),
        }
        | fields,
    )
    for position, (name, outcome) in enumerate(outcomes):
        run.findings.create(
            check_name=name,
            position=position,
            outcome=outcome,
            state=outcome,
            confidence="high",
            summary=f"{name} {outcome}.",
        )
    return run


def make_review(project: Project, **fields) -> Review:
    return Review.objects.create(project=project, **fields)
