"""What the errors of PostgreSQL and MariaDB mean in our words, and that none of them tells what is secret."""

import pickle
from collections.abc import Iterable

import psycopg
import pymysql
import pytest
from psycopg import errors as psycopg_errors

from proeftuin.errors import (
    BadArgument,
    CorruptStore,
    OutcomeUnknown,
    ProeftuinError,
    SchemaTooOld,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from proeftuin.storage.sql import mariadb, postgresql, server
from proeftuin.storage.sql.database import translating
from proeftuin.storage.sql.mariadb import MariadbDatabase, mariadb_database
from proeftuin.storage.sql.postgresql import PostgresqlDatabase, postgresql_database
from proeftuin.storage.sql.schema import Upgradable

WORD = "hunter2"
ON_POSTGRESQL = postgresql_database(f"postgresql://zaphod:{WORD}@db.example/pilots?sslpassword={WORD}")
ON_MARIADB = mariadb_database(f"mariadb://zaphod:{WORD}@db.example/pilots?ssl_key={WORD}")

KINDS: dict[str, type[ProeftuinError]] = {
    "absent": StoreUnavailable,
    "barred": StoreUnavailable,
    "busy": StoreBusy,
    "crowded": StoreBusy,
    "damaged": CorruptStore,
    "full": StoreFull,
    "lost": StoreUnavailable,
    "no tables": SchemaTooOld,
    "other": StoreError,
    "read-only": StoreUnavailable,
    "value": BadArgument,
}

# As the servers name them: SQLSTATE -> what it means. What begins with a class of its own has that of its class.
STATES = {
    "08000": "lost",
    "08006": "lost",
    "22001": "value",
    "22003": "value",
    "22021": "value",
    "23502": "other",
    "23505": "other",
    "25006": "read-only",
    "25P02": "other",
    "25P03": "busy",
    "28000": "barred",
    "28P01": "barred",
    "3D000": "absent",
    "3F000": "absent",
    "40001": "busy",
    "40P01": "busy",
    "42501": "barred",
    "42601": "other",
    "42P01": "no tables",
    "53100": "full",
    "53200": "full",
    "53300": "crowded",
    "53400": "full",
    "54000": "full",
    "55P03": "busy",
    "57014": "busy",
    "57P01": "lost",
    "57P02": "lost",
    "57P03": "lost",
    "58030": "other",
    "XX000": "other",
    "XX001": "damaged",
    "XX002": "damaged",
}
# What the server says to whoever it does not let in -> what it means.
TEXTS = {
    "FATAL:  sorry, too many clients already": "crowded",
    "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute": "crowded",
    'FATAL:  role "zaphod" does not exist': "barred",
    'FATAL:  database "pilots" does not exist': "absent",
    'FATAL:  password authentication failed for user "zaphod"': "barred",
    "fe_sendauth: no password supplied": "barred",
    'FATAL:  no pg_hba.conf entry for host "127.0.0.1", user "zaphod", database "pilots"': "barred",
    'FATAL:  permission denied for database "pilots"': "barred",
    'FATAL:  role "zaphod" is not permitted to log in': "barred",
    "connection refused": "lost",
}
NUMBERS = {
    1020: "busy",
    1205: "busy",
    1213: "busy",
    1969: "busy",
    3024: "busy",
    1040: "crowded",
    1203: "crowded",
    1226: "crowded",
    3: "full",
    28: "full",
    1021: "full",
    1114: "full",
    1297: "full",
    0: "lost",
    1053: "lost",
    1077: "lost",
    1152: "lost",
    1158: "lost",
    1159: "lost",
    1160: "lost",
    1161: "lost",
    1184: "lost",
    1927: "lost",
    2000: "lost",
    2001: "lost",
    2002: "lost",
    2003: "lost",
    2006: "lost",
    2013: "lost",
    2014: "lost",
    2026: "lost",
    2055: "lost",
    4031: "lost",
    1044: "barred",
    1045: "barred",
    1142: "barred",
    1143: "barred",
    1227: "barred",
    1698: "barred",
    1049: "absent",
    1146: "no tables",
    1290: "read-only",
    1792: "read-only",
    1836: "read-only",
    1153: "value",
    1264: "value",
    1301: "value",
    1366: "value",
    1406: "value",
    126: "damaged",
    127: "damaged",
    145: "damaged",
    1034: "damaged",
    1194: "damaged",
    1712: "damaged",
    1064: "other",
    1062: "other",
}


def by_state(state: str) -> psycopg.Error:
    return psycopg_errors.lookup(state)(f"the server's own text, with {WORD}")


def by_number(number: int) -> pymysql.Error:
    return pymysql.err.OperationalError(number, f"the server's own text, with {WORD}")


ERRORS: list[tuple[Upgradable, Exception, str]] = [
    *((ON_POSTGRESQL, by_state(state), word) for state, word in STATES.items()),
    (ON_POSTGRESQL, psycopg.OperationalError(f"the driver's own text, with {WORD}"), "lost"),
    *((ON_POSTGRESQL, psycopg.OperationalError(f"{text} {WORD}"), word) for text, word in TEXTS.items()),
    (ON_POSTGRESQL, psycopg.InterfaceError("the connection is closed"), "lost"),
    (ON_POSTGRESQL, psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), "value"),
    (ON_POSTGRESQL, psycopg.ProgrammingError("no results"), "other"),
    (ON_POSTGRESQL, UnicodeEncodeError("utf-8", "\ud800", 0, 1, WORD), "value"),
    (ON_POSTGRESQL, OverflowError(WORD), "value"),
    *((ON_MARIADB, by_number(number), word) for number, word in NUMBERS.items()),
    (ON_MARIADB, pymysql.err.InterfaceError(0, ""), "lost"),
    (ON_MARIADB, pymysql.err.Error("Already closed"), "other"),
    (ON_MARIADB, pymysql.err.ProgrammingError(), "other"),
    (ON_MARIADB, OSError(28, WORD), "lost"),
    (ON_MARIADB, ConnectionResetError(WORD), "lost"),
    (ON_MARIADB, UnicodeEncodeError("utf-8", "\ud800", 0, 1, WORD), "value"),
    (ON_MARIADB, OverflowError(WORD), "value"),
]


