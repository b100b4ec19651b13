"""Files of SQLite that are copied: what a copy of the file alone lacks, and what an old -wal does to a restored one."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from proeftuin import Engine
from proeftuin.errors import StoreError
from tests.domain.life import Clock
from tests.faults.copying import Site, commands
from tests.faults.receiving import LEAD, lesson
from tests.stores import path_url

MANY = 50  # events, which fill more pages of a file than one commit writes


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine on a file, with two events in the file itself and two in its -wal."""
    with Engine.open(path_url(tmp_path / "pilots.db"), time=Clock()) as made:
        made.start("existing-contract", actor=LEAD, data={"title": "Care", "organisation": "UU"}, id="p1")
        lesson(made, "p1", "in the file")
        into_the_file(tmp_path / "pilots.db")
        lesson(made, "p1", "in the log")
        lesson(made, "p1", "in the log too")
        yield made


def into_the_file(path: Path) -> None:
    """Bring what stands in the -wal into the file, as SQLite does by itself now and then."""
    with closing(sqlite3.connect(path)) as link:
        assert (0, 0, 0) == link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def test_a_file_that_is_copied_alone_lacks_commits(engine: Engine, tmp_path: Path) -> None:
    """Without its -wal a copied file lacks what was acknowledged last, and nothing in it shows that."""
    shutil.copy(tmp_path / "pilots.db", tmp_path / "alone.db")
    with Engine.open(path_url(tmp_path / "alone.db"), time=Clock()) as alone:
        assert (4, 2) == (engine.get("p1").version, alone.get("p1").version)
        assert () == alone.verify()


def test_a_file_and_its_log_copied_in_turn_are_a_mixture(engine: Engine, tmp_path: Path) -> None:
    """Where the -wal begins anew between the two copies, what stood in the first one is missing from their mixture."""
    shutil.copy(tmp_path / "pilots.db", tmp_path / "both.db")
    for number in range(MANY):
        lesson(engine, "p1", f"lesson-{number}")
    into_the_file(tmp_path / "pilots.db")
    lesson(engine, "p1", "after that")
    shutil.copy(tmp_path / "pilots.db-wal", tmp_path / "both.db-wal")
    with Engine.open(path_url(tmp_path / "both.db"), time=Clock()) as both:
        assert () != both.verify()


@pytest.mark.parametrize("means", ["VACUUM INTO", ".backup"])
def test_a_log_that_is_left_spoils_the_restored_file(engine: Engine, tmp_path: Path, means: str) -> None:
    """A copy is a whole store by itself, and is not, or not the same, beside the -wal of the store that it replaces."""
    alone, beside = tmp_path / "alone.db", tmp_path / "beside.db"
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as link, closing(sqlite3.connect(alone)) as other:
        if means == ".backup":
            link.backup(other)
        else:
            link.execute("VACUUM INTO ?", (f"{alone}",))
    lesson(engine, "p1", "after the copy")
    shutil.copy(alone, beside)
    shutil.copy(tmp_path / "pilots.db-wal", f"{beside}-wal")
    assert ([1, 2, 3, 4], ()) == found(alone)
    assert ([1, 2, 3, 4], ()) != found(beside)


def found(path: Path) -> object:
    """What a file holds, and what is wrong with it; or why it cannot be used."""
    try:
        with Engine.open(path_url(path), time=Clock()) as engine:
            return [one.version for one in engine.history("p1")], engine.verify()
    except StoreError as error:
        return error


def test_what_the_page_says_puts_a_copy_in_the_place_of_a_store(engine: Engine, tmp_path: Path) -> None:
    """The old files are set aside with all that belongs to them, and the copy alone is the store."""
    site = Site("sqlite", path_url(tmp_path / "pilots.db"), path_url(tmp_path / "restored.db"), tmp_path, "")
    site.copy(lambda: None)
    lesson(engine, "p1", "after the copy")
    shutil.copytree(tmp_path, tmp_path / "killed")  # what a process that was killed leaves: a -wal that is not empty
    killed = Site("sqlite", site.url, site.restored, tmp_path / "killed", "")
    assert "Everything is whole: 1 pilot" in killed.restore()
    killed.run(commands("sqlite")[2])
    assert {"pilots.db", "pilots.db-wal", "pilots.db-shm"} == {
        one.name for one in (killed.folder / "set-aside").iterdir()
    }
    with Engine.open(path_url(killed.folder / "pilots.db"), time=Clock()) as restored:
        assert (4, ()) == (restored.get("p1").version, restored.verify())
    with Engine.open(path_url(killed.folder / "set-aside" / "pilots.db"), time=Clock()) as old:
        assert (5, ()) == (old.get("p1").version, old.verify())
