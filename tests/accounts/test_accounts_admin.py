"""Katherine looks after people in the administration; links of invitations stay hidden there."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Invitation, Mentorship, Profile, User
from tests.factories import PASSWORD, make_invitation


def fields_of(page):
    """What a form of the administration would send unchanged."""
    sent = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = "on" if value is True else value
    return sent


def test_katherine_adds_a_person_by_address_who_gets_a_profile(as_user, katherine):
    client = as_user(katherine)
    page = client.get("/admin/accounts/user/add/")
    assert "username" not in page.context["adminform"].form.fields

    response = client.post(
        "/admin/accounts/user/add/",
        {
            "email": "ben.roe@example.org",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    ben = User.objects.get(email="ben.roe@example.org")
    assert response.url == reverse("admin:accounts_user_change", args=[ben.pk])
    assert Profile.objects.get(user=ben).handle == "ben-roe"
    assert ben.check_password(PASSWORD)


def test_an_address_is_added_once_in_any_case(as_user, katherine, ada):
    page = as_user(katherine).post(
        "/admin/accounts/user/add/",
        {
            "email": "ADA.NWOSU@example.org",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    assert page.status_code == 200
    assert User.objects.filter(email__iexact=ada.email).count() == 1


def test_katherine_edits_a_person_and_their_profile_on_one_page(as_user, katherine, ada):
    client = as_user(katherine)
    address = reverse("admin:accounts_user_change", args=[ada.pk])
    fields = fields_of(client.get(address)) | {"profile-0-headline": "Learner of the month"}

    response = client.post(address, fields)

    assert response.status_code == 302, response.context["errors"]
    assert Profile.objects.get(user=ada).headline == "Learner of the month"


def test_the_administration_refuses_a_reserved_handle_too(as_user, katherine, ada):
    client = as_user(katherine)
    address = reverse("admin:accounts_user_change", args=[ada.pk])
    fields = fields_of(client.get(address)) | {"profile-0-handle": "admin"}

    page = client.post(address, fields)

    assert "kept for the site itself" in page.text


@pytest.mark.parametrize("query", ["ada", "Nwosu", "ada-nwosu", "ada.nwosu@"])
def test_people_are_found_by_address_name_and_handle(as_user, katherine, ada, query):
    page = as_user(katherine).get("/admin/accounts/user/", {"q": query})

    assert list(page.context["cl"].queryset) == [ada]


def test_the_link_of_an_invitation_is_not_to_be_had_from_the_administration(
    as_user, katherine, ada
):
    invitation = make_invitation(ada)
    client = as_user(katherine)

    for address in [
        reverse("admin:accounts_invitation_changelist"),
        reverse("admin:accounts_invitation_change", args=[invitation.pk]),
    ]:
        page = client.get(address)
        assert invitation.email in page.text
        assert invitation.nonce not in page.text
        assert invitation.token_hash not in page.text


def test_invitations_are_neither_made_nor_changed_there(as_user, katherine, ada):
    invitation = make_invitation(ada)
    client = as_user(katherine)

    assert client.get("/admin/accounts/invitation/add/").status_code == 403
    address = reverse("admin:accounts_invitation_change", args=[invitation.pk])
    assert client.post(address, {"email": "thief@example.org"}).status_code == 403
    assert Invitation.objects.get().email == invitation.email


def test_mentorships_are_listed_and_searched(as_user, katherine, ada, grace):
    page = as_user(katherine).get("/admin/accounts/mentorship/", {"q": "grace"})

    assert list(page.context["cl"].queryset) == [Mentorship.objects.get()]
    assert as_user(katherine).get("/admin/accounts/mentorship/add/").status_code == 200


@pytest.mark.parametrize("model", [User, Mentorship, Invitation])
def test_the_administration_is_for_staff(as_user, ada, model):
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")

    assert model in admin.site._registry
    assert as_user(ada).get(address).status_code == 302
