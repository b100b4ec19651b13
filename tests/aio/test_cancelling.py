"""A task that is cancelled at any place: what it asked is done whole or was never begun, and the engine goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count

import pytest

from proeftuin import AsyncEngine, Command, Fire
from proeftuin.spi import Parcel, Store
from proeftuin.storage import open_store
from tests.aio.engines import PLACED, Pair, at_rest, pair, placed, quiet
from tests.aio.gates import PATIENCE, Gate, gated, stands
from tests.unit.engines import LEAD, OFFICER, engine, start
from tests.unit.ticking import LEAD as TERMS_LEAD

Ask = Callable[[AsyncEngine, str], Awaitable[object]]

NOTE = {"text": "coffee first"}
NOTES = [Command("note", NOTE), Command("talk")]


def imported(on: AsyncEngine, pilot: str) -> Awaitable[object]:
    """Bring a pilot over from another store."""
    with engine() as elsewhere:
        placed(elsewhere, id=f"{pilot}-moved")
        return on.import_pilots(list(elsewhere.export_pilots()))


# Each way to write, on a pilot that stands ready; what it made is read from this pilot, or one named after it.
ASKED: dict[str, Ask] = {
    "batch": lambda on, pilot: on.batch(pilot, NOTES, actor=LEAD, key="k"),
    "erase": lambda on, pilot: on.erase(f"ref-{pilot}", actor=OFFICER, reason="asked"),
    "fire": lambda on, pilot: on.fire(pilot, "talk", actor=LEAD, key="k"),
    "fire_many": lambda on, pilot: on.fire_many(
        [Fire(pilot, "note", LEAD, NOTE, key="a"), Fire(pilot, "talk", LEAD, key="b")], chunk=1
    ),
    "import_pilots": imported,
    "look_up": lambda on, pilot: on.look_up(pilot, "s1", actor=OFFICER, reason="asked"),
    "start": lambda on, pilot: on.start("talks", actor=LEAD, data={"title": "x"}, id=f"{pilot}-new", key="k"),
    "tick": lambda on, pilot: on.tick(pilots=pilot),
}


def ready(both: Pair, name: str) -> str:
    """A pilot that nothing was asked of."""
    if name == "tick":
        pilot = both.plain.start("terms", actor=TERMS_LEAD, data={}).pilot.id
        both.clock.pass_(days=30)
        return pilot
    pilot = start(both.plain)
    both.plain.fire(pilot, "identify", actor=LEAD, track="acme")
    both.plain.fire(pilot, "place", actor=LEAD, track="acme", data={**PLACED, "participant": f"ref-{pilot}"})
    return pilot


def made(both: Pair, pilot: str) -> list[object]:
    """All that a command left behind, but for the name of the pilot."""
    left: list[object] = []
    for one in (pilot, f"{pilot}-moved", f"{pilot}-new"):
        if both.store.load(both.tenant, one) is None:
            continue
        left += [[event.type for event in both.plain.history(one)], both.plain.ref(one, "s1") is None]
        left += [both.store.receipt(both.tenant, one, key) is None for key in "abk"]
        left.append(both.plain.get(one).version)
        assert () == both.plain.verify(one)
    return left


async def cut_off(both: Pair, ask: Awaitable[object], gate: Gate) -> bool:
    """Cancel a task while its thread stands at the gate; return whether it came there."""
    task = asyncio.ensure_future(ask)
    with gated(both.store, gate):
        if not await stands(task, gate):
            return False
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task  # the thread still stands there
        gate.open()
        await quiet(both.on)
    return True


@pytest.mark.parametrize("name", ASKED)
def test_a_command_that_is_cancelled_at_any_step_is_done_whole(store: Store, name: str) -> None:
    """Whoever cancels a command at whatever step is free at once, and it ends as if nobody had."""

    async def tried() -> list[list[object]]:
        both, left = pair(store), []
        for step in count(1):
            pilot, gate = ready(both, name), Gate(step)
            came = await cut_off(both, ASKED[name](both.on, pilot), gate)
            left.append(made(both, pilot))
            assert at_rest(store)
            if not came:
                return left
        raise AssertionError

    *cancelled, whole = asyncio.run(tried())
    assert len(cancelled) > 1
    assert [whole] * len(cancelled) == cancelled


def test_a_cancelled_command_is_repeated_with_its_key(store: Store) -> None:
    """The same command under the same key, sent again while the first is still under way or later, acts once."""

    async def tried() -> list[bool]:
        both, told = pair(store), list[bool]()
        for step in count(1):
            pilot, gate = start(both.plain), Gate(step)
            again = partial(both.plain.fire, pilot, "note", actor=LEAD, data=NOTE, key="k")
            task = asyncio.ensure_future(both.on.fire(pilot, "note", actor=LEAD, data=NOTE, key="k"))
            with gated(store, gate):
                if not await stands(task, gate):
                    return told
                task.cancel()
                meanwhile = asyncio.ensure_future(asyncio.to_thread(again))
                await asyncio.sleep(0)
                gate.open()
                told.append((await meanwhile).duplicate)
                await quiet(both.on)
            later = await asyncio.to_thread(again)
            assert (True, 1) == (later.duplicate, len(later.pilot.records("note")))
        raise AssertionError

    assert {True} <= set(asyncio.run(tried()))


def test_what_still_waits_for_its_turn_is_never_begun(store: Store) -> None:
    """Tasks that are cancelled before a thread is free wrote nothing and never will."""

    async def tried() -> None:
        both, gate = pair(store), Gate(1)
        pilots = [start(both.plain) for _ in range(20)]
        standing = asyncio.ensure_future(both.on.run(lambda _: gate.step()))
        tasks = [asyncio.ensure_future(both.on.fire(one, "talk", actor=LEAD)) for one in pilots]
        await asyncio.to_thread(gate.reached.wait, PATIENCE)
        for one in tasks:
            one.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert {asyncio.CancelledError} == {type(one) for one in answers}
        gate.open()
        await standing
        await quiet(both.on)
        assert {1} == {both.plain.get(one).version for one in pilots}
        assert at_rest(store)

    asyncio.run(tried())


def test_what_is_never_awaited_is_never_begun() -> None:
    """A coroutine that is closed before its first step asks nothing of any thread."""
    both = pair(open_store("memory://"))
    pilot = start(both.plain)
    both.on.fire(pilot, "talk", actor=LEAD).close()
    assert both.on._threads.submit(lambda: both.plain.get(pilot).version).result(PATIENCE) == 1


def test_an_answer_that_is_on_its_way_is_lost_alone(store: Store) -> None:
    """A task that is cancelled between the end of its command and the answer learns nothing, and the commit stands."""

    async def tried() -> None:
        both = pair(store)
        pilot = start(both.plain)
        task = asyncio.ensure_future(both.on.fire(pilot, "talk", actor=LEAD, key="k"))
        await asyncio.sleep(0)  # it is asked
        both.on._threads.submit(lambda: None).result(PATIENCE)  # it is done, and this loop was not told yet
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert "talking" == (await both.on.get(pilot)).state
        assert (await both.on.fire(pilot, "talk", actor=LEAD, key="k")).duplicate

    asyncio.run(tried())


def test_time_that_runs_out_leaves_it_whole(store: Store) -> None:
    """`asyncio.timeout` frees its block at once, however long the store takes, and the command ends whole."""

    async def bounded(asked: Awaitable[object], gate: Gate) -> None:
        async with asyncio.timeout(None) as limit:
            reached = asyncio.ensure_future(asyncio.to_thread(gate.reached.wait, PATIENCE))
            reached.add_done_callback(lambda _: limit.reschedule(0))
            await asked

    async def tried() -> None:
        both, gate = pair(store), Gate(2)
        pilot = start(both.plain)
        with gated(store, gate):
            with pytest.raises(TimeoutError):
                await bounded(both.on.fire(pilot, "talk", actor=LEAD), gate)
            gate.open()
            await quiet(both.on)
        assert "talking" == both.plain.get(pilot).state

    asyncio.run(tried())


class Slow:
    """A sink at which the first event stands still, until it is let through."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.got: list[str] = []

    def send(self, parcel: Parcel) -> None:
        self.gate.step()
        self.got += [one.id for one in parcel.events]


