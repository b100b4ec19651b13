"""Whether what is stored is what was recorded: the chain, the versions, the heads; every fault with its place.

A digest vouches for its event and for all before it. So an event that was changed, deleted, swapped, inserted or
brought from another pilot breaks the chain at its place; a tail that was cut no longer reaches the head; a changed
head differs from the fold of its events; a ref that was exchanged is not the one that its first event commits to; a
workflow that was changed is not the one that a pilot began under. What cannot be seen from within is a chain that was
rewritten as a whole, head included, by who owns the database: against that helps only a digest that another party
keeps.

The store is asked through its port, and its history is streamed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from typing import TypeVar

from attrs import frozen

from proeftuin import codec
from proeftuin.core.events import FOLLOWING, Event
from proeftuin.core.evolve import FOLD
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import names, replace
from proeftuin.errors import BadArgument, CorruptStore
from proeftuin.folding import UNFOLDABLE
from proeftuin.spi import Definitions, Entry, Head, Query, Store, Summary
from proeftuin.storage.checkpoints import Mark

T = TypeVar("T", Pilot, Summary)
Replay = Callable[[Iterable[Event]], Pilot | None]

PAGE = 100  # summaries that are read at once
LONG_GAP = 10_000  # events that are missing in one piece and are told as one


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

    The workflows that a pilot began under and was moved to are looked at where the store keeps them.

    Args:
        store: any store.
        tenant: whose pilots.
        pilot_id: None checks all.
        replay: folds events into a pilot, to compare with the stored head.
    """
    kept = lru_cache(partial(_kept, store))
    for name in _ids(store, tenant) if pilot_id is None else (pilot_id,):
        try:
            loaded = store.load(tenant, name)
        except CorruptStore as error:
            yield Finding(name, None, _told(error))
            continue
        if loaded is None or loaded.head is None:
            yield Finding(name, None, "there is no such pilot")
            yield from _left_behind(store, tenant, name)
        else:
            yield from _Check(store, tenant, name, loaded.version, loaded.head, kept=kept).findings(replay)


def _left_behind(store: Store, tenant: str, pilot_id: str) -> Iterator[Finding]:
    """Give the refs that are kept for a pilot that is not there.

    Note:
        No store lists these: they can be looked for only where the pilot is named, by who asks or by a checkpoint.
    """
    try:
        known = store.personal(tenant, pilot_id)
        if known and store.load(tenant, pilot_id) is None:  # asked last: it may have been begun just now
            for one in known:
                yield Finding(pilot_id, None, f"a ref is kept for subject {one.subject!r} of it, and it is not there")
    except CorruptStore as error:
        yield Finding(pilot_id, None, _told(error))


def _kept(store: Store, workflow: str) -> str | None:
    """Return the hash of a workflow that the store keeps, computed anew; None where it keeps none of this name."""
    name, _, version = workflow.partition("@")
    if not (isinstance(store, Definitions) and version.isdecimal()):
        return None
    body = store.get_workflow(name, int(version))
    return None if body is None else sha256(body).hexdigest()


def compare(store: Store, tenant: str, marks: Iterable[Mark]) -> Iterator[Finding]:
    """Give everything in which the histories of a tenant differ from what was known of them before.

    Args:
        store: any store.
        tenant: whose pilots.
        marks: what a checkpoint says.

    Raises:
        BadArgument: for that of another tenant, where none of its pilots came here.
    """
    marks = tuple(marks)
    if marks and marks[0].tenant != tenant and not any(_here(store, tenant, mark) for mark in marks):
        raise BadArgument("checkpoint", f"it is of tenant {marks[0].tenant}; none of its pilots is with {tenant}")
    for mark in marks:
        try:
            entry = next(store.history(tenant, mark.pilot_id, after=mark.version - 1, upto=mark.version), None)
        except CorruptStore as error:
            yield Finding(mark.pilot_id, mark.version, _told(error))
            continue
        if entry is None:
            yield Finding(
                mark.pilot_id, mark.version, f"it is missing, and was there on {mark.day}: the history was cut"
            )
            yield from _left_behind(store, tenant, mark.pilot_id)
        elif entry.digest != mark.digest:
            yield Finding(
                mark.pilot_id,
                mark.version,
                f"its digest is not that of {mark.day}: it, or an event before it, was rewritten with all that follow",
            )


