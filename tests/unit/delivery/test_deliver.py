"""deliver: what a sink gets, in which order, and what becomes of what did not arrive."""

import json
import logging
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from proeftuin import BadArgument, Blocker, Reentered, StoreUnavailable
from proeftuin.delivery import Schedule
from proeftuin.delivery.courier import CHUNK, REST, TOGETHER
from proeftuin.spi import Before, Committed, Parcel
from proeftuin.storage import open_store
from tests.unit.delivery.catching import Catching, Play, failing, raising
from tests.unit.engines import LEAD, Wrapped, engine, sqlite_url, start

ONCE = Schedule(attempts=1)


def test_a_sink_gets_the_events_of_a_pilot_in_order() -> None:
    """Each event comes once, in order of version, and what came is not sent again."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=3)
    assert (4, 0, False) == play.deliver(hr=sink)
    assert [f"{pilot}-{version}" for version in (1, 2, 3, 4)] == sink.ids
    assert (0, 0, False) == play.deliver(hr=sink)
    play.notes(pilot)
    assert (1, 0, False) == play.deliver(hr=sink)
    assert f"{pilot}-5" == sink.ids[-1]


def test_an_envelope_says_what_the_log_says() -> None:
    """The fields of an envelope are those of the event, and its body holds the same as canonical JSON."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    pilot = start(play.engine, data={"title": "Café"})
    play.deliver(hr=sink)
    (event,) = play.engine.history(pilot)
    (one,) = sink.events
    names = ("id", "type", "version", "at", "on", "actor", "role", "trigger", "track", "data", "digest")
    assert {name: getattr(event, name) for name in names} == {name: getattr(one, name) for name in names}
    assert ("default", pilot, "talks") == (one.tenant, one.pilot, one.workflow)
    body = json.loads(one.body)
    told = {name: getattr(one, name) for name in (*names, "tenant", "pilot", "workflow")}
    told |= {"at": "2026-03-02T09:00:00Z", "on": "2026-03-02", "data": json.loads(json.dumps(event.data))}
    assert told == body
    assert one.body == json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_parcel_says_for_whom_it_is() -> None:
    """A parcel holds the subscriber, tenant, pilot, the number of the attempt and how long the call may take."""
    play = Play(tenant="uu")
    sink = Catching(seconds=2, fails=failing())
    play.engine.subscribe("hr")
    pilot = play.pilot()
    play.deliver(hr=sink)
    play.clock.pass_(hours=1)
    play.deliver(hr=sink)
    assert [("hr", "uu", pilot, 1, 2.0), ("hr", "uu", pilot, 2, 2.0)] == [
        (one.subscriber, one.tenant, one.pilot, one.attempt, one.seconds) for one in sink.tried
    ]


def test_a_sink_gets_several_events_in_a_call_where_it_says_so() -> None:
    """With a batch of three, five events come in two calls."""
    play, sink = Play(), Catching(batch=3)
    play.engine.subscribe("hr")
    play.pilot(notes=4)
    play.deliver(hr=sink)
    assert [[1, 2, 3], [4, 5]] == [[one.version for one in parcel.events] for parcel in sink.parcels]


def test_a_sink_without_a_batch_or_a_time_gets_one_event_in_ten_seconds() -> None:
    """An object with nothing but `send` is a sink."""
    got: list[Parcel] = []
    play = Play()
    play.engine.subscribe("hr")
    play.pilot(notes=1)
    play.deliver(hr=type("Plain", (), {"send": lambda _, parcel: got.append(parcel)})())
    assert [(1, 10.0), (1, 10.0)] == [(len(one.events), one.seconds) for one in got]


def test_a_subscription_begins_now_or_at_the_beginning() -> None:
    """A new subscription gets what is committed from then on, or everything."""
    play, new, whole = Play(), Catching(), Catching()
    pilot = play.pilot(notes=1)
    play.engine.subscribe("new")
    play.engine.subscribe("whole", start="beginning")
    play.notes(pilot)
    play.deliver(new=new, whole=whole)
    assert ([3], [1, 2, 3]) == ([one.version for one in new.events], [one.version for one in whole.events])


# -- what fails --------------------------------------------------------------------------------------------------------


