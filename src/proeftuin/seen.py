"""What one actor may see: a read-only view on an engine, filtered by role.

How much of a pilot that is, is said in `sight`; here is what each question shows of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve

from proeftuin import codec, door
from proeftuin.core.commands import Actor, Option
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import CorruptStore, Refused, UnknownPilot
from proeftuin.gathering import Missed
from proeftuin.reading import Reader
from proeftuin.result import Result
from proeftuin.sight import ALL, FACILITATOR, MONITOR, NOTHING, SUPPLIER, Sight, width
from proeftuin.spi import Page, Summary, Tally

if TYPE_CHECKING:
    from proeftuin.agenda import Agenda, Case, Deadlines
    from proeftuin.chains import Link
    from proeftuin.core.clocks import Term
    from proeftuin.core.metrics import Metric
    from proeftuin.core.table import Table
    from proeftuin.dossiers import Dossier
    from proeftuin.portfolio import Portfolio


class View:
    """An engine as one actor sees it; made by `Engine.seen_by`."""

    def __init__(self, reader: Reader, actor: Actor) -> None:
        self._reader = reader
        self._actor = door.actor(actor)

    def _width(self, pilot: Pilot) -> str:
        return width(self._reader.shown(pilot.workflow), self._actor)

    def _sight(self, pilot: Pilot, now: Pilot | None = None) -> Sight:
        """Return what is seen of a pilot, as it is or, with how it is now, as it stood.

        Raises:
            UnknownPilot: where nothing of it is.
        """
        seen = self._width(pilot)
        if seen in {MONITOR, NOTHING}:
            raise UnknownPilot(pilot.id)
        return Sight(self._reader.shown(pilot.workflow), pilot, seen, self._actor.party, now)

    def get(self, pilot_id: str, *, version: int | None = None, at: datetime | None = None) -> Pilot:
        """Return a pilot as far as this actor sees it; see `Engine.get`."""
        now = self._reader.get(pilot_id)
        stood = now if version is None and at is None else self._reader.get(pilot_id, version=version, at=at)
        return self._sight(stood, now).cut()

    def history(self, pilot_id: str, *, after: int = 0) -> Iterator[Event]:
        """Give the events that this actor sees; see `Engine.history`.

        What they hold of the pilot's or a track's data is cut as in `get`. The digest is that of the whole event; who
        does not see everything gets no key of a command, as the digest would then tell what was cut out.
        """
        from proeftuin.dossiers import events_seen  # noqa: PLC0415  # on first use: most processes only fire

        sight = self._sight(self._reader.get(pilot_id))
        yield from events_seen(self._reader, sight, after=door.count("after", after))

    def chain(self, pilot_id: str) -> "tuple[Link, ...]":
        """Return the pilots of a chain that this actor sees; see `Engine.chain`."""
        from proeftuin.chains import chain  # noqa: PLC0415  # on first use: most processes only fire

        return chain(self.get, pilot_id)

    def find(self, /, *, limit: int = 100, after: str | None = None, **filters: Any) -> Page:  # noqa: ANN401  # see there
        """Return a page of summaries of pilots that this actor sees; see `Engine.find`.

        A supplier finds what is overdue, signals, and states of tracks, on its own tracks alone.
        """
        found = list(islice(self._found(door.page(limit) + 1, after, filters), limit + 1))
        return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)

    def _found(self, first: int, after: str | None, filters: Mapping[str, Any]) -> Iterator[Summary]:
        """Give what is seen, page by page: where a page ends must not tell of what is not seen."""
        size = min(first, door.LARGEST_PAGE)
        while True:
            page = self._reader.find(limit=size, after=after, seen=self._sees, **filters)
            yield from self._summaries(page.items, filters)
            if page.next is None:
                return
            after, size = page.next, door.LARGEST_PAGE

    def each(self, /, **filters: Any) -> Iterator[Summary]:  # noqa: ANN401  # those of `find`
        """Give the summaries of all pilots that this actor sees, and that match the filters of `find`."""
        return self._summaries(self._reader.each(seen=self._sees, **filters), filters)

    def count(self, /, **filters: Any) -> tuple[Tally, ...]:  # noqa: ANN401  # those of `find`
        """Return how many of the pilots that this actor sees match the filters of `find`, by phase and state."""
        counted = Counter((one.phase, one.state) for one in self.each(**filters))
        return tuple(sorted(Tally(*place, number) for place, number in counted.items()))

    def _sees(self, pilot: Pilot, term: "Term") -> bool:
        seen = self._width(pilot)
        return seen not in {MONITOR, NOTHING} and self._sight(pilot).runs(term)

    def _summaries(self, items: Iterable[Summary], filters: Mapping[str, Any]) -> Iterator[Summary]:
        looks: dict[str, str] = {}
        for one in items:
            if one.workflow not in looks:
                looks[one.workflow] = self._looks(one.workflow)
            seen = looks[one.workflow]
            if seen == ALL:
                yield one
            elif seen in {SUPPLIER, FACILITATOR} and (shown := self._summary(one, seen, filters)) is not None:
                yield shown

    def _looks(self, workflow: str) -> str:
        """Return how much this actor sees of pilots under a workflow; of one that nobody can read, nothing."""
        table = self._reader.judged(workflow)
        return NOTHING if table is None else width(table, self._actor)

    def _summary(self, one: Summary, seen: str, filters: Mapping[str, Any]) -> Summary | None:
        """Return a summary of what is seen, None where a filter does not hold of that."""
        signal, state = filters.get("signal"), filters.get("track_state") if seen == SUPPLIER else None
        overdue = filters.get("overdue")
        if not one.signals and state is None and overdue is None:
            return one if seen == FACILITATOR else replace(one, track_states=())
        try:
            cut = self._sight(self._reader.get(one.id)).cut()
        except CorruptStore:  # it stands there, with nothing of what only the pilot itself tells this reader
            return replace(one, signals=(), track_states=()) if signal is state is overdue is None else None
        signals = tuple(sorted({raised.signal for raised in cut.signals}))
        if (signal not in {None, *signals}) or (state not in {None, *(track.state for track in cut.tracks.values())}):
            return None
        return replace(one, signals=signals, track_states=one.track_states if seen == FACILITATOR else ())

    def options(self, pilot_id: str, *, track: str | None = None, all: bool = False) -> tuple[Option, ...]:  # noqa: A002  # the API's own word
        """Return what this actor may do now; see `Engine.options`."""
        pilot = self._reader.get(pilot_id)
        sight = self._sight(pilot)
        found = self._reader.options(pilot_id, actor=self._actor, track=track, everything=all)
        return tuple(sight.option(one) for one in found if one.track in sight.own or one.track not in pilot.tracks)

    def explain(
        self, pilot_id: str, trigger: str, *, data: Mapping[str, object] | None = None, track: str | None = None
    ) -> Option:
        """Return one option of this actor, judged with data; see `Engine.explain`."""
        sight = self._sight(self._reader.get(pilot_id))
        ask = self._reader.explain
        found = ask(pilot_id, trigger, actor=self._actor, data=data, track=track, hidden=sight.named(data, track))
        return sight.option(found, track)

    def result(self, result: Result) -> Result:
        """Return what came of a command of this actor as far as this actor sees it; the one given tells everything.

        Raises:
            UnknownPilot: where nothing of the pilot is seen.
        """
        from proeftuin.dossiers import as_it_is, events_seen  # noqa: PLC0415  # on first use: most processes only fire

        events, now = result.events, self._reader.get(result.pilot.id)
        sight = self._sight(result.pilot, now)
        if sight.width == ALL:
            shown = as_it_is(self._reader, events, sight)
        else:  # what was seen when it happened follows from all that was before
            first, last = events[0].version, events[-1].version
            shown = events_seen(self._reader, self._sight(now), after=first - 1, upto=last)
        return replace(result, pilot=sight.cut(), events=tuple(shown), warnings=sight.reasons(result.warnings))

    def refusal(
        self, refused: Refused, *, data: Mapping[str, object] | None = None, track: str | None = None
    ) -> Refused:
        """Return a refusal of a command of this actor as this actor may know it; the one raised tells everything.

        Args:
            refused: what `fire`, `batch` or `start` raised.
            data: what the refused command brought.
            track: the track that it concerned. One that is not seen is answered as one that is not there, as is a
                record that `data` names.

        Raises:
            UnknownPilot: where nothing of the pilot is seen.
        """
        if refused.pilot_id is None:
            return refused
        sight = self._sight(self._reader.get(refused.pilot_id))
        said = sight.reasons(refused.blockers, track)
        if sight.named(data, track):
            place = refused.blockers[0].command
            asked = self.explain(refused.pilot_id, refused.trigger, data=data, track=track).blockers
            said = tuple(evolve(one, command=place) for one in asked) or said
        return Refused(refused.pilot_id, refused.trigger, said)

    def export(self, pilots: str | Iterable[str] | None = None) -> Iterator[str]:
        """Give pilots as this actor sees them, each as one line of JSON, for another tool to read.

        Of a pilot that takes part in which says that somebody committed a crime, nothing about a participant is in it,
        whoever asks. `Engine.export_pilots` gives whole pilots, for another store.

        Args:
            pilots: an id or ids; None means all that are seen.

        Raises:
            UnknownPilot: for a pilot of which this actor sees nothing.

        Note:
            Source: GDPR article 10.
        """
        for one in self.dossiers(pilots=pilots):
            facts = {"pilot": one.pilot.id, "version": one.pilot.version, "workflow": one.pilot.workflow}
            yield codec.line(facts, codec.encode_pilot(one.pilot)).decode()

    def dossiers(
        self,
        /,
        *,
        pilots: str | Iterable[str] | None = None,
        missed: Missed | None = None,
        **filters: Any,  # noqa: ANN401  # see there
    ) -> "Iterator[Dossier]":
        """Give pilots with their histories, as this actor sees them; see `Engine.dossiers`.

        Raises:
            UnknownPilot: for a pilot of which this actor sees nothing.
        """
        from proeftuin.dossiers import dossiers  # noqa: PLC0415  # on first use: most processes only fire

        if pilots is None:
            found = self._reader.those(self.each(**filters), missed)
        else:
            found = self._reader.looked_at(pilots, filters)
        return dossiers(self._reader, map(self._sight, found))

    def _cases(
        self, now: datetime, pilots: str | Iterable[str] | None, filters: Mapping[str, Any], missed: Missed
    ) -> "Iterator[Case]":
        """Give the pilots that are seen, cut to what is seen of them.

        Raises:
            UnknownPilot: where one that was named is not.
        """
        for case in self._reader.cases(now, pilots, filters, missed):
            seen = width(case.table, self._actor)
            if seen in {MONITOR, NOTHING}:
                if pilots is not None:
                    raise UnknownPilot(case.pilot.id)
            else:
                sight = Sight(case.table, case.pilot, seen, self._actor.party)
                terms = tuple(one for one in case.terms if sight.runs(one))
                yield evolve(case, shown=sight.cut(), terms=terms, whole=seen != SUPPLIER)

    def _named(self, missed: Missed) -> tuple[str, ...]:
        """Return those of the pilots that could not be read that this actor finds in a list."""
        return tuple(name for name, one in missed.items() if self._looks(one) not in {MONITOR, NOTHING})

    def agenda(self, *, days: int = 7) -> "Agenda":
        """Return what is next for this actor; see `Engine.agenda`."""
        from proeftuin.agenda import agenda  # noqa: PLC0415  # on first use: most processes only fire

        now = self._reader.now()
        cases = self._cases(now, None, EMPTY, missed := Missed())
        found = agenda(cases, self._actor, door.count("days", days), now)
        return evolve(found, unreadable=self._named(missed))

    def deadlines(
        self,
        /,
        *,
        pilots: str | Iterable[str] | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        limit: int | None = None,
        **filters: Any,  # noqa: ANN401  # see there
    ) -> "Deadlines":
        """Return the due days that this actor may see; see `Engine.deadlines`.

        Raises:
            UnknownPilot: for a pilot that this actor may not see.
        """
        from proeftuin.agenda import deadlines  # noqa: PLC0415  # on first use: most processes only fire

        now = self._reader.now()
        cases = self._cases(now, pilots, filters, missed := Missed())
        found = deadlines(cases, now, tenant=self._reader.tenant, since=since, until=until, limit=limit)
        return evolve(found, unreadable=self._named(missed))

    def metrics(
        self,
        /,
        *names: str,
        pilots: str | Iterable[str] | None = None,
        as_of: date | str | None = None,
        since: date | str | None = None,
        of: str | None = None,
        by: Sequence[str] = (),
        strict: bool = True,
        **filters: Any,  # noqa: ANN401  # see there
    ) -> "Mapping[str, Metric]":
        """Return figures, without small groups for who is outside the pilot team; see `Engine.metrics`.

        Raises:
            UnknownPilot: for a pilot whose figures this actor may not see.
        """
        from proeftuin.figures import figures, listed  # noqa: PLC0415  # on first use: most processes only fire

        wanted = listed(pilots)
        among, small = self._figures(wanted, filters)
        asked: dict[str, Any] = {
            "as_of": as_of,
            "since": since,
            "of": of,
            "by": by,
            "strict": strict,
            "suppress": small,
        }
        return figures(self._reader, names, pilots=wanted, among=among, filters=filters, **asked)

    def portfolio(
        self,
        /,
        *,
        pilots: str | Iterable[str] | None = None,
        as_of: date | str | None = None,
        since: date | str | None = None,
        limit: int = 100,
        months: int = 0,
        **filters: Any,  # noqa: ANN401  # see there
    ) -> "Portfolio":
        """Return a portfolio as far as this actor sees it; see `Engine.portfolio`.

        Who is outside the pilot team gets figures without small groups; a monitor gets figures alone.

        Raises:
            UnknownPilot: for a pilot whose figures this actor may not see.
        """
        from proeftuin.figures import listed  # noqa: PLC0415  # on first use: most processes only fire
        from proeftuin.portfolio import Eyes, portfolio  # noqa: PLC0415  # the same

        wanted = listed(pilots)
        among, small = self._figures(wanted, filters)
        told = [one for one in among if self._looks(one) in {ALL, FACILITATOR}]
        eyes = Eyes(among, told, small, self._move, self._sees)
        asked: dict[str, Any] = {"as_of": as_of, "since": since, "limit": limit, "months": months}
        return portfolio(self._reader, pilots=wanted, filters=filters, eyes=eyes, **asked)

    def _move(self, table: "Table", pilot: Pilot, option: Option) -> Option:
        return Sight(table, pilot, width(table, self._actor), self._actor.party).option(option)

    def _figures(self, pilots: str | Iterable[str] | None, filters: Mapping[str, Any]) -> tuple[list[str], bool]:
        """Return the workflows of whose pilots this actor sees figures, and whether small groups are hidden.

        Raises:
            UnknownPilot: for a pilot that was named, and whose figures this actor may not see.
        """
        from proeftuin.figures import flows  # noqa: PLC0415  # on first use: most processes only fire

        found = flows(self._reader, pilots, filters)
        look = self._looks if pilots is None else (lambda one: width(self._reader.shown(one), self._actor))
        looks = {one: look(one) for one in found}
        for one, seen in looks.items():
            if seen in {SUPPLIER, NOTHING} and pilots is not None:
                raise UnknownPilot(found[one])
        shown = [one for one, seen in looks.items() if seen not in {SUPPLIER, NOTHING}]
        return shown, any(looks[one] != ALL for one in shown)
