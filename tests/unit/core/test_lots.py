"""Tracks beside others, tracks that fall, parties that come later, edges that refuse, and ends that begin a pilot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from proeftuin import load_workflow
from proeftuin.core import graph, ways
from proeftuin.core.commands import Actor, Need
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.lint import lint
from proeftuin.core.workflow import Edge, Falls, GuardUse, Opens, Workflow
from tests.unit.core.small import BOARD, SELLER, Play

LOTS = load_workflow(Path(__file__).parents[2] / "data" / "lots.yaml")
WON = {"winner": "acme"}
DEAL = {"deal": "deal-1", "seller": "acme", "price": "10", "day": "2026-03-02"}
GOOD = {"name": "Soap", "chosen_by": "person"}
ACME = Actor("acme-1", roles={"seller"}, party="acme")


@pytest.fixture
def play() -> Play:
    """A pilot with a lot, and a shelf with one good."""
    play = Play(LOTS)
    play.accept("open_lot", {"value": 5}, track="lot-1")
    play.accept("open_shelf", track="shelf-1")
    play.accept("stock", GOOD, track="shelf-1")
    return play


# -- whose a track is ----------------------------------------------------------------------------------------------


def test_a_track_is_nobodys_until_its_party_is_known(play: Play) -> None:
    """A field of a later trigger says whose the track is; a move back before it makes it nobody's again."""

    def whose() -> tuple[str | None, Mapping[str, object]]:
        lot = play.pilot.tracks["lot-1"]
        return lot.party, lot.data

    assert (None, {"value": 5}) == whose()
    assert ("shelf-1",) == play.pilot.parties
    play.accept("award", WON, track="lot-1")
    assert ("acme", {"value": 5, "winner": "acme"}) == whose()
    play.accept("retender", track="lot-1")
    assert (None, {"value": 5}) == whose()


def test_nobody_acts_for_nobody(play: Play) -> None:
    """On a track that is nobody's no supplier may act, also one whose party is not known."""
    unknown = Actor("seller-3", roles={"seller"})
    for seller in (SELLER, unknown):
        assert ("forbidden-role",) == play.codes("contract", DEAL, track="lot-1", by=seller)


# -- a track beside another ----------------------------------------------------------------------------------------


def test_an_edge_opens_a_track_beside_its_own(play: Play) -> None:
    """The new track has the key and the party of the data, gets what is left of it, and the record named for it."""
    play.accept("award", WON, track="lot-1")
    play.sign("contract", DEAL, track="lot-1")
    told = play.accept("contract", track="lot-1", by=ACME)
    assert ["signature.added", "track.opened", "record.added", "track.moved"] == [one.type for one in told.events]
    deal, lot = play.pilot.tracks["deal-1"], play.pilot.tracks["lot-1"]
    assert ("deal", "agreed", "acme") == (deal.kind, deal.state, deal.party)
    assert {"seller": "acme", "day": "2026-03-02"} == deal.data
    assert ("contracted", {"value": 5, "winner": "acme"}) == (lot.state, lot.data)
    assert [("deal-1", 1)] == [(one.track, one.data["number"]) for one in play.pilot.records("terms")]
    play.accept("keep", track="deal-1", by=ACME)


def test_a_track_beside_another_may_hold_its_key() -> None:
    """Under the name that the file gives, the new track says from which one it came."""
    play = Play(changed("lot", "contract", opens=Opens("deal", "deal", "agreed", "lot")))
    play.accept("open_lot", {"value": 5}, track="lot-1")
    play.accept("award", WON, track="lot-1")
    play.sign("contract", DEAL, track="lot-1")
    play.accept("contract", track="lot-1", by=ACME)
    assert {"seller": "acme", "day": "2026-03-02", "lot": "lot-1"} == play.pilot.tracks["deal-1"].data


def test_a_key_that_is_taken_opens_nothing(play: Play) -> None:
    """The key of the new track is judged as any field is."""
    play.accept("award", WON, track="lot-1")
    assert ("track-exists",) == play.codes("contract", {**DEAL, "deal": "shelf-1"}, track="lot-1")
    assert ("missing-field",) == play.codes("contract", {**DEAL, "deal": None}, track="lot-1")


def test_a_track_beside_another_is_reached_through_it(play: Play) -> None:
    """What needs a deal is told the first move towards one, or the signatures that open it."""
    need = Need("reach", kind="deal", states=("agreed",))

    def found() -> list[tuple[str, str | None, tuple[str, ...]]]:
        attempt = play.attempt("award", track="lot-1")
        return [(one.trigger, one.track, one.roles) for one in ways.find(play.table, attempt, need)]

    assert [("award", "lot-1", ("lead",))] == found()
    play.accept("award", WON, track="lot-1")
    assert [("contract", "lot-1", ("lead", "seller"))] == found()


# -- falling -------------------------------------------------------------------------------------------------------


def test_a_track_falls_where_too_little_is_left(play: Play) -> None:
    """The guards are asked about the records as the command leaves them, those of this track alone."""
    play.accept("open_shelf", track="shelf-2")
    play.accept("stock", GOOD, track="shelf-2")
    play.accept("stock", GOOD, track="shelf-1")
    first, _, last = (one.id for one in play.pilot.records("good"))
    assert ["record.ended"] == [one.type for one in play.accept("remove", {"good": first}, track="shelf-1").events]
    told = play.accept("remove", {"good": last}, track="shelf-1").events
    assert [("record.ended", None), ("track.moved", "thin")] == [(one.type, one.data.get("to")) for one in told]
    assert "thin" == play.pilot.tracks["shelf-1"].state


