"""What of a workflow is about a participant."""

from typing import Any

import pytest

from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.private import about_participant, consented, participants, private, professionals, reveals_crime
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Clock, Field, Offset, Start
from tests.unit.core.small import NOW, TODAY, edge, kind, op, small, supplier, use

RECORDS = {
    "placement": kind("Placement", who=Field("subject", required=True)),
    "team": kind("Team", members=Field("list", of={"who": Field("subject")})),
    "group": kind("Group", members=Field("list", of="subject")),
    "answer": kind("Answer", about=Field("record", record="placement")),
    "comment": kind("Comment", on=Field("list", of={"answer": Field("record", record="answer")})),
    "lesson": kind("Lesson", text=Field("text"), other=Field("record", record="lesson"), any=Field("record")),
}


def test_what_points_at_a_participant_is_private_however_far_it_is_away() -> None:
    """A record is private with a participant in it, in a row or a list, and so is one that points at such a record."""
    found = private(small(records=RECORDS), ())
    assert {"placement", "team", "group", "answer", "comment"} == found.records


def test_a_trigger_is_private_by_what_it_names_or_touches() -> None:
    """A trigger that names a participant or a placement, or that touches one, is private; others are not."""
    edges = (
        edge("place", records=(op(add="placement"),)),
        edge("mend", records=(op(correct=("lesson", "placement")),)),
        edge("name", data={"who": Field("subject")}),
        edge("carry", data={"on": Field("list", of="record", record="placement")}),
        edge("learn", records=(op(add="lesson"),)),
        edge("talk", data={"text": Field("text")}),
    )
    assert {"place", "mend", "name", "carry"} == compile_workflow(small(*edges, records=RECORDS)).private.triggers


def test_a_plan_is_known_by_the_guard_that_asks_for_it() -> None:
    """The field in which the guard looks for a plan holds one, whatever it is called."""
    data = {"what_then": Field("text"), "why": Field("text")}
    asking = edge("leave", data=data, require=(use("placement_plan", field="what_then"),))
    records = {**RECORDS, "placement": kind("Placement", who=Field("subject"), start=Field("date"))}
    assert {"what_then"} == compile_workflow(small(asking, records=records)).private.plans


def test_a_field_may_point_in_several_ways() -> None:
    """What a field points at is gathered over all edges that take it, rows and lists included."""
    edges = (
        edge("one", data={"x": Field("party"), "y": Field("text")}),
        edge("two", data={"x": Field("list", of="track"), "z": Field("list", of={"a": Field("record")})}),
    )
    found = compile_workflow(small(*edges, records=RECORDS)).private.pointing
    assert {"x": {"party", "track"}, "z": {"record"}} == {name: set(kinds) for name, kinds in found.items()}


def test_triggers_that_tell_of_a_participant_are_known_without_compiling() -> None:
    """Data that names a participant, or a record that is about one, makes them so, on an edge of a track as well."""
    deal = supplier(edge("hire", "seen", data={"who": Field("subject")}), edge("talk", "seen"))
    asking = edge("ask", data={"about": Field("record", record="placement")})
    learning = edge("learn", data={"why": Field("text")})
    records, triggers = participants(small(asking, learning, records=RECORDS, tracks={"supplier": deal}))
    assert {"placement", "team", "group", "answer", "comment"} == records
    assert {"ask", "hire"} == triggers


def test_an_event_is_about_a_participant_by_its_record_or_its_clock() -> None:
    """The type that it names decides; where it names none, the type that its clock runs per."""
    after = (Offset(1, "days"),)
    clocks = {"stay": Clock(after, per="placement"), "idle": Clock(after, per="lesson"), "whole": Clock(after)}
    workflow = small(records=RECORDS, clocks=clocks)
    asked: list[dict[str, object]] = [
        {"record": "placement"},
        {"record": "lesson"},
        {"clock": "stay:placement-1"},
        {"clock": "stay"},
        {"clock": "idle:lesson-1"},
        {"clock": "whole"},
        {"clock": "gone:placement-1"},
        {},
        {"record": "lesson", "clock": "stay:placement-1"},
    ]
    assert [0, 2, 3] == [place for place, one in enumerate(asked) if about_participant(workflow, one)]


def test_fields_that_hold_the_id_of_a_professional_are_known() -> None:
    """One or a list of them, at the start, on an edge, on one of a track, or in a record."""
    one, several = Field("person"), Field("list", of="person")
    start = Start("first", ("lead",), FrozenDict(title=Field("text"), founder=one))
    deal = supplier(edge("meet", "seen", data={"contact": one, "note": Field("text")}))
    records = {"session": kind("Session", people=several, place=Field("text"))}
    workflow = small(edge("ask", data={"whom": several}), start=start, tracks={"supplier": deal}, records=records)
    assert {"founder", "contact", "whom", "people"} == professionals(workflow)


def test_what_is_told_with_consent_has_a_field_that_says_so() -> None:
    """A type of record with the field `consent` is told with somebody's consent, and no other."""
    records = {"story": kind("Story", text=Field("text"), consent=Field("text")), "lesson": RECORDS["lesson"]}
    workflow = small(records=records)
    assert {"story"} == consented(workflow) == private(workflow, ()).consented


@pytest.mark.parametrize(
    ("type_", "data", "expected"),
    [
        ("pilot.started", {"set": {"target_group": ("other", "justice")}}, True),
        ("pilot.changed", {"set": {"target_group": "justice"}}, True),
        ("pilot.changed", {"set": {"target_group": ("other",), "text": "justice"}}, False),
        ("record.added", {"record": "agreement", "fields": {"target_group": ("justice",)}}, True),
        ("record.corrected", {"record": "agreement", "set": {"target_group": ("wia",)}}, False),
        ("pilot.migrated", {"becomes": {"records": {"r1": {"data": {"target_group": ("justice",)}}}}}, True),
        ("pilot.migrated", {"becomes": {"pauses": ({"since": "2026-01-05"},)}}, False),
        ("signature.added", {"data": {"target_group": ("justice",)}}, False),
    ],
)
def test_an_event_that_is_about_ex_detainees_reveals_a_crime(
    type_: str,
    data: dict[str, Any],
    expected: bool,  # noqa: FBT001  # the expected answer
) -> None:
    """Who takes part is known to have been detained once a pilot or an agreement is for them; a proposal is neither."""
    event = Event("p", 1, type_, NOW, TODAY, "lead-1", "lead", "x", None, freeze(data))
    assert expected is reveals_crime(event)
