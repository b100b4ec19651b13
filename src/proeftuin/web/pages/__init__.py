"""What people look at: pages made on the server, each of them a form or a list, which work without JavaScript.

A pilot is named in the query of an address, as its id may hold anything.
"""

from starlette.routing import Route

from proeftuin.web.asking import in_thread
from proeftuin.web.pages.acting import act, form_page
from proeftuin.web.pages.board import board
from proeftuin.web.pages.live import board_events, pilot_events
from proeftuin.web.pages.looking import agenda, history, portfolio
from proeftuin.web.pages.pictures import pictures, style
from proeftuin.web.pages.pilot import pilot_page
from proeftuin.web.pages.starting import start, start_page


def routes() -> list[Route]:
    """Return the pages."""
    return [
        Route("/", in_thread(board)),
        Route("/static/pictures.css", in_thread(style)),
        Route("/events", board_events),
        Route("/pilot/events", pilot_events),
        Route("/pilot", in_thread(pilot_page)),
        Route("/pilot/pictures", in_thread(pictures)),
        Route("/pilot/history", in_thread(history)),
        Route("/act", in_thread(form_page), methods=["GET"]),
        Route("/act", in_thread(act), methods=["POST"]),
        Route("/start", in_thread(start_page), methods=["GET"]),
        Route("/start", in_thread(start), methods=["POST"]),
        Route("/agenda", in_thread(agenda)),
        Route("/portfolio", in_thread(portfolio)),
    ]
