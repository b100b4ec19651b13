"""Pilots on which a term is due, found when asked, and pilots by a signal that is up; as an actor sees them too."""

from itertools import count
from typing import Any

import pytest

from proeftuin import Actor, BadArgument
from proeftuin.calendars import Netherlands
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.unit.engines import REF, everything
from tests.unit.ticking import COACH, LEAD, RIVAL, SELLER, Hidden, Play, Watched, day

NOTE = {"text": "x"}


def found(play: Play, **filters: Any) -> list[str]:
    return [one.id for one in play.engine.each(**{"overdue": True, **filters})]


def test_a_term_is_overdue_from_the_day_that_it_is_due(play: Play) -> None:
    """The day before nothing is found, from midnight of the day on it is, whether or not anybody ticked."""
    pilot = play.start()
    assert [[], [pilot], [pilot]] == [(play.on(*at), found(play))[1] for at in ((6, 23.9), (7, 0), (50, 9))]
    play.tick(50)
    assert [pilot] == found(play)


def test_what_a_command_puts_off_is_not_overdue(play: Play) -> None:
    """A sign of life takes a pilot out at once, although the store still knows the earlier day."""
    pilot = play.start()
    play.on(9).fire(pilot, "note", actor=LEAD, data=NOTE)
    play.on(12).fire(pilot, "note", actor=LEAD, data=NOTE)
    play.on(15)
    assert (True, []) == (play.timing(pilot).overdue is not None, found(play))
    play.on(19)
    assert [pilot] == found(play)


def test_what_lapsed_is_not_overdue_though_nobody_ticked(play: Play) -> None:
    """A term whose day fires a trigger is over by then; asked as if what is due had been done, another one is not."""
    pilot = play.asked()
    for number in (10, 20, 27):
        play.on(number).fire(pilot, "note", actor=LEAD, data=NOTE)
    assert [[], []] == [(play.on(number), found(play))[1] for number in (27, 28)]
    assert [pilot] == (play.on(34), found(play))[1]


def test_a_hold_stops_what_it_stops(play: Play) -> None:
    """While a pilot is on hold its relative terms are not overdue."""
    pilot = play.start()
    play.on(3).fire(pilot, "pause", actor=LEAD)
    assert [] == (play.on(40), found(play))[1]
    play.engine.fire(pilot, "resume", actor=LEAD)
    assert [[], [pilot]] == [(play.on(number), found(play))[1] for number in (46, 47)]


def test_what_is_over_is_due_for_nobody(play: Play) -> None:
    """A term that came due while a placement went on is overdue until its planned end, and no longer."""
    pilot = play.start()
    play.engine.fire(pilot, "identify", actor=LEAD, track="acme")
    data = {"participant": REF, "start": day(0), "end": day(33)}
    play.engine.fire(pilot, "place", actor=LEAD, track="acme", data=data)
    play.on(30).fire(pilot, "note", actor=LEAD, data=NOTE)
    assert ([pilot], ["stay:placement-1"]) == (found(play), _behind(play))
    play.on(33)
    assert ([], []) == (found(play), _behind(play))
    play.tick(36)
    assert ((), [], []) == (play.engine.due(), found(play), _behind(play))


def _behind(play: Play) -> list[str]:
    today = play.clock.at.date()
    return [one.key for one in play.engine.deadlines(until=today).items]


def test_pages_neither_skip_nor_repeat(play: Play) -> None:
    """Through pilots of which every third is overdue, pages of any size give each of those once, in order."""
    pilots = [play.start(id=f"q{number:03}") for number in range(40)]
    for number, pilot in enumerate(pilots):
        if number % 3:
            play.on(5).fire(pilot, "note", actor=LEAD, data=NOTE)
    play.on(8)
    late = pilots[::3]
    for size in (1, 2, 5, 13, 14, 15, 1000):
        pages = []
        after = None
        for _ in count():
            page = play.engine.find(overdue=True, limit=size, after=after)
            pages.append([one.id for one in page.items])
            after = page.next
            if after is None:
                break
        assert late == [name for page in pages for name in page]
        assert {size} >= {len(page) for page in pages[:-1]}
        assert 0 < len(pages[-1]) <= size


