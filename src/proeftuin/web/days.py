"""Days as people write them."""

import re
from datetime import date, datetime

from proeftuin.views.days import day_text as written

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_text(given: object, lang: str) -> str:
    """Return a day, a moment, or the text of a day, as people write it; nothing for what is none."""
    if isinstance(given, str) and _DAY.fullmatch(given):
        try:
            given = date.fromisoformat(given)
        except ValueError:  # somebody's words only look like one
            return ""
    if isinstance(given, datetime):
        given = given.date()
    if not isinstance(given, date):
        return ""
    return written(given, lang)
