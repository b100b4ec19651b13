"""Days as people write them."""

from datetime import date, datetime

from proeftuin.core.days import day_of
from proeftuin.views.days import day_text as written


def day_text(given: object, lang: str) -> str:
    """Return a day, a moment, or the text of a day, as people write it; nothing for what is none."""
    if isinstance(given, str):
        given = day_of(given)
    if isinstance(given, datetime):
        given = given.date()
    if not isinstance(given, date):
        return ""
    return written(given, lang)
