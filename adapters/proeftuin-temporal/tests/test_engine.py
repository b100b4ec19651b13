import asyncio
import errno
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from proeftuin import (
    BadArgument,
    Command,
    Conflict,
    KeyReused,
    OutcomeUnknown,
    PilotExists,
    Refused,
    StoreUnavailable,
    UnknownPilot,
    UnknownWorkflow,
)
from proeftuin_temporal import TemporalEngine
from proeftuin_temporal.__main__ import main
from proeftuin_temporal._engine import address
from tests.forked import in_child
from tests.serving import free_port
from tests.temporal import RULES, OwnTemporal, Working
from tests.unit.engines import BOARD, LEAD, REF, SELLER

Opened = Callable[..., TemporalEngine]


def begun(engine: TemporalEngine, **options: Any) -> str:
    return engine.start("talks", actor=LEAD, data={"title": "x", "organisation": "o"}, **options).pilot.id


def types(engine: TemporalEngine, pilot: str) -> list[str]:
    return [one.type for one in engine.history(pilot)]


def length(working: Working, pilot: str) -> int:
    """How many events Temporal's own history of a pilot has."""

    async def fetched() -> int:
        return len((await working.client.get_workflow_handle(f"pilot:{pilot}").fetch_history()).events)

    return working.background.do(fetched())


def test_a_pilot_is_begun_and_fired_at(engine: TemporalEngine) -> None:
    """What is done to a pilot comes back with its events and warnings, and is there afterwards."""
    pilot = begun(engine)
    result = engine.fire(pilot, "talk", actor=LEAD)
    assert ("talking", ["pilot.moved"]) == (result.pilot.state, [one.type for one in result.events])
    assert ["no-note"] == [one.code for one in result.warnings]
    assert result.pilot == engine.get(pilot)
    assert ["pilot.started", "pilot.moved"] == types(engine, pilot)
    assert "open" == engine.get(pilot, version=1).state
    assert "open" == engine.get(pilot, at=result.pilot.created_at).state
    assert [result.events[0]] == list(engine.history(pilot, after=1))


def test_a_refusal_is_the_one_of_the_engine_and_leaves_no_trace(engine: TemporalEngine, working: Working) -> None:
    """All blockers come back with their words, and Temporal's own history is as long as before."""
    pilot = begun(engine)
    engine.fire(pilot, "talk", actor=LEAD)
    before = length(working, pilot)
    with pytest.raises(Refused) as refused:
        engine.fire(pilot, "finish", actor=BOARD)
    assert ("missing-note",) == refused.value.codes
    assert refused.value.blockers == engine.explain(pilot, "finish", actor=BOARD).blockers
    assert "note" in {one.trigger for one in refused.value.blockers[0].missing}
    assert before == length(working, pilot)


def test_a_refused_start_reaches_temporal_in_no_way(engine: TemporalEngine) -> None:
    """A start that is refused, or names no workflow, leaves no pilot of that id."""
    with pytest.raises(Refused):
        engine.start("talks", actor=BOARD, data={"title": "x"}, id="never")
    with pytest.raises(UnknownWorkflow):
        engine.start("nothing", actor=BOARD, data={"title": "x"}, id="never")
    with pytest.raises(UnknownPilot, match="never"):
        engine.get("never")


def test_a_key_acts_once(engine: TemporalEngine) -> None:
    """The same command under a key gives the first result again, another one is refused, a start too."""
    pilot, data = begun(engine, key="first"), {"text": "x"}
    assert pilot == engine.start("talks", actor=LEAD, data={"title": "x", "organisation": "o"}, key="first").pilot.id
    with pytest.raises(KeyReused):
        engine.start("talks", actor=LEAD, data={"title": "y"}, key="first")
    one = engine.fire(pilot, "note", actor=LEAD, data=data, key="k")
    two = engine.fire(pilot, "note", actor=LEAD, data=data, key="k")
    assert (False, True, one.events) == (one.duplicate, two.duplicate, two.events)
    with pytest.raises(KeyReused):
        engine.fire(pilot, "talk", actor=LEAD, key="k")
    assert ["pilot.started", "record.added"] == types(engine, pilot)


def test_an_id_is_taken_once(engine: TemporalEngine) -> None:
    """A second pilot under the same id is refused."""
    begun(engine, id="taken")
    with pytest.raises(PilotExists, match="taken"):
        begun(engine, id="taken")


def test_several_commands_are_one_commit(engine: TemporalEngine) -> None:
    """A batch is all or nothing, and tells which of its commands is refused."""
    pilot = begun(engine)
    note = Command("note", {"text": "x"})
    with pytest.raises(Refused) as refused:
        engine.batch(pilot, [note, Command("finish")], actor=LEAD)
    assert {1} == {one.command for one in refused.value.blockers}
    assert 3 == engine.batch(pilot, [note, Command("talk")], actor=LEAD).pilot.version


