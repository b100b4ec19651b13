"""Days as they are written to us: YYYY-MM-DD, and no other form of ISO 8601, such as 20260302 or 2026-W10-1."""

import re
from datetime import date

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(text: object) -> date | None:
    """Return the day of a text YYYY-MM-DD, None for anything else."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
