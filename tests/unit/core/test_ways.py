from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import Guard
from proeftuin.core.workflow import Edge, Field, FieldRef, Starts
from tests.unit.core.small import SELLER, TODAY, Play, edge, kind, op, opener, small, supplier, use

CHOICE = Field("choice", of=("short", "long"), required=True)
RECORDS = {
    "goal": kind("Goal", kind=CHOICE, text=Field("text")),
    "step": kind("Step", keep="open", what=Field("text")),
    "terms": kind("Terms", places=Field("map", of="integer")),
    "duty": kind("Duty", duty=Field("text"), track=Field("track")),
}
OPEN = ("any_open",)


def wanting(need: Need | tuple[Need, ...], *edges: Edge, tracks: tuple[Edge, ...] | None = None, **more: Any) -> Play:
    """A pilot with a trigger `go` that misses these needs."""
    needs = need if isinstance(need, tuple) else (need,)
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=needs))
    kinds = {} if tracks is None else {"supplier": supplier(opener("identify", "seen"), *tracks)}
    go = edge("go", "any", require=(use("lacking"),), paused="allowed", data=FrozenDict(n=Field("integer")), **more)
    return Play(small(go, *edges, records=RECORDS, tracks=kinds), guards=(lacking,))


def ways(play: Play, **more: Any) -> list[Remedy]:
    return list(play.refuse("go", **more)[-1].missing)


def triggers(play: Play, **more: Any) -> list[str]:
    return [one.trigger for one in ways(play, **more)]


ADD_GOAL = edge("set_goal", records=(op(add="goal"),))


def test_what_is_missing_is_added_by_the_trigger_that_adds_it() -> None:
    """A missing record is met by each trigger that can add it here, with what its data must hold and who may."""
    need = Need("add", record="goal", data=FrozenDict(kind="short"))
    assert [Remedy("set_goal", FrozenDict(kind="short"), None, ("lead",))] == ways(wanting(need, ADD_GOAL))


@pytest.mark.parametrize(
    "other",
    [
        edge("elsewhere", "second", records=(op(add="goal"),)),
        edge("copied", records=(op(add="goal", copy="old"),), data=FrozenDict(old=Field("record"))),
        edge("fixed", records=(op(add="goal", set={"kind": "long"}),)),
        edge("picked", records=(op(add="goal"),), when=FrozenDict(kind=("long",))),
        edge("other_choice", records=(op(add="goal"),), data=FrozenDict(kind=Field("choice", of=("long",)))),
        edge("unasked", records=(op(add="goal", set={"kind": FieldRef("x")}),)),
        edge("step", records=(op(add="step"),)),
    ],
)
def test_a_trigger_that_cannot_supply_it_is_not_named(other: Edge) -> None:
    """What cannot be fired here, or makes the record hold something else, is no remedy."""
    need = Need("add", record="goal", data=FrozenDict(kind="short"))
    assert [] == triggers(wanting(need, other))


def test_what_an_edge_sets_itself_need_not_be_given() -> None:
    """A trigger that sets what is needed is a remedy without that data."""
    need = Need("add", record="goal", data=FrozenDict(kind="short"))
    play = wanting(need, edge("set_short", records=(op(add="goal", set={"kind": "short"}),)))
    assert [Remedy("set_short", FrozenDict(), None, ("lead",))] == ways(play)


def test_a_relation_is_left_out_where_a_role_can_do_it() -> None:
    """Of who may do it the roles are named, and the relation only where there is no role."""
    need = Need("add", record="goal")
    both = edge("set_goal", records=(op(add="goal"),), allow=("starter", "board"))
    assert ("board",) == ways(wanting(need, both))[0].roles
    alone = edge("set_goal", records=(op(add="goal"),), allow=("starter",))
    assert ("starter",) == ways(wanting(need, alone))[0].roles


def test_who_has_signed_need_not_do_so_again() -> None:
    """Of a trigger that needs several signatures only those are named who are still to sign."""
    need = Need("add", record="goal")
    play = wanting(need, edge("seal", records=(op(add="goal"),), sign=("lead", "board")))
    play.sign("seal", {"kind": "short"})
    assert ("board",) == ways(play)[0].roles


def test_on_hold_only_what_is_allowed_is_a_remedy() -> None:
    """While paused a trigger that is not allowed then would not help."""
    play = wanting(Need("add", record="goal"), ADD_GOAL, edge("hold", hold="pause"))
    play.accept("hold")
    assert [] == triggers(play)


