"""What a child of a fork must make anew: it has none of its parent's threads, and a lock that one held stays shut."""

import os
from typing import Protocol
from weakref import WeakSet


class Renewable(Protocol):
    """What holds a lock, or has threads."""

    def renew(self) -> None:
        """Begin anew, without what may have been half changed."""


def renewed(one: Renewable) -> None:
    """Have something renewed in each child that is forked off, as long as it is in use."""
    _ALL.add(one)


_ALL: WeakSet[Renewable] = WeakSet()


def _in_child() -> None:
    for one in list(_ALL):
        one.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
