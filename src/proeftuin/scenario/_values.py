"""A scenario as frozen values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from attrs import frozen

from proeftuin.core.commands import Actor
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.workflow import Label

Kind = Literal["start", "fire", "ask", "look"]


@frozen
class Ask:
    """A question for one metric, as one actor sees it."""

    metric: str
    of: str | None = None
    by: tuple[str, ...] = ()


@frozen
class Step:
    """One step of a scenario.

    Attributes:
        number: from 1, in the order of the file; `line` is where it begins there.
        kind: what it does; `trigger` is the word that is fired, `start` for a start, empty otherwise.
        at: when, naive, in the workflow's zone.
        by: the name that the file gives the actor.
        data: None where the file gives none; text that is `$NAME` stands for the record that a step kept as NAME.
        tracks: none, one, or several for a batch.
        refused: the exact codes; None means that it must be accepted.
        warns, pending: exact where given; what is refused has none.
        then: what must hold afterwards, a partial match.
        told: per clock, or per term of one (`talks:anna`), the roles and persons told since the step before; exact.
        gives: the answer to `ask`, where it is not refused.
        keep: the name for the first record that it adds; `names` the name for the pilot that it begins.
        pilot: the name of the pilot that it is about; None means the first one.
        note: the story in one line, per language.
    """

    number: int
    line: int
    kind: Kind
    at: datetime
    by: str = ""
    actor: Actor | None = None
    trigger: str = ""
    data: FrozenDict | None = None
    tracks: tuple[str, ...] = ()
    on: date | None = None
    key: str | None = None
    expect: int | None = None
    refused: tuple[str, ...] | None = None
    warns: tuple[str, ...] | None = None
    pending: tuple[str, ...] | None = None
    then: FrozenDict = EMPTY
    told: Mapping[str, tuple[str, ...]] = EMPTY
    ask: Ask | None = None
    gives: Any = None
    keep: str | None = None
    names: str | None = None
    pilot: str | None = None
    note: Label = EMPTY


@frozen
class Scenario:
    """A dated script with its expected outcomes.

    Attributes:
        name: its own; ids follow from it.
        workflow: the name, or `name@version`, that every `start` follows.
        actors: by the names that the steps use.
        tables: the ids of the sample tables by which efforts are valued.
        file: where it was read from.
    """

    name: str
    workflow: str
    actors: Mapping[str, Actor]
    steps: tuple[Step, ...]
    label: Label = EMPTY
    tables: tuple[str, ...] = ()
    file: str = "<text>"
