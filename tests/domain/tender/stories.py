"""What no scenario tells of `tender`, so that all of its file is reached, and missed when it is gone."""

from functools import partial

from tests.domain.common import stories as common
from tests.domain.domain import Story
from tests.domain.tender.life import Life
from tests.domain.tender.refusals import CASES, delivering


def a_procedure_may_be_begun_anew() -> None:
    """An objection that is upheld, and a tender anew, bring a procurement back; who had won it has not any more."""
    life = Life().reach("procuring").lot("c1", "awarded")
    life.do("procurement", "file_objection", {"filed_on": life.today, "objector": "beta"}, "c1")
    life.do("procurement", "resolve_objection", {"upheld": False, "objector": "beta"}, "c1")
    assert "alpha" == life.pilot.tracks["c1"].party
    for back, data in (("tendering", {"back_to": "tendering"}), ("preparing", {"back_to": "preparing"})):
        life.do("procurement", "file_objection", {"filed_on": life.today}, "c1")
        life.do("procurement", "resolve_objection", {"upheld": True, **data}, "c1")
        track = life.pilot.tracks["c1"]
        assert (back, None, None) == (track.state, track.party, track.data.get("sent_on"))
        life.lot("c1", "awarded")
    life.do("procurement", "retender", {"reason": "Too few bids"}, "c1")
    life.do("procurement", "drop_instrument", {"instrument": life.choose("c1", "pso")}, "c1")
    life.do("client_owner", "withdraw_tender", {"reason": "We do it ourselves"}, "c1")
    assert "withdrawn" == life.pilot.tracks["c1"].state


def what_is_small_is_awarded_directly() -> None:
    """Below the threshold a winner may be named without a tender, and the contract be signed at once."""
    life = Life().reach("procuring").lot("c1")
    life.do("procurement", "award_direct", {"winner": "alpha"}, "c1")
    life.do("client_owner", "sign_contract", {"signed_on": life.today, "supplier": "alpha", "contract": "k1"}, "c1")
    life.do("supplier_lead@alpha", "sign_contract", None, "c1")
    assert ("alpha", "c1") == (life.pilot.tracks["k1"].party, life.pilot.tracks["k1"].data["procurement"])


def after_contracting_both_agree() -> None:
    """An instrument that comes later is agreed on by both, with a check of whether the contract may be changed."""
    life = Life().reach("implementing")
    assert ("wrong-state",) == life.no(
        "procurement", "choose_instrument", {"instrument": "pso", "rationale": "It fits"}, "lot-alpha"
    )
    data = {"instrument": "pso", "rationale": "It fits", "check": "It changes little"}
    life.do("client_owner", "agree_instrument", data, "alpha")
    life.do("supplier_lead@alpha", "agree_instrument", None, "alpha")
    assert "It changes little" == life.pilot.records("instrument", track="alpha")[-1].data["change_check"]


def only_what_is_accepted_is_settled() -> None:
    """An effort waits for an answer, and has one for good, with the day on which it was given."""
    life = Life().reach("implementing")
    first, second = life.effort(), life.effort()
    life.later(3)
    life.do("contract_manager", "accept_effort", {"effort": first}, "alpha")
    life.do("contract_manager", "return_effort", {"effort": second, "reason": "No proof"}, "alpha")
    answers = [(one.data["status"], one.ended) for one in life.pilot.records("effort")]
    assert [("accepted", life.clock.day), ("returned", life.clock.day)] == answers
    assert ("bad-reference",) == life.no(
        "contract_manager", "return_effort", {"effort": first, "reason": "No"}, "alpha"
    )


def people_work_under_a_contract() -> None:
    """Who is placed moves on, works other hours and leaves; whether they stayed is asked for; the terms change."""
    life = delivering()
    placement = life.place()
    life.do(
        "supplier_hr@alpha", "change_hours", {"placement": placement, "weekly_hours": "30", "from": life.today}, "alpha"
    )
    data = {"placement": placement, "start": life.day(1), "kind": "work_experience"}
    life.do("supplier_hr@alpha", "move_placement", data, "alpha")
    moved = life.pilot.records("placement")[-1].id
    answer = {"placement": moved, "weeks": 13, "answer": "same_or_better"}
    life.do("supervisor", "record_retention", answer, "alpha")
    life.do(
        "supplier_hr@alpha", "end_placement", {"placement": moved, "end": life.day(7), "reason": "moved_on"}, "alpha"
    )
    life.do("client_owner", "amend_agreement", life.agreement(), "alpha")
    life.do("supplier_lead@alpha", "amend_agreement", None, "alpha")
    other = life.place("beta")
    life.do("hr", "move_placement", {"placement": other, "start": life.day(1), "kind": "work_experience"}, "beta")
    life.later(8)
    life.contract("alpha", "completed")
    assert "completed" == life.pilot.tracks["alpha"].state


def told(life: Life) -> None:
    """Share a story of the pilot."""
    life.do("coordinator", "share_story", {**common.STORY, "consent_date": life.today})