def test_a_lane_stops_at_its_first_failure_and_goes_on_later() -> None:
    """What stands behind a failure waits for it, and comes after it, in order."""
    play, sink = Play(), Catching(fails=failing(3))
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=4)
    assert (2, 1, False) == play.deliver(hr=sink)
    lane = play.lane("hr", pilot)
    assert (2, 5, 1, False, "the door is closed") == (
        lane.delivered,
        lane.target,
        lane.attempts,
        lane.parked,
        lane.error,
    )
    sink.fails = failing(99)
    assert (0, 0, False) == play.deliver(hr=sink)
    play.clock.pass_(seconds=5)
    assert (3, 0, False) == play.deliver(hr=sink)
    assert [1, 2, 3, 4, 5] == [one.version for one in sink.events]
    assert (0, None) == (play.lane("hr", pilot).attempts, play.lane("hr", pilot).error)


def test_a_repeat_is_the_same_byte_for_byte() -> None:
    """An event that is sent again has the same id and body, whatever happened to its pilot meanwhile."""
    play = Play()
    sink = Catching(fails=raising(OSError))
    play.engine.subscribe("hr")
    pilot = play.pilot()
    for _ in range(3):
        play.deliver(hr=sink)
        play.notes(pilot)
        play.clock.pass_(hours=1)
    first = [parcel.events[0] for parcel in sink.tried]
    assert 3 == len(first)
    assert 1 == len({(one.id, one.body) for one in first})


def test_a_part_of_a_batch_may_arrive() -> None:
    """What the sink tells to have arrived is not sent again."""
    play, sink = Play(), Catching(batch=10, fails=failing(delivered=2))
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=3)
    assert (2, 1, False) == play.deliver(hr=sink)
    assert (2, 1) == (play.lane("hr", pilot).delivered, play.lane("hr", pilot).attempts)


@pytest.mark.parametrize("how", [{"permanent": True}, {"retry_after": timedelta(hours=1)}, {}])
def test_where_everything_arrived_nothing_failed(how: dict[str, Any]) -> None:
    """A failure by which the last event arrived, with none behind it that is wanted, is none, and parks no lane."""
    play, sink = Play(), Catching(batch=2, fails=failing(3, delivered=3, **how))
    play.engine.subscribe("hr", types=["pilot.started", "record.added"])
    pilot = play.pilot(notes=2)
    play.engine.fire(pilot, "talk", actor=LEAD)
    assert (3, 0, False) == play.deliver(hr=sink)
    lane = play.lane("hr", pilot)
    assert (4, False, None) == (lane.delivered, lane.parked, lane.error)


def test_a_failure_with_something_behind_it_holds_whatever_arrived() -> None:
    """A sink that takes an event and asks for time before the next one is given it."""
    play, sink = Play(), Catching(fails=failing(2, delivered=2, retry_after=timedelta(hours=1)))
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=2)
    assert (2, 1, False) == play.deliver(hr=sink)
    lane = play.lane("hr", pilot)
    assert (2, play.clock.at + timedelta(hours=1)) == (lane.delivered, lane.due)


@pytest.mark.parametrize("delivered", [0, 9, -1, True, "2", [2], None])
def test_a_sink_cannot_tell_what_it_was_not_given(delivered: Any) -> None:
    """A version that was not in the parcel does not move the lane."""
    play, sink = Play(), Catching(batch=10, fails=failing(delivered=delivered))
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=3)
    assert (0, 1, False) == play.deliver(hr=sink)
    assert 0 == play.lane("hr", pilot).delivered


def test_waits_follow_the_schedule() -> None:
    """After each failure the lane is due when the schedule says, and after the last one it is parked."""
    play, sink = Play(), Catching(fails=failing())
    schedule = Schedule(first=timedelta(seconds=8), factor=2, longest=timedelta(seconds=20), attempts=4)
    play.engine.subscribe("hr")
    pilot = play.pilot()
    chance = int.from_bytes(b"sixt") / 0xFFFFFFFF
    for wait in (8, 16, 20):
        play.deliver(schedule, hr=sink)
        assert play.clock.at + timedelta(seconds=wait) * (0.5 + chance / 2) == play.lane("hr", pilot).due
        play.clock.pass_(seconds=20)
    play.deliver(schedule, hr=sink)
    lane = play.lane("hr", pilot)
    assert (None, True, 4) == (lane.due, lane.parked, lane.attempts)


