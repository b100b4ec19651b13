"""Remedies told whole: with their data, their track and who may do them; on hold, farther away, and beside others."""

import pytest

from proeftuin.core.commands import Blocker, Need, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import Guard
from proeftuin.core.workflow import Edge, Field, FieldRef, Opens
from tests.unit.core.small import BOARD, SELLER, Play, edge, kind, op, opener, small, supplier, use
from tests.unit.core.test_ways import OPEN, triggers, wanting, ways

HOLD = (edge("hold", hold="pause"), edge("resume", hold="resume", paused="allowed"))
TERMS = FrozenDict(terms=Field("record", record="terms"))
AGREE = edge("agree", "seen", records=(op(add="terms"),), during=OPEN)


# -- on hold -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [(), (edge("advance", "second", "third", paused="allowed"),)])
def test_on_hold_a_move_that_is_not_allowed_then_begins_with_resuming(later: tuple[Edge, ...]) -> None:
    """What only leads on where the hold lets it is met by resuming, also where it is allowed from another state."""
    play = wanting(Need("reach", states=("second",)), edge("advance", "first", "second"), *later, *HOLD)
    assert [Remedy("advance", roles=("lead",))] == ways(play)
    play.accept("hold")
    assert [Remedy("resume", roles=("lead",))] == ways(play)


def test_on_hold_a_move_that_is_allowed_leads_on() -> None:
    """A move that may be made on hold is the way on, and resuming need not come first."""
    play = wanting(Need("reach", states=("second",)), edge("advance", "first", "second", paused="allowed"), *HOLD)
    play.accept("hold")
    assert [Remedy("advance", roles=("lead",))] == ways(play)


def test_on_hold_what_is_allowed_elsewhere_comes_before_what_is_not_allowed_here() -> None:
    """Where a record cannot be added here while on hold, the move to where it can be is the way, if that is allowed."""
    tracks = (
        AGREE,
        edge("talk", "seen", "talking", during=OPEN, paused="allowed"),
        edge("settle", "talking", records=(op(add="terms"),), during=OPEN, paused="allowed"),
    )
    play = wanting(Need("add", record="terms", track="acme"), *HOLD, tracks=tracks)
    play.accept("identify", track="acme")
    play.accept("hold")
    assert [Remedy("talk", track="acme", roles=("lead",))] == ways(play)
    play.accept("talk", track="acme")
    assert [Remedy("settle", track="acme", roles=("lead",))] == ways(play)


# -- again -------------------------------------------------------------------------------------------------------------


def test_what_the_caller_wrote_is_not_told_back() -> None:
    """Of what is asked for again the caller's own words are left out; other words, and what is no text, are named."""
    records = {"note": kind("Note", text=Field("text"), title=Field("text"), day=Field("date"))}
    again = FrozenDict(
        why="as asked", n=1, text="Two met", fields=FrozenDict(text="Two met", title="Better", day="2026-03-02")
    )
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=(Need("again", data=again),)))
    data = FrozenDict(text=Field("text"), why=Field("text"), n=Field("integer"), fields=Field("map"))
    other = edge("other", data=FrozenDict(n=Field("text")))
    play = Play(small(edge("go", require=(use("lacking"),), data=data), other, records=records), guards=(lacking,))
    given = {**again, "why": "because", "fields": {**again["fields"], "title": "Worse"}}
    (way,) = play.refuse("go", given)[0].missing
    assert {"why": "as asked", "n": 1, "fields": {"title": "Better", "day": "2026-03-02"}} == way.data
    for nothing in (None, {"n": 1}):
        assert [Remedy("go", again, roles=("lead",))] == list(play.refuse("go", nothing)[0].missing)


# -- adding and ending -------------------------------------------------------------------------------------------------


def test_a_choice_that_an_edge_is_for_is_what_it_can_supply() -> None:
    """An edge for a choice is a remedy for a record that holds it, and one for several for each of these."""
    need = Need("add", record="goal", data=FrozenDict(kind="short"))
    for held in (("short",), ("long", "short")):
        picked = edge("picked", records=(op(add="goal"),), when=FrozenDict(kind=held))
        assert [Remedy("picked", FrozenDict(kind="short"), roles=("lead",))] == ways(wanting(need, picked))


def test_a_track_is_named_in_the_data_only_where_that_takes_one() -> None:
    """The track stands in a remedy's data where the record needs one and the trigger asks for it, and only there."""
    assign = edge("assign", records=(op(add="duty"),))
    assert [Remedy("assign", roles=("lead",))] == ways(wanting(Need("add", record="duty"), assign))
    plan = edge("plan", records=(op(add="step"),))
    assert [Remedy("plan", roles=("lead",))] == ways(wanting(Need("add", record="step", track="acme"), plan, tracks=()))


