"""The objects of one pilot, as its events tell of them: what each is, how it changed, what it has to do with which.

An object is there from the first event that tells of it: who sees only part of a history may meet it in the middle of
its life. Nothing points at what is not there.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import Factory, define, frozen

from proeftuin.core.events import Event
from proeftuin.core.private import PERSON
from proeftuin.core.workflow import Field, Workflow
from proeftuin.dossiers import Dossier
from proeftuin.exports._how import How
from proeftuin.exports._ids import identity
from proeftuin.exports._steps import Step
from proeftuin.exports._typed import Typed, day, moment, typed

_LABELS = ("title", "organisation", "programme")
_STANDING = ("workflow", "state", "phase", "outcome", "hold", "cycle")
_HOLDS = {"pilot.paused": "paused", "pilot.resumed": "running"}
_TYPES = {"choice": "string", "integer": "integer", "decimal": "float", "boolean": "boolean", "date": "time"}
_POINTING = frozenset({"record", "track", "new_track", "party", "subject"})
Related = tuple[str, str]
"""The id of an object, and as what it is related."""


@frozen
class Told:
    """What was told of an object at a moment."""

    name: str
    value: Typed
    time: str


@define
class Thing:
    """An object."""

    id: str
    kind: str
    told: list[Told] = Factory(list)
    related: list[Related] = Factory(list)
    now: dict[str, Typed] = Factory(dict)

    def tell(self, at: datetime, values: Mapping[str, Typed]) -> None:
        """Note what changed of it."""
        for name, value in values.items():
            if self.now.get(name) != value:
                self.now[name] = value
                self.told.append(Told(name, value, moment(at)))

    def relate(self, other: str, as_what: str) -> None:
        """Note what it has to do with another, once."""
        if (other, as_what) not in self.related:
            self.related.append((other, as_what))


class Objects:
    """The objects of one pilot."""

    def __init__(self, dossier: Dossier, how: How) -> None:
        self._dossier = dossier
        self._how = how
        self._name = dossier.pilot.id
        self.pilot = Thing(self._identity("pilot", self._name), "pilot")
        self._things = {self.pilot.id: self.pilot}
        self._parties: dict[str, str] = {}

    def all(self) -> Iterator[Thing]:
        """Give them as they are in the end, each pointing at nothing that is not there."""
        pilot = self._dossier.pilot
        standing = {name: getattr(pilot, name) for name in _STANDING}
        self.pilot.tell(pilot.updated_at, _given({**standing, **{name: pilot.data.get(name) for name in _LABELS}}))
        for one in self._things.values():
            one.related = [(other, as_what) for other, as_what in one.related if other in self._things]
            yield one

    def tell(self, step: Step) -> list[Related]:
        """Take in an event, and return which objects it is about."""
        event = step.event
        found = [(self.pilot.id, "pilot")]
        if event.type.startswith("pilot."):
            self._tell_pilot(event)
        if event.track is not None:
            found += self._tell_track(event)
        if "record" in event.data and isinstance(event.data.get("id"), str):
            found += self._tell_record(event, step.workflow)
        for subject in event.data.get("subjects", ()):
            found.append((self._participant(subject), "participant"))
        return found

    def _tell_pilot(self, event: Event) -> None:
        data = event.data
        state = data.get("to", data.get("state"))
        changed = {name: data.get(name) for name in ("workflow", "phase", "outcome", "cycle")}
        self.pilot.tell(event.at, _given({**changed, "state": state, "hold": _HOLDS.get(event.type)}))
        self.pilot.tell(event.at, _given({name: data.get("set", {}).get(name) for name in _LABELS}))
        if event.type == "pilot.migrated":
            self._tell_migrated(event)

    def _tell_migrated(self, event: Event) -> None:
        """Take in what became of a pilot and its tracks under another version; records keep what they are called."""
        becomes = event.data.get("becomes", {})
        self.pilot.tell(event.at, _given({name: becomes.get(name) for name in ("state", "phase")}))
        for key, track in becomes.get("tracks", {}).items():
            self._track(key, track.get("kind")).tell(event.at, _given({"state": track.get("state")}))

    def _tell_track(self, event: Event) -> list[Related]:
        key, data = str(event.track), event.data
        track = self._track(key, data.get("kind"))
        if event.type.startswith("track."):
            track.tell(event.at, _given({"state": data.get("to")}))
            if data.get("party") is not None:
                self._parties[key] = self._party(data["party"])
                track.relate(self._parties[key], "party")
        found = [(track.id, "track")]
        return [*found, (self._parties[key], "party")] if key in self._parties else found

    def _tell_record(self, event: Event, workflow: Workflow) -> list[Related]:
        data = event.data
        record = self._thing("record", data["record"], data["id"])
        record.relate(self.pilot.id, "pilot")
        if event.track is not None:
            record.relate(self._identity("track", self._name, event.track), "track")
        kind = workflow.records.get(data["record"])
        given = {**data.get("fields", {}), **data.get("set", {})}
        fields = {} if kind is None else kind.fields
        record.tell(event.at, dict(self._values(fields, given)))
        days = {"active_since": data.get("since"), "active_until": data.get("until"), "ended": _ended(event)}
        record.tell(event.at, {name: ("time", day(one)) for name, one in days.items() if one is not None})
        return [(record.id, "record"), *self._relate(record, fields, given)]

    def _values(self, fields: Mapping[str, Field], given: Mapping[str, Any]) -> Iterator[tuple[str, Typed]]:
        """Give what may be told of a record: no texts, and who it names only where people are asked for."""
        for name, one in given.items():
            field = fields.get(name)
            if field is None or one is None:
                continue
            if field.type in _TYPES:
                yield name, (_TYPES[field.type], day(one) if field.type == "date" else typed(one)[1])
            elif field.type == PERSON and self._how.people:
                yield name, ("string", one)

    def _relate(self, record: Thing, fields: Mapping[str, Field], given: Mapping[str, Any]) -> Iterable[Related]:
        """Relate a record to what its fields point at, and return the participants among that."""
        persons = []
        for name, one in given.items():
            field = fields.get(name)
            if field is not None and field.type in _POINTING and isinstance(one, str):
                other = self._pointed(field, one)
                record.relate(other, name)
                if field.type == "subject":
                    persons.append((other, "participant"))
        return persons

    def _pointed(self, field: Field, value: str) -> str:
        if field.type == "subject":
            return self._participant(value)
        if field.type == "party":
            return self._party(value)
        return self._identity("record" if field.type == "record" else "track", self._name, value)

    def _participant(self, subject: str) -> str:
        one = self._thing("participant", "participant", subject)
        one.relate(self.pilot.id, "pilot")
        return one.id

    def _identity(self, kind: str, *parts: str) -> str:
        return identity(kind, self._dossier.tenant, *parts)

    def _party(self, party: str) -> str:
        one = Thing(self._identity("party", party), "party")
        one.tell(self._dossier.pilot.created_at, {"name": ("string", party)})
        return self._things.setdefault(one.id, one).id

    def _track(self, key: str, kind: str | None) -> Thing:
        known = self._dossier.pilot.tracks.get(key)
        track = self._thing("track", kind or (known.kind if known is not None else "track"), key)
        track.relate(self.pilot.id, "pilot")
        return track

    def _thing(self, family: str, kind: str, key: str) -> Thing:
        """Return an object of the pilot; it keeps the type that it had first."""
        name = self._identity(family, self._name, key)
        shown = kind if family == "participant" else f"{family}:{kind}"
        return self._things.setdefault(name, Thing(name, shown))


def _given(values: Mapping[str, Any]) -> dict[str, Typed]:
    return {name: typed(one) for name, one in values.items() if one is not None}


def _ended(event: Event) -> str | None:
    found = event.data.get("on" if event.type == "record.ended" else "ended")
    return None if found is None else str(found)
