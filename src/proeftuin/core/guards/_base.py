"""What a guard is: a named pure function from one frozen `Question` to nothing, a blocker, or several.

A guard never reads a clock, a store or a log: all it may know is in the question. What it misses it says as a `Need`,
in terms of the domain; the triggers of the workflow at hand that would supply it are found elsewhere (`remedies`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Literal

from attrs import field, frozen

from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot, Record, Track
from proeftuin.core.settings import Settings
from proeftuin.core.structs import Inner, replace
from proeftuin.core.workflow import FieldType, Workflow

Refers = Literal["role", "duty", "record", "field", "state", "track_kind", "code"]
Answer = Blocker | Iterable[Blocker] | None


@frozen(eq=False, repr=False)
class Param:
    """A parameter that a guard takes from the workflow file.

    Attributes:
        type: `text`, `names` (a list of words), `integer`, `mapping`.
        refers: what its words must exist as in the workflow; lint checks it.
        of: where it refers to a field, the types that this may have; none means any.
        values: the closed list of its values, where there is one.
        default: what it is where the file does not say; text, or a tuple of names.
    """

    type: Literal["text", "names", "integer", "mapping"]
    required: bool = False
    refers: Refers | None = None
    of: tuple[FieldType, ...] = ()
    values: tuple[str, ...] = ()
    default: Any = None


@frozen(eq=False, repr=False)
class Change:
    """A change that the command would make to a record: the record as it is, and as it would be."""

    before: Record
    after: Record


class Question(Inner, frozen=True):
    """What a guard is asked.

    Attributes:
        pilot: as it is; `adding` and `changing` (ends included) are what this command would do to its records.
        track: the track fired at, None for a trigger of the pilot.
        data: the command's data, checked; a field that was not given is absent.
        role: the role in which the actor acts.
        today: the date of now in the workflow's zone.
        params: the guard's parameters from the workflow file.
        trigger: the word that is being fired.
    """

    workflow: Workflow
    pilot: Pilot
    track: Track | None
    data: FrozenDict
    actor: Actor
    role: str
    today: date
    settings: Settings
    trigger: str
    params: FrozenDict = EMPTY
    adding: tuple[Record, ...] = ()
    changing: tuple[Change, ...] = ()

    def records(self, type: str) -> list[Record]:  # noqa: A002  # the field's own word
        """Return the records of a type as they would be after the command."""
        changed = {change.before.id: change.after for change in self.changing}
        kept = [changed.get(record.id, record) for record in self.pilot.kept.get(type, ())]
        return kept + [record for record in self.adding if record.type == type]


@frozen(eq=False)
class Guard:
    """A guard as the registry holds it.

    Attributes:
        params: what it takes from the file. `code` is always allowed and replaces the code of its blockers.
        reads: the data fields that it reads; `$name` means: the field that the parameter `name` names. A guard is
            skipped where a required one of these is absent or one is refused.
        codes: the codes that it can give of itself.
        mended: whether it is asked again where a record is corrected that an edge with it adds.
    """

    name: str
    check: Callable[[Question], Answer]
    params: Mapping[str, Param] = EMPTY
    reads: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    summary: str = field(default="", eq=False)
    mended: bool = False

    def filled(self, params: FrozenDict) -> FrozenDict:
        """Return parameters with the defaults of those that are not given."""
        defaults = {name: one.default for name, one in self.params.items() if one.default is not None}
        return FrozenDict({**defaults, **params}) if defaults else params

    def fields(self, params: Mapping[str, object]) -> frozenset[str]:
        """Return the data fields that this guard reads when used with these parameters."""
        names: set[str] = set()
        for name in self.reads:
            value = params.get(name[1:]) if name.startswith("$") else name
            names.update(value if isinstance(value, tuple) else [str(value)] if value is not None else [])
        return frozenset(names)

    def __call__(self, question: Question) -> Answer:
        """Ask it, with the defaults of the parameters that the question leaves out."""
        return self.check(replace(question, params=self.filled(question.params)))


def guard(
    *,
    reads: Iterable[str] = (),
    codes: Iterable[str] = (),
    name: str | None = None,
    mended: bool = False,
    **params: Param,
) -> Callable[[Callable[[Question], Answer]], Guard]:
    """Make a function a guard.

    Args:
        reads: the data fields that it reads; `$name` for the field that the parameter `name` names.
        codes: the codes that it can give.
        name: its name in workflow files; the function's own name by default.
        mended: whether it is asked again where what it judged is corrected; it then reads `fields` too.
        params: its parameters.
    """

    def make(check: Callable[[Question], Answer]) -> Guard:
        summary = (check.__doc__ or "").strip().split("\n")[0]
        return Guard(name or check.__name__, check, FrozenDict(params), tuple(reads), tuple(codes), summary, mended)

    return make
