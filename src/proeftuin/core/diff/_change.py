"""What a change is, how heavy it weighs, and the two values that it lies between."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import attrs
from attrs import frozen

from proeftuin.core.diff._texts import KINDS, REASONS
from proeftuin.core.workflow import Workflow

Effect = Literal["cosmetic", "widening", "narrowing"]
Kind = Literal["added", "removed", "changed", "renamed"]

COSMETIC: Effect = "cosmetic"
WIDENING: Effect = "widening"
NARROWING: Effect = "narrowing"
WEIGHTS: tuple[Effect, ...] = (COSMETIC, WIDENING, NARROWING)
"""The effects, the lightest first."""


@frozen
class Change:
    """Something that differs between two versions of a workflow.

    Attributes:
        path: where, in the words of the file: `states.busy`, `tracks.supplier.edges.park.allow`. Of a trigger that has
            several edges it says which, counted from 0: `edges.finish[2].require`.
        kind: `added`, `removed`, `changed`, or `renamed`, which is only said where nothing else differs.
        effect: what it does to pilots that are running: `cosmetic`, `widening` or `narrowing`.
        reason: why it has that effect, as a word for programs.
        names: what the reason is about: roles, states, guards, values.
        old, new: the values that differ; None where there is none.
    """

    path: str
    kind: Kind
    effect: Effect
    reason: str
    names: tuple[str, ...] = ()
    old: Any = attrs.field(default=None, repr=False)
    new: Any = attrs.field(default=None, repr=False)

    def text(self, lang: str = "en") -> str:
        """Return the change and its reason in words.

        Args:
            lang: `en` or `nl`.
        """
        return f"{KINDS[self.kind][lang]}: {REASONS[self.reason][lang].replace('{names}', ', '.join(self.names))}"


@frozen(eq=False, repr=False)
class Both:
    """The two workflows that are compared, and the rule for each attribute of each of their classes."""

    old: Workflow
    new: Workflow
    rules: "Mapping[tuple[type, str], Rule]"


@frozen(eq=False, repr=False)
class Pair:
    """Two values that stand in one place of the two workflows.

    Attributes:
        path: of the place.
        holder: the elements that hold the values, None for the workflows themselves.
        kind: of the track in whose lifecycle the place lies, None outside tracks.
    """

    both: Both
    path: str
    old: Any
    new: Any
    holder: "Pair | None" = None
    kind: str | None = None

    def part(self, name: str, old: Any, new: Any) -> "Pair":  # noqa: ANN401  # parts of any class
        """Return the values under a name in these."""
        path = f"{self.path}.{name}" if self.path else name
        return Pair(self.both, path, old, new, self, self.kind)

    def item(self, number: int | None, old: Any, new: Any) -> "Pair":  # noqa: ANN401  # items of any class
        """Return the values with a number among these; None where there is but one."""
        path = self.path if number is None else f"{self.path}[{number}]"
        return Pair(self.both, path, old, new, self.holder, self.kind)

    def change(self, effect: Effect, reason: str, *names: object, kind: Kind = "changed") -> Change:
        """Return what differs here as a change."""
        return Change(self.path, kind, effect, reason, tuple(map(str, names)), self.old, self.new)


Rule = Callable[[Pair], Iterable[Change]]


def heaviest(effects: Iterable[Effect]) -> Effect | None:
    """Return the effect that weighs heaviest, None where there is none."""
    return max(effects, key=WEIGHTS.index, default=None)


def exact(value: Any) -> Any:  # noqa: ANN401  # whatever a workflow holds
    """Return what equals that of another value only where both are the same: in order too, and yes is not 1."""
    return _exact(value, list)


def in_any_order(value: Any) -> Any:  # noqa: ANN401  # whatever a workflow holds
    """Return the same as `exact`, but for the order of the names of a mapping."""
    return _exact(value, sorted)


def _exact(value: Any, order: Callable[[Iterable[str]], list[str]]) -> Any:  # noqa: ANN401  # as `exact`
    cls: type = type(value)
    if attrs.has(cls):
        return (cls, *(_exact(getattr(value, one.name), order) for one in attrs.fields(cls)))
    if isinstance(value, Mapping):
        return tuple((name, _exact(value[name], order)) for name in order(value))
    return tuple(_exact(one, order) for one in value) if isinstance(value, tuple) else (cls, value)
