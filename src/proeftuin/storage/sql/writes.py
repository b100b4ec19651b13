"""How one commit is written: step by step, or, where a database can, in one statement.

Both compare first: `UPDATE ... WHERE version = expected`, or an INSERT for a new pilot. What did not match is read
afterwards, so the `Conflict` names the version that won. Only a taken id, ref or key is told as such; every other
refusal of the database stays an error.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NoReturn, Protocol

from attrs import frozen
from sqlalchemy import CTE, BigInteger, LargeBinary, String, bindparam, column, func, insert, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as insert_unless_taken
from sqlalchemy.sql import FromClause
from sqlalchemy.types import TypeEngine

from proeftuin.errors import Conflict, PilotExists
from proeftuin.spi import Commit, Receipt
from proeftuin.storage.sql.database import Database, Values
from proeftuin.storage.sql.statements import Statement, Statements, at, beginning, changes


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


class _Judging:
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


class StepByStep(_Judging):
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
        if commit.receipt is not None:
            self._keep(connection, commit, commit.receipt)
        for one in commit.personal:
            run(connection, statements.add_personal, place | {"subject": one.subject, "ref": one.ref, "salt": one.salt})

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
        moves = any(entry.type.startswith("pilot.") for entry in commit.entries)
        likely = self._statements.change_state if moves else self._statements.change_records
        if self._database.run(connection, likely, row).rowcount == 1:
            return True
        return super()._change(connection, commit, row)


class InOneStatement(_Judging):
    """PostgreSQL: head, events, receipt and subjects in one statement, whose parts write only where the head fitted.

    Measured against the naive six round trips it is 1.3 to 1.5 times as fast.
    """

    whole = True

    def write(self, connection: Any, commit: Commit, row: Values) -> None:  # noqa: ANN401  # see `Writes`
        """See `Writes.write`."""
        entries, receipt, personal = commit.entries, commit.receipt, commit.personal
        shape = _Shape(commit.expected == 0, len(entries) > 1, receipt is not None, bool(personal))
        text = _statement(self._statements, shape)
        if shape.several:
            row |= {f"{name}s": [getattr(one, name) for one in entries] for name in EVENT}
        else:
            row |= {f"event_{name}": getattr(entries[0], name) for name in EVENT}
        if receipt is not None:
            row["key"], row["fingerprint"], row["receipt"] = receipt.key, receipt.fingerprint, receipt.body
        if personal:
            row["subjects"] = [one.subject for one in personal]
            row["refs"] = [one.ref for one in personal]
            row["salts"] = [one.salt for one in personal]
        try:
            written = self._database.run(connection, text, row).fetchone()
        except self._database.errors as error:
            if receipt is not None and self._database.repeats(error) and self._of_receipts(error):
                raise Conflict(commit.pilot_id, commit.expected, commit.expected) from error
            raise
        if written[0] != 1:
            self._unfit(connection, commit, row)

    def _of_receipts(self, error: Exception) -> bool:
        diagnosis = getattr(error, "diag", None)
        return getattr(diagnosis, "table_name", None) == self._statements.tables.receipts.name

    def _unfit(self, connection: Any, commit: Commit, row: Values) -> NoReturn:  # noqa: ANN401  # see `Writes`
        if commit.expected:
            self._lost(connection, commit, row)
        raise self._not_begun(connection, commit, row) or Conflict(commit.pilot_id, 0, 0)


EVENT: dict[str, TypeEngine[Any]] = {
    "version": BigInteger(),
    "type": String(),
    "digest": String(),
    "body": LargeBinary(),
}
RECEIPT: dict[str, TypeEngine[Any]] = {"key": String(), "fingerprint": String(), "receipt": LargeBinary()}


@frozen
class _Shape:
    """What a commit holds, and so which statement writes it."""

    begins: bool
    several: bool
    receipt: bool
    personal: bool


@lru_cache(maxsize=64)
def _statement(statements: Statements, shape: _Shape) -> Statement:
    """Return the one statement for commits of a shape.

    Note:
        One event, as most commits have, is given as plain values: measured, arrays take a quarter more.
    """
    tables = statements.tables
    pilots, name = tables.pilots, String()
    head = (
        insert_unless_taken(pilots).values(beginning(pilots)).on_conflict_do_nothing()
        if shape.begins
        else update(pilots).where(at(pilots, "id"), pilots.c.version == bindparam("expected")).values(changes(pilots))
    )
    written = head.returning(pilots.c.id).cte("written")
    place = [bindparam("tenant", type_=name).label("tenant"), bindparam("id", type_=name).label("pilot_id")]

    def added(table: FromClause, names: Sequence[str], given: FromClause | None, values: list[Any]) -> CTE:
        source: FromClause = written if given is None else given.join(written, true())
        rows = select(*place, *values).select_from(source)
        return insert(table).from_select(["tenant", "pilot_id", *names], rows).cte(f"added_{len(parts)}")  # type: ignore[arg-type]  # a table

    parts: list[CTE] = []
    events = _rows("event", **{f"{one}s": kind for one, kind in EVENT.items()}) if shape.several else None
    values = [_value(f"event_{one}", kind) for one, kind in EVENT.items()] if events is None else list(events.c)
    parts.append(added(tables.events, list(EVENT), events, values))
    if shape.receipt:
        values = [_value(one, kind) for one, kind in RECEIPT.items()]
        parts.append(added(tables.receipts, ["key", "fingerprint", "body"], None, values))
    if shape.personal:
        people = _rows("person", subjects=name, refs=name, salts=LargeBinary())
        parts.append(added(tables.personal, ["subject", "ref", "salt"], people, list(people.c)))
    return statements.text(select(func.count()).select_from(written).add_cte(*parts))


def _value(name: str, kind: TypeEngine[Any]) -> Any:  # noqa: ANN401  # a column
    return bindparam(name, type_=kind).label(name)


def _rows(title: str, **columns: Any) -> FromClause:  # noqa: ANN401  # types of columns
    """Return rows given as one array a column."""
    arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in columns.items()]
    return (
        func.unnest(*arrays)
        .table_valued(*(column(name, kind) for name, kind in columns.items()))
        .render_derived(name=title)
    )
