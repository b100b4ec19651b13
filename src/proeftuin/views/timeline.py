"""A pilot's history as rows: when, who in which role, what, in words.

Every event type has its sentence in both languages; an event of a type that a later version brought is shown by its
type, so that no event is ever left out.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from attrs import evolve, frozen

from proeftuin.core.events import Event
from proeftuin.core.private import consented
from proeftuin.core.workflow import Workflow
from proeftuin.views.words import clock_word, plain, value, word

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
        "without": "without {one}",
        "changed": "{one} changed",
        "ended": "{one} ended",
        "signed": "signed as {one}",
        "complete": "signed as {one}, the last signature",
        "voided": "the signature of {one} no longer counts",
        "starter": "Who began it",
        "adder": "Who recorded it",
        "reminded": "Who was reminded",
        "system": "The system itself",
        "privacy_officer": "Privacy officer",
        "workflow_manager": "Workflow manager",
        "told": "reminder to {one}",
        "escalated": "escalated to {one}",
        "fired": "fell due, so {one}",
        "snoozed": "reminders wait until {one}",
        "raised": "told to {one}",
        "cleared": "no longer {one}",
        "migrated": "Goes on under {one}",
        "moved-back": "Back under {one}",
        "erased": "Participant forgotten",
        "exported": "Refs of participants exported",
        "looked_up": "Looked up who it is",
        "outlived": "the time for which participants are known after closing is over",
    },
    "nl": {
        "started": "Proeftuin begonnen",
        "outcome": "uitkomst {one}",
        "cycle": "ronde {one}",
        "linked": "proeftuin {one}",
        "corrected": "{one} verbeterd",
        "without": "zonder {one}",
        "changed": "{one} gewijzigd",
        "ended": "{one} afgelopen",
        "signed": "getekend als {one}",
        "complete": "getekend als {one}, de laatste handtekening",
        "voided": "de handtekening van {one} telt niet meer",
        "starter": "Wie begon",
        "adder": "Wie het vastlegde",
        "reminded": "Wie herinnerd werd",
        "system": "Het systeem zelf",
        "privacy_officer": "Functionaris gegevensbescherming",
        "workflow_manager": "Workflowbeheerder",
        "told": "herinnering aan {one}",
        "escalated": "opgeschaald naar {one}",
        "fired": "verstreken, daarom {one}",
        "snoozed": "herinneringen wachten tot {one}",
        "raised": "gemeld aan {one}",
        "cleared": "niet meer {one}",
        "migrated": "Gaat verder onder {one}",
        "moved-back": "Terug onder {one}",
        "erased": "Deelnemer vergeten",
        "exported": "Verwijzingen van deelnemers geëxporteerd",
        "looked_up": "Opgezocht wie het is",
        "outlived": "de bewaartermijn na afsluiting is voorbij",
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

    Note:
        Of what was told with somebody's consent, nothing is told once that was withdrawn, but that it was.
    """
    events = tuple(events)
    kinds = consented(workflow)
    gone = {one.data["id"] for one in events if one.type == "record.ended" and one.data["record"] in kinds}
    return tuple(_row(workflow, event, lang, silent=event.data.get("id") in gone) for event in events)


