"""What stands on the sheet of a workflow, as rows of plain text: steps, what is recorded, terms."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from attrs import frozen

from proeftuin.core import graph
from proeftuin.core.frozen import EMPTY
from proeftuin.core.guards import Guard
from proeftuin.core.workflow import (
    ANY,
    ANY_OPEN,
    PREVIOUS,
    SAME,
    Clock,
    Edge,
    FieldRef,
    GuardUse,
    Offset,
    RecordRef,
    Scalar,
    State,
    Workflow,
)  # fmt: skip
from proeftuin.views.conditions import condition, listed, lower, named
from proeftuin.views.words import plain, said, word

WORDS: Mapping[str, tuple[str, str]] = {
    "any_open": ("at any time", "op elk moment"),
    "any": ("always, also after closing", "altijd, ook na afsluiting"),
    "new": ("new", "nieuw"),
    "back": ("back to where it was", "terug naar waar het was"),
    "hold": ("on hold", "gepauzeerd"),
    "go-on": ("goes on", "loopt weer door"),
    "pilot": ("a new pilot", "een nieuwe proeftuin"),
    "while": ("while the pilot is: {one}", "als de proeftuin is: {one}"),
    "sign": ("{one} both sign", "{one} tekenen samen"),
    "never": ("not possible", "kan niet"),
    "falls": ("otherwise back to: {one}", "anders terug naar: {one}"),
    "progress": ("the last sign of life", "het laatste levensteken"),
    "progress-in": ("the last sign of life in {one}", "het laatste levensteken in {one}"),
    "per": ("{one}, of each {two}", "{one}, per {two}"),
    "paused": ("the pause", "de pauze"),
    "given": ("on the day given: {one}", "op de opgegeven dag: {one}"),
    "on-the-day": ("on the day itself", "op de dag zelf"),
    "at-once": ("at once", "meteen"),
    "before": ("{one} before", "{one} vooraf"),
    "after": ("{one} later", "{one} daarna"),
    "to": ("{one} ({two})", "{one} ({two})"),
    "yes": ("yes", "ja"),
    "no": ("no", "nee"),
}
UNITS: Mapping[str, tuple[str, str, str, str]] = {
    "days": ("day", "days", "dag", "dagen"),
    "weeks": ("week", "weeks", "week", "weken"),
    "months": ("month", "months", "maand", "maanden"),
    "working_days": ("working day", "working days", "werkdag", "werkdagen"),
}
FEW_CHOICES = 3
FORMAL = {"privacy", "period"}  # guards that look at how the data is written


@frozen
class Step:
    """Something that moves the pilot or a track: what, from where, to where, by whom, and what that takes."""

    label: str
    sources: str
    target: str
    who: str
    conditions: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


@frozen
class Recording:
    """What somebody may record: by whom, and each thing with what it takes."""

    who: str
    what: tuple[tuple[str, tuple[str, ...]], ...]


@frozen
class Term:
    """A term: since when, until when, who hears of it, and what comes of it."""

    label: str
    since: str
    due: str
    told: tuple[str, ...]
    comes: tuple[str, ...]


@frozen(slots=False)
class Rows:
    """The rows of a workflow in one language.

    Attributes:
        guards: those of the host that the workflow uses.
    """

    workflow: Workflow
    lang: str
    guards: Mapping[str, Guard] = EMPTY

    def tell(self, which: str, one: str = "", two: str = "") -> str:
        """Return words of the sheet itself."""
        return WORDS[which][self.lang == "nl"].replace("{one}", one).replace("{two}", two)

    def state(self, name: str, states: Mapping[str, State]) -> str:
        """Return the label of a state."""
        return plain(said(states[name].label, self.lang)) if name in states else word(self.workflow, name, self.lang)

    # ---------------------------------------------------------------------------------------------------- steps

    def steps(self, kind: str | None) -> tuple[Step, ...]:
        """Return what moves the pilot (None), or a kind of track, once for edges that differ in nothing but whence."""
        found: dict[Step, list[str]] = {}
        for edge in self._edges(kind):
            if _moves(edge):
                states, _ = graph.lifecycle(self.workflow, kind)
                found.setdefault(self._step(edge, kind), []).append(self._sources(edge, states))
        return tuple(
            Step(one.label, " / ".join(dict.fromkeys(sources)), one.target, one.who, one.conditions, one.advice)
            for one, sources in found.items()
        )

    def _edges(self, kind: str | None) -> tuple[Edge, ...]:
        return graph.lifecycle(self.workflow, kind)[1]

    def _step(self, edge: Edge, kind: str | None) -> Step:
        return Step(self._label(edge), "", self._target(edge, kind), self.who(edge), *self._takes(edge))

    def _label(self, edge: Edge) -> str:
        label = plain(said(edge.label, self.lang)) if edge.label else word(self.workflow, edge.trigger, self.lang)
        picked = [self._picked(name, values) for name, values in edge.when.items() if len(values) <= FEW_CHOICES]
        return f"{label}: {', '.join(picked)}" if picked else label

    def _picked(self, name: str, values: Sequence[Scalar]) -> str:
        words = [self.tell("yes" if one else "no") for one in values if isinstance(one, bool)]
        if words:
            return f"{named(self.workflow, f'.{name}', self.lang)} {listed(words, self.lang, any_of=True)}"
        return listed([named(self.workflow, str(one), self.lang) for one in values], self.lang, any_of=True)

    def _takes(self, edge: Edge) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what an edge requires, and what it advises; not how its data has to look."""
        require = [self._condition(use) for use in edge.require if use.name not in FORMAL]
        if edge.during and edge.during not in {(ANY_OPEN,), (ANY,)}:
            states = [lower(self.state(one, self.workflow.states)) for one in edge.during]
            require.insert(0, self.tell("while", listed(states, self.lang, any_of=True)))
        if edge.refuse is not None:
            require.append(self.tell("never"))
        if edge.falls is not None:
            kept = [self._condition(use) for use in edge.falls.unless]
            require.append(f"{', '.join(kept)}; {self.tell('falls', named(self.workflow, edge.falls.to, self.lang))}")
        return tuple(require), tuple(self._condition(use) for use in edge.advise)

    def _condition(self, use: GuardUse) -> str:
        return condition(self.workflow, use, self.lang, self.guards)

    def _sources(self, edge: Edge, states: Mapping[str, State]) -> str:
        if edge.opener is not None:
            return self.tell("new")
        if edge.sources in {(ANY_OPEN,), (ANY,)}:
            return self.tell(edge.sources[0])
        return " / ".join(self.state(one, states) for one in edge.sources)

    def _target(self, edge: Edge, kind: str | None) -> str:
        told = []
        if edge.hold is not None:
            told.append(self.tell("hold" if edge.hold == "pause" else "go-on"))
        if edge.to == PREVIOUS:
            told.append(self.tell("back"))
        elif edge.to is not None and edge.to != SAME:
            told.append(self.state(edge.to, graph.lifecycle(self.workflow, edge.opener or kind)[0]))
        if edge.starts is not None:
            told.append(self.tell("pilot"))
        if edge.beside is not None and edge.beside.track in self.workflow.tracks:
            track = self.workflow.tracks[edge.beside.track]
            told.append(f"{plain(said(track.label, self.lang))}: {self.state(edge.beside.to, track.states)}")
        return " + ".join(told)

    def who(self, edge: Edge) -> str:
        """Return who may fire an edge, or who sign together."""
        if edge.sign:
            return self.tell("sign", listed([named(self.workflow, one, self.lang) for one in edge.sign], self.lang))
        return self._people(edge.allow)

    def _people(self, names: Iterable[str]) -> str:
        words = [one for name in names for one in self._role(name)]
        return listed(list(dict.fromkeys(words)), self.lang, any_of=True)

    def _role(self, name: str) -> list[str]:
        """Return a role, or a group by its label, and otherwise by its roles."""
        members = self.workflow.groups.get(name, ())
        if members and word(self.workflow, name, self.lang) == name.replace("_", " "):
            return [named(self.workflow, one, self.lang) for one in members]
        return [named(self.workflow, name, self.lang)]

    # ------------------------------------------------------------------------------------------------ recordings

    def recordings(self) -> tuple[Recording, ...]:
        """Return what is recorded and moves nothing, by who may do it; with what it takes in every case."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for kind in (None, *self.workflow.tracks):
            for edge in self._edges(kind):
                if not _moves(edge) and edge.snooze is None:
                    things, label = found.setdefault(self.who(edge), {}), lower(self._label(edge))
                    takes = self._takes(edge)[0]
                    things[label] = tuple(one for one in things.get(label, takes) if one in takes)
        return tuple(Recording(who, tuple(things.items())) for who, things in found.items())

    # ------------------------------------------------------------------------------------------------------ terms

    def terms(self) -> tuple[Term, ...]:
        """Return the terms."""
        return tuple(self._term(name, clock) for name, clock in self.workflow.clocks.items())

    def _term(self, name: str, clock: Clock) -> Term:
        label = plain(said(clock.label, self.lang)) if clock.label else word(self.workflow, name, self.lang)
        comes = [self._told(role, offsets) for role, offsets in clock.escalate.items()]
        if clock.signal is not None:
            signal = named(self.workflow, clock.signal.name, self.lang)
            tell = self._people(clock.signal.tell)
            after = self.length(clock.signal.after)
            comes.append(self.tell("to", f"\u26a0 {signal}", f"{after}{f', {tell}' if tell else ''}"))
        if clock.fire is not None:
            comes.append(f"\u2192 {named(self.workflow, clock.fire, self.lang)}")
        told = tuple(self._told(role, offsets) for role, offsets in clock.remind.items())
        return Term(label, self._since(clock), self._due(clock), told, tuple(comes))

    def _told(self, role: str, offsets: Iterable[Offset]) -> str:
        return self.tell("to", named(self.workflow, role, self.lang), ", ".join(self.length(one) for one in offsets))

    def _since(self, clock: Clock) -> str:
        if clock.during is not None:
            return self.tell("paused")
        since = "" if clock.since is None else self._moment(clock.since)
        if clock.per is not None:
            per = named(self.workflow, clock.per, self.lang)
            return self.tell("per", since, per) if since else per
        return since

    def _moment(self, since: str | RecordRef) -> str:
        if isinstance(since, RecordRef):
            held = [str(one) for one in since.where.values()]
            return listed([named(self.workflow, one, self.lang) for one in held or [since.record]], self.lang)
        head, *rest = since.split(".")
        if head == "progress":
            return self.tell("progress")
        if not rest:
            return lower(self.state(head, self.workflow.states)) if head in self.workflow.states else self._field(head)
        kind = self.workflow.tracks.get(head)
        state = self.state(rest[0], kind.states) if kind else rest[0]
        shown = f"{lower(plain(said(kind.label, self.lang))) if kind else head} \u201c{lower(state)}\u201d"
        return self.tell("progress-in", shown) if len(rest) > 1 else shown

    def _field(self, name: str) -> str:
        return named(self.workflow, f".{name}", self.lang)

    def _due(self, clock: Clock) -> str:
        if isinstance(clock.due, FieldRef):
            return self.tell("given", self._field(clock.due.field))
        return listed([self.length(one) for one in clock.due], self.lang)

    def length(self, offset: Offset) -> str:
        """Return a length of time in words."""
        if offset.amount == 0:
            return self.tell("at-once" if offset.relative is None else "on-the-day")
        one, more = UNITS[offset.unit][2 * (self.lang == "nl") :][:2]
        shown = f"{offset.amount} {one if offset.amount == 1 else more}"
        return shown if offset.relative is None else self.tell(offset.relative.removesuffix(" due"), shown)

    # ------------------------------------------------------------------------------------------------------- rules

    @property
    def private(self) -> bool:
        """Whether texts are looked at for what identifies a person."""
        edges = (edge for kind in (None, *self.workflow.tracks) for edge in self._edges(kind))
        return any(use.name == "privacy" for edge in edges for use in edge.require)

    @cached_property
    def exclusions(self) -> tuple[str, ...]:
        """Pairs of roles that one person may not hold in one pilot."""
        roles = self.workflow.roles.items()
        pairs = {frozenset((name, other)): (name, other) for name, role in roles for other in role.excludes}
        return tuple(
            listed([named(self.workflow, one, self.lang) for one in pair], self.lang) for pair in pairs.values()
        )


def _moves(edge: Edge) -> bool:
    """Whether an edge moves, holds, signs or begins something."""
    to = edge.to is not None and edge.to != SAME
    return to or bool(edge.sign or edge.hold or edge.opens or edge.starts)
