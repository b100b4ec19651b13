from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Engine, Refused, UnknownPilot, codec
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from proeftuin.seen import View
from proeftuin.spi import Page
from proeftuin.storage.memory import MemoryStore
from tests.unit.engines import (
    BOARD,
    FACILITATOR,
    FLOW,
    LEAD,
    MONITOR,
    RIVAL,
    SELLER,
    STRANGER,
    TODAY,
    Clock,
    Counting,
    engine,
    placed,
    start,
    types,
)
from tests.unit.test_doctor import held

CLIENT = (LEAD, BOARD, Actor("both", roles={"board", "monitor"}))
PARTLESS = Actor("seller-3", roles={"seller"})


@pytest.fixture
def on() -> Engine:
    """A pilot `p` with two suppliers; each has a remark, a placement and a vote, and so has the pilot."""
    return filled(FLOW)


def filled(text: str) -> Engine:
    made = engine(text=text, ids=Counting())
    start(made, id="p", ref="r")
    for key, seller in (("acme", SELLER), ("rival", RIVAL)):
        made.fire("p", "identify", actor=LEAD, track=key)
        made.fire("p", "remark", actor=seller, track=key, data={"text": f"of {key}"})
        placed(made, "p", f"ref-of-{key}-01", track=key)
        made.fire("p", "agree", actor=LEAD, track=key, data={"terms": f"with {key}"})
    made.fire("p", "note", actor=LEAD, data={"text": "of the pilot"})
    made.fire("p", "seal", actor=LEAD, data={"terms": "of the pilot"})
    return made


def texts(view: View) -> list[str]:
    return [one.data["text"] for one in view.get("p").records("note")]


@pytest.mark.parametrize("actor", CLIENT)
def test_the_clients_side_sees_everything(on: Engine, actor: Actor) -> None:
    """Whoever holds a role of the client sees the pilot, its history and its figures whole."""
    view = on.seen_by(actor)
    assert on.get("p") == view.get("p")
    assert list(on.history("p")) == list(view.history("p"))
    assert on.find() == view.find()
    assert 2 == view.metrics("persons_placed")["persons_placed"].value


def test_a_supplier_sees_the_pilot_and_its_own(on: Engine) -> None:
    """A supplier sees state and data of the pilot, and tracks, records and votes of its own party alone."""
    pilot = on.seen_by(SELLER).get("p")
    assert ("open", {"acme"}, ["of acme"]) == (pilot.state, set(pilot.tracks), texts(on.seen_by(SELLER)))
    assert ["acme"] == [one.track for one in pilot.records("placement")]
    assert ["acme"] == [one.track for one in pilot.signatures]
    assert ({}, {}) == (pilot.acted_as, pilot.counts)
    assert "rival" not in repr(pilot)


def test_a_supplier_sees_its_own_part_of_the_history(on: Engine) -> None:
    """Of the events a supplier sees those of the pilot itself and of its own tracks."""
    events = list(on.seen_by(SELLER).history("p"))
    assert ["pilot.started", "track.opened", "record.added", "record.added", "signature.added"] == types(events)
    assert "rival" not in repr(events)
    assert [5] == [one.version for one in on.seen_by(SELLER).history("p", after=4)]


def test_a_supplier_finds_pilots_without_the_states_of_others(on: Engine) -> None:
    """In a summary the states of tracks are left out, as they would tell of other suppliers."""
    (found,) = on.seen_by(SELLER).find().items
    assert ("p", "open", ()) == (found.id, found.state, found.track_states)


def test_a_supplier_has_options_on_its_own_tracks(on: Engine) -> None:
    """What a supplier may do is asked for itself, and on no track of another."""
    options = on.seen_by(SELLER).options("p", all=True)
    assert {None, "acme"} == {one.track for one in options}
    found = on.seen_by(SELLER).explain("p", "agree", data={"terms": "with acme"}, track="acme")
    assert (True, False) == (found.allowed, on.seen_by(SELLER).explain("p", "agree", track="rival").allowed)


