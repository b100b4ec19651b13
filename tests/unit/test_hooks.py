import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from proeftuin import BadArgument, Blocker, Conflict, Engine, Reentered, Refused
from proeftuin.core.frozen import FrozenDict
from proeftuin.hooks import MOMENTS, Hooks
from proeftuin.spi import Before, Committed, Conflicted, Recorded, RefusedCommand
from proeftuin.storage import open_store
from tests.unit.engines import LEAD, REF, engine, everything, rows, sqlite_url, start, types
from tests.unit.test_engine_races import Losing


class Telling:
    """A hook that tells what it is told."""

    def __init__(self, name: str = "", log: list[str] | None = None) -> None:
        self.name = name
        self.log: list[str] = [] if log is None else log
        self.moments: list[Any] = []

    def _tell(self, moment: str, what: object) -> None:
        self.log.append(f"{self.name}{moment}")
        self.moments.append(what)

    def before(self, moment: Before) -> None:
        self._tell("before", moment)

    def recorded(self, moment: Recorded) -> None:
        self._tell("recorded", moment)

    def committed(self, moment: Committed) -> None:
        self._tell("committed", moment)

    def refused(self, moment: RefusedCommand) -> None:
        self._tell("refused", moment)

    def conflicted(self, moment: Conflicted) -> None:
        self._tell("conflicted", moment)


def test_an_accepted_command_is_told_three_times() -> None:
    """Before, inside and after the transaction each hook is called, in the order given."""
    log: list[str] = []
    on = engine(hooks=[Telling("a ", log), Telling("b ", log)])
    pilot = start(on)
    log.clear()
    on.fire(pilot, "talk", actor=LEAD)
    assert ["a before", "b before", "a recorded", "b recorded", "a committed", "b committed"] == log


def test_a_hook_sees_what_it_is_about() -> None:
    """Before it sees the pilot as it is and what would happen, later the pilot as it became."""
    hook = Telling()
    on = engine(hooks=[hook])
    pilot = start(on)
    hook.moments.clear()
    on.fire(pilot, "talk", actor=LEAD)
    before, recorded, committed = hook.moments
    assert ("open", "talk", LEAD, ["pilot.moved"], "") == (
        before.pilot.state,
        before.command.trigger,
        before.actor,
        types(before.events),
        before.events[0].digest,
    )
    assert ("talking", ["pilot.moved"], None) == (recorded.pilot.state, types(recorded.events), recorded.connection)
    assert (on.get(pilot), recorded.events) == (committed.pilot, committed.events)


def test_a_hook_never_sees_a_reference() -> None:
    """What a hook is given holds the subject of a participant, and not the reference."""
    hook = Telling()
    on = engine(hooks=[hook])
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    data = {"participant": REF, "start": "2026-03-01", "kind": "training"}
    on.fire(pilot, "place", actor=LEAD, track="acme", data=data)
    with pytest.raises(Refused):
        on.fire(pilot, "place", actor=LEAD, track="acme", data={**data, "participant": "jan@example.org"})
    assert REF not in repr(hook.moments)
    assert "jan@example.org" not in repr(hook.moments)


def test_hooks_may_have_some_of_the_methods() -> None:
    """An object with one of the methods is a hook, and the others are not missed."""

    class Counting:
        count = 0

        def committed(self, moment: Committed) -> None:
            self.count += len(moment.events)

    hook = Counting()
    on = engine(hooks=[hook])
    on.fire(start(on), "talk", actor=LEAD)
    assert 2 == hook.count


def test_a_method_that_is_none_is_not_there() -> None:
    """A hook may say of a moment that it has no method for it, and commands go on."""
    hook = type("Some", (Telling,), {"before": None, "ended": None})()
    on = engine(hooks=[hook])
    start(on)
    assert ["recorded", "committed"] == hook.log


@pytest.mark.parametrize("value", [5, "committed", []])
def test_what_is_no_method_is_told(value: Any) -> None:
    """An attribute by the name of a method that cannot be called is told at once, and not at each command."""
    with pytest.raises(BadArgument, match="`before` of a Wrong is no method"):
        Hooks([type("Wrong", (Telling,), {"before": value})()])


@pytest.mark.parametrize("hook", [object(), "before", 5, lambda moment: None, type("Typo", (), {"comitted": print})()])
def test_an_object_without_any_of_them_is_no_hook(hook: Any) -> None:
    """What would never be called, a misspelt method for instance, is told at once."""
    with pytest.raises(BadArgument, match="has none of the methods before, recorded, committed, refused, conflicted"):
        engine(hooks=[hook])


# -- before ------------------------------------------------------------------------------------------------------------


def vetoing(answer: Any) -> Engine:
    class Vetoing:
        def before(self, moment: Before) -> Any:
            return answer if moment.command.trigger == "talk" else None

    return engine(hooks=[Telling(), Vetoing(), Vetoing()])


