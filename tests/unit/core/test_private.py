"""What of a workflow is about a participant."""

from typing import Any

import pytest

from proeftuin.core.events import Event
from proeftuin.core.frozen import freeze
from proeftuin.core.private import private, reveals_crime
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Field
from tests.unit.core.small import NOW, TODAY, edge, kind, op, small, use

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
