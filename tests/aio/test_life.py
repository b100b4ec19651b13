"""The life of an asynchronous engine: opened, shared by many tasks, loops and tenants, forked, and closed."""

import asyncio
import subprocess
import sys
import threading
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

from proeftuin import AsyncEngine, BadArgument, Blocker, Engine, Refused, StoreUnavailable
from proeftuin.spi import Before, Committed, Query, Store
from proeftuin.storage import open_store
from tests.aio.engines import at_rest, pair
from tests.aio.gates import PATIENCE, Gate, gated
from tests.scale import scaled
from tests.unit.engines import FLOW, LEAD, _loaded, sqlite_url, start

TASKS = scaled(200)
NOTE = {"text": "coffee first"}
who: ContextVar[str] = ContextVar("who", default="nobody")


class Listening:
    """A hook that tells who it is called for, by the context of the task."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def before(self, moment: Before) -> Blocker | None:
        return Blocker("host-no") if who.get() == "nobody" else None

    def committed(self, moment: Committed) -> None:
        self.heard.append((who.get(), moment.pilot.id))


def test_two_hundred_tasks_do_not_mix_up_their_work(store: Store) -> None:
    """Each of two hundred tasks on one engine gets its own answers, in its own context, and moves its own pilot."""

    async def one(number: int) -> None:
        name = f"pilot-{number}"
        who.set(name)
        made = await both.on.start("talks", actor=LEAD, data={"title": name}, id=name)
        moved = await both.on.fire(name, "note", actor=LEAD, data={"text": name}, expect=made.pilot.version)
        seen = [event.pilot_id async for event in both.on.history(name)]
        assert {name} == {made.pilot.id, moved.pilot.id, moved.pilot.data["title"], *seen}
        assert [name] == [note.data["text"] for note in (await both.on.get(name)).records("note")]

    async def all_of_them() -> None:
        await asyncio.gather(*(one(number) for number in range(TASKS)))

    hook = Listening()
    both = pair(store, threads=32, hooks=[hook])
    asyncio.run(all_of_them())
    assert 2 * TASKS == len(hook.heard)
    assert all(task == pilot for task, pilot in hook.heard)
    assert ((), TASKS) == (both.plain.verify(), len(list(both.plain.each())))
    assert at_rest(store)


def test_a_hundred_tasks_with_one_key_act_once(store: Store) -> None:
    """The same command under the same key, from a hundred tasks at once, is done once and answered alike."""

    async def all_of_them() -> list[Any]:
        asked = (both.on.fire(pilot, "note", actor=LEAD, data=NOTE, key="k") for _ in range(100))
        return list(await asyncio.gather(*asked))

    both = pair(store, threads=8)
    pilot = start(both.plain)
    answers = asyncio.run(all_of_them())
    assert 1 == sum(not one.duplicate for one in answers)
    assert ({2}, 2) == ({one.pilot.version for one in answers}, both.plain.get(pilot).version)


def test_errors_are_those_of_the_plain_engine() -> None:
    """A refusal comes out of the `await` as it would out of the call, with its codes."""

    async def tried() -> None:
        with pytest.raises(Refused) as no:
            await both.on.fire(pilot, "finish", actor=LEAD)
        assert ("forbidden-role",) == no.value.codes

    both = pair(open_store("memory://"))
    pilot = start(both.plain)
    asyncio.run(tried())


def test_one_engine_serves_many_loops(store: Store) -> None:
    """Loops in four threads at once, and one after another in each, use one engine."""

    async def one(number: int) -> int:
        return (await both.on.fire(pilots[number], "note", actor=LEAD, data=NOTE)).pilot.version

    def serve(number: int) -> None:
        for _ in range(3):
            versions[number].append(asyncio.run(one(number)))

    both = pair(store, threads=3)
    pilots, versions = [start(both.plain) for _ in range(4)], [[1] for _ in range(4)]
    threads = [threading.Thread(target=serve, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert [[1, 2, 3, 4]] * 4 == versions


def test_a_loop_that_is_closed_with_work_under_way_loses_the_answer_alone(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """The command ends whole after its loop is gone, quietly, and the engine serves the next loop."""
    both, gate = pair(store), Gate(2)
    pilot = start(both.plain)
    loop = asyncio.new_event_loop()
    with gated(store, gate):
        task = loop.create_task(both.on.fire(pilot, "talk", actor=LEAD, key="k"))
        loop.run_until_complete(asyncio.sleep(0))
        assert gate.reached.wait(PATIENCE)
        loop.close()
        gate.open()
        both.on._threads.submit(lambda: None).result(PATIENCE)
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # that it never ended is the point
    assert [] == caplog.records
    assert "talking" == asyncio.run(_state(both.on, pilot))
    assert at_rest(store)


async def _state(on: AsyncEngine, pilot: str) -> str:
    return (await on.get(pilot)).state


def test_a_command_that_fails_when_nobody_waits_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """What a cancelled call raises in the end is told to the log, by its kind."""

    async def tried() -> None:
        gate = Gate(1)

        def failing(plain: Engine) -> object:
            gate.step()
            return plain.get("nobody")

        task = asyncio.ensure_future(both.on.run(failing))
        await asyncio.to_thread(gate.reached.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        gate.open()
        await both.on.close()

    both = pair(open_store("memory://"))
    asyncio.run(tried())
    assert [("abandoned-call-failed", "UnknownPilot")] == [
        (one.getMessage(), vars(one)["error"]) for one in caplog.records if one.name == "proeftuin"
    ]


# -- opening and closing -------------------------------------------------------------------------------------------


def test_it_is_opened_in_both_ways(tmp_path: Path) -> None:
    """`await` gives an open engine, and `async with` one that is closed at the end."""

    async def tried() -> None:
        url = sqlite_url(tmp_path)
        on = await AsyncEngine.open(url, workflows=[_loaded(FLOW)])
        made = await on.start("talks", actor=LEAD, data={"title": "x"})
        await on.close()
        await on.close()
        async with AsyncEngine.open(url, workflows=[_loaded(FLOW)]) as again, again.for_tenant("default") as same:
            assert made.pilot == await same.get(made.pilot.id)
        with pytest.raises(StoreUnavailable, match="the engine was closed; open it anew"):
            await again.get(made.pilot.id)

    asyncio.run(tried())


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """A URL that opens nothing, an option that there is not and a number of threads that is none are refused."""

    async def opened(url: str, **options: Any) -> None:
        await AsyncEngine.open(url, **options)

    with pytest.raises(StoreUnavailable):
        asyncio.run(opened(f"sqlite:///{tmp_path / 'no' / 'such.db'}"))
    with pytest.raises(BadArgument, match="tenant"):
        asyncio.run(opened("memory://", tenant=""))
    for threads in (0, -1, True, 2.5, None):
        with pytest.raises(BadArgument, match="threads"):
            asyncio.run(opened("memory://", threads=threads))


def test_opening_that_is_cancelled_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that comes open when nobody waits for it any more is closed."""

    def slowly(url: str) -> Store:
        gate.step()
        return store

    async def opened() -> None:
        await AsyncEngine.open("memory://")

    async def tried() -> None:
        task = asyncio.ensure_future(opened())
        await asyncio.to_thread(gate.reached.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert () == store.find(Query("default")).items
        gate.open()
        assert await asyncio.to_thread(closed.wait, PATIENCE)

    gate, closed, store = Gate(1), threading.Event(), open_store("memory://")
    monkeypatch.setattr("proeftuin.engine.open_store", slowly)
    monkeypatch.setattr(store, "close", closed.set)
    asyncio.run(tried())


@pytest.mark.parametrize("cancelled", [False, True])
def test_closing_waits_for_what_was_asked(store: Store, cancelled: bool) -> None:  # noqa: FBT001  # the parameter
    """The store is closed when all calls that were asked are done, also when nobody waits for that any more."""

    async def tried() -> None:
        gate = Gate(1)
        pilots = [start(both.plain) for _ in range(3)]
        standing = asyncio.ensure_future(both.on.run(lambda _: gate.step()))
        tasks = [asyncio.ensure_future(both.on.fire(one, "talk", actor=LEAD)) for one in pilots]
        await asyncio.to_thread(gate.reached.wait, PATIENCE)
        closing = asyncio.ensure_future(both.on.close())
        await asyncio.sleep(0)
        if cancelled:
            closing.cancel()
        gate.open()
        await standing
        assert ["talking"] * 3 == [(await one).pilot.state for one in tasks]
        await asyncio.gather(closing, return_exceptions=True)
        assert cancelled == closing.cancelled()

    both = pair(store)
    asyncio.run(tried())
    for thread in threading.enumerate():
        if thread.name.startswith("proeftuin-aio-close"):
            thread.join(PATIENCE)
    with pytest.raises(StoreUnavailable, match="closed"):
        both.plain.find()


def test_an_engine_of_another_tenant_shares_threads_and_closes_nothing() -> None:
    """It sees its own pilots alone, and the first engine goes on after it is closed."""

    async def tried() -> None:
        async with both.on.for_tenant("elsewhere") as there:
            await there.start("talks", actor=LEAD, data={"title": "x"}, id="p")
            assert both.on._threads is there._threads
            assert ["talking", "open"] == [(await one.get("p")).state for one in (both.on, there)]
        assert ("elsewhere", both.tenant) == await both.on.tenants()

    both = pair(open_store("memory://"))
    both.plain.fire(start(both.plain, id="p"), "talk", actor=LEAD)
    asyncio.run(tried())


# -- what is left to the plain engine ------------------------------------------------------------------------------


def test_a_transaction_of_the_host_is_for_one_thread(store: Store) -> None:
    """`using` is refused, and says what to use instead: `run`, which has the plain engine in one thread."""

    async def tried() -> None:
        with pytest.raises(BadArgument, match="`run`"):
            both.on.using(object())
        assert "talking" == (await both.on.run(Engine.fire, pilot, "talk", actor=LEAD)).pilot.state

    both = pair(store)
    pilot = start(both.plain)
    asyncio.run(tried())


def test_a_worker_that_listens_is_given_a_thread(store: Store) -> None:
    """`listen` is refused, and says what to use instead: in `run`, a worker of the plain engine hears of a command."""

    def hears(plain: Engine) -> bool:
        with plain.listen() as waits:
            while waits.wait(0.5):  # until nothing is told any more
                pass
            plain.fire(pilot, "talk", actor=LEAD)
            return waits.wait(PATIENCE)

    async def tried() -> None:
        with pytest.raises(BadArgument, match="`run`"):
            both.on.listen()
        assert await both.on.run(hears)

    both = pair(store)
    pilot = start(both.plain)
    asyncio.run(tried())


@pytest.mark.parametrize("moment", ["before", "recorded", "committed", "refused", "conflicted"])
def test_an_asynchronous_hook_is_refused(moment: str) -> None:
    """A hook that nobody would await is refused when the engine is made, by the name of its method."""

    async def hear(self: object, told: object) -> None:
        """Hear nothing."""

    hook = type("Hook", (), {moment: hear})()
    with pytest.raises(BadArgument, match=f"`{moment}` is asynchronous"):
        AsyncEngine(open_store("memory://"), hooks=[hook])


def test_an_end_of_iteration_is_an_error_like_any_other() -> None:
    """A clock that has run out of moments does not leave its caller waiting for ever."""

    class Out:
        def now(self) -> Any:
            return next(iter(()))

    async def tried() -> None:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await on.start("talks", actor=LEAD, data={"title": "x"})

    on = AsyncEngine(open_store("memory://"), workflows=[_loaded(FLOW)], time=Out())
    asyncio.run(tried())


def test_where_no_thread_can_be_started_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that no thread can be started for is refused, and not done by another thread later on."""

    def full(self: object) -> None:
        raise RuntimeError("can't start new thread")

    async def tried() -> None:
        gate = Gate(1)
        standing = asyncio.ensure_future(both.on.run(lambda _: gate.step()))
        await asyncio.to_thread(gate.reached.wait, PATIENCE)
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", full)
            with pytest.raises(StoreUnavailable, match="can't start new thread; nothing was done"):
                await both.on.fire(pilot, "talk", actor=LEAD)
        gate.open()
        await standing
        assert 1 == (await both.on.get(pilot)).version
        assert "talking" == (await both.on.fire(pilot, "talk", actor=LEAD)).pilot.state

    both = pair(open_store("memory://"), threads=2)
    pilot = start(both.plain)
    asyncio.run(tried())


ENDING = """
import asyncio, sys, threading
from proeftuin import Actor, AsyncEngine

inside, ended = threading.Event(), threading.Event()

class Standing:
    def before(self, moment):
        inside.set()
        ended.wait()

async def cut_off():
    on = await AsyncEngine.open(sys.argv[1], hooks=[Standing()])
    data = {"title": "Canteen", "organisation": "Voorbeeld"}
    asyncio.ensure_future(on.start("existing-contract", actor=Actor("a", roles={"coordinator"}), data=data, id="p"))
    await asyncio.to_thread(inside.wait)

asyncio.run(cut_off())
ended.set()
"""


def test_the_end_of_a_program_waits_for_what_was_begun(tmp_path: Path) -> None:
    """A program that ends, and closes nothing, with a command under way ends behind it, and the commit is whole."""
    url = sqlite_url(tmp_path)
    told = subprocess.run(
        [sys.executable, "-c", ENDING, url], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ("", "", 0) == (told.stdout, told.stderr, told.returncode)
    with Engine.open(url) as plain:
        assert (1, ()) == (plain.get("p").version, plain.verify())


FORKING = """
import asyncio, os, sys
from proeftuin import Actor, AsyncEngine

lead = Actor("a", roles={"coordinator"})
data = {"title": "Canteen", "organisation": "Voorbeeld"}

async def begin(on, name):
    await on.start("existing-contract", actor=lead, data=data, id=name)
    return [one.id async for one in on.each()]

async def opened():
    return await AsyncEngine.open(sys.argv[1], tenant="forking")

on = asyncio.run(opened())
assert ["a"] == asyncio.run(begin(on, "a"))
child = os.fork()
if not child:
    assert ["a", "b"] == asyncio.run(begin(on, "b"))
    asyncio.run(on.close())
    os._exit(0)
assert (child, 0) == os.waitpid(child, 0)
assert ["a", "b", "c"] == asyncio.run(begin(on, "c"))
asyncio.run(on.close())
print("done")
"""


@pytest.mark.parametrize("url", ["sqlite", "postgresql", "mariadb"], indirect=True)
def test_a_fork_goes_on_with_threads_of_its_own(url: str) -> None:
    """An engine that was open and at work before a fork serves both processes afterwards."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore:This process:DeprecationWarning", "-c", FORKING, url],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ("done\n", "", 0) == (told.stdout, told.stderr, told.returncode)
