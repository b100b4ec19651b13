"""Drafts: what is decided on a pilot and not written yet; many commands may add to one, and one commit comes of it."""

from collections.abc import Iterable

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import Making, field
from proeftuin.core.table import Table
from proeftuin.heads import head
from proeftuin.spi import UNTIMED, Commit, Entry, Head, Personal, Receipt, Timing


class Draft(Making):
    """A pilot on its way to a commit: sealed events and entries, and the pilot that they make.

    Attributes:
        timing: what the store knew of its terms before.
        late: whether something may have been due before the command; then what is to be said is said after it.
        told: whether a `recorded` hook was called with it: no error behind that is one of the store alone.
    """

    table: Table
    pilot: Pilot
    expected: int
    events: list[Event] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    personal: list[Personal] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    erased: tuple[str, ...] = ()
    timing: Timing = UNTIMED
    late: bool = False
    told: bool = False

    def add(self, events: Iterable[Event]) -> None:
        """Seal events and fold them in."""
        for event in events:
            sealed, entry = codec.seal(event, self.pilot.digest or codec.genesis(self.pilot.id))
            self.pilot = evolve(self.pilot if self.pilot.version else None, sealed)
            self.events.append(sealed)
            self.entries.append(entry)

    def commit(self, tenant: str, encoded: Head | None = None) -> Commit:
        """Return what is to be written, with the head where that is encoded already."""
        return Commit(
            tenant,
            self.pilot.id,
            self.expected,
            tuple(self.entries),
            encoded or head(self.pilot, self.timing),
            tuple(self.receipts),
            tuple(self.personal),
            self.erased,
        )
