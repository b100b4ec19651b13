"""Dossiers: pilots with their histories, on their way out of the store, each cut to what may leave it.

1. What an actor does not see is not in it (`sight`); and who asks as nobody in particular gets all of it, but what was
   told with a consent that was withdrawn.
2. Of a pilot that takes part in which says that somebody committed a crime, or once said so, nothing about a
   participant is in it, whoever asks.
3. A dossier is of one version of its pilot: what is written meanwhile is left out.

There is no ref of a participant here: those leave by `disclosing` alone. Source: GDPR articles 4(5) and 10.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from attrs import evolve, field, frozen

from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.private import reveals_crime
from proeftuin.core.workflow import Workflow
from proeftuin.folding import fold
from proeftuin.reading import Reader
from proeftuin.sight import ALL, FACILITATOR, Sight


@frozen(eq=False)
class Dossier:
    """A pilot as it may leave the store.

    Attributes:
        pilot: as it is, without what is not seen.
        workflow: the version that it follows.
        tenant: whose it is.
    """

    pilot: Pilot
    workflow: Workflow
    tenant: str
    _events: Callable[[], Iterator[Event]] = field(repr=False)
    _stood: Callable[[datetime], Pilot] = field(repr=False)

    def events(self) -> Iterator[Event]:
        """Give what happened to the pilot, as far as it is seen; they are read from the store anew each time."""
        return self._events()

    def stood(self, at: datetime) -> Pilot:
        """Return the pilot as it stood at a moment, without what is not seen now: it may be withdrawn since.

        Raises:
            UnknownPilot: where it had not begun.
        """
        return self._stood(at)


def dossier(reader: Reader, sight: Sight) -> Dossier:
    """Return the dossier of a pilot as somebody sees it now."""
    pilot = sight.pilot
    sights = [sight]
    if any(map(reveals_crime, reader.events(pilot.id, upto=pilot.version))):
        sights.append(evolve(sight, width=FACILITATOR, party=None))

    def cut(shown: Pilot, now: Pilot | None = None) -> Pilot:
        for one in sights:
            shown = evolve(one, table=reader.shown(shown.workflow), pilot=shown, now=now).cut()
        return shown

    def stood(at: datetime) -> Pilot:
        return cut(reader.get(pilot.id, at=at), pilot)

    def events() -> Iterator[Event]:
        found = events_seen(reader, sights[0], upto=pilot.version)
        return found if len(sights) == 1 else as_it_is(reader, found, sights[1])

    return Dossier(cut(pilot), sight.table.workflow, reader.tenant, events, stood)


def dossiers(reader: Reader, found: Iterable[Sight]) -> Iterator[Dossier]:
    """Give the dossiers of pilots as somebody sees them now."""
    return (dossier(reader, one) for one in found)


def events_seen(reader: Reader, sight: Sight, *, after: int = 0, upto: int | None = None) -> Iterator[Event]:
    """Give the events of a pilot that are seen, each as far as it is.

    Who sees all sees it by what the pilot is now; anybody else what they saw when it happened.

    Args:
        reader: reads them.
        sight: what is seen of the pilot as it is now.
        after: only later versions; `upto` only versions until then.
        upto: the last version.
    """
    cut = as_it_is if sight.width == ALL else _as_it_was
    return (one for one in cut(reader, reader.events(sight.pilot.id, upto=upto), sight) if one.version > after)


def as_it_is(reader: Reader, events: Iterable[Event], sight: Sight) -> Iterator[Event]:
    """Give events as they are seen by what the pilot is; the first are told in the words of the sight's own version."""
    for event in events:
        if "workflow" in event.data:  # what happened is told in the words of the version that it happened under
            sight = evolve(sight, table=reader.shown(event.data["workflow"]))
        if (shown := sight.event(event)) is not None:
            yield shown


def _as_it_was(reader: Reader, events: Iterable[Event], now: Sight) -> Iterator[Event]:
    """Give all events as far as they were seen when they happened: of a supplier's own tracks, without persons."""
    pilot: Pilot | None = None
    before: Sight | None = None
    for event in events:
        pilot = fold(pilot, event)
        sight = Sight(reader.shown(pilot.workflow), pilot, now.width, now.party, now.pilot)
        if (shown := sight.event(event, before)) is not None:
            yield shown
        before = sight
