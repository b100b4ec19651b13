"""What a migration changed of a pilot, as its event keeps it: each attribute that is another now, and nothing else.

The event holds the outcome and not the plan, as `evolve` reads nothing but events; and what a pilot was before can be
written down in the same way, so a migration is undone by an event of the same kind.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.pilot import Episode, Laid, Pilot, Raised, Record, Signature, Stop, Told, Track, Visit
from proeftuin.core.structs import Struct, names, replace

DAYS = frozenset({"since", "until", "anchor", "snoozed", "progress", "base", "fires"})


def _plain(value: Any) -> Any:  # noqa: ANN401  # any part of a pilot
    """Return a part of a pilot as what an event can hold; what is not there is left out."""
    if isinstance(value, Struct):
        pairs = ((name, getattr(value, name)) for name in names(type(value)))
        return FrozenDict({name: _plain(held) for name, held in pairs if held is not None})
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    if isinstance(value, Mapping):
        return FrozenDict({name: _plain(one) for name, one in value.items()})
    return freeze(value)


def _made(cls: type) -> Callable[[Mapping[str, Any]], Any]:
    """Return the way back from what `_plain` made of an instance."""

    def make(values: Mapping[str, Any]) -> Any:  # noqa: ANN401  # an instance of the class
        return cls(**{name: date.fromisoformat(one) if name in DAYS else one for name, one in values.items()})

    return make


def _track(values: Mapping[str, Any]) -> Track:
    trail = tuple(_made(Visit)(one) for one in values["trail"])
    return _made(Track)({"party": None, **values, "trail": trail})  # type: ignore[no-any-return]  # it makes a Track


def _each(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: tuple(make(one) for one in values)


def _by_name(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: FrozenDict({name: make(one) for name, one in values.items()})


def _same(value: Any) -> Any:  # noqa: ANN401  # what an event holds as it is
    return value


WHOLE: Mapping[str, Callable[[Any], Any]] = {
    "state": _same,
    "phase": _same,
    "data": _same,
    "acted_as": _same,
    "entered": _by_name(date.fromisoformat),
    "signatures": _each(lambda values: Signature(**{"track": None, **values})),
    "path": _each(_made(Stop)),
    "told": _by_name(_made(Told)),
    "laid": _by_name(_made(Laid)),
    "signals": _each(_made(Raised)),
    "episodes": _each(_made(Episode)),
}
"""What is kept whole where any of it changed, and how it is read again."""


def between(before: Pilot, after: Pilot) -> FrozenDict:
    """Return what is other in one pilot than in another."""
    found: dict[str, Any] = {
        name: _plain(getattr(after, name)) for name in WHOLE if getattr(after, name) != getattr(before, name)
    }
    tracks = {key: _plain(one) for key, one in after.tracks.items() if one != before.tracks.get(key)}
    if tracks:
        found["tracks"] = FrozenDict(tracks)
    old = {one.id: one for held in before.kept.values() for one in held}
    records = {
        one.id: FrozenDict({"type": one.type, "data": one.data})
        for held in after.kept.values()
        for one in held
        if (one.type, one.data) != (old[one.id].type, old[one.id].data)
    }
    if records:
        found["records"] = FrozenDict(records)
    if (empty := emptied(after.kept)) != emptied(before.kept):
        found["emptied"] = empty
    return FrozenDict(found)


def made(pilot: Pilot, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a pilot that changes give other values."""
    found = {name: WHOLE[name](value) for name, value in changes.items() if name in WHOLE}
    if "tracks" in changes:
        new = {key: _track(one) for key, one in changes["tracks"].items()}
        found["tracks"] = FrozenDict({key: new.get(key, one) for key, one in pilot.tracks.items()})
    if not changes.keys().isdisjoint({"records", "emptied"}):
        new = changes.get("records", EMPTY)
        records = (_changed(one, new.get(one.id, EMPTY)) for one in in_order(pilot))
        found["kept"] = by_type(records, changes.get("emptied", emptied(pilot.kept)))
    return found


def in_order(pilot: Pilot) -> list[Record]:
    """Return every record in the order in which they were added, so that two types can become one."""
    return sorted((one for held in pilot.kept.values() for one in held), key=lambda one: one.at)


def _changed(record: Record, new: Mapping[str, Any]) -> Record:
    return replace(record, **new) if new else record


def emptied(kept: Mapping[str, tuple[Record, ...]]) -> tuple[str, ...]:
    """Return the types of which a pilot kept records, and none is left."""
    return tuple(kind for kind, held in kept.items() if not held)


def by_type(records: Iterable[Record], empty: Iterable[str]) -> FrozenDict:
    """Return records as a pilot keeps them: by type, in order; types of which none is left stay."""
    found: dict[str, tuple[Record, ...]] = dict.fromkeys(empty, ())
    for one in records:
        found[one.type] = (*found.get(one.type, ()), one)
    return FrozenDict(sorted(found.items()))
