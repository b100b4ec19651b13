from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.guards import Change, Question, tracks
from proeftuin.core.pilot import Record
from proeftuin.core.workflow import Starts
from tests.unit.core.small import TODAY, a_pilot, a_track, codes_of, edge, question, record, small, supplier, use

WORKFLOW = small(tracks={"supplier": supplier(edge("talk", "seen", "talking")), "category": supplier()})
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


def asked(*held: Record, over: Any = (), params: Any = None, **parts: Any) -> Question:
    pilot = a_pilot(*held, tracks=over, workflow=WORKFLOW, **parts.pop("pilot", {}))
    return question(pilot, workflow=WORKFLOW, params=params or {}, **parts)


def only(answer: object) -> Blocker:
    (blocker,) = answer if isinstance(answer, (list, tuple)) else (answer,)
    assert isinstance(blocker, Blocker)
    return blocker


REACH = {"kind": "supplier", "states": ("agreed", "gone")}


def test_enough_tracks_have_come_far_enough() -> None:
    """Tracks of the kind in one of the states are counted, by default one is enough."""
    over = [a_track("a", "agreed"), a_track("b", "seen"), a_track("c", "agreed", kind="category")]
    assert None is tracks.tracks_reached(asked(over=over, params=REACH))
    blocker = only(tracks.tracks_reached(asked(over=over, params={**REACH, "min": 2})))
    assert ("missing-signature", "supplier", ("agreed", "gone")) == (
        blocker.code,
        blocker.needs[0].kind,
        blocker.needs[0].states,
    )


def test_undecided_tracks_are_named() -> None:
    """Each track of the kind that is still undecided is named, and would have to reach another state."""
    params = {"kind": "supplier", "undecided": ("seen", "talking", "parked")}
    over = [a_track("a", "seen"), a_track("b", "agreed"), a_track("c", "seen", kind="category")]
    blocker = only(tracks.tracks_decided(asked(over=over, params=params)))
    assert ("undecided-tracks", ("a",), ("agreed", "gone")) == (
        blocker.code,
        blocker.params["tracks"],
        blocker.needs[0].states,
    )
    assert None is tracks.tracks_decided(asked(over=over[1:], params=params))


@pytest.mark.parametrize(
    ("data", "params", "expected"),
    [
        ({}, {}, ["open", "parked"]),
        ({"carry": ("parked",)}, {}, ["open"]),
        ({"carry": ("open",)}, {}, ["open", "parked"]),
        ({"take": ("parked",)}, {"carry": "take"}, ["open"]),
        ({"carry": ("open",)}, {"parked": "agreed"}, ["parked"]),
    ],
)
def test_every_track_is_done_or_carried(data: dict[str, object], params: Any, expected: list[str]) -> None:
    """A track that is not done stands in the way, unless it is parked and carried by name."""
    over = [a_track("open", "agreed"), a_track("parked", "parked"), a_track("done", "gone")]
    answer = tracks.tracks_done(asked(over=over, data=data, params=params))
    assert isinstance(answer, list)
    assert expected == [one.track for one in answer]
    assert {("gone",)} == {one.needs[0].states for one in answer}


def test_an_open_track_is_told_with_where_it_would_be_done() -> None:
    """The track is named with the state that it is in, and would have to reach one in which it is done."""
    blocker = only(tracks.tracks_done(asked(over=[a_track("open", "agreed")])))
    assert Blocker("open-tracks", FrozenDict(state="agreed"), "open") == blocker
    assert (Need("reach", track="open", states=("gone",)),) == blocker.needs


@pytest.mark.parametrize(
    ("data", "params", "expected"),
    [
        ({"outcome": "more"}, {}, []),
        ({}, {}, []),
        ({"outcome": "ended"}, {}, ["parked"]),
        ({"how": "ended"}, {"outcome": "how"}, ["parked"]),
    ],
)
def test_only_to_a_follow_up_that_may_come_is_a_track_carried(
    data: dict[str, object], params: Any, expected: list[str]
) -> None:
    """Where follow-ups ask for another outcome than the one given, a parked track is open like any other."""
    again = edge("again", "closed", starts=Starts("small"), require=(use("outcome_was", outcome="more"),))
    flow = small(again, edge("copy", starts=None), tracks={"supplier": supplier()})
    pilot = a_pilot(tracks=[a_track("parked", "parked")], workflow=flow)
    held = question(pilot, workflow=flow, data={"carry": ("parked",), **data}, params=params)
    answer = tracks.tracks_done(held)
    assert isinstance(answer, list)
    assert expected == [one.track for one in answer]


@pytest.mark.parametrize(("outcome", "expected"), [("more", []), ("ended", ["parked"])])
def test_what_begins_no_pilot_takes_no_tracks_over(outcome: str, expected: list[str]) -> None:
    """An edge from a closed pilot that begins no other one is no follow-up, whatever the outcome it asks for."""
    asks = edge("again", "closed", starts=Starts("small"), require=(use("outcome_was", outcome="more"),))
    flow = small(asks, edge("lesson", "closed"), tracks={"supplier": supplier()})
    pilot = a_pilot(tracks=[a_track("parked", "parked")], workflow=flow)
    data = {"carry": ("parked",), "outcome": outcome}
    answer = tracks.tracks_done(question(pilot, workflow=flow, data=data))
    assert isinstance(answer, list)
    assert expected == [one.track for one in answer]


