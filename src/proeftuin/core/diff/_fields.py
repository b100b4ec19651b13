"""Fields of records and of the data of a command: what must be given, what may be given, and what is kept of it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from proeftuin.core.checks import TEXT_LENGTH
from proeftuin.core.diff._change import COSMETIC, NARROWING, WIDENING, Change, Effect, Pair
from proeftuin.core.diff._walk import Elements, unknown
from proeftuin.core.workflow import Edge, Field, RecordType


def added(pair: Pair) -> Iterator[Change]:
    """Give a new field: one that nobody needs to give takes nothing away."""
    field: Field = pair.new
    if _personal(field):
        effect, reason = NARROWING, "about-a-person"
    elif field.required or field.required_when:
        effect, reason = NARROWING, "must-be-given"
    elif field.default is not None:
        effect, reason = NARROWING, "default"
    elif _meant_otherwise(pair):
        effect, reason = NARROWING, "meant-otherwise"
    else:
        effect, reason = WIDENING, "may-be-given"
    yield pair.change(effect, reason, kind="added")


def _personal(field: Field) -> bool:
    rows = field.of.values() if isinstance(field.of, Mapping) else ()
    return field.type == "subject" or field.of == "subject" or any(_personal(one) for one in rows)


def _meant_otherwise(pair: Pair) -> bool:
    """Whether data of this name was given before: for the trigger and not for its record, or the other way about."""
    name, old = pair.path.rpartition(".")[2], pair.both.old
    holder = pair.holder.holder if pair.holder is not None else None
    if holder is not None and isinstance(holder.old, Edge):
        kinds = [op.add for op in holder.old.records if op.add]
        return any(name in old.records[kind].fields for kind in kinds if kind in old.records)
    if holder is not None and isinstance(holder.old, RecordType):
        record = holder.path.rpartition(".")[2]
        return any(name in edge.data for edge in old.all_edges if any(op.add == record for op in edge.records))
    return False


fields = Elements(added)


def required(pair: Pair) -> Iterator[Change]:
    """Give whether a field must be given."""
    yield pair.change(NARROWING, "must-be-given") if pair.new else pair.change(WIDENING, "may-be-left-out")


def required_when(pair: Pair) -> Iterator[Change]:
    """Give when a field must be given: all conditions must hold, so one more makes it seldomer."""
    seldomer = not pair.new or (
        pair.old and all(name in pair.new and set(pair.new[name]) <= set(values) for name, values in pair.old.items())
    )
    yield pair.change(WIDENING, "may-be-left-out") if seldomer else pair.change(NARROWING, "must-be-given")


def of(pair: Pair) -> Iterator[Change]:
    """Give what a field is made of: choices by value, rows by their fields."""
    old, new = pair.old, pair.new
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from fields(pair)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield _listed(pair, old, new)
    else:
        yield from unknown(pair)


def keys(pair: Pair) -> Iterator[Change]:
    """Give the keys that a map may have; none means any."""
    if not pair.new:
        yield pair.change(WIDENING, "choice-more")
    elif not pair.old:
        yield pair.change(NARROWING, "choice-gone")
    else:
        yield _listed(pair, pair.old, pair.new)


def _listed(pair: Pair, old: tuple[object, ...], new: tuple[object, ...]) -> Change:
    olds, news = ([(type(one), one) for one in values] for values in (old, new))
    if gone := [one for one in olds if one not in news]:
        return pair.change(NARROWING, "choice-gone", *(one for _, one in gone))
    if more := [one for one in news if one not in olds]:
        return pair.change(WIDENING, "choice-more", *(one for _, one in more))
    return pair.change(COSMETIC, "order")


def record(pair: Pair) -> Iterator[Change]:
    """Give which type of record a field may point at; none means any."""
    yield pair.change(WIDENING, "choice-more") if pair.new is None else pair.change(NARROWING, "choice-gone", pair.old)


def least(pair: Pair) -> Iterator[Change]:
    """Give the least that is accepted."""
    yield _bound(pair, 1)


def most(pair: Pair) -> Iterator[Change]:
    """Give the most that is accepted; of a text without one it is what the engine accepts of any."""
    yield _bound(pair, -1)


def _bound(pair: Pair, up: int) -> Change:
    field = pair.holder.new if pair.holder is not None else None
    none = TEXT_LENGTH if up < 0 and isinstance(field, Field) and field.type == "text" else None
    ends = [none if one is None else one for one in (pair.old, pair.new)]
    try:
        old, new = (None if one is None else Decimal(one) * up for one in ends)
    except InvalidOperation:
        return pair.change(NARROWING, "unknown")
    effect: Effect
    if old == new:
        effect, reason = COSMETIC, "same-bound"
    elif new is None or (old is not None and new < old):
        effect, reason = WIDENING, "bound-wider"
    else:
        effect, reason = NARROWING, "bound-narrower"
    return pair.change(effect, reason)


def not_after(pair: Pair) -> Iterator[Change]:
    """Give whether a date may lie ahead."""
    yield pair.change(WIDENING, "bound-wider") if pair.new is None else pair.change(NARROWING, "bound-narrower")
