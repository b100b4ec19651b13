"""Engines of both kinds on one store, and what a store must look like when nobody is at work in it."""

from itertools import count
from typing import Any

from attrs import frozen

from proeftuin import AsyncEngine, Engine
from proeftuin.spi import Store
from tests.unit.engines import FLOW, LEAD, Clock, Counting, _loaded, start
from tests.unit.ticking import TERMS

PLACED = {"participant": "ref-planted-0001", "start": "2026-03-02", "kind": "training"}


_tenants = count()


@frozen
class Pair:
    """A plain engine and an asynchronous one, on the same store, by the same clock.

    Attributes:
        tenant: a new one, whom both are for.
    """

    store: Store
    tenant: str
    plain: Engine
    on: AsyncEngine
    clock: Clock


def pair(store: Store, threads: int = 1, **options: Any) -> Pair:
    """Engines for a new tenant; with one thread, what was asked later is done later."""
    clock, tenant = Clock(), f"tenant-{next(_tenants)}"
    given = {"workflows": [_loaded(FLOW), TERMS], "time": clock, "ids": Counting(), "tenant": tenant, **options}
    return Pair(store, tenant, Engine(store, **given), AsyncEngine(store, threads=threads, **given), clock)


def placed(plain: Engine, **more: Any) -> str:
    """Start a pilot with one track, on which somebody is placed."""
    pilot = start(plain, **more)
    plain.fire(pilot, "identify", actor=LEAD, track="acme")
    plain.fire(pilot, "place", actor=LEAD, track="acme", data=PLACED)
    return pilot


async def quiet(on: AsyncEngine) -> None:
    """Wait until the only thread is done with all that was asked."""
    await on.run(lambda _: None)


def at_rest(store: Store) -> bool:
    """Whether no connection is lent, no transaction open and no writer's turn taken."""
    pool: Any = getattr(store, "_connections", None)
    if pool is None:
        lock: Any = store._lock  # type: ignore[attr-defined]  # that of the store in memory
        return _free(lock)
    idle = [pool._database.in_transaction(one) for one in pool._idle]
    return pool._lent == 0 and not any(idle) and not pool._writers and _free(pool._turn)


def _free(lock: Any) -> bool:
    if lock.acquire(blocking=False):
        lock.release()
        return True
    return False
