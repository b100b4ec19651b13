"""The pictures of a pilot: where it is, and its life until now, each with the table that says the same."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from proeftuin.templates import Markup
from proeftuin.views import PICTURE_STYLE, Picture, pilot_picture, pilot_timeline_picture
from proeftuin.web.pages.page import Page
from proeftuin.web.pages.pilot import title_of

WIDTH = 900


def pictures(request: Request, _body: bytes) -> Response:
    """Show the pictures of a pilot, as far as who looks sees it."""
    page = Page(request)
    pilot = page.desk.view.get(page.asked("id") or "")
    flow = page.desk.workflow(pilot.workflow)
    events = tuple(page.desk.view.history(pilot.id))
    today = page.desk.today(flow)
    as_of = max((one.on for one in events), default=today)
    drawn: list[tuple[str, Picture]] = [
        ("picture", pilot_picture(flow, pilot, events, lang=page.lang, width=WIDTH)),
        ("timeline", pilot_timeline_picture(flow, pilot, events, as_of=max(as_of, today), lang=page.lang, width=WIDTH)),
    ]
    return page.render(
        "pictures.html",
        title=f"{page.tell('pictures')}: {title_of(pilot)}",
        name=title_of(pilot),
        pilot=pilot,
        drawn=[(page.tell(head), one, Markup(one.svg(style=False))) for head, one in drawn],  # all escaped
    )


def style(_request: Request, _body: bytes) -> Response:
    """Give the style of the pictures as a file, as a page may hold none itself."""
    return PlainTextResponse(PICTURE_STYLE, media_type="text/css")
