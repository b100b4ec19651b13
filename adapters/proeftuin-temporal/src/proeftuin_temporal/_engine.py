"""The engine of who calls: what `proeftuin.Engine` does with one pilot, by way of Temporal."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from proeftuin import (
    Actor,
    BadArgument,
    Command,
    Engine,
    Event,
    Option,
    Pilot,
    PilotExists,
    Result,
    StoreUnavailable,
    wire,
)
from proeftuin.spi import Ids, Time
from proeftuin.storage import open_store
from proeftuin_temporal import _door, _faults
from proeftuin_temporal._asking import Answer
from proeftuin_temporal._life import Carried, Moment, Seeded, carry, opened
from proeftuin_temporal._loop import Loop
from proeftuin_temporal._names import PAGE, PILOT, QUEUE, pilot_id, workflow_id
from proeftuin_temporal._rules import Rules

T = TypeVar("T")
SECONDS = 10.0


class SystemTime:
    """The system's clock."""

    def now(self) -> datetime:
        """Return the present moment, UTC."""
        return datetime.now(UTC)


class TemporalEngine:
    """Runs pilots on Temporal; see `proeftuin.Engine` for what each method does.

    Args:
        connect: connects to Temporal, as `partial(Client.connect, "127.0.0.1:7233", namespace="utrecht")` does. It is
            called once, in the engine's own event loop.
        rules: what decides; the same as that of the workers.
        task_queue: where the workers of new pilots work.
        subscribers: the names of who is told of new pilots.
        time: tells the time at Temporal; the system's clock by default.
        ids: makes the ids of pilots, and salts; random ones by default.
        offset: how much later than at Temporal it is for the pilots that begin here. For rehearsals.
        seconds: how long a call may take.

    Note:
        All methods may be called from any thread. An asynchronous host calls them by `asyncio.to_thread`.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Client]],
        rules: Rules | None = None,
        *,
        task_queue: str = QUEUE,
        subscribers: Iterable[str] = (),
        time: Time | None = None,
        ids: Ids | None = None,
        offset: timedelta = timedelta(0),
        seconds: float = SECONDS,
    ) -> None:
        _door.parts(connect=connect, rules=rules, time=time, offset=offset, seconds=seconds)
        self._rules = rules or Rules()
        self._queue = task_queue
        self._subscribers = _door.names(subscribers)
        self._time = time or SystemTime()
        self._ids = ids
        self._offset = offset
        self._seconds = seconds
        try:
            self._loop = Loop()
        except (OSError, RuntimeError) as odd:
            raise StoreUnavailable(f"this process cannot begin to speak to Temporal: {odd}") from odd
        try:
            self._client = self._do("", connect, writes=False)
        except (AssertionError, RuntimeError) as odd:  # the former in a child of a fork whose parent spoke to Temporal
            self._loop.close()
            raise StoreUnavailable(f"Temporal cannot be reached: {odd}") from odd
        except BaseException:
            self._loop.close()
            raise

    @classmethod
    def open(cls, url: str, rules: Rules | None = None, **options: Any) -> Self:  # noqa: ANN401  # those of the class
        """Return an engine on `temporal://host:port/namespace?task_queue=proeftuin`.

        Raises:
            BadArgument: for another URL.
            StoreError: where Temporal cannot be reached.
        """
        target, namespace, queue = address(url)
        return cls(partial(Client.connect, target, namespace=namespace), rules, task_queue=queue, **options)

    def close(self) -> None:
        """Let go of the connection; pilots live on."""
        self._loop.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the connection."""
        self.close()

    # -- commands --------------------------------------------------------------------------------------------------

    def start(
        self,
        workflow: str,
        *,
        actor: Actor,
        data: Mapping[str, object] | None,
        key: str | None = None,
        id: str | None = None,  # noqa: A002  # the field's own word
        on: date | str | None = None,
    ) -> Result:
        """Begin a pilot. It is decided here, so a refusal reaches Temporal in no way.

        There is no `ref`: nothing in Temporal would keep it unique. Give your own reference as `id`.
        """
        given: dict[str, Any] = {"actor": actor, "data": data, "key": key, "id": id, "on": on}
        now, tenant = self._now(), self._client.namespace
        store = open_store("memory://")
        with self._rules.engine(store, tenant, Moment(now), self._ids or Seeded(token_hex(32), now)) as engine:
            result = engine.start(workflow, **given)
            pilot = carry(engine, store, tenant, result.pilot.id)
        try:
            self._do(pilot.id, lambda: self._begin(pilot), writes=True)
        except WorkflowAlreadyStartedError:
            if key is None:
                raise PilotExists(pilot.id) from None
            engine, _ = opened(self._carried(pilot.id), self._rules, now)
            return engine.start(workflow, **given)
        return result

    async def _begin(self, pilot: Carried) -> None:
        facts = {"offset": self._offset.total_seconds(), "places": dict.fromkeys(self._subscribers, 0)}
        await self._client.start_workflow(
            PILOT,
            args=[facts, wire.pack(pilot)],
            id=workflow_id(pilot.id),
            task_queue=self._queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )

    def fire(
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
        """Do one thing to a pilot."""
        return self._fire(pilot_id, [wire.plain_command(trigger, data, track, on)], actor, key, expect)

    def batch(
        self,
        pilot_id: str,
        commands: Iterable[Command],
        *,
        actor: Actor,
        key: str | None = None,
        expect: int | None = None,
    ) -> Result:
        """Do several things to one pilot, all or none."""
        return self._fire(pilot_id, wire.plain_batch(commands), actor, key, expect)

    def _fire(self, pilot_id: str, commands: list[Any], actor: Actor, key: str | None, expect: int | None) -> Result:
        call = {"do": "fire", "commands": commands, "actor": wire.plain_actor(actor), "key": key, "expect": expect}
        return self._update(Result, pilot_id, call)

    def erase(self, pilot_id: str, ref: str, *, actor: Actor, reason: str) -> bool:
        """Forget a participant of one pilot; return whether there was one. Temporal forgets with the next retention."""
        call = {"do": "erase", "ref": ref, "actor": wire.plain_actor(actor), "reason": reason}
        return self._update(bool, pilot_id, call)

    def look_up(self, pilot_id: str, subject: str, *, actor: Actor, reason: str) -> str | None:
        """Return the ref behind a subject; the history says who asked, and why."""
        call = {"do": "look_up", "subject": subject, "actor": wire.plain_actor(actor), "reason": reason}
        self._update(bool, pilot_id, call)
        return self.ref(pilot_id, subject)

    def recount(self, pilot_id: str) -> None:
        """Have a pilot count anew when its next term comes: for each pilot, once all workers have other rules.

        It may be done again. What is due by then is done at once.
        """
        self._do(pilot_id, lambda: self._handle(pilot_id).execute_update("recount"), writes=True)

    def _update(self, kind: type[T], pilot_id: str, call: dict[str, Any]) -> T:
        asked = _door.sendable({**call, "seed": token_hex(32)})

        async def update() -> bytes:
            packed: bytes = await self._handle(pilot_id).execute_update(call["do"], asked, result_type=bytes)
            return packed

        return wire.unpack(kind, self._do(pilot_id, update, writes=True))

    # -- questions -------------------------------------------------------------------------------------------------

    def get(self, pilot_id: str, *, version: int | None = None, at: datetime | None = None) -> Pilot:
        """Return a pilot as it is, as it stood at a version, or at a moment."""
        asked = {"version": version, "at": None if at is None else wire.plain_moment("at", at)}
        return self._ask(Pilot, pilot_id, "get", asked)

    def history(self, pilot_id: str, *, after: int = 0) -> Iterator[Event]:
        """Give the events of a pilot, from after a version."""
        while found := self._ask(tuple[Event, ...], pilot_id, "history", {"after": after}):
            yield from found
            if len(found) < PAGE:
                return
            after = found[-1].version

    def options(
        self,
        pilot_id: str,
        *,
        actor: Actor,
        track: str | None = None,
        all: bool = False,  # noqa: A002  # the API's own word
    ) -> tuple[Option, ...]:
        """Return what an actor may do now."""
        asked = {"actor": wire.plain_actor(actor), "track": track, "all": all}
        return self._ask(tuple[Option, ...], pilot_id, "options", asked)

    def explain(
        self,
        pilot_id: str,
        trigger: str,
        *,
        actor: Actor,
        data: Mapping[str, object] | None = None,
        track: str | None = None,
    ) -> Option:
        """Return what `fire` would answer."""
        asked = {"actor": wire.plain_actor(actor), "command": wire.plain_command(trigger, data, track)}
        return self._ask(Option, pilot_id, "explain", asked)

    def ref(self, pilot_id: str, subject: str) -> str | None:
        """Return the ref of a subject."""
        return next(iter(self._ask(tuple[str, ...], pilot_id, "known", {"subject": subject})), None)

    def subject(self, pilot_id: str, ref: str) -> str | None:
        """Return the subject of a ref."""
        return next(iter(self._ask(tuple[str, ...], pilot_id, "known", {"ref": ref})), None)

    def snapshot(self, *pilots: str) -> Engine:
        """Return an ordinary engine on copies of pilots, for every other question: figures, agendas, views, `verify`.

        What is written to it reaches nobody. Participants are in it as subjects, without refs.
        """
        store = open_store("memory://")
        engine = self._rules.engine(store, self._client.namespace, self._clock(), Seeded(token_hex(32), self._now()))
        for one in pilots:
            with opened(self._carried(one, personal=False), self._rules, self._now())[0] as copy:
                engine.import_pilots(copy.export_pilots(one))
        return engine

    def pilots(self) -> Iterator[str]:
        """Give the ids of the pilots of this namespace, in no order; of a new one a moment after its start."""
        return iter(self._do("", self._listed, writes=False))

    async def _listed(self) -> list[str]:
        found = self._client.list_workflows(f"WorkflowType = '{PILOT}' AND ExecutionStatus = 'Running'")
        return [pilot_id(one.id) async for one in found]

    # -- subscribers -----------------------------------------------------------------------------------------------

    def subscribe(self, pilot_id: str, name: str, *, after: int | None = None) -> None:
        """Have a pilot tell a subscriber of what lies behind a version; None means what happens from now on.

        One that is set aside, or that already knows of it, is told again from there.
        """
        given = [wire.plain_name("name", name), _door.place(after)]
        self._do(pilot_id, lambda: self._handle(pilot_id).execute_update("subscribe", args=given), writes=True)

    def lanes(self, pilot_id: str) -> dict[str, Any]:
        """Return how far each subscriber of a pilot is, and which are set aside, with the reason."""
        lanes: dict[str, Any] = self._do(pilot_id, lambda: self._handle(pilot_id).query("lanes"), writes=False)
        return lanes

    # -- how -------------------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self._time.now() + self._offset

    def _clock(self) -> Time:
        return _Late(self._time, self._offset)

    def _handle(self, pilot_id: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(workflow_id(_door.pilot(pilot_id)))

    def _carried(self, pilot_id: str, *, personal: bool = True) -> Carried:
        return wire.unpack(Carried, self._ask_packed(pilot_id, "carried", {"personal": personal}))

    def _ask(self, kind: type[T], pilot_id: str, question: str, asked: dict[str, Any]) -> T:
        given = _door.sendable({**asked, "now": self._now().isoformat()})
        return wire.unpack(kind, self._ask_packed(pilot_id, question, given))

    def _ask_packed(self, pilot_id: str, question: str, asked: dict[str, Any]) -> bytes:
        async def ask() -> bytes:
            packed: bytes = await self._handle(pilot_id).query(question, asked, result_type=bytes)
            return packed

        answer = wire.unpack(Answer, self._do(pilot_id, ask, writes=False))
        if answer.error is not None:
            raise wire.read_error(answer.error)
        return answer.value

    def _do(self, pilot_id: str, call: Callable[[], Awaitable[T]], *, writes: bool) -> T:
        with _faults.ours(pilot_id, writes=writes):
            return self._loop.do(call, self._seconds)


class _Late:
    """A clock that is ahead of another, or behind it."""

    def __init__(self, time: Time, offset: timedelta) -> None:
        self._time = time
        self._offset = offset

    def now(self) -> datetime:
        """Return the moment."""
        return self._time.now() + self._offset


def address(url: str) -> tuple[str, str, str]:
    """Return the target, the namespace and the task queue of a URL.

    Raises:
        BadArgument: for a URL of another form.
    """
    if not isinstance(url, str):
        raise BadArgument("url", f"must be text, not {type(url).__name__}")
    try:
        parts = urlsplit(url)
        port = parts.port or 7233
    except ValueError as odd:
        raise BadArgument("url", f"it is no URL: {odd}") from odd
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    queue = options.pop("task_queue", QUEUE)
    if parts.scheme != "temporal" or not parts.hostname or "@" in parts.netloc or options or not queue:
        raise BadArgument("url", "write temporal://host:7233/namespace?task_queue=proeftuin; `connect` takes the rest")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{host}:{port}", unquote(parts.path.strip("/")) or "default", queue
