"""The ports: what a store, a hook, a clock and an id maker must be. Nobody inherits from these to integrate.

A store keeps, per tenant and pilot, a log of events and one head (a fold of the log, kept for speed). It never looks
inside: bodies are bytes, written and returned exactly. What every store guarantees:

1. compare-and-append: of N writers at one version exactly one wins; the others get `Conflict` with the actual version
   and nothing of theirs is written (`expected` 0 begins a pilot; a taken id or ref is `PilotExists`);
2. one `append` is atomic, also under a crash; several commits in it are all or none; no read ever writes;
3. versions per pilot are 1..n without gaps; order is by version, never by time;
4. receipts live as long as the pilot; keys are compared exactly;
5. bytes and text come back exactly;
6. tenants never see each other.

`proeftuin.storage.memory` is the reference: read it to know what a store is.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, runtime_checkable

from attrs import field, frozen

from proeftuin.core.commands import Actor, Blocker, Command
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot

SPI_VERSION = 1


@frozen
class Entry:
    """One event as it is stored: its canonical JSON, exactly as hashed, and its digest in hex."""

    version: int
    type: str
    body: bytes
    digest: str


@frozen
class Receipt:
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


@frozen(slots=False)
class Summary:
    """What `find` gives of a pilot, from columns alone."""

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


@frozen
class Head:
    """The head of a pilot: its encoded body, the number of the fold rules that made it, the last digest, a summary."""

    body: bytes
    fold: int
    digest: str
    summary: Summary


@frozen
class Commit:
    """What one accepted command writes on one pilot, all or nothing.

    Attributes:
        expected: the version that the command was decided on; 0 begins the pilot.
        entries: versions `expected + 1` and on, without gaps.
        personal: subjects issued by this command.
    """

    tenant: str
    pilot_id: str
    expected: int
    entries: tuple[Entry, ...]
    head: Head
    receipt: Receipt | None = None
    personal: tuple[Personal, ...] = ()


@frozen
class Loaded:
    """What one read gives: the stored version, the head (None where the caller has that version), the receipt."""

    version: int
    head: Head | None
    receipt: Receipt | None = None


@frozen
class Query:
    """A question to `find`: every filter that is given must hold; summaries come in order of id, after `after`."""

    tenant: str
    workflow: str | None = None
    state: str | None = None
    phase: str | None = None
    track_state: str | None = None
    organisation: str | None = None
    programme: str | None = None
    ref: str | None = None
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
            commits: on different pilots.
            recorded: called once inside the transaction, after the writes, with the store's connection (None where
                there is none); what it raises undoes everything and is raised on.

        Raises:
            Conflict, PilotExists, StoreError: nothing was written (`OutcomeUnknown`: it may have been).
        """

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Give the entries with `after < version <= upto`, in order, without holding them all in memory."""

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        """Return the receipt of a key."""

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """Return the subjects of a pilot whose refs are still known."""

    def find(self, query: Query) -> Page:
        """Return a page of summaries in order of id."""

    def close(self) -> None:
        """Let go of everything; a second call does nothing, any other call then raises `StoreUnavailable`."""


@runtime_checkable
class Definitions(Protocol):
    """The optional part of a store that keeps the workflow versions its pilots follow."""

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the field's own word
        """Keep a resolved workflow; the same one again is a no-op."""

    def get_workflow(self, name: str, version: int) -> bytes | None:
        """Return the body of a kept workflow."""


class Time(Protocol):
    """The port for time."""

    def now(self) -> datetime:
        """Return the present moment, aware."""


class Ids(Protocol):
    """The port for what must be new: pilot ids and salts."""

    def pilot_id(self) -> str:
        """Return a new pilot id, 1 to 64 characters of `[A-Za-z0-9._-]`."""

    def salt(self) -> bytes:
        """Return 16 bytes that nobody can guess."""


@frozen
class Before:
    """What a `before` hook sees: the pilot as it is, the command, who, and the events it would write.

    A hook vetoes by returning a `Blocker`.
    """

    pilot: Pilot
    command: Command
    actor: Actor
    events: tuple[Event, ...]


@frozen
class Recorded:
    """What a `recorded` hook sees, inside the transaction; what it raises undoes the commit.

    Attributes:
        connection: the store's own connection, to write in the same transaction; None where there is none.
    """

    pilot: Pilot
    events: tuple[Event, ...]
    connection: object = field(repr=False)


@frozen
class Committed:
    """What a `committed` hook sees: the pilot after the commit, and the events; what it raises is only logged."""

    pilot: Pilot
    events: tuple[Event, ...]


@frozen
class RefusedCommand:
    """What a `refused` hook sees."""

    pilot_id: str | None
    trigger: str
    actor: Actor
    blockers: tuple[Blocker, ...]


@frozen
class Conflicted:
    """What a `conflicted` hook sees: a commit that lost the race, and the number of the attempt, from 1."""

    pilot_id: str
    trigger: str
    expected: int
    actual: int
    attempt: int


class HookBefore(Protocol):
    """A hook that may veto."""

    def before(self, moment: Before, /) -> Blocker | None:
        """Return a `Blocker` to refuse what was decided."""


class HookRecorded(Protocol):
    """A hook inside the transaction."""

    def recorded(self, moment: Recorded, /) -> object:
        """Write in the same transaction; what is raised undoes the commit."""


class HookCommitted(Protocol):
    """A hook after the commit."""

    def committed(self, moment: Committed, /) -> object:
        """Take note; what is raised is only logged."""


class HookRefused(Protocol):
    """A hook after a refusal."""

    def refused(self, moment: RefusedCommand, /) -> object:
        """Take note; what is raised is only logged."""


class HookConflicted(Protocol):
    """A hook after a lost race."""

    def conflicted(self, moment: Conflicted, /) -> object:
        """Take note; what is raised is only logged."""


Hook = HookBefore | HookRecorded | HookCommitted | HookRefused | HookConflicted
