"""SQLite files that are missing, foreign, damaged, locked, read-only or full, and statements that fail."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from proeftuin.errors import (
    BadArgument,
    Conflict,
    CorruptStore,
    OutcomeUnknown,
    PilotExists,
    ProeftuinError,
    SchemaTooNew,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from proeftuin.spi import Personal, Query, Store
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore, sqlite
from proeftuin.storage.sql.connections import Connections
from tests.stores import (
    RECEIPT,
    TENANT,
    advance,
    begin,
    changed,
    everything,
    path_url,
    spied,
    spying,
    started,
    stored,
    versions,
    written,
)

IS_ROOT = os.geteuid() == 0
ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pilots.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    made = open_store(path_url(path))
    yield made
    made.close()


def other_client(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def columns(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = other_client(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


# -- files that are not ours ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"Dear colleague,\n" * 100, b"PK\x03\x04" + bytes(5000), b"SQLite format 3"])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    """A letter, an archive and a half header are no database, and stay as they are."""
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="no SQLite database") as caught:
        open_store(path_url(path))
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
    assert content == path.read_bytes()


def test_a_newer_schema_is_refused_unwritten(path: Path) -> None:
    """The file of a later version is refused by name, and not one byte of it changes."""
    connection = other_client(path)
    connection.executescript(
        "CREATE TABLE proeftuin_version(version_num); INSERT INTO proeftuin_version VALUES('9999')"
    )
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SchemaTooNew, match="9999"):
        open_store(path_url(path))
    assert before == path.read_bytes()
    assert ["pilots.db"] == [one.name for one in path.parent.iterdir()]


def test_the_tables_of_a_host_are_untouched(path: Path) -> None:
    """In the database of another application our tables are made beside the others."""
    connection = other_client(path)
    connection.executescript("CREATE TABLE people(name); INSERT INTO people VALUES('Ann')")
    connection.close()
    store = open_store(path_url(path))
    begin(store)
    store.close()
    assert [("Ann",)] == columns(path, "SELECT * FROM people")
    assert [("p1",)] == columns(path, "SELECT id FROM pilots")


def test_tables_of_our_names_that_are_not_ours_are_refused(path: Path) -> None:
    """Where another application has a table called events, the file is refused and stays as it is."""
    connection = other_client(path)
    connection.execute("CREATE TABLE events(day)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="events"):
        open_store(path_url(path))
    assert before == path.read_bytes()


@pytest.mark.parametrize("place", ["no/such/folder/pilots.db", "."])
def test_a_place_that_cannot_hold_a_file_is_refused(tmp_path: Path, place: str) -> None:
    """A folder that does not exist, and a folder itself, cannot be opened."""
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        open_store(path_url(tmp_path / place))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://host/pilots.db",
        "sqlite://host:port/pilots.db",
        "sqlite:///pilots\0.db",
        "sqlite:///pilots.db?mode=ro",
        "sqlite:///pilots.db?busy_timeout=soon",
        "sqlite:///pilots.db?busy_timeout=-1",
        "sqlite:///pilots.db?busy_timeout=nan",
        "sqlite:///pilots.db?busy_timeout=1&busy_timeout=2",
    ],
)
def test_a_url_that_says_too_little_or_too_much_is_refused(url: str) -> None:
    """No file, a host, an unknown option and an impossible time-out are bad arguments."""
    with pytest.raises(BadArgument):
        open_store(url)


# -- read-only -----------------------------------------------------------------------------------------------------


def as_nobody(act: Callable[[], str]) -> str:
    """What `act` gives when it is run by an account that permissions bind, as they do not bind root."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        told = "died"
        try:
            if IS_ROOT:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            told = act()
        except BaseException as error:  # noqa: BLE001  # told to the parent, which judges it
            told = f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, told.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any account can enter, which pytest's own cannot."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("exists", [False, True])
