"""Questions: what is stored, as it is or as it stood; nothing here writes."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve

from proeftuin import codec, door, folding, gathering
from proeftuin.core.begin import begin, nothing, unknown
from proeftuin.core.clocks import Term, terms
from proeftuin.core.commands import Accepted, Actor, Attempt, Command, Option, Refusal
from proeftuin.core.decide import decide
from proeftuin.core.events import Event
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.structs import replace
from proeftuin.core.table import Table
from proeftuin.errors import BadArgument, UnknownPilot, UnknownWorkflow, WorkflowChanged
from proeftuin.gathering import Missed, pages
from proeftuin.heads import Heads
from proeftuin.hooks import Hooks
from proeftuin.sight import without
from proeftuin.spi import Ids, Page, Query, Store, Summary, Tally, Time, Timed
from proeftuin.tables import Tables
from proeftuin.timekeeping import Timekeeper

if TYPE_CHECKING:
    from proeftuin.agenda import Case
    from proeftuin.notices import Notice
    from proeftuin.storage.verify import Finding
    from proeftuin.transfer import Imported

TOGETHER = 200
"""How many pilots are read in one go."""
ZONES = timedelta(days=1)
"""No day begins so much before that of UTC."""
DRY = Command("options")
Seen = Callable[[Pilot, Term], bool]
Pilots = str | Iterable[str] | None


def every(_pilot: Pilot, _term: Term) -> bool:
    """Whether a term is seen by who sees everything."""
    return True


class Reader:
    """Answers questions for one tenant; `settings` are the dated numbers of the organisation."""

    def __init__(  # the engine's parts, by name
        self,
        *,
        store: Store,
        tenant: str,
        tables: Tables,
        heads: Heads,
        hooks: Hooks,
        time: Time,
        ids: Ids,
        settings: Settings,
        times: Timekeeper,
    ) -> None:
        self._times = times
        self._store = store
        self._hooks = hooks
        self.tenant = tenant
        self._tables = tables
        self._heads = heads
        self._time = time
        self._ids = ids
        self.settings = settings

    def table(self, pilot: Pilot) -> Table:
        """Return the compiled workflow that a pilot follows."""
        return self._tables.of(pilot.workflow)

    def named(self, workflow: str) -> Table:
        """Return the compiled workflow of this name, or `name@version`."""
        return self._tables.of(workflow) if "@" in workflow else self._tables.named(workflow)

    def shown(self, workflow: str) -> Table:
        """Return the workflow of this `name@version` to look at pilots by; see `Tables.shown`."""
        return self._tables.shown(workflow)

    def judged(self, workflow: str) -> Table | None:
        """Return the workflow by which it is judged who sees pilots of a `name@version`; see `Tables.judged`."""
        return self._tables.judged(workflow)

    def workflows(self) -> tuple[str, ...]:
        """Return what a new pilot may begin under; see `Engine.workflows`."""
        return self._tables.names()

    def events(self, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Event]:
        """Give the events of a pilot, in order."""
        for one in self._store.history(self.tenant, pilot_id, after=after, upto=upto):
            yield codec.decode_event(one.body, one.digest, pilot_id=pilot_id, version=one.version)

    def history(self, pilot_id: str, *, after: int = 0) -> Iterator[Event]:
        """Give the events of a pilot that exists; see `Engine.history`."""
        self._heads.load(door.name("pilot_id", pilot_id))
        return self.events(pilot_id, after=door.count("after", after))

    def get(self, pilot_id: str, *, version: int | None = None, at: datetime | None = None) -> Pilot:
        """Return a pilot, as it is or as it stood; see `Engine.get`."""
        pilot, _ = self._heads.load(door.name("pilot_id", pilot_id))
        if version is not None and at is not None:
            raise BadArgument("at", "give a version or a moment, not both")
        if version is not None:
            if type(version) is not int or not 1 <= version <= pilot.version:
                raise BadArgument("version", f"must be from 1 to {pilot.version}")
            stood = pilot if version == pilot.version else folding.replay(self.events(pilot_id, upto=version))
        elif at is not None:
            moment = door.moment("at", at)
            stood = folding.replay(event for event in self.events(pilot_id) if event.at <= moment)
        else:
            stood = pilot
        if stood is None:
            raise UnknownPilot(pilot_id)
        return stood

    def _attempt(self, pilot: Pilot, command: Command, actor: Actor, passed: door.Passed | None = None) -> Attempt:
        now = door.moment("time", self._time.now())
        attempt = Attempt(pilot, command, door.actor(actor), now, None, self.settings)
        if passed is None:
            return attempt
        return Attempt(
            pilot, passed.command, attempt.actor, now, None, self.settings, passed.commitments, passed.findings, "new"
        )

    def now(self) -> datetime:
        """Return the moment that it is, in UTC."""
        return door.moment("time", self._time.now())

    def _caught_up(self, pilot_id: str) -> Pilot:
        """Return a pilot as a command would find it: as if what is due had been done."""
        return self.ahead(self.get(pilot_id), self.now())

    def ahead(self, pilot: Pilot, now: datetime) -> Pilot:
        """Return a pilot as if what is due had been done; a clock fires nothing that asks a guard."""
        table = self.shown(pilot.workflow)
        if not self._times.late(table, self._heads.timing(pilot), now):
            return pilot
        return self._times.catch_up(table, pilot, now).moves().pilot

    def options(self, pilot_id: str, *, actor: Actor, track: str | None, everything: bool) -> tuple[Option, ...]:
        """Return what an actor may do now; see `Engine.options`."""
        from proeftuin.core.options import options  # noqa: PLC0415  # on first use: most processes only fire

        pilot = self._caught_up(pilot_id)
        table, attempt = self.table(pilot), self._attempt(pilot, DRY, actor)
        with self._hooks.closed("a guard"):
            found = options(table, attempt, track=track, everything=everything)
            return tuple(
                self._beginning(one, table, replace(attempt, command=Command(one.trigger, one.preset, one.track)))
                if one.trigger in table.beginners
                else one
                for one in found
            )

    def explain(
        self,
        pilot_id: str,
        trigger: str,
        *,
        actor: Actor,
        data: Mapping[str, object] | None,
        track: str | None,
        hidden: Collection[str] = (),
    ) -> Option:
        """Return one option, judged with data; see `Engine.explain`. What is `hidden` is not there."""
        from proeftuin.core.options import explain  # noqa: PLC0415  # on first use: most processes only fire

        pilot = self._caught_up(pilot_id)
        if hidden:
            pilot = without(pilot, hidden)
        table = self.table(pilot)
        command = door.command(trigger, data, track, None)
        held = door.Subjects(self._ids, lambda: self._store.personal(self.tenant, pilot_id))
        passed = door.subjects(table, command, held, pilot.counts.get("subject", 0))
        attempt = self._attempt(pilot, command, actor, passed)
        with self._hooks.closed("a guard"):
            return self._beginning(explain(table, attempt), table, attempt)

    def _beginning(self, option: Option, table: Table, attempt: Attempt) -> Option:
        """Return an option with what the pilot that it begins has against it, where it begins one."""
        if not option.allowed or option.trigger not in table.beginners:
            return option
        decision = decide(table, attempt)
        starts = decision.starts if isinstance(decision, Accepted) else None
        if starts is None:
            return option
        try:
            other = self._tables.named(starts.workflow)
        except (UnknownWorkflow, WorkflowChanged):
            return evolve(option, allowed=False, blockers=unknown(table, attempt))
        pilot, command = nothing(other, starts.id, attempt.now), Command("start", starts.data)
        begun = begin(other, Attempt(pilot, command, attempt.actor, attempt.now, settings=self.settings))
        return evolve(option, allowed=False, blockers=begun.blockers) if isinstance(begun, Refusal) else option

    def find(
        self,
        *,
        limit: int,
        after: str | None,
        overdue: bool | None = None,
        seen: Seen = every,
        **filters: Any,  # noqa: ANN401  # as `_query` checks them
    ) -> Page:
        """Return a page of summaries; see `Engine.find`. Of overdue ones a term is one that is `seen`."""
        door.page(limit)
        if after is not None:
            door.text("after", after)
        if overdue is None:
            return self._store.find(self._query(**filters, limit=limit, after=after))
        if overdue is not True:
            raise BadArgument("overdue", "must be True, or left out")
        found = list(islice(self._overdue(after, seen, filters), limit + 1))
        return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)

    def _overdue(self, after: str | None, seen: Seen, filters: Mapping[str, Any]) -> Iterator[Summary]:
        """Give the pilots on which a term is due: the store tells on which it may be, a look at each on which it is.

        Where days were not counted yet, or on another calendar, every pilot is looked at. One that cannot be read may
        be overdue for all that anybody knows, and is given too.
        """
        now = door.moment("time", self._time.now())
        store, marks = self._store, self._times.marks()
        counted = isinstance(store, Timed) and not store.untimed(self.tenant, marks, limit=1)
        asked, missed = {**filters, "limit": TOGETHER, "overdue": now if counted else None}, Missed()
        for page in pages(lambda last: store.find(self._query(**asked, after=last)), after):
            for summary, pilot in gathering.read(page.items, self._heads, self._tables, missed):
                if pilot is None or self._is_overdue(pilot, now, seen):
                    yield summary

    def _is_overdue(self, pilot: Pilot, now: datetime, seen: Seen) -> bool:
        """Whether a term is due, as if what is due had been done."""
        table = self.shown(pilot.workflow)
        if not table.workflow.clocks:
            return False
        ahead, today = self.ahead(pilot, now), now.astimezone(table.zone).date()
        running = terms(table, ahead, self._times.calendar(table), on=today)
        return any((day := one.due()) is not None and day <= today and seen(ahead, one) for one in running)

    def _query(self, *, limit: int, after: str | None, overdue: datetime | None = None, **filters: object) -> Query:
        since = filters.pop("updated_after", None)
        for name, value in filters.items():
            if value is not None:
                door.text(name, value)
        moment = None if since is None else door.moment("updated_after", since)
        return Query(self.tenant, **filters, overdue=overdue, updated_after=moment, limit=limit, after=after)  # type: ignore[arg-type]  # texts, as just checked

    def each(self, **filters: Any) -> Iterator[Summary]:  # noqa: ANN401  # those of `find`
        """Give every summary that matches; see `Engine.each`."""
        for page in pages(lambda after: self.find(limit=500, after=after, **filters)):
            yield from page.items

    def _pilots(self, missed: Missed | None = None, /, **filters: Any) -> Iterator[Pilot]:  # noqa: ANN401  # those of `find`
        """Give every pilot that matches the filters of `find`, in order of id; see `those`."""
        return self.those(self.each(**filters), missed)

    def those(self, summaries: Iterable[Summary], missed: Missed | None = None) -> Iterator[Pilot]:
        """Give the pilots that were found, many in one go; see `gathering.read` for one that cannot be read."""
        items = iter(summaries)
        while some := list(islice(items, TOGETHER)):
            found = gathering.read(some, self._heads, self._tables, missed)
            yield from (pilot for _, pilot in found if pilot is not None)

    def cases(
        self,
        now: datetime,
        pilots: Pilots = None,
        filters: Mapping[str, Any] = EMPTY,
        missed: Missed | None = None,
    ) -> "Iterator[Case]":
        """Give pilots, or those that match, with their terms, as if what is due had been done; see `agenda`."""
        from proeftuin.agenda import Case  # noqa: PLC0415  # on first use: most processes only fire

        for stored in self.looked_at(pilots, filters, missed):
            table, pilot = self.shown(stored.workflow), self.ahead(stored, now)
            today, running = now.astimezone(table.zone).date(), dict[str, Term]()
            for term in terms(table, pilot, self._times.calendar(table), on=today):
                running.setdefault(term.key, term)  # two records that count as one have the same
            yield Case(table, pilot, pilot, tuple(running.values()), today)

    def notices(self, day: date | str) -> "tuple[Notice, ...]":
        """Return what was to be said on a day; see `Engine.notices`."""
        from proeftuin.notices import KINDS, notices  # noqa: PLC0415  # on first use: most processes only fire

        asked = door.day("day", day)
        if asked is None:
            raise BadArgument("day", "must be a date, or its text YYYY-MM-DD")
        told = ((self.shown(one.workflow), one, self._of_types(one.id, KINDS)) for one in self._changed_since(asked))
        return notices(told, asked)

    def _changed_since(self, day: date) -> Iterator[Pilot]:
        """Give the pilots that were written to on a day or later, in whatever zone."""
        if day.toordinal() <= ZONES.days:
            return self._pilots()
        return self._pilots(updated_after=datetime.combine(day, time.min, UTC) - ZONES)

    def _of_types(self, pilot_id: str, types: Collection[str]) -> Iterator[Event]:
        for one in self._store.history(self.tenant, pilot_id):
            if one.type in types:
                yield codec.decode_event(one.body, one.digest, pilot_id=pilot_id, version=one.version)

    def events_of(self, types: Collection[str], pilots: Pilots, since: date | None) -> Iterator[tuple[Pilot, Event]]:
        """Give the events of some types, of pilots in order; of all, those that were written to since a day."""
        changed = self._pilots() if since is None else self._changed_since(since)
        for pilot in changed if pilots is None else map(self.get, self.ids(pilots)):
            yield from ((pilot, event) for event in self._of_types(pilot.id, types))

    def subject(self, pilot_id: str, ref: str) -> str | None:
        """Return the subject of a ref; see `Engine.subject`."""
        self._heads.load(door.name("pilot_id", pilot_id))
        return next((one.subject for one in self._store.personal(self.tenant, pilot_id) if one.ref == ref), None)

    def ref(self, pilot_id: str, subject: str) -> str | None:
        """Return the ref of a subject; see `Engine.ref`."""
        self._heads.load(door.name("pilot_id", pilot_id))
        return next((one.ref for one in self._store.personal(self.tenant, pilot_id) if one.subject == subject), None)

    def ids(self, pilots: str | Iterable[str] | None) -> Iterable[str]:
        """Return the ids of the pilots that are meant; None means all."""
        if pilots is None:
            return (one.id for one in self.each())
        return (pilots,) if isinstance(pilots, str) else door.several("pilots", pilots)

    def looked_at(self, pilots: Pilots, filters: Mapping[str, Any], missed: Missed | None = None) -> Iterator[Pilot]:
        """Give the pilots of these ids, each once, or those that match the filters of `find`, many in one go.

        Of those that match, one that cannot be read is left out and noted in `missed`, where that is given.

        Raises:
            BadArgument: for ids together with filters.
            UnknownPilot: for an id of no pilot.
        """
        if pilots is None:
            yield from self._pilots(missed, **filters)
            return
        if any(one is not None for one in filters.values()):
            raise BadArgument("pilots", "give ids or filters, not both")
        ids = door.once(door.name("pilot_id", one) for one in self.ids(pilots))
        while some := list(islice(ids, TOGETHER)):
            for one, found in zip(some, self._heads.load_many([(name, None) for name in some]), strict=True):
                if found is None:
                    raise UnknownPilot(one)
                yield found[0]

    def count(self, *, overdue: bool | None = None, **filters: Any) -> tuple[Tally, ...]:  # noqa: ANN401  # those of `find`
        """Return how many pilots lie where; see `Engine.count`."""
        if overdue is not None:
            counts = Counter((one.phase, one.state) for one in self.each(overdue=overdue, **filters))
            return tuple(sorted(Tally(*place, number) for place, number in counts.items()))
        return self._store.count(self._query(limit=1, after=None, **filters))

    def tenants(self) -> tuple[str, ...]:
        """Return who has pilots; see `Engine.tenants`."""
        found: list[str] = []
        while some := self._store.tenants(after=found[-1] if found else None):
            found += some
        return tuple(found)

    def verify(self, pilot_id: str | None, against: Iterable[str] | None) -> "tuple[Finding, ...]":
        """Return what is wrong in the store; see `Engine.verify`."""
        from proeftuin.storage import checkpoints  # noqa: PLC0415  # on first use: most processes only fire
        from proeftuin.storage.verify import compare, verify  # noqa: PLC0415  # the same

        marks = () if against is None else checkpoints.read(against)
        if pilot_id is not None:
            self._heads.drop(pilot_id)
            marks = tuple(one for one in marks if one.pilot_id == pilot_id)
        found = tuple(verify(self._store, self.tenant, pilot_id, replay=replay))
        told = {(one.pilot_id, one.version) for one in found}
        compared = compare(self._store, self.tenant, marks)
        return (*found, *(one for one in compared if (one.pilot_id, one.version) not in told))

    def checkpoint(self) -> Iterator[str]:
        """Give the lines of a checkpoint; see `Engine.checkpoint`."""
        from proeftuin.storage import checkpoints  # noqa: PLC0415  # on first use: most processes only fire

        return checkpoints.write(self.tenant, door.moment("time", self._time.now()), self.each())

    def export_pilots(self, pilots: str | Iterable[str] | None, *, personal: bool) -> Iterator[str]:
        """Give the lines of an export; see `Engine.export_pilots`."""
        from proeftuin.transfer import export  # noqa: PLC0415  # on first use: most processes only fire

        now = door.moment("time", self._time.now())
        return export(self._store, self._tables, self.tenant, now, pilots=self.ids(pilots), personal=personal)

    def import_pilots(self, lines: Iterable[str], *, dry_run: bool) -> "Imported":
        """Read pilots into the store; see `Engine.import_pilots`."""
        from proeftuin.transfer import import_pilots  # noqa: PLC0415  # on first use: most processes only fire

        return import_pilots(lines, self._store, self.tenant, dry_run=dry_run)
