"""How every process logs: one event a line, structured, with secrets taken out."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

MASK = "[hidden]"

#: A field whose name holds one of these words is hidden whole, and so is one called exactly "code".
SECRET_WORDS = ("password", "passwd", "secret", "token", "authorization", "cookie", "api_key")
_NAMED = "password|passwd|secret|token|api[_-]?key|csrf"

#: Secrets inside a text, each with what is kept of it. No pattern backtracks over more than a name.
SECRETS = [
    (re.compile(pattern), kept)
    for pattern, kept in [
        (r"\bgh[pousr]_\w{4,}|\bgithub_pat_\w{4,}", MASK),  # GitHub's tokens
        (r"(?<=://)[^\s/'\"<>]+@", f"{MASK}@"),  # name and password in an address
        (r"(?i)\b((?:set-)?cookie|authorization)(['\"]?[:=])[^\r\n]+", rf"\1\2 {MASK}"),
        (r"(?i)\b(bearer )[\w.~+/=-]+", rf"\1{MASK}"),
        (r"\b(Basic )[\w+/=]{8,}", rf"\1{MASK}"),
        (
            rf"(?i)((?:{_NAMED})[\w-]{{0,30}}['\"]?\s?[:=]\s?\[?['\"]?)[^\s'\"&,;}}\]]+",
            rf"\1{MASK}",
        ),
        (
            r"([?&](?:code|state|key)=)[^\s'\"&]+",
            rf"\1{MASK}",
        ),  # what GitHub sends people back with
        # Links that open a door to whoever holds them, in a path or in ?next=.
        (r"(?i)((?:invitations|cohorts(?:/|%2F)join)(?:/|%2F))[\w-]{20,}", rf"\1{MASK}"),
        (r"(?i)((?:/|%2F)s(?:/|%2F))[\w-]{20,}", rf"\1{MASK}"),
        (r"(?i)(unsubscribe(?:/|%2F))[\w.:%-]{20,}", rf"\1{MASK}"),
        (r"(?i)((?:reset(?:/|%2F)key|confirm-email)(?:/|%2F))[^\s/'\"?&%]+", rf"\1{MASK}"),
    ]
]
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def hide_secrets(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: mask what is a secret by its name or its shape, however deep it lies."""
    for name, value in event.items():
        event[name] = _without_secrets(value, name)
    return event


def keep_to_one_line(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor for text: nobody begins a line, or colours one, but a traceback."""
    for name, value in event.items():
        if isinstance(value, str) and name not in ("exception", "stack"):
            event[name] = CONTROLS.sub(lambda found: repr(found[0])[1:-1], value)
    return event


def _without_secrets(value: Any, name: str = "") -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value  # a status is called code too
    if name.lower() == "code" or any(
        word in name.lower().replace("-", "_") for word in SECRET_WORDS
    ):
        return MASK
    if isinstance(value, Mapping):
        return {key: _without_secrets(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
        return value[0], _without_secrets(value[1], value[0])  # a header
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_secrets(inner) for inner in value]
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    text = value if isinstance(value, str) else repr(value)
    for pattern, kept in SECRETS:
        text = pattern.sub(kept, text)
    return text


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
]


def logging_config(level: str, style: str) -> dict[str, Any]:
    """Python's logging configuration; style is "json" for machines, "text" for a terminal."""
    renderers: list[Any] = (
        [structlog.processors.JSONRenderer()]
        if style == "json"
        else [keep_to_one_line, structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)]
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    hide_secrets,
                    *renderers,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
