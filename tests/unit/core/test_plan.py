from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Accepted
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import Record
from proeftuin.core.workflow import Field, FieldRef, RecordOp, RecordType
from tests.unit.core.small import NOW, TODAY, Play, edge, kind, op, opener, small, supplier

HOURS = {"from": FieldRef("start"), "n": FieldRef("weekly")}
PLACEMENT = kind(
    "Placement",
    interval=("start", "end"),
    who=Field("person"),
    weekly=Field("decimal"),
    start=Field("date", required=True),
    end=Field("date"),
    hours=Field("list", of=FrozenDict({"from": Field("date"), "n": Field("decimal")}), by_engine=True),
    reason=Field("text", by_engine=True),
)
WHICH = FrozenDict(placement=Field("record", record="placement", required=True))


def day(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


def placing(*more: Any, track: bool = False) -> Play:
    """A pilot that can place, with these edges beside it."""
    records = {"placement": PLACEMENT, "note": kind("Note", text=Field("text"))}
    place = edge("place", records=(op(add="placement", append={"hours": HOURS}),))
    if not track:
        return Play(small(place, *more, records=records))
    own = supplier(opener("identify", "seen"), edge("place", "any", records=place.records, during=("any_open",)), *more)
    return Play(small(records=records, tracks={"supplier": own}))


def kept(play: Play, type_: str = "placement") -> tuple[Record, ...]:
    return play.pilot.kept.get(type_, ())


def last(decision: Accepted) -> tuple[str, Mapping[str, Any]]:
    return decision.events[-1].type, decision.events[-1].data


def test_a_record_is_added_with_its_fields_and_interval() -> None:
    """An added record has the data given, an id of its own, the interval of its dates, and the rows that it begins."""
    play = placing()
    type_, data = last(play.accept("place", {"who": "w", "weekly": "8", "start": day(1), "end": day(5)}))
    fields = {"who": "w", "weekly": "8", "start": day(1), "end": day(5), "hours": ({"from": day(1), "n": "8"},)}
    assert ("record.added", "placement-1", day(1), day(5)) == (type_, data["id"], data["since"], data["until"])
    assert fields == data["fields"]


def test_ids_count_per_type() -> None:
    """Records are numbered per type, in the order in which they were ever added."""
    play = placing(edge("both", records=(op(add="note"), op(add="note")), data=FrozenDict(text=Field("text"))))
    play.accept("place", {"start": day(0)})
    play.accept("both", {"text": "a"})
    play.accept("place", {"start": day(0)})
    assert ["placement-1", "placement-2"] == [one.id for one in kept(play)]
    assert ["note-1", "note-2"] == [one.id for one in kept(play, "note")]


def test_a_record_cannot_end_before_it_starts() -> None:
    """An interval that ends before it begins is a bad value of its last day."""
    (blocker,) = placing().refuse("place", {"start": day(5), "end": day(1)})
    assert ("bad-value", "end", "interval") == (blocker.code, blocker.params["field"], blocker.params["problem"])


def test_a_record_without_interval_counts_from_its_business_date() -> None:
    """A record type without an interval holds from the day of the command on."""
    play = placing(edge("note", records=(op(add="note"),)))
    play.accept("note", {"text": "x"}, on=TODAY, now=NOW + timedelta(days=3))
    (note,) = kept(play, "note")
    assert (TODAY, None) == (note.since, note.until)


def test_a_record_goes_on_the_track_that_is_fired_at_or_named() -> None:
    """A record is on the track of the command, or on the one that a field names."""
    note = kind("Note", text=Field("text"), track=Field("track"))
    workflow = small(
        edge("note", records=(op(add="note"),)),
        edge("about", records=(op(add="note", track="on"),), data=FrozenDict(on=Field("track"))),
        records={"note": note},
        tracks={
            "supplier": supplier(
                opener("identify", "seen"), edge("own", "seen", records=(op(add="note"),), during=("any_open",))
            )
        },
    )
    play = Play(workflow)
    play.accept("identify", track="acme")
    play.accept("note", {"text": "1"})
    play.accept("note", {"text": "2", "track": "acme"})
    play.accept("about", {"text": "3", "on": "acme"})
    play.accept("own", {"text": "4"}, track="acme")
    assert [None, "acme", "acme", "acme"] == [one.track for one in kept(play, "note")]


def test_values_may_be_set_by_the_edge() -> None:
    """An op sets words and values of other fields, and leaves out what is absent."""
    adding = op(add="note", set={"text": FieldRef("remark"), "mood": "fine", "gone": FieldRef("absent")})
    note = kind("Note", text=Field("text"), mood=Field("text"), gone=Field("text"))
    play = Play(small(edge("note", records=(adding,), data=FrozenDict(remark=Field("text"))), records={"note": note}))
    play.accept("note", {"remark": "r"})
    assert {"text": "r", "mood": "fine"} == kept(play, "note")[0].data


def test_versions_are_numbered_per_track() -> None:
    """A field may count the records of its type on the track."""
    terms = kind("Terms", number=Field("integer", by_engine=True), text=Field("text"))
    agree = edge("agree", "any", records=(op(add="terms", number="number"),), during=("any_open",))
    play = Play(
        small(records={"terms": terms}, tracks={"supplier": supplier(opener("identify", "seen"), agree)}),
    )
    for key in ("acme", "other"):
        play.accept("identify", track=key)
    for key in ("acme", "acme", "other"):
        play.accept("agree", {"text": "x"}, track=key)
    assert [1, 2, 1] == [one.data["number"] for one in kept(play, "terms")]


@pytest.mark.parametrize(
    ("keep", "expected"), [("all", [1, 2, 3]), ("latest", [3]), ("10 days", [2, 3]), ("open", [1, 2, 3])]
)
def test_the_head_keeps_what_the_type_says(keep: str, expected: list[int]) -> None:
    """The head keeps all, the latest, those not older than some days, or the open ones; the count goes on."""
    play = Play(
        small(edge("note", records=(op(add="note"),)), records={"note": kind("Note", keep=keep, n=Field("integer"))})
    )
    for number, later in ((1, 0), (2, 4), (3, 14)):
        play.accept("note", {"n": number}, now=NOW + timedelta(days=later))
    assert expected == [one.data["n"] for one in kept(play, "note")]
    assert 3 == play.pilot.counts["note"]


def test_in_the_first_days_of_all_the_head_keeps_everything() -> None:
    """Where the oldest day to keep lies before the first day there is, nothing is older."""
    records = {"note": kind("Note", keep="400 days", n=Field("integer"))}
    play = Play(small(edge("note", records=(op(add="note"),)), records=records), now=datetime(1, 3, 2, 9, tzinfo=UTC))
    for number in (1, 2):
        play.accept("note", {"n": number})
    assert [1, 2] == [one.data["n"] for one in kept(play, "note")]


# -- ending ------------------------------------------------------------------------------------------------------------


def ending(**more: Any) -> Any:
    fields = {**WHICH, "day": Field("date"), "why": Field("text")}
    ops = (op(end="placement", by="placement", at="day", set={"reason": FieldRef("why")}, **more),)
    return edge("end", records=ops, data=FrozenDict(fields))


def test_a_record_ends_on_the_day_given() -> None:
    """An ended record has its last day in its fields, its interval and its end, and what the op sets."""
    play = placing(ending())
    play.accept("place", {"start": day(-9)})
    type_, data = last(play.accept("end", {"placement": "placement-1", "day": day(-2), "why": "done"}))
    (one,) = kept(play)
    assert ("record.ended", day(-2), day(-2), {"end": day(-2), "reason": "done"}) == (
        type_,
        data["on"],
        data["until"],
        data["set"],
    )
    assert (TODAY - timedelta(2), "done") == (one.ended, one.data["reason"])


def test_a_record_ends_today_where_no_day_is_given() -> None:
    """Without a day a record ends on the business date of the command."""
    play = placing(ending())
    play.accept("place", {"start": day(-9)})
    play.accept("end", {"placement": "placement-1"})
    assert TODAY == kept(play)[0].ended


@pytest.mark.parametrize("number", [-10, 6])
def test_a_record_ends_inside_its_interval(number: int) -> None:
    """A day before the first or after the last one is a bad value."""
    play = placing(ending())
    play.accept("place", {"start": day(-9), "end": day(5)})
    (blocker,) = play.refuse("end", {"placement": "placement-1", "day": day(number)})
    assert ("bad-value", "day") == (blocker.code, blocker.params["field"])


def test_an_ended_record_cannot_be_ended_again() -> None:
    """What is closed is no open record to end."""
    play = placing(ending())
    play.accept("place", {"start": day(-9)})
    play.accept("end", {"placement": "placement-1"})
    assert ("bad-reference",) == play.codes("end", {"placement": "placement-1"})


def test_a_record_without_interval_is_ended_and_may_be_let_go_of() -> None:
    """A kept record stays with its end; one that is only kept while open leaves the head."""
    for keep, expected in (("all", [TODAY]), ("open", [])):
        workflow = small(
            edge("note", records=(op(add="note"),)),
            edge("close", records=(op(end="note"),)),
            records={"note": kind("Note", keep=keep, text=Field("text"))},
        )
        play = Play(workflow)
        play.accept("note", {"text": "x"})
        play.accept("close")
        assert expected == [one.ended for one in kept(play, "note")]


def test_open_records_that_equal_the_new_one_are_ended() -> None:
    """With `same`, the open records that agree in those fields and that track give way to the new one."""
    duty = kind("Duty", keep="open", duty=Field("text"), person=Field("person"), track=Field("track"))
    workflow = small(
        edge("assign", records=(op(end="duty", same=("duty", "track")), op(add="duty"))),
        records={"duty": duty},
        tracks={"supplier": supplier(opener("identify", "seen"))},
    )
    play = Play(workflow)
    play.accept("identify", track="acme")
    for data in ({"person": "a"}, {"person": "b", "track": "acme"}, {"person": "c"}):
        play.accept("assign", {"duty": "hr", **data})
    play.accept("assign", {"duty": "other", "person": "d"})
    assert ["b", "c", "d"] == [one.data["person"] for one in kept(play, "duty")]


@pytest.mark.parametrize(("same", "left"), [(("duty",), ["c", "d"]), (("duty", "track"), ["b", "c", "d"])])
def test_on_a_track_those_that_equal_the_new_one_may_be_of_other_tracks(same: tuple[str, ...], left: list[str]) -> None:
    """Fired at a track, `same` reaches records of every track, unless the track is among what must be the same."""
    duty = kind("Duty", keep="open", duty=Field("text"), person=Field("person"))
    assign = edge("assign", "any", during=("any_open",), records=(op(end="duty", same=same), op(add="duty")))
    play = Play(small(records={"duty": duty}, tracks={"supplier": supplier(opener("identify", "seen"), assign)}))
    for key in ("acme", "other"):
        play.accept("identify", track=key)
    for key, name, person in (("acme", "hr", "a"), ("other", "hr", "b"), ("acme", "hr", "c"), ("acme", "pr", "d")):
        play.accept("assign", {"duty": name, "person": person}, track=key)
    assert left == [one.data["person"] for one in kept(play, "duty")]


def test_what_a_record_is_picked_by_is_put_nowhere_else() -> None:
    """A field that only says which records are meant is no detail of the pilot."""
    settle = edge("settle", records=(op(end="note", same=("by",)),), data=FrozenDict(by=Field("person")))
    note = edge("note", records=(op(add="note"),))
    play = Play(small(note, settle, records={"note": kind("Note", by=Field("person"))}))
    for by in ("a", "b"):
        play.accept("note", {"by": by})
    told = play.accept("settle", {"by": "a"})
    assert ["record.ended"] == [one.type for one in told.events]
    assert ["b"] == [one.data["by"] for one in kept(play, "note") if one.ended is None]


def test_without_a_name_only_the_records_of_this_track_are_ended() -> None:
    """An op that names no record ends the open ones of the track fired at, and on the pilot all of them."""
    shut = edge("shut", "any", records=(op(end="placement"),), during=("any_open",))
    play = placing(shut, track=True)
    for key in ("acme", "other"):
        play.accept("identify", track=key)
        play.accept("place", {"start": day(-3)}, track=key)
    play.accept("shut", track="acme")
    assert [TODAY, None] == [one.ended for one in kept(play)]


def test_without_a_name_the_pilot_ends_the_records_of_all_its_tracks() -> None:
    """An op of an edge of the pilot that names no record ends the open ones, on whichever track they are."""
    records = {"note": kind("Note", text=Field("text"))}
    note = edge("note", "any", during=("any_open",), records=(op(add="note"),))
    shut = edge("shut", records=(op(end="note"),))
    play = Play(small(shut, records=records, tracks={"supplier": supplier(opener("identify", "seen"), note)}))
    for key in ("acme", "other"):
        play.accept("identify", track=key)
        play.accept("note", {"text": "x"}, track=key)
    play.accept("shut")
    assert [TODAY, TODAY] == [one.ended for one in kept(play, "note")]


def test_moving_is_one_plan() -> None:
    """A record that ends and the one that takes its place are one command, the new one a copy with what is new."""
    move = edge(
        "move",
        records=(
            op(end="placement", by="placement", at="start", set={"reason": "moved"}),
            op(add="placement", copy="placement", append={"hours": HOURS}),
        ),
        data=FrozenDict(WHICH | {"start": Field("date", required=True), "weekly": Field("decimal")}),
    )
    play = placing(move)
    play.accept("place", {"who": "w", "weekly": "8", "start": day(-9), "end": day(20)})
    play.accept("move", {"placement": "placement-1", "start": day(1), "weekly": "16"})
    old, new = kept(play)
    assert (TODAY + timedelta(1), "moved") == (old.until, old.data["reason"])
    assert {"who": "w", "weekly": "16", "start": day(1), "hours": ({"from": day(1), "n": "16"},)} == new.data


def moving() -> Play:
    """A pilot that can place, change the hours, move and correct."""
    change = op(
        change="placement",
        by="placement",
        set={"weekly": FieldRef("weekly")},
        append={"hours": {"from": FieldRef("since"), "n": FieldRef("weekly")}},
    )
    copy = op(add="placement", copy="placement", append={"hours": HOURS})
    move = (op(end="placement", by="placement", at="start"), copy)
    data = WHICH | {"weekly": Field("decimal"), "since": Field("date"), "start": Field("date")}
    return placing(
        edge("change", records=(change,), data=FrozenDict(data)),
        edge("move", records=move, data=FrozenDict(data)),
        edge("correct", records=(op(correct=("placement",)),), data=CORRECTION),
    )


def rows(record: Record) -> list[tuple[str, str]]:
    return [(row["from"], row["n"]) for row in record.data["hours"]]


@pytest.mark.parametrize(("given", "expected"), [({}, "16"), ({"weekly": "4"}, "4")])
def test_a_move_takes_over_what_holds_on_its_day_and_what_was_told_ahead(given: dict[str, str], expected: str) -> None:
    """A copy begins with the value that held on its first day, or the one given, and later rows keep their own day."""
    play = moving()
    play.accept("place", {"weekly": "8", "start": day(-9)})
    for number, hours in ((2, "16"), (7, "32"), (-1, "12")):
        play.accept("change", {"placement": "placement-1", "weekly": hours, "since": day(number)})
    play.accept("move", {"placement": "placement-1", "start": day(2), **given})
    new = kept(play)[1]
    assert (expected, [(day(7), "32"), (day(2), expected)]) == (new.data["weekly"], rows(new))
    assert [(day(7), "32"), (day(2), "24")] == rows(corrected(play, {"weekly": "24"}, "placement-2"))
    assert [(day(7), "32"), (day(1), "24")] == rows(corrected(play, {"start": day(1)}, "placement-2"))


def test_a_move_without_a_day_begins_on_that_of_the_command() -> None:
    """A copy that is given no first day takes over what holds on the business date, and a field that no row has."""
    play = moving()
    play.accept("place", {"who": "w", "start": day(-9)})
    play.accept("move", {"placement": "placement-1", "weekly": "8"})
    assert {"who": "w", "weekly": "8", "hours": ({"n": "8"},)} == kept(play)[1].data


# -- changing ----------------------------------------------------------------------------------------------------------


def changing(op_: RecordOp, **fields: Field) -> Any:
    return edge("change", records=(op_,), data=FrozenDict(WHICH | fields))


def test_a_change_adds_a_row_and_sets_fields() -> None:
    """A change sets fields, and adds a row to a list from what was given and what the record holds."""
    row = {"from": FieldRef("from_day"), "n": FieldRef("weekly")}
    change = op(change="placement", by="placement", set={"weekly": FieldRef("weekly")}, append={"hours": row})
    play = placing(changing(change, weekly=Field("decimal"), from_day=Field("date")))
    play.accept("place", {"weekly": "8", "start": day(-9)})
    type_, data = last(play.accept("change", {"placement": "placement-1", "weekly": "16", "from_day": day(-1)}))
    rows = ({"from": day(-9), "n": "8"}, {"from": day(-1), "n": "16"})
    assert ("record.changed", {"weekly": "16", "hours": rows}, day(-9)) == (type_, data["set"], data["since"])
    assert "until" not in data


@pytest.mark.parametrize("number", [-10, 5])
def test_a_row_begins_inside_the_interval(number: int) -> None:
    """A change counts from a day on which the record is active."""
    row = {"from": FieldRef("from_day"), "n": "1"}
    play = placing(changing(op(change="placement", by="placement", append={"hours": row}), from_day=Field("date")))
    play.accept("place", {"start": day(-9), "end": day(5)})
    (blocker,) = play.refuse("change", {"placement": "placement-1", "from_day": day(number)})
    assert ("bad-value", "from_day") == (blocker.code, blocker.params["field"])
    play.accept("change", {"placement": "placement-1"})


def test_a_row_with_a_fixed_day_has_no_field_to_blame() -> None:
    """A row whose day the file sets is judged likewise, and the fault has no field of the data."""
    play = placing(changing(op(change="placement", by="placement", append={"hours": {"from": "2020-01-01"}})))
    play.accept("place", {"start": day(-9)})
    (blocker,) = play.refuse("change", {"placement": "placement-1"})
    assert ("bad-value", "date") == (blocker.code, blocker.params["field"])


def test_a_list_of_records_is_changed_at_once() -> None:
    """A field that holds a list of ids changes each of them, and rows need no day."""
    change = op(change="placement", by="many", set={"reason": "handed over"}, append={"hours": {"n": "0"}})
    fields = FrozenDict(many=Field("list", of="record", record="placement"))
    play = placing(edge("change", records=(change,), data=fields))
    for _ in range(3):
        play.accept("place", {"start": day(0)})
    play.accept("change", {"many": ["placement-1", "placement-3"]})
    assert ["handed over", None, "handed over"] == [one.data.get("reason") for one in kept(play)]


def test_a_change_may_move_the_interval() -> None:
    """A change of the dates of a record is a change of its interval."""
    change = op(change="placement", by="placement", set={"end": FieldRef("last")})
    play = placing(changing(change, last=Field("date")))
    play.accept("place", {"start": day(-9)})
    play.accept("change", {"placement": "placement-1", "last": day(9)})
    assert TODAY + timedelta(9) == kept(play)[0].until


# -- correcting --------------------------------------------------------------------------------------------------------

CORRECTION = FrozenDict(
    record=Field("record", required=True), fields=Field("map", required=True), reason=Field("text", required=True)
)


def correcting(types: tuple[str, ...] = ("placement",)) -> Play:
    return placing(
        edge("correct", records=(op(correct=types),), data=CORRECTION),
        ending(),
        edge("note", records=(op(add="note"),)),
    )


def corrected(play: Play, fields: Mapping[str, object], name: str = "placement-1") -> Record:
    play.accept("correct", {"record": name, "fields": fields, "reason": "typo"})
    return next(one for one in kept(play) if one.id == name)


def test_a_correction_changes_what_was_recorded_and_says_why() -> None:
    """A corrected record has the new values, also in the row that had copied them, and the event has the reason."""
    play = correcting()
    play.accept("place", {"weekly": "8", "start": day(-9), "who": "w"})
    one = corrected(play, {"weekly": "9", "start": day(-8)})
    assert ("9", ({"from": day(-8), "n": "9"},), TODAY - timedelta(8)) == (
        one.data["weekly"],
        one.data["hours"],
        one.since,
    )
    event = play.events[-1]
    assert ("record.corrected", "typo") == (event.type, event.data["reason"])
    assert "ended" not in event.data


def test_a_corrected_start_leaves_a_change_that_holds_by_then() -> None:
    """The first row begins with the record, unless a later one has taken its place by then; it may come back."""
    play = moving()
    play.accept("place", {"weekly": "8", "start": day(-9)})
    play.accept("change", {"placement": "placement-1", "weekly": "16", "since": day(-5)})
    for start, first in ((-7, -7), (-5, -7), (-3, -7), (-8, -8)):
        one = corrected(play, {"start": day(start)})
        assert (day(start), [(day(first), "8"), (day(-5), "16")]) == (one.data["start"], rows(one))


def test_a_correction_of_what_no_row_copied_leaves_the_rows() -> None:
    """Only rows that copied a corrected field follow it, and a record without rows has none to follow."""
    play = correcting()
    play.accept("place", {"weekly": "8", "start": day(-9)})
    rows = kept(play)[0].data["hours"]
    assert rows == corrected(play, {"who": "w"}).data["hours"]
    bare = Play(
        small(
            edge("place", records=(op(add="placement"),)),
            edge("place_rows", records=(op(add="placement", append={"hours": HOURS}),)),
            edge("correct", records=(op(correct=("placement",)),), data=CORRECTION),
            records={"placement": PLACEMENT},
        )
    )
    bare.accept("place", {"weekly": "8", "start": day(-9)})
    assert "hours" not in corrected(bare, {"weekly": "9"}).data


def test_an_ended_record_stays_ended_when_corrected() -> None:
    """A correction of an ended record keeps its end, or moves it with the last day given."""
    play = correcting()
    play.accept("place", {"start": day(-9)})
    play.accept("end", {"placement": "placement-1", "day": day(-2)})
    assert TODAY - timedelta(2) == corrected(play, {"who": "w"}).ended
    one = corrected(play, {"end": day(-1)})
    assert (TODAY - timedelta(1), TODAY - timedelta(1)) == (one.ended, one.until)
    assert day(-1) == play.events[-1].data["ended"]


def test_a_correction_is_judged_like_the_data_itself() -> None:
    """Unknown fields, wrong values and an impossible interval of a correction are refused."""
    play = correcting()
    play.accept("place", {"start": day(-9)})
    for fields, code in (
        ({"weekly": "x"}, "bad-value"),
        ({"colour": "red"}, "unknown-field"),
        ({"hours": []}, "unknown-field"),
        ({"end": day(-10)}, "bad-value"),
    ):
        assert (code,) == play.codes("correct", {"record": "placement-1", "fields": fields, "reason": "r"})


def test_a_correction_leaves_what_an_edge_would_have_accepted() -> None:
    """A field that is asked by the others as they will be must be there, and one that was lacking before need not."""
    aim = kind(
        "Aim",
        sort=Field("choice", of=("short", "far"), required=True),
        due=Field("date", required_when=FrozenDict(sort=("short",))),
        later=Field("text", required_when=FrozenDict(sort=("far",))),
    )
    play = Play(
        small(
            edge("aim", records=(op(add="aim"),)),
            edge("correct", records=(op(correct=("aim",)),), data=CORRECTION),
            records={"aim": aim},
        )
    )
    play.accept("aim", {"sort": "far", "later": "x"})
    mend = {"record": "aim-1", "reason": "r"}
    for fields, field in (({"sort": "short"}, "due"), ({"sort": "short", "due": ""}, "due"), ({"later": ""}, "later")):
        (blocker,) = play.refuse("correct", {**mend, "fields": fields})
        assert ("missing-field", field) == (blocker.code, blocker.params["field"])
    play.accept("correct", {**mend, "fields": {"sort": "short", "due": day(3)}})
    play.accept("correct", {**mend, "fields": {"sort": "far"}})  # `later` was never taken away
    play.accept("correct", {**mend, "fields": {"due": day(4)}})


def test_an_ended_record_cannot_be_made_to_begin_after_its_end() -> None:
    """Where the type has no field for the last day, the day on which the record was ended is the last one."""
    job = kind("Job", interval=("start",), start=Field("date", required=True))
    play = Play(
        small(
            edge("begin", records=(op(add="job"),)),
            edge("stop", records=(op(end="job"),)),
            edge("correct", records=(op(correct=("job",)),), data=CORRECTION),
            records={"job": job},
        )
    )
    play.accept("begin", {"start": day(-3)})
    play.accept("stop")
    mend = {"record": "job-1", "reason": "r"}
    assert ("bad-value",) == play.codes("correct", {**mend, "fields": {"start": day(1)}})
    play.accept("correct", {**mend, "fields": {"start": day(0)}})


@pytest.mark.parametrize("nothing", [None, " "])
def test_what_a_correction_leaves_empty_is_taken_away(nothing: str | None) -> None:
    """A field that is corrected to nothing is there no more, and with it what was counted from it."""
    play = correcting()
    play.accept("place", {"who": "w", "start": day(-9), "end": day(9)})
    one = corrected(play, {"end": nothing, "who": nothing})
    assert {"start": day(-9), "hours": one.data["hours"]} == one.data
    assert (None, None) == (one.until, one.ended)
    event = play.events[-1]
    assert {"end": None, "who": None} == event.data["set"]
    assert "until" not in event.data


def test_what_has_to_be_there_is_not_taken_away() -> None:
    """A required field cannot be corrected to nothing, nor can the last day of what has ended."""
    play = correcting()
    play.accept("place", {"start": day(-9)})
    mend = {"record": "placement-1", "reason": "r"}
    assert ("missing-field",) == play.codes("correct", {**mend, "fields": {"start": None}})
    assert "set" not in play.accept("correct", {**mend, "fields": {"who": None}}).events[-1].data
    play.accept("end", {"placement": "placement-1"})
    assert ("bad-value",) == play.codes("correct", {**mend, "fields": {"end": None}})


def test_without_its_first_day_a_record_counts_from_the_day_on_which_it_was_told() -> None:
    """Where the first day may be left out and is taken away, the business date of the record takes its place."""
    job = kind("Job", interval=("start", "end"), start=Field("date"), end=Field("date"))
    play = Play(
        small(
            edge("begin", records=(op(add="job"),)),
            edge("correct", records=(op(correct=("job",)),), data=CORRECTION),
            records={"job": job},
        )
    )
    play.accept("begin", {"start": day(-3)})
    play.accept("correct", {"record": "job-1", "fields": {"start": None}, "reason": "r"})
    assert TODAY == kept(play, "job")[0].since


def test_a_record_whose_track_is_corrected_is_on_that_track() -> None:
    """A record is on the track that its own field names, also where that is corrected, or corrected to none."""
    own = supplier(opener("identify", "seen"))
    note = kind("Note", text=Field("text"), track=Field("track"))
    play = Play(
        small(
            edge("note", records=(op(add="note"),)),
            edge("correct", records=(op(correct=("note", "memo")),), data=CORRECTION),
            edge("memo", records=(op(add="memo"),)),
            records={"note": note, "memo": kind("Memo", text=Field("text"))},
            tracks={"supplier": own},
        )
    )
    for key in ("acme", "other"):
        play.accept("identify", track=key)
    play.accept("note", {"track": "other"})
    play.accept("memo", {"text": "a"})
    mend = {"record": "note-1", "reason": "r"}
    moved: tuple[tuple[dict[str, object], str | None], ...] = (
        ({"text": "a"}, "other"),
        ({"track": "acme"}, "acme"),
        ({"track": None}, None),
        ({"track": None}, None),
    )
    for fields, track in moved:
        play.accept("correct", {**mend, "fields": fields})
        assert track == kept(play, "note")[0].track
    assert ("unknown-field",) == play.codes("correct", {**mend, "record": "memo-1", "fields": {"track": "acme"}})


def test_what_an_edge_is_there_to_refuse_is_made_of_no_record_by_correcting_it() -> None:
    """A choice that was refused when a record was added is refused in its correction, with the other choice."""
    choice = Field("choice", of=("person", "system"), required=True)
    order = kind("Order", by=choice, text=Field("text"))
    adding = (op(add="order"),)
    play = Play(
        small(
            edge("order", records=adding, when=FrozenDict(by=("person",))),
            edge("order", records=adding, when=FrozenDict(by=("system",)), refuse="no-choice"),
            edge("correct", records=(op(correct=("order",)),), data=CORRECTION),
            records={"order": order},
        )
    )
    assert ("no-choice",) == play.codes("order", {"by": "system"})
    play.accept("order", {"by": "person"})
    mend: dict[str, object] = {"record": "order-1", "reason": "r"}
    (blocker,) = play.refuse("correct", {**mend, "fields": {"by": "system"}})
    (remedy,) = blocker.missing
    assert ("no-choice", "correct", {"by": "person"}) == (blocker.code, remedy.trigger, remedy.data["fields"])
    play.accept("correct", {**mend, "fields": remedy.data["fields"]})
    play.accept("correct", {**mend, "fields": {"text": "a"}})


def test_a_corrected_reference_stays_on_the_track() -> None:
    """What an edge of a track records of a record on it is not corrected to be of one on another track."""
    during = ("any_open",)
    own = supplier(
        opener("identify", "seen"),
        edge("work", "any", records=(op(add="job"),), during=during),
        edge("ask", "any", records=(op(add="answer"),), during=during),
    )
    answer = kind("Answer", job=Field("record", record="job"))
    play = Play(
        small(
            edge("correct", records=(op(correct=("answer", "link")),), data=CORRECTION),
            edge("link", records=(op(add="link"),)),
            records={"job": kind("Job", n=Field("integer")), "answer": answer, "link": answer},
            tracks={"supplier": own},
        )
    )
    for key in ("acme", "acme", "other"):
        if key not in play.pilot.tracks:
            play.accept("identify", track=key)
        play.accept("work", track=key)
    play.accept("ask", {"job": "job-1"}, track="acme")
    play.accept("link", {"job": "job-1"})
    mend = {"record": "answer-1", "reason": "r"}
    assert ("bad-reference",) == play.codes("correct", {**mend, "fields": {"job": "job-3"}})
    play.accept("correct", {**mend, "fields": {"job": "job-2"}})
    play.accept("correct", {"record": "link-1", "fields": {"job": "job-3"}, "reason": "r"})


def test_what_is_renewed_is_not_corrected() -> None:
    """A record of a type that the edge does not correct is a bad reference."""
    play = correcting()
    play.accept("note", {"text": "x"})
    (blocker,) = play.refuse("correct", {"record": "note-1", "fields": {"text": "y"}, "reason": "r"})
    assert ("bad-reference", "renewed-instead") == (blocker.code, blocker.params["problem"])


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ({"record": "placement-7", "fields": {"who": "x"}, "reason": "r"}, ("bad-reference",)),
        ({"record": "placement-1", "reason": "r"}, ("missing-field",)),
        ({}, ("missing-field", "missing-field", "missing-field")),
    ],
)
def test_a_correction_of_nothing_is_told_by_the_data_check(data: dict[str, object], codes: tuple[str, ...]) -> None:
    """Where the record or the fields are missing there is nothing to plan, and the data check has said so."""
    play = correcting()
    play.accept("place", {"start": day(-9)})
    assert codes == play.codes("correct", data)


def test_personal_fields_are_corrected_under_the_stricter_rule() -> None:
    """Of a record with a participant an unknown field in a correction is a violation, told alone."""
    records: dict[str, RecordType] = {"stay": kind("Stay", who=Field("subject"), n=Field("integer"))}
    play = Play(
        small(
            edge("stay", records=(op(add="stay"),)),
            edge("correct", records=(op(correct=("stay",)),), data=CORRECTION),
            records=records,
        )
    )
    play.accept("stay", {"who": "s1", "n": 1})
    codes = play.codes("correct", {"record": "stay-1", "fields": {"illness": "x", "n": "y"}, "reason": "r"})
    assert ("privacy-violation",) == codes


def test_a_plan_is_the_same_whatever_the_form_of_the_dates() -> None:
    """A date given as such and as text makes the same record."""
    as_date, as_text = placing(), placing()
    as_date.accept("place", {"start": date(2026, 3, 2)})
    as_text.accept("place", freeze({"start": "2026-03-02"}))
    assert kept(as_date) == kept(as_text)