def test_a_hook_may_veto_with_a_code() -> None:
    """A blocker that a hook returns refuses the command, every hook's, and nothing is written."""
    on = vetoing(Blocker("budget-closed", FrozenDict(until="May"), texts=FrozenDict(en="Not before May.")))
    pilot = start(on)
    before = everything(on._store)
    with pytest.raises(Refused, match="Not before May") as no:
        on.fire(pilot, "talk", actor=LEAD)
    assert (["budget-closed", "budget-closed"], ("budget-closed",)) == (
        [one.code for one in no.value.blockers],
        no.value.codes,
    )
    assert before == everything(on._store)


@pytest.mark.parametrize("answer", [False, True, "no", ["no"], 0])
def test_another_answer_of_a_hook_is_a_mistake_and_no_yes(answer: Any) -> None:
    """A hook that returns neither a blocker nor nothing is told so, and nothing is written."""
    on = vetoing(answer)
    pilot = start(on)
    before = everything(on._store)
    with pytest.raises(BadArgument, match="must return a Blocker or None"):
        on.fire(pilot, "talk", actor=LEAD)
    assert before == everything(on._store)


@pytest.mark.parametrize("method", ["before", "recorded"])
def test_what_a_hook_raises_before_the_commit_undoes_it(method: str, tmp_path: Path) -> None:
    """An exception before or inside the transaction comes through as it is, and nothing is written."""

    class Failing:
        armed = False

    def fail(self: Any, moment: Any) -> None:
        if self.armed:
            message = f"{method} failed"
            raise OSError(message)

    setattr(Failing, method, fail)
    hook = Failing()
    for url in ("memory://", sqlite_url(tmp_path)):
        hook.armed = False
        with engine(url, hooks=[hook]) as on:
            pilot = start(on)
            hook.armed = True
            before = everything(on._store)
            with pytest.raises(OSError, match=f"{method} failed"):
                on.fire(pilot, "talk", actor=LEAD, key="k")
            assert before == everything(on._store)
            hook.armed = False
            assert not on.fire(pilot, "talk", actor=LEAD, key="k").duplicate


class Writing:
    """A hook that tries to write when the pilot moves."""

    on: Engine

    def __init__(self) -> None:
        self.seen: list[object] = []

    def write(self, moment: Before | Recorded) -> None:
        if moment.events[0].trigger == "talk":
            self.seen.append(self.on.get(moment.pilot.id).version)
            with pytest.raises(Reentered) as no:
                self.on.fire(moment.pilot.id, "note", actor=LEAD, data={"text": "x"})
            self.seen.append(no.value.where)
            with pytest.raises(Reentered, match="do it in a `committed` hook"):
                start(self.on)


class WritingBefore(Writing):
    def before(self, moment: Before) -> None:
        self.write(moment)


class WritingRecorded(Writing):
    def recorded(self, moment: Recorded) -> None:
        self.write(moment)


@pytest.mark.parametrize("url", ["memory", "sqlite"])
@pytest.mark.parametrize(
    ("kind", "where"), [(WritingBefore, "a `before` hook"), (WritingRecorded, "a `recorded` hook")]
)
def test_a_hook_may_not_write_before_the_commit(url: str, kind: Any, where: str, tmp_path: Path) -> None:
    """Firing from a hook before or inside the transaction is refused, and looking is not."""
    hook = kind()
    with engine("memory://" if url == "memory" else sqlite_url(tmp_path), hooks=[hook]) as on:
        hook.on = on
        pilot = start(on)
        on.fire(pilot, "talk", actor=LEAD)
        assert [1, where] == hook.seen
        assert 2 == on.get(pilot).version


# -- recorded ----------------------------------------------------------------------------------------------------------


class Booking:
    """The host's own table, in the same database and the same transaction."""

    fails = False

    def recorded(self, moment: Recorded) -> None:
        connection = moment.connection
        assert isinstance(connection, sqlite3.Connection)
        connection.execute("CREATE TABLE IF NOT EXISTS bookings (pilot TEXT, events TEXT)")
        connection.execute("INSERT INTO bookings VALUES (?, ?)", (moment.pilot.id, " ".join(types(moment.events))))
        if self.fails:
            message = "the host cannot book this"
            raise LookupError(message)


def test_a_hook_writes_in_the_same_transaction(tmp_path: Path) -> None:
    """What a hook writes over the store's connection is committed with the command, and undone with it."""
    hook = Booking()
    with engine(sqlite_url(tmp_path), hooks=[hook]) as on:
        pilot = start(on)
        hook.fails = True
        with pytest.raises(LookupError, match="cannot book"):
            on.fire(pilot, "talk", actor=LEAD)
        assert [(pilot, "pilot.started")] == rows(tmp_path / "pilots.db", "SELECT * FROM bookings")
        hook.fails = False
        on.fire(pilot, "talk", actor=LEAD)
    booked = rows(tmp_path / "pilots.db", "SELECT events FROM bookings")
    assert [("pilot.started",), ("pilot.moved",)] == booked


