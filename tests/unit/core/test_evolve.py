from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.events import EVENT_TYPES, Event
from proeftuin.core.evolve import FOLDS, evolve, replay
from proeftuin.core.frozen import freeze
from proeftuin.core.pilot import Episode, Nudge, Pause, Pilot, Raised, Signature, Stop, Visit
from proeftuin.core.pilot import Told as Said
from tests.unit.core.small import NOW, TODAY

START = {"workflow": "small@1", "hash": "ab", "state": "first", "phase": "exploration", "set": {"title": "T"}}
LATER = date(2026, 3, 9)

Told = tuple[str, dict[str, Any], dict[str, Any]]


def event(version: int, type_: str, data: dict[str, Any], **more: Any) -> Event:
    facts = {"actor": "lead-1", "role": "lead", "trigger": "go", "track": None, "on": TODAY, **more}
    at = NOW + timedelta(hours=version)
    on, track = facts.pop("on"), facts.pop("track")
    return Event("p1", version, type_, at, on, track=track, data=freeze(data), digest=f"d{version}", **facts)


def told(*facts: Told) -> Pilot:
    """The pilot that `pilot.started` and these facts make."""
    events = [event(1, "pilot.started", START)]
    events += [event(place, type_, data, **more) for place, (type_, data, more) in enumerate(facts, start=2)]
    pilot = replay(events)
    assert pilot is not None
    return pilot


OPENED = ("track.opened", {"kind": "supplier", "to": "seen", "party": "acme", "set": {"a": 1}}, {"track": "acme"})


def moved(old: str, new: str, **data: Any) -> Told:
    return ("track.moved", {"from": old, "to": new, "set": data}, {"track": "acme"})


def test_every_word_of_the_log_has_a_fold() -> None:
    """Each event type but the first one is folded by a rule of its own."""
    assert set(EVENT_TYPES) == {"pilot.started", *FOLDS}


def test_a_pilot_begins_with_what_its_first_event_says() -> None:
    """The first event makes a running pilot in its first cycle, and tells who started it."""
    pilot = told()
    assert ("first", "exploration", "running", 1, "lead-1", {"title": "T"}) == (
        pilot.state,
        pilot.phase,
        pilot.hold,
        pilot.cycle,
        pilot.starter,
        pilot.data,
    )
    assert {"lead-1": ("lead",)} == pilot.acted_as


def test_a_history_begins_with_its_beginning() -> None:
    """Anything but `pilot.started` before there is a pilot is refused."""
    with pytest.raises(ValueError, match=r"begins with pilot\.started"):
        evolve(None, event(1, "pilot.changed", {}))


@pytest.mark.parametrize(("version", "type_"), [(3, "pilot.changed"), (1, "pilot.changed"), (2, "pilot.exploded")])
def test_only_the_next_known_event_can_follow(version: int, type_: str) -> None:
    """A gap, a repeat or an unknown word is refused."""
    with pytest.raises(ValueError, match="does not follow on version 1"):
        evolve(told(), event(version, type_, {}))


def test_a_history_goes_on_from_a_pilot_as_from_the_beginning() -> None:
    """What a pilot was may be kept, and only what came after it folded in."""
    events = [event(1, "pilot.started", START), *(event(number, "pilot.changed", {}) for number in (2, 3))]
    assert replay(events) == replay(events[1:], replay(events[:1]))


def test_nothing_makes_no_pilot() -> None:
    """An empty history is no pilot."""
    assert None is replay([])


def test_a_move_changes_state_phase_and_days() -> None:
    """A move tells the new state and phase, and since when; its data is added to the pilot's."""
    data = {"from": "first", "to": "second", "phase": "commitment", "set": {"b": 2}}
    pilot = told(("pilot.moved", data, {"on": LATER}))
    assert ("second", "commitment", LATER, LATER, TODAY) == (
        pilot.state,
        pilot.phase,
        pilot.since,
        pilot.last_move,
        pilot.cycle_since,
    )
    assert {"title": "T", "b": 2} == pilot.data


