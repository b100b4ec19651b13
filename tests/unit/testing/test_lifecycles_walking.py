from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from proeftuin import Blocker, Engine, Question, Remedy, Workflow, guard, load_workflow
from proeftuin.core.guards import Guard
from proeftuin.scenario import ScenarioIds, ScenarioTime
from proeftuin.testing.lifecycles import Path, Stuck, Walker, Wanted, open_stage, walk
from proeftuin.testing.lifecycles._tables import table_of, workflow_of
from proeftuin.testing.lifecycles.filling import Filler
from proeftuin.testing.lifecycles.pairs import every_pair
from proeftuin.testing.lifecycles.paths import every_path, nearest_paths
from proeftuin.testing.people import People
from tests.unit.testing.lifecycles import FLOW, ROOT

TODAY = date(2026, 1, 5)


def flow(text: str = FLOW, *guards: Guard) -> Workflow:
    return load_workflow(text, guards={one.name: one for one in guards})


def path(workflow: Workflow, *, kind: str | None, ends: str) -> Path:
    """The path whose id ends like this."""
    found = [*every_path(workflow, kind), *nearest_paths(workflow, kind)]
    return next(one for one in found if one.id.endswith(ends))


def told(walker: Walker) -> list[str]:
    return [line.call.trigger for line in walker.stage.story.lines if line.call is not None]


# -- walking -----------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_done_on_the_way() -> None:
    """A gate that asks for a record is passed by adding one that fits it, and the pilot ends where the path does."""
    walker = Walker(open_stage(flow()))
    walked = walker.walk(path(flow(), kind=None, ends="closed (finish well=False)"))
    assert ["start", "write", "talk", "finish"] == told(walker)
    assert ("closed", "bad", None) == (walked.pilot.state, walked.pilot.outcome, walked.track)
    assert "result" == walked.pilot.records("note")[0].data["kind"]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ("type: integer", 1),
        ("type: integer, min: 10", 10),
        ("type: integer, max: 0", 0),
        ("type: integer, min: 0, max: 0", 0),
        ("type: integer, max: -2", -2),
        ('type: decimal, max: "0.5"', "0.5"),
        ('type: decimal, min: "2000"', "2000"),
    ],
)
def test_a_number_is_made_up_within_its_bounds(bounds: str, expected: int | str) -> None:
    """Whatever bounds a workflow gives a number, one is found that it accepts."""
    workflow = flow(FLOW.replace("data: {title:", f"data: {{seats: {{{bounds}, required: true}}, title:", 1))
    pilot = Walker(open_stage(workflow)).begin()
    assert str(expected) == str(pilot.data["seats"])


def test_a_track_moves_the_pilot_where_it_must() -> None:
    """To sign on a track the pilot is brought to where that is possible, and both sides sign."""
    walker = Walker(open_stage(flow()))
    walked = walker.walk(path(flow(), kind="supplier", ends="seen (identify) > asked > agreed"))
    assert ["start", "identify", "ask", "write", "talk", "agree", "agree"] == told(walker)
    assert ("talking", "agreed") == (walked.pilot.state, walked.pilot.tracks[str(walked.track)].state)
    assert 2 == len({line.call.actor for line in walked.story.lines if line.call and line.call.trigger == "agree"})


def test_what_a_clock_fires_is_waited_for() -> None:
    """An edge that only a clock fires comes about by letting days go by, as many as its term has."""
    walker = Walker(open_stage(flow()))
    walked = walker.walk(path(flow(), kind="supplier", ends="asked > lapsed"))
    assert "lapsed" == walked.pilot.tracks[str(walked.track)].state
    assert date(2026, 1, 15) == walker.stage.today == walked.pilot.tracks[str(walked.track)].since


def test_a_path_is_walked_on_any_engine_with_its_time() -> None:
    """`walk` takes an engine and the time that it lives by, and begins a pilot of its own for each path."""
    time = ScenarioTime(datetime(2026, 3, 2, 9, tzinfo=UTC))
    with Engine.open("memory://", time=time, ids=ScenarioIds("here"), workflows=[flow()]) as engine:
        for one in every_path(flow(), "supplier", 3):
            walked = walk(engine, one, time=time)
            assert one.states[-1] == engine.get(walked.pilot.id).tracks[str(walked.track)].state
        assert () == engine.verify()


def test_the_remedies_of_a_path_move_nothing_that_it_is_about() -> None:
    """A pilot's gate that asks for an agreed supplier is opened with another supplier than the one that is walked."""
    gate = "require: [has: {record: note, where: {kind: result}, code: missing-note}]"
    text = FLOW.replace(gate, "require: [tracks_reached: {kind: supplier, states: [asked, agreed]}]")
    workflow = flow(text)
    fits = next(one for one in every_pair(workflow, "supplier") if one.hop.trigger == "park" and one.state == "talking")
    walker = Walker(open_stage(workflow))
    assert () == walker.try_pair(fits)
    states = {key: track.state for key, track in walker.pilot.tracks.items()}
    assert "parked" == states.pop(walker.tracks["supplier"])
    assert ["asked"] == list(states.values())


def test_a_pair_that_does_not_fit_is_refused() -> None:
    """Where the pilot's state does not allow a track's edge, trying it tells the codes of the refusal."""
    pairs = [one for one in every_pair(flow(), "supplier") if not one.fits and one.hop.trigger == "agree"]
    assert {"open", "closed"} == {one.state for one in pairs}
    for pair in pairs:
        assert "wrong-state" in Walker(open_stage(flow())).try_pair(pair)


