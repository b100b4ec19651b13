"""Moving on and coming to an end: joins, cycles, holds, stopping, what follows, and the dates that things count for."""

import pytest

from proeftuin import Refused
from tests.domain.existing.life import Life
from tests.domain.life import person


def engaging() -> Life:
    """Everything that the implementation needs, but for a supplier that has agreed."""
    life = Life().reach("engaging")
    life.assign("contract_manager", "contract_manager")
    life.assign("contact_client", "contract_manager")
    life.assign("supervision", "supervisor")
    return life


def evaluating(**tracks: str) -> Life:
    """A pilot with its report, alpha delivering and other suppliers in these states."""
    life = Life().reach("implementing")
    for key, state in tracks.items():
        life.supplier(key, state)
    life.reach("evaluating")
    life.paper("report")
    return life


def test_one_agreed_supplier_is_enough_to_start() -> None:
    """Declined and withdrawn suppliers never block; undecided ones may join later, and are only warned of."""
    life = engaging().supplier("beta", "declined").supplier("gamma", "talking").supplier("delta", "parked")
    assert ("missing-signature",) == life.no("coordinator", "start_implementation")
    life.supplier("alpha", "agreed")
    assert ("undecided-tracks",) == life.warned("coordinator", "start_implementation")
    life.supplier("gamma", "delivering")
    assert "delivering" == life.pilot.tracks["gamma"].state


def test_the_implementation_is_started_together() -> None:
    """Coordinator or contract manager may fire it, and the other takes part: assigned, or present in this cycle."""
    life = Life().reach("engaging").supplier("alpha", "agreed")
    for duty in ("contact_client", "supervision"):
        life.assign(duty, "hr")
    life.engine.fire(life.id, "start_implementation", actor=person("contract_manager"))
    assert "implementing" == life.pilot.state


def test_every_track_is_done_before_the_end() -> None:
    """A parked track must be decided, or carried to the follow-up by name; a delivering one must be completed."""
    life = evaluating(beta="parked", gamma="declined")
    end = {"outcome": "follow_up"}
    assert ("open-tracks",) == life.no("client_owner", "conclude", end)
    life.do("contract_manager", "complete", None, "alpha")
    assert ("open-tracks",) == life.no("client_owner", "conclude", end)
    assert ("open-tracks",) == life.no("client_owner", "conclude", {**end, "carry": ["gamma"]})
    result = life.do("client_owner", "conclude", {**end, "carry": ["beta"]})
    assert ("closed", "follow_up", ("beta",)) == (result.pilot.state, result.pilot.outcome, result.pilot.data["carry"])


def test_only_the_board_embeds() -> None:
    """What changes for good is the board's to conclude, with evidence of it; the owner concludes otherwise."""
    life = evaluating()
    life.do("contract_manager", "complete", None, "alpha")
    assert ("forbidden-role",) == life.no("client_owner", "conclude", {"outcome": "embedded"})
    assert ("forbidden-role",) == life.no("board", "conclude", {"outcome": "ended"})
    assert ("missing-embedding",) == life.no("board", "conclude", {"outcome": "embedded"})
    assert ("missing-field", "missing-embedding") == life.no("board", "conclude", {})
    assert ("missing-field",) == life.no("client_owner", "conclude", {})
    life.paper("embedding")
    assert ("no-story",) == life.warned("board", "conclude", {"outcome": "embedded"})
    assert ("wrong-state",) == life.no(
        "coordinator", "add_evidence", {"type": "report", "date": life.today, "reference": "D"}
    )


@pytest.mark.parametrize(("trigger", "state"), [("iterate", "implementing"), ("widen", "engaging")])
def test_a_round_counts_and_needs_its_own_report(trigger: str, state: str) -> None:
    """Another round is a new cycle, from the day of the move; the report of the last round does not count for it."""
    life = Life().reach("evaluating")
    assert ("missing-report",) == life.no("client_owner", trigger)
    life.paper("report")
    life.later(7)
    pilot = life.do("client_owner", trigger).pilot
    assert (state, 2, life.today) == (pilot.state, pilot.cycle, pilot.cycle_since.isoformat())
    if trigger == "widen":
        life.do("coordinator", "start_implementation")
    assert ("nothing-implemented",) == life.no("coordinator", "start_evaluation")
    life.paper("delivered_result")
    life.do("coordinator", "start_evaluation")
    assert ("missing-report",) == life.no("client_owner", trigger)


def test_widening_needs_a_valid_decision() -> None:
    """New suppliers are not invited on a withdrawn decision; another round with the same ones needs none."""
    life = evaluating()
    life.undecide()
    assert ("commitment-withdrawn",) == life.no("client_owner", "widen")
    life.do("client_owner", "iterate")


def test_who_was_placed_before_the_cycle_and_still_is_counts_for_it() -> None:
    """Something is implemented in a round when somebody is at work on a day of it, whenever they began."""
    life = Life().reach("implementing")
    life.place()
    life.later(7)
    life.do("coordinator", "start_evaluation")
    life.paper("report")
    life.later(7)
    life.do("client_owner", "iterate")
    life.do("coordinator", "start_evaluation")
    assert "evaluating" == life.pilot.state


