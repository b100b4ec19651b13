"""`play` a scenario file, and the `demo`."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli import jsons
from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.options import Look, Looks
from proeftuin.cli.screen import BAD, Screen
from proeftuin.cli.story import told
from proeftuin.core.events import Event
from proeftuin.definitions import Catalogue
from proeftuin.engine import Engine
from proeftuin.scenario import Outcome, Player, load_scenario
from proeftuin.views import plain

DEMO_STORE = "sqlite:///proeftuin-demo.db"


def play(
    file: Path,
    /,
    *,
    store: str | None = None,
    look: Looks = Look(),  # noqa: B008  # a frozen value
) -> int:
    """Play a scenario file, and compare what comes with what it expects.

    Args:
        file: the scenario.
        store: where to keep what is played, such as sqlite:///played.db; left out, it is not kept.
        look: how the answer is shown.
    """
    from proeftuin.ports import RandomIds

    if not file.is_file():
        raise Usage("no-file", file=file)
    scenario, screen = load_scenario(file), look.screen
    opened = partial(Engine.open, "memory://" if store is None else store, hooks=())
    player = Player(scenario, opened, ids=None if store is None else RandomIds())
    outcomes: list[Outcome] = []
    with player.engine:
        played = player.run()
        if screen.json:
            outcomes += played
        else:
            outcomes += told(screen, Catalogue().get(scenario.workflow), played)
    good = all(one.ok for one in outcomes)
    if screen.json:
        steps = [_step(one, look.lang) for one in outcomes]
        screen.data({"scenario": scenario.name, "ok": good, "pilots": list(player.pilots), "steps": steps})
        return OK if good else REFUSED
    _verdict(screen, outcomes, str(file))
    return OK if good else REFUSED


def _verdict(screen: Screen, outcomes: list[Outcome], file: str) -> None:
    last = outcomes[-1] if outcomes else None
    screen.show()
    if last is None or last.ok:
        screen.show(screen.tell("played", count=len(outcomes)))
        return
    errors = Screen(lang=screen.lang, error=True)
    errors.show(Text(screen.tell("differs", number=last.step.number), BAD))
    for line in last.explain(file).splitlines():
        errors.raw(f"  {plain(line)}\n")  # a place that is cut in two can be neither searched for nor clicked on


def _step(outcome: Outcome, lang: str) -> dict[str, Any]:
    step, came = outcome.step, outcome.came
    return {
        "number": step.number,
        "line": step.line,
        "at": step.at.isoformat(),
        "by": step.by,
        "kind": step.kind,
        "trigger": step.trigger,
        "tracks": list(step.tracks),
        "ok": outcome.ok,
        "refused": list(came.codes),
        "blockers": [jsons.of_blocker(one, lang) for one in came.blockers],
        "warnings": [one.code for one in came.warnings],
        "due": [_due(one) for one in outcome.due],
        "pending": list(came.pending),
        "answer": None if came.answer is None else jsons.of_metric(came.answer, lang),
        "version": None if outcome.pilot is None else outcome.pilot.version,
        "state": None if outcome.pilot is None else outcome.pilot.state,
        "mismatches": [{"what": one.what, "expected": one.expected, "came": one.came} for one in outcome.mismatches],
    }


def _due(event: Event) -> dict[str, Any]:
    """Return what a clock did between two steps."""
    names = ("clock", "roles", "persons", "signal", "trigger", "to")
    named = {name: event.data[name] for name in names if name in event.data}
    return {"type": event.type, "on": event.on.isoformat(), "track": event.track, **named}


def demo(
    *,
    store: Annotated[str, Parameter()] = DEMO_STORE,
    look: Looks = Look(),  # noqa: B008  # a frozen value
) -> int:
    """Live a pilot's whole life in a second: the story of DJI and Sodexo, on a real database file.

    Args:
        store: the file, as sqlite:///FILE; one that the demo made before is replaced, any other is left alone.
        look: how the answer is shown.
    """
    from proeftuin.cli.demo import Demo

    return Demo(store, look.screen).run()
