from typing import Any

import pytest

from proeftuin import Actor, Engine
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot, Signature
from proeftuin.core.structs import replace
from proeftuin.core.table import Rule, compile_workflow
from proeftuin.definitions import bundled_files, load_workflow
from proeftuin.errors import BadArgument
from proeftuin.testing import Lab, People

WORKFLOW = load_workflow(bundled_files()["existing-contract", 1])
TABLE = compile_workflow(WORKFLOW)
PEOPLE = People(WORKFLOW)


def edge(trigger: str) -> Rule:
    return next(rule for rule in TABLE.every if rule.edge.trigger == trigger)


def ids(trigger: str, pilot: Pilot, key: str | None = None, **data: Any) -> list[str]:
    """Who may fire a trigger, on the track with this key."""
    return [one.id for one in PEOPLE.able(edge(trigger), pilot, key, data)]


def lived(*said: tuple[str, str, str | None, dict[str, Any] | None]) -> Pilot:
    """A pilot that HR began, after what was said on it."""
    with Engine.open("memory://") as engine:
        data = {"title": "A", "organisation": "B"}
        pilot = engine.start("existing-contract", actor=PEOPLE.person("hr"), data=data).pilot
        for by, trigger, track, given in said:
            actor = PEOPLE.person(by, track)
            pilot = engine.fire(pilot.id, trigger, actor=actor, track=track, data=given).pilot
        return pilot


@pytest.mark.parametrize(
    ("name", "party", "expected"),
    [
        ("hr", None, Actor("hr", roles="hr")),
        ("hr", "alpha", Actor("hr", roles="hr")),
        ("hr:jo", None, Actor("jo", roles="hr")),
        ("hr+coordinator", None, Actor("hr+coordinator", roles=("hr", "coordinator"))),
        ("supplier_lead@alpha", "beta", Actor("supplier_lead-alpha", roles="supplier_lead", party="alpha")),
        ("supplier_lead", "beta", Actor("supplier_lead-beta", roles="supplier_lead", party="beta")),
        ("supplier_hr:kim@beta", None, Actor("kim", roles="supplier_hr", party="beta")),
        ("supervisor@alpha", None, Actor("supervisor-alpha", roles="supervisor", party="alpha")),
    ],
)
def test_a_name_says_who(name: str, party: str | None, expected: Actor) -> None:
    """A name means one person, with its roles and its party."""
    assert expected == PEOPLE.person(name, party)


@pytest.mark.parametrize(
    ("name", "told"),
    [("hrr", "`hrr` is no role here; did you mean `hr`?"), ("supplier_lead", "as in `supplier_lead@alpha`")],
)
def test_a_name_that_means_nobody_is_refused(name: str, told: str) -> None:
    """An unknown role, and a supplier's role without a supplier, are told with what to write."""
    with pytest.raises(BadArgument) as caught:
        PEOPLE.person(name)
    assert told in str(caught.value)


def test_everybody_is_somebody_else() -> None:
    """Each role is held by a person of its own, at each party on a supplier's side, and nobody is the system."""
    everybody = People(WORKFLOW, ("alpha", "beta")).everybody()
    assert len({one.id for one in everybody}) == len(everybody) == len(WORKFLOW.roles) - 1 + 3
    assert {"alpha", "beta", None} == {one.party for one in everybody}


def test_a_track_is_for_the_people_of_its_party() -> None:
    """On a track, and to open one, a supplier's people are those of that supplier."""
    pilot = lived(("procurement", "identify", "alpha", {"supplier": "Alpha"}))
    assert ["supplier_lead-beta"] == ids("propose", pilot, "beta")
    assert ["supplier_lead-alpha"] == ids("express_willingness", pilot, "alpha")
    assert [] == ids("express_willingness", pilot, "nowhere")
    assert [] == ids("lapse", pilot, "alpha")
    assert "supplier_lead-alpha" in ids("add_evidence", pilot)
    both = lived(*(("procurement", "identify", key, {"supplier": key}) for key in ("alpha", "beta")))
    assert {"supplier_lead-alpha", "supplier_lead-beta"} <= set(ids("log_activity", both))
    assert ["supplier_lead-beta"] == [one for one in ids("add_evidence", both, track="beta") if "lead-" in one]


def test_a_relation_is_found_on_the_pilot() -> None:
    """Who began a pilot and who added a record are found by id, with the roles that they have."""
    pilot = lived(("policy_officer:jo", "add_lesson", None, {"text": "Begin small"}))
    assert [PEOPLE.person("policy_officer:jo")] == list(
        PEOPLE.able(edge("correct"), pilot, None, {"record": "lesson-1"})
    )
    assert [] == ids("correct", pilot, record="lesson-9")
    assert "hr" in ids("assign", pilot)
    assert ["hr"] == [one.id for one in PEOPLE.able(TABLE.start) if one.id == "hr"]


def test_who_was_reminded_is_found() -> None:
    """Whoever a clock told may put it off: those who have the role, and a person whom a record names."""
    with Lab() as lab:
        lab.start("coordinator", {"title": "A", "organisation": "B"})
        goal = {"kind": "short", "text": "Two met", "due": lab.day(9), "owner": "kim"}
        lab.fire("coordinator:jo", "set_goal", goal)
        lab.advance(days=8)
        assert ["coordinator"] == ids("snooze", lab.pilot, clock="check_in")
        assert ["kim"] == ids("snooze", lab.pilot, clock="goal")
        assert [] == ids("snooze", lab.pilot, clock="report")


def test_who_signed_is_asked_no_more() -> None:
    """Of an edge that several sign, those whose signature is missing are left."""
    pilot = lived(("procurement", "identify", "alpha", {"supplier": "Alpha"}))
    rule = edge("sign_agreement")
    assert ["client_owner", "supplier_lead-alpha"] == [one.id for one in PEOPLE.able(rule, pilot, "alpha")]
    vote = Signature("sign_agreement", "alpha", "client_owner", "jo", "willing", FrozenDict())
    signed = replace(pilot, signatures=(vote,))
    assert ["supplier_lead-alpha"] == [one.id for one in PEOPLE.able(rule, signed, "alpha")]


def test_somebody_is_known_by_what_they_did() -> None:
    """A person of a pilot who is nobody's invention has the roles that they acted in."""
    pilot = lived(("policy_officer:jo", "add_lesson", None, {"text": "Begin small"}))
    assert PEOPLE.person("hr") == PEOPLE.known(pilot, "hr")
    assert PEOPLE.person("policy_officer:jo") == PEOPLE.known(pilot, "jo")
    assert Actor("kim", roles=()) == PEOPLE.known(pilot, "kim")
