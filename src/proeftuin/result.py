"""What the engine gives back for an accepted command, and how a receipt keeps it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import asdict, frozen

from proeftuin import codec
from proeftuin.core.commands import Blocker, Remedy
from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import Struct


class Result(Struct, frozen=True):
    """What came of a command.

    Attributes:
        pilot: as it is after the command.
        events: what happened, in order.
        warnings: what to think of; they stop nothing.
        pending: the roles whose signature is still missing; empty when the command is complete.
        duplicate: whether this is the first result again, for a key seen before.
        started: the id of the pilot that the command began, if it did.
    """

    pilot: Pilot
    events: tuple[Event, ...]
    warnings: tuple[Blocker, ...] = ()
    pending: tuple[str, ...] = ()
    duplicate: bool = False
    started: str | None = None


@frozen
class Work:
    """What a round of `tick` or `deliver` came to.

    Attributes:
        done: on how many pilots something was done; of `deliver`: how many events arrived.
        failed: how many pilots could not be read, or deliveries went wrong; the log says why.
        more: whether something is left that could be done now.
    """

    done: int
    failed: int
    more: bool


def keep(result: Result) -> bytes:
    """Return the body of a receipt: everything but the pilot and the events, which are in the log."""
    return codec.encode_receipt(
        after=result.events[0].version - 1,
        upto=result.events[-1].version,
        warnings=[_plain(one) for one in result.warnings],
        pending=result.pending,
        started=result.started,
    )


def _plain(blocker: Blocker) -> dict[str, Any]:
    kept = asdict(blocker, filter=lambda field, _: field.name != "needs")
    for remedy in kept["missing"]:
        remedy["not_before"] = remedy["not_before"] and remedy["not_before"].isoformat()
    return kept


def recall(kept: Mapping[str, Any], pilot: Pilot, events: tuple[Event, ...]) -> Result:
    """Return the first result again, from a decoded receipt."""
    warnings = tuple(_blocker(one) for one in kept["warnings"])
    return Result(pilot, events, warnings, tuple(kept["pending"]), duplicate=True, started=kept["started"])


def _blocker(kept: Mapping[str, Any]) -> Blocker:
    missing = tuple(
        Remedy(
            one["trigger"],
            freeze(one["data"]),
            one["track"],
            tuple(one["roles"]),
            one["not_before"] and date.fromisoformat(one["not_before"]),
        )
        for one in kept["missing"]
    )
    return Blocker(
        kept["code"], freeze(kept["params"]), kept["track"], missing, kept["command"], texts=FrozenDict(kept["texts"])
    )
