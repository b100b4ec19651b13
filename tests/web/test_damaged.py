"""A store of which one pilot cannot be read: that one is told, and the rest goes on where that is honest."""

import pytest
from attrs import evolve

from proeftuin import Engine
from proeftuin.storage.memory import MemoryStore
from tests.unit.test_doctor import held
from tests.web import boards
from tests.web.api.served import client, served

NOTE = {"trigger": "add_lesson", "data": {"text": "Begin klein"}}


def damaged() -> Engine:
    """An engine with three pilots, of which the second cannot be read."""
    store = MemoryStore()
    on = Engine(store, workflows=[boards.flow()])
    for name in ("alpha", "beta", "gamma"):
        on.start("existing-contract", actor=boards.LEAD, data={**boards.BEGIN, "title": name.upper()}, id=name)
    kept = held(store, "beta")
    kept.head = evolve(kept.head, body=b"\0")
    return Engine(store, workflows=[boards.flow()])


def test_commands_on_other_pilots_are_carried_out(caplog: pytest.LogCaptureFixture) -> None:
    """Of many commands the one on a damaged pilot is told in its place, and logged; those around it are carried out."""
    on = damaged()
    asked = client(served(on))
    answer = asked.post("commands", json={"commands": [{"pilot": one, **NOTE} for one in ("alpha", "beta", "gamma")]})
    assert [200, 500, 200] == [one["status"] for one in answer.json()["items"]]
    assert "urn:proeftuin:corrupt-store" == answer.json()["items"][1]["problem"]["type"]
    assert [2, 2] == [on.get(one).version for one in ("alpha", "gamma")]
    assert ["CorruptStore"] == [getattr(one, "error", None) for one in caplog.records if one.msg == "request-failed"]


def test_the_board_shows_the_others_and_names_the_damaged_one() -> None:
    """A damaged pilot stands on the board by its id with the words that it cannot be read, and the others as ever."""
    visitor = boards.client(damaged())
    page = visitor.get("/")
    assert (200, True, True) == (page.status_code, "ALPHA" in page.text, "GAMMA" in page.text)
    assert "beta (kan niet worden gelezen; meld het de beheerder)" in page.text
    assert 500 == visitor.get("/pilot?id=beta").status_code


@pytest.mark.parametrize("where", ["/agenda", "/portfolio"])
def test_what_is_of_all_pilots_together_is_not_told_without_one(where: str) -> None:
    """An agenda and figures without the damaged pilot would be wrong and look right: there are none."""
    assert 500 == boards.client(damaged()).get(where).status_code
