"""Values as the text that a log holds, each with its type."""

from datetime import UTC, date, datetime

Typed = tuple[str, str]
"""A type of OCEL (`string time integer float boolean`), and the text of a value."""


def typed(value: str | int | date) -> Typed:
    """Return a value with its type; a day is its first moment in UTC."""
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, int):
        return "integer", str(value)
    if isinstance(value, datetime):
        return "time", moment(value)
    if isinstance(value, date):
        return "time", day(value.isoformat())
    return "string", value


def moment(at: datetime) -> str:
    """Return a moment as text, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day(text: str) -> str:
    """Return a day, given as text, as the moment at which it begins in UTC."""
    return f"{text}T00:00:00Z"
