"""One settings file, read top to bottom; what differs between places is an environment variable.

docs/operating.md lists the variables. Nothing here depends on DEBUG but the secret key.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from kombu import Exchange, Queue
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.logs import logging_config

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
KEY_FILE = VAR_DIR / "secret-key"  # written once by `make run` and `make demo`
SECRET_KEY = env.str(
    "SECRET_KEY",
    default=KEY_FILE.read_text().strip()
    if KEY_FILE.exists()
    else "insecure-development-key"
    if DEBUG
    else environ.Env.NOTSET,
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# What the database keeps sealed (accounts.sealing). The first seals, all open.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[SECRET_KEY, *SECRET_KEY_FALLBACKS])

# The address people type. Its scheme decides everything about TLS.

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Milepost")
IS_DEMO = env.bool("MILEPOST_DEMO", default=False)
USES_TLS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
LOOPBACK = ["localhost", "127.0.0.1"]  # a passkey needs a name: it works at localhost only
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=LOOPBACK if SITE_HOST in LOOPBACK else [SITE_HOST]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Applications

INSTALLED_APPS = [
    "config",
    "accounts",
    "curriculum",
    "portfolio",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.usersessions",
    "django_htmx",
    "django_structlog",
    "csp",
    "config.administration.Config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ResponseHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.KnownMethods",
    "config.middleware.ReadableRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SeenDevices",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.OpenedLinks",
    "accounts.middleware.TimeZone",
    "accounts.middleware.Pace",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.site",
                "accounts.context_processors.unread_notices",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# Database. SQLite's options: STACK of docs/decisions/0002; IMMEDIATE is what removes "locked".

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/milepost.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: the broker, the schedule's lock, the cache (rate limits live there, so all processes share it)

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "config.caches.SharedOrOwnCache",
        "LOCATION": env.str("CACHE_URL", default=REDIS_URL),
        "KEY_PREFIX": "milepost",
        # No second try: a page that waits for a Redis that is away would wait for seconds.
        "OPTIONS": {
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "retry": Retry(NoBackoff(), 0),
        },
    }
}

# People and how they sign in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.SiteWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60  # seconds; ASVS 5.0, 6.5.5
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if USES_TLS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "accounts.second_steps.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not USES_TLS
MFA_TOTP_ISSUER = SITE_NAME
MFA_FORMS = {
    "add_webauthn": "accounts.passkeys.Add",
    "authenticate_webauthn": "accounts.passkeys.Authenticate",
    "login_webauthn": "accounts.passkeys.Login",
    "reauthenticate_webauthn": "accounts.passkeys.Reauthenticate",
    "signup_webauthn": "accounts.passkeys.Signup",
}

# GitHub. Beside demo links and the curriculum's resources, the product only ever talks to these
# addresses. Signing in asks for no repository scope.

GITHUB_API_URL = env.str("GITHUB_API_URL", default="https://api.github.com").rstrip("/")
GITHUB_URL = env.str("GITHUB_URL", default="https://github.com").rstrip("/")
GITHUB_TOKEN = env.str("GITHUB_TOKEN", default="")
GITHUB_SHARES_BUDGET = env.bool("GITHUB_SHARES_BUDGET", default=True)  # among all workers
GITHUB_CLIENT_ID = env.str("GITHUB_CLIENT_ID", default="")
GITHUB_CLIENT_SECRET = env.str("GITHUB_CLIENT_SECRET", default="")

SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_PROVIDERS = {
    "github": {
        "SCOPE": ["user:email"],
        "OAUTH_PKCE_ENABLED": True,
        "VERIFIED_EMAIL": False,
        **({"GITHUB_URL": GITHUB_URL} if GITHUB_URL != "https://github.com" else {}),
        "APPS": [{"client_id": GITHUB_CLIENT_ID, "secret": GITHUB_CLIENT_SECRET}]
        if GITHUB_CLIENT_ID
        else [],
    }
}

# The demo links of projects. Other people typed them: curriculum/reach stands guard.

DEMO_LINKS_CHECKED = env.bool("DEMO_LINKS_CHECKED", default=True)

# The addresses of the curriculum's resources, behind the same guard (docs/decisions/0014-resource-links.md).

RESOURCE_LINKS_CHECKED = env.bool("RESOURCE_LINKS_CHECKED", default=True)

# Background work. Each number has its reason in docs/decisions/0003-background-work.md.

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 20
CELERY_TASK_TIME_LIMIT = 30
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), name) for name in ("celery", "reach")]
CELERY_TASK_ROUTES = {
    "curriculum.tasks.look_at_*": {"queue": "reach"},
    "portfolio.tasks.look_at_*": {"queue": "reach"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 500  # tasks with one connection to the database
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": env.int("BROKER_SOCKET_TIMEOUT", default=2),  # seconds; workers take 10
    "socket_connect_timeout": 2,
    "health_check_interval": 5,
}
CELERY_BEAT_SCHEDULER = "redbeat.RedBeatScheduler"
CELERY_REDBEAT_REDIS_URL = REDIS_URL
CELERY_REDBEAT_LOCK_TIMEOUT = 30
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULE = {
    "send due check runs": {
        "task": "portfolio.tasks.send_due_check_runs",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "request scheduled check runs": {
        "task": "portfolio.tasks.request_scheduled_check_runs",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "send due listings": {
        "task": "portfolio.tasks.send_due_listings",
        "schedule": 15,
        "options": {"expires": 15},
    },
    "look at due measurements": {
        "task": "portfolio.tasks.look_at_due_measurements",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "keep reviews moving": {
        "task": "portfolio.tasks.keep_reviews_moving",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "sweep images": {
        "task": "portfolio.tasks.sweep_images",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "look at due contributions": {
        "task": "portfolio.tasks.look_at_due_contributions",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "refresh defences": {
        "task": "portfolio.tasks.refresh_defences",
        "schedule": 900,
        "options": {"expires": 900},
    },
    "keep mock interviews": {
        "task": "curriculum.tasks.keep_mock_interviews",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "look at due demo links": {
        "task": "portfolio.tasks.look_at_due_demo_links",
        "schedule": 20,
        "options": {"expires": 20},
    },
    "look at due resource links": {
        "task": "curriculum.tasks.look_at_due_resource_links",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "send unsent invitations": {
        "task": "accounts.tasks.send_unsent_invitations",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "forget what is old": {
        "task": "accounts.tasks.forget_old",
        "schedule": crontab(minute="40"),
        "options": {"expires": 3600},
    },
    "send due letters": {
        "task": "accounts.tasks.send_due_letters",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "carry on with takeouts": {
        "task": "accounts.tasks.carry_on",
        "schedule": 15,
        "options": {"expires": 15},
    },
    "write due digests": {
        "task": "accounts.tasks.write_due_digests",
        "schedule": 300,
        "options": {"expires": 300},
    },
}

# Mail

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
globals().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <milepost@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Language and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
# Texts are marked for translation, and there is none yet. Looking each up in a catalogue that has nothing
# took 7 of 30 ms of the map (`bench/pages_cost.py`, as a visitor). Whoever adds a catalogue turns it on.
USE_I18N = False
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
IMAGE_DIR = VAR_DIR / "media"  # of case studies; served by a view that knows who may see them
MOST_UPLOAD_BYTES = 4 * 1024 * 1024  # as portfolio.pixels takes
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DELETED_ACCOUNTS = (
    VAR_DIR / "deletions" / "accounts"
)  # outside the database, so no backup forgets them
TAKEOUT_DIR = VAR_DIR / "takeouts"  # private: no address leads into it
CURRICULUM_DIR = BASE_DIR / "curriculum" / "content"

# What a browser may do with our pages

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", GITHUB_URL],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = USES_TLS
SESSION_COOKIE_NAME = "__Host-session" if USES_TLS else "milepost-session"
CSRF_COOKIE_NAME = "__Host-csrf" if USES_TLS else "milepost-csrf"
MESSAGE_STORAGE = "config.messages.Storage"
SECURE_SSL_REDIRECT = USES_TLS and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^webhooks/"]  # no programs: they are refused
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=60 * 60 * 24 * 365) if USES_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = USES_TLS and env.bool("HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Logs: one line an event, as JSON or as text; never a secret

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING = logging_config(env.str("LOG_LEVEL", default="INFO"), LOG_FORMAT)
