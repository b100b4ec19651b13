"""An engine for every story, without the cost of one: each gets an empty tenant of an engine that is kept for many.

To open an engine is to compile its workflows and to write them into its store, which takes longer than ten commands.
Tenants never see each other; so what holds for a story on a tenant of its own holds for it on a store of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from proeftuin.core.guards import Guard
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine
from proeftuin.scenario import ScenarioIds
from proeftuin.spi import Ids, Time

STORIES = 40
"""How many stories one store holds, at most, before another one is opened."""


class _Now:
    """The time and ids of whoever is told at the moment."""

    time: Time
    ids: Ids = ScenarioIds("none")

    def now(self) -> datetime:
        return self.time.now()

    def pilot_id(self) -> str:
        return self.ids.pilot_id()

    def salt(self) -> bytes:
        return self.ids.salt()


class House:
    """Gives engines, one at a time: what an earlier one was for must be over.

    Args:
        workflows: what the engines know.
        url: the store; or a function that gives the URL of another empty one at each call: then each story has its own.
        guards: the host's guards.
    """

    def __init__(
        self,
        workflows: Iterable[Path | str | Workflow],
        url: str | Callable[[], str] = "memory://",
        guards: Mapping[str, Any] | Iterable[Guard] = (),
    ) -> None:
        self.workflows = tuple(workflows)
        self._url, self._guards = url, guards if isinstance(guards, Mapping) else tuple(guards)
        self._now = _Now()
        self._engine: Engine | None = None
        self._given = 0

    def open(self, *, time: Time, ids: Ids, workflows: Iterable[Path | str | Workflow] | None = None) -> Engine:
        """Return an engine on which nothing was begun yet; its workflows are those of the house."""
        del workflows
        own = not isinstance(self._url, str)
        if self._engine is None or own or self._given % STORIES == 0:
            self.close()
            url = self._url if isinstance(self._url, str) else self._url()
            self._engine = Engine.open(
                url, time=self._now, ids=self._now, workflows=self.workflows, guards=self._guards, hooks=()
            )
        self._now.time, self._now.ids = time, ids
        self._given += 1
        return self._engine.for_tenant(f"story-{self._given}")

    def close(self) -> None:
        """Close what is open."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
