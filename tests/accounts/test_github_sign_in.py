"""Sign-in with GitHub, through the whole of OAuth against the double: nobody becomes somebody else."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.test import Client

from accounts.models import User
from tests.accounts.mailbox import code_for, delivered, last_letter
from tests.factories import PASSWORD, make_user

LOGIN = "/accounts/github/login/"
CALLBACK = "/accounts/github/login/callback/"
CONNECTIONS = "/accounts/3rdparty/"


@pytest.fixture
def github(hub, settings, monkeypatch):
    """The double with our OAuth app. allauth reads GitHub's address once, at import."""
    hub.application("milepost-client", "milepost-secret", f"http://testserver{CALLBACK}")
    settings.SOCIALACCOUNT_PROVIDERS = {
        "github": settings.SOCIALACCOUNT_PROVIDERS["github"]
        | {"APPS": [{"client_id": "milepost-client", "secret": "milepost-secret"}]}
    }
    settings.GITHUB_CLIENT_ID = "milepost-client"
    for name, path in {
        "access_token_url": "/login/oauth/access_token",
        "authorize_url": "/login/oauth/authorize",
        "profile_url": "/api/v3/user",
        "emails_url": "/api/v3/user/emails",
    }.items():
        monkeypatch.setattr(GitHubOAuth2Adapter, name, hub.url + path)
    return hub


def sign_in(client, github, login, *, process="login", next=""):
    """Go to GitHub as this person, come back, and return our answer to the code."""
    github.signs_in_as = login
    to_github = client.post(f"{LOGIN}?process={process}&next={next}")
    assert to_github.status_code == 302, to_github.text
    back = httpx.get(to_github.url)
    assert back.status_code == 302, back.text
    return client.get(back.headers["location"].removeprefix("http://testserver"))


