"""Inside a transaction of the host: our rows and the host's are kept together or not at all.

1. What is given may be a SQLAlchemy Session or Connection, Django's connection, or the driver's own. In the end it is a
   connection of the driver that the store uses, already in a transaction, or one on which the host will end it.
2. Each of our writes is a savepoint, so that a conflict leaves nothing of ours and the host's transaction as it was.
3. Only a Session can tell when its outermost transaction was committed; for all else the host gives a registrar.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from proeftuin.errors import BadArgument, Reentered
from proeftuin.storage.sql.database import Database, translating

Call = Callable[[], None]


class Borrowed:
    """The host's connection, as a supply of connections; see `connections.Supply`."""

    hosted = True

    def __init__(self, database: Database, given: Callable[[], Any]) -> None:
        self._database = database
        self._given = given
        self._writing = False

    def take(self) -> Any:  # noqa: ANN401  # the driver's own connection
        """Return the host's connection."""
        return self._given()

    def spare(self) -> None:
        """Return none: what is sent on the host's is sent when the host commits, and not before."""

    def give(self, connection: Any) -> None:  # noqa: ANN401  # the same
        """Leave it to the host."""

    def there(self) -> None:
        """Leave it to the host."""

    def enter(self) -> None:
        """Refuse to write from inside a `recorded` callback."""
        if self._writing:
            raise Reentered("a `recorded` callback")

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """Hold a savepoint for a block: kept at its end, undone by whatever is raised in it."""
        self.enter()
        database, connection = self._database, self.take()
        with translating(database):
            database.join(connection)
            database.do(connection, "SAVEPOINT proeftuin")
        self._writing = True
        try:
            yield connection
        except BaseException:
            with suppress(*database.errors):  # where the database has undone all by itself, or is gone
                database.do(connection, "ROLLBACK TO SAVEPOINT proeftuin")
                database.do(connection, "RELEASE SAVEPOINT proeftuin")
            raise
        finally:
            self._writing = False
        with translating(database):
            database.do(connection, "RELEASE SAVEPOINT proeftuin")

    def close(self) -> None:
        """Leave it to the host."""


def borrowed(database: Database, connection: object) -> tuple[Borrowed, Callable[[Call], object] | None]:
    """Return a supply of what the host gave, and what registers calls for after its commit, if that can be told.

    Raises:
        BadArgument: for what is no connection to such a database.
    """
    if isinstance(connection, Session):
        session = connection
        supply = Borrowed(database, lambda: database.adopted(_of(session.connection())))
        supply.take()
        return supply, AfterCommit.of(session)
    if isinstance(connection, Connection):
        shared = connection
        given = lambda: database.adopted(_of(shared))  # noqa: E731  # as the one above
    elif hasattr(connection, "ensure_connection"):  # Django's, which opens its own when it is first used
        wrapper: Any = connection
        given = lambda: database.adopted(_django(wrapper))  # noqa: E731  # the same
    else:
        given = lambda: database.adopted(connection)  # noqa: E731  # the same
    supply = Borrowed(database, given)
    supply.take()
    return supply, None


def _of(connection: Connection) -> object:
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.driver_connection


def _django(wrapper: Any) -> object:  # noqa: ANN401  # Django is not installed here
    wrapper.ensure_connection()
    if not wrapper.in_atomic_block and wrapper.get_autocommit():
        raise BadArgument("connection", "Django commits each statement here; use transaction.atomic()")
    return wrapper.connection


@frozen
class _Waiting:
    """A call that waits for the commit, and the transactions that it was given in, the innermost first."""

    call: Call
    within: frozenset[SessionTransaction]


class AfterCommit:
    """Calls what was registered once the outermost transaction of a Session is committed.

    What was registered inside a transaction or savepoint that is rolled back is forgotten.
    """

    KEY = "proeftuin.after_commit"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: list[_Waiting] = []
        event.listen(session, "after_commit", self._committed)
        event.listen(session, "after_soft_rollback", self._rolled_back)
        event.listen(session, "after_transaction_end", self._ended)

    @classmethod
    def of(cls, session: Session) -> "AfterCommit":
        """Return the one of a session."""
        found = session.info.get(cls.KEY)
        if not isinstance(found, AfterCommit):
            found = session.info[cls.KEY] = cls(session)
        return found

    def __call__(self, call: Call) -> None:
        """Have a function called after the commit."""
        within: set[SessionTransaction] = set()
        one = self._session.get_nested_transaction() or self._session.get_transaction()
        while one is not None:
            within.add(one)
            one = one.parent
        self._waiting.append(_Waiting(call, frozenset(within)))

    def _committed(self, session: Session) -> None:
        if session.in_nested_transaction():
            return
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.call()

    def _ended(self, session: Session, transaction: SessionTransaction) -> None:  # noqa: ARG002  # SQLAlchemy's
        """Forget what waits still: `Session.close` undoes all, and tells of no rollback."""
        if transaction.parent is None:
            self._waiting = []

    def _rolled_back(self, session: Session, transaction: SessionTransaction) -> None:  # noqa: ARG002  # SQLAlchemy's
        self._waiting = [one for one in self._waiting if transaction not in one.within]
