"""Each statement of this process, heard at the driver: SQLite, PostgreSQL and MariaDB alike."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import pymysql

from tests.stores import spied

Listener = Callable[[str, bool], None]

WRITES = re.compile(r"(BEGIN|COMMIT|INSERT|UPDATE|WITH)\b")
TABLES = re.compile(r'(?:INSERT INTO|UPDATE) "?(\w+)')


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Tell a listener of each statement, before and after it is run; SQLite must have been opened under `spying`."""
    with ExitStack() as stack:
        stack.enter_context(spied(listener))
        for kind, name in ((psycopg.Cursor, "execute"), (pymysql.Connection, "query")):
            stack.enter_context(patch.object(kind, name, _telling(getattr(kind, name), listener)))
        yield


def _telling(real: Callable[..., Any], listener: Listener) -> Callable[..., Any]:
    def run(one: object, statement: str | bytes, *values: Any, **options: Any) -> Any:
        text = statement if isinstance(statement, str) else statement.decode(errors="replace")
        listener(text, False)  # noqa: FBT003  # before it is run
        result = real(one, statement, *values, **options)
        listener(text, True)  # noqa: FBT003  # after it was run
        return result

    return run


def point(statement: str) -> str | None:
    """What a statement of an append is called: `BEGIN`, `UPDATE pilots`; None for one that only reads or sets."""
    found = WRITES.match(statement)
    return None if found is None else " ".join([found[1], *TABLES.findall(statement)])
