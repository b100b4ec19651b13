"""Days as they are written to us: YYYY-MM-DD, and no other form of ISO 8601, such as 20260302 or 2026-W10-1."""

import re
from datetime import date, datetime

DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(text: object) -> date | None:
    """Return the day of a text YYYY-MM-DD, None for anything else."""
    if not isinstance(text, str) or not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_or_moment_of(text: str) -> date | None:
    """Return the day of a text YYYY-MM-DD, or the moment (a datetime) of one with a time behind it; None for others."""
    try:
        return day_of(text) or (datetime.fromisoformat(text) if DAY.match(text) else None)
    except ValueError:
        return None
