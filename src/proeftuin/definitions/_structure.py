"""The one door to cattrs: plain values become a workflow, strictly, or every reason why not.

1. Nothing is coerced: "false" is no boolean, "7" no number, one value no list (but where `_shapes` says so).
2. Unknown keys are refused. A key without a value is refused too, not taken for absent.
3. All faults are found, each with its path. What the text already made a fault (`BROKEN`) is not told again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

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
from proeftuin.definitions._forms import NAME
from proeftuin.definitions._shapes import (
    Either, Flag, Key, ListOf, MapOf, OneOf, Record, Shape, Short, Single, Text, Whole, keys_of,
)  # fmt: skip
from proeftuin.definitions._shorthand import FROM_SHORT
from proeftuin.definitions._yaml import BROKEN, Path

Hook = Callable[[Any], Any]
HINTS = 100


@frozen
class Problem:
    """A fault without its place; `key` says that it is about the key at the end of its path, not about its value."""

    code: str
    text: str
    path: Path
    key: bool = False


class _Bad(ValueError):
    """A value does not fit; `known` are the words that would."""

    def __init__(self, code: str, text: str, word: str = "", known: tuple[str, ...] = (), *, key: bool = False) -> None:
        self.code, self.text, self.word, self.known, self.key = code, text, word, known, key


class _Told(ValueError):
    """A value is broken, and that was told already."""


def _wrong(expected: str, value: object) -> NoReturn:
    if value is BROKEN:
        raise _Told
    if value is None:
        raise _Bad("no-value", f"there is no value here; give {expected}, or leave the key out")
    raise _Bad("wrong-type", f"{expected} is expected here, not {_described(value)}")


def _described(value: object) -> str:
    if isinstance(value, str):
        return f'the text "{value[:64]}"'
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"the number {value}" if isinstance(value, int) else "a list" if isinstance(value, list) else "a mapping"


def _text(shape: Text) -> Hook:
    form = shape.form

    def structure(value: object) -> str:
        if type(value) is not str:
            _wrong(form.word, value)
        if not form.fits(value):
            code = "too-long" if len(value) > form.longest else "bad-form"
            raise _Bad(code, f'"{value[:64]}" is not {form.word} ({form.hint}, at most {form.longest} characters)')
        return value

    return structure


def _whole(shape: Whole) -> Hook:
    def structure(value: object) -> int:
        if type(value) is not int:
            _wrong("a whole number", value)
        if not shape.least <= value <= shape.most:
            raise _Bad("bad-value", f"{value} is out of bounds; they are {shape.least} and {shape.most}")
        return value

    return structure


def _flag(_: Flag) -> Hook:
    def structure(value: object) -> bool:
        if type(value) is not bool:
            _wrong("`true` or `false`", value)
        return value

    return structure


def _one_of(shape: OneOf) -> Hook:
    words = tuple(str(value) for value in shape.values)

    def structure(value: object) -> str | int:
        if type(value) is not type(shape.values[0]):
            _wrong(" or ".join(f"`{one}`" for one in words[:3]) + (" or another" if len(words) > 3 else ""), value)
        if value not in shape.values:
            raise _Bad("bad-value", f"`{str(value)[:64]}` is not possible here", str(value), words)
        return value

    return structure


def _each(pairs: Iterable[tuple[Any, Any]], item: Hook) -> list[Any]:
    """Structure all items, and raise all their faults together, the way cattrs does."""
    found, errors = [], []
    for index, value in pairs:
        try:
            found.append(item(value))
        except (_Bad, _Told, BaseValidationError) as error:
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
            _wrong("a list", value)
        return tuple(_each(enumerate(value), item))

    return structure


def _map_of(shape: MapOf) -> Hook:
    item = hook(shape.item)

    def entry(pair: tuple[str, Any]) -> Any:  # noqa: ANN401  # whatever the shape makes
        if not shape.keys.fits(pair[0]):
            text = f'"{pair[0][:64]}" is not {shape.keys.word} ({shape.keys.hint}, at most {shape.keys.longest} characters)'
            raise _Bad("bad-form", text, key=True)
        return item(pair[1])

    def structure(value: object) -> FrozenDict:
        if not isinstance(value, dict):
            _wrong("a mapping", value)
        return FrozenDict(zip(value, _each(((key, (key, one)) for key, one in value.items()), entry), strict=True))

    return structure


def _kinds(shape: Shape) -> tuple[type, ...]:
    """Return the kinds of plain values that a shape is written as."""
    match shape:
        case Text():
            return (str,)
        case OneOf():
            return (type(shape.values[0]),)
        case Whole():
            return (int,)
        case Flag():
            return (bool,)
        case Short():
            return _kinds(shape.written)
        case ListOf():
            return (list, *(_kinds(shape.item) if shape.one else ()))
        case Either():
            return tuple(kind for member in shape.members for kind in _kinds(member))
        case _:
            return (dict,)


WORDS = {str: "a text", int: "a whole number", bool: "`true` or `false`", list: "a list", dict: "a mapping"}


def _either(shape: Either) -> Hook:
    members = {kind: hook(member) for member in reversed(shape.members) for kind in _kinds(member)}
    expected = " or ".join(WORDS[kind] for kind in WORDS if kind in members)

    def structure(value: object) -> Any:  # noqa: ANN401  # whatever the member makes
        member = members.get(type(value))
        return member(value) if member else _wrong(expected, value)

    return structure


def _single(shape: Single) -> Hook:
    item = hook(shape.item)
    beside = {name: hook(one) for name, one in shape.beside.items()}

    def entry(pair: tuple[str, Any]) -> Any:  # noqa: ANN401  # whatever the shape makes
        return beside.get(pair[0], item)(pair[1])

    def structure(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            _wrong("a mapping", value)
        names = [key for key in value if key not in beside]
        if len(names) != 1:
            raise _Bad("wrong-type", f"one name is expected here, not {len(names)}")
        if not NAME.fits(names[0]):
            raise _Bad("bad-form", f'"{names[0][:64]}" is not {NAME.word} ({NAME.hint})')
        found = dict(zip(value, _each(((key, (key, one)) for key, one in value.items()), entry), strict=True))
        return {"": names[0], **found}

    return structure


def _short(shape: Short) -> Hook:
    written, read = hook(shape.written), FROM_SHORT[shape.cls]
    return lambda value: read(written(value))


def _record(shape: Record) -> Hook:
    def structure(value: object) -> Any:  # noqa: ANN401  # an instance of the class
        if not isinstance(value, dict):
            _wrong("a mapping", value)
        return _CONVERTER.structure(value, shape.cls)

    return structure


_HOOKS: Mapping[type, Callable[[Any], Hook]] = {
    Text: _text, Whole: _whole, Flag: _flag, OneOf: _one_of, ListOf: _list_of, MapOf: _map_of, Either: _either,
    Single: _single, Short: _short, Record: _record,
}  # fmt: skip


def hook(shape: Shape) -> Hook:
    """Return the function that structures what has this shape."""
    return _HOOKS[type(shape)](shape)


def _class_hook(cls: type, converter: Converter) -> Callable[[Any, Any], Any]:
    keys = {one.attribute: one for one in keys_of(cls)}
    return make_dict_structure_fn(
        cls,
        converter,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **{
            name: override(rename=keys[name].name, struct_hook=_ignoring_type(keys[name])) if name in keys else _OMIT
            for name in (one.name for one in fields(cls))
        },
    )


def _ignoring_type(key: Key) -> Callable[[Any, Any], Any]:
    structure = hook(key.shape)
    return lambda value, _: structure(value)


_OMIT = override(omit=True)
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
            case _Told():
                yield Problem("", "", one.path)
            case _Bad() as bad:
                hint = did_you_mean(bad.word, bad.known) if hints < HINTS else ""
                yield Problem(bad.code, bad.text + hint, one.path, bad.key)
                hints += bool(bad.known)
            case KeyError():
                yield Problem("missing-key", f"`{one.path[-1]}` is missing here; add it", one.path)
            case ForbiddenExtraKeysError() as extra:
                for key in sorted(extra.extra_fields):
                    known = (name.name for name in keys_of(extra.cl))
                    hint = did_you_mean(key, known) if hints < HINTS else ""
                    yield Problem("unknown-key", f"`{key[:64]}` is no key here{hint}", (*one.path, key), key=True)
                    hints += 1


def structure(value: Any) -> tuple[wf.Workflow | None, tuple[Problem, ...]]:  # noqa: ANN401  # plain values
    """Return the workflow that plain values make, without its hash, or every reason why they make none.

    Note:
        A problem without a code says only that its path was told before.
    """
    try:
        return hook(Record(wf.Workflow))(value), ()
    except (_Bad, _Told, BaseValidationError) as error:
        return None, tuple(_problems(error))
