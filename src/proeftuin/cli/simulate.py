"""`simulate`: what a programme may come to, as a table that says that it is a simulation."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter, validators

from proeftuin.cli.act import workflow_file
from proeftuin.cli.exits import OK, Usage
from proeftuin.cli.progress import progress_bar
from proeftuin.cli.screen import CARE, HEAD, SOFT, Screen
from proeftuin.cli.whole import STDOUT, write_whole
from proeftuin.core.days import day_of
from proeftuin.core.workflow import Workflow
from proeftuin.views import plain, word
from proeftuin.views.words import said

if TYPE_CHECKING:
    from proeftuin.simulation import Compared, Estimate, Simulated

Pilots = Annotated[int, Parameter(validator=validators.Number(gte=1))]
Seed = Annotated[int, Parameter(validator=validators.Number(gte=0))]
Calls = Annotated[bool, Parameter(negative="--no-calls")]
FIGURES = {"persons_placed": "s-persons", "placements_active": "s-placements", "jobs_25_5": "s-jobs"}


def simulate(  # all by name but the first
    workflow: str,
    /,
    *,
    pilots: Pilots = 100,
    seed: Seed = 7,
    behaviour: Path | None = None,
    start: str | None = None,
    until: str | None = None,
    calls: Calls = True,
    compare: Annotated[bool, Parameter(negative=())] = False,
    report: Annotated[str | None, Parameter(name="--json", allow_leading_hyphen=True)] = None,
    history: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    lang: Annotated[Literal["en", "nl"], Parameter(env_var="PROEFTUIN_LANG")] = "en",
) -> int:
    """Let made-up pilots live by a workflow, and count what comes of it.

    Args:
        workflow: a workflow file, or the name of one that comes with proeftuin.
        pilots: how many begin.
        seed: the same seed gives the same answer.
        behaviour: a file that says what people do; left out, the one that comes with the workflow.
        start: the first day, as 2026-01-05; left out, what the behaviour says.
        until: the day on which it ends, itself not included; left out, what the behaviour says.
        calls: --no-calls leaves out the weekly call.
        compare: run twice, with the weekly call and without it, and show what it changed.
        report: a file for all figures as JSON, or - for the standard output.
        history: a file for every pilot's history, as `export` writes it.
        lang: the language of the answer: en or nl.
    """
    screen = Screen(lang=lang)
    if behaviour is not None and not behaviour.is_file():
        raise Usage("no-file", file=behaviour)
    options: dict[str, Any] = {"pilots": pilots, "seed": seed, "behaviour": behaviour}
    options |= {name: _day(one) for name, one in (("start", start), ("until", until)) if one is not None}
    main, both = _ran(screen, workflow, options, calls=None if compare else calls)
    _answer(screen, main, both, report)
    if history is not None:
        write_whole(history, main.export())
    return OK


def _answer(screen: Screen, main: "Simulated", both: "Compared | None", report: str | None) -> None:
    if report != STDOUT:
        _show(screen, main)
        if both is not None:
            _show_effect(screen, both)
    if report is not None:
        found = main.as_dict() if both is None else both.as_dict()
        write_whole(report, [json.dumps(found, indent=2, ensure_ascii=False) + "\n"])


def _ran(
    screen: Screen, workflow: str, options: dict[str, Any], *, calls: bool | None
) -> "tuple[Simulated, Compared | None]":
    """Return what came of it; of both runs where nothing is said of calls."""
    from proeftuin import simulation

    given = workflow_file(workflow) or workflow
    with progress_bar(screen.tell("s-running")) as progress:
        if calls is not None:
            return simulation.simulate(given, calls=calls, progress=progress, **options), None
        both = simulation.compare(given, progress=progress, **options)
    return both.with_calls, both


def _day(given: str) -> date:
    found = day_of(given)
    if found is None:
        raise Usage("bad-day", day=given)
    return found


# -- what is shown ---------------------------------------------------------------------------------------------------


def _show(screen: Screen, found: "Simulated") -> None:
    flow, figures = found.engine.workflow(found.workflow), found.figures
    screen.show(screen.tell("s-label"), style=CARE)
    screen.show(_what(screen, found), style=SOFT)
    phases = [
        (word(flow, name, screen.lang), _cell(one.days), _plain(one.ninth), f"{one.left}", f"{one.lies}")
        for name, one in figures.phases.items()
    ]
    _table(screen, "s-phases", ("c-phase", "s-median", "s-ninth", "s-left", "s-lies"), phases)
    reached = [(_state(flow, name, screen), _share(one)) for name, one in figures.reached.items()]
    _table(screen, "s-reached", ("c-state", "s-share"), reached)
    ended = [(_outcome(flow, name, screen), _share(one)) for name, one in figures.outcomes.items()]
    _table(screen, "s-ended", ("s-outcome", "s-share"), ended)
    days = [(f"{day}", *(_cell(one[name]) for name in FIGURES)) for day, one in figures.dates.items()]
    _table(screen, "s-results", ("s-day", *FIGURES.values()), days)
    names = ("still", "reminders", "escalations", "calls")
    beside = [
        (screen.tell("s-stalled"), _share(figures.stalled)),
        *((screen.tell(f"s-{name}"), _cell(getattr(figures, name))) for name in names),
        (screen.tell("s-waited"), _plain(figures.waited)),
    ]
    _table(screen, "s-beside", ("", "s-value"), beside)
    screen.show()
    screen.show(screen.tell("s-assumes", behaviour=found.behaviour), style=SOFT)


def _what(screen: Screen, found: "Simulated") -> str:
    calls = screen.tell("s-with" if found.calls else "s-without", count=found.facilitators)
    return screen.tell(
        "s-what", count=found.figures.pilots, workflow=found.workflow, begins=found.begins, ends=found.ends,
        seed=found.seed, calls=calls,
    )  # fmt: skip


def _show_effect(screen: Screen, both: "Compared") -> None:
    flow, found = both.with_calls.engine.workflow(both.with_calls.workflow), both.effect
    rows = [(screen.tell("s-still"), _cell(found.still))]
    rows += [(screen.tell(FIGURES[name]), _cell(one)) for name, one in found.results.items()]
    rows += [(_state(flow, name, screen), _share(one)) for name, one in found.reached.items()]
    _table(screen, "s-effect", ("s-pilot", "s-more"), rows)
    screen.show(screen.tell("s-paired", count=found.pilots), style=SOFT)


def _table(screen: Screen, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    screen.show()
    screen.show(screen.tell(title), style=HEAD)
    screen.table([screen.tell(one) if one else "" for one in columns], rows)


def _state(flow: Workflow, name: str, screen: Screen) -> str:
    return plain(said(flow.states[name].label, screen.lang))


def _outcome(flow: Workflow, name: str, screen: Screen) -> str:
    return screen.tell("s-ongoing") if name == "running" else word(flow, name, screen.lang)


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}".removesuffix(".0")


def _cell(one: "Estimate") -> str:
    return _plain(one.value) if one.low is None else f"{_plain(one.value)} ({_plain(one.low)} .. {_plain(one.high)})"


def _share(one: "Estimate") -> str:
    if one.value is None or one.low is None or one.high is None:
        return "-"
    return f"{one.value:.0%} ({one.low:.0%} .. {one.high:.0%})"
