"""How commits are written: step by step here; in one statement, where a database can, in `one_statement`.

Both compare first: `UPDATE ... WHERE version = expected`, or an INSERT for a new pilot. What did not match is read
afterwards, so the `Conflict` names the version that won. Only a taken id, ref or key is told as such; every other
refusal of the database stays an error.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn, Protocol

from proeftuin.errors import Conflict, PilotExists
from proeftuin.spi import Commit, Receipt
from proeftuin.storage.sql.database import Database, Values

Pair = tuple[Commit, Values]
"""A commit, and its row of `pilots`."""


class Writes(Protocol):
    """Writes one commit on a connection."""

    @property
    def whole(self) -> bool:
        """Whether a commit is one statement, which needs no transaction around it."""

    def write(self, connection: Any, commit: Commit, row: Values) -> None:  # noqa: ANN401  # the driver's own connection
        """Write a commit whose row of `pilots` is given.

        Raises:
            Conflict, PilotExists: and what the driver raises.
        """

    def write_all(self, connection: Any, commits: Sequence[Commit], rows: Sequence[Values]) -> None:  # noqa: ANN401  # the same
        """Write several commits inside a transaction, in an order of their own, so that nobody waits in a circle."""


class WritesEach(Writes, Protocol):
    """Writes commits while more of them are being made."""

    @property
    def part(self) -> int:
        """How many commits are sent at once."""

    def write_each(self, connection: Any, pairs: Iterator[Pair]) -> None:  # noqa: ANN401  # see `Writes`
        """Write several commits inside a transaction, in the order in which they come."""


def in_order(commits: Sequence[Commit], rows: Sequence[Values]) -> list[Pair]:
    """Return commits with their rows in the one order in which pilots are locked."""
    if len(commits) == 1:
        return [(commits[0], rows[0])]
    return sorted(zip(commits, rows, strict=True), key=lambda pair: (pair[0].tenant, pair[0].pilot_id))


class Judging:
    """Why a commit did not fit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statements = database.statements

    def _not_begun(self, connection: Any, commit: Commit, row: Values) -> PilotExists | None:  # noqa: ANN401  # see `Writes`
        """Return why a pilot could not be begun; None where neither its id nor its ref is taken."""
        run = self._database.run
        if run(connection, self._statements.version, row).fetchone() is not None:
            return PilotExists(commit.pilot_id)
        if row["ref"] is not None and run(connection, self._statements.ref_taken, row).fetchone() is not None:
            return PilotExists(commit.pilot_id, row["ref"])
        return None

    def _lost(self, connection: Any, commit: Commit, row: Values) -> NoReturn:  # noqa: ANN401  # see `Writes`
        found = self._database.run(connection, self._statements.version, row).fetchone()
        raise Conflict(commit.pilot_id, commit.expected, 0 if found is None else found[0])

    def _tried(self, connection: Any, whole: Callable[[], bool]) -> bool:  # noqa: ANN401  # see `Writes`
        """Whether several commits could be written in fewer statements; where they could not, nothing is left of it."""
        self._database.do(connection, "SAVEPOINT proeftuin_many")
        fitted = whole()
        self._database.do(connection, f"{'RELEASE' if fitted else 'ROLLBACK TO'} SAVEPOINT proeftuin_many")
        return fitted


class StepByStep(Judging):
    """One statement for the head, and one for each event, receipt and subject, inside a transaction."""

    whole = False

    def write(self, connection: Any, commit: Commit, row: Values) -> None:  # noqa: ANN401  # see `Writes`
        """See `Writes.write`."""
        run, statements = self._database.run, self._statements
        place = {"tenant": commit.tenant, "pilot_id": commit.pilot_id}
        if commit.expected == 0:
            self._begin(connection, commit, row)
        elif not self._change(connection, commit, row):
            self._lost(connection, commit, row)
        for entry in commit.entries:
            event = {"version": entry.version, "type": entry.type, "digest": entry.digest, "body": entry.body}
            run(connection, statements.add_event, place | event)
        for receipt in commit.receipts:
            self._keep(connection, commit, receipt)
        for one in commit.personal:
            run(connection, statements.add_personal, place | {"subject": one.subject, "ref": one.ref, "salt": one.salt})
        for subject in commit.erased:
            run(connection, statements.erase_personal, row | {"subject": subject})

    def write_all(self, connection: Any, commits: Sequence[Commit], rows: Sequence[Values]) -> None:  # noqa: ANN401  # see `Writes`
        """See `Writes.write_all`."""
        for commit, row in in_order(commits, rows):
            self.write(connection, commit, row)

    def _change(self, connection: Any, commit: Commit, row: Values) -> bool:  # noqa: ANN401, ARG002  # see `Writes`
        return self._database.run(connection, self._statements.change_pilot, row).rowcount == 1

    def _begin(self, connection: Any, commit: Commit, row: Values) -> None:  # noqa: ANN401  # see `Writes`
        try:
            self._database.run(connection, self._statements.begin_pilot, row)
        except self._database.errors as error:
            taken = self._not_begun(connection, commit, row) if self._database.repeats(error) else None
            if taken is None:
                raise
            raise taken from error

    def _keep(self, connection: Any, commit: Commit, receipt: Receipt) -> None:  # noqa: ANN401  # see `Writes`
        place = {"tenant": commit.tenant, "pilot_id": commit.pilot_id}
        kept = {"key": receipt.key, "fingerprint": receipt.fingerprint, "body": receipt.body}
        try:
            self._database.run(connection, self._statements.add_receipt, place | kept)
        except self._database.errors as error:
            if not (self._database.repeats(error) and self._is_kept(connection, commit, receipt.key)):
                raise
            raise Conflict(commit.pilot_id, commit.expected, commit.expected) from error

    def _is_kept(self, connection: Any, commit: Commit, key: str) -> bool:  # noqa: ANN401  # see `Writes`
        where = {"at_tenant": commit.tenant, "at_id": commit.pilot_id, "key": key}
        return self._database.run(connection, self._statements.receipt, where).fetchone() is not None


class SparingIndexes(StepByStep):
    """SQLite, which writes every index anew that has a column in an UPDATE, also where its value stays.

    So the first try sets what an event of that kind changes, and compares the rest instead; measured, a commit takes a
    third less. Where the comparison fails, all is set.
    """

    def _change(self, connection: Any, commit: Commit, row: Values) -> bool:  # noqa: ANN401  # see `Writes`
        moves = [entry for entry in commit.entries if entry.type.startswith("pilot.")]
        likely = self._statements.change_state if moves else self._statements.change_records
        if self._database.run(connection, likely, row).rowcount == 1:
            return True
        return super()._change(connection, commit, row)
