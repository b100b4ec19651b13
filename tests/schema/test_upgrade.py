"""An upgrade that is cut off anywhere resumes; several at once do it once; one that fails leaves the version alone."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest
from attrs import frozen
from sqlalchemy import Engine, event, insert, inspect, make_url, select

from proeftuin.errors import SchemaTooNew
from proeftuin.storage import open_store
from proeftuin.storage.sql import current, schema, upgrade
from proeftuin.storage.sql.tables import tables_in
from tests.schema.catalog import catalog, connected, contents, with_options
from tests.stores import advance, begin, path_url, stored, versions

# The next version of the schema, as a later library would bring it: a column that is filled, an index on it, a table.
# Each statement can be repeated.
NEXT = "9999"
LATER = f"""
import sqlalchemy as sa
from alembic import context, op

revision, down_revision = "{NEXT}", "{schema.PRESENT}"
"""
LATER += """


def upgrade():
    prefix = context.config.attributes["prefix"]
    pilots, database = f"{prefix}pilots", op.get_bind()
    if "colour" not in {column["name"] for column in sa.inspect(database).get_columns(pilots)}:
        op.add_column(pilots, sa.Column("colour", sa.String(20)))
    quoted = database.dialect.identifier_preparer.quote(pilots)
    op.execute(sa.text(f"UPDATE {quoted} SET colour = 'red' WHERE colour IS NULL"))
    op.create_index(f"{prefix}pilots_by_colour", pilots, ["colour"], if_not_exists=True)
    op.create_table(f"{prefix}colours", sa.Column("name", sa.String(20), primary_key=True), if_not_exists=True)
"""
MOST = 90  # more statements than any upgrade here has
SHIPPED, VERSIONS = schema.MIGRATIONS, schema.REVISIONS

Left = tuple[list[str], list[str]]
Rows = dict[str, list[dict[str, Any]]]


@frozen
class Step:
    """From one version of the schema to the one behind it, each as the library of that time has it."""

    found: str
    wanted: str
    rows: Rows
    migrations: Path
    patch: pytest.MonkeyPatch

    def before(self) -> None:
        """Make this the library of the version that is found."""
        self._become(self.found)

    def after(self) -> None:
        """Make this the library of the version that is wanted."""
        self._become(self.wanted)

    def newest(self) -> None:
        """Make this the library whose statements the store is spoken to in: today's, or the next one's."""
        self._become(max(self.wanted, VERSIONS[-1]))

    def _become(self, version: str) -> None:
        known = tuple(one for one in (*VERSIONS, NEXT) if one <= version)
        folder = self.migrations / version
        if not folder.exists():
            copytree(SHIPPED, folder, ignore=ignore_patterns("__pycache__"))
            (folder / "versions" / f"{NEXT}_later.py").write_text(LATER)
            for one in (folder / "versions").glob("*.py"):
                if one.name.partition("_")[0] not in known:
                    one.unlink()
        self.patch.setattr(schema, "MIGRATIONS", folder)
        self.patch.setattr(schema, "REVISIONS", known)
        self.patch.setattr(schema, "PRESENT", version)


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """What a store of today holds that has a pilot, table by table."""
    url = path_url(tmp_path / "today.db")
    store = open_store(url)
    advance(store, begin(store), 2)
    store.close()
    with connected(url) as connection:
        tables = tables_in().metadata.sorted_tables
        return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}


@pytest.fixture(params=pairwise((*schema.REVISIONS, NEXT)), ids="-".join)
def step(request: pytest.FixtureRequest, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Each upgrade that there is, and the next one; it begins with the library of the version that is found."""
    found, wanted = request.param
    made = Step(found, wanted, rows, tmp_path / "migrations", monkeypatch)
    made.before()
    return made


def place(url: str, nth: int) -> tuple[str, str]:
    """A place of its own for the n-th attempt, and its prefix."""
    prefix = f"cut{nth:02}_"
    return with_options(url, prefix=prefix), prefix


def left(url: str, prefix: str) -> Left:
    """All that there is under a prefix, without it: what the catalog says, and the rows."""
    made = [repr((name, told)).replace(prefix, "") for name, told in catalog(url, under=prefix).items()]
    kept = contents(url, under=prefix)
    rows = [f"{name.removeprefix(prefix)} {row}" for name, rows in kept.items() for row in rows]
    return sorted(made), sorted(rows)


def fill(url: str, step: Step) -> None:
    """Make a store with a pilot as the library of then did: what today writes, as far as there were columns for it."""
    step.before()
    upgrade(url)
    tables = tables_in(str(make_url(url).query.get("prefix", "")))
    with connected(url) as connection:
        for table in tables.metadata.sorted_tables:
            columns = {column["name"] for column in inspect(connection).get_columns(table.name)}
            for row in step.rows[table.name.removeprefix(tables.prefix)]:
                values = {name: value for name, value in row.items() if name in columns}
                connection.execute(insert(table).values(values))


def goes_on(url: str, length: int) -> None:
    """Expect a history of this length, and that it goes on."""
    store = open_store(url)
    pilot = stored(store)
    assert list(range(1, length + 1)) == versions(store)
    assert length + 1 == (advance(store, pilot) if pilot else begin(store)).version
    store.close()


# -- cut off -------------------------------------------------------------------------------------------------------


