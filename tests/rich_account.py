"""Somebody with a row of every kind: what a takeout holds, and what deletion has to find.

A kind that nobody wrote a row of here gets one made up, from defaults and the rows there are; where the
database refuses that, `fill` says so, and the row is written here by hand.
"""

from datetime import date, timedelta
from itertools import product

from allauth.account.models import EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from accounts import blocks, kinds, notices, register, sealing, share_links, sightings
from accounts.models import Deletion, Digest, Letter, Takeout, User
from accounts.sightings import Thing
from curriculum import canvases, notes, own_resources, practice, study_sessions
from curriculum.models import Education, MockInterview
from portfolio.models import Access, DemoLink, Listing, Source
from tests.factories import (
    enroll,
    make_check_run,
    make_cohort,
    make_cohort_invitation,
    make_invitation,
    make_mentorship,
    make_own_role,
    make_project,
    make_question,
    make_review,
    make_skill,
    make_unit,
    make_user,
)

SECRET = "s3cret-of-the-rich-account"


def make_rich(person: User, mentor: User) -> None:
    """Rows of every kind for a person whom `mentor` guides, and who mentors somebody else."""
    learner = make_user(f"Learner of {person.pk}")
    stranger = make_user(f"Stranger to {person.pk}")
    skill = make_skill("Python")
    _make_learning(person, skill)
    project = _make_portfolio(person, mentor, skill)
    _make_mentoring(person, learner, skill)
    _make_interviews(person, mentor, learner)
    _make_together(person, mentor, learner, stranger)
    _make_account(person, mentor)
    resume = person.resumes.create(name="For the mill", headline="Builds what lasts.")
    person.defences.create(project=project)
    person.defences.create(resume=resume)
    person.stories.create(
        title="The leak", project=project, situation="It leaked.", themes=["failure", "data"]
    )
    fill(person)


def _make_learning(person, skill):
    unit, other = make_unit(slug=f"loops-{person.pk}"), make_unit()
    question = make_question(skill)
    design = make_question(format="system-design")
    own = make_own_role(person, skill, title="Engineer at the mill")
    enrollment = enroll(person, unit, target_role=own, weekly_hours=9, study_days="136")
    enrollment.aims.create(role=own)
    done = timezone.now() - timedelta(days=40)
    enrollment.completions.create(unit=unit, completed_at=done)
    enrollment.skips.create(unit=other, reason="I know it", skipped_at=done)
    notes.write(person, unit, "Off by one.\n\n**Again.**")
    own_resources.add(person, unit, title="Loops", url="https://example.org/loops")
    study_sessions.record(person, unit, minutes=45)
    study_sessions.start(person, unit)
    person.declarations.create(skill=skill, level=2)
    person.experience.create(field="data", months=18)
    Education.objects.create(learner=person, degree=1, subject="Physics")
    practice.settle(person, daily_cap=12, new_a_day=4, retention=91)
    card = practice.take(person, question)
    practice.reveal(card, "Because.", version=0)
    practice.grade(card, 3, version=0)
    person.cards.create(
        source="line/7", own_format="theory", own_prompt="Defend it.", own_outline=["So."]
    )
    canvases.write(person, design, {"framing": "Who decides?"}, ["Because of this."])
    person.exercise_results.create(question=question, outcome="part", minutes=30)
    person.asked.create(
        asked_on=date(2026, 3, 1), format="theory", skill=skill, words="Why?", place="Mill"
    )


def _make_portfolio(person, mentor, skill):
    project = make_project(person, slug="engine", title="Engine", problem="Bearings break.")
    repository = project.repositories.get()
    run = make_check_run(project, ("readme", "passed"), ("tests", "failed"), tree_sha="7e" * 20)
    Access.objects.create(repository=repository, sealed_token=sealing.seal(SECRET))
    DemoLink.objects.create(project=project, url="https://example.org/demo")
    Listing.objects.create(repository=repository, head_sha="a1" * 20)
    Source.objects.create(repository=repository, sha="b2" * 20, path="a.py", text="x = 1")
    project.claims.create(skill=skill, level=2, note="See a.py")
    repository.disputes.create(
        check_name="tests", tree_sha="7e" * 20, finding=run.findings.get(check_name="tests"),
        disputed_by=person, sentence="They are there.", ruling="accepted", ruled_by=mentor,
        ruled_at=timezone.now(), reason="So they are.",
    )  # fmt: skip
    review = _make_answer(project, mentor, skill, check_run=run)
    review.drafts.create(mentor=mentor, words={"body": "Half a word of the mentor's."})
    review.reports.create(reporter=person, reason="unfair", text="Not about the work.")
    return project


