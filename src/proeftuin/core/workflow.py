"""A workflow: an immutable, versioned definition of a lifecycle, as read from its file.

These classes are the file format: `definitions` structures YAML into them, and the JSON Schema is generated from them.
A field's `key` metadata is its name in the file where Python cannot use that name; `short` marks a shorthand that the
file may use instead of the full form (see `docs/workflow-file.md`).

    Workflow
      roles, groups      who there is
      records            which facts may be kept, and their fields
      states, edges      the pilot's own lifecycle         start    how a pilot begins
      tracks             lifecycles inside a pilot, each with states and edges
      clocks, metrics    terms, and the numbers that it yields
      words, codes       what people read, in each language

What is not here: behaviour. `table.compile_workflow` turns a workflow into the table that `decide` runs on.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar

from attrs import field, frozen

from proeftuin.core.frozen import EMPTY, FrozenDict

T = TypeVar("T")

Label = Mapping[str, str]
Scalar = str | int | bool

FieldType = Literal[
    "text", "integer", "decimal", "date", "boolean", "choice", "list", "map", "url",
    "person", "party", "subject", "track", "new_track", "record",
]  # fmt: skip
Unit = Literal["days", "weeks", "months", "working_days"]

ANY_OPEN = "any_open"
ANY = "any"
SAME = "same"
PREVIOUS = "previous"
KEY = "key"
NOBODY = "nobody"
LANGUAGES = ("en", "nl")


@frozen
class FieldRef:
    """A value taken from a field of the command's data: `{field: outcome}` in a file."""

    field: str


Value = Scalar | FieldRef


@frozen
class Field:
    """One field of a record or of a command's data.

    Note:
        `of` is, for a choice, its values; for a list, a scalar type, its choices, or the fields of a row; for a map,
        the scalar type of its values (`keys` are the keys that it may have).
    """

    type: FieldType
    required: bool = False
    required_when: Mapping[str, tuple[Scalar, ...]] = field(default=EMPTY, metadata={"short": "one_or_many_values"})
    of: "str | tuple[Scalar, ...] | Mapping[str, Field] | None" = None
    keys: tuple[str, ...] = ()
    record: str | None = None
    min: int | str | None = None
    max: int | str | None = None
    not_after: Literal["today"] | None = None
    default: Scalar | None = None
    by_engine: bool = False
    label: Label | None = None


@frozen
class Role:
    """Who may act: on which side, and which other roles the same person may not hold in one pilot."""

    label: Label
    side: Literal["client", "supplier"] | None = None
    excludes: tuple[str, ...] = ()


@frozen
class RecordType:
    """A kind of fact that a pilot keeps.

    Note:
        `keep` says what the head holds: `all`, `open`, `latest` or `N days`; the history keeps everything.
        `interval` names the two date fields between which the record is active, half-open.
    """

    fields: Mapping[str, Field]
    label: Label
    keep: str = "all"
    interval: tuple[str, ...] = ()


@frozen
class GuardUse:
    """A guard by its registered name, with parameters: `commitment` or `{has: {record: route}}` in a file."""

    name: str
    params: FrozenDict = EMPTY


@frozen
class RecordOp:
    """What an edge does to records: exactly one of `add`, `change`, `end`, `correct`.

    Note:
        `by` names the data field that holds the record's id (or a list of ids); `same` picks the open records that
        equal the new data in these fields (`track` is the record's track); neither means: all open ones.
        `copy` fills a new record from the record named by that data field; `track` is the data field that says on
        which track it goes; `at` the data field with the day on which it ends; `number` a field that counts the
        records of this type on the track.
    """

    add: str | None = None
    change: str | None = None
    end: str | None = None
    correct: tuple[str, ...] = ()
    by: str | None = None
    same: tuple[str, ...] = ()
    copy: str | None = None
    track: str | None = None
    at: str | None = None
    number: str | None = None
    set: Mapping[str, Value] = EMPTY
    append: Mapping[str, Mapping[str, Value]] = EMPTY


@frozen
class Starts:
    """A second pilot that an edge begins, in the same commit, linked both ways."""

    workflow: Value
    copy: tuple[str, ...] = ()
    set: Mapping[str, Value] = EMPTY
    link: str | None = None


@frozen
class Opens:
    """A track that an edge opens beside the one it is fired at: `{track: contract, key: contract, to: agreed}`.

    Note:
        `track` is its kind, `key` the data field that holds its key, `to` the state in which it begins. What the
        edge leaves as data is set on it, and not on the track that was fired at, whose key it holds as `link`.
    """

    track: str
    key: str
    to: str
    link: str | None = None


@frozen
class Falls:
    """Where a track falls to unless these guards have nothing against what the edge leaves behind.

    Note:
        The guards are asked after the records of the edge: `{to: refresh, unless: [choice]}`.
    """

    to: str
    unless: tuple[GuardUse, ...]


