"""What must hold of a server before a pilot is kept in it, and whether it forgets when it stops.

1. It is not a cluster, as one append writes the keys of several pilots.
2. It is not a replica, and is of a version that holds a script to what it says of itself.
3. It never throws a key away to make room.
4. It is durable where each answer comes after the disk has the command, and where it says so.
"""

from typing import Any

from attrs import frozen

from proeftuin.errors import StoreError, StoreUnavailable
from proeftuin_redis._wire import Wire

OLDEST = (7, 0)
SAFE_POLICIES = ("noeviction", "volatile-")  # none of our keys ever lapses, so the latter leave them alone
DURABLE = {"appendonly": "yes", "appendfsync": "always", "no-appendfsync-on-rewrite": "no"}


@frozen
class Server:
    """What a server says of itself: whether it is durable, and whether it is told to write snapshots now and then."""

    durable: bool
    snapshots: bool


def look_at(wire: Wire) -> Server:
    """Look at a server.

    Raises:
        StoreUnavailable: where no pilot can be kept in it; the message says which setting is in the way.
    """
    told = info(wire)
    if told.get("cluster_enabled") != "0":
        raise _unfit(wire, "is a cluster; one append writes several pilots, and so needs one server")
    if told.get("role") != "master":
        raise _unfit(wire, "is a replica, which takes no writes")
    version = told.get("redis_version", "")
    if _numbers(version) < OLDEST:
        raise _unfit(wire, f"is version {version}; at least {'.'.join(map(str, OLDEST))} is needed")
    policy = told.get("maxmemory_policy", "")
    if not policy.startswith(SAFE_POLICIES):
        raise _unfit(wire, f"throws keys away when it is full: maxmemory-policy is {policy}; set it to noeviction")
    settings = _settings(wire)
    durable = all(settings.get(name) == value for name, value in DURABLE.items())
    return Server(durable and told.get("aof_enabled") == "1", bool(settings.get("save")))


def info(wire: Wire) -> dict[str, str]:
    """Return what INFO tells."""
    text: Any = wire.command("INFO", about="its settings")
    pairs = (line.partition(":") for line in text.decode(errors="replace").splitlines())
    return {name: value for name, separator, value in pairs if separator}


def _settings(wire: Wire) -> dict[str, str]:
    """Return the settings that say what is kept; none where the server tells nobody, or not this user."""
    try:
        flat: Any = wire.command("CONFIG GET", *DURABLE, "save", about="its settings")
    except StoreError:
        return {}
    words = [one.decode(errors="replace") for one in flat]
    return dict(zip(words[::2], words[1::2], strict=True))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) if one.isdigit() else 0 for one in version.split(".")[:2])


def _unfit(wire: Wire, why: str) -> StoreUnavailable:
    return StoreUnavailable(f"{wire.place} {why}")
