from pathlib import Path

from proeftuin.storage import open_store
from tests.contract.conformance import PAGE, declared, page
from tests.stores import path_url


def test_the_page_says_what_the_suite_proves(tmp_path: Path) -> None:
    """The page of the last run names every case, and says of each store that all holds which it does not decline."""
    memory, file = open_store("memory://"), open_store(path_url(tmp_path / "pilots.db"))
    server = declared(file, files=False)  # one class for all three databases
    in_memory, in_a_file = declared(memory, files=False), declared(file, files=True)
    told = page({"memory": in_memory, "sqlite": in_a_file, "postgresql": server, "mariadb": server})
    memory.close()
    file.close()
    assert told == PAGE.read_text(encoding="utf-8")