def test_a_follow_up_of_any_outcome_takes_tracks_over() -> None:
    """Where one of the follow-ups asks for no outcome, a parked track is carried whatever the outcome."""
    asks = edge("again", "closed", starts=Starts("small"), require=(use("outcome_was", outcome="more"),))
    flow = small(asks, edge("anew", "closed", starts=Starts("small")), tracks={"supplier": supplier()})
    pilot = a_pilot(tracks=[a_track("parked", "parked")], workflow=flow)
    data = {"carry": ("parked",), "outcome": "ended"}
    assert [] == tracks.tracks_done(question(pilot, workflow=flow, data=data))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (record("placement", since=YESTERDAY), True),
        (record("placement", since=TODAY), True),
        (record("placement", since=TOMORROW), False),
        (record("placement", since=YESTERDAY, until=YESTERDAY), False),
        (record("placement", since=date(2026, 1, 1), until=date(2026, 2, 1)), False),
        (record("placement", since=date(2026, 1, 1), until=date(2026, 2, 2)), True),
        (record("evidence", type="delivered_result", cycle=2), True),
        (record("evidence", type="delivered_result", cycle=1), False),
        (record("evidence", type="report", cycle=2), False),
    ],
)
def test_something_was_implemented_in_this_cycle(held: Record, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """Somebody was placed on a day of this cycle up to today, or a result of this cycle is on record."""
    pilot = {"cycle": 2, "cycle_since": date(2026, 2, 1)}
    answer = tracks.implemented(asked(held, pilot=pilot))
    assert (() if expected else ("nothing-implemented",)) == codes_of(answer)


def test_what_counts_as_a_result_can_be_chosen() -> None:
    """Another record may count as a result, and both ways out are named."""
    params = {"result": {"record": "story"}, "placement": "stay"}
    assert None is tracks.implemented(asked(record("story"), params=params))
    assert ["stay", "story"] == [need.record for need in only(tracks.implemented(asked(params=params))).needs]


def bundled(*keys: str, **more: Any) -> Record:
    rows = [{"track": key, "weekly_hours": "8"} for key in keys]
    return record("placement", track=keys[0], **{"kind": "bundled", "contributions": rows, **more})


def test_a_bundled_placement_counts_on_each_contributing_track() -> None:
    """Its own track and those that contribute share it, each once; another kind counts on its own alone."""
    assert ("a", "b") == tracks.shares(bundled("a", "b"))
    assert ("a",) == tracks.shares(record("placement", track="a", contributions=[{"track": "b"}]))
    assert ("a",) == tracks.shares(record("placement", track="a", kind="bundled"))
    assert () == tracks.shares(record("placement"))


def test_active_records_are_those_of_today_or_later() -> None:
    """A record without an end, or that ends after today, is active, on the track where it counts."""
    ended = record("placement", 2, track="a", until=TODAY)
    here, there = bundled("a", "b"), record("placement", 3, track="c")
    asked_here = asked(here, ended, there, track=a_track("b"))
    assert [here] == tracks.active(asked_here, "placement")
    assert [here, there] == tracks.active(asked(here, ended, there), "placement")


def test_a_plan_is_asked_for_while_people_are_placed() -> None:
    """With people placed the plan must be given, in the field that the file names; without them it need not."""
    held = record("placement", track="a")
    assert None is tracks.placement_plan(asked())
    assert None is tracks.placement_plan(asked(held, data={"placement_plan": "x"}))
    blocker = only(tracks.placement_plan(asked(held, data={"reason": "r"}, params={"field": "plan"})))
    assert ("missing-placement-plan", 1, {"reason": "r", "plan": "..."}) == (
        blocker.code,
        blocker.params["count"],
        blocker.needs[0].data,
    )
    assert None is tracks.placement_plan(asked(held, params={"record": "stay"}))


def test_nobody_is_placed_any_more() -> None:
    """Who is placed today or later stands in the way, but for those handed over, also by this very command."""
    one, two = record("placement", 1, track="a"), record("placement", 2, track="a", handed_over=True)
    assert None is tracks.no_active(asked(two))
    blocker = only(tracks.no_active(asked(one, two)))
    assert ("placements-active", 1, ["end"]) == (
        blocker.code,
        blocker.params["count"],
        [need.what for need in blocker.needs],
    )
    handed = record("placement", 1, track="a", handed_over=True)
    assert None is tracks.no_active(asked(one, changing=(Change(one, handed),)))


def test_on_a_track_people_can_be_handed_over_by_name() -> None:
    """On a track the same trigger with their names would help; those that have an end already are not named."""
    one = record("placement", 1, track="a")
    leaving = record("placement", 2, track="a", until=TOMORROW, ended=TOMORROW)
    blocker = only(tracks.no_active(asked(one, leaving, track=a_track("a"), params={"handed_over": "over"})))
    again, end = blocker.needs
    assert (freeze({"over": ["placement-1"]}), ("placement-1",), 2) == (again.data, end.ids, blocker.params["count"])
    assert TOMORROW == again.day


def test_for_those_whose_end_is_known_it_is_enough_to_wait() -> None:
    """Where everybody who is still placed has an end, the same trigger will do once that day has come."""
    leaving = record("placement", 1, track="a", until=TOMORROW, ended=TOMORROW)
    blocker = only(tracks.no_active(asked(leaving, track=a_track("a"))))
    assert [("again", {}, TOMORROW)] == [(need.what, need.data, need.day) for need in blocker.needs]
