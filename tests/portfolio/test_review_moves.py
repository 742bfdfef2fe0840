"""The states of a review: what may follow what, who may do it, and that every move is written down."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Mentorship
from portfolio import reviews
from portfolio.models import Draft, Move, Review
from portfolio.reviews import (
    NoMentor,
    NoRenewalLeft,
    NotOpen,
    NotYourLearner,
    NotYours,
    Taken,
    TooMany,
)
from tests.factories import (
    enroll,
    make_check_run,
    make_mentorship,
    make_project,
    make_skill,
    make_unit,
    make_user,
)

STATUSES = list(Review.Status)
#: What a row needs to be in each state.
FACTS = {
    "claimed": {"claimed_at": timezone.now(), "lease_until": timezone.now() + timedelta(hours=1)},
    "submitted": {
        "verdict": "approved", "body": "Good.", "head_sha": "a1" * 20, "submitted_at": timezone.now(),
    },
    "withdrawn": {"withdrawn_at": timezone.now()},
}  # fmt: skip


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, title="Engine", slug="engine")
    make_check_run(project)
    return project


@pytest.fixture
def asked(engine):
    return reviews.request(engine, question="Is the split honest?")


@pytest.fixture
def alan(ada):
    """Another mentor of Ada's."""
    alan = make_user("Alan Oyelaran")
    make_mentorship(mentor=alan, learner=ada)
    return alan


def judged(project, reviewer, **fields):
    words = {"verdict": "approved", "body": "Good.", "check_run": reviews.latest_commit(project)}
    return reviews.submit(project, reviewer=reviewer, **words | fields)


def path_of(review):
    return [(move.from_status, move.to_status, move.moved_by) for move in review.moves.all()]


def let_lapse(review):
    Review.objects.filter(pk=review.pk).update(lease_until=timezone.now())


# The machine


@pytest.mark.parametrize(("before", "after"), list(product(STATUSES, STATUSES)))
def test_the_database_knows_the_same_moves(engine, before, after):
    review = Review.objects.create(project=engine, status=before, **FACTS.get(before, {}))
    clean = {"claimed_at": None, "lease_until": None, "verdict": "", "submitted_at": None,
             "withdrawn_at": None}  # fmt: skip

    def move():
        with transaction.atomic():
            Review.objects.filter(pk=review.pk).update(status=after, **clean | FACTS.get(after, {}))

    if before == after or after in Review.MOVES[before]:
        move()
    else:
        with pytest.raises(DatabaseError, match="review_moves_are_legal"):
            move()


