import gc
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from proeftuin import BadArgument, Engine, Event, Refused
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import Fact, asdict
from proeftuin.simulation import Simulated, _run, compare, simulate
from proeftuin.simulation._figures import row_of
from proeftuin.simulation._seen import Seen, Watch
from proeftuin.storage import open_store
from tests.unit.simulation.behaving import COMMITTING, EXISTING, EXPLORING, SUPPLIERS, bundled, quick, read

STOP = "  exploring:\n    next: [{fire: stop, by: client_owner, after: 10 days, data: {reason: Enough}}]\n"
IDLE = "  exploring: {}\n"


def run(behaviour: str, pilots: int = 1, **options: Any) -> Simulated:
    return simulate(EXISTING, pilots=pilots, behaviour=behaviour, **({"calls": False} | options))


def history(found: Simulated, place: int = 0) -> list[Event]:
    return list(found.engine.history(found.rows[place].pilot_id))


def everything() -> Iterator[object]:
    """All that is alive: what the collector looks after, and the facts and the like in it, which it passes over."""
    todo, seen = gc.get_objects(), set[int]()
    while todo:
        one = todo.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            # its type, and not isinstance, which asks it and so awakes what is lazy: Django's settings, say
            inner = asdict(one).values() if issubclass(type(one), Fact) else gc.get_referents(one)
            todo.extend(each for each in inner if not gc.is_tracked(each))


def told(found: Simulated) -> Iterator[tuple[str, str, str]]:
    """What people did, as (trigger, role, day)."""
    return ((one.trigger, one.role, f"{one.on:%d %b}") for one in history(found) if one.actor != "system")


def test_a_refusal_is_a_to_do_list() -> None:
    """What stands in the way is done first, each thing in its time and by who may do it, and then it is tried again."""
    assert [
        ("start", "coordinator", "05 Jan"),
        ("log_activity", "hr", "16 Jan"),
        ("add_evidence", "coordinator", "19 Jan"),
        ("choose_route", "coordinator", "19 Jan"),
        ("complete_exploration", "coordinator", "19 Jan"),
    ] == sorted(told(run(quick(EXPLORING))), key=lambda one: one[2][:2])


