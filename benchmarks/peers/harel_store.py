"""harel, with its SQLite store, in the caller's thread."""

from pathlib import Path
from typing import Any

from harel import DurableRunner, Event, definition_from_dsl
from harel.engine.store.sqlite import SqliteStore

from benchmarks.peers.work import ACTOR, Line, Peer

DOES = (
    "history: the last 200 steps; audit: the actor in the event's data; receipt: the event's id, not its result; "
    "roles: none; find: by status"
)


class Harel:
    """A durable runner over a file; its trace is the history."""

    does = DOES

    def __init__(self, path: Path, line: Line) -> None:
        self._store = SqliteStore(path)
        self._context: dict[str, Any] = {"open": True, "records": dict(line.records)}
        bound = {f"may_{trigger}": _selector(line, trigger) for trigger in line.triggers} if line.records else {}
        self._definition = definition_from_dsl(_source(line), "lifecycle", actions=bound)
        self._runner = DurableRunner(
            self._store,
            {self._definition.id: self._definition},
            trace=True,
            execution="inline",
            on_action_error="raise",
        )

    def begin(self, pilot: str) -> None:
        """Create an execution."""
        self._runner.create(self._definition.id, dict(self._context), pilot)

    def fire(self, pilot: str, trigger: str, key: str) -> None:
        """Process one event."""
        self._runner.process(pilot, Event(id=key, kind=trigger, data={"actor": ACTOR}))

    def stored(self, pilot: str) -> tuple[str, int]:
        """Read the execution and its trace; the first step is the start."""
        return self._store.load(pilot).active_path, len(self._store.read_trace(pilot)) - 1

    def close(self) -> None:
        """Close the store."""
        self._store.close()


def _source(line: Line) -> str:
    """Write the lifecycle in its language: a guard on the context where it can be one, else a selector in Python."""
    lines = [f"event {trigger} {{ actor: string }}" for trigger in line.triggers]
    lines += ["machine lifecycle {", "context { open: bool records: any }", f"initial {line.states[0]}"]
    lines += [f"state {name} {{}}" for name in line.states]
    for trigger, here, there in line.edges:
        if line.records:
            lines.append(f"from {here} select may_{trigger} on {trigger} {{ true to {there} }}")
        else:
            lines.append(f"from {here} to {there} on {trigger} where context.open == true")
    return "\n".join([*lines, "}"])


def _selector(line: Line, trigger: str) -> Any:  # noqa: ANN401  # the library asks for any callable
    def select(stm: Any, event: object) -> bool:  # noqa: ANN401, ARG001  # its proxy of a context, and what it gives
        return line.may(trigger, stm.execution_ctx["records"])

    return select


def open_peer(path: Path, line: Line) -> Peer:
    """Open a new file."""
    return Harel(path, line)
