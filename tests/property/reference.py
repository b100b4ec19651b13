"""The same lifecycle, run by `transitions` itself: machines with models, conditions and callbacks, as its users write.

A pilot is a model of one machine; a track is a model of another, whose state before it is opened is `absent`. The
conditions are asked in the order in which `decide` goes: while, when, who, gates; where asking stops tells why.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from attrs import Factory, define
from transitions import EventData, Machine, MachineError

from proeftuin.core import graph
from proeftuin.core.commands import Actor
from proeftuin.core.workflow import PREVIOUS, SAME, Edge, Workflow

ABSENT = "absent"
ACCEPTED, GATES, ROLES, STATE = "accepted", "gates", "roles", "state"


@define(slots=False, eq=False)
class Walker:
    """A model: the pilot, or one track. `transitions` sets its state."""

    kind: str | None
    key: str | None = None
    party: str | None = None
    state: str = ABSENT
    trail: list[str] = Factory(list)

    def follow(self) -> None:
        """Note where it is now; going back to a state forgets what came after it."""
        if self.state in self.trail:
            del self.trail[self.trail.index(self.state) + 1 :]
        else:
            self.trail.append(self.state)


@define
class Put:
    """One command, and how far its conditions were asked."""

    actor: Actor
    data: Mapping[str, Any]
    met: Edge | None = None
    fired_by: Edge | None = None
    shut: tuple[str, ...] = ()


class Reference:
    """Runs a plain workflow on `transitions`."""

    def __init__(self, workflow: Workflow, starter: str) -> None:
        self.workflow = workflow
        self.starter = starter
        self.machines = {kind: self._machine(kind) for kind in (None, *workflow.tracks)}
        self.pilot = Walker(None)
        self.tracks: dict[str, Walker] = {}
        self._add(self.pilot, workflow.start.to)

    def _add(self, walker: Walker, state: str) -> None:
        self.machines[walker.kind].add_model(walker, initial=state)
        walker.follow()

    def _machine(self, kind: str | None) -> Machine:
        states, edges = graph.lifecycle(self.workflow, kind)
        made = Machine(None, [*states, ABSENT], initial=None, auto_transitions=False, send_event=True)
        for edge in edges:
            sources = (ABSENT,) if edge.opens else graph.expand(edge.sources, states)
            for source in sources:
                self._transition(made, edge, source)
        return made

    def _transition(self, made: Machine, edge: Edge, source: str) -> None:
        conditions: list[str | Callable[..., bool | None]] = [
            lambda event: self.pilot.state in graph.expand(edge.during or ("any",), self.workflow.states),
            lambda event: all(event.kwargs["put"].data[name] in held for name, held in edge.when.items()),
            lambda event: self._may(event, edge),
            lambda event: self._open(event, edge),
        ]
        dest = None if edge.to in {None, SAME, PREVIOUS} else edge.to
        after = self._return if edge.to == PREVIOUS else None
        made.add_transition(edge.trigger, source, dest, conditions=conditions, after=after)

    def _return(self, event: EventData) -> None:
        walker = cast("Walker", event.model)
        if len(walker.trail) > 1:
            event.machine.set_state(walker.trail[-2], model=walker)

    def _may(self, event: EventData, edge: Edge) -> bool:
        put: Put = event.kwargs["put"]
        put.met = edge
        return self.may(put, edge, cast("Walker", event.model))

    def may(self, put: Put, edge: Edge, walker: Walker) -> bool:
        """Whether the actor has a role for an edge."""
        for name in (role for one in edge.allow for role in self.workflow.groups.get(one, (one,))):
            if name == "starter" and put.actor.id == self.starter:
                return True
            if name in put.actor.roles and (
                self.workflow.roles[name].side != "supplier" or self._own(put, edge, walker)
            ):
                return True
        return False

    def _own(self, put: Put, edge: Edge, walker: Walker) -> bool:
        party = put.actor.party
        if edge.opens and walker.state == ABSENT:
            return party is not None and party == put.data.get("party", walker.key)
        return party is not None and (walker.kind is None or walker.party == party)

    def _open(self, event: EventData, edge: Edge) -> bool:
        put: Put = event.kwargs["put"]
        put.fired_by = edge
        needed = [use.params["key"] for use in edge.require]
        put.shut = tuple(f"shut-{key}" for key in needed if key not in put.data.get("gates", ()))
        return not put.shut

    def walker(self, trigger: str, key: str | None) -> Walker | None:
        """The model that a command is about, None where there is none."""
        if key is None:
            return self.pilot
        for kind, track in self.workflow.tracks.items():
            if any(edge.opens and edge.trigger == trigger for edge in track.edges):
                return self.tracks.get(key) or Walker(kind, key)
        return self.tracks.get(key)

    def fire(self, walker: Walker, trigger: str, put: Put) -> str:
        """Let `transitions` fire a trigger, and tell what came of it: accepted, or what it stopped at."""
        machine = self.machines[walker.kind]
        fresh = walker is not self.pilot and walker.key not in self.tracks
        if fresh:
            machine.add_model(walker, initial=ABSENT)
        try:
            moved = machine.events[trigger].trigger(walker, put=put)
        except MachineError:
            moved = False
        if fresh and not moved:
            machine.remove_model(walker)
        if moved:
            if fresh:
                walker.party = put.data.get("party", walker.key)
                self.tracks[str(walker.key)] = walker
            walker.follow()
            return ACCEPTED
        return GATES if put.fired_by else ROLES if put.met else STATE
