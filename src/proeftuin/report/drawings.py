"""Pictures of lifecycles and lives as the report shows them: inlined, in its colours, as large as can be read."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
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


def pilot_drawings(
    workflow: Workflow, pilot: Pilot, events: Sequence[Event], as_of: date, lang: str
) -> tuple[Drawing, ...]:
    """Return the way that a pilot came, and its life in time."""
    way = pilot_picture(workflow, pilot, events, lang=lang, width=NARROW)
    life = pilot_timeline_picture(workflow, pilot, events, as_of=as_of, lang=lang, width=NARROW)
    return drawing(way), drawing(life)