@frozen
class Edge:
    """What a trigger may do, from where, and who may fire it.

    Note:
        `opens` is the kind of the track that the edge begins, or a track that it opens beside its own.
        `refuse` is a code: the edge is there to say no, to whoever may fire it and whatever else is in its way.
        `snooze` is how long it may put off the reminders of a clock. Its data then says of which one (`clock`, and
        `track` or `record` where it takes them) and until when (`until`). One that is not `proposed` is never told as
        the way to somewhere, where another edge leads there too.
    """

    trigger: str
    allow: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=(), metadata={"key": "from", "short": "one_or_many"})
    to: str | None = None
    during: tuple[str, ...] = field(default=(), metadata={"key": "while", "short": "one_or_many"})
    when: Mapping[str, tuple[Scalar, ...]] = field(default=EMPTY, metadata={"short": "one_or_many_values"})
    sign: tuple[str, ...] = ()
    require: tuple[GuardUse, ...] = ()
    advise: tuple[GuardUse, ...] = ()
    records: tuple[RecordOp, ...] = ()
    set: Mapping[str, Value] = EMPTY
    data: Mapping[str, Field] = EMPTY
    opens: str | Opens | None = None
    falls: Falls | None = None
    refuse: str | None = None
    hold: Literal["pause", "resume"] | None = None
    outcome: Value | None = None
    cycle: Literal["next"] | None = None
    starts: Starts | None = None
    paused: Literal["allowed"] | None = None
    progress: bool = True
    proposed: bool = True
    snooze: "Offset | None" = None
    label: Label | None = None

    @property
    def uses(self) -> tuple[GuardUse, ...]:
        """Every guard that the edge asks: what it requires, what it advises, what keeps the track from falling."""
        return (*self.require, *self.advise, *(self.falls.unless if self.falls is not None else ()))

    @property
    def held(self) -> bool:
        """Whether a hold refuses it; what ends the hold is refused by none."""
        return self.paused is None and self.hold != "resume"

    @property
    def corrects(self) -> tuple[str, ...]:
        """The types of records that it corrects."""
        return tuple(name for op in self.records for name in op.correct)

    @property
    def opener(self) -> str | None:
        """The kind of the track that the edge begins, None where it belongs to a pilot or track that is there."""
        return self.opens if isinstance(self.opens, str) else None

    @property
    def beside(self) -> Opens | None:
        """The track that the edge opens beside its own."""
        return self.opens if isinstance(self.opens, Opens) else None


@frozen
class State:
    """A node of a lifecycle. A pilot's state lies in a phase; a track's state may be `done`."""

    label: Label
    phase: str | None = None
    final: bool = False
    done: bool = False


@frozen
class Start:
    """How a pilot begins: in which state, by whom, with which data."""

    to: str
    allow: tuple[str, ...]
    data: Mapping[str, Field]
    label: Label | None = None


@frozen
class TrackKind:
    """A lifecycle inside a pilot, one per supplier for instance.

    Note:
        `party_from` says whose track it is: its `key`, the field that holds the party, or `nobody`. Where a later
        trigger than the opening one takes that field, the track is nobody's until then.
    """

    label: Label
    states: Mapping[str, State]
    edges: tuple[Edge, ...]
    party_from: str = "key"


@frozen(cache_hash=True)
class Offset:
    """A length of time in a clock: `28 days`, `3 working days`, `14 days before due`, `7 days after due`."""

    amount: int
    unit: Unit
    relative: Literal["before due", "after due"] | None = None


@frozen
class RecordRef:
    """A record that starts or ends a clock: `{record: activity, where: {type: calendar_session}}`.

    Note:
        With `in_a_row` it starts one where so many of the last records hold these values, on the day of the last.
    """

    record: str
    where: Mapping[str, Any] = EMPTY
    in_a_row: int | None = None


@frozen
class Signal:
    """A signal that a clock raises, and the roles that are told: `{stalled: 28 days, tell: [facilitator]}`."""

    name: str
    after: Offset
    tell: tuple[str, ...] = ()


@frozen
class Clock:
    """A term: since when it runs, when it is due, who is reminded, what it raises or fires.

    Note:
        Due days are computed from the pilot, the workflow and a calendar (`clocks`); nothing is stored per clock.
    """

    due: tuple[Offset, ...] | FieldRef
    since: str | RecordRef | None = None
    until: str | RecordRef | None = None
    per: str | None = None
    during: Literal["paused"] | None = field(default=None, metadata={"key": "while"})
    remind: Mapping[str, tuple[Offset, ...]] = EMPTY
    escalate: Mapping[str, tuple[Offset, ...]] = EMPTY
    signal: Signal | None = None
    fire: str | None = None
    shifts: bool = True
    after_closing: bool = False
    label: Label | None = None


@frozen(slots=False)
class Workflow:
    """An immutable, versioned lifecycle. `hash` is the SHA-256 of its canonical content, in hex."""

    format: int
    name: str = field(metadata={"key": "workflow"})
    version: int
    label: Label
    roles: Mapping[str, Role]
    start: Start
    states: Mapping[str, State]
    edges: tuple[Edge, ...]
    timezone: str = "Europe/Amsterdam"
    calendar: str = "weekdays"
    groups: Mapping[str, tuple[str, ...]] = EMPTY
    records: Mapping[str, RecordType] = EMPTY
    tracks: Mapping[str, TrackKind] = EMPTY
    clocks: Mapping[str, Clock] = EMPTY
    metrics: tuple[str, ...] = ()
    words: Mapping[str, Label] = EMPTY
    codes: Mapping[str, Label] = EMPTY
    hash: str = field(default="", metadata={"key": None})

    @property
    def id(self) -> str:
        """Name and version as one word: `existing-contract@1`."""
        return f"{self.name}@{self.version}"

    def derived(self, make: "Callable[[Workflow], T]") -> T:
        """Return what follows from its fields alone, which cannot change: it is made once, and kept."""
        kept: dict[object, T] = self.__dict__.setdefault("_derived", {})
        if make not in kept:
            kept[make] = make(self)
        return kept[make]

    @property
    def all_edges(self) -> tuple[Edge, ...]:
        """The edges of the pilot itself, and then those of each kind of track."""
        return (*self.edges, *(edge for kind in self.tracks.values() for edge in kind.edges))

    @property
    def guards(self) -> frozenset[str]:
        """The names of all guards that its edges ask."""
        return frozenset(use.name for edge in self.all_edges for use in edge.uses)


def expand_roles(workflow: Workflow, names: Iterable[str]) -> tuple[str, ...]:
    """Return names with groups replaced by their roles, each once, in order."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(workflow.groups.get(name, (name,))))
    return tuple(found)
