"""The pages of a cohort: asked to join, joining, leaving, inviting, and running it."""

import re
from datetime import UTC, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import cohorts, invitations
from accounts.models import Cohort, CohortInvitation, Part
from tests.factories import make_cohort, make_cohort_invitation, make_user


@pytest.fixture
def mary(db):
    return make_user("Mary Okafor")


@pytest.fixture
def spring(katherine, mary):
    organiser = make_user("Olive Tan")
    return make_cohort(name="Spring group", slug="spring", organisers=[organiser], mentors=[mary])


@pytest.fixture
def olive(spring):
    return spring.memberships.organisers().get().person


def link_of(way):
    return f"/cohorts/join/{invitations.secret_of(way)}/"


def test_a_learner_reads_who_will_see_what_before_joining(spring, olive, eve, as_user):
    way = make_cohort_invitation(spring, olive)
    client = as_user(eve)

    page = client.get(link_of(way)).content.decode()

    assert "Learn with Spring group" in page
    assert "Mary Okafor" in page
    assert "Olive Tan" in page
    assert "private ones too" in page
    assert "Organisers see neither your projects nor what was found" in page
    assert "You can leave at any time" in page
    assert not spring.memberships.filter(person=eve).exists()

    page = client.post(link_of(way), {"answer": "join"}, follow=True).content.decode()

    assert "You are in Spring group now." in page
    assert spring.memberships.get(person=eve).part == Part.LEARNER


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("mentor", ["Mentor in Spring group", "Join as a mentor", "as their mentor does"]),
        ("organiser", ["Organise Spring group", "Organise this cohort", "neither projects nor"]),
    ],
)
def test_each_part_is_told_its_own(part, words, spring, olive, eve, as_user):
    way = make_cohort_invitation(spring, olive, part=part, email="eve@example.org")

    page = as_user(eve).get(link_of(way)).content.decode()

    for word in words:
        assert word in page


def test_somebody_without_an_account_reads_it_without_names_and_comes_back(spring, olive, client):
    way = make_cohort_invitation(spring, olive)

    page = client.get(link_of(way)).content.decode()

    assert "Mary Okafor" not in page
    assert "Every mentor of the cohort" in page
    assert f"/accounts/signup/?next={link_of(way)}" in page
    assert client.post(link_of(way), {"answer": "join"}).status_code == 200
    assert spring.memberships.learners().count() == 0


def test_a_closed_way_tells_nothing_of_its_cohort(spring, olive, eve, as_user):
    way = make_cohort_invitation(spring, olive)
    address = link_of(way)
    cohorts.withdraw(way)
    client = as_user(eve)

    for response in (client.get(address), client.post(address, {"answer": "join"})):
        assert response.status_code == 410
        assert "Spring group" not in response.content.decode()
        assert "Olive" not in response.content.decode()
    assert client.get("/cohorts/join/" + "x" * 43 + "/").status_code == 404


def test_who_is_in_is_told_so_even_by_a_closed_link(spring, olive, mary, as_user):
    way = make_cohort_invitation(spring, olive)
    address = link_of(way)
    cohorts.withdraw(way)

    page = as_user(mary).get(address, follow=True).content.decode()

    assert "You are in Spring group already, as mentor." in page


def test_leaving_asks_first_and_works_at_once(spring, ada, mary, as_user):
    spring.memberships.create(person=ada, part="learner")
    client = as_user(ada)

    assert "Leave Spring group?" in client.get("/cohorts/spring/leave/").content.decode()
    assert spring.memberships.filter(person=ada, left_at=None).exists()
    page = client.post("/cohorts/spring/leave/", follow=True).content.decode()

    assert "You have left Spring group." in page
    assert as_user(mary).get("/mentoring/ada-nwosu/").status_code == 404
    assert as_user(ada).post("/cohorts/spring/leave/").status_code == 404


def test_the_end_of_a_mentorship_says_what_a_cohort_still_shares(ada, grace, spring, as_user):
    address = f"/mentorships/{grace.mentorships_as_mentor.get().pk}/end/"
    assert "Spring group" not in as_user(ada).get(address).content.decode()
    spring.memberships.create(person=ada, part="learner")
    spring.memberships.create(person=grace, part="mentor")

    assert "You are together in Spring group too" in as_user(ada).get(address).content.decode()


def test_ones_cohorts_name_who_mentors_and_organises_but_no_learner(spring, ada, eve, as_user):
    for learner in (ada, eve):
        spring.memberships.create(person=learner, part="learner")

    page = as_user(ada).get("/cohorts/").content.decode()

    assert "Mary Okafor" in page
    assert "Olive Tan" in page
    assert "Eve Moreau" not in page
    assert "/cohorts/new/" not in page


