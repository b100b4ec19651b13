"""Many commands at once: each is decided as if it had been fired by itself, and a chunk is written together."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from proeftuin import (
    BadArgument,
    Blocker,
    Conflict,
    CorruptStore,
    Engine,
    Fire,
    KeyReused,
    PilotExists,
    ProeftuinError,
    Reentered,
    Refused,
    Result,
    StoreBusy,
    UnknownPilot,
)
from proeftuin.spi import Before, Commit, Committed, Recorded, Store
from proeftuin.storage import open_store
from tests.unit.engines import BOARD, LEAD, REF, TODAY, Counting, Wrapped, engine, everything, sqlite_url, start, types
from tests.unit.test_engine_races import Losing, losing
from tests.unit.test_hooks import Telling


@pytest.fixture(params=["memory", "sqlite"])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with engine("memory://" if request.param == "memory" else sqlite_url(tmp_path)) as made:
        yield made


def note(pilot: str, text: str = "x", **more: Any) -> Fire:
    return Fire(pilot, "note", LEAD, {"text": text}, **more)


def place(pilot: str, ref: str = REF, **more: Any) -> Fire:
    return Fire(pilot, "place", LEAD, {"participant": ref, "start": TODAY, "kind": "training"}, "acme", **more)


def closed(on: Engine, name: str = "done") -> str:
    pilot = start(on, id=name)
    for fired in (note(pilot), Fire(pilot, "talk", LEAD), Fire(pilot, "finish", BOARD)):
        on.fire(pilot, fired.trigger, actor=fired.actor, data=fired.data)
    return pilot


def kinds(answers: tuple[object, ...]) -> list[type]:
    return [type(one) for one in answers]


# -- answers -----------------------------------------------------------------------------------------------------------


def test_each_command_has_its_answer_in_its_place(on: Engine) -> None:
    """What is accepted is a result and what is not is the error that firing would raise, in the order given."""
    one, two = start(on), start(on)
    on.fire(one, "note", actor=LEAD, data={"text": "y"}, key="used")
    answers = on.fire_many(
        [
            note(one),
            Fire(one, "finish", BOARD),
            note("nobody"),
            note(one, key="used"),
            note(two, expect=9),
            Fire(two, "note", LEAD, {"text": 1.5}),
            Fire(two, "", LEAD),
            note(two, key=""),
            Fire(two, "talk", LEAD),
        ]
    )
    errors = [Refused, UnknownPilot, KeyReused, Conflict, BadArgument, Refused, BadArgument]
    assert [Result, *errors, Result] == kinds(answers)
    assert (3, "talking") == (on.get(one).version, on.get(two).state)
    assert () == on.verify()


def test_nothing_at_all_is_no_work(on: Engine) -> None:
    """No commands have no answers, and write nothing."""
    before = everything(on._store)
    assert () == on.fire_many([])
    assert before == everything(on._store)


@pytest.mark.parametrize("wrong", [None, 5, ["x"], [("a", "note", LEAD)]])
def test_what_is_no_fire_is_a_wrong_call(on: Engine, wrong: Any) -> None:
    """A call with anything but commands is refused as a whole, and the good ones in it are not carried out."""
    pilot = start(on)
    given = [note(pilot), *wrong] if isinstance(wrong, list) else wrong
    with pytest.raises(BadArgument, match="commands"):
        on.fire_many(given)
    assert 1 == on.get(pilot).version


@pytest.mark.parametrize("size", [0, -1, 1.0, True, None, "2"])
def test_a_chunk_is_a_number_of_commands(on: Engine, size: Any) -> None:
    """A chunk holds one command or more."""
    with pytest.raises(BadArgument, match="chunk"):
        on.fire_many([], chunk=size)


@pytest.mark.parametrize(("size", "appends"), [(1, 6), (2, 3), (4, 2), (6, 1), (250, 1)])
def test_a_chunk_is_one_append(size: int, appends: int) -> None:
    """So many commands are written together, whichever pilots they are on."""
    store = Wrapped(open_store("memory://"))
    made = engine(store)
    names = [start(made) for _ in range(3)]
    store.calls.clear()
    answers = made.fire_many((note(name) for name in names * 2), chunk=size)
    assert [Result] * 6 == kinds(answers)
    assert appends == store.calls.count("append")
    assert [3, 3, 3] == [made.get(name).version for name in names]


# -- on one pilot ------------------------------------------------------------------------------------------------------


def test_commands_on_one_pilot_see_one_another(on: Engine) -> None:
    """Each is decided on what those before it left, and its result holds the pilot as it was then."""
    pilot = start(on)
    answers = on.fire_many(
        [
            Fire(pilot, "finish", BOARD),
            Fire(pilot, "talk", LEAD, expect=1),
            note(pilot, expect=2),
            Fire(pilot, "finish", BOARD, expect=2),
            Fire(pilot, "finish", BOARD, expect=3),
        ]
    )
    assert [Refused, Result, Result, Conflict, Result] == kinds(answers)
    results = [one for one in answers if isinstance(one, Result)]
    assert [2, 3, 4] == [one.pilot.version for one in results]
    assert [["pilot.moved"], ["record.added"], ["pilot.moved"]] == [types(one.events) for one in results]
    assert ("closed", results[-1].pilot) == (on.get(pilot).state, on.get(pilot))


def test_a_key_acts_once_within_a_chunk(on: Engine) -> None:
    """The same command under its key again is a duplicate, another one is told, and afterwards both still are."""
    pilot = start(on)
    many = [note(pilot, key="k"), note(pilot, key="k"), note(pilot, "y", key="k")]
    first, again, other = on.fire_many(many)
    assert isinstance(first, Result)
    assert isinstance(again, Result)
    assert (False, True, first.events, first.pilot) == (first.duplicate, again.duplicate, again.events, again.pilot)
    assert isinstance(other, KeyReused)
    later = on.fire_many(many)
    assert [Result, Result, KeyReused] == kinds(later)
    assert 2 == on.get(pilot).version


def test_a_refusal_uses_no_key_within_a_chunk(on: Engine) -> None:
    """A key under which a command was refused is free for the next one."""
    pilot = start(on)
    assert [Refused, Result] == kinds(on.fire_many([Fire(pilot, "finish", BOARD, key="k"), note(pilot, key="k")]))


def test_a_participant_is_one_subject_within_a_chunk(on: Engine) -> None:
    """A ref has one subject in a pilot, be it issued in the chunk, and a refused command issues none."""
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    given = [place(pilot, ref) for ref in (REF, "jan@example.nl", REF, "ref-planted-0002")]
    answers = on.fire_many([place(pilot, "other", expect=9), *given])
    assert [Conflict, Result, Refused, Result, Result] == kinds(answers)
    held = on._store.personal("default", pilot)
    assert [("s1", REF), ("s2", "ref-planted-0002")] == [(one.subject, one.ref) for one in held]
    assert 2 == on.get(pilot).counts["subject"]
    assert place(pilot).data != answers[1].events[-1].data["fields"]  # type: ignore[union-attr]  # a result, as asserted
    assert () == on.verify()


def test_a_signature_is_pending_within_a_chunk(on: Engine) -> None:
    """What one signs is pending, and the other completes it in the same chunk."""
    pilot = start(on)
    lead, board = on.fire_many([Fire(pilot, "seal", LEAD, {"terms": "a"}, key="a"), Fire(pilot, "seal", BOARD)])
    assert isinstance(lead, Result)
    assert isinstance(board, Result)
    assert (("board",), ()) == (lead.pending, board.pending)
    assert ("board",) == on.fire(pilot, "seal", actor=LEAD, data={"terms": "a"}, key="a").pending


# -- follow-ups --------------------------------------------------------------------------------------------------------


def test_a_command_may_begin_another_pilot(on: Engine) -> None:
    """A pilot that a command begins is written in the same append, and its id is in the result."""
    pilot = closed(on)
    (came,) = on.fire_many([Fire(pilot, "follow", LEAD, {"title": "Next"}, key="k")])
    assert isinstance(came, Result)
    assert "Next" == on.get(f"{came.started}").data["title"]
    assert came.started == on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"}, key="k").started


def test_of_a_follow_up_that_may_not_begin_nothing_is_written(on: Engine) -> None:
    """Where the second pilot is refused nothing of the command stays, though others on the first are accepted."""
    pilot = closed(on)
    wrong = Fire(pilot, "follow", LEAD)
    answers = on.fire_many([wrong, note(pilot), wrong, note(pilot)])
    assert [Refused, Result, Refused, Result] == kinds(answers)
    assert ["record.added", "record.added"] == types(on.history(pilot, after=4))
    assert () == on.verify()


def test_a_pilot_whose_id_is_taken_is_told_to_its_command_alone(on: Engine) -> None:
    """Where ids are not unique, the command whose follow-up cannot be written is told so and the others are done."""

    class Same(Counting):
        def pilot_id(self) -> str:
            return "taken"

    pilot = closed(on)
    start(on, id="taken")
    made = engine(on._store, ids=Same())
    answers = made.fire_many([note(pilot), Fire(pilot, "follow", LEAD, {"title": "Next"}), note(pilot)])
    assert [Result, PilotExists, Result] == kinds(answers)


# -- races -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 4])
def test_a_chunk_that_lost_a_race_is_decided_anew(times: int) -> None:
    """Who loses up to four times decides the whole chunk again on what is then stored."""
    hook = Telling()
    made, _, pilot = losing(times, hooks=[hook])
    other = start(made)
    answers = made.fire_many([Fire(pilot, "talk", LEAD), note(other), Fire(pilot, "finish", BOARD)])
    assert [Result, Result, Result] == kinds(answers)
    assert ["conflicted"] * times == [one for one in hook.log if one == "conflicted"]
    assert (3 + times, 2) == (made.get(pilot).version, made.get(other).version)


def test_an_answer_holds_nothing_of_how_it_came_about(on: Engine) -> None:
    """A refusal among the answers keeps no pilot of its chunk alive: it is gone with its last reader."""
    refused = Fire(start(on), "finish", BOARD)
    answers = on.fire_many([note(start(on)), refused, note("nobody"), note(start(on), expect=9)])
    errors = [one for one in answers if isinstance(one, ProeftuinError)]
    assert [Refused, UnknownPilot, Conflict] == [type(one) for one in errors]
    assert all(one.__traceback__ is None for one in errors)


def test_after_five_lost_races_each_is_carried_out_by_itself() -> None:
    """One busy pilot has the others wait no longer, and is told by itself where it loses on."""
    made, store, pilot = losing(5 + 5)
    others = [start(made) for _ in range(3)]
    answers = made.fire_many([Fire(pilot, "talk", LEAD), *map(note, others)])
    assert [Conflict, Result, Result, Result] == kinds(answers)
    assert (0, "open") == (store.times, made.get(pilot).state)


def test_a_refusal_is_told_once() -> None:
    """Hooks hear of a refusal when the chunk is written, not at each try."""
    hook = Telling()
    made, _, pilot = losing(3, hooks=[hook])
    answers = made.fire_many([Fire(pilot, "talk", LEAD), Fire(pilot, "explode", LEAD), note(pilot, expect=9)])
    assert [Result, Refused, Conflict] == kinds(answers)
    told = [one for one in hook.log if one in {"refused", "conflicted"}]
    assert [*["conflicted"] * 3, "refused", "conflicted"] == told


def test_a_refusal_that_the_next_try_lifts_is_not_told() -> None:
    """A command that is refused at first and accepted once the race is lost was never refused."""
    hook = Telling()
    inner = open_store("memory://")
    made = engine(inner)
    pilot = start(made)
    made.fire(pilot, "talk", actor=LEAD)
    again = engine(store := Losing(inner, 0), hooks=[hook])
    store.times = 1
    answers = again.fire_many([Fire(pilot, "details", LEAD, {"sector": "a"}), Fire(pilot, "finish", BOARD)])
    assert [Result, Result] == kinds(answers)
    assert "refused" not in hook.log


# -- hooks -------------------------------------------------------------------------------------------------------------


class Vetoing:
    """Refuses what is about to be sealed."""

    def before(self, moment: Before) -> Blocker | None:
        return Blocker("host-no") if moment.command.trigger == "seal" else None


def test_a_veto_stops_its_command_alone() -> None:
    """A command that a hook refuses is refused in its place, and the others are carried out."""
    made = engine(hooks=[Vetoing()])
    pilot = start(made)
    no, yes = made.fire_many([Fire(pilot, "seal", LEAD, {"terms": "a"}), note(pilot)])
    assert isinstance(no, Refused)
    assert isinstance(yes, Result)
    assert (("host-no",), 2) == (no.codes, made.get(pilot).version)


def test_every_event_is_told_once() -> None:
    """In the transaction and after it hooks see each pilot of the chunk with all its events, in order."""
    seen: dict[str, list[tuple[str, list[int]]]] = {"recorded": [], "committed": []}

    class Noting:
        def recorded(self, moment: Recorded) -> None:
            seen["recorded"].append((moment.pilot.id, [one.version for one in moment.events]))

        def committed(self, moment: Committed) -> None:
            seen["committed"].append((moment.pilot.id, [one.version for one in moment.events]))

    made = engine(hooks=[Noting()])
    one, two = start(made), start(made)
    for told in seen.values():
        told.clear()
    made.fire_many([note(one), note(two), Fire(one, "finish", BOARD), note(one), note(two)], chunk=4)
    expected = [(one, [2, 3]), (two, [2]), (two, [3])]
    assert {"recorded": expected, "committed": expected} == seen


def test_what_a_hook_raises_in_the_transaction_undoes_the_chunk(on: Engine) -> None:
    """An exception of the host's own is raised on, of that chunk nothing is written, and those before it stand."""

    class Breaking:
        def recorded(self, moment: Recorded) -> None:
            if any(one.data["fields"]["text"] == "broken" for one in moment.events):
                raise OSError(moment.pilot.id)

    pilot = start(on)
    made = engine(on._store, hooks=[Breaking()])
    with pytest.raises(OSError, match=pilot):
        made.fire_many([note(pilot, text) for text in ("a", "b", "c", "broken", "d", "e")], chunk=2)
    assert 3 == made.get(pilot).version
    assert () == made.verify()


