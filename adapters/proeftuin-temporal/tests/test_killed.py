"""A worker that is killed while a story is played on a real server, which skips the time of single pilots."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from proeftuin import Engine, Result
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Player, load_scenario
from proeftuin.spi import Ids, Time
from proeftuin_temporal import TemporalEngine
from tests.temporal import SECONDS, Background, OwnTemporal, Story, played

PATIENT = {
    "TEMPORAL_DEBUG": "1"
}  # on a busy machine the first decision may take the two seconds after which it gives up


class Hand:
    """A worker in a process of its own, that is killed and started again."""

    def __init__(self, url: str) -> None:
        self._command = [sys.executable, "-m", "proeftuin_temporal", url]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, env=os.environ | PATIENT)
        assert self._process.stdout is not None
        assert "working" in self._process.stdout.readline()

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, and wait until it is gone."""
        self._process.send_signal(how)
        self._process.communicate()

    def stop(self) -> None:
        """Have it do nothing any more, though it is there."""
        self._process.send_signal(signal.SIGSTOP)


class PilotTime:
    """The time of one pilot on a real server: that of everybody, until some of it is skipped."""

    def __init__(self, target: str, stack: ExitStack) -> None:
        self._background = stack.enter_context(Background())
        self._client = self._background.do(Client.connect(target))
        self._skipper = TimeSkipper(self._client)
        self.pilot: str | None = None

    def now(self) -> datetime:
        """Return it."""
        if self.pilot is None:
            return datetime.now(UTC)
        return self._background.do(self._skipper.get_current_time(self._handle()))

    def skip(self, time: timedelta) -> None:
        """Let some of it pass."""
        assert self._background.do(self._skipper.fast_forward(self._handle(), time))

    def _handle(self) -> Any:
        return self._client.get_workflow_handle(f"pilot:{self.pilot}")


class Killed(Story):
    """A story during which the worker is killed: before some commands, and in the middle of others."""

    def __init__(
        self, server: OwnTemporal, before: set[int], during: set[int], *, time: Time, ids: Ids, **_: Any
    ) -> None:
        stack = ExitStack()
        self._hand = Hand(server.url)
        stack.callback(lambda: self._hand.end(signal.SIGTERM))
        self._server_time = PilotTime(server.target, stack)
        offset = time.now() - self._server_time.now()
        engine = TemporalEngine.open(server.url, ids=ids, time=self._server_time, offset=offset, seconds=SECONDS)
        self._kills = before, during
        self._fired = 0
        self.killed: set[int] = set()
        self._pool = stack.enter_context(ThreadPoolExecutor(1))
        super().__init__(time, self._server_time, stack.enter_context(engine), stack)

    def start(self, *names: str, **given: Any) -> Result:
        """Begin the pilot whose time is skipped."""
        result = super().start(*names, **given)
        self._server_time.pilot = result.pilot.id
        return result

    def fire(self, *names: str, **given: Any) -> Result:
        """Do one thing, whoever is killed."""
        self._fired += 1
        before, during = self._kills
        if self._fired in before:  # also what fell due since the last command is then done by the other one
            self._replace()
        if self._fired not in during:
            return super().fire(*names, **given)
        fire = self.__getattr__("fire")
        self._hand.stop()
        under_way = self._pool.submit(fire, *names, **given)
        self._replace()
        return self._noted(under_way.result())

    def _replace(self) -> None:
        self._hand.end()
        self._hand.start()
        self.killed.add(self._fired)


@pytest.mark.parametrize(
    ("steps", "before", "during"),
    [
        pytest.param(12, {4}, {7}, id="the-beginning"),
        pytest.param(None, {8, 25, 60}, {16, 43}, id="all-of-it", marks=pytest.mark.release),
    ],
)
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    server: OwnTemporal, tmp_path: Path, steps: int | None, before: set[int], during: set[int]
) -> None:
    """A story in which workers are killed between commands and while they have one has the events of SQLite."""
    whole = load_scenario(scenario_folder() / "dji-sodexo.yaml")
    scenario = evolve(whole, name=f"{whole.name}-{steps}", steps=whole.steps[:steps])
    expected = played(Player(scenario, partial(Engine.open, f"sqlite:///{tmp_path}/pilots.db")))
    opened: Any = partial(Killed, server, before, during)  # as much of an engine as a player needs
    player = Player(scenario, opened)
    story: Any = player.engine
    assert expected == played(player)
    assert before | during == story.killed
