"""Rows of a list in a record: those without a day of their own, and what copies, changes and corrections do to them."""

from collections.abc import Mapping
from typing import Any

import pytest

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Record
from proeftuin.core.workflow import Edge, Field, FieldRef, RecordOp
from tests.unit.core.days import day, iso
from tests.unit.core.small import Play, edge, kind, op, small

ROW = FrozenDict({"from": Field("date"), "n": Field("decimal"), "until": Field("date")})
JOB = kind(
    "Job",
    interval=("start", "end"),
    weekly=Field("decimal"),
    start=Field("date"),
    end=Field("date"),
    hours=Field("list", of=ROW, by_engine=True),
)
HOURS = {"from": FieldRef("start"), "n": FieldRef("weekly")}
WHICH = FrozenDict(job=Field("record", record="job", required=True))
CHANGE = FrozenDict(WHICH | {"weekly": Field("decimal"), "since": Field("date"), "last": Field("date")})
CORRECTION = FrozenDict(
    record=Field("record", required=True), fields=Field("map", required=True), reason=Field("text", required=True)
)
NOTE = kind("Note", text=Field("text"))


def change(append: Mapping[str, object] | None = None, **values: object) -> Edge:
    """An edge that changes the job that is named."""
    rows = {} if append is None else {"hours": append}
    return edge("change", records=(op(change="job", by="job", set=values, append=rows),), data=CHANGE)


def working(*more: Edge, row: Mapping[str, object] = HOURS, changes: Edge | None = None) -> Play:
    """A pilot that can begin a job with a row of hours or without, change, move and correct it."""
    move: tuple[RecordOp, ...] = (
        op(end="job", by="job", at="start"),
        op(add="job", copy="job", append={"hours": row}),
    )
    told = {"from": FieldRef("since"), "n": FieldRef("weekly")}
    return Play(
        small(
            edge("place", records=(op(add="job", append={"hours": row}),)),
            edge("bare", records=(op(add="job"),)),
            changes or change(told, weekly=FieldRef("weekly")),
            edge("move", records=move, data=FrozenDict(WHICH | {"start": Field("date"), "weekly": Field("decimal")})),
            edge("correct", records=(op(correct=("job",)),), data=CORRECTION),
            *more,
            records={"job": JOB, "note": NOTE},
        )
    )


def kept(play: Play, number: int = 1, type_: str = "job") -> Record:
    return next(one for one in play.pilot.kept[type_] if one.id == f"{type_}-{number}")


def corrected(play: Play, fields: Mapping[str, object], number: int = 1) -> Record:
    play.accept("correct", {"record": f"job-{number}", "fields": fields, "reason": "r"})
    return kept(play, number)


def hours(record: Record) -> list[dict[str, Any]]:
    return [dict(row) for row in record.data["hours"]]


def changed(play: Play, weekly: str, since: int | None = None) -> None:
    told = {} if since is None else {"since": iso(since)}
    play.accept("change", {"job": "job-1", "weekly": weekly, **told})


def test_a_copy_of_a_record_without_rows_has_its_own_row_alone() -> None:
    """A record that never had rows is moved like any other, and its copy begins with one."""
    play = working()
    play.accept("bare", {"weekly": "8", "start": iso(-9)})
    play.accept("move", {"job": "job-1", "start": iso(1)})
    new = {"weekly": "8", "start": iso(1), "hours": (FrozenDict({"from": iso(1), "n": "8"}),)}
    assert new == kept(play, 2).data


def test_a_row_without_a_day_holds_from_the_beginning() -> None:
    """What a row without a day says is taken over as what holds, and never as what was told ahead."""
    play = working()
    play.accept("place", {"weekly": "8"})
    play.accept("move", {"job": "job-1", "start": iso(1)})
    assert [{"from": iso(1), "n": "8"}] == hours(kept(play, 2))


def test_of_rows_without_a_day_a_later_one_with_a_day_is_told_ahead() -> None:
    """A copy keeps the rows that hold from after its first day on, and begins with what held on that day."""
    play = working()
    play.accept("place", {"weekly": "8"})
    changed(play, "16", 5)
    play.accept("move", {"job": "job-1", "start": iso(1)})
    new = kept(play, 2)
    assert ("8", [{"from": iso(5), "n": "16"}, {"from": iso(1), "n": "8"}]) == (new.data["weekly"], hours(new))


def test_a_corrected_start_leaves_rows_that_hold_from_the_beginning() -> None:
    """The first row takes over the new start, unless another row has no day and so holds by then."""
    play = working()
    play.accept("place", {"weekly": "8"})
    changed(play, "16", 5)
    assert [{"from": iso(1), "n": "8"}, {"from": iso(5), "n": "16"}] == hours(corrected(play, {"start": iso(1)}))
    other = working()
    other.accept("place", {"weekly": "8"})
    changed(other, "16")
    assert [{"n": "8"}, {"n": "16"}] == hours(corrected(other, {"start": iso(1)}))


