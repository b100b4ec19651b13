"""The work that every peer does: two lifecycles, guards in plain Python, and what is kept of each move.

What counts as equal: a file of its own on the same file system, WAL and `synchronous=FULL`, one process, each move in a
transaction of its own and on disk when it is acknowledged, read from the database as it is now. Wherever a peer can, it
also keeps what happened (history), by whom (audit), and the key of the command, so that a repeated one does not act
twice (receipt).
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from attrs import frozen

from benchmarks.lifecycles import EVERYBODY, MOVES, STATES, existing_contract
from proeftuin import codec

Records = Mapping[str, list[dict[str, Any]]]

ACTOR = EVERYBODY.id


@frozen
class Line:
    """A lifecycle that every peer can express.

    Attributes:
        edges: trigger, from, to.
        records: what a pilot holds when it begins, as plain data.
        may: says whether a trigger's guards hold, by what the pilot holds.
    """

    name: str
    states: tuple[str, ...]
    edges: tuple[tuple[str, str, str], ...]
    records: Records
    may: Callable[[str, Records], bool]

    @property
    def moves(self) -> tuple[str, ...]:
        """The triggers of one pilot's way, in order."""
        return tuple(trigger for trigger, _, _ in self.edges)

    @property
    def triggers(self) -> tuple[str, ...]:
        """The words that can be fired."""
        return tuple(dict.fromkeys(self.moves))


class Peer(Protocol):
    """Another library with its store in a file."""

    does: str

    def begin(self, pilot: str) -> None:
        """Begin a pilot, unmeasured, and leave it as warm as the library keeps it."""

    def fire(self, pilot: str, trigger: str, key: str) -> None:
        """Do one thing to a pilot."""

    def stored(self, pilot: str) -> tuple[str, int]:
        """Return the state that is stored and the number of moves in the history, to see that the work was done."""

    def close(self) -> None:
        """Let go of the file."""


Opener = Callable[[Path, Line], Peer]


def always(_: str, __: Records) -> bool:
    """Nothing is ever against it."""
    return True


def may_move(trigger: str, records: Records) -> bool:
    """Judge the two moves of the bundled workflow by hand, on its twenty records."""
    if trigger == "complete_exploration":
        present = {one["role"] for act in records["activity"] for one in act["data"].get("present", ())}
        return {"hr", "procurement"} <= present and _evidence(records, "inventory") and bool(records.get("route"))
    kinds = {one["data"]["kind"] for one in records["goal"]}
    owned = any(one["data"]["duty"] == "client_owner" and one["ended"] is None for one in records["assignment"])
    decided = any(one["ended"] is None for one in records["decision"])
    return decided and owned and _evidence(records, "action_plan") and kinds == {"short", "horizon"}


def _evidence(records: Records, kind: str) -> bool:
    return any(one["data"]["type"] == kind for one in records["evidence"])


def _records() -> Records:
    kept: Records = json.loads(codec.encode_pilot(existing_contract().pilot))["kept"]
    return kept


RING = Line(
    "nine plain states",
    STATES,
    tuple(("advance", here, there) for here, there in zip(STATES, (*STATES[1:], STATES[0]), strict=True)),
    {},
    always,
)
PILOT = Line(
    "two guarded moves with 20 records",
    ("exploring", "committing", "engaging"),
    tuple(zip(MOVES, ("exploring", "committing"), ("committing", "engaging"), strict=True)),
    _records(),
    may_move,
)
