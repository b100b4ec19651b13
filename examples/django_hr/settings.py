"""A small site: people with groups, one app, and one database for its tables and the pilots."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

PILOTS_STORE = os.environ.get("PROEFTUIN_STORE", f"sqlite:///{Path(__file__).with_name('hr.db')}")
# By the name of a subscriber: the URL of its sink, and what else it takes.
PILOTS_SINKS: dict[str, tuple[str, dict[str, Any]]] = {"hr": ("log://", {})}
LOGGING = {  # what `log://` is given is delivered only where somebody listens
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"event": {"format": "{on} {pilot} {version} {message} ({role})", "style": "{"}},
    "handlers": {"events": {"class": "logging.StreamHandler", "formatter": "event"}},
    "loggers": {"proeftuin.events": {"handlers": ["events"], "level": "INFO"}},
}

_at = make_url(PILOTS_STORE)
_kind = {"sqlite": "sqlite3"}.get(_at.get_backend_name(), _at.get_backend_name())
DATABASES = {
    "default": {
        "ENGINE": f"django.db.backends.{_kind}",
        "NAME": _at.database,
        "USER": _at.username or "",
        "PASSWORD": _at.password or "",
        "HOST": _at.host or "",
        "PORT": _at.port or "",
        "OPTIONS": {"transaction_mode": "IMMEDIATE"} if _kind == "sqlite3" else {},  # who will write waits at once
    }
}
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "hr.apps.HrConfig"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hr.problems.Problems",
]
ROOT_URLCONF = "hr.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "Europe/Amsterdam"  # that of the workflow: today is the same day in both
