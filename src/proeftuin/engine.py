"""The engine: every use case under one name.

A command is read, decided, and appended where the stored version is still the one it was decided on (`writing`).
Questions never write (`reading`), and `seen_by` answers them for one actor (`seen`). The engine knows ports, not
stores, and holds no truth of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from proeftuin import door
from proeftuin.core.commands import Actor, Command, Option
from proeftuin.core.events import Event
from proeftuin.core.guards import Guard
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.workflow import Workflow
from proeftuin.errors import BadArgument
from proeftuin.heads import Heads
from proeftuin.hooks import Hooks
from proeftuin.ports import RandomIds, SystemTime
from proeftuin.reading import Reader
from proeftuin.result import Result
from proeftuin.spi import Hook, Hosted, Ids, Page, Store, Summary, Time
from proeftuin.spi.checks import check_store
from proeftuin.storage import open_store
from proeftuin.tables import Tables
from proeftuin.writing import Writer

if TYPE_CHECKING:
    from pathlib import Path

    from proeftuin.core.metrics import Metric
    from proeftuin.seen import View
    from proeftuin.storage.verify import Finding

__all__ = ["Engine", "Result"]

Registrar = Callable[[Callable[[], None]], object]


class Options(TypedDict, total=False):
    """The options of `Engine`, for `Engine.open`."""

    workflows: "Iterable[Path | str | Workflow] | None"
    guards: Mapping[str, Callable[..., Any]] | Iterable[Guard]
    hooks: Iterable[Hook]
    time: Time | None
    ids: Ids | None
    settings: Settings | None
    tenant: str
    cache: int


class Engine:
    """Runs pilots on a store.

    Args:
        store: where pilots are kept.
        workflows: paths of workflow files, or `Workflow`s; None means the bundled ones.
        guards: the host's guards, made with `@guard`, or plain functions by name.
        hooks: objects with some of the methods `before recorded committed refused conflicted`, called in order.
        time: has `now()`, an aware datetime; the system's clock by default.
        ids: has `pilot_id()` and `salt()`; UUIDv7 and the system's randomness by default.
        settings: the dated numbers of the organisation.
        tenant: whose pilots these are.
        cache: how many decoded heads are kept.

    Note:
        All methods may be called from any thread.
    """

    def __init__(  # one place to configure, every argument by name
        self,
        store: Store,
        *,
        workflows: "Iterable[Path | str | Workflow] | None" = None,
        guards: Mapping[str, Callable[..., Any]] | Iterable[Guard] = (),
        hooks: Iterable[Hook] = (),
        time: Time | None = None,
        ids: Ids | None = None,
        settings: Settings | None = None,
        tenant: str = "default",
        cache: int = 1024,
    ) -> None:
        check_store(store)
        self._assemble(
            store=store,
            tenant=door.name("tenant", tenant),
            tables=Tables(store, workflows, guards),
            heads=Heads(store, tenant, cache),
            hooks=Hooks(hooks),
            time=time or SystemTime(),
            ids=ids or RandomIds(),
            settings=settings or Settings(),
        )

    def _assemble(self, *, after_commit: Registrar | None = None, **parts: Any) -> None:  # noqa: ANN401  # those of `Reader`
        self._parts = parts
        self._store: Store = parts["store"]
        self._reader = Reader(**parts)
        self._writer = Writer(**parts, reader=self._reader, after_commit=after_commit)

    @classmethod
    def open(cls, url: str, **options: Unpack[Options]) -> Self:
        """Return an engine on the store at a URL: `memory://`, `sqlite:///pilots.db`.

        Args:
            url: the store; its own options go into its query.
            options: those of `Engine`.

        Raises:
            BadArgument: for a scheme that is not installed.
            StoreError: where the store cannot be opened.
        """
        store = open_store(url)
        try:
            return cls(store, **options)
        except BaseException:
            store.close()
            raise

    def using(self, connection: object, *, on_commit: Registrar | None = None) -> Self:
        """Return the same engine inside the host's own transaction: what it writes and what the host writes are one.

        It never commits, and never tries again by itself: a lost race is a `Conflict`, after which the host's
        transaction is as it was. What a result says has not happened before the host commits.

        Args:
            connection: a SQLAlchemy `Session` or `Connection`, Django's `connection`, or the driver's own.
            on_commit: has a function called once the host's outermost transaction is committed, such as Django's
                `transaction.on_commit`; `committed` hooks are called by it. A `Session` needs none.

        Raises:
            BadArgument: for a store that cannot, a connection of another kind or one that commits each statement, and
                where there are `committed` hooks and nothing would tell of the commit.
        """
        if not isinstance(self._store, Hosted):
            raise BadArgument("store", "it cannot take part in a transaction of the host; SQL stores can")
        store = self._store.using(connection)
        after_commit = on_commit or store.after_commit
        hooks: Hooks = self._parts["hooks"]
        if after_commit is None and hooks.listens("committed"):
            raise BadArgument("on_commit", "must be given: nothing else tells `committed` hooks of the host's commit")
        engine = object.__new__(type(self))
        tenant, tables = self._parts["tenant"], self._parts["tables"].on(store)
        heads = Heads(store, tenant, 0)  # a rolled back version may be written again, with other content
        engine._assemble(  # it is one of us
            **{**self._parts, "store": store, "tables": tables, "heads": heads},
            after_commit=after_commit or (lambda call: call()),
        )
        return engine

    def close(self) -> None:
        """Close the store; inside a transaction of the host nothing is closed."""
        self._store.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    # -- commands --------------------------------------------------------------------------------------------------

    def start(  # all by name
        self,
        workflow: str,
        *,
        actor: Actor,
        data: Mapping[str, object] | None,
        key: str | None = None,
        id: str | None = None,  # noqa: A002  # the field's own word
        ref: str | None = None,
        on: date | str | None = None,
    ) -> Result:
        """Begin a pilot.

        Args:
            workflow: a name, or `name@version`; a name means its highest version.
            actor: who begins it.
            data: the fields of the workflow's `start`.
            key: an idempotency key; the pilot's id then follows from it.
            id: the pilot's id, 1 to 255 characters; made by default.
            ref: the host's own reference, unique within the tenant.
            on: the business date of what is told late.

        Raises:
            Refused: with every reason.
            UnknownWorkflow: where nothing of that name is known.
            PilotExists: where the id or ref is taken.
            KeyReused: where the key was used for another command.
            BadArgument: for a call that is wrong in itself.
            StoreError: where the store fails.
        """
        command = door.command("start", data, None, on)
        return self._writer.start(workflow, command, actor, key=key, given=id, ref=ref)

    def fire(  # all by name
        self,
        pilot_id: str,
        trigger: str,
        *,
        actor: Actor,
        data: Mapping[str, object] | None = None,
        track: str | None = None,
        key: str | None = None,
        expect: int | None = None,
        on: date | str | None = None,
    ) -> Result:
        """Do one thing to a pilot.

        Args:
            pilot_id: which pilot.
            trigger: the word of the workflow.
            actor: who does it.
            data: its fields; dates and decimals as such or as text. None on a trigger that others have signed signs
                exactly what is pending.
            track: the key of the track that it concerns.
            key: an idempotency key, scoped to the pilot: the same command under it acts once.
            expect: the version that the caller saw; another one is a `Conflict`.
            on: the business date of what is told late, not after today and not before the last move.

        Returns:
            The result; `pending` names the roles that are still to sign.

        Raises:
            Refused: with every reason; nothing was changed.
            Conflict: with `expect`, when the pilot has another version; without, after five lost races.
            UnknownPilot: where there is no such pilot.
            KeyReused: where the key was used for another command.
            Reentered: when called from inside a guard, or a `before` or `recorded` hook.
            BadArgument: for a call that is wrong in itself.
            StoreError: where the store fails.
        """
        return self._writer.run(pilot_id, (door.command(trigger, data, track, on),), actor, key, expect)

    def batch(
        self,
        pilot_id: str,
        commands: Iterable[Command],
        *,
        actor: Actor,
        key: str | None = None,
        expect: int | None = None,
    ) -> Result:
        """Do several things to one pilot, all or none, in one commit; each is decided on the result of the one before.

        Raises:
            Refused: the blockers of the first command that is refused, each with its place in `command`.
            BadArgument: for no command at all; otherwise as `fire`.
        """
        given = tuple(door.in_batch(one) for one in door.several("commands", commands))
        if not given:
            raise BadArgument("commands", "must hold at least one command")
        return self._writer.run(pilot_id, given, actor, key, expect)

    # -- questions -------------------------------------------------------------------------------------------------

    def options(
        self,
        pilot_id: str,
        *,
        actor: Actor,
        track: str | None = None,
        all: bool = False,  # noqa: A002  # the API's own word
    ) -> tuple[Option, ...]:
        """Return what an actor may do now: moves, then what is not yet possible, then what is only recorded.

        Args:
            pilot_id: which pilot.
            actor: for whom.
            track: only what can be done on this track.
            all: also what is forbidden, what can never be done again, and what is more than one move away.
        """
        return self._reader.options(pilot_id, actor=actor, track=track, everything=all)

    def explain(
        self,
        pilot_id: str,
        trigger: str,
        *,
        actor: Actor,
        data: Mapping[str, object] | None = None,
        track: str | None = None,
    ) -> Option:
        """Return what `fire` would answer, without firing: a dry run. `allowed` also where it would be pending."""
        return self._reader.explain(pilot_id, trigger, actor=actor, data=data, track=track)

    def get(self, pilot_id: str, *, version: int | None = None, at: datetime | None = None) -> Pilot:
        """Return a pilot as it is, as it stood at a version, or as it stood at a moment (aware).

        Raises:
            UnknownPilot: where there is none, or was none at that moment.
        """
        return self._reader.get(pilot_id, version=version, at=at)

    def history(self, pilot_id: str, *, after: int = 0) -> Iterator[Event]:
        """Give the events of a pilot, in order of version, from after a version.

        Raises:
            UnknownPilot: where there is none.
        """
        return self._reader.history(pilot_id, after=after)

    def find(  # all by name
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        phase: str | None = None,
        track_state: str | None = None,
        organisation: str | None = None,
        programme: str | None = None,
        ref: str | None = None,
        updated_after: datetime | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page:
        """Return a page of summaries of the pilots for which every given filter holds, in order of id.

        Args:
            workflow: a name, or `name@version`.
            state: the pilot's own state, and `phase` the phase it lies in.
            phase: one of the shared phases.
            track_state: a state in which one of its tracks is.
            organisation: as given at the start.
            programme: the same.
            ref: the host's own reference.
            updated_after: aware; only pilots with a later commit.
            limit: how many, 1 to 1000.
            after: the `next` of the page before.
        """
        return self._reader.find(
            workflow=workflow,
            state=state,
            phase=phase,
            track_state=track_state,
            organisation=organisation,
            programme=programme,
            ref=ref,
            updated_after=updated_after,
            limit=limit,
            after=after,
        )

    def each(self, **filters: Any) -> Iterator[Summary]:  # noqa: ANN401  # those of `find`
        """Give the summaries of all pilots that match the filters of `find`, page by page."""
        return self._reader.each(**filters)

    def workflow(self, workflow: str) -> Workflow:
        """Return a definition by its name or `name@version`, as this engine's store holds it.

        Raises:
            UnknownWorkflow: where nothing of that name is known.
        """
        return self._reader.named(workflow).workflow

    def seen_by(self, actor: Actor) -> "View":
        """Return a read-only view on what this actor may see; the engine itself is unfiltered."""
        from proeftuin.seen import View  # noqa: PLC0415  # on first use: most processes only fire

        return View(self._reader, actor)

    def subject(self, pilot_id: str, ref: str) -> str | None:
        """Return the opaque subject that a participant's ref has in a pilot, None where it has none."""
        return self._reader.subject(pilot_id, ref)

    def ref(self, pilot_id: str, subject: str) -> str | None:
        """Return the host's ref behind a subject, None where there is none."""
        return self._reader.ref(pilot_id, subject)

    def metrics(
        self,
        *names: str,
        pilots: str | Iterable[str] | None = None,
        as_of: date | str | None = None,
        of: str | None = None,
        by: Sequence[str] = (),
    ) -> "Mapping[str, Metric]":
        """Return numbers of one pilot or a portfolio, unsuppressed; `seen_by(actor).metrics` hides small groups.

        Args:
            names: which metrics; none means those that the pilots' workflows declare.
            pilots: an id or ids; None means all.
            as_of: the day that they hold for, today by default.
            of: one part of a metric.
            by: one field to break down by, such as `target_group`.

        Raises:
            BadArgument: for an unknown metric, part or field.
        """
        return self._reader.metrics(names, pilots=pilots, as_of=as_of, of=of, by=by)

    def verify(self, pilot_id: str | None = None) -> "tuple[Finding, ...]":
        """Return every place where the hash chain, the versions or the head of a pilot (None: of all) is not whole."""
        return self._reader.verify(pilot_id)