def test_another_suppliers_track_is_answered_as_none(on: Engine) -> None:
    """Whatever is asked about it, no answer tells whether somebody else has a track of that name."""
    view = on.seen_by(SELLER)
    for trigger in sorted({one.trigger for one in view.options("p", all=True)} | {"identify", "nothing"}):
        there, nowhere = (view.explain("p", trigger, track=key) for key in ("rival", "ghost"))
        assert repr(there).replace("rival", "ghost") == repr(nowhere)


@pytest.mark.parametrize(
    ("actor", "record"), [(SELLER, "note-2"), (SELLER, "placement-2"), (FACILITATOR, "placement-1")]
)
def test_a_record_that_is_not_seen_is_answered_as_none(on: Engine, actor: Actor, record: str) -> None:
    """Whatever names it, neither a dry run nor a refusal tells whether there is a record of that name."""
    view, kind = on.seen_by(actor), record.partition("-")[0]
    for trigger in ("correct", "nothing"):
        told = []
        for name in (record, f"{kind}-9"):
            data = {"record": name, "fields": {"text": "x"}, "reason": "mistaken"}
            with pytest.raises(Refused) as no:
                on.fire("p", trigger, actor=actor, data=data)
            told.append(repr((view.explain("p", trigger, data=data), view.refusal(no.value, data=data).blockers)))
        assert told[0].replace(record, f"{kind}-9") == told[1]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (LEAD, ("note-1", "note-2", "note-3", "note-4", "placement-1", "placement-2")),
        (SELLER, ("note-1", "placement-1")),
        (FACILITATOR, ("note-1", "note-2", "note-3", "note-4")),
    ],
)
def test_a_reference_offers_only_what_is_seen(actor: Actor, expected: tuple[str, ...]) -> None:
    """What a field may point at is offered as far as the actor sees it, in options and in a dry run."""
    on = filled(FLOW.replace("allow: [adder]", "allow: [lead, seller, facilitator]"))
    on.fire("p", "note", actor=FACILITATOR, data={"text": "of who helps"})
    view = on.seen_by(actor)
    (option,) = (one for one in view.options("p", all=True) if one.trigger == "correct")
    assert expected == tuple(sorted(option.fields["record"]["candidates"]))
    assert expected == tuple(sorted(view.explain("p", "correct").fields["record"]["candidates"]))


def test_a_supplier_sees_no_figures(on: Engine) -> None:
    """Figures of pilots are the client's: a supplier gets none, and is refused those of one pilot."""
    assert 0 == on.seen_by(SELLER).metrics("persons_placed")["persons_placed"].value
    with pytest.raises(UnknownPilot):
        on.seen_by(SELLER).metrics("persons_placed", pilots="p")


def test_a_facilitator_sees_all_but_persons(on: Engine) -> None:
    """A facilitator sees every record and event that is not about a participant, and no small groups."""
    view = on.seen_by(FACILITATOR)
    pilot = view.get("p")
    assert ({"acme", "rival"}, 0, 3) == (set(pilot.tracks), len(pilot.records("placement")), len(pilot.records("note")))
    events = list(view.history("p"))
    assert 3 == types(events).count("record.added")
    assert not any(one.data.get("record") == "placement" for one in events)
    assert on.find() == view.find()
    assert "<5" == view.metrics("persons_placed")["persons_placed"].value


def test_a_monitor_sees_figures_and_nothing_else(on: Engine) -> None:
    """A monitor gets figures without small groups, and to a monitor there are no pilots."""
    view = on.seen_by(MONITOR)
    assert ("<5", (1, 1)) == (
        view.metrics("persons_placed")["persons_placed"].value,
        view.metrics("persons_placed", pilots=["p"])["persons_placed"].coverage,
    )
    assert () == view.find().items
    for ask in LOOKS:
        with pytest.raises(UnknownPilot):
            ask(view)


LOOKS: list[Callable[[View], object]] = [
    lambda view: view.get("p"),
    lambda view: view.get("p", version=1),
    lambda view: list(view.history("p")),
    lambda view: view.options("p"),
    lambda view: view.explain("p", "talk"),
]


