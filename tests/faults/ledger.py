"""What arrived at a subscriber, in the order in which it came, and what is wrong with that."""

import hashlib
from collections.abc import Mapping
from typing import Any

from attrs import Factory, define

UNDONE = "was rolled back"
"""Stands in everything that is written and then rolled back."""


@define
class Ledger:
    """Everything that a subscriber took.

    Attributes:
        came: how many times something came.
        first: of each event, by its id, what its bytes were when it first came, and its digest in the pilot's chain.
        last: the version that came last of each pilot, repeats left out.
        faults: what is wrong.
    """

    came: int = 0
    first: dict[str, tuple[str, str]] = Factory(dict)
    last: dict[str, int] = Factory(dict)
    faults: list[str] = Factory(list)

    def take(self, body: bytes, event: Mapping[str, Any]) -> None:
        """Note what came: its bytes, and the event that is in them."""
        self.came += 1
        if UNDONE.encode() in body:
            self.faults.append(f"{event['id']} was rolled back")
        bytes_ = hashlib.sha256(body).hexdigest()
        if event["id"] in self.first:
            if self.first[event["id"]][0] != bytes_:
                self.faults.append(f"{event['id']} came again with other bytes")
            return
        self.first[event["id"]] = bytes_, event["digest"]
        if event["version"] != self.last.get(event["pilot"], 0) + 1:
            self.faults.append(f"{event['id']} came first behind {self.last.get(event['pilot'], 0)}")
        self.last[event["pilot"]] = event["version"]

    def amiss(self, committed: Mapping[str, str]) -> list[str]:
        """Say what is wrong, beside what was committed: each id with its digest."""
        found = list(self.faults)
        found += [f"{one} never came" for one in committed.keys() - self.first.keys()]
        found += [f"{one} was never committed" for one in self.first.keys() - committed.keys()]
        both = committed.keys() & self.first.keys()
        return found + [f"{one} has another digest" for one in both if self.first[one][1] != committed[one]]
