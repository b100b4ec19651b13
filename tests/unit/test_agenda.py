from datetime import UTC, datetime
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, UnknownPilot
from proeftuin.duties import clock_label
from tests.unit.agendas import BOSS, BUYER, COACH, HELPER, LEAD, OTHER, RIVAL, SELLER, Play, day, told


@pytest.fixture
def play() -> Play:
    """A pilot `p` that began on day 0."""
    made = Play()
    made.start()
    return made


# -- actions -----------------------------------------------------------------------------------------------------------


def test_a_term_is_an_action_from_so_many_days_before_it_is_due(play: Play) -> None:
    """A term comes into the agenda when its due day lies no further ahead than was asked, and not a day before."""
    assert ["7 p/life as coordinator"] == play.actions(0, LEAD, 7)
    assert [] == play.actions(0, LEAD, 6)
    assert ["7 p/life as coordinator"] == play.actions(7, LEAD, 0)
    assert [] == play.actions(6, LEAD, 0)


def test_what_is_overdue_stays_until_it_is_done(play: Play) -> None:
    """An overdue term stays an action, with the days that it is late, until what it waits for is done."""
    (late,) = play.agenda(40, LEAD).actions
    assert (-33, day(7), "Sign of life") == (late.days, late.due, late.label["en"])
    play.engine.tick()
    assert ["7 p/life as coordinator"] == play.actions(40, LEAD)
    play.do("note")
    assert ["47 p/life as coordinator"] == play.actions(40, LEAD)


def test_an_escalation_is_an_action_once_its_day_is_in_sight(play: Play) -> None:
    """Who is told later than the due day has the term as an action only from when that day comes within reach."""
    assert ([], ["7 p/life as boss"]) == (play.actions(13, BOSS), play.actions(14, BOSS))
    assert ([], ["7 p/life as facilitator"]) == (play.actions(20, HELPER), play.actions(21, HELPER))
    play.on(30).tick()  # what is behind a term is remembered
    assert ["7 p/life as boss"] == play.actions(30, BOSS)


def test_a_role_is_of_who_is_assigned_to_it(play: Play) -> None:
    """Where a role is assigned its terms are of that person alone, and otherwise of everybody who has the role."""
    assert play.actions(0, LEAD) == play.actions(0, OTHER) == ["7 p/life as coordinator"]
    play.assign("coordinator", "lead-2", until=day(6))
    assert ([], ["7 p/life as coordinator"]) == (play.actions(0, LEAD), play.actions(0, OTHER))
    plain = Actor("lead-2", roles={"buyer"})
    assert ["7 p/life as coordinator"] == play.actions(6, plain)
    assert (["7 p/life as coordinator"], []) == (play.actions(7, LEAD), play.actions(7, plain))


def test_who_may_do_what_a_term_waits_for_has_it_as_an_action(play: Play) -> None:
    """A term is also of the roles that can end it now: who can move the track on, or add the record it waits for."""
    play.do("invite", track="acme")
    assert ["20 p/invitation:acme as seller"] == play.actions(0, SELLER, 30)
    play.do("judge", BOSS)
    assert [] == play.actions(0, BOSS)
    assert ["5 p/judged as buyer"] == play.actions(0, BUYER)
    play.do("report", BUYER, text="Done")
    assert [] == play.actions(0, BUYER)


def test_a_supplier_has_its_own_tracks_alone(play: Play) -> None:
    """To a supplier neither the tracks of another are shown, nor terms of the pilot, calls or goals."""
    for key in ("acme", "rival"):
        play.do("invite", track=key)
    play.do("aim", kind="horizon", text="Everywhere", review=day(90))
    play.do("plan", what="Ring", who="seller-1", due=day(2))
    assert ["20 p/invitation:acme as seller"] == play.actions(0, SELLER, 99)
    assert ["20 p/invitation:rival as seller"] == play.actions(0, RIVAL, 99)
    found = play.agenda(0, SELLER)
    assert ((), ()) == (found.calls, found.horizon)
    assert "acme" not in repr(play.agenda(0, RIVAL, 99))
    both = Actor("lead-1", roles={"coordinator", "seller"}, party="rival")
    assert "20 p/invitation:acme as coordinator" in play.actions(0, both, 99)
    assert "20 p/invitation:rival as coordinator+seller" in play.actions(0, both, 99)