@pytest.mark.parametrize("actor", [STRANGER, PARTLESS, Actor("nobody", roles=set())])
def test_to_anybody_else_there_is_no_such_pilot(on: Engine, actor: Actor) -> None:
    """Without a role here, or as a supplier without a party, nothing is seen and nothing is counted."""
    view = on.seen_by(actor)
    for ask in LOOKS:
        with pytest.raises(UnknownPilot):
            ask(view)
    with pytest.raises(UnknownPilot):
        view.metrics("persons_placed", pilots="p")
    assert (0, ()) == (view.metrics("persons_placed")["persons_placed"].value, view.find().items)


def test_a_pilot_that_is_not_there_looks_like_one_that_is_not_seen(on: Engine) -> None:
    """The answer about a hidden pilot is the answer about none."""
    with pytest.raises(UnknownPilot) as hidden:
        on.seen_by(STRANGER).get("p")
    with pytest.raises(UnknownPilot) as absent:
        on.seen_by(STRANGER).get("q")
    assert str(absent.value) == str(hidden.value).replace("'p'", "'q'")


@pytest.mark.parametrize("actor", [SELLER, FACILITATOR])
def test_the_past_is_seen_with_the_same_eyes(on: Engine, actor: Actor) -> None:
    """An earlier version, or moment, is cut like the present one."""
    last = on.get("p").version
    view = on.seen_by(actor)
    assert view.get("p", version=last) == view.get("p")
    assert view.get("p", at=on.get("p").updated_at) == view.get("p")


def test_the_widest_role_counts(on: Engine) -> None:
    """With several roles an actor sees what the widest of them gives."""
    both = Actor("x", roles={"seller", "facilitator"}, party="acme")
    assert {"acme", "rival"} == set(on.seen_by(both).get("p").tracks)
    assert "<5" == on.seen_by(Actor("y", roles={"monitor", "seller"})).metrics("persons_placed")["persons_placed"].value


def test_a_corrected_person_stays_hidden_from_a_facilitator(on: Engine) -> None:
    """A correction of a record with a participant is about a participant too."""
    correction = {"record": "placement-1", "fields": {"kind": "employment"}, "reason": "typo"}
    on.fire("p", "correct", actor=LEAD, data=correction)
    assert "record.corrected" not in types(on.seen_by(FACILITATOR).history("p"))
    assert "record.corrected" in types(on.history("p"))


def test_a_view_cannot_write(on: Engine) -> None:
    """A view has no way to change anything."""
    assert [] == [name for name in ("fire", "start", "batch", "close") if hasattr(on.seen_by(LEAD), name)]


def test_a_view_pages_like_the_engine(on: Engine) -> None:
    """Pages of a view follow each other and take the same filters."""
    start(on, id="q")
    view = on.seen_by(LEAD)
    page = view.find(limit=1)
    assert (["p"], ["q"]) == ([one.id for one in page.items], [one.id for one in view.find(after=page.next).items])
    assert () == view.find(state="talking").items


@pytest.mark.parametrize("actor", [MONITOR, STRANGER, PARTLESS])
def test_where_a_page_ends_tells_nothing_to_who_sees_none(on: Engine, actor: Actor) -> None:
    """Whoever sees no pilot gets the same empty page, however many there are and whatever was asked."""
    start(on, id="q")
    for asked in ({}, {"organisation": "DJI"}, {"state": "exploring"}):
        assert Page((), None) == on.seen_by(actor).find(limit=1, **asked)


def test_where_a_page_ends_tells_nothing_of_other_suppliers(on: Engine) -> None:
    """A page holds as many pilots as are seen, and has another behind it only where more of them are."""
    for number in range(4):
        start(on, id=f"q{number}")
        on.fire(f"q{number}", "identify", actor=LEAD, track="rival" if number < 3 else "acme")
    rival, state = on.seen_by(RIVAL), on.get("q0").tracks["rival"].state
    first = rival.find(track_state=state, limit=2, after="p")
    assert (["q0", "q1"], "q1") == ([one.id for one in first.items], first.next)
    last = rival.find(track_state=state, limit=2, after="q1")
    assert (["q2"], None) == ([one.id for one in last.items], last.next)
    assert ("q3", None) == (
        (page := on.seen_by(SELLER).find(track_state=state, limit=1, after="p")).items[0].id,
        page.next,
    )
    with pytest.raises(BadArgument, match="limit"):
        rival.find(limit=0)


