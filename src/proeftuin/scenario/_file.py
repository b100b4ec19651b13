"""One scenario file: its text as plain values, and the readers of single values, each refusing with its line."""

from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from attrs import define

from proeftuin.core.days import DAY, day_or_moment_of
from proeftuin.core.faults import did_you_mean
from proeftuin.core.frozen import FrozenDict
from proeftuin.definitions._sources import text_of
from proeftuin.definitions._tree import Tree, compose
from proeftuin.door import FIRST_YEAR, LAST_YEAR
from proeftuin.errors import ScenarioError

MORNING = time(9)


@define
class File:
    """The document: its plain values, and how to refuse a place in it."""

    name: str
    tree: Tree

    def refuse(self, text: str, *path: str | int, key: bool = False) -> NoReturn:
        line, _ = self.tree.place(path, key=key)
        raise ScenarioError(self.name, line, text)

    def line(self, *path: str | int) -> int:
        return int(self.tree.place(path)[0])

    def mapping(self, value: object, *path: str | int, keys: Collection[str] = ()) -> dict[str, Any]:
        """Return a mapping with no other keys than these; any, where none are named."""
        if not isinstance(value, dict):
            self.refuse("a mapping is expected here", *path)
        for key in value:
            if keys and key not in keys:
                self.refuse(f"`{key}` is no key here{did_you_mean(key, keys)}", *path, key, key=True)
        return value

    def text(self, value: object, *path: str | int) -> str:
        if not isinstance(value, str) or not value.strip():
            self.refuse("a text is expected here", *path)
        return value

    def texts(self, value: object, *path: str | int) -> tuple[str, ...]:
        if not isinstance(value, list):
            self.refuse("a list is expected here", *path)
        return tuple(self.text(one, *path, place) for place, one in enumerate(value))

    def label(self, value: object, *path: str | int) -> FrozenDict:
        given = self.mapping(value, *path, keys=("en", "nl"))
        return FrozenDict({name: self.text(one, *path, name) for name, one in given.items()})


def open_file(source: Path | str) -> File:
    """Return the document of a path, or of a text: what holds a new line is a text."""
    inline = isinstance(source, str) and "\n" in source
    name = "<text>" if inline else str(source)
    tree = compose(str(source) if inline else _read(Path(source)), "a scenario")
    for fault in tree.faults:
        raise ScenarioError(
            name, fault.line, fault.text + ("; make several of it" if fault.code == "too-large" else "")
        )
    return File(name, tree)


def _read(path: Path) -> str:
    try:
        return text_of(path)
    except OSError as error:
        raise ScenarioError(str(path), 1, f"the file cannot be read ({type(error).__name__}); give its path") from error
    except ValueError as error:
        raise ScenarioError(str(path), 1, "the file is not in UTF-8; save it so") from error


def moment(file: File, value: object, *path: str | int) -> datetime:
    text = file.text(value, *path)
    found = day_or_moment_of(text)
    if found is None:
        file.refuse(f'"{text[:64]}" is no day or moment, as in 2026-03-31 or 2026-03-31T14:30', *path)
    at = found if isinstance(found, datetime) else datetime.combine(found, MORNING)
    if at.tzinfo is not None:
        file.refuse("a moment is in the workflow's own zone; leave the offset out", *path)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        file.refuse(f"a day lies in the years {FIRST_YEAR} to {LAST_YEAR}", *path)
    return at


def day(file: File, value: object, *path: str | int) -> date:
    text = file.text(value, *path)
    if not DAY.fullmatch(text):
        file.refuse(f'"{text[:64]}" is no day, as in 2026-03-31', *path)
    return moment(file, value, *path).date()


def tracks(file: File, value: object, *path: str | int) -> tuple[str, ...]:
    return file.texts(value, *path) if isinstance(value, list) else (file.text(value, *path),)


def version(file: File, value: object, *path: str | int) -> int:
    if type(value) is not int or value < 0:
        file.refuse("a version, which is a whole number, is expected here", *path)
    return value