def test_a_subscriber_may_ask_for_more_time() -> None:
    """A lane waits at least as long as the sink was told to."""
    play, sink = Play(), Catching(fails=failing(retry_after=timedelta(minutes=7)))
    play.engine.subscribe("hr")
    pilot = play.pilot()
    play.deliver(hr=sink)
    assert play.clock.at + timedelta(minutes=7) == play.lane("hr", pilot).due


def test_what_is_of_no_use_to_try_again_is_parked_at_once() -> None:
    """A permanent failure sets its own lane aside; all others go on."""
    play = Play()
    play.engine.subscribe("hr")
    poison, good = play.pilot(), play.pilot()
    sink = Catching(fails=lambda parcel: failing(permanent=True)(parcel) if parcel.pilot == poison else None)
    assert (1, 1, False) == play.deliver(hr=sink)
    assert (True, False) == (play.lane("hr", poison).parked, play.lane("hr", good).parked)
    assert [poison] == [one.pilot_id for one in play.engine.lanes("hr", parked=True)]


def test_a_parked_lane_goes_on_in_order_when_it_is_resent() -> None:
    """What came meanwhile waits behind what failed; resending wakes the lane, and everything arrives in order."""
    play, sink = Play(), Catching(fails=failing(2))
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=1)
    play.deliver(ONCE, hr=sink)
    play.notes(pilot, 2)
    play.clock.pass_(days=30)
    assert (0, 0, False) == play.deliver(ONCE, hr=sink)
    assert (1, 1, 1) == (play.engine.lag("hr").lanes, play.engine.lag("hr").behind, play.engine.lag("hr").parked)
    sink.fails = failing(99)
    assert 1 == play.engine.resend("hr")
    assert (3, 0, False) == play.deliver(ONCE, hr=sink)
    assert [1, 2, 3, 4] == [one.version for one in sink.events]


def test_a_history_is_sent_again_from_any_version() -> None:
    """Resending from behind a version repeats what stands behind it, 0 being everything."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    pilot, other = play.pilot(notes=2), play.pilot()
    play.deliver(hr=sink)
    assert 1 == play.engine.resend("hr", pilot, after=1)
    play.deliver(hr=sink)
    assert [2, 3] == [one.version for one in sink.events][-2:]
    assert 1 == play.engine.resend("hr", pilot, after=0)
    play.deliver(hr=sink)
    assert 4 + 2 + 3 == len(sink.events)
    assert 1 == sink.ids.count(f"{other}-1")
    assert 0 == play.engine.resend("hr", "no-such-pilot")


def test_a_subscriber_that_is_down_costs_few_lanes_an_attempt() -> None:
    """After a few failures in a row the rest stays due, untried, and all of it comes when the subscriber is back."""
    play, sink = Play(), Catching(fails=raising(ConnectionError))
    play.engine.subscribe("hr")
    pilots = [play.pilot() for _ in range(TOGETHER + 5)]
    assert (0, REST, False) == play.deliver(hr=sink)
    assert REST == len(sink.tried)
    assert REST == sum(one.attempts for one in play.engine.lanes("hr"))
    sink.fails = failing(99)
    assert (len(pilots) - REST, 0, False) == play.deliver(hr=sink)
    play.clock.pass_(seconds=5)
    assert (REST, 0, False) == play.deliver(hr=sink)


def test_a_dead_subscriber_stops_nobody_else() -> None:
    """Beside one that always fails, another one gets everything in the same round."""
    play, dead, good = Play(), Catching(fails=raising(TimeoutError)), Catching()
    play.engine.subscribe("dead")
    play.engine.subscribe("good")
    for _ in range(30):
        play.pilot()
    assert (30, REST, False) == play.deliver(dead=dead, good=good)
    assert (0, 30) == (play.engine.lag("good").behind, play.engine.lag("dead").behind)


def test_what_failed_is_logged_by_its_type_alone(caplog: pytest.LogCaptureFixture) -> None:
    """The log names subscriber, pilot, version and type; the lane keeps no more of a stranger's exception either."""
    play, sink = Play(), Catching(fails=raising(RuntimeError("secret whsec_1234")))
    play.engine.subscribe("hr")
    pilot = play.pilot()
    with caplog.at_level(logging.DEBUG):
        play.deliver(hr=sink)
    (record,) = (vars(one) for one in caplog.records if one.getMessage() == "not-delivered")
    assert ("hr", pilot, 1, "RuntimeError", False) == tuple(
        record[name] for name in ("subscriber", "pilot", "version", "error", "parked")
    )
    assert "RuntimeError" == play.lane("hr", pilot).error
    assert "whsec" not in repr([vars(one) for one in caplog.records])


