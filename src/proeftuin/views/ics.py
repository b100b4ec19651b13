"""The one door to `icalendar`: due days as a calendar file (RFC 5545), for any calendar to subscribe to or take in.

1. One event of a whole day for each due day ahead. It takes up no time of anybody.
2. The id of an event is made of its pilot, term and tenant. So a file made later moves what has moved, and doubles
   nothing.
3. What people wrote is escaped by the library; no word of it can end its line, or begin a property of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from proeftuin.agenda import Deadline, Deadlines
from proeftuin.errors import BadArgument
from proeftuin.spi.sinks import DEFAULT_TENANT
from proeftuin.views.words import plain, said

if TYPE_CHECKING:
    from icalendar import Event

SUMMARY = 250
PRODUCT = "-//proeftuin//proeftuin//EN"
_END = "END:VCALENDAR"


def ics(deadlines: Deadlines, *, lang: str = "en") -> str:
    """Return the text of a calendar file; see `ics_lines`."""
    return "".join(ics_lines((deadlines,), lang=lang))


def ics_lines(several: Iterable[Deadlines], *, lang: str = "en") -> Iterator[str]:
    """Give the text of a calendar file piece by piece, in lines that end as the format wants it.

    Args:
        several: due days as the engine gives them, of some pilots after the other; those behind us are left out.
        lang: `en` or `nl`.

    Raises:
        BadArgument: where `icalendar` is not installed.
    """
    try:
        from icalendar import Calendar  # noqa: PLC0415  # only who writes calendar files needs it
    except ImportError as missing:
        raise BadArgument("icalendar", "it is not installed; pip install proeftuin[calendar]") from missing
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    head, end = str(calendar.to_ical(), "utf-8").split(_END)
    yield head
    for deadlines in several:
        place = _place(deadlines.tenant)
        for one in ahead(deadlines):
            yield str(_event(one, deadlines.at, place, lang).to_ical(), "utf-8")
    yield _END + end


def ahead(deadlines: Deadlines) -> tuple[Deadline, ...]:
    """Return the due days that are today or later."""
    return tuple(one for one in deadlines.items if one.days >= 0)


def summary(deadline: Deadline, lang: str) -> str:
    """Return a due day in words: the pilot, what is due, on which track."""
    what = said(deadline.label, lang) + (f", {deadline.text}" if deadline.text else "")
    return plain(f"{deadline.title}: {what}" + (f" ({deadline.track})" if deadline.track else ""), SUMMARY)


def _place(tenant: str) -> str:
    """Return what stands behind the @ of an id: two tenants may have pilots of one id."""
    return "proeftuin" if tenant == DEFAULT_TENANT else f"{quote(tenant, safe='')}.proeftuin"


def _event(deadline: Deadline, at: datetime, place: str, lang: str) -> "Event":
    from icalendar import Event  # noqa: PLC0415  # as above

    event = Event()
    event.add("uid", f"{deadline.pilot_id}-{deadline.key}@{place}")
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", deadline.due)
    event.add("summary", summary(deadline, lang))
    event.add("transp", "TRANSPARENT")
    return event
