"""How two values are compared: class by class, attribute by attribute, name by name; nothing falls through."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from proeftuin.core.diff._change import COSMETIC, NARROWING, WIDENING, Change, Effect, Kind, Pair, Rule, exact


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


def always(effect: Effect, reason: str, kind: Kind = "changed") -> Rule:
    """Return the rule of an attribute whose every change weighs the same."""

    def rule(pair: Pair) -> Iterator[Change]:
        yield pair.change(effect, reason, kind=kind)

    return rule


NEW = always(WIDENING, "new", kind="added")


def elements(
    added: Rule = NEW, changed: Rule = compare, *, removed: Effect = NARROWING, order: Effect = COSMETIC
) -> Rule:
    """Return the rule of a mapping.

    Args:
        added: the rule of an element that the old version does not have.
        changed: the rule of one that both have.
        removed: the effect of leaving one out.
        order: the effect of another order of those that both have.
    """

    def rule(pair: Pair) -> Iterator[Change]:
        olds, news = pair.old, pair.new
        was = _renamed(olds, news) if removed == NARROWING else {}
        for name, new in news.items():
            part = pair.part(name, olds.get(was.get(name, name)), new)
            if name in was:
                yield part.change(NARROWING, "renamed", was[name], kind="renamed")
            elif name not in olds:
                yield from added(part)
            elif part.old is not new and exact(part.old) != exact(new):
                yield from changed(part)
        for name, old in olds.items():
            if name not in news and name not in was.values():
                yield pair.part(name, old, None).change(removed, "gone", kind="removed")
        if not _in_order(olds, news):
            yield pair.change(order, "order" if order == COSMETIC else "order-counts")

    return rule


def _in_order(old: Iterable[str], new: Iterable[str]) -> bool:
    olds, news = tuple(old), tuple(new)
    return [one for one in olds if one in news] == [one for one in news if one in olds]


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return the old name of each element that has another one now and is otherwise the same, label included.

    Note:
        Where several are alike, or people do not call it anything, a new name cannot be told from a new thing.
    """
    gone = {name: exact(one) for name, one in old.items() if name not in new and _told_apart(one)}
    come = {name: exact(one) for name, one in new.items() if name not in old and _told_apart(one)}
    gones, comes = list(gone.values()), list(come.values())
    return {
        name: next(other for other, its in gone.items() if its == one)
        for name, one in come.items()
        if gones.count(one) == 1 == comes.count(one)
    }


def _told_apart(value: Any) -> bool:  # noqa: ANN401  # an element of a workflow
    return isinstance(value, tuple) or bool(getattr(value, "label", None))
