"""Fill an empty database with the demo's people and their projects.

Every step looks first whether it was done, so that a second start changes nothing and one that was
interrupted is finished. The password exists only here, and only where the demo runs.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import cohorts, mentorships, profiles, share_links, takeouts
from accounts.models import Cohort, Invitation, Letter, Mentorship, Notice, Part, User
from config.demo_keeping import NOTES, OWN_RESOURCES, REOPENED, STUDY_SESSIONS
from config.demo_pictures import error_by_hour
from config.demo_practice import ANSWERS, ASKED, DESIGN, TOLD
from config.demo_resume import APPLICATION, CAREER, LINES, NO_PROOF
from config.demo_stories import ADVERT, DECLARED, SHARED, STORIES, FirstRound, Story
from curriculum import (
    adverts,
    canvases,
    declarations,
    enrollments,
    mock_interviews,
    mock_sheets,
    own_resources,
    recall,
    roles,
)
from curriculum.mock_sheets import FollowUp, Sheet
from curriculum.models import (
    Brief,
    Degree,
    Enrollment,
    Experience,
    MockInterview,
    Module,
    Question,
    Role,
    Skill,
    SkillLevel,
    Unit,
    UnitCompletion,
)
from portfolio import (
    access,
    check_runs,
    comments,
    contributions,
    defences,
    disputes,
    images,
    measurements,
    projects,
    resumes,
    reviews,
    sources,
)
from portfolio.connection import connect
from portfolio.github import links
from portfolio.github.client import GitHub
from portfolio.github.links import Link
from portfolio.models import Comment, Project, Repository, Resume, ResumeLine, Review, Section
from portfolio.models import Story as StarStory

PASSWORD = "milepost-demo"
DOMAIN = "@example.org"
FIRST_DAYS_AGO, BETWEEN = 20, 5  # when the projects were started: before anybody asked or answered

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
        ada_keeps(ada)
        ada_practises(ada)
        others_learn(others, grace)
        they_meet(ada, grace, others)
        with connect() as github:
            for story in STORIES:
                review(project(story, github), story, grace)
            ada_contributes(ada, github)
        grace_declares(grace)
        ada_tells(ada)
        ada_illustrates(ada)
        ada_defends(ada)
        they_interview(ada, grace, others)
        ada_shares(ada)
        connect_account(ada, "ada-nwosu")
        ada_applies(ada)
        ada_takes_out(ada)
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
        is_indexed=True,
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
        "lena": person("lena", "Lena Fischer", headline="Chemist, between two jobs."),
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


def ada_takes_out(ada: User) -> None:
    """Everything about her as a file, ready to be fetched."""
    if ada.takeouts.exists():
        return
    if takeout := takeouts.claim(takeouts.ask(ada).pk):
        takeouts.pack(takeout)


def grace_declares(grace: User) -> None:
    """What she looks for in the queue."""
    for skill in Skill.objects.filter(slug__in=["model-evaluation", "time-series"]):
        if not grace.declarations.filter(skill=skill).exists():
            declarations.declare(grace, skill, SkillLevel.PRACTITIONER)


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


@transaction.atomic
def ada_keeps(ada: User) -> None:
    """Notes, links of her own and study time, and a unit that she opened again."""
    if ada.notes.exists():
        return
    now = timezone.now()
    units = {unit.slug: unit for unit in Unit.objects.live()}
    for slug, (days, text) in NOTES.items():
        ada.notes.create(unit=units[slug], text=text, written_at=now - timedelta(days=days))
    for slug, title, url, why in OWN_RESOURCES:
        own_resources.add(ada, units[slug], title=title, url=url, why=why)
    for days, slug, minutes in STUDY_SESSIONS:
        moment = now - timedelta(days=days)
        ada.study_sessions.create(
            unit=units[slug], day=timezone.localdate(moment), minutes=minutes, recorded_at=moment
        )
    slug, done, reopened = REOPENED
    ada.enrollments.get().completions.create(
        unit=units[slug],
        completed_at=now - timedelta(weeks=done),
        reopened_at=now - timedelta(weeks=reopened),
    )


@transaction.atomic
def ada_practises(ada: User) -> None:
    """Five weeks of cards, some of them due today; a design begun; a log of two interviews."""
    if ada.cards.exists():
        return
    now, today = timezone.now(), timezone.localdate()
    questions = {question.slug: question for question in Question.objects.live()}
    given = []
    for slug, answers in ANSWERS.items():
        if slug not in questions:
            continue
        memory, wait = recall.Memory(), timedelta()
        card = ada.cards.create(question=questions[slug])
        for number, (days, confidence, written) in enumerate(answers, start=1):
            day, moment = today - timedelta(days=days), now - timedelta(days=days)
            memory, wait = recall.answer(memory, confidence, day, recall.scheduler(0.9))
            given.append(
                card.attempts.model(
                    card=card, number=number, written=written, confidence=confidence, day=day,
                    revealed_at=moment, answered_at=moment, before={},
                )
            )  # fmt: skip
        card.phase, card.step = memory.phase, memory.step
        card.stability, card.difficulty = memory.stability, memory.difficulty
        card.last_on, card.due_on = memory.last_on, (memory.last_on or today) + wait
        card.version = len(answers)
        card.save()
    in_turn = sorted(given, key=lambda attempt: attempt.answered_at or now)
    for turn, attempt in enumerate(in_turn, start=1):
        attempt.turn = turn
        attempt.save()
    slug, parts, covered = DESIGN
    if slug in questions:
        canvases.write(ada, questions[slug], parts, questions[slug].outline[:covered])
    for days, format, skill, words, place, note in ASKED:
        ada.asked.create(
            asked_on=today - timedelta(days=days), format=format, words=words, place=place, note=note,
            skill=Skill.objects.filter(slug=skill).first(),
        )  # fmt: skip


@transaction.atomic
def ada_tells(ada: User) -> None:
    """Two stories, the second without its end."""
    if StarStory.objects.owned_by(ada).exists():
        return
    for title, project, themes, *parts in TOLD:
        told = dict(zip(StarStory.PARTS, parts, strict=True))
        about = Project.objects.owned_by(ada).filter(title=project).first()
        StarStory.objects.create(owner=ada, title=title, project=about, themes=themes, **told)


def ada_contributes(ada: User, github: GitHub) -> None:
    """Two pull requests to somebody else's library, one of them merged."""
    try:
        project = contributions.start(
            ada, Link("mei-tanaka", "tidyframe"), 7, title="tidyframe: gaps in time series",
            summary="Mended false alarms on the two days a year on which clocks jump.",
        )  # fmt: skip
        contributions.add(project, Link("mei-tanaka", "tidyframe"), 11)
    except contributions.AlreadyThere as error:
        project = error.project
    Project.objects.filter(pk=project.pk).update(
        visibility=Project.Visibility.PUBLIC, created_at=timezone.now() - timedelta(days=60)
    )
    for contribution_id in contributions.due():
        if contribution := contributions.claim(contribution_id):
            contributions.execute(contribution, github)


