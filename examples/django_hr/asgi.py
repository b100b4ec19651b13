"""The site with the board of its pilots below `/pilots`, for a server of ASGI: `uvicorn asgi:application`."""

import os

from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from proeftuin import Actor
from proeftuin.web import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
site = get_asgi_application()

from django.conf import settings  # noqa: E402  # there are models once Django is set up
from django.contrib.auth import get_user  # noqa: E402  # the same
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402  # the same
from django.db import close_old_connections  # noqa: E402  # the same
from django.http import HttpRequest  # noqa: E402  # the same

from hr.pilots import actor, engine  # noqa: E402  # the same


def authorize(request: Request) -> Actor | None:
    """Return who is signed in to the site; it is called in a thread, so it may ask the database."""
    asked = HttpRequest()
    asked.session = SessionStore(request.cookies.get(settings.SESSION_COOKIE_NAME))
    try:
        user = get_user(asked)
        return actor(user) if user.is_authenticated else None
    finally:
        close_old_connections()


application = Starlette(routes=[Mount("/pilots", app(engine(), authorize=authorize)), Mount("/", site)])
