"""The tables: as declared, made once, beside those of others, in a place of one's own."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from proeftuin.errors import BadArgument, SchemaTooNew, SchemaTooOld, StoreError, StoreUnavailable
from proeftuin.spi import Query
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore, current, schema, upgrade
from proeftuin.storage.sql.statements import Statement
from proeftuin.storage.sql.tables import tables_in
from tests.schema.catalog import Catalog, catalog, connected, contents, quoted, run, with_options
from tests.stores import RECEIPT, TENANT, advance, begin, everything, started, stored, versions, written

SERVERS = ["postgresql", "mariadb"]
PREFIXES = {"none": "", "plain": "pt_", "odd": 'Ü\'s "b" `c` %s:%%(d)'}


def make(url: str) -> None:
    """Make the tables, as an operator does it on a server, and opening does it in a file."""
    upgrade(url)
    open_store(url).close()


@pytest.fixture
def odd_schema(kind: str, url: str) -> Iterator[str]:
    """A schema with an odd name, which exists in the database; for MariaDB that is another database."""
    name = f'Ü\'s "b" %s:{secrets.token_hex(4)}'
    run(url, f"CREATE SCHEMA {quoted(url, name)}")
    yield name
    if kind == "mariadb":
        run(url, f"DROP SCHEMA {quoted(url, name)}")


def unordered(told: Catalog) -> Catalog:
    """What a server says of its tables without the order of columns; that of SQLite is in its text, and stays."""
    return {name: _sorted(one) if isinstance(one, list) else [*map(_sorted, one)] for name, one in told.items()}


def _sorted(part: Any) -> Any:
    return sorted(map(repr, part)) if isinstance(part, list) else part


# -- what is made --------------------------------------------------------------------------------------------------


def test_migrations_make_what_is_declared(url: str, other_url: str) -> None:
    """Migrations make what the declared tables would be, under any prefix; on a server new columns stand last."""
    versions_kept = set()
    for prefix in PREFIXES.values():
        upgrade(with_options(url, prefix=prefix))
        tables = tables_in(prefix)
        with connected(other_url) as connection:
            tables.metadata.create_all(connection)
        versions_kept.add(tables.version_table)
    made, declared = catalog(url), catalog(other_url)
    assert versions_kept <= set(made)
    ours = {name: told for name, told in made.items() if not any(one in name for one in versions_kept)}
    assert unordered(declared) == unordered(ours)
    for prefix in PREFIXES.values():
        assert {one.name for one in tables_in(prefix).metadata.tables.values()} <= set(declared)


@pytest.mark.parametrize("kind", SERVERS, indirect=True)
def test_migrations_make_the_same_in_a_schema(url: str, other_url: str, odd_schema: str) -> None:
    """In a schema of one's own the tables are the same as elsewhere, and outside of it nothing is made."""
    upgrade(other_url)
    upgrade(with_options(url, schema=odd_schema))
    named = quoted(url, odd_schema) + "."
    assert without(catalog(other_url), "public.") == without(catalog(url, odd_schema), named)
    assert {} == catalog(url)


def without(told: Any, place: str) -> Any:
    """A description without the name of the place."""
    if isinstance(told, dict):
        return {name: without(one, place) for name, one in told.items()}
    if isinstance(told, list | tuple):
        return [without(one, place) for one in told]
    return told.replace(place, "") if isinstance(told, str) else told


def test_making_the_tables_again_changes_nothing(url: str) -> None:
    """The first call finds nothing and makes all, a second one finds it made, with all that was written since."""
    assert (None, schema.PRESENT) == upgrade(url)
    store = open_store(url)
    advance(store, begin(store))
    store.close()
    before = catalog(url), contents(url)
    assert (schema.PRESENT, schema.PRESENT) == upgrade(url)
    assert (schema.PRESENT, schema.PRESENT) == current(url)
    open_store(url).close()
    assert before == (catalog(url), contents(url))


@pytest.mark.parametrize("kind", SERVERS, indirect=True)
def test_a_server_is_changed_only_when_asked(url: str) -> None:
    """Opening a store on an empty database makes nothing, and names the command that would."""
    with pytest.raises(SchemaTooOld, match="no tables of proeftuin yet; run `proeftuin db upgrade"):
        open_store(url)
    assert (None, schema.PRESENT) == current(url)
    assert {} == catalog(url)