def test_a_cycle_and_an_outcome_need_no_other_state() -> None:
    """An event that only counts a cycle and sets an outcome leaves the state and its day alone."""
    data = {"from": "first", "to": "first", "phase": "exploration", "outcome": "done", "cycle": 2}
    pilot = told(("pilot.moved", data, {"on": LATER}))
    assert ("done", 2, LATER, TODAY) == (pilot.outcome, pilot.cycle, pilot.cycle_since, pilot.since)


def test_holding_and_resuming() -> None:
    """Pausing and resuming change the hold, with their data, and not the state."""
    paused: Told = ("pilot.paused", {"set": {"reason": "r"}}, {})
    assert ("paused", "r", "first") == (told(paused).hold, told(paused).data["reason"], told(paused).state)
    assert "running" == told(paused, ("pilot.resumed", {}, {})).hold


def test_details_are_added_to_what_is_known() -> None:
    """A change of details overwrites only what it names, and without any changes nothing."""
    pilot = told(("pilot.changed", {"set": {"sector": "care"}}, {}), ("pilot.changed", {}, {}))
    assert {"title": "T", "sector": "care"} == pilot.data


def test_links_are_gathered() -> None:
    """Each pilot that was begun from this one is linked, in order."""
    one, two = {"pilot": "p2", "relation": "spawn"}, {"pilot": "p3", "relation": "spawn"}
    assert (one, two) == told(("pilot.linked", one, {}), ("pilot.linked", two, {})).data["linked"]


def test_a_track_is_opened_with_its_party() -> None:
    """An opened track has its kind, party, state and data, and counts as a move."""
    pilot = told((*OPENED[:2], {"track": "acme", "on": LATER}))
    track = pilot.tracks["acme"]
    assert ("supplier", "acme", "seen", {"a": 1}, LATER) == (
        track.kind,
        track.party,
        track.state,
        track.data,
        pilot.last_move,
    )
    bare = {name: one for name, one in OPENED[1].items() if name != "set"}
    assert {} == told((OPENED[0], bare, OPENED[2])).tracks["acme"].data


def test_a_move_of_a_track_lengthens_its_trail() -> None:
    """What a move sets is kept with the state that it leads to."""
    track = told(OPENED, moved("seen", "talking", b=2)).tracks["acme"]
    assert (("seen", "talking"), {"a": 1, "b": 2}) == (tuple(one.state for one in track.trail), track.data)


def test_going_back_forgets_what_came_after() -> None:
    """A track that goes back to an earlier state keeps what was set until then, and what the way back sets."""
    facts = (OPENED, moved("seen", "talking", b=2), moved("talking", "seen"))
    assert (Visit("seen", TODAY, freeze({"a": 1})),) == told(*facts).tracks["acme"].trail
    assert {"a": 1, "c": 3} == told(*facts[:-1], moved("talking", "seen", c=3)).tracks["acme"].data


def test_data_set_without_a_move_changes_no_day() -> None:
    """A track whose data changes where it is has not moved."""
    pilot = told(
        OPENED, ("track.moved", {"from": "seen", "to": "seen", "set": {"b": 2}}, {"track": "acme", "on": LATER})
    )
    assert (TODAY, TODAY, {"a": 1, "b": 2}) == (
        pilot.tracks["acme"].since,
        pilot.last_move,
        pilot.tracks["acme"].data,
    )


def added(number: int, **more: Any) -> Told:
    fact = {"record": "goal", "id": f"goal-{number}", "fields": {"n": number}, "since": "2026-03-02"}
    return ("record.added", fact | more, {})


def test_records_are_kept_and_counted() -> None:
    """Each record of a type is kept in order, with its interval and who added it, and counted."""
    pilot = told(added(1), added(2, until="2026-04-01"))
    one, two = pilot.kept["goal"]
    assert (None, date(2026, 4, 1), 2) == (one.until, two.until, pilot.counts["goal"])
    assert ("lead-1", "lead", 1) == (one.actor, one.role, one.cycle)


