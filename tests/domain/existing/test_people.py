"""Who may: roles that bind over time, relations, four eyes, parties, and what each side sees."""

import pytest

from proeftuin import Actor, Refused, UnknownPilot
from tests.domain.existing.life import Life
from tests.domain.life import person, present


def test_an_informal_talk_needs_no_commitment_and_moves_nothing() -> None:
    """Coffee with a known supplier is an ordinary activity, before any decision, on hold too, for either side."""
    life = Life().supplier("alpha", "identified")
    coffee = {"type": "coffee", "date": life.today, "present": present("contract_manager", "supplier_lead@alpha")}
    for by in ("contract_manager", "supplier_lead@alpha", "coalition_member", "facilitator"):
        life.do(by, "log_activity", {**coffee, "tracks": ["alpha"]})
    life.pause()
    life.do("contract_manager", "log_activity", {**coffee, "type": "diner_pensant"})
    assert ("exploring", "identified", 5) == (
        life.pilot.state,
        life.pilot.tracks["alpha"].state,
        len(life.pilot.records("activity")),
    )


@pytest.mark.parametrize("state", ["exploring", "committing", "engaging", "implementing", "evaluating"])
def test_an_informal_talk_is_allowed_in_every_open_state(state: str) -> None:
    """Whatever the pilot is at, people may drink coffee, and the pilot stays where it is."""
    life = Life().reach(state)
    life.do("hr", "log_activity", {"type": "coffee", "date": life.today})
    assert state == life.pilot.state


def test_the_formal_track_needs_commitment() -> None:
    """The other half: an invitation before the decision is refused, for state and commitment both."""
    life = Life().supplier("alpha", "identified")
    assert ("wrong-state", "missing-commitment") == life.no("contract_manager", "invite", None, "alpha")


BOTH = Actor("two-hats", roles={"board", "coordinator"})
DECISION = {"date": "2026-01-05", "reference": "BD-1"}


def test_who_acted_as_coordinator_cannot_decide_as_board() -> None:
    """The host may grant both roles; who has acted in one is refused in the other, on that pilot for good."""
    life, other = Life(), Life()
    route = {"route": "existing-contract", "rationale": "It fits"}
    life.engine.fire(life.id, "choose_route", actor=BOTH, data=route)
    with pytest.raises(Refused) as no:
        life.engine.fire(life.id, "record_decision", actor=BOTH, data=DECISION)
    assert ("forbidden-role",) == no.value.codes
    assert other.engine.fire(other.id, "record_decision", actor=BOTH, data=DECISION).pilot.records("decision")


def test_who_acted_as_board_cannot_coordinate() -> None:
    """The exclusion binds the other way as well."""
    life = Life()
    life.engine.fire(life.id, "record_decision", actor=BOTH, data=DECISION)
    with pytest.raises(Refused) as no:
        life.engine.fire(life.id, "choose_route", actor=BOTH, data={"route": "tender", "rationale": "It fits"})
    assert ("forbidden-role",) == no.value.codes


@pytest.mark.parametrize(
    ("duty", "trigger", "data"),
    [
        ("coordinator", "record_decision", DECISION),
        ("board", "choose_route", {"route": "tender", "rationale": "It fits"}),
    ],
)
def test_who_is_named_in_one_cannot_act_in_the_other(duty: str, trigger: str, data: dict[str, str]) -> None:
    """An assignment binds before its holder has done anything; when another one takes the duty, it binds no more."""
    life = Life()
    life.assign(duty, "hr:two-hats", by="contract_manager")
    with pytest.raises(Refused) as no:
        life.engine.fire(life.id, trigger, actor=BOTH, data=data)
    assert ("forbidden-role",) == no.value.codes
    life.assign(duty, "hr:somebody-else", by="coordinator" if duty == "coordinator" else "contract_manager")
    assert life.engine.fire(life.id, trigger, actor=BOTH, data=data).events


