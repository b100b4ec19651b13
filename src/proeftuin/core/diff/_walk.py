"""How two values are compared: class by class, attribute by attribute, name by name; nothing falls through."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs
from attrs import field, frozen

from proeftuin.core.diff._change import (
    COSMETIC,
    NARROWING,
    WIDENING,
    Change,
    Effect,
    Kind,
    Pair,
    Rule,
    exact,
    in_any_order,
)

T = TypeVar("T")


def compare(pair: Pair) -> Iterator[Change]:
    """Give what differs between two values of one class; what no rule is for is narrowing."""
    cls: type = type(pair.new)
    if type(pair.old) is not cls:
        yield pair.change(NARROWING, "unknown")
        return
    for one in attrs.fields(cls):
        old, new = getattr(pair.old, one.name), getattr(pair.new, one.name)
        if old is not new and exact(old) != exact(new):
            rule = pair.both.rules.get((cls, one.name), unknown)
            yield from rule(pair.part(str(one.metadata.get("key") or one.name), old, new))


def unknown(pair: Pair) -> Iterator[Change]:
    """Give a change of which nothing is known: it might do anything."""
    yield pair.change(NARROWING, "unknown")


def same(pair: Pair) -> Iterator[Change]:
    """Give nothing: this tells which workflow it is, and not what it says."""
    del pair
    return iter(())


@frozen
class Always:
    """The rule of an attribute whose every change weighs the same."""

    effect: Effect
    reason: str
    kind: Kind = "changed"

    def __call__(self, pair: Pair) -> Iterator[Change]:
        """Give that change."""
        yield pair.change(self.effect, self.reason, kind=self.kind)


@frozen
class ButOrder:
    """The rule of an attribute for which the order of the names in it decides nothing; another rule is for the rest."""

    rule: Rule

    def __call__(self, pair: Pair) -> Iterable[Change]:
        """Give what differs, or that only the order does."""
        if in_any_order(pair.old) == in_any_order(pair.new):
            return (pair.change(COSMETIC, "order"),)
        return self.rule(pair)


@frozen
class Elements:
    """The rule of a mapping.

    Attributes:
        added: the rule of an element that the old version does not have.
        changed: the rule of one that both have.
        removed: the effect of leaving one out.
        order: the effect of another order of those that both have.
    """

    added: Rule = Always(WIDENING, "new", kind="added")
    changed: Rule = compare
    removed: Effect = field(default=NARROWING, kw_only=True)
    order: Effect = field(default=COSMETIC, kw_only=True)

    def __call__(self, pair: Pair) -> Iterator[Change]:
        """Give what differs, name by name, and at the end whether their order does."""
        olds, news = pair.old, pair.new
        was = renamed(olds, news, _called) if self.removed == NARROWING else {}
        for name, new in news.items():
            part = pair.part(name, olds.get(was.get(name, name)), new)
            if name in was:
                yield part.change(NARROWING, "renamed", was[name], kind="renamed")
            elif name not in olds:
                yield from self.added(part)
            elif part.old is not new and exact(part.old) != exact(new):
                yield from self.changed(part)
        for name, old in olds.items():
            if name not in news and name not in was.values():
                reason = "gone" if self.removed == NARROWING else "words"
                yield pair.part(name, old, None).change(self.removed, reason, kind="removed")
        if not in_order(olds, news):
            yield pair.change(self.order, "order" if self.order == COSMETIC else "order-counts")


def in_order(old: Iterable[str], new: Iterable[str]) -> bool:
    """Whether the names that two mappings share stand in one order."""
    olds, news = tuple(old), tuple(new)
    return [one for one in olds if one in news] == [one for one in news if one in olds]


def renamed(old: Mapping[str, T], new: Mapping[str, T], like: Callable[[T], object]) -> dict[str, str]:
    """Return the old name of each element that has another one now and is otherwise the same.

    Args:
        old: the elements of the one version.
        new: those of the other.
        like: gives what must be the same; None where nothing would prove it.

    Note:
        Where several are alike, a new name cannot be told from a new thing.
    """
    gone = {name: its for name, one in old.items() if name not in new and (its := like(one)) is not None}
    come = {name: its for name, one in new.items() if name not in old and (its := like(one)) is not None}
    gones, comes = list(gone.values()), list(come.values())
    return {
        name: next(other for other, its in gone.items() if its == one)
        for name, one in come.items()
        if gones.count(one) == 1 == comes.count(one)
    }


def _called(value: Any) -> object:  # noqa: ANN401  # an element of a workflow
    """Return all that an element is, where people call it something: what has no label could be anything."""
    return exact(value) if isinstance(value, tuple) or getattr(value, "label", None) else None
