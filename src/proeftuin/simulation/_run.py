"""Runs a simulation, or two that differ in the weekly call alone."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from attrs import Attribute, asdict, field, frozen

from proeftuin import door
from proeftuin.calendars import named
from proeftuin.core.calendar import Calendar
from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import ENDINGS, Catalogue, load_workflow
from proeftuin.engine import Engine
from proeftuin.errors import BadArgument
from proeftuin.scenario import ScenarioIds
from proeftuin.simulation._behaviour import Behaviour
from proeftuin.simulation._draws import Dice
from proeftuin.simulation._figures import Effect, Figures, Row, days_of, effect, figures, row_of
from proeftuin.simulation._reader import bundled_behaviour, load_behaviour
from proeftuin.simulation._seen import Watch
from proeftuin.simulation._sim import Clock
from proeftuin.simulation._world import TENANT, World
from proeftuin.spi import Store
from proeftuin.storage import open_store

LABEL = "simulation"
ALL_KEPT, FEW_KEPT = 2048, 128
"""How many decoded heads are kept: all where pilots are not many; of more, each would be gone before its turn."""
Told = Callable[[float], object]
Source = Behaviour | Path | str | None


def _whole(least: int) -> Callable[[object, "Attribute[int]", int], None]:
    """Return a check that a number is whole, and not less than this."""

    def check(_: object, name: "Attribute[int]", value: int) -> None:
        if type(value) is not int or value < least:
            raise BadArgument(name.name, f"must be a whole number, {least} or more")

    return check


def _check_day(name: str, day: object) -> None:
    """Refuse what is no day, or none that can be counted."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise BadArgument(name, f"must be a date, not {type(day).__name__}")
    door.lived(name, day)


@frozen
class _Given:
    """What a caller of `simulate` asked for."""

    pilots: int = field(validator=_whole(1))
    seed: int = field(validator=_whole(0))
    start: date | None
    until: date | None
    calls: bool
    store: Store | str | None
    guards: Mapping[str, Guard]
    calendar: Calendar | None


@frozen
class Simulated:
    """A simulation that has run. None of it happened.

    Attributes:
        rows: one per pilot; `figures` are made of them.
        follow_ups: how many pilots were begun by others; they are in the history, and in no figure.
        commits: how many commits were made: commands that were accepted, and rounds of clocks.
        engine: on the store that it ran in; its history is a real one, and can be exported, verified and asked.
    """

    workflow: str
    behaviour: str
    seed: int
    begins: date
    ends: date
    calls: bool
    facilitators: int
    rows: tuple[Row, ...]
    figures: Figures
    follow_ups: int
    commits: int
    engine: Engine

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values, labelled as a simulation."""
        names = ("workflow", "behaviour", "seed", "facilitators", "follow_ups", "commits")
        told = {name: getattr(self, name) for name in names}
        told |= {"weekly_call": self.calls, "begins": self.begins.isoformat(), "ends": self.ends.isoformat()}
        return {"label": LABEL, **told, **self.figures.as_dict()}

    def as_json(self) -> str:
        """Return the same as text: for the same seed the same, byte for byte."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"

    def export(self) -> Iterator[str]:
        """Give the whole history as lines of JSON, as `Engine.export_pilots` does."""
        return self.engine.export_pilots()

    def close(self) -> None:
        """Close the store, where the simulation opened it."""
        self.engine.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()


@frozen
class Compared:
    """Two simulations that differ in the weekly call alone, and what it changed."""

    with_calls: Simulated
    without: Simulated
    effect: Effect

    def as_dict(self) -> dict[str, Any]:
        """Return both and the effect as plain values."""
        both = {"with_calls": self.with_calls.as_dict(), "without": self.without.as_dict()}
        return {"label": LABEL, **both, "effect": asdict(self.effect)}


def simulate(  # all by name but the workflow
    workflow: Workflow | Path | str,
    *,
    pilots: int = 500,
    seed: int = 7,
    behaviour: Source = None,
    start: date | None = None,
    until: date | None = None,
    calls: bool = True,
    store: Store | str | None = None,
    guards: Iterable[Guard] = (),
    calendar: Calendar | None = None,
    progress: Told | None = None,
) -> Simulated:
    """Let pilots live, on a store of their own, and count what comes of it.

    Args:
        workflow: a workflow, a file, the text of one, or the name of a bundled one.
        pilots: how many begin; those whose turn comes after the end do not.
        seed: the same seed gives the same bytes: figures and histories.
        behaviour: a file, its text, or a `Behaviour`; None means the one that is bundled for the workflow.
        start: the first day; None means what the behaviour says.
        until: the day on which it ends, not included; None means likewise.
        calls: whether the facilitators call.
        store: where it runs, a URL or an empty store, which is not closed; None means in memory.
        guards: the host's guards that the workflow names.
        calendar: counts the working days; None means the calendar that the workflow names.
        progress: called now and then with the share of the time that is over, from 0 to 1.

    Raises:
        DefinitionError: the workflow or the behaviour has faults.
        BadArgument: for a call that is wrong in itself, and where `simpy` is not installed.
    """
    given = _Given(pilots, seed, start, until, calls, store, {one.name: one for one in guards}, calendar)
    return _run(workflow, behaviour, given, progress)