def test_the_starter_assigns_until_a_coordinator_is_named() -> None:
    """Whoever started the pilot can name its people, in whatever role, until there is a coordinator to do it."""
    life = Life(starter="facilitator")
    life.assign("hr", "hr", by="facilitator")
    assert ("forbidden-role",) == life.no("facilitator:other", "assign", {"duty": "hr", "person": "jo"})
    life.assign("coordinator", "coordinator", by="facilitator")
    assert ("forbidden-role",) == life.no("facilitator", "assign", {"duty": "hr", "person": "jo"})
    life.assign("hr", "hr:jo", by="coordinator")
    assert ["coordinator-client", "jo"] == [one.data["person"] for one in life.pilot.assignments]


def test_nobody_is_willing_on_behalf_of_another() -> None:
    """The owner who speaks for the supplier is told that it is unilateral; another supplier, that the role is wrong."""
    life = Life().reach("engaging").supplier("alpha", "talking")
    assert ("unilateral",) == life.no("client_owner", "express_willingness", None, "alpha")
    assert ("forbidden-role",) == life.no("supplier_lead@beta", "express_willingness", None, "alpha")
    assert ("forbidden-role",) == life.no("supplier_hr@alpha", "express_willingness", None, "alpha")
    assert ("forbidden-role",) == life.no("facilitator", "express_willingness", None, "alpha")
    life.do("supplier_lead@alpha", "express_willingness", None, "alpha")


# -- four eyes ---------------------------------------------------------------------------------------------------------


def willing() -> Life:
    return Life().reach("engaging").supplier("alpha", "willing")


def test_two_signatures_make_an_agreement() -> None:
    """One signature is pending and moves nothing; the other party signs what is pending by giving no data."""
    life = willing()
    first = life.do("client_owner", "sign_agreement", life.agreement(hours="60"), "alpha")
    assert (("supplier_lead",), "willing", ()) == (
        first.pending,
        first.pilot.tracks["alpha"].state,
        first.pilot.records("agreement"),
    )
    second = life.do("supplier_lead@alpha", "sign_agreement", None, "alpha")
    (agreement,) = second.pilot.records("agreement")
    assert ((), "agreed", 1, "60") == (
        second.pending,
        second.pilot.tracks["alpha"].state,
        agreement.data["number"],
        agreement.data["hours"],
    )
    assert () == second.pilot.signatures


def test_one_person_cannot_sign_for_both() -> None:
    """Somebody with both roles signs once; the second signature must be another person's."""
    life = willing()
    both = Actor("client_owner-client", roles={"client_owner", "supplier_lead"}, party="alpha")
    data = life.agreement()
    assert ("supplier_lead",) == life.engine.fire(
        life.id, "sign_agreement", actor=both, data=data, track="alpha"
    ).pending
    again = life.engine.fire(life.id, "sign_agreement", actor=both, data=data, track="alpha")
    assert (("supplier_lead",), "willing") == (again.pending, again.pilot.tracks["alpha"].state)
    supplier = Actor("client_owner-client", roles={"supplier_lead"}, party="alpha")
    with pytest.raises(Refused) as no:
        life.engine.fire(life.id, "sign_agreement", actor=supplier, data=data, track="alpha")
    assert ("forbidden-role",) == no.value.codes


def test_another_content_voids_the_first_signature() -> None:
    """A signature counts for exactly its content: a counter-offer waits for the one who signed first."""
    life = willing()
    life.do("client_owner", "sign_agreement", life.agreement(), "alpha")
    counter = life.do("supplier_lead@alpha", "sign_agreement", life.agreement(places={"employment": 1}), "alpha")
    assert (("client_owner",), ["signature.voided", "signature.added"]) == (
        counter.pending,
        [one.type for one in counter.events],
    )
    assert "agreed" == life.do("client_owner", "sign_agreement", None, "alpha").pilot.tracks["alpha"].state
    assert {"employment": 1} == life.pilot.records("agreement")[0].data["places"]


def test_leaving_the_state_voids_a_signature() -> None:
    """Who signed before the track was parked has signed nothing when it comes back."""
    life = willing()
    life.do("client_owner", "sign_agreement", life.agreement(), "alpha")
    parked = life.do("coordinator", "park", {"until": life.day(30)}, "alpha")
    assert "signature.voided" in [one.type for one in parked.events]
    life.do("coordinator", "unpark", None, "alpha")
    late = life.do("supplier_lead@alpha", "sign_agreement", life.agreement(), "alpha")
    assert (("client_owner",), "willing") == (late.pending, late.pilot.tracks["alpha"].state)


