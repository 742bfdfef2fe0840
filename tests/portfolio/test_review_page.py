"""An hour of a mentor's writing is never lost, and a question typed is kept, whatever happened meanwhile."""

import re

import pytest
from django.utils import timezone

from portfolio import reviews
from portfolio.models import Review
from tests.factories import make_check_run, make_project

WORDS = "An hour of thought, “quoted” & <b>bold</b>."


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, title="Engine", slug="engine", problem="Bearings break.")
    make_check_run(project, ("readme", "passed"), ("tests", "failed"))
    return project


@pytest.fixture
def held(engine, grace):
    """The review that Grace has begun."""
    return reviews.begin(engine, grace)


@pytest.fixture
def address(held):
    return f"/reviews/{held.pk}/write/"


@pytest.fixture
def written(engine, held):
    """What Grace sends: a review of the commit that she had on the page."""
    return {"body": WORDS, "verdict": "approved", "check_run": held.check_run.pk}


def end_mentorship(mentor):
    mentor.mentorships_as_mentor.update(ended_at=timezone.now())


def text_of(response):
    """The longest text in a field of the page."""
    areas = re.findall(r"<textarea[^>]*>\s*(.*?)</textarea>", response.content.decode(), re.DOTALL)
    return max(areas, key=len)


def test_the_numbers_that_are_claimed_stand_beside_the_case_study(grace, engine, as_user, address):
    engine.measurements.create(metric="Error", baseline="2", result="1", direction="lower")

    page = as_user(grace).get(address).content.decode()

    assert "Measured outcomes" in page
    assert "50\u00a0% lower" in page
    assert "no file is named" in page


def test_a_mentorship_that_ends_between_reading_and_sending_gives_the_text_back(
    grace, engine, written, as_user, address
):
    client = as_user(grace)
    assert client.get(address).status_code == 200
    end_mentorship(grace)

    response = client.post(address, written)

    assert response.status_code == 404
    assert "An hour of thought" in text_of(response)
    assert "<b>bold" not in response.content.decode()
    assert "Bearings" not in response.content.decode()
    assert "Ada Nwosu" not in response.content.decode()
    assert not Review.objects.submitted().exists()


def test_a_text_that_comes_back_does_not_say_whether_the_project_exists(
    grace, eve, engine, written, as_user, address
):
    end_mentorship(grace)
    pages = []
    for person in (grace, eve):
        client = as_user(person)
        for place in (address, "/reviews/999/write/", "/reviews/998/write/"):
            response = client.post(place, written)
            page = re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode())
            pages.append((person, response.status_code, page))

    assert {status for _, status, _ in pages} == {404}
    assert len({page for person, _, page in pages if person == grace}) == 1
    assert len({page for person, _, page in pages if person == eve}) == 1


@pytest.mark.parametrize("stop", ["the mentorship ends", "the project is deleted"])
def test_what_happens_in_the_last_moment_gives_the_text_back(
    stop, grace, engine, written, as_user, monkeypatch, address
):
    """After the page has found the project and before the review is written."""
    submit = reviews.submit

    def submit_too_late(*args, **fields):
        if stop == "the mentorship ends":
            end_mentorship(grace)
        else:
            type(engine).objects.all().delete()
        return submit(*args, **fields)

    monkeypatch.setattr(reviews, "submit", submit_too_late)

    response = as_user(grace).post(address, written)

    assert response.status_code == 404
    assert "An hour of thought" in text_of(response)
    assert "Bearings" not in response.content.decode()
    assert not Review.objects.submitted().exists()


def test_a_repository_unlinked_meanwhile_gives_the_text_back(
    grace, engine, written, as_user, address
):
    engine.repositories.all().delete()

    response = as_user(grace).post(address, written)

    assert response.status_code == 422
    assert "An hour of thought" in text_of(response)
    assert "not part of this project any more" in response.content.decode()


def test_a_repository_linked_anew_meanwhile_asks_once_more_and_then_takes_the_review(
    grace, engine, written, as_user, address
):
    engine.repositories.all().delete()
    engine.repositories.create(full_name="ada/engine-2")
    newer = make_check_run(engine)
    client = as_user(grace)

    refused = client.post(address, written)
    again = re.search(r'name="check_run" value="(\d+)"', refused.content.decode())[1]
    accepted = client.post(address, written | {"check_run": again})

    assert refused.status_code == 422
    assert accepted.status_code == 302
    assert engine.reviews.get().check_run == newer


