from pathlib import Path
from typing import TYPE_CHECKING

from proeftuin.storage import open_store
from proeftuin.storage.sql.store import StreamingSqlStore
from tests.contract.conformance import PAGE, Verdicts, declared, page
from tests.stores import path_url

if TYPE_CHECKING:
    from tests.contract.scratch import Kind


def test_the_page_says_what_the_suite_proves(tmp_path: Path) -> None:
    """The page of the last run names every case, and says of each store that all holds which it does not decline."""
    memory, file = open_store("memory://"), open_store(path_url(tmp_path / "pilots.db"))
    stores: dict[Kind, Verdicts] = {
        "memory": declared(memory, files=False),
        "sqlite": declared(file, files=True),
        "postgresql": declared(StreamingSqlStore.__new__(StreamingSqlStore), files=False),
        "mariadb": declared(file, files=False),  # of one class with SQLite's
    }
    memory.close()
    file.close()
    assert page(stores) == PAGE.read_text(encoding="utf-8")