def test_who_sees_no_pilots_has_no_agenda(play: Play) -> None:
    """A monitor and a stranger get an empty agenda, even where a duty is assigned to them."""
    play.assign("coordinator", "x")
    for role in ("monitor", "passer_by"):
        found = play.agenda(9, Actor("x", roles={role}))
        assert ((), (), ()) == (found.actions, found.calls, found.horizon)


def test_a_track_that_lapsed_is_no_action_any_more(play: Play) -> None:
    """What fell due and moves the pilot counts as done, also before the next tick, and nothing is written."""
    play.do("invite", track="acme")
    before = play.engine.get("p").version
    assert ["20 p/invitation:acme as seller"] == play.actions(19, SELLER)
    assert [] == play.actions(20, SELLER)
    assert before == play.engine.get("p").version


def test_steps_and_goals_are_of_whom_they_name(play: Play) -> None:
    """Open steps and dated goals are actions of the person whom they name, under their own words."""
    play.do("plan", what="Ring the kitchen", who="boss-1", due=day(3))
    play.do("plan", what="Later", who="boss-1", due=day(30))
    play.do("aim", kind="short", text="Two met", due=day(5), owner="boss-1")
    play.do("aim", kind="short", text="Of nobody", due=day(6))
    play.do("aim", kind="horizon", text="Everywhere", review=day(4), owner="boss-1")
    assert ["3 p/step-1", "4 p/goal-3", "5 p/goal:goal-1"] == play.actions(0, BOSS)
    step, review, goal = play.agenda(0, BOSS).actions
    assert ("step", "Ring the kitchen", "Volgende stap") == (step.kind, step.text, step.label["nl"])
    assert [("goal", "Everywhere"), ("clock", "Two met")] == [(one.kind, one.text) for one in (review, goal)]
    assert ["6 p/goal:goal-2 as coordinator", "7 p/life as coordinator"] == play.actions(0, LEAD)
    play.do("finish", step="step-1")
    assert ["4 p/goal-3", "5 p/goal:goal-1"] == play.actions(0, BOSS)


def test_what_a_hold_stops_is_no_action(play: Play) -> None:
    """On hold only what goes on is due: the day to resume; goals come back later by the length of the hold."""
    play.do("plan", what="Ring", who="lead-1", due=day(3))
    play.do("aim", kind="short", text="Two met", due=day(5), owner="lead-1")
    play.do("pause", by=day(4))
    assert ["4 p/held as coordinator"] == play.actions(0, LEAD)
    assert ["4 p/held as buyer"] == play.actions(0, BUYER)
    assert ((), 0) == ((found := play.agenda(0, LEAD)).calls, len(found.horizon))
    play.on(2)
    play.do("resume", BUYER)
    assert ["3 p/step-1", "7 p/goal:goal-1", "9 p/life as coordinator"] == play.actions(2, LEAD)


def test_terms_that_run_on_after_closing_are_actions(play: Play) -> None:
    """A closed pilot has neither steps, calls nor a horizon, but what runs on after closing is still due."""
    play.do("plan", what="Ring", who="lead-1", due=day(3))
    play.do("aim", kind="horizon", text="Everywhere", due=day(90))
    play.do("invite", track="acme")
    play.do("agree", SELLER, track="acme")
    play.do("place", SELLER, track="acme", participant="ref-planted-0001", start=day(0))
    play.do("close", BOSS)
    found = play.agenda(0, LEAD, 200)
    assert ((), (), ()) == (found.actions, found.calls, found.horizon)
    assert told(play.engine.deadlines().items) == [
        "91 p/stay:placement-1:13 weeks",
        "182 p/stay:placement-1:26 weeks",
    ]
    assert [] == play.actions(0, COACH, 99)  # a coach alone sees no pilots
    inside = Actor("coach-1", roles={"coach", "buyer"})
    assert ["91 p/stay:placement-1:13 weeks as coach"] == play.actions(0, inside, 99)


