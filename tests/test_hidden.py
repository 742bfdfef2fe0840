"""What is hidden and what is not there give the same answer: status, headers, body, side effects."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from accounts import invitations
from accounts.models import Mentorship
from curriculum import own_resources, practice, study_sessions
from curriculum.models import OwnResource, StudySession
from portfolio import disputes
from portfolio.models import Review
from tests.factories import (
    make_check_run,
    make_cohort,
    make_cohort_invitation,
    make_invitation,
    make_mentorship,
    make_mock_interview,
    make_notice,
    make_own_role,
    make_project,
    make_question,
    make_share_link,
    make_skill,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("any_pace")]

#: Addresses of Ada's, with %s where an id or a name of hers stands.
ADDRESSES = [
    "/projects/%(slug)s/", "/projects/%(slug)s/edit/", "/projects/%(slug)s/delete/",
    "/projects/%(slug)s/case-study/", "/projects/%(slug)s/outcomes/", "/projects/%(slug)s/outcomes/new/",
    "/projects/%(slug)s/repositories/", "/projects/%(slug)s/repositories/%(repository)s/unlink/",
    "/projects/%(slug)s/repositories/%(repository)s/relink/",
    "/projects/%(slug)s/repositories/%(repository)s/webhook/", "/projects/%(slug)s/check/",
    "/projects/%(slug)s/review/", "/projects/%(slug)s/review/withdraw/",
    "/projects/%(slug)s/claims/", "/reviews/%(review)s/", "/reviews/%(review)s/claim/",
    "/reviews/%(review)s/write/", "/reviews/%(review)s/draft/", "/reviews/%(review)s/decline/",
    "/reviews/%(review)s/second/", "/reviews/%(review)s/helpfulness/", "/reviews/%(review)s/file/?path=a.py",
    "/comments/%(comment)s/edit/", "/comments/%(comment)s/answer/", "/comments/%(comment)s/settle/",
    "/mentoring/%(handle)s/note/", "/mentoring/snippets/%(snippet)s/",
    "/repositories/%(repository)s/checks/", "/check-runs/%(run)s/",
    "/findings/%(finding)s/dispute/", "/disputes/%(dispute)s/", "/mentoring/%(handle)s/",
    "/@%(handle)s/", "/@%(handle)s/%(slug)s/", "/@%(handle)s/%(slug)s/review/",
    "/@%(handle)s/card.png", "/@%(handle)s/feed.atom", "/@%(handle)s/%(slug)s/card.png",
    "/@%(handle)s/%(slug)s/badge.svg", "/projects/%(slug)s/badge/",
    "/verify/claims/%(claim)s/", "/verify/reviews/%(review)s/", "/verify/measurements/%(number)s/",
    "/people/%(handle)s/unblock/", "/reviews/%(review)s/report/",
    "/mentorships/%(mentorship)s/end/", "/invitations/%(invitation)s/answer/",
    "/invitations/%(invitation)s/withdraw/", "/invitations/%(secret)s/", "/roles/%(role)s/",
    "/roles/%(role)s/edit/", "/roles/%(role)s/delete/", "/roles/%(role)s/aim/",
    "/own-resources/%(link)s/", "/own-resources/%(link)s/remove/", "/study-sessions/%(session)s/",
    "/study-sessions/%(session)s/stop/", "/study-sessions/%(session)s/delete/",
    "/notices/%(notice)s/", "/notices/%(notice)s/read/",
    "/practice/cards/%(card)s/", "/practice/cards/%(card)s/reveal/",
    "/practice/cards/%(card)s/grade/", "/practice/cards/%(card)s/set-aside/",
    "/practice/cards/%(card)s/take-up/", "/practice/attempts/%(attempt)s/undo/",
    "/practice/asked/%(asked)s/", "/practice/asked/%(asked)s/delete/",
    "/images/%(image)s/words/", "/images/%(image)s/move/",
    "/images/%(image)s/remove/", "/contributions/%(pull)s/look/", "/contributions/%(pull)s/remove/",
    "/stories/%(story)s/", "/stories/%(story)s/delete/",
    "/mock-interviews/%(mock)s/", "/mock-interviews/%(mock)s/agree/",
    "/mock-interviews/%(mock)s/times/", "/mock-interviews/%(mock)s/place/",
    "/mock-interviews/%(mock)s/cancel/", "/mock-interviews/%(mock)s/interview.ics",
    "/mock-interviews/%(mock)s/plan/", "/mock-interviews/%(mock)s/sheet/",
    "/mock-interviews/%(mock)s/note/", "/mock-interviews/%(mock)s/cards/",
    "/settings/sharing/%(share)s/revoke/", "/s/%(secret)s/", "/cohorts/join/%(secret)s/", "/cohorts/%(cohort)s/leave/",
    "/resume/%(resume)s/", "/resume/%(resume)s/edit/", "/resume/%(resume)s/delete/",
    "/resume/%(resume)s/preview/", "/resume/%(resume)s/arrange/", "/resume/%(resume)s/education/new/",
]  # fmt: skip

#: And those of her cohort, which staff run too.
RUN = [
    "/cohorts/%(cohort)s/", "/cohorts/%(cohort)s/export.csv", "/cohorts/%(cohort)s/edit/",
    "/cohorts/%(cohort)s/end/", "/cohorts/%(cohort)s/invite/",
    "/cohorts/%(cohort)s/invitations/%(way)s/withdraw/",
    "/cohorts/%(cohort)s/members/%(membership)s/remove/",
]  # fmt: skip


@pytest.fixture
def names(ada, grace):
    """Of what is there, and of what is not."""
    project = make_project(ada, slug="engine", visibility="public")
    run = make_check_run(project, ("tests", "failed"), tree_sha="7e" * 20)
    finding = run.findings.get()
    dispute = disputes.raise_dispute(finding, by=ada, sentence="They are there.")
    review = project.reviews.create(question="Is it honest?")
    comment = review.comments.create(
        author=grace, full_name="ada/engine", head_sha="a1" * 20, path="a.py", line=1, body="Why?"
    )
    unit = make_unit()
    link = own_resources.add(ada, unit, title="Engines", url="https://example.org/engines")
    cohort = make_cohort(slug="spring", mentors=[grace], learners=[ada])
    card = practice.take(ada, make_question())
    practice.reveal(card, version=0)
    attempt = practice.grade(card, 3, version=0)
    asked = ada.asked.create(asked_on=timezone.localdate(), format="coding", words="Why?")
    there = {
        "cohort": "spring", "way": make_cohort_invitation(cohort, grace).pk,
        "membership": cohort.memberships.get(person=ada).pk,
        "image": project.images.create(
            kind="png", width=1, height=1, size=1, digest="a", alt="Dot"
        ).pk,
        "pull": project.contributions.create(full_name="a/b", number=1).pk,
        "mock": make_mock_interview(ada, grace).pk, "card": card.pk, "attempt": attempt.pk, "asked": asked.pk,
        "story": ada.stories.create(title="The leak").pk,
        "resume": ada.resumes.create(name="Junior").pk,
        "review": review.pk, "comment": comment.pk,
        "snippet": grace.snippets.create(title="Run it", text="Say how.").pk,
        "slug": "engine", "handle": "ada-nwosu", "repository": run.repository_id, "run": run.pk,
        "finding": finding.pk, "dispute": dispute.pk,
        "mentorship": grace.mentorships_as_mentor.get().pk,
        "invitation": make_invitation(ada).pk, "secret": "x" * 43, "role": make_own_role(ada).slug,
        "link": link.pk, "notice": make_notice(ada).pk,
        "share": make_share_link(ada)[0].pk,
        "claim": project.claims.create(skill=make_skill(), level=2).pk,
        "number": project.measurements.create(metric="Error", result="1", direction="lower").pk,
        "session": study_sessions.record(ada, unit, minutes=45).pk,
    }  # fmt: skip
    absent = dict.fromkeys(there, 987_654) | {"slug": "no-such", "handle": "no-such"}
    absent["cohort"] = "no-such"
    absent["role"] = "own_" + "0" * 16
    return there, absent | {"secret": "y" * 43}


@pytest.fixture(params=["eve", "alan", "katherine", "linus"])
def outsider(request, ada, eve, katherine):
    """A stranger, somebody whose mentorship has just ended, staff, and nobody in particular."""
    people = {"eve": eve, "katherine": katherine, "linus": None}
    if request.param == "alan":
        people["alan"] = make_user("Alan Oyelaran")
        now = timezone.now()
        make_mentorship(mentor=people["alan"], learner=ada, started_at=now, ended_at=now)
    return people[request.param]


def answer(person, address, method, **headers):
    """All that a browser is told, without the names in the address and tokens of the moment."""
    client = Client()
    if person:
        client.force_login(person)
    data = {"title": "x", "link": "eve/x", "answer": "accept", "sentence": "x", "ruling": "accepted",
            "reason": "x"}  # fmt: skip
    response = getattr(client, method)(address, data, headers=headers)
    text = response.content.decode() + str(sorted(response.headers.items()))
    for form in (address, quote(address), quote(address, safe="")):
        text = text.replace(form, "")
    cookies = sorted(response.cookies)
    text = re.sub(r"[A-Za-z0-9]{64}|\b\d+\b", "", text)
    for name in re.findall(r"[\w-]+", address):
        text = re.sub(rf"\b{name}\b", "", text)
    return response.status_code, cookies, text


HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("method", "headers"),
    [("get", {}), ("get", HTMX), ("post", {}), ("post", HTMX), ("put", {})],
    ids=["GET", "GET by htmx", "POST", "POST by htmx", "PUT"],
)
def test_hidden_and_absent_cannot_be_told_apart(method, headers, outsider, names):
    there, absent = names
    is_staff = outsider is not None and outsider.is_staff
    for address in ADDRESSES if is_staff else [*ADDRESSES, *RUN]:
        hidden = answer(outsider, address % there, method, **headers)
        missing = answer(outsider, address % absent, method, **headers)
        assert hidden == missing, address
        assert hidden[0] in (302, 404, 405), address

    assert Review.objects.requested().count() == 1
    assert Mentorship.objects.active().count() == 1
    assert OwnResource.objects.count() == StudySession.objects.count() == 1


def test_an_invitation_that_is_open_to_its_link_is_closed_to_its_number(ada, eve, client):
    invitation = make_invitation(ada)
    client.force_login(eve)

    by_link = client.get(f"/invitations/{invitations.secret_of(invitation)}/")
    by_number = client.get(f"/invitations/{invitation.pk}/answer/")

    assert (by_link.status_code, by_number.status_code) == (200, 404)
