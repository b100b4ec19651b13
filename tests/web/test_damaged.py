"""A store of which one pilot, or its workflow, cannot be read: that is told, and the rest goes on where it may."""

from collections.abc import Callable

import pytest
from lxml import html

from proeftuin import CorruptStore, Engine
from proeftuin.core.structs import replace
from proeftuin.definitions import Catalogue
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
    kept.head = replace(kept.head, body=b"\0")
    return Engine(store, workflows=[boards.flow()])


UNREAD = "(kan niet worden gelezen; meld het de beheerder)"


def misread(*names: str) -> Engine:
    """An engine with three pilots, or these, and a workflow that cannot be read; the pilot `beta` follows that."""
    store, flows = MemoryStore(), [boards.flow(), Catalogue().get("small-purchases")]
    on = Engine(store, workflows=flows)
    for name in names or ("alpha", "beta", "gamma"):
        route = flows[name == "beta"].name
        on.start(route, actor=boards.LEAD, data={**boards.BEGIN, "title": name.upper()}, id=name)
    store._workflows[flows[1].name, flows[1].version] = ("h", b"{")
    return Engine(store, workflows=flows)


def test_commands_on_other_pilots_are_carried_out(caplog: pytest.LogCaptureFixture) -> None:
    """Of many commands the one on a damaged pilot is told in its place, and logged; those around it are carried out."""
    on = damaged()
    asked = client(served(on))
    answer = asked.post("commands", json={"commands": [{"pilot": one, **NOTE} for one in ("alpha", "beta", "gamma")]})
    assert [200, 500, 200] == [one["status"] for one in answer.json()["items"]]
    assert "urn:proeftuin:corrupt-store" == answer.json()["items"][1]["problem"]["type"]
    assert [2, 2] == [on.get(one).version for one in ("alpha", "gamma")]
    assert ["CorruptStore"] == [getattr(one, "error", None) for one in caplog.records if one.msg == "request-failed"]


def test_a_damaged_workflow_is_told_in_the_place_of_its_pilots_commands() -> None:
    """Of many commands the one on a pilot of a damaged workflow is told as the fault of the store, the rest is done."""
    on = misread()
    asked = client(served(on))
    answer = asked.post("commands", json={"commands": [{"pilot": one, **NOTE} for one in ("alpha", "beta", "gamma")]})
    assert [200, 500, 200] == [one["status"] for one in answer.json()["items"]]
    assert "urn:proeftuin:corrupt-store" == answer.json()["items"][1]["problem"]["type"]
    assert [2, 2] == [on.get(one).version for one in ("alpha", "gamma")]


@pytest.mark.parametrize("where", ["pilots/beta", "pilots/beta/options", "workflows/small-purchases"])
def test_whoever_asks_for_what_is_damaged_did_nothing_wrong(where: str) -> None:
    """A pilot whose workflow is damaged, and that workflow, are answered with a status that says that it is ours."""
    answer = client(served(misread())).get(where)
    assert (500, "urn:proeftuin:corrupt-store") == (answer.status_code, answer.json()["type"])


def test_the_place_of_what_is_damaged_is_told_to_who_runs_it() -> None:
    """The error names the workflow, and the command that names its pilots."""
    with pytest.raises(CorruptStore, match=r"workflow small-purchases@1 cannot be read: .*; `proeftuin doctor`"):
        misread().options("beta", actor=boards.LEAD)


def test_the_board_shows_the_others_and_names_the_damaged_one() -> None:
    """A damaged pilot stands on the board by its id with the words that it cannot be read, and the others as ever."""
    visitor = boards.client(damaged())
    page = visitor.get("/")
    assert (200, True, True) == (page.status_code, "ALPHA" in page.text, "GAMMA" in page.text)
    assert f"beta {UNREAD}" in page.text
    assert 500 == visitor.get("/pilot?id=beta").status_code