def test_many_cohorts_cost_as_much_as_one(ada, olive, as_user):
    costs = []
    for count in (1, 12):
        for _ in range(count):
            mentors = [make_user(), make_user()]
            make_cohort(organisers=[olive], mentors=mentors, learners=[ada, make_user()])
        for person in (ada, olive):
            client = as_user(person)
            client.get("/settings/profile/")
            costs.append(_cost(client, "/cohorts/"))

    assert costs[:2] == costs[2:]


def _cost(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# Inviting


def test_an_organiser_makes_a_link_and_reads_it_again(spring, olive, as_user):
    client = as_user(olive)
    client.post(
        "/cohorts/spring/invite/", {"by": "link", "part": "learner", "max_uses": 3, "days": "7"}
    )

    way = CohortInvitation.objects.get()
    page = client.get("/cohorts/spring/invite/").content.decode()

    assert (way.max_uses, way.email, way.part) == (3, "", "learner")
    assert timedelta(days=6.9) < way.expires_at - timezone.now() < timedelta(days=7)
    assert link_of(way) in page
    assert "0 of 3 joined" in page


def test_letters_go_to_each_address(spring, olive, as_user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_user(olive).post(
            "/cohorts/spring/invite/",
            {"by": "letter", "part": "mentor", "days": "14",
             "emails": "a@example.org\nb@example.org, c@example.org"},
        )  # fmt: skip

    assert response.status_code == 302
    assert {letter.to[0][0] for letter in mail.outbox} == {"a", "b", "c"}
    page = as_user(olive).get("/cohorts/spring/invite/").content.decode()
    assert page.count("mentors</span>") == 3
    for way in CohortInvitation.objects.all():
        assert link_of(way) not in page  # a letter is for its reader alone


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"by": "letter", "emails": "a@example.org\nnonsense"}, "not an e-mail address: nonsense"),
        ({"by": "letter", "emails": ""}, "required"),
        ({"by": "letter", "emails": " ".join(f"{n}@e.org" for n in range(51))}, "at most 50"),
        ({"by": "link", "max_uses": "0"}, "greater than or equal to 1"),
        ({"by": "link", "max_uses": "9999"}, "less than or equal to 500"),
        ({"by": "link", "max_uses": "3", "part": "organiser"}, "Select a valid choice"),
        ({"by": "link", "max_uses": "3", "days": "4000"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_sent_is_kept_with_a_reason(data, words, spring, olive, as_user):
    response = as_user(olive).post(
        "/cohorts/spring/invite/", {"part": "learner", "days": "7"} | data
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert not CohortInvitation.objects.exists()
    for kept in data.get("emails", "").split()[:2]:
        assert kept in page
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page))


def test_withdrawing_keeps_who_joined(spring, olive, eve, as_user):
    way = make_cohort_invitation(spring, olive, max_uses=5)
    cohorts.join(way, eve)
    client = as_user(olive)

    for _ in range(2):
        client.post(f"/cohorts/spring/invitations/{way.pk}/withdraw/")

    assert cohorts.membership_of(eve, spring)
    assert "withdrawn" in client.get("/cohorts/spring/invite/").content.decode()


def test_after_a_change_of_the_key_the_page_still_opens(spring, olive, as_user, settings):
    make_cohort_invitation(spring, olive)
    client = as_user(olive)
    settings.SECRET_KEY_FALLBACKS = []
    CohortInvitation.objects.update(nonce="another")

    assert "/cohorts/join/" not in client.get("/cohorts/spring/invite/").content.decode()


# Running it


def test_staff_make_a_cohort_and_ask_somebody_to_organise_it(
    katherine, eve, as_user, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_user(katherine).post(
            "/cohorts/new/",
            {"name": "Autumn", "about": "", "starts_on": "", "ends_on": "", "organiser": eve.email},
        )

    assert response.url == "/cohorts/autumn/"
    assert mail.outbox[0].to == [eve.email]
    assert as_user(eve).get("/cohorts/autumn/").status_code == 404


def test_days_that_cannot_be_are_refused_at_their_place(katherine, spring, as_user):
    today = timezone.now().astimezone(UTC).date()
    client = as_user(katherine)
    wrong = [
        {"starts_on": "2030-02-01", "ends_on": "2030-01-01"},
        {"ends_on": (today - timedelta(days=1)).isoformat()},
    ]
    for days in wrong:
        response = client.post("/cohorts/spring/edit/", {"name": "Kept name"} | days)
        assert response.status_code == 422
        assert "Kept name" in response.content.decode()
    assert Cohort.objects.get().name == "Spring group"
    assert "Spring group" in response.content.decode()

    good = {"name": "Summer", "ends_on": today.isoformat()}
    assert client.post("/cohorts/spring/edit/", good).url == "/cohorts/spring/"
    assert Cohort.objects.get().ends_on == today


def test_an_organiser_takes_somebody_out(spring, olive, ada, mary, as_user):
    membership = spring.memberships.create(person=ada, part="learner")
    client = as_user(olive)
    address = f"/cohorts/spring/members/{membership.pk}/remove/"

    assert "Take Ada Nwosu out of Spring group?" in client.get(address).content.decode()
    client.post(address)

    membership.refresh_from_db()
    assert membership.ended_by == olive
    assert as_user(mary).get("/mentoring/ada-nwosu/").status_code == 404


def test_an_organiser_who_takes_themselves_out_does_not_end_at_an_error(spring, olive, as_user):
    own = spring.memberships.get(person=olive)

    response = as_user(olive).post(f"/cohorts/spring/members/{own.pk}/remove/", follow=True)

    assert response.status_code == 200


def test_ending_asks_first(spring, olive, as_user):
    client = as_user(olive)

    assert "End Spring group?" in client.get("/cohorts/spring/end/").content.decode()
    assert Cohort.objects.live().exists()
    client.post("/cohorts/spring/end/")

    assert client.get("/cohorts/spring/").status_code == 404


# Who runs it

RUN = [
    "/cohorts/spring/", "/cohorts/spring/export.csv", "/cohorts/spring/edit/",
    "/cohorts/spring/end/", "/cohorts/spring/invite/",
    "/cohorts/spring/invitations/{way}/withdraw/", "/cohorts/spring/members/{learner}/remove/",
]  # fmt: skip


@pytest.fixture
def outsider(request, spring, olive, mary, ada, eve):
    """Somebody who does not run the cohort, or no longer."""
    spring.memberships.create(person=ada, part="learner")
    if request.param == "its mentor":
        return mary
    if request.param == "its learner":
        return ada
    if request.param == "a stranger":
        return eve
    if request.param == "an organiser of another":
        make_cohort(slug="other", organisers=[eve])
        return eve
    if request.param == "its organiser who left a second ago":
        cohorts.leave(cohorts.membership_of(olive, spring), by=olive)
    if request.param == "its organiser after its end":
        cohorts.end(spring, by=olive)
    if request.param == "its organiser the day after its last":
        last = timezone.now().astimezone(UTC).date() - timedelta(days=1)
        Cohort.objects.filter(pk=spring.pk).update(ends_on=last)
    return olive


@pytest.mark.parametrize(
    "outsider",
    [
        "its mentor", "its learner", "a stranger", "an organiser of another",
        "its organiser who left a second ago", "its organiser after its end",
        "its organiser the day after its last",
    ],
    indirect=True,
)  # fmt: skip
def test_nobody_else_runs_it(outsider, spring, olive, ada, as_user):
    way = make_cohort_invitation(spring, olive)
    learner = spring.memberships.get(person=ada)
    client = as_user(outsider)
    before = list(Cohort.objects.values()), list(spring.memberships.values())

    for address in RUN:
        url = address.format(way=way.pk, learner=learner.pk)
        for method in (client.get, client.post):
            answer = method(url, {"name": "Mine", "by": "link", "part": "learner"})
            assert answer.status_code in (404, 405), (url, method)

    assert (list(Cohort.objects.values()), list(spring.memberships.values())) == before
    assert CohortInvitation.objects.get().withdrawn_at is None


def test_members_of_another_cohort_cannot_be_reached_through_ones_own(spring, ada, eve, as_user):
    other = make_cohort(slug="other", organisers=[eve])
    membership = spring.memberships.create(person=ada, part="learner")
    way = make_cohort_invitation(spring, eve)
    client = as_user(eve)

    assert client.post(f"/cohorts/other/members/{membership.pk}/remove/").status_code == 404
    assert client.post(f"/cohorts/other/invitations/{way.pk}/withdraw/").status_code == 404
    assert other.memberships.count() == 1


def test_an_organiser_may_do_it_all(spring, olive, ada, as_user):
    membership = spring.memberships.create(person=ada, part="learner")
    client = as_user(olive)

    for address in RUN:
        url = address.format(way=make_cohort_invitation(spring, olive).pk, learner=membership.pk)
        assert client.get(url).status_code in (200, 405), url