def test_who_signed_on_another_track_is_still_to_sign_on_this_one() -> None:
    """Of what several sign on a track those are named who have not signed on that very track."""
    agree = edge("agree", "seen", records=(op(add="terms"),), during=OPEN, sign=("lead", "seller"))
    play = wanting(Need("add", record="terms"), tracks=(agree,))
    play.accept("identify", track="acme")
    play.accept("identify", track="other")
    play.sign("agree", {"places": {"a": 1}}, track="acme", by=SELLER)
    both = ("lead", "seller")
    assert [Remedy("agree", track="acme", roles=("lead",)), Remedy("agree", track="other", roles=both)] == ways(play)


def test_the_starter_is_still_to_sign_where_another_signed() -> None:
    """Of what a relation signs along with roles all are named, and then those who have not signed."""
    seal = edge("seal", records=(op(add="goal"),), sign=("starter", "board"), allow=())
    play = wanting(Need("add", record="goal"), seal)
    assert [Remedy("seal", roles=("starter", "board"))] == ways(play)
    play.sign("seal", {"kind": "short"}, by=BOARD)
    assert [Remedy("seal", roles=("starter",))] == ways(play)


def test_a_track_that_is_not_there_is_opened() -> None:
    """For a record on a track that there is none of yet, that track is opened, and no other goes anywhere."""
    tracks = (edge("talk", "seen", "talking", during=OPEN), edge("agree", "talking", records=(op(add="terms"),)))
    play = wanting(Need("add", record="terms", track="acme"), tracks=tracks)
    play.accept("identify", track="other")
    assert [Remedy("identify", track="acme", roles=("lead",))] == ways(play)
    play.accept("identify", track="acme")
    assert [Remedy("talk", track="acme", roles=("lead",))] == ways(play)


@pytest.mark.parametrize(
    "tracks", [None, (edge("cancel", "seen", records=(op(end="terms", by="terms"),), data=TERMS),)]
)
def test_what_is_not_kept_needs_no_end(tracks: tuple[Edge, ...]) -> None:
    """Where no record of the type is kept, nothing is told that would end it."""
    finish = edge("finish", records=(op(end="step", by="step"),), data=FrozenDict(step=Field("record")))
    for record in ("step", "terms"):
        assert [] == triggers(wanting(Need("end", record=record, ids=(f"{record}-1",)), finish, tracks=tracks))


def test_the_first_step_to_an_end_is_on_the_track_of_that_record() -> None:
    """To end a record its own track goes to where that can be done by name, and no other track or state will do."""
    step = FrozenDict(step=Field("record", record="step"))
    tracks = (
        AGREE,
        edge("talk", "seen", "talking", during=OPEN),
        edge("park", "seen", "parked", during=OPEN),
        edge("close", "seen", "agreed", during=OPEN),
        edge("leave", "seen", "gone", during=OPEN),
        edge("cancel", "talking", records=(op(end="terms", by="terms"),), during=OPEN, data=TERMS),
        edge("tear_up", "parked", records=(op(end="terms"),), during=OPEN),
        edge("finish", "agreed", records=(op(end="step", by="step"),), during=OPEN, data=step),
        edge("file", "gone", records=(op(add="terms"),), during=OPEN),
    )
    play = wanting(Need("end", record="terms", ids=("terms-2",)), tracks=tracks)
    for key in ("acme", "other"):
        play.accept("identify", track=key)
        play.accept("agree", {"places": {"a": 1}}, track=key)
    assert [Remedy("talk", track="other", roles=("lead",))] == ways(play)


def test_what_opens_a_track_adds_nothing_on_one_that_is_there() -> None:
    """An opener that keeps a record is no remedy on a track that is open, only where another may be opened."""
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=(Need("add", record="note", track="acme"),)))
    kept = opener("identify", "seen", records=(op(add="note"),))
    go, records = edge("go", require=(use("lacking"),)), {"note": kind("Note", text=Field("text"))}
    play = Play(small(go, records=records, tracks={"supplier": supplier(kept)}), guards=(lacking,))
    play.accept("identify", track="acme")
    assert [] == triggers(play)


# -- reaching ----------------------------------------------------------------------------------------------------------


def test_an_opener_is_told_whole() -> None:
    """What opens a track is told with who may do so, and without a key, which is still to be chosen."""
    play = wanting(Need("reach", kind="supplier", states=("seen",)), tracks=())
    assert [Remedy("identify", roles=("lead",))] == ways(play)


def test_an_outcome_is_told_with_who_is_still_to_sign() -> None:
    """An edge that closes the pilot with an outcome is told with its choice and those who have not signed yet."""
    how = FrozenDict(how=Field("choice", of=("won", "lost")))
    end = edge("end", "first", "closed", outcome=FieldRef("how"), data=how, sign=("lead", "board"))
    play = wanting(Need("reach", data=FrozenDict(outcome="won")), end)
    assert [Remedy("end", FrozenDict(how="won"), roles=("lead", "board"))] == ways(play)
    play.sign("end", {"how": "won"})
    assert [Remedy("end", FrozenDict(how="won"), roles=("board",))] == ways(play)


