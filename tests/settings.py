"""The real settings, closed to the machine they run on, quicker and alone."""

import os

from tests import services

os.environ.update(
    {
        "SECRET_KEY": "tests",
        "DEBUG": "0",
        "MILEPOST_DEMO": "0",
        "SITE_URL": "http://127.0.0.1:8000",
        "SITE_NAME": "Milepost",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CSRF_TRUSTED_ORIGINS": "http://127.0.0.1:8000",
        "TRUSTED_PROXY_COUNT": "0",
        "EMAIL_URL": "memorymail://",
        "GITHUB_API_URL": "https://api.github.com",
        "GITHUB_URL": "https://github.com",
        "GITHUB_TOKEN": "",
        "GITHUB_SHARES_BUDGET": "0",
        "GITHUB_CLIENT_ID": "",
        "GITHUB_CLIENT_SECRET": "",
        "DEMO_LINKS_CHECKED": "0",
        "RESOURCE_LINKS_CHECKED": "0",
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "text",
        "VAR_DIR": str(services.folder()),
        "DATABASE_URL": services.database_url(),
    }
)

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES, VAR_DIR

# A file, not memory: the live server's threads then hold connections of their own, as in
# production.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
