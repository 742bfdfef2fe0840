"""The Celery application. Tasks live in each app's tasks.py."""

import logging
import logging.config
import os

from celery import Celery, Task
from celery.signals import setup_logging, task_prerun
from django.db import close_old_connections
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


#: Loggers that tell of every start and every task; our own lines tell of a task with its outcome.
TALKATIVE = ["celery.app", "celery.apps", "celery.worker", "django_structlog.celery", "kombu"]
#: Their messages name the cause (a broker that is away, a process that was killed); a hundred lines
#: of where it was noticed tell nothing more.
WITHOUT_TRACEBACK = ["celery.worker.consumer.consumer", "celery.worker.request", "celery.beat"]


@setup_logging.connect
def use_the_logging_of_the_settings(**kwargs: object) -> None:
    """Worker and scheduler log as the web does; Celery would set up its own."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.WARNING, logger.getEffectiveLevel()))
    for name in WITHOUT_TRACEBACK:
        logging.getLogger(name).addFilter(leave_out_traceback)


@task_prerun.connect
def renew_connections(sender: Task, **kwargs: object) -> None:
    """Before a task as before a request: a connection that is too old, or broken, is opened again.

    Celery itself would open one for every task (CELERY_DB_REUSE_MAX keeps it from that).
    """
    if not sender.request.is_eager:
        close_old_connections()


def leave_out_traceback(record: logging.LogRecord) -> bool:
    """A filter that lets everything pass, without the lines of its traceback."""
    record.exc_info = record.exc_text = None
    return True
