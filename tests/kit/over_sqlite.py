"""Stores on SQLite that treat connections and transactions wrongly."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, cast

from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict, OutcomeUnknown, StoreError
from proeftuin.spi import Claim, Commit, Loaded, Receipt
from tests.kit.mutant import OnSqlite

Recorded = Callable[[object], None] | None


class M28(OnSqlite):
    """Swallows whatever goes wrong at COMMIT, and says that all is well."""

    named: ClassVar[tuple[str, ...]] = ("I03", "B08")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        with suppress(sqlite3.Error, OutcomeUnknown, StoreError):
            super().append(*commits, recorded=recorded)


class M29(OnSqlite):
    """Tries a commit of unknown outcome again by itself, on the version that it then finds."""

    named: ClassVar[tuple[str, ...]] = ("H09",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except OutcomeUnknown:
            super().append(*(rebased(self, one) for one in commits))


def rebased(store: OnSqlite, commit: Commit) -> Commit:
    """The commit as if it had been decided on what is stored now."""
    loaded = store.load(commit.tenant, commit.pilot_id)
    found = loaded.version if loaded else 0
    entries = tuple(replace(one, version=found + place) for place, one in enumerate(commit.entries, 1))
    summary = replace(commit.head.summary, version=found + len(entries))
    return replace(
        commit, expected=found, entries=entries, head=replace(commit.head, summary=summary), receipts=(), personal=()
    )


class M32(OnSqlite):
    """Keeps what it read, and does not forget it when it lost a race."""

    named: ClassVar[tuple[str, ...]] = ("C06",)

    def begin(self) -> None:
        self._known: dict[tuple[str, str], Loaded] = {}

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        if key is not None or have is not None:
            return super().load(tenant, pilot_id, key=key, have=have)
        if (tenant, pilot_id) not in self._known:
            loaded = super().load(tenant, pilot_id)
            if loaded is None:
                return None
            self._known[tenant, pilot_id] = loaded
        return self._known[tenant, pilot_id]

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*commits, recorded=recorded)
        for one in commits:
            self._known.pop((one.tenant, one.pilot_id), None)


class StaleClient(M32):
    """Keeps what it read, also where another client went on."""

    named: ClassVar[tuple[str, ...]] = ("C11",)


class M37(OnSqlite):
    """Leaves a transaction open when an append fails."""

    named: ClassVar[tuple[str, ...]] = ("B11", "Q01")

    def begin(self) -> None:
        self._left: list[sqlite3.Connection] = []

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except BaseException:
            self._left.append(sqlite3.connect(self.file, timeout=0, isolation_level=None, check_same_thread=False))
            with suppress(sqlite3.OperationalError):  # one that was left open already is enough
                self._left[-1].execute("BEGIN IMMEDIATE")
            raise

    def close(self) -> None:
        while self._left:
            self._left.pop().close()
        super().close()


class M38(OnSqlite):
    """Takes no notice of the host's transaction, and commits by itself."""

    named: ClassVar[tuple[str, ...]] = ("B05", "B06")
    after_commit = None

    def using(self, connection: object) -> Any:
        return self


class M47(OnSqlite):
    """Writes a value into the text of a statement."""

    named: ClassVar[tuple[str, ...]] = ("Q05", "D07")

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        with sqlite3.connect(self.file) as connection:
            place = f"tenant = '{tenant}' AND pilot_id = '{pilot_id}' AND key = '{key}'"
            row = connection.execute(f"SELECT fingerprint, body FROM receipts WHERE {place}").fetchone()  # noqa: S608  # the fault itself
        connection.close()
        return None if row is None else Receipt(key, *row)


class HoldsFiles(OnSqlite):
    """Opens the file anew for each question, and never closes it."""

    named: ClassVar[tuple[str, ...]] = ("Q01",)

    def begin(self) -> None:
        self._open: list[sqlite3.Connection] = []

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        self._open.append(sqlite3.connect(self.file, check_same_thread=False))
        self._open[-1].execute("SELECT 1 FROM pilots")
        return super().load(tenant, pilot_id, key=key, have=have)

    def close(self) -> None:
        while self._open:
            self._open.pop().close()
        super().close()


class DriversOwn(OnSqlite):
    """Tells the errors of the driver as they are."""

    named: ClassVar[tuple[str, ...]] = ("B11", "C01", "I01")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except Conflict as error:
            raise sqlite3.OperationalError(f"{error}") from error