def test_the_head_lets_go_of_what_an_event_drops() -> None:
    """A record may take the place of others, which are still counted."""
    pilot = told(added(1), added(2), added(3, drops=["goal-1"]))
    assert (["goal-2", "goal-3"], 3) == ([one.id for one in pilot.kept["goal"]], pilot.counts["goal"])


def test_a_change_touches_one_record() -> None:
    """A change sets fields and the interval of the record that it names, and of no other."""
    fact = {"record": "goal", "id": "goal-1", "set": {"n": 9}, "since": "2026-03-01", "until": "2026-05-01"}
    one, two = told(added(1), added(2), ("record.changed", fact, {})).kept["goal"]
    assert ({"n": 9}, date(2026, 3, 1), date(2026, 5, 1), {"n": 2}) == (one.data, one.since, one.until, two.data)


def test_an_ended_record_is_kept_or_dropped() -> None:
    """An ended record has its last day, and is gone from the head where the event says so."""
    fact = {"record": "goal", "id": "goal-1", "on": "2026-03-09", "until": "2026-03-09"}
    (kept,) = told(added(1), ("record.ended", fact, {})).kept["goal"]
    assert (LATER, LATER, {"n": 1}) == (kept.ended, kept.until, kept.data)
    assert () == told(added(1), ("record.ended", {**fact, "drop": True}, {})).kept["goal"]


def test_a_correction_may_end_a_record_on_another_day() -> None:
    """A correction sets fields and interval, and the last day of a record that was ended."""
    fact = {"record": "goal", "id": "goal-1", "set": {"n": 9}, "since": "2026-03-02", "reason": "typo"}
    (one,) = told(added(1), ("record.corrected", fact, {})).kept["goal"]
    assert ({"n": 9}, None) == (one.data, one.ended)
    (two,) = told(added(1), ("record.corrected", {**fact, "ended": "2026-03-09"}, {})).kept["goal"]
    assert LATER == two.ended


def test_what_is_corrected_to_nothing_is_there_no_more() -> None:
    """A field that a correction sets to nothing leaves the record, and the others stay."""
    fact = {"record": "goal", "id": "goal-1", "set": {"n": None, "m": 2}, "since": "2026-03-02", "reason": "typo"}
    (one,) = told(added(1), ("record.corrected", fact, {})).kept["goal"]
    assert {"m": 2} == one.data


def test_subjects_are_counted_where_they_are_issued() -> None:
    """An event that holds commitments counts that many subjects, beside the record that it adds."""
    pilot = told(added(1, commitments={"s1": "x", "s2": "y"}), added(2), added(3, commitments={"s3": "z"}))
    assert {"goal": 3, "subject": 3} == pilot.counts


def signed(role: str, **more: Any) -> Told:
    return ("signature.added", {"role": role, "state": "first", "data": {"n": 1}, **more}, {})


def test_votes_are_gathered_and_replaced() -> None:
    """Each role has one vote under a trigger, the latest, and other triggers keep theirs."""
    other = ("signature.added", signed("lead")[1], {"trigger": "other"})
    pilot = told(signed("lead"), other, signed("lead", data={"n": 2}), signed("board"))
    assert [("other", "lead", 1), ("go", "lead", 2), ("go", "board", 1)] == [
        (one.trigger, one.role, one.data["n"]) for one in pilot.signatures
    ]


def test_the_last_vote_leaves_none() -> None:
    """The vote that completes a trigger clears all of them."""
    assert () == told(signed("lead"), signed("board", complete=True)).signatures


def test_a_voided_vote_is_gone() -> None:
    """Only the vote that is named is voided."""
    voided: Told = ("signature.voided", {"trigger": "go", "role": "lead", "actor": "lead-1"}, {})
    (left,) = told(signed("lead"), signed("board"), voided).signatures
    assert Signature("go", None, "board", "lead-1", "first", freeze({"n": 1})) == left


