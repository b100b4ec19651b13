"""A history as steps for process mining: each event once, with the activity that it is.

A command may leave several events. The one that says most, a move before a record before a signature, is called as the
trigger is; the others are its effects, and called as that with what they did behind it. So each name means one thing,
and who counts the steps that are `main` counts what was done. What a clock or the law of privacy did is a step of its
own.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from attrs import frozen

from proeftuin.core.events import Event
from proeftuin.core.workflow import Workflow
from proeftuin.dossiers import Dossier
from proeftuin.exports._how import How
from proeftuin.views import plain, word
from proeftuin.views.words import clock_word, said

_RANKS = ("pilot", "track", "record", "signature")
_DID: Mapping[str, tuple[str, str]] = {
    "pilot.started": ("begun", "begonnen"),
    "pilot.linked": ("linked", "gekoppeld"),
    "pilot.migrated": ("Migrated to another version", "Overgezet naar een andere versie"),
    "track.opened": ("opened", "geopend"),
    "track.moved": ("moved", "verplaatst"),
    "record.added": ("added", "toegevoegd"),
    "record.changed": ("changed", "gewijzigd"),
    "record.corrected": ("corrected", "verbeterd"),
    "record.ended": ("ended", "beëindigd"),
    "signature.added": ("signed", "getekend"),
    "signature.voided": ("signature voided", "handtekening vervallen"),
    "data.erased": ("Participant forgotten", "Deelnemer vergeten"),
    "data.exported": ("Refs of participants exported", "Verwijzingen van deelnemers geëxporteerd"),
    "data.looked_up": ("Looked up who it is", "Opgezocht wie het is"),
    "clock.reminded": ("reminded", "herinnerd"),
    "clock.escalated": ("escalated", "opgeschaald"),
    "clock.snoozed": ("snoozed", "uitgesteld"),
    "clock.fired": ("fell due", "verstreken"),
    "signal.raised": ("raised", "gemeld"),
    "signal.cleared": ("cleared", "voorbij"),
}
_OWN = frozenset({"pilot.migrated", "data.erased", "data.exported", "data.looked_up"})


@frozen
class Step:
    """An event as an activity.

    Attributes:
        workflow: the version that held when it happened.
        main: whether it stands for its whole command.
    """

    event: Event
    workflow: Workflow
    activity: str
    main: bool


def steps(dossier: Dossier, how: How) -> Iterator[Step]:
    """Give the steps of a pilot, one for each event, in order."""
    workflow = dossier.workflow
    for _, together in groupby(dossier.events(), key=_command):
        events = list(together)
        if "workflow" in events[0].data:
            workflow = how.workflow(events[0].data["workflow"])
        yield from _of_one_command(workflow, events, how.lang)


def _command(event: Event) -> tuple[object, ...]:
    """Return what the events of one command have in common."""
    alone = event.version if _rank(event) is None else None
    return event.at, event.actor, event.trigger, event.track, alone


def _rank(event: Event) -> int | None:
    """Return how much an event says of its command, least is most; None where it is no effect of one."""
    family = event.type.partition(".")[0]
    return _RANKS.index(family) if family in _RANKS and event.type not in _OWN else None


def _of_one_command(workflow: Workflow, events: Sequence[Event], lang: str) -> Iterator[Step]:
    main = min(events, key=lambda one: _rank(one) or 0)
    for one in events:
        yield Step(one, workflow, _activity(workflow, one, lang, main=one is main), one is main)


def _activity(workflow: Workflow, event: Event, lang: str, *, main: bool) -> str:
    trigger = _trigger(workflow, event, lang)
    if event.type in _OWN:
        return _did(event, lang)
    if _rank(event) is None:
        return f"{_clock(workflow, event, lang)}: {_did(event, lang)}"
    waits = event.type == "signature.added" and not event.data.get("complete")
    if main and not waits:
        return trigger
    return f"{trigger}: {' '.join(filter(None, (_what(workflow, event, lang), _did(event, lang))))}"


def _trigger(workflow: Workflow, event: Event, lang: str) -> str:
    if event.type == "pilot.started":
        return plain(said(workflow.start.label, lang)) if workflow.start.label else "Start"
    return word(workflow, event.trigger, lang)


def _did(event: Event, lang: str) -> str:
    """Return what an event did; its type, where a later version brought that."""
    return _DID.get(event.type, (event.type, event.type))[lang == "nl"]


def _what(workflow: Workflow, event: Event, lang: str) -> str:
    """Return what an effect is about."""
    found = event.data.get("record") or event.data.get("kind")
    return word(workflow, found, lang).lower() if isinstance(found, str) else ""


def _clock(workflow: Workflow, event: Event, lang: str) -> str:
    """Return what a clock or its signal is called."""
    if event.type.startswith("signal."):
        return word(workflow, event.data.get("signal"), lang)
    called = clock_word(workflow, str(event.data.get("clock", event.trigger)), lang)
    return called[:1].upper() + called[1:]
