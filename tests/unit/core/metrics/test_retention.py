from datetime import timedelta
from typing import Any

from proeftuin.core.pilot import Record
from proeftuin.core.structs import replace
from tests.unit.core.metrics.people import ago, one, one_pilot, placed, shared
from tests.unit.core.small import TODAY, record

QUARTER = 13 * 7


def answer(number: int, placement: int, weeks: Any, said: str, days: int = 0, **more: Any) -> Record:
    facts = {"placement": f"placement-{placement}", "weeks": weeks, "answer": said}
    return record("retention", number, since=ago(days), **facts, **more)


def test_of_placements_long_enough_ago_the_known_answers_count() -> None:
    """The share still at work is of placements that began so many weeks ago and whose answer is known."""
    held = one_pilot(
        *[placed(number, -QUARTER - number) for number in range(6)],
        placed(6, 1 - QUARTER),
        answer(1, 0, 13, "same_or_better"),
        answer(2, 1, "13", "same_or_better"),
        answer(3, 2, 13, "worse"),
        answer(4, 3, 13, "left"),
        answer(5, 4, 13, "unknown"),
        answer(6, 6, 13, "same_or_better"),
        began=900,
    )
    found = one(held, "retention_w")
    assert {"13": "50.00", "26": None, "52": None} == found.value
    assert ({"13": "2/4"}, {"unknown_13": 2, "unknown_26": 0, "unknown_52": 0}) == (found.ratios, found.extra)


def test_each_number_of_weeks_has_its_own_answer() -> None:
    """A placement of a year ago counts three times, each time with the answer of then."""
    held = one_pilot(
        placed(1, -365),
        answer(1, 1, 13, "same_or_better", 200),
        answer(2, 1, 26, "worse", 150),
        answer(3, 1, 52, "left"),
        began=900,
    )
    assert {"13": "100.00", "26": "0.00", "52": "0.00"} == one(held, "retention_w").value
    assert {"13": "100.00", "26": "0.00", "52": None} == one(held, "retention_w", as_of=ago(9)).value
    single = one(held, "retention_w", of="26")
    assert ("0.00", "0/1") == shared(single)


def test_the_last_answer_counts_unless_it_was_taken_back() -> None:
    """Of two answers the later one counts, and one that was ended does not."""
    answers = [
        answer(1, 1, 13, "left", 9),
        answer(2, 1, 13, "same_or_better", 5),
        answer(3, 1, 13, "worse", 3, ended=ago(2)),
    ]
    held = one_pilot(placed(1, -100), *answers, began=900)
    assert "100.00" == one(held, "retention_w", of="13").value
    assert "0.00" == one(held, "retention_w", of="13", as_of=ago(6)).value


def test_a_placement_that_went_on_from_another_is_the_same_one() -> None:
    """Who moved on began when the first placement began, and an answer about the later one is about both."""
    moved = replace(placed(2, -10, participant="s1"), first="placement-1")
    held = one_pilot(placed(1, -100, -10), moved, answer(1, 2, 13, "same_or_better"), began=900)
    assert ("100.00", "1/1") == shared(one(held, "retention_w", of="13"))


def test_a_share_that_rests_on_few_is_not_shown() -> None:
    """Where those who stayed, those who left or those in all are few, the share is hidden, and so are all three."""
    for kept, left, shown in (
        (5, 5, "50.00"),
        (5, 4, "withheld"),
        (4, 5, "withheld"),
        (6, 0, "100.00"),
        (0, 6, "0.00"),
    ):
        records = [placed(number, -QUARTER) for number in range(kept + left)]
        said = ["same_or_better"] * kept + ["left"] * left
        answers = [answer(number, number, 13, one) for number, one in enumerate(said)]
        found = one(one_pilot(*records, *answers, began=900), "retention_w", suppress=True)
        assert (shown, shown == "withheld") == (found.value["13"], found.ratios == {})
    few = [placed(number, -QUARTER) for number in range(4)]
    single = one(one_pilot(*few, answer(0, 0, 13, "same_or_better"), began=900), "retention_w", of="13", suppress=True)
    assert ("<5", None, None) == (single.value, single.exact, single.numerator)
    assert "<5" == single.extra["unknown_13"]


def test_the_weeks_are_counted_from_the_start() -> None:
    """A placement is asked about from the very day that is so many weeks after its start."""
    held = one_pilot(placed(1, -QUARTER), began=900)
    day = TODAY - timedelta(1)
    assert [0, 1] == [one(held, "retention_w", as_of=one_day).extra["unknown_13"] for one_day in (day, TODAY)]


def test_without_placements_nobody_is_asked_about() -> None:
    """A pilot in which nobody was placed has no share, and is in the coverage as one that tells nothing."""
    found = one(one_pilot(began=900), "retention_w")
    assert ({"13": None, "26": None, "52": None}, (0, 1)) == (found.value, found.coverage)
