"""Stories told anew where four engines tick at once, every day: nothing may come out differently."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Self

from proeftuin import Engine, Workflow
from proeftuin.scenario import ScenarioIds
from proeftuin.spi import Ids, Time
from proeftuin.storage import open_store
from proeftuin.testing.lifecycles import Seen
from proeftuin.testing.lifecycles.stage import replayed

ENGINES = 4


class Crowd:
    """An engine with three others beside it on one store, which tick whenever it does."""

    def __init__(self, engines: Iterable[Engine], pool: ThreadPoolExecutor) -> None:
        self._engines, self._pool = tuple(engines), pool

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engines[0], name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Leave them open: the next story is told to them too."""

    def tick(self, **options: Any) -> None:
        works = list(self._pool.map(lambda one: one.tick(**options), self._engines))
        assert [0] * len(self._engines) == [work.failed for work in works]
        assert 0 == sum(one.tick(**options).done for one in self._engines), "a second tick did something"


class Crowded:
    """An invariant: of every so many stories one is told anew to a crowd.

    Args:
        workflows: what the engines know.
        every: of how many stories it is one.
    """

    __name__ = "four_at_once_do_what_one_does"

    def __init__(self, workflows: Iterable[Workflow], every: int) -> None:
        self.told = 0
        self._workflows, self._every = tuple(workflows), every
        self._stories = count()
        self._engines: tuple[Engine, ...] = ()
        self._time: Time
        self._ids: Ids = ScenarioIds("none")

    def __call__(self, seen: Seen) -> Iterator[str]:
        if seen.ended and next(self._stories) % self._every == 0:
            self.told += 1
            with ThreadPoolExecutor(ENGINES) as self._pool:
                yield from replayed(seen.stage, self._open, self._workflows)

    def now(self) -> Any:
        return self._time.now()

    def pilot_id(self) -> str:
        return self._ids.pilot_id()

    def salt(self) -> bytes:
        return self._ids.salt()

    def _open(self, *, time: Time, ids: Ids, **_options: Any) -> Any:
        self._time, self._ids = time, ids
        if not self._engines:
            store = open_store("memory://")
            self._engines = tuple(Engine(store, workflows=self._workflows, time=self, ids=self) for _ in range(ENGINES))
        return Crowd((one.for_tenant(f"story-{self.told}") for one in self._engines), self._pool)
