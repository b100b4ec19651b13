"""Workflow and scenario files: `workflows`, `lint`, `diagram`."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from proeftuin.cli.act import workflow_file
from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.options import At, Look, Looks, Store, find_pilot
from proeftuin.cli.screen import Screen
from proeftuin.core.faults import Fault
from proeftuin.core.metrics import METRICS
from proeftuin.definitions import Catalogue, bundled_files, lint_workflow, load_workflow
from proeftuin.errors import ScenarioError
from proeftuin.views import pilot_diagram, plain, workflow_diagram
from proeftuin.views.words import said

HEAD_BYTES = 65_536
_SCENARIO = re.compile(rb"^scenario\s*:", re.MULTILINE)


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
    look: Looks = Look(),  # noqa: B008  # a frozen value
) -> int:
    """Check workflow and scenario files: every fault with its file, line and column.

    Args:
        paths: files, or folders, which are searched for NAME/v1.yaml and scenarios/NAME.yaml.
        strict: warnings count as faults.
        look: how the answer is shown.
    """
    if not paths:
        raise Usage("no-workflows", file=".")
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    faults = [fault for file in files for fault in _faults(file)]
    errors = sum(fault.level == "error" for fault in faults)
    screen = look.screen
    if screen.json:
        told = [
            {name: getattr(one, name) for name in ("file", "line", "column", "level", "code", "text")} for one in faults
        ]
        screen.data({"files": [str(file) for file in files], "faults": told})
    else:
        _show_faults(screen, faults, errors, len(files))
    return REFUSED if errors or (strict and faults) else OK


def _show_faults(screen: Screen, faults: Iterable[Fault], errors: int, files: int) -> None:
    faults = list(faults)
    for one in faults:
        screen.raw(f"{one.file}:{one.line}:{one.column}: {one.level}: {one.code}: {plain(one.text)}\n")
    notes = Screen(lang=screen.lang, error=True)
    if faults:
        notes.show(screen.tell("lint-found", errors=errors, warnings=len(faults) - errors, count=files))
    else:
        notes.show(screen.tell("lint-ok", count=files))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise Usage("no-file", file=path)
    found = sorted(path.glob("**/v[0-9]*.yaml"))
    scenarios = sorted(file for file in path.glob("**/*.yaml") if file.parent.name == "scenarios" and file not in found)
    if not found and not scenarios:
        raise Usage("no-workflows", file=path)
    yield from found
    yield from scenarios


def _faults(file: Path) -> Iterable[Fault]:
    with file.open("rb") as opened:
        scenario_or_not = _SCENARIO.search(opened.read(HEAD_BYTES))
    if scenario_or_not is None:
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


def diagram(workflow: str | None = None, /, *, pilot: str | None = None, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Write a Mermaid diagram of a workflow, or of a pilot and the way it came.

    Args:
        workflow: a name, name@version, or a workflow file.
        pilot: a pilot instead: its id, the beginning of it, or your ref.
        at: where pilots are kept, and how the answer is shown.
    """
    if (workflow is None) == (pilot is None):
        raise Usage("one-diagram")
    screen = at.screen
    if pilot is not None:
        with at.engine() as engine:
            found = engine.get(find_pilot(engine, pilot))
            text = pilot_diagram(engine.workflow(found.workflow), found, engine.history(found.id), lang=at.lang)
    else:
        named = str(workflow)
        file = workflow_file(named)
        text = workflow_diagram(Catalogue().get(named) if file is None else load_workflow(file), lang=at.lang)
    if screen.json:
        screen.data({"diagram": text})
    else:
        screen.raw(text)
    return OK