def test_a_damaged_workflow_is_told_on_the_board_for_its_own_pilots() -> None:
    """Its pilots stand there by their ids, and where they are in the workflow's own word; the others as ever."""
    page = boards.client(misread()).get("/").text
    cards = {one.find("a").text: one.text_content() for one in html.fromstring(page).find_class("card")}
    assert {"ALPHA", "GAMMA", f"beta {UNREAD}"} == {*cards}
    assert "small-purchases@1" in cards[f"beta {UNREAD}"]


@pytest.mark.parametrize(("where", "shows"), [("/start", "Bestaand"), ("/portfolio", "Resultaten")])
def test_pages_that_name_workflows_leave_out_what_cannot_be_read(where: str, shows: str) -> None:
    """Another route can be begun, and the results of others are there, where a workflow is damaged without pilots."""
    answer = boards.client(misread("alpha", "gamma")).get(where)
    assert (200, True) == (answer.status_code, shows in answer.text)


def test_programs_find_the_pilots_of_a_damaged_workflow_and_the_others() -> None:
    """A list and a count hold every pilot of who asks, as a summary does not need its workflow."""
    asked = client(served(misread()))
    assert ["alpha", "beta", "gamma"] == [one["id"] for one in asked.get("pilots").json()["items"]]
    assert 3 == sum(one["pilots"] for one in asked.get("counts").json()["items"])
    assert [] == client(served(misread()), who="monitor").get("pilots").json()["items"]


def test_nobody_sees_pilots_whose_workflow_nobody_can_read(caplog: pytest.LogCaptureFixture) -> None:
    """Where nothing was given in place of a damaged workflow, no role is known: its pilots are left out, and logged."""
    on = Engine(misread()._store, workflows=[boards.flow()])
    assert ["alpha", "gamma"] == [one.id for one in on.seen_by(boards.LEAD).each()]
    assert ["small-purchases@1"] == [one.workflow for one in caplog.records if one.msg == "workflow-unreadable"]  # type: ignore[attr-defined]  # a field of ours
    assert ["alpha", "beta", "gamma"] == [one.id for one in on.each()]


@pytest.mark.parametrize("spoilt", [damaged, misread])
@pytest.mark.parametrize("where", ["/agenda", "/portfolio"])
def test_what_is_of_all_pilots_together_says_what_it_is_without(spoilt: Callable[[], Engine], where: str) -> None:
    """An agenda and figures without the damaged pilot would look right: they say what they are without."""
    answer = boards.client(spoilt()).get(where)
    assert (200, True, True) == (answer.status_code, "ALPHA" in answer.text, "GAMMA" in answer.text)
    assert ("BETA" in answer.text, f"beta {UNREAD}" in answer.text) == (False, True)
    assert "Niet volledig: 1 proeftuin die niet kan worden gelezen ontbreekt hier" in answer.text
    whole = boards.client(Engine(MemoryStore(), workflows=[boards.flow()])).get(where)
    assert (200, False) == (whole.status_code, "Niet volledig" in whole.text)


def test_who_sees_figures_alone_is_told_that_they_are_incomplete_and_no_more() -> None:
    """A monitor, who is shown no pilot, reads that one is missing, whom to tell, and not which it is."""
    monitor = client(served(misread()), "monitor", **{"accept-language": "nl"})
    answer = monitor.get("http://testserver/portfolio")
    assert ("Niet volledig: 1" in answer.text, "Meld het de beheerder." in answer.text) == (True, True)
    assert "beta" not in answer.text


@pytest.mark.parametrize("spoilt", [damaged, misread])
def test_programs_are_told_what_is_missing(spoilt: Callable[[], Engine]) -> None:
    """The agenda, due days, figures and the portfolio are those of the others, and each names what it is without."""
    asked = client(served(spoilt()))
    for where in ("agenda", "deadlines", "portfolio"):
        answer = asked.get(where)
        assert (200, ["beta"]) == (answer.status_code, answer.json()["unreadable"])
    assert 1 == asked.get("portfolio").json()["missing"]
    figures = asked.get("metrics", params={"name": "pilots_by_phase"}).json()["figures"]
    assert (1, [2, 2]) == (figures["pilots_by_phase"]["missing"], figures["pilots_by_phase"]["coverage"])
    assert 200 == asked.get("pilots", params={"overdue": "true"}).status_code
