"""Accounts that may do less than everything, and servers that may only be read: told in our words, nothing half."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import frozen
from sqlalchemy import make_url

from proeftuin.errors import SchemaTooOld, StoreError, StoreUnavailable
from proeftuin.spi import Delivers, Query, Store, Subscription
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from tests.own_servers import OwnMariadb, OwnPostgres
from tests.serving import run_sql
from tests.stores import BEGAN, RECEIPT, TENANT, advance, begin, crowd, everything, started, stored, versions, written

ROOT = Path(__file__).parents[2]
WORD = "hunter2"
USING = "SELECT, INSERT, UPDATE, DELETE"


@frozen
class Server:
    """A server with a store in it, and how its accounts are made.

    Attributes:
        admin: the URL of whoever may do everything.
        made: makes an account with rights, and returns its URL.
        stranger_at_open: what an account without rights is told; MariaDB hides from it that there are tables.
    """

    admin: str
    made: Callable[[str, str], str]
    stranger_at_open: type[StoreError]


def url_for(admin: str, name: str) -> str:
    return make_url(admin).set(username=name, password=WORD).render_as_string(hide_password=False)


def postgresql(server: OwnPostgres) -> Server:
    def made(name: str, rights: str) -> str:
        run_sql(server.url, f"CREATE ROLE {name} LOGIN PASSWORD '{WORD}'")
        if rights:
            run_sql(server.url, f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {name}")
        return url_for(server.url, name)

    return Server(server.url, made, StoreUnavailable)


def mariadb(server: OwnMariadb) -> Server:
    def made(name: str, rights: str) -> str:
        run_sql(server.url, f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY '{WORD}'")
        run_sql(server.url, f"GRANT {rights or 'CREATE TEMPORARY TABLES'} ON proeftuin.* TO {name}@'127.0.0.1'")
        return url_for(server.url, name)

    return Server(server.url, made, SchemaTooOld)


MAKE: dict[str, Callable[..., Server]] = {"own_postgres": postgresql, "own_mariadb": mariadb}


@pytest.fixture(params=MAKE)
def server(request: pytest.FixtureRequest) -> Server:
    """A server of the test's own."""
    return MAKE[request.param](request.getfixturevalue(request.param))


def refused(act: Callable[..., object], *given: object) -> str:
    """What a call that may not be made says, in an error of ours and without a secret."""
    with pytest.raises(StoreUnavailable) as caught:
        act(*given)
    assert WORD not in str(caught.value)
    assert caught.value.__cause__ is not None
    return str(caught.value)


def test_accounts_may_do_what_their_rights_say(server: Server) -> None:
    """Four rights are enough for all but an upgrade, who may only read writes nothing, and who may nothing is told."""
    stranger = server.made("stranger", "")
    assert SchemaTooOld is type(error_of(open_store, stranger))
    assert "may not be used by this account" in refused(upgrade, stranger)
    upgrade(server.admin)
    full = open_store(server.admin)
    pilot = begin(full)
    works_but_for_an_upgrade(server.made("worker", USING))
    only_reads(server.made("reader", "SELECT"), everything(full, "p1"))
    nobody = server.made("nobody", "")
    assert server.stranger_at_open is type(error_of(open_store, nobody))
    assert "may not be used by this account" in refused(upgrade, nobody)
    assert pilot == stored(full)
    full.close()


