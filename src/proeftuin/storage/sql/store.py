"""The store over SQL: which statements make a load, an append, a history, a page.

1. One read is one statement, so that version, head and receipt are of one moment.
2. An append takes the write lock first, then compares: `UPDATE ... WHERE version = expected`, or an INSERT for a new
   pilot. What did not match is read inside the same transaction, so the `Conflict` names the version that won.
3. Only a taken id, ref or key is told as such. Every other refusal of the database stays an error.
4. A history is read in pages, each its own statement: whoever stops half-way leaves nothing open.
"""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from proeftuin import codec
from proeftuin.errors import BadArgument, Conflict, PilotExists
from proeftuin.spi import Commit, Entry, Head, Loaded, Page, Personal, Query, Receipt, Summary
from proeftuin.spi.checks import MAX_INTEGER, check_commits, check_query, micros, moment, workflow_name
from proeftuin.storage.sql.connections import Connections
from proeftuin.storage.sql.faults import DRIVER, translated, translating
from proeftuin.storage.sql.statements import SUMMARY, Statements

PAGE = 256
WIDTH = len(SUMMARY)

Row = tuple[Any, ...]
Values = dict[str, Any]


class SqlStore:
    """Pilots in the tables of a database. Made by `open_sqlite`."""

    durable = True
    multi_process = True
    multi_pilot = True

    def __init__(self, connections: Connections, statements: Statements, name: str) -> None:
        self._connections = connections
        self._statements = statements
        self._name = name

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        """See `proeftuin.spi.Store.load`."""
        values: Values = {"at_tenant": tenant, "at_id": pilot_id, "have": have}
        if key is None:
            statement = self._statements.load
        else:
            statement = self._statements.load_with_receipt
            values["key"] = key
        row = self._one(statement, values)
        if row is None:
            return None
        version, body, fold, digest = row[:4]
        head = None if body is None else Head(body, fold, digest, _summary(row[4 : 4 + WIDTH]))
        receipt = None if key is None or row[-1] is None else Receipt(key, row[-2], row[-1])
        return Loaded(version, head, receipt)

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        """See `proeftuin.spi.Store.append`."""
        check_commits(commits)
        if not commits:
            return
        rows = [_row(commit) for commit in commits]
        with self._connections.writing() as connection:
            with translating(self._name):
                for commit, row in zip(commits, rows, strict=True):
                    self._write(connection, commit, row)
            if recorded is not None:
                recorded(connection)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `proeftuin.spi.Store.history`."""
        last = MAX_INTEGER if upto is None else upto
        while True:
            values = {"at_tenant": tenant, "at_id": pilot_id, "after": after, "upto": last, "limit": PAGE}
            rows = self._all(self._statements.history, values)
            for version, type_, body, digest in rows:
                # who edits a row by hand may leave text where bytes were; `verify` then still names that very place
                yield Entry(version, type_, body if isinstance(body, bytes) else str(body).encode(), digest)
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        """See `proeftuin.spi.Store.receipt`."""
        row = self._one(self._statements.receipt, {"at_tenant": tenant, "at_id": pilot_id, "key": key})
        return None if row is None else Receipt(key, *row)

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """See `proeftuin.spi.Store.personal`."""
        rows = self._all(self._statements.personal, {"at_tenant": tenant, "at_id": pilot_id})
        return tuple(Personal(*row) for row in rows)

    def find(self, query: Query) -> Page:
        """See `proeftuin.spi.Store.find`."""
        check_query(query)
        filters = _filters(query)
        limit = min(query.limit, MAX_INTEGER - 1)
        rows = self._all(self._statements.find(*filters), {"at_tenant": query.tenant, "limit": limit + 1, **filters})
        items = tuple(_summary(row) for row in rows[:limit])
        return Page(items, items[-1].id if len(rows) > limit else None)

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the field's own word
        """See `proeftuin.spi.Definitions.put_workflow`."""
        place = {"name": name, "version": version}
        with self._connections.writing() as connection, translating(self._name):
            row = connection.execute(self._statements.get_workflow, place).fetchone()
            if row is None:
                connection.execute(self._statements.put_workflow, {**place, "hash": hash, "body": body})
            elif row != (hash, body):
                raise BadArgument("workflow", f"{name}@{version} is kept with other content; give it a new version")

    def get_workflow(self, name: str, version: int) -> bytes | None:
        """See `proeftuin.spi.Definitions.get_workflow`."""
        row = self._one(self._statements.get_workflow, {"name": name, "version": version})
        return None if row is None else bytes(row[1])

    def close(self) -> None:
        """See `proeftuin.spi.Store.close`."""
        self._connections.close()

    def _one(self, statement: str, values: Values) -> Row | None:
        connection = self._connections.take()
        try:
            row: Row | None = connection.execute(statement, values).fetchone()
        except DRIVER as error:
            raise translated(error, self._name) from error
        finally:
            self._connections.give(connection)
        return row

    def _all(self, statement: str, values: Values) -> list[Row]:
        connection = self._connections.take()
        try:
            return connection.execute(statement, values).fetchall()
        except DRIVER as error:
            raise translated(error, self._name) from error
        finally:
            self._connections.give(connection)

    def _write(self, connection: sqlite3.Connection, commit: Commit, row: Values) -> None:
        statements, place = self._statements, {"tenant": commit.tenant, "pilot_id": commit.pilot_id}
        if commit.expected == 0:
            self._begin(connection, commit, row)
        elif connection.execute(statements.change_pilot, row).rowcount != 1:
            self._lost(connection, commit)
        for entry in commit.entries:
            event = {"version": entry.version, "type": entry.type, "digest": entry.digest, "body": entry.body}
            connection.execute(statements.add_event, place | event)
        if commit.receipt is not None:
            self._keep(connection, commit, commit.receipt)
        for one in commit.personal:
            subject = {"subject": one.subject, "ref": one.ref, "salt": one.salt}
            connection.execute(statements.add_personal, place | subject)

    def _begin(self, connection: sqlite3.Connection, commit: Commit, row: Values) -> None:
        try:
            connection.execute(self._statements.begin_pilot, row)
        except sqlite3.IntegrityError as error:
            if connection.execute(self._statements.version, row).fetchone() is not None:
                raise PilotExists(commit.pilot_id) from error
            if row["ref"] is not None and connection.execute(self._statements.ref_taken, row).fetchone() is not None:
                raise PilotExists(commit.pilot_id, row["ref"]) from error
            raise

    def _keep(self, connection: sqlite3.Connection, commit: Commit, receipt: Receipt) -> None:
        kept = {"key": receipt.key, "fingerprint": receipt.fingerprint, "body": receipt.body}
        place = {"tenant": commit.tenant, "pilot_id": commit.pilot_id}
        try:
            connection.execute(self._statements.add_receipt, place | kept)
        except sqlite3.IntegrityError as error:
            where = {"at_tenant": commit.tenant, "at_id": commit.pilot_id, "key": receipt.key}
            if connection.execute(self._statements.receipt, where).fetchone() is None:
                raise
            raise Conflict(commit.pilot_id, commit.expected, commit.expected) from error

    def _lost(self, connection: sqlite3.Connection, commit: Commit) -> NoReturn:
        where = {"at_tenant": commit.tenant, "at_id": commit.pilot_id}
        found = connection.execute(self._statements.version, where).fetchone()
        raise Conflict(commit.pilot_id, commit.expected, 0 if found is None else found[0])


def _row(commit: Commit) -> Values:
    head, summary = commit.head, commit.head.summary
    workflow, workflow_version = workflow_name(summary.workflow)
    return {
        "at_tenant": commit.tenant,
        "at_id": commit.pilot_id,
        "expected": commit.expected,
        "tenant": commit.tenant,
        "id": commit.pilot_id,
        "version": summary.version,
        "ref": summary.ref,
        "workflow": workflow,
        "workflow_version": workflow_version,
        "state": summary.state,
        "phase": summary.phase,
        "outcome": summary.outcome,
        "hold": summary.hold,
        "organisation": summary.organisation,
        "programme": summary.programme,
        "created_at": micros("created_at", summary.created_at),
        "updated_at": micros("updated_at", summary.updated_at),
        "fold": head.fold,
        "digest": head.digest,
        "track_states": codec.encode(summary.track_states).decode(),
        "body": head.body,
    }


def _summary(row: Row) -> Summary:
    name, ref, workflow, workflow_version, version, *plain, track_states, created_at, updated_at = row
    states = tuple(codec.decode(track_states, place=f"the summary of pilot {name!r}"))
    workflow = f"{workflow}@{workflow_version}"
    return Summary(name, ref, workflow, version, *plain, states, moment(created_at), moment(updated_at))  # type: ignore[call-arg]  # the columns between are as many as the fields


def _filters(query: Query) -> Values:
    """Return the values of the filters that were given, by the names in `statements.FILTERS`, in one order."""
    names = ("after", "state", "phase", "organisation", "programme", "ref")
    values = {name: value for name in names if (value := getattr(query, name)) is not None}
    if query.workflow is not None:
        values["workflow"], version = workflow_name(query.workflow)
        if version is not None:
            values["workflow_version"] = version
    if query.track_state is not None:
        values["track_state"] = codec.encode(query.track_state).decode()
    if query.updated_after is not None:
        values["updated_after"] = micros("updated_after", query.updated_after)
    return values
