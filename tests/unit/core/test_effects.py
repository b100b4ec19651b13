import pytest

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Edge, Field, FieldRef, Starts
from tests.unit.core.small import Play, edge, kind, op, opener, small, supplier


def types(play: Play, trigger: str, data: dict[str, object] | None = None, **more: str) -> list[str]:
    return [one.type for one in play.accept(trigger, data, **more).events]


def test_every_accepted_command_has_an_event() -> None:
    """An edge that changes nothing is still told, as a change without content."""
    assert ["pilot.changed"] == types(Play(small(edge("wave"))), "wave")


def test_data_that_goes_into_no_record_is_kept_on_the_pilot() -> None:
    """What an edge takes, and what it sets, is told with its move or as a change."""
    fields = FrozenDict(why=Field("text"))
    play = Play(
        small(
            edge("tell", data=fields, set=FrozenDict(kind="talk", copy=FieldRef("why"))),
            edge("move", "first", "second", data=fields),
            edge("stay", to="same", data=fields),
        )
    )
    assert ["pilot.changed"] == types(play, "tell", {"why": "x"})
    assert {"title": "T", "why": "x", "kind": "talk", "copy": "x"} == play.pilot.data
    assert ["pilot.moved"] == types(play, "move", {"why": "y"})
    assert ["pilot.changed"] == types(play, "stay", {"why": "z"})
    assert "z" == play.pilot.data["why"]


def test_an_outcome_may_be_a_word_or_a_field() -> None:
    """An edge sets the outcome that the file or the data gives."""
    outcome = Field("choice", of=("won", "lost"), required=True)
    play = Play(
        small(
            edge("end", "first", "closed", outcome=FieldRef("how"), data=FrozenDict(how=outcome)),
            edge("note", outcome="noted"),
        )
    )
    assert ["pilot.moved"] == types(play, "note")
    assert ("noted", "first") == (play.pilot.outcome, play.pilot.state)
    play.accept("end", {"how": "won"})
    assert ("won", "closed") == (play.pilot.outcome, play.pilot.phase)


def test_a_cycle_is_counted() -> None:
    """An edge may begin the next cycle, with a move or without."""
    play = Play(small(edge("again", "first", "first", cycle="next"), edge("on", "first", "second", cycle="next")))
    assert ["pilot.moved"] == types(play, "again")
    play.accept("on")
    assert (3, "second") == (play.pilot.cycle, play.pilot.state)


@pytest.mark.parametrize(("hold", "first"), [("pause", "pilot.paused"), ("resume", "pilot.resumed")])
def test_a_hold_tells_its_data(hold: str, first: str) -> None:
    """Pausing and resuming are events of their own, with the data of the command."""
    fields = FrozenDict(why=Field("text"))
    play = Play(small(edge("pause", hold="pause", data=fields), edge("resume", hold="resume", data=fields)))
    play.accept("pause", {"why": "x"})
    play.accept("resume", {"why": "y"})
    event = next(one for one in play.events if one.type == first)
    assert {"set": {"why": {"pause": "x", "resume": "y"}[hold]}} == event.data


def test_a_pilot_that_closes_is_no_longer_on_hold() -> None:
    """Closing a paused pilot resumes it first; moving it to an open state does not."""
    play = Play(
        small(
            edge("pause", hold="pause"),
            edge("stop", "second", "closed", paused="allowed"),
            edge("move", "first", "second", paused="allowed"),
        )
    )
    play.accept("pause")
    assert ["pilot.moved"] == types(play, "move")
    assert ["pilot.resumed", "pilot.moved"] == types(play, "stop")
    assert "running" == play.pilot.hold


def test_records_come_before_the_move() -> None:
    """The records of a command are told before the move that they belong to."""
    play = Play(
        small(
            edge("go", "first", "second", records=(op(add="note"),)), records={"note": kind("Note", n=Field("integer"))}
        )
    )
    assert ["record.added", "pilot.moved"] == types(play, "go", {"n": 1})


def tracked(*edges: Edge) -> Play:
    play = Play(
        small(
            records={"note": kind("Note", n=Field("integer"))},
            tracks={"supplier": supplier(opener("identify", "seen", data=FrozenDict(name=Field("text"))), *edges)},
        )
    )
    play.accept("identify", {"name": "Acme"}, track="acme")
    return play


def test_an_opened_track_is_told_before_all_else() -> None:
    """The event of an opened track has its kind, state, party and data."""
    event = tracked().events[-1]
    assert ("track.opened", "acme") == (event.type, event.track)
    assert {"kind": "supplier", "to": "seen", "party": "acme", "set": {"name": "Acme"}} == event.data


def test_a_track_tells_its_moves_and_its_data() -> None:
    """A move of a track is told with its data; data without a move, or nothing at all, is told too."""
    fields = FrozenDict(why=Field("text"))
    open_ = ("any_open",)
    play = tracked(
        edge("talk", "seen", "talking", during=open_, data=fields),
        edge("tell", "any", during=open_, data=fields),
        edge("note", "any", "same", during=open_, records=(op(add="note"),)),
    )
    play.accept("talk", {"why": "x"}, track="acme")
    assert {"from": "seen", "to": "talking", "set": {"why": "x"}} == play.events[-1].data
    play.accept("tell", {"why": "y"}, track="acme")
    assert {"from": "talking", "to": "talking", "set": {"why": "y"}} == play.events[-1].data
    play.accept("tell", track="acme")
    assert {"from": "talking", "to": "talking"} == play.events[-1].data
    assert ["record.added"] == types(play, "note", {"n": 1}, track="acme")


def test_a_track_goes_back_to_where_it_came_from() -> None:
    """The previous state is the one before the detour, wherever that was."""
    open_ = ("any_open",)
    play = tracked(
        edge("talk", "seen", "talking", during=open_),
        edge("park", ("seen", "talking"), "parked", during=open_),
        edge("unpark", "parked", "previous", during=open_),
    )
    for trigger, state in (
        ("park", "parked"),
        ("unpark", "seen"),
        ("talk", "talking"),
        ("park", "parked"),
        ("unpark", "talking"),
    ):
        play.accept(trigger, track="acme")
        assert state == play.pilot.tracks["acme"].state


def spawning(starts: Starts) -> Edge:
    return edge(
        "spawn", "any", starts=starts, data=FrozenDict(title=Field("text"), flow=Field("text"), note=Field("text"))
    )


def test_a_second_pilot_is_begun_with_what_is_copied_and_set() -> None:
    """An edge that begins a pilot says under which workflow and with which data, and links it."""
    starts = Starts(
        "small",
        copy=("organisation", "title"),
        set=FrozenDict(title=FieldRef("title"), note=FieldRef("note")),
        link="after",
    )
    decision = Play(small(spawning(starts))).accept("spawn", {"title": "Next"}, new_id="p2")
    assert decision.starts is not None
    assert ("small", {"title": "Next", "after": "p1"}, "spawn", "p2") == (
        decision.starts.workflow,
        decision.starts.data,
        decision.starts.relation,
        decision.starts.id,
    )
    assert [("pilot.linked", {"pilot": "p2", "relation": "spawn"})] == [(one.type, one.data) for one in decision.events]


def test_the_workflow_of_a_second_pilot_may_come_from_the_data() -> None:
    """A field may say under which workflow the second pilot runs, and no link is needed."""
    decision = Play(small(spawning(Starts(FieldRef("flow"))))).accept(
        "spawn", {"flow": "other", "title": "N"}, new_id="p2"
    )
    assert decision.starts is not None
    assert ("other", {}) == (decision.starts.workflow, decision.starts.data)