def test_a_facilitator_sees_no_term_of_a_participant(play: Play) -> None:
    """A term on a record that holds a participant is not shown to who may not see that record."""
    play.do("invite", track="acme")
    play.do("agree", SELLER, track="acme")
    play.do("place", SELLER, track="acme", participant="ref-planted-0001", start=day(0))
    helper = Actor("helper-1", roles={"facilitator", "coach"})
    assert [] == [one for one in play.actions(0, helper, 400) if "stay" in one]
    assert ["p/life"] == [f"{one.pilot_id}/{one.key}" for one in play.engine.seen_by(helper).deadlines().items]
    own = [one.key for one in play.engine.seen_by(SELLER).deadlines().items]
    assert ["stay:placement-1:13 weeks", "stay:placement-1:26 weeks"] == own
    assert "ref-planted" not in repr(play.engine.deadlines())


def test_actions_of_all_pilots_stand_in_order_of_day(play: Play) -> None:
    """Actions of several pilots stand together, the first due day first, and those of one day by pilot."""
    play.start("b")
    play.start("a")
    play.on(1)
    play.start("c")
    play.do("plan", what="Ring", who="lead-1", due=day(8), pilot="b")
    expected = ["7 a/life", "7 p/life", "8 b/life", "8 b/step-1", "8 c/life"]
    assert expected == [one.removesuffix(" as coordinator") for one in play.actions(1, LEAD)]


