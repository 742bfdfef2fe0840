"""The Celery application. Tasks live in each app's tasks.py."""

import os

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("milepost")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.add_defaults
def redbeat_configuration() -> dict[str, object]:
    """What the scheduler's own connection needs; it looks these names up without our prefix.

    Without time limits a half-open connection would never be noticed. A Redis that is away is
    waited for during a minute; after that the scheduler ends, to be started again.
    """
    from django.conf import settings

    return {
        "redbeat_redis_url": settings.CELERY_REDBEAT_REDIS_URL,
        "redbeat_redis_options": {
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
            "health_check_interval": 5,
            "retry_period": 60,
        },
    }


app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def use_the_logging_of_the_settings(**kwargs: object) -> None:
    """Worker and scheduler log as the web does; Celery would set up its own."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
