"""What becomes of the terms that run on a pilot: each goes on as its clock's line in the plan says.

1. A clock that is the same in both versions goes on by itself. For any other there has to be a line.
2. Nothing lapses by surprise: where the new version would have a trigger fired sooner than a week from now, and the old
   one would not have had it fired on that day or from that state, it fires a week from now. What is overdue reminds
   first.
3. What a clock told already it does not tell again, but for what now lies ahead. That a role or a trigger has another
   name makes nothing new of it: who was told in that role was told.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from attrs import frozen

from proeftuin.core.calendar import Calendar
from proeftuin.core.clocks import Term, counted_from, terms
from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.migration.declared import ClockMap, Migration
from proeftuin.core.moments import FIRE
from proeftuin.core.pilot import Laid, Pilot, Raised, Told
from proeftuin.core.structs import replace
from proeftuin.core.table import SYSTEM, Table

NOTICE = timedelta(days=7)
"""How long after a migration a clock may fire a trigger that it would not have fired before."""


@frozen(slots=False, eq=False, repr=False)
class Changeover:
    """The clocks of two versions, and what a plan says of them."""

    plan: Migration
    old: Table
    new: Table
    calendars: tuple[Calendar, Calendar]

    def undecided(self) -> Iterator[Blocker]:
        """Give the clocks of which the plan has to say something and does not, or says what cannot be."""
        old, new = self.old.workflow.clocks, self.new.workflow.clocks
        taken = {said.to for name in old if (said := self.plan.clock(name)) is not None and said.to is not None}
        for name in dict.fromkeys((*old, *new)):
            said = self.plan.clock(name)
            if said is None and old.get(name) != new.get(name) and name not in taken:
                yield Blocker("clock-undecided", FrozenDict({"clock": name, "because": _change(name, old, new)}))
            elif said is not None and self._mingles(name, said):
                yield Blocker("clock-mingled", FrozenDict({"clock": name, "to": said.to}))
            elif said is not None and said.do != "drop" and (said.to or name) not in new:
                yield Blocker("clock-gone", FrozenDict({"clock": name}))
            elif said is not None and said.do == "restart" and not isinstance(new[said.to or name].due, tuple):
                yield Blocker("clock-dated", FrozenDict({"clock": name}))

    def _mingles(self, name: str, said: ClockMap) -> bool:
        """Whether a clock would go on under a name that another one has, or leave its own to another."""
        old, new = self.old.workflow.clocks, self.new.workflow.clocks
        others = (one for other in self.plan.clocks if other != name and (one := self.plan.clock(other)) is not None)
        twice = said.to in {one.to for one in others}
        return said.to not in {None, name} and (said.to in old or name in new or twice)

    def moved(self, before: Pilot, after: Pilot, today: date) -> tuple[Pilot, tuple[Blocker, ...]]:
        """Return a pilot whose terms go on as the plan says, and what of it needs a decision.

        Args:
            before: as it was, under the old version.
            after: the same under the new one, with what its clocks told still under the old names.
            today: the day of the migration.
        """
        names = self._names
        keys = {key: self._key(key, names) for key in (*before.told, *before.laid, *_signals(before))}
        bare = replace(
            after,
            told=_renamed({key: self._named(one) for key, one in before.told.items()}, keys),
            laid=_renamed(before.laid, keys),
            signals=tuple(replace(one, clock=keys[one.clock]) for one in before.signals),
            episodes=tuple(replace(one, clock=keys[one.clock]) for one in before.episodes),
        )
        was = {self._key(one.key, names): one for one in terms(self.old, before, self.calendars[0])}
        running = {one.key: one for one in terms(self.new, replace(bare, laid=FrozenDict()), self.calendars[1])}
        told, laid = self._going_on(bare, was, running, today)
        changes = {"told": FrozenDict(sorted(told.items())), "laid": FrozenDict(sorted(laid.items()))}
        moved = replace(bare, **changes)
        return replace(moved, **_signalled(moved, running, today)), tuple(self._lost(was, running))

    def _named(self, told: Told) -> Told:
        """Return what a term told with whom it told under the names that their roles have now."""
        return replace(told, roles=tuple(dict.fromkeys(self.plan.roles.get(one, one) for one in told.roles)))

    def _going_on(
        self, pilot: Pilot, was: Mapping[str, Term], running: Mapping[str, Term], today: date
    ) -> tuple[dict[str, Told], dict[str, Laid]]:
        """Return what clocks told that still counts, and what is laid down for those that run."""
        told, laid = dict(pilot.told), dict[str, Laid]()
        for key, term in running.items():
            said = self._said(term.wheel.name)
            if said is None:  # the same in both versions, or nobody has decided yet
                down = self._put_off(_still(pilot.laid.get(key), term), was.get(key), term, today)
            else:
                down = self._laid(said, was.get(key), term, today)
                before = told.pop(key, None)
                if before is not None and said.do != "restart":
                    told.update(self._told(before, was.get(key), term, down, today))
            if down != Laid(term.anchor):
                laid[key] = down
        return told, laid

    def _lost(self, was: Mapping[str, Term], running: Mapping[str, Term]) -> Iterator[Blocker]:
        """Give the terms that would run no more, though nobody dropped them."""
        for key, one in was.items():
            said = self.plan.clock(one.wheel.name)
            if key not in running and (said is None or said.do != "drop"):
                yield Blocker("clock-lost", FrozenDict({"clock": key}), None if one.track is None else one.track.key)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The clocks that go on under another name: by the old one, the new one."""
        return {name: said.to for name in self.plan.clocks if (said := self.plan.clock(name)) and said.to is not None}

    def _key(self, key: str, names: Mapping[str, str]) -> str:
        name, colon, place = key.partition(":")
        return names.get(name, name) + colon + place

    def _said(self, name: str) -> ClockMap | None:
        """Return what is said of a clock, by its name in the new version."""
        return self.plan.clock(self._before.get(name, name))

    @cached_property
    def _before(self) -> Mapping[str, str]:
        return {new: old for old, new in self._names.items()}

    # -- one term --------------------------------------------------------------------------------------------------

    def _laid(self, said: ClockMap, was: Term | None, term: Term, today: date) -> Laid:
        """Return what is laid down for a term: only what the new version does not say by itself."""
        down = Laid(term.anchor)
        kept = was if said.do == "keep" else None
        if said.do == "drop" or (said.do == "keep" and kept is None):
            return replace(down, ended=True)
        if said.do == "restart":
            down = replace(down, since=today, base=today)
        elif kept is not None:
            if (kept.since, kept.base, kept.offset) != (term.since, term.base, term.offset):
                down = Laid(term.anchor, kept.since, kept.base, kept.offset.amount, kept.offset.unit)
            down = replace(down, fires=kept.fires)
        return self._put_off(down, was, term, today)

    def _put_off(self, down: Laid, was: Term | None, term: Term, today: date) -> Laid:
        """Put off what would be fired sooner than anybody could expect."""
        going = _as(term, down)
        for moment, day in zip(going.wheel.moments, going.days.moments, strict=True):
            if moment.kind != FIRE or day is None or day >= today + NOTICE:
                continue
            if not self._foreseen(moment.word, day, was, term, today):
                return replace(down, fires=today + NOTICE)
        return down

    def _foreseen(self, trigger: str, day: date, was: Term | None, term: Term, today: date) -> bool:
        """Whether the old version had a trigger fired on that day, or would have, wherever the new one has it fired."""
        if was is None:
            return False
        pairs = zip(was.wheel.moments, was.days.moments, strict=True)
        words = [one.word for one, when in pairs if one.kind == FIRE and when == day]
        same = [one for one in words if self.plan.triggers.get(one, one) == trigger]
        over = day <= today or not _may_fire(self.new, term, trigger)  # it was fired, or leads nowhere now
        return any(over or _may_fire(self.old, was, one) for one in same)

    def _told(self, told: Told, was: Term | None, term: Term, down: Laid, today: date) -> dict[str, Told]:
        """Return what a term told, by its key, without what it will tell on a later day; nothing of one that ended."""
        if was is None or told.anchor != was.anchor or down.ended:
            return {}
        going = _as(term, down)
        pairs = zip(going.wheel.moments, going.days.moments, strict=True)
        ahead = {moment.name for moment, day in pairs if day is None or day > today}
        done = dict.fromkeys(name for one in told.done if (name := self._moment(one)) not in ahead)
        return {term.key: replace(told, anchor=term.anchor, done=tuple(done))}

    def _moment(self, name: str) -> str:
        """Return the name that a moment has in the new version, as that of a role or a trigger is part of it."""
        what, _, rest = name.partition(".")
        word, dot, when = rest.partition(".")
        words = {"remind": self.plan.roles, "escalate": self.plan.roles, "fire": self.plan.triggers}.get(what, EMPTY)
        return f"{what}.{words.get(word, word)}{dot}{when}"