def _here(store: Store, tenant: str, mark: Mark) -> bool:
    try:
        return store.load(tenant, mark.pilot_id) is not None
    except CorruptStore:
        return True


def _ids(store: Store, tenant: str) -> Iterator[str]:
    """Give the ids of a tenant, also of pilots whose summary cannot be read, where the store says which that is."""
    after, limit = None, PAGE
    while True:
        try:
            page = store.find(Query(tenant, after=after, limit=limit))
        except CorruptStore as error:
            if limit > 1:
                limit = 1  # one by one, up to the one that it is
            elif error.pilot_id is None:
                raise
            else:
                yield error.pilot_id
                after, limit = error.pilot_id, PAGE
            continue
        yield from (summary.id for summary in page.items)
        if page.next is None:
            return
        after = page.next


class _Check:
    """The check of one pilot as of the moment at which its head was read; what is appended meanwhile is left out."""

    def __init__(
        self,
        store: Store,
        tenant: str,
        pilot_id: str,
        version: int,
        head: Head,
        *,
        kept: Callable[[str], str | None],
    ) -> None:
        self._store = store
        self._kept = kept
        self._tenant = tenant
        self._pilot_id = pilot_id
        self._stored_version = version
        self._head = head
        self._found: list[Finding] = []
        self._seen = 0
        self._commitments: dict[str, tuple[int, object]] = {}  # per subject: where its ref is committed to, and how
        self._forgotten: dict[str, int] = {}  # per subject: where its ref was erased
        # What the digest of the event before may honestly have been. Where it fitted, the one that stands there. Where
        # it did not, three: the one that stands there (the body was changed), what follows from the one that stands
        # before it (this digest was changed, and the body before), what follows from the last that fitted (all digests
        # since were changed). So a change is reported once, at its place, and not again at the event behind it. As
        # there are never more than three, the time that it takes grows with the history, whatever was done to it.
        self._before = [codec.genesis(pilot_id)]

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
        self._check_people()
        if not self._found:
            self._check_head(pilot)
        yield from self._found

    def _note(self, version: int | None, problem: str) -> None:
        self._found.append(Finding(self._pilot_id, version, problem))

    def _events(self) -> Iterator[Event]:
        """Look at every entry; give the events for as long as all is well, as no fold can go on behind a fault."""
        for entry in self._entries(upto=self._stored_version):
            event = self._event(entry)
            if event is None:
                continue
            self._vouched(event)
            if not self._found:
                yield event

    def _vouched(self, event: Event) -> None:
        """Look at what an event vouches for beyond the history: the workflow, and the refs of participants."""
        data = event.data
        if event.type in FOLLOWING and self._kept(f"{data.get('workflow')}") not in (None, data.get("hash")):
            since = "it began under" if event.type == "pilot.started" else "it was moved to"
            self._note(event.version, f"{data.get('workflow')} is kept with other content than {since}")
        committed = data.get("commitments")
        if isinstance(committed, Mapping):
            self._commitments |= {subject: (event.version, one) for subject, one in committed.items()}
        forgotten = data.get("subjects") if event.type == "data.erased" else None
        if isinstance(forgotten, tuple):
            self._forgotten |= {f"{subject}": event.version for subject in forgotten}

    def _entries(self, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        try:
            yield from self._store.history(self._tenant, self._pilot_id, after=after, upto=upto)
        except CorruptStore as error:
            self._note(max(after, self._seen) + 1, _told(error))

    def _event(self, entry: Entry) -> Event | None:
        missing = self._missing(entry.version - 1)
        event = self._body(entry)
        if entry.version <= self._seen:  # and the chain goes on from where it was, lest one gap be told again and again
            self._note(entry.version, f"it comes behind event {self._seen}, out of order")
            return None
        expected = [chained for previous in self._before if (chained := _chained(previous, entry.body)) is not None]
        fits = entry.digest in expected
        if event is not None and not missing and not fits:
            self._note(entry.version, "it, or the event before it, was changed: the digest does not fit")
        self._before = [entry.digest]
        if not missing and not fits:
            self._before += dict.fromkeys((*expected[:1], *expected[-1:]))
        self._seen = entry.version
        return event

    def _missing(self, last: int, why: str = "") -> bool:
        """Note the events up to this one that did not come, a long gap as one: who forged a version may name any."""
        first = self._seen + 1
        if last - first >= LONG_GAP:
            self._note(first, f"it is missing, and so are all up to event {last}{why}")
        else:
            for version in range(first, last + 1):
                self._note(version, f"it is missing{why}")
        return first <= last

    def _body(self, entry: Entry) -> Event | None:
        try:
            event = codec.decode_event(entry.body, entry.digest, pilot_id=self._pilot_id, version=entry.version)
        except CorruptStore as error:
            self._note(entry.version, _told(error))
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
        self._missing(self._stored_version, f": the head is at version {self._stored_version}")
        behind = next(self._entries(after=self._stored_version), None)
        if behind is not None:
            now = self._store.load(self._tenant, self._pilot_id)
            if now is None or now.version < behind.version:
                self._note(behind.version, f"it was inserted: the head is at version {self._stored_version}")

    def _check_people(self) -> None:
        """Compare the refs that are kept with what the events commit to, and with whom they forgot.

        Note:
            One that is gone may have been left out by an import, so that is told of none.
        """
        try:
            known = self._store.personal(self._tenant, self._pilot_id)
        except CorruptStore as error:
            self._note(None, _told(error))
            return
        for one in known:
            version, committed = self._commitments.get(one.subject, (0, None))
            if one.subject in self._forgotten:
                self._note(self._forgotten[one.subject], f"it forgot subject {one.subject!r}, whose ref is kept again")
            elif version and committed != codec.commitment(one.ref, one.salt):
                self._note(version, f"it commits to another ref for subject {one.subject!r} than the one that is kept")
            elif not version and not self._found and self._unmoved():
                self._note(None, f"a ref is kept for subject {one.subject!r}, which no event names")

    def _unmoved(self) -> bool:
        """Whether nothing was appended since the head was read: a later event may name whoever is not known here."""
        now = self._store.load(self._tenant, self._pilot_id)
        return now is not None and now.version == self._stored_version

    def _check_head(self, pilot: Pilot | None) -> None:
        if pilot is None:
            self._note(None, "there is no event of it")
            return
        head = self._head
        if head.summary.digest != pilot.digest:
            self._note(None, f"its digest is not that of event {pilot.version}: one or the other was changed")
        if head.fold == FOLD:
            try:
                stored = codec.decode_pilot(head.body, pilot_id=self._pilot_id)
            except CorruptStore as error:
                self._note(None, _told(error))
            else:
                if stored != pilot:
                    self._note(None, f"it differs from the fold of the events in {_differences(stored, pilot)}")
        shown = replace(head.summary, digest=pilot.digest)  # it was compared above
        if columns := _differences(shown, codec.summary(pilot)):
            self._note(None, f"what `find` shows differs from the events in {columns}")


def _told(error: CorruptStore) -> str:
    """Return what cannot be read, to who is verifying already."""
    return error.problem.removesuffix(codec.ADVICE)


def _chained(previous: str, body: bytes) -> str | None:
    try:
        return codec.chain(previous, body)
    except ValueError:
        return None  # nothing follows from a digest that is no hex


def _differences(one: T, other: T) -> str:
    return ", ".join(name for name in names(type(one)) if getattr(one, name) != getattr(other, name))
