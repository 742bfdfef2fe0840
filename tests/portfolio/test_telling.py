"""What Ada and Grace are told of projects, reviews, disputes and checks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import mentorships, notices
from accounts.models import Letter, Notice
from portfolio import access, check_runs, disputes, reviews, tasks, telling
from portfolio.models import Repository
from tests.factories import make_check_run, make_mentorship, make_project, make_user

FILES = {
    "README.md": "# Engine\n\nSays when a bearing has to be changed, from the sound it makes.\n",
    "engine.py": "def wear(days):\n    return days * 2\n",
    "tests/test_engine.py": (
        "from engine import wear\n\n\ndef test_wear_doubles():\n    assert wear(2) == 4\n"
    ),
}


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, slug="engine", title="Engine")
    make_check_run(project, ("tests", "failed"), tree_sha="7e" * 20)
    return project


@pytest.fixture
def checked(ada, hub):
    """A project on the sample GitHub whose tests were found."""
    hub.add("ada/engine", FILES)
    project = make_project(ada, slug="engine", title="Engine", repository="ada/engine")
    look(project)
    return project


def look(project):
    repository = project.repositories.get()
    tasks.execute_check_run(check_runs.request(repository).pk)
    return repository


def told(user):
    return [(notice.words, notice.path) for notice in Notice.objects.of(user)]


# Reviews


def test_every_mentor_is_told_of_a_request_and_nobody_else(ada, grace, eve, engine):
    alan = make_user("Alan Oyelaran")
    make_mentorship(mentor=alan, learner=ada)

    reviews.request(engine, question="Good?")
    reviews.request(engine, question="Good?")

    page = f"/reviews/{engine.reviews.get().pk}/"
    expected = [("Ada Nwosu asks for a review of “Engine”", page)]
    assert told(grace) == told(alan) == expected
    assert told(eve) == told(ada) == []


def test_the_page_of_a_notice_is_one_that_its_reader_may_see(as_user, ada, grace, engine):
    reviews.request(engine)
    disputes.raise_dispute(engine.repositories.get().check_runs.get().findings.get(), by=ada,
                           sentence="There.")  # fmt: skip
    client = as_user(grace)

    for notice in Notice.objects.of(grace):
        assert client.get(f"/notices/{notice.pk}/", follow=True).status_code == 200


def test_a_request_that_was_taken_back_need_not_be_read(grace, engine):
    reviews.withdraw(reviews.request(engine))

    assert notices.unread_count(grace) == 0


def test_the_owner_is_told_of_a_review_and_gets_a_letter_at_once(ada, grace, engine):
    reviews.request(engine)
    run = reviews.latest_commit(engine)
    for _ in range(2):
        reviews.submit(engine, reviewer=grace, verdict="approved", body="Good.", check_run=run)

    page = f"/reviews/{engine.reviews.get().pk}/"
    assert told(ada) == [("Grace Halloran reviewed “Engine”: approved", page)]
    assert Letter.objects.get().recipient == ada
    assert notices.unread_count(grace) == 0, "it need not be asked any more"


def test_after_the_end_of_a_mentorship_the_mentor_hears_nothing_of_the_project(grace, engine):
    reviews.request(engine)

    mentorships.end(grace.mentorships_as_mentor.get(), engine.owner)

    assert "Engine" not in str(told(grace))


@pytest.fixture
def clock(time_machine):
    """A clock that tests put forward."""
    time_machine.move_to(timezone.now())
    return time_machine


@pytest.fixture
def alan(ada):
    """Her other mentor."""
    alan = make_user("Alan Oyelaran")
    make_mentorship(mentor=alan, learner=ada)
    return alan


def words(user):
    return [notice.words for notice in Notice.objects.of(user)]


def unread(user):
    return [notice.words for notice in Notice.objects.unread().filter(recipient=user)]


def test_who_takes_a_request_is_told_to_its_owner_and_the_others_need_not_read_on(
    ada, grace, alan, engine
):
    review = reviews.claim(reviews.request(engine), grace)

    assert words(ada) == ["Grace Halloran is reviewing “Engine”"]
    assert unread(alan) == unread(grace) == []
    assert review.status == "claimed"


def test_what_was_given_back_waits_again_for_all_mentors(ada, grace, alan, engine):
    review = reviews.claim(reviews.request(engine), grace)
    reviews.give_back(review, grace)
    assert unread(alan) == unread(grace) == ["Ada Nwosu asks for a review of “Engine”"]

    reviews.claim(review, alan)

    assert unread(alan) == unread(grace) == []


def test_a_request_taken_back_is_told_to_the_mentor_who_holds_it(grace, alan, engine):
    reviews.withdraw(reviews.claim(reviews.request(engine), grace))

    assert unread(grace) == ["Ada Nwosu no longer asks for a review of “Engine”"]
    assert unread(alan) == []


def test_a_declined_request_is_told_at_once(ada, grace, engine):
    reviews.decline(reviews.claim(reviews.request(engine), grace), grace, reason="Not my field.")

    assert words(ada)[0] == "Grace Halloran cannot review “Engine”"
    assert Letter.objects.filter(recipient=ada).count() == 1


def test_a_second_opinion_is_asked_of_the_others_and_its_arrival_told(ada, grace, alan, engine):
    run = reviews.latest_commit(engine)
    first = reviews.submit(engine, reviewer=grace, verdict="approved", body="Good.", check_run=run)
    second = reviews.ask_for_second_opinion(first, by=ada)
    assert unread(alan) == ["Ada Nwosu asks for a second opinion on “Engine”"]
    assert unread(grace) == []

    held = reviews.claim(second, alan)
    reviews.submit(
        engine, reviewer=alan, review=held, verdict="approved", body="Good.", check_run=run
    )

    assert words(ada)[0] == "Alan Oyelaran gave a second opinion on “Engine”: approved"
    assert unread(alan) == []


def test_a_lease_that_ends_soon_is_told_once_for_each_lease(grace, engine, clock):
    review = reviews.claim(reviews.request(engine), grace)
    for _ in range(2):
        telling.leases_that_end()
    assert unread(grace) == []

    clock.shift(reviews.LEASE - telling.LEASE_ENDS_SOON + timedelta(minutes=1))
    for _ in range(2):
        telling.leases_that_end()
    ends = "Your time for the review of “Engine” is about to end"
    assert unread(grace) == [ends]

    reviews.renew(review, grace)
    telling.leases_that_end()
    clock.shift(reviews.LEASE - telling.LEASE_ENDS_SOON + timedelta(minutes=1))
    telling.leases_that_end()
    assert words(grace).count(ends) == 2

    reviews.give_back(review, grace)
    assert ends not in unread(grace)


def test_a_request_that_waits_is_told_once_a_week_until_somebody_takes_it(
    ada, grace, alan, engine, clock
):
    review = reviews.request(engine)
    telling.requests_that_wait()
    assert len(unread(grace)) == 1

    clock.shift(timedelta(days=7, minutes=1))
    for _ in range(2):
        telling.requests_that_wait()
    assert words(alan)[0] == "Ada Nwosu has waited 1 week for a review of “Engine”"
    assert len(unread(alan)) == len(unread(grace)) == 2

    clock.shift(timedelta(days=7))
    telling.requests_that_wait()
    assert words(alan)[0] == "Ada Nwosu has waited 2 weeks for a review of “Engine”"

    reviews.claim(review, grace)
    assert unread(alan) == unread(grace) == []


def test_a_request_that_nobody_took_ends_and_its_owner_hears_it(ada, grace, engine, clock):
    reviews.request(engine)
    clock.shift(reviews.EXPIRES_AFTER + timedelta(minutes=1))

    tasks.keep_reviews_moving()

    assert words(ada) == ["Nobody took your request for a review of “Engine” in time"]
    assert unread(grace) == []


# Disputes


def test_a_dispute_and_its_ruling_are_told(ada, grace, engine):
    finding = engine.repositories.get().check_runs.get().findings.get()
    dispute = disputes.raise_dispute(finding, by=ada, sentence="They are there.")
    disputes.raise_dispute(finding, by=ada, sentence="They are there!")
    assert told(grace) == [
        ("Ada Nwosu disputes a finding about “Engine”", f"/disputes/{dispute.pk}/")
    ]

    disputes.rule(dispute, by=grace, ruling="accepted")

    assert told(ada) == [
        (
            "Grace Halloran ruled on what you dispute about “Engine”: you are right",
            "/projects/engine/",
        )
    ]
    assert notices.unread_count(grace) == 0


# Checks


def test_the_owner_is_told_of_a_required_check_that_passed_and_no_longer_does(ada, checked, hub):
    assert told(ada) == [], "the first look loses nothing"
    hub.push("ada/engine", delete=["tests/test_engine.py"])
    look(checked)
    look(checked)

    assert told(ada) == [
        ("A check of “Engine” passed and no longer does: Tests", "/projects/engine/")
    ]


def test_an_unknown_outcome_between_hides_no_loss(ada, engine):
    repository = engine.repositories.get()
    now = timezone.now()
    for days, outcome in ((3, "passed"), (2, "unknown")):
        make_check_run(
            engine, ("tests", outcome), requested_at=now - timedelta(days=days), tree_sha="1" * 40
        )
    repository.check_runs.exclude(tree_sha="1" * 40).delete()
    run = make_check_run(engine, ("tests", "failed"), tree_sha="2" * 40)

    telling.run_completed(run, run.findings.all())

    assert len(told(ada)) == 1


def test_a_failure_that_a_mentor_overruled_is_no_loss_and_to_lose_the_ruling_is_one(
    ada, grace, engine
):
    run = engine.repositories.get().check_runs.get()
    dispute = disputes.raise_dispute(run.findings.get(), by=ada, sentence="There.")
    disputes.rule(dispute, by=grace, ruling="accepted")
    Notice.objects.all().delete()

    same_tree = make_check_run(engine, ("tests", "failed"), tree_sha="7e" * 20)
    telling.run_completed(same_tree, same_tree.findings.all())
    assert told(ada) == []
    another_tree = make_check_run(engine, ("tests", "failed"), tree_sha="8" * 40)
    telling.run_completed(another_tree, another_tree.findings.all())
    assert len(told(ada)) == 1


def test_the_owner_is_told_once_that_a_repository_is_gone(ada, checked, hub):
    hub.delete("ada/engine")
    look(checked)
    look(checked)
    assert told(ada) == [], "it may be back in a minute"
    Repository.objects.update(missing_since=timezone.now() - timedelta(days=2))
    look(checked)
    look(checked)

    assert told(ada) == [
        (
            "The repository of “Engine” cannot be read: it is private, deleted or renamed",
            "/projects/engine/",
        )
    ]


def test_the_owner_is_told_that_a_token_is_refused(ada, checked):
    repository = checked.repositories.get()
    access.give(repository, "github_pat_" + "x" * 30)
    run = check_runs.claim(check_runs.request(repository).pk)

    check_runs.refuse_token(run)

    assert "its token is no longer accepted" in told(ada)[0][0]


def test_a_link_that_never_worked_is_told_on_its_page_alone(ada, hub):
    look(make_project(ada, slug="engine", repository="ada/no-such"))

    assert told(ada) == []
