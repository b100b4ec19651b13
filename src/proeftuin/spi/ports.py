"""Ports for what the core may not reach for by itself: the time, and what must be new."""

from datetime import datetime
from typing import Protocol


class Time(Protocol):
    """The port for time."""

    def now(self) -> datetime:
        """Return the present moment, aware."""


class Ids(Protocol):
    """The port for what must be new: pilot ids and salts."""

    def pilot_id(self) -> str:
        """Return a new pilot id, 1 to 64 characters of `[A-Za-z0-9._-]`."""

    def salt(self) -> bytes:
        """Return 16 bytes that nobody can guess."""