def test_a_page_goes_on_over_many_that_are_not(store: Store) -> None:
    """However many candidates turn out not to be overdue, the next one that is comes into the page."""
    watched = Watched(store)
    play = Play(watched)
    for number in range(450):
        pilot = play.on(0).start("terms", actor=LEAD, data={}, id=f"q{number:03}").pilot.id
        if number != 449:
            play.on(5).fire(pilot, "note", actor=LEAD, data=NOTE)
    page = play.on(8).find(overdue=True, limit=1)
    assert (["q449"], None) == ([one.id for one in page.items], page.next)


def test_it_goes_with_every_other_filter_and_is_counted(play: Play) -> None:
    """`overdue` holds beside state and workflow, and the counts are those of the pilots that are found."""
    early, talking, abroad = play.start(), play.start(), play.start("abroad")
    play.on(1).fire(talking, "talk", actor=LEAD)
    play.on(40)
    assert [early, talking, abroad] == found(play)
    assert [talking] == found(play, state="talking")
    assert [abroad] == found(play, workflow="abroad")
    counts = [(one.phase, one.state, one.pilots) for one in play.engine.count(overdue=True)]
    assert [("exploration", "open", 2), ("supplier_talks", "talking", 1)] == counts
    assert () == play.on(3).count(overdue=True)


def test_to_ask_writes_nothing(play: Play) -> None:
    """A question leaves the store byte for byte as it was, also where days were never counted."""
    play.asked()
    before = everything(play.store)
    play.on(40)
    found(play)
    play.another(calendar=Netherlands()).find(overdue=True)
    assert before == everything(play.store)


def test_pilots_that_were_never_counted_are_looked_at(play: Play) -> None:
    """Right after an import, before any tick, what is overdue is found."""
    pilot = play.start()
    other = Play(open_store("memory://"))
    other.engine.import_pilots(list(play.engine.export_pilots()))
    assert [[], [pilot]] == [(other.on(number), found(other))[1] for number in (6, 7)]


def test_a_changed_calendar_counts_at_once(store: Store) -> None:
    """A closure that is taken away brings a day nearer than the store knows, and the pilot is found before any tick."""
    closed = Play(store, calendar=Netherlands(closures=[(day(1), day(30))]))
    pilot = closed.start()
    closed.on(1).fire(pilot, "talk", actor=LEAD)
    for number in range(6, 20, 6):
        closed.on(number).fire(pilot, "note", actor=LEAD, data=NOTE)
    opened = Play(store, calendar=Netherlands(), clock=closed.clock)
    closed.on(17)
    assert ([], [pilot]) == (found(closed), found(opened))


def test_a_store_without_days_is_looked_through(play: Play) -> None:
    """Where the store cannot tell, every pilot is looked at, and the answer is the same."""
    pilot = play.start()
    hidden = Play(Hidden(play.store), clock=play.clock)
    play.on(8)
    assert [pilot] == found(hidden)


@pytest.mark.parametrize("asked", [False, "yes", 1])
def test_there_is_overdue_or_no_matter(play: Play, asked: Any) -> None:
    """Only True is a question; what is not overdue is not asked for."""
    for ask in (play.engine.find, play.engine.count):
        with pytest.raises(BadArgument, match="overdue"):
            ask(overdue=asked)


# -- signals -----------------------------------------------------------------------------------------------------------


def test_pilots_are_found_by_a_signal_that_is_up(play: Play) -> None:
    """From the tick that raised it until it is cleared a pilot is found by its signal, and by no part of its name."""
    pilot, _ = play.start(), play.on(20).start("terms", actor=LEAD, data={})
    play.tick(28)
    assert [[pilot], [], [], []] == [
        [one.id for one in play.engine.each(signal=word)] for word in ("stalled", "stall", "reviewless", '"')
    ]
    assert [("stalled",), ()] == [one.signals for one in play.engine.find().items]
    assert [1] == [one.pilots for one in play.engine.count(signal="stalled")]
    play.engine.fire(pilot, "note", actor=LEAD, data=NOTE)
    assert [] == list(play.engine.each(signal="stalled"))