def _change(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> str:
    return "added" if name not in old else "removed" if name not in new else "changed"


def _signals(pilot: Pilot) -> Iterator[str]:
    yield from (one.clock for one in pilot.signals)
    yield from (one.clock for one in pilot.episodes)


def _renamed(values: Mapping[str, Any], keys: Mapping[str, str]) -> FrozenDict:
    return FrozenDict(sorted((keys[key], one) for key, one in values.items()))


def _signalled(pilot: Pilot, running: Mapping[str, Term], today: date) -> dict[str, Any]:
    """Return the signals that are still up, and those that ever were: one goes with the term that raised it."""
    up = tuple(one for one in pilot.signals if _raised(one, pilot, running.get(one.clock)))
    names = {(one.signal, one.clock) for one in up}
    over = {
        number: replace(one, until=max(one.since, today))
        for number, one in enumerate(pilot.episodes)
        if one.until is None and (one.signal, one.clock) not in names
    }
    return {"signals": up, "episodes": tuple(over.get(number, one) for number, one in enumerate(pilot.episodes))}


def _raised(one: Raised, pilot: Pilot, term: Term | None) -> bool:
    told = pilot.told.get(one.clock)
    moments = () if term is None or told is None or told.anchor != term.anchor else term.wheel.moments
    return any(told and moment.name in told.done and moment.word == one.signal for moment in moments)


def _still(laid: Laid | None, term: Term) -> Laid:
    """Return what an earlier migration laid down for a term, where that is still the same."""
    return laid if laid is not None and laid.anchor == term.anchor else Laid(term.anchor)


def _as(term: Term, down: Laid) -> Term:
    return replace(term, **counted_from(down), fires=down.fires)


def _may_fire(table: Table, term: Term, trigger: str) -> bool:
    """Whether a clock can have a trigger fired where the pilot or its track is now."""
    kind, state = (None, term.pilot.state) if term.track is None else (term.track.kind, term.track.state)
    here = table.at.get((kind, state, trigger), ())
    return any(SYSTEM in rule.allowed and term.pilot.state in rule.during for rule in here)
