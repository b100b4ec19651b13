"""A call of the engine: who asks and when, what tells it from another call, and how it is refused."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve

from proeftuin import codec, door
from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.structs import Inner
from proeftuin.errors import Refused


class Call(Inner, frozen=True):
    """One call of the engine: who, when, under which key, and what tells it from another call."""

    actor: Actor
    now: datetime
    key: str | None = None
    expect: int | None = None


def refused_at(pilot_id: str | None, trigger: str, blockers: Iterable[Blocker], place: int | None = None) -> Refused:
    """Return a refusal; `place` is that of the command in a batch.

    Note:
        Whoever raises it keeps it in no variable: its traceback would hold the frame that holds it, and with that the
        pilot, until the garbage is looked through for circles.
    """
    found = tuple(blockers) if place is None else tuple(evolve(one, command=place) for one in blockers)
    return Refused(pilot_id, trigger, found)


def mark_of(passed: Sequence[door.Passed], call: Call) -> str:
    """Return what tells this call from another one under the same key."""
    if call.key is None:
        return ""
    marks = [
        codec.fingerprint(one.command.trigger, one.command.track, one.command.data, call.actor.id) for one in passed
    ]
    return marks[0] if len(marks) == 1 else codec.fingerprint("batch", None, {"commands": marks}, call.actor.id)
