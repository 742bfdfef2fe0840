"""What is hidden and what is not there give the same answer: status, headers, body, side effects."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from accounts import invitations
from accounts.models import Mentorship
from portfolio import disputes
from portfolio.models import Review
from tests.factories import (
    make_check_run,
    make_invitation,
    make_mentorship,
    make_own_role,
    make_project,
    make_user,
)

#: Addresses of Ada's, with %s where an id or a name of hers stands.
ADDRESSES = [
    "/projects/%(slug)s/", "/projects/%(slug)s/edit/", "/projects/%(slug)s/delete/",
    "/projects/%(slug)s/repositories/", "/projects/%(slug)s/repositories/%(repository)s/unlink/",
    "/projects/%(slug)s/repositories/%(repository)s/relink/",
    "/projects/%(slug)s/repositories/%(repository)s/webhook/", "/projects/%(slug)s/check/",
    "/projects/%(slug)s/review/", "/projects/%(slug)s/review/withdraw/",
    "/repositories/%(repository)s/checks/", "/check-runs/%(run)s/",
    "/findings/%(finding)s/dispute/", "/disputes/%(dispute)s/", "/mentoring/%(handle)s/",
    "/@%(handle)s/", "/@%(handle)s/%(slug)s/", "/@%(handle)s/%(slug)s/review/",
    "/mentorships/%(mentorship)s/end/", "/invitations/%(invitation)s/answer/",
    "/invitations/%(invitation)s/withdraw/", "/invitations/%(secret)s/", "/roles/%(role)s/",
    "/roles/%(role)s/edit/", "/roles/%(role)s/delete/", "/roles/%(role)s/aim/",
]  # fmt: skip


@pytest.fixture
def names(ada, grace):
    """Of what is there, and of what is not."""
    project = make_project(ada, slug="engine", visibility="public")
    run = make_check_run(project, ("tests", "failed"), tree_sha="7e" * 20)
    finding = run.findings.get()
    dispute = disputes.raise_dispute(finding, by=ada, sentence="They are there.")
    project.reviews.create(question="Is it honest?")
    there = {
        "slug": "engine", "handle": "ada-nwosu", "repository": run.repository_id, "run": run.pk,
        "finding": finding.pk, "dispute": dispute.pk,
        "mentorship": grace.mentorships_as_mentor.get().pk,
        "invitation": make_invitation(ada).pk, "secret": "x" * 43, "role": make_own_role(ada).slug,
    }  # fmt: skip
    absent = dict.fromkeys(there, 987_654) | {"slug": "no-such", "handle": "no-such"}
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
    for address in ADDRESSES:
        hidden = answer(outsider, address % there, method, **headers)
        missing = answer(outsider, address % absent, method, **headers)
        assert hidden == missing, address
        assert hidden[0] in (302, 404, 405), address

    assert Review.objects.requested().count() == 1
    assert Mentorship.objects.active().count() == 1


def test_an_invitation_that_is_open_to_its_link_is_closed_to_its_number(ada, eve, client):
    invitation = make_invitation(ada)
    client.force_login(eve)

    by_link = client.get(f"/invitations/{invitations.secret_of(invitation)}/")
    by_number = client.get(f"/invitations/{invitation.pk}/answer/")

    assert (by_link.status_code, by_number.status_code) == (200, 404)