# -- limits ------------------------------------------------------------------------------------------------------------


def test_a_limit_counts_lanes() -> None:
    """With a limit so many lanes are brought, and it is told that there may be more."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    for _ in range(3):
        play.pilot()
    assert (2, 0, True) == _work(play.engine.deliver({"hr": sink}, 2))
    assert (1, 0, False) == _work(play.engine.deliver({"hr": sink}, 2))


def _work(work: Any) -> tuple[int, int, bool]:
    return work.done, work.failed, work.more


def test_a_long_history_is_brought_in_pieces() -> None:
    """A lane with more than is read in one go is let go of in between, so that others come first."""
    play, sink = Play(), Catching(batch=CHUNK)
    play.engine.subscribe("hr")
    long = play.pilot(notes=CHUNK)
    play.clock.pass_(seconds=1)
    short = play.pilot()
    assert (CHUNK + 2, 0, False) == play.deliver(hr=sink)
    assert [(long, CHUNK), (short, 1), (long, 1)] == [(one.pilot, len(one.events)) for one in sink.parcels]


def test_a_round_ends_when_it_is_told_to() -> None:
    """Once `stop` says yes, the call that is out is noted, and what is claimed is let go of."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    for _ in range(4):
        play.pilot(notes=2)
    work = play.engine.deliver({"hr": sink}, stop=lambda: len(sink.tried) > 3)
    assert (4, 0, True) == _work(work)
    lanes = play.engine.lanes("hr")
    assert ([3, 1, 0, 0], [False] * 4) == ([one.delivered for one in lanes], [one.claimed for one in lanes])
    assert (8, 0, False) == play.deliver(hr=sink)


def test_a_round_that_was_stopped_before_does_nothing() -> None:
    """Where `stop` says yes from the start, nothing is claimed."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    play.pilot()
    assert (0, 0, True) == _work(play.engine.deliver({"hr": sink}, stop=lambda: True))
    assert [] == sink.tried


def test_a_round_takes_no_longer_than_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """When its time is over a round ends, with a word that there is more, and lets go of what it claimed."""
    times = iter([0.0, 0.0, 1.0, 2.0, 3.0, 31.0])
    monkeypatch.setattr("proeftuin.delivery.courier.monotonic", lambda: next(times, 31.0))
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    play.pilot()
    for _ in range(3):
        play.clock.pass_(seconds=1)
        play.pilot(notes=2)
    assert (3, 0, True) == play.deliver(hr=sink)
    lanes = play.engine.lanes("hr")
    assert ([1, 2, 0, 0], [False] * 4) == ([one.delivered for one in lanes], [one.claimed for one in lanes])


def test_whoever_interrupts_gets_an_orderly_end() -> None:
    """An interrupt while a call is out is raised when that call was noted and the other lanes were let go of."""
    play = Play()
    play.engine.subscribe("hr")
    for _ in range(3):
        play.pilot()
    main = threading.main_thread()

    class Interrupting:
        calls = 0

        def send(self, parcel: Parcel) -> None:
            self.calls += 1
            if self.calls == 1:
                signal_main()

    def signal_main() -> None:
        import signal  # noqa: PLC0415  # the one use here

        signal.pthread_kill(main.ident or 0, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        play.engine.deliver({"hr": Interrupting()})
    assert [False] * 3 == [one.claimed for one in play.engine.lanes("hr")]
    assert 2 >= play.engine.lag("hr").behind


def test_where_no_thread_can_be_had_the_others_end_in_good_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A courier that cannot begin is told as Python tells it, when those that did begin have let go of their lanes."""
    play, sink = Play(), Catching()
    play.engine.subscribe("first")
    play.engine.subscribe("second")
    play.pilot()
    real, started = threading.Thread.start, list[str]()

    def begin(thread: threading.Thread) -> None:
        started.append(thread.name)
        if thread.name == "proeftuin-courier" and started.count(thread.name) == 2:  # one that calls a sink may begin
            message = "can't start new thread"
            raise RuntimeError(message)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", begin)
    with pytest.raises(RuntimeError, match="new thread"):
        play.deliver(first=sink, second=Catching())
    assert [False, False] == [one.claimed for name in ("first", "second") for one in play.engine.lanes(name)]


