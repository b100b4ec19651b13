"""A command at a pilot on which something fell due unseen: that is done first, in the same commit."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from proeftuin import BadArgument, Command, Conflict, Fire, KeyReused, Refused, Result
from proeftuin.storage import open_store
from tests.unit.engines import everything, sqlite_url, types
from tests.unit.ticking import LEAD, LIFE, OFFICER, SELLER, Play, Watched, day

NOTE: dict[str, object] = {"text": "x"}
OLD: dict[str, object] = {"participant": "candidate-1", "start": day(-40)}


@pytest.fixture(params=["memory", "sqlite", "uncached"])
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Play]:
    store = open_store("memory://" if request.param == "memory" else sqlite_url(tmp_path))
    yield Play(store, options={"cache": 0} if request.param == "uncached" else {})
    store.close()


def since(play: Play, pilot: str, version: int) -> list[str]:
    return types(play.engine.history(pilot, after=version))


def test_what_is_due_is_done_first_in_the_same_commit(play: Play) -> None:
    """A lapse and a signal that nobody saw come before the command's own event, and nothing is left for a tick."""
    pilot = play.asked()
    version = play.version(pilot)
    play.on(30).fire(pilot, "identify", actor=LEAD, track="other")
    expected = ["clock.fired", "track.moved", "signal.raised", "track.opened", "signal.cleared"]
    assert expected == since(play, pilot, version)
    assert (0, "lapsed") == (play.tick(30), play.engine.get(pilot).tracks["acme"].state)
    assert () == play.engine.verify()


def test_a_command_after_the_day_finds_what_a_tick_would_have_left(play: Play) -> None:
    """Whether somebody ticked in between or not, the pilot after the command is the same but for what was sent."""
    ticked, silent = play.asked(), play.asked()
    play.on(28).tick(pilots=ticked)
    for pilot in (ticked, silent):
        play.on(30).fire(pilot, "note", actor=LEAD, data=NOTE)
    one, other = play.engine.get(ticked), play.engine.get(silent)
    assert (one.state, one.tracks, one.signals, one.progress) == (
        other.state,
        other.tracks,
        other.signals,
        other.progress,
    )


def test_a_reminder_that_the_command_puts_an_end_to_is_not_sent(play: Play) -> None:
    """A sign of life on the day of the reminder restarts the term; nobody is told that it was late."""
    pilot = play.start()
    play.on(9).fire(pilot, "note", actor=LEAD, data=NOTE)
    assert [] == play.told(pilot)
    assert 0 == play.tick(9)


def test_a_reminder_of_another_term_is_sent_after_the_command(play: Play) -> None:
    """What the command does not touch is said in its commit, and belongs to its result."""
    pilot = play.asked()
    result = play.on(15).fire(pilot, "note", actor=LEAD, data=NOTE)
    assert ["record.added", "clock.reminded"] == types(result.events)
    assert [("reminded answer:acme", 14)] == play.told(pilot)


def test_a_result_holds_the_commands_own_events(play: Play) -> None:
    """What was due before is in the history and on the pilot, and not among the events that the command came to."""
    pilot = play.asked()
    result = play.on(30).fire(pilot, "note", actor=LEAD, data=NOTE)
    assert ["record.added", "signal.cleared"] == types(result.events)
    assert "lapsed" == result.pilot.tracks["acme"].state
    assert result.pilot == play.engine.get(pilot)


def test_a_retry_with_the_key_gives_the_same_result(play: Play) -> None:
    """The receipt of a command that did what was due gives its own events again, however late it is asked for."""
    pilot = play.asked()
    first = play.on(30).fire(pilot, "note", actor=LEAD, data=NOTE, key="k")
    again = play.on(60).fire(pilot, "note", actor=LEAD, data=NOTE, key="k")
    assert (first.events, first.pilot, True) == (again.events, again.pilot, again.duplicate)
    with pytest.raises(KeyReused):
        play.engine.fire(pilot, "talk", actor=LEAD, key="k")


