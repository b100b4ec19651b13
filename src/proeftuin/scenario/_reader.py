"""Reads scenario files, strictly: an unknown key, a wrong type or a name that nothing has is refused, with its line."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from attrs import define

from proeftuin.core.commands import Actor
from proeftuin.core.faults import did_you_mean
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.definitions._tree import compose
from proeftuin.errors import ScenarioError
from proeftuin.scenario._values import Ask, Kind, Scenario, Step

MORNING = time(9)
MAX_BYTES = 256 * 1024  # more is not even read; `compose` refuses what is longer than this
THEN = ("state", "phase", "outcome", "hold", "cycle", "tracks", "records", "metrics")
Place = tuple[str | int, ...]

NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# What each kind of step may hold beside `at` and `note`; the first key is what makes it of that kind.
_OF: Mapping[Kind, tuple[str, ...]] = {
    "start": ("start", "by", "on", "key", "as", "refused", "warns", "then"),
    "fire": (
        "fire", "by", "track", "data", "on", "key", "expect", "as", "keep", "pilot", "refused", "warns", "pending", "then",
    ),
    "ask": ("ask", "by", "gives", "pilot", "refused"),
    "look": ("then", "pilot"),
}  # fmt: skip


@define
class _File:
    """The document: its plain values, and how to refuse a place in it."""

    name: str
    tree: Any

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


def load_scenario(source: Path | str) -> Scenario:
    """Return the scenario of a file or a text.

    Args:
        source: a path; a `str` is the text itself where it holds a new line, and a path otherwise. UTF-8, YAML 1.2.

    Raises:
        ScenarioError: with file and line of the first fault.
    """
    inline = isinstance(source, str) and "\n" in source
    name = "<text>" if inline else str(source)
    tree = compose(str(source) if inline else _read(Path(source)))
    for fault in tree.faults:
        raise ScenarioError(name, fault.line, fault.text)
    file = _File(name, tree)
    top = file.mapping(tree.value, keys=("scenario", "label", "workflow", "actors", "steps"))
    for key in ("scenario", "workflow", "actors", "steps"):
        if key not in top:
            file.refuse(f"`{key}` is missing here; add it")
    called = file.text(top["scenario"], "scenario")
    if not NAME.fullmatch(called):
        file.refuse(f"`{called[:64]}` is no name: a-z, 0-9 and -, beginning with a letter", "scenario")
    return Scenario(
        name=called,
        workflow=file.text(top["workflow"], "workflow"),
        actors=FrozenDict(_actors(file, top["actors"])),
        steps=tuple(_steps(file, top)),
        label=file.label(top["label"], "label") if "label" in top else EMPTY,
        file=name,
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 4).decode("utf-8")
    except OSError as error:
        raise ScenarioError(str(path), 1, f"the file cannot be read ({type(error).__name__}); give its path") from error
    except ValueError as error:
        raise ScenarioError(str(path), 1, "the file is not in UTF-8; save it so") from error


def _actors(file: _File, value: object) -> dict[str, Actor]:
    found: dict[str, Actor] = {}
    for name, given in file.mapping(value, "actors").items():
        at = ("actors", name)
        one = file.mapping(given, *at, keys=("id", "roles", "party"))
        for key in ("id", "roles"):
            if key not in one:
                file.refuse(f"actor `{name}` has no `{key}`; add it", *at)
        party = file.text(one["party"], *at, "party") if "party" in one else None
        roles = file.texts(one["roles"], *at, "roles")
        found[name] = Actor(file.text(one["id"], *at, "id"), roles=frozenset(roles), party=party)
    return found


@define
class _Names:
    """The names that the steps so far have given to records and pilots."""

    records: set[str]
    pilots: set[str]
    last: datetime | None = None


def _steps(file: _File, top: Mapping[str, Any]) -> Iterable[Step]:
    actors = _actors(file, top["actors"])
    given = top["steps"]
    if not isinstance(given, list) or not given:
        file.refuse("a list of steps is expected here", "steps")
    names = _Names(set(), set())
    for place, one in enumerate(given):
        yield _step(file, one, place, actors, names)


def _kind(file: _File, step: dict[str, Any], at: Place) -> Kind:
    kinds = [kind for kind in _OF if kind != "look" and kind in step]
    if len(kinds) > 1:
        file.refuse(f"a step does one thing, not {' and '.join(f'`{kind}`' for kind in kinds)}", *at)
    if not kinds and "then" not in step:
        file.refuse("a step has `start`, `fire`, `ask` or `then`", *at)
    return kinds[0] if kinds else "look"


def _step(file: _File, value: object, place: int, actors: Mapping[str, Actor], names: _Names) -> Step:
    at: Place = ("steps", place)
    step = file.mapping(value, *at)
    kind = _kind(file, step, at)
    file.mapping(step, *at, keys=("at", "note", *_OF[kind]))
    for key in ("at", *(("by",) if kind != "look" else ())):
        if key not in step:
            file.refuse(f"`{key}` is missing in this step; add it", *at)
    if kind == "ask" and "gives" not in step and "refused" not in step:
        file.refuse("a question `gives` an answer, or is `refused`; add what is expected", *at)
    found: dict[str, Any] = {
        name: read(file, step[key], *at, key) for key, (name, read) in _FIELDS.items() if key in step
    }
    if kind != "look":
        by = found["by"] = file.text(step["by"], *at, "by")
        if by not in actors:
            file.refuse(f"there is no actor `{by}`{did_you_mean(by, actors)}", *at, "by")
    if kind in {"start", "fire"}:
        key = "data" if kind == "fire" else "start"
        found["trigger"] = file.text(step["fire"], *at, "fire") if kind == "fire" else "start"
        found["data"] = freeze(file.mapping(step[key], *at, key)) if key in step else None
    if kind == "ask":
        found["ask"] = _ask(file, step["ask"], *at, "ask")
    made = Step(number=place + 1, line=file.line(*at), kind=kind, actor=actors.get(found.get("by", "")), **found)
    _refer(file, made, at, names)
    return made


def _refer(file: _File, step: Step, at: Place, names: _Names) -> None:
    """Refuse names that no earlier step gave, and a time before that of the step before."""
    if names.last is not None and step.at < names.last:
        file.refuse(f"time runs backwards here: the step before is at {names.last:%Y-%m-%dT%H:%M}", *at, "at")
    names.last = step.at
    for name in _named(step.data):
        if name not in names.records:
            file.refuse(f"no earlier step keeps a record as `{name}`{did_you_mean(name, names.records)}", *at, "data")
    if step.pilot is not None and step.pilot not in names.pilots:
        file.refuse(f"no earlier step names a pilot `{step.pilot}`{did_you_mean(step.pilot, names.pilots)}", *at, "pilot")
    names.records |= {step.keep} - {None}  # type: ignore[arg-type]  # None is taken out
    names.pilots |= {step.names} - {None}  # type: ignore[arg-type]  # None is taken out


def _named(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield from (value[1:],) if value.startswith("$") else ()
    elif isinstance(value, Mapping | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _named(one)


def _moment(file: _File, value: object, *path: str | int) -> datetime:
    text = file.text(value, *path)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        file.refuse(f'"{text[:64]}" is no day or moment, as in 2026-03-31 or 2026-03-31T14:30', *path)
    if found.tzinfo is not None:
        file.refuse("a moment is in the workflow's own zone; leave the offset out", *path)
    return datetime.combine(found.date(), MORNING) if _DAY.fullmatch(text) else found


def _date(file: _File, value: object, *path: str | int) -> date:
    text = file.text(value, *path)
    if not _DAY.fullmatch(text):
        file.refuse(f'"{text[:64]}" is no day, as in 2026-03-31', *path)
    return _moment(file, value, *path).date()


def _tracks(file: _File, value: object, *path: str | int) -> tuple[str, ...]:
    return file.texts(value, *path) if isinstance(value, list) else (file.text(value, *path),)


def _version(file: _File, value: object, *path: str | int) -> int:
    if type(value) is not int or value < 0:
        file.refuse("a version, which is a whole number, is expected here", *path)
    return value


def _ask(file: _File, value: object, *path: str | int) -> Ask:
    given = file.mapping(value, *path, keys=("metric", "of", "by"))
    if "metric" not in given:
        file.refuse("`metric` is missing here; add it", *path)
    of = file.text(given["of"], *path, "of") if "of" in given else None
    by = file.texts(given["by"], *path, "by") if "by" in given else ()
    return Ask(file.text(given["metric"], *path, "metric"), of, by)


def _then(file: _File, value: object, *path: str | int) -> FrozenDict:
    given = file.mapping(value, *path, keys=THEN)
    for name in ("tracks", "records", "metrics"):
        if name in given:
            file.mapping(given[name], *path, name)
    frozen: FrozenDict = freeze(given)
    return frozen


def _plain(file: _File, value: object, *path: str | int) -> Any:  # noqa: ANN401  # an answer is of any shape
    del file, path
    return freeze(value)


_FIELDS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "at": ("at", _moment),
    "track": ("tracks", _tracks),
    "on": ("on", _date),
    "key": ("key", _File.text),
    "expect": ("expect", _version),
    "refused": ("refused", _File.texts),
    "warns": ("warns", _File.texts),
    "pending": ("pending", _File.texts),
    "then": ("then", _then),
    "gives": ("gives", _plain),
    "keep": ("keep", _File.text),
    "as": ("names", _File.text),
    "pilot": ("pilot", _File.text),
    "note": ("note", _File.label),
}
