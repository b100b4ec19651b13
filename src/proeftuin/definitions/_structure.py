"""The one door to cattrs: plain values become a workflow, strictly, or every reason why not.

1. Nothing is coerced: "false" is no boolean, "7" no number, one value no list (but where `_shapes` says so).
2. Unknown keys are refused. A key without a value is refused too, not taken for absent.
3. All faults are found, each with its path. What the text already made a fault (`BROKEN`) is not told again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import fields, frozen, has
from cattrs import Converter
from cattrs.errors import (
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from proeftuin.core import workflow as wf
from proeftuin.core.faults import did_you_mean
from proeftuin.core.frozen import FrozenDict
from proeftuin.definitions import _shapes as shapes
from proeftuin.definitions._forms import NAME
from proeftuin.definitions._heading import HEADING, LIKE
from proeftuin.definitions._shapes import Either, Key, ListOf, MapOf, OneOf, Record, Shape, Short, Single, keys_of
from proeftuin.definitions._shorthand import FROM_SHORT
from proeftuin.definitions._tree import BROKEN, Path
from proeftuin.definitions._values import (
    Bad,
    Hook,
    Told,
    flag_hook,
    misformed,
    one_of_hook,
    text_hook,
    whole_hook,
    wrong,
)

HINTS = 100


@frozen
class Problem:
    """A fault without its place; `key` says that it is about the key at the end of its path, not about its value."""

    code: str
    text: str
    path: Path
    key: bool = False


def _each(pairs: Iterable[tuple[Any, Any]], item: Hook) -> list[Any]:
    """Structure all items, and raise all their faults together, the way cattrs does."""
    found, errors = [], []
    for index, value in pairs:
        try:
            found.append(item(value))
        except (Bad, Told, BaseValidationError) as error:
            error.add_note(IterableValidationNote("", index, None))
            errors.append(error)
    if errors:
        raise IterableValidationError("items", errors, list)
    return found


def _list_of(shape: ListOf) -> Hook:
    item = hook(shape.item)

    def structure(value: object) -> tuple[Any, ...]:
        if shape.one and value is not BROKEN and value is not None and not isinstance(value, list):
            return (item(value),)
        if not isinstance(value, list):
            wrong("a list", value)
        return tuple(_each(enumerate(value), item))

    return structure


def _map_of(shape: MapOf) -> Hook:
    item = hook(shape.item)

    def entry(pair: tuple[str, Any]) -> Any:  # noqa: ANN401  # whatever the shape makes
        if not shape.keys.fits(pair[0]):
            raise misformed(shape.keys, pair[0], key=True)
        return item(pair[1])

    def structure(value: object) -> FrozenDict:
        if not isinstance(value, dict):
            wrong("a mapping", value)
        return FrozenDict(zip(value, _each(((key, (key, one)) for key, one in value.items()), entry), strict=True))

    return structure


def _kinds(shape: Shape) -> tuple[type, ...]:
    """Return the kinds of plain values that a shape is written as."""
    if isinstance(shape, Either):
        return tuple(kind for member in shape.members for kind in _kinds(member))
    if isinstance(shape, ListOf):
        return (list, *(_kinds(shape.item) if shape.one else ()))
    if isinstance(shape, Short):
        return _kinds(shape.written)
    if isinstance(shape, OneOf):
        return (type(shape.values[0]),)
    return (_KINDS.get(type(shape), dict),)


_KINDS: Mapping[type, type] = {shapes.Text: str, shapes.Whole: int, shapes.Flag: bool}
WORDS = {str: "a text", int: "a whole number", bool: "`true` or `false`", list: "a list", dict: "a mapping"}


def _either(shape: Either) -> Hook:
    members = {kind: hook(member) for member in reversed(shape.members) for kind in _kinds(member)}
    expected = " or ".join(WORDS[kind] for kind in WORDS if kind in members)

    def structure(value: object) -> Any:  # noqa: ANN401  # whatever the member makes
        member = members.get(type(value))
        return member(value) if member else wrong(expected, value)

    return structure


def _single(shape: Single) -> Hook:
    item = hook(shape.item)
    beside = {name: hook(one) for name, one in shape.beside.items()}

    def entry(pair: tuple[str, Any]) -> Any:  # noqa: ANN401  # whatever the shape makes
        return beside.get(pair[0], item)(pair[1])

    def structure(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            wrong("a mapping", value)
        names = [key for key in value if key not in beside]
        if len(names) != 1:
            raise Bad("wrong-type", f"one name is expected here, not {len(names)}")
        if not NAME.fits(names[0]):
            raise misformed(NAME, names[0])
        found = dict(zip(value, _each(((key, (key, one)) for key, one in value.items()), entry), strict=True))
        return {"": names[0], **found}

    return structure


def _short(shape: Short) -> Hook:
    written, read = hook(shape.written), FROM_SHORT[shape.cls]
    return lambda value: read(written(value))


def _record(shape: Record) -> Hook:
    def structure(value: object) -> Any:  # noqa: ANN401  # an instance of the class
        if not isinstance(value, dict):
            wrong("a mapping", value)
        return _CONVERTER.structure(value, shape.cls)

    return structure


_HOOKS: Mapping[type, Callable[[Any], Hook]] = {
    shapes.Text: text_hook,
    shapes.Whole: whole_hook,
    shapes.Flag: flag_hook,
    OneOf: one_of_hook,
    ListOf: _list_of,
    MapOf: _map_of,
    Either: _either,
    Single: _single,
    Short: _short,
    Record: _record,
}


def hook(shape: Shape) -> Hook:
    """Return the function that structures what has this shape."""
    return _HOOKS[type(shape)](shape)


def _class_hook(cls: type, converter: Converter) -> Callable[[Any, Any], Any]:
    keys = {one.attribute: one for one in keys_of(cls)}
    overrides: dict[str, Any] = {
        name: override(rename=keys[name].name, struct_hook=_ignoring_type(keys[name])) if name in keys else _OMIT
        for name in (one.name for one in fields(cls))
    }
    strict: dict[str, Any] = {"_cattrs_forbid_extra_keys": True, "_cattrs_detailed_validation": True}
    return make_dict_structure_fn(cls, converter, **strict, **overrides)


def _ignoring_type(key: Key) -> Callable[[Any, Any], Any]:
    structure = hook(key.shape)
    return lambda value, _: structure(value)


_OMIT = override(omit=True)
# Keys that the loader works off before a class sees them; a misspelt one is compared with these too.
_BESIDE: Mapping[type, tuple[str, ...]] = {wf.Workflow: HEADING, wf.TrackKind: (LIKE,)}
_CONVERTER = Converter(forbid_extra_keys=True, detailed_validation=True)
_CONVERTER.register_structure_hook_factory(has, _class_hook)


@frozen
class _Found:
    error: Exception
    path: Path


def _leaves(error: Exception, path: Path) -> Iterator[_Found]:
    """Yield the single faults of what cattrs raised, each with its path in the file's own keys."""
    if isinstance(error, ClassValidationError):
        names = {one.attribute: one.name for one in keys_of(error.cl)}
        noted, bare = error.group_exceptions()
        for inner, note in noted:
            yield from _leaves(inner, (*path, names[note.name]))
        for inner in bare:
            yield from _leaves(inner, path)
    elif isinstance(error, IterableValidationError):
        for inner, index in error.group_exceptions()[0]:
            yield from _leaves(inner, (*path, index.index))
    else:
        yield _Found(error, path)


