"""A passkey, from making one to signing in with it, by Chromium's own virtual authenticator."""

from playwright.sync_api import expect

from tests.browser.conftest import watched_page
from tests.browser.test_whole_loop import PASSWORD, sign_in

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_somebody_adds_a_passkey_and_signs_in_with_it(browser, demo_site):
    at_localhost = demo_site.url.replace("127.0.0.1", "localhost")
    with watched_page(browser, at_localhost) as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        sign_in(page, "alan")
        page.goto("/accounts/2fa/webauthn/add/")
        if page.get_by_label("Password", exact=True).is_visible():
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Confirm").click()
        page.get_by_label("Passwordless").check()
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("main")).to_contain_text("recovery codes", ignore_case=True)

        page.context.clear_cookies()
        page.goto("/accounts/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("link", name="Home")).to_be_visible()