class CommitsEarly(OnSqlite):
    """Commits before it calls back."""

    named: ClassVar[tuple[str, ...]] = ("B08", "B01")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*commits)
        if recorded is not None and commits:
            recorded(None)


class CommitsLate(OnSqlite):
    """Says that all is well, and writes when it comes to it: at the next question, or at the end."""

    named: ClassVar[tuple[str, ...]] = ("B09",)

    def begin(self) -> None:
        self._waiting: list[Commit] = []

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        self._flush()
        if recorded is None:
            self._waiting.extend(commits)
        else:
            super().append(*commits, recorded=recorded)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        self._flush()
        return super().load(tenant, pilot_id, key=key, have=have)

    def close(self) -> None:
        self._flush()
        super().close()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            super().append(one)


class AtClose(OnSqlite):
    """Deletes subjects when it is closed."""

    named: ClassVar[tuple[str, ...]] = ("A11",)

    def close(self) -> None:
        self.statement("DELETE FROM personal")
        super().close()


class AtOpen(OnSqlite):
    """Empties the receipts when it is opened."""

    named: ClassVar[tuple[str, ...]] = ("J01", "H06")

    def begin(self) -> None:
        self.statement("DELETE FROM receipts")


class Rebases(OnSqlite):
    """Writes on the version that it finds when it lost a race, as if it had been decided on that one."""

    named: ClassVar[tuple[str, ...]] = ("C14",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        while True:
            try:
                super().append(*commits, recorded=recorded)
            except Conflict as error:
                if error.actual == error.expected:
                    raise
                commits = tuple(rebased(self, one) for one in commits)
            else:
                return


class NewsInMemory(OnSqlite):
    """Remembers by itself which pilots have news, until it is asked to fan out."""

    named: ClassVar[tuple[str, ...]] = ("F02",)

    def begin(self) -> None:
        self._news: list[tuple[str, str]] = []

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*commits, recorded=recorded)
        for one in commits:
            self._news.append((one.tenant, one.pilot_id))
            self.statement("UPDATE pilots SET undelivered_since = NULL WHERE tenant = ? AND id = ?", *self._news[-1])

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        while self._news:
            self.statement("UPDATE pilots SET undelivered_since = 1 WHERE tenant = ? AND id = ?", *self._news.pop())
        return super().fan_out(tenant, now=now, limit=limit)


class LetsGo(OnSqlite):
    """Lets go of its claims when it is closed."""

    named: ClassVar[tuple[str, ...]] = ("G06",)

    def begin(self) -> None:
        self._claims: list[Claim] = []

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        found = super().claim(tenant, subscriber, now=now, until=until, limit=limit)
        self._claims += found
        return found

    def close(self) -> None:
        while self._claims:
            one = self._claims.pop()
            self.statement(
                "UPDATE lanes SET claimed = 0, due = 1 WHERE tenant = ? AND subscriber = ? AND pilot_id = ?",
                one.tenant,
                one.subscriber,
                one.pilot_id,
            )
        super().close()


class Autocommits(M38):
    """Takes no notice of a savepoint either."""

    named: ClassVar[tuple[str, ...]] = ("B07",)


class RollsBackAll(OnSqlite):
    """Rolls back the whole transaction of the host when an append in it is refused."""

    named: ClassVar[tuple[str, ...]] = ("B07",)

    def using(self, connection: object) -> Any:
        hosted: Any = super().using(connection)
        append, host = hosted.append, cast("Any", connection)

        def all_or_all(*commits: Commit, recorded: Recorded = None) -> None:
            try:
                append(*commits, recorded=recorded)
            except BaseException:
                host.rollback()
                raise

        hosted.append = all_or_all
        return hosted


class RemembersDefinitions(OnSqlite):
    """Keeps definitions in memory alone."""

    named: ClassVar[tuple[str, ...]] = ("A18",)

    def begin(self) -> None:
        super().begin()
        self.definitions: dict[tuple[str, int], tuple[str, bytes]] = {}

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the port's own word
        if self.definitions.setdefault((name, version), (hash, body)) != (hash, body):
            raise BadArgument("workflow", "is kept with other content")

    def get_workflow(self, name: str, version: int) -> bytes | None:
        return self.definitions.get((name, version), ("", None))[1]
