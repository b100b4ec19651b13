import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Blocker, Command, CorruptStore, Event, Fault, Option, Pilot, errors, wire
from proeftuin.core.frozen import FrozenDict
from proeftuin.definitions import scenario_folder
from proeftuin.engine import Engine, Result
from proeftuin.scenario import Player, load_scenario
from proeftuin.spi import Commit, Personal
from proeftuin.storage import open_store

LEAD = Actor("lead-1", roles={"coordinator", "hr"}, party="anna")
BLOCKER = Blocker("too-soon", {"day": "2026-01-02", "list": ["a", {"b": 1}]}, "anna", command=1, texts={"en": "Wait."})
ERRORS = (
    errors.Refused("p1", "talk", [BLOCKER]),
    errors.UnknownPilot("p1"),
    errors.PilotExists("p1", "ref-1"),
    errors.UnknownWorkflow("nothing", ["talks"]),
    errors.WorkflowChanged("talks@1", "a" * 64, "b" * 64),
    errors.DefinitionError([Fault("x", "y", ("edges", 3))]),
    errors.ScenarioError("a.yaml", 3, "x"),
    errors.BadArgument("data", "must be a mapping"),
    errors.Conflict("p1", 3, 4),
    errors.KeyReused("p1", "k"),
    errors.Reentered("a guard"),
    errors.StoreError("x"),
    errors.StoreUnavailable("x"),
    errors.StoreBusy("x"),
    errors.OutcomeUnknown("x"),
    errors.StoreFull("x"),
    errors.SchemaTooNew("x"),
    errors.SchemaTooOld("x"),
    errors.CorruptStore("x"),
)


def through_json(value: object) -> Any:
    return json.loads(json.dumps(wire.plain(value)))


def test_what_the_engine_gives_comes_back_as_it_was() -> None:
    """Pilots, events, options and results of a scenario come back equal and frozen, from JSON and from few bytes."""
    scenario = load_scenario(scenario_folder() / "stalled.yaml")
    player = Player(scenario, lambda **options: Engine.open("memory://", **options))
    with player.engine as engine:
        results = [one.came.result for one in player.run() if one.came.result is not None]
        pilot = player.pilots[0]
        told = (*results, engine.get(pilot), *engine.history(pilot), *engine.options(pilot, actor=LEAD, all=True))
    assert {Result, Pilot, Event, Option} == set(map(type, told))
    for value in told:
        assert value == (again := wire.read(type(value), through_json(value)))
        assert value == (packed := wire.unpack(type(value), wire.pack(value)))
        assert hash(value) == hash(again) == hash(packed)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_an_error_comes_back_as_it_was(error: errors.ProeftuinError) -> None:
    """Each error comes back from JSON with its type, its words and its data."""
    again = wire.read_error(json.loads(json.dumps(wire.plain_error(error))))
    assert (type(error), str(error), error.__dict__) == (type(again), str(again), again.__dict__)


def test_every_error_is_tried() -> None:
    """No error that the library raises is missing above."""
    there = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ProeftuinError)}
    assert there - {errors.ProeftuinError} == set(map(type, ERRORS))


def test_an_error_of_somebody_else_keeps_its_words() -> None:
    """An error that another library derived from ours comes as a `StoreError` with its words."""

    class Odd(errors.ProeftuinError):
        code = "odd"

    again = wire.read_error(wire.plain_error(Odd("the moon is full")))
    assert (errors.StoreError, "the moon is full") == (type(again), str(again))


def test_a_command_is_checked_before_it_is_sent() -> None:
    """Data that the engine would not take is refused as it would refuse it, and dates and decimals become text."""
    data = {"day": date(2026, 1, 2), "hours": Decimal("1.50"), "list": [1, None, True]}
    plain = wire.plain_command("talk", data, "anna", "2026-01-03")
    expected = Command(
        "talk", FrozenDict(day="2026-01-02", hours="1.50", list=(1, None, True)), "anna", date(2026, 1, 3)
    )
    assert expected == wire.read(Command, json.loads(json.dumps(plain)))
    for wrong in (1.5, b"x", datetime(2026, 1, 2, tzinfo=UTC), {1, 2}):
        with pytest.raises(BadArgument):
            wire.plain_command("talk", {"field": wrong})


def test_a_batch_a_moment_and_a_name_are_checked_before_they_are_sent() -> None:
    """What the engine takes goes out as plain data, and what it would not take is refused as it would refuse it."""
    assert [wire.plain_command("talk"), wire.plain_command("note", {"text": "x"})] == wire.plain_batch(
        (Command("talk"), Command("note", FrozenDict(text="x")))
    )
    west = timezone(timedelta(hours=-2))
    assert "2026-01-02T03:00:00+00:00" == wire.plain_moment("at", datetime(2026, 1, 2, 1, tzinfo=west))
    assert ("p 1", 0) == (wire.plain_name("pilot_id", "p 1"), wire.plain_count("after", 0))
    for call in (
        lambda: wire.plain_batch(5),  # type: ignore[arg-type]  # the point
        lambda: wire.plain_batch(["talk"]),  # type: ignore[list-item]  # the point
        lambda: wire.plain_moment("at", "2026-01-02"),
        lambda: wire.plain_name("pilot_id", ""),
        lambda: wire.plain_count("after", -1),
    ):
        with pytest.raises(BadArgument):
            call()


def test_an_actor_is_checked_before_it_is_sent() -> None:
    """Whom the engine would not take is refused, and an actor comes back with the same roles."""
    assert wire.read(Actor, json.loads(json.dumps(wire.plain_actor(LEAD)))) == LEAD
    with pytest.raises(BadArgument, match="system"):
        wire.plain_actor(Actor("system", roles=[]))


def test_what_is_no_such_value_is_told() -> None:
    """Plain data of another shape is refused in words, and not half read."""
    with pytest.raises(CorruptStore, match="Event"):
        wire.read(Event, {"pilot_id": 3})
    for body in (b"", b"x", wire.pack("x"), wire.pack(LEAD)[:-3]):
        with pytest.raises(CorruptStore, match="Event"):
            wire.unpack(Event, body)


def test_what_a_store_is_given_can_be_packed() -> None:
    """A commit comes back equal, with its bytes, instants and heads."""
    store = open_store("memory://")
    with Engine(store) as engine:
        started = engine.start("existing-contract", actor=LEAD, data={"title": "x", "organisation": "y"}, key="k")
        name = started.pilot.id
        entries, loaded = tuple(store.history("default", name)), store.load("default", name)
        assert loaded is not None
        assert loaded.head is not None
        held = Personal("s1", "ref", b"\0\xff")
        commit = Commit("default", name, 0, entries, loaded.head, tuple(store.receipts("default", name)), (held,))
    assert commit == wire.unpack(Commit, wire.pack(commit))
