"""`began` and `ended`: a hook that wants to know when a call of the engine begins, and how it is over."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proeftuin import BadArgument, Command, Conflict, Fire, Reentered, Refused, Result, UnknownPilot
from proeftuin.framing import FramedWriter
from proeftuin.spi import Began, Committed, Conflicted, Ended, RefusedCommand
from proeftuin.storage import open_store
from tests.unit.engines import LEAD, engine, sqlite_url, start
from tests.unit.test_engine_races import Losing
from tests.unit.test_hooks_poison import hook


class Framing:
    """A hook that keeps what it is told, in order."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def began(self, moment: Began) -> None:
        self.told.append(moment)

    def ended(self, moment: Ended) -> None:
        self.told.append(moment)

    def committed(self, moment: Committed) -> None:
        self.told.append("committed")

    def refused(self, moment: RefusedCommand) -> None:
        self.told.append("refused")

    def conflicted(self, moment: Conflicted) -> None:
        self.told.append("conflicted")

    def last(self) -> tuple[Any, list[Any], Any]:
        """What was told of the call that ended last: its beginning, what lay in between, its end."""
        began, *between, ended = self.told
        self.told.clear()
        assert ended.began is began
        return began, between, ended


def test_each_call_is_told_around_all_else_of_it() -> None:
    """A call begins before and ends after everything that is told of it, with what it gave back."""
    heard = Framing()
    on = engine(hooks=[heard])
    pilot = start(on)
    began, between, ended = heard.last()
    assert (Began("start", "default", None, "start", LEAD), ["committed"]) == (began, between)
    assert (pilot, None) == (ended.result.pilot.id, ended.error)
    result = on.fire(pilot, "talk", actor=LEAD)
    assert (Began("fire", "default", pilot, "talk", LEAD), ["committed"], result) == (
        *(told := heard.last())[:2],
        told[2].result,
    )
    result = on.batch(pilot, [Command("note", {"text": "a"}), Command("note", {"text": "b"})], actor=LEAD)
    began, between, ended = heard.last()
    assert (Began("batch", "default", pilot, "note", LEAD), ["committed"], result) == (began, between, ended.result)


def test_a_call_that_raises_is_told_with_its_error() -> None:
    """A refusal, a pilot that there is not and a wrong argument are told as what is raised to the caller."""
    heard = Framing()
    on = engine(hooks=[heard])
    pilot = start(on)
    calls: list[tuple[Callable[[], object], type[Exception], list[str]]] = [
        (lambda: on.fire(pilot, "finish", actor=LEAD), Refused, ["refused"]),
        (lambda: on.fire("nobody", "talk", actor=LEAD), UnknownPilot, []),
        (lambda: on.fire(pilot, "talk", actor=LEAD, key=""), BadArgument, []),
        (lambda: on.fire(pilot, "talk", actor=LEAD, expect=7), Conflict, ["conflicted"]),
    ]
    for call, kind, expected in calls:
        heard.told.clear()
        with pytest.raises(kind) as raised:
            call()
        _, between, ended = heard.last()
        assert (expected, None, raised.value) == (between, ended.result, ended.error)


def test_a_lost_race_is_inside_the_call_that_won_in_the_end() -> None:
    """However often a command is decided anew, its call begins and ends once."""
    heard = Framing()
    store = Losing(open_store("memory://"), 0)
    on = engine(store, hooks=[heard])
    pilot = start(on)
    heard.told.clear()
    store.times = 2
    result = on.fire(pilot, "talk", actor=LEAD)
    _, between, ended = heard.last()
    assert (["conflicted", "conflicted", "committed"], result) == (between, ended.result)


def test_many_commands_and_a_tick_are_one_call_each() -> None:
    """`fire_many` and `tick` begin and end once, with all that they gave back."""
    heard = Framing()
    on = engine(hooks=[heard]).for_tenant("other")
    pilot = start(on)
    heard.told.clear()
    answers = on.fire_many([Fire(pilot, "talk", LEAD), Fire(pilot, "finish", LEAD)])
    began, between, ended = heard.last()
    assert (Began("fire_many", "other"), ["committed", "refused"], answers) == (began, between, ended.result)
    work = on.tick()
    began, _, ended = heard.last()
    assert (Began("tick", "other"), work) == (began, ended.result)


def test_inside_the_hosts_transaction_a_call_ends_before_the_commit(tmp_path: Path) -> None:
    """With `using` a call is over before anything is committed, so `committed` comes after `ended`."""
    heard, waiting = Framing(), list[Callable[[], None]]()
    with engine(sqlite_url(tmp_path), hooks=[heard]) as on:
        pilot = start(on)
        heard.told.clear()
        connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        on.using(connection, on_commit=waiting.append).fire(pilot, "talk", actor=LEAD)
        connection.commit()
        connection.close()
        _, between, ended = heard.last()
        assert ([], "talking") == (between, ended.result.pilot.state)
        for tell in waiting:
            tell()
        assert ["committed"] == heard.told


@pytest.mark.parametrize("method", ["began", "ended"])
@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
def test_what_such_a_hook_raises_is_only_logged(
    method: str, error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """The command goes on, the other hooks are called, and the caller gets what it would have got."""

    def fail(_: object) -> None:
        raise error

    heard = Framing()
    on = engine(hooks=[hook(**{method: fail}), heard])
    with caplog.at_level(logging.WARNING, "proeftuin"):
        assert isinstance(on.fire(start(on), "talk", actor=LEAD), Result)
        with pytest.raises(UnknownPilot):
            on.fire("nobody", "talk", actor=LEAD)
    assert 3 == sum(isinstance(one, Ended) for one in heard.told)
    assert [(method, error.__name__)] * 3 == [(vars(one)["moment"], vars(one)["error"]) for one in caplog.records]


@pytest.mark.parametrize("method", ["began", "ended"])
def test_an_interrupt_in_such_a_hook_is_raised_and_the_end_is_told(method: str) -> None:
    """An interrupt comes through, and what began has ended for every hook that was told of it."""

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    heard = Framing()
    on = engine(hooks=[heard, hook(**{method: interrupt})])
    with pytest.raises(KeyboardInterrupt):
        start(on)
    assert [Began, Ended] == [type(one) for one in heard.told if one != "committed"]


@pytest.mark.parametrize("method", ["began", "ended"])
def test_such_a_hook_may_look_and_not_write(method: str) -> None:
    """Firing from it, which would never end, is refused; a question is answered."""
    seen: list[object] = []

    def write(_: object) -> None:
        seen.append(len(on.find().items))
        with pytest.raises(Reentered) as no:
            start(on)
        seen.append(no.value.where)

    on = engine(hooks=[hook(**{method: write})])
    start(on)
    assert [0 if method == "began" else 1, f"{'a' if method == 'began' else 'an'} `{method}` hook"] == seen


def test_who_does_not_listen_pays_nothing() -> None:
    """An engine without such a hook carries commands out as if there were none, and one with it does not."""
    assert FramedWriter is not type(engine(hooks=[hook(committed=print)])._writer)
    assert FramedWriter is type(engine(hooks=[Framing()]).for_tenant("other")._writer)
