"""What a database holds, as its own catalog says it: to compare what was made with what is declared, or with before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, make_url

from proeftuin.storage.sql.server import OURS

AS_IT_IS = {"no_parameters": True}  # a percent sign in a statement is one

Catalog = dict[str, Any]
Contents = dict[str, list[Any]]


def with_options(url: str, **options: str) -> str:
    """A URL of a store with options."""
    return make_url(url).update_query_dict(options).render_as_string(hide_password=False)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of the host's own, in which each statement is its own transaction."""
    bare = make_url(url).difference_update_query([*OURS, "busy_timeout"])
    if bare.get_backend_name() == "mysql":
        bare = bare.set(drivername="mariadb+pymysql")
    engine = create_engine(bare, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def run(url: str, *statements: str) -> list[Any]:
    """Run statements, and return the rows of the last one, if it gives any."""
    with connected(url) as connection:
        results = [connection.exec_driver_sql(statement, execution_options=AS_IT_IS) for statement in statements]
        return list(results[-1]) if results[-1].returns_rows else []


def quoted(url: str, name: str) -> str:
    """A name as the database wants it quoted in a statement without values."""
    mark = "`" if url.startswith("mysql") else '"'
    return mark + name.replace(mark, mark * 2) + mark


def catalog(url: str, schema: str | None = None, *, under: str = "") -> Catalog:
    """Everything in a database, or in a schema of it: per name how the database itself describes it.

    Args:
        url: the database.
        schema: None means the usual one.
        under: what the names have to hold.
    """
    with connected(url) as connection:
        return CATALOGS[connection.dialect.name](connection, schema, under)


def contents(url: str, schema: str | None = None, *, under: str = "") -> Contents:
    """All rows of all tables, or of those whose names hold something."""
    with connected(url) as connection:
        names = [name for name in connection.dialect.get_table_names(connection, schema=schema) if under in name]
        prefix = "" if schema is None else f"{quoted(url, schema)}."
        texts = {name: f"SELECT * FROM {prefix}{quoted(url, name)}" for name in names}  # noqa: S608  # names from the catalog itself
        return {
            name: sorted(map(repr, connection.exec_driver_sql(text, execution_options=AS_IT_IS)))
            for name, text in texts.items()
        }


def _sqlite(connection: Connection, _: str | None, under: str) -> Catalog:
    rows = connection.exec_driver_sql("SELECT name, type, tbl_name, sql FROM sqlite_master")
    return {name: (kind, of, _quoted_name(name, sql)) for name, kind, of, sql in rows if under in name}


def _quoted_name(name: str, sql: str | None) -> str | None:
    """The text of a table with its name in quotes, as SQLite writes it once it was renamed."""
    return sql and sql.replace(f"CREATE TABLE {name} ", f'CREATE TABLE "{name}" ', 1)


def _postgresql(connection: Connection, schema: str | None, under: str) -> Catalog:
    values = {"schema": schema, "under": under}
    found: Catalog = {}
    for text in POSTGRESQL:
        for name, *told in connection.exec_driver_sql(text, values):
            found.setdefault(name, []).append(told)
    return found


def _mariadb(connection: Connection, schema: str | None, under: str) -> Catalog:
    values = {"schema": schema, "under": under}
    text = "SELECT table_schema, table_name, table_type FROM information_schema.tables "
    text += "WHERE table_schema = coalesce(%(schema)s, database()) AND instr(table_name, %(under)s)"
    found: Catalog = {}
    for place, name, kind in connection.exec_driver_sql(text, values).all():
        word = "VIEW" if kind == "VIEW" else "TABLE"
        text = "SHOW CREATE {} `{}`.`{}`".format(word, *(one.replace("`", "``") for one in (place, name)))
        told = connection.exec_driver_sql(text, execution_options=AS_IT_IS)
        columns, keys = list[str](), list[str]()
        for line in told.one()[1].splitlines():
            (keys if "KEY" in line else columns).append(line.rstrip(","))
        found[name] = columns, sorted(keys)  # they stand in the order in which they were made
    return found


# What PostgreSQL says of each relation in a schema: itself, its columns, the index that it is, the constraints on it.
RELATIONS = """(SELECT pg_class.oid, relname, relkind, reloptions
    FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = coalesce(%(schema)s, current_schema) AND strpos(relname, %(under)s) > 0) r"""
POSTGRESQL = [
    text.replace("RELATIONS", RELATIONS)
    for text in (
        "SELECT relname, relkind, reloptions FROM RELATIONS",
        """SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, collname, pg_get_expr(adbin, adrelid)
        FROM RELATIONS JOIN pg_attribute ON attrelid = r.oid AND attnum > 0
        LEFT JOIN pg_collation c ON c.oid = attcollation
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum ORDER BY relname, attnum""",
        "SELECT relname, pg_get_indexdef(indexrelid) FROM RELATIONS JOIN pg_index ON indexrelid = r.oid",
        """SELECT relname, conname, pg_get_constraintdef(k.oid)
        FROM RELATIONS JOIN pg_constraint k ON conrelid = r.oid ORDER BY relname, conname""",
    )
]
CATALOGS: dict[str, Callable[[Connection, str | None, str], Catalog]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mariadb": _mariadb,
}
