"""What is told of versions on every store: a pilot outlives the file of its workflow, and two files race to be kept."""

from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from attrs import define

from proeftuin import Actor, Engine, Workflow, WorkflowChanged, load_workflow
from proeftuin.spi import Parcel, Store
from proeftuin.testing.threads import together
from proeftuin.views import pilot_diagram, timeline
from tests.unit.engines import FLOW, Counting, engine, start

COORDINATOR = Actor("coordinator-1", roles={"coordinator"})
DETAILS = {"title": "Canteen", "organisation": "Voorbeeld"}
EDITED = FLOW.replace("from: open, to: talking, allow: [lead]", "from: open, to: talking, allow: [board]")


@define
class Clock:
    """A clock that a test sets."""

    at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Catching:
    """A sink that keeps what it gets."""

    batch, seconds = 100, 10.0

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []

    def send(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)


@cache
def edited() -> Workflow:
    """The workflow of the tests, changed without a new version."""
    assert EDITED != FLOW
    return load_workflow(EDITED)


def lives_on(store: Store) -> None:
    """Begin a pilot, lose the file, and do with it whatever can be done."""
    clock = Clock()
    first = Engine(store, time=clock)
    pilot = first.start("existing-contract", actor=COORDINATOR, data=DETAILS).pilot
    clock.at = datetime(2026, 6, 1, 9, tzinfo=UTC)
    later = Engine(store, workflows=[], time=clock)
    later.subscribe("news", start="beginning")
    assert 1 == later.tick(pilots=pilot.id).done
    allowed = {one.trigger for one in later.options(pilot.id, actor=COORDINATOR) if one.allowed}
    assert "add_lesson" in allowed
    assert later.explain(pilot.id, "add_lesson", actor=COORDINATOR, data={"text": "Go on"}).allowed
    after = later.fire(pilot.id, "add_lesson", actor=COORDINATOR, data={"text": "Go on"}).pilot
    assert 1 == len(after.records("lesson"))
    events = list(later.history(pilot.id))
    assert [*range(1, after.version + 1)] == [one.version for one in events]
    workflow = later.workflow(after.workflow)
    assert first.workflow(after.workflow) == workflow
    assert "Exploring" in pilot_diagram(workflow, after, events)
    assert timeline(workflow, events)
    assert {} != later.metrics(pilots=pilot.id)
    sink: Any = Catching()
    assert after.version == later.deliver({"news": sink}).done
    assert after.version == sum(len(one.events) for one in sink.parcels)
    assert () == later.verify()


def race(stores: tuple[Store, Store]) -> None:
    """Let two engines with different files of one version begin a first pilot at once: one does, the other hears."""
    files = (FLOW, EDITED)
    engines = [engine(one, text, ids=Counting(len(text))) for one, text in zip(stores, files, strict=True)]
    outcomes = together([partial(start, one) for one in engines])
    (won,) = (place for place, one in enumerate(outcomes) if isinstance(one, str))
    lost = outcomes[1 - won]
    assert isinstance(lost, WorkflowChanged), lost
    hashes = [load_workflow(text).hash for text in files]
    assert ("talks@1", hashes[won], hashes[1 - won]) == (lost.workflow, lost.held, lost.given)
    for one in stores:
        later = Engine(one, workflows=[])
        assert hashes[won] == later.workflow("talks@1").hash
        assert [outcomes[won]] == [found.id for found in later.each()]
