"""Signing in with GitHub: the page that asks, and the code that becomes a token. With PKCE."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from tests.github_server import pages
from tests.github_server.hub import Grant
from tests.github_server.people import Application, Token
from tests.github_server.replies import Ask, Reply, html_reply, json_reply, redirect

CODE_SECONDS = 600
LOOPBACK = frozenset(["127.0.0.1", "localhost", "::1", "testserver"])


def authorize(ask: Ask) -> Reply:
    """Sends the visitor back with a code, at once or after a choice of who they are."""
    query = ask.query
    application = ask.hub.applications.get(query.get("client_id", ""))
    if not application:
        return html_reply(pages.message("No application has this client id."), 404)
    callback = query.get("redirect_uri") or application.callback
    if not _is_allowed(application, callback):
        return html_reply(pages.message("The address to return to is not this application's."), 400)
    state = {"state": query["state"]} if "state" in query else {}
    if query.get("decision") == "cancel":
        return redirect(_with_query(callback, {"error": "access_denied", **state}))
    login = query.get("login") or ask.hub.signs_in_as
    if login not in ask.hub.people:
        return html_reply(pages.choice(ask, application))
    code = secrets.token_hex(10)
    ask.hub.grants[code] = Grant(
        client_id=application.client_id,
        login=login,
        redirect_uri=callback,
        scopes=tuple(query.get("scope", "").replace(",", " ").split()),
        challenge=query.get("code_challenge", ""),
        method=query.get("code_challenge_method", "plain"),
        expires_at=ask.hub.clock() + CODE_SECONDS,
    )
    return redirect(_with_query(callback, {"code": code, **state}))


def access_token(ask: Ask) -> Reply:
    """A token for a code; GitHub reports a refusal with status 200 and an `error`."""
    values = _values(ask)
    application = ask.hub.applications.get(values.get("client_id", ""))
    secret = values.get("client_secret", "")
    if not application or not hmac.compare_digest(application.client_secret, secret):
        return _answer(ask, {"error": "incorrect_client_credentials"})
    grant = ask.hub.grant(values.get("code", ""), ask.hub.clock())
    if not grant or grant.client_id != application.client_id or not _proves(grant, values):
        return _answer(ask, {"error": "bad_verification_code"})
    if values.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
        return _answer(ask, {"error": "redirect_uri_mismatch"})
    token = "gho_" + secrets.token_hex(18)
    ask.hub.tokens[token] = Token(grant.login, grant.scopes)
    scope = ",".join(grant.scopes)
    return _answer(ask, {"access_token": token, "token_type": "bearer", "scope": scope})


def _is_allowed(application: Application, callback: str) -> bool:
    asked, known = urlsplit(callback), urlsplit(application.callback)
    if not application.callback:
        return asked.hostname in LOOPBACK
    same_host = (asked.scheme, asked.netloc) == (known.scheme, known.netloc)
    return same_host and asked.path.startswith(known.path)


def _proves(grant: Grant, values: Mapping[str, str]) -> bool:
    """PKCE: whether the verifier fits the challenge that was given at the start."""
    verifier = values.get("code_verifier", "")
    if not grant.challenge:
        return True
    if grant.method != "S256":
        return hmac.compare_digest(grant.challenge, verifier)
    digest = hashlib.sha256(verifier.encode()).digest()
    expected = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(grant.challenge, expected)


def _values(ask: Ask) -> dict[str, str]:
    values = dict(ask.query)
    if "json" in ask.headers.get("content-type", ""):
        values |= {key: str(value) for key, value in json.loads(ask.body or b"{}").items()}
    else:
        values |= dict(parse_qsl(ask.body.decode()))
    scheme, _, packed = ask.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        user, _, password = base64.b64decode(packed).decode().partition(":")
        values |= {"client_id": unquote_plus(user), "client_secret": unquote_plus(password)}
    return values


def _answer(ask: Ask, result: dict[str, str]) -> Reply:
    if "error" in result:
        result["error_description"] = result["error"].replace("_", " ").capitalize() + "."
    if "json" in ask.headers.get("accept", ""):
        return json_reply(result)
    return Reply(body=urlencode(result).encode(), content_type="application/x-www-form-urlencoded")


def _with_query(url: str, values: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(values)}"