def test_a_signature_is_pending_until_all_have_signed(engine: TemporalEngine) -> None:
    """Who is still to sign is told."""
    pilot = begun(engine)
    assert ("board",) == engine.fire(pilot, "seal", actor=LEAD, data={"terms": "x"}).pending
    assert () == engine.fire(pilot, "seal", actor=BOARD).pending


def test_another_version_than_expected_is_a_conflict(engine: TemporalEngine) -> None:
    """Whoever saw another version is told which there is."""
    pilot = begun(engine)
    with pytest.raises(Conflict) as lost:
        engine.fire(pilot, "talk", actor=LEAD, expect=7)
    assert (7, 1) == (lost.value.expected, lost.value.actual)


def test_options_are_those_of_the_actor(engine: TemporalEngine) -> None:
    """What may be done is told to each in their role, with what the fields may hold."""
    pilot = begun(engine)
    assert "talk" in {one.trigger for one in engine.options(pilot, actor=LEAD) if one.allowed}
    assert "talk" not in {one.trigger for one in engine.options(pilot, actor=SELLER)}
    assert "talk" in {one.trigger for one in engine.options(pilot, actor=SELLER, all=True)}
    assert not engine.explain(pilot, "note", actor=LEAD, data={"mood": "odd"}).allowed


def test_a_question_is_asked_today(engine: TemporalEngine, opened: Opened) -> None:
    """A pilot that slept for a month judges a question by the day on which it is asked."""

    class Later:
        def now(self) -> datetime:
            return datetime.now(UTC) + timedelta(days=30)

    pilot = begun(engine)
    data = {"text": "x", "day": (Later().now() - timedelta(days=1)).date()}
    assert not engine.explain(pilot, "note", actor=LEAD, data=data).allowed
    assert opened(time=Later()).explain(pilot, "note", actor=LEAD, data=data).allowed


def test_a_follow_up_is_a_pilot_of_its_own(engine: TemporalEngine) -> None:
    """A trigger that begins another pilot begins it on Temporal, under its own id, and it lives there."""
    pilot = begun(engine)
    for trigger, actor, data in (("talk", LEAD, None), ("note", LEAD, {"text": "x"}), ("finish", BOARD, None)):
        engine.fire(pilot, trigger, actor=actor, data=data)
    started = engine.fire(pilot, "follow", actor=LEAD, data={"title": "again"}).started
    assert started is not None
    assert ("again", pilot) == tuple(engine.get(started).data[name] for name in ("title", "follow_up_of"))
    assert "talking" == engine.fire(started, "talk", actor=LEAD).pilot.state
    assert [pilot, started] == [one.pilot.id for one in engine.snapshot(pilot, started).chain(pilot)]


def test_figures_come_from_copies(engine: TemporalEngine) -> None:
    """Every other question is asked of an ordinary engine on copies, whose chains are whole and who know nobody."""
    pilots = [begun(engine) for _ in range(2)]
    placed = {"participant": REF, "start": "2026-01-05", "kind": "training"}
    engine.fire(pilots[0], "identify", actor=LEAD, track="acme")
    engine.fire(pilots[0], "place", actor=LEAD, track="acme", data=placed)
    with engine.snapshot(*pilots) as copies:
        assert {one.id for one in copies.each()} == set(pilots)
        assert () == copies.verify()
        assert copies.get(pilots[0]) == engine.get(pilots[0])
        assert copies.ref(pilots[0], "s1") is None
    assert set(pilots) <= set(engine.pilots())


def test_what_is_wrong_in_itself_is_not_sent(engine: TemporalEngine) -> None:
    """A float, nobody as an actor, and a URL that is none are refused in words, before anything is asked."""
    for data, actor in (({"hours": 1.5}, LEAD), (None, "lead-1")):
        with pytest.raises(BadArgument):
            engine.fire("any", "note", actor=actor, data=data)  # type: ignore[arg-type]  # the point
    for url in (
        "http://x",
        "temporal://",
        "temporal://x:port",
        "temporal://x?queue=y",
        "temporal://me@x",
        "temporal://:pw@x",
    ):
        with pytest.raises(BadArgument, match="url"):
            TemporalEngine.open(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("temporal://x", ("x:7233", "default", "proeftuin")),
        ("temporal://x:1/utrecht?task_queue=q", ("x:1", "utrecht", "q")),
        ("temporal://[::1]:7233/", ("[::1]:7233", "default", "proeftuin")),
    ],
)
def test_a_url_says_where_temporal_is(url: str, expected: tuple[str, str, str]) -> None:
    """Host and port, with an address of IPv6 in its brackets, the namespace and the queue stand in the URL."""
    assert expected == address(url)


