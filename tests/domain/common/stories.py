"""What is told of every workflow, so that all that they share is reached, and missed when it is gone.

Each story takes a pilot as it begins, or where it says so one that has come further.
"""

from collections.abc import Callable, Mapping
from functools import partial

from proeftuin import Refused
from tests.domain.common.refusals import Begin
from tests.domain.domain import Case
from tests.domain.life import BaseLife

STORY = {"title": "Ten jobs", "url": "https://example.nl/verhaal", "consent": "C-1", "scope": "Website"}


def led(begin: Begin) -> BaseLife:
    """A pilot with somebody who runs it."""
    life = begin()
    if not life.named("coordinator"):
        life.assign("coordinator", "coordinator", by="contract_manager")
    return life


def told(life: BaseLife, clock: str, days: int) -> list[tuple[str, tuple[str, ...]]]:
    """What one clock tells in so many days, and whom."""
    return [one for one in life.live(days) if f" {clock}" in one[0]]


def every_case_comes_about(cases: Mapping[str, Mapping[str, Case]]) -> None:
    """Each refusal and warning that a guard can give is given to who asks for it."""
    for codes in cases.values():
        for code, case in codes.items():
            life, order = case()
            try:
                came = life.do(order.by, order.trigger, order.data or None, order.track)
                said = tuple(one.code for one in came.warnings)
            except Refused as refused:
                said = (*refused.codes, *(one.code for one in order.told(life).warnings))
            assert code in said, (str(order), code, said)


def what_the_board_and_others_lay_down(begin: Begin) -> None:
    """A decision is taken, told in public and withdrawn; details and a route are changed; goals are set and closed."""
    life = led(begin)
    life.decide()
    life.do("board", "endorse_publicly", {"date": life.today, "reference": "NEWS-1"})
    life.undecide()
    assert ("commitment-withdrawn",) == life.no("board", "withdraw_commitment", {"reason": "Cuts"})
    life.do("budget_holder", "record_sponsorship", {"date": life.today})
    life.do("coordinator", "choose_route", {"route": "tender", "rationale": "It fits"})
    life.do("coordinator", "update_details", {"sector": "care"})
    life.do("board", "set_goal", {"kind": "horizon", "text": "Everywhere"})
    life.do("client_owner", "close_goal", {"goal": "goal-1", "status": "dropped"})
    assert ("care", ("dropped",)) == (
        life.pilot.data["sector"],
        tuple(one.data["status"] for one in life.pilot.records("goal")),
    )


def what_everybody_records_along_the_way(begin: Begin) -> None:
    """Steps, obstacles, lessons and stories come and go; who recorded something mends it."""
    life = led(begin)
    life.do("hr", "plan_step", {"what": "Call", "who": "hr-client", "due": life.day(5)})
    assert () == life.warned("facilitator", "check_in", {"date": life.today, "mood": "going_well"})
    life.do("procurement", "finish_step", {"step": "step-1"})
    life.do("facilitator", "add_obstacle", {"text": "The gate"})
    life.do("facilitator", "correct", {"record": "obstacle-1", "fields": {"text": "The door"}, "reason": "A slip"})
    life.do("hr", "resolve_obstacle", {"obstacle": "obstacle-1"})
    life.do("coordinator", "share_story", {**STORY, "consent_date": life.today})
    assert ["Ten jobs"] == [one.data["title"] for one in life.pilot.records("story")]
    life.do("coordinator", "withdraw_story", {"story": "story-1", "date": life.today})
    assert () == life.pilot.records("story")
    life.do("hr", "add_lesson", {"text": "Begin small"})
    life.pause()
    life.do("client_owner", "resume")
    assert "running" == life.pilot.hold


def a_reminder_waits_for_who_got_it(begin: Begin) -> None:
    """Who is reminded of a goal puts that off, and hears of it on the day that they named, and not before."""
    life = led(begin)
    life.do("coordinator", "set_goal", {"kind": "short", "text": "Two met", "due": life.day(7), "owner": "hr-client"})
    assert ["2026-01-05 goal:goal-1 clock.reminded"] == [one for one, _ in told(life, "goal", 1)]
    life.do("hr", "snooze", {"clock": "goal", "until": life.day(10), "reason": "Holidays"})
    assert ["2026-01-16 goal:goal-1 clock.reminded"] == [one for one, _ in told(life, "goal", 20)]


def a_dated_goal_is_told_to_its_owner(begin: Begin) -> None:
    """A week before a goal is due, and on the day, its owner is reminded."""
    life = led(begin)
    life.do("coordinator", "set_goal", {"kind": "short", "text": "Two met", "due": life.day(30), "owner": "hr-client"})
    assert life.day(30) == life.due().get("goal:goal-1")
    days = ["2026-01-28", "2026-02-04"]
    assert [f"{day} goal:goal-1 clock.reminded" for day in days] == [one for one, _ in told(life, "goal", 60)]


def a_decision_is_looked_at_again(begin: Begin) -> None:
    """Eleven months after the board decided the owner is asked to look at it again, within a year."""
    life = led(begin)
    life.decide()
    assert "2027-01-05" == life.due().get("commitment")
    assert [("2026-12-05 commitment clock.reminded", ("client_owner",))] == told(life, "commitment", 400)


def who_paused_is_asked_to_resume(begin: Begin) -> None:
    """On the day to resume and a week later the coordinator is told, and after two weeks the owner."""
    life = led(begin)
    life.pause()
    assert [
        ("2026-02-02 resume_by clock.reminded", ("coordinator",)),
        ("2026-02-09 resume_by clock.reminded", ("coordinator",)),
        ("2026-02-16 resume_by clock.escalated", ("client_owner",)),
    ] == list(life.live(60))


