"""Ada says that a unit is done, with htmx and without, and that it is not after all."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from curriculum import enrollments
from curriculum.models import Enrollment, UnitCompletion
from tests.factories import make_unit

HTMX = {"HX-Request": "true"}


@pytest.fixture
def unit(db):
    return make_unit(title="Counting")


def complete(client, unit, **options):
    return client.post(reverse("curriculum:complete_unit", args=[unit.slug]), **options)


def reopen(client, unit, **options):
    return client.post(reverse("curriculum:reopen_unit", args=[unit.slug]), **options)


def test_the_first_completed_unit_puts_a_person_on_the_roadmap(as_user, ada, unit):
    answer = complete(as_user(ada), unit, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [(unit.get_absolute_url(), 302)]
    assert "“Counting” is complete." in page
    assert "Open it again" in page
    assert enrollments.of(ada).completions.standing().get().unit == unit


def test_after_completing_the_page_leads_on_to_what_is_next(as_user, ada, unit):
    following = make_unit(module=unit.module, position=unit.position + 1, title="Adding")

    page = complete(as_user(ada), unit, follow=True).content.decode()

    assert "Next: Adding" in page
    assert f'class="btn primary" href="{following.get_absolute_url()}"' in page


def test_after_the_last_unit_the_page_says_that_it_was_the_last(as_user, ada, unit):
    page = complete(as_user(ada), unit, follow=True).content.decode()

    assert "nothing on the roadmap is open any more" in page


def test_with_htmx_only_what_changed_comes_back(as_user, ada, unit):
    answer = complete(as_user(ada), unit, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "Open it again" in page
    assert 'id="units" hx-swap-oob="true"' in page
    assert 'aria-label="complete"' in page


def test_the_page_and_the_htmx_answer_show_the_same_state(as_user, ada, unit):
    client = as_user(ada)
    answer = complete(client, unit, headers=HTMX).content.decode()
    part = answer.split("<ol")[0].replace(" autofocus", "")

    page = client.get(unit.get_absolute_url()).content.decode()

    def words(html):
        return " ".join(html.split("csrfmiddlewaretoken")[0].split())

    assert words(part) in " ".join(page.split())


def test_the_form_works_without_a_script_and_is_enhanced_by_htmx(as_user, ada, unit):
    page = as_user(ada).get(unit.get_absolute_url()).content.decode()

    address = reverse("curriculum:complete_unit", args=[unit.slug])
    assert f'method="post" action="{address}" hx-post="{address}"' in page
    assert "csrfmiddlewaretoken" in page


def test_pressing_twice_counts_once(as_user, ada, unit):
    client = as_user(ada)

    complete(client, unit)
    complete(client, unit)

    assert UnitCompletion.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_unit_can_be_opened_again(as_user, ada, unit, headers):
    client = as_user(ada)
    complete(client, unit)

    answer = reopen(client, unit, headers=headers, follow=True)

    assert "I have done this" in answer.content.decode()
    assert not UnitCompletion.objects.standing().exists()
    assert UnitCompletion.objects.count() == 1


def test_reopening_what_was_never_done_does_nothing(as_user, ada, unit):
    assert reopen(as_user(ada), unit).status_code == 302
    assert not UnitCompletion.objects.exists()


def test_who_is_not_signed_in_goes_to_sign_in_and_comes_back_to_the_unit(client, unit):
    answer = complete(client, unit)

    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next=/units/{unit.slug}/"
    assert not Enrollment.objects.exists()


def test_with_htmx_the_whole_page_goes_to_sign_in(client, unit):
    answer = complete(client, unit, headers=HTMX)

    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=/units/{unit.slug}/"
    assert not Enrollment.objects.exists()


def test_signing_in_leads_back_to_the_unit(client, ada, unit):
    address = complete(client, unit).url

    answer = client.post(
        address, {"login": ada.email, "password": "correct-horse-battery"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == unit.get_absolute_url()
    assert "I have done this" in answer.content.decode()


@pytest.mark.parametrize("name", ["complete_unit", "reopen_unit"])
def test_a_link_cannot_complete_or_reopen_a_unit(as_user, ada, unit, name):
    answer = as_user(ada).get(reverse(f"curriculum:{name}", args=[unit.slug]))

    assert answer.status_code == 405
    assert not UnitCompletion.objects.exists()


def test_another_site_cannot_complete_a_unit(ada, unit):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    assert complete(client, unit).status_code == 403
    assert not UnitCompletion.objects.exists()


def test_eve_completes_only_for_herself(as_user, ada, eve, unit):
    enrollments.complete_unit(enrollments.enroll(ada), unit)

    reopen(as_user(eve), unit)

    assert UnitCompletion.objects.standing().get().enrollment.learner == ada


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_unit_that_retired_meanwhile_is_not_completed(as_user, ada, unit, headers):
    unit.retired_at = timezone.now()
    unit.save()

    assert complete(as_user(ada), unit, headers=headers).status_code == 410
    assert not UnitCompletion.objects.exists()


def test_a_unit_that_is_not_there_cannot_be_completed(as_user, ada, unit):
    answer = as_user(ada).post("/units/nothing/complete/")

    assert answer.status_code == 404
