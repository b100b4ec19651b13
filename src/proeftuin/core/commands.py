"""What is asked of a pilot, and the three answers: accepted, pending, refused.

A refusal is data. `explain`, `options`, `fire`, the command and any page read the same `Blocker`s.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from proeftuin.core import structs
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.structs import Inner, Struct


def _roles(names: Iterable[str]) -> frozenset[str]:
    return frozenset((names,)) if isinstance(names, str) else frozenset(names)


def _frozen(values: Mapping[str, object]) -> FrozenDict:
    """Take any mapping, so that a host's guard need not know how we keep it."""
    return values if isinstance(values, FrozenDict) else FrozenDict(freeze(values))


@frozen
class Actor:
    """Who acts. The host vouches for it; the engine never reads an actor from data.

    Args:
        id: 1 to 255 characters, the host's own.
        roles: the roles that the host grants this person.
        party: the supplier that this person belongs to; None is the client's side.
    """

    id: str
    roles: frozenset[str] = field(kw_only=True, converter=_roles)
    party: str | None = field(default=None, kw_only=True)


class Command(Struct, frozen=True):
    """One thing to do, as `batch` takes it.

    Args:
        trigger: the word to fire.
        data: its fields; dates and decimals as such or as text.
        track: the key of the track that it concerns.
        on: the business date of what is told late.
    """

    trigger: str
    data: FrozenDict | None = None
    track: str | None = None
    on: date | None = None

    if TYPE_CHECKING:  # any mapping, and the text of a day: the engine checks and freezes them at its door

        def __init__(
            self,
            trigger: str,
            data: Mapping[str, object] | None = None,
            track: str | None = None,
            on: date | str | None = None,
        ) -> None: ...


@frozen
class Remedy:
    """One thing that would bring a blocker closer to being lifted, ready to be carried out.

    Attributes:
        trigger, track: what to fire, and on which track.
        data: what its data must hold at least.
        roles: who may do it.
        not_before: the first day on which it can be done, where that is what is missing.
    """

    trigger: str
    data: FrozenDict = field(default=EMPTY, converter=_frozen)
    track: str | None = None
    roles: tuple[str, ...] = ()
    not_before: date | None = None


@frozen
class Need:
    """What a guard misses, in terms of the domain; `remedies` turns it into triggers of the workflow at hand.

    Attributes:
        what: `add` a record of this type, `end` the records with these ids, `reach` one of these states (of the
            track, of any track of this kind, or of the pilot), `resume` the pilot, `begin` a pilot of the `workflow`
            in the data, or fire the same trigger `again` with this data, from `day` on.
    """

    what: Literal["add", "end", "reach", "resume", "begin", "again"]
    record: str | None = None
    ids: tuple[str, ...] = ()
    data: FrozenDict = field(default=EMPTY, converter=_frozen)
    track: str | None = None
    kind: str | None = None
    states: tuple[str, ...] = ()
    day: date | None = None


@frozen
class Blocker:
    """One reason why not.

    Attributes:
        code: a stable word, for programs.
        params: the facts behind it.
        track: the track that it concerns.
        missing: alternatives; doing one of them brings the pilot closer. Empty means that nothing would help.
        command: in a batch, the place of the command that it belongs to, from 0.
        needs: what the guard misses, before it is resolved to `missing`.
    """

    code: str
    params: FrozenDict = field(default=EMPTY, converter=_frozen)
    track: str | None = None
    missing: tuple[Remedy, ...] = ()
    command: int | None = None
    needs: tuple[Need, ...] = field(default=(), eq=False, repr=False)
    texts: FrozenDict = field(default=EMPTY, converter=_frozen, repr=False)

    def text(self, lang: str = "en") -> str:
        """Return the explanation in a language, `en` or `nl`."""
        return str(self.texts.get(lang) or self.texts.get("en") or self.code)


class Attempt(Inner, frozen=True):
    """Everything that `decide` looks at: the pilot, the command, who, when, and the organisation's numbers.

    Attributes:
        now: aware; read once by the shell.
        key: the idempotency key, kept on the events.
        commitments: per subject issued for this command, the salted commitment to its ref.
        findings: what the door found wrong with refs, per data field.
        new_id: the id of the pilot that the edge begins, where it begins one.
    """

    pilot: Pilot
    command: Command
    actor: Actor
    now: datetime
    key: str | None = None
    settings: Settings = structs.field(default_factory=Settings)
    commitments: FrozenDict = EMPTY
    findings: FrozenDict = EMPTY
    new_id: str | None = None


class Accepted(Struct, frozen=True):
    """The command is accepted, with these events and warnings.

    Attributes:
        starts: the command that begins a second pilot, where the edge does.
    """

    events: tuple[Event, ...]
    warnings: tuple[Blocker, ...] = ()
    starts: "Begin | None" = None


class Pending(Struct, frozen=True):
    """The signature is recorded; the edge waits for those of `waiting`."""

    events: tuple[Event, ...]
    waiting: tuple[str, ...]
    warnings: tuple[Blocker, ...] = ()


class Refusal(Struct, frozen=True):
    """The command is refused, for all of these reasons."""

    blockers: tuple[Blocker, ...]


@frozen
class Begin:
    """A second pilot to begin in the same commit: its workflow, data, and how the two are related."""

    workflow: str
    data: FrozenDict
    relation: str
    id: str


Decision = Accepted | Pending | Refusal


@frozen
class Option:
    """One edge, judged for one actor.

    Attributes:
        to: the state that it leads to, None where it moves nothing.
        kind: `move` or `record`.
        preset: the data that picks this edge (its `when`).
        allowed: whether `fire` would accept it (or record a signature).
        blockers, warnings: why not; what to think of.
        fields: per data field what must or may be given: `type`, `required`, `label`; where there are any, `choices`,
            `candidates` and limits (`min`, `max`, `not_after`, `required_when`, `keys`, `record`, `default`); `of` is
            what a list or map holds: a type, choices, or the fields of a row, each told likewise.
        label: what people call it, per language.
    """

    trigger: str
    track: str | None
    to: str | None
    kind: Literal["move", "record"]
    preset: FrozenDict
    allowed: bool
    blockers: tuple[Blocker, ...]
    warnings: tuple[Blocker, ...]
    fields: FrozenDict
    label: FrozenDict
