"""Reads scenario files, strictly: an unknown key, a wrong type or a name that nothing has is refused, with its line."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import define

from proeftuin.core.commands import Actor
from proeftuin.core.faults import did_you_mean
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.definitions import sample_tables
from proeftuin.scenario._file import File, day, moment, open_file, tracks, version
from proeftuin.scenario._values import Ask, Kind, Scenario, Step

ANSWERED = ("warns", "pending", "gives")  # what only comes of a step that is accepted
THEN = ("state", "phase", "outcome", "hold", "cycle", "tracks", "records", "signals", "metrics")
Place = tuple[str | int, ...]

NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")

# What each kind of step may hold beside `at` and `note`; the first key is what makes it of that kind.
_OF: Mapping[Kind, tuple[str, ...]] = {
    "start": ("start", "by", "on", "key", "as", "refused", "warns", "then"),
    "fire": (
        "fire", "by", "track", "data", "on", "key", "expect", "as", "keep", "pilot",
        "refused", "warns", "pending", "told", "then",
    ),
    "ask": ("ask", "by", "gives", "pilot", "refused", "told"),
    "look": ("told", "then", "pilot"),
}  # fmt: skip


def load_scenario(source: Path | str) -> Scenario:
    """Return the scenario of a file or a text.

    Args:
        source: a path; a `str` is the text itself where it holds a new line, and a path otherwise. UTF-8, YAML 1.2.

    Raises:
        ScenarioError: with file and line of the first fault.
    """
    file = open_file(source)
    top = file.mapping(file.tree.value, keys=("scenario", "label", "workflow", "tables", "actors", "steps"))
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
        tables=tuple(_tables(file, top["tables"])) if "tables" in top else (),
        label=file.label(top["label"], "label") if "label" in top else EMPTY,
        file=file.name,
    )


def _tables(file: File, value: object) -> Iterable[str]:
    """Give the value tables by which efforts are valued: samples that come along, by their ids."""
    known = sample_tables()
    for place, name in enumerate(file.texts(value, "tables")):
        if name not in known:
            file.refuse(f"there is no table `{name}`{did_you_mean(name, known)}", "tables", place)
        yield name


def _actors(file: File, value: object) -> dict[str, Actor]:
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


def _steps(file: File, top: Mapping[str, Any]) -> Iterable[Step]:
    actors = _actors(file, top["actors"])
    given = top["steps"]
    if not isinstance(given, list) or not given:
        file.refuse("a list of steps is expected here", "steps")
    names = _Names(set(), set())
    for place, one in enumerate(given):
        yield _step(file, one, place, actors, names)


def _kind(file: File, step: dict[str, Any], at: Place) -> Kind:
    kinds = [kind for kind in _OF if kind != "look" and kind in step]
    if len(kinds) > 1:
        file.refuse(f"a step does one thing, not {' and '.join(f'`{kind}`' for kind in kinds)}", *at)
    if not kinds and "then" not in step and "told" not in step:
        file.refuse("a step has `start`, `fire`, `ask`, `told` or `then`", *at)
    return kinds[0] if kinds else "look"


def _check_keys(file: File, step: dict[str, Any], kind: Kind, at: Place) -> None:
    """Refuse a step that lacks something, or that expects something beside a refusal: that would never be compared."""
    for key in ("at", *(("by",) if kind != "look" else ())):
        if key not in step:
            file.refuse(f"`{key}` is missing in this step; add it", *at)
    if kind == "ask" and "gives" not in step and "refused" not in step:
        file.refuse("a question `gives` an answer, or is `refused`; add what is expected", *at)
    for key in ANSWERED if "refused" in step else ():
        if key in step:
            file.refuse(f"what is `refused` has no `{key}`; leave one of the two out", *at, key, key=True)


def _step(file: File, value: object, place: int, actors: Mapping[str, Actor], names: _Names) -> Step:
    at: Place = ("steps", place)
    step = file.mapping(value, *at)
    kind = _kind(file, step, at)
    file.mapping(step, *at, keys=("at", "note", *_OF[kind]))
    _check_keys(file, step, kind, at)
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


def _refer(file: File, step: Step, at: Place, names: _Names) -> None:
    """Refuse names that no earlier step gave, and a time before that of the step before."""
    if names.last is not None and step.at < names.last:
        file.refuse(f"time runs backwards here: the step before is at {names.last:%Y-%m-%dT%H:%M}", *at, "at")
    names.last = step.at
    for key, given in (("data", step.data), ("told", tuple(place_of(one) for one in step.told))):
        for name in _named(given):
            if name not in names.records:
                text = f"no earlier step keeps a record as `{name}`{did_you_mean(name, names.records)}"
                file.refuse(text, *at, key)
    if step.pilot is not None and step.pilot not in names.pilots:
        file.refuse(
            f"no earlier step names a pilot `{step.pilot}`{did_you_mean(step.pilot, names.pilots)}",
            *at,
            "pilot",
        )
    if step.refused is None:  # what is refused adds no record and begins no pilot
        names.records |= {step.keep} if step.keep else set()
        names.pilots |= {step.names} if step.names else set()


def _named(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield from (value[1:],) if value.startswith("$") else ()
    elif isinstance(value, Mapping | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _named(one)


def place_of(told: str) -> str:
    """Return the track or record that a key of `told` names behind its clock, as in `talks:anna`."""
    return told.partition(":")[2]


def _ask(file: File, value: object, *path: str | int) -> Ask:
    given = file.mapping(value, *path, keys=("metric", "of", "by"))
    if "metric" not in given:
        file.refuse("`metric` is missing here; add it", *path)
    of = file.text(given["of"], *path, "of") if "of" in given else None
    by = file.texts(given["by"], *path, "by") if "by" in given else ()
    return Ask(file.text(given["metric"], *path, "metric"), of, by)


def _then(file: File, value: object, *path: str | int) -> FrozenDict:
    given = file.mapping(value, *path, keys=THEN)
    for name in ("tracks", "records", "metrics"):
        if name in given:
            file.mapping(given[name], *path, name)
    if "signals" in given:
        file.texts(given["signals"], *path, "signals")
    frozen: FrozenDict = freeze(given)
    return frozen


def _told(file: File, value: object, *path: str | int) -> FrozenDict:
    given = file.mapping(value, *path)
    return FrozenDict({name: file.texts(one, *path, name) for name, one in given.items()})


def _plain(file: File, value: object, *path: str | int) -> Any:  # noqa: ANN401  # an answer is of any shape
    del file, path
    return freeze(value)


_FIELDS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "at": ("at", moment),
    "track": ("tracks", tracks),
    "on": ("on", day),
    "key": ("key", File.text),
    "expect": ("expect", version),
    "refused": ("refused", File.texts),
    "warns": ("warns", File.texts),
    "pending": ("pending", File.texts),
    "told": ("told", _told),
    "then": ("then", _then),
    "gives": ("gives", _plain),
    "keep": ("keep", File.text),
    "as": ("names", File.text),
    "pilot": ("pilot", File.text),
    "note": ("note", File.label),
}