def test_a_file_is_made_when_it_is_opened(tmp_path: Path) -> None:
    """Opening a store in a new file makes its tables."""
    url = f"sqlite:///{tmp_path}/new.db"
    open_store(url).close()
    assert (schema.PRESENT, schema.PRESENT) == current(url)


# -- newer and older -----------------------------------------------------------------------------------------------


def test_a_newer_schema_is_refused_unwritten(url: str) -> None:
    """A database of a later version is refused by each call, and neither its tables nor its rows change."""
    make(url)
    store = open_store(url)
    begin(store)
    store.close()
    run(url, "UPDATE proeftuin_version SET version_num = '9999'")
    before = catalog(url), contents(url)
    for ask in (open_store, upgrade, current):
        with pytest.raises(SchemaTooNew, match="9999"):
            ask(url)
    assert before == (catalog(url), contents(url))


@pytest.mark.parametrize("kind", SERVERS, indirect=True)
def test_an_older_schema_on_a_server_is_refused_unwritten(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server's database of an earlier version is refused at open, with the command to run, and stays as it is."""
    _, made = upgrade(url)
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9998"))
    monkeypatch.setattr(schema, "PRESENT", "9998")
    before = catalog(url), contents(url)
    with pytest.raises(SchemaTooOld, match=f"{made}, which is older than 9998; run `proeftuin db upgrade"):
        open_store(url)
    assert (made, "9998") == current(url)
    assert before == (catalog(url), contents(url))


# -- tables of others ----------------------------------------------------------------------------------------------

# Each makes something of another application under a name of ours.
TAKEN = {
    "table": ("events", "CREATE TABLE events (day INTEGER)"),
    "view": ("pilots", "CREATE VIEW pilots AS SELECT * FROM people"),
    "index": ("pilots_by_state", "CREATE INDEX pilots_by_state ON people (name)"),
}


@pytest.mark.parametrize("what", TAKEN)
def test_names_that_others_have_are_refused(url: str, kind: str, what: str) -> None:
    """Where another application has a table, view or index of one of our names it is told by name, and nothing made."""
    name, statement = TAKEN[what]
    run(url, "CREATE TABLE people (name VARCHAR(20))", "INSERT INTO people VALUES ('Ann')", statement)
    before = catalog(url), contents(url)
    if (kind, what) == ("mariadb", "index"):  # there an index has its name within its table
        make(url)
        return
    for ask in (open_store, upgrade, current):
        with pytest.raises(StoreUnavailable, match=f"has {name} of another application"):
            ask(url)
    assert before == (catalog(url), contents(url))
    make(with_options(url, prefix="pt_"))


def test_tables_of_others_are_left_alone(url: str) -> None:
    """Beside the tables of a host, ours are made, upgraded and written without touching them."""
    run(url, "CREATE TABLE people (name VARCHAR(20))", "CREATE INDEX by_name ON people (name)")
    run(url, "INSERT INTO people VALUES ('Ann')")
    before = catalog(url), contents(url)
    make(url)
    store = open_store(url)
    advance(store, begin(store))
    store.close()
    after = catalog(url), contents(url)
    assert before == tuple({name: one[name] for name in old} for one, old in zip(after, before, strict=True))


def test_a_version_table_of_another_kind_is_refused(url: str) -> None:
    """Where another application has a table of the name of our version table, nothing is made."""
    run(url, "CREATE TABLE proeftuin_version (wheel VARCHAR(20))", "INSERT INTO proeftuin_version VALUES ('x')")
    before = catalog(url), contents(url)
    for ask in (open_store, upgrade, current):
        with pytest.raises(StoreError):
            ask(url)
    assert before == (catalog(url), contents(url))


# -- places of one's own -------------------------------------------------------------------------------------------


def live(url: str, pilot_id: str) -> None:
    """Do with a store all that touches a table."""
    store = open_store(url)
    commit, pilot = written(None, started(pilot_id, ref=f"ref of {pilot_id}"), receipt=RECEIPT)
    store.append(commit)
    pilot = advance(store, pilot, 2)
    store.put_workflow("plain", 1, "f" * 64, pilot_id.encode())  # type: ignore[attr-defined]  # a part of the SQL store
    assert pilot == stored(store, pilot_id)
    assert [1, 2, 3] == versions(store, pilot_id)
    questions = {"organisation": "UU", "state": "exploring", "phase": "exploration", "ref": f"ref of {pilot_id}"}
    for name, value in questions.items():
        assert [pilot_id] == [one.id for one in store.find(Query(TENANT, **{name: value})).items]  # type: ignore[arg-type]  # texts
    assert RECEIPT == store.receipt(TENANT, pilot_id, RECEIPT.key)
    assert pilot_id.encode() == store.get_workflow("plain", 1)  # type: ignore[attr-defined]  # the same
    store.close()


def test_two_prefixes_do_not_see_each_other(url: str) -> None:
    """Stores under different prefixes in one database keep pilots of one id apart, their versions of schema too."""
    for prefix in PREFIXES.values():
        place = with_options(url, prefix=prefix)
        assert (None, schema.PRESENT) == upgrade(place)
        live(place, "p1")
    stores = [open_store(with_options(url, prefix=prefix)) for prefix in PREFIXES.values()]
    begin(stores[0], "p2")
    assert [1, 0, 0] == [len(everything(one, "p2")[0][1]) for one in stores]
    for one in stores:
        one.close()


@pytest.mark.parametrize("kind", SERVERS, indirect=True)
def test_two_schemas_do_not_see_each_other(url: str, odd_schema: str) -> None:
    """A store in a schema with an odd name works, and the same tables in the usual place stay empty."""
    place = with_options(url, schema=odd_schema, prefix=PREFIXES["odd"])
    make(place)
    live(place, "p1")
    make(url)
    usual = open_store(url)
    assert () == usual.find(Query(TENANT)).items
    usual.close()
    live(url, "p1")


@pytest.mark.parametrize("kind", SERVERS, indirect=True)
def test_a_schema_that_is_not_there_is_told(url: str) -> None:
    """Where the named schema does not exist, making the tables says so, and makes nothing."""
    place = with_options(url, schema="nowhere")
    with pytest.raises(StoreUnavailable, match="no such schema; make it first"):
        upgrade(place)
    with pytest.raises(SchemaTooOld):
        open_store(place)
    assert {} == catalog(url)


@pytest.mark.parametrize("kind", SERVERS, indirect=True)
def test_a_database_that_is_not_there_is_told(url: str) -> None:
    """Where the database does not exist, each call says so."""
    nowhere = make_url(url).set(database="proeftuin_nowhere").render_as_string(hide_password=False)
    for ask in (open_store, upgrade, current):
        with pytest.raises(StoreUnavailable, match="is not there"):
            ask(nowhere)


def test_a_prefix_is_not_taken_for_another(url: str) -> None:
    """A prefix with signs that mean something in LIKE or in a format finds its own tables only."""
    for prefix in ("a_", "ab", "%", "%%"):
        make(with_options(url, prefix=prefix))
        live(with_options(url, prefix=prefix), "p1")
    names = {name for name in contents(url) if name.endswith("pilots")}
    assert {"a_pilots", "abpilots", "%pilots", "%%pilots"} == names


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_has_no_schemas(url: str) -> None:
    """The option of a schema is refused for a file."""
    with pytest.raises(BadArgument, match="schema"):
        upgrade(with_options(url, schema="own"))


# -- indexes -------------------------------------------------------------------------------------------------------

ANALYZE = {"postgresql": "ANALYZE pilots", "mariadb": "ANALYZE TABLE pilots"}
FILTERS = ["workflow", "state", "phase", "organisation", "programme", "ref"]


@pytest.mark.parametrize("kind", SERVERS, indirect=True)
def test_each_filter_has_an_index_on_a_server(url: str, kind: str) -> None:
    """With many pilots the server finds those of each filter by an index."""
    make(url)
    store = open_store(url)
    assert isinstance(store, SqlStore)
    store.append(*(written(None, started(f"p{number}"))[0] for number in range(500)))
    run(url, *("UPDATE pilots SET FILTER = id".replace("FILTER", name) for name in FILTERS), ANALYZE[kind])
    plans = {name: plan(store, name) for name in FILTERS}
    store.close()
    assert [] == [f"{name}: {told}" for name, told in plans.items() if f"pilots_by_{name}" not in told]


def plan(store: SqlStore, name: str) -> str:
    """How the server would answer a question."""
    asked = store._statements.find(name)
    explained = Statement(f"EXPLAIN {asked}")
    explained.pick = asked.pick
    connection = store._connections.take()
    told = store._database.run(connection, explained, {"at_tenant": TENANT, "limit": 10, name: "p7"}).fetchall()
    store._connections.give(connection)
    return repr(told)