def test_a_record_of_a_track_is_added_there() -> None:
    """A trigger of a track is a remedy on each track where it can be fired, or on the one that needs it."""
    agree = edge("agree", "seen", records=(op(add="terms"),), during=OPEN)
    play = wanting(Need("add", record="terms"), tracks=(agree,))
    play.accept("identify", track="acme")
    play.accept("identify", track="other")
    assert ["acme", "other"] == [one.track for one in ways(play)]
    play = wanting(Need("add", record="terms", track="other"), tracks=(agree,))
    play.accept("identify", track="acme")
    play.accept("identify", track="other")
    assert ["other"] == [one.track for one in ways(play)]


def test_a_trigger_of_the_pilot_names_the_track_in_its_data() -> None:
    """Where the record goes on a track and the trigger is the pilot's, the track is part of the data."""
    play = wanting(Need("add", record="duty", track="acme"), edge("assign", records=(op(add="duty"),)), tracks=())
    assert [Remedy("assign", FrozenDict(track="acme"), None, ("lead",))] == ways(play)


def test_where_a_record_cannot_be_added_yet_the_first_step_is_named() -> None:
    """A track that has not come far enough takes the next move there; without a track it is opened first."""
    tracks = (
        edge("talk", "seen", "talking", during=OPEN),
        edge("agree", "talking", records=(op(add="terms"),), during=OPEN),
    )
    play = wanting(Need("add", record="terms"), tracks=tracks)
    assert ["identify"] == triggers(play)
    play.accept("identify", track="acme")
    assert [("talk", "acme")] == [(one.trigger, one.track) for one in ways(play)]
    play.accept("talk", track="acme")
    assert ["agree"] == triggers(play)


def test_where_the_pilot_is_not_far_enough_its_own_move_is_named() -> None:
    """A trigger of a track that waits for the pilot is met by the pilot's move."""
    tracks = (edge("agree", "seen", records=(op(add="terms"),), during=("second",)),)
    play = wanting(Need("add", record="terms"), edge("advance", "first", "second"), tracks=tracks)
    play.accept("identify", track="acme")
    assert [("advance", None)] == [(one.trigger, one.track) for one in ways(play)]


# -- ending ------------------------------------------------------------------------------------------------------------

FINISH = edge(
    "finish", records=(op(end="step", by="step", at="day"),), data=FrozenDict(step=Field("record"), day=Field("date"))
)
PLAN = edge("plan", records=(op(add="step"),))


def test_an_open_record_is_ended_by_its_name() -> None:
    """A record that must end is met by the trigger that ends it, with its id and the day on which it must."""
    play = wanting(Need("end", record="step", ids=("step-1",), day=TODAY), PLAN, FINISH)
    play.accept("plan", {"what": "a"})
    play.accept("plan", {"what": "b"})
    assert [Remedy("finish", FrozenDict(step="step-1", day="2026-03-02"), None, ("lead",))] == ways(play)


def test_without_a_day_only_the_record_is_named() -> None:
    """Where the day does not matter the remedy has none."""
    play = wanting(Need("end", record="step", ids=("step-1",)), PLAN, FINISH)
    play.accept("plan", {"what": "a"})
    assert [{"step": "step-1"}] == [one.data for one in ways(play)]


def test_a_record_may_be_ended_by_what_it_shares_with_the_data() -> None:
    """A trigger that picks records by their values is a remedy with those values, and with the choice it is for."""
    how = FrozenDict(what=Field("text"), good=Field("boolean"))
    settle = edge("settle", records=(op(end="step", same=("what", "track")),), data=how, when=FrozenDict(good=(False,)))
    play = wanting(Need("end", record="step", ids=("step-1",)), PLAN, settle)
    play.accept("plan", {"what": "a"})
    assert [Remedy("settle", FrozenDict(good=False, what="a"), None, ("lead",))] == ways(play)


def test_on_what_is_nobodys_no_supplier_is_asked() -> None:
    """A remedy on a track that is nobody's yet, or in whose data it stands, is for others than suppliers."""
    agree = edge("agree", "seen", records=(op(add="terms"),), during=OPEN, allow=("lead", "seller"))
    identify = opener("identify", "seen", data=FrozenDict(winner=Field("party")))
    name = edge("name", records=(op(add="duty"),), allow=("lead", "seller"))
    needs = (Need("add", record="terms", track="acme"), Need("add", record="duty", track="acme"))
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=needs))
    go = edge("go", require=(use("lacking"),))
    for winner, roles in ((None, ("lead",)), ("acme", ("lead", "seller"))):
        kinds = {"supplier": supplier(identify, agree, party_from="winner")}
        play = Play(small(go, name, records=RECORDS, tracks=kinds), guards=(lacking,))
        play.accept("identify", {} if winner is None else {"winner": winner}, track="acme")
        assert {"agree": roles, "name": roles} == {one.trigger: one.roles for one in ways(play)}