def test_a_guard_that_raises_lets_nothing_fall(play: Play) -> None:
    """What cannot be judged is refused."""

    def broken(question: object) -> None:
        raise ValueError(question)

    kind = LOTS.tracks["shelf"]
    edges = tuple(
        evolve(one, falls=Falls("thin", (GuardUse("broken"),))) if one.trigger == "remove" else one
        for one in kind.edges
    )
    mended = Play(with_edges(LOTS, "shelf", *edges), guards=[Guard("broken", broken)])
    mended.accept("open_shelf", track="shelf-1")
    mended.accept("stock", GOOD, track="shelf-1")
    assert ("guard-error",) == mended.codes("remove", {"good": "good-1"}, track="shelf-1")


def test_falling_is_a_move_of_the_lifecycle() -> None:
    """Where a track may fall counts for what can be reached."""
    moves = graph.moves(LOTS, "shelf")
    assert {"thin", "cleared"} == set(moves["filled"])


# -- refusing ------------------------------------------------------------------------------------------------------


def test_an_edge_may_be_there_to_refuse(play: Play) -> None:
    """It refuses with its code, beside what else is wrong, and says which choice would do; no option shows it."""
    (no,) = play.refuse("stock", {**GOOD, "chosen_by": "machine"}, track="shelf-1")
    assert "no-choice" == no.code
    assert [("stock", "person")] == [(one.trigger, one.data["chosen_by"]) for one in no.missing]
    assert ("missing-field", "no-choice") == play.codes("stock", {"chosen_by": "machine"}, track="shelf-1")
    assert ("forbidden-role",) == play.codes("stock", {**GOOD, "chosen_by": "machine"}, track="shelf-1", by=BOARD)
    shown = [one.preset for one in play.options(track="shelf-1") if one.trigger == "stock"]
    assert [{"chosen_by": "person"}] == shown
    every = [one.allowed for one in play.options(track="shelf-1", everything=True) if one.trigger == "stock"]
    assert [True, False] == every


def test_nothing_is_helped_by_what_refuses() -> None:
    """An edge that refuses leads nowhere, and alone it says that nothing would help."""
    no = Edge("stock", ("lead",), ("filled",), "cleared", refuse="no-choice")
    assert () == graph.targets(no, "filled", LOTS.tracks["shelf"].states, [no])
    play = Play(with_edges(LOTS, "shelf", *(one for one in LOTS.tracks["shelf"].edges if one.trigger != "stock"), no))
    play.accept("open_shelf", track="shelf-1")
    (blocker,) = play.refuse("stock", track="shelf-1")
    assert ("no-choice", ()) == (blocker.code, blocker.missing)


# -- beginning another pilot ---------------------------------------------------------------------------------------


def test_an_edge_may_end_the_pilot_where_it_begins_another() -> None:
    """One commit closes this pilot, links it to the new one, and keeps why."""
    play = Play(LOTS)
    told = play.accept("reroute", {"workflow": "other", "rationale": "Too large"}, new_id="p2")
    assert ["pilot.linked", "pilot.moved"] == [one.type for one in told.events]
    assert told.starts is not None
    assert ("other", {"title": "T", "link": "p1"}) == (told.starts.workflow, told.starts.data)
    assert ("closed", "moved") == (play.pilot.state, play.pilot.outcome)
    linked = {"pilot": "p2", "relation": "reroute", "data": {"rationale": "Too large"}}
    assert {"title": "T", "linked": (linked,)} == play.pilot.data


# -- lint ----------------------------------------------------------------------------------------------------------


def with_edges(workflow: Workflow, kind: str | None, *edges: Edge) -> Workflow:
    """The workflow with other edges on one of its lifecycles."""
    if kind is None:
        return evolve(workflow, edges=edges)
    tracks = {**workflow.tracks, kind: evolve(workflow.tracks[kind], edges=edges)}
    return evolve(workflow, tracks=FrozenDict(tracks))


def changed(kind: str | None, trigger: str, **parts: Any) -> Workflow:
    """The workflow with one edge changed."""
    edges = graph.lifecycle(LOTS, kind)[1]
    return with_edges(LOTS, kind, *(evolve(one, **parts) if one.trigger == trigger else one for one in edges))


BROKEN: Mapping[str, tuple[Workflow, str]] = {
    "kind": (changed("lot", "contract", opens=Opens("nothing", "deal", "agreed")), "unknown-track-kind"),
    "state": (changed("lot", "contract", opens=Opens("deal", "deal", "gone")), "unknown-state"),
    "field": (changed("lot", "contract", opens=Opens("deal", "nothing", "agreed")), "unknown-field"),
    "type": (changed("lot", "contract", opens=Opens("deal", "day", "agreed")), "field-type"),
    "fall": (changed("shelf", "remove", falls=Falls("gone", (GuardUse("commitment"),))), "unknown-state"),
    "guard": (changed("shelf", "remove", falls=Falls("thin", (GuardUse("nothing"),))), "unknown-guard"),
    "pilot": (changed(None, "reroute", falls=Falls("closed", (GuardUse("commitment"),))), "misplaced-key"),
    "opener": (changed("shelf", "open_shelf", falls=Falls("thin", (GuardUse("commitment"),))), "misplaced-key"),
    "refuse": (changed("shelf", "clear", refuse="no-choice"), "misplaced-key"),
    "words": (changed("shelf", "stock", refuse="unheard-of"), "missing-translation"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_lint_finds_it(name: str) -> None:
    """What cannot be meant is a fault, where it stands."""
    workflow, code = BROKEN[name]
    assert code in {fault.code for fault in lint(workflow, BUILT_IN)}


def test_lint_has_nothing_against_it() -> None:
    """The file itself is sound."""
    assert () == tuple(lint(LOTS, BUILT_IN))
