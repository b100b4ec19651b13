"""Commitment and agreements: what the board's decision carries, and what its withdrawal stops and does not stop."""

import pytest

from tests.domain.existing.life import Life


def test_a_withdrawn_decision_stops_what_is_new_and_nothing_else() -> None:
    """Invitations, signatures and placements are blocked; those who are placed go on, move, and are looked after."""
    life = Life().reach("implementing").supplier("beta", "delivering")
    life.supplier("gamma", "identified").supplier("delta", "willing").supplier("epsilon", "declined")
    placed, other = life.place(), life.place()
    life.undecide()
    blocked = ("commitment-withdrawn",)
    assert blocked == life.no("coordinator", "invite", None, "gamma")
    assert blocked == life.no("coordinator", "reinvite", None, "epsilon")
    assert blocked == life.no("client_owner", "sign_agreement", life.agreement(), "delta")
    assert blocked == life.no("client_owner", "amend_agreement", life.agreement(), "alpha")
    assert blocked == life.no("supplier_hr@alpha", "start_placement", life.placement(), "alpha")
    life.later(7)
    hours = {"placement": placed, "weekly_hours": "20", "from": life.today}
    life.do("supplier_hr@alpha", "change_hours", hours, "alpha")
    life.do("supplier_hr@alpha", "move_placement", {"placement": placed, "start": life.today, "paid": True}, "alpha")
    life.do(
        "supplier_hr@alpha", "end_placement", {"placement": other, "end": life.today, "reason": "moved_on"}, "alpha"
    )
    life.do("hr", "record_retention", {"placement": other, "weeks": 13, "answer": "left"}, "alpha")
    assert 1 == life.engine.metrics("placements_active", pilots=life.id)["placements_active"].value


def test_a_new_decision_lifts_the_block() -> None:
    """The board that decides again is all that is needed; the withdrawn decision stays in the history."""
    life = Life().reach("implementing").supplier("gamma", "identified")
    life.undecide()
    assert ("commitment-withdrawn",) == life.no("coordinator", "invite", None, "gamma")
    life.decide()
    life.do("coordinator", "invite", None, "gamma")
    assert ["Cuts", None] == [one.data.get("reason") for one in life.pilot.records("decision")]


def test_the_coordinator_gives_no_commitment() -> None:
    """A decision is the board's: nobody else can record, endorse or withdraw one."""
    life = Life()
    for by in ("coordinator", "client_owner", "hr", "facilitator"):
        for trigger in ("record_decision", "endorse_publicly"):
            assert ("forbidden-role",) == life.no(by, trigger, {"date": life.today, "reference": "BD"})
    life.decide()
    assert ("forbidden-role",) == life.no("client_owner", "withdraw_commitment", {"reason": "Cuts"})


def test_public_endorsement_is_only_advised() -> None:
    """Without the board in public, and without a link to the mission, the talks open all the same, with a warning."""
    life = Life().reach("committing")
    life.decide()
    life.assign("client_owner", "client_owner")
    life.paper("action_plan")
    life.do("coordinator", "set_goal", {"kind": "short", "text": "Two met", "due": life.day(90)})
    life.do("coordinator", "set_goal", {"kind": "horizon", "text": "Everywhere"})
    assert ("endorsement-missing", "mission-link-missing") == life.warned("client_owner", "open_supplier_talks")


def test_obstacles_do_not_block() -> None:
    """First do: an open obstacle is noted, warned of when the evaluation starts, and in the way of nothing."""
    life = Life()
    life.do("supplier_lead@alpha", "add_obstacle", {"text": "The gate"})
    life.reach("implementing")
    life.paper("delivered_result")
    assert ("open-obstacles",) == life.warned("coordinator", "start_evaluation")


def test_an_agreement_can_only_be_amended_to_cover_who_is_placed() -> None:
    """A new version may hold fewer places, but not fewer than are taken now or later; more is welcome."""
    life = Life().reach("implementing")
    life.place()
    life.place(start=life.day(30))
    assert ("capacity-exceeded",) == life.no(
        "client_owner", "amend_agreement", life.agreement(places={"employment": 1}), "alpha"
    )
    life.do("client_owner", "amend_agreement", life.agreement(places={"employment": 2}), "alpha")
    result = life.do("supplier_lead@alpha", "amend_agreement", None, "alpha")
    assert [(1, False), (2, True)] == [
        (one.data["number"], one.ended is None) for one in result.pilot.records("agreement")
    ]
    assert "delivering" == result.pilot.tracks["alpha"].state


def test_one_side_alone_amends_nothing() -> None:
    """Targets are not imposed: until both have signed, the agreement in force is the old one."""
    life = Life().reach("implementing")
    pending = life.do("client_owner", "amend_agreement", life.agreement(places={"employment": 9}), "alpha")
    assert ("supplier_lead",) == pending.pending
    for _ in range(3):
        life.place()
    assert ("capacity-exceeded",) == life.no("hr", "start_placement", life.placement(), "alpha")


def test_an_agreement_of_several_suppliers_is_counted_per_track() -> None:
    """Places are per supplier: one that is full does not take from another."""
    life = Life().reach("implementing").supplier("beta", "agreed")
    for _ in range(3):
        life.place("alpha")
    assert ("capacity-exceeded",) == life.no("hr", "start_placement", life.placement(), "alpha")
    assert life.place("beta")


@pytest.mark.parametrize("terms", [{"places": {}}, {"places": {"employment": 0}}, {"places": {"internship": 1}}])
def test_an_agreement_has_places(terms: dict[str, object]) -> None:
    """An agreement without a single place, or with places of an unknown kind, is none."""
    life = Life().reach("engaging").supplier("alpha", "willing")
    assert life.no("client_owner", "sign_agreement", life.agreement(**terms), "alpha") in {
        ("missing-field",),
        ("bad-value",),
    }