def test_the_way_to_an_outcome_is_not_the_way_to_another() -> None:
    """Only where an edge gives the outcome that is asked for is the way to."""
    ending = (
        edge("advance", "first", "second"),
        edge("detour", "first", "third"),
        edge("lose", "second", "closed", outcome="lost"),
        edge("win", "third", "closed", outcome="won"),
    )
    for outcome, first in (("won", "detour"), ("lost", "advance")):
        play = wanting(Need("reach", data=FrozenDict(outcome=outcome)), *ending)
        assert [Remedy(first, roles=("lead",))] == ways(play)


def test_where_one_of_the_states_is_reached_no_other_need_be() -> None:
    """A need of one of several states is met in any of them, also where a move leads on to another."""
    assert [] == triggers(wanting(Need("reach", states=("first", "second")), edge("advance", "first", "second")))


def test_what_only_the_system_does_is_no_move_of_anybody() -> None:
    """Where a state is reached by a clock alone, nobody is told to do anything."""
    tick = edge("tick", "first", "second", allow=("system",))
    assert [] == triggers(wanting(Need("reach", states=("second",)), tick))


def test_a_track_of_another_kind_does_not_show_the_way() -> None:
    """Kinds of tracks may share the names of states and triggers; the way of a track is by its own kind's."""
    lacking = Guard(
        "lacking", lambda question: Blocker("lacking", needs=(Need("reach", track="acme", states=("talking",)),))
    )
    tracks = {
        "supplier": supplier(opener("identify", "seen"), edge("talk", "seen", "talking", during=OPEN)),
        "category": supplier(edge("discuss", "seen", "talking", during=OPEN)),
    }
    play = Play(small(edge("go", require=(use("lacking"),)), tracks=tracks), guards=(lacking,))
    play.accept("identify", track="acme")
    assert [Remedy("talk", track="acme", roles=("lead",))] == ways(play)


PARKING = (
    edge("talk", "seen", "talking", during=OPEN),
    edge("park", ("seen", "talking", "agreed"), "parked", during=OPEN),
    edge("unpark", "parked", "previous", during=OPEN),
    edge("agree", "talking", "agreed", during=OPEN),
    edge("wake", "parked", "talking", during=OPEN),
)


def test_going_back_leads_to_where_the_track_came_from() -> None:
    """From a side state the way back counts as leading to the state before it, not to whatever led there once."""
    play = wanting(Need("reach", track="acme", states=("talking",)), tracks=PARKING)
    play.accept("identify", track="acme")
    play.accept("park", track="acme")
    assert [Remedy("wake", track="acme", roles=("lead",))] == ways(play)
    play.accept("unpark", track="acme")
    play.accept("talk", track="acme")
    play.accept("park", track="acme")
    both = [Remedy(name, track="acme", roles=("lead",)) for name in ("unpark", "wake")]
    assert both == ways(play)


def test_a_step_aside_is_no_shortcut() -> None:
    """To a state from which one can also step aside the way goes on, and not aside and back."""
    play = wanting(Need("reach", track="acme", states=("agreed",)), tracks=PARKING[:-1])
    play.accept("identify", track="acme")
    assert [Remedy("talk", track="acme", roles=("lead",))] == ways(play)


def test_a_track_that_began_aside_has_nothing_to_go_back_to() -> None:
    """Going back is no way for a track that was opened in its side state."""
    need = Need("reach", track="acme", states=("talking",))
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=(need,)))
    kinds = {"supplier": supplier(opener("identify", "parked"), *PARKING)}
    play = Play(small(edge("go", require=(use("lacking"),)), tracks=kinds), guards=(lacking,))
    play.accept("identify", track="acme")
    assert [Remedy("wake", track="acme", roles=("lead",))] == ways(play)


def test_who_signed_to_open_a_track_beside_need_not_do_so_again() -> None:
    """What opens a track beside its own is told for those who have not signed it on that track."""
    beside = Opens("contract", "contract", "agreed")
    award = edge(
        "award", "seen", "gone", opens=beside, during=OPEN, sign=("lead", "seller"),
        data=FrozenDict(contract=Field("new_track", required=True)),
    )  # fmt: skip
    need = Need("reach", kind="contract", states=("agreed",))
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=(need,)))
    kinds = {"supplier": supplier(opener("identify", "seen"), award), "contract": supplier()}
    play = Play(small(edge("go", require=(use("lacking"),)), tracks=kinds), guards=(lacking,))
    play.accept("identify", track="acme")
    play.sign("award", {"contract": "c1"}, track="acme")
    assert [Remedy("award", track="acme", roles=("seller",))] == ways(play)
