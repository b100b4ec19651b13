"""What the tables cannot say of procurements: what is told to whom, who sees what, and the days between."""

import pytest

from proeftuin import Dated, Settings
from proeftuin.core.settings import DEFAULTS
from tests.domain.life import FIRST_DAY, person
from tests.domain.tender.life import Life


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("preparing", ["publish"]),
        ("tendering", ["send_award_decision"]),
        ("awarded", ["sign_contract"]),
    ],
)
def test_the_way_to_a_contract_is_a_tender(state: str, expected: list[str]) -> None:
    """Who cannot start the implementation yet is told the next step of a tender, and never to award directly."""
    life = Life().reach("procuring").lot("c1", state)
    missing = life.explain("contract_manager", "start_implementation").blockers[0].missing
    assert [*expected, "open_procurement"] == [one.trigger for one in missing]


def test_before_the_award_a_procurement_is_nobodys() -> None:
    """A bidder sees nothing of it; the winner does, until it has to be done anew."""
    life = Life().reach("procuring").lot("c1", "tendering")
    seen = life.engine.seen_by(person("supplier_lead@alpha"))
    assert ([], ()) == (list(seen.get(life.id).tracks), seen.get(life.id).records("instrument"))
    life.lot("c1", "awarded")
    assert (["c1"], 1) == (list(seen.get(life.id).tracks), len(seen.get(life.id).records("instrument")))
    life.do("procurement", "retender", {"reason": "Too few bids"}, "c1")
    assert ([], ()) == (list(seen.get(life.id).tracks), seen.get(life.id).records("instrument"))


def test_what_a_move_back_forgets_is_asked_again() -> None:
    """Tendered anew, a procurement has no winner, no documents and no standstill, and keeps its instruments."""
    life = Life().reach("procuring").lot("c1", "awarded", standstill_required=True)
    life.do("procurement", "retender", {"reason": "Too few bids"}, "c1")
    track = life.pilot.tracks["c1"]
    assert {"title": "Lot c1", "value": "100000", "reason": "Too few bids"} == track.data
    assert ["lots"] == [one.data["instrument"] for one in life.pilot.records("instrument", track="c1") if not one.ended]


def test_a_signature_waits_out_the_standstill_period() -> None:
    """On the twentieth day both sides hear from when on they can sign; on the next they do."""
    life = Life().reach("procuring").lot("c1", "awarded", standstill_required=True)
    data = {"supplier": "alpha", "contract": "k1"}
    life.later(20)
    (blocker,) = life.explain("client_owner", "sign_contract", {**data, "signed_on": life.today}, "c1").blockers
    assert ("standstill-running", "2026-01-26") == (blocker.code, str(blocker.missing[0].not_before))
    assert "2026-01-25" in blocker.text("nl")
    life.later(1)
    life.do("client_owner", "sign_contract", {**data, "signed_on": life.today}, "c1")
    life.do("supplier_lead@alpha", "sign_contract", None, "c1")
    assert ("contracted", "agreed") == (life.pilot.tracks["c1"].state, life.pilot.tracks["k1"].state)


def test_an_objection_is_settled_by_who_made_it() -> None:
    """Of two objections each is settled on its own, and nobody signs before both are."""
    life = Life().reach("procuring").lot("c1", "awarded")
    for objector in ("beta", "gamma"):
        life.do("procurement", "file_objection", {"filed_on": life.today, "objector": objector}, "c1")
    data = {"signed_on": life.today, "supplier": "alpha", "contract": "k1"}
    for objector in ("beta", "gamma"):
        assert ("objection-open",) == life.no("client_owner", "sign_contract", data, "c1")
        (blocker,) = life.explain("client_owner", "sign_contract", data, "c1").blockers
        assert {"upheld": False, "objector": objector} == blocker.missing[0].data
        life.do("procurement", "resolve_objection", blocker.missing[0].data, "c1")
    assert () == life.no("client_owner", "sign_contract", data, "c1")


def test_which_threshold_counts_is_for_the_organisation_to_say() -> None:
    """A central authority has a lower one, and an organisation may have limits of its own."""
    for numbers, codes in (
        ({}, ()),
        ({"threshold": DEFAULTS["threshold_central"]}, ("limit-exceeded",)),
        ({"threshold": [Dated("250000", since=FIRST_DAY, source="our own rules")]}, ()),
    ):
        life = Life(settings=Settings(numbers)).reach("procuring").lot("c1")
        assert codes == life.no("procurement", "award_direct", {"winner": "alpha", "value": "150000"}, "c1")


def test_proof_runs_out() -> None:
    """Proof that was valid when it was added is no longer so on the day after its last."""
    life = Life().reach("procuring").lot("c1")
    life.choose("c1", "reserved")
    life.lot("c1", "tendering")
    proof = {"type": "thirty_percent", "date": life.today, "reference": "DOC-30", "track": "c1"}
    life.do("procurement", "add_evidence", {**proof, "valid_until": life.day(3)})
    award = {"winner": "alpha", "standstill_required": True}
    life.later(4)
    late = {**award, "sent_on": life.today}
    assert ("not-eligible",) == life.no("procurement", "send_award_decision", late, "c1")
    life.do("procurement", "add_evidence", {**proof, "date": life.today})
    assert () == life.no("procurement", "send_award_decision", late, "c1")


def test_proof_counts_for_the_procurement_that_it_is_corrected_to() -> None:
    """Proof that was recorded for the wrong procurement and corrected counts for the right one, and no other."""
    life = Life().reach("procuring")
    for key in ("one", "two"):
        life.lot(key).choose(key, "reserved")
        life.lot(key, "tendering")
    proof = {"type": "thirty_percent", "date": life.today, "reference": "D-1", "track": "two"}
    name = life.do("procurement", "add_evidence", proof).pilot.records("evidence")[-1].id
    life.do("procurement", "correct", {"record": name, "fields": {"track": "one"}, "reason": "The wrong lot"})
    award = {"sent_on": life.today, "winner": "alpha", "standstill_required": False}
    assert ("not-eligible",) == life.no("procurement", "send_award_decision", award, "two")
    assert () == life.no("procurement", "send_award_decision", award, "one")


def test_a_talk_is_judged_by_the_day_on_which_it_was_held() -> None:
    """What was said before the publication may be logged after it; what is said in between may not."""
    life = Life().reach("procuring").lot("c1")
    before = life.coffee(about="c1")
    life.later(1)
    life.lot("c1", "tendering")
    assert () == life.no("contract_manager", "log_activity", before)
    assert ("equal-treatment",) == life.no("contract_manager", "log_activity", life.coffee(about="c1"))


def test_an_instrument_that_was_published_is_let_go_of_by_tendering_anew() -> None:
    """To choose none beside it says how: back to the preparation, where what was chosen can be dropped."""
    life = Life().reach("procuring").lot("lot-1", "tendering")
    data = {"instrument": "none", "rationale": "Nothing fits"}
    told = life.explain("procurement", "choose_instrument", data, "lot-1").blockers
    assert {"instrument-after-publication", "instrument-conflict"} == {one.code for one in told}
    assert all("retender" in {remedy.trigger for remedy in one.missing} for one in told)
    life.do("procurement", "retender", {"reason": "Another choice"}, "lot-1")
    (blocker,) = life.explain("procurement", "choose_instrument", data, "lot-1").blockers
    assert ["drop_instrument"] == [one.trigger for one in blocker.missing]
