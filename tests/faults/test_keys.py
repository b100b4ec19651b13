"""Idempotency keys when it matters: fifty at once, and after an answer that never came."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from attrs import define

from proeftuin import Engine, KeyReused, Result
from proeftuin.core.structs import replace
from proeftuin.errors import OutcomeUnknown
from tests.domain.life import Clock, person
from tests.faults.conftest import KINDS, SERVERS
from tests.faults.losing import wired
from tests.faults.statements import heard
from tests.faults.watching import Watch
from tests.stores import spying

LEAD = person("coordinator")
DATA = {"title": "Catering", "organisation": "DJI"}
AT_ONCE = 50
ALL = ("memory", *KINDS)


@pytest.fixture
def engines(url: str) -> Iterator[tuple[Engine, Engine]]:
    """Two clients of one store, each with what it remembers of its own; in memory one that is both."""
    with ExitStack() as stack:
        first = stack.enter_context(Engine.open(url, time=Clock()))
        yield first, first if url == "memory://" else stack.enter_context(Engine.open(url, time=Clock()))


def at_once(engines: tuple[Engine, Engine], act: Callable[[Engine, int], Result]) -> list[Result | KeyReused]:
    """What so many calls give that all begin at the same moment, half of them on each engine."""
    gate, told = threading.Barrier(AT_ONCE), list[Result | KeyReused]()

    def call(number: int) -> None:
        gate.wait()
        try:
            told.append(act(engines[number % 2], number))
        except KeyReused as error:
            told.append(error)

    threads = [threading.Thread(target=call, args=(number,), daemon=True) for number in range(AT_ONCE)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert AT_ONCE == len(told)
    return told


def lesson(engine: Engine, text: str, key: str | None = "key") -> Result:
    return engine.fire("p1", "add_lesson", actor=LEAD, data={"text": text}, key=key)


def begun(engine: Engine, key: str | None = None) -> Result:
    return engine.start("existing-contract", actor=LEAD, data=DATA, id="p1", key=key)


def first(told: list[Result | KeyReused]) -> Result:
    """The result that all of them got, and one as the first."""
    results = [one for one in told if isinstance(one, Result)]
    assert 1 == sum(not one.duplicate for one in results)
    plain = [replace(one, duplicate=False) for one in results]
    assert plain[:1] * len(plain) == plain
    return plain[0]


@pytest.mark.parametrize("kind", ALL)
def test_fifty_with_one_key_act_once(engines: tuple[Engine, Engine]) -> None:
    """Fifty equal commands at once under one key make one event, and all get the same answer."""
    begun(engines[0])
    told = at_once(engines, lambda engine, number: lesson(engine, "Start early"))
    assert AT_ONCE == sum(isinstance(one, Result) for one in told)
    assert [2] == [event.version for event in first(told).events]
    assert ["Start early"] == [one.data["text"] for one in engines[1].get("p1").records("lesson")]
    assert () == engines[0].verify()


@pytest.mark.parametrize("kind", ALL)
def test_fifty_with_one_key_begin_one_pilot(engines: tuple[Engine, Engine]) -> None:
    """Fifty equal starts at once under one key begin one pilot, whose id all get."""
    told = at_once(
        engines, lambda engine, number: engine.start("existing-contract", actor=LEAD, data=DATA, key="key", ref="R 1")
    )
    assert AT_ONCE == sum(isinstance(one, Result) for one in told)
    assert [first(told).pilot.id] == [one.id for one in engines[1].each()]


@pytest.mark.parametrize("kind", ALL)
def test_one_key_for_two_commands_serves_the_first(engines: tuple[Engine, Engine]) -> None:
    """Of two commands that use one key fifty times at once one acts, once, and the other is told each time."""
    begun(engines[0])
    told = at_once(engines, lambda engine, number: lesson(engine, f"Lesson {number % 5}"))
    assert (AT_ONCE * 4 / 5) == sum(isinstance(one, KeyReused) for one in told)
    kept = first(told).events[0].data
    assert 1 == len(engines[1].get("p1").records("lesson"))
    assert "Lesson" in str(kept)


@define
class Case:
    """An engine whose connection breaks at a COMMIT, once it is told to."""

    engine: Engine
    break_down: Callable[[], None]


def commits(statement: str) -> bool:
    """Whether a statement decides an append."""
    return statement.startswith(("COMMIT", "WITH"))


@pytest.fixture(params=["done", "not done"])
def broken(request: pytest.FixtureRequest, kind: str, url: str, watch: Watch) -> Iterator[Case]:
    """An engine that loses its connection at the next COMMIT, which the server has done or not."""
    done, armed, mine = request.param == "done", list[bool](), watch.sessions()
    with ExitStack() as stack:
        if kind == "sqlite":
            stack.enter_context(spying())
        elif done:
            url, wire = stack.enter_context(wired(url))
        engine = stack.enter_context(Engine.open(url, time=Clock()))

        def strike(statement: str, after: bool) -> None:  # noqa: FBT001  # the listener's own signature
            if not armed or not commits(statement) or after is not (done and kind == "sqlite"):
                return
            armed.clear()
            if kind == "sqlite":
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
                raise error
            if done:
                wire.lose()
            else:
                for session in watch.sessions() - mine:
                    watch.end(session)

        stack.enter_context(heard(strike))
        yield Case(engine, lambda: armed.append(True))
        assert [] == armed


def was_done(request: pytest.FixtureRequest) -> bool:
    return "not" not in request.node.callspec.params["broken"]


def test_a_command_of_unknown_outcome_is_settled_by_its_key(broken: Case, request: pytest.FixtureRequest) -> None:
    """When the connection breaks at COMMIT that is told, and the same key then acts once, whether it was done or no."""
    engine = broken.engine
    begun(engine)
    broken.break_down()
    with pytest.raises(OutcomeUnknown, match="same key"):
        lesson(engine, "Start early")
    again = lesson(engine, "Start early")
    assert (was_done(request), 2) == (again.duplicate, again.pilot.version)
    with pytest.raises(KeyReused):
        lesson(engine, "Start late")
    assert ["Start early"] == [one.data["text"] for one in engine.get("p1").records("lesson")]
    assert () == engine.verify()


def test_a_start_of_unknown_outcome_is_settled_by_its_key(broken: Case, request: pytest.FixtureRequest) -> None:
    """When the connection breaks as a pilot begins, the same key begins it once."""
    engine = broken.engine
    engine.start("existing-contract", actor=LEAD, data=DATA, id="p0")  # the workflow is kept in a commit of its own
    broken.break_down()
    with pytest.raises(OutcomeUnknown, match="same key"):
        begun(engine, "key")
    again = begun(engine, "key")
    assert (was_done(request), 1) == (again.duplicate, again.pilot.version)
    assert ["p0", "p1"] == [one.id for one in engine.each()]
    assert () == engine.verify()


def test_a_command_of_unknown_outcome_is_not_tried_again(broken: Case, request: pytest.FixtureRequest) -> None:
    """The engine tries nothing again by itself: without a key the command is there if it was done, and else not."""
    begun(broken.engine)
    broken.break_down()
    with pytest.raises(OutcomeUnknown):
        lesson(broken.engine, "Start early", key=None)
    assert int(was_done(request)) == len(broken.engine.get("p1").records("lesson"))


@pytest.mark.parametrize("kind", SERVERS)
def test_connections_that_broke_while_idle_are_replaced(url: str, watch: Watch) -> None:
    """When the server has ended all idle connections, the next command goes through as if nothing had been."""
    with Engine.open(url, time=Clock()) as engine:
        begun(engine)
        for session in watch.sessions():
            watch.end(session)
        assert 2 == lesson(engine, "Start early").pilot.version
