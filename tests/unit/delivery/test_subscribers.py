"""Who gets what: subscriptions, what they filter, and that a supplier gets its own tracks alone."""

import logging
import sqlite3
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, UnknownWorkflow, load_workflow
from proeftuin.delivery import Subscriber
from proeftuin.delivery.subscribers import recall
from proeftuin.storage.memory import MemoryStore
from tests.unit.delivery.catching import Catching, Play
from tests.unit.engines import FLOW, LEAD, REF, SELLER, placed, sqlite_url

PLACEMENT = {"participant": REF, "start": "2026-03-01", "kind": "training"}


def test_a_subscription_is_kept(tmp_path: Any) -> None:
    """What was subscribed is told back, by name, also after the store was opened anew."""
    url = sqlite_url(tmp_path)
    play = Play(url)
    kept = play.engine.subscribe("pay", types=["track.moved", "pilot.moved"], workflows=["talks"], party="acme")
    play.engine.subscribe("hr")
    play.engine.close()
    again = Play(url)
    expected = Subscriber("pay", ("pilot.moved", "track.moved"), ("talks",), "acme")
    assert (expected, (Subscriber("hr"), expected)) == (kept, again.engine.subscriptions())
    again.engine.close()


def test_a_subscription_can_be_changed_and_goes_on() -> None:
    """Subscribing again under the same name changes what is wanted, and forgets nothing of how far it was."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=1)
    play.deliver(hr=sink)
    play.engine.subscribe("hr", types=["pilot.moved"], start="beginning")
    play.notes(pilot)
    play.engine.fire(pilot, "talk", actor=LEAD)
    assert (1, 0, False) == play.deliver(hr=sink)
    assert [1, 2, 4] == [one.version for one in sink.events]


def test_unsubscribing_forgets_the_lanes() -> None:
    """After it nothing is delivered under that name; a second time there is nothing to forget."""
    play = Play()
    play.engine.subscribe("hr")
    play.pilot()
    assert (True, False, ()) == (
        play.engine.unsubscribe("hr"),
        play.engine.unsubscribe("hr"),
        play.engine.subscriptions(),
    )
    with pytest.raises(BadArgument, match="nobody subscribed as 'hr'"):
        play.engine.lag("hr")


def test_lanes_without_a_subscription_hinder_no_new_one(tmp_path: Path) -> None:
    """Who fans out while somebody unsubscribes leaves lanes behind, which are forgotten when that name comes again."""
    play, sink = Play(sqlite_url(tmp_path)), Catching()
    play.engine.subscribe("hr")
    play.pilot()
    play.deliver(hr=sink)
    connection = sqlite3.connect(tmp_path / "pilots.db")
    connection.execute("DELETE FROM subscriptions")
    connection.commit()
    connection.close()
    play.engine.subscribe("hr", start="beginning")
    assert (1, 0, False) == play.deliver(hr=sink)
    assert [1, 1] == [one.version for one in sink.events]
    play.engine.close()


def test_pilots_that_somebody_holds_keep_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the same ones are looked at again and again, what lanes know of already is delivered, and there is more."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    play.pilot()
    real = MemoryStore.fan_out

    def fan_out(self: MemoryStore, tenant: str, *, now: datetime, limit: int = 100) -> int:
        real(self, tenant, now=now, limit=limit)
        return limit

    monkeypatch.setattr(MemoryStore, "fan_out", fan_out)
    assert (1, 0, True) == play.deliver(hr=sink)


def test_tenants_have_their_own_subscriptions() -> None:
    """What one tenant subscribed to is nothing to another one."""
    play, sink = Play(), Catching()
    other = play.engine.for_tenant("other")
    play.engine.subscribe("hr")
    play.pilot()
    assert ((), 1) == (other.subscriptions(), play.engine.deliver({"hr": sink}).done)
    with pytest.raises(BadArgument, match="nobody subscribed"):
        other.deliver({"hr": sink})


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"types": ["pilot.move"]}, "did you mean 'pilot.moved'"),
        ({"types": ["xyzzy"]}, "there are pilot.started, "),
        ({"types": []}, "at least one"),
        ({"types": "pilot.moved"}, "several names"),
        ({"types": 5}, "several names"),
        ({"types": [5]}, "must be text"),
        ({"workflows": []}, "at least one"),
        ({"workflows": "talks"}, "several names"),
        ({"workflows": ["talks@1"]}, "names a version"),
        ({"start": "yesterday"}, "must be one of now, beginning"),
        ({"party": ""}, "1 to 255"),
        ({"name": ""}, "1 to 255"),
        ({"name": "a\nb"}, "control characters"),
    ],
    ids=str,
)
def test_a_subscription_that_makes_no_sense_is_refused(wrong: dict[str, Any], why: str) -> None:
    """A misspelt type, an empty list and a name that is none are told before anything is kept."""
    play = Play()
    with pytest.raises(BadArgument, match=why):
        play.engine.subscribe(wrong.pop("name", "hr"), **wrong)
    assert () == play.engine.subscriptions()


def test_an_unknown_workflow_is_told() -> None:
    """A workflow that nobody knows would never match, so it is refused."""
    with pytest.raises(UnknownWorkflow, match="tlaks"):
        Play().engine.subscribe("hr", workflows=["tlaks"])


def test_types_that_are_not_wanted_are_passed_over() -> None:
    """Only the wanted types are sent, and the lane is at the end all the same."""
    play, sink = Play(), Catching(batch=10)
    play.engine.subscribe("hr", types=["pilot.moved"])
    pilot = play.pilot(notes=2)
    assert (0, 0, False) == play.deliver(hr=sink)
    assert (3, None, []) == (play.lane("hr", pilot).delivered, play.lane("hr", pilot).due, sink.tried)
    play.engine.fire(pilot, "talk", actor=LEAD)
    play.notes(pilot)
    assert (1, 0, False) == play.deliver(hr=sink)
    assert ([4], 5) == ([one.version for one in sink.events], play.lane("hr", pilot).delivered)


def test_workflows_that_are_not_wanted_are_passed_over() -> None:
    """Only the pilots of the wanted workflows are sent, also when the first event was long ago."""
    play, sink = (
        Play(workflows=[load_workflow(FLOW), load_workflow(FLOW.replace("workflow: talks", "workflow: other"))]),
        Catching(batch=10),
    )
    pilots = [play.engine.start(name, actor=LEAD, data={"title": "T"}).pilot.id for name in ("talks", "other")]
    play.engine.subscribe("hr", workflows=["other"])
    for one in pilots:
        play.notes(one)
    assert (1, 0, False) == play.deliver(hr=sink)
    assert [(pilots[1], "other")] == [(one.pilot, one.workflow) for one in sink.events]
    assert 0 == play.engine.lag("hr").behind


def test_a_pilot_is_remembered_by_its_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few pilots are remembered, each event names its workflow."""
    monkeypatch.setattr("proeftuin.heads.NAMES", 1)
    play, sink = Play(), Catching()
    pilots = [play.pilot() for _ in range(3)]
    play.engine.subscribe("hr")
    for one in pilots * 2:
        play.notes(one)
    play.deliver(hr=sink)
    assert ["talks"] * 6 == [one.workflow for one in sink.events]