@contextmanager
def cutting(nth: int, act: Callable[[], object]) -> Iterator[None]:
    """Do something when the database has run the n-th statement of an upgrade; at 0, before it runs the first."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1
        if counted == max(nth, 1):
            act()

    moment = "after_cursor_execute" if nth else "before_cursor_execute"
    event.listen(Engine, moment, count)
    try:
        yield
    finally:
        event.remove(Engine, moment, count)


def dies(url: str, nth: int) -> bool:
    """Whether a process that is to be killed at the n-th statement of an upgrade came that far."""
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(BaseException), cutting(nth, lambda: os.kill(os.getpid(), signal.SIGKILL)):
            upgrade(url)
            status = 0
        os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, -signal.SIGKILL}
    return status != 0


def fails(url: str, nth: int) -> bool:
    """Whether an upgrade that is to fail at its n-th statement came that far."""

    def fail() -> None:
        raise MemoryError

    with cutting(nth, fail), suppress(MemoryError):
        upgrade(url)
        return False
    return True


@pytest.mark.parametrize("ends", [dies, fails])
def test_a_first_upgrade_resumes_wherever_it_ended(url: str, kind: str, ends: Callable[[str, int], bool]) -> None:
    """Cut off at any statement, the first upgrade leaves nothing or what can be gone on with, and the next ends it."""
    first, prefix = place(url, MOST)
    upgrade(first)
    whole = left(url, prefix)
    for nth in range(MOST):
        here, prefix = place(url, nth)
        if not ends(here, nth):
            break
        cut = left(url, prefix)
        finished = cut == whole
        assert finished or cut == ([], []) or kind == "mariadb"  # which keeps each statement
        partly: set[str | None] = {None, *schema.REVISIONS[:-1]} if kind == "mariadb" else {None}
        assert upgrade(here)[0] in ({schema.PRESENT} if finished else partly)
        assert whole == left(url, prefix)
        goes_on(here, 0)
    assert 15 < nth < MOST - 1


def test_a_later_upgrade_resumes_wherever_it_died(url: str, kind: str, step: Step) -> None:
    """Killed at any statement, the upgrade of a store with a pilot loses nothing of it, and the next finishes it."""
    first, prefix = place(url, MOST)
    fill(first, step)
    _, old = left(url, prefix)
    step.after()
    assert (step.found, step.wanted) == upgrade(first)
    whole = left(url, prefix)
    for nth in range(MOST):
        here, prefix = place(url, nth)
        fill(here, step)
        step.after()
        if not dies(here, nth):
            break
        cut = left(url, prefix)
        finished = cut == whole
        assert finished or cut[1] == old or kind == "mariadb"
        assert (step.wanted if finished else step.found) == current(here)[0] == upgrade(here)[0]
        assert whole == left(url, prefix)
        step.newest()
        upgrade(here)
        goes_on(here, 3)
    assert 5 < nth < MOST - 1


def test_an_upgrade_ends_where_a_new_store_begins(url: str, step: Step) -> None:
    """The tables of a store that was upgraded are to the letter those of one that is made anew."""
    (older, old), (newer, new) = place(url, 0), place(url, 1)
    upgrade(older)
    step.after()
    assert [step.found, None] == [upgrade(one)[0] for one in (older, newer)]
    assert left(url, new) == left(url, old)


def test_an_earlier_library_refuses_what_a_later_one_made(url: str, step: Step) -> None:
    """After an upgrade by a later version an earlier one refuses the store, and changes nothing in it."""
    fill(url, step)
    step.after()
    assert (step.found, step.wanted) == upgrade(url)
    step.before()
    before = catalog(url), contents(url)
    for ask in (open_store, upgrade, current):
        with pytest.raises(
            SchemaTooNew, match=f"{step.wanted}, and this version of proeftuin knows up to {step.found}"
        ):
            ask(url)
    assert before == (catalog(url), contents(url))


# -- several at once -----------------------------------------------------------------------------------------------


def race(runners: int, run: Callable[[int], str]) -> list[str]:
    """What so many processes say that all run at once."""
    gate, opens = os.pipe()
    reading, writing = os.pipe()
    children = []
    for number in range(runners):
        children.append(os.fork())
        if children[-1] == 0:
            os.close(opens)
            os.read(gate, 1)  # ends when the gate is closed
            try:
                told = run(number)
            except BaseException as error:  # noqa: BLE001  # told to the parent, which judges it
                told = repr(error)
            os.write(writing, f"{told}\n".encode())
            os._exit(0)
    os.close(writing)
    os.close(opens)
    with os.fdopen(reading) as pipe:
        lines = pipe.read().splitlines()
    for child in children:
        os.waitpid(child, 0)
    os.close(gate)
    return sorted(lines)


def patient(url: str, kind: str) -> str:
    """The URL of who waits for others for a minute, as a busy machine may take some seconds for an upgrade."""
    return with_options(url, **{"busy_timeout" if kind == "sqlite" else "timeout": "60"})


def test_several_upgrades_at_once_do_it_once(url: str, kind: str) -> None:
    """Of eight processes at once one makes the tables and the others find them made, and each can write at once."""
    here = patient(url, kind)

    def run(number: int) -> str:
        found, _ = upgrade(here)
        store = open_store(here)
        begin(store, f"p{number}")
        store.close()
        return f"{found}"

    upgrade(with_options(url, prefix="w_"))  # what it takes is imported once, before the processes part
    assert [schema.PRESENT] * 7 + ["None"] == race(8, run)
    assert 8 == len(contents(url)["pilots"])


def test_several_later_upgrades_at_once_do_it_once(url: str, kind: str, step: Step) -> None:
    """Of eight processes that upgrade a store with a pilot at once one does, and the others find it done."""
    fill(url, step)
    step.after()
    here = patient(url, kind)
    assert [step.found] + [step.wanted] * 7 == race(8, lambda _: f"{upgrade(here)[0]}")
    step.newest()
    upgrade(url)
    goes_on(url, 3)
