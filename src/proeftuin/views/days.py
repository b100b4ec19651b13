"""Days as people write them, in Dutch and in English."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from proeftuin.core.workflow import Workflow

_LONG: Mapping[str, str] = {
    "en": "January February March April May June July August September October November December",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_SHORT: Mapping[str, str] = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
}


def day_in(workflow: Workflow, moment: datetime) -> date:
    """Return the day that a moment lies on for the pilots of a workflow: in its time zone."""
    return moment.astimezone(ZoneInfo(workflow.timezone)).date()


def month(given: date, lang: str, *, short: bool = False) -> str:
    """Return the name of the month that a day lies in."""
    return (_SHORT if short else _LONG)[lang].split()[given.month - 1]


def day_text(given: date, lang: str, *, short: bool = False) -> str:
    """Return a day with the name of its month, and the year."""
    return f"{given.day} {month(given, lang, short=short)} {given.year}"
