"""What stands in front of every page and answer: size, origin, seat, pace, and the headers that bind the browser.

1. Nothing is served without a seat, but what a browser needs to draw a page: the files below `static`.
2. `authorize` is asked once for each request; what it says is kept in the request's state, with the desk made of it.
3. What changes something is taken from our own pages alone: a browser says where a request comes from.
4. A page runs no script and takes no style but our own files, and sends nothing elsewhere.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proeftuin import log
from proeftuin.aio._threads import Threads
from proeftuin.core.commands import Actor
from proeftuin.engine import Engine
from proeftuin.errors import ProeftuinError
from proeftuin.web.desk import Desk, Titles
from proeftuin.web.limits import Buckets, Limits
from proeftuin.web.seats import Seat, seated
from proeftuin.web.telling import FOREIGN, short

Authorized = Actor | Seat | Response | None
Authorize = Callable[[Request], Authorized | Awaitable[Authorized]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
)
PRIVATE = "no-store"
FILES = "public, max-age=3600"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SAME = frozenset({"same-origin", "none"})


def inner(scope: Scope) -> str:
    """Return the path of a request below where we are mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


def foreign(headers: Headers) -> bool:
    """Whether a browser says that a request was made by a page of somebody else. Programs say nothing of the kind."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in SAME
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != headers.get("host")
    except ValueError:  # such as for half an address of IPv6
        return True


def _static(scope: Scope) -> bool:
    return inner(scope).startswith("/static/") and scope["method"] in SAFE


class TooLarge(Exception):
    """A request brings more than it may."""


class Guard:
    """Lets in who has a seat, and nobody else.

    Args:
        inside: what is guarded.
        engine: gives each seat its desk.
        authorize: the host's.
        limits: how much one person may ask.
        threads: in which a plain `authorize` is called.
    """

    def __init__(self, inside: ASGIApp, engine: Engine, authorize: Authorize, limits: Limits, threads: Threads) -> None:
        self._inside = inside
        self._engine = engine
        self._authorize = authorize
        self._limits = limits
        self._threads = threads
        self._buckets = Buckets(limits)
        self._titles: Titles = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._inside(scope, receive, send)
            return
        send = _with_headers(send, FILES if _static(scope) else PRIVATE)
        try:
            answer = await self._stopped(scope)
        except HTTPException as error:  # the host's own way to say no
            answer = short(scope, error.status_code, str(error.detail), error.headers)
        if answer is not None:
            await answer(scope, receive, send)
            return
        await self._inside(scope, _counted(receive, self._limits.body), send)

    async def _stopped(self, scope: Scope) -> Response | None:
        """Return what is answered instead of what was asked for, None where that may be had."""
        if _static(scope):
            return None
        given = await self._asked(scope)
        if isinstance(given, Response):
            return given
        if given is None:
            return short(scope, 401)
        headers = Headers(scope=scope)
        if scope["method"] not in SAFE and foreign(headers):
            return short(scope, 403, code=FOREIGN)
        wait = self._buckets.take((given.tenant, given.actor.id))
        if wait:
            return short(scope, 429, headers={"retry-after": str(wait)})
        scope.setdefault("state", {}).update(seat=given, desk=Desk(self._engine, given, self._titles))
        return None

    async def _asked(self, scope: Scope) -> Seat | Response | None:
        """Ask the host who this is; where that goes wrong, it is nobody."""
        request = Request(scope)  # without a body: that is not read before there is a seat
        try:
            answer = await self._threads.run(lambda: self._authorize(request))
            if isawaitable(answer):
                answer = await answer
            return answer if isinstance(answer, Response) else seated(answer)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001  # fail closed: whatever the host's function raises lets nobody in
            log.warning(
                "authorize-failed", error=error.code if isinstance(error, ProeftuinError) else type(error).__name__
            )
            return None


def _counted(receive: Receive, limit: int) -> Receive:
    """Return what gives the same, until it is more than may be."""
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise TooLarge
        return message

    return counting


def _with_headers(send: Send, kept: str) -> Send:
    """Return what sends an answer with our headers, and how long it may be kept unless it says that itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", kept)
            headers.add_vary_header("Cookie, Accept-Language")
        await send(message)

    return sending