def ada_illustrates(ada: User) -> None:
    """A picture in the case study of her best project."""
    project = Project.objects.owned_by(ada).filter(measurements__isnull=False).earliest("pk")
    if not project.images.exists():
        images.add(
            project,
            error_by_hour(),
            alt="Bars of the mean error by hour: the forecast is lower at every hour, most at 9 and 18.",
            caption="Mean error by the hour of the day, in bikes per hour, on the last four weeks.",
        )


@transaction.atomic
def ada_defends(ada: User) -> None:
    """Her two best projects."""
    if not ada.defences.exists():
        for project in Project.objects.owned_by(ada).filter(visibility="public")[:2]:
            defences.begin(project)


@transaction.atomic
def they_interview(ada: User, grace: User, others: dict[str, User]) -> None:
    """One that Grace has to answer, one for tomorrow, one of last week, and peers who may be asked."""
    for key in ("tomas", "lena"):
        mock_interviews.welcome_peers(others[key], True)
    mock_interviews.welcome_peers(ada, True)
    if MockInterview.objects.exists():
        return
    evening = timezone.localtime().replace(hour=18, minute=30, second=0, microsecond=0)
    slots = [evening + timedelta(days=days) for days in (3, 5, 9)]
    asks = {each.key: each for each in mock_interviews.partners_of(ada)}
    mock_interviews.propose(
        ada, asks[f"by:{grace.profile.handle}"], formats=["system-design", "behavioural"],
        slots=slots, minutes=60, wish="I run out of time before I get to monitoring.",
    )  # fmt: skip
    mock_interviews.propose(
        ada, asks[f"of:{others['lena'].profile.handle}"], formats=["theory"], slots=slots[:2],
        minutes=45,
    )  # fmt: skip
    mock_interviews.propose(
        others["tomas"], next(
            each for each in mock_interviews.partners_of(others["tomas"])
            if each.person == ada and each.asks
        ), formats=["coding"], slots=slots[1:], minutes=45, place="https://meet.example.org/tomas",
    )  # fmt: skip
    tomorrow = mock_interviews.propose(
        grace, next(each for each in mock_interviews.partners_of(grace) if each.person == ada),
        formats=["theory", "coding"], slots=[evening + timedelta(days=1)], minutes=60,
        place="https://meet.example.org/thursday",
    )  # fmt: skip
    mock_interviews.agree(tomorrow, tomorrow.slots.get().pk, by=ada)
    past = mock_interviews.propose(
        grace, next(each for each in mock_interviews.partners_of(grace) if each.person == ada),
        formats=["coding", "theory"], slots=[evening + timedelta(days=2)], minutes=60,
    )  # fmt: skip
    held(mock_interviews.agree(past, past.slots.get().pk, by=ada), grace)