def test_the_trigger_outlives_every_migration(db):
    """SQLite forgets the triggers of a table that a migration makes anew."""
    names = (
        "SELECT tgname FROM pg_trigger"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        assert ("review_moves_are_legal",) in cursor.fetchall()


@pytest.mark.parametrize("before", ["", *STATUSES])
def test_a_written_move_is_a_legal_one(asked, before):
    for after in STATUSES:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    Move.objects.create(review=asked, from_status=before, to_status=after)
            except DatabaseError:
                assert after not in Review.MOVES[before]
            else:
                assert after in Review.MOVES[before]


def test_every_move_says_who_made_it(ada, grace, engine):
    review = reviews.prepare(engine, question="Is it")
    review = reviews.request(engine, question="Is it honest?")
    reviews.claim(review, grace)
    reviews.give_back(review, grace, reason="Not my field.")
    reviews.claim(review, grace)
    judged(engine, grace)

    assert path_of(review) == [
        ("", "draft", ada),
        ("draft", "requested", ada),
        ("requested", "claimed", grace),
        ("claimed", "requested", grace),
        ("requested", "claimed", grace),
        ("claimed", "submitted", grace),
    ]
    assert review.moves.get(from_status="claimed", to_status="requested").reason == "Not my field."


# Asking


def test_a_request_is_prepared_and_sent_later(engine):
    draft = reviews.prepare(engine, question="Is it")
    assert reviews.prepare(engine, question="Is it hon").pk == draft.pk

    review = reviews.request(engine, question="Is it honest?")

    assert review.pk == draft.pk
    assert review.status == Review.Status.REQUESTED
    assert review.requested_at > draft.requested_at


def test_it_is_about_the_commit_that_was_checked_last(engine, asked):
    assert asked.head_sha == reviews.latest_commit(engine).head_sha


def test_a_request_after_a_review_is_the_next_round(engine, grace):
    first = judged(engine, grace, verdict="changes_requested")
    make_check_run(engine, head_sha="b2" * 20)

    second = reviews.request(engine, question="Better?")

    assert (second.round, second.follows) == (2, first)
    assert second.head_sha == "b2" * 20
    judged(engine, grace)
    first.refresh_from_db()
    assert first.verdict == "changes_requested"  # what was said stands


# Claiming


def test_a_claim_is_for_48_hours(asked, grace):
    review = reviews.claim(asked, grace)

    assert review.reviewer == grace
    assert timedelta(hours=47) < review.lease_left <= timedelta(hours=48)


def test_only_one_mentor_has_it(asked, grace, alan):
    reviews.claim(asked, grace)
    reviews.claim(asked, grace)  # the second click

    with pytest.raises(Taken):
        reviews.claim(asked, alan)


def test_three_at_once_and_no_more(ada, grace):
    asked = []
    for number in range(4):
        project = make_project(ada, slug=f"engine-{number}", repository=f"ada/engine-{number}")
        make_check_run(project)
        asked.append(reviews.request(project))
    for review in asked[:3]:
        reviews.claim(review, grace)

    with pytest.raises(TooMany):
        reviews.claim(asked[3], grace)


def test_a_stranger_claims_nothing(asked, eve, ada):
    for person in (eve, ada):
        with pytest.raises(NotYourLearner):
            reviews.claim(asked, person)


def test_a_mentorship_that_ended_a_second_ago_claims_nothing(asked, grace):
    Mentorship.objects.update(ended_at=timezone.now())
    with pytest.raises(NotYourLearner):
        reviews.claim(asked, grace)


def test_a_claim_is_renewed_three_times(asked, grace):
    review = reviews.claim(asked, grace)
    for _ in range(reviews.MOST_RENEWALS):
        Review.objects.update(lease_until=timezone.now() + timedelta(hours=1))
        review = reviews.renew(review, grace)
        assert review.lease_left > timedelta(hours=47)

    with pytest.raises(NoRenewalLeft):
        reviews.renew(review, grace)


def test_what_is_given_back_keeps_its_place(ada, asked, grace, alan):
    project = make_project(ada, slug="later", repository="ada/later")
    make_check_run(project)
    later = reviews.request(project)
    reviews.claim(asked, grace)

    reviews.give_back(asked, grace)

    assert list(reviews.queue_of(alan)) == [asked, later]


def test_a_lapsed_claim_goes_back_by_itself_once(asked, grace, alan):
    reviews.claim(asked, grace)
    let_lapse(asked)

    assert [review.pk for review in reviews.release_lapsed()] == [asked.pk]
    assert reviews.release_lapsed() == []

    assert reviews.claim(asked, alan).reviewer == alan
    assert ("claimed", "requested", None) in path_of(asked)


def test_a_mentor_whose_claim_lapsed_can_do_nothing_with_it(asked, grace):
    reviews.claim(asked, grace)
    let_lapse(asked)
    reviews.release_lapsed()

    for act in (reviews.renew, reviews.give_back):
        with pytest.raises(NotYours):
            act(asked, grace)
    with pytest.raises(NotYours):
        reviews.decline(asked, grace, reason="No.")


def test_words_written_after_the_lease_are_not_lost(engine, asked, grace, alan):
    """Another mentor has the request by now, so they stand as a review of their own."""
    reviews.claim(asked, grace)
    let_lapse(asked)
    reviews.release_lapsed()
    reviews.claim(asked, alan)

    late = judged(engine, grace, body="An hour of thought.")

    assert late.pk != asked.pk
    asked.refresh_from_db()
    assert (asked.status, asked.reviewer) == ("claimed", alan)
    judged(engine, alan)
    assert engine.reviews.submitted().count() == 2


def test_a_named_request_that_another_holds_is_taken(engine, asked, grace, alan):
    reviews.claim(asked, alan)
    with pytest.raises(Taken):
        judged(engine, grace, review=asked)


def test_a_declined_request_says_why_and_may_be_asked_again(engine, asked, grace):
    reviews.claim(asked, grace)
    reviews.decline(asked, grace, reason="The repository is not yours.")

    asked.refresh_from_db()
    assert asked.status == "declined"
    assert asked.moves.last().reason == "The repository is not yours."
    assert reviews.request(engine).pk != asked.pk


def test_a_request_that_nobody_takes_for_a_month_ends(asked, grace):
    assert reviews.expire_forgotten() == []
    Review.objects.update(requested_at=timezone.now() - timedelta(days=31))

    assert [review.pk for review in reviews.expire_forgotten()] == [asked.pk]

    with pytest.raises(NotOpen):
        reviews.claim(asked, grace)


# Withdrawing


def test_withdrawing_while_a_mentor_writes_keeps_the_draft(asked, grace):
    reviews.claim(asked, grace)
    Draft.objects.create(review=asked, mentor=grace, words={"body": "An hour of thought."})

    reviews.withdraw(asked)

    assert Draft.objects.get().words == {"body": "An hour of thought."}


def test_what_was_submitted_cannot_be_withdrawn(engine, asked, grace):
    judged(engine, grace)
    with pytest.raises(NotOpen):
        reviews.withdraw(asked)


# A second opinion


def test_two_opinions_stand_beside_each_other(ada, engine, asked, grace, alan):
    first = judged(engine, grace)

    second = reviews.ask_for_second_opinion(first, by=ada, question="Is it really?")

    assert second.head_sha == first.head_sha
    with pytest.raises(NotYourLearner):
        reviews.claim(second, grace)  # her own
    assert second not in reviews.queue_of(grace)
    reviews.claim(second, alan)
    judged(engine, alan, review=second, verdict="changes_requested", body="No.")
    first.refresh_from_db()
    assert (first.verdict, first.second_opinions.get().verdict) == ("approved", "changes_requested")


def test_asking_twice_for_a_second_opinion_is_one(ada, engine, grace, alan):
    first = judged(engine, grace)
    second = reviews.ask_for_second_opinion(first, by=grace)
    assert reviews.ask_for_second_opinion(first, by=ada).pk == second.pk


def test_who_may_ask_for_one(ada, engine, grace, eve):
    first = judged(engine, grace)
    with pytest.raises(NoMentor):
        reviews.ask_for_second_opinion(first, by=ada)
    with pytest.raises(NotYours):
        reviews.ask_for_second_opinion(first, by=eve)


def test_a_second_opinion_does_not_stand_in_the_way_of_the_next_round(ada, engine, grace, alan):
    first = judged(engine, grace, verdict="changes_requested")
    reviews.ask_for_second_opinion(first, by=ada)

    assert reviews.request(engine).round == 2


# What is vouched for


@pytest.mark.parametrize(("verdict", "endorsed"), [("approved", 1), ("changes_requested", 0)])
def test_a_skill_is_endorsed_at_the_level_that_was_seen_and_only_by_an_approval(
    engine, grace, verdict, endorsed
):
    claim = engine.claims.create(skill=make_skill("Time series"), level=3)

    review = judged(engine, grace, verdict=verdict, endorsed={claim: 2})

    assert review.endorsements.filter(skill=claim.skill, level=2).count() == endorsed
    assert [bool(given) for _, given in reviews.endorsed_claims(engine)] == [bool(endorsed)]


def test_a_claim_of_another_project_is_not_endorsed_here(ada, engine, grace):
    other = make_project(ada, slug="other", repository="ada/other")
    claim = other.claims.create(skill=make_skill("SQL"), level=2)

    assert not judged(engine, grace, endorsed={claim: 2}).endorsements.exists()


# Requests from before rubrics and commits were kept


def test_an_old_request_gets_commit_and_rubric_when_it_is_claimed(engine, grace):
    old = engine.reviews.create(question="Is it honest?")

    review = reviews.claim(old, grace)

    assert review.head_sha == reviews.latest_commit(engine).head_sha


# Where a project stands


def test_what_says_where_it_stands(engine, grace):
    engine.refresh_from_db()
    assert engine.telling_review is None
    reviews.prepare(engine, question="Is it")
    assert engine.telling_review is None  # nobody has been asked
    asked = reviews.request(engine)
    assert engine.telling_review == asked
    reviews.withdraw(asked)
    assert engine.telling_review is None
    judged(engine, grace)
    assert engine.telling_review.is_approval


def test_two_opinions_that_differ_are_said_to(ada, engine, grace, alan):
    first = judged(engine, grace)
    second = reviews.ask_for_second_opinion(first, by=ada)
    judged(engine, alan, review=reviews.claim(second, alan), verdict="changes_requested")

    by_mentor = {review.reviewer: review for review in engine.reviews.all()}
    assert by_mentor[grace].contrary == [by_mentor[alan]]
    assert by_mentor[alan].contrary == [by_mentor[grace]]


# Learning goes on


@pytest.mark.parametrize("verdict", [None, "changes_requested"])
def test_review_never_blocks_learning(ada, engine, grace, verdict, as_user):
    """Whatever a review says or how long it waits: every unit is open, and so is the next project."""
    units = [make_unit(slug=f"unit-{number}") for number in range(3)]
    enroll(ada, units[0])
    reviews.request(engine)
    if verdict:
        judged(engine, grace, verdict=verdict)
    client = as_user(ada)

    for unit in units:
        assert client.get(f"/units/{unit.slug}/").status_code == 200
        assert client.post(f"/units/{unit.slug}/complete/").status_code == 302
    assert ada.enrollments.get().completions.standing().count() == 3
    assert client.get("/projects/new/").status_code == 200


# Each condition, on both sides


def test_rounds_are_counted_whoever_begins_them(engine, grace):
    for _ in range(2):
        reviews.claim(reviews.request(engine), grace)
        judged(engine, grace, body=f"Round {Review.objects.count()}.")

    begun = reviews.begin(engine, grace)
    reviews.give_back(begun, grace)

    assert (begun.round, begun.is_asked) == (3, False)
    assert reviews.request(engine).round == 3


def test_asking_again_while_one_waits_or_is_held_is_the_same_one(engine, asked, grace):
    assert reviews.request(engine, question="Again") == asked
    reviews.claim(asked, grace)
    assert reviews.request(engine, question="And again") == asked
    assert Review.objects.get().question == "Is the split honest?"


def test_beginning_takes_what_waits_and_never_what_another_holds(engine, asked, grace, alan):
    assert reviews.begin(engine, grace) == asked
    assert reviews.begin(engine, grace) == asked
    with pytest.raises(Taken):
        reviews.begin(engine, alan)
    assert Review.objects.count() == 1


@pytest.mark.parametrize("end", ["submitted", "withdrawn", "declined"])
def test_what_has_ended_is_not_open_to_be_claimed(engine, asked, grace, alan, end):
    if end == "withdrawn":
        reviews.withdraw(asked)
    else:
        reviews.claim(asked, grace)
        if end == "declined":
            reviews.decline(asked, grace, reason="No data.")
        else:
            judged(engine, grace)

    for mentor in (grace, alan):
        with pytest.raises(NotOpen):
            reviews.claim(asked, mentor)


def test_a_judgement_that_nobody_asked_for_says_so(engine, grace):
    assert judged(engine, grace).is_asked is False


def test_who_may_still_review_keeps_what_they_hold(asked, grace):
    reviews.claim(asked, grace)

    assert reviews.release_unentitled() == []
    assert Review.objects.get().status == Review.Status.CLAIMED


def test_a_withdrawal_says_by_whom(asked, ada, katherine):
    reviews.withdraw(asked, by=katherine)

    assert asked.moves.last().moved_by == katherine


def test_only_who_holds_it_acts_on_it_whoever_came_first_to_the_site(engine, asked, ada):
    earlier, holder, later = (make_user(name) for name in ("Ben", "Cleo", "Dan"))
    for mentor in (earlier, holder, later):
        make_mentorship(mentor=mentor, learner=ada)
    reviews.claim(asked, holder)

    for mentor in (earlier, later):
        for act in (
            lambda mentor=mentor: reviews.renew(asked, mentor),
            lambda mentor=mentor: reviews.give_back(asked, mentor),
            lambda mentor=mentor: reviews.decline(asked, mentor, reason="No."),
        ):
            with pytest.raises(NotYours):
                act()
    assert Review.objects.get().reviewer == holder