def test_a_read_only_folder_is_told_at_open(open_folder: Path, exists: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """In a folder that may not be written a store is refused at open, whether the file exists or not."""
    path = open_folder / "pilots.db"
    if exists:
        open_store(path_url(path)).close()
        path.chmod(0o444)
    open_folder.chmod(0o555)

    def act() -> str:
        open_store(path_url(path)).close()
        return "opened"

    assert as_nobody(act).startswith("StoreUnavailable")


def test_a_read_only_file_is_told_at_open(open_folder: Path) -> None:
    """A file that may be read but not written is refused at open, and not at the first commit."""
    path = open_folder / "pilots.db"
    open_store(path_url(path)).close()
    path.chmod(0o444)
    open_folder.chmod(0o777)

    def act() -> str:
        open_store(path_url(path)).close()
        return "opened"

    told = as_nobody(act)
    assert told.startswith("StoreUnavailable")
    assert "read-only" in told


def test_a_file_that_vanishes_is_not_replaced(path: Path) -> None:
    """A new connection to a removed file says so, and does not begin an empty one in silence."""
    store = open_store(path_url(path))
    store.close()
    again = open_store(path_url(path))
    for one in path.parent.iterdir():
        one.unlink()
    with pytest.raises(StoreUnavailable):
        begin(again)
    assert [] == list(path.parent.iterdir())
    again.close()


# -- locked --------------------------------------------------------------------------------------------------------


def test_a_locked_file_is_busy_and_works_again(path: Path) -> None:
    """While another process writes, an append waits and then says busy; reading goes on; afterwards all works."""
    store = open_store(path_url(path, "?busy_timeout=0.05"))
    pilot = begin(store)
    other = other_client(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy) as caught:
        advance(store, pilot)
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert pilot == stored(store)
    again = open_store(path_url(path, "?busy_timeout=0"))
    assert pilot == stored(again)
    again.close()
    other.execute("ROLLBACK")
    other.close()
    assert 2 == advance(store, pilot).version
    store.close()


@pytest.fixture
def writing_host(path: Path) -> Iterator[sqlite3.Connection]:
    """Another application in the middle of a write, in a file without a write-ahead log, where SQLite does not wait."""
    other = other_client(path)
    other.execute("CREATE TABLE people(name)")
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_opening_waits_for_a_host_that_writes(
    path: Path, writing_host: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store opens as soon as the other application has finished its write."""
    monkeypatch.setattr(sqlite, "sleep", lambda _: writing_host.execute("COMMIT"))
    store = open_store(path_url(path))
    begin(store)
    store.close()


def test_opening_gives_up_on_a_host_that_goes_on(path: Path, writing_host: sqlite3.Connection) -> None:
    """A store says busy when the other application does not finish its write in time."""
    with pytest.raises(StoreBusy):
        open_store(path_url(path, "?busy_timeout=0.02"))
    assert writing_host.in_transaction


def test_an_uncommitted_write_is_not_seen(store: Store, path: Path) -> None:
    """What another process has written and not committed is in no answer."""
    begin(store)
    other = other_client(path)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE pilots SET version = 7, state = 'dirty'")
    loaded = store.load(TENANT, "p1")
    assert loaded is not None
    assert 1 == loaded.version
    assert () == store.find(Query(TENANT, state="dirty")).items
    other.close()


# -- full ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, which is mounted where the account may do so."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not IS_ROOT or subprocess.run(mount, check=False, capture_output=True).returncode:  # the system's own mount
        pytest.skip("no disk can be mounted here; the page limit below stands in for it")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607  # the same


def fill(store: Store, blob: str) -> int:
    """Write until there is no room left; the last version that was acknowledged."""
    pilot = begin(store)
    for _ in range(1000):
        before = everything(store, "p1")
        try:
            pilot = advance(store, pilot, blob=blob)
        except StoreFull:
            assert before == everything(store, "p1")
            return pilot.version
    raise AssertionError


def test_a_full_disk_is_told_and_nothing_is_half(small_disk: Path) -> None:
    """On a full disk an append is refused whole, everything can still be read, and with room again it works."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(200_000))
    store = open_store(path_url(small_disk / "pilots.db"))
    last = fill(store, "x" * 5000)
    assert list(range(1, last + 1)) == versions(store)
    ballast.unlink()
    pilot = stored(store)
    assert pilot is not None
    assert last + 1 == advance(store, pilot).version
    store.close()
    assert [("ok",)] == columns(small_disk / "pilots.db", "PRAGMA integrity_check")


def test_a_full_disk_is_told_at_open(small_disk: Path) -> None:
    """Where not even the tables fit, opening says that there is no room."""
    (small_disk / "ballast").write_bytes(bytes(990_000))
    with pytest.raises(StoreFull):
        open_store(path_url(small_disk / "pilots.db"))


def test_a_limit_of_pages_is_a_full_store(path: Path) -> None:
    """Where the database may not grow any more, an append is refused whole, and works once it may."""
    store = open_store(path_url(path))
    assert isinstance(store, SqlStore)
    connection = store._connections.take()
    store._connections.give(connection)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 10}")
    last = fill(store, "x" * 5000)
    connection.execute("PRAGMA max_page_count=100000")
    pilot = stored(store)
    assert pilot is not None
    assert last + 1 == advance(store, pilot).version
    store.close()


# -- statements that fail ------------------------------------------------------------------------------------------


def failure(kind: str) -> BaseException:
    if kind == "interrupt":
        return KeyboardInterrupt()
    if kind == "memory":
        return MemoryError()
    error = sqlite3.OperationalError(kind)
    error.sqlite_errorcode = {"busy": sqlite3.SQLITE_BUSY, "disk": sqlite3.SQLITE_IOERR_WRITE}[kind]
    error.sqlite_errorname = kind
    return error


def outcome(act: Callable[[], None]) -> BaseException | None:
    """What a call raised, None where it returned."""
    try:
        act()
    except BaseException as error:  # noqa: BLE001  # whatever it is, the caller judges it
        return error
    return None


EXPECTED = {"busy": StoreBusy, "disk": StoreError, "interrupt": KeyboardInterrupt, "memory": MemoryError}


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("when", ["before", "after"])
def test_whatever_statement_fails_nothing_is_half(path: Path, kind: str, when: str) -> None:
    """With each statement failing in turn, before or after it ran, a commit is whole or absent; the store goes on."""
    late = when == "after"
    with spying():
        store = open_store(path_url(path))
        pilot = begin(store)
        nth = 0
        while True:
            nth += 1
            counted = 0
            pilots = ("p1", f"q{nth}")
            before = everything(store, *pilots)

            def fail(_: str, after: bool) -> None:  # noqa: FBT001  # the spy's own signature
                nonlocal counted
                counted += after is late
                if counted == nth and after is late:  # noqa: B023  # called within this round only
                    counted += 1
                    raise failure(kind)

            commit, then = written(
                pilot,
                changed(pilot, nth=nth),
                receipt=type(RECEIPT)(f"key-{nth}", "f", b""),
                personal=(Personal(f"s{nth}", "r", b"salt"),),
            )
            follow_up, _ = written(None, started(f"q{nth}"))
            with spied(fail):
                raised = outcome(partial(store.append, commit, follow_up))
            if raised is None:
                break
            assert isinstance(raised, EXPECTED[kind])
            assert isinstance(store, SqlStore)
            assert isinstance(store._connections, Connections)
            assert not any(one.in_transaction for one in store._connections._idle)
            if before != everything(store, *pilots):
                assert late
                assert [None, then] == [stored(store, "nobody"), stored(store)]
                assert store.load(TENANT, f"q{nth}") is not None
                pilot = then
        assert nth > 6
        assert then == stored(store)
        store.close()


def test_a_commit_that_fails_on_the_disk_has_an_unknown_outcome(path: Path) -> None:
    """When the disk fails at COMMIT the caller is told to retry with the same key, and not that nothing was written."""

    def fail(statement: str, after: bool) -> None:  # noqa: FBT001  # the spy's own signature
        if statement == "COMMIT" and after:
            raise failure("disk")

    with spying():
        store = open_store(path_url(path))
        with spied(fail), pytest.raises(OutcomeUnknown, match="same key"):
            begin(store)
        store.close()


def test_a_transaction_that_a_callback_ended_has_an_unknown_outcome(store: Store) -> None:
    """A callback that commits or rolls back by itself is told that the outcome is unknown."""
    for word in ("COMMIT", "ROLLBACK"):
        commit, _ = written(None, started(word))

        def end(connection: object, word: str = word) -> None:
            assert isinstance(connection, sqlite3.Connection)
            connection.execute(word)

        with pytest.raises(OutcomeUnknown):
            store.append(commit, recorded=end)
    assert (True, False) == tuple(store.load(TENANT, word) is not None for word in ("COMMIT", "ROLLBACK"))


def test_a_callback_writes_in_the_same_transaction(store: Store, path: Path) -> None:
    """What a callback writes to the host's own table stands and falls with the commit."""
    other = other_client(path)
    other.execute("CREATE TABLE mirror(version UNIQUE)")
    other.close()

    def mirror(connection: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.execute("INSERT INTO mirror VALUES(1)")

    commits = [written(None, started(name))[0] for name in ("p1", "p2")]
    store.append(commits[0], recorded=mirror)
    with pytest.raises(sqlite3.IntegrityError):
        store.append(commits[1], recorded=mirror)
    assert [(1,)] == columns(path, "SELECT * FROM mirror")
    assert [("p1",)] == columns(path, "SELECT id FROM pilots")


def test_another_constraint_is_no_conflict(store: Store, path: Path) -> None:
    """A write that a trigger of the host refuses is an error of the store, neither a conflict nor a taken id."""
    pilot = begin(store)
    other = other_client(path)
    for table in ("events", "pilots", "receipts"):
        other.execute(
            f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} WHEN NEW.tenant = '{table}' "
            "BEGIN SELECT RAISE(ABORT, 'secret'); END"
        )
    other.close()
    advanced = advance(store, pilot)
    for tenant in ("events", "pilots", "receipts"):
        with pytest.raises(StoreError) as caught:
            store.append(written(None, started("p2", ref="r"), tenant=tenant, receipt=RECEIPT)[0])
        assert not isinstance(caught.value, Conflict | PilotExists)
        assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)
        assert "secret" not in str(caught.value)
    assert advanced == stored(store)


