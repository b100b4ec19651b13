"""Guards on tracks and on what came of them: joins, results, people still placed."""

from collections.abc import Collection, Iterator

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.guards.records import matching
from proeftuin.core.pilot import Pilot, Record

DELIVERED = FrozenDict({"record": "evidence", "where": FrozenDict({"type": "delivered_result"})})


def standing(pilot: Pilot, kind: str, states: Collection[str]) -> tuple[str, ...]:
    """Return the keys of the tracks of a kind that are in one of these states."""
    return tuple([key for key, one in pilot.tracks.items() if one.kind == kind and one.state in states])


@guard(
    codes=("missing-signature",),
    kind=Param("text", required=True, refers="track_kind"),
    states=Param("names", required=True, refers="state"),
    min=Param("integer", default=1),
)
def tracks_reached(question: Question) -> Answer:
    """At least so many tracks of a kind are in one of these states; undecided ones may join later."""
    kind, states = question.params["kind"], question.params["states"]
    if len(standing(question.pilot, kind, states)) >= question.params["min"]:
        return None
    need = Need("reach", kind=kind, states=states)
    return Blocker("missing-signature", FrozenDict({"kind": kind, "state": states}), needs=(need,))


@guard(
    codes=("undecided-tracks",),
    kind=Param("text", required=True, refers="track_kind"),
    undecided=Param("names", required=True, refers="state"),
)
def tracks_decided(question: Question) -> Answer:
    """No track of this kind is still undecided."""
    kind, undecided = question.params["kind"], question.params["undecided"]
    keys = standing(question.pilot, kind, undecided)
    if not keys:
        return None
    decided = tuple(name for name in question.workflow.tracks[kind].states if name not in undecided)
    needs = tuple(Need("reach", track=key, states=decided) for key in keys)
    return Blocker("undecided-tracks", FrozenDict({"tracks": keys}), needs=needs)


@guard(
    reads=("$carry",),
    codes=("open-tracks",),
    carry=Param("text", refers="field", default="carry"),
    parked=Param("text", refers="state", default="parked"),
    outcome=Param("text", refers="field", default="outcome"),
)
def tracks_done(question: Question) -> Answer:
    """Every track is done; parked ones may be carried by name to a follow-up, where one can come of the outcome.

    Note:
        It asks for the outcome where there is one, and is asked all the same where there is none: so that is not
        among what it reads.
    """
    return list(_open(question))


def _carried(question: Question) -> tuple[str, ...]:
    """Return the tracks that the follow-up takes over; none where the pilot closes as one that nothing follows on."""
    outcome = question.data.get(question.params["outcome"])
    carried: tuple[str, ...] = question.data.get(question.params["carry"], ())
    closed = {name for name, state in question.workflow.states.items() if state.final}
    starting = [one.require for one in question.workflow.edges if one.starts and not closed.isdisjoint(one.sources)]
    asked = [{use.params["outcome"] for use in uses if use.name == "outcome_was"} for uses in starting]
    follows = not asked or outcome is None or any(not one or outcome in one for one in asked)
    return carried if follows else ()


def _open(question: Question) -> Iterator[Blocker]:
    carried = _carried(question)
    for key, track in question.pilot.tracks.items():
        states = question.workflow.tracks[track.kind].states
        if states[track.state].done or (key in carried and track.state == question.params["parked"]):
            continue
        done = tuple(name for name, state in states.items() if state.done)
        needs = (Need("reach", track=key, states=done),)
        yield Blocker("open-tracks", FrozenDict({"state": track.state}), key, needs=needs)


@guard(
    codes=("nothing-implemented",),
    placement=Param("text", refers="record", default="placement"),
    result=Param("mapping", default=DELIVERED),
)
def implemented(question: Question) -> Answer:
    """In this cycle somebody was placed on at least one day, or a result was delivered, with evidence."""
    pilot, params = question.pilot, question.params
    kind = params["placement"]
    if any(_in_cycle(question, one) for one in pilot.kept.get(kind, ())):
        return None
    result = params["result"]
    where = result.get("where", EMPTY)
    if any(one.cycle == pilot.cycle for one in matching(pilot.kept.get(result["record"], ()), where)):
        return None
    needs = (Need("add", record=kind), Need("add", record=result["record"], data=where))
    return Blocker("nothing-implemented", needs=needs)


def _in_cycle(question: Question, placement: Record) -> bool:
    """Whether a placement was active on any day from the cycle's first to today."""
    begun = placement.since <= question.today
    empty = placement.until is not None and placement.until <= max(placement.since, question.pilot.cycle_since)
    return begun and not empty


def active(question: Question, kind: str) -> list[Record]:
    """Return the records still active today or later, on the track fired at and where it contributes."""
    key = question.track.key if question.track else None
    return [
        one
        for one in question.records(kind)
        if (one.until is None or one.until > question.today) and (key is None or key in shares(one))
    ]


def shares(placement: Record) -> tuple[str, ...]:
    """Return the tracks that a placement counts on: its own, and those that contribute to a bundled one."""
    rows = placement.data.get("contributions", ()) if placement.data.get("kind") == "bundled" else ()
    return tuple(dict.fromkeys(key for key in (placement.track, *(row.get("track") for row in rows)) if key))


@guard(
    reads=("$field",),
    codes=("missing-placement-plan",),
    field=Param("text", refers="field", default="placement_plan"),
    record=Param("text", refers="record", default="placement"),
)
def placement_plan(question: Question) -> Answer:
    """While people are placed, there is a plan for them."""
    field = question.params["field"]
    found = active(question, question.params["record"])
    if not found or question.data.get(field):
        return None
    need = Need("again", data=FrozenDict({**question.data, field: "..."}))
    return Blocker("missing-placement-plan", FrozenDict({"count": len(found)}), needs=(need,))


@guard(
    codes=("placements-active",),
    record=Param("text", refers="record", default="placement"),
    handed_over=Param("text", default="handed_over"),
)
def no_active(question: Question) -> Answer:
    """Nobody is placed any more, but for those handed over by name."""
    kind = question.params["record"]
    flag = question.params["handed_over"]
    found = [one for one in active(question, kind) if not one.data.get(flag)]
    if not found:
        return None
    open_ones = [one for one in found if one.ended is None]
    needs = tuple(Need("end", record=kind, ids=(one.id,), day=question.today) for one in open_ones)
    if question.track is not None:
        handed = FrozenDict({flag: tuple(one.id for one in open_ones)}) if open_ones else EMPTY
        last = max((one.until for one in found if one.ended is not None and one.until is not None), default=None)
        needs = (Need("again", data=handed, day=last), *needs)  # for those whose end is known, wait for it
    return Blocker("placements-active", FrozenDict({"count": len(found)}), needs=needs)