def test_who_waits_keeps_no_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pilots wait for something, no more of them are held than heads are kept."""
    monkeypatch.setattr(_run, "ALL_KEPT", 0)
    monkeypatch.setattr(_run, "FEW_KEPT", 4)
    with simulate(EXISTING, pilots=30, until=date(2026, 10, 1)) as found:
        gc.collect()
        held = {one.id for one in everything() if type(one) is Pilot}
        assert 4 == len(held & {row.pilot_id for row in found.rows})


def test_what_nobody_does_is_waited_for_and_at_last_given_up() -> None:
    """Where nobody does what is missing, it is tried as often as there is patience, and then let go."""
    lines = quick(EXPLORING).splitlines(keepends=True)
    without = "".join(one for one in lines if "choose_route" not in one)
    assert "exploration" == run(without).rows[0].lies
    last = (
        "    patience: 2\n    again: 20 days\n"
        "    at_last: {fire: stop, by: client_owner, data: {reason: No route was chosen}}\n"
    )
    found = run(without + last)
    assert "stopped" == found.rows[0].outcome
    closed = found.rows[0].reached["closed"]
    assert 50 <= (closed - date(2026, 1, 5)).days <= 80


def test_people_act_on_working_days_in_office_hours() -> None:
    """Nobody does anything in a weekend or at night, in the zone of the workflow."""
    found = run(quick(EXPLORING, COMMITTING), pilots=8)
    zone = found.engine.workflow(found.workflow)
    acts = [one for place in range(8) for one in history(found, place) if one.actor != "system"]
    assert len(acts) > 60
    assert {"Europe/Amsterdam"} == {zone.timezone}
    assert set() == {one.on.weekday() for one in acts} & {5, 6}
    assert all(8 <= one.at.hour < 16 for one in acts)  # UTC, in winter and in summer


def test_clocks_act_on_their_own_days() -> None:
    """A supplier who does not answer is reminded, and lapses on the day that the workflow says, at its midnight."""
    found = run(quick(EXPLORING, COMMITTING) + SUPPLIERS)
    events = history(found)
    (invited,) = (one for one in events if one.type == "track.moved" and one.data["to"] == "invited")
    (lapsed,) = (one for one in events if one.type == "track.moved" and one.data["to"] == "lapsed")
    assert timedelta(days=28) == lapsed.on - invited.on
    assert ("system", 23) == (lapsed.actor, lapsed.at.hour)  # UTC, in winter
    reminded = [one.on - invited.on for one in events if one.type == "clock.reminded" and one.track == "supplier-1"]
    assert timedelta(days=14) in reminded


def test_a_pilot_is_ticked_only_when_a_term_falls_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """No round looks at a pilot of which the store does not say that it is due, and no due day is passed by."""
    looked: list[bool] = []
    original = Engine.tick

    def tick(self: Engine, limit: int | None = None, *, pilots: Any = None) -> Any:
        store, now = self._store, self._parts["time"].now()
        timings = [store.load("default", one).head.timing.due for one in pilots]  # type: ignore[union-attr]  # it is there
        looked.extend(due is not None and due <= now for due in timings)
        return original(self, limit, pilots=pilots)

    monkeypatch.setattr(Engine, "tick", tick)
    found = run(quick(EXPLORING, COMMITTING) + SUPPLIERS, pilots=3)
    assert len(looked) > 20
    assert all(looked)
    assert 0 == found.engine.tick(pilots=[one.pilot_id for one in found.rows]).done


def test_who_is_slow_takes_longer() -> None:
    """What a slow pilot does takes as many times as long."""
    usual = run(quick(STOP)).rows[0].reached["closed"]
    slow = run(quick(STOP) + "slow: {pilot: {share: 100%, times: 3}}\n").rows[0].reached["closed"]
    assert 8 <= (usual - date(2026, 1, 5)).days <= 15
    assert 30 <= (slow - date(2026, 1, 5)).days <= 38


def test_one_facilitator_has_only_so_many_calls() -> None:
    """Where more calls are due than one can make they queue up, and with enough facilitators nobody waits."""
    few = quick(IDLE).replace("number: 1, calls_a_week: 50", "number: 1, calls_a_week: 2")
    many = few.replace("number: 1", "number: 20")
    one, all_of_them = run(few, 20, calls=True), run(many, 20, calls=True)
    assert 52 <= sum(row.calls for row in one.rows) <= 2 * 53
    assert one.figures.waited is not None
    assert one.figures.waited > 14
    assert all(48 <= row.calls <= 52 for row in all_of_them.rows)
    assert 0 == all_of_them.figures.waited


def test_a_call_sets_going_who_was_silent() -> None:
    """Nobody acts unasked where no move is likely; after a call that moves everybody it happens within a week."""
    silent = quick(STOP.replace("after: 10 days", "likely: 0%, after: 100 days")).replace("call: 0%", "call: 100%")
    unasked, asked = run(silent), run(silent, calls=True)
    assert "running" == unasked.rows[0].outcome
    assert (0, 1) == (unasked.rows[0].calls, asked.rows[0].calls)
    (call,) = (one for one in history(asked) if one.trigger == "check_in")
    assert 0 < (asked.rows[0].reached["closed"] - call.on).days <= 12
    assert ("facilitator", "facilitator-1") == (call.role, call.actor)


def test_what_is_steady_is_not_hurried() -> None:
    """A call does not bring forward what takes its time."""
    steady = quick(STOP.replace("after: 10 days", "after: 100 days, steady: true")).replace("call: 0%", "call: 100%")
    found = run(steady, calls=True).rows[0]
    assert found.calls > 12
    assert (found.reached["closed"] - date(2026, 1, 5)).days >= 100


def test_the_figures_are_those_that_the_engine_gives() -> None:
    """Persons, placements and jobs on each day are what `metrics` says of the same portfolio."""
    with simulate(EXISTING, pilots=12, seed=3) as found:
        for day, figures in found.figures.dates.items():
            asked = found.engine.metrics(*figures, as_of=day)
            for name, one in figures.items():
                assert pytest.approx(float(asked[name].exact or 0), abs=0.001) == one.value
        assert (found.figures.dates[date(2027, 12, 31)]["persons_placed"].value or 0) > 5
        states = Counter(found.engine.get(one.pilot_id).state for one in found.rows)
        assert states["closed"] == sum(one.outcome != "running" for one in found.rows)
        events = [one for row in everybody(found) for one in row]
        assert len({(one.pilot_id, one.at) for one in events}) <= found.commits <= len(events)
        assert () == found.engine.verify()


def everybody(found: Simulated) -> Iterator[list[Event]]:
    return (list(found.engine.history(one.id)) for one in found.engine.each())


def test_what_a_pilot_began_lives_too() -> None:
    """A follow-up begins, lives on under a number of its own, and counts in no figure."""
    text = bundled().read_text(encoding="utf-8")
    one = "      - {fire: spawn_follow_up, by: coordinator, after: 9 days, data: {title: After pilot $number}}\n"
    text = text.replace("  closed:\n    meanwhile:\n", f"  closed:\n    meanwhile:\n{one}")
    text = (
        text.replace("likely: 25%", "likely: 2%", 1)
        .replace("likely: 25%", "likely: 90%", 1)
        .replace("likely: 25%", "likely: 2%")
    )
    text = text.replace("likely: 10%, after: {lognormal: [40", "likely: 0%, after: {lognormal: [40")
    with simulate(EXISTING, pilots=24, seed=1, behaviour=text) as found:
        assert found.follow_ups > 0
        assert 24 == len(found.rows) == found.figures.pilots
        others = {one.id for one in found.engine.each()} - {one.pilot_id for one in found.rows}
        assert found.follow_ups == len(others)
        grown = [found.engine.get(one) for one in sorted(others)]
        assert all(one.data["title"].startswith("After pilot ") for one in grown)
        assert any(one.state != "exploring" or one.kept.get("check_in") for one in grown)


def test_a_store_may_be_given_and_stays_open(tmp_path: Path) -> None:
    """On SQLite the same happens as in memory, byte for byte, and a store that was given is not closed."""
    behaviour = quick(EXPLORING, COMMITTING) + SUPPLIERS
    url = f"sqlite:///{tmp_path / 'simulated.db'}"
    with run(behaviour, 2) as one, run(behaviour, 2, store=url) as two:
        assert list(one.export()) == list(two.export())
    store = open_store("memory://")
    with run(behaviour, 2, store=store) as three:
        assert one.as_json() == three.as_json()
    assert store.load("default", three.rows[0].pilot_id) is not None
    store.close()


def test_progress_is_told() -> None:
    """Who wants to know is told how much of the time is over, up to the end."""
    shares: list[float] = []
    run(quick(IDLE), progress=shares.append)
    assert sorted(shares) == shares
    assert 1 == shares[-1]
    assert len(shares) > 300


def test_with_and_without_calls_are_the_same_pilots() -> None:
    """A comparison runs the same pilots twice, and its effect is the difference of what came of them."""
    found = compare(EXISTING, pilots=6, seed=5)
    one, two = found.with_calls, found.without
    assert [(row.number, row.began) for row in one.rows] == [(row.number, row.began) for row in two.rows]
    assert (True, False) == (one.calls, two.calls)
    last = date(2027, 12, 31)
    for name, effect in found.effect.results.items():
        less = (one.figures.dates[last][name].value or 0) - (two.figures.dates[last][name].value or 0)
        assert pytest.approx(less / 6, abs=0.001) == effect.value
    assert {"label", "with_calls", "without", "effect"} == set(found.as_dict())
    with pytest.raises(BadArgument, match="it runs twice, in memory"):
        compare(EXISTING, calls=True)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"pilots": 0}, "pilots: must be a whole number, 1 or more"),
        ({"seed": -1}, "seed: must be a whole number, 0 or more"),
        ({"start": "2026-01-05"}, "start: must be a date, not str"),
        ({"until": datetime(2026, 7, 1, tzinfo=UTC)}, "until: must be a date, not datetime"),
        ({"until": date(2020, 1, 1)}, "until: must be after 2026-01-05"),
        ({"start": date(2027, 1, 4)}, "until: must be after 2027-01-04"),
    ],
)
def test_a_wrong_call_is_told(options: dict[str, Any], text: str) -> None:
    """A number of pilots, a seed or a period that cannot be is refused before anything runs."""
    with pytest.raises(BadArgument, match=text):
        run(quick(IDLE), **options)


def test_a_behaviour_of_another_workflow_is_refused() -> None:
    """A behaviour that was read for one workflow is not used for another."""
    other = evolve(read(quick(IDLE)), workflow="tender")
    with pytest.raises(BadArgument, match="is about tender, not existing-contract"):
        simulate(EXISTING, behaviour=other)


def test_what_goes_wrong_in_the_hook_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure while it is watched ends the simulation: figures of which some are missing would be wrong."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Watch, "_count", fail)
    with pytest.raises(ZeroDivisionError):
        run(quick(IDLE))


def test_without_simpy_it_says_what_to_install() -> None:
    """Where the extra is not installed, a behaviour can still be read, and `simulate` says what it needs."""
    code = (
        "import sys; sys.modules['simpy'] = None\n"
        "from proeftuin.simulation import bundled_behaviour, load_behaviour\n"
        "from proeftuin import BadArgument\n"
        "try:\n    from proeftuin.simulation import simulate\n"
        "except BadArgument as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "simulate: it needs simpy; pip install proeftuin[sim]\n" == done.stdout


def test_how_many_heads_are_kept_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With many pilots few decoded heads are kept, and what happens is the same, byte for byte."""
    behaviour = quick(EXPLORING, COMMITTING) + SUPPLIERS
    with run(behaviour, 4) as one:
        usual = [one.as_json(), *one.export()]
    monkeypatch.setattr("proeftuin.simulation._run.ALL_KEPT", 3)
    monkeypatch.setattr("proeftuin.simulation._run.FEW_KEPT", 1)
    with run(behaviour, 4) as two:
        assert usual == [two.as_json(), *two.export()]