def held(interview: MockInterview, grace: User) -> None:
    """An interview of last week: scored, noted, and two cards out of it."""
    moment = timezone.now() - timedelta(days=7)
    MockInterview.objects.filter(pk=interview.pk).update(starts_at=moment)
    interview.refresh_from_db()
    scores = {
        (format, criterion["slug"]): 2 + number % 3 % 2 + (format == "coding")
        for format, rubric in interview.rubrics.items()
        for number, criterion in enumerate(rubric.get("criteria", ()))
    }
    planned = list(interview.questions.all())
    sheet = Sheet(
        scores=scores,
        shared_note="Strength: you test before I ask; the empty list came from you.\n\nTo change: when I asked "
        "why L1 gives zeros, you named the corner and stopped. Draw it, then say what it does to the bias.",
        private_note="Ask about trade-offs next time; she is quicker when she may draw.",
        follow_ups=[planned[0].pk] if planned else [],
        own=[
            FollowUp(
                "theory",
                "Draw why an L1 penalty sets weights to zero and an L2 penalty does not.",
                ("Contours of the loss meet a corner of the diamond", "The circle has no corners",
                 "At zero the slope of the penalty does not vanish for L1"),
            )
        ],
    )  # fmt: skip
    mock_sheets.share(interview, sheet, by=grace, version=interview.sheet_version)
    Notice.objects.filter(key__startswith=f"mock interview {interview.pk} ").update(
        created_at=moment, read_at=moment
    )


@transaction.atomic
def ada_shares(ada: User) -> None:
    """Links for three employers: one looked twice, one not yet, and one was revoked."""
    if ada.share_links.exists():
        return
    now = timezone.now()
    for label, days, visits in SHARED:
        link, _ = share_links.make(ada, label, timedelta(days=days))
        link.made_at = now - timedelta(days=max([1, *(ago for ago, _, _ in visits)]), hours=2)
        link.save()
        for ago, what, title in visits:
            project = ada.projects.filter(title=title).first()
            at = now - timedelta(days=ago, minutes=ago * 7)
            link.visits.create(
                visitor="demo", what=what, thing=str(project.pk if project else ada.profile.pk),
                words=title, visited_at=at, hour=at.replace(minute=0, second=0, microsecond=0),
            )  # fmt: skip
    share_links.revoke(link)


@transaction.atomic
def ada_applies(ada: User) -> None:
    """Two résumés that share every fact, one of them published, and what they say."""
    if Resume.objects.owned_by(ada).exists():
        return
    role = Role.objects.filter(slug="junior-ml-engineer").first()
    resume = resumes.create(ada, name="Junior ML engineer", role=role)
    Resume.objects.filter(pk=resume.pk).update(**APPLICATION)
    ada.resume_entries.exclude(section=Section.PROJECTS).delete()
    for section, entry, lines in CAREER:
        said: dict[str, Any] = dict.fromkeys(resumes.SAID_OF_ENTRY, "") | {"keywords": []} | entry
        written = resumes.write_entry(resume, said, section=section)
        for words in lines:
            resumes.write_line(resume, written, {"words": words} | NO_PROOF)
    for title, skill, words in LINES:
        about = ResumeLine.objects.filter(entry__owner=ada, entry__title=title)
        line = about.filter(claim__skill__slug=skill).first()
        if line:
            line.words = words
            line.save()
    for line in ResumeLine.objects.filter(entry__owner=ada).exclude(contribution=None):
        resumes.put_in(resume, line)
    resumes.publish(resume)
    defences.begin(resume)
    analyst = Role.objects.filter(slug="mlops-engineer").first()
    resumes.copy(Resume.objects.get(pk=resume.pk), name="Operations first", role=analyst)


def others_learn(others: dict[str, User], grace: User) -> None:
    walk(
        others["tomas"],
        role=Role.objects.filter(slug="mlops-engineer").first(),
        modules=38,
        weeks=60,
    )
    walk(others["finisher"], role=None, modules=999, weeks=80)
    walk(others["long"], role=None, modules=0, extra=[(1, 1)], weeks=1)
    walk(others["lena"], role=None, modules=5, weeks=12, away=(0, 1, 2))
    for learner in ("tomas", "long", "newcomer"):
        mentor(grace, others[learner])


