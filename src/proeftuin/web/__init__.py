"""The live board, to mount in FastAPI, in Django (ASGI) or alone; and below it, at `/api/v1`, the same as JSON.

    app(engine, authorize=...)   a Starlette application
      guarding    who is let in, how much may be asked, what a browser may do       seats, limits, desk
      pages       what people look at, made on the server; it works without JavaScript
      api         the same calls for programs
      streams     what happens, as it happens

`authorize` decides everything: pages and answers are made from `Engine.seen_by` of the actor that it names.
"""

from proeftuin.web.app import app
from proeftuin.web.limits import Limits
from proeftuin.web.seats import Seat

__all__ = ["Limits", "Seat", "app"]
