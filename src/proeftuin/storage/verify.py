"""Whether what is stored is what was recorded: the chain, the versions, the heads; every fault with its place.

A digest vouches for its event and for all before it. So an event that was changed, deleted, swapped, inserted or
brought from another pilot breaks the chain at its place; a tail that was cut no longer reaches the head; a changed
head differs from the fold of its events. What cannot be seen from within is a chain that was rewritten as a whole,
head included, by who owns the database: against that helps only a digest that another party keeps.

The store is asked through its port, and its history is streamed.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import FOLD
from proeftuin.core.pilot import Pilot
from proeftuin.errors import CorruptStore
from proeftuin.spi import Entry, Head, Query, Store

Replay = Callable[[Iterable[Event]], Pilot | None]

UNFOLDABLE = (AttributeError, LookupError, TypeError, ValueError)  # what a fold may raise on events that make no sense
COLUMNS = ("id", "ref", "workflow", "version", "state", "phase", "outcome", "hold", "created_at", "updated_at")


@frozen
class Finding:
    """One thing that is wrong, and where.

    Attributes:
        version: the event that it was found at; None for the head.
        problem: a sentence that says what is wrong.
    """

    pilot_id: str
    version: int | None
    problem: str

    def __str__(self) -> str:
        """`pilot, event 7: problem`."""
        place = "head" if self.version is None else f"event {self.version}"
        return f"{self.pilot_id}, {place}: {self.problem}"


def verify(store: Store, tenant: str, pilot_id: str | None = None, *, replay: Replay) -> Iterator[Finding]:
    """Give everything that is wrong with one pilot, or with all of a tenant; nothing, if all is well.

    Args:
        store: any store.
        tenant: whose pilots.
        pilot_id: None checks all.
        replay: folds events into a pilot, to compare with the stored head.
    """
    for name in _ids(store, tenant) if pilot_id is None else (pilot_id,):
        try:
            loaded = store.load(tenant, name)
        except CorruptStore as error:
            yield Finding(name, None, str(error))
            continue
        if loaded is None or loaded.head is None:
            yield Finding(name, None, "there is no such pilot")
        else:
            yield from _Check(store, tenant, name, loaded.version, loaded.head).findings(replay)


def _ids(store: Store, tenant: str) -> Iterator[str]:
    after: str | None = None
    while True:
        page = store.find(Query(tenant, after=after))
        yield from (summary.id for summary in page.items)
        if page.next is None:
            return
        after = page.next


class _Check:
    """The check of one pilot as of the moment at which its head was read; what is appended meanwhile is left out."""

    def __init__(self, store: Store, tenant: str, pilot_id: str, version: int, head: Head) -> None:
        self._store = store
        self._tenant = tenant
        self._pilot_id = pilot_id
        self._stored_version = version
        self._head = head
        self._found: list[Finding] = []
        self._seen = 0
        # Both the digest that stands in the event before and the one that it ought to have: so one that was changed is
        # reported once, at its place, and not again at the event behind it.
        self._before = {codec.genesis(pilot_id)}

    def findings(self, replay: Replay) -> Iterator[Finding]:
        """Look at the events, then at what lies behind them, then at the head."""
        pilot: Pilot | None = None
        events = self._events()
        try:
            pilot = replay(events)
        except UNFOLDABLE as error:
            self._note(self._seen, f"it cannot be folded: {error}")
        for _ in events:  # what is left where the fold stopped half-way
            pass
        self._check_tail()
        if not self._found and pilot is not None:
            self._check_head(pilot)
        yield from self._found

    def _note(self, version: int | None, problem: str) -> None:
        self._found.append(Finding(self._pilot_id, version, problem))

    def _events(self) -> Iterator[Event]:
        """Look at every entry; give the events for as long as all is well, as no fold can go on behind a fault."""
        for entry in self._entries(upto=self._stored_version):
            event = self._event(entry)
            if event is not None and not self._found:
                yield event

    def _entries(self, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        try:
            yield from self._store.history(self._tenant, self._pilot_id, after=after, upto=upto)
        except CorruptStore as error:
            self._note(max(after, self._seen) + 1, str(error))

    def _event(self, entry: Entry) -> Event | None:
        missing = range(self._seen + 1, entry.version)
        for version in missing:
            self._note(version, "it is missing")
        event = self._body(entry)
        expected = {_chained(previous, entry.body) for previous in self._before}
        if event is not None and not missing and entry.digest not in expected:
            self._note(entry.version, "it, or the event before it, was changed: the digest does not fit")
        self._before = {entry.digest} if missing else {entry.digest, *expected}
        self._seen = entry.version
        return event

    def _body(self, entry: Entry) -> Event | None:
        try:
            event = codec.decode_event(entry.body, entry.digest, pilot_id=self._pilot_id, version=entry.version)
        except CorruptStore as error:
            self._note(entry.version, str(error))
            return None
        if event.pilot_id != self._pilot_id:
            self._note(entry.version, f"it was moved here from pilot {event.pilot_id!r}")
        elif event.version != entry.version:
            self._note(entry.version, f"it is event {event.version}, in another place")
        elif event.type != entry.type:
            self._note(entry.version, f"it is filed as {entry.type!r} and says {event.type!r}")
        else:
            return event
        return None

    def _check_tail(self) -> None:
        for version in range(self._seen + 1, self._stored_version + 1):
            self._note(version, f"it is missing: the head is at version {self._stored_version}")
        behind = next(self._entries(after=self._stored_version), None)
        if behind is not None:
            now = self._store.load(self._tenant, self._pilot_id)
            if now is None or now.version < behind.version:
                self._note(behind.version, f"it was inserted: the head is at version {self._stored_version}")

    def _check_head(self, pilot: Pilot) -> None:
        head = self._head
        if head.digest != pilot.digest:
            self._note(None, f"its digest is not that of event {pilot.version}: one or the other was changed")
        if head.fold == FOLD:
            try:
                stored = codec.decode_pilot(head.body, pilot_id=self._pilot_id)
            except CorruptStore as error:
                self._note(None, str(error))
            else:
                if stored != pilot:
                    self._note(None, f"it differs from the fold of the events in {_differences(stored, pilot)}")
        columns = [name for name in COLUMNS if getattr(head.summary, name) != getattr(pilot, name)]
        if columns:
            self._note(None, f"what `find` shows differs from the events in {', '.join(columns)}")


def _chained(previous: str, body: bytes) -> str:
    try:
        return codec.chain(previous, body)
    except ValueError:
        return ""  # a digest that is no hex


def _differences(one: Pilot, other: Pilot) -> str:
    return ", ".join(name for name in vars(one) if getattr(one, name) != getattr(other, name))
