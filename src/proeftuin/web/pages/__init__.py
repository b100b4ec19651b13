"""What people look at."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from proeftuin.web.asking import desk_of, in_thread


def _board(request: Request, _body: bytes) -> Response:
    return PlainTextResponse("\n".join(one.id for one in desk_of(request).view.find().items))


def routes() -> list[Route]:
    """Return the pages."""
    return [Route("/", in_thread(_board), name="board")]