def test_every_field_that_a_row_copied_follows_its_correction() -> None:
    """Of a row that names the number before the day, a correction of both fields is taken over in both places."""
    play = working(row={"n": FieldRef("weekly"), "from": FieldRef("start")})
    play.accept("place", {"weekly": "8", "start": iso(-9)})
    assert [{"from": iso(-8), "n": "9"}] == hours(corrected(play, {"weekly": "9", "start": iso(-8)}))


def test_only_the_first_day_is_in_the_first_row() -> None:
    """A corrected last day is taken over in the row that was told last, as every field but the first day."""
    row = {**HOURS, "until": FieldRef("end")}
    told = {"from": FieldRef("since"), "n": FieldRef("weekly"), "until": FieldRef("end")}
    play = working(row=row, changes=change(told, weekly=FieldRef("weekly")))
    play.accept("place", {"weekly": "8", "start": iso(-9), "end": iso(20)})
    changed(play, "16", 2)
    expected = [
        {"from": iso(-9), "n": "8", "until": iso(20)},
        {"from": iso(2), "n": "16", "until": iso(15)},
    ]
    assert expected == hours(corrected(play, {"end": iso(15)}))


# -- changing ----------------------------------------------------------------------------------------------------------


def refused(play: Play, data: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    (blocker,) = play.refuse("change", data)
    return blocker.code, blocker.params


def outside(field: str) -> tuple[str, Mapping[str, object]]:
    """What is said of a day on which the record is not active."""
    return "bad-value", {"field": field, "problem": "interval", "trigger": "change"}


@pytest.mark.parametrize("number", [-9, -8, 4])
def test_a_row_begins_on_a_day_on_which_the_record_is_active(number: int) -> None:
    """A row may begin on the first day of its record, and on any until that is over."""
    play = working()
    play.accept("place", {"weekly": "8", "start": iso(-9), "end": iso(5)})
    changed(play, "16", number)
    assert {"from": iso(number), "n": "16"} == hours(kept(play))[-1]


@pytest.mark.parametrize("number", [-10, 5, 6])
def test_no_row_begins_on_a_day_on_which_the_record_is_not_active(number: int) -> None:
    """A row begins neither before its record nor on the day on which that is over, and its field is named."""
    play = working()
    play.accept("place", {"weekly": "8", "start": iso(-9), "end": iso(5)})
    assert outside("since") == refused(play, {"job": "job-1", "weekly": "16", "since": iso(number)})


def test_the_day_of_a_row_may_be_one_that_the_record_holds() -> None:
    """A row whose day is a field of the record is judged by what the record holds there."""
    play = working(changes=change({"from": FieldRef("end"), "n": "0"}))
    play.accept("place", {"weekly": "8", "start": iso(-9), "end": iso(5)})
    assert outside("end") == refused(play, {"job": "job-1"})


def test_a_changed_first_day_is_the_beginning_of_the_record() -> None:
    """A change of the first day moves the interval of the record, in the plan that guards see and in what is told."""
    play = working(changes=change(start=FieldRef("since")))
    play.accept("bare", {"start": iso(-9), "end": iso(5)})
    event = play.accept("change", {"job": "job-1", "since": iso(-3)}).events[-1]
    assert ("record.changed", iso(-3), iso(5)) == (event.type, event.data["since"], event.data["until"])
    assert (day(-3), day(5)) == (kept(play).since, kept(play).until)


def test_a_changed_record_without_interval_keeps_its_first_day() -> None:
    """A record that has no interval goes on counting from the day on which it was told."""
    play = working(
        edge("note", records=(op(add="note"),)),
        edge("reword", records=(op(change="note", set={"text": FieldRef("better")}),),
             data=FrozenDict(better=Field("text"))),
    )  # fmt: skip
    play.accept("note", {"text": "a"})
    event = play.accept("reword", {"better": "b"}).events[-1]
    expected = {"record": "note", "id": "note-1", "set": {"text": "b"}, "since": iso(0)}
    assert ("record.changed", expected) == (event.type, event.data)
    assert ("b", day(0)) == (kept(play, type_="note").data["text"], kept(play, type_="note").since)


def test_the_end_of_a_record_tells_no_beginning() -> None:
    """What is told of an ended record is its last day alone; where it began is no part of that."""
    play = working(edge("stop", records=(op(end="job", by="job"),), data=WHICH))
    play.accept("bare", {"start": iso(-9)})
    event = play.accept("stop", {"job": "job-1"}).events[-1]
    expected = {"record": "job", "id": "job-1", "on": iso(0), "set": {"end": iso(0)}, "until": iso(0)}
    assert ("record.ended", expected) == (event.type, event.data)
