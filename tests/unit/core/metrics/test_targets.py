from typing import Any

from proeftuin.core.metrics import Facts, Target, Targets
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.settings import Settings
from tests.unit.core.metrics.people import PAID, WORKFLOW, ago, one_pilot, placed
from tests.unit.core.small import TODAY, record


def goal(number: int, metric: str | None, target: str | None, days: int = 9, **data: Any) -> Record:
    told = {"metric": metric, "target": target}
    facts: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    return record("goal", number, since=ago(days), text="More", **facts, **data)


def targets(*pilots: Pilot, limit: int | None = None) -> list[Target]:
    found = Targets()
    for pilot in pilots:
        found.add(Facts(WORKFLOW, pilot, TODAY, TODAY, Settings()))
    return list(found.all(TODAY, Settings(), limit))


def told(*pilots: Pilot, limit: int | None = None) -> list[tuple[object, ...]]:
    return [(one.metric, one.target, one.value, one.share, one.pilots) for one in targets(*pilots, limit=limit)]


def test_targets_are_added_and_compared_with_the_same_pilots() -> None:
    """What goals want of a figure is added up, beside what those pilots have of it; a pilot without one is left out."""
    held = [
        one_pilot(goal(1, "jobs_25_5", "2.5"), placed(1, **PAID)),
        one_pilot(goal(1, "jobs_25_5", "1.5"), goal(2, "places_agreed", "4"), placed(1, **PAID), placed(2, **PAID)),
        one_pilot(placed(1, **PAID)),
    ]
    assert [("places_agreed", 4, 0, "0.00", 1), ("jobs_25_5", "4.00", "3.00", "75.00", 2)] == told(*held)
    first = targets(*held)[0]
    assert ("places", "Places agreed") == (first.unit, first.label["en"])


def test_the_last_goal_that_was_not_dropped_counts() -> None:
    """Of two goals on one figure the later one counts; one that was let go of does not, nor one of a later day."""
    held = one_pilot(
        goal(1, "placements_active", "3", 20),
        goal(2, "placements_active", "5", 10, status="met"),
        goal(3, "placements_active", "8", 5, status="dropped"),
        goal(4, "placements_active", "9", -1),
    )
    assert [("placements_active", 5, 0, "0.00", 1)] == told(held)


def test_what_does_not_add_up_stays_with_its_pilot() -> None:
    """A target on a ratio, a median, a funnel or an unknown figure, or a goal without a number, is not among them."""
    held = one_pilot(
        goal(1, "retention_w", "80"), goal(2, "lead_time", "30"), goal(3, "happiness", "10"),
        goal(4, "jobs_25_5", None), goal(5, None, "3"), goal(6, "instruments_in_use", "5"),
        goal(7, "stage_funnel", "4"), placed(1),
    )  # fmt: skip
    assert [] == told(held)


def test_a_goal_without_a_number_hides_no_later_one() -> None:
    """Goals that want no figure are passed over, and those after them count."""
    held = one_pilot(goal(1, None, None, 20), goal(2, "retention_w", "80", 15), goal(3, "placements_active", "5", 10))
    assert [("placements_active", 5, 0, "0.00", 1)] == told(held)


def test_a_figure_that_is_refused_has_no_target() -> None:
    """Where the figure cannot be given there is nothing to compare with."""
    assert [] == told(one_pilot(goal(1, "potential_low", "3"), data={"category": "security"}))


def test_few_persons_are_hidden_here_too() -> None:
    """A value that rests on few persons is hidden, and so is the share; the target rests on nobody."""
    held = one_pilot(goal(1, "placements_active", "3"), placed(1))
    assert [("placements_active", 3, "<5", None, 1)] == told(held, limit=5)


def test_part_of_what_is_counted_may_be_wanted() -> None:
    """Where goals want half a placement together, the half is shown."""
    held = [one_pilot(goal(1, "placements_active", "2.5"), placed(1)), one_pilot(goal(1, "placements_active", "5"))]
    assert [("placements_active", "7.50", 1, "13.33", 2)] == told(*held)


def test_nobody_wants_nothing() -> None:
    """A target of nothing has no share."""
    assert [("lessons", 0, 0, None, 1)] == told(one_pilot(goal(1, "lessons", "0")))