# -- afterwards --------------------------------------------------------------------------------------------------------


class Breaking:
    """A hook that fails after the fact, with a message that must not be told."""

    def committed(self, moment: Committed) -> None:
        raise RuntimeError(REF)

    refused = conflicted = committed


def test_what_fails_after_the_commit_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The command is accepted, the other hooks run, and the log has the moment and the kind of error, not its text."""
    hook = Telling()
    on = engine(hooks=[Breaking(), hook])
    with caplog.at_level(logging.WARNING, "proeftuin"):
        assert "talking" == on.fire(start(on), "talk", actor=LEAD).pilot.state
    assert "committed" in hook.log
    failed = [one for one in caplog.records if one.getMessage() == "hook-failed"]
    assert [("committed", "RuntimeError")] * 2 == [(one.__dict__["moment"], one.__dict__["error"]) for one in failed]
    assert REF not in caplog.text


def test_a_refusal_is_told_once_with_all_its_reasons() -> None:
    """After a refusal the hooks are told who wanted what and why not, and a hook that fails changes nothing."""
    hook = Telling()
    on = engine(hooks=[Breaking(), hook])
    pilot = start(on)
    hook.log.clear()
    hook.moments.clear()
    with pytest.raises(Refused) as no:
        on.fire(pilot, "finish", actor=LEAD)
    (moment,) = hook.moments
    assert (["refused"], pilot, "finish", LEAD, no.value.blockers) == (
        hook.log,
        moment.pilot_id,
        moment.trigger,
        moment.actor,
        moment.blockers,
    )


def test_every_lost_race_is_told() -> None:
    """Each lost race is told with the versions and the number of the attempt, and hooks are asked anew each time."""
    hook = Telling()
    store = Losing(open_store("memory://"), 0)
    on = engine(store, hooks=[Breaking(), hook])
    pilot = start(on)
    hook.log.clear()
    hook.moments.clear()
    store.times = 2
    on.fire(pilot, "talk", actor=LEAD)
    lost = [one for one in hook.moments if isinstance(one, Conflicted)]
    assert [(1, 2, 1), (2, 3, 2)] == [(one.expected, one.actual, one.attempt) for one in lost]
    assert 3 == hook.log.count("before")
    assert 1 == hook.log.count("committed")


def test_a_conflict_with_what_was_expected_is_told_too() -> None:
    """A version that is not the expected one counts as a lost race."""
    hook = Telling()
    on = engine(hooks=[hook])
    pilot = start(on)
    with pytest.raises(Conflict):
        on.fire(pilot, "talk", actor=LEAD, expect=7)
    assert (7, 1, 1) == (hook.moments[-1].expected, hook.moments[-1].actual, hook.moments[-1].attempt)


def test_a_hook_may_fire_after_the_commit() -> None:
    """From `committed` another command may be fired, on what is then stored."""

    class Noting:
        on: Engine

        def committed(self, moment: Committed) -> None:
            if moment.events[0].trigger == "talk":
                self.on.fire(moment.pilot.id, "note", actor=LEAD, data={"text": "they talk"})

    hook = Noting()
    on = engine(hooks=[hook])
    hook.on = on
    pilot = start(on)
    result = on.fire(pilot, "talk", actor=LEAD)
    assert (2, 3) == (result.pilot.version, on.get(pilot).version)


def test_a_duplicate_and_a_question_are_told_to_nobody() -> None:
    """Hooks are called for what happens, not for what is asked or was done before."""
    hook = Telling()
    on = engine(hooks=[hook])
    pilot = start(on)
    on.fire(pilot, "talk", actor=LEAD, key="k")
    hook.log.clear()
    on.fire(pilot, "talk", actor=LEAD, key="k")
    on.explain(pilot, "talk", actor=LEAD)
    on.options(pilot, actor=LEAD)
    on.get(pilot)
    assert [] == hook.log


# -- the list of hooks itself ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", MOMENTS)
def test_without_hooks_nobody_listens(moment: str) -> None:
    """An engine without hooks has nobody to call."""
    assert (False, False) == (bool(Hooks()), Hooks().listens(moment))
    assert Hooks(iter([type("One", (), {moment: print})()])).listens(moment)


def test_a_hook_inside_a_hook_is_still_inside() -> None:
    """Leaving an inner moment leaves the outer one closed."""
    hooks = Hooks([Telling()])
    with hooks.closed("a guard"):
        with hooks.closed("a `before` hook"):
            pass
        with pytest.raises(Reentered, match="a guard"):
            hooks.check()
    hooks.check()
