"""What members are told of cohorts, and how they stop it."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts import blocks, cohorts, kinds, notices, tasks
from accounts.kinds import Timing
from accounts.models import Notice, Part
from portfolio import reviews
from tests.factories import (
    make_check_run,
    make_cohort,
    make_cohort_invitation,
    make_mentorship,
    make_notice,
    make_project,
    make_user,
)

INVITED, JOINED = kinds.COHORT_INVITED, kinds.COHORT_JOINED


@pytest.fixture
def spring(grace):
    return make_cohort(name="Spring", slug="spring", organisers=[grace])


def invite(cohort, by, email, part=Part.LEARNER):
    [way] = cohorts.invite_by_email(cohort, [email], by=by, part=part, lifetime=timedelta(days=7))
    tasks.send_cohort_invitation(way.pk)
    return way


def test_a_member_is_told_on_the_site_and_by_a_letter_that_can_be_stopped(
    eve, grace, spring, as_user
):
    way = invite(spring, grace, eve.email)

    assert eve.notices.get().words == "Grace Halloran invites you to “Spring” as learner"
    [letter] = mail.outbox
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/unsubscribe/" in letter.body
    page = as_user(eve).get("/cohorts/").content.decode()
    assert cohorts.invitations.cohort_link(way) in page


def test_who_is_no_member_gets_a_letter_without_a_link_to_stop(grace, spring):
    invite(spring, grace, "linus@example.net")

    [letter] = mail.outbox
    assert "List-Unsubscribe" not in letter.extra_headers
    assert "/unsubscribe/" not in letter.body + letter.alternatives[0].content


def test_who_wants_no_letter_gets_none_and_is_told_on_the_site(eve, grace, spring):
    notices.choose(eve, INVITED, Timing.NEVER)

    way = invite(spring, grace, eve.email)
    tasks.send_unsent_invitations()

    way.refresh_from_db()
    assert way.sent_at
    assert mail.outbox == []
    assert eve.notices.get().kind == INVITED.code


def test_who_was_blocked_invites_to_no_effect_and_does_not_see_it(eve, grace, spring, as_user):
    make_mentorship(mentor=grace, learner=eve)
    blocks.block(eve, grace)

    way = invite(spring, grace, eve.email)

    way.refresh_from_db()
    assert way.sent_at
    assert mail.outbox == []
    assert not Notice.objects.filter(kind=INVITED.code).exists()
    assert "You are invited" not in as_user(eve).get("/cohorts/").content.decode()


def test_a_name_with_a_line_break_makes_no_header(grace):
    cohort = make_cohort(name="Spring\r\nBcc: all@example.org")

    invite(cohort, grace, "linus@example.net")

    assert "\n" not in mail.outbox[0].subject


def test_the_invitation_is_done_with_once_joined_or_withdrawn(eve, grace, spring):
    cohorts.join(invite(spring, grace, eve.email), eve)
    assert not eve.notices.unread().exists()

    linus = make_user("Linus")
    cohorts.withdraw(invite(spring, grace, linus.email))
    assert not linus.notices.unread().exists()


def test_an_organiser_is_told_who_joined_and_nobody_else_is(ada, eve, grace, katherine, spring):
    spring.memberships.create(person=ada, part=Part.MENTOR)
    cohorts.join(make_cohort_invitation(spring, katherine), eve)

    [notice] = Notice.objects.filter(kind=JOINED.code)
    assert notice.recipient == grace
    assert notice.words == "Eve Moreau joined “Spring” as learner"
    assert notice.timing == Timing.DAILY
    assert notice.path == "/cohorts/spring/"


def test_an_organiser_is_told_nothing_of_what_learners_do(eve, grace, spring):
    spring.memberships.create(person=eve, part=Part.LEARNER)
    spring.memberships.create(person=make_user("Mary Okafor"), part=Part.MENTOR)
    project = make_project(eve)
    make_check_run(project)

    reviews.request(project)

    assert not grace.notices.exists()


@pytest.mark.parametrize("ends", ["learner leaves", "mentor leaves", "cohort ends"])
@pytest.mark.parametrize("otherwise", [False, True], ids=["by cohort alone", "by mentorship too"])
def test_what_a_mentor_has_not_read_goes_with_the_end(ends, otherwise, ada, eve, katherine):
    cohort = make_cohort(mentors=[eve], learners=[ada])
    if otherwise:
        make_mentorship(mentor=eve, learner=ada)
    make_notice(eve, kinds.REVIEW_REQUESTED, actor=ada)

    if ends == "cohort ends":
        cohorts.end(cohort, by=katherine)
    else:
        person = ada if ends == "learner leaves" else eve
        cohorts.leave(cohort.memberships.get(person=person), by=person)

    assert eve.notices.filter(kind=kinds.REVIEW_REQUESTED.code).exists() is otherwise
