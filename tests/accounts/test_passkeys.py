"""What is sent where a passkey's answer is expected, and no passkey made."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD

ANSWERS = [
    "[]", "1", '"x"', "null", "{}", '{"id": 1}', '{"id": "a"}', '{"response": []}', "1e999", "{",
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "AAAA", "signature": "AA", "userHandle": "AA"}}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "attestationObject": "oA"}}',
    '{"response": {"userHandle": "!!"}}', '{"id": "\\ud800"}', "9" * 5000, "[" * 100_000,
    '{"a":' * 50_000,
]  # fmt: skip
PAGES = ["mfa_login_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"]


@pytest.mark.parametrize("name", PAGES)
def test_no_made_up_answer_of_a_passkey_breaks_or_opens_anything(name, ada, client):
    if name != "mfa_login_webauthn":
        client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    client.get(reverse(name), headers={"X-Requested-With": "XMLHttpRequest"})
    for answer in ANSWERS:
        cache.clear()  # of attempts
        status = client.post(reverse(name), {"credential": answer}).status_code
        assert status in (200, 302, 422), answer[:80]

    assert not ada.authenticator_set.exists()
    assert ("_auth_user_id" in client.session) == (name != "mfa_login_webauthn")


def test_nor_as_a_second_step(ada):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(ada, generate_totp_secret())
    client = Client()
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    for answer in ANSWERS:
        cache.clear()
        assert client.post(reverse("mfa_authenticate"), {"credential": answer}).status_code == 200

    assert "_auth_user_id" not in client.session
