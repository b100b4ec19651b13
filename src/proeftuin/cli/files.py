"""Workflow and scenario files, and value tables: `workflows`, `lint`."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from attrs import asdict
from cyclopts import Parameter

from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.options import Look, Looks
from proeftuin.cli.screen import Screen
from proeftuin.core.faults import Fault
from proeftuin.core.metrics import METRICS
from proeftuin.definitions import (
    Catalogue,
    bundled_files,
    lint_locked,
    lint_workflow,
    load_value_table,
    on_top,
)
from proeftuin.errors import DefinitionError, ScenarioError
from proeftuin.views import plain
from proeftuin.views.words import said

if TYPE_CHECKING:
    from proeftuin.definitions.differs import OnTop

HEAD_BYTES = 65_536
_SCENARIO = re.compile(rb"^scenario\s*:", re.MULTILINE)
_TABLE = re.compile(rb"^table\s*:", re.MULTILINE)
_OTHER = re.compile(rb"^(?:scenario|table)\s*:", re.MULTILINE)
OTHERS = ("scenarios", "tables")


def workflows(*, look: Looks = Look()) -> int:  # noqa: B008  # a frozen value
    """List the workflows that come with proeftuin.

    Args:
        look: how the answer is shown.
    """
    screen, catalogue = look.screen, Catalogue()
    found = [catalogue.get(f"{name}@{version}") for name, version in sorted(bundled_files())]
    if screen.json:
        screen.data(
            [
                {
                    "workflow": one.name,
                    "version": one.version,
                    "label": dict(one.label),
                    "hash": one.hash,
                    "states": list(one.states),
                    "tracks": {kind: list(track.states) for kind, track in one.tracks.items()},
                }
                for one in found
            ]
        )
        return OK
    rows = [
        (
            plain(one.id),
            plain(said(one.label, look.lang)),
            ", ".join(plain(said(state.label, look.lang)) for state in one.states.values()),
            ", ".join(plain(said(kind.label, look.lang)) for kind in one.tracks.values()) or "-",
        )
        for one in found
    ]
    screen.table([screen.tell(f"c-{name}") for name in ("workflow", "label", "states", "tracks")], rows)
    return OK


def lint(
    *paths: Path,
    strict: Annotated[bool, Parameter(negative=())] = False,
    locked: Annotated[bool, Parameter(negative=())] = False,
    look: Looks = Look(),  # noqa: B008  # a frozen value
) -> int:
    """Check workflow and scenario files, and value tables: every fault with its file, line and column.

    Args:
        paths: files, or folders, which are searched for NAME/v1.yaml, scenarios/NAME.yaml and tables/NAME.yaml.
        strict: warnings count as faults.
        locked: what differs from what `publish` wrote counts as a fault too.
        look: how the answer is shown.
    """
    if not paths:
        raise Usage("no-workflows", file=".")
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    faults = [fault for file in files for fault in _faults(file)]
    if locked:
        faults += [fault for path in paths if path.is_dir() or not _is(_OTHER, path) for fault in lint_locked(path)]
    errors = sum(fault.level == "error" for fault in faults)
    screen = look.screen
    if screen.json:
        told = [
            {name: getattr(one, name) for name in ("file", "line", "column", "level", "code", "text")} for one in faults
        ]
        tops = [{"file": str(file), **asdict(top)} for file, top in _on_top(files)]
        screen.data({"files": [str(file) for file in files], "faults": told, "on_top": tops})
    else:
        for one in faults:
            screen.raw(f"{one.file}:{one.line}:{one.column}: {one.level}: {one.code}: {plain(one.text)}\n")
        _show_on_top(screen, _on_top(files))
        _show_counts(Screen(lang=screen.lang, error=True), errors, len(faults) - errors, len(files))
    return REFUSED if errors or (strict and faults) else OK


def _show_counts(notes: Screen, errors: int, warnings: int, files: int) -> None:
    if errors or warnings:
        notes.show(notes.tell("lint-found", errors=errors, warnings=warnings, count=files))
    else:
        notes.show(notes.tell("lint-ok", count=files))


def _on_top(files: Iterable[Path]) -> Iterator[tuple[Path, "OnTop"]]:
    """Give the files that build on another workflow, each with what it has other than that one."""
    for file in files:
        if not _is(_OTHER, file) and (top := on_top(file)) is not None:
            yield file, top


def _show_on_top(screen: Screen, tops: Iterable[tuple[Path, "OnTop"]]) -> None:
    for file, top in tops:
        screen.show(screen.tell("on-top" if top.differences else "on-top-same", file=file, base=top.base))
        for what in ("added", "changed", "left-out"):
            named: dict[str, list[str]] = {}
            for one in top.differences:
                if one.what == what:
                    keys = f" ({', '.join(one.keys)})" if one.keys else ""
                    named.setdefault(one.kind, []).append(plain(f"{one.name}{keys}"))
            if named:
                parts = (f"{screen.tell(f'e-{kind}')} {', '.join(names)}".rstrip() for kind, names in named.items())
                screen.show(f"{screen.tell(what)}: {'; '.join(parts)}", indent=2)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise Usage("no-file", file=path)
    found = sorted(path.glob("**/v[0-9]*.yaml"))
    others = sorted(file for file in path.glob("**/*.yaml") if file.parent.name in OTHERS and file not in found)
    if not found and not others:
        raise Usage("no-workflows", file=path)
    yield from found
    yield from others


def _is(pattern: re.Pattern[bytes], file: Path) -> bool:
    with file.open("rb") as opened:
        return pattern.search(opened.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")) is not None


def _faults(file: Path) -> Iterable[Fault]:
    if _is(_TABLE, file):
        return _table_faults(file)
    if not _is(_SCENARIO, file):
        return lint_workflow(file, metrics=METRICS)
    from proeftuin.scenario import load_scenario

    try:
        scenario = load_scenario(file)
    except ScenarioError as error:
        return (Fault("scenario-error", error.text, file=error.file, line=error.line, column=1),)
    known = Catalogue().names()
    if scenario.workflow.partition("@")[0] not in known and not (file.parent.parent / scenario.workflow).is_dir():
        text = f"there is no workflow `{scenario.workflow}`; known are {', '.join(known)}"
        return (Fault("unknown-workflow", text, file=str(file), line=1, column=1),)
    return ()


def _table_faults(file: Path) -> Iterable[Fault]:
    try:
        load_value_table(file)
    except DefinitionError as error:
        return error.faults
    return ()