def it_goes_on_or_ends(end: str) -> None:
    """After a report the owner goes another round, or tenders more; in the end it is embedded, or ended."""
    life = Life().reach("evaluating")
    life.paper("report")
    life.do("client_owner", "iterate")
    life.paper("delivered_result")
    life.do("client_owner", "start_evaluation")
    life.paper("report")
    life.do("client_owner", "widen")
    life.do("contract_manager", "start_implementation")
    life.paper("delivered_result")
    life.do("coordinator", "start_evaluation")
    life.paper("report")
    life.contract("alpha", "completed")
    if end == "embedded":
        life.paper("embedding")
        told(life)
    life.do("board" if end == "embedded" else "client_owner", "conclude", {"outcome": end})
    assert ("closed", end, 3) == (life.pilot.state, life.pilot.outcome, life.pilot.cycle)


def what_was_being_prepared_goes_on_in_the_follow_up() -> None:
    """A procurement that was not published yet is carried to the follow-up by name."""
    life = reported().lot("c9")
    assert ("open-tracks",) == life.no("client_owner", "conclude", {"outcome": "follow_up"})
    told(life)
    assert () == life.warned("client_owner", "conclude", {"outcome": "follow_up", "carry": ("c9",)})


def reported() -> Life:
    """A pilot of which the report is there, and the contract completed."""
    life = Life().reach("evaluating")
    life.paper("report")
    return life.contract("alpha", "completed")


def placed_in_an_agreed_contract() -> None:
    """In the implementation somebody may begin before the delivery as a whole does."""
    life = Life().reach("implementing").contract("beta")
    placement = life.place("beta", kind="work_experience")
    data = {"placement": placement, "start": life.day(1), "kind": "employment"}
    life.do("supplier_hr@beta", "move_placement", data, "beta")
    assert ("missing-placement-plan",) == life.no("supplier_lead@beta", "withdraw", {"reason": "No work"}, "beta")
    life.do("supplier_lead@beta", "withdraw", {"reason": "No work", "placement_plan": "They stay"}, "beta")


def a_contract_does_not_fall_silent() -> None:
    """Two weeks without a word from who delivers are told of, and two months without anybody placed."""
    life = Life().reach("implementing").contract("beta")
    came = [one for one in life.live(61) if " delivery:alpha" in one[0] or " placing:beta" in one[0]]
    assert [
        ("2026-01-19 delivery:alpha signal.raised", ()),
        ("2026-01-20 delivery:alpha clock.reminded", ("coordinator",)),
        ("2026-02-02 delivery:alpha clock.escalated", ("client_owner",)),
        ("2026-02-19 placing:beta clock.reminded", ("contract_manager",)),
        ("2026-03-06 placing:beta signal.raised", ()),
        ("2026-03-06 placing:beta clock.escalated", ("client_owner",)),
    ] == came


def who_stays_is_asked_for() -> None:
    """A week after thirteen, twenty-six and fifty-two weeks the job coach is asked whether somebody is still there."""
    life = Life().reach("implementing")
    life.place()
    asked = [one for one in life.live(372) if " retention" in one[0]]
    days = (("2026-04-13", 13), ("2026-07-13", 26), ("2027-01-11", 52))
    expected = [(f"{day} retention:placement-1:{weeks} weeks clock.reminded", ("supervisor",)) for day, weeks in days]
    assert expected == asked


def each_term_is_due_on_its_day() -> None:
    """The days of a pilot that began on 5 January, by which people plan, and from which a term is overdue."""
    life = Life().reach("implementing").contract("beta").reach("evaluating")
    days = {
        "check_in": "2026-01-12",
        "commitment": "2027-01-05",
        "calendar": "2026-07-05",
        "goal:goal-1": "2026-02-04",
        "delivery:alpha": "2026-01-19",
        "placing:beta": "2026-03-06",
        "report": "2026-02-04",
    }
    assert days == {key: day for key, day in life.due().items() if key in days}


STORIES: tuple[Story, ...] = (
    a_procedure_may_be_begun_anew,
    what_is_small_is_awarded_directly,
    after_contracting_both_agree,
    only_what_is_accepted_is_settled,
    people_work_under_a_contract,
    *(partial(it_goes_on_or_ends, end) for end in ("embedded", "ended")),
    what_was_being_prepared_goes_on_in_the_follow_up,
    placed_in_an_agreed_contract,
    a_contract_does_not_fall_silent,
    who_stays_is_asked_for,
    partial(common.every_case_comes_about, CASES),
    *common.shared(Life),
    partial(common.a_quiet_pilot_is_told_of, Life),
    partial(common.the_report_is_waited_for, lambda: Life().reach("evaluating")),
    partial(common.what_follows_knows_what_it_follows, reported, "client_owner"),
    partial(common.what_goes_on_by_another_route_is_one_story, Life, "existing-contract"),
)