# -- suppliers ---------------------------------------------------------------------------------------------------------


def test_a_supplier_gets_its_own_tracks_alone() -> None:
    """A supplier gets what happens on its tracks and to a pilot where it has one, as it sees it; nothing of others."""
    play, sink, whole = Play(), Catching(batch=100), Catching(batch=100)
    play.engine.subscribe("acme", party="acme")
    play.engine.subscribe("all")
    pilot, stranger = play.pilot(notes=1), play.pilot(notes=1)
    fire = play.engine.fire
    fire(pilot, "identify", actor=LEAD, track="rival")
    fire(pilot, "identify", actor=LEAD, track="acme")
    fire(pilot, "remark", actor=LEAD, track="rival", data={"text": "theirs"})
    fire(pilot, "remark", actor=SELLER, track="acme", data={"text": "ours"})
    fire(pilot, "details", actor=LEAD, data={"sector": "food"})
    fire(pilot, "place", actor=SELLER, track="acme", data=PLACEMENT)
    play.deliver(acme=sink, all=whole)
    assert {pilot} == {one.pilot for one in sink.events}
    assert [
        ("track.opened", "acme"),
        ("record.added", "acme"),
        ("pilot.changed", None),
        ("record.added", "acme"),
    ] == [(one.type, one.track) for one in sink.events]
    assert "theirs" not in repr(sink.parcels)
    assert {one.id: one.body for one in whole.events}.items() >= {one.id: one.body for one in sink.events}.items()
    assert {pilot, stranger} == {one.pilot for one in whole.events}


def test_what_a_supplier_gets_does_not_depend_on_when_it_is_sent() -> None:
    """Sent at once or all at the end, in one piece or in many, a supplier gets the same."""
    play, prompt, late = Play(), Catching(), Catching(batch=100)
    play.engine.subscribe("acme", party="acme")
    play.engine.subscribe("again", party="acme")
    pilot = play.pilot()
    for trigger, track in (("identify", "acme"), ("identify", "rival"), ("remark", "acme"), ("remark", "rival")):
        data = {"text": "x"} if trigger == "remark" else None
        play.engine.fire(pilot, trigger, actor=LEAD, track=track, data=data)
        play.deliver(acme=prompt)
    play.deliver(again=late)
    assert [one.body for one in prompt.events] == [one.body for one in late.events]