# -- who may call it, and how ------------------------------------------------------------------------------------------


class Lost(Wrapped):
    """A store without lanes."""


def test_a_store_without_lanes_cannot_deliver() -> None:
    """Subscribing on a store that keeps no lanes is refused with what would help."""
    play = Play(Lost(open_store("memory://")))
    with pytest.raises(BadArgument, match="keeps no lanes"):
        play.engine.subscribe("hr")


def test_a_sink_that_nobody_subscribed_for_is_refused() -> None:
    """A name without a subscription is told, beside the names that there are."""
    play = Play()
    with pytest.raises(BadArgument, match="nobody subscribed as 'hr'; there is nobody"):
        play.deliver(hr=Catching())
    play.engine.subscribe("payroll")
    with pytest.raises(BadArgument, match="there is payroll"):
        play.deliver(hr=Catching())


def test_who_subscribes_just_now_is_delivered_to_in_the_next_round() -> None:
    """A subscription that comes between two looks at the store is one that there is not, or one that there is."""

    class Late(Failing):
        def __getattr__(self, name: str) -> Any:
            return self._nobody_yet if name == self.broken else getattr(self.inner, name)

        def _nobody_yet(self, tenant: str) -> tuple[()]:
            self.broken = ""
            return ()

    store = Late(open_store("memory://"))
    play = Play(store)
    play.engine.subscribe("hr")
    store.broken = "subscriptions"
    with pytest.raises(BadArgument, match="nobody subscribed as 'hr'; there is nobody"):
        play.deliver(hr=Catching())
    assert (0, 0, False) == play.deliver(hr=Catching())


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (object(), "has no method send"),
        (Catching(batch=0), "`batch`"),
        (Catching(batch=True), "`batch`"),
        (Catching(batch=2.0), "`batch`"),  # type: ignore[arg-type]  # the mistake is the point
        (Catching(seconds=0), "`seconds`"),
        (Catching(seconds=61), "`seconds`"),
        (Catching(seconds=True), "`seconds`"),
        (Catching(seconds="5"), "`seconds`"),  # type: ignore[arg-type]  # the mistake is the point
    ],
    ids=["nothing", "none", "true", "float", "no time", "too long", "flag", "text"],
)
def test_what_is_no_sink_is_refused_before_anything_is_sent(wrong: Any, why: str) -> None:
    """An object without `send`, or with numbers that make no sense, is told at once."""
    play, good = Play(), Catching()
    play.engine.subscribe("good")
    play.engine.subscribe("hr")
    play.pilot()
    with pytest.raises(BadArgument, match=why):
        play.deliver(good=good, hr=wrong)
    assert [] == good.tried


@pytest.mark.parametrize("limit", [0, -1, True, "5", 1.0])
def test_a_limit_is_a_number_of_lanes(limit: Any) -> None:
    """A limit that is no number of lanes is refused."""
    with pytest.raises(BadArgument, match="limit"):
        Play().engine.deliver({}, limit)


def test_nothing_is_delivered_from_inside_a_transaction() -> None:
    """A `before` hook that delivers is told so, since what it saw is not written yet."""

    class Eager:
        play: Play

        def before(self, moment: Before) -> Blocker | None:
            with pytest.raises(Reentered):
                self.play.engine.deliver({})
            return None

    hook = Eager()
    hook.play = play = Play(hooks=[hook])
    play.pilot()


