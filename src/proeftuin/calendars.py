"""The one door to `holidays`: the calendars that a workflow may name, and those that an organisation makes of them.

`weekdays` works from Monday to Friday. `nl` leaves out the Dutch public holidays as well: New Year's Day, Good Friday
and Easter Monday as the source has them, King's Day, Liberation Day as the organisation chooses, Ascension Day, Whit
Monday, Christmas Day and Boxing Day. Source: the package `holidays`, country NL.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, cached_property
from hashlib import sha256
from typing import Literal

from proeftuin.core.calendar import Calendar, Weekdays
from proeftuin.errors import BadArgument

Liberation = Literal["lustrum", "yearly", "never"]
LIBERATION_DAY = (5, 5)
LUSTRUM = 5
Closure = date | tuple[date, date]


class Netherlands:
    """Working days in the Netherlands, as an organisation keeps them.

    Args:
        liberation_day: whether 5 May is free: every fifth year (`lustrum`, as for civil servants), `yearly` or `never`.
        closures: days on which the organisation is closed, or (first, last) of a row of them.

    Raises:
        BadArgument: for another word, or a closure that ends before it begins.
    """

    def __init__(self, *, liberation_day: Liberation = "lustrum", closures: Iterable[Closure] = ()) -> None:
        if liberation_day not in ("lustrum", "yearly", "never"):
            raise BadArgument("liberation_day", "must be lustrum, yearly or never")
        self._liberation = liberation_day
        self._closed = frozenset(day for one in closures for day in _days(one))

    @cached_property
    def fingerprint(self) -> str:
        """A word for what it was made of, the release that tells the holidays included."""
        closed = ",".join(sorted(day.isoformat() for day in self._closed))
        return f"nl-{sha256(f'{self._liberation}:{closed}:{_release()}'.encode()).hexdigest()[:16]}"

    def works(self, day: date) -> bool:
        """Whether it is a weekday, no public holiday, and no day of closure."""
        return Weekdays().works(day) and day not in self._closed and not self._free(day)

    def _free(self, day: date) -> bool:
        if (day.month, day.day) == LIBERATION_DAY:
            lustrum = day.year % LUSTRUM == 0
            return self._liberation == "yearly" or (self._liberation == "lustrum" and lustrum) or _ascension(day)
        return day in _holidays(day.year)


@cache
def _release() -> str:
    """Return the release of the package `holidays`; nothing where it is not there, and no day can be asked of it."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # costs 10 ms and more

    try:
        return version("holidays")
    except PackageNotFoundError:
        return ""


def _days(closure: object) -> Iterable[date]:
    first, last = closure if isinstance(closure, tuple) else (closure, closure)
    if type(first) is not date or type(last) is not date or last < first:
        raise BadArgument("closures", "must be dates, or pairs of a first and a last date")
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


@cache
def _holidays(year: int) -> frozenset[date]:
    try:
        from holidays import country_holidays  # noqa: PLC0415  # only who counts working days needs it
    except ImportError as missing:
        raise BadArgument("calendar", "nl needs the Dutch holidays; pip install proeftuin[calendar]") from missing
    return frozenset(country_holidays("NL", years=year))


def _ascension(day: date) -> bool:
    """Whether another holiday falls on 5 May: Ascension Day does, in 2016 and 2095."""
    from holidays import country_holidays  # noqa: PLC0415  # see `_holidays`

    return "Hemelvaart" in country_holidays("NL", years=day.year, language="nl").get(day, "")


@cache
def named(name: str) -> Calendar:
    """Return the calendar that a workflow names.

    Raises:
        BadArgument: for one that there is not.
    """
    if name == "weekdays":
        return Weekdays()
    if name == "nl":
        return Netherlands()
    raise BadArgument("calendar", f"there is no calendar {name!r}; there are weekdays and nl")
