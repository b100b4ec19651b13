from datetime import UTC, datetime
from typing import Any

import pytest

from proeftuin import BadArgument
from proeftuin.notices import KINDS, Item
from tests.unit.agendas import BOSS, BUYER, COACH, FLOW, LEAD, SELLER, Play, day
from tests.unit.engines import REF

FLOW_TO_SELLERS = FLOW.replace("remind: {coordinator: [10 days]}, fire", "remind: {seller: [10 days]}, fire")
UNTITLED = FLOW.replace("title: {type: text, required: true}, organisation", "title: {type: text}, organisation")


@pytest.fixture
def play() -> Play:
    """A pilot `p` that began on day 0, with a coordinator."""
    made = Play()
    made.start()
    made.assign("coordinator", "lead-1")
    return made


def told(play: Play, number: int) -> dict[str, list[str]]:
    """Per person, or role with an @ before it, what a notice tells: kind, pilot and term."""
    found = play.engine.notices(day(number))
    return {one.person or f"@{one.to}": [_line(item) for item in one.items] for one in found}


def _line(item: Item) -> str:
    return f"{item.kind} {item.pilot_id}/{item.key} {(item.on - day(0)).days}"


def ticked(play: Play, number: int) -> dict[str, list[str]]:
    play.on(number).tick()
    return told(play, number)


def placed(play: Play) -> None:
    play.do("invite", track="acme")
    play.do("agree", SELLER, track="acme")
    play.do("place", SELLER, track="acme", participant=REF, start=day(0))


def test_a_person_gets_one_notice_of_a_day(play: Play) -> None:
    """All that one person is told of a day stands in one notice, in order of pilot and of the day it fell due."""
    play.start("b", "Green")
    play.assign("coordinator", "lead-1", pilot="b")
    play.do("aim", kind="short", text="Two met", due=day(20), owner="lead-1")
    play.do("invite", track="acme")
    lines = ["reminder b/life 14", "reminder p/invitation:acme 10", "reminder p/goal:goal-1 13", "reminder p/life 14"]
    assert {"lead-1": lines} == ticked(play, 14)
    assert {} == told(play, 13) | told(play, 15)


def test_a_notice_says_what_it_is_about(play: Play) -> None:
    """Each item names the pilot, the term in both languages, the track, as what one is told, and since when."""
    play.on(3)
    play.do("invite", track="acme")
    play.on(13).tick()
    (notice,) = play.engine.notices(day(13).isoformat())
    expected = Item(
        "p", "Catering", "reminder", "invitation", "invitation:acme", notice.items[1].label, "acme", day(3), day(13),
        "coordinator",
    )  # fmt: skip
    assert (day(13), "lead-1", None, expected) == (notice.day, notice.person, notice.role, notice.items[1])
    assert {"en": "Invitation", "nl": "Uitnodiging"} == notice.items[1].label


def test_escalations_and_signals_are_told_too(play: Play) -> None:
    """Escalations and signals are told to their roles; where nobody is assigned to one, the role gets the notice."""
    late = {
        "lead-1": ["reminder p/life 14"],
        "@boss": ["escalation p/life 21"],
        "@facilitator": ["signal p/life 28"],
    }
    assert late == ticked(play, 40)
    last = play.engine.notices(day(40))[-1]
    assert (None, "facilitator", "stalled") == (last.person, last.role, last.items[0].signal)
    play.assign("boss", "boss-1")
    assert late["@boss"] == told(play, 40)["boss-1"]


def test_a_signal_that_tells_nobody_gives_no_notice(play: Play) -> None:
    """What a workflow tells to no role is a signal on its pilot, and no notice."""
    play.do("judge", BOSS)
    assert {"lead-1": ["reminder p/judged 3"]} == ticked(play, 5)
    assert ["unjudged"] == [one.signal for one in play.engine.get("p").signals]


def test_everybody_who_holds_a_role_is_told(play: Play) -> None:
    """Several holders of a role are all told, each once; one assigned until an earlier day is not."""
    play.assign("coordinator", "lead-2")
    play.assign("coordinator", "lead-2")
    play.assign("coordinator", "lead-3", until=day(8))
    play.assign("coordinator", "lead-4", until=day(7))
    assert ["lead-1", "lead-2", "lead-3"] == list(ticked(play, 8))


def test_a_person_who_is_told_twice_over_is_told_once(play: Play) -> None:
    """Who is named by a record, and holds the role that it stands in for, finds each thing once in the notice."""
    play.do("aim", kind="short", text="Two met", due=day(12), owner="lead-1")
    play.do("aim", kind="short", text="Of nobody", due=day(12))
    play.do("note")
    assert {"lead-1": ["reminder p/goal:goal-1 5", "reminder p/goal:goal-2 5"]} == ticked(play, 5)
    (notice,) = play.engine.notices(day(5))
    assert [None, "coordinator"] == [one.role for one in notice.items]


def test_who_is_assigned_to_a_track_is_told_of_that_track() -> None:
    """A track's term is told to who is assigned to that track or to all; a term of the pilot to whoever there is."""
    play = Play()
    play.start()
    for key in ("acme", "rival"):
        play.do("invite", track=key)
        play.assign("coordinator", f"lead-{key}", track=key)
    play.do("invite", track="third")
    expected = {
        "lead-acme": ["reminder p/invitation:acme 10"],
        "lead-rival": ["reminder p/invitation:rival 10"],
        "@coordinator": ["reminder p/invitation:third 10"],
    }
    play.on(9)
    play.do("note")
    assert expected == ticked(play, 10)
    assert {"lead-acme": ["reminder p/life 17"], "lead-rival": ["reminder p/life 17"]} == ticked(play, 17)


