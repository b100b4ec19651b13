"""XES (IEEE 1849-2016): a trace for each pilot, and in it each event of its history once, in order.

1. The case is the pilot, its id the name of the trace; the name of a tenant, but for `default`, stands before it. The
   activity is what was done, in words (`_steps`); the codes stand beside it, so that a classifier can use those.
2. `time:timestamp` is when something was recorded; `on` is the day that it counts for, which may be earlier.
3. Of what people wrote there is what a pilot is called and whose it is, and nothing else: texts are of no use to
   mining, and may name people.

Source: IEEE Std 1849-2016 (and -2023), eXtensible Event Stream; its grammar has no namespace, so neither has the file.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO
from uuid import UUID, uuid5

from proeftuin.dossiers import Dossier
from proeftuin.exports._how import How
from proeftuin.exports._ids import own
from proeftuin.exports._steps import Step, steps
from proeftuin.exports._typed import typed
from proeftuin.exports._xml import attributes
from proeftuin.views.timeline import who

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016">
\t<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
\t<extension name="Identity" prefix="identity" uri="http://www.xes-standard.org/identity.xesext"/>
\t<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
\t<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
\t<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
\t<global scope="trace">
\t\t<string key="concept:name" value=""/>
\t\t<string key="workflow" value=""/>
\t\t<string key="state" value=""/>
\t</global>
\t<global scope="event">
\t\t<string key="concept:name" value=""/>
\t\t<string key="lifecycle:transition" value="complete"/>
\t\t<date key="time:timestamp" value="1970-01-01T00:00:00Z"/>
\t\t<string key="org:role" value=""/>
\t\t<id key="identity:id" value="00000000-0000-0000-0000-000000000000"/>
\t\t<string key="event_id" value=""/>
\t\t<string key="event_type" value=""/>
\t\t<string key="trigger" value=""/>
\t\t<boolean key="main" value="true"/>
\t\t<date key="on" value="1970-01-01T00:00:00Z"/>
\t</global>
\t<classifier name="Activity" scope="event" keys="concept:name"/>
\t<classifier name="Activity-and-role" scope="event" keys="concept:name org:role"/>
\t<classifier name="Trigger" scope="event" keys="trigger"/>
\t<classifier name="Event-type" scope="event" keys="event_type"/>
\t<classifier name="Workflow" scope="trace" keys="workflow"/>
\t<string key="concept:name" value="proeftuin"/>
"""
_TAIL = "</log>\n"
_EVENTS = UUID("7a1b9a86-5c38-5d7e-9f0e-0a1f0b6a7b53")
"""The space of names in which an event's id becomes a UUID, as the standard wants one."""

Value = str | int | bool | date | None  # a moment is a date too
_ELEMENTS = {"string": "string", "time": "date", "integer": "int", "float": "float", "boolean": "boolean"}
_TOLD = ("from", "to", "outcome", "record", "clock", "signal")


def write(dossiers: Iterable[Dossier], file: BinaryIO, how: How) -> None:
    """Write a log of pilots."""
    file.write(_HEAD.encode())
    for one in dossiers:
        file.write(b"\t<trace>\n")
        file.writelines(f"\t\t{line}\n".encode() for line in _trace(one))
        told = (_event(step, own(one.tenant, step.event.id), how) for step in steps(one, how))
        file.writelines(f"\t\t<event>{''.join(event)}</event>\n".encode() for event in told)
        file.write(b"\t</trace>\n")
    file.write(_TAIL.encode())


def _trace(dossier: Dossier) -> Iterator[str]:
    pilot = dossier.pilot
    data = pilot.data
    yield from _attribute("concept:name", own(dossier.tenant, pilot.id))
    for name in ("title", "organisation", "programme"):
        yield from _attribute(name, data.get(name))
    for name in ("workflow", "state", "phase", "hold", "outcome", "cycle", "version"):
        yield from _attribute(name, getattr(pilot, name))


def _event(step: Step, known_by: str, how: How) -> Iterator[str]:
    event = step.event
    yield from _attribute("concept:name", step.activity)
    yield from _attribute("lifecycle:transition", "complete")
    yield from _attribute("time:timestamp", event.at)
    yield from _attribute("org:role", who(step.workflow, event.role, how.lang))
    if how.names(event.actor):
        yield from _attribute("org:resource", event.actor)
    yield f"<id{attributes({'key': 'identity:id', 'value': str(uuid5(_EVENTS, known_by))})}/>"
    yield from _attribute("event_id", known_by)
    yield from _attribute("event_type", event.type)
    yield from _attribute("trigger", event.trigger)
    yield from _attribute("main", step.main)
    yield from _attribute("on", event.on)
    yield from _attribute("track", event.track)
    for name in _TOLD:
        if isinstance(told := event.data.get(name), str):
            yield from _attribute(name, told)
    if "record" in event.data:
        yield from _attribute("record_id", event.data.get("id"))


def _attribute(key: str, value: Value) -> Iterator[str]:
    """Give an attribute of a trace or an event, none where there is no value."""
    if value is None:
        return
    kind, text = typed(value)
    yield f"<{_ELEMENTS[kind]}{attributes({'key': key, 'value': text})}/>"
