"""Commands on a pilot, on the head of it that counts: the stored one, read before it is decided, or relied on.

1. The stored version and the receipt of the key come from one read. Whoever loses the race to append loads and decides
   anew, at most five times; with `expect` it is told instead.
2. Where the heads that are kept were current each time of late, that read is left out: the append compares the version
   all the same. What else than an acceptance is decided counts only if the head turns out to be the stored one.
3. Where a head that was relied on is not the stored one, or the key was used, all begins with the read, told to nobody.
"""

from collections.abc import Sequence

from proeftuin import door
from proeftuin.calls import Call, mark_of
from proeftuin.core.commands import Actor, Command
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table
from proeftuin.errors import Conflict, Refused, StoreBusy, StoreError, StoreFull, StoreUnavailable, UnknownPilot
from proeftuin.result import Result
from proeftuin.writing import Made, Writer


class FiringWriter(Writer):
    """Carries out commands on the pilots of one tenant."""

    def run(
        self, pilot_id: str, commands: Sequence[Command], actor: Actor, key: str | None, expect: int | None
    ) -> Result:
        """Carry out commands on one pilot, in one commit; see `Engine.fire` and `Engine.batch`."""
        call = self._call(actor, key, expect)
        door.name("pilot_id", pilot_id)
        return self._at_once(pilot_id, commands, call) or self._in_turn(pilot_id, commands, call)

    def _at_once(self, pilot_id: str, commands: Sequence[Command], call: Call) -> Result | None:
        """Carry out commands on the head that is kept, without a read; None where it takes one after all.

        Raises:
            ProeftuinError: as `run`, once a read told that the head is the stored one.
        """
        kept = self._relied_on(pilot_id, commands, call)
        if kept is None:
            return None
        try:
            made = self._made(kept, commands, call)
        except StoreError:
            raise
        except Exception as error:  # also of a hook of the host: what it stumbled over may be gone by now
            if not self._is_stored(kept, call.key):
                return None
            if isinstance(error, Refused):
                self._tell_refused(error, call)
            raise
        return self._written(made, kept, call)

    def _written(self, made: Made, kept: Pilot, call: Call) -> Result | None:
        """Write what was decided on a head that is kept; None where a read may come to something else.

        Note:
            Whatever else is raised is raised on: what comes after the commit may raise too, and must not do it twice.
        """
        try:
            return self._append(made, call)
        except Conflict as lost:
            if lost.actual != kept.version:  # or the key was used
                self._heads.drop(kept.id, stale=True)
        except StoreUnavailable:  # nothing was written; a read mends a connection
            if made.drafts[0].told:
                raise
        except (StoreBusy, StoreFull):
            if not self._is_used(kept.id, call.key):
                raise
        return None

    def _relied_on(self, pilot_id: str, commands: Sequence[Command], call: Call) -> Pilot | None:
        """Return a head to carry out commands on without a read; None where there is none, or where one may not."""
        kept = self._heads.relied_on(pilot_id) if self._after_commit is None else None
        if kept is None or call.expect not in {None, kept.version}:
            return None
        if call.key is None:
            return kept
        table = self._tables.of(kept.workflow)  # under a used key, an id or a salt would be used up for nothing
        return None if any(uses_up(table, one) for one in commands) else kept

    def _is_stored(self, kept: Pilot, key: str | None) -> bool:
        """Whether a head is the stored one, and a key was not used."""
        try:
            stored, receipt = self._heads.load(kept.id, key)
        except UnknownPilot:
            return False
        return receipt is None and stored.digest == kept.digest

    def _is_used(self, pilot_id: str, key: str | None) -> bool:
        """Whether a key was used, as far as the store can tell just now."""
        try:
            return key is not None and self._store.receipt(self._tenant, pilot_id, key) is not None
        except StoreError:
            return False

    def _in_turn(self, pilot_id: str, commands: Sequence[Command], call: Call) -> Result:
        """Carry out commands on what is stored, again where somebody else was first."""
        for attempt in range(1, self._attempts + 1):
            try:
                return self._once(pilot_id, commands, call)
            except Conflict as lost:
                self._heads.drop(pilot_id)
                self._tell_lost(lost, commands[0].trigger, attempt)
                if call.expect is not None or attempt == self._attempts:
                    raise
        raise AssertionError  # pragma: no cover  # the loop returns or raises

    def _once(self, pilot_id: str, commands: Sequence[Command], call: Call) -> Result:
        pilot, receipt = self._heads.load(pilot_id, call.key)
        if receipt is not None:
            _, passed = self._passed(pilot, commands)
            return self._recalled(pilot, receipt, mark_of(passed, call))
        try:
            made = self._made(pilot, commands, call)
        except Refused as refused:
            self._tell_refused(refused, call)
            raise
        return self._append(made, call)


def uses_up(table: Table, command: Command) -> bool:
    """Whether a command may use up an id or a salt: where it may begin a pilot, or names a participant."""
    return command.trigger in table.beginners or door.may_issue(table, command)
