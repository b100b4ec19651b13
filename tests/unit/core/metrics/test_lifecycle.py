from typing import Any

from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pause, Pilot
from proeftuin.core.structs import force_setattr
from tests.unit.core.metrics.people import ago, all_of, one, one_pilot, stop
from tests.unit.core.small import TODAY, small, state

WORKFLOW = small(
    states={
        "first": state("exploration"),
        "second": state("commitment"),
        "third": state("implementation"),
        "vague": state(None),
        "closed": state("closed", final=True),
    }
)


def moving(*stops: tuple[str, int, str], began: int = 99, **more: Any) -> Pilot:
    """A pilot that came to these states so many days ago."""
    return one_pilot(path=[stop(*each) for each in stops], began=began, **more)


CLOSED = moving(("second", 60, "commitment"), ("closed", 20, "closed"), outcome="stopped", state="closed", id="p2")
PILOTS = [one_pilot(), CLOSED, moving(("second", 60, "commitment"), ("third", 10, "implementation")), moving(began=5)]


def test_every_pilot_is_in_one_phase() -> None:
    """The phases add up to the pilots that had begun, stopped ones included, on every day."""
    found = one(PILOTS, "pilots_by_phase")
    expected = {
        "exploration": 2,
        "commitment": 0,
        "supplier_talks": 0,
        "implementation": 1,
        "evaluation": 0,
        "closed": 1,
    }
    assert (expected, (4, 4)) == (found.value, found.coverage)
    for days in range(101):
        then = one(PILOTS, "pilots_by_phase", as_of=ago(days))
        assert then.coverage[1] == sum(then.value.values())
    assert {"exploration": 1, "commitment": 2} == {
        name: number for name, number in one(PILOTS, "pilots_by_phase", as_of=ago(30)).value.items() if number
    }


def test_a_state_without_a_phase_counts_too() -> None:
    """A pilot in a state that lies in no phase is told apart, so that the sum stays the number of pilots."""
    found = one(moving(("vague", 3, "")), "pilots_by_phase", workflow=WORKFLOW)
    assert (1, 7) == (found.value["none"], len(found.value))


def test_outcomes_add_up_too() -> None:
    """What has not ended is running; a pilot that was closed later is running on the day before."""
    after = {"running": 3, "embedded": 0, "follow_up": 0, "ended": 0, "stopped": 1}
    assert after == one(PILOTS, "pilots_by_outcome").value
    assert {**after, "stopped": 0} == one(PILOTS, "pilots_by_outcome", as_of=ago(21)).value
    ended = moving(("closed", 9, "closed"), state="closed")
    assert 1 == one(ended, "pilots_by_outcome", workflow=WORKFLOW).value["none"]


def test_a_breakdown_of_phases_is_of_pilots() -> None:
    """Broken down by organisation the pilots are counted, and one phase can be chosen."""
    held = [one_pilot(data={"organisation": "X"}), moving(("second", 9, "commitment"), data={"organisation": "Y"})]
    assert {"X": 1, "Y": 1} == one(held, "pilots_by_phase", by=["organisation"]).value
    assert {"X": 0, "Y": 1} == one(held, "pilots_by_phase", by=["organisation"], of="commitment").value


def test_lead_times_are_medians_over_pilots_that_left_the_phase() -> None:
    """Days per phase are the middle over pilots that have left it, with how many those are; others wait."""
    found = one(PILOTS, "lead_time")
    assert ("39.0", "45.0", None) == tuple(found.value[one] for one in ("exploration", "commitment", "evaluation"))
    assert {"exploration": 2, "commitment": 2, "supplier_talks": 0, "implementation": 0, "evaluation": 0} == found.n
    assert ("39.0", {"all": 2}) == (
        one(PILOTS, "lead_time", of="exploration").value,
        one(PILOTS, "lead_time", of="exploration").n,
    )
    assert EMPTY == found.ratios


def test_the_middle_of_an_even_number_lies_between_two() -> None:
    """The median of an even number of pilots lies half way between the two in the middle."""
    quick = [moving(("second", 99 - days, "commitment"), id=f"q{days}") for days in (1, 2, 2, 4, 9)]
    assert "2.0" == one(quick, "lead_time", of="exploration").value
    assert "3.0" == one(quick[2:4], "lead_time", of="exploration").value
    assert "1.5" == one(quick[:2], "lead_time", of="exploration").value
    assert "2.0" == one(quick[:4], "lead_time", of="exploration").value


def test_rounds_are_added_and_holds_left_out() -> None:
    """A phase that was entered twice took both times together, without the days on which the pilot was on hold."""
    stops = [("second", 80, "commitment"), ("third", 60, "implementation"), ("second", 40, "commitment"),
             ("third", 30, "implementation"), ("closed", 10, "closed")]  # fmt: skip
    pauses = (Pause(ago(85), ago(75)), Pause(ago(35), ago(35)), Pause(ago(12)))
    held = moving(*stops, pauses=pauses, state="closed", workflow=WORKFLOW)
    found = one(held, "lead_time", workflow=WORKFLOW).value
    assert ("14.0", "25.0", "38.0") == (found["exploration"], found["commitment"], found["implementation"])
    again = one(held, "lead_time", workflow=WORKFLOW, as_of=ago(39)).value
    assert (None, "20.0") == (again["commitment"], again["implementation"])


def test_a_pilot_without_its_path_is_where_it_is() -> None:
    """Where no path is known the pilot has been in its state since its round began."""
    bare = one_pilot()
    force_setattr(bare, "path", ())
    assert 1 == one(bare, "pilots_by_phase").value["exploration"]
    assert (0, 1) == tuple(one(bare, "pilots_by_phase", as_of=ago(day)).coverage[1] for day in (100, 99))
    assert TODAY == all_of([bare], "lead_time", "checkin_rate")["lead_time"].as_of


def test_the_age_of_a_state_is_counted_over_open_pilots_without_holds() -> None:
    """The middle of the days since a pilot came to its state, those on hold left out; closed pilots have no age."""
    second = [("second", days, "commitment") for days in (60, 40, 30)]
    aged = [moving(one, id=f"a{place}", state="second") for place, one in enumerate(second)]
    held = moving(("second", 50, "commitment"), id="h", state="second", pauses=(Pause(ago(30), ago(20)), Pause(ago(5))))
    left = moving(("second", 90, "commitment"), ("third", 7, "implementation"), id="l", state="third")
    found = one([*aged, held, left, CLOSED], "days_in_state", workflow=WORKFLOW)
    assert {"second": "37.5", "third": "7.0"} == {name: days for name, days in found.value.items() if days is not None}
    assert {"second": 4, "third": 1} == {name: number for name, number in found.n.items() if number}
    then = one([left, CLOSED], "days_in_state", workflow=WORKFLOW, as_of=ago(30))
    assert {"second": "45.0"} == {name: days for name, days in then.value.items() if days is not None}