def test_a_sink_may_write_to_the_engine() -> None:
    """A sink is called outside every transaction, so it may fire; what that leaves is delivered in its turn."""
    play = Play()
    play.engine.subscribe("hr")

    class Answering(Catching):
        def send(self, parcel: Parcel) -> None:
            super().send(parcel)
            if parcel.events[0].type == "pilot.started":
                play.engine.fire(parcel.pilot, "note", actor=LEAD, data={"text": "seen"})

    sink = Answering()
    play.pilot()
    play.deliver(hr=sink)
    play.deliver(hr=sink)
    assert ["pilot.started", "record.added"] == [one.type for one in sink.events]


def test_a_committed_hook_may_deliver_at_once() -> None:
    """After the commit a hook may deliver, so that nobody has to wait for the next round."""
    sink = Catching()

    class Prompt:
        play: Play

        def committed(self, moment: Committed) -> None:
            self.play.deliver(hr=sink)

    hook = Prompt()
    hook.play = play = Play(hooks=[hook])
    play.engine.subscribe("hr")
    play.pilot(notes=1)
    assert [1, 2] == [one.version for one in sink.events]


class Failing(Wrapped):
    """A store whose lanes cannot be reached at some moment."""

    broken = ""

    def __getattr__(self, name: str) -> Any:
        return _gone if name == self.broken else getattr(self.inner, name)


def _gone(*given: object, **more: object) -> None:
    raise StoreUnavailable("gone")


@pytest.mark.parametrize("broken", ["fan_out", "claim", "settle"])
def test_what_goes_wrong_with_the_store_is_raised(broken: str) -> None:
    """A store that fails is told to who delivers, and what it had not noted comes again later."""
    store = Failing(open_store("memory://"))
    play, sink = Play(store), Catching()
    play.engine.subscribe("hr")
    play.pilot()
    store.broken = broken
    with pytest.raises(StoreUnavailable, match="gone"):
        play.deliver(hr=sink)
    store.broken = ""
    play.clock.pass_(minutes=1)
    assert (1, 0, False) == play.deliver(hr=sink)


