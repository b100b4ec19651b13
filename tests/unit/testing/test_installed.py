"""The list of stores that can be opened, and what it says of each without opening one."""

from importlib.metadata import EntryPoint

import pytest

from proeftuin.spi.checks import METHODS
from proeftuin.storage.memory import MemoryStore
from proeftuin.testing import installed

HERE = "tests.unit.testing.test_installed"


class Half:
    """Looks like a store, and lacks one method."""


def open_half(url: str) -> Half:
    return Half()


def open_whole(url: str) -> MemoryStore:
    return MemoryStore()


def listed(monkeypatch: pytest.MonkeyPatch, opener: str) -> installed.Installed:
    """Return what is told of a store that somebody else has installed."""
    monkeypatch.setattr(installed, "entry_points", lambda group: [EntryPoint("mine", f"{HERE}:{opener}", group)])
    return next(one for one in installed.installed() if one.scheme == "mine")


@pytest.mark.parametrize("lacking", METHODS)
def test_what_lacks_a_method_of_every_store_is_not_told_as_one(monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    """Of a class that lacks any method that opening asks of a store no parts are told."""
    for name in METHODS:
        monkeypatch.setattr(Half, name, getattr(MemoryStore, name), raising=False)
    assert listed(monkeypatch, "open_half").offers is not None
    monkeypatch.delattr(Half, lacking)
    assert listed(monkeypatch, "open_half").offers is None


def test_the_parts_of_an_installed_store_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a class that is a store its parts and flags are told, under the scheme of its entry point."""
    found = listed(monkeypatch, "open_whole")
    assert found.offers is not None
    assert (True, False) == (found.offers["Bulk"], found.offers["durable"])
    assert (None, f"{HERE}:open_whole") == (found.problem, found.opener)
