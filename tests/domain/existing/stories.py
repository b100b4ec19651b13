"""What no scenario tells of `existing-contract`, so that all of its file is reached, and missed when it is gone."""

from functools import partial

from tests.domain.common.stories import (
    the_tender_calendar_comes_by_twice_a_year,
    what_goes_on_by_another_route_is_one_story,
    who_commissioned_it_hears_that_it_is_stuck,
    who_paused_is_asked_to_resume,
)
from tests.domain.domain import Story
from tests.domain.existing.life import Life


def a_decision_is_withdrawn_once() -> None:
    """Once the board has withdrawn its decision there is none left to withdraw."""
    life = Life()
    life.decide()
    life.undecide()
    assert ("commitment-withdrawn",) == life.no("board", "withdraw_commitment", {"reason": "Cuts"})


def a_correction_names_nobody() -> None:
    """What a correction puts in the place of an employer, or of a consent, may not say who somebody is."""
    life = Life().reach("implementing")
    placement = life.place(employer="Bakery")
    fields = {"employer": "jan@example.nl"}
    data = {"record": placement, "fields": fields, "reason": "A slip"}
    assert ("privacy-violation",) == life.no("supplier_hr@alpha", "correct", data)
    story = {"title": "A job", "url": "https://example.org/a", "consent": "consent-1", "scope": "web"}
    life.do("coordinator", "share_story", {**story, "consent_date": life.today})
    data = {"record": "story-1", "fields": {"consent": "jan@example.nl"}, "reason": "A slip"}
    assert ("privacy-violation",) == life.no("coordinator", "correct", data)


def an_end_names_nobody() -> None:
    """Why a pilot stops, or a supplier withdraws, and what becomes of those who are placed, is told without a name."""
    life = Life().reach("implementing")
    for by, trigger, track in (("client_owner", "stop", None), ("supplier_lead@alpha", "withdraw", "alpha")):
        for field in ("reason", "placement_plan"):
            data = {"reason": "No money", field: "Call 06-12345678 about it"}
            assert "privacy-violation" in life.no(by, trigger, data, track)


def an_agreement_does_not_end_before_it_begins(state: str, trigger: str) -> None:
    """Signed or amended, an agreement has its days in order."""
    life = Life().reach("engaging").supplier("alpha", state)
    terms = life.agreement(until=life.day(-1))
    assert ("bad-value",) == life.no("client_owner", trigger, terms, "alpha")


def a_bundled_job_needs_an_agreement_with_each_supplier(state: str) -> None:
    """Who has not agreed yet gives no part of a bundled job, whether the other delivers or is about to."""
    life = Life().reach("implementing").supplier("gamma", state).supplier("beta", "willing")
    job = life.placement(**life.bundle("gamma", "beta"))
    assert ("capacity-exceeded", "wrong-state") == life.no("supplier_hr@gamma", "start_placement", job, "gamma")


def nobody_moves_to_a_supplier_that_has_not_agreed(state: str) -> None:
    """A placement moves only to where there is an agreement."""
    life = Life().reach("implementing").supplier("gamma", state).supplier("beta", "willing")
    data = {"placement": life.place("gamma"), "start": life.day(1), "to_track": "beta"}
    assert ("capacity-exceeded", "wrong-state") == life.no("hr", "move_placement", data, "gamma")


def a_story_is_what_others_learn_from() -> None:
    """A pilot that is embedded with a story to its name is concluded without a warning."""
    life = Life().reach("evaluating")
    life.paper("report")
    life.paper("embedding")
    life.supplier("alpha", "completed")
    consent = {"consent": "C-1", "scope": "Website", "consent_date": life.today}
    life.do("coordinator", "share_story", {"title": "Ten jobs", "url": "https://example.nl/verhaal", **consent})
    assert () == life.warned("board", "conclude", {"outcome": "embedded"})


def each_term_is_due_on_its_day() -> None:
    """The days of a pilot that began on 5 January, by which people plan, and from which a term is overdue."""
    life = (
        Life().reach("engaging").supplier("alpha", "willing").supplier("beta", "talking").supplier("gamma", "invited")
    )
    assert {
        "check_in": "2026-01-12",
        "commitment": "2027-01-05",
        "willing:alpha": "2026-04-05",
        "talks:beta": "2026-02-16",
        "invitation:gamma": "2026-02-02",
        "goal:goal-1": "2026-02-04",
    } == life.due()
    life = Life().reach("implementing").supplier("beta", "agreed").reach("evaluating")
    days = {
        "check_in": "2026-01-12",
        "delivery:alpha": "2026-01-19",
        "placing:beta": "2026-03-06",
        "report": "2026-02-04",
    }
    assert days == {key: day for key, day in life.due().items() if key in days}


STORIES: tuple[Story, ...] = (
    a_decision_is_withdrawn_once,
    a_correction_names_nobody,
    an_end_names_nobody,
    partial(an_agreement_does_not_end_before_it_begins, "willing", "sign_agreement"),
    partial(an_agreement_does_not_end_before_it_begins, "agreed", "amend_agreement"),
    *(partial(a_bundled_job_needs_an_agreement_with_each_supplier, state) for state in ("agreed", "delivering")),
    *(partial(nobody_moves_to_a_supplier_that_has_not_agreed, state) for state in ("agreed", "delivering")),
    a_story_is_what_others_learn_from,
    partial(who_paused_is_asked_to_resume, Life),
    partial(who_commissioned_it_hears_that_it_is_stuck, Life),
    partial(what_goes_on_by_another_route_is_one_story, Life, "small-purchases"),
    partial(the_tender_calendar_comes_by_twice_a_year, Life),
)
