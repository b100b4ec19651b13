"""Which pilots of the SQL store are due: the part `Timed`."""

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, func, select, update

from proeftuin.spi import Due, Timing
from proeftuin.spi.checks import check_timing, micros
from proeftuin.storage.sql.access import Access
from proeftuin.storage.sql.database import Values, translating
from proeftuin.storage.sql.rows import instant, values_of_timing
from proeftuin.storage.sql.statements import ZERO, Statement, Statements, at


class TimingStatements:
    """The text of each statement; values are given as a dict by name."""

    def __init__(self, statements: Statements) -> None:
        self._text = statements.text
        self._pilots = statements.tables.pilots

    @cached_property
    def due(self) -> Statement:
        """The pilots that are due, from behind one of them."""
        pilots = self._pilots
        later = pilots.c.due_at > bindparam("after_at")
        behind = later | ((pilots.c.due_at == bindparam("after_at")) & (pilots.c.id > bindparam("after_id")))
        wanted = (pilots.c.tenant == bindparam("at_tenant"), pilots.c.due_at <= bindparam("now"))
        from_on = pilots.c.due_at >= bindparam("after_at")  # where the index is entered; what follows is more exact
        rows = select(pilots.c.id, pilots.c.due_at).where(*wanted, from_on, behind)
        return self._text(rows.order_by(pilots.c.due_at, pilots.c.id).limit(bindparam("limit")).offset(ZERO))

    @cached_property
    def calendars(self) -> Statement:
        """The calendars that pilots were timed on; each is one step down the index, however many pilots it has."""
        pilots = self._pilots
        own = pilots.c.tenant == bindparam("at_tenant")
        names = select(func.min(pilots.c.calendar).label("calendar")).where(own).cte("names", recursive=True)
        behind = select(func.min(pilots.c.calendar)).where(own, pilots.c.calendar > names.c.calendar).scalar_subquery()
        names = names.union_all(select(behind).where(names.c.calendar.is_not(None)))
        return self._text(select(names.c.calendar).where(names.c.calendar.is_not(None)))

    @cached_property
    def timed_on(self) -> Statement:
        """The pilots that were timed on a calendar, from behind one of them."""
        pilots = self._pilots
        wanted = (pilots.c.tenant == bindparam("at_tenant"), pilots.c.calendar == bindparam("calendar"))
        rows = select(pilots.c.id).where(*wanted, pilots.c.id > bindparam("after")).order_by(pilots.c.id)
        return self._text(rows.limit(bindparam("limit")).offset(ZERO))

    @cached_property
    def retime(self) -> Statement:
        """Note a timing, where the version is still the one that it was counted on."""
        pilots = self._pilots
        timing: dict[str, Any] = {name: bindparam(name) for name in ("due_at", "overdue_at", "calendar")}
        same = pilots.c.version == bindparam("version")
        return self._text(update(pilots).where(at(pilots, "id"), same).values(timing))


class Timings(Access):
    """Pilots by when they are due."""

    @cached_property
    def _timing_statements(self) -> TimingStatements:
        return TimingStatements(self._statements)

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        """See `proeftuin.spi.Timed.due`."""
        place: Values = {"after_at": -(2**63), "after_id": ""}
        if after is not None:
            place = {"after_at": micros("after", after.at), "after_id": after.pilot_id}
        where = {"at_tenant": tenant, "now": micros("now", now), "limit": limit, **place}
        return tuple(Due(name, instant(due, name)) for name, due in self._all(self._timing_statements.due, where))

    def untimed(
        self, tenant: str, calendars: Collection[str], *, limit: int = 100, after: str | None = None
    ) -> tuple[str, ...]:
        """See `proeftuin.spi.Timed.untimed`."""
        texts, where = self._timing_statements, {"at_tenant": tenant, "after": after or "", "limit": limit}
        others = [name for (name,) in self._all(texts.calendars, where) if name not in calendars]
        found = [name for one in others for (name,) in self._all(texts.timed_on, {**where, "calendar": one})]
        return tuple(sorted(found)[:limit])

    def retime(self, tenant: str, pilot_id: str, version: int, timing: Timing) -> bool:
        """See `proeftuin.spi.Timed.retime`."""
        check_timing(timing)
        where = {"at_tenant": tenant, "at_id": pilot_id, "version": version, **values_of_timing(timing)}
        with self._connections.writing() as connection, translating(self._database):
            return self._database.run(connection, self._timing_statements.retime, where).rowcount == 1
