"""A pilot's history as rows: when, who in which role, what, in words.

Every event type has its sentence in both languages; an event of a type that a later version brought is shown by its
type, so that no event is ever left out.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from attrs import evolve, frozen

from proeftuin.core.events import Event
from proeftuin.core.workflow import Workflow
from proeftuin.views.words import plain, value, word

TEXT = 100
_HIDDEN = {"number", "hours"}  # counted or kept by the engine; told by the rest of the record

_SAY = {
    "en": {
        "started": "pilot begun: {title}, {organisation}",
        "moved": "{trigger}: {from} -> {to}",
        "stayed": "{trigger}: {to}",
        "opened": "{trigger}: {to}",
        "outcome": "outcome {outcome}",
        "cycle": "round {cycle}",
        "paused": "{trigger}",
        "changed": "{trigger}: {fields}",
        "linked": "{trigger}: pilot {pilot}",
        "added": "{record}: {fields}",
        "revised": "{record} {id}: {fields}",
        "corrected": "corrected {record} {id}: {fields} ({reason})",
        "ended": "{record} {id} ended{fields}",
        "signed": "signed as {role}: {trigger}",
        "complete": "signed as {role}, the last signature: {trigger}",
        "voided": "signature of {role} no longer counts: {trigger} changed",
    },
    "nl": {
        "started": "proeftuin begonnen: {title}, {organisation}",
        "moved": "{trigger}: {from} -> {to}",
        "stayed": "{trigger}: {to}",
        "opened": "{trigger}: {to}",
        "outcome": "uitkomst {outcome}",
        "cycle": "ronde {cycle}",
        "paused": "{trigger}",
        "changed": "{trigger}: {fields}",
        "linked": "{trigger}: proeftuin {pilot}",
        "added": "{record}: {fields}",
        "revised": "{record} {id}: {fields}",
        "corrected": "{record} {id} verbeterd: {fields} ({reason})",
        "ended": "{record} {id} beeindigd{fields}",
        "signed": "getekend als {role}: {trigger}",
        "complete": "getekend als {role}, de laatste handtekening: {trigger}",
        "voided": "handtekening van {role} telt niet meer: {trigger} is veranderd",
    },
}


@frozen
class Row:
    """One thing that happened, in words.

    Attributes:
        version: of the event in the history; of the first one, where rows were folded.
        on: the business date; `at` is when it was recorded, UTC.
        who: the label of the role in which `actor` did it.
        track: the key of the track that it concerns, or None.
        what: one sentence.
        times: how many equal rows were folded into this one.
    """

    version: int
    type: str
    on: date
    at: datetime
    who: str
    actor: str
    track: str | None
    what: str
    times: int = 1


def timeline(workflow: Workflow, events: Iterable[Event], *, lang: str = "en") -> tuple[Row, ...]:
    """Return a row per event, in order.

    Args:
        workflow: the one that the pilot follows.
        events: its history, or a part of it.
        lang: `en` or `nl`.
    """
    return tuple(
        Row(
            version=event.version,
            type=event.type,
            on=event.on,
            at=event.at,
            who=word(workflow, event.role, lang),
            actor=plain(event.actor),
            track=None if event.track is None else plain(event.track),
            what=_first_upper(_what(workflow, event, lang)),
        )
        for event in events
    )


def fold(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows with those that follow each other and differ in who it is about alone taken together.

    Note:
        What differs is cut off at the first colon: eight placements in a row become one row with `times` 8.
    """
    found: list[Row] = []
    for row in rows:
        last = found[-1] if found else None
        if last is not None and row.type.startswith("record.") and _alike(last, row):
            found[-1] = evolve(last, times=last.times + 1, what=_common(last.what, row.what))
        else:
            found.append(row)
    return tuple(found)


def _alike(one: Row, other: Row) -> bool:
    same = (one.type, one.on, one.actor, one.track) == (other.type, other.on, other.actor, other.track)
    return same and one.what.partition(":")[0].split()[:1] == other.what.partition(":")[0].split()[:1]


def _common(one: str, other: str) -> str:
    """Return the parts of two sentences, between commas, that both have."""
    if one == other:
        return one
    theirs = set(other.replace(": ", ", ").split(", "))
    head, *rest = one.replace(": ", ", ").split(", ")
    shared = [part for part in rest if part in theirs]
    head = head if head in theirs else head.split()[0]
    return f"{head}: {', '.join(shared)}" if shared else head


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _what(workflow: Workflow, event: Event, lang: str) -> str:
    teller = _TELLERS.get(event.type)
    return teller(workflow, event, lang) if teller else plain(event.type)


