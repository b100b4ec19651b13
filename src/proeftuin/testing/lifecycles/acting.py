"""Commands made up for a random story: what may be said here, what would help, and what is wrong on purpose."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from proeftuin.core.commands import Actor
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import RELATIONS, Rule
from proeftuin.testing.lifecycles.filling import Filler, candidates
from proeftuin.testing.lifecycles.hops import by_system
from proeftuin.testing.lifecycles.source import Source
from proeftuin.testing.lifecycles.stage import Stage
from proeftuin.testing.lifecycles.story import Call
from proeftuin.testing.lifecycles.supplying import Supplier

UNHEARD_OF = "something_else"
ODD: tuple[Any, ...] = ("", "  ", -1, True, "x" * 300, "2026-02-30", [], {"a": {"b": 1}}, 2**60, "jan@example.nl", [1])


@frozen
class Improviser:
    """Makes up what is said next on a pilot.

    Attributes:
        stage: where it is said.
        source: what to choose by.
        supply: for guards of a host, by name: gives the data that such a guard asks.
    """

    stage: Stage
    source: Source
    supply: Mapping[str, Supplier] = EMPTY

    def act(self, pilot: Pilot) -> Call:
        """Return something that the states allow, most of the time; more often than not a move."""
        source = self.source
        here = [rule for rule in self._human() if self._fillable(rule, pilot)]
        moving = [rule for rule in here if rule.moves]
        options = moving if moving and source.chance(45) else here
        options = options if options and source.chance(92) else self._human()
        rule = source.pick(options[:256])
        if self._ends(rule) and source.chance(65):
            rule = source.pick(options[:256])
        return self.said(rule, pilot)

    def help(self, pilot: Pilot) -> Call:
        """Return what would bring a move closer; the move itself, where nothing is against it."""
        source = self.source
        options = [rule for rule in self._human() if rule.moves and self._keys(rule, pilot)]
        onward = [rule for rule in options if not self._ends(rule)]
        if not options:
            return self.act(pilot)
        wanted = self.said(source.pick((options if source.chance(30) else onward or options)[:256]), pilot)
        told = self.stage.engine.explain(
            pilot.id, wanted.trigger, actor=wanted.actor, data=wanted.data, track=wanted.track
        )
        remedies = [one for blocker in told.blockers for one in blocker.missing]
        if not remedies:
            return wanted
        remedy = source.pick(remedies[:256])
        found = [one for one in self._human() if one.edge.trigger == remedy.trigger]
        fit = [one for one in found if remedy.track in self._keys(one, pilot)] or found
        return self.said(fit[0], pilot, remedy.data, remedy.track) if fit else wanted

    def sign(self, pilot: Pilot) -> Call:
        """Return the signature that is waited for, by somebody who may give it, or by whoever signed already."""
        source = self.source
        vote = source.pick(pilot.signatures)
        rules = [rule for rule in self.stage.table.every if rule.edge.trigger == vote.trigger and rule.edge.sign]
        able = self.stage.people.able(rules[0], pilot, vote.track) or self.stage.people.everybody(pilot)
        data = dict(vote.data) if source.chance(20) else None
        return Call(vote.trigger, source.pick(able), data, vote.track, pilot.id)

    def by_a_stranger(self, pilot: Pilot) -> Call | None:
        """Return a command by somebody who may not give it, None where everybody may."""
        rule = self.source.pick(self._human())
        key = self._key(rule, pilot)
        data = self._data(rule, pilot, key, EMPTY)
        rules = [one for one in self.stage.table.every if one.edge.trigger == rule.edge.trigger]
        allowed = {name for one in rules for name in one.allowed}
        others = [one for one in self.stage.people.everybody(pilot) if not one.roles & allowed]
        if not others or allowed & set(RELATIONS):
            return None
        return Call(rule.edge.trigger, self.source.pick(others), data, key, pilot.id)

    def spoiled(self, pilot: Pilot) -> Call:
        """Return a command with data that no edge could take."""
        call = self.said(self.source.pick(self._human()), pilot)
        return Call(
            call.trigger, call.actor, {**(call.data or {}), UNHEARD_OF: self.source.pick(ODD)}, call.track, pilot.id
        )

    def odd(self, pilot: Pilot) -> Call:
        """Return a command of which a field is left out, or holds what it should not."""
        call = self.said(self.source.pick(self._human()), pilot)
        data = dict(call.data or {})
        if data:
            name = self.source.pick(list(data))
            if self.source.chance(40):
                del data[name]
            else:
                data[name] = self.source.pick(ODD)
        return Call(call.trigger, call.actor, data or None, call.track, pilot.id)

    def unheard_of(self, pilot: Pilot) -> Call:
        """Return a trigger that the workflow does not have."""
        actor = self.source.pick(self.stage.people.everybody(pilot))
        return Call(UNHEARD_OF, actor, None, self.source.pick((None, *pilot.tracks)), pilot.id)

    def started(self) -> Call:
        """Return the beginning of another pilot."""
        rule = self.stage.table.start
        actor = self.source.pick(self.stage.people.able(rule))
        return Call("start", actor, self._filler().data(rule, None, None, self.stage.today))

    # -- who, where, with what -------------------------------------------------------------------------------------

    def said(self, rule: Rule, pilot: Pilot, given: Mapping[str, Any] = EMPTY, track: str | None = None) -> Call:
        """Return a command for an edge, by somebody who may give it."""
        key = self._key(rule, pilot) if track is None else track
        data = self._data(rule, pilot, key, given)
        able = self.stage.people.able(rule, pilot, key, data) or self.stage.people.everybody(pilot)
        return Call(rule.edge.trigger, self.source.pick(able), data or None, key, pilot.id)

    def _filler(self) -> Filler:
        return Filler(self.stage.table, self.stage.people, self.source, self.supply)

    def _data(self, rule: Rule, pilot: Pilot, key: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
        return self._filler().data(rule, pilot, key, self.stage.today, given)

    def _human(self) -> list[Rule]:
        return [rule for rule in self.stage.table.every if not by_system(rule)]

    def _ends(self, rule: Rule) -> bool:
        """Whether an edge leads to where little can be done any more."""
        workflow = self.stage.table.workflow
        states = workflow.states if rule.kind is None else workflow.tracks[rule.kind].states
        state = states.get(str(rule.edge.to))
        return state is not None and (state.final or state.done)

    def _key(self, rule: Rule, pilot: Pilot) -> str | None:
        keys = self._keys(rule, pilot)
        if keys:
            return self.source.pick(keys)
        own = [one.key for one in pilot.tracks.values() if one.kind == rule.kind]
        return None if rule.kind is None else self.source.pick(own or ["nowhere"])

    def _keys(self, rule: Rule, pilot: Pilot) -> list[str | None]:
        """Return the places at which the states allow an edge now."""
        if pilot.state not in rule.during:
            return []
        if rule.opener is not None:
            return [one for one in self.stage.people.parties if one not in pilot.tracks]
        if rule.kind is None:
            return [None] if pilot.state in rule.sources else []
        return [one.key for one in pilot.tracks.values() if one.kind == rule.kind and one.state in rule.sources]

    def _fillable(self, rule: Rule, pilot: Pilot) -> bool:
        """Whether an edge can be fired somewhere, and what it must point at is there."""
        keys = self._keys(rule, pilot)
        return bool(keys) and all(
            any(candidates(rule, name, field, pilot, key) for key in keys)
            for name, field in rule.fields.items()
            if field.required and field.type == "record"
        )


def holding(stage: Stage, pilot: Pilot, hold: str) -> Iterator[tuple[Rule, Actor]]:
    """Give the edges that put a pilot on hold, or let it run again, each with somebody who may."""
    for rule in stage.table.every:
        if rule.edge.hold == hold and pilot.state in rule.sources:
            yield from ((rule, actor) for actor in stage.people.able(rule, pilot))
