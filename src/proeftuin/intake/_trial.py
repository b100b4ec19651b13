"""An engine to try rows on: the rules, guards and numbers of another one, on an empty store in memory.

1. A row is judged as on its own day: a goal that had to be due soon then is not asked to be due soon now. So the clock
   stands at that day, and never after now.
2. What is carried over was recorded now, whatever its day: `at` never says that somebody told it at the time.
3. What is tried is nobody's business: of the hooks only those that may veto are asked.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from proeftuin import door
from proeftuin.core.table import Table
from proeftuin.engine import Engine
from proeftuin.heads import Heads
from proeftuin.hooks import Hooks
from proeftuin.intake._stamp import recorded_at
from proeftuin.spi import Before, Definitions, Store
from proeftuin.storage import open_store

if TYPE_CHECKING:
    from proeftuin.tables import Tables


class _Veto:
    """A hook of the host that may veto, and does nothing else."""

    def __init__(self, ask: Callable[[Before], Any]) -> None:
        self.before = ask


class _Day:
    """The clock of the engine, or noon of an earlier day."""

    def __init__(self, now: datetime) -> None:
        self.real = now
        self.shown = now

    def now(self) -> datetime:
        """Return the moment at which a row is judged."""
        return self.shown


class _Borrowed:
    """The workflows that a store holds, to be read; those that it does not hold are not written to it."""

    def __init__(self, store: Definitions) -> None:
        self._store = store

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the port's own word
        """Do nothing: the tables keep what they compiled."""

    def get_workflow(self, name: str, version: int) -> bytes | None:
        """Return what the store holds."""
        return self._store.get_workflow(name, version)


class Trial:
    """An engine to try rows on, and the tables that it runs on.

    Attributes:
        engine: the other engine, on a store of its own.
        now: the moment at which all of it is recorded.
        together: whether the store that it goes to writes a pilot and the one that it begins at once.
    """

    def __init__(self, engine: Engine) -> None:
        parts = engine._parts  # noqa: SLF001  # nobody else may make an engine out of another one's parts
        asked = parts["hooks"]._calls["before"]  # noqa: SLF001  # the same
        held: Tables = parts["tables"]
        target = parts["store"]
        self.together: bool = target.multi_pilot
        self._tenant: str = parts["tenant"]
        self._day = _Day(door.moment("time", parts["time"].now()))
        self._store = open_store("memory://")
        self._tables = held.on(_Borrowed(target) if isinstance(target, Definitions) else self._store)  # type: ignore[arg-type]  # of a store the tables use its definitions alone
        self.now = self._day.real
        self.engine = self._on(engine, self._store, Hooks([_Veto(ask) for ask in asked]))

    def _on(self, engine: Engine, store: Store, hooks: Hooks) -> Engine:
        """Return the same engine on another store."""
        heads = Heads(store, self._tenant, 1)
        parts = {"store": store, "tables": self._tables, "heads": heads, "hooks": hooks, "time": self._day}
        return engine._other(None, **parts)  # noqa: SLF001  # the same

    def stand(self, day: date | None, table: Table) -> None:
        """Judge as on a day, or as now where that is not known or yet to come."""
        noon = None if day is None else datetime.combine(day, time(12), table.zone).astimezone(UTC)
        self._day.shown = self.now if noon is None else min(noon, self.now)

    def export(self, pilots: Iterable[str]) -> Iterator[str]:
        """Give pilots that were tried, recorded now, for `import_pilots`."""
        fair, wanted = open_store("memory://"), list(pilots)
        for one in wanted:
            fair.append(recorded_at(self._store, self._tenant, one, self.now))
        on = self._on(self.engine, fair, Hooks())
        return on._reader.export_pilots(wanted, personal=True)  # noqa: SLF001  # it leaves nothing: it goes to where it is for

    def table(self, workflow: str) -> Table:
        """Return the compiled workflow of a name, or of a name and version.

        Raises:
            UnknownWorkflow: where nothing of that name is known.
        """
        return self._tables.of(workflow) if "@" in workflow else self._tables.named(workflow)