def test_both_filters_go_together(play: Play) -> None:
    """A pilot that stalled and is overdue is found by both; one that is only overdue is not."""
    pilot = play.start()
    play.on(20).start("terms", actor=LEAD, data={})
    play.tick(28)
    assert (2, [pilot]) == (len(found(play)), found(play, signal="stalled"))


# -- as an actor sees them ---------------------------------------------------------------------------------------------


def seen(play: Play, actor: Actor, **filters: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.id, one.signals) for one in play.engine.seen_by(actor).find(**filters).items]


def test_a_supplier_finds_what_is_overdue_on_its_own_tracks(play: Play) -> None:
    """That the client is late with a sign of life, or a rival with an answer, is nothing that a supplier finds."""
    pilot = play.asked()
    play.on(10).fire(pilot, "place", actor=LEAD, track="acme", data={"participant": "ref-0001", "start": day(0)})
    play.on(26).fire(pilot, "note", actor=LEAD, data=NOTE)
    play.on(27)
    assert [] == found(play)
    play.on(28)
    assert [1, 1, 1, 0] == [len(seen(play, one, overdue=True)) for one in (LEAD, SELLER, LEAD, RIVAL)]


def test_a_facilitator_does_not_find_a_pilot_by_what_is_personal(play: Play) -> None:
    """A term about a participant's placement is overdue for the client, and not for who may not see placements."""
    pilot = play.asked()
    play.on(1).fire(pilot, "place", actor=LEAD, track="acme", data={"participant": "ref-0001", "start": day(0)})
    play.on(14).fire(pilot, "agree", actor=LEAD, track="acme")
    play.on(26).fire(pilot, "note", actor=LEAD, data=NOTE)
    play.on(29)
    assert ([(pilot, ())], []) == (seen(play, LEAD, overdue=True), seen(play, COACH, overdue=True))
    play.on(33)
    assert [(pilot, ())] == seen(play, COACH, overdue=True)


def test_a_supplier_sees_no_signal_of_the_pilot_as_a_whole(play: Play) -> None:
    """A signal about the client's silence is up for the client and for who helps, and not for a supplier."""
    pilot = play.asked()
    play.tick(28)
    assert [("stalled",), ("stalled",), ()] == [seen(play, one)[0][1] for one in (LEAD, COACH, SELLER)]
    assert [1, 1, 0] == [len(seen(play, one, signal="stalled")) for one in (LEAD, COACH, SELLER)]
    views = [play.engine.seen_by(one).get(pilot) for one in (LEAD, COACH, SELLER)]
    assert [1, 1, 0] == [len(view.signals) for view in views]


def test_who_sees_a_part_sees_its_clocks_alone(play: Play) -> None:
    """What a clock said is seen by who sees what it is about: the pilot, the own track, or a placement."""
    pilot = play.asked()
    play.engine.fire(pilot, "identify", actor=LEAD, track="rival")
    play.engine.fire(pilot, "ask", actor=LEAD, track="rival")
    play.on(1).fire(pilot, "place", actor=LEAD, track="acme", data={"participant": "ref-0001", "start": day(0)})
    play.tick(28)
    keys = [set(play.engine.seen_by(one).get(pilot).told) for one in (LEAD, COACH, SELLER, RIVAL)]
    whole = {"check_in", "answer:acme", "answer:rival", "stay:placement-1"}
    assert [whole, whole - {"stay:placement-1"}, {"answer:acme", "stay:placement-1"}, {"answer:rival"}] == keys
    told = [
        {one.data["clock"] for one in play.engine.seen_by(actor).history(pilot) if "clock" in one.data}
        for actor in (LEAD, COACH, SELLER, RIVAL)
    ]
    assert keys == told