def test_signing_nothing_that_is_pending_is_no_signature() -> None:
    """Without data and without anything pending, the terms are asked for."""
    assert ("missing-field",) == willing().no("supplier_lead@alpha", "sign_agreement", None, "alpha")


def test_guards_are_asked_at_the_second_signature_too() -> None:
    """A decision withdrawn between two signatures refuses the second one."""
    life = willing()
    life.do("client_owner", "sign_agreement", life.agreement(), "alpha")
    life.undecide()
    assert ("commitment-withdrawn",) == life.no("supplier_lead@alpha", "sign_agreement", None, "alpha")


# -- parties -----------------------------------------------------------------------------------------------------------


def two_suppliers() -> Life:
    life = Life().reach("implementing").supplier("beta", "delivering")
    life.place("alpha")
    life.place("beta")
    return life


def test_a_supplier_acts_on_its_own_track_only() -> None:
    """On another supplier's track, and on a placement that is there, a supplier has no role at all."""
    life = two_suppliers()
    end = {"placement": "placement-1", "end": life.today, "reason": "other"}
    assert ("forbidden-role",) == life.no("supplier_hr@beta", "end_placement", end, "alpha")
    assert ("bad-reference",) == life.no("supplier_hr@beta", "end_placement", end, "beta")
    assert ("forbidden-role",) == life.no("supplier_lead@beta", "withdraw", {"reason": "x"}, "alpha")
    assert ("forbidden-role",) == life.no("supplier_lead@beta", "propose", {"supplier": "Gamma"}, "gamma")
    evidence = {"type": "delivered_result", "date": life.today, "reference": "D", "track": "alpha"}
    assert ("forbidden-role",) == life.no("supplier_lead@beta", "add_evidence", evidence)
    life.do("supplier_lead@alpha", "add_evidence", evidence)


def test_only_hr_moves_somebody_to_another_supplier() -> None:
    """Moving a placement to another supplier's track is for the client's HR; a supplier moves on its own track."""
    life = two_suppliers()
    move = {"placement": "placement-1", "start": life.today, "to_track": "beta"}
    for by in ("supplier_hr@alpha", "supplier_lead@alpha"):
        assert ("forbidden-role",) == life.no(by, "move_placement", move, "alpha")
    assert "beta" == life.do("hr", "move_placement", move, "alpha").pilot.records("placement")[-1].track


def test_a_supplier_sees_its_own_track_only() -> None:
    """A supplier sees the pilot's state and its own track, records and events; nothing of another supplier's."""
    life = two_suppliers()
    view = life.engine.seen_by(person("supplier_lead@beta"))
    seen = view.get(life.id)
    assert ("implementing", {"beta"}) == (seen.state, set(seen.tracks))
    assert {"beta"} == {one.track for held in seen.kept.values() for one in held}
    assert {None, "beta"} == {one.track for one in view.history(life.id)}
    assert not any(one.track == "alpha" for one in view.options(life.id))
    assert {"alpha", "beta"} == set(life.engine.seen_by(person("hr")).get(life.id).tracks)


def test_a_facilitator_sees_no_participants() -> None:
    """A facilitator follows everything but the records, and the events, of people who are placed."""
    life = two_suppliers()
    view = life.engine.seen_by(person("facilitator"))
    assert () == view.get(life.id).records("placement")
    assert {"alpha", "beta"} == set(view.get(life.id).tracks)
    assert "placement" not in {one.data.get("record") for one in view.history(life.id)}


@pytest.mark.parametrize("by", ["monitor", "privacy_officer", "supplier_lead"])
def test_to_others_there_is_no_such_pilot(by: str) -> None:
    """A monitor sees figures only; who has no part in it, a supplier without a party included, sees nothing."""
    life = two_suppliers()
    with pytest.raises(UnknownPilot):
        life.engine.seen_by(person(by)).get(life.id)
