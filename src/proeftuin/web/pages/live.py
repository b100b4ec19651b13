"""The streams of the pages: the board, and one pilot."""

from starlette.requests import Request
from starlette.responses import Response

from proeftuin.web.asking import desk_of
from proeftuin.web.pages.board import columns, filters, mark
from proeftuin.web.pages.page import Page
from proeftuin.web.streams import streaming


async def board_events(request: Request) -> Response:
    """Tell whenever the board would show something else."""
    page = Page(request)
    given = filters(page)
    return streaming(request, lambda: mark(columns(page, given)))


async def pilot_events(request: Request) -> Response:
    """Tell whenever a pilot has another version."""
    desk, pilot_id = desk_of(request), request.query_params.get("id", "")
    await request.app.state.threads.run(lambda: desk.view.get(pilot_id))  # there is none for who may not see it
    return streaming(request, lambda: str(desk.view.get(pilot_id).version))
