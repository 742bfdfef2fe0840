"""An employer looks into one claim: what it rests on now, and what changed since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portfolio import inquiries
from portfolio.inquiries import Standing
from portfolio.models import Project
from portfolio.verdicts import Reader
from tests.factories import make_check_run, make_project, make_share_link, make_skill
from tests.portfolio.test_demonstrations import endorse, look

FIRST, SECOND = "a1" * 20, "b2" * 20
NOW = timezone.now()


@pytest.fixture
def engine(ada):
    """Public, and hers: its README holds the line that only she was given."""
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(
        ada, slug="engine", title="Engine", visibility="public", repository="ada/engine"
    )
    project.repositories.update(has_proof_line=True, standing="readable")
    return project


@pytest.fixture
def claim(engine):
    return engine.claims.create(skill=make_skill("Time series"), level=2)


def standing(claim):
    return inquiries.of_claim(claim, Reader.STRANGER).standing


def test_a_claim_is_followed_from_word_to_endorsement_and_into_age(engine, claim, grace, client):
    def page():
        return client.get(f"/verify/claims/{claim.pk}/").content.decode()

    assert "Their word, and nothing that shows it." in page()
    run = look(engine, FIRST, NOW)
    assert "Every required check passed at a1a1a1a" in page()
    assert "No mentor has confirmed the skill." in page()
    endorse(run, grace, claim.skill, at=NOW)
    assert "Grace Halloran confirmed it, working, at a1a1a1a." in page()
    assert "Holds at the newest commit we know." in page()
    assert "No newer commit than a1a1a1a was read." in page()
    look(engine, SECOND, NOW + timedelta(minutes=1), tests="failed")
    assert "Held at an earlier commit." in page()
    assert "The claim is about a1a1a1a; the newest commit we read is b2b2b2b." in page()
    assert f"/ada/engine/compare/{FIRST}...{SECOND}" in page()
    assert "2 of 3 required checks passed" in page()
    engine.repositories.update(standing="not_found", missing_since=NOW - timedelta(days=1))
    assert standing(claim) == Standing.STALE
    engine.repositories.update(missing_since=NOW - timedelta(days=31))
    assert standing(claim) == Standing.LOST


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"has_proof_line": False}, "Nothing shows yet that the repository is theirs."), ({}, None)],
)
def test_a_claim_that_nothing_shows_says_why(fields, words, engine, claim):
    look(engine, FIRST, NOW, tests="passed" if fields else "failed")
    if fields:
        engine.repositories.update(**fields)

    inquiry = inquiries.of_claim(claim, Reader.STRANGER)

    assert inquiry.standing == Standing.WORD
    assert inquiry.because == (words or "A required check does not pass.")


def test_a_verdict_stands_beside_what_was_said_later(engine, grace, client):
    review = endorse(look(engine, FIRST, NOW), grace, make_skill(), at=NOW)
    page = client.get(f"/verify/reviews/{review.pk}/").content.decode()
    assert "No other verdict followed it." in page
    assert "I looked." in page

    later = look(engine, SECOND, NOW + timedelta(minutes=1), tests="failed")
    endorse(later, grace, None, at=NOW + timedelta(minutes=2), verdict="changes_requested")

    page = client.get(f"/verify/reviews/{review.pk}/").content.decode()
    assert "It is about an earlier commit." in page
    assert "Since then Grace Halloran asked for changes, at b2b2b2b." in page


@pytest.mark.parametrize(
    ("verdict", "is_proven", "expected"),
    [
        ("number", True, Standing.HOLDS), ("absent", True, Standing.ABSENT),
        ("missing", True, Standing.ABSENT), ("file", True, Standing.UNKNOWN),
        ("", True, Standing.UNKNOWN), ("", False, Standing.WORD),
    ],
)  # fmt: skip
def test_a_number_is_as_the_last_look_at_its_file_found_it(
    verdict, is_proven, expected, engine, client
):
    look(engine, FIRST, NOW)
    seen = {"verdict": verdict, "looked_at": NOW, "head_sha": FIRST, "line": 8} if verdict else {}
    number = engine.measurements.create(
        metric="Mean error", result="38.7", baseline="61.2", direction="lower", **seen,
        **({"path": "report.md", "repository": engine.repositories.get()} if is_proven else {}),
    )  # fmt: skip

    page = client.get(f"/verify/measurements/{number.pk}/")

    assert expected.words in page.content.decode()
    assert "Mean error" in page.content.decode()


def test_of_a_private_repository_a_stranger_hears_verdicts_and_no_words(
    engine, claim, grace, client
):
    review = endorse(look(engine, FIRST, NOW), grace, claim.skill, at=NOW, full_name="ada/ledger")
    look(engine, SECOND, NOW + timedelta(minutes=1))
    engine.repositories.update(is_private=True, full_name="ada/ledger")
    number = engine.measurements.create(
        metric="Error", result="1", direction="lower", path="secret/report.md", verdict="absent",
        looked_at=NOW, head_sha=FIRST, repository=engine.repositories.get(),
    )  # fmt: skip

    for kind, pk in (("claims", claim.pk), ("reviews", review.pk), ("measurements", number.pk)):
        page = client.get(f"/verify/{kind}/{pk}/").content.decode()
        assert "A private repository" in page
        for hidden in ("ada/ledger", "secret/report", "ada/engine", "/check-runs/", "not found"):
            assert hidden not in page.lower()


def test_only_who_may_open_the_project_looks_into_its_claims(engine, claim, ada, grace, client):
    review = endorse(look(engine, FIRST, NOW), grace, claim.skill, at=NOW)
    addresses = [f"/verify/claims/{claim.pk}/", f"/verify/reviews/{review.pk}/"]

    def statuses():
        return [client.get(address).status_code for address in addresses]

    assert statuses() == [200, 200]
    ada.profile.shows_skills = False
    ada.profile.save()
    assert statuses() == [404, 200]
    Project.objects.update(visibility="link")
    assert statuses() == [404, 404]
    client.get(f"/s/{make_share_link(ada)[1]}/")
    assert statuses() == [404, 200]
    assert ada.share_links.get().visits.get().what == "claim"
    Project.objects.update(visibility="private")
    assert statuses() == [404, 404]


def test_only_the_owner_may_have_it_checked_again(engine, claim, ada, eve, client, as_user):
    address = f"/verify/claims/{claim.pk}/"

    assert "Check again now" not in client.get(address).content.decode()
    assert "Check again now" not in as_user(eve).get(address).content.decode()
    assert 'action="/projects/engine/check/"' in as_user(ada).get(address).content.decode()


def test_the_page_costs_the_same_however_much_there_is(
    engine, claim, grace, client, django_assert_max_num_queries
):
    run = look(engine, FIRST, NOW)
    for _ in range(8):
        endorse(run, grace, claim.skill, at=NOW)
        make_check_run(make_project(engine.owner, visibility="public"))

    with django_assert_max_num_queries(27):
        assert client.get(f"/verify/claims/{claim.pk}/").status_code == 200
