import pytest

from proeftuin.core.commands import Accepted
from proeftuin.core.decide import decide
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from proeftuin.core.workflow import Edge, Field, FieldRef, Starts
from tests.unit.core.small import BOARD, Play, edge, kind, op, opener, small, supplier


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


# -- whose a track is --------------------------------------------------------------------------------------------------


def test_whose_a_track_is_is_told_where_that_changes() -> None:
    """A move that names another party tells so, going back tells that it is nobody's again, and others say nothing."""
    during = ("any_open",)
    own = supplier(
        opener("identify", "seen"),
        edge("talk", "seen", "talking", during=during),
        edge("agree", "talking", "agreed", during=during, data=FrozenDict(winner=Field("party"))),
        edge("tell", "any", during=during, data=FrozenDict(why=Field("text"))),
        edge("undo", "agreed", "talking", during=during),
        party_from="winner",
    )
    play = Play(small(tracks={"supplier": own}))
    play.accept("identify", track="lot")
    assert None is play.events[-1].data["party"]
    expected: tuple[tuple[str, dict[str, object] | None, object], ...] = (
        ("talk", None, "untold"),
        ("agree", {"winner": "acme"}, "acme"),
        ("tell", {"why": "x"}, "untold"),
        ("undo", None, None),
    )
    for trigger, data, party in expected:
        (event,) = play.accept(trigger, data, track="lot").events
        assert party == event.data.get("party", "untold"), trigger
    assert None is play.pilot.tracks["lot"].party


# -- votes -------------------------------------------------------------------------------------------------------------

CONTENT = FrozenDict(n=Field("integer", required=True))


def test_a_vote_tells_where_it_was_cast_and_what_it_takes_the_place_of() -> None:
    """The events of a vote are on its track, with the state of that; one on other content names whose vote it voids."""
    agree = edge("agree", "seen", "agreed", during=("any_open",), allow=("lead", "board"), sign=("lead", "board"),
                 data=CONTENT)  # fmt: skip
    play = tracked(agree)
    play.sign("agree", {"n": 1}, track="acme")
    voided, added = play.sign("agree", {"n": 2}, track="acme", by=BOARD).events
    assert ("signature.voided", "acme", {"trigger": "agree", "role": "lead", "actor": "lead-1"}) == (
        voided.type,
        voided.track,
        voided.data,
    )
    assert ("signature.added", "acme", {"role": "board", "state": "seen", "data": {"n": 2}}) == (
        added.type,
        added.track,
        added.data,
    )
    (vote,) = play.pilot.signatures
    assert ("acme", "board", "seen") == (vote.track, vote.role, vote.state)


def test_a_vote_on_the_pilot_tells_the_state_of_the_pilot() -> None:
    """A vote under a trigger of the pilot was cast in the state of the pilot, and is on no track."""
    (event,) = Play(small(edge("seal", sign=("lead", "board")))).sign("seal").events
    assert (None, {"role": "lead", "state": "first", "data": {}}) == (event.track, event.data)


def test_a_vote_on_what_is_no_progress_is_none() -> None:
    """Where the workflow says that an edge is no progress, signing it is none, and neither is voiding a vote on it."""
    play = Play(small(edge("seal", sign=("lead", "board"), progress=False, data=CONTENT)))
    events = [
        *play.sign("seal", {"n": 1}).events,
        *play.sign("seal", {"n": 2}, by=BOARD).events,
        *play.accept("seal", {"n": 2}).events,
    ]
    assert [False] * 5 == [one.data["progress"] for one in events]
    other = Play(small(edge("seal", sign=("lead", "board"), data=CONTENT)))
    assert "progress" not in other.sign("seal", {"n": 1}).events[0].data


# -- participants ------------------------------------------------------------------------------------------------------

WHO = FrozenDict(who=Field("subject"))


def told_of(decision: Accepted) -> list[tuple[str, bool]]:
    """Each event of a command, and whether it holds the commitments."""
    return [(one.type, "commitments" in one.data) for one in decision.events]


def test_a_participant_is_counted_where_the_first_event_names_one() -> None:
    """The commitments are in the first event that names the subject, be it added, set or signed."""
    stay, note = kind("Stay", who=Field("subject")), kind("Note", text=Field("text"))
    change = op(change="stay", set={"who": FieldRef("who")})
    play = Play(
        small(
            edge("place", "first", "second", records=(op(add="note"), op(add="stay"), op(add="note"))),
            edge("swap", "second", "third", records=(op(add="note"), change), data=WHO),
            edge("seal", "third", "closed", sign=("lead",), records=(op(add="note"), op(add="stay"))),
            records={"stay": stay, "note": note},
        )
    )
    added, changed, moved = ("record.added", False), ("record.changed", True), ("pilot.moved", False)
    placed = play.accept("place", {"who": "s1", "text": "a"}, commitments=FrozenDict(s1="c"))
    assert [added, ("record.added", True), added, moved] == told_of(placed)
    swapped = play.accept("swap", {"who": "s2", "text": "b"}, commitments=FrozenDict(s2="c"))
    assert [added, changed, moved] == told_of(swapped)
    sealed = play.accept("seal", {"who": "s3", "text": "c"}, commitments=FrozenDict(s3="c"))
    assert [("signature.added", True), added, added, moved] == told_of(sealed)
    assert 3 == play.pilot.counts["subject"]


def test_a_participant_whom_no_event_names_is_counted_in_the_last() -> None:
    """A subject that was issued and stands in no event must be counted, or the next person would get the same."""
    play = Play(small(edge("go", "first", "second", records=(op(add="note"),)), records={"note": kind("Note")}))
    assert [("record.added", False), ("pilot.moved", True)] == told_of(
        play.accept("go", commitments=FrozenDict(s1="c"))
    )


def test_every_event_of_a_command_has_its_key() -> None:
    """What one command did can be found by its key, in each of its events."""
    go = edge("go", "first", "second", records=(op(add="note"),))
    play = Play(small(go, records={"note": kind("Note", text=Field("text"))}))
    decision = decide(play.table, replace(play.attempt("go", {"text": "x"}), key="k-7"))
    assert isinstance(decision, Accepted)
    assert [("record.added", "k-7"), ("pilot.moved", "k-7")] == [(one.type, one.key) for one in decision.events]
