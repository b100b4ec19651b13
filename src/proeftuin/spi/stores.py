"""What a store is: what it is given, what it gives back, and the protocols that it fulfils."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from attrs import frozen

from proeftuin.core.structs import Fact


class Entry(Fact, frozen=True):
    """One event as it is stored: its canonical JSON, exactly as hashed, and its digest in hex."""

    version: int
    type: str
    body: bytes
    digest: str


class Receipt(Fact, frozen=True):
    """The memory of one command that carried an idempotency key.

    Attributes:
        fingerprint: hex SHA-256 of the command; another one under the same key is `KeyReused`.
        body: the result, for the engine to read back.
    """

    key: str
    fingerprint: str
    body: bytes


@frozen
class Personal:
    """The one place where a participant's ref is kept: subject `s1` of a pilot is `ref`, salted with `salt`."""

    subject: str
    ref: str
    salt: bytes


class Summary(Fact, frozen=True):
    """What `find` gives of a pilot, from columns alone; `digest` is that of its last event, in hex."""

    id: str
    ref: str | None
    workflow: str
    version: int
    state: str
    phase: str
    outcome: str | None
    hold: str
    organisation: str | None
    programme: str | None
    track_states: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    digest: str
    signals: tuple[str, ...] = ()


class Timing(Fact, frozen=True):
    """When the terms of a pilot come, as far as is known without looking at it: never later than they do.

    Attributes:
        due: nothing has to be done before; None for never.
        overdue: no term is past its due day before; None for never.
        calendar: the fingerprint of the calendar that they were counted on; empty where nobody counted yet.
    """

    due: datetime | None = None
    overdue: datetime | None = None
    calendar: str = ""


UNTIMED = Timing()


class Head(Fact, frozen=True):
    """The head of a pilot: its encoded body, the number of the fold rules that made it, a summary of it, its timing."""

    body: bytes
    fold: int
    summary: Summary
    timing: Timing = UNTIMED


class Commit(Fact, frozen=True):
    """What one accepted command writes on one pilot, all or nothing.

    Attributes:
        expected: the version that the command was decided on; 0 begins the pilot.
        entries: versions `expected + 1` and on, without gaps.
        receipts: of the commands that carried a key; several where several commands, or a whole pilot, come at once.
        personal: subjects issued by these commands.
        erased: subjects whose refs are forgotten; only for a store that `Erases`.
    """

    tenant: str
    pilot_id: str
    expected: int
    entries: tuple[Entry, ...]
    head: Head
    receipts: tuple[Receipt, ...] = ()
    personal: tuple[Personal, ...] = ()
    erased: tuple[str, ...] = ()


class Loaded(Fact, frozen=True):
    """What one read gives: the stored version, the head (None where the caller has that version), the receipt."""

    version: int
    head: Head | None
    receipt: Receipt | None = None


class Due(Fact, frozen=True):
    """A pilot at which something may have to be done, and since when."""

    pilot_id: str
    at: datetime


class Wanted(Fact, frozen=True):
    """One pilot to load, as `Store.load` takes it."""

    pilot_id: str
    key: str | None = None
    have: int | None = None


@frozen
class Holder:
    """A pilot in which a ref is known, and as which subject."""

    pilot_id: str
    subject: str


@frozen(order=True)
class Tally:
    """How many pilots lie in one state."""

    phase: str
    state: str
    pilots: int


@frozen
class Query:
    """A question to `find` and `count`: every filter that is given must hold.

    `find` gives summaries in order of id, at most `limit`, after `after`; `count` looks at neither of the two.

    Attributes:
        signal: a signal that is up.
        overdue: the pilots whose timing says that a term may be overdue at this instant; asked only of a store that is
            `Timed`.
    """

    tenant: str
    workflow: str | None = None
    state: str | None = None
    phase: str | None = None
    track_state: str | None = None
    organisation: str | None = None
    programme: str | None = None
    ref: str | None = None
    signal: str | None = None
    overdue: datetime | None = None
    updated_after: datetime | None = None
    limit: int = 100
    after: str | None = None


@frozen
class Page:
    """A page of summaries; `next` is what to give as `after` for the one behind it, None at the end."""

    items: tuple[Summary, ...]
    next: str | None = None