def test_an_event_that_cannot_be_read_stops_its_own_lane(tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    """What stands before a damaged event arrives, the lane is parked with its place, and other pilots go on."""
    play, sink = Play(sqlite_url(tmp_path), cache=0), Catching()
    play.engine.subscribe("hr")
    damaged, whole = play.pilot(notes=3), play.pilot(notes=3)
    connection = sqlite3.connect(tmp_path / "pilots.db")
    connection.execute("UPDATE events SET body = ? WHERE pilot_id = ? AND version = 3", (b"{", damaged))
    connection.commit()
    connection.close()
    assert (6, 1, False) == play.deliver(hr=sink)
    lane = play.lane("hr", damaged)
    assert (2, True) == (lane.delivered, lane.parked)
    assert f"event 3 of pilot {damaged!r} cannot be read" in lane.error
    assert 4 == play.lane("hr", whole).delivered
    play.engine.close()


def test_a_hole_in_a_history_stops_its_own_lane(tmp_path: Any) -> None:
    """Of pilots that a supplier takes part in one that lost an event is parked with its place; the others arrive."""
    play, sink = Play(sqlite_url(tmp_path), cache=0), Catching()
    play.engine.subscribe("acme", party="acme")
    pilots = [play.pilot() for _ in range(3)]
    for one in pilots:
        play.engine.fire(one, "identify", actor=LEAD, track="acme")
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
        connection.execute("DELETE FROM events WHERE pilot_id = ? AND version = 1", (pilots[0],))
    assert (2, 1, False) == play.deliver(acme=sink)
    lane = play.lane("acme", pilots[0])
    assert (0, True, False) == (lane.delivered, lane.parked, lane.claimed)
    assert f"event 2 of pilot {pilots[0]!r} cannot be folded" in lane.error
    assert pilots[1:] == [one.pilot for one in sink.events]
    play.engine.close()


def test_an_event_of_which_no_envelope_can_be_made_stops_its_own_lane(tmp_path: Any) -> None:
    """Whatever goes wrong as an event is made ready is a failure of its lane, and no more than the type is kept."""
    play, sink = Play(sqlite_url(tmp_path), cache=0), Catching()
    play.engine.subscribe("hr")
    damaged, whole = play.pilot(), play.pilot()
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
        lost = "UPDATE events SET body = replace(body, '\"workflow\"', '\"workflaw\"') WHERE pilot_id = ?"
        connection.execute(lost, (damaged,))
    assert (1, 1, False) == play.deliver(hr=sink)
    lane = play.lane("hr", damaged)
    assert (0, False, False, "KeyError") == (lane.delivered, lane.parked, lane.claimed, lane.error)
    assert [whole] == [one.pilot for one in sink.events]
    play.engine.close()


def test_every_parked_lane_is_resent(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many lanes are parked, resending without naming a pilot wakes them all, and no other."""
    monkeypatch.setattr("proeftuin.delivery.PAGE", 2)
    play, sink = Play(), Catching(fails=failing(permanent=True))
    play.engine.subscribe("hr")
    for _ in range(5):
        play.pilot()
    assert (0, 5, False) == play.deliver(hr=sink)
    good = play.pilot()
    sink.fails = failing(99)
    play.deliver(hr=sink)
    assert 5 == play.engine.resend("hr")
    assert (5, 0, False) == play.deliver(hr=sink)
    assert 1 == sum(one.pilot == good for one in sink.parcels)


def test_all_pilots_with_news_are_fanned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pilots went on, one round brings what they have."""
    monkeypatch.setattr("proeftuin.delivery.FANNED", 3)
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    for _ in range(8):
        play.pilot()
    assert (8, 0, False) == play.deliver(hr=sink)


def test_an_hour_without_one_subscriber_is_an_hour_like_any_other_for_the_next() -> None:
    """While one subscriber is down the other is up to date each minute; the first is tried as planned, and resent."""
    play, dead, good = Play(), Catching(fails=raising(ConnectionError)), Catching()
    schedule = Schedule(first=timedelta(minutes=1), factor=2, longest=timedelta(minutes=16), attempts=5)
    play.engine.subscribe("dead")
    play.engine.subscribe("good")
    pilot = play.pilot()
    tried, behind = list[int](), list[int]()
    for minute in range(60):
        before = len(dead.tried)
        play.notes(pilot)
        play.deliver(schedule, dead=dead, good=good)
        tried += [minute] * (len(dead.tried) - before)
        behind.append(play.engine.lag("good").behind)
        play.clock.pass_(minutes=1)
    assert [0] * 60 == behind
    assert [1, 2, 3, 4, 5] == [one.attempt for one in dead.tried]
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert [True] * 4 == [half <= wait <= 2 * half for half, wait in zip((0.5, 1, 2, 4), waits, strict=True)]
    assert (1, True) == (play.engine.lag("dead").parked, play.lane("dead", pilot).parked)
    dead.fails = failing(99_999)
    assert 1 == play.engine.resend("dead")
    play.deliver(schedule, dead=dead)
    assert list(range(1, 62)) == [one.version for one in dead.events] == [one.version for one in good.events]


def test_a_lane_of_a_workflow_that_is_not_known_here_is_left_to_others() -> None:
    """A supplier's lane waits where this process does not know the workflow, and nothing is parked."""
    store = open_store("memory://")
    play, sink = Play(store), Catching()
    play.engine.subscribe("acme", party="acme")
    pilot = play.pilot()
    play.engine.fire(pilot, "identify", actor=LEAD, track="acme")
    store.get_workflow = lambda name, version: None  # type: ignore[attr-defined]  # as a store without definitions
    stranger = engine(store, workflows=[], time=play.clock)
    assert (0, 1, False) == _work(stranger.deliver({"acme": sink}))
    assert ("talks@1" in play.lane("acme", pilot).error, False) == (True, play.lane("acme", pilot).parked)
    play.clock.pass_(seconds=5)
    assert (1, 0, False) == play.deliver(acme=sink)


def test_a_store_that_fails_while_it_is_read_is_told() -> None:
    """An event that cannot be read for now is no failure of its lane; the round ends, and it comes later."""
    store = Failing(open_store("memory://"))
    play, sink = Play(store), Catching()
    play.engine.subscribe("hr")
    pilot = play.pilot()
    store.history = _gone  # type: ignore[assignment,method-assign]  # it fails
    with pytest.raises(StoreUnavailable, match="gone"):
        play.deliver(hr=sink)
    assert (0, False) == (play.lane("hr", pilot).attempts, play.lane("hr", pilot).parked)