def _run(workflow: Workflow | Path | str, behaviour: Source, given: _Given, progress: Told | None) -> Simulated:
    table = compile_workflow(_workflow(workflow, given.guards), {**BUILT_IN, **given.guards})
    found = _behaviour(behaviour, table)
    begins, ends = given.start or found.begins, given.until or found.ends
    _check_day("start", begins)
    _check_day("until", ends)
    if begins >= ends:
        raise BadArgument("until", f"must be after {begins}, the day on which the simulation begins")
    clock = Clock(begins, ends, table.zone, given.calendar or named(table.workflow.calendar))
    owned = not isinstance(given.store, Store)
    world = _world(table, found, clock, given)
    with ExitStack() as failed:
        if owned:  # nobody else can close it
            failed.callback(world.engine.close)
        world.begin()
        clock.run(progress)
        if world.watch.problem is not None:
            raise world.watch.problem
        done = _simulated(world, given.seed, begins, ends, owned=owned)
        failed.pop_all()
    return done


def compare(workflow: Workflow | Path | str, **options: Any) -> Compared:  # noqa: ANN401  # those of `simulate`
    """Let the same pilots live twice, with the weekly call and without it, and tell what it changed.

    Both draw the same numbers wherever the same thing is drawn, so that what differs is what the calls did.

    Args:
        workflow: as for `simulate`.
        options: those of `simulate` but `calls` and `store`; each runs in memory.
    """
    if options.keys() & {"calls", "store"}:
        raise BadArgument("compare", "takes neither `calls` nor `store`: it runs twice, in memory")
    one, two = simulate(workflow, calls=True, **options), simulate(workflow, calls=False, **options)
    states = [name for name in one.figures.reached if one.figures.reached[name] != two.figures.reached[name]]
    return Compared(one, two, effect(one.rows, two.rows, states, Dice(one.seed)))


def _world(table: Table, behaviour: Behaviour, clock: Clock, given: _Given) -> World:
    """Return a world in which nothing has happened yet, on an engine of its own."""
    store = given.store if isinstance(given.store, Store) else open_store(given.store or "memory://")
    watch = Watch()
    engine = Engine(
        store,
        workflows=[table.workflow],
        guards=given.guards.values(),
        hooks=[watch],
        time=clock,
        ids=ScenarioIds(f"simulation-{given.seed}-follow-up"),
        calendar=given.calendar,
        tenant=TENANT,
        cache=ALL_KEPT if given.pilots <= ALL_KEPT else FEW_KEPT,
    )
    world = World(
        engine,
        store=store,
        table=table,
        behaviour=behaviour,
        clock=clock,
        watch=watch,
        dice=Dice(given.seed),
        pilots=given.pilots,
        calls=given.calls,
    )
    watch.heard = world.heard
    return world


def _simulated(world: World, seed: int, begins: date, ends: date, *, owned: bool) -> Simulated:
    days = days_of(begins, ends)
    seen = sorted((one.number, name) for name, one in world.watch.seen.items() if one.number)
    workflow = world.table.workflow
    now = world.clock.now()
    rows = tuple(row_of(world.watch.seen[name], world.engine.get(name), workflow, days, now) for _, name in seen)
    return Simulated(
        workflow=workflow.id,
        behaviour=world.behaviour.name,
        seed=seed,
        begins=begins,
        ends=ends,
        calls=world.calls,
        facilitators=world.facilitators,
        rows=rows,
        figures=figures(rows, workflow, days, world.effort.waited, Dice(seed)),
        follow_ups=len(world.watch.seen) - len(rows),
        commits=world.watch.commits,
        engine=world.engine if owned else world.engine.for_tenant(TENANT),
    )


def _workflow(given: Workflow | Path | str, guards: Mapping[str, Guard]) -> Workflow:
    if isinstance(given, Workflow):
        return given
    if isinstance(given, Path) or "\n" in given or given.endswith(tuple(ENDINGS)):
        return load_workflow(given, guards=guards)
    return Catalogue().get(given)


def _behaviour(given: Source, table: Table) -> Behaviour:
    if isinstance(given, Behaviour):
        if given.workflow != table.workflow.name:
            raise BadArgument("behaviour", f"is about {given.workflow}, not {table.workflow.name}")
        return given
    return load_behaviour(bundled_behaviour(table.workflow.name) if given is None else given, table)
