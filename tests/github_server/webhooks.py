"""Webhooks as GitHub sends them: signed, numbered, with the event in a header."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests.github_server.repositories import Repository


def payload(repository: Repository, event: str, **more: Any) -> dict[str, Any]:
    """The parts of a payload that Milepost reads, for push and repository events."""
    common = {
        "repository": {
            "id": repository.id,
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.is_private,
            "default_branch": repository.default_branch,
        },
        "sender": {"login": repository.owner},
    }
    if event == "push" and repository.head:
        head = repository.head
        parent = head.parents[0] if head.parents else "0" * 40
        common |= {
            "ref": f"refs/heads/{repository.default_branch}",
            "before": parent,
            "after": head.sha,
            "deleted": False,
        }
    return common | more


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def deliver(
    url: str,
    secret: str,
    event: str,
    body: Mapping[str, Any] | bytes,
    *,
    delivery: str = "",
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> int:
    """POST one event and return the status of the answer.

    `delivery` repeats an earlier delivery's number; `headers` replace those of GitHub, so that a
    test can break the signature.
    """
    data = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    sent = {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/0000000",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery or str(uuid.uuid4()),
        "X-Hub-Signature-256": signature(secret, data),
        **(headers or {}),
    }
    request = Request(url, data=data, headers=sent, method="POST")
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=timeout) as response:
            return response.status
    except HTTPError as error:
        with error:
            return error.code