def test_a_cancelled_delivery_lets_go_of_its_claims(store: Store) -> None:
    """A delivery that nobody awaits any more ends behind the call that is out, and another brings the rest at once."""

    async def tried() -> None:
        both, gate = pair(store), Gate(1)
        await both.on.subscribe("news", start="beginning")
        events = {f"{pilot}-{version}" for pilot in [placed(both.plain) for _ in range(3)] for version in (1, 2, 3)}
        sink = Slow(gate)
        task = asyncio.ensure_future(both.on.deliver({"news": sink}))
        await asyncio.to_thread(gate.reached.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        gate.open()
        await quiet(both.on)
        assert 1 == len(sink.got)
        assert at_rest(store)
        work = await both.on.deliver({"news": sink})
        assert (8, 0, False) == (work.done, work.failed, work.more)
        assert (9, events) == (len(sink.got), set(sink.got))

    asyncio.run(tried())


@pytest.mark.parametrize("said", [True, False])
def test_a_delivery_also_asks_the_stop_that_it_was_given(said: bool) -> None:  # noqa: FBT001  # the parameter
    """The caller's own `stop` is asked as by the plain engine."""

    async def tried() -> int:
        both = pair(open_store("memory://"))
        await both.on.subscribe("news", start="beginning")
        placed(both.plain)
        return (await both.on.deliver({"news": Slow(Gate())}, stop=lambda: said)).done

    assert (0 if said else 3) == asyncio.run(tried())


def test_a_cancelled_delivery_at_any_step_loses_nothing(store: Store) -> None:
    """Cancelled at whatever step, a delivery leaves no claim: the next one brings all that is left, in order."""

    async def tried() -> int:
        both = pair(store)
        await both.on.subscribe("news", start="beginning")
        for step in count(1):
            pilot, sink = placed(both.plain), Slow(Gate())
            came = await cut_off(both, both.on.deliver({"news": sink}), Gate(step))
            assert at_rest(store)
            await both.on.deliver({"news": sink})
            assert [f"{pilot}-{version}" for version in (1, 2, 3)] == sink.got
            if not came:
                return step
        raise AssertionError

    assert 5 < asyncio.run(tried())
