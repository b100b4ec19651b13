"""The engine for programs on asyncio: the same calls, awaited; each is made on the plain engine, in a worker thread.

1. There is one body of every call, the plain one. Here stands only which of them are awaited, and which are iterated.
2. Threads, and not SQLAlchemy's greenlets: our statements go to the drivers themselves, and a call that is interrupted
   at a statement would leave a host to guess what was written. `docs/async.md` has the argument, and the figures.
3. Whoever cancels a call of which nothing was begun has called nothing. What was begun runs to its end: its commit is
   whole, and the caller, who is free at once, does not know of it. With a key it can be asked again.
"""

from collections.abc import Callable, Generator
from typing import Any, Concatenate, Generic, NoReturn, ParamSpec, Self, TypeVar, Unpack

from proeftuin.aio._calls import Bridge, awaited, iterated, stopped
from proeftuin.aio._threads import Threads
from proeftuin.core.commands import Actor
from proeftuin.engine import Engine, Options
from proeftuin.errors import BadArgument
from proeftuin.seen import View
from proeftuin.spi import Store

__all__ = ["AsyncEngine", "AsyncView"]

P = ParamSpec("P")
R = TypeVar("R")
E = TypeVar("E", bound="AsyncEngine")

THREADS = 8
"""As many as an SQLite store keeps connections open, and fewer than a server's store may open: nobody waits for one."""


class AsyncView(Bridge):
    """An engine as one actor sees it, awaited; made by `AsyncEngine.seen_by`."""

    def __init__(self, plain: View, threads: Threads) -> None:
        self._plain = plain
        self._threads = threads

    agenda = awaited(View.agenda)
    chain = awaited(View.chain)
    count = awaited(View.count)
    deadlines = awaited(View.deadlines)
    dossiers = iterated(View.dossiers)
    each = iterated(View.each)
    explain = awaited(View.explain)
    export = iterated(View.export)
    find = awaited(View.find)
    get = awaited(View.get)
    history = iterated(View.history)
    metrics = awaited(View.metrics)
    options = awaited(View.options)
    portfolio = awaited(View.portfolio)
    refusal = awaited(View.refusal)
    result = awaited(View.result)


class Opening(Generic[E]):
    """An engine that is still to be opened: awaited, or entered with `async with`, which closes it too."""

    def __init__(self, threads: Threads, opened: Callable[[], Engine], made: Callable[[Engine], E]) -> None:
        self._threads = threads
        self._opened = opened
        self._made = made

    def __await__(self) -> Generator[Any, None, E]:
        """Open the store, in a worker thread; nobody who stops waiting for it leaves it open."""
        return self._open().__await__()

    async def _open(self) -> E:
        return self._made(await self._threads.run(self._opened, unwanted=Engine.close))

    async def __aenter__(self) -> E:
        """Open the store."""
        self._engine = await self
        return self._engine

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self._engine.close()


