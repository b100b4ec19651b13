"""The parts `Definitions` and `Erases`: workflows that are kept, and refs that are forgotten."""

from time import monotonic, sleep

from proeftuin.errors import StoreBusy
from proeftuin.spi import Holder
from proeftuin.spi.checks import MAX_INTEGER, kept_otherwise
from proeftuin_redis._server import Server, info
from proeftuin_redis._values import NUL, behind, raw, reading
from proeftuin_redis._wire import Wire

UNDER_WAY = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
PAUSE = 0.02  # seconds between two looks at how far a file is


class Keeping:
    """The workflows and the holders of refs in a store."""

    def __init__(self, wire: Wire, server: Server, timeout: float) -> None:
        self._wire = wire
        self._server = server
        self._timeout = timeout

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        """See `proeftuin.spi.Store.tenants`."""
        given = (behind(after), max(0, min(limit, MAX_INTEGER)))
        found = self._wire.ask("asking", "tenants", *given, about="the tenants")
        with reading("the tenants"):
            return tuple(one.decode() for one in found)

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        """See `proeftuin.spi.Erases.holders`."""
        about = f"the holders of a ref in {tenant!r}"
        given = (raw(tenant), raw(ref), max(0, min(limit, MAX_INTEGER)))
        found = self._wire.ask("asking", "holders", *given, about=about)
        with reading(about):
            pairs = [one.split(NUL) for one in found]
            return tuple(Holder(pilot_id.decode(), subject.decode()) for pilot_id, subject in pairs)

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the field's own word
        """See `proeftuin.spi.Definitions.put_workflow`."""
        given = (raw(name), version, raw(hash), body)
        if not self._wire.tell("keeping", "put", *given, about=f"workflow {name}@{version}"):
            raise kept_otherwise(name, version)

    def get_workflow(self, name: str, version: int) -> bytes | None:
        """See `proeftuin.spi.Definitions.get_workflow`."""
        found = self._wire.ask("asking", "workflow", raw(name), version, about=f"workflow {name}@{version}")
        body: bytes | None = found[1]
        return body

    def scrub(self) -> None:
        """See `proeftuin.spi.Erases.scrub`: the files that Redis keeps by itself are written anew.

        Note:
            What was begun before may still hold what was forgotten, so it is waited for, and then begun again.
        """
        told = info(self._wire)
        if told.get("aof_enabled") == "1":
            self._written_anew("BGREWRITEAOF", "aof_last_bgrewrite_status")
        if self._server.snapshots:
            self._written_anew("BGSAVE", "rdb_last_bgsave_status")

    def _written_anew(self, command: str, status: str) -> None:
        self._wait()
        self._wire.command(command, about="its files")
        if self._wait().get(status) != "ok":
            raise StoreBusy(f"{self._wire.place} could not write its files anew; see its log, and try again")

    def _wait(self) -> dict[str, str]:
        """Wait until no file is being written, and return what the server says then."""
        end = monotonic() + self._timeout
        while True:
            told = info(self._wire)
            if all(told.get(name, "0") == "0" for name in UNDER_WAY):
                return told
            if monotonic() > end:
                place, longer = self._wire.place, "a longer `timeout` in the URL, as it begins anew each time"
                raise StoreBusy(f"{place} is still writing its files anew; try again with {longer}")
            sleep(PAUSE)
