"""A pilot's history as rows: when, who in which role, what, in words.

Every event type has its sentence in both languages; an event of a type that a later version brought is shown by its
type, so that no event is ever left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from attrs import evolve, frozen

from proeftuin.core.events import Event
from proeftuin.core.workflow import Workflow
from proeftuin.views.words import plain, value, word

TEXT = 60
_BARE = ("type", "kind", "duty", "route", "outcome", "reason", "status", "mood", "answer", "title", "text", "what")
_HIDDEN = ("number", "hours", "counts_for_banenafspraak")  # kept by the engine, or told by the figures

_SAY: Mapping[str, Mapping[str, str]] = {
    "en": {
        "started": "Pilot begun",
        "outcome": "outcome {one}",
        "cycle": "round {one}",
        "linked": "pilot {one}",
        "corrected": "{one} corrected",
        "changed": "{one} changed",
        "ended": "{one} ended",
        "signed": "signed as {one}",
        "complete": "signed as {one}, the last signature",
        "voided": "the signature of {one} no longer counts",
        "starter": "Who began it",
        "adder": "Who recorded it",
        "reminded": "Who was reminded",
    },
    "nl": {
        "started": "Proeftuin begonnen",
        "outcome": "uitkomst {one}",
        "cycle": "ronde {one}",
        "linked": "proeftuin {one}",
        "corrected": "{one} verbeterd",
        "changed": "{one} gewijzigd",
        "ended": "{one} afgelopen",
        "signed": "getekend als {one}",
        "complete": "getekend als {one}, de laatste handtekening",
        "voided": "de handtekening van {one} telt niet meer",
        "starter": "Wie begon",
        "adder": "Wie het vastlegde",
        "reminded": "Wie herinnerd werd",
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
        head: what happened; `details` is what there is to say about it.
        times: how many alike rows were folded into this one.
    """

    version: int
    type: str
    trigger: str
    on: date
    at: datetime
    who: str
    actor: str
    track: str | None
    head: str
    details: tuple[str, ...] = ()
    times: int = 1

    @property
    def what(self) -> str:
        """Head and details as one sentence, with the track before it."""
        told = ": ".join(filter(None, (self.track, self.head, ", ".join(self.details))))
        return told if self.times == 1 else f"{told} ({self.times}x)"


def timeline(workflow: Workflow, events: Iterable[Event], *, lang: str = "en") -> tuple[Row, ...]:
    """Return a row per event, in order.

    Args:
        workflow: the one that the pilot follows.
        events: its history, or a part of it.
        lang: `en` or `nl`.
    """
    return tuple(_row(workflow, event, lang) for event in events)


