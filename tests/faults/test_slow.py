"""What takes long after a commit, a hook or a sink, holds no transaction open: others write meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from attrs import define

from proeftuin import Engine, load_workflow
from proeftuin.spi import Committed, Parcel
from proeftuin.storage import open_store
from tests.faults.conftest import KINDS, impatient
from tests.unit.engines import DATA, FLOW, LEAD

PATIENCE = 60
pytestmark = pytest.mark.parametrize("kind", KINDS)


@define
class Slow:
    """A hook and a sink that does not return before others have written."""

    meanwhile: Callable[[], int]
    wrote: list[int]

    def committed(self, moment: Committed) -> None:
        if moment.events[0].trigger == "talk":
            self.wrote.append(self.meanwhile())

    def send(self, parcel: Parcel) -> None:
        self.wrote.append(self.meanwhile())


@pytest.fixture
def slow(url: str) -> Slow:
    """Others are an engine of its own on the same database, in another thread, with a second of patience."""

    def note() -> int:
        with Engine(open_store(impatient(url)), workflows=[load_workflow(FLOW)]) as other:
            return other.fire("p", "note", actor=LEAD, data={"text": "meanwhile"}).pilot.version

    def meanwhile() -> int:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(note).result(PATIENCE)

    return Slow(meanwhile, [])


def test_a_slow_hook_holds_no_transaction_open(url: str, slow: Slow) -> None:
    """While a `committed` hook has not returned, what it was told of is committed, and others write the same pilot."""
    with Engine(open_store(impatient(url)), workflows=[load_workflow(FLOW)], hooks=[slow]) as engine:
        engine.start("talks", actor=LEAD, data=DATA, id="p")
        assert 2 == engine.fire("p", "talk", actor=LEAD).pilot.version
        assert [3] == slow.wrote
        assert 3 == engine.get("p").version


def test_a_slow_sink_holds_no_transaction_open(url: str, slow: Slow) -> None:
    """While a sink has not returned, others write the pilot whose events it was given."""
    with Engine(open_store(impatient(url)), workflows=[load_workflow(FLOW)]) as engine:
        engine.subscribe("hr")
        engine.start("talks", actor=LEAD, data=DATA, id="p")
        assert 1 == engine.deliver({"hr": slow}).done
        assert [2] == slow.wrote
