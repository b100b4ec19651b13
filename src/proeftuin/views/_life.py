"""The life of one pilot as rows along an axis of time: its states, tracks, and what happened.

It is told from the history alone: what a pilot went through (`Pilot.path`, `pauses`, `episodes`) and its events.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from proeftuin.core import graph
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pause, Pilot
from proeftuin.core.workflow import State, Workflow
from proeftuin.views._axis import Bar, Line, Mark, Shape
from proeftuin.views._look import STEPS
from proeftuin.views._picture_words import tell
from proeftuin.views._spells import Spell, is_end, spells
from proeftuin.views.diagram import kind_label, state_label
from proeftuin.views.picture import joined
from proeftuin.views.timeline import Row
from proeftuin.views.words import plain, word

TOLD = 80

DECISIONS = ("decision", "endorsement", "sponsorship", "route", "instrument", "objection")
TALKS = ("activity", "check_in")
# On tracks: record -> shape and class.
ON_TRACKS: Mapping[str, tuple[Shape, str]] = {
    "activity": ("circle", "strong"),
    "check_in": ("circle", "strong"),
    "agreement": ("square", "strong"),
    "placement": ("triangle", "strong"),
}
REMINDERS: Mapping[str, tuple[Shape, str]] = {
    "clock.reminded": ("down", "ocare"),
    "clock.escalated": ("down", "care"),
    "clock.fired": ("cross", "care"),
}


@frozen
class Life:
    """A pilot, and what happened to it up to a day, in words."""

    workflow: Workflow
    pilot: Pilot
    happened: tuple[tuple[Event, Row], ...]
    as_of: date
    lang: str

    def say(self, which: str) -> str:
        return tell(self.lang, which)

    def word(self, name: object) -> str:
        return word(self.workflow, name, self.lang)

    def state(self, name: str, kind: str | None = None) -> str:
        """Return what a state is called: of the pilot (None), or of a kind of track."""
        return state_label(self.workflow, kind, name, self.lang)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """Its pauses, as far as the day."""
        return tuple(one for one in self.pilot.pauses if one.since <= self.as_of)

    def lines(self) -> Iterator[Line]:
        """Give the rows, in the order in which they are drawn."""
        yield from self._states()
        if self.pauses:
            bars = [self.span(one.since, one.until, self.say("hold"), "hold") for one in self.pauses]
            yield Line(self.say("hold"), bars=tuple(bars))
        decided = tuple(self._decisions())
        if decided:
            yield Line(self.say("decisions"), marks=decided)
        talks = tuple(self._marks(None))
        if talks:
            yield Line(self.say("talks"), marks=talks)
        yield from (self._track(key) for key, one in self.pilot.tracks.items() if spells(self.pilot, key, self.as_of))
        yield from self._signals()
        told = tuple(
            Mark(event.on, *REMINDERS[event.type], plain(row.what, TOLD))
            for event, row in self.happened
            if event.type in REMINDERS
        )
        if told:
            yield Line(self.say("reminders"), marks=told)

    def _states(self) -> Iterator[Line]:
        passed = spells(self.pilot, None, self.as_of)
        names = dict.fromkeys([*self.workflow.states, *(one.state for one in passed)])
        for name in names:
            own = [one for one in passed if one.state == name]
            if own:
                here = passed[-1].state == name
                ended = is_end(self.workflow.states.get(name))
                label = self.state(name)
                yield Line(
                    f"\u25cf {label}" if here else label,
                    bars=() if ended else tuple(self._state_bar(one) for one in own),
                    marks=tuple(self.end(one) for one in own) if ended else (),
                    strong=here,
                )

    def _state_bar(self, spell: Spell) -> Bar:
        days = ((spell.until or self.as_of) - spell.since).days
        look = "here" if spell.until is None else "step-3"
        label = tell(self.lang, "days", one=days)
        return Bar(spell.since, spell.until, label, self.state(spell.state), look, str(days))

    def end(self, spell: Spell, kind: str | None = None) -> Mark:
        """Return the mark of a state that ends a lifecycle: the pilot's (None), or that of a kind of track."""
        closed = kind is None and self.pilot.outcome and self.pilot.since == spell.since
        outcome = self.word(self.pilot.outcome) if closed else ""
        told = joined((self.state(spell.state, kind), outcome))
        return Mark(spell.since, "square", "ink", told, joined((outcome or told, spell.since)))

    def span(self, since: date, until: date | None, label: str, look: str) -> Bar:
        until = None if until is None or until > self.as_of else until
        return Bar(since, until, label, label, look)

    def _decisions(self) -> Iterator[Mark]:
        """Give what was decided, and what was taken back; alike ones of one day together."""
        found: dict[tuple[date, bool, str], list[str]] = {}
        for event, row in self.happened:
            if event.data.get("record") in DECISIONS and event.type in {"record.added", "record.ended"}:
                found.setdefault((event.on, event.type == "record.ended", row.head), []).append(row.what)
        for (day, ended, head), whats in found.items():
            times = f"{len(whats)}x " if len(whats) > 1 else ""
            told = plain("; ".join(whats), TOLD)
            yield Mark(day, "cross" if ended else "diamond", "strong", told, f"{times}{head}, {day}")

    def _marks(self, track: str | None) -> Iterator[Mark]:
        """Give what was recorded on a track; for the pilot (None) what was on none."""
        for event, row in self.happened:
            kind = str(event.data.get("record"))
            if event.type == "record.added" and kind in ON_TRACKS:
                on = _tracks_of(event)
                if track in on or (track is None and not on and kind in TALKS):
                    yield Mark(event.on, *ON_TRACKS[kind], plain(row.what, TOLD))

    def _track(self, key: str) -> Line:
        track = self.pilot.tracks[key]
        states, _ = graph.lifecycle(self.workflow, track.kind) if track.kind in self.workflow.tracks else ({}, ())
        passed = spells(self.pilot, key, self.as_of)
        bars = tuple(self._track_bar(one, track.kind, states) for one in passed if not is_end(states.get(one.state)))
        ends = tuple(self.end(one, track.kind) for one in passed if is_end(states.get(one.state)))
        label = kind_label(self.workflow, track.kind, self.lang)
        note = f"{label}: {self.state(passed[-1].state, track.kind)}"
        return Line(plain(key), note, bars, tuple(self._marks(key)), ends)

    def _track_bar(self, spell: Spell, kind: str, states: Mapping[str, State]) -> Bar:
        label = self.state(spell.state, kind)
        return Bar(spell.since, spell.until, label, label, step(spell.state, states))

    def _signals(self) -> Iterator[Line]:
        """Give a row for each signal that was up, and for each track or record that it was about."""
        found: dict[tuple[str, str], list[Bar]] = {}
        for one in self.pilot.episodes:
            if one.since <= self.as_of:
                bar = self.span(one.since, one.until, self.word(one.signal), "heat-4")
                found.setdefault((one.signal, one.clock), []).append(bar)
        for (signal, clock), bars in found.items():
            yield Line(f"\u26a0 {self.word(signal)}", plain(clock.partition(":")[2]), tuple(bars))


def _tracks_of(event: Event) -> tuple[str, ...]:
    """Return the tracks that a record is about."""
    fields = event.data.get("fields")
    named = fields.get("tracks") if isinstance(fields, Mapping) else None
    listed = tuple(str(one) for one in named) if isinstance(named, tuple | list) else ()
    return listed or ((event.track,) if event.track is not None else ())


def step(state: str, states: Mapping[str, State]) -> str:
    """Return the shade of a state: the further on in the file, the darker."""
    names = list(states)
    place = names.index(state) if state in names else 0
    return f"step-{1 + place * STEPS // max(len(names), 1)}"