# -- damage --------------------------------------------------------------------------------------------------------


def test_a_damaged_page_is_told_and_never_raw(path: Path) -> None:
    """Whatever page is overwritten, each call works or raises an error of ours."""
    store = open_store(path_url(path))
    advance(store, begin(store), 30, blob="x" * 2000)
    store.close()
    whole = path.read_bytes()
    told = set[str]()
    for page in range(1, len(whole) // 4096):
        path.write_bytes(whole[: page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096 :])
        try:
            damaged = open_store(path_url(path))
        except ProeftuinError as error:
            told.add(type(error).__name__)
            continue
        for act in (
            stored,
            versions,
            lambda s: s.find(Query(TENANT)),
            lambda s: begin(s, "p2"),
        ):
            try:
                act(damaged)
            except ProeftuinError as error:
                told.add(type(error).__name__)
        damaged.close()
    assert "CorruptStore" in told


@pytest.mark.parametrize(
    "change", ["track_states = '{'", "due_at = 'soon'", "overdue_at = x'00'", "created_at = ''", "updated_at = 9e99"]
)
def test_a_row_that_cannot_be_read_names_its_place(store: Store, path: Path, change: str) -> None:
    """A column that was overwritten is a corrupt store that names its pilot, while other pilots still load."""
    begin(store, "p1")
    begin(store, "p2")
    other = other_client(path)
    other.execute(f"UPDATE pilots SET {change} WHERE id = 'p1'")  # noqa: S608  # our own words
    other.close()
    with pytest.raises(CorruptStore, match="p1"):
        store.load(TENANT, "p1")
    assert stored(store, "p2") is not None


def test_what_the_driver_cannot_bind_is_a_bad_argument(store: Store) -> None:
    """Half a surrogate in a question, which the driver refuses, comes as an error of ours."""
    with pytest.raises(BadArgument):
        store.find(Query(TENANT, state="\ud800"))
    with pytest.raises(BadArgument):
        store.load(TENANT, "\ud800")


# -- promises of the file ------------------------------------------------------------------------------------------


def test_every_connection_keeps_the_promises(store: Store) -> None:
    """Each connection writes ahead, syncs fully, checks foreign keys and wipes what it deletes."""
    assert isinstance(store, SqlStore)
    connections = [store._connections.take() for _ in range(3)]
    for one in connections:
        found = [
            one.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        ]
        assert ["wal", 2, 1, 1, 5000] == found
    for one in connections:
        store._connections.give(one)


def test_no_value_stands_in_the_text_of_a_statement(path: Path) -> None:
    """Hostile names reach the database as bound values only."""
    hostile = "x'\";--"
    texts = list[str]()
    with spying():
        store = open_store(path_url(path))
        with spied(lambda text, _: texts.append(text)):
            commit, pilot = written(None, started(hostile, ref=hostile), tenant=hostile, receipt=RECEIPT)
            store.append(commit)
            advance(store, pilot, tenant=hostile)
            everything(store, hostile, tenant=hostile)
            names = ("state", "phase", "track_state", "organisation", "programme", "ref", "after")
            filters: dict[str, Any] = dict.fromkeys(names, hostile)
            store.find(Query(hostile, workflow=hostile, **filters))
        store.close()
    assert len(texts) > 8
    assert [] == [text for text in texts if hostile in text or "'" in text]


def test_the_number_of_statements_does_not_grow(path: Path) -> None:
    """A load is one statement and an append four, the lock taken first, however long the history is."""
    texts = list[str]()
    with spying():
        store = open_store(path_url(path))
        pilot = advance(store, begin(store), 50)
        with spied(lambda text, after: texts.append(text) if after else None):
            store.load(TENANT, "p1", key="k")
            assert 1 == len(texts)
            advance(store, pilot)
        assert ["SELECT", "BEGIN", "UPDATE", "INSERT", "COMMIT"] == [text.split()[0] for text in texts]
        assert "BEGIN IMMEDIATE" == texts[1]
        store.close()


def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that was opened by a relative path does not move when the program changes its folder."""
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///pilots 100%&#.db")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    begin(store)
    store.close()
    assert [] == list((tmp_path / "below").iterdir())


def test_creating_without_alembic_says_what_to_install(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tables must be made and Alembic is missing, the message names the extra to install."""
    monkeypatch.setitem(sys.modules, "alembic", None)
    with pytest.raises(StoreUnavailable, match=r"proeftuin\[sql\]"):
        open_store(path_url(path))


def test_an_existing_file_opens_without_alembic(path: Path) -> None:
    """A file of the present schema is opened without importing Alembic."""
    open_store(path_url(path)).close()
    code = f"""
import sys
from proeftuin.storage import open_store
assert "sqlalchemy" not in sys.modules
open_store({path_url(path)!r}).close()
assert "alembic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_two_creators_at_once_both_succeed(path: Path) -> None:
    """Eight processes that open the same new file at once all get a working store."""
    code = f"""
import sys
from tests.stores import begin
from proeftuin.storage import open_store
import alembic.command, proeftuin.storage.sql
print("ready", flush=True)
name = sys.stdin.readline().strip()
store = open_store({path_url(path)!r})
begin(store, name)
store.close()
"""
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    for one in racers:
        assert one.stdout is not None
        assert "ready\n" == one.stdout.readline()
    for number, one in enumerate(racers):
        assert one.stdin is not None
        one.stdin.write(f"p{number}\n")
        one.stdin.flush()
    for one in racers:
        one.communicate()
    assert [0] * 8 == [one.returncode for one in racers]
    assert [(8,)] == columns(path, "SELECT count(*) FROM pilots")


# -- forks ---------------------------------------------------------------------------------------------------------


def test_a_fork_loses_nothing(path: Path) -> None:
    """A child goes on with the store that it was forked with, and no commit of parent or child is lost."""
    store = open_store(path_url(path))
    begin(store, "parent")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(writing)
            begin(store, "child 1")
            os.read(reading, 1)
            begin(store, "child 2")
            status = 0
        finally:
            os._exit(status)
    begin(store, "parent 2")
    store.close()
    os.write(writing, b"x")
    os.close(writing)
    os.close(reading)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert {("parent",), ("parent 2",), ("child 1",), ("child 2",)} == set(columns(path, "SELECT id FROM pilots"))


def test_a_store_that_was_in_use_is_refused_in_the_child(path: Path) -> None:
    """A child that was forked off in the middle of an append may not use that store."""
    store = open_store(path_url(path))
    statuses = list[int]()

    def fork(_: object) -> None:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                store.load(TENANT, "p1")
            except StoreUnavailable:
                status = 0
            finally:
                os._exit(status)
        statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    store.append(written(None, started("p1"))[0], recorded=fork)
    assert ([0], [1]) == (statuses, versions(store))
    store.close()
