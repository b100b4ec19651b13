"""Asynchronous iterators: what they give, what they hold, and what becomes of that when nobody goes on."""

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from proeftuin import BadArgument, UnknownPilot
from proeftuin.aio._calls import AHEAD, Bridge, iterated
from proeftuin.aio._threads import Threads
from proeftuin.spi import Store
from tests.aio.engines import Pair, at_rest, pair, placed, quiet
from tests.aio.gates import PATIENCE, Gate, gated, stands
from tests.unit.engines import LEAD, OFFICER, start

Give = Callable[[Any], Any]

MOVED = {"personal": True, "actor": OFFICER, "reason": "moved"}
GIVEN: dict[str, Give] = {
    "checkpoint": lambda on: on.checkpoint(),
    "each": lambda on: on.each(state="open"),
    "export": lambda on: on.seen_by(LEAD).export(),
    "export_pilots": lambda on: on.export_pilots(),
    "history": lambda on: on.history("p", after=1),
    "privacy_log": lambda on: on.privacy_log(actor=OFFICER),
    "seen_each": lambda on: on.seen_by(LEAD).each(),
    "seen_history": lambda on: on.seen_by(LEAD).history("p"),
}


def stocked(store: Store) -> Pair:
    """A store with three pilots, of which refs were exported once."""
    both = pair(store)
    for name in ("p", "q", "r"):
        placed(both.plain, id=name)
    list(both.plain.export_pilots("p", **MOVED))  # type: ignore[arg-type]  # three options of their types
    return both


@pytest.mark.parametrize("name", GIVEN)
def test_it_gives_what_the_plain_one_gives(store: Store, name: str) -> None:
    """Each asynchronous iterator gives the same items, in the same order, as the iterator of the plain engine."""

    async def got() -> list[object]:
        return [one async for one in GIVEN[name](both.on)]

    both = stocked(store)
    expected = list(GIVEN[name](both.plain))
    assert expected
    assert expected == asyncio.run(got())


def test_each_export_with_refs_is_noted_before_its_lines_leave(store: Store) -> None:
    """Of pilots that nobody asked the lines of, no history says that their refs left."""

    async def some() -> None:
        async with aclosing(both.on.export_pilots(["p", "q", "r"], **MOVED)) as lines:  # type: ignore[arg-type]  # the same
            async for line in lines:
                if line.startswith('{"end":"q"'):
                    break

    both = pair(store)
    for name in ("p", "q", "r"):
        placed(both.plain, id=name)
    asyncio.run(some())
    assert {"p": 1, "q": 1, "r": 0} == {
        name: sum(one.type == "data.exported" for one in both.plain.history(name)) for name in ("p", "q", "r")
    }


def test_what_is_wrong_is_told_at_the_first_item(store: Store) -> None:
    """An unknown pilot or a wrong argument is an error where the first item is awaited."""

    async def first(items: AsyncGenerator[object, None]) -> None:
        await anext(items)

    both = pair(store)
    with pytest.raises(UnknownPilot):
        asyncio.run(first(both.on.history("nobody")))
    with pytest.raises(BadArgument, match="after"):
        asyncio.run(first(both.on.history(start(both.plain), after=-1)))


@pytest.mark.parametrize("taken", [0, 1, AHEAD, AHEAD + 1])
def test_who_stops_early_leaves_nothing_open(store: Store, taken: int) -> None:
    """After any number of items an iterator can be closed, and the store is at rest."""

    async def some() -> int:
        got = 0
        async with aclosing(both.on.history(pilot)) as events:
            while got < taken:
                await anext(events)
                got += 1
        assert at_rest(store)
        return got

    both = pair(store)
    pilot = start(both.plain)
    for _ in range(0 if taken < AHEAD else AHEAD + 1):
        both.plain.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert taken == asyncio.run(some())
    assert at_rest(store)


