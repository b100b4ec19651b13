"""Twelve ways in which a published workflow is changed, each on `existing-contract`: what people do to a lifecycle."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Edge, Field, GuardUse, Offset, State, TrackKind, Workflow
from proeftuin.definitions import Catalogue, dump, parse

SUPPLIER = "supplier"


def version_two(change: Callable[[Workflow], Workflow], version: int = 2) -> Workflow:
    """Return a second version of the workflow with a change, as it would be read from its file."""
    return parse(dump(attrs.evolve(change(Catalogue().get("existing-contract@1")), version=version)))


def _label(workflow: Workflow) -> Workflow:
    engaging = attrs.evolve(workflow.states["engaging"], label=FrozenDict(en="Talks", nl="Gesprekken"))
    return attrs.evolve(workflow, states=FrozenDict({**workflow.states, "engaging": engaging}))


def _new_state(workflow: Workflow) -> Workflow:
    trying = State(FrozenDict(en="Trying it out", nl="Op proef"), phase="implementation")
    to, back = (
        Edge("try_out", ("coordinator",), ("implementing",), "trying"),
        Edge("go_on", ("coordinator",), ("trying",), "implementing"),
    )
    return attrs.evolve(
        workflow, states=FrozenDict({**workflow.states, "trying": trying}), edges=(*workflow.edges, to, back)
    )


def _removed_state(workflow: Workflow) -> Workflow:
    """A supplier is no longer parked: the state goes, what leads there and back, and its clock."""
    kind = workflow.tracks[SUPPLIER]
    edges = tuple(
        attrs.evolve(edge, sources=tuple(one for one in edge.sources if one != "parked"))
        for edge in kind.edges
        if edge.trigger not in {"park", "unpark"}
    )
    clocks = {name: one for name, one in workflow.clocks.items() if name != "parked"}
    own = attrs.evolve(kind, states=_without(kind.states, "parked"), edges=edges)
    done = attrs.evolve(_kinds(workflow, {SUPPLIER: own}), clocks=FrozenDict(clocks))
    return _params(done, lambda params: _nowhere(params, "parked"))


def _renamed_trigger(workflow: Workflow) -> Workflow:
    return _edges(workflow, "start_evaluation", trigger="begin_evaluation")


def _stricter_guard(workflow: Workflow) -> Workflow:
    more = GuardUse("has", FrozenDict(record="endorsement", code="endorsement-missing"))
    return _edges(workflow, "open_supplier_talks", lambda edge: {"require": (*edge.require, more)})


def _required_field(workflow: Workflow) -> Workflow:
    lesson = workflow.records["lesson"]
    fields = FrozenDict({**lesson.fields, "learned_on": Field("date", required=True)})
    return attrs.evolve(
        workflow, records=FrozenDict({**workflow.records, "lesson": attrs.evolve(lesson, fields=fields)})
    )


def _changed_clock(workflow: Workflow) -> Workflow:
    invitation = attrs.evolve(workflow.clocks["invitation"], due=(Offset(14, "days"),))
    return attrs.evolve(workflow, clocks=FrozenDict({**workflow.clocks, "invitation": invitation}))


def _changed_join(workflow: Workflow) -> Workflow:
    """The pilot goes on once a supplier is delivering, where one that had agreed was enough."""

    def joined(edge: Edge) -> Mapping[str, Any]:
        uses = (
            attrs.evolve(use, params=FrozenDict({**use.params, "states": ("delivering",)}))
            if use.name == "tracks_reached"
            else use
            for use in edge.require
        )
        return {"require": tuple(uses)}

    return _edges(workflow, "start_implementation", joined)


def _new_signature(workflow: Workflow) -> Workflow:
    return _track_edges(workflow, "sign_agreement", sign=("client_owner", "procurement", "supplier_lead"))


def _split_kind(workflow: Workflow) -> Workflow:
    """Those whom the client sees and those who propose themselves get a kind of track each; terms are for the first."""
    kind = workflow.tracks[SUPPLIER]
    kinds = {}
    for name, begin in (("asked", "identify"), ("proposing", "propose")):
        openers = (attrs.evolve(edge, opens=name) for edge in kind.edges if edge.trigger == begin)
        kinds[name] = attrs.evolve(kind, edges=(*openers, *(edge for edge in kind.edges if edge.opener is None)))
    split = attrs.evolve(workflow, tracks=FrozenDict({**_without(workflow.tracks, SUPPLIER), **kinds}))
    clocks = {
        name: attrs.evolve(one, since=one.since.replace(f"{SUPPLIER}.", "asked."))
        if isinstance(one.since, str)
        else one
        for name, one in workflow.clocks.items()
    }
    asked = _params(split, lambda params: {**params, "kind": "asked"} if params.get("kind") == SUPPLIER else params)
    return attrs.evolve(asked, clocks=FrozenDict(clocks))


def _removed_role(workflow: Workflow) -> Workflow:
    """The requester, who had a say in what is said of activities only, is no longer there."""
    role = "requester"
    groups = {name: tuple(one for one in members if one != role) for name, members in workflow.groups.items()}
    return attrs.evolve(workflow, roles=_without(workflow.roles, role), groups=FrozenDict(groups))


def _final_state(workflow: Workflow) -> Workflow:
    given_up = State(FrozenDict(en="Given up", nl="Opgegeven"), phase="closed", final=True)
    edge = Edge("give_up", ("client_owner",), ("exploring",), "given_up", outcome="ended")
    return attrs.evolve(
        workflow, states=FrozenDict({**workflow.states, "given_up": given_up}), edges=(*workflow.edges, edge)
    )


TWELVE: Mapping[str, Callable[[Workflow], Workflow]] = {
    "label": _label,
    "new state": _new_state,
    "removed state": _removed_state,
    "renamed trigger": _renamed_trigger,
    "stricter guard": _stricter_guard,
    "new required field": _required_field,
    "changed clock": _changed_clock,
    "changed join": _changed_join,
    "new signature": _new_signature,
    "track kind split": _split_kind,
    "role removed": _removed_role,
    "final state added": _final_state,
}


def _without(mapping: Mapping[str, Any], name: str) -> FrozenDict:
    return FrozenDict({other: one for other, one in mapping.items() if other != name})


def _params(workflow: Workflow, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Workflow:
    """Return a workflow with other parameters for all guards of the pilot's own edges."""

    def uses(held: tuple[GuardUse, ...]) -> tuple[GuardUse, ...]:
        return tuple(attrs.evolve(one, params=FrozenDict(change(one.params))) for one in held)

    edges = (attrs.evolve(one, require=uses(one.require), advise=uses(one.advise)) for one in workflow.edges)
    return attrs.evolve(workflow, edges=tuple(edges))


def _nowhere(params: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    left = {
        key: tuple(other for other in one if other != name) if isinstance(one, tuple) else one
        for key, one in params.items()
    }
    return {key: one for key, one in left.items() if one != name}


def _kinds(workflow: Workflow, kinds: Mapping[str, TrackKind]) -> Workflow:
    return attrs.evolve(workflow, tracks=FrozenDict({**workflow.tracks, **kinds}))


def _changed(
    edges: tuple[Edge, ...], word: str, by: Callable[[Edge], Mapping[str, Any]] | None, changes: Mapping[str, Any]
) -> tuple[Edge, ...]:
    return tuple(
        attrs.evolve(edge, **(changes if by is None else by(edge))) if edge.trigger == word else edge for edge in edges
    )


def _edges(
    workflow: Workflow, word: str, by: Callable[[Edge], Mapping[str, Any]] | None = None, **changes: Any
) -> Workflow:
    return attrs.evolve(workflow, edges=_changed(workflow.edges, word, by, changes))


def _track_edges(workflow: Workflow, word: str, **changes: Any) -> Workflow:
    kind = workflow.tracks[SUPPLIER]
    return _kinds(workflow, {SUPPLIER: attrs.evolve(kind, edges=_changed(kind.edges, word, None, changes))})
