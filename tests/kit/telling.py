"""Stores that remember keys badly, or tell of what went wrong in a way that helps nobody, or helps too much."""

from collections.abc import Callable
from threading import Lock
from typing import ClassVar

from proeftuin.core.structs import replace
from proeftuin.errors import Conflict, ProeftuinError
from proeftuin.spi import Commit, Loaded, Receipt
from tests.kit.mutant import InMemory

Recorded = Callable[[object], None] | None


class KeysOfAll(InMemory):
    """Takes a key for used when it was used on any pilot."""

    named: ClassVar[tuple[str, ...]] = ("H04",)

    def _judge(self, commit: Commit) -> None:
        super()._judge(commit)
        for kept in self._pilots(commit.tenant).values():
            if any(one.key in kept.receipts for one in commit.receipts):
                raise Conflict(commit.pilot_id, commit.expected, commit.expected)


class LastKeys(InMemory):
    """Remembers the last ten keys of a pilot."""

    named: ClassVar[tuple[str, ...]] = ("H07",)

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        receipts = self._tenants[commit.tenant][commit.pilot_id].receipts
        while len(receipts) > 10:
            del receipts[next(iter(receipts))]


class RaisesItsOwn(InMemory):
    """Leaves it to the driver to refuse what it cannot keep."""

    named: ClassVar[tuple[str, ...]] = ("I01",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        pilot_id.encode()
        return super().load(tenant, pilot_id, key=key, have=have)


class TellsAll(InMemory):
    """Puts what was to be written in the error."""

    named: ClassVar[tuple[str, ...]] = ("I02",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except ProeftuinError as error:
            error.args = (f"{error}: {commits!r}",)
            raise


class HoldsALock(InMemory):
    """Hangs something on its errors that cannot leave the process."""

    named: ClassVar[tuple[str, ...]] = ("I05",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except Conflict as error:
            error.__dict__["lock"] = Lock()
            raise


class ReceiptsElsewhere(InMemory):
    """Gives with a head the receipt that it finds first, whatever its key."""

    named: ClassVar[tuple[str, ...]] = ("A01", "H06")

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        loaded = super().load(tenant, pilot_id, key=key, have=have)
        if loaded is None:
            return None
        receipts = self._pilots(tenant)[pilot_id].receipts
        return replace(loaded, receipt=next(iter(receipts.values()), None))


class ForgetsFingerprints(InMemory):
    """Forgets which command a receipt is of."""

    named: ClassVar[tuple[str, ...]] = ("H06", "H01")

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        found = super().receipt(tenant, pilot_id, key)
        return found and replace(found, fingerprint="")
