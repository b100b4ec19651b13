"""What decides: the workflows, guards, numbers and calendar that every worker has alike."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from proeftuin import Engine, Guard, Settings, Workflow, load_workflow
from proeftuin.definitions import Catalogue
from proeftuin.spi import Ids, Store, Time
from proeftuin.storage import open_store


class Idle:
    """A clock and ids that nobody asks."""

    def now(self) -> NoReturn:
        """Be asked after all."""
        raise NotImplementedError

    pilot_id = salt = now


class Rules:
    """What an engine decides by.

    Args:
        workflows: paths of workflow files, or `Workflow`s; None means the bundled ones.
        guards: the host's guards. They are called again to judge the same command, so they look at nothing but what
            they are asked about.
        settings: the dated numbers of the organisation.
        calendar: counts working days; None means what each workflow names.
    """

    def __init__(
        self,
        *,
        workflows: Iterable[Path | str | Workflow] | None = None,
        guards: Mapping[str, Callable[..., Any]] | Iterable[Guard] = (),
        settings: Settings | None = None,
        calendar: Any = None,  # noqa: ANN401  # the engine checks what it is
    ) -> None:
        pairs = guards.items() if isinstance(guards, Mapping) else ((one.name, one) for one in guards)
        known = {name: one if isinstance(one, Guard) else Guard(name, one) for name, one in pairs}
        self._options: dict[str, Any] = {"guards": known, "settings": settings, "calendar": calendar}
        self._workflows = None if workflows is None else _loaded(workflows, known)

    def engine(self, store: Store, tenant: str, time: Time, ids: Ids) -> Engine:
        """Return an engine that decides by these."""
        return Engine(store, tenant=tenant, time=time, ids=ids, workflows=self._workflows, **self._options)

    def ready(self) -> None:
        """Read and compile every workflow, as pilots bring them along.

        Done beforehand, since Temporal gives up a decision that takes two seconds, and the first one would do all that.
        """
        known = Catalogue(self._workflows)
        store, idle = open_store("memory://"), Idle()
        for _ in ("what is given", "what the store kept of it"):
            engine = self.engine(store, "default", idle, idle)
            for one in known.names():
                engine.workflow(one)


def _loaded(given: Iterable[Path | str | Workflow], guards: Mapping[str, Guard]) -> tuple[Workflow, ...]:
    """Return workflows that are read once, and not for each pilot; a file may build on those before it."""
    found: list[Workflow] = []
    for one in given:
        found.append(one if isinstance(one, Workflow) else load_workflow(one, guards=guards, bases=found))
    return tuple(found)
