"""The store over SQL: which statements make a load, an append, a history, a page.

1. One read is one statement, so that version, head and receipt are of one moment.
2. A commit is compared and written by `writes`, each in its own way per database; lanes are kept by `lanes`,
   and workers are woken by `hints`.
3. A history is read in pages, each its own statement: whoever stops half-way leaves nothing open.
4. A read whose connection turns out to be broken is asked once more, on a new one. A write never is: `OutcomeUnknown`
   where it may have been written, `StoreUnavailable` where it was not.
"""

from collections.abc import Callable, Iterator
from itertools import chain, islice

from proeftuin.spi import Commit, Entry, Loaded, Page, Personal, Query, Receipt
from proeftuin.spi.checks import MAX_INTEGER, bounded, check_commits, check_query, in_turn, kept_otherwise
from proeftuin.storage.sql.connections import Supply
from proeftuin.storage.sql.database import Database, Row, Values
from proeftuin.storage.sql.hints import Hints
from proeftuin.storage.sql.keeping import Keeping
from proeftuin.storage.sql.lanes import Lanes
from proeftuin.storage.sql.rows import filters_of, head_of, summary_of, values_of
from proeftuin.storage.sql.timing import Timings
from proeftuin.storage.sql.writes import Writes, WritesEach


class SqlStore(Hints, Lanes, Keeping, Timings):
    """Pilots in the tables of a database. Made by `open_sqlite`, `open_postgresql` and `open_mariadb`."""

    durable = True
    multi_process = True
    multi_pilot = True

    def __init__(self, database: Database, writes: Writes, connections: Supply) -> None:
        super().__init__(database, connections)
        self._writes = writes

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        """See `proeftuin.spi.Store.load`."""
        values: Values = {"at_tenant": tenant, "at_id": pilot_id, "key": key}
        statements = self._statements
        if have is not None:  # most often the caller has the head already; where not, all is read at one moment again
            row = self._one(statements.load_version if key is None else statements.load_version_with_receipt, values)
            if row is None or row[0] == have:
                return None if row is None else Loaded(have, None, _receipt(key, row))
        row = self._one(statements.load if key is None else statements.load_with_receipt, values)
        if row is None:
            return None
        return Loaded(row[0], head_of(row), _receipt(key, row))

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        """See `proeftuin.spi.Store.append`."""
        check_commits(commits)
        if not commits:
            return
        rows = [values_of(commit) for commit in commits]
        if self._writes.whole and len(commits) == 1 and recorded is None and not self._connections.hosted:
            self._append_one(commits[0], rows[0])
            return
        with self._connections.writing() as connection:
            try:
                self._writes.write_all(connection, commits, rows)
            except self._database.errors as error:
                raise self._database.translated(error) from error
            if recorded is not None:
                recorded(connection)

    def _append_one(self, commit: Commit, row: Values) -> None:
        """Write a commit that is one statement: its end is the COMMIT, so what breaks there is judged as such."""
        self._connections.enter()
        connection = self._connections.take()
        try:
            self._writes.write(connection, commit, row)
        except self._database.errors as error:
            raise self._database.at_commit(error) from error
        finally:
            self._connections.give(connection)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `proeftuin.spi.Store.history`."""
        last = MAX_INTEGER if upto is None else bounded(upto)
        where: Values = {"at_tenant": tenant, "at_id": pilot_id, "upto": last}
        for version, type_, body, digest in self._paged(self._statements.history, where, bounded(after)):
            # who edits a row by hand may leave text where bytes were; `verify` then still names that very place
            yield Entry(version, type_, body if isinstance(body, bytes) else str(body).encode(), digest)

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
        filters = filters_of(query)
        limit = min(query.limit, MAX_INTEGER - 1)
        rows = self._all(self._statements.find(*filters), {"at_tenant": query.tenant, "limit": limit + 1, **filters})
        items = tuple(summary_of(row) for row in rows[:limit])
        return Page(items, items[-1].id if len(rows) > limit else None)

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the field's own word
        """See `proeftuin.spi.Definitions.put_workflow`."""
        given = {"name": name, "version": version, "hash": hash, "body": body}
        kept = self._one(self._statements.get_workflow, given)
        if kept is None:
            kept = self._put_workflow(given)
        if kept != (hash, body):
            raise kept_otherwise(name, version)

    def _put_workflow(self, given: Values) -> Row | None:
        """Keep a workflow, and return what is kept: another process may have been first."""
        try:
            with self._connections.writing() as connection:
                self._database.run(connection, self._statements.put_workflow, given)
        except self._database.errors as error:
            if not self._database.repeats(error):
                raise self._database.translated(error) from error
        return self._one(self._statements.get_workflow, given)

    def get_workflow(self, name: str, version: int) -> bytes | None:
        """See `proeftuin.spi.Definitions.get_workflow`."""
        row = self._one(self._statements.get_workflow, {"name": name, "version": version})
        return None if row is None else bytes(row[1])

    def using(self, connection: object) -> "HostedSqlStore":
        """See `proeftuin.spi.Hosted.using`."""
        from proeftuin.storage.sql.hosted import borrowed  # noqa: PLC0415  # loads SQLAlchemy's ORM, for its Session

        supply, after_commit = borrowed(self._database, connection)
        return HostedSqlStore(self._database, self._writes, supply, after_commit)

    def close(self) -> None:
        """See `proeftuin.spi.Store.close`."""
        self._connections.close()


def _receipt(key: str | None, row: Row) -> Receipt | None:
    return None if key is None or row[-1] is None else Receipt(key, row[-2], row[-1])


class HostedSqlStore(SqlStore):
    """The same inside a transaction of the host."""

    def __init__(
        self,
        database: Database,
        writes: Writes,
        connections: Supply,
        after_commit: Callable[[Callable[[], None]], object] | None,
    ) -> None:
        super().__init__(database, writes, connections)
        self.after_commit = after_commit


class StreamingSqlStore(SqlStore):
    """The store over SQL, which also writes while more is being made."""

    _writes: WritesEach

    def append_each(self, commits: Iterator[Commit], *, recorded: Callable[[object], None] | None = None) -> None:
        """See `proeftuin.spi.Streams.append_each`."""
        failed: list[Exception] = []
        made = _kept(commits, failed)
        first = list(islice(made, self._writes.part))
        if len(first) < self._writes.part:  # that is all: until here nothing had to be sent, nor a connection taken
            self.append(*first, recorded=recorded)
            return
        with self._connections.writing() as connection:
            try:
                self._writes.write_each(connection, ((one, values_of(one)) for one in chain(first, made)))
            except self._database.errors as error:
                if failed:  # what made them is not of the driver
                    raise
                raise self._database.translated(error) from error
            if recorded is not None:
                recorded(connection)


def _kept(commits: Iterator[Commit], failed: list[Exception]) -> Iterator[Commit]:
    """Give commits, and keep what the making of one failed with."""
    try:
        yield from in_turn(commits)
    except Exception as error:
        failed.append(error)
        raise