@runtime_checkable
class Store(Protocol):
    """Where pilots are kept. All methods may be called from any thread."""

    @property
    def durable(self) -> bool:
        """Whether what is acknowledged survives the end of the process."""

    @property
    def multi_process(self) -> bool:
        """Whether several processes may use it at once."""

    @property
    def multi_pilot(self) -> bool:
        """Whether one `append` takes commits on several pilots; a store that does not refuses them as `BadArgument`."""

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        """Return what is stored of a pilot, as of one moment; None where there is no such pilot.

        Args:
            tenant: whose pilot.
            pilot_id: which pilot.
            key: the idempotency key whose receipt is wanted.
            have: the version whose head the caller has; the head then need not come again.
        """

    def append(self, *commits: Commit, recorded: "Callable[[object], None] | None" = None) -> None:
        """Write all commits or none.

        Args:
            commits: on different pilots, written in any order.
            recorded: called once inside the transaction, after the writes, with the store's connection (None where
                there is none); what it raises undoes everything and is raised on.

        Raises:
            Conflict: the stored version is not the expected one, or a receipt of the same key is there; nothing was
                written.
            PilotExists, StoreError: nothing was written (`OutcomeUnknown`: it may have been).
        """

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Give the entries with `after < version <= upto`, in order, without holding them all in memory.

        Either may be any integer, also one below 0 or beyond 64 bits: no version is there, so nothing is found there.
        """

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        """Return the receipt of a key."""

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        """Give the receipts of a pilot in order of key, without holding them all in memory."""

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """Return the subjects of a pilot whose refs are still known."""

    def find(self, query: Query) -> Page:
        """Return a page of summaries in order of id."""

    def count(self, query: Query) -> tuple[Tally, ...]:
        """Return how many pilots fit, by phase and state, in that order; none is told where there is none."""

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        """Return the tenants that have pilots, in order, those behind `after`."""

    def close(self) -> None:
        """Let go of everything; a second call does nothing, any other call then raises `StoreUnavailable`."""


@runtime_checkable
class Definitions(Protocol):
    """The optional part of a store that keeps the workflow versions its pilots follow."""

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the field's own word
        """Keep a resolved workflow; the same one again is a no-op."""

    def get_workflow(self, name: str, version: int) -> bytes | None:
        """Return the body of a kept workflow."""


@runtime_checkable
class Bulk(Protocol):
    """The optional part of a store that loads many pilots in fewer trips than one each."""

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        """Return what `load` would for each, in their order.

        Each is as of one moment, except that a receipt may be of a later one than its version: then the command that
        left it was carried out meanwhile.
        """


@runtime_checkable
class Streams(Protocol):
    """The optional part of a store that is `multi_pilot`, and writes commits while more of them are being made."""

    def append_each(self, commits: Iterator[Commit], *, recorded: "Callable[[object], None] | None" = None) -> None:
        """Write what `append` would, all of it or nothing.

        Args:
            commits: in order of tenant and pilot id, each on another pilot. Whoever makes them asks nothing of the
                store meanwhile; what the making raises undoes everything and is raised on.
            recorded: as for `append`: called after the last.

        Raises:
            ProeftuinError: as `append`.
        """


@runtime_checkable
class Erases(Protocol):
    """The optional part of a store that can forget the ref of a participant: it takes `Commit.erased`."""

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        """Return pilots in which a ref is known, in order of id and subject; none, once all was forgotten."""

    def scrub(self) -> None:
        """See to it that what was forgotten is also gone from the files, as far as the store can do that by itself.

        Raises:
            StoreBusy: while others read what would have to be written anew; nothing is lost, try again.
        """


@runtime_checkable
class Timed(Protocol):
    """The optional part of a store that knows which pilots something has to be done at."""

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        """Return pilots that are due by `now`, those due longest first, then in order of id; those behind `after`."""

    def untimed(
        self, tenant: str, calendars: Collection[str], *, limit: int = 100, after: str | None = None
    ) -> tuple[str, ...]:
        """Return the ids of pilots whose timing was counted on none of these calendars, in order, behind `after`."""

    def retime(self, tenant: str, pilot_id: str, version: int, timing: Timing) -> bool:
        """Note the timing of a pilot without a commit; False, and nothing is noted, where it has another version."""


@runtime_checkable
class Hosted(Protocol):
    """The optional part of a store that can write inside a transaction of the host."""

    def using(self, connection: object) -> "HostedStore":
        """Return this store on a connection of the host, whose transaction it joins and never ends.

        Raises:
            BadArgument: for a connection of another kind, or one on which no transaction can be kept open.
        """


@runtime_checkable
class HostedStore(Store, Protocol):
    """A store inside a transaction of the host. It writes all of an `append` or nothing; the host commits."""

    @property
    def after_commit(self) -> "Callable[[Callable[[], None]], object] | None":
        """Have a function called once the host's outermost transaction is committed; None where that cannot be told.

        It is not called where what was written before it was given is rolled back, be it to a savepoint.
        """
