"""Whatever stands in a file, an answer comes back and nothing half is written."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proeftuin.intake import take_in
from tests.scale import scaled
from tests.unit.intake.sheets import begun, codes, done, engine, sheet

CELLS = st.sampled_from(
    [
        "",
        "$x",
        "=1+1",
        "0",
        "1.234",
        "12,5",
        "ja",
        "31-12-9999",
        "0001-01-01",
        "9999-12-31",
        "[",
        "{}",
        '{"a":',
        "[[]]",
        "a / b",
    ]
) | st.text(max_size=12)
HEADS = st.sampled_from(
    [
        "title",
        "organisation",
        "data",
        "keep",
        "track",
        "party",
        "type",
        "present",
        "places",
        "places.x",
        "due",
        "fields",
        "zzz",
        "",
    ]
)
TRIGGERS = st.sampled_from(
    ["start", "log_activity", "set_goal", "assign", "correct", "identify", "finish_step", "pause", ""]
)


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b'sep=;\r\n"')
def test_any_bytes_get_an_answer(source: bytes) -> None:
    """Any file at all is refused with a reason, and raises nothing."""
    with engine() as one:
        report = take_in(one, source)
        assert () == one.count()
    assert all(verdict.blockers for verdict in report.verdicts if verdict.what == "refused")


@settings(max_examples=scaled(40))
@given(st.lists(st.tuples(TRIGGERS, CELLS, st.dictionaries(HEADS, CELLS, max_size=4)), max_size=6))
def test_any_cells_get_an_answer(rows: list[tuple[str, str, dict[str, str]]]) -> None:
    """Whatever people put into cells, each row gets a verdict, and a pilot is there with all its rows or not at all."""
    given_rows = [begun(), *({**done(trigger, date=date or "2026-01-06"), **more} for trigger, date, more in rows)]
    with engine() as one:
        report = take_in(one, sheet(*given_rows), partly=True)
        numbers = [verdict.row for verdict in report.verdicts if verdict.row > 1]
        assert len(numbers) == len(set(numbers))
        assert (bool(report.written)) == bool(one.count())
        if report.written:
            keys = {event.key for event in one.history(one.find(ref="P-1").items[0].id)}
            assert len(numbers) == len(keys)
        assert () == one.verify()


@pytest.mark.parametrize("depth", [30, 200, 900])
def test_deep_json_is_refused(depth: int) -> None:
    """Data that is nested without end is refused as what cannot be kept or read."""
    deep = json.dumps({"tags": None}).replace("null", "[" * depth + "]" * depth)
    with engine() as one:
        assert [3] == [row for row, _ in codes(take_in(one, sheet(begun(), done("add_lesson", text="x", data=deep))))]


def test_a_large_cell_is_refused() -> None:
    """A text that is longer than a field may be is refused, and one beyond what a cell can be ends the sheet there."""
    with engine() as one:
        assert [(3, ["bad-value"])] == codes(take_in(one, sheet(begun(), done("add_lesson", text="x" * 10_001))))
        assert [(3, ["not-a-sheet"])] == codes(take_in(one, sheet(begun(), done("add_lesson", text="x" * 200_000))))


@pytest.mark.parametrize("slip", [{"role": "jan@example.org"}, {"trigger": "bsn 111222333"}, {"step": "$111222333"}])
def test_a_cell_that_could_point_at_a_person_is_not_repeated(slip: dict[str, str]) -> None:
    """What looks like a person in the wrong cell is told of without being told."""
    with engine() as one:
        report = take_in(one, sheet(begun(), {**done("finish_step"), **slip}))
    assert [3] == [row for row, _ in codes(report)]
    told = [blocker.text(lang) for verdict in report.verdicts for blocker in verdict.blockers for lang in ("en", "nl")]
    assert [] == [text for text in told if "jan@" in text or "111222333" in text]


def test_a_long_cell_is_told_by_its_beginning() -> None:
    """A slip of a thousand characters does not fill the screen."""
    with engine() as one:
        report = take_in(one, sheet(begun(), done("x" * 1000)))
    assert max(len(blocker.text("en")) for verdict in report.verdicts for blocker in verdict.blockers) < 200
