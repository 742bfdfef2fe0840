"""How every process logs: one event a line, structured, with secrets taken out."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

#: What GitHub's tokens look like, credentials in a URL, and bearer headers.
SECRET = re.compile(
    r"\b(gh[pousr]_\w{4,}|github_pat_\w{4,})|(?<=://)[^/\s@:]{0,200}:[^/\s@]{1,200}(?=@)"
    r"|(?<=[Bb]earer )[\w.~+/-]{1,500}|(?<=[Bb]asic )[\w+/=]{1,500}"
)
SECRET_NAMES = {"password", "secret", "token", "authorization", "cookie", "api_key", "code"}
MASK = "[hidden]"


def hide_secrets(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: mask what looks like a secret, by name or by shape."""
    for key, value in event.items():
        if not isinstance(value, str):
            continue  # a status is called code too
        event[key] = MASK if key.lower() in SECRET_NAMES else SECRET.sub(MASK, value)
    return event


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
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
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
                    renderer,
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
