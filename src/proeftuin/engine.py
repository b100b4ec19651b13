"""The engine: every use case under one name.

A command is read, decided, and appended where the stored version is still the one it was decided on (`writing`).
Questions never write (`reading`), and `seen_by` answers them for one actor (`seen`). The engine knows ports, not
stores, and holds no truth of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from proeftuin import door
from proeftuin.asking import Questions
from proeftuin.core.calendar import Calendar
from proeftuin.core.commands import Actor, Command
from proeftuin.core.guards import Guard
from proeftuin.core.settings import Settings
from proeftuin.delivering import Delivering
from proeftuin.errors import BadArgument
from proeftuin.firing import FiringWriter
from proeftuin.heads import Heads
from proeftuin.hooks import Hooks, installed
from proeftuin.keeping import Keeping
from proeftuin.ports import RandomIds, SystemTime
from proeftuin.reading import Reader
from proeftuin.result import Result
from proeftuin.spi import Began, Erases, Hook, Hosted, Ids, Store, Time
from proeftuin.spi.checks import check_store
from proeftuin.storage import open_store
from proeftuin.tables import Tables
from proeftuin.timekeeping import Timekeeper
from proeftuin.waking import Waker

if TYPE_CHECKING:
    from pathlib import Path

    from proeftuin.bulk import Answer, Fire
    from proeftuin.core.workflow import Workflow

__all__ = ["Engine", "Result"]

Registrar = Callable[[Callable[[], None]], object]


class Options(TypedDict, total=False):
    """The options of `Engine`, for `Engine.open`."""

    workflows: "Iterable[Path | str | Workflow] | None"
    guards: Mapping[str, Callable[..., Any]] | Iterable[Guard]
    hooks: Iterable[Hook]
    time: Time | None
    ids: Ids | None
    calendar: Calendar | None
    settings: Settings | None
    tenant: str
    cache: int


class Engine(Questions, Keeping, Delivering):
    """Runs pilots on a store.

    Args:
        store: where pilots are kept.
        workflows: paths of workflow files, or `Workflow`s; None means the bundled ones.
        guards: the host's guards, made with `@guard`, or plain functions by name.
        hooks: objects with some of the methods `before recorded committed refused conflicted began ended`, in order.
        time: has `now()`, an aware datetime; the system's clock by default.
        ids: has `pilot_id()` and `salt()`; UUIDv7 and the system's randomness by default.
        calendar: counts working days, such as `Netherlands(closures=[...])`; None means what each workflow names.
        settings: the dated numbers of the organisation.
        tenant: whose pilots these are.
        cache: how many decoded heads are kept.

    Note:
        All methods may be called from any thread.
    """

    _owner = True  # whether closing it closes the store

    def __init__(  # one place to configure, every argument by name
        self,
        store: Store,
        *,
        workflows: "Iterable[Path | str | Workflow] | None" = None,
        guards: Mapping[str, Callable[..., Any]] | Iterable[Guard] = (),
        hooks: Iterable[Hook] = (),
        time: Time | None = None,
        ids: Ids | None = None,
        calendar: Calendar | None = None,
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
            times=Timekeeper(calendar, settings or Settings(), forgets=isinstance(store, Erases)),
            waker=Waker(store),
        )

    def _assemble(self, *, waker: Waker, after_commit: Registrar | None = None, **parts: Any) -> None:  # noqa: ANN401  # those of `Reader`
        self._parts = parts
        self._store: Store = parts["store"]
        self._hooks: Hooks = parts["hooks"]
        self._reader = Reader(**parts)
        self._writing = {**parts, "reader": self._reader, "waker": waker, "after_commit": after_commit}
        self._writer = FiringWriter(**self._writing)
        if self._hooks.frames:
            from proeftuin.framing import FramedWriter  # noqa: PLC0415  # on first use: few hosts listen to that

            self._writer = FramedWriter(**self._writing)

    @classmethod
    def open(cls, url: str, **options: Unpack[Options]) -> Self:
        """Return an engine on the store at a URL: `memory://`, `sqlite:///pilots.db`.

        Args:
            url: the store; its own options go into its query.
            options: those of `Engine`. As it finds the store among what is installed, so it does the hooks, where none
                are given: those of the entry points `proeftuin.hooks`. With `hooks=()` nothing is called.

        Raises:
            BadArgument: for a scheme that is not installed, or an installed hook that cannot be used.
            StoreError: where the store cannot be opened.
        """
        if "hooks" not in options:
            options["hooks"] = installed()
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
        if after_commit is None and self._hooks.listens("committed"):
            raise BadArgument("on_commit", "must be given: nothing else tells `committed` hooks of the host's commit")
        heads = Heads(store, self._parts["tenant"], 0)  # a rolled back version may be written again, otherwise
        changed = {"store": store, "tables": self._parts["tables"].on(store), "heads": heads}
        return self._other(after_commit or (lambda call: call()), **changed)

    def for_tenant(self, name: str) -> Self:
        """Return the same engine for another tenant; the store is shared, and closed by the first engine alone."""
        tenant = door.name("tenant", name)
        return self._other(self._writing["after_commit"], tenant=tenant, heads=self._parts["heads"].of(tenant))

    def _other(self, after_commit: Registrar | None, **changed: object) -> Self:
        engine = object.__new__(type(self))
        parts = {**self._parts, **changed}
        engine._assemble(**parts, waker=self._writing["waker"], after_commit=after_commit)  # it is one of us
        engine._owner = False
        return engine

    def close(self) -> None:
        """Close the store, unless this engine was made by `for_tenant` or `using`."""
        if self._owner:
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
            Reentered: when called from inside a guard, or a hook that may not write.
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

    def fire_many(self, commands: "Iterable[Fire]", *, chunk: int = 500) -> "tuple[Answer, ...]":
        """Do many things to many pilots, in chunks that are one transaction each.

        Args:
            commands: what to do, in order; each is decided on what the ones before it left.
            chunk: how many commands are one transaction: others wait that long, and a failing store costs that much.

        Returns:
            For each command its `Result`, or the error that `fire` would have raised: a `Refused`, `UnknownPilot`,
            `KeyReused`, `Conflict`, `BadArgument`, or `CorruptStore` for a pilot that cannot be read. Where the store
            fails, all that is not written yet gets the `StoreError`; give keys, and send it again.

        Raises:
            BadArgument: for what is no `Fire`.
            Reentered: as `fire`.

        Note:
            `recorded` and `committed` hooks are called once for each pilot of a chunk, with all its new events. What a
            hook of the host raises undoes its chunk and is raised on: the chunks before it are written, and nobody is
            told their answers. Give keys, and send all of it again.
        """
        from proeftuin.bulk import BulkWriter  # noqa: PLC0415  # on first use: most processes fire one by one

        if type(chunk) is not int or chunk < 1:
            raise BadArgument("chunk", "must be a whole number, 1 or more")
        given = door.several("commands", commands)
        began = Began("fire_many", self._writing["tenant"])
        return self._hooks.framed(began, lambda: BulkWriter(**self._writing).fire_many(given, chunk))