def _make_answer(project, reviewer, skill, **fields):
    """A review that went out, with one of everything below it."""
    review = make_review(
        project, status="submitted", verdict="approved", reviewer=reviewer, head_sha="a1" * 20,
        full_name="ada/engine", body="Well made.", submitted_at=timezone.now(), **fields,
    )  # fmt: skip
    review.moves.create(from_status="", to_status="submitted", moved_by=reviewer)
    review.scores.create(criterion="problem", value=3)
    review.endorsements.create(skill=skill, level=2)
    first = review.comments.create(
        author=reviewer, full_name="ada/engine", head_sha="a1" * 20, path="a.py", line=1,
        body="Why?", sent_at=timezone.now(),
    )  # fmt: skip
    review.comments.create(
        author=project.owner, answers=first, full_name="ada/engine", head_sha="a1" * 20,
        path="a.py", line=1, body="Because.", sent_at=timezone.now(),
    )  # fmt: skip
    review.comments.create(
        author=reviewer, full_name="ada/engine", head_sha="a1" * 20, path="b.py", line=2,
        body=f"A thought of {reviewer.profile} that was not sent.",
    )  # fmt: skip
    return review


def _make_mentoring(person, learner, skill):
    make_mentorship(mentor=person, learner=learner)
    project = make_project(learner, slug="wheels", title="Wheels")
    run = make_check_run(project, ("tests", "failed"), tree_sha="8e" * 20)
    review = _make_answer(project, person, skill, check_run=run)
    review.comments.update(resolved_at=timezone.now(), resolved_by=person)
    review.reports.create(reporter=learner, handled_at=timezone.now(), handled_by=person)
    review.reports.create(reporter=person, reason="copied", text="It is in a book.")
    project.repositories.get().disputes.create(
        check_name="tests", tree_sha="8e" * 20, disputed_by=learner, sentence="No.",
        ruling="rejected", ruled_by=person, ruled_at=timezone.now(),
    )  # fmt: skip
    asked = make_review(make_project(learner), question="Is it honest?")
    asked.drafts.create(mentor=person, words={"body": "Not sent yet."})
    person.snippets.create(title="Run it", text="Say how to run it.")
    person.private_notes.create(learner=learner, text="Shy; ask her about the data.")


def _make_interviews(person, mentor, learner):
    for answers, asks in [(person, mentor), (learner, person)]:
        interview = MockInterview.objects.create(
            learner=answers, interviewer=asks, asked_by=person, formats=["theory"]
        )
        interview.slots.create(starts_at=timezone.now() + timedelta(days=2))
        interview.moves.create(from_state="", to_state="proposed", moved_by=person)
        interview.questions.create(position=1, own_format="theory", own_prompt="Defend it.")
        interview.scores.create(format="theory", criterion="clarity", value=3)
        interview.private_notes.create(author=asks, text=f"What {asks.profile} noted.")


def _make_together(person, mentor, learner, stranger):
    mentor.private_notes.create(learner=person, text="What the mentor thinks for herself.")
    blocks.block(person, stranger)
    make_user(f"Blocker of {person.pk}").blocks_made.create(blocked=person)
    make_invitation(person, email=f"friend-of-{person.pk}@example.org", message="Guide me?")
    make_invitation(stranger, email=person.email)
    cohort = make_cohort(learners=[person], mentors=[mentor], organisers=[learner])
    make_cohort_invitation(cohort, person)
    make_cohort_invitation(cohort, mentor, email=person.email)
    old = make_cohort(learners=[learner], ended_at=timezone.now(), ended_by=person)
    old.memberships.update(left_at=timezone.now(), ended_by=person)
    make_mentorship(mentor=mentor, learner=stranger, ended_at=timezone.now(), ended_by=person)