@pytest.mark.parametrize(
    "other",
    [
        edge("finish_all", records=(op(end="step"),)),
        edge("finish", "second", records=(op(end="step", by="step"),), data=FrozenDict(step=Field("record"))),
        edge("swap", records=(op(end="step", by="step"), op(add="step")), data=FrozenDict(step=Field("record"))),
    ],
)
def test_what_ends_all_or_puts_another_in_its_place_is_no_remedy(other: Edge) -> None:
    """A trigger that cannot end exactly this record here, or replaces it, is not named."""
    play = wanting(Need("end", record="step", ids=("step-1",)), PLAN, other)
    play.accept("plan", {"what": "a"})
    assert [] == triggers(play)


def test_a_record_on_a_track_is_ended_there() -> None:
    """A record of a track is ended by the trigger of that track."""
    tracks = (
        edge("agree", "seen", records=(op(add="terms"),), during=OPEN),
        edge(
            "cancel",
            "seen",
            records=(op(end="terms", by="terms"),),
            during=OPEN,
            data=FrozenDict(terms=Field("record")),
        ),
    )
    play = wanting(Need("end", record="terms", ids=("terms-1",)), tracks=tracks)
    play.accept("identify", track="acme")
    play.accept("agree", {"places": {"a": 1}}, track="acme")
    assert [("cancel", "acme")] == [(one.trigger, one.track) for one in ways(play)]


def test_where_a_record_on_a_track_cannot_be_ended_yet_the_first_step_is_named() -> None:
    """Where the track is not yet where its record can be ended, its own move to there is named."""
    named = FrozenDict(terms=Field("record"))
    tracks = (
        edge("agree", "seen", records=(op(add="terms"),), during=OPEN),
        edge("invite", "seen", "talking", during=OPEN),
        edge("cancel", "talking", records=(op(end="terms", by="terms"),), during=OPEN, data=named),
    )
    play = wanting(Need("end", record="terms", ids=("terms-1",)), tracks=tracks)
    play.accept("identify", track="acme")
    play.accept("agree", {"places": {"a": 1}}, track="acme")
    assert [("invite", "acme")] == [(one.trigger, one.track) for one in ways(play)]


# -- reaching ----------------------------------------------------------------------------------------------------------

HOW = FrozenDict(how=Field("choice", of=("well", "badly")))
MOVES = (
    edge("advance", "first", "second"),
    edge("also", "first", "second", allow=("watcher",)),
    edge("detour", "first", "third"),
    edge("advance", "second", "closed", when=FrozenDict(how=("well",)), data=HOW),
    edge("advance", "second", "third", when=FrozenDict(how=("badly",)), data=HOW),
    edge("tick", "first", "second", allow=("system",)),
    edge("wave", "first"),
)  # fmt: skip


def test_a_state_is_reached_by_the_first_move_of_a_shortest_way() -> None:
    """Each first move on a shortest way is named, longer ways and what the system does by itself are not."""
    play = wanting(Need("reach", states=("closed",)), *MOVES)
    assert ["advance", "also"] == triggers(play)
    play.accept("advance")
    assert [Remedy("advance", FrozenDict(how="well"), None, ("lead",))] == ways(play)


def test_an_exception_is_not_proposed() -> None:
    """An edge that is not proposed is told as the way only where no other leads there, however short it is."""
    need = Need("reach", states=("third",))
    short = edge("jump", "first", "third", proposed=False)
    around = (edge("advance", "first", "second"), edge("advance", "second", "third"))
    assert ["advance"] == triggers(wanting(need, short, *around))
    assert ["jump"] == triggers(wanting(need, short))


@pytest.mark.parametrize("states", [("first",), ("nowhere",), ()])
def test_where_it_is_already_or_can_never_be_there_is_no_move(states: tuple[str, ...]) -> None:
    """A state that is reached, or out of reach, has no first move."""
    assert [] == triggers(wanting(Need("reach", states=states), *MOVES))


def test_a_move_that_is_shut_is_no_way() -> None:
    """A move of the pilot that can never be made from where it starts leads nowhere."""
    shut = edge("advance", "first", "second", during=("third",))
    assert [] == triggers(wanting(Need("reach", states=("second",)), shut))


