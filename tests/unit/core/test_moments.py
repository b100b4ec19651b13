from attrs import evolve as changed

from proeftuin.core.moments import ESCALATE, FIRE, REMIND, SIGNAL, clockwork, moments_of, said
from proeftuin.core.workflow import FieldRef, RecordRef, Signal
from tests.unit.core.days import clock, offset, timed
from tests.unit.core.small import BASE


def test_an_offset_is_said_as_its_file_says_it() -> None:
    """An offset is told in the words of the workflow file, so that what was done is known by them."""
    for text in ("14 days", "1 months", "3 working days after due", "2 weeks before due", "0 days"):
        assert text == said(offset(text))


def test_what_a_clock_does() -> None:
    """A clock reminds and escalates per role and offset, raises its signal, and fires on its due day."""
    one = clock(
        remind={"lead": "2 days, 4 days", "board": "3 days"},
        escalate={"board": "5 days"},
        signal=("late", "6 days"),
        fire="lapse",
    )
    expected = [
        ("remind.lead.2 days", REMIND, "2 days", ("lead",), ""),
        ("remind.lead.4 days", REMIND, "4 days", ("lead",), ""),
        ("remind.board.3 days", REMIND, "3 days", ("board",), ""),
        ("escalate.board.5 days", ESCALATE, "5 days", ("board",), ""),
        ("signal.late", SIGNAL, "6 days", ("board",), "late"),
        ("fire.lapse", FIRE, "0 days after due", (), "lapse"),
    ]
    assert expected == [(it.name, it.kind, said(it.offset), it.to, it.word) for it in moments_of(BASE, one)]


def test_a_clock_tells_the_roles_of_a_group() -> None:
    """A group is told as its roles, each of them once, and what was done is known by the word in the file."""
    one = clock(remind={"team": "2 days"}, escalate={"team": "5 days"})
    one = changed(one, signal=Signal("late", offset("6 days"), ("board", "team", "lead")))
    assert {
        "remind.team.2 days": ("lead", "watcher"),
        "escalate.team.5 days": ("lead", "watcher"),
        "signal.late": ("board", "lead", "watcher"),
    } == {it.name: it.to for it in moments_of(BASE, one)}


def test_a_day_fires_before_it_signals_and_escalates_before_it_reminds() -> None:
    """Of what falls on one day, moves come first, then signals, then escalations, then reminders."""
    assert FIRE < SIGNAL < ESCALATE < REMIND


def test_clocks_are_kept_by_what_sets_them_going() -> None:
    """Each clock hangs where the pilot is asked for it: progress, states, tracks, records, each record, a hold."""
    work = clockwork(
        timed(
            progress=clock(since="progress"),
            state=clock(since="second", until="note"),
            track=clock(since="supplier.seen"),
            busy=clock(since="supplier.seen.progress"),
            quiet=clock(since="supplier.progress"),
            word=clock(since="note"),
            where=clock(since=RecordRef("note", {"n": 1})),
            per=clock("3 weeks, 6 weeks", per="job", since="start"),
            paused=clock(FieldRef("until"), during="paused"),
            held=clock(FieldRef("until"), during="paused"),
            nothing=clock(),
        )
    )
    assert ["progress"] == [one.name for one in work.progress]
    assert [("state", True)] == [(one.name, one.lasts) for one in work.states["second"]]
    assert [("track", False)] == [(one.name, one.lasts) for one in work.tracks["supplier", "seen"]]
    assert ["busy"] == [one.name for one in work.busy["supplier", "seen"]]
    assert ["quiet"] == [one.name for one in work.quiet["supplier"]]
    assert [("word", {}), ("where", {"n": 1})] == [(one.name, one.where) for one in work.records["note"]]
    assert [(":3 weeks", ":6 weeks")] == [tuple(end for end, _ in one.dues) for one in work.per["job"]]
    assert [("paused", ()), ("held", ())] == [(one.name, one.dues) for one in work.paused]
    assert [""] == [end for end, _ in work.progress[0].dues]
    assert ({"until"}, {"note"}) == (work.dated, work.ends)


def test_whether_working_days_are_counted_is_known() -> None:
    """The clocks know whether any of them asks the calendar: for a due day, or for a moment."""
    assert not clockwork(timed(one=clock(since="progress", remind={"lead": "2 days"}))).working_days
    assert clockwork(timed(one=clock("5 working days", since="progress"))).working_days
    assert clockwork(timed(one=clock(since="progress", remind={"lead": "2 working days after due"}))).working_days
