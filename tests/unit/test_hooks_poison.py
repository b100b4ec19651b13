"""Hooks that misbehave, each beside a good one: what comes of the command, and that the good one is called."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Engine, Reentered
from proeftuin.spi import Before, Committed, Recorded
from tests.unit.engines import LEAD, REF, engine, everything, sqlite_url, start
from tests.unit.test_hooks import Telling


class Silent(BaseException):
    """What no hook is expected to raise."""


def hook(**methods: Callable[[Any], Any]) -> Any:
    """A hook with these methods."""
    return type("Hook", (), {name: staticmethod(call) for name, call in methods.items()})()


def raising(error: type[BaseException], when: str = "talk") -> Callable[[Any], None]:
    def call(moment: Any) -> None:
        if moment.events[0].trigger == when:
            raise error(REF)

    return call


def same_everywhere(on: Engine, pilot: str) -> None:
    """What is in memory is what is stored, and the history makes it."""
    cached, stored = on.get(pilot), engine(on._store).get(pilot)
    assert stored == cached
    assert () == on.verify()


EXITS = [RuntimeError, SystemExit, KeyboardInterrupt, GeneratorExit, MemoryError, Silent]


@pytest.mark.parametrize("error", EXITS)
@pytest.mark.parametrize("method", ["before", "recorded"])
@pytest.mark.parametrize("url", ["memory", "sqlite"])
def test_whatever_is_raised_before_the_commit_undoes_it(
    error: type[BaseException], method: str, url: str, tmp_path: Path
) -> None:
    """It comes through as it is, nothing is written or remembered, and the same command can be given again."""
    good, bad = Telling(), hook(**{method: raising(error)})
    with engine("memory://" if url == "memory" else sqlite_url(tmp_path), hooks=[good, bad]) as on:
        pilot = start(on)
        good.log.clear()
        stored = everything(on._store)
        with pytest.raises(error):
            on.fire(pilot, "talk", actor=LEAD)
        assert ("open", stored) == (on.get(pilot).state, everything(on._store))
        assert method == good.log[-1]
        same_everywhere(on, pilot)
        assert on.fire(pilot, "note", actor=LEAD, data={"text": "and on"}).pilot.version == 2


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, MemoryError, RecursionError])
def test_an_error_after_the_commit_is_logged_and_breaks_nothing(
    error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """The command stands, the good hook is called, and one record tells the type alone."""
    good = Telling()
    on = engine(hooks=[hook(committed=raising(error)), good])
    pilot = start(on)
    good.log.clear()
    with caplog.at_level(logging.WARNING):
        assert "talking" == on.fire(pilot, "talk", actor=LEAD).pilot.state
    assert "committed" == good.log[-1]
    assert [("committed", error.__name__)] == [(vars(one)["moment"], vars(one)["error"]) for one in caplog.records]
    assert REF not in caplog.text
    same_everywhere(on, pilot)


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit, Silent])
def test_an_interrupt_after_the_commit_comes_when_all_were_told(error: type[BaseException]) -> None:
    """What asks for the end is not swallowed, the good hook is called first, and what was committed is known."""
    good = Telling()
    on = engine(hooks=[hook(committed=raising(error)), good])
    pilot = start(on)
    good.log.clear()
    with pytest.raises(error):
        on.fire(pilot, "talk", actor=LEAD)
    assert ("committed", "talking") == (good.log[-1], on.get(pilot).state)
    same_everywhere(on, pilot)


@pytest.mark.parametrize("method", ["before", "recorded", "committed"])
def test_a_hook_cannot_change_what_it_is_told(method: str) -> None:
    """What it is given refuses, and the good hook behind it sees what happened."""

    def mutate(moment: Before | Recorded | Committed) -> None:
        for where, name in ((moment, "pilot"), (moment.events[0], "data"), (moment.pilot, "state")):
            with pytest.raises(AttributeError):
                setattr(where, name, "changed")
        with pytest.raises(TypeError):
            moment.events[0].data["to"] = "closed"

    good = Telling()
    on = engine(hooks=[hook(**{method: mutate}), good])
    pilot = start(on)
    result = on.fire(pilot, "talk", actor=LEAD)
    assert {"talking"} == {one.events[0].data["to"] for one in good.moments[-3:]}
    assert "talking" == result.pilot.state
    same_everywhere(on, pilot)


@pytest.mark.parametrize("method", ["before", "recorded"])
def test_writing_before_the_commit_undoes_nothing_else(method: str) -> None:
    """A hook that fires and does not catch its refusal fails the command, and nothing of either is written."""

    def write(moment: Any) -> None:
        if moment.events[0].trigger == "talk":
            on.fire(moment.pilot.id, "note", actor=LEAD, data={"text": "too soon"})

    on = engine(hooks=[hook(**{method: write})])
    pilot = start(on)
    stored = everything(on._store)
    with pytest.raises(Reentered):
        on.fire(pilot, "talk", actor=LEAD)
    assert stored == everything(on._store)
    same_everywhere(on, pilot)


def test_a_transaction_of_the_hooks_own_cannot_write_beside_ours(tmp_path: Path) -> None:
    """On a file, another connection is refused while ours writes; its error undoes the command, and both go on."""
    path = tmp_path / "pilots.db"

    def book(moment: Recorded) -> None:
        if moment.events[0].trigger == "talk":
            own = sqlite3.connect(path, timeout=0)
            try:
                own.execute("CREATE TABLE bookings (pilot TEXT)")
            finally:
                own.close()

    with engine(sqlite_url(tmp_path), hooks=[hook(recorded=book)]) as on:
        pilot = start(on)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            on.fire(pilot, "talk", actor=LEAD)
        assert "open" == on.get(pilot).state
        on.fire(pilot, "note", actor=LEAD, data={"text": "and on"})
        same_everywhere(on, pilot)


def test_a_hook_that_floods_comes_to_an_end(caplog: pytest.LogCaptureFixture) -> None:
    """One that fires at each commit runs out of stack, which is logged; what it committed until then is whole."""

    def flood(moment: Committed) -> None:
        on.fire(moment.pilot.id, "note", actor=LEAD, data={"text": "again"})

    good = Telling()
    on = engine(hooks=[hook(committed=flood), good])
    with caplog.at_level(logging.WARNING):
        pilot = start(on)
    assert {"RecursionError"} == {vars(one)["error"] for one in caplog.records if one.getMessage() == "hook-failed"}
    written, told = on.get(pilot).version, good.log.count("committed")
    assert (True, True) == (written > 10, 0 <= written - told <= 1)  # the deepest had no stack left to be told
    same_everywhere(on, pilot)


def test_a_hook_that_prints_without_end_is_not_in_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    """Megabytes of output are the business of who reads them."""

    def chatter(moment: Committed) -> None:
        for _ in range(10):
            print("x" * 2**20)  # noqa: T201  # the point

    good = Telling()
    on = engine(hooks=[hook(committed=chatter), good])
    start(on)
    assert ("committed", 10 * (2**20 + 1)) == (good.log[-1], len(capsys.readouterr().out))
