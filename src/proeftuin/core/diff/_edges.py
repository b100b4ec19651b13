"""What triggers do: which edge of one version is which of the other, and what differs between the two.

An edge has no name but its trigger. Of the edges of one trigger those that are the same belong together, then those
that are most alike. What is left over was added or removed.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from operator import eq
from typing import Any

import attrs
from attrs import frozen

from proeftuin.core.diff._change import COSMETIC, NARROWING, WIDENING, Change, Effect, Pair, exact, in_any_order
from proeftuin.core.diff._people import by_itself
from proeftuin.core.diff._walk import compare, in_order, renamed
from proeftuin.core.graph import expand, lifecycle
from proeftuin.core.workflow import ANY, Edge, Field, Workflow, expand_roles

Several = tuple[Edge, ...]
Match = tuple[int | None, int | None]


def edges(pair: Pair) -> Iterator[Change]:
    """Give what differs between the edges of one lifecycle; at least their order, as something does."""
    found = tuple(_triggers(pair))
    yield from found
    if not found or not in_order(_by_trigger(pair.old), _by_trigger(pair.new)):
        yield pair.change(COSMETIC, "order")


def _triggers(pair: Pair) -> Iterator[Change]:
    """Give what differs, trigger by trigger."""
    olds, news = _by_trigger(pair.old), _by_trigger(pair.new)
    was = renamed(olds, news, _nameless)
    for trigger, new in news.items():
        part = pair.part(trigger, olds.get(was.get(trigger, trigger)), new)
        if trigger in was:
            yield part.change(NARROWING, "renamed", was[trigger], kind="renamed")
        elif trigger in olds:
            yield from _of_trigger(part)
        else:
            yield part.change(*_coming(part, new, "new-trigger"), kind="added")
    for trigger, old in olds.items():
        if trigger not in news and trigger not in was.values():
            yield pair.part(trigger, old, None).change(NARROWING, "trigger-gone", kind="removed")


def _by_trigger(edges: Several) -> dict[str, Several]:
    found: dict[str, Several] = {}
    for edge in edges:
        found[edge.trigger] = (*found.get(edge.trigger, ()), edge)
    return found


def _nameless(several: Several) -> Any:  # noqa: ANN401  # as `exact`
    return exact(tuple(attrs.evolve(one, trigger="", label=None) for one in several))


def _opening(pair: Pair, new: Several, reason: str) -> tuple[Effect, str]:
    """Return what new edges do; one that opens a track is meant on every track, whatever its trigger meant there."""
    every = (edge for kind in pair.both.old.tracks.values() for edge in kind.edges)
    others = {edge.trigger for edge in every if edge.opener is None}
    if any(edge.opener is not None and edge.trigger in others for edge in new):
        return NARROWING, "opens-instead"
    return WIDENING, reason


def _coming(pair: Pair, new: Several, reason: str) -> tuple[Effect, str]:
    """Return what new edges do to what is there; one that a clock has fired leads on from where nobody asked for it."""
    if any(by_itself(pair.both.new, edge) for edge in new):
        return NARROWING, "by-itself"
    return _opening(pair, new, reason)


def new_kind(pair: Pair) -> Iterator[Change]:
    """Give a new kind of track."""
    yield pair.change(*_opening(pair, pair.new.edges, "new"), kind="added")


def kind(pair: Pair) -> Iterator[Change]:
    """Give what differs in a kind of track."""
    yield from compare(attrs.evolve(pair, kind=pair.path.rpartition(".")[2]))


# -- the edges of one trigger --------------------------------------------------------------------------------------


def _of_trigger(pair: Pair) -> Iterator[Change]:
    olds, news = pair.old, pair.new
    matches = _matched(olds, news)
    several = len(news) > 1
    for old, new in matches:
        if new is None:  # it was one of several, as one alone is always matched
            yield pair.item(old, olds[old], None).change(NARROWING, "edge-gone", kind="removed")
            continue
        item = pair.item(new if several else None, None if old is None else olds[old], news[new])
        if old is None:
            yield item.change(*_coming(item, (news[new],), "new-edge"), kind="added")
        elif item.old is not item.new and exact(item.old) != exact(item.new):
            yield from compare(item)
    yield from _first(pair, matches)


def _matched(olds: Several, news: Several) -> list[Match]:
    """Return which edge is which, by number, in the order of the new ones and then of the old ones that are gone."""
    left, found = dict.fromkeys(range(len(olds))), dict[int, int]()
    likeness = dict(zip(product(left, range(len(news))), _alike(olds, news), strict=True))
    for old, new in sorted(likeness, key=lambda one: (-likeness[one], abs(one[0] - one[1]), one)):
        if old in left and new not in found:
            found[new] = old
            del left[old]
    return [*((found.get(new), new) for new in range(len(news))), *((old, None) for old in left)]


def _alike(olds: Several, news: Several) -> Iterator[int]:
    """Give in how many attributes each of the old edges is each of the new ones."""
    rows = [[exact(one)[1:] for one in several] for several in (olds, news)]
    return (sum(map(eq, old, new)) for old, new in product(*rows))


@frozen(eq=False, repr=False)
class _Reach:
    """Of an edge, the states in which it may be meant, and who may fire it."""

    places: frozenset[tuple[str, str]]
    people: frozenset[str]


def _reach(workflow: Workflow, edge: Edge, kind: str | None) -> _Reach:
    states, _ = lifecycle(workflow, kind)
    during = expand(edge.during or (ANY,), workflow.states)
    own = ("",) if edge.opener is not None else expand(edge.sources, states)
    return _Reach(frozenset(product(own, during)), frozenset(expand_roles(workflow, edge.sign or edge.allow)))


def _first(pair: Pair, matches: Sequence[Match]) -> Iterator[Change]:
    """Give where an edge may be meant now although one behind it was: the first that the data could mean is taken.

    Note:
        Nothing is taken over where each value of a choice that must be given is for one edge alone.
    """
    both, kept = pair.both, [old for old, new in matches if new is not None]
    stayed = [old for old in kept if old is not None]
    if stayed != sorted(stayed):
        clear = all(_apart(both.new, *two) for two in combinations(pair.new, 2))
        yield pair.change(COSMETIC, "order") if clear else pair.change(NARROWING, "asked-first")
    were = [None if old is None else _reach(both.old, pair.old[old], pair.kind) for old in kept]
    for number, old in enumerate(kept):
        edge = pair.new[number]
        places = _taken(pair, were[number], edge)
        for behind in range(number + 1, len(kept)):
            later = were[behind]
            if later is not None and places & later.places and not _apart(both.new, edge, pair.new[behind]):
                yield pair.item(number, None if old is None else pair.old[old], edge).change(NARROWING, "asked-first")
                break


def _taken(pair: Pair, before: _Reach | None, new: Edge) -> frozenset[tuple[str, str]]:
    """Return where an edge can be meant that could not be; everywhere, where others may fire it."""
    after = _reach(pair.both.new, new, pair.kind)
    return after.places - before.places if before is not None and after.people <= before.people else after.places


def _apart(workflow: Workflow, one: Edge, other: Edge) -> bool:
    """Whether any data that is accepted means at most one of two edges, by a choice that both must be given."""
    for name in one.when.keys() & other.when.keys():
        fields = [_field(workflow, edge, name) for edge in (one, other)]
        given = fields[0] is not None and fields[0].required and fields[0].default is None
        if given and fields[0] == fields[1] and not set(one.when[name]) & set(other.when[name]):
            return True
    return False


def _field(workflow: Workflow, edge: Edge, name: str) -> Field | None:
    kinds = (workflow.records[op.add].fields for op in edge.records if op.add and op.add in workflow.records)
    return edge.data.get(name) or next((one[name] for one in kinds if name in one), None)


# -- the attributes of an edge -------------------------------------------------------------------------------------


def sources(pair: Pair) -> Iterator[Change]:
    """Give the states that an edge leaves."""
    states = [lifecycle(one, pair.kind)[0] for one in (pair.both.old, pair.both.new)]
    yield _places(pair, expand(pair.old, states[0]), expand(pair.new, states[1]))


def during(pair: Pair) -> Iterator[Change]:
    """Give the pilot's states in which an edge of a track can be fired; none means any."""
    states = [one.states for one in (pair.both.old, pair.both.new)]
    yield _places(pair, expand(pair.old or (ANY,), states[0]), expand(pair.new or (ANY,), states[1]))


