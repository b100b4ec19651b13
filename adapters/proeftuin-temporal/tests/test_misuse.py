"""Calls that are wrong in themselves: refused as `proeftuin.Engine` refuses them, and never sent."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from proeftuin import BadArgument, Engine, Refused
from proeftuin_temporal import TemporalEngine
from tests.unit.engines import FLOW, LEAD

DATA = {"title": "x", "organisation": "o"}
ODD: tuple[Any, ...] = (5, b"x", object())
Call = Callable[[Any, str, Any], object]

CALLS: dict[str, Call] = {
    "start key": lambda on, _, odd: on.start("talks", actor=LEAD, data=DATA, key=odd),
    "start id": lambda on, _, odd: on.start("talks", actor=LEAD, data=DATA, id=odd),
    "fire pilot": lambda on, _, odd: on.fire(odd, "talk", actor=LEAD),
    "fire trigger": lambda on, pilot, odd: on.fire(pilot, odd, actor=LEAD),
    "fire actor": lambda on, pilot, odd: on.fire(pilot, "talk", actor=odd),
    "fire data": lambda on, pilot, odd: on.fire(pilot, "talk", actor=LEAD, data=odd),
    "fire track": lambda on, pilot, odd: on.fire(pilot, "talk", actor=LEAD, track=odd),
    "fire key": lambda on, pilot, odd: on.fire(pilot, "talk", actor=LEAD, key=odd),
    "fire on": lambda on, pilot, odd: on.fire(pilot, "talk", actor=LEAD, on=odd),
    "batch": lambda on, pilot, odd: on.batch(pilot, odd, actor=LEAD),
    "batch of": lambda on, pilot, odd: on.batch(pilot, [odd], actor=LEAD),
    "get": lambda on, _, odd: on.get(odd),
    "get at": lambda on, pilot, odd: on.get(pilot, at=odd),
    "history": lambda on, _, odd: list(on.history(odd)),
    "options": lambda on, _, odd: on.options(odd, actor=LEAD),
    "options actor": lambda on, pilot, odd: on.options(pilot, actor=odd),
    "explain": lambda on, pilot, odd: on.explain(pilot, odd, actor=LEAD),
    "explain data": lambda on, pilot, odd: on.explain(pilot, "talk", actor=LEAD, data=odd),
    "ref": lambda on, _, odd: on.ref(odd, "s1"),
    "subject": lambda on, _, odd: on.subject(odd, "x"),
    "look_up": lambda on, pilot, odd: on.look_up(pilot, odd, actor=LEAD, reason="asked"),
    "look_up reason": lambda on, pilot, odd: on.look_up(pilot, "s1", actor=LEAD, reason=odd),
}
NO_NUMBER: dict[str, Call] = {
    "fire expect": lambda on, pilot, odd: on.fire(pilot, "talk", actor=LEAD, expect=odd),
    "get version": lambda on, pilot, odd: on.get(pilot, version=odd),
    "history after": lambda on, pilot, odd: list(on.history(pilot, after=odd)),
}
BLANK = ("fire pilot", "fire key", "get", "history", "options", "ref", "subject")
OWN: dict[str, Call] = {
    "subscribe": lambda on, _, odd: on.subscribe(odd, "desk"),
    "subscribe name": lambda on, pilot, odd: on.subscribe(pilot, odd),
    "erase": lambda on, _, odd: on.erase(odd, "x", actor=LEAD, reason="asked"),
    "erase ref": lambda on, pilot, odd: on.erase(pilot, odd, actor=LEAD, reason="asked"),
    "recount": lambda on, _, odd: on.recount(odd),
    "lanes": lambda on, _, odd: on.lanes(odd),
    "snapshot": lambda on, _, odd: on.snapshot(odd),
    "open": lambda on, _, odd: type(on).open(odd),
}
CASES = [
    *((call, odd) for call in {**CALLS, **OWN}.values() for odd in ODD),
    *((call, odd) for call in NO_NUMBER.values() for odd in ("x", b"x", object(), -1)),
    *((CALLS[name], odd) for name in BLANK for odd in ("", " ", "a\0b", "x" * 256, "\ud800")),
    (CALLS["get at"], datetime(2026, 1, 1)),  # noqa: DTZ001  # the point
    *((lambda on, pilot, odd: on.subscribe(pilot, "desk", after=odd), odd) for odd in ("x", True, -1, 1.5)),
]


@pytest.fixture(scope="module")
def pilot() -> str:
    return "misused"


@pytest.fixture(scope="module")
def plain(pilot: str) -> Iterator[Engine]:
    """The engine that says what is wrong."""
    with Engine.open("memory://", workflows=[FLOW], hooks=()) as made:
        made.start("talks", actor=LEAD, data=DATA, id=pilot)
        yield made


def test_what_the_engine_refuses_is_refused_here(engine: TemporalEngine, plain: Engine, pilot: str) -> None:
    """Whatever is given for a name, number, moment, actor or command, both say BadArgument, and nothing of Python's."""
    engine.start("talks", actor=LEAD, data=DATA, id=pilot)
    both = {*CALLS.values(), *NO_NUMBER.values()}
    for call, odd in CASES:
        for on in (engine, plain) if call in both else (engine,):
            with pytest.raises(BadArgument):
                call(on, pilot, odd)
    assert 1 == engine.get(pilot).version
    assert {"places": {}, "parked": {}, "version": 1} == engine.lanes(pilot)
    assert 2 == engine.fire(pilot, "talk", actor=LEAD).pilot.version


def test_words_that_temporal_cannot_write_fail_no_task(engine: TemporalEngine) -> None:
    """A trigger or field with a lone surrogate is refused at the first time, and the pilot goes on."""
    pilot = engine.start("talks", actor=LEAD, data=DATA).pilot.id
    for trigger, data in (("\ud800", None), ("talk", {"\ud800": "x"}), ("talk", {"text": "\ud800"})):
        with pytest.raises(Refused):
            engine.fire(pilot, trigger, actor=LEAD, data=data)
    assert 2 == engine.fire(pilot, "talk", actor=LEAD).pilot.version


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("connect", "127.0.0.1:7233"),
        ("rules", [FLOW]),
        ("time", 5),
        ("offset", 3600),
        ("seconds", "10"),
        ("subscribers", "desk"),
        ("subscribers", 5),
        ("subscribers", [5]),
    ],
)
def test_what_an_engine_cannot_be_made_of_is_named(argument: str, value: object) -> None:
    """A wrong part is told before anything is connected to, the name of one subscriber for several included."""

    async def connect() -> None:
        raise AssertionError("nobody asked for it")

    with pytest.raises(BadArgument) as caught:
        TemporalEngine(**{"connect": connect, argument: value})  # type: ignore[arg-type]  # the point
    assert argument == caught.value.argument