class AsyncEngine(Bridge):
    """Runs pilots on a store, for programs on asyncio: every call of `Engine`, awaited.

    What gives an iterator there gives an asynchronous one here. `seen_by` and `for_tenant` ask the store nothing, so
    they are plain methods.

    Args:
        store: where pilots are kept.
        threads: how many calls may be under way at once; others wait for their turn.
        options: those of `Engine`. Guards and hooks are plain functions, called in the thread of the command.

    Raises:
        BadArgument: for a number of threads that is none; otherwise as `Engine`.

    Note:
        It may be used from several event loops, one after another or at the same time, and after a fork. A task that is
        cancelled leaves a command either not begun or done whole; give commands a `key`, and repeat those.
    """

    def __init__(self, store: Store, *, threads: int = THREADS, **options: Unpack[Options]) -> None:
        self._assemble(Engine(store, **options), Threads(threads), owner=True)

    def _assemble(self, plain: Engine, threads: Threads, *, owner: bool) -> Self:
        self._plain = plain
        self._threads = threads
        self._owner = owner
        return self

    @classmethod
    def open(cls, url: str, *, threads: int = THREADS, **options: Unpack[Options]) -> "Opening[Self]":
        """Return what opens an engine on the store at a URL: await it, or write `async with AsyncEngine.open(...)`.

        Args:
            url: the store; its own options go into its query.
            threads: how many calls may be under way at once.
            options: those of `Engine`.

        Raises:
            BadArgument: for a scheme that is not installed, or a number of threads that is none.
            StoreError: where the store cannot be opened.
        """
        shared = Threads(threads)
        return Opening(
            shared,
            lambda: Engine.open(url, **options),
            lambda plain: object.__new__(cls)._assemble(plain, shared, owner=True),  # noqa: SLF001  # it is one of us
        )

    def for_tenant(self, name: str) -> Self:
        """Return the same engine for another tenant; store and threads are shared, and closed by the first alone."""
        engine = object.__new__(type(self))
        return engine._assemble(self._plain.for_tenant(name), self._threads, owner=False)

    def seen_by(self, actor: Actor) -> AsyncView:
        """Return a read-only view on what this actor may see; the engine itself is unfiltered."""
        return AsyncView(self._plain.seen_by(actor), self._threads)

    def using(self, connection: object, *, on_commit: object = None) -> NoReturn:
        """Refuse: a transaction is of one thread, and an awaited call would be made in another.

        Raises:
            BadArgument: always, with what to do instead.
        """
        _ = connection, on_commit
        raise BadArgument(
            "connection", "your transaction is not of our threads; do all of it in one, with `run`: see docs/async.md"
        )

    def listen(self) -> NoReturn:
        """Refuse: whoever waits for news holds a thread all the time, and cannot be called off in the middle of it.

        Raises:
            BadArgument: always, with what to do instead.
        """
        raise BadArgument(
            "engine",
            "a worker that listens holds a thread; give it one, with `run` and the plain engine: see docs/async.md",
        )

    async def run(self, call: Callable[Concatenate[Engine, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function with the plain engine, in a worker thread, and return what it returns.

        For several calls in one go, and for a transaction of your own, which begins and ends in that function.

        Args:
            call: what to do; its first argument is the `Engine`.
            args: its other ones.
            kwargs: those that go by name.
        """
        plain: Engine = self._plain
        return await self._threads.run(lambda: call(plain, *args, **kwargs))

    async def close(self) -> None:
        """Wait for all calls that were asked, and close the store, unless this engine was made by `for_tenant`.

        A `close` that is cancelled goes on; it is only not waited for.
        """
        if self._owner:
            await self._threads.close(self._plain.close)

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the store."""
        await self.close()

    # -- commands and questions: what each takes and gives is that of the plain one --------------------------------

    agenda = awaited(Engine.agenda)
    batch = awaited(Engine.batch)
    chain = awaited(Engine.chain)
    checkpoint = iterated(Engine.checkpoint)
    count = awaited(Engine.count)
    deadlines = awaited(Engine.deadlines)
    deliver = stopped(Engine.deliver)
    doctor = iterated(Engine.doctor)
    dossiers = iterated(Engine.dossiers)  # read their events with `run`: they come from the store as well
    due = awaited(Engine.due)
    each = iterated(Engine.each)
    erase = awaited(Engine.erase)
    explain = awaited(Engine.explain)
    export_pilots = iterated(Engine.export_pilots, ahead=1)  # a history says that refs left, so none leaves ahead
    find = awaited(Engine.find)
    fire = awaited(Engine.fire)
    fire_many = awaited(Engine.fire_many)
    get = awaited(Engine.get)
    history = iterated(Engine.history)
    import_pilots = awaited(Engine.import_pilots)
    lag = awaited(Engine.lag)
    lanes = awaited(Engine.lanes)
    look_up = awaited(Engine.look_up)
    metrics = awaited(Engine.metrics)
    migrate = awaited(Engine.migrate)
    notices = awaited(Engine.notices)
    options = awaited(Engine.options)
    plan_migration = awaited(Engine.plan_migration)  # judge its pilots with `run`: to go through it reads them
    portfolio = awaited(Engine.portfolio)
    privacy_log = iterated(Engine.privacy_log)
    ref = awaited(Engine.ref)
    resend = awaited(Engine.resend)
    start = awaited(Engine.start)
    subject = awaited(Engine.subject)
    subscribe = awaited(Engine.subscribe)
    subscriptions = awaited(Engine.subscriptions)
    tenants = awaited(Engine.tenants)
    tick = awaited(Engine.tick)
    undo_migration = awaited(Engine.undo_migration)
    unsubscribe = awaited(Engine.unsubscribe)
    verify = awaited(Engine.verify)
    workflow = awaited(Engine.workflow)
    workflows = awaited(Engine.workflows)