def names(errors: Iterable[tuple[Upgradable, Exception, str]]) -> list[str]:
    return [f"{type(database).__name__[:-8]}-{error!r:.40}" for database, error, _ in errors]


@pytest.mark.parametrize(("database", "error", "word"), ERRORS, ids=names(ERRORS))
def test_each_error_of_a_driver_becomes_ours(database: Upgradable, error: Exception, word: str) -> None:
    """Each code has its class; the message names server and code, holds nothing secret, and can be pickled."""
    with pytest.raises(KINDS[word]) as caught, translating(database):
        raise error
    assert KINDS[word] is type(caught.value)
    assert error is caught.value.__cause__
    told = str(caught.value)
    code = getattr(error, "sqlstate", None) or next((one for one in error.args[:1] if isinstance(one, int)), None)
    assert (True, True) == ("db.example" in told, str(type(error).__name__ if code is None else code) in told)
    assert [] == [secret for secret in (WORD, "zaphod", "ssl") if secret in told + repr(caught.value)]
    assert told == str(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301  # our own bytes


@pytest.mark.parametrize(("database", "error", "word"), ERRORS, ids=names(ERRORS))
def test_only_a_lost_connection_leaves_the_outcome_open(database: Upgradable, error: Exception, word: str) -> None:
    """At COMMIT a lost connection means that it may have been written; whatever else is said means that nothing was."""
    expected = OutcomeUnknown if word == "lost" else KINDS[word]
    told = database.at_commit(error)
    assert expected is type(told)
    assert WORD not in str(told)


def test_each_code_that_has_a_meaning_is_tried() -> None:
    """No code and no word stands in the tables of faults that the lists above leave out."""
    tried = {state[:length] for state in STATES for length in (2, 3, 5)}
    assert set() == set(postgresql.STATES) - tried
    assert [] == [one for one in postgresql.REFUSALS if not any(one in text for text in TEXTS)]
    assert set() == set(mariadb.NUMBERS) - set(NUMBERS)
    assert set(KINDS) == {*server._TOLD, "value"}


@pytest.mark.parametrize(
    ("database", "error", "expected"),
    [
        (ON_POSTGRESQL, by_state("23505"), True),
        (ON_POSTGRESQL, by_state("23502"), False),
        (ON_POSTGRESQL, psycopg.OperationalError("lost"), False),
        (ON_POSTGRESQL, OverflowError(), False),
        (ON_MARIADB, pymysql.err.IntegrityError(1062, "Duplicate entry"), True),
        (ON_MARIADB, pymysql.err.IntegrityError(1048, "cannot be null"), False),
        (ON_MARIADB, ConnectionResetError(), False),
    ],
)
def test_only_a_taken_key_repeats(
    database: PostgresqlDatabase | MariadbDatabase,
    error: Exception,
    expected: bool,  # noqa: FBT001  # what is expected
) -> None:
    """A key that is taken is told from every other refusal of a row."""
    assert expected is database.repeats(error)