def test_a_duplicate_writes_nothing_that_is_due(play: Play) -> None:
    """A retry is a question: what fell due meanwhile waits for the next command or tick."""
    pilot = play.asked()
    play.engine.fire(pilot, "note", actor=LEAD, data=NOTE, key="k")
    before = everything(play.store)
    assert play.on(40).fire(pilot, "note", actor=LEAD, data=NOTE, key="k").duplicate
    assert before == everything(play.store)


def test_a_refusal_writes_nothing_that_is_due(play: Play) -> None:
    """A refused command is judged on the pilot as it should be, and leaves it as it was."""
    pilot = play.asked()
    before = everything(play.store)
    with pytest.raises(Refused) as caught:
        play.on(30).fire(pilot, "agree", actor=LEAD, track="acme")
    assert ("wrong-state",) == caught.value.codes
    assert before == everything(play.store)
    assert play.on(20).fire(pilot, "agree", actor=LEAD, track="acme").events


def test_the_version_that_the_caller_saw_is_the_stored_one(play: Play) -> None:
    """`expect` is what `get` showed, although more is written before the command; an older one is a conflict."""
    pilot = play.asked()
    seen = play.version(pilot)
    assert play.on(30).fire(pilot, "note", actor=LEAD, data=NOTE, expect=seen).events
    with pytest.raises(Conflict):
        play.engine.fire(pilot, "note", actor=LEAD, data=NOTE, expect=seen)


def test_options_and_explain_judge_as_if_it_were_done(play: Play) -> None:
    """What lapsed cannot be agreed to any more, though `get` still shows what is stored, and nothing is written."""
    pilot = play.asked()
    before = everything(play.store)
    assert "agree" in {one.trigger for one in play.on(27).options(pilot, actor=LEAD)}
    assert "agree" not in {one.trigger for one in play.on(28).options(pilot, actor=LEAD)}
    assert not play.engine.explain(pilot, "agree", actor=LEAD, track="acme").allowed
    assert "asked" == play.engine.get(pilot).tracks["acme"].state
    assert before == everything(play.store)


def test_a_batch_does_it_once_and_is_one_commit(play: Play) -> None:
    """Several commands find what is due done before the first of them, and say what is left after the last."""
    pilot = play.asked()
    version = play.version(pilot)
    commands = [Command("note", NOTE), Command("talk"), Command("note", NOTE)]
    play.on(30).batch(pilot, commands, actor=LEAD)
    expected = ["clock.fired", "track.moved", "signal.raised", "record.added", "pilot.moved", "record.added"]
    assert [*expected, "signal.cleared"] == since(play, pilot, version)


def test_a_batch_that_is_refused_writes_nothing(play: Play) -> None:
    """The second command of a batch fails on what fell due, and neither that nor the first is written."""
    pilot = play.asked()
    before = everything(play.store)
    with pytest.raises(Refused) as caught:
        play.on(30).batch(pilot, [Command("note", NOTE), Command("agree", track="acme")], actor=LEAD)
    assert [1] == [one.command for one in caught.value.blockers]
    assert before == everything(play.store)


def test_many_commands_at_late_pilots_come_to_what_each_by_itself_does(play: Play) -> None:
    """`fire_many` does what is due on each pilot first, keeps nothing of one that refuses, and sees stored versions."""
    one, other, refused = (play.asked() for _ in range(3))
    versions = {name: play.version(name) for name in (one, other, refused)}
    play.on(30)
    answers = play.engine.fire_many(
        [
            Fire(one, "note", LEAD, NOTE, expect=versions[one]),
            Fire(refused, "agree", LEAD, track="acme"),
            Fire(other, "note", LEAD, NOTE, key="k"),
            Fire(other, "note", LEAD, NOTE, expect=versions[other]),
            Fire(one, "talk", LEAD),
        ]
    )
    assert [Result, Refused, Result, Conflict, Result] == [type(answer) for answer in answers]
    due = ["clock.fired", "track.moved", "signal.raised", "record.added", "signal.cleared"]
    assert [*due, "pilot.moved"] == since(play, one, versions[one])
    assert due == since(play, other, versions[other])
    assert [] == since(play, refused, versions[refused])
    assert () == play.engine.verify()