def test_who_acted_in_which_role_is_remembered() -> None:
    """Each actor has the roles in which they acted, each once."""
    pilot = told(("pilot.changed", {}, {"role": "board"}), ("pilot.changed", {}, {"role": "lead"}))
    assert {"lead-1": ("lead", "board")} == pilot.acted_as


def test_a_pilot_knows_its_version_digest_and_moment() -> None:
    """Version, digest and moment are those of the last event, while the beginning stays."""
    pilot = told(("pilot.changed", {}, {}))
    assert (2, "d2", NOW + timedelta(hours=2), NOW + timedelta(hours=1)) == (
        pilot.version,
        pilot.digest,
        pilot.updated_at,
        pilot.created_at,
    )


def test_an_event_has_one_id_wherever_it_goes() -> None:
    """The id of an event is that of its pilot with its version."""
    assert "p1-2" == event(2, "pilot.changed", {}).id


# -- what clocks need --------------------------------------------------------------------------------------------------

STILL = {"from": "first", "to": "first", "phase": "exploration"}


def move(to: str, on: date) -> Told:
    return ("pilot.moved", {"from": "-", "to": to, "phase": "exploration"}, {"on": on})


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_the_last_entering_of_each_state_is_remembered() -> None:
    """Each state that the pilot was in has the day on which it was last entered; where it stays, nothing changes."""
    pilot = told(move("second", later(1)), move("first", later(3)), ("pilot.moved", STILL, {"on": later(5)}))
    assert {"first": later(3), "second": later(1)} == pilot.entered


def test_a_track_remembers_since_when_it_was_where() -> None:
    """Each state on the trail has its day; going back to one begins its days anew, unless it never left."""
    steps = [(one[0], one[1], {**one[2], "on": later(day)}) for day, one in ((2, moved("seen", "talking")),)]
    back = ("track.moved", {"from": "talking", "to": "seen"}, {"track": "acme", "on": later(7)})
    still = ("track.moved", {"from": "talking", "to": "talking", "set": {"a": 2}}, {"track": "acme", "on": later(4)})
    assert [TODAY, later(2)] == [one.since for one in told(OPENED, *steps, still).tracks["acme"].trail]
    assert [later(7)] == [one.since for one in told(OPENED, *steps, back).tracks["acme"].trail]


def paused(on: date) -> Told:
    return ("pilot.paused", {}, {"on": on})


def resumed(on: date) -> Told:
    return ("pilot.resumed", {}, {"on": on})


def test_holds_are_kept_in_a_ledger() -> None:
    """Each hold has its first day and the day on which it ended, the one that goes on has none."""
    pilot = told(paused(later(1)), resumed(later(4)), paused(later(9)))
    assert (Pause(later(1), later(4)), Pause(later(9))) == pilot.pauses


def test_holds_follow_one_another_whatever_day_was_told() -> None:
    """A hold that is told late begins no sooner than the one before it ended, and ends no sooner than it began."""
    pilot = told(paused(later(5)), resumed(later(3)), paused(later(1)), resumed(later(8)))
    assert (Pause(later(5), later(5)), Pause(later(5), later(8))) == pilot.pauses


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([paused(later(3)), resumed(later(3))], 0),
        ([paused(later(3)), resumed(later(4))], 4),
        ([paused(later(3)), ("pilot.changed", {}, {"on": later(6)}), resumed(later(5))], 6),
    ],
)
def test_a_hold_of_a_day_or_more_begins_the_sign_of_life_anew(facts: list[Told], expected: int) -> None:
    """Resuming counts as progress where the hold lasted a day or more; it never takes progress back."""
    assert later(expected) == told(*facts).progress