def test_the_rights_in_the_docs_are_enough_on_postgresql(own_postgres: OwnPostgres) -> None:
    """With the schema and rights that the page on stores gives, one account upgrades and another one does the rest."""
    page = (ROOT / "docs" / "stores.md").read_text(encoding="utf-8")
    (given,) = re.findall(r"^```sql\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    for name in ("upgrader", "program"):
        run_sql(own_postgres.url, f"CREATE ROLE {name} LOGIN")
    for statement in given.split(";")[:-1]:
        run_sql(own_postgres.url, statement)
    upgrader, program = (
        make_url(own_postgres.url).set(username=name).update_query_dict({"schema": "proeftuin"}).render_as_string()
        for name in ("upgrader", "program")
    )
    assert "may not be used by this account" in refused(upgrade, program)
    assert upgrade(upgrader)[0] is None
    begin_one(program)
    works_but_for_an_upgrade(program)


def test_the_rights_in_the_docs_are_enough_on_mariadb(own_mariadb: OwnMariadb) -> None:
    """With the rights that the page on stores names, one account upgrades and another one does the rest."""
    server = mariadb(own_mariadb)
    page = (ROOT / "docs" / "stores.md").read_text(encoding="utf-8")
    assert "on MariaDB `CREATE`, `ALTER`, `INDEX`, and the four below" in page
    assert upgrade(server.made("upgrader", f"CREATE, ALTER, INDEX, {USING}"))[0] is None
    program = server.made("program", USING)
    begin_one(program)
    works_but_for_an_upgrade(program)


def begin_one(url: str) -> None:
    store = open_store(url)
    begin(store)
    store.close()


def error_of(act: Callable[..., object], *given: object) -> StoreError:
    with pytest.raises(StoreError) as caught:
        act(*given)
    return caught.value


def works_but_for_an_upgrade(url: str) -> None:
    """Expect that an account can do with a store all that there is to do."""
    store = open_store(url)
    assert isinstance(store, Delivers)
    store.subscribe(TENANT, Subscription("ann", b""), now=BEGAN, beginning=True)
    pilot = advance(store, begin(store, "p2"), 2)
    assert (pilot, [1, 2, 3]) == (stored(store, "p2"), versions(store, "p2"))
    assert 2 == len(store.find(Query(TENANT)).items)
    assert 2 == store.fan_out(TENANT, now=BEGAN)
    assert 2 == len(store.claim(TENANT, "ann", now=BEGAN, until=BEGAN))
    assert store.unsubscribe(TENANT, "ann")
    assert upgrade(url)[0] is not None  # finds nothing to do, and so needs no right
    store.close()


def only_reads(url: str, expected: list[object]) -> None:
    """Expect that an account can read, and that each write is refused and leaves nothing."""
    store = open_store(url)
    writes: list[Callable[[Store], object]] = [
        lambda one: begin(one, "p9"),
        lambda one: advance(one, stored(one)),  # type: ignore[arg-type]  # it is there
        lambda one: one.append(*crowd(2)),
        lambda one: one.append(written(None, started("p8"), receipt=RECEIPT)[0]),
        lambda one: one.put_workflow("w", 1, "f", b""),  # type: ignore[attr-defined]  # a part of the SQL store
    ]
    for write in writes:
        told = refused(write, store)
        assert "may not be used by this account" in told or "read-only" in told
        assert expected == everything(store, "p1")
    assert [None, None] == [stored(store, name) for name in ("p8", "p9")]
    store.close()


def test_a_server_that_may_only_be_read_is_told(own_postgres: OwnPostgres) -> None:
    """A database that is set to read-only is opened and read, each write and an upgrade say so, and later it works."""
    server = postgresql(own_postgres)
    elsewhere = make_url(server.admin).set(database="template1")
    setting = "ALTER DATABASE postgres {} default_transaction_read_only"
    upgrade(server.admin)
    with refusing(server.admin, server.admin):
        run_sql(elsewhere, setting.format("SET") + " = on")
    run_sql(elsewhere, setting.format("RESET"))
    works_again(server.admin)


def test_a_replica_is_told(own_mariadb: OwnMariadb) -> None:
    """A server that is set to read-only is opened and read, each write and an upgrade say so, and later it works."""
    server = mariadb(own_mariadb)
    upgrade(server.admin)
    worker = server.made("worker", "ALL")
    with refusing(server.admin, worker):
        run_sql(server.admin, "SET GLOBAL read_only = 1")
    run_sql(server.admin, "SET GLOBAL read_only = 0")
    works_again(worker)


@contextmanager
def refusing(admin: str, worker: str) -> Iterator[None]:
    """Begin a pilot; behind the block, expect that all can be read and nothing written."""
    store = open_store(admin)
    begin(store)
    before = everything(store, "p1")
    store.close()
    yield
    only_reads(worker, before)
    place = make_url(worker).update_query_dict({"prefix": "pt_"}).render_as_string(hide_password=False)
    assert "read-only" in refused(upgrade, place)


def works_again(url: str) -> None:
    """Expect that the pilot goes on."""
    store = open_store(url)
    pilot = stored(store)
    assert pilot is not None
    assert 2 == advance(store, pilot).version
    store.close()