def _make_account(person, mentor):
    told = notices.tell(
        person, kinds.REVIEW_ARRIVED, key="review 1", path="/projects/engine/", actor=mentor,
        facts={"project": "Engine", "verdict": "Approved"},
    )  # fmt: skip
    assert Letter.objects.filter(notice=told).exists()
    notices.choose(person, kinds.CHECK_LOST, kinds.Timing.NEVER)
    notices.tell(
        mentor, kinds.REVIEW_REQUESTED, key="review 2", path="/mentoring/", actor=person,
        facts={"project": "Engine"},
    )  # fmt: skip
    link, _token = share_links.make(person, "To Linus", timedelta(days=30))
    link.visits.create(visitor="browser", what="profile", thing="1", hour=timezone.now())
    digest = Digest.objects.create(recipient=person, day=timezone.localdate())
    Letter.objects.create(recipient=person, digest=digest)
    Letter.objects.create(address=person.email, sealed=sealing.seal("A code."))
    path = f"/mentoring/{person.profile.handle}/"
    sightings.record(mentor, [person.pk], Thing("learner", person.pk, str(person.profile)), path)
    sightings.record(person, [mentor.pk], Thing("profile", mentor.pk, "Grace"), "/@grace-halloran/")
    address = person.emailaddress_set.get()
    EmailConfirmation.objects.create(email_address=address, key=f"{SECRET}-{person.pk}")
    Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
    account = SocialAccount.objects.create(
        user=person, provider="github", uid=str(person.pk), extra_data={"login": "ada"}
    )
    SocialToken.objects.create(account=account, token=SECRET)
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session.create()
    UserSession.objects.create(
        user=person, session_key=session.session_key, ip="127.0.0.1", user_agent="Firefox"
    )
    person_kind = ContentType.objects.get_for_model(User)
    for user, words in [(mentor, f"Changed {person.email}"), (person, "Changed e-mail")]:
        LogEntry.objects.create(
            user=user, content_type=person_kind, object_id=str(person.pk),
            object_repr=str(person), action_flag=CHANGE, change_message=words,
        )  # fmt: skip
    in_two_weeks = timezone.now() + timedelta(days=14)
    Deletion.objects.create(person=person, grace_until=in_two_weeks, due_at=in_two_weeks)
    Takeout.objects.create(person=person, folder=f"folder-{person.pk}", status="failed")


# What is made up


def belonging_to(person: User, line: register.Line) -> models.QuerySet:
    """The rows of a line that go with a person."""
    mine = models.Q()
    for lookup in line.of:
        mine |= models.Q(**{lookup: person.pk})
    return line.rows._base_manager.filter(mine) if line.of else line.rows._base_manager.none()


def fill(person: User) -> None:
    """Make up a row of every kind that the person has none of."""
    lines = [line for line in register.LINES.values() if line.of]
    troubles = {}
    for _ in range(5):  # one may need another that comes later
        missing = [line for line in lines if not belonging_to(person, line).exists()]
        if not missing:
            return
        for line, text in product(missing, [f"made-up-{person.pk}", "1"]):
            if belonging_to(person, line).exists():
                continue
            try:
                with transaction.atomic():
                    line.rows._base_manager.create(**_made_up(line, person, text))
            except (DatabaseError, _NotYet) as error:
                troubles[line.model] = str(error)
    raise AssertionError(
        "tests/rich_account.py has no row of these and cannot make one up; please write one: "
        f"{ {line.model: troubles[line.model] for line in missing} }"
    )


class _NotYet(Exception):
    """A row that it hangs on is not there."""


def _made_up(line: register.Line, person: User, text: str) -> dict:
    made = {}
    for field in line.rows._meta.concrete_fields:
        if field.name in line.of and field.is_relation:
            made[field.name] = person
        elif (
            field.primary_key
            or field.has_default()
            or field.null
            or field.blank
            or field.has_db_default()
        ):
            continue
        elif field.is_relation:
            target = register.of_model(field.related_model)
            rows = belonging_to(person, target) if target.of else target.rows._base_manager.all()
            if not (found := rows.first()):
                raise _NotYet(f"it needs a {target.model}")
            made[field.name] = found
        else:
            made[field.name] = _value(field, text)
    return made


def _value(field: models.Field, text: str):
    if field.choices:
        return field.flatchoices[0][0]
    by_kind = {
        models.BooleanField: False,
        models.FloatField: 1.0,
        models.DateTimeField: timezone.now() + timedelta(days=1),
        models.DateField: date(2026, 3, 1),
        models.JSONField: {},
        models.URLField: "https://example.org/made-up",
    }
    for kind, value in by_kind.items():
        if isinstance(field, kind):
            return value
    if isinstance(field, models.IntegerField | models.DecimalField):
        return 1
    return text[: field.max_length or None]