def test_without_an_answer_it_is_told_what_may_have_been_done(server: OwnTemporal) -> None:
    """Without a worker a question is `StoreUnavailable`, and a command, which may still be done, `OutcomeUnknown`."""
    with TemporalEngine.open(f"{server.url}?task_queue=nobody", RULES, seconds=0.5) as engine:
        pilot = begun(engine)
        with pytest.raises(StoreUnavailable, match="worker"):
            engine.get(pilot)
        with pytest.raises(OutcomeUnknown, match="same key"):
            engine.fire(pilot, "talk", actor=LEAD)


class Silent:
    """A client of Temporal's whose server answers nothing; `asked` is set when it is asked."""

    namespace = "default"

    def __init__(self) -> None:
        self.asked = threading.Event()

    async def connect(self) -> Any:
        return self

    def get_workflow_handle(self, _: str) -> Any:
        return self

    async def query(self, *_: Any, **__: Any) -> None:
        self.asked.set()
        await asyncio.Event().wait()

    execute_update = query


def silently(engine: TemporalEngine, ask: str) -> str:
    """Ask an engine for something, and return which error tells that there is no answer, and how."""
    asks: dict[str, Callable[[], object]] = {
        "get": lambda: engine.get("p"),
        "fire": lambda: engine.fire("p", "talk", actor=LEAD),
    }
    with pytest.raises((StoreUnavailable, OutcomeUnknown)) as told:
        asks[ask]()
    return f"{told.type.__name__}: {told.value}"


@pytest.mark.parametrize("ask", ["get", "fire"])
def test_an_engine_that_was_closed_says_so(ask: str) -> None:
    """A closed engine asks nothing any more: nothing was written, and no call is left that nobody awaits."""
    engine = TemporalEngine(Silent().connect, RULES)
    engine.close()
    assert "StoreUnavailable: this engine was closed; open a new one" == silently(engine, ask)
    engine.close()


@pytest.mark.parametrize(("ask", "kind"), [("get", "StoreUnavailable"), ("fire", "OutcomeUnknown")])
def test_closing_ends_what_is_under_way(ask: str, kind: str) -> None:
    """A call that waits for an answer ends when the engine is closed; a command may have been done all the same."""
    client, told = Silent(), list[str]()
    engine = TemporalEngine(client.connect, RULES, seconds=60)
    waiting = threading.Thread(target=lambda: told.append(silently(engine, ask)))
    waiting.start()
    assert client.asked.wait(60)
    engine.close()
    waiting.join(60)
    assert [kind] == [one.partition(":")[0] for one in told]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # from 3.12 on, of any process that has threads
def test_a_process_that_is_forked_off_does_not_hang() -> None:
    """In a child of a fork an engine of the parent says at once that it is not the child's, and can be closed."""
    with TemporalEngine(Silent().connect, RULES) as engine:

        def use() -> None:
            assert "before a fork" in silently(engine, "get")
            assert "before a fork" in silently(engine, "fire")
            engine.close()

        assert 0 == in_child(use)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the same
def test_a_child_of_a_fork_opens_no_engine_once_its_parent_did(engine: TemporalEngine, server: OwnTemporal) -> None:
    """Temporal's own client speaks to no server in a child of a process that did, which is told as an error of ours."""
    assert list(engine.pilots()) is not None

    def use() -> None:
        with pytest.raises(StoreUnavailable, match="fork"):
            TemporalEngine.open(server.url)

    assert 0 == in_child(use)


def test_without_a_server_nothing_opens() -> None:
    """An engine on a server that is not there is `StoreUnavailable`, and leaves no thread behind."""
    before = threading.active_count()
    with pytest.raises(StoreUnavailable, match="reached"):
        TemporalEngine.open(f"temporal://127.0.0.1:{free_port()}", seconds=5)
    assert before == threading.active_count()


def test_a_loop_that_cannot_begin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where this process can open no more files nothing opens, and whoever opens does not hang."""

    def no_more_files() -> asyncio.AbstractEventLoop:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(asyncio.events, "new_event_loop", no_more_files)
    with pytest.raises(StoreUnavailable, match="Too many open files"):
        TemporalEngine.open("temporal://127.0.0.1:1", seconds=5)


@pytest.mark.parametrize(
    ("url", "why"),
    [("127.0.0.1", "^url: write temporal://"), ("temporal://127.0.0.1:1", "^no worker can run at")],
)
def test_a_worker_that_cannot_run_says_why_in_a_line(url: str, why: str) -> None:
    """A URL that is none, or a server that is not there, ends the program by a sentence and not by a traceback."""
    with pytest.raises(SystemExit, match=why):
        main(url)