def test_what_two_are_waiting_for_is_done_once() -> None:
    """The pilot and its supplier are refused for want of the same decision, and the board takes it once."""
    found = run(quick(EXPLORING, COMMITTING.replace("10 days", "3 days")) + SUPPLIERS, 6)
    taken = [[one.trigger for one in history(found, place)].count("record_decision") for place in range(6)]
    assert [1] * 6 == taken


def test_who_did_something_is_not_called() -> None:
    """Only who was silent for so many days is called."""
    every = quick(IDLE).replace("every: 7 days", "every: 7 days, silent: 30 days")
    assert 52 // 5 <= run(every, calls=True).rows[0].calls + 1 <= 13


def test_a_pilot_that_falls_still_is_counted() -> None:
    """A pilot at which nothing happens falls still once, as its history says, and stays so until the end."""
    found = run(quick(IDLE))
    (raised,) = (one for one in history(found) if one.type == "signal.raised" and one.data["signal"] == "stalled")
    row = found.rows[0]
    assert (1, (date(2027, 1, 3) - raised.on).days) == (row.stalls, row.still)
    assert (1, 1) == (found.figures.stalled.value, found.figures.stalls.value)
    called = run(quick(IDLE), calls=True)
    assert (0, 0) == (called.figures.stalled.value, called.rows[0].still)


