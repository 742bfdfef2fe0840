"""Ada says that a finding is wrong; Grace rules; the ruling stands until the files change."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portfolio import disputes, verdicts
from portfolio.disputes import AlreadyRuled, NotDisputable, NotYours
from portfolio.models import Dispute
from tests.factories import make_check_run, make_mentorship, make_project, make_user

TREE = "7e" * 20


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, title="Engine", slug="engine")
    findings = [("readme", "passed"), ("readme-content", "passed"), ("tests", "failed")]
    make_check_run(project, *findings, tree_sha=TREE, conclusion="failure")
    return project


@pytest.fixture
def no_tests(engine):
    return engine.repositories.get().check_runs.get().findings.get(check_name="tests")


def dispute(finding, ada, sentence="They are in the notebook's last cell."):
    return disputes.raise_dispute(finding, by=ada, sentence=sentence)


def rule(raised, mentor, ruling="accepted"):
    return disputes.rule(raised, by=mentor, ruling=ruling, reason="I ran them.")


def test_a_ruling_for_the_learner_turns_the_verdict_and_says_whose_it_is(
    ada, grace, engine, no_tests, as_user
):
    rule(dispute(no_tests, ada), grace)

    picture = verdicts.of(engine.repositories.get())
    assert picture.tests.outcome == "passed"
    assert picture.tests.finding.outcome == "failed"
    assert picture.is_success
    page = as_user(ada).get("/projects/engine/").content.decode()
    assert "Grace Halloran" in page
    assert "ruled that this finding is wrong" in page


def test_a_ruling_against_the_learner_leaves_the_verdict(ada, grace, engine, no_tests):
    rule(dispute(no_tests, ada), grace, ruling="rejected")

    assert verdicts.of(engine.repositories.get()).tests.outcome == "failed"


def test_an_open_dispute_changes_nothing_yet(ada, engine, no_tests):
    dispute(no_tests, ada)

    assert verdicts.of(engine.repositories.get()).tests.outcome == "failed"


def test_a_ruling_ends_with_the_tree_it_is_about(ada, grace, engine, no_tests):
    rule(dispute(no_tests, ada), grace)
    later = timezone.now() + timedelta(minutes=1)
    make_check_run(engine, ("tests", "failed"), tree_sha="8f" * 20, requested_at=later)

    assert verdicts.of(engine.repositories.get()).tests.outcome == "failed"


def test_a_ruling_stands_at_a_new_commit_with_the_same_files(ada, grace, engine, no_tests):
    rule(dispute(no_tests, ada), grace)
    later = timezone.now() + timedelta(minutes=1)
    make_check_run(
        engine, ("tests", "failed"), tree_sha=TREE, head_sha="b2" * 20, requested_at=later
    )

    assert verdicts.of(engine.repositories.get()).tests.outcome == "passed"


def test_disputing_twice_is_one_dispute(ada, no_tests):
    assert dispute(no_tests, ada) == dispute(no_tests, ada, "Again.")


def test_what_passed_cannot_be_disputed(ada, engine):
    passed = engine.repositories.get().check_runs.get().findings.get(check_name="readme")

    with pytest.raises(NotDisputable):
        dispute(passed, ada)


def test_nobody_disputes_for_another_and_nobody_rules_for_themselves(ada, grace, eve, no_tests):
    with pytest.raises(NotYours):
        dispute(no_tests, eve)
    raised = dispute(no_tests, ada)
    for person in (ada, eve):
        with pytest.raises(NotYours):
            rule(raised, person)


def test_the_second_of_two_mentors_is_told(ada, grace, no_tests):
    alan = make_user("Alan Oyelaran")
    make_mentorship(mentor=alan, learner=ada)
    raised = dispute(no_tests, ada)

    rule(raised, grace)

    with pytest.raises(AlreadyRuled):
        rule(raised, alan, ruling="rejected")
    raised.refresh_from_db()
    assert raised.ruled_by == grace


def test_the_whole_way_through_the_pages(ada, grace, engine, no_tests, as_user):
    assert "Is this wrong?" in as_user(ada).get("/projects/engine/").content.decode()
    as_user(ada).post(f"/findings/{no_tests.pk}/dispute/", {"sentence": "Look at cell 9."})

    desk = as_user(grace).get("/mentoring/").content.decode()
    assert "Look at cell 9." in desk
    raised = Dispute.objects.get()
    as_user(grace).post(f"/disputes/{raised.pk}/", {"ruling": "accepted", "reason": "I saw it."})

    assert Dispute.objects.get().is_accepted
    assert as_user(grace).get(f"/disputes/{raised.pk}/").status_code == 404
    assert "Is this wrong?" not in as_user(ada).get("/projects/engine/").content.decode()


@pytest.mark.parametrize("words", [{}, {"ruling": "accepted"}, {"ruling": "maybe", "reason": "x"}])
def test_a_ruling_needs_a_word_and_a_reason(ada, grace, no_tests, as_user, words):
    raised = dispute(no_tests, ada)

    response = as_user(grace).post(f"/disputes/{raised.pk}/", words)

    assert response.status_code == 422
    assert Dispute.objects.get().is_open


def test_a_dispute_needs_a_sentence(ada, no_tests, as_user):
    response = as_user(ada).post(f"/findings/{no_tests.pk}/dispute/", {"sentence": " "})

    assert response.status_code == 422
    assert not Dispute.objects.exists()


def test_a_stranger_finds_neither_the_finding_nor_the_dispute(ada, eve, no_tests, as_user):
    raised = dispute(no_tests, ada)
    client = as_user(eve)

    assert client.get(f"/findings/{no_tests.pk}/dispute/").status_code == 404
    assert client.post(f"/disputes/{raised.pk}/", {"ruling": "accepted"}).status_code == 404
    assert Dispute.objects.get().is_open


def test_an_employer_reads_that_a_mentor_ruled(ada, grace, engine, no_tests, client):
    ada.profile.is_public = True
    ada.profile.save()
    engine.visibility = "public"
    engine.save()
    rule(dispute(no_tests, ada), grace)

    page = client.get("/@ada-nwosu/engine/").content.decode()

    assert "ruled that this finding is wrong" in page
    assert "I ran them." in page


def test_the_database_allows_one_dispute_a_check_and_tree(ada, no_tests):
    raised = dispute(no_tests, ada)

    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.create(
            repository=raised.repository,
            check_name="tests",
            tree_sha=TREE,
            disputed_by=ada,
            sentence="Again.",
        )
