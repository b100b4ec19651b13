"""eventsourcing, with its SQLite module and its cache of aggregates, fast-forwarded at each read and not copied."""

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.peers.work import ACTOR, Line, Peer, Records

DOES = "history and audit: its events; receipt: an aggregate of its own; roles: none; find: none; no head is written"


class Pilot(Aggregate):  # type: ignore[misc]  # it is not seen by the type checker, as it is not always installed
    """An aggregate with a state and records."""

    @event("Begun")  # type: ignore[untyped-decorator]  # the same reason
    def __init__(self, name: str, state: str, records: Any) -> None:  # noqa: ANN401  # the library decodes plain data
        self.name = name
        self.state = state
        self.records: Records = records
        self.moves = 0

    @staticmethod
    def create_id(name: str) -> UUID:
        """Derive the id from our name."""
        return uuid5(NAMESPACE_URL, name)

    @event("Moved")  # type: ignore[untyped-decorator]  # the same reason
    def move(self, trigger: str, to: str, actor: str) -> None:  # noqa: ARG002  # what the event keeps
        """Move on."""
        self.state = to
        self.moves += 1


class Receipt(Aggregate):  # type: ignore[misc]  # the same reason
    """The key of one command, whose id can be taken once."""

    @event("Kept")  # type: ignore[untyped-decorator]  # the same reason
    def __init__(self, pilot: str, key: str, number: int) -> None:
        self.pilot = pilot
        self.key = key
        self.number = number

    @staticmethod
    def create_id(pilot: str, key: str) -> UUID:
        """Derive the id from the pilot's and the key."""
        return uuid5(NAMESPACE_URL, f"{pilot}/{key}")


class EventSourced:
    """An application over a file."""

    does = DOES

    def __init__(self, path: Path, line: Line) -> None:
        self._application = Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": str(path),
                "AGGREGATE_CACHE_MAXSIZE": "1000000",
                "DEEPCOPY_FROM_AGGREGATE_CACHE": "n",
            }
        )
        self._line = line
        self._to = {(trigger, here): there for trigger, here, there in line.edges}

    def begin(self, pilot: str) -> None:
        """Save a new aggregate, and read it into the cache."""
        self._application.save(Pilot(name=pilot, state=self._line.states[0], records=self._line.records))
        self._application.repository.get(Pilot.create_id(pilot))

    def fire(self, pilot: str, trigger: str, key: str) -> None:
        """Read, judge, save one event and the receipt."""
        found = self._application.repository.get(Pilot.create_id(pilot))
        assert self._line.may(trigger, found.records)
        found.move(trigger, self._to[trigger, found.state], ACTOR)
        self._application.save(found, Receipt(pilot=pilot, key=key, number=found.version))

    def stored(self, pilot: str) -> tuple[str, int]:
        """Fold the events anew."""
        found = self._application.repository.get(Pilot.create_id(pilot), version=len(self._line.moves) + 1)
        return found.state, found.moves

    def close(self) -> None:
        """Close the file."""
        self._application.close()


def open_peer(path: Path, line: Line) -> Peer:
    """Open a new file."""
    return EventSourced(path, line)
