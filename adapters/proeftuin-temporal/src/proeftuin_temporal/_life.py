"""One pilot as a value, and what a command makes of it: the ordinary engine, over a store that holds this pilot alone.

    step = propose(pilot, call, rules, now, seed)    what a command writes; a refusal raises, and nothing is written
    pilot = pilot.after(step)                        the pilot with that

`propose` is a function of its arguments. It asks no clock and no source of chance: whoever calls gives both. It is
called twice for each command: to tell whether that is refused, and to carry it out. What it gave the second time is
written down, so nobody has to come to the same again later.
"""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from attrs import evolve, frozen

from proeftuin import Actor, Command, Engine, UnknownPilot, wire
from proeftuin.spi import Commit, Definitions, Entry, Head, Personal, Query, Receipt, Store, replace
from proeftuin.storage import open_store
from proeftuin_temporal._rules import Rules


@frozen
class Kept:
    """A workflow version that the pilot follows, or followed."""

    name: str
    version: int
    hash: str
    body: bytes


@frozen
class Carried:
    """A pilot as it travels: everything that a store keeps of it."""

    tenant: str
    id: str
    workflows: tuple[Kept, ...]
    head: Head
    entries: tuple[Entry, ...]
    receipts: tuple[Receipt, ...]
    personal: tuple[Personal, ...]

    @property
    def version(self) -> int:
        """How many events it has."""
        return len(self.entries)

    def after(self, step: "Step") -> "Carried":
        """Return the pilot with what a command wrote."""
        return evolve(
            self,
            head=step.head,
            workflows=(*self.workflows, *step.workflows),
            entries=(*self.entries, *step.entries),
            receipts=(*self.receipts, *step.receipts),
            personal=tuple(one for one in (*self.personal, *step.personal) if one.subject not in step.erased),
        )

    def commit(self, after: int = 0) -> Commit:
        """Return what is to be written where the pilot is at a version already."""
        return Commit(self.tenant, self.id, after, self.entries[after:], self.head)


@frozen
class Step:
    """What a command writes.

    Attributes:
        begun: pilots that begin with it.
        answer: what the engine returned, packed.
    """

    head: Head
    workflows: tuple[Kept, ...]
    entries: tuple[Entry, ...]
    receipts: tuple[Receipt, ...]
    personal: tuple[Personal, ...]
    erased: tuple[str, ...]
    begun: tuple[Carried, ...]
    answer: bytes


@frozen
class Moment:
    """A clock that stands still."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment."""
        return self.at


class Seeded:
    """Ids and salts that follow from what a client drew."""

    def __init__(self, seed: str, now: datetime) -> None:
        self._seed = bytes.fromhex(seed)
        self._now = now
        self._drawn = 0

    def pilot_id(self) -> str:
        """Return a UUIDv7."""
        millis = int(self._now.timestamp() * 1000)
        value = (millis & (1 << 48) - 1) << 80 | int.from_bytes(self._draw()[:10])
        value = value & ~(0xF << 76) | 0x7 << 76  # version
        return str(UUID(int=value & ~(0x3 << 62) | 0x2 << 62))  # variant

    def salt(self) -> bytes:
        """Return 16 bytes."""
        return self._draw()[:16]

    def _draw(self) -> bytes:
        self._drawn += 1
        return hmac.digest(self._seed, self._drawn.to_bytes(4), "sha256")


NOBODY = "00" * 32
"""The seed of what the system does by itself, which draws nothing."""


def opened(pilot: Carried, rules: Rules, now: datetime, seed: str = NOBODY) -> tuple[Engine, Store]:
    """Return an engine at a moment on a store that holds this pilot alone."""
    store = open_store("memory://")
    if isinstance(store, Definitions):  # the one in memory is
        for one in pilot.workflows:
            store.put_workflow(one.name, one.version, one.hash, one.body)
    store.append(replace(pilot.commit(), receipts=pilot.receipts, personal=pilot.personal))
    return rules.engine(store, pilot.tenant, Moment(now), Seeded(seed, now)), store


def carry(engine: Engine, store: Store, tenant: str, pilot_id: str) -> Carried:
    """Return a pilot out of a store."""
    loaded = store.load(tenant, pilot_id)
    if loaded is None or loaded.head is None:
        raise UnknownPilot(pilot_id)
    followed = (one.data["workflow"] for one in engine.history(pilot_id) if "workflow" in one.data)
    return Carried(
        tenant,
        pilot_id,
        tuple(_kept(engine, store, one) for one in dict.fromkeys(followed)),
        loaded.head,
        tuple(store.history(tenant, pilot_id)),
        tuple(store.receipts(tenant, pilot_id)),
        store.personal(tenant, pilot_id),
    )


def _kept(engine: Engine, store: Store, workflow: str) -> Kept:
    name, _, version = workflow.partition("@")
    body = store.get_workflow(name, int(version)) if isinstance(store, Definitions) else None
    return Kept(name, int(version), engine.workflow(workflow).hash, body or b"")


def propose(pilot: Carried, call: Mapping[str, Any], rules: Rules, now: datetime, seed: str = NOBODY) -> Step:
    """Return what a call of the engine writes on a pilot.

    Raises:
        ProeftuinError: as the engine raises it.
    """
    engine, store = opened(pilot, rules, now, seed)
    answer = CALLS[call["do"]](engine, pilot.id, call)
    came = carry(engine, store, pilot.tenant, pilot.id)
    known = {one.key for one in pilot.receipts}, {one.subject for one in pilot.personal}
    others = (one.id for one in store.find(Query(pilot.tenant)).items if one.id != pilot.id)
    return Step(
        came.head,
        tuple(one for one in came.workflows if one not in pilot.workflows),
        came.entries[pilot.version :],
        tuple(one for one in came.receipts if one.key not in known[0]),
        tuple(one for one in came.personal if one.subject not in known[1]),
        tuple(sorted(known[1] - {one.subject for one in came.personal})),
        tuple(carry(engine, store, pilot.tenant, one) for one in others),
        wire.pack(answer),
    )


def _fire(engine: Engine, pilot_id: str, call: Mapping[str, Any]) -> object:
    commands: Iterable[Command] = wire.read(tuple[Command, ...], call["commands"])
    actor = wire.read(Actor, call["actor"])
    return engine.batch(pilot_id, commands, actor=actor, key=call.get("key"), expect=call.get("expect"))


def _erase(engine: Engine, pilot_id: str, call: Mapping[str, Any]) -> object:
    known = engine.subject(pilot_id, call["ref"]) is not None
    engine.erase(call["ref"], actor=wire.read(Actor, call["actor"]), reason=call["reason"])
    return known


def _look_up(engine: Engine, pilot_id: str, call: Mapping[str, Any]) -> object:
    """Write down that somebody looked; what they see is asked for afterwards, and is in no history of Temporal's."""
    actor = wire.read(Actor, call["actor"])
    return engine.look_up(pilot_id, call["subject"], actor=actor, reason=call["reason"]) is not None


def _tick(engine: Engine, pilot_id: str, _: Mapping[str, Any]) -> object:
    return engine.tick(pilots=pilot_id).failed


CALLS = {"fire": _fire, "erase": _erase, "look_up": _look_up, "tick": _tick}