def test_a_supplier_is_told_of_its_own_track_alone() -> None:
    """A supplier's person who is assigned to no track, or to that of another, is told nothing of a track."""
    play = Play(FLOW_TO_SELLERS)
    play.start()
    for key in ("acme", "rival"):
        play.do("invite", track=key)
    play.assign("seller", "seller-1", track="acme")
    play.assign("seller", "seller-9")
    expected = {"seller-1": ["reminder p/invitation:acme 10"], "@seller:rival": ["reminder p/invitation:rival 10"]}
    play.do("note")
    play.on(9)
    play.do("note")
    assert expected == ticked(play, 10)


def test_suppliers_without_a_person_get_a_notice_each() -> None:
    """Where nobody holds a supplier's role, no notice tells one supplier of another, nor hides whose it is."""
    play = Play(FLOW_TO_SELLERS)
    for pilot in ("p", "q"):
        play.start(pilot)
        for key in ("acme", "rival"):
            play.do("invite", track=key, pilot=pilot)
    play.on(10).tick()
    notices = [one for one in play.engine.notices(day(10)) if one.role == "seller"]
    assert ["seller:acme", "seller:rival"] == [one.to for one in notices]
    assert [{"acme"}, {"rival"}] == [{item.track for item in one.items} for one in notices]
    assert [{"p", "q"}] * 2 == [{item.pilot_id for item in one.items} for one in notices]


def test_a_day_is_that_of_the_workflows_zone(play: Play) -> None:
    """What was recorded a minute before midnight where the workflow is at home is of that day."""
    play.start("b")
    play.clock.at = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)  # day 8
    play.engine.tick(limit=1)
    play.clock.at = datetime(2026, 3, 10, 23, tzinfo=UTC)
    play.engine.tick()
    assert {"@coordinator": ["reminder b/life 8"]} == told(play, 8)
    assert {"lead-1": ["reminder p/life 8"]} == told(play, 9)


def test_what_was_not_sent_is_not_told(play: Play) -> None:
    """A reminder that the command of a person made needless is no part of a notice."""
    play.on(9)
    play.do("note")
    assert {} == ticked(play, 9)


def test_there_is_no_participant_in_a_notice(play: Play) -> None:
    """A term on a placement is named by the placement, never by its participant or subject."""
    placed(play)
    play.assign("coach", COACH.id, until=day(365))
    assert ["reminder p/stay:placement-1:13 weeks 98"] == ticked(play, 98)["coach-1"]
    told_of = repr(play.engine.notices(day(98)))
    assert (False, False) == (REF in told_of, "s1" in told_of)


def test_a_closed_pilot_is_told_of_too(play: Play) -> None:
    """What runs on after closing is told, and assignments hold as they stood at the close."""
    placed(play)
    play.assign("coach", COACH.id)
    play.do("close", BOSS)
    assert {"coach-1": ["reminder p/stay:placement-1:13 weeks 98"]} == ticked(play, 98)


def test_notices_are_the_same_however_often_they_are_asked_for(play: Play) -> None:
    """Notices come in order of person and then of role, equal each time, and asking writes nothing."""
    play.start("a")
    play.assign("coordinator", "zoe", pilot="a")
    play.on(40).tick()
    first, version = play.engine.notices(day(40)), play.engine.get("p").version
    assert ["lead-1", "zoe", "@boss", "@facilitator"] == list(told(play, 40))
    play.on(90)
    assert (first, version) == (play.engine.notices(day(40)), play.engine.get("p").version)
    assert len(set(first)) == 4  # values, through and through


def test_another_tenant_is_told_its_own(play: Play) -> None:
    """Notices of one tenant hold nothing of another."""
    other = play.engine.for_tenant("other")
    other.start("talks", actor=LEAD, data={"title": "Green"}, id="q")
    play.on(8).tick()
    assert ((), 1) == (other.notices(day(8)), len(play.engine.notices(day(8))))


@pytest.mark.parametrize("asked", [None, 7, "yesterday", datetime(2026, 3, 2, tzinfo=UTC)])
def test_what_is_no_day(play: Play, asked: Any) -> None:
    """A day is given as a date or its text."""
    with pytest.raises(BadArgument, match="day"):
        play.engine.notices(asked)


@pytest.mark.parametrize("asked", ["0001-01-01", "0001-01-02", "9999-12-31"])
def test_a_day_at_the_ends_of_time_has_no_notices(play: Play, asked: str) -> None:
    """Any day may be asked for."""
    assert () == play.engine.notices(asked)


def test_what_is_told_are_the_words_of_clocks() -> None:
    """Exactly reminders, escalations and raised signals are told."""
    assert {"clock.reminded", "clock.escalated", "signal.raised"} == set(KINDS)


def test_a_pilot_without_a_title_goes_by_its_id(play: Play) -> None:
    """Where the workflow asks for no title, a notice and an agenda call the pilot by its id."""
    untitled = Play(UNTITLED)
    untitled.engine.start("talks", actor=LEAD, data={}, id="q")
    untitled.on(8).tick()
    assert "q" == untitled.engine.notices(day(8))[0].items[0].title
    assert "q" == untitled.engine.agenda(actor=LEAD).actions[0].title
    assert "Catering" == play.engine.agenda(actor=BUYER).calls[0].title