def test_a_hook_may_not_fire_many() -> None:
    """From inside a hook that may not write, many commands are refused as one is."""
    told: list[type] = []

    class Writing:
        def before(self, moment: Before) -> None:
            try:
                made.fire_many([note(moment.pilot.id)])
            except Reentered as error:
                told.append(type(error))

    made = engine(hooks=[Writing()])
    start(made)
    assert [Reentered] == told


# -- stores ------------------------------------------------------------------------------------------------------------


class Failing(Wrapped):
    """A store that fails at its n-th append from now."""

    def __init__(self, inner: Store, nth: int = 0) -> None:
        super().__init__(inner)
        self.nth = nth

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        self.nth -= 1
        if self.nth == 0:
            raise StoreBusy("somebody holds it")
        super().append(*commits, recorded=recorded)


class Single(Failing):
    """The same, for one pilot at a time."""

    @property
    def multi_pilot(self) -> bool:
        return False

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        assert 1 == len(commits)
        super().append(*commits, recorded=recorded)


@pytest.mark.parametrize(("kind", "done"), [(Failing, 4), (Single, 5)])
def test_where_the_store_fails_what_was_written_is_told(kind: type[Failing], done: int) -> None:
    """What was written before the store failed keeps its result, the rest gets the error, and nothing more is tried."""
    store = kind(open_store("memory://"))
    made = engine(store)
    names = [start(made) for _ in range(8)]
    store.nth = 3 if kind is Failing else 6
    answers = made.fire_many([note(name, key="k") for name in names], chunk=2)
    assert [Result] * done + [StoreBusy] * (8 - done) == kinds(answers)
    assert [2] * done + [1] * (8 - done) == [made.get(name).version for name in names]
    again = made.fire_many([note(name, key="k") for name in names], chunk=2)
    assert [True] * done + [False] * (8 - done) == [one.duplicate for one in again if isinstance(one, Result)]


