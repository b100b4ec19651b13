"""An engine that is broken on purpose, in a way for each promise about lifecycles: what breaks it must be noticed."""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from proeftuin import Actor, Engine, Refused, load_workflow, timekeeping
from proeftuin.core import checks, judge, remedies, table
from proeftuin.core import evolve as folding
from proeftuin.core.catch_up import CatchUp
from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.going import begun
from proeftuin.core.guards import BUILT_IN
from proeftuin.core.moments import FIRE, SIGNAL
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.core.workflow import Offset, Workflow
from proeftuin.definitions import Catalogue
from proeftuin.testing.lifecycles import INVARIANTS, Invariant
from tests.property import promised
from tests.property.promised import PROMISED

DATA = Path(__file__).parents[1] / "data"
Sabotage = Callable[[pytest.MonkeyPatch], None]
LESSON = {"text": "on the sly"}


def says_yes(*names: str) -> Sabotage:
    """The engine asks these guards no more."""

    def change(patch: pytest.MonkeyPatch) -> None:
        quiet = {name: evolve(BUILT_IN[name], check=lambda _question: None) for name in names}
        patch.setattr(table, "BUILT_IN", FrozenDict({**BUILT_IN, **quiet}))

    return change


def refusals_write(patch: pytest.MonkeyPatch) -> None:
    fire = Engine.fire

    def changed(self: Engine, pilot_id: str, trigger: str, **named: Any) -> Any:
        try:
            return fire(self, pilot_id, trigger, **named)
        except Refused:
            with suppress(Refused):
                fire(self, pilot_id, "add_lesson", actor=Actor("hr", roles={"hr"}), data=LESSON)
            raise

    patch.setattr(Engine, "fire", changed)


def several_due_are_left(patch: pytest.MonkeyPatch) -> None:
    """What is due is done where it is one thing alone, as it mostly is when every day has its tick."""
    moves = CatchUp.moves

    def changed(self: CatchUp) -> CatchUp:
        return self if len(self._due(FIRE, SIGNAL)) > 1 else moves(self)

    patch.setattr(CatchUp, "moves", changed)


def ticks_write(patch: pytest.MonkeyPatch) -> None:
    tick = Engine.tick

    def changed(self: Engine, *args: Any, pilots: Any = None, **named: Any) -> Any:
        for one in pilots or ():
            with suppress(Refused):
                self.fire(one, "add_lesson", actor=Actor("hr", roles={"hr"}), data=LESSON)
        return tick(self, *args, pilots=pilots, **named)

    patch.setattr(Engine, "tick", changed)


def remedies_are_left_out(patch: pytest.MonkeyPatch) -> None:
    explain = remedies.explain

    def changed(*args: Any) -> Any:
        return tuple(evolve(one, missing=()) for one in explain(*args))

    patch.setattr(remedies, "explain", changed)


def pilots_are_told_wrong(patch: pytest.MonkeyPatch) -> None:
    get = Engine.get

    def changed(self: Engine, pilot_id: str, **named: Any) -> Pilot:
        found = get(self, pilot_id, **named)
        return replace(found, cycle=7) if len(found.tracks) > 1 else found

    patch.setattr(Engine, "get", changed)


def jobs_are_told_wrong(patch: pytest.MonkeyPatch) -> None:
    metrics = Engine.metrics

    def changed(self: Engine, *names: str, **named: Any) -> Any:
        return {
            name: evolve(one, exact=(one.exact or Fraction(0)) + 1)
            for name, one in metrics(self, *names, **named).items()
        }

    patch.setattr(Engine, "metrics", changed)


def one_is_not_found(patch: pytest.MonkeyPatch) -> None:
    find = Engine.find

    def changed(self: Engine, **named: Any) -> Any:
        found = find(self, **named)
        return evolve(found, items=found.items[1:])

    patch.setattr(Engine, "find", changed)


