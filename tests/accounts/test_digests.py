"""The daily letter: at a person's own hour, once for each of their days, when there is news."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts import digests, kinds, notices, tasks
from accounts.kinds import Timing
from accounts.models import Digest, Letter, Notice, Profile
from tests.accounts.mailbox import delivered
from tests.factories import make_notice, make_user
from tests.together import at_once

#: Ada lives in London, where summer time begins on 29 March 2026 and ends on 25 October.
EVENING = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@pytest.fixture
def ada(ada):
    Profile.objects.filter(user=ada).update(time_zone="Europe/London")
    return ada


def at(moment):
    return time_machine.travel(moment, tick=False)


def hours_pass(clock, hours):
    """So many hours, in each of which the scheduler looks twice."""
    for _ in range(2 * hours):
        clock.shift(timedelta(minutes=30))
        tasks.write_due_digests()


def test_it_comes_at_seven_and_tells_what_is_unread(ada):
    with at(EVENING) as clock:
        make_notice(ada, facts={"project": "Engine", "checks": "Tests"})
        make_notice(ada, kinds.REVIEW_EXPIRED, facts={"project": "Wear <i>"})
        hours_pass(clock, 10)
        assert delivered() == []
        clock.move_to(datetime(2026, 11, 25, 7, 0, tzinfo=UTC))
        tasks.write_due_digests()
        [letter] = delivered()

    html = letter.alternatives[0].content
    assert letter.to == ["ada.nwosu@example.org"]
    assert letter.subject == (
        "2 notices: Nobody took your request for a review of “Wear <i>” in time"
    )
    assert "A check of “Engine” passed and no longer does: Tests" in letter.body
    assert letter.body.count("8000/notices/") == 3
    assert "Wear &lt;i&gt;" in html
    assert "<i>" not in html
    assert "daily_letter" in letter.message()["List-Unsubscribe"]


def test_it_comes_once_a_day_and_not_without_news(ada):
    with at(EVENING) as clock:
        make_notice(ada)
        hours_pass(clock, 72)
        assert len(delivered()) == 1
        make_notice(ada)
        hours_pass(clock, 48)

        assert len(delivered()) == 2
        assert list(Digest.objects.order_by("day").values_list("day__day", flat=True)) == [25, 28]


def test_what_happens_after_the_hour_waits_for_the_next_day(ada):
    with at(datetime(2026, 11, 25, 7, 1, tzinfo=UTC)) as clock:
        make_notice(ada)
        hours_pass(clock, 23)
        assert delivered() == []
        hours_pass(clock, 1)

        assert len(delivered()) == 1


def test_what_was_read_or_mailed_at_once_is_not_told(ada, grace):
    with at(EVENING) as clock:
        read = make_notice(ada)
        make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)
        notices.mark_read(ada, [read.pk])
        hours_pass(clock, 24)

        assert not Digest.objects.exists()
        assert len(delivered()) == 1


def test_what_ada_does_not_want_is_not_told_even_if_it_waited(ada):
    with at(EVENING) as clock:
        make_notice(ada)
        notices.choose(ada, kinds.CHECK_LOST, Timing.NEVER)
        hours_pass(clock, 24)

    assert not Digest.objects.exists()
    assert Notice.objects.unread().count() == 1


def test_nobody_without_a_verified_address_or_an_hour_or_an_account_gets_one(ada, eve, grace):
    ada.emailaddress_set.update(verified=False)
    Profile.objects.filter(user=eve).update(digest_hour=None)
    with at(EVENING) as clock:
        for person in (ada, eve, grace):
            make_notice(person)
        grace.is_active = False
        grace.save()
        hours_pass(clock, 24)

    assert not Digest.objects.exists()
    assert digests.make(eve.pk) is None


def test_a_scheduler_that_was_away_at_the_hour_makes_it_late_and_once(ada):
    Profile.objects.filter(user=ada).update(digest_hour=23)
    with at(datetime(2026, 11, 24, 22, 0, tzinfo=UTC)) as clock:
        make_notice(ada)
        clock.move_to(datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
        hours_pass(clock, 3)

        assert str(Digest.objects.get().day) == "2026-11-24"


@pytest.mark.parametrize(
    ("zone", "hour", "told", "sent"),
    [
        ("Europe/London", 7, "2026-03-28T12:00Z", "2026-03-29T06:00Z"),  # first day of summer time
        ("Europe/London", 7, "2026-10-24T12:00Z", "2026-10-25T07:00Z"),  # and the last
        ("Europe/London", 1, "2026-03-28T12:00Z", "2026-03-29T01:00Z"),  # an hour that is left out
        ("Europe/London", 1, "2026-10-24T12:00Z", "2026-10-25T00:00Z"),  # one that comes twice
        ("America/New_York", 2, "2026-03-07T12:00Z", "2026-03-08T07:00Z"),
        ("Asia/Kathmandu", 7, "2026-11-24T12:00Z", "2026-11-25T01:15Z"),
        ("Pacific/Kiritimati", 0, "2026-11-24T09:00Z", "2026-11-24T10:00Z"),
        ("Nowhere/Atall", 7, "2026-11-24T12:00Z", "2026-11-25T07:00Z"),
    ],
)
def test_the_hour_is_that_of_adas_clock_on_the_days_when_clocks_change_too(
    ada, zone, hour, told, sent
):
    Profile.objects.filter(user=ada).update(time_zone=zone, digest_hour=hour)
    sent = datetime.fromisoformat(sent)
    with at(datetime.fromisoformat(told)) as clock:
        make_notice(ada)
        clock.move_to(sent - timedelta(minutes=1))
        tasks.write_due_digests()
        assert not Digest.objects.exists()
        clock.move_to(sent)
        tasks.write_due_digests()
        tasks.write_due_digests()
        assert Digest.objects.count() == 1
        make_notice(ada, created_at=sent - timedelta(minutes=1))
        hours_pass(clock, 10)
        assert Digest.objects.count() == 1, "the same day"
        hours_pass(clock, 15)

    assert Digest.objects.count() == 2


def test_a_person_who_moves_round_the_world_gets_no_second_one_within_twelve_hours(ada):
    Profile.objects.filter(user=ada).update(time_zone="Pacific/Auckland")
    with at(EVENING) as clock:
        make_notice(ada)
        hours_pass(clock, 24)
        sent = Digest.objects.get().created_at
        make_notice(ada)
        Profile.objects.filter(user=ada).update(time_zone="Pacific/Honolulu")
        hours_pass(clock, 48)

    moments = sorted(Digest.objects.values_list("created_at", flat=True))
    assert moments[0] == sent
    assert moments[1] - moments[0] >= digests.APART


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_write_one():
    ada = make_user("Ada Nwosu")
    make_notice(ada, created_at=datetime.now(UTC) - timedelta(days=2))

    at_once(*[lambda: digests.make(ada.pk)] * 4)

    assert Digest.objects.count() == Letter.objects.count() == 1


def test_a_long_one_lists_thirty_and_counts_the_rest(ada):
    with at(EVENING) as clock:
        for n in range(33):
            make_notice(ada, facts={"project": f"p{n}", "checks": "Tests"})
        hours_pass(clock, 12)
        [letter] = delivered()

    assert letter.body.count("* A check of") == 30
    assert "And 3 more." in letter.body
    assert "And 3 more." in letter.alternatives[0].content


def test_one_whose_notices_are_gone_is_not_sent(ada, grace):
    with at(EVENING) as clock:
        make_notice(grace, kinds.REVIEW_REQUESTED, actor=ada)
        hours_pass(clock, 12)
        notices.forget_about(ada, recipient=grace)

        assert delivered() == []
        assert Letter.objects.get().trouble == "the notices are gone"


def test_what_was_told_is_not_told_again_when_old_rows_are_removed(ada):
    with at(EVENING) as clock:
        make_notice(ada)
        hours_pass(clock, 12)
        clock.shift(timedelta(days=100))
        delivered()
        tasks.forget_old()
        hours_pass(clock, 24)

    assert Digest.objects.count() == 1


def test_who_is_due_is_asked_in_one_query(ada, grace, eve, django_assert_num_queries):
    with at(EVENING) as clock:
        for person in (ada, grace, eve):
            make_notice(person)
        clock.shift(timedelta(hours=12))
        with django_assert_num_queries(1):
            assert set(digests.due()) == {ada.pk, grace.pk, eve.pk}
