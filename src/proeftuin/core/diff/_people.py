"""Who may act: roles and groups, and who may fire or has to sign."""

from collections.abc import Iterator, Sequence

from proeftuin.core.diff._change import COSMETIC, NARROWING, WIDENING, Change, Effect, Pair, heaviest
from proeftuin.core.table import SYSTEM
from proeftuin.core.workflow import Edge, Workflow, expand_roles


def _judged(old: Sequence[str], new: Sequence[str]) -> tuple[Effect, str, tuple[str, ...]]:
    """Return what other people than before may do, and why.

    Note:
        Who holds several roles acts in the first that is allowed, which is recorded and may exclude another; so a role
        in front of others changes what these people do, and one behind them does not.
    """
    gone = tuple(one for one in old if one not in new)
    more = tuple(one for one in new if one not in old)
    if gone:
        return NARROWING, "role-gone", gone
    if tuple(new[: len(old)]) == tuple(old):
        return (WIDENING, "role-more", more) if more else (COSMETIC, "same-roles", ())
    kept = [one for one in new if one in old]
    return NARROWING, "role-before" if kept == list(old) else "role-order", more


def allow(pair: Pair) -> Iterator[Change]:
    """Give who may fire, groups taken as the roles that are in them."""
    effect, reason, names = _judged(expand_roles(pair.both.old, pair.old), expand_roles(pair.both.new, pair.new))
    edge = pair.holder.new if pair.holder is not None else None
    if effect == WIDENING and SYSTEM in names and isinstance(edge, Edge) and by_itself(pair.both.new, edge):
        effect, reason, names = NARROWING, "by-itself", ()
    yield pair.change(effect, reason, *names)


def by_itself(workflow: Workflow, edge: Edge) -> bool:
    """Whether a clock may have an edge fired: where more is allowed then, it happens to pilots unasked."""
    fired = any(clock.fire == edge.trigger for clock in workflow.clocks.values())
    return fired and SYSTEM in expand_roles(workflow, edge.allow)


def sign(pair: Pair) -> Iterator[Change]:
    """Give who has to sign.

    Note:
        Without one of two signatures, its role may not sign any more, and the other one takes effect at once. Nothing
        is taken away only where nobody has to sign any more, and all who did may fire in the same roles.
    """
    old, new = set(pair.old), set(pair.new)
    edge = pair.holder.new if pair.holder is not None else None
    fire = expand_roles(pair.both.new, edge.allow) if isinstance(edge, Edge) else ()
    if old == new:
        yield pair.change(NARROWING, "role-order")
    elif not new and _judged(pair.old, fire)[0] != NARROWING:
        yield pair.change(WIDENING, "unsigned")
    elif new > old:
        yield pair.change(NARROWING, "signature-more", *sorted(new - old))
    else:
        yield pair.change(NARROWING, "signature-gone", *sorted(old - new))


def group(pair: Pair) -> Iterator[Change]:
    """Give who is in a group, as heavy as that weighs wherever the group may fire."""
    effect, reason, names = _judged(pair.old, pair.new)
    name, both = pair.path.rpartition(".")[2], pair.both
    if SYSTEM in names and any(name in edge.allow and by_itself(both.new, edge) for edge in both.new.all_edges):
        yield pair.change(NARROWING, "by-itself")
        return
    uses = [allowed for allowed in _allowed(both.new) if name in allowed]
    judged = [_judged(expand_roles(both.old, one), expand_roles(both.new, one)) for one in uses]
    worst = heaviest([effect, *(one for one, _, _ in judged)])
    if worst != effect:
        effect, reason, names = next(one for one in judged if one[0] == worst)
    yield pair.change(effect, reason, *names)


def _allowed(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    yield workflow.start.allow
    for edge in workflow.all_edges:
        yield edge.sign or edge.allow


def new_role(pair: Pair) -> Iterator[Change]:
    """Give a new role: where it excludes another, who holds a duty of its name is bound by that at once."""
    if pair.new.excludes:
        yield pair.change(NARROWING, "excludes-more", *pair.new.excludes, kind="added")
    else:
        yield pair.change(WIDENING, "new", kind="added")


def excludes(pair: Pair) -> Iterator[Change]:
    """Give which roles one person may not hold as well.

    Note:
        Who is no longer kept out of a role acts in it wherever it stands before another of theirs.
    """
    role = pair.path.split(".")[1]
    if more := [one for one in pair.new if one not in pair.old]:
        yield pair.change(NARROWING, "excludes-more", *more)
    elif gone := [one for one in pair.old if one not in pair.new]:
        before = {one for names in _allowed(pair.both.new) for one in expand_roles(pair.both.new, names)[:-1]}
        free = before.isdisjoint({role, *gone})
        yield pair.change(WIDENING, "excludes-less", *gone) if free else pair.change(NARROWING, "role-order", *gone)
    else:
        yield pair.change(COSMETIC, "order")
