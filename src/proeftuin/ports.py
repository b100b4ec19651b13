"""The ports' everyday sides: the system's clock, and new ids."""

import os
from datetime import UTC, datetime
from time import time_ns


class SystemTime:
    """The system's clock."""

    __slots__ = ()

    def now(self) -> datetime:
        """Return the present moment, UTC."""
        return datetime.now(UTC)


class RandomIds:
    """UUIDv7 (RFC 9562) for pilots, so that ids sort by age; 16 random bytes for salts."""

    __slots__ = ()

    def pilot_id(self) -> str:
        """Return a new UUIDv7."""
        value = (time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10))
        value = value & ~(0xF << 76) | 0x7 << 76  # version
        value = value & ~(0x3 << 62) | 0x2 << 62  # variant
        text = f"{value:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def salt(self) -> bytes:
        """Return 16 random bytes."""
        return os.urandom(16)