def _problems(error: Exception) -> Iterator[Problem]:
    hints = 0
    for one in _leaves(error, ()):
        match one.error:
            case Told():
                yield Problem("", "", one.path)
            case Bad() as bad:
                hint = did_you_mean(bad.word, bad.known) if hints < HINTS else ""
                yield Problem(bad.code, bad.text + hint, one.path, bad.key)
                hints += bool(bad.known)
            case KeyError():
                yield Problem("missing-key", f"`{one.path[-1]}` is missing here; add it", one.path)
            case ForbiddenExtraKeysError() as extra:
                for key in sorted(extra.extra_fields):
                    known = (*(name.name for name in keys_of(extra.cl)), *_BESIDE.get(extra.cl, ()))
                    hint = did_you_mean(key, known) if hints < HINTS else ""
                    yield Problem("unknown-key", f"`{key[:64]}` is no key here{hint}", (*one.path, key), key=True)
                    hints += 1
            case other:  # a library's own, such as RecursionError
                yield Problem("unreadable", f"this cannot be read ({type(other).__name__})", one.path)


def structure(value: Any, cls: type = wf.Workflow) -> tuple[Any, tuple[Problem, ...]]:  # noqa: ANN401  # plain values
    """Return the workflow that plain values make, without its hash, or every reason why they make none.

    Args:
        value: plain values.
        cls: another class of what a file may hold, of which an instance is returned.

    Note:
        A problem without a code says only that its path was told before.
    """
    try:
        return hook(Record(cls))(value), ()
    except (Bad, Told, BaseValidationError) as error:
        return None, tuple(_problems(error))