def test_the_time_in_a_phase_is_that_of_who_left_it() -> None:
    """Days are added up over all visits to a phase, and a phase in which a pilot lies now is not among them."""
    found = run(quick(IDLE))
    pilot, flow = found.engine.get(found.rows[0].pilot_id), found.engine.workflow(found.workflow)
    days = [date(2026, month, 1) for month in (1, 2, 4, 5, 7)]
    states = ["exploring", "implementing", "evaluating", "implementing", "evaluating"]
    moves = [(state, str(flow.states[state].phase), day) for state, day in zip(states, days, strict=True)]
    seen = Seen(1, days[0], "evaluating", "evaluation", days[-1], moves=moves)
    row = row_of(seen, pilot, flow, [date(2026, 12, 31)], pilot.updated_at)
    assert {"exploration": 31, "implementation": 59 + 61} == row.phases
    assert ("evaluation", days[2]) == (row.lies, row.reached["evaluating"])


def test_what_follows_on_a_record_is_as_likely_as_the_file_says() -> None:
    """What follows on a placement happens, unless the file gives it no chance."""
    text = bundled().read_text(encoding="utf-8")
    never = text[: text.index("records:\n")] + re.sub(r"likely: \d+%", "likely: 0%", text[text.index("records:\n") :])
    counts = []
    for behaviour in (text, never):
        with simulate(EXISTING, pilots=4, seed=3, behaviour=behaviour) as found:
            events = [one for row in everybody(found) for one in row]
            counts.append(
                [sum(one.trigger == name for one in events) for name in ("start_placement", "record_retention")]
            )
    assert counts[0][0] > 0
    assert counts[0][1] > 0
    assert [counts[0][0], 0] == counts[1]


