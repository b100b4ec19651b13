"""What the databases differ in: how a connection is opened and used, and what its errors mean in our words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from proeftuin.errors import BadArgument, ProeftuinError
from proeftuin.storage.sql.statements import Statement, Statements
from proeftuin.storage.sql.tables import Tables, tables_in

DEFAULT_PATIENCE = 5.0
LONGEST_PREFIX = 24

Row = tuple[Any, ...]
Values = dict[str, Any]


class Cursor(Protocol):
    """What a statement gives; every driver's cursor is one."""

    @property
    def rowcount(self) -> int:
        """How many rows were written."""

    def fetchone(self) -> Any:  # noqa: ANN401  # a row, or None
        """Return the next row."""

    def fetchall(self) -> Sequence[Any]:
        """Return the rows that are left."""


class Database(Protocol):
    """One database, as its store uses it. A connection is in no transaction until `begin` is run on it."""

    @property
    def name(self) -> str:
        """The database as the user wrote it, without what is secret."""

    @property
    def patience(self) -> float:
        """How long to wait for others, in seconds."""

    @property
    def size(self) -> int:
        """How many connections there may be at once; 0 for any number."""

    @property
    def one_writer(self) -> bool:
        """Whether one thread of the process writes at a time."""

    @property
    def begin(self) -> str:
        """The statement that begins a transaction which writes."""

    @property
    def statements(self) -> Statements:
        """The statements on pilots."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises."""

    def open(self) -> Any:  # noqa: ANN401  # the driver's own connection
        """Open a connection, with its settings made and read back."""

    def run(self, connection: Any, text: Statement, values: Values) -> Cursor:  # noqa: ANN401  # the driver's own connection
        """Run a statement."""

    def do(self, connection: Any, text: str) -> object:  # noqa: ANN401  # the same
        """Run a statement that has no values and gives nothing."""

    def in_transaction(self, connection: Any) -> bool:  # noqa: ANN401  # the same
        """Whether a connection has a transaction open."""

    def alive(self, connection: Any) -> bool:  # noqa: ANN401  # the same
        """Whether a connection can be used again, as far as that shows without asking the server."""

    def quiet(self, connection: Any) -> bool:  # noqa: ANN401  # the same
        """Whether a server has said nothing on a connection that lies idle; what it says then is that it closed it."""

    def adopted(self, connection: object) -> Any:  # noqa: ANN401  # the same
        """Return a connection of the host, where it is one of this driver on which values come back exactly.

        Raises:
            BadArgument: for another one.
        """

    def join(self, connection: Any) -> None:  # noqa: ANN401  # the same
        """Make sure that a connection of the host is in a transaction, which the host will end.

        Raises:
            BadArgument: where each statement is committed by itself.
        """

    def translated(self, error: BaseException) -> ProeftuinError:
        """Return our error for one of the driver's."""

    def at_commit(self, error: BaseException) -> ProeftuinError:
        """Return our error for one that COMMIT raised: it may have been written where that cannot be told."""

    def repeats(self, error: BaseException) -> bool:
        """Whether an error says that a unique key is taken."""

    def scrub(self, connection: Any) -> None:  # noqa: ANN401  # the same
        """Write anew what still holds what was deleted from the table of personal refs, outside any transaction.

        Raises:
            StoreBusy: while others read it.
            StoreUnavailable: where this user may not.
        """

    def names_taken(self, connection: Any) -> set[str]:  # noqa: ANN401  # the same
        """Return the names in the place of our tables that no other table has, nor an index where both share them."""


@contextmanager
def translating(database: Database) -> Iterator[None]:
    """Raise the driver's errors as ours."""
    try:
        yield
    except database.errors as error:
        raise database.translated(error) from error


def foreign(connection: object, wanted: str) -> BadArgument:
    """Return the refusal of a connection of another kind."""
    kind = type(connection)
    return BadArgument("connection", f"a {kind.__module__}.{kind.__qualname__} is none of this store's; give {wanted}")


def commits_each() -> BadArgument:
    """Return the refusal of a connection on which no transaction was begun, and none will be ended."""
    return BadArgument("connection", "it commits each statement by itself; begin a transaction first")


# -- URLs ----------------------------------------------------------------------------------------------------------


def parsed(url: str, example: str) -> URL:
    """Read a URL.

    Raises:
        BadArgument: for what is none, without repeating it, as it may hold a password.
    """
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadArgument("url", f"it is no URL of a store; write {example}") from error


def option(url: URL, name: str, otherwise: str) -> str:
    """Return one option of a URL, which may be given once."""
    value = url.query.get(name, otherwise)
    if not isinstance(value, str):
        raise BadArgument("url", f"{name} is given {len(value)} times")
    return value


def seconds(url: URL, name: str, otherwise: float) -> float:
    """Return an option that is a number of seconds, up to an hour."""
    value = option(url, name, str(otherwise))
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= 3600:  # noqa: PLR2004  # an hour; SQLite counts milliseconds in 31 bits
        raise BadArgument("url", f"{name}={value} is no number of seconds from 0 to 3600")
    return number


def whole(url: URL, name: str, otherwise: int, most: int) -> int:
    """Return an option that is a number from 1 on."""
    value = option(url, name, str(otherwise))
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= most):
        raise BadArgument("url", f"{name}={value} is no number from 1 to {most}")
    return int(value)


def place(url: URL) -> Tables:
    """Return the tables that the options `prefix` and `schema` of a URL name."""
    prefix, schema = option(url, "prefix", ""), option(url, "schema", "")
    if len(prefix.encode(errors="replace")) > LONGEST_PREFIX or not (prefix + schema + "x").isprintable():
        raise BadArgument("url", f"prefix must be printable, and no longer than {LONGEST_PREFIX} bytes")
    return tables_in(prefix, schema or None)
