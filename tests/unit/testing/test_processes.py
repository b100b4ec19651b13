"""Other processes of the kit: how they are given up."""

from threading import Event

import pytest

from proeftuin.storage.memory import MemoryStore
from proeftuin.testing import processes
from proeftuin.testing.expect import Broken
from proeftuin.testing.opening import Address

HERE = "tests.unit.testing.test_processes"


def open_never(url: str) -> MemoryStore:
    Event().wait()
    return MemoryStore()


def open_badly(url: str) -> MemoryStore:
    raise OSError("no such place")


def test_a_process_that_hangs_while_it_opens_the_store_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that never comes to have opened the store is ended, and the case told that it waits for ever."""
    monkeypatch.setattr(processes, "PATIENCE", 1.0)
    other = processes.Elsewhere(Address("memory://", f"{HERE}:open_never"), "contend")
    with pytest.raises(Broken, match="did not come to open the store: it waits for ever"), other:
        pytest.fail("it says that it is ready")


def test_a_process_that_cannot_open_the_store_says_why() -> None:
    """What a process complains of while it opens the store is told by the case."""
    other = processes.Elsewhere(Address("memory://", f"{HERE}:open_badly"), "contend")
    with pytest.raises(Broken, match=r"could not open the store: (.|\n)*no such place"), other:
        pytest.fail("it says that it is ready")
