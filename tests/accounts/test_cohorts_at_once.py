"""Several people, or several tabs, at one way into a cohort in the same moment."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts import cohorts, invitations
from accounts.models import Cohort, CohortInvitation, Membership, Part
from tests.factories import make_cohort, make_cohort_invitation, make_user
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def spring(katherine):
    return make_cohort(slug="spring", organisers=[katherine])


def attempt(action, *args):
    """The same, to be done later; gives the name of the error or of what was made."""

    def run():
        try:
            return type(action(*args)).__name__
        except cohorts.CohortError as error:
            return type(error).__name__

    return run


def press(person, address, **data):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return lambda: client.post(address, data).status_code


def test_five_people_at_the_last_two_places_fill_just_these(spring, katherine):
    way = make_cohort_invitation(spring, katherine, max_uses=2)
    people = [make_user() for _ in range(5)]

    outcomes = at_once(
        *[attempt(cohorts.join, CohortInvitation.objects.get(), person) for person in people]
    )

    assert sorted(outcomes) == ["InvitationClosed"] * 3 + ["Membership"] * 2
    assert spring.memberships.learners().count() == 2
    assert CohortInvitation.objects.get(pk=way.pk).uses == 2


def test_four_tabs_of_one_person_join_once_and_use_one_place(spring, katherine, eve):
    way = make_cohort_invitation(spring, katherine, max_uses=9)
    address = f"/cohorts/join/{invitations.secret_of(way)}/"

    answers = at_once(*[press(eve, address, answer="join")] * 4)

    assert set(answers) == {302}
    assert Membership.objects.filter(person=eve).count() == 1
    assert CohortInvitation.objects.get().uses == 1


def test_a_way_that_is_withdrawn_meanwhile_lets_in_before_or_not_at_all(spring, katherine):
    for _ in range(5):
        way = make_cohort_invitation(spring, katherine, max_uses=9)
        person = make_user()

        joined, _withdrawn = at_once(
            attempt(cohorts.join, CohortInvitation.objects.get(pk=way.pk), person),
            attempt(cohorts.withdraw, CohortInvitation.objects.get(pk=way.pk)),
        )

        way.refresh_from_db()
        is_in = cohorts.membership_of(person, spring) is not None
        assert (joined == "Membership") == is_in == (way.uses == 1)
        assert way.withdrawn_at


def test_a_cohort_that_ends_meanwhile_opens_nothing(spring, katherine):
    way = make_cohort_invitation(spring, katherine, max_uses=9)
    person = make_user()

    at_once(
        attempt(cohorts.join, CohortInvitation.objects.get(pk=way.pk), person),
        lambda: cohorts.end(Cohort.objects.get(), by=katherine),
    )

    assert not cohorts.memberships_of(person).exists()


def test_two_letters_to_one_address_are_one(spring, katherine):
    ask = {"by": katherine, "part": Part.LEARNER, "lifetime": timedelta(days=1)}

    at_once(*[lambda: cohorts.invite_by_email(spring, ["a@example.org"], **ask)] * 3)

    assert spring.invitations.count() == 1


def test_cohorts_of_one_name_made_together_get_an_address_each(katherine):
    at_once(*[lambda: cohorts.create("Spring", by=katherine, organiser="o@example.org")] * 3)

    assert set(Cohort.objects.values_list("slug", flat=True)) == {"spring", "spring-2", "spring-3"}


def test_leaving_and_being_taken_out_at_once_is_one_end(spring, katherine, eve):
    membership = spring.memberships.create(person=eve, part="learner")

    at_once(
        lambda: cohorts.leave(Membership.objects.get(pk=membership.pk), by=eve),
        lambda: cohorts.leave(Membership.objects.get(pk=membership.pk), by=katherine),
    )

    assert not cohorts.memberships_of(eve).exists()


def test_a_change_of_days_does_not_bring_an_ended_cohort_back(spring, katherine):
    at_once(
        lambda: cohorts.end(Cohort.objects.get(), by=katherine),
        attempt(lambda: cohorts.change(spring, name="Summer")),
    )

    assert not Cohort.objects.live().exists()