DETOUR = (
    edge("talk", "seen", "talking", during=OPEN),
    edge("agree", "talking", "agreed", during=("second",), sign=("lead", "seller")),
    edge("park", ("seen", "talking"), "parked", during=OPEN),
    edge("unpark", "parked", "previous", during=OPEN),
    edge("leave", "agreed", "gone", during=OPEN),
)


def test_a_track_that_was_parked_comes_back_first() -> None:
    """From a side state the way on begins with going back to where it came from."""
    play = wanting(Need("reach", track="acme", states=("talking",)), tracks=DETOUR)
    play.accept("identify", track="acme")
    play.accept("talk", track="acme")
    play.accept("park", track="acme")
    assert [("unpark", "acme")] == [(one.trigger, one.track) for one in ways(play)]


def test_a_move_of_a_track_may_wait_for_the_pilot() -> None:
    """Where the next move of a track waits for the pilot, the pilot's move is what can be done."""
    play = wanting(Need("reach", track="acme", states=("agreed",)), edge("advance", "first", "second"), tracks=DETOUR)
    play.accept("identify", track="acme")
    play.accept("talk", track="acme")
    assert [("advance", None)] == [(one.trigger, one.track) for one in ways(play)]
    play.accept("advance")
    play.sign("agree", {}, track="acme")
    assert [Remedy("agree", FrozenDict(), "acme", ("seller",))] == ways(play)
    play.accept("agree", {}, track="acme", by=SELLER)


def test_what_was_refused_is_no_way_to_anywhere() -> None:
    """The command that was refused is not among the moves that would lead on, however near it comes."""
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=(Need("reach", states=("second",)),)))
    hasty = edge("hasty", "first", "second", require=(use("lacking"),))
    play = Play(small(hasty, edge("advance", "first", "second")), guards=(lacking,))
    assert ["advance"] == [one.trigger for one in play.refuse("hasty")[0].missing]


def test_any_track_of_a_kind_will_do() -> None:
    """Where any track may get there, each takes its next move, and another may be opened while that can be done."""
    play = wanting(Need("reach", kind="supplier", states=("talking",)), tracks=DETOUR)
    assert ["identify"] == triggers(play)
    play.accept("identify", track="acme")
    assert [("talk", "acme"), ("identify", None)] == [(one.trigger, one.track) for one in ways(play)]


def test_a_track_is_opened_only_where_that_can_be_done() -> None:
    """An opener of another kind, or out of its time, is no remedy."""
    need = Need("reach", kind="supplier", states=("seen",))
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=(need,)))
    tracks = {
        "supplier": supplier(opener("identify", "seen", during=("second",))),
        "category": supplier(opener("open_category", "seen", opens="category")),
    }
    play = Play(small(edge("go", require=(use("lacking"),)), tracks=tracks), guards=(lacking,))
    assert [] == triggers(play)


# -- the rest ----------------------------------------------------------------------------------------------------------


def test_the_same_trigger_with_other_data_may_be_what_helps() -> None:
    """What is missing from the command itself is the same trigger again, with that data, from a day on."""
    play = wanting(Need("again", data=FrozenDict(n=2), day=TODAY))
    assert [Remedy("go", FrozenDict(n=2), None, ("lead",), TODAY)] == ways(play)


def test_what_the_caller_is_told_to_give_again_names_no_subject() -> None:
    """A participant, also one among the fields of a correction, is left out: the caller has the reference."""
    records = {"stay": kind("Stay", who=Field("subject"), day=Field("date"))}
    data = FrozenDict(who="s1", day="2026-03-02", fields=FrozenDict(who="s1", day="2026-03-03"), record="stay-1")
    lacking = Guard("lacking", lambda question: Blocker("lacking", needs=(Need("again", data=data),)))
    play = Play(small(edge("go", require=(use("lacking"),)), records=records), guards=(lacking,))
    (way,) = ways(play)
    assert {"day": "2026-03-02", "fields": {"day": "2026-03-03"}, "record": "stay-1"} == way.data


def test_what_is_missing_on_hold_begins_with_resuming() -> None:
    """On hold only what may be done then is a remedy, and where that is nothing, resuming is."""
    need = Need("add", record="goal")
    hold = (edge("hold", hold="pause"), edge("resume", hold="resume", paused="allowed"))
    play = wanting(need, ADD_GOAL, *hold)
    play.accept("hold")
    assert ["resume"] == triggers(play)
    allowed = edge("set_goal", records=(op(add="goal"),), paused="allowed")
    play = wanting(need, allowed, *hold)
    play.accept("hold")
    assert ["set_goal"] == triggers(play)


