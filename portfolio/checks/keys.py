"""Files whose very name says that they hold a key or password. They are never read."""

import re
from posixpath import basename

from portfolio.checks import completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.github.snapshot import Snapshot

NAME = "keys"

#: What is in a file of this name, by the tool that writes it. The whole name, in lower case.
NAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (r"\.env(?:\.(?:local|prod|production|dev|development|staging))?|[\w-]{1,40}\.env", "settings of dotenv"),
        (r"kaggle\.json", "a Kaggle key"),
        (r"id_(?:rsa|dsa|ecdsa|ed25519)", "a private SSH key"),
        (r"[\w.-]{0,60}(?:private|secret)[\w.-]{0,40}\.(?:pem|key)|[\w.-]{1,60}\.ppk|privkey\.pem", "a private key"),
        (r"[\w.-]{1,80}\.(?:p12|pfx|jks|keystore)", "a store of keys"),
        (r"client_secrets?[\w.-]{0,100}\.json", "a Google client secret"),
        (r"(?:[\w-]{0,40}[-_.])?service[-_]?account[\w.-]{0,60}\.json", "a Google service account's key"),
        (r"application_default_credentials\.json|credentials\.(?:json|ya?ml|ini|csv)", "credentials"),
        (r"secrets?\.(?:toml|ya?ml|json|env)", "secrets"),
        (r"[._]netrc|\.pypirc|\.git-credentials|\.pgpass|\.htpasswd", "sign-in data of a tool"),
        (r"token\.(?:json|pickle)", "a sign-in token"),
    )
)  # fmt: skip
ANY = re.compile("|".join(pattern.pattern for pattern, _ in NAMES), re.IGNORECASE)
#: Templates hold no secret: .env.example, secrets.example.toml.
TEMPLATE = re.compile(
    r"example|sample|template|schema|mock|fake|dummy|encrypted|\.dist$|\.pub$", re.IGNORECASE
)
#: Often a certificate, which anybody may see.
PERHAPS = re.compile(r"\.(?:pem|key|crt)\Z", re.IGNORECASE)


def check_keys(snapshot: Snapshot) -> Result:
    """No file of the repository is named as keys and passwords are."""
    environments = files.environments(snapshot)
    found: list[Evidence] = []
    perhaps: list[Evidence] = []
    for entry in snapshot.entries:
        if entry.type != "blob" or entry.size == 0 or entry.sha == files.EMPTY_BLOB:
            continue
        name = basename(entry.path)
        is_key, is_perhaps = ANY.fullmatch(name), PERHAPS.search(name)
        if not is_key and not is_perhaps and not entry.path.endswith(".aws/credentials"):
            continue
        if files.why_not_own(entry.path, environments) or TEMPLATE.search(entry.path):
            continue
        if files.TEST_WORD.search(entry.path):
            continue
        if is_key or not is_perhaps:
            found.append(Evidence(entry.path, what=_what(name)))
        else:
            perhaps.append(
                Evidence(entry.path, what="a key or a certificate; its name does not tell")
            )
    if found:
        many = len(found) > 1
        return Result(
            NAME,
            Outcome.FAILED,
            "keys",
            f"{files.siblings(item.path for item in found)} {'look' if many else 'looks'} like "
            f"{'files' if many else 'a file'} with a key or password in {'them' if many else 'it'}. Only "
            "the name was looked at.",
            Confidence.MEDIUM,
            fix="If a real key is in it: make it invalid where it was issued, first of all, because a "
            "history keeps what was deleted. Then remove the file from git and name it in .gitignore.",
            evidence=tuple(found[:5]),
            lookalikes=tuple(perhaps[:3]),
            details={"files": len(found)},
        )
    if completeness.unseen(snapshot):
        return Result(
            NAME,
            Outcome.UNKNOWN,
            "partial",
            f"No file named like a key was seen. {completeness.TOO_LONG}, so there may be one.",
            fix=completeness.FIX,
            lookalikes=tuple(perhaps[:3]),
        )
    return Result(
        NAME,
        Outcome.PASSED,
        "clean",
        "No file is named as keys and passwords are.",
        Confidence.MEDIUM,
        lookalikes=tuple(perhaps[:3]),
    )


def _what(name: str) -> str:
    return next((what for pattern, what in NAMES if pattern.fullmatch(name)), "credentials")


CHECKS = (
    Check(
        NAME,
        "Keys",
        Group.HYGIENE,
        10,
        check_keys,
        "Programs search GitHub for keys all day, and use one within minutes.",
    ),
)