def fields_are_added(patch: pytest.MonkeyPatch) -> None:
    check = checks.check

    def changed(*args: Any, **named: Any) -> Any:
        checked = check(*args, **named)
        return evolve(checked, data=FrozenDict({**checked.data, "colour": "red"}))

    patch.setattr(judge, "check", changed)


def short_holds_count(patch: pytest.MonkeyPatch) -> None:
    resumed = folding.FOLDS["pilot.resumed"]

    def changed(pilot: Pilot, event: Event) -> Any:
        return {**resumed(pilot, event), "progress": event.on}

    patch.setattr(folding, "FOLDS", {**folding.FOLDS, "pilot.resumed": changed})


def holds_never_count(patch: pytest.MonkeyPatch) -> None:
    resumed = folding.FOLDS["pilot.resumed"]

    def changed(pilot: Pilot, event: Event) -> Any:
        return {**resumed(pilot, event), "progress": pilot.progress}

    patch.setattr(folding, "FOLDS", {**folding.FOLDS, "pilot.resumed": changed})


def moves_leave_a_mark(patch: pytest.MonkeyPatch) -> None:
    """A track that moves is noted on the pilot, over the one that moved before it."""
    moved = folding.FOLDS["track.moved"]

    def changed(pilot: Pilot, event: Event) -> Any:
        return {**moved(pilot, event), "data": FrozenDict({**pilot.data, "sector": event.track})}

    patch.setattr(folding, "FOLDS", {**folding.FOLDS, "track.moved": changed})


def erasing_forgets_the_work(patch: pytest.MonkeyPatch) -> None:
    """Who is erased is gone with all that was done."""

    def changed(pilot: Pilot, _: Event) -> Any:
        return {"kept": FrozenDict({kind: held for kind, held in pilot.kept.items() if kind != "placement"})}

    patch.setattr(folding, "FOLDS", {**folding.FOLDS, "data.erased": changed})


def what_begins_is_overlooked(patch: pytest.MonkeyPatch) -> None:
    """Whatever happens, the store goes on knowing what it knew."""
    patch.setattr(timekeeping, "begun", lambda *_: [])


def progress_begins_nothing(patch: pytest.MonkeyPatch) -> None:
    """What counts from progress is taken to be put off by it, also where it was done and is to be done again."""

    def changed(table: Any, pilot: Pilot, events: Any) -> Any:
        found = begun(table, pilot, events)
        return found and [one for one in found if one[0] not in table.clockwork.progress]

    patch.setattr(timekeeping, "begun", changed)


def one_is_not_counted(patch: pytest.MonkeyPatch) -> None:
    count = Engine.count

    def changed(self: Engine, **named: Any) -> Any:
        return count(self, **named)[1:]

    patch.setattr(Engine, "count", changed)


