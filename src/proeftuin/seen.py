"""What one actor may see: a read-only view on an engine, filtered by role.

- the client's side sees everything;
- a supplier sees the pilot's state and data, and the tracks, records and events of its own party;
- a facilitator sees everything but records with a participant, and figures without small groups;
- a monitor sees figures without small groups, and nothing else;
- to anybody else there is no such pilot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from attrs import evolve

from proeftuin.core.commands import Actor, Option
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict, replace
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.table import Table
from proeftuin.door import actor as checked
from proeftuin.errors import UnknownPilot
from proeftuin.reading import Reader
from proeftuin.spi import Page, Summary

if TYPE_CHECKING:
    from proeftuin.core.metrics import Metric

ALL, SUPPLIER, FACILITATOR, MONITOR, NOTHING = "all", "supplier", "facilitator", "monitor", "nothing"


def sight(table: Table, actor: Actor) -> str:
    """Return how much an actor sees of pilots under a workflow: the widest that a role gives."""
    known = {name: role.side for name, role in table.workflow.roles.items() if name in actor.roles}
    if "client" in known.values():
        return ALL
    if FACILITATOR in known:
        return FACILITATOR
    if "supplier" in known.values() and actor.party is not None:
        return SUPPLIER
    return MONITOR if MONITOR in known else NOTHING


def _personal(table: Table, kind: str) -> bool:
    record = table.workflow.records.get(kind)
    return record is not None and any(one.type == "subject" for one in record.fields.values())


class View:
    """An engine as one actor sees it; made by `Engine.seen_by`."""

    def __init__(self, reader: Reader, actor: Actor) -> None:
        self._reader = reader
        self._actor = checked(actor)

    def _look(self, pilot: Pilot) -> str:
        """Return how much is seen of a pilot.

        Raises:
            UnknownPilot: where nothing of it is.
        """
        seen = sight(self._reader.table(pilot), self._actor)
        if seen in {MONITOR, NOTHING}:
            raise UnknownPilot(pilot.id)
        return seen

    def _own(self, pilot: Pilot) -> frozenset[str]:
        return frozenset(key for key, track in pilot.tracks.items() if track.party == self._actor.party)

    def _shows(self, pilot: Pilot, record: Record, seen: str) -> bool:
        if seen == FACILITATOR:
            return not _personal(self._reader.table(pilot), record.type)
        return record.track in self._own(pilot)

    def _cut(self, pilot: Pilot, seen: str) -> Pilot:
        if seen == ALL:
            return pilot
        kept = {kind: tuple(one for one in held if self._shows(pilot, one, seen)) for kind, held in pilot.kept.items()}
        if seen == FACILITATOR:
            return replace(pilot, kept=FrozenDict(kept))
        own = self._own(pilot)
        return replace(
            pilot,
            kept=FrozenDict(kept),
            tracks=FrozenDict({key: track for key, track in pilot.tracks.items() if key in own}),
            signatures=tuple(vote for vote in pilot.signatures if vote.track in own),
            acted_as=EMPTY,
            counts=EMPTY,
        )

    def get(self, pilot_id: str, *, version: int | None = None, at: datetime | None = None) -> Pilot:
        """Return a pilot as far as this actor sees it; see `Engine.get`."""
        pilot = self._reader.get(pilot_id, version=version, at=at)
        return self._cut(pilot, self._look(pilot))

    def history(self, pilot_id: str, *, after: int = 0) -> Iterator[Event]:
        """Give the events that this actor sees; see `Engine.history`."""
        pilot = self._reader.get(pilot_id)
        seen = self._look(pilot)
        own = self._own(pilot)
        table = self._reader.table(pilot)
        for event in self._reader.events(pilot_id, after=after):
            hidden = (
                _personal(table, str(event.data.get("record")))
                if seen == FACILITATOR
                else (event.track not in own if event.track is not None else not event.type.startswith("pilot."))
            )
            if seen == ALL or not hidden:
                yield event

    def find(self, *, limit: int = 100, after: str | None = None, **filters: object) -> Page:
        """Return a page of summaries of pilots that this actor sees; see `Engine.find`."""
        page = self._reader.find(limit=limit, after=after, **filters)
        return evolve(page, items=tuple(self._summaries(page.items)))

    def _summaries(self, items: Iterable[Summary]) -> Iterator[Summary]:
        for one in items:
            seen = sight(self._reader.named(one.workflow), self._actor)
            if seen == SUPPLIER:
                yield replace(one, track_states=())
            elif seen in {ALL, FACILITATOR}:
                yield one

    def options(self, pilot_id: str, *, track: str | None = None, all: bool = False) -> tuple[Option, ...]:  # noqa: A002  # the API's own word
        """Return what this actor may do now; see `Engine.options`."""
        pilot = self._reader.get(pilot_id)
        seen = self._look(pilot)
        found = self._reader.options(pilot_id, actor=self._actor, track=track, everything=all)
        own = self._own(pilot)
        mine = (one for one in found if seen != SUPPLIER or one.track in own or one.track not in pilot.tracks)
        return tuple(self._offered(one, pilot, seen) for one in mine)

    def explain(
        self, pilot_id: str, trigger: str, *, data: Mapping[str, object] | None = None, track: str | None = None
    ) -> Option:
        """Return one option of this actor, judged with data; see `Engine.explain`."""
        pilot = self._reader.get(pilot_id)
        seen = self._look(pilot)
        found = self._reader.explain(pilot_id, trigger, actor=self._actor, data=data, track=track)
        return self._offered(found, pilot, seen)

    def _offered(self, option: Option, pilot: Pilot, seen: str) -> Option:
        """Return an option whose references point only at what this actor sees."""
        if seen == ALL:
            return option
        cut = self._cut(pilot, seen)
        visible = {*cut.tracks, *(one.id for held in cut.kept.values() for one in held)}
        fields = {
            name: FrozenDict({**field, "candidates": tuple(one for one in field["candidates"] if one in visible)})
            if "candidates" in field
            else field
            for name, field in option.fields.items()
        }
        return evolve(option, fields=FrozenDict(fields))

    def metrics(
        self,
        *names: str,
        pilots: str | Iterable[str] | None = None,
        as_of: date | str | None = None,
        of: str | None = None,
        by: Sequence[str] = (),
    ) -> "Mapping[str, Metric]":
        """Return figures, without small groups for who is outside the pilot team; see `Engine.metrics`.

        Raises:
            UnknownPilot: for a pilot whose figures this actor may not see.
        """
        wanted = (
            [one.id for one in self._reader.each()]
            if pilots is None
            else [pilots]
            if isinstance(pilots, str)
            else list(pilots)
        )
        looks = {one: sight(self._reader.table(self._reader.get(one)), self._actor) for one in wanted}
        for one, seen in looks.items():
            if seen in {SUPPLIER, NOTHING} and pilots is not None:
                raise UnknownPilot(one)
        shown = [one for one, seen in looks.items() if seen not in {SUPPLIER, NOTHING}]
        small = any(looks[one] != ALL for one in shown)
        return self._reader.metrics(names, pilots=shown, as_of=as_of, of=of, by=by, suppress=small)
