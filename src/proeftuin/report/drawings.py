"""Pictures of lifecycles and lives as the report shows them: inlined, in its colours, as large as can be read."""

from datetime import date

from attrs import frozen

from proeftuin.report.account import Account
from proeftuin.templates import Markup
from proeftuin.views import Picture, pilot_picture, pilot_timeline_picture

NARROW = 680  # pixels: what fits on a sheet of A4 without becoming small


@frozen
class Drawing:
    """A picture, ready to stand in a page."""

    title: str
    svg: Markup


def drawing(picture: Picture) -> Drawing:
    """Return a picture as it stands in a page."""
    return Drawing(picture.title, Markup(picture.svg(style=False)))  # labels were escaped where it was drawn


def pilot_drawings(told: Account, as_of: date, lang: str) -> tuple[Drawing, ...]:
    """Return the way that a pilot came, and its life in time."""
    case = (told.workflow, told.pilot, told.events)
    way = pilot_picture(*case, lang=lang, width=NARROW)
    life = pilot_timeline_picture(*case, rows=told.rows, as_of=as_of, lang=lang, width=NARROW)
    return drawing(way), drawing(life)
