"""Ada and Grace agree on a mock interview: one moment, by both clocks, whatever is pressed at once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from accounts import blocks, cohorts, mentorships
from accounts.models import Notice, Sighting
from curriculum import calendar_files, mock_interviews, tasks
from curriculum.mock_interviews import (
    BadSlots,
    Busy,
    ChangedMeanwhile,
    NotTogether,
    SlotOver,
    TooMany,
)
from curriculum.models import MockInterview
from tests.factories import make_cohort, make_mentorship, make_mock_interview, make_user
from tests.together import at_once

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def zoned(user, name):
    user.profile.time_zone = name
    user.profile.save()
    return user


def partner(user, key):
    return next(each for each in mock_interviews.partners_of(user) if each.key == key)


def ask(ada, key="by:grace-halloran", *hours, **fields):
    slots = [timezone.now() + timedelta(hours=n) for n in hours or (30, 54)]
    said = {"formats": ["theory"], "slots": slots} | fields
    return mock_interviews.propose(ada, partner(ada, key), **said)


def told(user):
    return [notice.words for notice in Notice.objects.of(user).unread()]


def states(interview):
    return [move.to_state for move in mock_interviews.moves_of(interview)]


def again(interview):
    return MockInterview.objects.get(pk=interview.pk)


# Whom one may ask


def test_a_mentor_asks_and_a_learner_is_asked_and_strangers_are_not_there(ada, grace, eve):
    assert [each.key for each in mock_interviews.partners_of(ada)] == ["by:grace-halloran"]
    assert [each.key for each in mock_interviews.partners_of(grace)] == ["of:ada-nwosu"]
    assert mock_interviews.partners_of(eve) == []


def test_a_peer_is_listed_once_they_said_that_they_may_be_asked(ada, eve, as_user):
    make_cohort(learners=[ada, eve])
    assert mock_interviews.partners_of(ada) == []

    as_user(eve).post("/mock-interviews/peers/", {"welcome": "yes"})

    assert [each.key for each in mock_interviews.partners_of(ada)] == [
        "by:eve-moreau", "of:eve-moreau",
    ]  # fmt: skip
    assert mock_interviews.partners_of(eve) == []
    as_user(eve).post("/mock-interviews/peers/", {"welcome": "no"})
    assert mock_interviews.partners_of(ada) == []


def test_a_block_a_left_cohort_and_a_closed_account_take_people_off_the_list(ada, grace, eve):
    cohort = make_cohort(learners=[ada, eve])
    mock_interviews.welcome_peers(eve, True)
    interview = ask(ada, "by:eve-moreau")

    cohorts.leave(cohort.memberships.get(person=eve), by=eve)
    assert [each.key for each in mock_interviews.partners_of(ada)] == ["by:grace-halloran"]
    assert not mock_interviews.may_meet(ada, eve)
    blocks.block(grace, ada)
    assert mock_interviews.partners_of(ada) == []
    with pytest.raises(NotTogether):
        mock_interviews.agree(interview, interview.slots.first().pk, by=eve)


# Agreeing


def test_from_a_proposal_to_an_appointment(ada, grace, clock):
    zoned(ada, "America/New_York")
    interview = ask(ada, wish="Trade-offs.")

    assert told(grace) == ["Ada Nwosu proposes a mock interview: ML theory"]
    mock_interviews.agree(again(interview), interview.slots.first().pk, by=grace)

    agreed = again(interview)
    assert (agreed.state, agreed.starts_at) == ("agreed", NOW + timedelta(hours=30))
    assert states(agreed) == ["proposed", "agreed"]
    assert told(grace) == []
    when = "Friday 27 November, 10:00 EST (America/New_York)"
    assert told(ada) == [f"Grace Halloran agreed to a mock interview: {when}"]


def test_nobody_says_yes_to_their_own_proposal(ada, grace, clock):
    interview = ask(ada)

    with pytest.raises(ChangedMeanwhile):
        mock_interviews.agree(interview, interview.slots.first().pk, by=ada)

    assert again(interview).is_proposed


def test_of_two_tabs_the_second_changes_nothing(ada, grace, clock):
    interview = ask(ada)
    first, second = interview.slots.all()
    tabs = [again(interview), again(interview)]
    mock_interviews.agree(tabs[0], second.pk, by=grace)

    with pytest.raises(ChangedMeanwhile) as meanwhile:
        mock_interviews.agree(tabs[1], first.pk, by=grace)

    assert meanwhile.value.interview.starts_at == second.starts_at
    assert states(interview) == ["proposed", "agreed"]


def test_a_page_that_comes_second_says_what_holds(ada, grace, clock, as_user):
    interview = ask(ada)
    first, second = interview.slots.all()
    path = f"/mock-interviews/{interview.pk}/agree/"
    as_user(grace).post(path, {"slot": second.pk, "version": 1})

    page = as_user(grace).post(path, {"slot": first.pk, "version": 1}, follow=True)

    assert "This was agreed on meanwhile: Saturday 28 November, 15:00 UTC" in page.text


def test_a_slot_of_an_earlier_proposal_is_not_taken(ada, grace, clock):
    interview = ask(ada)
    old = interview.slots.first()
    later = [timezone.now() + timedelta(hours=80)]
    mock_interviews.propose_others(again(interview), later, by=ada)

    with pytest.raises(ChangedMeanwhile):
        mock_interviews.agree(interview, old.pk, by=grace)
    assert again(interview).is_proposed


def test_a_moment_that_has_passed_is_not_taken(ada, grace, clock):
    interview = ask(ada, "by:grace-halloran", 1, 30)
    clock.shift(timedelta(hours=2))

    with pytest.raises(SlotOver):
        mock_interviews.agree(interview, interview.slots.first().pk, by=grace)


def test_nobody_is_in_two_interviews_at_one_time(ada, grace, clock):
    alan = make_user("Alan Oyelaran")
    make_mentorship(mentor=grace, learner=alan)
    make_mock_interview(alan, grace, agreed=NOW + timedelta(hours=29, minutes=30))
    interview = ask(ada)

    with pytest.raises(Busy) as busy:
        mock_interviews.agree(interview, interview.slots.first().pk, by=grace)
    assert busy.value.person == grace

    mock_interviews.agree(again(interview), interview.slots.last().pk, by=grace)


@pytest.mark.django_db(transaction=True)
def test_both_sides_at_once_leave_one_state_and_its_moves():
    """Grace takes one time, and another in a second tab, while Ada proposes others."""
    ada, grace = make_user("Ada Nwosu"), make_user("Grace Halloran")
    make_mentorship(mentor=grace, learner=ada)
    interview = ask(ada)
    first, second = (slot.pk for slot in interview.slots.all())
    others = [timezone.now() + timedelta(hours=99)]

    def tried(action, *args, by):
        def run():
            try:
                action(again(interview), *args, by=by)
            except ChangedMeanwhile:
                return None
            return action.__name__

        return run

    done = at_once(
        tried(mock_interviews.agree, first, by=grace),
        tried(mock_interviews.agree, second, by=grace),
        tried(mock_interviews.propose_others, others, by=ada),
    )

    names = [name for name in done if name]
    assert names.count("agree") <= 1
    now = again(interview)
    assert len(states(now)) == 1 + len(names)
    assert states(now)[-1] == now.state
    assert now.version == 1 + len(names)
    assert bool(now.starts_at) == now.is_agreed


# Changing and calling off


def test_other_times_void_what_was_agreed_and_wait_for_the_other(ada, grace, clock):
    interview = ask(ada)
    mock_interviews.agree(interview, interview.slots.first().pk, by=grace)

    mock_interviews.propose_others(again(interview), [NOW + timedelta(hours=70)], by=ada)

    changed = again(interview)
    assert (changed.state, changed.starts_at, changed.sequence) == ("proposed", None, 2)
    assert told(grace) == ["Mock interview with Ada Nwosu: other times are proposed"]
    mock_interviews.agree(changed, changed.slots.get().pk, by=grace)
    assert again(interview).sequence == 3


def test_either_calls_it_off_with_a_word_that_the_other_reads(ada, grace, clock, as_user):
    interview = ask(ada)
    mock_interviews.agree(interview, interview.slots.first().pk, by=grace)

    as_user(grace).post(
        f"/mock-interviews/{interview.pk}/cancel/", {"version": 2, "reason": "I am ill."}
    )

    assert states(interview) == ["proposed", "agreed", "cancelled"]
    assert told(ada) == ["Mock interview with Grace Halloran: it is cancelled"]
    assert "“I am ill.”" in as_user(ada).get(interview.get_absolute_url()).text


def test_what_is_over_is_not_changed_any_more(ada, grace, clock):
    interview = ask(ada)
    mock_interviews.cancel(again(interview), by=ada)

    for action in (
        lambda: mock_interviews.cancel(interview, by=grace),
        lambda: mock_interviews.propose_others(again(interview), [NOW + timedelta(1)], by=ada),
        lambda: mock_interviews.meet_at(interview, "Here", by=ada),
    ):
        with pytest.raises(ChangedMeanwhile):
            action()
    assert states(interview) == ["proposed", "cancelled"]


def test_the_database_knows_no_other_moves(ada, grace):
    interview = make_mock_interview(ada, grace)

    with pytest.raises(IntegrityError, match="mock_move_is_legal"), transaction.atomic():
        interview.moves.create(from_state="held", to_state="proposed")
    with pytest.raises(IntegrityError, match="agreed_has_a_moment"), transaction.atomic():
        MockInterview.objects.update(state="agreed")


@pytest.mark.parametrize(
    "slots",
    [[], [1, 1], [1, 2, 3, 4, 5, 6], [-1], [24 * 91]],
    ids=["none", "twice", "six", "past", "too far"],
)
def test_one_to_five_moments_that_are_still_to_come(ada, grace, clock, slots):
    with pytest.raises(BadSlots):
        ask(ada, slots=[NOW + timedelta(hours=n) for n in slots])

    assert not MockInterview.objects.exists()


def test_ten_proposals_without_an_answer_are_enough(ada, grace, clock):
    for _ in range(mock_interviews.MOST_PROPOSED):
        ask(ada)

    with pytest.raises(TooMany):
        ask(ada)


# What the clock does


def test_both_are_reminded_once_a_day_before(ada, grace, clock):
    zoned(grace, "Asia/Tokyo")
    interview = ask(ada)
    mock_interviews.agree(interview, interview.slots.last().pk, by=grace)
    Notice.objects.all().delete()

    tasks.keep_mock_interviews()
    assert told(ada) == []
    clock.shift(timedelta(hours=31))
    tasks.keep_mock_interviews()
    tasks.keep_mock_interviews()

    assert told(ada) == ["Mock interview with Grace Halloran: Saturday 28 November, 15:00 UTC"]
    assert told(grace) == [
        "Mock interview with Ada Nwosu: Sunday 29 November, 00:00 JST (Asia/Tokyo)"
    ]


def test_who_agreed_within_the_last_day_is_not_reminded(ada, grace, clock):
    interview = ask(ada, "by:grace-halloran", 5)
    mock_interviews.agree(interview, interview.slots.get().pk, by=grace)
    Notice.objects.all().delete()
    clock.shift(timedelta(hours=1))

    tasks.keep_mock_interviews()

    assert not Notice.objects.exists()


def test_what_nobody_took_expires_and_both_hear_of_it(ada, grace, clock):
    interview = ask(ada)
    clock.shift(timedelta(hours=40))
    tasks.keep_mock_interviews()
    assert again(interview).is_proposed

    clock.shift(timedelta(hours=20))
    tasks.keep_mock_interviews()

    assert again(interview).state == "expired"
    assert told(ada) == ["Mock interview with Grace Halloran: no time was taken"]


def test_a_block_ends_what_is_open_and_says_no_more_than_that(ada, grace, clock):
    interview = ask(ada)
    mock_interviews.agree(interview, interview.slots.first().pk, by=grace)
    blocks.block(ada, grace)

    tasks.keep_mock_interviews()

    assert again(interview).state == "cancelled"
    assert told(grace) == ["Mock interview with Ada Nwosu: it is cancelled"]
    assert [move.moved_by for move in mock_interviews.moves_of(interview)][-1] is None


def test_an_ended_mentorship_ends_what_is_open(ada, grace, clock):
    interview = ask(ada)
    mentorships.end(grace.mentorships_as_mentor.get(), ada)

    tasks.keep_mock_interviews()

    assert again(interview).state == "cancelled"


# The pages


def proposal(**fields):
    return {
        "partner": "by:grace-halloran", "formats": ["coding", "theory"], "minutes": "45",
        "time_1": "2026-12-01T18:30",
    } | fields  # fmt: skip


def test_times_are_typed_by_ones_own_clock_and_read_by_both(ada, grace, clock, as_user):
    zoned(ada, "America/New_York")
    zoned(grace, "Europe/London")
    as_user(ada).post("/mock-interviews/new/", proposal(time_2="2026-12-02T20:00"))

    interview = MockInterview.objects.get()
    assert [slot.starts_at for slot in interview.slots.all()] == [
        datetime(2026, 12, 1, 23, 30, tzinfo=UTC),
        datetime(2026, 12, 3, 1, 0, tzinfo=UTC),
    ]
    assert (interview.formats, interview.minutes) == (["coding", "theory"], 45)
    page = as_user(grace).get(interview.get_absolute_url()).text
    assert "Thursday 3 December, 01:00 GMT (Europe/London)" in page
    assert "Wednesday 2 December, 20:00 EST (America/New_York) for Ada Nwosu" in page


def test_a_time_that_does_not_exist_is_refused_with_its_neighbours(ada, grace, as_user):
    zoned(ada, "Europe/London")
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        page = as_user(ada).post(
            "/mock-interviews/new/", proposal(time_1="2027-03-28T01:30", place="Room 4")
        )

    assert page.status_code == 422
    assert "The clock skips this time that night. Take 00:30 or 02:30." in page.text
    assert 'value="2027-03-28T01:30"' in page.text
    assert 'value="Room 4"' in page.text
    assert not MockInterview.objects.exists()


def test_of_a_time_that_comes_twice_it_is_asked_which(ada, grace, as_user):
    zoned(ada, "Europe/London")
    said = proposal(time_1="2026-10-25T01:30")
    with time_machine.travel(datetime(2026, 10, 1, tzinfo=UTC), tick=False):
        page = as_user(ada).post("/mock-interviews/new/", said)
        assert page.status_code == 422
        assert "25 October, 01:30 BST (UTC+0100)" in page.text
        assert not MockInterview.objects.exists()
        second = "2026-10-25T01:30:00+00:00"
        assert second in page.text
        as_user(ada).post("/mock-interviews/new/", said | {"which_1": second})

    slot = MockInterview.objects.get().slots.get()
    assert slot.starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"time_1": ""}, "This field is required"),
        ({"time_1": "soon"}, "Write a day and a time"),
        ({"time_1": "0001-01-01T00:00"}, "Write a day and a time"),
        ({"time_1": "2026-12-01T18:30+14:00"}, "Write a day and a time"),
        ({"time_1": "2026-11-26T08:59"}, "This has passed already"),
        ({"time_1": "2027-11-26T08:59"}, "more than 90 days ahead"),
        ({"time_2": "2026-12-01 18:30"}, "This stands above already"),
        ({"partner": "by:eve-moreau"}, "Choose somebody of the list"),
        ({"formats": ["shouting"]}, "shouting is not one of the available choices"),
        ({"formats": []}, "Choose at least one format"),
        ({"minutes": "600"}, "600 is not one of the available choices"),
        ({"wish": "x\u202ey"}, "leave out characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ada, grace, eve, clock, as_user, fields, words):
    page = as_user(ada).post("/mock-interviews/new/", proposal(**fields))

    assert page.status_code == 422
    assert words in page.text
    assert not MockInterview.objects.exists()


def test_every_state_shows_to_both_and_to_nobody_else(ada, grace, eve, katherine, clock, as_user):
    interview = ask(ada)
    address = interview.get_absolute_url()
    assert "Take it" in as_user(grace).get(address).text
    assert "Take it<" not in as_user(ada).get(address).text
    as_user(grace).post(f"{address}agree/", {"slot": interview.slots.first().pk, "version": 1})
    as_user(ada).post(f"{address}place/", {"version": 2, "place": "https://meet.example/x?a=<b>"})
    for person in (ada, grace):
        page = as_user(person).get(address).text
        assert "Put it into your calendar" in page
        assert 'href="https://meet.example/x?a=&lt;b&gt;"' in page
    for person in (eve, katherine):
        assert as_user(person).get(address).status_code == 404
    assert Sighting.objects.get().kind == "interview"  # Grace's look at Ada's


def test_a_place_is_a_link_only_where_it_is_an_address(ada, grace):
    for place, url in [
        ("https://meet.example/a", "https://meet.example/a"), ("Room 4", ""),
        ("javascript:alert(1)", ""), ("http://meet.example/", ""), ("https://a b", ""),
    ]:  # fmt: skip
        assert MockInterview(place=place).place_url == url


def test_home_says_it_today_and_tomorrow_and_not_before(ada, grace, clock, as_user):
    interview = make_mock_interview(ada, grace, agreed=NOW + timedelta(days=2, hours=1))
    assert "Mock interview</b>" not in as_user(ada).get("/").text

    clock.shift(timedelta(days=1))
    assert "Grace Halloran interviews you" in as_user(ada).get("/").text
    assert "You interview Ada Nwosu" in as_user(grace).get("/").text
    clock.shift(timedelta(days=1, hours=1, minutes=59))
    assert "now, since" in as_user(ada).get("/").text
    clock.shift(timedelta(minutes=2))
    assert interview.get_absolute_url() not in as_user(ada).get("/").text


def test_the_list_costs_the_same_for_one_as_for_many(
    ada, grace, clock, as_user, django_assert_max_num_queries
):
    def fill():
        make_mock_interview(ada, grace)
        make_mock_interview(ada, grace, asked_by=grace)
        make_mock_interview(ada, grace, agreed=NOW + timedelta(days=1))
        make_mock_interview(ada, grace, state="cancelled")

    client = as_user(ada)
    client.get("/mock-interviews/")
    for _ in range(3):
        fill()
        with django_assert_max_num_queries(22):
            assert client.get("/mock-interviews/").status_code == 200


# The file


def event_of(interview, reader):
    calendar = Calendar.from_ical(calendar_files.text_of(interview, reader))
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_a_file_for_the_calendar_stays_one_entry_through_every_change(ada, grace, clock, as_user):
    interview = ask(ada)
    mock_interviews.agree(interview, interview.slots.first().pk, by=grace)
    calendar, first = event_of(again(interview), ada)
    assert calendar["METHOD"] == "PUBLISH"
    assert first.start == NOW + timedelta(hours=30)
    assert first.end - first.start == timedelta(minutes=60)
    assert (first["SEQUENCE"], first["STATUS"]) == (1, "CONFIRMED")
    assert b"DTSTART:20261127T150000Z" in calendar_files.text_of(again(interview), ada)

    mock_interviews.propose_others(again(interview), [NOW + timedelta(hours=99)], by=grace)
    calendar, gone = event_of(again(interview), ada)
    assert (calendar["METHOD"], gone["SEQUENCE"], gone["STATUS"]) == ("CANCEL", 2, "CANCELLED")

    mock_interviews.agree(again(interview), again(interview).slots.get().pk, by=ada)
    _, moved = event_of(again(interview), ada)
    assert (moved["SEQUENCE"], moved["UID"]) == (3, first["UID"])
    mock_interviews.cancel(again(interview), by=ada)
    response = as_user(grace).get(f"/mock-interviews/{interview.pk}/interview.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=CANCEL"
    assert b"SEQUENCE:4" in response.content
    assert b"example.org" not in response.content.replace(b"mailto", b"")  # nobody's address


@pytest.mark.parametrize(
    "name",
    ["Eve\r\nATTENDEE:mailto:x@example.org", 'E;v,e\\n:"', "Eve\u2028X", "Ève 😀" * 15, "a" * 80],
)
def test_no_name_gets_out_of_its_line(ada, grace, clock, name):
    interview = make_mock_interview(ada, grace, agreed=NOW, wish=name, place=name)
    type(grace.profile).objects.update(name=name)
    text = calendar_files.text_of(again(interview), ada)

    lines = text.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not [line for line in lines if line.startswith(("ATTENDEE", "mailto"))]
    _, event = event_of(again(interview), ada)
    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "ORGANIZER", "SUMMARY",
        "DESCRIPTION", "URL", "LOCATION",
    }  # fmt: skip
