"""Many commands on a store that takes commits as they are made: when a chunk is streamed, and when it is not."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from proeftuin import BadArgument, Blocker, Conflict, Fire, Refused, Result, UnknownPilot
from proeftuin.spi import Before, Commit, Recorded
from proeftuin.storage.memory import MemoryStore
from tests.unit.engines import BOARD, LEAD, engine, everything, start
from tests.unit.test_engine_guards import guarded
from tests.unit.test_engine_many import closed, kinds, note, place
from tests.unit.ticking import Play

ASKED = frozenset({"load", "load_many", "history", "receipt", "personal", "get_workflow", "put_workflow"})


class Streaming(MemoryStore):
    """A store that notes how it was written, and may not be asked anything while commits are being made."""

    def __init__(self, lost: int = 0) -> None:
        self.making = False
        self.lost = lost
        self.writes: list[str] = []
        super().__init__()

    def __getattribute__(self, name: str) -> Any:
        assert name not in ASKED or not self.making
        return super().__getattribute__(name)

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        self.writes.append("append")
        super().append(*commits, recorded=recorded)

    def append_each(self, commits: Iterator[Commit], *, recorded: Callable[[object], None] | None = None) -> None:
        self.making = True
        made = [*commits]
        self.making = False
        if self.lost:
            self.lost -= 1
            raise Conflict(made[0].pilot_id, made[0].expected, made[0].expected + 1)
        super().append_each(iter(made), recorded=recorded)
        self.writes[-1] = "stream"


def test_what_needs_nobody_is_streamed() -> None:
    """Commands on several pilots, in any order, go as one stream, and each has its answer in its place."""
    store = Streaming()
    on = engine(store)
    names = [start(on, id=name) for name in ("c", "a", "b")]
    store.writes.clear()
    wrong = (Fire("b", "finish", BOARD), note("nobody"), note("a", expect=9))
    answers = on.fire_many([*map(note, names), *wrong, *(note(name, key="k") for name in names)])
    assert [*[Result] * 3, Refused, UnknownPilot, Conflict, *[Result] * 3] == kinds(answers)
    assert names == [one.pilot.id for one in answers[:3] if isinstance(one, Result)]
    assert ["stream"] == store.writes
    assert [3, 3, 3] == [on.get(name).version for name in names]
    assert () == on.verify()


def test_a_stream_that_lost_a_race_is_decided_anew() -> None:
    """Who loses decides the chunk again, and after five times each command is carried out by itself."""
    for lost, writes in ((4, ["stream"]), (5, ["append", "append"])):
        store = Streaming()
        on = engine(store)
        names = [start(on), start(on)]
        store.writes.clear()
        store.lost = lost
        assert [Result, Result] == kinds(on.fire_many(map(note, names)))
        assert writes == store.writes
        assert () == on.verify()


class Silent:
    """A hook that has nothing to say before anything."""

    def before(self, moment: Before) -> Blocker | None:
        """See `proeftuin.spi.HookBefore`."""


def test_what_the_host_is_asked_is_no_stream() -> None:
    """Where a hook may veto, or a guard is the host's, a chunk is decided before a transaction is open."""
    hooked = Streaming()
    on = engine(hooked, hooks=[Silent()])
    assert [Result] == kinds(on.fire_many([note(start(on))]))
    asked = Streaming()
    made, pilot = guarded(lambda _: None, store=asked)
    assert [Result] == kinds(made.fire_many([note(pilot)]))
    assert ["append", "append"] == hooked.writes == asked.writes


class Asking:
    """A calendar of the host that looks its days up."""

    fingerprint = "asks"

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    def works(self, day: date) -> bool:
        self.store.load("default", "days off")
        return day.weekday() < 5


def test_what_a_calendar_of_the_host_counts_is_no_stream() -> None:
    """Where terms are counted on a calendar of the host, that is asked before a transaction is open."""
    store = Streaming()
    play = Play(store, calendar=Asking(store))
    names = [play.start() for _ in range(2)]
    assert [Result] * 2 == kinds(play.engine.fire_many([Fire(name, "talk", LEAD) for name in names]))
    assert "append" == store.writes[-1]
    own = Play(store, ids=play.ids)
    names = [own.start() for _ in range(2)]
    assert [Result] * 2 == kinds(own.engine.fire_many([Fire(name, "talk", LEAD) for name in names]))
    assert "stream" == store.writes[-1]


@pytest.mark.parametrize("what", ["participant", "follow-up", "repeat", "unread"])
def test_what_the_store_is_asked_is_no_stream(what: str) -> None:
    """Where a participant is named, a pilot begun, a key used or a workflow unread, a chunk is written whole."""
    store = Streaming()
    on = engine(store)
    pilot, other = closed(on), start(on)
    on.fire(other, "note", actor=LEAD, data={"text": "x"}, key="used")
    store.writes.clear()
    if what == "unread":
        on = engine(store)
    commands = {
        "participant": place(other),
        "follow-up": Fire(pilot, "follow", LEAD, {"title": "Next"}),
        "repeat": note(other, key="used"),
        "unread": note(other),
    }
    on.fire_many([note(pilot), commands[what], note(other)])
    assert ["append"] == store.writes
    on.fire_many([note(pilot)])
    assert ["append", "stream"] == store.writes
    assert () == on.verify()


@pytest.mark.parametrize(("hooks", "write"), [([], "stream"), ([Silent()], "append")])
def test_what_no_store_keeps_is_told_in_its_place(
    monkeypatch: pytest.MonkeyPatch, hooks: list[Any], write: str
) -> None:
    """A pilot that would grow larger than a store keeps is told so, and what is on the others is carried out."""
    monkeypatch.setattr("proeftuin.spi.checks.MAX_BODY", 4000)
    store = Streaming()
    on = engine(store, hooks=hooks)
    names = [start(on) for _ in range(3)]
    assert [Result] * 3 == kinds(on.fire_many(map(note, names)))
    assert write == store.writes[-1]
    with pytest.raises(BadArgument) as alone:
        on.fire(names[1], "note", actor=LEAD, data={"text": "x" * 5000})
    answers = on.fire_many([note(names[0]), note(names[1], "x" * 5000), note(names[1]), note(names[2])])
    assert [Result, BadArgument, Result, Result] == kinds(answers)
    assert str(alone.value) == str(answers[1])
    assert [3, 3, 3] == [on.get(name).version for name in names]
    assert () == on.verify()


class Once:
    """A hook that is told of what was written, and undoes it the first time."""

    def __init__(self, error: Exception) -> None:
        self.told: list[str] = []
        self.error = error
        self.fails = True

    def recorded(self, moment: Recorded) -> None:
        self.told.append(moment.pilot.id)
        if self.fails and len(self.told) == 2:
            self.fails = False
            raise self.error


@pytest.mark.parametrize("error", [RuntimeError(), BadArgument("of", "a hook")])
def test_a_hook_is_told_of_all_that_was_streamed_and_may_undo_it(error: Exception) -> None:
    """A `recorded` hook is called for each pilot of a stream, and what it raises undoes the whole of it."""
    store, hook = Streaming(), Once(error)
    names = [start(engine(store), id=name) for name in "abc"]
    on = engine(store, hooks=[hook])
    on.get(names[0])
    before = everything(store)
    with pytest.raises(type(error)) as raised:
        on.fire_many(map(note, names))
    assert raised.value is error
    assert before == everything(store)
    hook.told.clear()
    assert [Result] * 3 == kinds(on.fire_many(map(note, names)))
    assert names == hook.told
    assert "stream" == store.writes[-1]
