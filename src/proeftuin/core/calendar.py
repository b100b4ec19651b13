"""Days: the arithmetic of months and weeks that terms are counted in."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the day so many months on (or back); the end of a month clips: 31 January + 1 month is 28 February."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
