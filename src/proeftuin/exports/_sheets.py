"""Sheets for people with a spreadsheet: pilots, tracks, one for each type of record, and what happened.

A sheet is its columns, which are known before the first row: those of record types and of what a pilot or track began
with come from the workflows that the pilots follow. Where two of these have a field of one name, it is one column.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from proeftuin.core.events import Event
from proeftuin.core.pilot import PAUSED, Pilot, Record, Track
from proeftuin.core.private import PERSON
from proeftuin.core.wording import label
from proeftuin.core.workflow import Field, TrackKind, Workflow
from proeftuin.dossiers import Dossier
from proeftuin.exports._how import How
from proeftuin.exports._steps import Step, steps
from proeftuin.exports._words import COLUMNS, SHEETS
from proeftuin.views import plain, word
from proeftuin.views.days import day_in
from proeftuin.views.timeline import who
from proeftuin.views.words import said, value

Cell = str | int | Decimal | date | None  # a moment is a date too
DIGITS = 15
"""How many digits of a number a spreadsheet keeps."""
Row = Sequence[Cell]
PILOTS, TRACKS, EVENTS, FIGURES = "pilots", "tracks", "events", "figures"


@frozen
class Column:
    """One column of a sheet: its word, for programs, and what people call it."""

    name: str
    label: str


@frozen
class Sheet:
    """A sheet: its word, what people call it, its columns, and how a pilot becomes rows of it."""

    name: str
    label: str
    columns: tuple[Column, ...]
    rows: Callable[[Dossier], Iterator[Row]]


class Sheets:
    """The sheets of pilots that follow these workflows.

    Args:
        workflows: in their order.
        how: how the export is asked for.
    """

    def __init__(self, workflows: Iterable[Workflow], how: How) -> None:
        self.workflows = tuple(workflows)
        self._how = how
        self._lang = how.lang
        kinds = dict.fromkeys(kind for flow in self.workflows for kind in flow.records)
        found = [self._pilots(), self._tracks(), *(self._records(kind) for kind in kinds), self._events()]
        self.all: Mapping[str, Sheet] = {one.name: one for one in found}

    # -- sheets ----------------------------------------------------------------------------------------------------

    def _pilots(self) -> Sheet:
        begun = self._fields(flow.start.data for flow in self.workflows)
        behind = ("workflow", "state", "phase", "hold", "outcome", "round", "since", "begun", "progress", "tracks")
        own = _own(("pilot", "ref", *behind, "signals"), begun)  # what it is called is among them

        def rows(dossier: Dossier) -> Iterator[Row]:
            pilot, flow = dossier.pilot, dossier.workflow
            given = [self._cell(flow, flow.start.data.get(name), pilot.data.get(name)) for name in begun]
            yield pilot.id, *given, pilot.ref, *self._standing(flow, pilot)

        return self._sheet(PILOTS, ("pilot", *own, "ref", *behind, "signals"), own, rows)

    def _standing(self, flow: Workflow, pilot: Pilot) -> Row:
        hold = self._word(flow, PAUSED) if pilot.hold == PAUSED else None
        signals = ", ".join(dict.fromkeys(self._word(flow, one.signal) for one in pilot.signals))
        outcome = self._word(flow, pilot.outcome) or None
        where = (self._word(flow, pilot.state), self._word(flow, pilot.phase), hold, outcome)
        when = (pilot.since, day_in(flow, pilot.created_at), pilot.progress)
        return flow.id, *where, pilot.cycle, *when, len(pilot.tracks), signals or None

    def _tracks(self) -> Sheet:
        begun = self._fields(_opening(kind) for flow in self.workflows for kind in flow.tracks.values())
        before, behind = ("pilot", "title", "track", "kind", "party"), ("state", "since", "progress", "done")
        own = _own((*before, *behind), begun)

        def rows(dossier: Dossier) -> Iterator[Row]:
            for one in dossier.pilot.tracks.values():
                yield self._of_track(dossier, one, begun)

        return self._sheet(TRACKS, (*before, *own, *behind), own, rows)

    def _of_track(self, dossier: Dossier, track: Track, begun: Mapping[str, Field]) -> Row:
        flow, kind = dossier.workflow, dossier.workflow.tracks[track.kind]
        known = _opening(kind)
        given = (self._cell(flow, known.get(name), track.data.get(name)) for name in begun)
        done = self._yes(kind.states[track.state].done)
        where = (plain(said(kind.states[track.state].label, self._lang)), track.since, track.progress, done)
        return *_named(dossier.pilot), track.key, plain(said(kind.label, self._lang)), track.party, *given, *where

    def _records(self, kind: str) -> Sheet:
        fields = self._fields(flow.records[kind].fields for flow in self.workflows if kind in flow.records)
        base = ("pilot", "title", "record", "track", "role", *self._actor)
        base += ("recorded_on", "active_since", "active_until", "ended")
        own = _own(base, fields)

        def rows(dossier: Dossier) -> Iterator[Row]:
            flow = dossier.workflow
            for one in dossier.pilot.records(kind):
                known = flow.records[kind].fields
                given = (self._cell(flow, known.get(name), one.data.get(name)) for name in fields)
                yield *_named(dossier.pilot), *self._of_record(flow, one), *given

        return self._sheet(kind, (*base, *own), own, rows)

    def _of_record(self, flow: Workflow, one: Record) -> Row:
        return one.id, one.track, *self._by(flow, one), one.on, one.since, one.until, one.ended

    def _events(self) -> Sheet:
        names = ("pilot", "title", "number", "on", "at", "role", *self._actor, "track", "activity")
        names += ("from", "to", "record", "event_type", "trigger")

        def rows(dossier: Dossier) -> Iterator[Row]:
            for step in steps(dossier, self._how):
                yield *_named(dossier.pilot), *self._of_step(step)

        return self._sheet(EVENTS, names, {}, rows)

    def _of_step(self, step: Step) -> Row:
        event, flow = step.event, step.workflow
        moved = event.data if event.type in _MOVING else {}
        moves = [self._word(flow, moved.get(name)) or None for name in ("from", "to")]
        record = event.data.get("id") if "record" in event.data else None
        done = (event.track, step.activity, *moves, record, event.type, event.trigger)
        return event.version, event.on, event.at, *self._by(flow, event), *done

    # -- parts -----------------------------------------------------------------------------------------------------

    @property
    def _actor(self) -> tuple[str, ...]:
        return ("actor",) if self._how.people else ()

    def _by(self, flow: Workflow, one: Record | Event) -> tuple[str, ...]:
        """Return who did it: in which role, and where people are asked for, who."""
        return who(flow, one.role, self._lang), *((one.actor,) if self._actor else ())

    def _fields(self, several: Iterable[Mapping[str, Field]]) -> dict[str, Field]:
        """Return fields by name, each once; those that name people only where these are asked for."""
        found: dict[str, Field] = {}
        for fields in several:
            for name, one in fields.items():
                if self._how.people or not _holds_people(one):
                    found.setdefault(name, one)
        return found

    def _sheet(
        self,
        name: str,
        names: Iterable[str],
        fields: Mapping[str, Field],
        rows: Callable[[Dossier], Iterator[Row]],
    ) -> Sheet:
        called = {one: self._heading(one, fields.get(one)) for one in names}
        twice = Counter(called.values())
        columns = tuple(Column(one, f"{text} ({one})" if twice[text] > 1 else text) for one, text in called.items())
        return Sheet(name, self._title(name), columns, rows)

    def _title(self, name: str) -> str:
        if name in SHEETS:
            return SHEETS[name][self._lang == "nl"]
        return next(word(flow, name, self._lang) for flow in self.workflows if name in flow.records)

    def _heading(self, name: str, field: Field | None) -> str:
        if field is None:
            return COLUMNS[name][self._lang == "nl"]
        bare = name.removeprefix("field_")
        texts = field.label or next((one for flow in self.workflows if (one := label(flow, f".{bare}"))), None)
        shown = plain(said(texts, self._lang)) if texts else bare.replace("_", " ")
        return shown[:1].upper() + shown[1:]

    def _word(self, flow: Workflow, name: str | None) -> str:
        return word(flow, name, self._lang)

    def _yes(self, told: bool) -> str:  # noqa: FBT001  # the value itself
        return ("yes", "no")[not told] if self._lang == "en" else ("ja", "nee")[not told]

    def _cell(self, flow: Workflow, field: Field | None, given: Any) -> Cell:  # noqa: ANN401  # any value of a field
        """Return a value as a cell: a number as one, a day as one, a choice by its label, a text as it was written."""
        if field is None or given is None:
            return None
        if isinstance(given, bool):
            return self._yes(given)
        if field.type in _EXACT:
            try:
                return _EXACT[field.type](given)
            except (ArithmeticError, TypeError, ValueError):  # it is older than the type, and was let pass as it is
                return str(given)
        if field.type in {"choice", "list", "map"}:
            return value(flow, given, self._lang)
        return given if isinstance(given, int) and _is_kept(given) else str(given)


def _is_kept(number: int | Decimal) -> bool:
    """Whether a spreadsheet keeps all digits of a number; one that it would change is told as text."""
    return len("".join(map(str, Decimal(number).as_tuple().digits)).strip("0")) <= DIGITS


def _decimal(given: str) -> Cell:
    return number if _is_kept(number := Decimal(given)) else given


_EXACT: Mapping[str, Callable[[Any], Cell]] = {"decimal": _decimal, "date": date.fromisoformat}
_MOVING = frozenset({"pilot.moved", "track.opened", "track.moved"})


def _opening(kind: TrackKind) -> dict[str, Field]:
    """Return the fields with which tracks of a kind begin."""
    return {name: one for edge in kind.edges if edge.opener is not None for name, one in edge.data.items()}


def _own(base: Iterable[str], fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return fields by the names of their columns, which are other ones than those that each row of the sheet has."""
    taken = frozenset(base)
    return {f"field_{name}" if name in taken else name: one for name, one in fields.items()}


def _named(pilot: Pilot) -> tuple[str, str | None]:
    """Return how a pilot is known in each row."""
    return pilot.id, pilot.data.get("title")


def _holds_people(field: Field) -> bool:
    """Whether a field names professionals."""
    if isinstance(field.of, Mapping):
        return any(_holds_people(one) for one in field.of.values())
    return PERSON in (field.type, field.of)
