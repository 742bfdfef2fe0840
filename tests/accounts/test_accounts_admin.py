"""Katherine looks after people in the administration; links of invitations stay hidden there."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from accounts.models import Invitation, Mentorship, Profile, Sighting, User
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


# What nobody has to see


@pytest.mark.filterwarnings("ignore:The default scheme")  # of Django's own form fields
def test_no_page_shows_a_secret_and_none_writes_one(ada, katherine, as_user, rf):
    request = rf.get("/admin/")
    request.user = katherine
    secret = {
        "session_key", "data", "extra_data", "token", "token_secret", "secret", "sealed", "sealed_token",
        "token_hash", "nonce", "webhook_nonce",
    }  # fmt: skip
    shown = {
        model._meta.label: secret & set(page.get_fields(request, model()))
        for model, page in admin.site._registry.items()
        if model._meta.label != "portfolio.Project"  # whose `data` is what it was trained on
    }

    assert {label: fields for label, fields in shown.items() if fields} == {}
    assert not {"UserSession", "SocialToken", "SocialApp"} & {
        model.__name__ for model in admin.site._registry
    }


def test_staff_take_away_a_lost_second_step_without_seeing_its_seed(ada, katherine, as_user):
    seed = "JBSWY3DPEHPK3PXP"
    step = Authenticator.objects.create(user=ada, type="totp", data={"secret": seed})
    client = as_user(katherine)
    page = f"/admin/mfa/authenticator/{step.pk}/"

    assert seed not in client.get(f"{page}change/").text
    assert client.get("/admin/mfa/authenticator/?q=ada").status_code == 200
    assert client.get("/admin/mfa/authenticator/add/").status_code == 403
    client.post(f"{page}delete/", {"post": "yes"})

    assert not ada.authenticator_set.exists()
    assert Sighting.objects.filter(viewer=katherine).exists()
