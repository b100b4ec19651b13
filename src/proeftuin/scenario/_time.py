"""The time and the ids of what is played: both follow from what is given, so that two runs give the same bytes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from proeftuin.scenario._file import MORNING


class ScenarioTime:
    """The time of a scenario: it stands still during a step, and goes day by day to the next."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment that is being played."""
        return self.moment


class ScenarioIds:
    """Ids and salts that follow from a name, so that two runs give the same bytes.

    Note:
        Whoever knows the name can work out the salts, so these are not for the data of real people.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._pilots = 0
        self._salts = 0

    def pilot_id(self) -> str:
        """Return `<name>-1`, `<name>-2`, ..."""
        self._pilots += 1
        return f"{self._name}-{self._pilots}"

    def salt(self) -> bytes:
        """Return 16 bytes that follow from the name."""
        self._salts += 1
        return sha256(f"{self._name} {self._salts}".encode()).digest()[:16]


def mornings(since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Give the moments at which a daily tick comes: nine on every morning in between, and once more at the end.

    Args:
        since: aware; its own day has had its tick.
        until: aware; nothing is given where it is not later.
        zone: whose mornings.
    """
    last = until.astimezone(zone).date()
    day = since.astimezone(zone).date() + timedelta(days=1)
    while day < last:
        yield datetime.combine(day, MORNING, zone).astimezone(UTC)
        day += timedelta(days=1)
    if until > since:
        yield until
