"""The settings as they are, with a clock that ticks every second instead of every ten."""

from config.settings import *  # noqa: F403

CELERY_BEAT_SCHEDULE = {
    "send due check runs": {
        "task": "portfolio.tasks.send_due_check_runs",
        "schedule": 1,
        "options": {"expires": 10},
    },
    "look at due demo links": {
        "task": "portfolio.tasks.look_at_due_demo_links",
        "schedule": 1,
        "options": {"expires": 10},
    },
    "send due letters": {
        "task": "accounts.tasks.send_due_letters",
        "schedule": 1,
        "options": {"expires": 10},
    },
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_REDBEAT_LOCK_TIMEOUT = 10