@pytest.mark.parametrize(
    ("type_", "data", "more", "expected"),
    [
        ("pilot.changed", {}, {}, True),
        ("record.added", added(1)[1], {}, True),
        ("signature.added", {"role": "lead", "state": "first", "data": {}}, {}, True),
        ("pilot.linked", {"pilot": "p2"}, {}, True),
        ("pilot.changed", {"progress": False}, {}, False),
        ("pilot.changed", {}, {"actor": "system", "role": "system"}, False),
        ("data.erased", {"subjects": ["s1"]}, {}, False),
        ("data.exported", {"subjects": ["s1"]}, {}, False),
        ("data.looked_up", {"subjects": ["s1"]}, {}, False),
        ("signature.voided", {"trigger": "go", "role": "lead"}, {}, False),
        ("pilot.paused", {}, {}, False),
        ("clock.snoozed", {"clock": "c", "anchor": "2026-03-02", "done": [], "until": "2026-03-20"}, {}, False),
    ],
)
def test_what_is_progress(type_: str, data: dict[str, Any], more: dict[str, Any], expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """Whatever a person does is progress, but for holds, snoozes, erasures, and what the workflow excepts."""
    assert (LATER if expected else TODAY) == told((type_, data, {"on": LATER, **more})).progress


def test_what_is_told_late_takes_no_progress_back() -> None:
    """An event of an earlier business date leaves the progress of pilot and track as it was."""
    later_, sooner = (("record.added", added(number)[1], {"track": "acme"}) for number in (1, 2))
    pilot = told(OPENED, (*later_[:2], {"track": "acme", "on": LATER}), sooner)
    assert (LATER, LATER) == (pilot.progress, pilot.tracks["acme"].progress)


def test_progress_is_that_of_the_track_it_is_on() -> None:
    """What happens on one track is progress of the pilot and of that track; on an unknown one, of the pilot."""
    other = ("track.opened", OPENED[1], {"track": "other"})
    note = added(1)
    pilot = told(OPENED, other, (note[0], note[1], {"track": "acme", "on": LATER}))
    assert (LATER, LATER, TODAY) == (pilot.progress, pilot.tracks["acme"].progress, pilot.tracks["other"].progress)
    pilot = told(OPENED, (note[0], note[1], {"track": "gone", "on": LATER}), (*moved("seen", "talking")[:2], OPENED[2]))
    assert (LATER, TODAY) == (pilot.progress, pilot.tracks["acme"].progress)


def spoken(type_: str, *done: str, anchor: date = TODAY, **more: Any) -> Told:
    data = {"clock": "quiet", "anchor": anchor.isoformat(), "done": done, **more}
    return (type_, data, {"actor": "system", "role": "system"})


def test_what_a_clock_did_is_gathered() -> None:
    """All that a clock did since its anchor is kept, with everybody whom it told, and until when it was snoozed."""
    pilot = told(
        spoken("clock.reminded", "a", roles=["lead"], persons=["ann"]),
        spoken("clock.snoozed", until="2026-03-20"),
        spoken("clock.escalated", "b", "c", roles=["board", "lead"]),
        spoken("clock.fired", "d", trigger="go"),
    )
    assert {"quiet": Said(TODAY, ("a", "b", "c", "d"), ("lead", "board"), ("ann",), date(2026, 3, 20))} == pilot.told


def test_a_clock_that_is_anchored_anew_has_done_nothing() -> None:
    """The first thing that a clock does on another anchor takes the place of all before it."""
    first = (spoken("clock.reminded", "a", roles=["lead"]), spoken("clock.snoozed", until="2026-03-20"))
    assert {"quiet": Said(LATER, ("b",))} == told(*first, spoken("clock.fired", "b", anchor=LATER)).told


def test_signals_are_up_until_they_are_cleared() -> None:
    """A signal is up since the day on which it fell due; only the one that is named is taken away."""
    one = spoken("signal.raised", "signal.s", signal="s", roles=["board"])
    other = ("signal.raised", {**one[1], "clock": "quiet:acme"}, one[2])
    pilot = told(one, other)
    assert (Raised("s", "quiet", TODAY), Raised("s", "quiet:acme", TODAY)) == pilot.signals
    assert (TODAY, ("signal.s",), ("board",)) == (
        pilot.told["quiet"].anchor,
        pilot.told["quiet"].done,
        pilot.told["quiet"].roles,
    )
    cleared: Told = ("signal.cleared", {"signal": "s", "clock": "quiet"}, {})
    assert (Raised("s", "quiet:acme", TODAY),) == told(one, other, cleared).signals


def test_every_state_on_the_way_is_remembered() -> None:
    """The path holds each state of the pilot and of its tracks with its day, also those that were turned back from."""
    pilot = told(
        move("second", later(1)),
        (OPENED[0], OPENED[1], {"track": "acme", "on": later(2)}),
        ("track.moved", {"from": "seen", "to": "talking"}, {"track": "acme", "on": later(3)}),
        ("track.moved", {"from": "talking", "to": "talking", "set": {"a": 2}}, {"track": "acme", "on": later(3)}),
        ("track.moved", {"from": "talking", "to": "seen"}, {"track": "acme", "on": later(4)}),
        ("pilot.moved", STILL, {"on": later(4)}),
        move("first", later(5)),
    )
    ours = (Stop("first", TODAY, "exploration"), Stop("second", later(1), "exploration"))
    theirs = (
        Stop("seen", later(2), None, "acme"),
        Stop("talking", later(3), None, "acme"),
        Stop("seen", later(4), None, "acme"),
    )
    assert (*ours, *theirs, Stop("first", later(5), "exploration")) == pilot.path


def signalled(type_: str, day: int, signal: str = "s") -> Told:
    data = {"clock": "quiet", "anchor": TODAY.isoformat(), "done": (), "signal": signal}
    return (type_, data, {"actor": "system", "role": "system", "on": later(day)})


def test_every_signal_that_was_up_is_remembered() -> None:
    """Each episode has the day on which it began and the one on which it was cleared, as far as it was."""
    pilot = told(
        signalled("signal.raised", 2),
        signalled("signal.raised", 2, "other"),
        signalled("signal.cleared", 5),
        signalled("signal.raised", 9),
        signalled("signal.cleared", 8),
        signalled("signal.raised", 12),
    )
    days = [(one.signal, one.since, one.until) for one in pilot.episodes]
    assert [
        ("s", later(2), later(5)),
        ("other", later(2), None),
        ("s", later(9), later(9)),
        ("s", later(12), None),
    ] == days
    assert Episode("s", "quiet", later(12)) == pilot.episodes[-1]


def nudge(day: int, type_: str = "clock.reminded", **more: Any) -> Told:
    data = {"clock": "check_in", "anchor": TODAY.isoformat(), "done": (), "signal": "stalled", **more}
    return (type_, data, {"actor": "system", "role": "system", "on": later(day)})


def test_reminders_of_a_sign_of_life_are_remembered_with_what_came_of_them() -> None:
    """Each day on which that clock told somebody has the first day after on which a person did something."""
    late: Told = ("pilot.changed", {}, {"on": later(8)})
    done: Told = ("pilot.changed", {}, {"on": later(15)})
    pilot = told(nudge(8), nudge(8, "clock.escalated"), nudge(14), late, nudge(15, clock="goal:goal-1"), done)
    assert (Nudge(later(8), later(8)), Nudge(later(14), later(15))) == pilot.nudges
    again = told(nudge(8), done, nudge(28, "signal.raised"), nudge(28))
    assert (Nudge(later(8), later(15)), Nudge(later(28))) == again.nudges
    assert (Nudge(later(8)),) == told(nudge(8), ("pilot.changed", {"progress": False}, {"on": later(9)})).nudges


def test_the_host_s_own_reference_is_kept() -> None:
    """A pilot has the reference that its beginning tells, and none where that tells none."""
    for ref in ("zaak-7", None):
        start = {**START, "ref": ref} if ref else START
        pilot = replay([event(1, "pilot.started", start)])
        assert pilot is not None
        assert ref == pilot.ref
