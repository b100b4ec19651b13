"""Recorded histories, held against another version: each way in which one would have gone differently."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from proeftuin.calendars import named
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Edge, Field, RecordType, Workflow
from proeftuin.rehearsing import rehearse
from tests.versions.offers import BUYER, LEAD, ONE, SELLER, Case

FIRST = (
    ("  - {trigger: pause", "  - {trigger: mark, from: asked, allow: [lead], set: {mark: yes}}\n  - {trigger: pause"),
    (
        "  - {trigger: pause",
        "  - {trigger: tell, from: asked, allow: [lead], records: [{add: tip}]}\n  - {trigger: pause",
    ),
    (
        "  note: {label",
        "  tip: {label: {en: Tip, nl: Tip}, fields: {about: {type: record, record: note}}}\n  note: {label",
    ),
    ("words:\n", "words:\n  tell: {en: Tell, nl: Vertellen}\n  mark: {en: Mark, nl: Merken}\n"),
)
MENDED = (
    (
        "  - {trigger: pause",
        """  - trigger: mend
    from: any
    allow: [adder]
    data: {record: {type: record}, fields: {type: map}, reason: {type: text}}
    records: [{correct: [note]}]
  - {trigger: pause""",
    ),
    ("words:\n", "words:\n  mend: {en: Mend, nl: Herstellen}\n"),
)


def edges(flow: Workflow, trigger: str, change: Callable[[Edge], Edge]) -> Workflow:
    """The workflow with the edges of a trigger changed, its own and those of tracks."""
    offer = flow.tracks["offer"]
    own, those = (
        tuple(change(one) if one.trigger == trigger else one for one in found) for found in (flow.edges, offer.edges)
    )
    return evolve(flow, edges=own, tracks=FrozenDict(offer=evolve(offer, edges=those)))


def records(flow: Workflow, **changed: RecordType | None) -> Workflow:
    """The workflow with other types of record; None takes one away."""
    return evolve(flow, records=FrozenDict({k: v for k, v in {**flow.records, **changed}.items() if v is not None}))


def start(flow: Workflow, **changes: Any) -> Workflow:
    return evolve(flow, start=evolve(flow.start, **changes))


def note_of(**fields: Field) -> RecordType:
    """Another form of a note."""
    return evolve(ONE.records["note"], fields=FrozenDict(fields))


def for_buyers(edge: Edge) -> Edge:
    return evolve(edge, allow=("buyer",))


@pytest.mark.parametrize(
    ("change", "what", "version"),
    [
        (lambda flow: flow, None, 0),
        (lambda flow: start(flow, to="asked"), "start", 1),
        (lambda flow: start(flow, allow=("buyer",)), "role", 1),
        (lambda flow: start(flow, data=FrozenDict(place=Field("text", required=True))), "field", 1),
        (lambda flow: edges(flow, "ask", for_buyers), "role", 2),
        (lambda flow: edges(flow, "look", lambda one: evolve(one, during=("open",))), "no-such-move", 4),
        (lambda flow: edges(flow, "mark", lambda one: evolve(one, sources=("open",))), "no-such-move", 5),
        (lambda flow: edges(records(flow, note=None), "note", lambda one: evolve(one, records=())), "record", 6),
        (lambda flow: edges(flow, "note", lambda one: evolve(one, trigger="jot")), "no-such-move", 6),
        (
            lambda flow: records(
                flow, tip=evolve(flow.records["tip"], fields=FrozenDict(about=Field("record", record="tip")))
            ),
            None,
            0,
        ),
    ],
)
def test_the_first_difference_is_told(change: Callable[[Workflow], Workflow], what: str | None, version: int) -> None:
    """A start, role, move, record or field that would not have been is told with its event, and nothing else is."""
    case = Case(first=FIRST)
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    case.engine.fire("p", "look", track="alpha", actor=LEAD)
    case.engine.fire("p", "mark", actor=LEAD)
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one"})
    case.engine.fire("p", "tell", actor=LEAD, data={"about": "note-1"})
    case.engine.fire("p", "finish", actor=BUYER)
    ((name, found),) = rehearse(case.engine.export_pilots(), evolve(change(case.one), version=2))
    assert "p" == name
    assert (what, version) == ((None, 0) if found is None else (found.what, found.version))


@pytest.mark.parametrize(
    ("change", "what", "version"),
    [
        (lambda flow: flow, None, 0),
        (lambda flow: edges(flow, "pause", lambda one: evolve(one, hold=None)), "no-such-move", 3),
        (lambda flow: edges(flow, "resume", lambda one: evolve(one, sources=("open",))), "no-such-move", 4),
        (lambda flow: records(flow, note=note_of(text=Field("integer"))), "field", 5),
        (lambda flow: edges(flow, "finish", lambda one: evolve(one, sign=("buyer", "seller"))), "role", 9),
        (lambda flow: edges(flow, "finish", lambda one: evolve(one, sign=("lead", "buyer", "seller"))), "role", 10),
    ],
)
def test_a_hold_a_fact_and_a_signature_are_judged(
    change: Callable[[Workflow], Workflow], what: str | None, version: int
) -> None:
    """What would not have been put on hold, kept or signed so is told with its event, and nothing else is."""
    case = Case(first=MENDED)
    case.engine.fire("p", "pause", actor=LEAD)
    case.engine.fire("p", "resume", actor=LEAD)
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one"})
    case.engine.fire("p", "mend", actor=LEAD, data={"record": "note-1", "fields": {"text": "two"}, "reason": "slip"})
    case.engine.fire("p", "finish", actor=BUYER, data={"price": 7})
    case.engine.fire("p", "finish", actor=LEAD, data={"price": 8})
    case.engine.fire("p", "finish", actor=BUYER)
    ((_, found),) = rehearse(case.engine.export_pilots(), evolve(change(case.one), version=2))
    assert (what, version) == ((None, 0) if found is None else (found.what, found.version))


@pytest.mark.parametrize("new", ["weekdays", "nl"])
@pytest.mark.parametrize("old", ["weekdays", "nl"])
def test_a_term_that_another_calendar_counts_otherwise_is_told(old: str, new: str) -> None:
    """Each version counts on the calendar that it names, and a lapse that the other has on another day is told."""
    case = Case(first=(("due: 28 days", "due: 40 working days"), ("timezone:", f"calendar: {old}\ntimezone:")))
    case.wait(57)  # 28 April: after the day on weekdays, and before the one with Easter and King's Day
    if case.engine.get("p").state == "asked":
        case.engine.fire("p", "note", actor=LEAD, data={"text": "one"})
    case.wait(10)
    assert "lapsed" == case.engine.get("p").state
    ((_, found),) = rehearse(case.engine.export_pilots(), evolve(case.one, version=2, calendar=new))
    assert (None if old == new else "clock") == (None if found is None else found.what)


def test_what_its_own_version_would_not_have_done_either_is_no_difference() -> None:
    """A lapse on a day that neither version comes to, on the calendar that is given for both, is not told."""
    case = Case(first=(("due: 28 days", "due: 40 working days"), ("timezone:", "calendar: weekdays\ntimezone:")))
    case.wait(67)
    assert "lapsed" == case.engine.get("p").state
    found = rehearse(case.engine.export_pilots(), evolve(case.one, version=2), calendar=named("nl"))
    assert [("p", None)] == list(found)
