"""The application: its routes, and what stands in front of them."""

from pathlib import Path
from secrets import token_bytes

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from proeftuin.aio._threads import Threads
from proeftuin.engine import Engine
from proeftuin.errors import BadArgument
from proeftuin.web import api, pages
from proeftuin.web.failing import HANDLERS
from proeftuin.web.guarding import Authorize, Guard
from proeftuin.web.limits import Limits, Streams
from proeftuin.web.streams import News
from proeftuin.web.telling import API

HERE = Path(__file__).parent
THREADS = 8


def app(
    engine: Engine,
    *,
    authorize: Authorize,
    limits: Limits | None = None,
    secret: str | None = None,
) -> Starlette:
    """Return the board as an application, to be mounted under any path.

    Args:
        engine: on which it runs; it stays yours to close.
        authorize: says of a request who asks: an `Actor`, a `Seat`, a response to send instead (such as the way to
            your sign-in page), or None for nobody. A plain function is called in a thread.
        limits: how much one person may ask.
        secret: signs the forms. Several processes behind one address need the same; None makes one for this process.

    Raises:
        BadArgument: for an `authorize` that cannot be called.
    """
    if not callable(authorize):
        raise BadArgument("authorize", "must be a function of a request, which says who asks")
    limits, threads = limits or Limits(), Threads(THREADS)
    key = token_bytes(32) if secret is None else secret.encode()
    made = Starlette(
        routes=[
            Mount(API, routes=api.routes()),
            *pages.routes(),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers=HANDLERS,
        middleware=[Middleware(Guard, engine, authorize, limits, threads)],
    )
    made.state.news, made.state.streams = News(engine), Streams(limits)
    made.state.threads, made.state.key, made.state.limits = threads, key, limits
    return made