def test_a_run_that_goes_in_the_last_moment_gives_the_text_back(
    grace, engine, written, as_user, monkeypatch, address
):
    submit = reviews.submit

    def submit_too_late(*args, **fields):
        engine.repositories.all().delete()
        return submit(*args, **fields)

    monkeypatch.setattr(reviews, "submit", submit_too_late)

    response = as_user(grace).post(address, written)

    assert response.status_code == 422
    assert "An hour of thought" in text_of(response)


def test_a_review_that_is_too_long_is_kept_whole(grace, engine, written, as_user, address):
    response = as_user(grace).post(address, written | {"body": "x" * 25_000})

    assert response.status_code == 422
    assert text_of(response) == "x" * 25_000


def test_the_same_words_answer_a_second_question_too(ada, grace, engine):
    words = {"verdict": "changes_requested", "body": "As before.", "reviewer": grace}
    check_run = reviews.latest_commit(engine)
    reviews.submit(engine, check_run=check_run, **words)

    reviews.request(engine, question="And now?")
    review = reviews.submit(engine, check_run=check_run, **words)

    assert review.question == "And now?"
    assert not engine.reviews.requested().exists()


def test_fields_that_are_not_in_the_form_decide_nothing(
    ada, grace, eve, engine, written, as_user, address
):
    forged = {"reviewer": eve.pk, "head_sha": "b" * 40, "status": "withdrawn", "project": 99,
              "full_name": "eve/evil", "submitted_at": "2020-01-01"}  # fmt: skip

    as_user(grace).post(address, written | forged)

    review = engine.reviews.get()
    assert (review.reviewer, review.head_sha, review.status) == (grace, "a1" * 20, "submitted")
    assert review.submitted_at.year > 2020


# The owner's question


def test_a_question_that_is_too_long_is_kept(ada, grace, engine, as_user):
    question = "Is the split honest? " * 250

    response = as_user(ada).post("/projects/engine/review/", {"question": question})

    assert response.status_code == 422
    assert text_of(response).strip() == question.strip()
    assert "2000" in response.content.decode()
    assert not Review.objects.submitted().exists()


def test_a_question_before_the_first_check_is_kept(ada, grace, as_user):
    make_project(ada, slug="wheels")

    response = as_user(ada).post("/projects/wheels/review/", {"question": "Is it round?"})

    assert response.status_code == 422
    assert text_of(response) == "Is it round?"
    assert "Have the repository checked first" in response.content.decode()


def test_a_question_to_a_mentor_who_has_just_gone_is_kept(ada, grace, engine, as_user):
    end_mentorship(grace)

    response = as_user(ada).post("/projects/engine/review/", {"question": "Is it honest?"})

    assert response.status_code == 422
    assert text_of(response) == "Is it honest?"
    assert "You have no mentor" in response.content.decode()


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "taken back"])
def test_taking_back_a_request_that_is_closed_already_says_so(
    answered, ada, grace, engine, as_user
):
    asked = reviews.request(engine)
    if answered:
        reviews.submit(engine, reviewer=grace, verdict="approved", body="Good.",
                       check_run=reviews.latest_commit(engine))  # fmt: skip
    else:
        reviews.withdraw(asked)

    response = as_user(ada).post("/projects/engine/review/withdraw/", follow=True)

    assert "no open request any more" in response.content.decode()
    assert engine.reviews.get().status == ("submitted" if answered else "withdrawn")


def test_a_learner_who_was_shut_out_waits_for_nobody(ada, grace, engine, as_user, address):
    reviews.request(engine, question="Is it honest?")
    ada.is_active = False
    ada.save()
    client = as_user(grace)

    assert "Is it honest?" not in client.get("/mentoring/").content.decode()
    assert "Engine" not in client.get("/").content.decode()
    for address in (
        "/@ada-nwosu/",
        "/@ada-nwosu/engine/",
        "/@ada-nwosu/engine/review/",
        "/mentoring/ada-nwosu/",
    ):
        assert client.get(address).status_code == 404, address
    ended = client.get("/mentorships/").content.decode()
    assert "Ada Nwosu" in ended  # so that Grace can still end it
    assert "/mentoring/ada-nwosu/" not in ended


def test_a_mentor_who_was_shut_out_is_nobody_to_ask(ada, grace, engine):
    grace.is_active = False
    grace.save()

    with pytest.raises(reviews.NoMentor):
        reviews.request(engine)
    with pytest.raises(reviews.NotYourLearner):
        reviews.submit(engine, reviewer=grace, verdict="approved", body="Good.",
                       check_run=reviews.latest_commit(engine))  # fmt: skip
