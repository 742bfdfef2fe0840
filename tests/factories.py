"""Make one valid thing with one call; pass only what the test is about."""

import secrets
from datetime import timedelta
from itertools import count

from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from accounts import invitations, kinds, notices, profiles, share_links
from accounts.kinds import Kind
from accounts.models import (
    Cohort,
    CohortInvitation,
    Invitation,
    Mentorship,
    Notice,
    Part,
    ShareLink,
    User,
)
from curriculum import roles
from curriculum.models import (
    Enrollment,
    MockInterview,
    Module,
    Question,
    Resource,
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
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the app of staff


def make_user(name: str = "", **fields) -> User:
    """A person with a verified e-mail address and a profile; the handle is the name in small letters.

    Staff have an authenticator app as a second step, without which the administration stays closed.
    """
    name = name or f"Person {next(number)}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    is_public = fields.pop("is_public", False)
    user = User.objects.create_user(email, PASSWORD, **fields)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    profile = profiles.create(user, name=name)
    if is_public:
        profile.is_public = True
        profile.save()
    if user.is_staff:
        TOTP.activate(user, SECRET)
    return user


def make_mentorship(mentor: User, learner: User, **fields) -> Mentorship:
    return Mentorship.objects.create(mentor=mentor, learner=learner, **fields)


def make_cohort(*, organisers=(), mentors=(), learners=(), **fields) -> Cohort:
    """A live cohort in which these people take part."""
    n = next(number)
    cohort = Cohort.objects.create(**{"name": f"Cohort {n}", "slug": f"cohort-{n}"} | fields)
    parts = {Part.ORGANISER: organisers, Part.MENTOR: mentors, Part.LEARNER: learners}
    for part, people in parts.items():
        for person in people:
            cohort.memberships.create(person=person, part=part)
    return cohort


def make_cohort_invitation(cohort: Cohort, by: User, **fields) -> CohortInvitation:
    """An open link for one learner."""
    nonce = invitations.new_nonce()
    defaults = {
        "part": Part.LEARNER,
        "made_by": by,
        "nonce": nonce,
        "token_hash": invitations.hash_of(invitations.secret_from(nonce)),
        "expires_at": timezone.now() + timedelta(days=14),
    }
    return cohort.invitations.create(**defaults | fields)


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


def make_share_link(owner: User, **fields) -> tuple[ShareLink, str]:
    """A secret link that works for a month, and its token."""
    token = secrets.token_urlsafe(32)
    defaults = {
        "label": f"Employer {next(number)}",
        "token_hash": share_links.hash_of(token),
        "expires_at": timezone.now() + timedelta(days=30),
    }
    return owner.share_links.create(**defaults | fields), token


def make_notice(recipient: User, kind: Kind = kinds.CHECK_LOST, **fields) -> Notice:
    """A notice that nobody has read yet, of a kind that waits for the daily letter unless told."""
    facts = {"project": "Engine", "checks": "Tests"}
    key = fields.pop("key", f"fact {next(number)}")
    told_at = fields.pop("created_at", None)
    notice = notices.tell(
        recipient, kind, **{"key": key, "path": "/projects/", "facts": facts} | fields
    )
    if told_at:
        notice.created_at = told_at
        notice.save(update_fields=["created_at"])
    return notice


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


def make_resource(*units: Unit, **fields) -> Resource:
    """A resource at an address of its own; the units list it."""
    n = next(number)
    defaults = {
        "slug": f"resource-{n}",
        "title": f"Resource {n}",
        "url": f"https://pages-{n}.example.org/read",
        "kind": "docs",
        "publisher": "Somebody",
    }
    resource = Resource.objects.create(**defaults | fields)
    for unit in units:
        unit.reading.create(resource=resource, position=unit.reading.count() + 1)
    return resource


def make_skill(name: str = "", **fields) -> Skill:
    n = next(number)
    if "category" not in fields:
        fields["category"], _ = SkillCategory.objects.get_or_create(
            slug="programming", defaults={"title": "Programming", "position": 1}
        )
    defaults = {"slug": f"skill-{n}", "name": name or f"Skill {n}", "position": n}
    return Skill.objects.create(**defaults | fields)


def make_question(*skills: Skill, **fields) -> Question:
    """A theory question of medium difficulty about these skills."""
    n = next(number)
    defaults = {
        "slug": f"question-{n}",
        "format": Question.Format.THEORY,
        "difficulty": Question.Difficulty.MEDIUM,
        "position": n,
        "prompt": f"Why is it so in case {n}?",
        "outline": ["Because of this.", "And of that."],
        "follow_ups": ["And otherwise?"],
    }
    question = Question.objects.create(**defaults | fields)
    question.skills.set(skills)
    return question


def make_mock_interview(learner: User, interviewer: User, **fields) -> MockInterview:
    """One that the learner proposed, with a slot tomorrow and one the day after; agreed=moment agrees."""
    agreed = fields.pop("agreed", None)
    if agreed:
        fields |= {"state": "agreed", "starts_at": agreed}
    defaults = {"asked_by": learner, "formats": ["theory"], "minutes": 60}
    interview = MockInterview.objects.create(
        learner=learner, interviewer=interviewer, **defaults | fields
    )
    for days in (1, 2):
        interview.slots.create(starts_at=timezone.now() + timedelta(days=days, hours=1))
    return interview


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
