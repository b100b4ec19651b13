"""A migration as people write it: how a pilot under one version of a workflow is to go on under another.

These classes are the format of a plan's file, as those of `workflow` are that of a workflow's. What has the same name
in both versions needs no line. A clock whose definition changed does: there is no default for what people were told.
"""

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from proeftuin.core.frozen import EMPTY
from proeftuin.core.workflow import Scalar

Do = Literal["keep", "rebase", "restart", "drop"]


@frozen
class Version:
    """One end of a migration: a version of the workflow, and the hash of its content."""

    version: int
    hash: str = ""


@frozen
class Branch:
    """The kind that a track becomes; with `where`, only one whose data holds these values."""

    to: str
    where: Mapping[str, Scalar] = EMPTY


@frozen
class TrackMap:
    """What becomes of tracks of a kind: another kind, or the first of several that is for them; and their states."""

    to: "str | tuple[Branch, ...] | None" = None
    states: Mapping[str, str] = EMPTY


@frozen
class Steps:
    """What becomes of records of a type, or of the pilot's own data, in this order.

    Note:
        `to` is another type of record. `rename` gives fields other names; `replace` gives a field's values others, each
        by its text, in a list one by one; `set` fills what is not there, `drop` leaves fields out. The history keeps
        them.
    """

    to: str | None = None
    rename: Mapping[str, str] = EMPTY
    replace: Mapping[str, Mapping[str, Scalar]] = EMPTY
    set: Mapping[str, Scalar] = EMPTY
    drop: tuple[str, ...] = ()


@frozen
class ClockMap:
    """What becomes of a running term of a clock, and the clock that it is from now on.

    Note:
        `keep`: it is due on the day on which it was due; what did not run does not begin. `rebase`: it is counted anew
        from the day that it counts from. `restart`: it begins on the day of the migration. `drop`: it ends. In each
        case the next term is the new version's.
    """

    do: Do
    to: str | None = None


@frozen
class TrackMove:
    """What becomes of one track of one pilot."""

    kind: str | None = None
    state: str | None = None


@frozen
class PilotMove:
    """What was decided for one pilot, and goes before what holds for all."""

    state: str | None = None
    tracks: Mapping[str, TrackMove] = EMPTY
    accept: tuple[str, ...] = ()


@frozen
class Migration:
    """How pilots go on under another version.

    Attributes:
        states, triggers, roles: old names and new ones.
        accept: findings that need a decision and are decided with this: pilots that have them go on.
        pilots: by id, what was decided for one.
    """

    workflow: str = field(metadata={"key": "migrate"})
    source: Version = field(metadata={"key": "from"})
    to: Version
    states: Mapping[str, str] = EMPTY
    tracks: Mapping[str, TrackMap] = EMPTY
    records: Mapping[str, Steps] = EMPTY
    data: Steps = Steps()
    triggers: Mapping[str, str] = EMPTY
    roles: Mapping[str, str] = EMPTY
    clocks: Mapping[str, Do | ClockMap] = EMPTY
    accept: tuple[str, ...] = ()
    pilots: Mapping[str, PilotMove] = EMPTY

    def clock(self, name: str) -> ClockMap | None:
        """Return what is said of a clock, None where nothing is."""
        said = self.clocks.get(name)
        return ClockMap(said) if isinstance(said, str) else said