def they_meet(ada: User, grace: User, others: dict[str, User]) -> None:
    """A cohort that Katherine organises, with an open link for more learners."""
    if Cohort.objects.exists():
        return
    katherine = User.objects.get(email="organiser" + DOMAIN)
    first = timezone.localdate() - timedelta(weeks=6)
    cohort, _ = cohorts.create(
        "Thursday study group",
        by=katherine,
        organiser=katherine.email,
        about="Two hours every Thursday evening, until everybody has one project that stands.",
        starts_on=first,
        ends_on=first + timedelta(weeks=26),
    )
    learners = [ada, *(others[key] for key in ("tomas", "finisher", "newcomer", "lena"))]
    mentors = [grace, others["alan"]]
    for part, people in ((Part.MENTOR, mentors), (Part.LEARNER, learners)):
        link = cohorts.invite_by_link(
            cohort, by=katherine, part=part, lifetime=timedelta(days=30), max_uses=12
        )
        for somebody in people:
            cohorts.join(link, somebody)


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
    enrollment.aims.update(aimed_at=began)
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
        days_ago = FIRST_DAYS_AGO + BETWEEN * STORIES.index(story)  # lists show the newest first
        project.created_at = timezone.now() - timedelta(days=days_ago, hours=3)
        project.save()
    repository = project.repositories.get()
    for slug, level in story.claims.items():
        for skill in Skill.objects.filter(slug=slug):
            project.claims.get_or_create(skill=skill, defaults={"level": level})
    if not project.measurements.exists():
        for number in story.numbers:
            measurements.write(project, asdict(number) | {"repository": repository})
    if not repository.check_runs.exists():
        if story.token:
            access.give(repository, story.token)
        if story.first:
            first_round(project, story.first, github)
        check(repository, story, github)
    return project


def check(repository: Repository, story: Story | FirstRound, github: GitHub) -> None:
    check_run = check_runs.claim(check_runs.request(repository).pk)
    token = getattr(story, "token", "")
    if check_run and token:
        with connect(token=token) as own:
            check_runs.execute(check_run, own)
    elif check_run:
        check_runs.execute(check_run, github)


def first_round(project: Project, story: FirstRound, github: GitHub) -> None:
    """The review of an earlier commit, with a comment on a line of it."""
    grace = User.objects.get(email="mentor" + DOMAIN)
    repository = project.repositories.get()
    repository.ref = "first-try"
    repository.save(update_fields=["ref"])
    check(repository, story, github)
    if looked := reviews.latest_commit(project):
        asked = reviews.claim(reviews.request(project, question=story.question), grace)
        for listing in sources.want(asked):
            sources.fetch(listing, github)
            listing.refresh_from_db()
            text = sources.texts_of(listing, [story.path])[story.path].text
            line = next(n for n, words in enumerate(text.splitlines(), 1) if story.line in words)
            comments.write(
                asked, grace, listing=listing, path=story.path, line=line,
                severity=Comment.Severity.MUST_FIX, body=story.comment,
            )  # fmt: skip
        answered = reviews.submit(
            project, reviewer=grace, review=asked, verdict=Review.Verdict.CHANGES_REQUESTED,
            check_run=looked, must_fix=story.must_fix, strength=story.strength,
            scores=story.scores,
        )  # fmt: skip
        date_back(answered, story.days)
    repository.refresh_from_db()
    repository.ref = ""
    repository.save(update_fields=["ref"])


def date_back(review: Review, days: int) -> None:
    """Have a review asked for so many days ago, and answered two days later."""
    asked_at = timezone.now() - timedelta(days=days)
    answered_at = asked_at + timedelta(days=2)
    dates = {"requested_at": asked_at}
    if review.submitted_at:
        dates["submitted_at"] = answered_at if review.is_asked else asked_at
    Review.objects.filter(pk=review.pk).update(**dates)
    review.moves.filter(to_status=Review.Status.REQUESTED).update(moved_at=asked_at)
    later = review.moves.exclude(to_status=Review.Status.REQUESTED)
    later.update(moved_at=answered_at if review.is_asked else asked_at)


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
    if check_run is None or project.reviews.count() > (1 if story.first else 0):
        return
    asked = reviews.request(project, question=story.question) if story.question else None
    if story.verdict:
        claims = {claim.skill.slug: claim for claim in reviews.claimable_skills(project)}
        written = reviews.submit(
            project, reviewer=grace, review=asked, verdict=story.verdict, check_run=check_run,
            body=story.review, strength=story.strength, idea=story.idea, scores=story.scores,
            endorsed={claims[slug]: level for slug, level in story.endorsed.items()},
        )  # fmt: skip
        if story.first:
            Comment.objects.filter(review__project=project).update(
                resolved_at=written.submitted_at, resolved_by=grace
            )
        date_back(written, story.days)
    elif asked:
        date_back(asked, story.days)


def told(key: str, moment: datetime) -> None:
    """Put what was told into the past: what is old was read, and no letter of it leaves."""
    notices = Notice.objects.filter(key=key)
    Letter.objects.filter(notice__in=notices).delete()
    is_old = timezone.now() - moment > timedelta(days=7)
    notices.update(created_at=moment, read_at=moment if is_old else None)
