"""Many pilots that live under the published workflow, and engines that know its next version too."""

import shutil
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from proeftuin import Actor, Engine, Pilot
from proeftuin.core.structs import replace
from proeftuin.core.workflow import Workflow
from proeftuin.simulation import simulate
from proeftuin.storage import open_store
from tests.scale import RELEASE
from tests.unit.engines import Clock
from tests.versions.changes import NAME, ONE

PILOTS = 2_000 if RELEASE else 30
UNTIL = date(2027, 12, 1)
MANAGER = Actor("ada", roles={"workflow_manager"})
WHY: dict[str, Any] = {"actor": MANAGER, "reason": "the board decided on new rules"}


LEAD, SUPPLIER = Actor("lead-1", roles={"coordinator"}), Actor("joris", roles={"supplier_lead"}, party="sodexo")


@cache
def lived() -> tuple[tuple[str, ...], datetime]:
    """Whole pilots as lines of text, in every state, and the moment to which they lived."""
    first = simulate(NAME, pilots=PILOTS * 2 // 3, seed=3, start=date(2026, 1, 5), until=UNTIL)
    later = simulate(NAME, pilots=PILOTS // 3, seed=4, start=date(2027, 4, 5), until=UNTIL)
    with first, later:
        engine = first.engine
        engine.import_pilots(later.engine.export_pilots())
        by_hand(engine)
        return tuple(engine.export_pilots()), engine.deadlines().at


def by_hand(engine: Engine) -> None:
    """Add what the simulation has none of: a supplier that proposes itself, somebody who holds the budget, a hold."""
    for name in ("proposed", "on-hold"):
        engine.start(NAME, id=name, actor=LEAD, data={"title": "Canteen", "organisation": "Voorbeeld"})
        engine.fire(name, "propose", track="sodexo", actor=SUPPLIER, data={"supplier": "Sodexo"})
        engine.fire(name, "assign", actor=LEAD, data={"duty": "budget_holder", "person": "bob"})
        engine.fire(name, "add_obstacle", actor=LEAD, data={"text": "No room in the kitchen"})
    engine.fire("on-hold", "pause", actor=LEAD, data={"reason": "Summer", "resume_by": "2027-12-15"})


@cache
def lived_file() -> tuple[TemporaryDirectory[str], Path]:
    """A store with all these pilots, to be copied: to import them anew for each test would be most of the time."""
    folder = TemporaryDirectory()
    path = Path(folder.name, "lived.db")
    lines, at = lived()
    with Engine(open_store(f"sqlite:///{path}"), workflows=[ONE], time=Clock(at)) as engine:
        engine.import_pilots(lines)
        engine.tick()
    return folder, path


def copied(folder: Path, *workflows: Workflow) -> tuple[Engine, Clock]:
    """An engine on a store of its own in this folder with all these pilots, that knows these workflows too."""
    path = folder / f"{uuid4()}.db"
    shutil.copy(lived_file()[1], path)
    clock = Clock(lived()[1])
    return Engine(open_store(f"sqlite:///{path}"), workflows=[ONE, *workflows], time=clock), clock


def heads(engine: Engine) -> dict[str, Pilot]:
    """Every pilot, without what every event changes."""
    return {one.id: bare(engine.get(one.id)) for one in engine.each()}


def bare(pilot: Pilot) -> Pilot:
    return replace(pilot, version=0, digest="", updated_at=pilot.created_at)


def fired(engine: Engine, ids: Iterable[str]) -> list[tuple[str, str, date]]:
    """What clocks fired, on which pilots and days."""
    events = (one for name in ids for one in engine.history(name))
    return [(one.pilot_id, one.data["clock"], one.on) for one in events if one.type == "clock.fired"]