PAUSE = """\
  exploring:
    meanwhile: [{fire: pause, by: coordinator, after: 1 days, data: {reason: Move, resume_by: 2026-06-01}}]
"""
FOLLOWS = """\
  exploring:
    meanwhile: [{fire: add_obstacle, by: hr, after: 1 days, data: {text: No room}}]
records:
  obstacle:
    - {fire: resolve_obstacle, by: hr, after: 5 days, data: {obstacle: $record}}
    - {fire: resolve_obstacle, by: hr, after: 9 days, data: {obstacle: $record}}
"""


def test_nobody_is_called_while_on_hold() -> None:
    """A refusal that life brings is let be: a pilot on hold is not called, and goes on."""
    assert (51, 0) == tuple(run(quick(one), calls=True).rows[0].calls for one in (IDLE, PAUSE))


def test_who_comes_while_on_hold_waits() -> None:
    """A track that is to be opened during a hold is opened once the pilot goes on."""
    held = PAUSE.replace("}}]", "}}, {fire: resume, by: coordinator, after: 60 days}]")
    comes = SUPPLIERS.replace("in: [committing]", "in: [exploring]").replace("after: 1 days", "after: 9 days", 1)
    told = [(one.type, one.on) for one in history(run(quick(held, comes)))]
    resumed, opened = (next(day for kind, day in told if kind == name) for name in ("pilot.resumed", "track.opened"))
    assert 1 >= (opened - resumed).days >= 0


def test_what_is_over_is_not_followed() -> None:
    """A record that was ended meanwhile is left alone."""
    ended = [one.on for one in history(run(quick(FOLLOWS))) if one.type == "record.ended"]
    assert [date(2026, 1, 12)] == ended


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("mood: going_well", "mood: fine", "bad-value"),
        ("after: 5 days, data: {obstacle: $record}", "after: 5 days, data: {obstacle: ''}", "missing-field"),
    ],
)
def test_a_refusal_that_the_file_brings_ends_the_simulation(old: str, new: str, code: str) -> None:
    """What could never be done is told as the engine refuses it, and no figures are made without it."""
    text = quick(FOLLOWS)
    assert 1 == text.count(old)
    with pytest.raises(Refused) as no:
        run(text.replace(old, new), calls=True)
    assert (code,) == no.value.codes
