"""xstate-statemachine, with its SQLite store, log and inbox in one transaction under its pessimistic lock."""

from pathlib import Path
from typing import Any

from xstate_statemachine import MachineLogic, create_machine
from xstate_statemachine.persistence import (
    AuditPlugin,
    IdempotencyPlugin,
    PessimisticLock,
    SQLiteInbox,
    SQLiteLog,
    SQLiteStore,
    persisted,
)

from benchmarks.peers.work import ACTOR, Line, Peer

DOES = "history and audit: its log, with the actor; receipt: with the result; roles: none; find: none"


class XState:
    """A machine that is loaded, moved and saved at each call, as its documentation has it."""

    does = DOES

    def __init__(self, path: Path, line: Line) -> None:
        self._store = SQLiteStore(path)
        self._store._conn().execute("PRAGMA synchronous=FULL")  # noqa: SLF001  # it offers no option; it sets NORMAL
        self._log = SQLiteLog(self._store)
        inbox = IdempotencyPlugin(SQLiteInbox(self._store), principal=lambda _: "bench")
        self._plugins = (inbox, AuditPlugin(self._log))
        self._lock = PessimisticLock()
        self._machine = create_machine(_config(line), logic=MachineLogic(guards=_guards(line)))

    def begin(self, pilot: str) -> None:
        """Create a machine."""
        with persisted(self._store, pilot, self._machine, lock=self._lock, plugins=self._plugins):
            pass

    def fire(self, pilot: str, trigger: str, key: str) -> None:
        """Load, send one event, save."""
        with persisted(self._store, pilot, self._machine, lock=self._lock, plugins=self._plugins) as machine:
            receipt = machine.send(trigger, wait=True, actor=ACTOR, idempotency_key=key)
            assert receipt.changed, receipt

    def stored(self, pilot: str) -> tuple[str, int]:
        """Load the machine and read its log."""
        with persisted(self._store, pilot, self._machine, lock=self._lock, plugins=self._plugins) as machine:
            (state,) = machine.current_state_ids
        return state.removeprefix("lifecycle."), len(self._log.read(pilot))

    def close(self) -> None:
        """Close the store."""
        self._store.close()


def _config(line: Line) -> dict[str, Any]:
    states: dict[str, Any] = {name: {"on": {}} for name in line.states}
    for trigger, here, there in line.edges:
        states[here]["on"][trigger] = {"target": there, "guard": f"may_{trigger}"}
    return {"id": "lifecycle", "initial": line.states[0], "context": {"records": line.records}, "states": states}


def _guards(line: Line) -> dict[str, Any]:
    def guard(trigger: str) -> Any:  # noqa: ANN401  # the library asks for any callable
        return lambda context, _: line.may(trigger, context["records"])

    return {f"may_{trigger}": guard(trigger) for trigger in line.triggers}


def open_peer(path: Path, line: Line) -> Peer:
    """Open a new file."""
    return XState(path, line)