def test_figures_of_several_pilots_take_the_narrowest_view(on: Engine) -> None:
    """Where one of the pilots is seen without small groups, all of the figures are."""
    start(on, id="q")
    assert "<5" == on.seen_by(FACILITATOR).metrics("persons_placed", pilots=["p", "q"])["persons_placed"].value
    assert 2 == on.seen_by(LEAD).metrics("persons_placed", pilots=["p", "q"])["persons_placed"].value
    (found,) = on.seen_by(LEAD).metrics("persons_placed", as_of=TODAY, by=["kind"]).values()
    assert {"training": 2, "employment": 0} == found.value


def test_what_is_asked_wrongly_is_told_as_by_the_engine(on: Engine) -> None:
    """A view refuses wrong arguments like the engine does."""
    with pytest.raises(BadArgument):
        on.seen_by(LEAD).metrics("jobs")
    with pytest.raises(BadArgument):
        on.seen_by(LEAD).get("p", version=0)


def test_what_is_seen_is_what_may_be_fired(on: Engine) -> None:
    """An option of a supplier's view that is allowed is accepted when it is fired."""
    for option in on.seen_by(SELLER).options("p"):
        data: dict[str, Any] = {"terms": "with acme"} if option.trigger == "agree" else {"text": "x"}
        if option.trigger == "place":
            data = {"participant": "ref-again-0001", "start": TODAY, "kind": "training"}
        if option.trigger == "correct":
            data = {"record": "note-1", "fields": {"text": "y"}, "reason": "typo"}
        if option.allowed:
            on.fire("p", option.trigger, actor=SELLER, track=option.track, data=data)
    with pytest.raises(Refused):
        on.fire("p", "talk", actor=SELLER)


def test_what_was_cut_out_is_not_guessed_by_its_digest() -> None:
    """With a key that nobody else knows, a supplier finds by no digest which of two others an event names."""
    favour = "  - {trigger: favour, from: any_open, allow: [lead], data: {with: {type: track}}}\n"
    words = "words:\n  favour: {en: Favour, nl: Voortrekken}\n  with: {en: With, nl: Met}\n"
    on = engine(text=FLOW.replace("tracks:\n", f"{favour}tracks:\n", 1).replace("words:\n", words))
    start(on, id="p")
    for track in ("acme", "rival", "third"):
        on.fire("p", "identify", actor=LEAD, track=track)
    on.fire("p", "favour", actor=LEAD, data={"with": "rival"}, key="3f0c-random")
    view = on.seen_by(SELLER)
    *_, event = view.history("p")
    before = view.get("p", version=event.version - 1).digest
    guesses = [replace(event, data=FrozenDict({"set": FrozenDict({"with": one})})) for one in ("rival", "third")]
    assert ("pilot.changed", {"set": {}}) == (event.type, event.data)
    assert event.digest not in [codec.chain(before, codec.encode_event(one)) for one in guesses]
    assert "3f0c-random" == list(on.seen_by(BOARD).history("p"))[-1].key


STALLED = """
clocks:
  quiet: {since: progress, due: 7 days, signal: {stalled: 14 days}, label: {en: Call, nl: Bellen}}
"""


def test_a_pilot_that_cannot_be_read_hides_no_other() -> None:
    """Who sees a part finds a damaged pilot without what only the pilot itself tells, and not by a filter on that."""
    store, clock = MemoryStore(), Clock()
    first = engine(store, FLOW + STALLED, time=clock)
    for name in ("a", "b"):
        start(first, id=name)
    clock.at += timedelta(days=20)
    first.tick()
    kept = held(store, "a")
    kept.head = replace(kept.head, body=b"\0")
    view = engine(store, FLOW + STALLED, time=clock).seen_by(FACILITATOR)
    assert [("a", ()), ("b", ("stalled",))] == [(one.id, one.signals) for one in view.find().items]
    assert ["b"] == [one.id for one in view.find(signal="stalled").items]