def test_an_erasure_leaves_what_is_due_to_others(play: Play) -> None:
    """To forget somebody moves nothing, and what fell due is still found by the next tick."""
    pilot = play.asked()
    play.engine.fire(pilot, "place", actor=LEAD, track="acme", data={"participant": "ref-0001", "start": day(0)})
    version = play.version(pilot)
    play.on(29).erase("ref-0001", actor=OFFICER, reason="asked")
    assert ["data.erased"] == since(play, pilot, version)
    assert 1 == play.tick(29)
    assert LIFE[-2:] == [one for one in play.told(pilot) if one[1] == 28 and "stay" not in one[0]]
    assert () == play.engine.verify()


def test_inside_a_transaction_of_the_host_it_is_undone_with_it(tmp_path: Path) -> None:
    """What was due is written with the host's own rows, and gone with them."""
    url = sqlite_url(tmp_path)
    play = Play(open_store(url))
    pilot = play.asked()
    version = play.version(pilot)
    play.on(30)
    database = create_engine(url)
    for commit in (False, True):
        with database.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            play.engine.using(connection).fire(pilot, "note", actor=LEAD, data=NOTE)
            (connection.commit if commit else connection.rollback)()
        expected = ["clock.fired", "track.moved", "signal.raised", "record.added", "signal.cleared"] if commit else []
        assert expected == since(play, pilot, version)
    database.dispose()
    play.store.close()


def test_whoever_lost_the_race_to_a_tick_decides_anew(tmp_path: Path) -> None:
    """A tick between the look and the append makes the command decide again, on the pilot that the tick left."""
    store = Watched(open_store(sqlite_url(tmp_path)))
    play, rival = Play(store), Play(store)
    pilot = play.asked()
    rival.on(29)
    store.before_append.append(rival.engine.tick)
    assert ["record.added", "signal.cleared"] == types(play.on(29).fire(pilot, "note", actor=LEAD, data=NOTE).events)
    assert 1 == len([one for one in play.told(pilot) if one[0].startswith("fired")])
    assert () == play.engine.verify()
    store.close()


def test_nothing_is_due_on_a_pilot_that_begins(play: Play) -> None:
    """A first commit has no clocks behind it, and its own are counted from its day."""
    pilot = play.on(3).start("terms", actor=LEAD, data={}).pilot.id
    assert ["pilot.started"] == since(play, pilot, 0)


def test_who_sees_a_part_judges_as_of_now_too(play: Play) -> None:
    """A view answers options on the pilot as it should be, as the engine does."""
    pilot = play.asked()
    offered = [
        "agree" in {one.trigger for one in play.on(number).seen_by(SELLER).options(pilot)} for number in (27, 28)
    ]
    assert [True, False] == offered


def test_several_at_once_find_what_a_command_before_them_left_due(play: Play) -> None:
    """What one command of a chunk sets going, and was due long ago, is said at the next one, as with commands apart."""
    commands: list[tuple[str, dict[str, object], str | None]] = [
        ("identify", {}, "acme"),
        ("place", OLD, "acme"),
        ("note", {"text": 7}, None),
        ("note", NOTE, None),
    ]
    apart, together = play.start(id="apart"), play.start(id="together")
    results = []
    for trigger, data, track in commands:
        with suppress(Refused, BadArgument):
            results.append(play.engine.fire(apart, trigger, actor=LEAD, data=data, track=track))
    several = play.engine.fire_many([Fire(together, trigger, LEAD, data, track) for trigger, data, track in commands])
    assert "clock.reminded" == types(play.engine.history(apart))[-1]
    assert types(play.engine.history(apart)) == types(play.engine.history(together))
    assert [types(one.events) for one in results] == [types(one.events) for one in several if isinstance(one, Result)]
    assert play.timing(apart) == play.timing(together)
    assert () == play.engine.verify()