def test_more_pilots_than_are_read_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are read together, each pilot is looked at once."""
    monkeypatch.setattr("proeftuin.reading.TOGETHER", 2)
    play = Play()
    for number in range(5):
        play.start(f"p{number}")
    assert [f"p{number}" for number in range(5)] == [one.pilot_id for one in play.agenda(0, LEAD).actions]
    play.on(8).tick()
    (notice,) = play.engine.notices(day(8))
    assert [f"p{number}" for number in range(5)] == [one.pilot_id for one in notice.items]


@pytest.mark.parametrize("days", [-1, 1.5, "7", True])
def test_a_number_of_days_that_is_none(play: Play, days: Any) -> None:
    """The days ahead are a whole number, 0 or more."""
    with pytest.raises(BadArgument, match="days"):
        play.engine.agenda(actor=LEAD, days=days)


def test_a_long_way_ahead_ends_with_time(play: Play) -> None:
    """Any number of days may be asked for; the calendar ends before some."""
    assert ["7 p/life as coordinator"] == play.actions(0, LEAD, 10**12)


def test_today_is_that_of_the_workflows_zone(play: Play) -> None:
    """Days are counted from the day that it is where the workflow is at home."""
    play.clock.at = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
    assert 7 == play.engine.agenda(actor=LEAD).actions[0].days
    play.clock.at = datetime(2026, 3, 2, 23, tzinfo=UTC)
    found = play.engine.agenda(actor=LEAD)
    assert (6, play.clock.at, 7, "lead-1") == (found.actions[0].days, found.at, found.days, found.actor)


# -- calls and horizon -------------------------------------------------------------------------------------------------


def test_calls_begin_with_who_is_stuck_and_then_the_longest_silent() -> None:
    """Of all running pilots those that said they were stuck come first, then those that were silent longest."""
    play = Play()
    for number, name in enumerate(("old", "held", "stuck", "fine", "gone", "worse", "new")):
        play.on(number)
        play.start(name)
    play.do("pause", by=day(9), pilot="held")
    play.do("close", BOSS, pilot="gone")
    for name, mood, on in (
        ("stuck", "stuck", 6),
        ("fine", "stuck", 5),
        ("fine", "going_well", 6),
        ("worse", "going_well", 6),
        ("worse", "stuck", 6),
    ):
        play.do("check_in", date=day(on), mood=mood, pilot=name)
    calls = play.agenda(10, HELPER).calls
    expected = [
        ("stuck", 4, "stuck"),
        ("worse", 4, "stuck"),
        ("old", 10, None),
        ("fine", 4, "going_well"),
        ("new", 4, None),
    ]
    assert expected == [(one.pilot_id, one.days, one.mood) for one in calls]
    assert (day(0), "UU", "Catering") == (calls[2].since, calls[2].organisation, calls[2].title)


def test_who_to_call_is_the_coordinator_and_the_contact(play: Play) -> None:
    """One calls the coordinator and the contact at the client, each once, or whoever began the pilot."""
    assert [("lead-1",)] == [one.who for one in play.agenda(0, HELPER).calls]
    play.assign("contact_client", "desk-1")
    assert [("desk-1",)] == [one.who for one in play.agenda(0, HELPER).calls]
    play.assign("coordinator", "lead-2")
    play.assign("contact_client", "lead-2")
    assert [("lead-2", "desk-1")] == [one.who for one in play.agenda(0, HELPER).calls]


def test_a_clock_that_jumps_back_makes_no_negative_silence(play: Play) -> None:
    """A pilot whose last sign of life lies ahead of the clock was silent for no days."""
    play.on(5)
    play.do("note")
    assert [0] == [one.days for one in play.agenda(3, HELPER).calls]


def test_the_horizon_is_in_order_of_the_first_day(play: Play) -> None:
    """Goals on the horizon stand in order of their due or review day, whichever comes first, those without last."""
    play.do("aim", kind="horizon", text="No day")
    play.do("aim", kind="horizon", text="Due", due=day(50), owner="boss-1")
    play.do("aim", kind="horizon", text="Review first", due=day(60), review=day(40))
    play.do("aim", kind="horizon", text="Review", review=day(45))
    play.do("aim", kind="short", text="Short", due=day(10))
    found = play.agenda(5, LEAD).horizon
    assert ["Review first", "Review", "Due", "No day"] == [one.text for one in found]
    assert [35, 40, 45, None] == [one.days for one in found]
    assert ("goal-2", "boss-1", day(50), None) == (found[2].record, found[2].owner, found[2].due, found[2].review)


def test_a_hold_shifts_the_horizon(play: Play) -> None:
    """A goal that a hold stops keeps its day meanwhile, and has it later by the length of the hold afterwards."""
    play.do("aim", kind="horizon", text="Everywhere", due=day(50))
    play.do("pause", by=day(9))
    assert [day(50)] == [one.day for one in play.agenda(3, LEAD).horizon]
    play.do("resume", BUYER)
    assert [day(53)] == [one.day for one in play.agenda(3, LEAD).horizon]


# -- labels ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "english", "dutch"),
    [
        ("life", "Sign of life", "Levensteken"),
        ("stay:placement-3:26 weeks", "Still at work (26 weeks)", "Nog aan het werk (26 weken)"),
        ("stay:placement-3:9 weeks", "Still at work", "Nog aan het werk"),
        ("invitation:acme", "Invitation", "Uitnodiging"),
        ("held", "held", "held"),
        ("of_another_version:acme", "of another version", "of another version"),
    ],
)
def test_a_term_has_its_words_in_both_languages(play: Play, key: str, english: str, dutch: str) -> None:
    """A term is called by the label of its clock, and by which of several due days it is."""
    assert {"en": english, "nl": dutch} == clock_label(play.engine.workflow("talks"), key)


def test_due_days_of_one_pilot_are_told_alone(play: Play) -> None:
    """Where ids are given only their due days are told, and an id of no pilot is refused."""
    play.start("q")
    engine = play.on(0)
    every = engine.deadlines().items
    assert {"p", "q"} == {one.pilot_id for one in every}
    assert [one for one in every if one.pilot_id == "p"] == list(engine.deadlines(pilots="p").items)
    assert every == engine.deadlines(pilots=["p", "q"]).items == engine.seen_by(LEAD).deadlines(pilots=("p", "q")).items
    for asked in (engine, engine.seen_by(LEAD)):
        with pytest.raises(UnknownPilot):
            asked.deadlines(pilots="nowhere")
