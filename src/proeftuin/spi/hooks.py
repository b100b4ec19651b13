"""Hooks: the moments of a command at which an object of the host is called, and what it is given."""

from typing import Protocol

from attrs import field, frozen

from proeftuin.core.commands import Actor, Blocker, Command
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot


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


@frozen
class Began:
    """What a `began` hook sees: a call of the engine that writes, before anything is read or decided.

    A call that is wrong in itself, such as one without any command in it, may be refused before it begins.

    Attributes:
        verb: the method: `start`, `fire`, `batch`, `fire_many` or `tick`.
        pilot_id: the pilot, as it was given; None where none was, or several may be.
        trigger: the word of the command, of a batch its first one, as it was given: nobody has looked yet whether there
            is such a trigger. None for `fire_many` and `tick`.
        actor: who calls, None likewise.
    """

    verb: str
    tenant: str
    pilot_id: str | None = None
    trigger: str | None = None
    actor: Actor | None = None


@frozen
class Ended:
    """What an `ended` hook sees: the same call, when it is over.

    Attributes:
        began: the very object that `began` got.
        result: what the method returned: a `Result`, the answers of `fire_many`, the `Work` of `tick`; else None.
        error: what it raised, else None.
    """

    began: Began
    result: object = field(default=None, repr=False)
    error: BaseException | None = None


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


class HookBegan(Protocol):
    """A hook before everything else of a call."""

    def began(self, moment: Began, /) -> object:
        """Take note; what is raised is only logged."""


class HookEnded(Protocol):
    """A hook after everything else of a call."""

    def ended(self, moment: Ended, /) -> object:
        """Take note; what is raised is only logged."""


Hook = HookBefore | HookRecorded | HookCommitted | HookRefused | HookConflicted | HookBegan | HookEnded