# -- where it ends -----------------------------------------------------------------------------------------------------


@guard(codes=("not-now",))
def never(_question: Question) -> Blocker:
    """Nothing helps."""
    return Blocker("not-now")


def gated(name: str) -> str:
    gate = "require: [has: {record: note, where: {kind: result}, code: missing-note}]"
    codes = "\n  not-now: {en: Not now., nl: Nu niet.}\n  no-budget: {en: No budget., nl: Geen budget.}\n"
    return FLOW.replace(gate, f"require: [{name}]").rstrip() + codes


def test_where_nothing_helps_the_walk_is_stuck_and_says_why() -> None:
    """A blocker without a remedy ends the walk with its code, the command, and what was done, as a scenario."""
    workflow = flow(gated("never"), never)
    stage = open_stage(workflow, guards=[never])
    with pytest.raises(Stuck, match="talk is refused: not-now") as caught:
        Walker(stage).walk(path(workflow, kind=None, ends="open > talking"))
    assert "start: {title:" in str(caught.value)
    assert caught.value.story is stage.story


def test_a_clock_that_never_comes_leaves_the_walk_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the clock that should fire an edge does not, the walk ends after its patience, and says so."""
    monkeypatch.setattr(Engine, "tick", lambda *_args, **_named: _Nothing())
    with pytest.raises(Stuck, match="no clock fires lapse within"):
        Walker(open_stage(flow())).walk(path(flow(), kind="supplier", ends="asked > lapsed"))


class _Nothing:
    done = 0


# -- guards of a host --------------------------------------------------------------------------------------------------


@guard(reads=("budget",), codes=("no-budget",))
def budget(question: Question) -> Blocker | None:
    """The budget is a number of the host's own."""
    return None if str(question.data.get("budget", "")).startswith("B-") else Blocker("no-budget")


WITH_BUDGET = gated("budget").replace(
    "to: talking, allow: [lead],", "to: talking, allow: [lead], data: {budget: {type: text}},"
)


def _supplied(wanted: Wanted) -> Mapping[str, Any]:
    assert "budget" in wanted.fields
    assert (TODAY, None, "open") == (wanted.today, wanted.track, wanted.pilot.state)
    return {"budget": "B-1"}


def test_a_host_gives_the_data_that_its_guard_asks() -> None:
    """With a supplier under the guard's name its gate is passed, and without one the walk is stuck."""
    workflow = flow(WITH_BUDGET, budget)
    way = path(workflow, kind=None, ends="open > talking")
    stage = open_stage(workflow, guards=[budget])
    assert "talking" == Walker(stage, {"budget": _supplied}).walk(way).pilot.state
    with pytest.raises(Stuck, match="no-budget"):
        Walker(open_stage(workflow, guards=[budget])).walk(way)


@guard(codes=("no-budget",))
def noted(question: Question) -> Blocker | None:
    """Somebody wrote a note."""
    remedy = Remedy("write", {"kind": "idea"}, roles=("lead",))
    return None if question.pilot.records("note") else Blocker("no-budget", missing=(remedy,))


def test_a_guard_that_says_what_helps_needs_no_supplier() -> None:
    """The remedy that a host's guard names is carried out like any other."""
    workflow = flow(gated("noted"), noted)
    walker = Walker(open_stage(workflow, guards=[noted]))
    assert "talking" == walker.walk(path(workflow, kind=None, ends="open > talking")).pilot.state
    assert ["start", "write", "talk"] == told(walker)


# -- data --------------------------------------------------------------------------------------------------------------


def test_data_keeps_to_the_fields() -> None:
    """Lengths, bounds, choices and what another choice requires are kept to, and what was given stays."""
    workflow = flow()
    rule = next(one for one in table_of(workflow).every if one.edge.trigger == "write")
    filler = Filler(table_of(workflow), People(workflow), optional=0)
    walker = Walker(open_stage(workflow))
    pilot = walker.begin()
    data = filler.data(rule, pilot, None, TODAY, {"kind": "result"})
    assert {"kind", "text", "why"} == set(data)
    assert ("result", 20) == (data["kind"], len(data["text"]))
    rich = Filler(table_of(workflow), People(workflow), optional=100)
    assert ("3", "2026-01-05") == (
        rich.data(rule, pilot, None, TODAY)["hours"],
        rich.data(rule, pilot, None, TODAY)["day"],
    )


@pytest.mark.parametrize("name", ["small", "every"])
def test_the_test_workflows_are_walked_whole(name: str) -> None:
    """Workflows that use every part of the format are walked over every path and edge, with their pairs."""
    workflow = workflow_of(ROOT / "tests" / "data" / f"{name}.yaml")
    walker = Walker(open_stage(workflow))
    for kind in (None, *workflow.tracks):
        for one in (*every_path(workflow, kind), *nearest_paths(workflow, kind)):
            walked = walker.walk(one)
            state = walked.pilot.state if kind is None else walked.pilot.tracks[str(walked.track)].state
            assert (one.states or (workflow.start.to,))[-1] == state
    for kind in workflow.tracks:
        for pair in every_pair(workflow, kind):
            assert pair.fits == (walker.try_pair(pair) == ())
    assert () == walker.stage.engine.verify()
