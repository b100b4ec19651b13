"""Stores that find too much or too little of what is due, or forget what they were told of it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import ClassVar

from attrs import evolve

from proeftuin.core.structs import replace
from proeftuin.spi import UNTIMED, Commit, Due, Page, Query, Tally, Timing
from tests.kit.mutant import InMemory

Recorded = Callable[[object], None] | None


class ForgetsTimings(InMemory):
    """Keeps no timing that a later commit brings."""

    named: ClassVar[tuple[str, ...]] = ("T01", "T02")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        kept = [one if one.expected == 0 else replace(one, head=replace(one.head, timing=UNTIMED)) for one in commits]
        super().append(*kept, recorded=recorded)


class StaysOpenForClocks(InMemory):
    """Answers those who ask what is due although it was closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        return () if self._closed else super().due(tenant, now=now, limit=limit, after=after)


class DueToTheSecond(InMemory):
    """Keeps instants to the second."""

    named: ClassVar[tuple[str, ...]] = ("T01",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*(replace(one, head=replace(one.head, timing=_cut(one.head.timing))) for one in commits))
        if recorded is not None:
            recorded(None)


def _cut(timing: Timing) -> Timing:
    due, overdue = (one and one.replace(microsecond=0) for one in (timing.due, timing.overdue))
    return Timing(due, overdue, timing.calendar)


class DueById(InMemory):
    """Gives what is due in order of id."""

    named: ClassVar[tuple[str, ...]] = ("T02",)

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        found = sorted(super().due(tenant, now=now, limit=10_000), key=lambda one: one.pilot_id)
        return tuple(one for one in found if after is None or one.pilot_id > after.pilot_id)[:limit]


class SkipsTheSameInstant(InMemory):
    """Goes on behind the instant of the last pilot, and so leaves out its neighbours."""

    named: ClassVar[tuple[str, ...]] = ("T02",)

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        found = super().due(tenant, now=now, limit=10_000)
        return tuple(one for one in found if after is None or one.at > after.at)[:limit]


class DueTooEarly(InMemory):
    """Gives what is due within the hour."""

    named: ClassVar[tuple[str, ...]] = ("T02",)

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        return super().due(tenant, now=now + timedelta(hours=1), limit=limit, after=after)


class AnyCaseOfCalendar(InMemory):
    """Takes the mark of a calendar for another one that differs in case."""

    named: ClassVar[tuple[str, ...]] = ("T03",)

    def untimed(
        self, tenant: str, calendars: Collection[str], *, limit: int = 100, after: str | None = None
    ) -> tuple[str, ...]:
        known = {one.lower() for one in calendars}
        with self._lock:
            found = sorted(
                name for name, kept in self._pilots(tenant).items() if kept.head.timing.calendar.lower() not in known
            )
        return tuple(one for one in found if after is None or one > after)[:limit]


class TimesAnyVersion(InMemory):
    """Notes a timing whatever the version."""

    named: ClassVar[tuple[str, ...]] = ("T04",)

    def retime(self, tenant: str, pilot_id: str, version: int, timing: Timing) -> bool:
        kept = self._pilots(tenant).get(pilot_id)
        return kept is not None and super().retime(tenant, pilot_id, len(kept.entries), timing)


class TimesAsACommit(InMemory):
    """Forgets the signals that are up when it notes a timing."""

    named: ClassVar[tuple[str, ...]] = ("T04",)

    def retime(self, tenant: str, pilot_id: str, version: int, timing: Timing) -> bool:
        noted = super().retime(tenant, pilot_id, version, timing)
        if noted:
            kept = self._pilots(tenant)[pilot_id]
            kept.head = replace(kept.head, summary=replace(kept.head.summary, signals=()))
        return noted


class SignalsInside(InMemory):
    """Finds a signal also within another word."""

    named: ClassVar[tuple[str, ...]] = ("A15",)

    def find(self, query: Query) -> Page:
        if query.signal is None:
            return super().find(query)
        page = super().find(evolve(query, signal=None, limit=10_000))
        items = [one for one in page.items if any(f"{query.signal}" in word for word in one.signals)]
        return Page(tuple(items[: query.limit]), items[query.limit - 1].id if len(items) > query.limit else None)


class OverdueIsDue(InMemory):
    """Takes what is due for what is overdue."""

    named: ClassVar[tuple[str, ...]] = ("T05",)

    def find(self, query: Query) -> Page:
        if query.overdue is None:
            return super().find(query)
        late = {one.pilot_id for one in self.due(query.tenant, now=query.overdue, limit=10_000)}
        page = super().find(evolve(query, overdue=None, limit=10_000))
        return Page(tuple(one for one in page.items if one.id in late)[: query.limit])


class OverdueAlone(InMemory):
    """Leaves out every other filter where it is asked what is overdue."""

    named: ClassVar[tuple[str, ...]] = ("T05",)

    def find(self, query: Query) -> Page:
        return super().find(query if query.overdue is None else evolve(query, signal=None))


class CountsOverdueAlone(InMemory):
    """Counts what is overdue as if that were the only filter."""

    named: ClassVar[tuple[str, ...]] = ("T05",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        return super().count(query if query.overdue is None else evolve(query, signal=None))


class OverdueOnOnePage(InMemory):
    """Says that the first page of what is overdue is the last."""

    named: ClassVar[tuple[str, ...]] = ("T05",)

    def find(self, query: Query) -> Page:
        page = super().find(query)
        return page if query.overdue is None else Page(page.items, None)


class DueOfEverybody(InMemory):
    """Forgets the tenant where it is asked what is due."""

    named: ClassVar[tuple[str, ...]] = ("T06",)

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        tenants = sorted(self._tenants, key=lambda name: name != tenant)
        return tuple(one for name in tenants for one in super(DueOfEverybody, self).due(name, now=now, after=after))
