"""OCEL 2.0 as JSON: objects, what they have to do with each other, and each event of each history once.

1. Objects are pilots, their tracks and records, participants by their opaque keys, and the parties whose the tracks
   are. A party is one object in the whole file, so that it is seen in every pilot that it takes part in. Ids hold the
   name of a tenant, but for `default` (`_ids`).
2. An event's type is the activity, as in XES. Its objects are the pilot, and the track, record, party and participants
   that it is about.
3. What changes of an object stands there once for each time that it changed.
4. There are no texts but what a pilot is called and whose it is: they are of no use to mining, and may name people.
5. The format names its types first, and they are known last. So objects and events wait on disk; in memory are one
   pilot, the types, and the names of parties.

Values are text, as the schema of the format wants it; their types stand with the attributes. Source:
www.ocel-standard.org, OCEL 2.0 specification, section 8.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from proeftuin.dossiers import Dossier
from proeftuin.exports._how import How
from proeftuin.exports._ids import own
from proeftuin.exports._objects import Objects, Thing
from proeftuin.exports._steps import Step, steps
from proeftuin.exports._typed import Typed, moment, typed
from proeftuin.views.timeline import who

Types = dict[str, dict[str, str]]
"""Per type the names of its attributes, and the type of each."""
_TOLD = ("from", "to", "outcome", "clock", "signal")


def write(dossiers: Iterable[Dossier], file: BinaryIO, how: How) -> None:
    """Write a log of pilots."""
    objects, events = _Waiting(), _Waiting()
    with objects.file, events.file:
        parties = set[str]()
        for one in dossiers:
            found = Objects(one, how)
            for step in steps(one, how):
                related = found.tell(step)
                told = {name: typed(value) for name, value in _facts(step, how).items() if value is not None}
                events.event(own(one.tenant, step.event.id), step.activity, told, related, time=moment(step.event.at))
            for thing in found.all():
                if thing.kind == "party":
                    if thing.id in parties:
                        continue
                    parties.add(thing.id)
                objects.thing(thing)
        _assemble(file, objects, events)


def _facts(step: Step, how: How) -> Mapping[str, Any]:
    """Return what an event says beside its type and its objects."""
    event = step.event
    facts: dict[str, Any] = {
        "event_type": event.type,
        "trigger": event.trigger,
        "main": step.main,
        "on": event.on,
        "role": who(step.workflow, event.role, how.lang),
        "resource": event.actor if how.names(event.actor) else None,
    }
    return facts | {name: one for name in _TOLD if isinstance(one := event.data.get(name), str)}


class _Waiting:
    """A list of the file that waits on disk, and the types in it."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by who made it
        self.types: Types = {}
        self._between = b""

    def event(
        self, name: str, kind: str, told: Mapping[str, Typed], related: Iterable[tuple[str, str]], **more: str
    ) -> None:
        """Write an event."""
        self._declare(kind, ((attribute, one[0]) for attribute, one in told.items()))
        attributes = [{"name": attribute, "value": text} for attribute, (_, text) in told.items()]
        self._write({"id": name, "type": kind, **more, "attributes": attributes}, related)

    def thing(self, thing: Thing) -> None:
        """Write an object."""
        self._declare(thing.kind, ((one.name, one.value[0]) for one in thing.told))
        attributes = [{"name": one.name, "value": one.value[1], "time": one.time} for one in thing.told]
        self._write({"id": thing.id, "type": thing.kind, "attributes": attributes}, thing.related)

    def _write(self, item: dict[str, Any], related: Iterable[tuple[str, str]]) -> None:
        item["relationships"] = [{"objectId": other, "qualifier": as_what} for other, as_what in related]
        self.file.write(self._between + _json(item))
        self._between = b",\n"

    def _declare(self, kind: str, told: Iterable[tuple[str, str]]) -> None:
        """Note which attributes a type has; one that two workflows type differently is text."""
        known = self.types.setdefault(kind, {})
        for name, its in told:
            if known.setdefault(name, its) != its:
                known[name] = "string"


def _assemble(file: BinaryIO, objects: _Waiting, events: _Waiting) -> None:
    """Write the file from what waits."""
    file.write(b'{"objectTypes":' + _types(objects.types))
    file.write(b',\n"eventTypes":' + _types(events.types))
    file.write(b',\n"objects":[\n')
    _copy(objects.file, file)
    file.write(b'],\n"events":[\n')
    _copy(events.file, file)
    file.write(b"]}\n")


def _types(types: Types) -> bytes:
    told = [
        {"name": kind, "attributes": [{"name": name, "type": its} for name, its in known.items()]}
        for kind, known in types.items()
    ]
    return _json(told)


def _copy(waiting: Any, file: BinaryIO) -> None:  # noqa: ANN401  # a temporary file, whose class has no public name
    waiting.seek(0)
    shutil.copyfileobj(waiting, file)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
