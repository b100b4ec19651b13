"""A simulation against bare `fire`: the same commands, at the same moments, on a store in memory, with nothing around.

A commit of a simulation is a command that was accepted, or what the clocks did to a pilot on a day. The floor is one
loop over the accepted commands; there too what is due is done, by the command that comes after it. What is counted is
the time of the processor, as a round takes seconds, and others may be at work.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from benchmarks.measure import Share
from proeftuin import Engine, Event, Refused, Workflow
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot
from proeftuin.definitions import Catalogue
from proeftuin.scenario import ScenarioIds
from proeftuin.simulation import simulate
from proeftuin.spi import Before

EXISTING = "existing-contract"
PILOTS = 40
ROUNDS = 3
MEMORY = int(os.environ.get("PROEFTUIN_SIMULATED", "1000"))
SYSTEM = "system"


@frozen
class Call:
    """One accepted command: when, and what."""

    at: datetime
    start: bool
    words: dict[str, Any]


class Time:
    """A clock that is set by hand."""

    at: datetime

    def now(self) -> datetime:
        """Return what it was set to."""
        return self.at


class Ear:
    """A `before` hook that hears each accepted command."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def before(self, moment: Before) -> None:
        """Note a command."""
        first: Event = moment.events[0]
        words: dict[str, Any] = {"actor": moment.actor, "data": self._data(moment.pilot, first, moment.command.data)}
        if moment.command.trigger == "start":
            self.calls.append(Call(first.at, True, words | {"id": moment.pilot.id}))  # noqa: FBT003  # it begins one
            return
        words |= {"pilot_id": moment.pilot.id, "trigger": moment.command.trigger, "track": moment.command.track}
        self.calls.append(Call(first.at, False, words))  # noqa: FBT003  # it begins none

    def _data(self, pilot: Pilot, event: Event, data: Any) -> Any:  # noqa: ANN401  # of any shape
        """Return data as its caller gave it: a subject stands for a participant that the floor makes up again."""
        if data is None or "participant" not in data:
            return data
        return {**data, "participant": f"participant-{pilot.id.rpartition('-')[2]}-{event.version}"}


def ratios() -> Iterator[Share | str]:
    """Give the shares, and the memory that a simulation takes."""
    calls = _heard()
    flow = Catalogue().get(EXISTING)
    bare = evolve(flow, clocks=EMPTY)
    best = [float("inf")] * 3
    for _ in range(ROUNDS):
        for place, one in enumerate((_simulated(), _fired(calls, flow), _fired(calls, bare))):
            best[place] = min(best[place], one)
    ours, floor, without = best
    yield Share("a simulation, all clocks", ours, floor, bounds=(0.5, 0.8), whose="bare fire")
    yield Share(
        "the same", ours, without, whose="bare fire by a workflow without clocks", does="It does nothing on time."
    )
    yield _memory()


def _heard() -> list[Call]:
    """Return the commands that the pilots of a simulation accepted, in order."""
    ear = Ear()
    original = Engine.__init__

    def with_ear(self: Engine, *given: Any, **options: Any) -> None:  # noqa: ANN401  # those of the engine
        original(self, *given, **{**options, "hooks": [*options.get("hooks", ()), ear]})

    Engine.__init__ = with_ear  # type: ignore[method-assign]  # put back below
    try:
        simulate(EXISTING, pilots=PILOTS).close()
    finally:
        Engine.__init__ = original  # type: ignore[method-assign]  # as it was
    return ear.calls


def _simulated() -> float:
    """Return microseconds for each commit of a simulation, its figures included."""
    begun = time.process_time()
    with simulate(EXISTING, pilots=PILOTS) as found:
        return (time.process_time() - begun) * 1e6 / found.commits


def _fired(calls: list[Call], flow: Workflow) -> float:
    """Return microseconds for each command, fired one after the other."""
    clock, refused = Time(), 0
    with Engine.open("memory://", workflows=[flow], time=clock, ids=ScenarioIds("floor"), cache=2048) as engine:
        begun = time.process_time()
        for one in calls:
            clock.at = one.at
            try:
                if one.start:
                    engine.start(flow.id, **one.words)
                else:
                    engine.fire(**one.words)
            except Refused:
                refused += 1
        taken = time.process_time() - begun
    assert refused <= (0 if flow.clocks else len(calls) // 20), refused  # without clocks nothing lapses, so some are
    return taken * 1e6 / len(calls)


def _memory() -> str:
    """Return how much memory a simulation takes, in a process of its own."""
    code = f"import benchmarks.simulate as one; one.measured({MEMORY})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n")


def measured(pilots: int) -> None:
    """Print what a simulation of so many pilots took of this process."""
    empty = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with simulate(EXISTING, pilots=pilots) as found:
        full = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = (full - empty) / pilots
    print(
        f"memory of {pilots} pilots, {found.commits} commits: {full:.0f} MB, {each:.3f} MB a pilot; "
        f"10,000 at that come to {(empty + 10_000 * each) / 1024:.2f} GB (PROEFTUIN_SIMULATED=10000 measures them)"
    )