def fold(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows with alike ones that follow each other taken together, and told by what they have in common.

    Note:
        Of a record that makes place for another, and of the signature that completes a move, the end of it is told.
    """
    found: list[Row] = []
    for _, alike in groupby(rows, key=lambda row: (row.on, row.actor, row.who, row.trigger, row.track)):
        found += _folded(list(alike))
    return tuple(found)


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    types = {row.type for row in rows}
    moved = bool(types & {"track.moved", "pilot.moved"})
    for type_ in dict.fromkeys(row.type for row in rows):
        if (type_ == "record.ended" and "record.added" in types) or (type_ == "signature.added" and moved):
            continue
        first, *others = (row for row in rows if row.type == type_)
        heads = {row.head for row in (first, *others)}
        if len(heads) > 1 or not others:
            yield from (first, *others)
        else:
            yield evolve(first, details=_common(first, others), times=len(others) + 1)


def _common(first: Row, others: Sequence[Row]) -> tuple[str, ...]:
    """Return the details that all have, behind what each begins with where that differs and is short enough to tell."""
    shared = tuple(one for one in first.details if all(one in row.details for row in others))
    begins = tuple(dict.fromkeys(row.details[0] for row in (first, *others) if row.details))
    if len(begins) > 1 and len(", ".join(begins)) <= TEXT * 2 and first.type == "record.added":
        return (*begins, *shared)
    return shared


def _row(workflow: Workflow, event: Event, lang: str) -> Row:
    teller = _TELLERS.get(event.type)
    head, details = teller(workflow, event, lang) if teller else (event.type, [])
    relation = _SAY[lang].get(event.role) if event.role not in workflow.roles else None
    return Row(
        version=event.version,
        type=event.type,
        trigger=event.trigger,
        on=event.on,
        at=event.at,
        who=relation or word(workflow, event.role, lang),
        actor=plain(event.actor),
        track=None if event.track is None else plain(event.track),
        head=head[:1].upper() + head[1:],
        details=tuple(one for one in details if one),
    )


def _say(lang: str, which: str, one: str) -> str:
    return _SAY[lang][which].replace("{one}", one)


def _fields(workflow: Workflow, event: Event, given: object, lang: str) -> list[str]:
    """Return fields and values in words, those that speak for themselves first; the event's own day is left out."""
    if not isinstance(given, Mapping):
        return []
    parts = {}
    for name, one in given.items():
        if one is not None and name not in _HIDDEN and one not in (event.on.isoformat(), event.track):
            said = value(workflow, one, lang)
            parts[name] = said if name in _BARE else f"{word(workflow, name, lang).lower()} {said}"
    first = [name for name in _BARE if name in parts]
    return [plain(parts[name], TEXT) for name in (*first, *(name for name in parts if name not in first))]


Told = tuple[str, list[str]]


def _trigger(workflow: Workflow, event: Event, lang: str) -> str:
    return word(workflow, event.trigger, lang)


def _started(workflow: Workflow, event: Event, lang: str) -> Told:
    del workflow  # title and organisation are what people wrote
    given = event.data.get("set", {})
    return _SAY[lang]["started"], [plain(given.get(name, ""), TEXT) for name in ("title", "organisation")]


def _moved(workflow: Workflow, event: Event, lang: str) -> Told:
    data = event.data
    states = [word(workflow, data[name], lang) for name in ("from", "to")]
    told = [" -> ".join(states)] if data["from"] != data["to"] else []
    if "outcome" in data:
        told.append(_say(lang, "outcome", word(workflow, data["outcome"], lang)))
    if "cycle" in data:
        told.append(_say(lang, "cycle", plain(data["cycle"])))
    given = {name: one for name, one in data.get("set", {}).items() if name != "outcome"}
    return _trigger(workflow, event, lang), told + _fields(workflow, event, given, lang)


def _opened(workflow: Workflow, event: Event, lang: str) -> Told:
    given = {name: one for name, one in event.data.get("set", {}).items() if name != "origin"}
    told = [word(workflow, event.data["to"], lang), *_fields(workflow, event, given, lang)]
    return _trigger(workflow, event, lang), told


def _changed(workflow: Workflow, event: Event, lang: str) -> Told:
    return _trigger(workflow, event, lang), _fields(workflow, event, event.data.get("set"), lang)


def _linked(workflow: Workflow, event: Event, lang: str) -> Told:
    return _trigger(workflow, event, lang), [_say(lang, "linked", plain(event.data["pilot"]))]


def _added(workflow: Workflow, event: Event, lang: str) -> Told:
    return word(workflow, event.data["record"], lang), _fields(workflow, event, event.data["fields"], lang)


def _revised(which: str) -> Callable[[Workflow, Event, str], Told]:
    def tell(workflow: Workflow, event: Event, lang: str) -> Told:
        head = _say(lang, which, word(workflow, event.data["record"], lang))
        told = [plain(event.data["id"]), *_fields(workflow, event, event.data.get("set"), lang)]
        return head, [*told, plain(event.data.get("reason") or "", TEXT)]

    return tell


def _signed(workflow: Workflow, event: Event, lang: str) -> Told:
    which = "complete" if event.data.get("complete") else "signed"
    return _trigger(workflow, event, lang), [_say(lang, which, word(workflow, event.data["role"], lang))]


def _voided(workflow: Workflow, event: Event, lang: str) -> Told:
    told = _say(lang, "voided", word(workflow, event.data["role"], lang))
    return word(workflow, event.data["trigger"], lang), [told]


_TELLERS: Mapping[str, Callable[[Workflow, Event, str], Told]] = {
    "pilot.started": _started,
    "pilot.moved": _moved,
    "pilot.paused": _changed,
    "pilot.resumed": _changed,
    "pilot.changed": _changed,
    "pilot.linked": _linked,
    "track.opened": _opened,
    "track.moved": _moved,
    "record.added": _added,
    "record.changed": _revised("changed"),
    "record.corrected": _revised("corrected"),
    "record.ended": _revised("ended"),
    "signature.added": _signed,
    "signature.voided": _voided,
}