def user_of(client):
    """Who the client is signed in as, or None."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


def test_a_newcomer_with_a_verified_address_signs_in_at_once(client, github, db):
    github.person("torvalds-ada", name="Ada Nwosu", email="ada@example.org")

    response = sign_in(client, github, "torvalds-ada", next="/mentorships/")

    user = user_of(client)
    assert response.url == "/mentorships/"
    assert (user.email, user.profile.name) == ("ada@example.org", "Ada Nwosu")
    assert user.profile.handle == "torvalds-ada"
    assert not user.profile.is_public
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified


def test_we_ask_for_addresses_only_and_prove_the_code_is_ours(client, github, db):
    github.person("ada", email="ada@example.org")

    question = parse_qs(urlsplit(client.post(LOGIN).url).query)
    sign_in(client, github, "ada")

    [exchange] = [r for r in github.requests if "access_token" in r.path]
    assert question["scope"] == ["user:email"]
    assert question["code_challenge_method"] == ["S256"]
    assert len(question["state"][0]) >= 16
    assert "code_verifier=" in exchange.body


def test_no_token_of_github_is_kept(client, github, db):
    github.person("ada", email="ada@example.org")

    sign_in(client, github, "ada")

    assert not SocialToken.objects.exists()
    assert "gho_" not in json.dumps(SocialAccount.objects.get().extra_data)


def test_signing_in_again_finds_the_same_person_after_name_and_address_changed(client, github, db):
    person = github.person("ada", email="ada@example.org")
    sign_in(client, github, "ada")
    ada = user_of(client)
    github.people["countess"] = replace(
        person, login="countess", name="Countess", email="new@example.org"
    )

    other_device = Client()
    sign_in(other_device, github, "countess")

    assert user_of(other_device) == ada
    assert User.objects.count() == 1
    assert User.objects.get().email == "ada@example.org"
    assert User.objects.get().profile.name == "ada"


def test_the_same_login_with_another_id_is_another_person(client, github, db):
    person = github.person("ada", email="ada@example.org")
    sign_in(client, github, "ada")
    ada = user_of(client)
    github.people["ada"] = replace(person, id=person.id + 1, email="thief@example.org")

    thief = Client()
    sign_in(thief, github, "ada")

    assert user_of(thief) not in (ada, None)
    assert user_of(thief).profile.handle == "ada-2"


@pytest.mark.parametrize("email", ["ada.nwosu@example.org", "ADA.Nwosu@Example.ORG"])
@pytest.mark.parametrize("is_verified", [True, False])
def test_an_address_alone_never_opens_the_account_that_has_it(
    client, github, ada, email, is_verified
):
    github.person("eve", email=email, is_verified=is_verified)

    sign_in(client, github, "eve")

    assert user_of(client) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_somebody_whose_verified_address_has_an_account_is_told_so_by_mail_alone(
    client, github, ada
):
    github.person("ada", email="ada.nwosu@example.org")
    github.person("new", email="new@example.org", is_verified=True)

    response = sign_in(client, github, "ada")

    assert response.url == "/accounts/confirm-email/"
    assert "already" in last_letter(to="ada.nwosu@example.org").subject
    assert "Ada Nwosu" not in client.get(response.url).text


def other_addresses(github, *addresses):
    """What GitHub says of the addresses of whoever asks, primary first."""
    rows = [
        {"email": email, "verified": verified, "primary": n == 0, "visibility": None}
        for n, (email, verified) in enumerate(addresses)
    ]
    github.fault("status", "GET /api/v3/user/emails", count=None, status=200, body=json.dumps(rows))


def test_a_second_address_at_github_claims_no_account(client, github, ada):
    github.person("eve", email="eve@example.org")
    other_addresses(github, ("eve@example.org", True), ("ada.nwosu@example.org", True))

    sign_in(client, github, "eve")

    assert user_of(client).email == "eve@example.org"
    assert list(user_of(client).emailaddress_set.values_list("email", flat=True)) == [
        "eve@example.org"
    ]
    assert ada.emailaddress_set.count() == 1


def test_a_verified_second_address_does_not_stand_in_for_an_unverified_first(client, github, db):
    github.person("eve", email="eve@example.org")
    other_addresses(github, ("victim@example.org", False), ("eve@example.org", True))

    response = sign_in(client, github, "eve")

    assert response.url.startswith("/accounts/3rdparty/signup/")
    assert user_of(client) is None
    assert not User.objects.exists()


def test_the_public_address_of_a_profile_at_github_claims_nothing(client, github, ada):
    person = github.person("eve", email="eve@example.org")
    body = {"id": person.id, "login": "eve", "name": "Eve", "email": "ada.nwosu@example.org"}
    github.fault("status", r"GET /api/v3/user ", count=None, status=200, body=json.dumps(body))

    sign_in(client, github, "eve")

    assert user_of(client) != ada
    assert not User.objects.exclude(pk=ada.pk).filter(email__iexact=ada.email).exists()
    assert EmailAddress.objects.filter(email__iexact=ada.email).count() == 1


def test_an_account_that_somebody_prepared_with_my_address_is_not_mine_and_mine_is_not_theirs(
    client, github, db
):
    attacker = Client()
    attacker.post(
        "/accounts/signup/",
        {"name": "Eve", "email": "victim@example.org", "password1": PASSWORD},
    )
    prepared = User.objects.get()
    github.person("victim", email="victim@example.org")

    sign_in(client, github, "victim")

    assert user_of(client) is None
    assert user_of(attacker) is None
    assert not SocialAccount.objects.exists()
    assert not prepared.emailaddress_set.filter(verified=True).exists()


def test_somebody_without_a_verified_address_proves_one_by_code(client, github, db):
    github.person("ben", name="Ben\u202e Roe", email="ben@example.org", is_verified=False)

    response = sign_in(client, github, "ben")
    form = client.get(response.url)
    assert "Ben" in form.text
    assert "ben@example.org" not in form.text
    client.post(response.url, {"name": "Benjamin Roe", "email": "ben@example.org"})
    assert user_of(client) is None
    client.post("/accounts/confirm-email/", {"code": code_for("ben@example.org")})

    assert user_of(client).email == "ben@example.org"
    assert user_of(client).profile.name == "Benjamin Roe"


def test_the_form_of_a_newcomer_does_not_take_the_address_of_a_member(client, github, ada):
    github.person("eve", email="", is_verified=False)
    response = sign_in(client, github, "eve")

    client.post(response.url, {"name": "Eve", "email": "ada.nwosu@example.org"})

    assert user_of(client) is None
    assert User.objects.filter(email__iexact="ada.nwosu@example.org").count() == 1
    assert not SocialAccount.objects.filter(user=ada).exists()


def test_a_member_connects_github_after_signing_in_and_confirming(client, github, ada):
    github.person("ada", email="elsewhere@example.org")
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})

    question = sign_in(client, github, "ada", process="connect")
    assert question.url.startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()
    client.post(question.url, {"password": PASSWORD})

    assert SocialAccount.objects.get().user == ada
    assert list(ada.emailaddress_set.values_list("email", flat=True)) == [ada.email]
    other_device = Client()
    sign_in(other_device, github, "ada")
    assert user_of(other_device) == ada
    assert last_letter(to=ada.email)


def test_a_wrong_password_connects_nothing(client, github, ada):
    github.person("eve", email="eve@example.org")
    client.force_login(ada)

    question = sign_in(client, github, "eve", process="connect")
    client.post(question.url, {"password": "wrong"})

    assert not SocialAccount.objects.exists()


def test_github_accounts_without_a_verified_address_cannot_be_connected(client, github, ada):
    github.person("ada", email="ada.nwosu@example.org", is_verified=False)
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})

    response = sign_in(client, github, "ada", process="connect")

    assert response.url == CONNECTIONS
    assert "has not verified the primary e-mail address" in client.get(CONNECTIONS).text
    assert not SocialAccount.objects.exists()


def test_a_github_account_that_belongs_to_one_member_is_not_given_to_another(
    client, github, ada, eve
):
    github.person("ada", email="elsewhere@example.org")
    SocialAccount.objects.create(user=ada, provider="github", uid=str(github.people["ada"].id))
    client.post("/accounts/login/", {"login": eve.email, "password": PASSWORD})

    sign_in(client, github, "ada", process="connect")

    assert SocialAccount.objects.get().user == ada
    assert user_of(client) == eve


def test_somebody_shut_out_is_not_let_in_by_github(client, github, db):
    github.person("eve", email="eve@example.org")
    sign_in(client, github, "eve")
    User.objects.update(is_active=False)
    client = Client()

    sign_in(client, github, "eve")

    assert user_of(client) is None


def test_a_code_that_comes_back_to_another_browser_signs_nobody_in(client, github, db):
    github.person("eve", email="eve@example.org")
    github.signs_in_as = "eve"
    back = httpx.get(client.post(LOGIN).url).headers["location"]

    victim = Client()
    response = victim.get(back.removeprefix("http://testserver"))

    assert user_of(victim) is None
    assert not User.objects.exists()
    assert response.status_code in (302, 200, 401, 403)


def test_a_code_works_once(client, github, db):
    github.person("ada", email="ada@example.org")
    github.signs_in_as = "ada"
    back = httpx.get(client.post(LOGIN).url).headers["location"].removeprefix("http://testserver")
    client.get(back)
    client.logout()

    client.get(back)

    assert user_of(client) is None


def test_changing_ones_mind_at_github_leads_back_with_a_word(client, github, db):
    question = client.post(LOGIN).url
    back = httpx.get(f"{question}&decision=cancel").headers["location"]

    response = client.get(back.removeprefix("http://testserver"), follow=True)

    assert response.status_code == 200
    assert user_of(client) is None


@pytest.mark.parametrize(
    ("kind", "path", "options"),
    [
        ("status", "access_token", {"status": 500}),
        ("status", "/user ", {"status": 503}),
        ("status", "/user/emails", {"status": 500}),
        ("status", "/user/emails", {"status": 200, "body": "{}"}),
        ("drop", "access_token", {}),
        ("drop", "/user ", {}),
        ("html", "access_token", {}),
        ("html", "/user ", {}),
        ("badjson", "/user ", {}),
        ("badjson", "/user/emails", {}),
    ],
)
def test_a_github_on_a_bad_day_gives_a_page_and_signs_nobody_in(
    client, github, db, kind, path, options
):
    github.person("ada", email="ada@example.org")
    github.fault(kind, path, count=None, **options)

    response = sign_in(client, github, "ada")

    assert response.status_code < 500
    assert user_of(client) is None
    assert not User.objects.exists()


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_after_github_nobody_is_sent_to_another_site(client, github, db, next_page):
    github.person("ada", email="ada@example.org")

    response = sign_in(client, github, "ada", next=next_page)

    assert "evil" not in response.url
    assert "javascript" not in response.url


def test_sign_in_pages_offer_github_when_it_is_set_up(client, github, db):
    for page in ["/accounts/login/", "/accounts/signup/"]:
        assert "GitHub" in client.get(page).text


def test_without_an_oauth_app_github_is_nowhere(client, as_user, db):
    for page in ["/accounts/login/", "/accounts/signup/"]:
        assert "GitHub" not in client.get(page).text
    for page in [LOGIN, CALLBACK]:
        assert client.get(page).status_code == 404
        assert client.post(page).status_code in (404, 405)


def test_a_link_from_elsewhere_does_not_start_a_sign_in(client, github, db):
    response = client.get(LOGIN)

    assert response.status_code == 200
    assert not github.requests
    assert not delivered()


def test_a_member_can_disconnect_github_while_a_password_remains(client, github, ada):
    account = SocialAccount.objects.create(user=ada, provider="github", uid="1")
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post(CONNECTIONS, {"account": account.pk})

    assert not SocialAccount.objects.exists()


def test_the_last_way_in_cannot_be_disconnected(client, github, db):
    github.person("ada", email="ada@example.org")
    sign_in(client, github, "ada")

    client.post(CONNECTIONS, {"account": SocialAccount.objects.get().pk})

    assert SocialAccount.objects.exists()


def test_two_members_of_one_name_get_two_handles(client, github, db):
    make_user("Ada")
    github.person("ada", email="other@example.org")

    sign_in(client, github, "ada")

    assert user_of(client).profile.handle == "ada-2"