def fold(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows with alike ones that follow each other taken together, and told by what they have in common.

    Note:
        Of a record that makes place for another, and of the signature that completes a move, the end of it is told. A
        signal that the first of them took away stands behind them all.
    """
    return tuple(row for alike in _alike(rows) for row in _folded(alike))


def _alike(rows: Iterable[Row]) -> Iterator[list[Row]]:
    together, after = list[Row](), list[Row]()
    for row in rows:
        if together and row.type == "signal.cleared":
            after.append(row)
            continue
        if together and _likeness(together[0]) != _likeness(row):
            yield together
            yield from (list(group) for _, group in groupby(after, key=_likeness))
            together, after = [], []
        together.append(row)
    yield together
    yield from (list(group) for _, group in groupby(after, key=_likeness))


def _likeness(row: Row) -> tuple[object, ...]:
    return row.on, row.actor, row.who, row.trigger, row.track


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


def _row(workflow: Workflow, event: Event, lang: str, *, silent: bool = False) -> Row:
    teller = _TELLERS.get(event.type)
    head, details = teller(workflow, event, lang) if teller else (event.type, [])
    return Row(
        version=event.version,
        type=event.type,
        trigger=event.trigger,
        on=event.on,
        at=event.at,
        who=who(workflow, event.role, lang),
        actor=plain(event.actor),
        track=None if event.track is None else plain(event.track),
        head=head[:1].upper() + head[1:],
        details=() if silent else tuple(one for one in details if one),
    )


def who(workflow: Workflow, role: str, lang: str) -> str:
    """Return what people call a role, or a relation to the pilot in which somebody acted."""
    relation = _SAY[lang].get(role) if role not in workflow.roles else None
    return relation or word(workflow, role, lang)


def _say(lang: str, which: str, one: str) -> str:
    return _SAY[lang][which].replace("{one}", one)


def _fields(workflow: Workflow, event: Event, given: object, lang: str) -> list[str]:
    return field_words(workflow, given, lang, apart=(event.on.isoformat(), event.track))


def field_words(workflow: Workflow, given: object, lang: str, *, apart: Container[object] = ()) -> list[str]:
    """Return fields and values in words, those that speak for themselves first.

    Args:
        workflow: whose words they are.
        given: values by the names of their fields; anything else has nothing to tell.
        lang: `en` or `nl`.
        apart: values that are told elsewhere, such as the day, and are left out.
    """
    if not isinstance(given, Mapping):
        return []
    parts = {}
    for name, one in given.items():
        if one is not None and name not in _HIDDEN and one not in apart:
            shown = value(workflow, one, lang)
            parts[name] = shown if name in _BARE else f"{word(workflow, name, lang).lower()} {shown}"
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
    told = [_say(lang, "linked", plain(event.data["pilot"])), *_fields(workflow, event, event.data.get("data"), lang)]
    return _trigger(workflow, event, lang), told


def _added(workflow: Workflow, event: Event, lang: str) -> Told:
    return word(workflow, event.data["record"], lang), _fields(workflow, event, event.data["fields"], lang)


def _revised(which: str) -> Callable[[Workflow, Event, str], Told]:
    def tell(workflow: Workflow, event: Event, lang: str) -> Told:
        head = _say(lang, which, word(workflow, event.data["record"], lang))
        given = event.data.get("set", {})
        gone = (name for name, one in given.items() if one is None and name not in _HIDDEN)
        told = [plain(event.data["id"]), *_fields(workflow, event, given, lang)]
        told += [_say(lang, "without", word(workflow, name, lang).lower()) for name in gone]
        return head, [*told, plain(event.data.get("reason") or "", TEXT)]

    return tell


def _migrated(workflow: Workflow, event: Event, lang: str) -> Told:
    del workflow  # the versions are names, and the reason is what people wrote
    which = "migrated" if "undoes" not in event.data else "moved-back"
    return _say(lang, which, plain(event.data["workflow"])), [plain(event.data.get("reason") or "", TEXT)]


def _signed(workflow: Workflow, event: Event, lang: str) -> Told:
    which = "complete" if event.data.get("complete") else "signed"
    return _trigger(workflow, event, lang), [_say(lang, which, word(workflow, event.data["role"], lang))]


def _voided(workflow: Workflow, event: Event, lang: str) -> Told:
    told = _say(lang, "voided", word(workflow, event.data["role"], lang))
    return word(workflow, event.data["trigger"], lang), [told]


def _erased(workflow: Workflow, event: Event, lang: str) -> Told:
    del workflow  # the reason is what people wrote; there is none where the time had come
    reason = event.data.get("reason")
    return _SAY[lang]["erased"], [_SAY[lang]["outlived"] if reason is None else plain(reason, TEXT)]


def _handled(which: str) -> Callable[[Workflow, Event, str], Told]:
    def tell(workflow: Workflow, event: Event, lang: str) -> Told:
        del workflow  # as above
        subjects = ", ".join(plain(one) for one in event.data["subjects"])
        return _SAY[lang][which], [plain(subjects, TEXT), plain(event.data["reason"], TEXT)]

    return tell


def _clock(workflow: Workflow, event: Event, lang: str) -> Told:
    """Return what a clock is called, and what it runs on where that is not the track of the event."""
    key = str(event.data["clock"])
    places = key.split(":")[1:]
    return clock_word(workflow, key, lang), [plain(one) for one in places if one != event.track]


def _people(workflow: Workflow, event: Event, lang: str) -> str:
    roles = [word(workflow, one, lang) for one in event.data.get("roles", ())]
    return ", ".join([*roles, *(plain(one) for one in event.data.get("persons", ()))])


def _reminded(which: str) -> Callable[[Workflow, Event, str], Told]:
    def tell(workflow: Workflow, event: Event, lang: str) -> Told:
        head, places = _clock(workflow, event, lang)
        people = _people(workflow, event, lang)
        return head, [*places, _say(lang, which, people) if people else ""]

    return tell


def _snoozed(workflow: Workflow, event: Event, lang: str) -> Told:
    head, places = _clock(workflow, event, lang)
    told = _say(lang, "snoozed", plain(event.data["until"]))
    return head, [*places, told, plain(event.data.get("reason") or "", TEXT)]


def _fired(workflow: Workflow, event: Event, lang: str) -> Told:
    head, places = _clock(workflow, event, lang)
    return head, [*places, _say(lang, "fired", word(workflow, event.data["trigger"], lang))]


def _raised(workflow: Workflow, event: Event, lang: str) -> Told:
    name, places = _clock(workflow, event, lang)
    people = _people(workflow, event, lang)
    told = _say(lang, "raised", people) if people else ""
    return word(workflow, event.data["signal"], lang), [name, *places, told]


def _cleared(workflow: Workflow, event: Event, lang: str) -> Told:
    name, places = _clock(workflow, event, lang)
    return _say(lang, "cleared", word(workflow, event.data["signal"], lang).lower()), [name, *places]


_TELLERS: Mapping[str, Callable[[Workflow, Event, str], Told]] = {
    "pilot.started": _started,
    "pilot.moved": _moved,
    "pilot.paused": _changed,
    "pilot.resumed": _changed,
    "pilot.changed": _changed,
    "pilot.linked": _linked,
    "pilot.migrated": _migrated,
    "track.opened": _opened,
    "track.moved": _moved,
    "record.added": _added,
    "record.changed": _revised("changed"),
    "record.corrected": _revised("corrected"),
    "record.ended": _revised("ended"),
    "signature.added": _signed,
    "signature.voided": _voided,
    "clock.reminded": _reminded("told"),
    "clock.escalated": _reminded("escalated"),
    "clock.snoozed": _snoozed,
    "clock.fired": _fired,
    "signal.raised": _raised,
    "signal.cleared": _cleared,
    "data.erased": _erased,
    "data.exported": _handled("exported"),
    "data.looked_up": _handled("looked_up"),
}
