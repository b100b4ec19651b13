"""Questions: what is stored, as it is or as it stood; nothing here writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from proeftuin import codec, door
from proeftuin.core.commands import Actor, Attempt, Command, Option
from proeftuin.core.events import Event
from proeftuin.core.evolve import replay
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import Table
from proeftuin.errors import BadArgument, UnknownPilot
from proeftuin.heads import Heads
from proeftuin.hooks import Hooks
from proeftuin.spi import Ids, Page, Query, Store, Summary, Time
from proeftuin.tables import Tables

if TYPE_CHECKING:
    from proeftuin.core.metrics import Metric
    from proeftuin.storage.verify import Finding

LARGEST_PAGE = 1000
DRY = Command("options")
FILTERS = ("workflow", "state", "phase", "track_state", "organisation", "programme", "ref", "updated_after")


class Reader:
    """Answers questions for one tenant."""

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
    ) -> None:
        self._store = store
        self._hooks = hooks
        self._tenant = tenant
        self._tables = tables
        self._heads = heads
        self._time = time
        self._ids = ids
        self._settings = settings

    def table(self, pilot: Pilot) -> Table:
        """Return the compiled workflow that a pilot follows."""
        return self._tables.of(pilot.workflow)

    def named(self, workflow: str) -> Table:
        """Return the compiled workflow of this name, or `name@version`."""
        return self._tables.of(workflow) if "@" in workflow else self._tables.named(workflow)

    def events(self, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Event]:
        """Give the events of a pilot, in order."""
        for one in self._store.history(self._tenant, pilot_id, after=after, upto=upto):
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
            stood = pilot if version == pilot.version else replay(self.events(pilot_id, upto=version))
        elif at is not None:
            moment = door.moment("at", at)
            stood = replay(event for event in self.events(pilot_id) if event.at <= moment)
        else:
            stood = pilot
        if stood is None:
            raise UnknownPilot(pilot_id)
        return stood

    def _attempt(self, pilot: Pilot, command: Command, actor: Actor, passed: door.Passed | None = None) -> Attempt:
        now = door.moment("time", self._time.now())
        attempt = Attempt(pilot, command, door.actor(actor), now, None, self._settings)
        if passed is None:
            return attempt
        return Attempt(
            pilot, passed.command, attempt.actor, now, None, self._settings, passed.commitments, passed.findings, "new"
        )

    def options(self, pilot_id: str, *, actor: Actor, track: str | None, everything: bool) -> tuple[Option, ...]:
        """Return what an actor may do now; see `Engine.options`."""
        from proeftuin.core.options import options  # noqa: PLC0415  # on first use: most processes only fire

        pilot = self.get(pilot_id)
        attempt = self._attempt(pilot, DRY, actor)
        with self._hooks.closed("a guard"):
            return options(self.table(pilot), attempt, track=track, everything=everything)

    def explain(
        self, pilot_id: str, trigger: str, *, actor: Actor, data: Mapping[str, object] | None, track: str | None
    ) -> Option:
        """Return one option, judged with data; see `Engine.explain`."""
        from proeftuin.core.options import explain  # noqa: PLC0415  # on first use: most processes only fire

        pilot = self.get(pilot_id)
        table = self.table(pilot)
        command = door.command(trigger, data, track, None)
        held = door.Subjects(self._ids, lambda: self._store.personal(self._tenant, pilot_id))
        passed = door.subjects(table, command, held, pilot.counts.get("subject", 0))
        attempt = self._attempt(pilot, command, actor, passed)
        with self._hooks.closed("a guard"):
            return explain(table, attempt)

    def find(self, *, limit: int, after: str | None, **filters: object) -> Page:
        """Return a page of summaries; see `Engine.find`."""
        if type(limit) is not int or not 1 <= limit <= LARGEST_PAGE:
            raise BadArgument("limit", "must be from 1 to 1000")
        since = filters.pop("updated_after", None)
        for name, value in {"after": after, **filters}.items():
            if value is not None:
                door.text(name, value)
        moment = None if since is None else door.moment("updated_after", since)
        return self._store.find(Query(self._tenant, **filters, updated_after=moment, limit=limit, after=after))  # type: ignore[arg-type]  # texts, as just checked

    def each(self, **filters: object) -> Iterator[Summary]:
        """Give every summary that matches; see `Engine.each`."""
        after: str | None = None
        while True:
            page = self.find(limit=500, after=after, **filters)
            yield from page.items
            if page.next is None:
                return
            after = page.next

    def subject(self, pilot_id: str, ref: str) -> str | None:
        """Return the subject of a ref; see `Engine.subject`."""
        self._heads.load(door.name("pilot_id", pilot_id))
        return next((one.subject for one in self._store.personal(self._tenant, pilot_id) if one.ref == ref), None)

    def ref(self, pilot_id: str, subject: str) -> str | None:
        """Return the ref of a subject; see `Engine.ref`."""
        self._heads.load(door.name("pilot_id", pilot_id))
        return next((one.ref for one in self._store.personal(self._tenant, pilot_id) if one.subject == subject), None)

    def metrics(
        self,
        names: Sequence[str],
        *,
        pilots: str | Iterable[str] | None,
        as_of: date | str | None,
        of: str | None,
        by: Sequence[str],
        suppress: bool = False,
    ) -> "Mapping[str, Metric]":
        """Return metrics; see `Engine.metrics`."""
        from proeftuin.core.metrics import measure  # noqa: PLC0415  # on first use: most processes only fire

        if pilots is None:
            wanted: Iterable[str] = (one.id for one in self.each())
        else:
            wanted = (pilots,) if isinstance(pilots, str) else door.several("pilots", pilots)
        by = (by,) if isinstance(by, str) else tuple(door.several("by", by))
        found = [(self.table(pilot).workflow, pilot) for pilot in map(self.get, wanted)]
        now = door.moment("time", self._time.now())
        day = door.day("as_of", as_of)
        try:
            return measure(found, names, now=now, as_of=day, of=of, by=by, settings=self._settings, suppress=suppress)
        except LookupError as error:
            raise BadArgument("metrics", str(error.args[0])) from None

    def verify(self, pilot_id: str | None) -> "tuple[Finding, ...]":
        """Return what is wrong in the store; see `Engine.verify`."""
        from proeftuin.storage.verify import verify  # noqa: PLC0415  # on first use: most processes only fire

        if pilot_id is not None:
            self._heads.drop(pilot_id)
        return tuple(verify(self._store, self._tenant, pilot_id, replay=replay))