LOTS = Path(__file__).parents[2] / "data" / "lots.yaml"


def test_a_supplier_gets_what_happens_while_a_track_is_its_own() -> None:
    """A lot is nobody's before its award and after it is taken back: only what lies between is the winner's."""
    play, acme, rival = Play(workflows=[LOTS]), Catching(batch=100), Catching(batch=100)
    play.engine.subscribe("acme", party="acme")
    play.engine.subscribe("rival", party="rival")
    pilot = play.engine.start("lots", actor=LEAD, data={"title": "Food"}).pilot.id
    fire = partial(play.engine.fire, pilot, actor=LEAD)
    fire("open_lot", track="north", data={"value": 100_000})
    fire("award", track="north", data={"winner": "acme"})
    fire("retender", track="north")
    fire("award", track="north", data={"winner": "rival"})
    contract = {"deal": "d-1", "seller": "rival", "price": "9.50"}
    fire("contract", track="north", data=contract)
    fire("contract", actor=Actor("seller-2", roles={"seller"}, party="rival"), track="north", data=None)
    play.deliver(acme=acme, rival=rival)
    assert [("award", "north"), ("retender", "north")] == [(one.trigger, one.track) for one in acme.events]
    assert {"award", "contract"} == {one.trigger for one in rival.events}
    assert {"north", "d-1"} == {one.track for one in rival.events}
    assert "rival" not in repr(acme.parcels)


def test_no_participant_is_delivered(caplog: pytest.LogCaptureFixture) -> None:
    """The ref of a participant is in no parcel and in no log; the subject stands for it."""
    play, sink = Play(), Catching()
    play.engine.subscribe("hr")
    with caplog.at_level(logging.DEBUG):
        pilot = play.pilot()
        play.engine.fire(pilot, "identify", actor=LEAD, track="acme")
        placed(play.engine, pilot)
        play.deliver(hr=sink)
    assert "s1" == next(one for one in sink.events if one.type == "record.added").data["fields"]["participant"]
    assert REF not in repr(sink.parcels)
    assert REF not in repr([vars(one) for one in caplog.records])


def test_what_a_later_version_keeps_of_a_subscription_is_read() -> None:
    """A body without a word of filters is a subscription to everything."""
    kept = Subscriber("hr").kept()
    assert (b"{}", Subscriber("hr"), True) == (kept.body, recall(kept), recall(kept).whole)
    assert (False, False) == (Subscriber("hr", types=("pilot.moved",)).whole, Subscriber("hr", party="acme").whole)


def test_nobody_subscribes_inside_a_transaction_of_the_host(tmp_path: Path) -> None:
    """What others commit meanwhile could be missed there, so it is told to use the engine outside."""
    play = Play(sqlite_url(tmp_path))
    connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        inside = play.engine.using(connection)
        for one in (inside, inside.for_tenant("other")):
            with pytest.raises(BadArgument, match="inside a transaction of yours"):
                one.subscribe("hr")
            with pytest.raises(BadArgument, match="inside a transaction of yours"):
                one.deliver({})
    finally:
        connection.close()
        play.engine.close()


@pytest.mark.parametrize("limit", [0, 1001, True, "5"])
def test_a_page_of_lanes_has_bounds(limit: Any) -> None:
    """A page has 1 to 1000 lanes."""
    play = Play()
    play.engine.subscribe("hr")
    with pytest.raises(BadArgument, match="from 1 to 1000"):
        play.engine.lanes("hr", limit=limit)


def test_lanes_come_in_pages() -> None:
    """Behind the last lane of a page the next one begins."""
    play = Play()
    play.engine.subscribe("hr", start="beginning")
    pilots = sorted(play.pilot() for _ in range(5))
    play.deliver(hr=Catching())
    first = play.engine.lanes("hr", limit=3)
    rest = play.engine.lanes("hr", limit=3, after=first[-1].pilot_id)
    assert pilots == [one.pilot_id for one in (*first, *rest)]


def test_a_version_is_of_one_pilot() -> None:
    """Resending from a version needs a pilot, and a version that can be."""
    play = Play()
    play.engine.subscribe("hr")
    with pytest.raises(BadArgument, match="say which"):
        play.engine.resend("hr", after=1)
    with pytest.raises(BadArgument, match="whole number"):
        play.engine.resend("hr", "p", after=-1)
    assert 0 == play.engine.resend("hr")
