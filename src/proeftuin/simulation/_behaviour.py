"""A behaviour as frozen values: what people do in each state, how likely, how long it takes, and who is slow.

Every number in it is an assumption. It says nothing of what may be done: that is the workflow's alone.
"""

from collections.abc import Mapping
from datetime import date

from attrs import Factory, frozen

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.simulation._draws import A_FORTNIGHT, A_WEEK, ONCE, Choice, Spread

PILOT = "pilot"
"""Where a track kind may stand, the pilot itself."""

NUDGES = ("call", "reminder", "escalation", "signal")
"""What may move who is told."""


@frozen
class Act:
    """Something that somebody does.

    Attributes:
        trigger: the word that is fired.
        by: in which role; of the supplier whose track it is, where it is a supplier's role.
        after: how long it takes until it is done.
        likely: how likely it is, from 0 to 1.
        times: how often, one after the other.
        data: its fields, with what stands for a value, such as `$today`.
        signed: how long each further signature takes.
        steady: whether it takes its time whoever calls: a nudge does not hurry it.
    """

    trigger: str
    by: str
    after: Spread
    likely: float = 1
    times: Spread = ONCE
    data: FrozenDict = EMPTY
    signed: Spread = A_WEEK
    steady: bool = False


@frozen
class Stay:
    """What is done in a state.

    Attributes:
        next: the moves, of which one is drawn; where they are less than certain together, nothing may come of itself.
        meanwhile: what is done beside it, in its own time.
        again: how long people wait until they try a refused move once more.
        patience: how often they try.
        at_last: what is done when their patience is at its end.
    """

    next: tuple[Act, ...] = ()
    meanwhile: tuple[Act, ...] = ()
    again: Spread = A_FORTNIGHT
    patience: int = 8
    at_last: Act | None = None


@frozen
class Opening:
    """How tracks of a kind come to be: so many, each by an act, once the pilot is in one of these states."""

    act: Act
    count: Spread
    states: tuple[str, ...]


@frozen
class Slow:
    """Who is slow: how many of all, and how many times as long everything takes with them."""

    share: float
    times: float


@frozen
class Facilitators:
    """Who calls: how many there are, in which role, and how many calls each can make in a week.

    Attributes:
        number: how many; 0 where it follows from the pilots.
        pilots_each: one for every so many pilots.
    """

    role: str
    calls_a_week: int
    number: int = 0
    pilots_each: int = 0

    def count(self, pilots: int) -> int:
        """Return how many there are for so many pilots."""
        return self.number or max(1, -(-pilots // self.pilots_each))


@frozen
class Calls:
    """The weekly call: how often, after how many silent days, and what is written down of it."""

    every: int
    silent: int
    trigger: str
    data: FrozenDict


@frozen
class Behaviour:
    """What people do, for one workflow.

    Attributes:
        begins, ends: the days of the simulation, the last one not included.
        every: how long it is from one new pilot to the next; None where they are spread evenly over `over` days.
        start: the act that begins a pilot.
        nudges: how likely it is that who is called or reminded acts soon, per kind of nudge.
        soon: within how many days that is.
        slow: per track kind, or `pilot`.
        draws: what `$draw.NAME` stands for.
        acts: how people do what a refusal asks for, by trigger.
        stays: what is done in each state, by track kind, or `pilot`, and state.
        records: what follows on a record, by its type.
    """

    name: str
    workflow: str
    begins: date
    ends: date
    start: Act
    calls: Calls
    facilitators: Facilitators
    nudges: Mapping[str, float]
    soon: int
    over: int = 365
    every: Spread | None = None
    slow: Mapping[str, Slow] = EMPTY
    draws: Mapping[str, Spread | Choice] = EMPTY
    acts: Mapping[str, Act] = EMPTY
    stays: Mapping[tuple[str, str], Stay] = Factory(dict)
    openings: Mapping[str, Opening] = EMPTY
    records: Mapping[str, tuple[Act, ...]] = EMPTY
