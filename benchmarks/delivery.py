"""What delivering costs: `deliver` to a sink that does nothing, against a bare loop that claims and acknowledges lanes.

The loop is driver code by hand on the same table: it claims as many lanes in one go as we do, in a transaction, and
acknowledges each in one of its own, as whatever may be killed at any time must. It reads no event and sends nothing.
Ours also reads the events, makes the envelopes, and calls the sink in its thread. Each lane has five new events.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from typing import Any

from attrs import Factory, define
from sqlalchemy import make_url

from benchmarks.lifecycles import EVERYBODY
from benchmarks.measure import Ratio, Share, Skipped, in_turns, supplied_in_turns
from benchmarks.servers import database
from proeftuin import Engine, Fire
from proeftuin.delivery.courier import TOGETHER
from proeftuin.spi import Committed, Delivers, Parcel
from proeftuin.storage import open_store, upgrade_schema

VARIABLE = "PROEFTUIN_TEST_POSTGRESQL_URL"
WORKERS, LANES, NEWS, ROUNDS, SUBSCRIBERS = 4, 200, 5, 12, 50
HOOK = 5.0  # microseconds that a `committed` hook may add
DATA = {"title": "Canteen", "organisation": "Voorbeeld"}

DUE = (
    "SELECT pilot_id, delivered, target, attempts FROM lanes WHERE tenant = %s AND subscriber = %s AND due <= %s "
    "ORDER BY due, pilot_id LIMIT %s FOR UPDATE SKIP LOCKED"
)
CLAIM = "UPDATE lanes SET token = %s, due = %s, claimed = true WHERE tenant = %s AND subscriber = %s AND pilot_id = %s"
ACKNOWLEDGE = (
    "UPDATE lanes SET delivered = %s, due = NULL, claimed = false, attempts = 0, error = NULL "
    "WHERE tenant = %s AND subscriber = %s AND pilot_id = %s AND claimed AND token = %s"
)
FAR = 4_000_000_000_000_000  # microseconds; some time in 2096


class Null:
    """A sink that does nothing."""

    batch = 100

    def send(self, parcel: Parcel) -> None:
        """Do nothing."""


class Nothing:
    """A hook that does nothing."""

    def committed(self, moment: Committed) -> None:
        """Do nothing."""


@define
class Side:
    """One of the two, with pilots of its own tenant, of which each round finds as many lanes due."""

    engine: Engine
    store: Any
    name: str
    pilots: list[str] = Factory(list)
    _numbers: "count[int]" = Factory(count)

    def supply(self, lanes: int) -> None:
        """Write news on so many pilots, and make their lanes due."""
        if not self.pilots:
            self.engine.subscribe(self.name)
            self.pilots = [
                self.engine.start("existing-contract", actor=EVERYBODY, data=DATA).pilot.id for _ in range(lanes)
            ]
            self.engine.deliver({self.name: Null()})
        news = (f"{next(self._numbers)}" for _ in range(NEWS * lanes))
        fired = [
            Fire(pilot, "add_lesson", actor=EVERYBODY, data={"text": next(news)})
            for _ in range(NEWS)
            for pilot in self.pilots
        ]
        self.engine.fire_many(fired)
        assert isinstance(self.store, Delivers)
        while self.store.fan_out(self.name, now=self.engine._reader.now(), limit=1000):  # noqa: SLF001  # its clock
            pass


def ratios() -> Iterator[Share | Ratio | Skipped]:
    """Give the shares of the bare loop's rate, and what a hook adds."""
    yield _hook()
    url = os.environ.get(VARIABLE)
    if not url:
        yield Skipped("deliver, PostgreSQL", f"{VARIABLE} is not set")
        return
    with database(make_url(url)) as place, ExitStack() as stack:
        upgrade_schema(place)
        yield _beside(place, stack)
    for workers in (1, WORKERS):
        with database(make_url(url)) as place, ExitStack() as stack:
            upgrade_schema(place)
            yield _share(place, workers, stack)


def _beside(url: str, stack: ExitStack) -> Share:
    """Give the rate of steps beside so many subscribers, as a share of those beside none; a test counts statements."""
    store = open_store(url)
    stack.callback(store.close)
    engines = [Engine(store, tenant=name) for name in ("many", "none")]
    for one in engines:
        one.start("existing-contract", actor=EVERYBODY, data=DATA, id="p")
    for number in range(SUBSCRIBERS):
        engines[0].subscribe(f"subscriber-{number}")
    many, none = in_turns([_firing(one) for one in engines], number=4, rounds=200)
    return Share(f"fire beside {SUBSCRIBERS} subscribers, PostgreSQL", many, none, whose="fire beside none")


def _share(url: str, workers: int, stack: ExitStack) -> Share:
    store = open_store(url)
    stack.callback(store.close)
    threads = stack.enter_context(ThreadPoolExecutor(workers))
    ours, theirs = (Side(Engine(store, tenant=name), store, name) for name in ("ours", "theirs"))
    loops = [_loop(url, stack) for _ in range(workers)]

    def delivering(lanes: int) -> Callable[[], object]:
        ours.supply(lanes)

        def turn() -> None:
            works = threads.map(lambda _: ours.engine.deliver({"ours": Null()}), range(workers))
            assert sum(one.done for one in works) == lanes * NEWS

        return turn

    def acknowledging(lanes: int) -> Callable[[], object]:
        theirs.supply(lanes)

        def turn() -> None:
            assert sum(threads.map(lambda loop: loop(), loops)) == lanes

        return turn

    mine, bare = supplied_in_turns([delivering, acknowledging], number=LANES, rounds=ROUNDS)
    told = f"deliver, {NEWS} events a lane, PostgreSQL, {workers} worker{'s' * (workers > 1)}"
    return Share(told, mine, bare, bounds=(0.5, 0.8), whose="a bare loop")


def _loop(url: str, stack: ExitStack) -> Callable[[], int]:
    """Return what claims and acknowledges until nothing is due."""
    import psycopg  # noqa: PLC0415  # it need not be there

    connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
    stack.callback(connection.close)
    tokens, where = count(1), ("theirs", "theirs")

    def loop() -> int:
        done = 0
        while True:
            token = next(tokens)
            with connection.transaction():
                found = connection.execute(DUE, (*where, FAR, TOGETHER)).fetchall()
                for pilot, *_ in found:
                    connection.execute(CLAIM, (token, FAR + 1, *where, pilot))
            if not found:
                return done
            for pilot, _, target, _ in found:
                with connection.transaction():
                    assert connection.execute(ACKNOWLEDGE, (target, *where, pilot, token)).rowcount == 1
                    done += 1

    return loop


def _hook() -> Ratio:
    """Give what a `committed` hook adds to a step in memory, as a part of what it may add."""
    engines = [Engine.open("memory://", hooks=hooks) for hooks in ((), (Nothing(),))]
    for one in engines:
        one.start("existing-contract", actor=EVERYBODY, data=DATA, id="p")

    without, with_hook = in_turns([_firing(one) for one in engines], number=4, rounds=200)
    return Ratio(
        "a `committed` hook, of what it may add to a step", max(with_hook - without, 0.01), HOOK, must=1, aim=0.5
    )


def _firing(engine: Engine) -> Callable[[], object]:
    data = {"date": "2026-01-05", "mood": "going_well"}
    return lambda: engine.fire("p", "check_in", actor=EVERYBODY, data=data)