def _say(which: str, workflow: Workflow, event: Event, lang: str, **facts: object) -> str:
    """Fill one sentence; what is not given is looked up in the event's data and put into words."""
    known = {name: word(workflow, one, lang) for name, one in event.data.items() if isinstance(one, str | int)}
    known["trigger"] = word(workflow, event.trigger, lang)
    known |= {name: str(one) for name, one in facts.items()}
    text = _SAY[lang][which]
    for name in ("title", "organisation", "trigger", "from", "to", "record", "id", "role", "pilot", "outcome", "cycle"):
        text = text.replace("{%s}" % name, known.get(name, "").replace("{", "("))
    return text.replace("{reason}", known.get("reason", "").replace("{", "(")).replace(
        "{fields}", known.get("fields", "")
    )


def _fields(workflow: Workflow, given: Mapping[str, object], lang: str) -> str:
    """Return fields and values in words; choices speak for themselves, the rest is preceded by the field's name."""
    parts = []
    for name, one in given.items():
        if one is None or name in _HIDDEN:
            continue
        said = value(workflow, one, lang)
        known = isinstance(one, str) and said != plain(one, 60)
        parts.append(
            said if known or name in {"text", "title", "what"} else f"{word(workflow, name, lang).lower()} {said}"
        )
    return plain(", ".join(parts), TEXT)


def _started(workflow: Workflow, event: Event, lang: str) -> str:
    given = event.data.get("set", {})
    return _say(
        "started",
        workflow,
        event,
        lang,
        **{name: plain(given.get(name, "?"), 60) for name in ("title", "organisation")},
    )


def _moved(workflow: Workflow, event: Event, lang: str) -> str:
    data = event.data
    told = [_say("moved" if data["from"] != data["to"] else "stayed", workflow, event, lang)]
    told += [_say(name, workflow, event, lang) for name in ("outcome", "cycle") if name in data]
    given = {name: one for name, one in data.get("set", {}).items() if name != "outcome"}
    if given:
        told.append(_fields(workflow, given, lang))
    return ", ".join(told)


def _opened(workflow: Workflow, event: Event, lang: str) -> str:
    return ", ".join((_say("opened", workflow, event, lang), _fields(workflow, event.data.get("set", {}), lang)))


def _changed(workflow: Workflow, event: Event, lang: str) -> str:
    told = _fields(workflow, event.data.get("set", {}), lang)
    return _say("changed" if told else "paused", workflow, event, lang, fields=told)


def _added(workflow: Workflow, event: Event, lang: str) -> str:
    return _say("added", workflow, event, lang, fields=_fields(workflow, event.data["fields"], lang))


def _revised(workflow: Workflow, event: Event, lang: str) -> str:
    told = _fields(workflow, event.data.get("set", {}), lang)
    return _say("corrected" if event.type == "record.corrected" else "revised", workflow, event, lang, fields=told)


def _ended(workflow: Workflow, event: Event, lang: str) -> str:
    told = _fields(workflow, event.data.get("set", {}), lang)
    return _say("ended", workflow, event, lang, fields=f": {told}" if told else "")


def _signed(workflow: Workflow, event: Event, lang: str) -> str:
    return _say("complete" if event.data.get("complete") else "signed", workflow, event, lang)


def _linked(workflow: Workflow, event: Event, lang: str) -> str:
    return _say("linked", workflow, event, lang, pilot=plain(event.data["pilot"]))


def _voided(workflow: Workflow, event: Event, lang: str) -> str:
    return _say("voided", workflow, event, lang, trigger=word(workflow, event.data["trigger"], lang))


_TELLERS: Mapping[str, Callable[[Workflow, Event, str], str]] = {
    "pilot.started": _started,
    "pilot.moved": _moved,
    "pilot.paused": _changed,
    "pilot.resumed": _changed,
    "pilot.changed": _changed,
    "pilot.linked": _linked,
    "track.opened": _opened,
    "track.moved": _moved,
    "record.added": _added,
    "record.changed": _revised,
    "record.corrected": _revised,
    "record.ended": _ended,
    "signature.added": _signed,
    "signature.voided": _voided,
}