@pytest.mark.parametrize("column", ["body", "updated_at"])
def test_a_pilot_that_cannot_be_read_stops_its_own_commands_alone(tmp_path: Path, column: str) -> None:
    """A pilot of which head or summary cannot be read is told in its place; what is on the others is carried out."""
    with engine(sqlite_url(tmp_path)) as made:
        names = [start(made) for _ in range(4)]
    with closing(sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)) as link:
        link.execute("PRAGMA ignore_check_constraints = ON")
        value = {"body": b"{}", "updated_at": 1 << 62}[column]
        link.execute(f"UPDATE pilots SET {column} = ? WHERE id = ?", (value, names[1]))  # noqa: S608  # a word of this test
    with engine(sqlite_url(tmp_path)) as made:
        answers = made.fire_many([note(name) for name in names], chunk=3)
        assert [Result, CorruptStore, Result, Result] == kinds(answers)
        assert [2, 2, 2] == [made.get(name).version for name in (names[0], *names[2:])]


def test_inside_the_hosts_transaction_all_is_the_hosts(tmp_path: Path) -> None:
    """What is fired inside a transaction of the host is gone with its rollback, and there with its commit."""
    with engine(sqlite_url(tmp_path)) as on:
        names = [start(on) for _ in range(3)]
        for ends, version in (("ROLLBACK", 1), ("COMMIT", 3)):
            with closing(sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)) as link:
                link.execute("BEGIN IMMEDIATE")
                inside = on.using(link)
                answers = inside.fire_many([note(name) for name in names * 2] + [note("nobody")], chunk=4)
                assert [Result] * 6 + [UnknownPilot] == kinds(answers)
                link.execute(ends)
            assert [version] * 3 == [on.get(name).version for name in names]
        assert () == on.verify()