def test_it_is_cancelled_at_any_step(store: Store) -> None:
    """Whoever cancels the wait for an item is free at once; the thread finishes its step, and nothing stays open."""

    async def tried() -> int:
        both, step = stocked(store), 0
        while True:
            step += 1
            gate = Gate(step)
            task = asyncio.ensure_future(anext(both.on.history("p")))
            with gated(store, gate):
                if not await stands(task, gate):
                    return step
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                gate.open()
                await quiet(both.on)
            assert at_rest(store)

    assert 2 < asyncio.run(tried())


# -- one that holds something, as an iterator of another store may ------------------------------------------------


class Holding:
    """Gives numbers, and holds something until it is closed."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.held: list[str] = []
        self.closed = threading.Event()
        self.gate = Gate()
        self.fails_at = fails_at

    def numbers(self) -> Iterator[int]:
        self.kept = self._numbers()  # so that it is closed by whoever closes it, and not because nobody has it
        return self.kept

    def _numbers(self) -> Iterator[int]:
        self.held.append("open")
        try:
            for number in range(3 * AHEAD):
                self.gate.step()
                if number == self.fails_at:
                    raise LookupError(f"{number}")
                yield number
        finally:
            self.held.append("closed")
            self.closed.set()


class Held(Bridge):
    """The same, awaited."""

    def __init__(self, plain: Holding) -> None:
        self._plain = plain
        self._threads = Threads(2)  # one that steps, and one that could close meanwhile

    numbers = iterated(Holding.numbers)


def test_what_it_holds_is_let_go_of_when_it_is_closed() -> None:
    """Closing it early closes the iterator underneath, before `aclose` returns."""

    async def some() -> None:
        held = Held(holding)
        async with aclosing(held.numbers()) as numbers:
            assert 0 == await anext(numbers)
            assert ["open"] == holding.held
        assert ["open", "closed"] == holding.held

    holding = Holding()
    asyncio.run(some())


def test_what_it_holds_is_let_go_of_when_nobody_goes_on() -> None:
    """A loop that is left by `break` closes it too, as soon as the event loop gets to it."""

    async def some() -> None:
        held = Held(holding)
        async for _ in held.numbers():
            break
        gc.collect()
        assert await asyncio.to_thread(holding.closed.wait, PATIENCE)

    holding = Holding()
    asyncio.run(some())
    assert ["open", "closed"] == holding.held


def test_what_it_holds_is_let_go_of_behind_the_step_that_is_under_way() -> None:
    """Cancelled in the middle of a step, it is closed when that has ended, and not before."""

    async def some() -> None:
        held, holding.gate = Held(holding), Gate(5)
        task = asyncio.ensure_future(anext(held.numbers()))
        await asyncio.to_thread(holding.gate.reached.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ["open"] == holding.held
        holding.gate.open()
        assert await asyncio.to_thread(holding.closed.wait, PATIENCE)

    holding = Holding()
    asyncio.run(some())
    assert ["open", "closed"] == holding.held


def test_it_can_be_closed_after_its_engine() -> None:
    """An iterator that outlives the threads is closed by whoever drops it."""

    async def some() -> None:
        held = Held(holding)
        numbers = held.numbers()
        await anext(numbers)
        await held._threads.close(lambda: None)
        await numbers.aclose()

    holding = Holding()
    asyncio.run(some())
    assert ["open", "closed"] == holding.held


@pytest.mark.parametrize("place", [0, 1, AHEAD, AHEAD + 7])
def test_what_comes_before_a_failure_is_given(place: int) -> None:
    """The items before one that fails are all given, and then the failure is raised, once."""

    async def some() -> None:
        async for number in Held(holding).numbers():
            got.append(number)  # what was got before the failure is the point

    holding, got = Holding(place), list[int]()
    with pytest.raises(LookupError, match=f"^{place}$"):
        asyncio.run(some())
    assert list(range(place)) == got
    assert ["open", "closed"] == holding.held
