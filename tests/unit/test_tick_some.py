"""tick on some pilots alone: those that are named, on any store."""

from datetime import UTC, datetime, timedelta

import pytest

from proeftuin import Actor, BadArgument, Engine
from proeftuin.result import Work
from proeftuin.scenario import ScenarioTime
from proeftuin.spi import Store
from proeftuin.storage import open_store

LEAD = Actor("lead-1", roles={"coordinator"})
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Plain:
    """A store that offers nothing beyond what every store has to."""

    def __init__(self) -> None:
        held = open_store("memory://")
        for name in dir(Store):
            if not name.startswith("_"):
                setattr(self, name, getattr(held, name))


def begun(engine: Engine, *names: str) -> None:
    for name in names:
        engine.start("existing-contract", actor=LEAD, data={"title": name, "organisation": "UU"}, id=name)


def test_only_the_pilots_that_are_named() -> None:
    """Of three pilots on which something is due, the two that are named are looked at; once."""
    time = ScenarioTime(BEGAN)
    with Engine.open("memory://", time=time) as engine:
        begun(engine, "one", "two", "three")
        time.moment += timedelta(days=8)
        assert Work(2, 0, more=False) == engine.tick(pilots=["one", "two"])
        assert Work(0, 0, more=False) == engine.tick(pilots=["one", "two"])
        assert [2, 2, 1] == [engine.get(name).version for name in ("one", "two", "three")]
        assert Work(1, 0, more=False) == engine.tick(pilots="three")


def test_a_limit_and_a_stranger() -> None:
    """A limit counts the pilots that are named; one that is not there is a failure, and stops nobody else."""
    time = ScenarioTime(BEGAN)
    with Engine.open("memory://", time=time) as engine:
        begun(engine, "one", "two")
        time.moment += timedelta(days=8)
        assert Work(1, 0, more=True) == engine.tick(1, pilots=["one", "two"])
        assert Work(1, 1, more=False) == engine.tick(pilots=["none", "two"])


def test_names_are_checked() -> None:
    """What is no name of a pilot is an error of the caller."""
    with Engine.open("memory://") as engine, pytest.raises(BadArgument, match="pilots"):
        engine.tick(pilots=[""])
    with Engine.open("memory://") as engine, pytest.raises(BadArgument, match="pilots"):
        engine.tick(pilots=7)  # type: ignore[arg-type]  # what a caller without mypy may give


def test_a_store_that_does_not_know_what_is_due() -> None:
    """Named pilots are looked at on any store; all of them only on one that knows which are due."""
    time = ScenarioTime(BEGAN)
    with Engine(Plain(), time=time) as engine:  # type: ignore[arg-type]  # its methods are set one by one
        begun(engine, "one")
        time.moment += timedelta(days=7)
        assert Work(0, 0, more=False) == engine.tick(pilots="one")
        time.moment += timedelta(days=1)
        assert Work(1, 0, more=False) == engine.tick(pilots="one")
        with pytest.raises(BadArgument, match="does not know what is due"):
            engine.tick()
