"""Fill an empty database with the demo's people and their projects.

Every step looks first whether it was done, so that a second start changes nothing and one that was
interrupted is finished. The password exists only here, and only where the demo runs.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import mentorships, profiles
from accounts.models import Invitation, Mentorship, User
from config.demo_stories import ADVERT, DECLARED, STORIES, Story
from curriculum import adverts, declarations, enrollments, roles
from curriculum.models import (
    Brief,
    Degree,
    Enrollment,
    Experience,
    Module,
    Role,
    Skill,
    SkillLevel,
    Unit,
    UnitCompletion,
)
from portfolio import access, check_runs, disputes, projects, reviews
from portfolio.connection import connect
from portfolio.github import links
from portfolio.github.client import GitHub
from portfolio.models import Project, Repository, Review

PASSWORD = "milepost-demo"
DOMAIN = "@example.org"

LONG_NAME = "Maximiliana Wolkenstein-Trostburg von und zu Hohenfreyberg"


class Command(BaseCommand):
    help = "Fill an empty database with the demo's people and projects."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMO:
            raise CommandError("This is not a demo: MILEPOST_DEMO is not set.")
        if User.objects.exclude(email__endswith=DOMAIN).exists():
            raise CommandError(
                "This database holds people who are not the demo's. "
                "The demo never mixes with them: give it a database of its own."
            )
        ada, grace, others = people()
        ada_learns(ada, grace)
        ada_declares(ada)
        ada_pastes_an_advert(ada)
        others_learn(others, grace)
        with connect() as github:
            for story in reversed(STORIES):  # lists show the newest first
                review(project(story, github), story, grace)
        connect_account(ada, "ada-nwosu")
        self.stdout.write(
            f"Demo: {User.objects.count()} people, {Project.objects.count()} projects."
        )


@transaction.atomic
def people() -> tuple[User, User, dict[str, User]]:
    """Everybody, by the first part of their address; those who are there already are left alone."""
    ada = person(
        "learner",
        "Ada Nwosu",
        headline="Five years in bike-share operations; learning to build forecasts a crew can act on.",
        about="I started with a spreadsheet that was wrong by ten in the morning.\n\n"
        "Now I want to know *why* it was wrong, and to ship the thing that is not.",
        is_public=True,
        time_zone="Europe/London",
    )
    grace = person(
        "mentor", "Grace Halloran", headline="Machine learning engineer, mentor on Thursdays."
    )
    person("organiser", "Katherine Obi", is_staff=True, is_superuser=True)
    others = {
        "newcomer": person("newcomer", "Mina Park"),
        "tomas": person("tomas", "Tomás Rivera", headline="Data analyst, moving to MLOps."),
        "finisher": person("finisher", "Yusuf Demir", headline="Every unit complete."),
        "long": person("long", LONG_NAME),
        "alan": person("alan", "Alan Oyelaran", headline="Research engineer."),
    }
    return ada, grace, others


def person(
    mailbox: str, name: str, *, is_staff: bool = False, is_superuser: bool = False, **face: Any
) -> User:
    email = mailbox + DOMAIN
    if user := User.objects.filter(email=email).first():
        return user
    user = User.objects.create_user(email, PASSWORD, is_staff=is_staff, is_superuser=is_superuser)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    profile = profiles.create(user, name=name)
    for field, value in face.items():
        setattr(profile, field, value)
    profile.save()
    return user


def ada_learns(ada: User, grace: User) -> None:
    """Half-way: seventeen modules behind her, two under way, an invitation from a second mentor.

    She studies on three days, was away for two weeks, and left out what she does at work anyway.
    """
    role = Role.objects.filter(slug="junior-ml-engineer").first()
    walk(
        ada,
        role=role,
        modules=17,
        extra=[(18, 2), (19, 3), (53, 1)],
        weeks=34,
        weekly_hours=8,
        study_days=(1, 3, 6),
        away=(14, 15),
        skipped={
            "dev-setup": "I do this at work every day.",
            "knn-and-naive-bayes": "Did this at university.",
        },
    )
    mentor(grace, ada)
    alan = User.objects.get(email="alan" + DOMAIN)
    if not Invitation.objects.filter(inviter=alan).exists():
        mentorships.invite(
            alan,
            ada.email,
            Invitation.Seeks.LEARNER,
            "I read your bike-share write-up. I could help you with the serving side.",
        )


@transaction.atomic
def ada_declares(ada: User) -> None:
    """Skills from her years in operations, which nothing else shows yet."""
    if ada.declarations.exists():
        return
    skills = {skill.slug: skill for skill in Skill.objects.filter(slug__in=DECLARED)}
    for slug, level in DECLARED.items():
        if slug in skills:
            declarations.declare(ada, skills[slug], SkillLevel(level))
    months = {Experience.Field.DATA.value: 18, Experience.Field.OTHER.value: 60}
    declarations.state_background(ada, months, Degree.BACHELOR, "Transport planning")


def ada_pastes_an_advert(ada: User) -> None:
    """A role of her own, as the matcher proposes it and she confirms it."""
    if ada.own_roles.exists():
        return
    skills = {skill.slug: skill for skill in Skill.objects.live()}
    names = ((skill.slug, skill.name, skill.aliases) for skill in skills.values())
    reading = adverts.read(ADVERT, adverts.vocabulary_of(names))
    asked = [
        roles.Asked(skills[found.slug], found.level, found.is_required, found.quote, found.choice)
        for found in reading.proposals
    ]
    if not asked:
        return
    description = roles.Description(
        title=reading.title,
        summary="Northgate Grid, found on their own page; open until the end of March.",
        min_years=reading.years.years if reading.years else 0,
        experience_note=reading.years.quote if reading.years else "",
        degree=reading.degree.degree if reading.degree else None,
        education_note=reading.degree.quote if reading.degree else "",
    )
    roles.keep(ada, description, asked)


def others_learn(others: dict[str, User], grace: User) -> None:
    walk(
        others["tomas"],
        role=Role.objects.filter(slug="mlops-engineer").first(),
        modules=38,
        weeks=60,
    )
    walk(others["finisher"], role=None, modules=999, weeks=80)
    walk(others["long"], role=None, modules=0, extra=[(1, 1)], weeks=1)
    for learner in ("tomas", "long", "newcomer"):
        mentor(grace, others[learner])


def mentor(mentor: User, learner: User) -> None:
    if not Mentorship.objects.between(mentor=mentor, learner=learner).exists():
        Mentorship.objects.create(mentor=mentor, learner=learner)


@transaction.atomic
def walk(
    learner: User,
    *,
    role: Role | None,
    modules: int,
    weeks: int,
    extra: Sequence[tuple[int, int]] = (),
    weekly_hours: int = enrollments.WEEKLY_HOURS,
    study_days: Sequence[int] = (),
    away: Collection[int] = (),
    skipped: Mapping[str, str] | None = None,
) -> None:
    """Enrol and complete the first `modules` modules, and the first units of some more.

    `extra` names modules by number and how many of their units; completions fill the study days of
    the last `weeks` weeks, but for those (so many weeks ago) that the learner was `away`.
    `skipped` holds modules and units by slug, each with the reason.
    """
    if Enrollment.objects.filter(learner=learner).exists():
        return
    enrollment = enrollments.enroll(learner, target_role=role, weekly_hours=weekly_hours)
    enrollments.study_on(enrollment, study_days)
    for slug, reason in (skipped or {}).items():
        for module in Module.objects.filter(slug=slug):
            enrollments.skip_module(enrollment, module, reason)
        for unit in Unit.objects.filter(slug=slug):
            enrollments.skip_unit(enrollment, unit, reason)
    live = Unit.objects.live().of(enrollment.roadmap)
    open_units = live.exclude(skips__enrollment=enrollment)
    units = list(open_units.filter(module__number__lte=modules))
    for number, count in extra:
        units += open_units.filter(module__number=number)[:count]
    moments = evenings(weeks, study_days or range(1, 8), away)
    done = list(accumulate(unit.minutes for unit in units))
    UnitCompletion.objects.bulk_create(
        UnitCompletion(
            enrollment=enrollment,
            unit=unit,
            completed_at=moments[(len(moments) - 1) * minutes // done[-1]]
            + timedelta(minutes=index % 60),
        )
        for index, (unit, minutes) in enumerate(zip(units, done, strict=True))
    )
    began = moments[0] - timedelta(days=1)
    Enrollment.objects.filter(pk=enrollment.pk).update(enrolled_at=began)
    enrollment.skips.update(skipped_at=began)


def evenings(weeks: int, days: Collection[int], away: Collection[int]) -> list[datetime]:
    """The evenings of study of the last weeks, the first one first; today is still to come."""
    today = timezone.localdate()
    past = [today - timedelta(days=number) for number in range(weeks * 7, 0, -1)]
    return [
        timezone.make_aware(datetime.combine(day, time(18, 30)))
        for day in past
        if day.isoweekday() in days and (today - day).days // 7 not in away
    ]


def project(story: Story, github: GitHub) -> Project:
    """One project, checked against the sample GitHub by the very code of the task."""
    owner = User.objects.get(email=story.owner + DOMAIN)
    brief = Brief.objects.filter(unit__slug=story.brief).first() if story.brief else None
    try:
        project = projects.start(owner, links.parse(story.link), title=story.title, brief=brief)
    except projects.AlreadyLinked as error:
        project = error.project
    else:
        for name, value in story.fields.items():
            setattr(project, name, value)
        project.save()
    repository = project.repositories.get()
    if not repository.check_runs.exists():
        if story.token:
            access.give(repository, story.token)
        check_run = check_runs.claim(check_runs.request(repository).pk)
        if check_run and story.token:
            with connect(token=story.token) as own:
                check_runs.execute(check_run, own)
        elif check_run:
            check_runs.execute(check_run, github)
    return project


def connect_account(user: User, login: str) -> None:
    """Link the account of this name on the sample GitHub, as signing in with it would have done."""
    if (
        settings.GITHUB_URL == "https://github.com"
        or SocialAccount.objects.filter(user=user).exists()
    ):
        return
    repositories = Repository.objects.filter(full_name__startswith=f"{login}/")
    if repository := repositories.exclude(owner_id=None).first():
        SocialAccount.objects.create(
            user=user,
            provider="github",
            uid=str(repository.owner_id),
            extra_data={"id": repository.owner_id, "login": login},
        )


def review(project: Project, story: Story, grace: User) -> None:
    """What was asked about a project, what Grace answered, and what its owner disputes."""
    check_run = reviews.latest_commit(project)
    disputed = check_run and check_run.findings.filter(check_name=story.disputed).first()
    if disputed and not project.repositories.get().disputes.exists():
        with contextlib.suppress(disputes.NotDisputable):
            disputes.raise_dispute(disputed, by=project.owner, sentence=story.because)
    if check_run is None or project.reviews.exists():
        return
    moment = timezone.now() - timedelta(days=story.days)
    if story.verdict:
        written = reviews.submit(
            project, reviewer=grace, verdict=story.verdict, body=story.review, check_run=check_run
        )
        Review.objects.filter(pk=written.pk).update(requested_at=moment, submitted_at=moment)
    elif story.question:
        asked = reviews.request(project, question=story.question)
        Review.objects.filter(pk=asked.pk).update(requested_at=moment)