def test_a_pilot_stops_with_a_lesson_and_a_plan_for_who_is_placed() -> None:
    """Stopping is a result: from any open state, on hold too, but not without a lesson, nor over people's heads."""
    life = Life().reach("implementing")
    life.place()
    reason = {"reason": "No money"}
    assert ("missing-placement-plan", "missing-lessons") == life.no("client_owner", "stop", reason)
    life.do("hr", "add_lesson", {"text": "Begin small"})
    life.pause()
    assert ("missing-placement-plan",) == life.no("board", "stop", reason)
    pilot = life.do("board", "stop", {**reason, "placement_plan": "They stay"}).pilot
    assert ("closed", "stopped", "running") == (pilot.state, pilot.outcome, pilot.hold)
    life.do("coordinator", "check_in", {"date": life.today, "mood": "going_well"})


def test_a_pause_lasts_at_most_half_a_year() -> None:
    """A pilot is put on hold until a day within 26 weeks; what runs on is warned of, and nobody pauses twice."""
    life = Life().reach("implementing")
    life.place()
    until = life.day(26 * 7)
    assert ("bad-value",) == life.no("coordinator", "pause", {"reason": "Summer", "resume_by": life.day(26 * 7 + 1)})
    assert ("bad-value",) == life.no("coordinator", "pause", {"reason": "Summer", "resume_by": life.today})
    assert ("active-placements",) == life.warned("coordinator", "pause", {"reason": "Summer", "resume_by": until})
    assert ("paused",) == life.no("coordinator", "pause", {"reason": "Summer", "resume_by": until})
    assert ("paused",) == life.no("coordinator", "start_evaluation")
    assert "running" == life.do("client_owner", "resume").pilot.hold
    assert ("wrong-state",) == life.no("client_owner", "resume")


def test_what_follows_is_linked_both_ways() -> None:
    """Only a pilot that was closed for a follow-up begins one; each then knows the other."""
    life = evaluating()
    life.do("contract_manager", "complete", None, "alpha")
    assert ("wrong-state",) == life.no("coordinator", "spawn_follow_up", {"title": "Next"})
    life.do("client_owner", "conclude", {"outcome": "follow_up"})
    result = life.do("coordinator", "spawn_follow_up", {"title": "Next", "sector": "care"})
    assert result.started is not None
    new = life.engine.get(result.started)
    assert (life.id, "Next", "care", "DJI", "exploring") == (
        new.data["follow_up_of"],
        new.data["title"],
        new.data["sector"],
        new.data["organisation"],
        new.state,
    )
    assert [(new.id, "spawn_follow_up")] == [(one["pilot"], one["relation"]) for one in life.pilot.data["linked"]]


@pytest.mark.parametrize("outcome", ["ended", "stopped"])
def test_other_outcomes_have_no_follow_up(outcome: str) -> None:
    """A pilot that ended or was stopped has no follow-up, and never will."""
    life = evaluating()
    life.do("contract_manager", "complete", None, "alpha")
    if outcome == "ended":
        life.do("client_owner", "conclude", {"outcome": outcome})
    else:
        life.do("hr", "add_lesson", {"text": "Begin small"})
        life.do("client_owner", "stop", {"reason": "No money"})
    (blocker,) = life.explain("coordinator", "spawn_follow_up", {"title": "Next"}).blockers
    assert ("wrong-state", True, ()) == (blocker.code, blocker.params["never"], blocker.missing)


# -- dates -------------------------------------------------------------------------------------------------------------


def test_what_is_told_late_counts_for_its_own_day() -> None:
    """With `on` a command counts for an earlier day; the log still says when it was recorded."""
    life = Life().supplier("alpha", "identified").reach("engaging")
    life.later(14)
    event = life.do("coordinator", "invite", None, "alpha", on=life.day(-7)).events[0]
    assert (life.day(-7), life.clock.now()) == (event.on.isoformat(), event.at)
    assert life.day(-7) == life.pilot.tracks["alpha"].since.isoformat()
    assert life.day(-7) == life.pilot.last_move.isoformat()


@pytest.mark.parametrize(("days", "problem"), [(1, "after-today"), (-8, "before-last-move")])
def test_a_business_date_lies_between_the_last_move_and_today(days: int, problem: str) -> None:
    """Nothing counts for a day to come, nor for one before what has moved since; the last move is told."""
    life = Life().reach("engaging").supplier("alpha", "identified")
    life.later(7)
    with pytest.raises(Refused) as no:
        life.do("coordinator", "invite", None, "alpha", life.day(days))
    (blocker,) = no.value.blockers
    assert ("bad-value", problem, life.day(-7)) == (
        blocker.code,
        blocker.params["problem"],
        blocker.params["last_move"],
    )


@pytest.mark.parametrize(
    ("by", "trigger", "data"),
    [
        ("board", "record_decision", {"reference": "BD"}),
        ("board", "endorse_publicly", {"reference": "BD"}),
        ("budget_holder", "record_sponsorship", {}),
        ("hr", "log_activity", {"type": "coffee"}),
        ("hr", "add_evidence", {"type": "report", "reference": "D"}),
        ("coordinator", "check_in", {"mood": "stuck"}),
    ],
)
def test_what_has_not_happened_is_not_recorded(by: str, trigger: str, data: dict[str, str]) -> None:
    """A fact is dated today or earlier, by the day in the workflow's own zone."""
    life = Life()
    assert ("future-dated",) == life.no(by, trigger, {**data, "date": life.day(1)})
    life.do(by, trigger, {**data, "date": life.day(-400)})
    life.do(by, trigger, {**data, "date": life.today})
