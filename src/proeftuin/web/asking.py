"""How a plain function answers a request: it is called in a thread, with what was asked and the desk of the seat."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from proeftuin.aio._threads import Threads
    from proeftuin.web.desk import Desk

Handler = Callable[[Request, bytes], Response]


def desk_of(request: Request) -> "Desk":
    """Return the engine as who asks may use it; there is one for every request that got this far."""
    desk: Desk = request.state.desk
    return desk


def in_thread(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that has a plain function called in a worker thread.

    Args:
        handler: takes the request and its body, all of it, which is no longer than the limit.
    """

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        threads: Threads = request.app.state.threads
        return await threads.run(lambda: handler(request, body))

    return endpoint