def without_guards(workflow: str, *names: str) -> Workflow:
    """A bundled workflow of which no edge requires these guards any more."""
    bundled = Catalogue().get(workflow)

    def less(edges: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(evolve(one, require=tuple(use for use in one.require if use.name not in names)) for one in edges)

    tracks = {name: evolve(kind, edges=less(kind.edges)) for name, kind in bundled.tracks.items()}
    return evolve(bundled, hash="", edges=less(bundled.edges), tracks=FrozenDict(tracks))


def of_tests(name: str) -> Workflow:
    """A workflow that stands beside the tests."""
    return load_workflow(DATA / f"{name}.yaml")


def without_a_way_out() -> Workflow:
    """The bundled workflow, in which a pilot that is evaluated stays so."""
    bundled = Catalogue().get("existing-contract")
    open_states = tuple(name for name, one in bundled.states.items() if not one.final and name != "evaluating")
    edges = tuple(
        evolve(one, sources=open_states) if one.sources == ("any_open",) and one.to == "closed" else one
        for one in bundled.edges
        if one.sources != ("evaluating",)
    )
    return evolve(bundled, hash="", edges=edges)


def that_reminds_ahead() -> Workflow:
    """A workflow whose sign of life is asked for long before it is due, and that raises no signal."""
    bundled = of_tests("talks")
    quiet = evolve(bundled.clocks["quiet"], due=(Offset(30, "days"),), signal=None)
    return evolve(bundled, hash="", clocks=FrozenDict({**bundled.clocks, "quiet": quiet}))


def nothing(_: pytest.MonkeyPatch) -> None:
    """The engine is as it should be; it is the workflow that is not."""


@frozen
class Broken:
    """A way in which an engine or a workflow is broken.

    Attributes:
        promise: the invariant that must notice.
        sabotage: what is changed in the engine.
        workflow: what the lives are lived under, one in which it soon shows.
        seed: of the lives, where there is one with which it shows much sooner; what Hypothesis chooses shows it too.
    """

    promise: Invariant
    sabotage: Sabotage = nothing
    workflow: Callable[[], str | Workflow] = lambda: "existing-contract"
    seed: int | None = None


SHIPPED = {one.__name__: one for one in INVARIANTS}
SABOTAGES: dict[str, Broken] = {
    "commitment": Broken(SHIPPED["commitment_comes_first"], says_yes("commitment")),
    "capacity": Broken(SHIPPED["places_are_not_exceeded"], says_yes("capacity", "places_cover")),
    "refusals write": Broken(SHIPPED["a_refusal_changes_nothing"], refusals_write),
    "several due are left": Broken(SHIPPED["late_is_as_daily"], several_due_are_left, lambda: of_tests("every")),
    "ticks write": Broken(SHIPPED["ticking_again_does_nothing"], ticks_write),
    "no remedies": Broken(SHIPPED["there_is_always_a_way"], remedies_are_left_out),
    "no way out": Broken(SHIPPED["there_is_always_a_way"], workflow=without_a_way_out, seed=0),
    "wrong jobs": Broken(SHIPPED["jobs_are_hours"], jobs_are_told_wrong, seed=0),
    "one is not found": Broken(SHIPPED["counts_add_up"], one_is_not_found),
    "fields are added": Broken(SHIPPED["only_known_keys_are_kept"], fields_are_added),
    "erasing forgets": Broken(SHIPPED["only_known_keys_are_kept"], erasing_forgets_the_work, lambda: "tender", 0),
    "short holds count": Broken(SHIPPED["a_short_hold_moves_nothing"], short_holds_count, seed=0),
    "holds never count": Broken(SHIPPED["a_short_hold_moves_nothing"], holds_never_count),
    "wrong pilots": Broken(SHIPPED["replay_gives_the_same"], pilots_are_told_wrong),
    "moves leave a mark": Broken(promised.tracks_do_not_wait, moves_leave_a_mark, lambda: of_tests("talks"), 1),
    "talks without a decision": Broken(
        promised.commitment_by_the_board, workflow=lambda: without_guards("existing-contract", "commitment"), seed=0
    ),
    "tenders without a decision": Broken(
        promised.commitment_by_the_board, workflow=lambda: without_guards("tender", "commitment"), seed=0
    ),
    "a choice without a sponsor": Broken(
        promised.commitment_by_the_board, workflow=lambda: without_guards("small-purchases", "has")
    ),
    "amended below": Broken(promised.places_by_the_agreement, says_yes("places_cover")),
    "what begins is overlooked": Broken(promised.no_term_comes_unawares, what_begins_is_overlooked),
    "progress begins nothing": Broken(promised.no_term_comes_unawares, progress_begins_nothing, that_reminds_ahead, 4),
    "one is not counted": Broken(promised.every_pilot_is_counted_once, one_is_not_counted),
    "wrong jobs of a part": Broken(promised.jobs_by_any_partition, jobs_are_told_wrong),
}
"""By name, each with the promise that it breaks."""

EVERY: tuple[Invariant, ...] = (*INVARIANTS, *PROMISED)
