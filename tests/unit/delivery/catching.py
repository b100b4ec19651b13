"""Sinks for tests, good and bad, and a play of pilots that are delivered to them."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import Factory, define

from proeftuin.delivery import Schedule
from proeftuin.spi import Envelope, NotDelivered, Parcel, Sink
from tests.unit.engines import LEAD, Clock, Counting, engine, start

if TYPE_CHECKING:
    from proeftuin import Engine

MINUTE = 60


@define(eq=False)
class Catching:
    """A sink that keeps what it gets; `fails` says, per parcel, what to raise first."""

    batch: int = 1
    seconds: float = 10.0
    fails: Callable[[Parcel], BaseException | None] = lambda parcel: None
    parcels: list[Parcel] = Factory(list)
    tried: list[Parcel] = Factory(list)

    def send(self, parcel: Parcel) -> None:
        self.tried.append(parcel)
        failure = self.fails(parcel)
        if failure is not None:
            raise failure
        self.parcels.append(parcel)

    @property
    def events(self) -> list[Envelope]:
        return [one for parcel in self.parcels for one in parcel.events]

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.events]


@define(eq=False)
class Hanging:
    """A sink that does not answer before it is let go."""

    seconds: float = 0.01
    batch: int = 1
    free: threading.Event = Factory(threading.Event)
    calls: int = 0

    def send(self, parcel: Parcel) -> None:
        self.calls += 1
        assert self.free.wait(MINUTE)


class Play:
    """Pilots, a clock, and subscribers."""

    def __init__(self, url: Any = "memory://", **options: Any) -> None:
        self.clock = Clock()
        self.engine: Engine = engine(url, time=self.clock, ids=Counting(), **options)

    def pilot(self, notes: int = 0) -> str:
        """Start a pilot, with so many notes; so it has one version more."""
        pilot = start(self.engine)
        self.notes(pilot, notes)
        return pilot

    def notes(self, pilot: str, count: int = 1) -> None:
        for number in range(count):
            self.engine.fire(pilot, "note", actor=LEAD, data={"text": f"{number}"})

    def deliver(self, schedule: Schedule | None = None, /, **sinks: Sink) -> tuple[int, int, bool]:
        work = self.engine.deliver(sinks, schedule=schedule)
        return work.done, work.failed, work.more

    def lane(self, name: str, pilot: str) -> Any:
        (found,) = (one for one in self.engine.lanes(name, limit=1000) if one.pilot_id == pilot)
        return found


def failing(*versions: int, **how: Any) -> Callable[[Parcel], NotDelivered | None]:
    """Fail for parcels with one of these versions; for all, where none is given."""

    def fails(parcel: Parcel) -> NotDelivered | None:
        hit = not versions or any(one.version in versions for one in parcel.events)
        return NotDelivered("the door is closed", **how) if hit else None

    return fails


def raising(error: type[BaseException] | BaseException) -> Callable[[Parcel], BaseException]:
    return lambda parcel: error if isinstance(error, BaseException) else error()


Sinks = Mapping[str, Sink]