def _places(pair: Pair, old: Sequence[str], new: Sequence[str]) -> Change:
    if gone := [one for one in old if one not in new]:
        return pair.change(NARROWING, "place-gone", *gone)
    if more := [one for one in new if one not in old]:
        return _wider(pair, "place-more", *more)
    return pair.change(COSMETIC, "same-places")


def _wider(pair: Pair, reason: str, *names: str) -> Change:
    """Return that an edge can be fired more often, which narrows where no person fires it."""
    edge = pair.holder.new if pair.holder is not None else None
    if isinstance(edge, Edge) and by_itself(pair.both.new, edge):
        return pair.change(NARROWING, "by-itself")
    return pair.change(WIDENING, reason, *names)


def when(pair: Pair) -> Iterator[Change]:
    """Give for which values an edge is meant."""
    if pair.old == pair.new:
        yield pair.change(COSMETIC, "order")
    elif all(name in pair.old and set(pair.old[name]) <= set(values) for name, values in pair.new.items()):
        yield pair.change(WIDENING, "value-more")
    else:
        yield pair.change(NARROWING, "value-gone")


def require(pair: Pair) -> Iterator[Change]:
    """Give which guards must hold."""
    old, new = _others(pair.old, pair.new), _others(pair.new, pair.old)
    changed = [use.name for use in new if any(use.name == one.name for one in old)]
    if changed:
        yield pair.change(NARROWING, "guard-changed", *dict.fromkeys(changed))
    if more := [use.name for use in new if use.name not in changed]:
        yield pair.change(NARROWING, "guard-more", *more)
    if gone := [use.name for use in old if use.name not in changed]:
        yield pair.change(WIDENING, "guard-gone", *gone)
    if not old and not new:
        yield pair.change(COSMETIC, "order")


def _others(uses: Sequence[Any], without: Sequence[Any]) -> list[Any]:
    """Return the uses that are not among others, each as often as it is there more."""
    left = [in_any_order(one) for one in without]
    found = []
    for use in uses:
        if in_any_order(use) in left:
            left.remove(in_any_order(use))
        else:
            found.append(use)
    return found


def refuse(pair: Pair) -> Iterator[Change]:
    """Give whether an edge is there to say no."""
    yield _wider(pair, "not-refused") if pair.new is None else pair.change(NARROWING, "refused", pair.new)


def paused(pair: Pair) -> Iterator[Change]:
    """Give whether it can be fired while the pilot is on hold."""
    yield _wider(pair, "while-paused") if pair.new else pair.change(NARROWING, "not-while-paused")


def snooze(pair: Pair) -> Iterator[Change]:
    """Give how long reminders may be put off."""
    old, new = pair.old, pair.new
    longer = old is not None and new is not None and (old.unit, old.relative) == (new.unit, new.relative)
    if longer and new.amount > old.amount:
        yield pair.change(WIDENING, "bound-wider")
    else:
        yield pair.change(NARROWING, "bound-narrower")