def test_on_hold_a_track_may_still_do_what_is_allowed() -> None:
    """A trigger of a track that is allowed on hold is a remedy while the pilot is where it can be fired."""
    agree = edge("agree", "seen", records=(op(add="terms"),), during=("first",), paused="allowed")
    hold = (edge("hold", hold="pause"), edge("resume", hold="resume", paused="allowed"))
    play = wanting(Need("add", record="terms"), *hold, tracks=(agree,))
    play.accept("identify", track="acme")
    play.accept("hold")
    assert [("agree", "acme")] == [(one.trigger, one.track) for one in ways(play)]


ENDING = FrozenDict(how=Field("choice", of=("won", "lost", "void"), required=True))


def test_an_outcome_is_reached_by_the_edges_that_give_it() -> None:
    """A pilot gets an outcome by each edge that sets it here, as a word or by a choice; else by the way to one."""
    ending = (
        edge("advance", "first", "second"),
        edge("win", "second", "closed", outcome="won"),
        edge("end", "second", "closed", outcome=FieldRef("how"), data=ENDING),
        edge("settle", "second", "closed", when=FrozenDict(how=("void",)), outcome=FieldRef("how"), data=ENDING),
        edge("guess", "second", "closed", outcome=FieldRef("nothing")),
        edge("lose", "second", "closed", outcome="lost"),
    )
    play = wanting(Need("reach", data=FrozenDict(outcome="won")), *ending)
    assert ["advance"] == triggers(play)
    play.accept("advance")
    assert [("win", {}), ("end", {"how": "won"})] == [(one.trigger, one.data) for one in ways(play)]
    play = wanting(Need("reach", data=FrozenDict(outcome="void")), *ending)
    play.accept("advance")
    assert [("end", {"how": "void"}), ("settle", {"how": "void"})] == [(one.trigger, one.data) for one in ways(play)]


def test_a_pilot_on_hold_can_be_resumed() -> None:
    """What is paused is met by the trigger that resumes from here, and by no other."""
    play = Play(
        small(
            edge("go"),
            edge("hold", hold="pause"),
            edge("resume", hold="resume", paused="allowed"),
            edge("resume", "closed", hold="resume"),
        )
    )
    play.accept("hold")
    assert [Remedy("resume", FrozenDict(), None, ("lead",))] == list(play.refuse("go")[0].missing)


def test_another_pilot_is_begun() -> None:
    """What belongs in another workflow is met by the edge that begins a pilot of it and leaves this one where it is."""
    begins = (
        edge("spawn", "first", starts=Starts("large")),
        edge("later", "second", starts=Starts("large")),
        edge("leave", "first", "closed", starts=Starts("large")),
        edge("other", "first", starts=Starts("small")),
    )
    play = wanting(Need("begin", data=FrozenDict(workflow="large")), *begins)
    assert [Remedy("spawn", FrozenDict(), None, ("lead",))] == ways(play)


def test_what_begins_another_pilot_is_no_step_of_this_one() -> None:
    """A state is reached by moves that stay on this pilot, not by one that goes on with another."""
    steps = (edge("leave", "first", "closed", starts=Starts("other")), edge("end", "first", "closed"))
    assert ["end"] == triggers(wanting(Need("reach", states=("closed",)), *steps))


def test_a_running_pilot_would_have_to_be_paused() -> None:
    """Resuming what runs is met by pausing it."""
    play = Play(small(edge("hold", hold="pause"), edge("resume", hold="resume")))
    assert ["hold"] == [one.trigger for one in play.refuse("resume")[0].missing]


def test_every_remedy_is_named_once() -> None:
    """Two needs with the same remedy name it once."""
    need = Need("add", record="goal")
    assert ["set_goal"] == triggers(wanting((need, need), ADD_GOAL))


def test_a_start_that_asks_again_names_nobody() -> None:
    """A need of a trigger that no edge has, such as `start`, has no roles to name."""
    from proeftuin.core import remedies  # noqa: PLC0415  # only here is the module itself at stake

    play = Play()
    blocker = Blocker("x", needs=(Need("again", data=FrozenDict(n=1)),))
    (done,) = remedies.explain(play.table, play.attempt("start"), (blocker,))
    assert (Remedy("start", FrozenDict(n=1)),) == done.missing
