"""The settings of a site that is to be scanned: no limit on pace, and a page with two holes (bench/_planted.py)."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as ALL

MIDDLEWARE = [name for name in ALL if name != "accounts.middleware.Pace"]
ACCOUNT_RATE_LIMITS = False
ROOT_URLCONF = "bench._planted"