def the_tender_calendar_comes_by_twice_a_year(begin: Begin) -> None:
    """Two weeks before half a year is over procurement is told, then it is a signal, and a month later the owner's."""
    life = led(begin)
    life.session("procurement", kind="calendar_session")
    assert "2026-07-05" == life.due().get("calendar")
    assert [
        ("2026-06-21 calendar clock.reminded", ("procurement",)),
        ("2026-07-05 calendar signal.raised", ()),
        ("2026-08-04 calendar clock.escalated", ("client_owner",)),
    ] == told(life, "calendar ", 220)


def a_quiet_pilot_is_told_of(begin: Begin) -> None:
    """After a week without a word, the coordinator is asked twice, then the owner is told, and it is a signal."""
    life = led(begin)
    assert "2026-01-12" == life.due().get("check_in")
    assert [
        ("2026-01-13 check_in clock.reminded", ("coordinator",)),
        ("2026-01-19 check_in clock.reminded", ("coordinator",)),
        ("2026-01-26 check_in clock.escalated", ("client_owner",)),
        ("2026-02-02 check_in signal.raised", ("facilitator",)),
    ] == told(life, "check_in", 60)


def the_report_is_waited_for(evaluating: Begin) -> None:
    """In the weeks after an evaluation began the coordinator is asked for its report, and then the owner is told."""
    life = evaluating()
    assert life.day(30) == life.due().get("report")
    expected = [
        (f"{life.day(21)} report clock.reminded", ("coordinator",)),
        (f"{life.day(30)} report signal.raised", ()),
        (f"{life.day(30)} report clock.escalated", ("client_owner",)),
    ]
    assert expected == told(life, "report ", 40)


def a_pilot_is_stopped_and_called_twice(begin: Begin) -> None:
    """It stops with a lesson and not without; after three months and after a year somebody calls, and records it."""
    life = led(begin)
    assert ("missing-lessons",) == life.no("client_owner", "stop", {"reason": "No money"})
    life.do("hr", "add_lesson", {"text": "Begin small"})
    life.do("client_owner", "stop", {"reason": "No money"})
    assert {"after_closing:3 months": "2026-04-05", "after_closing:12 months": "2027-01-05"} == life.due()
    came = told(life, "after_closing", 370)
    assert ["2026-04-05", "2026-04-05", "2027-01-05", "2027-01-05"] == [one.partition(" ")[0] for one, _ in came]
    assert {("coordinator",), ()} == {to for _, to in came}
    life.do("facilitator", "check_in", {"date": life.today, "mood": "going_well"})
    assert ("wrong-state",) == life.no("coordinator", "spawn_follow_up", {"title": "Next"})


def what_follows_knows_what_it_follows(concluding: Begin, by: str) -> None:
    """A pilot that is concluded with a follow-up begins it, once it is asked for; both are one story."""
    life = concluding()
    life.do(by, "conclude", {"outcome": "follow_up"})
    began = life.do("coordinator", "spawn_follow_up", {"title": "The next one", "sector": "care"}).started
    assert [(life.id, None), (began, "spawn_follow_up")] == [
        (one.pilot.id, one.trigger) for one in life.engine.chain(life.id)
    ]


def who_commissioned_it_hears_that_it_is_stuck(begin: Begin) -> None:
    """Stuck twice in a row is told to the owner on that day, and is theirs to do something about within a week."""
    life = led(begin)
    for _ in range(2):
        life.do("facilitator", "check_in", {"date": life.today, "mood": "stuck"})
        life.later(3)
    assert life.day(4) == life.due().get("stuck")
    assert [(f"{life.day(-3)} stuck clock.escalated", ("client_owner",))] == told(life, "stuck", 1)
    life.do("coordinator", "check_in", {"date": life.today, "mood": "wobbling"})
    assert "stuck" not in life.due()


def what_goes_on_by_another_route_is_one_story(begin: Begin, to: str) -> None:
    """A pilot that takes another route ends there, and the one that goes on knows where it came from, and why."""
    life = led(begin)
    why = {"rationale": "That suits the goals better"}
    came = life.do("coordinator", "reroute", {"workflow": to, **why})
    here, there = life.engine.chain(life.id)
    assert ("closed", "ended", f"{to}@1", "exploring") == (
        here.pilot.state,
        here.pilot.outcome,
        there.pilot.workflow,
        there.pilot.state,
    )
    assert (came.started, life.id, "reroute") == (there.pilot.id, there.follows, there.trigger)
    assert why == here.pilot.data["linked"][0]["data"]
    kept = ("title", "organisation", "category", "target_group")
    assert {name: here.pilot.data.get(name) for name in kept} == {name: there.pilot.data.get(name) for name in kept}


def shared(begin: Begin) -> tuple[Callable[[], None], ...]:
    """What is told of every workflow alike, of a pilot as it begins."""
    stories = (
        what_the_board_and_others_lay_down,
        what_everybody_records_along_the_way,
        a_reminder_waits_for_who_got_it,
        a_dated_goal_is_told_to_its_owner,
        a_decision_is_looked_at_again,
        who_paused_is_asked_to_resume,
        the_tender_calendar_comes_by_twice_a_year,
        a_pilot_is_stopped_and_called_twice,
        who_commissioned_it_hears_that_it_is_stuck,
    )
    return tuple(partial(story, begin) for story in stories)
