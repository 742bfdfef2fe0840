"""Cohorts: who may join, what a membership opens, and that leaving closes it at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from accounts import cohorts, invitations, mentorships, tasks
from accounts.models import Cohort, CohortInvitation, Part, Profile, User
from curriculum.models import Role
from portfolio.models import CheckRun, Project, Repository
from tests.factories import (
    enroll,
    make_check_run,
    make_cohort,
    make_cohort_invitation,
    make_own_role,
    make_project,
    make_unit,
    make_user,
)


@pytest.fixture
def mary(db):
    """Mentors a cohort and nobody by herself."""
    return make_user("Mary Okafor")


@pytest.fixture
def spring(ada, mary, katherine):
    return make_cohort(slug="spring", organisers=[katherine], mentors=[mary], learners=[ada])


def what_mary_sees(mary, ada):
    """Everything through which a mentor sees a learner."""
    return {
        "is_mentor": mentorships.is_mentor_of(mary, ada),
        "learners": ada in mentorships.learners_of(mary),
        "mentors": mary in mentorships.mentors_of(ada),
        "profile": Profile.objects.visible_to(mary).filter(user=ada).exists(),
        "her profile": Profile.objects.visible_to(ada).filter(user=mary).exists(),
        "projects": Project.objects.visible_to(mary).filter(owner=ada).exists(),
        "known": Project.objects.known_to(mary).filter(owner=ada).exists(),
        "mentored": Project.objects.mentored_by(mary).filter(owner=ada).exists(),
        "pool": Project.objects.in_pool_of(mary).filter(owner=ada).exists(),
        "repositories": Repository.objects.visible_to(mary).exists(),
        "runs": CheckRun.objects.visible_to(mary).exists(),
        "role": Role.objects.visible_to(mary).filter(owner=ada).exists(),
    }


@pytest.fixture
def engine(ada):
    enroll(ada, make_unit(), target_role=make_own_role(ada))
    project = make_project(ada, slug="engine")
    make_check_run(project)
    return project


def test_a_mentor_of_a_cohort_sees_its_learners_as_their_mentor(ada, mary, spring, engine):
    assert set(what_mary_sees(mary, ada).values()) == {True}
    assert not mentorships.is_mentor_of(ada, mary)


ENDS = {
    "the learner leaves": lambda spring: spring.memberships.filter(part="learner").update(
        left_at=timezone.now()
    ),
    "the mentor leaves": lambda spring: spring.memberships.filter(part="mentor").update(
        left_at=timezone.now()
    ),
    "the cohort is ended": lambda spring: cohorts.end(spring, by=make_user()),
    "its last day is over": lambda spring: Cohort.objects.update(
        ends_on=(timezone.now() - timedelta(days=1)).astimezone(UTC).date()
    ),
    "the mentor is shut out": lambda spring: User.objects.filter(memberships__part="mentor").update(
        is_active=False
    ),
    "the learner is shut out": lambda spring: User.objects.filter(
        memberships__part="learner"
    ).update(is_active=False),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_nothing_is_open_a_moment_later(end, ada, mary, spring, engine):
    end(spring)
    mary.refresh_from_db()
    ada.refresh_from_db()

    assert set(what_mary_sees(mary, ada).values()) == {False}


def test_two_cohorts_do_not_open_each_other(ada, mary, engine):
    make_cohort(learners=[ada])
    make_cohort(mentors=[mary])

    assert set(what_mary_sees(mary, ada).values()) == {False}


def test_learners_of_one_cohort_see_nothing_of_each_other(ada, mary, spring, engine):
    spring.memberships.filter(person=mary).update(part="learner")

    assert set(what_mary_sees(mary, ada).values()) == {False}


def test_an_organiser_sees_neither_projects_nor_profile(ada, mary, spring, engine):
    spring.memberships.filter(person=mary).update(part="organiser")

    assert set(what_mary_sees(mary, ada).values()) == {False}
    assert spring in Cohort.objects.run_by(mary)


def test_a_mentor_through_both_ways_is_one_mentor(ada, grace, spring):
    spring.memberships.create(person=grace, part="mentor")

    assert list(mentorships.learners_of(grace)) == [ada]
    assert mentorships.mentors_of(ada).count() == 2


def test_a_mentorship_outlives_the_cohort(ada, grace, spring, engine):
    spring.memberships.create(person=grace, part="mentor")
    cohorts.end(spring, by=grace)

    assert mentorships.is_mentor_of(grace, ada)
    assert not Project.objects.in_pool_of(grace).exists()


def test_the_last_day_counts_to_its_end_by_utc(spring, monkeypatch):
    Cohort.objects.update(ends_on="2026-11-25")
    for moment, is_live in [
        (datetime(2026, 11, 25, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 26, 0, 0, tzinfo=UTC), False),
    ]:
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        assert Cohort.objects.live().exists() == is_live
        assert Cohort.objects.get().is_live == is_live


# Made by staff


def test_staff_with_their_own_address_organise_it_themselves(katherine):
    cohort, invitation = cohorts.create(
        "Spring", by=katherine, organiser="KATHERINE.obi@example.org"
    )

    assert invitation is None
    assert cohorts.membership_of(katherine, cohort).part == Part.ORGANISER


def test_another_address_gets_a_letter_and_decides(katherine, eve):
    cohort, invitation = cohorts.create("Spring", by=katherine, organiser=eve.email)

    assert cohort.memberships.count() == 0
    assert cohorts.join(invitation, eve).part == Part.ORGANISER


def test_cohorts_of_one_name_get_addresses_of_their_own(katherine):
    slugs = [
        cohorts.create(name, by=katherine, organiser="o@example.org")[0].slug
        for name in ("Spring", "Spring", "New", "数学", "Join!")
    ]

    assert slugs == ["spring", "spring-2", "new-2", "cohort", "join-2"]


def test_a_name_can_be_changed_but_not_that_of_an_ended_cohort(spring, katherine):
    cohorts.change(spring, name="Summer")
    assert Cohort.objects.get().name == "Summer"
    assert Cohort.objects.get().slug == "spring"
    cohorts.end(spring, by=katherine)

    with pytest.raises(cohorts.Ended):
        cohorts.change(spring, name="Autumn")


def test_ending_twice_keeps_the_first_moment(spring, katherine, eve):
    first = cohorts.end(spring, by=katherine).ended_at

    assert cohorts.end(spring, by=eve).ended_at == first
    assert Cohort.objects.get().ended_by == katherine


# Ways in


def test_a_link_lets_in_as_many_as_it_says(spring, katherine):
    link = cohorts.invite_by_link(
        spring, by=katherine, part=Part.LEARNER, lifetime=timedelta(days=1), max_uses=2
    )
    cohorts.join(link, make_user())
    cohorts.join(link, make_user())

    with pytest.raises(cohorts.InvitationClosed):
        cohorts.join(link, make_user())
    assert CohortInvitation.objects.get().uses == 2
    assert not CohortInvitation.objects.get().is_open


def test_joining_twice_is_told_and_uses_nothing(ada, spring, katherine):
    link = make_cohort_invitation(spring, katherine, max_uses=5)

    with pytest.raises(cohorts.AlreadyMember) as already:
        cohorts.join(link, ada)

    assert already.value.membership.part == Part.LEARNER
    assert CohortInvitation.objects.get().uses == 0


def test_who_left_can_come_back_by_a_new_use(ada, spring, katherine):
    link = make_cohort_invitation(spring, katherine, max_uses=5)
    cohorts.leave(cohorts.membership_of(ada, spring), by=ada)

    assert cohorts.join(link, ada).is_active
    assert spring.memberships.filter(person=ada).count() == 2


CLOSED = {
    "withdrawn": lambda way: cohorts.withdraw(way),
    "expired": lambda way: CohortInvitation.objects.update(expires_at=timezone.now()),
    "used up": lambda way: CohortInvitation.objects.update(uses=1),
    "its cohort has ended": lambda way: cohorts.end(way.cohort, by=way.made_by),
    "its sender is shut out": lambda way: User.objects.filter(pk=way.made_by_id).update(
        is_active=False
    ),
}


@pytest.mark.parametrize("close", CLOSED.values(), ids=CLOSED.keys())
def test_a_closed_way_lets_nobody_in(close, spring, eve, katherine):
    secret = invitations.secret_of(make_cohort_invitation(spring, katherine))
    close(cohorts.find(secret))
    way = cohorts.find(secret)

    assert not way.is_open
    assert way not in CohortInvitation.objects.open()
    with pytest.raises(cohorts.InvitationClosed):
        cohorts.join(way, eve)
    assert cohorts.membership_of(eve, spring) is None


def test_the_secret_is_not_in_the_table(spring, katherine):
    way = make_cohort_invitation(spring, katherine)
    secret = invitations.secret_of(way)
    row = CohortInvitation.objects.filter(pk=way.pk).values().get()

    assert secret not in str(row)
    assert cohorts.find(secret) == way
    assert cohorts.find(way.token_hash) is None


def test_nobody_becomes_an_organiser_by_a_link(spring, katherine):
    with pytest.raises(cohorts.OnlyByLetter):
        cohorts.invite_by_link(
            spring, by=katherine, part=Part.ORGANISER, lifetime=timedelta(days=1), max_uses=1
        )
    with pytest.raises(IntegrityError):
        make_cohort_invitation(spring, katherine, part=Part.ORGANISER)


def test_an_address_with_an_open_invitation_gets_no_second_one(spring, katherine):
    ask = {"by": katherine, "part": Part.LEARNER, "lifetime": timedelta(days=1)}
    first = cohorts.invite_by_email(spring, ["a@example.org", "A@example.org"], **ask)
    again = cohorts.invite_by_email(spring, ["A@EXAMPLE.org", "b@example.org"], **ask)

    assert [way.email for way in first] == ["a@example.org"]
    assert [way.email for way in again] == ["b@example.org"]


def test_a_day_has_only_so_many_letters(spring, katherine, monkeypatch):
    monkeypatch.setattr(cohorts, "LETTERS_A_DAY", 3)
    ask = {"by": katherine, "part": Part.LEARNER, "lifetime": timedelta(days=1)}
    cohorts.invite_by_email(spring, ["a@example.org", "b@example.org"], **ask)

    with pytest.raises(cohorts.TooManyInvitations):
        cohorts.invite_by_email(spring, ["c@example.org", "d@example.org"], **ask)
    assert spring.invitations.count() == 2


# Letters


@pytest.mark.parametrize(
    ("part", "subject"),
    [
        (Part.LEARNER, "You are invited to learn with Spring & sons"),
        (Part.MENTOR, "You are invited to mentor in Spring & sons"),
        (Part.ORGANISER, "You are asked to organise Spring & sons"),
    ],
)
def test_a_letter_says_what_it_is_and_carries_the_link(part, subject, katherine):
    cohort = make_cohort(name="Spring & sons", about="Two hours a week.")
    [way] = cohorts.invite_by_email(
        cohort, ["linus@example.net"], by=katherine, part=part, lifetime=timedelta(days=7)
    )
    tasks.send_cohort_invitation(way.pk)
    tasks.send_cohort_invitation(way.pk)

    [letter] = mail.outbox
    assert letter.subject == subject
    assert letter.to == ["linus@example.net"]
    assert f"/cohorts/join/{invitations.secret_of(way)}/" in letter.body
    assert "Katherine Obi" in letter.body
    assert "Spring & sons" in letter.body
    assert "Two hours a week." in letter.body
    assert "Spring &amp; sons" in letter.alternatives[0].content


def test_no_letter_leaves_for_a_link_or_a_closed_way(spring, katherine):
    make_cohort_invitation(spring, katherine)
    closed = make_cohort_invitation(spring, katherine, email="a@example.org")
    cohorts.withdraw(closed)

    tasks.send_unsent_invitations()
    tasks.send_cohort_invitation(closed.pk)

    assert mail.outbox == []


def test_a_letter_that_was_lost_is_sent_by_the_scheduler(spring, katherine):
    make_cohort_invitation(spring, katherine, email="a@example.org")

    tasks.send_unsent_invitations()
    tasks.send_unsent_invitations()

    assert len(mail.outbox) == 1
