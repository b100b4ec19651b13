"""Who sees what through the API: nothing of a rival gets to a supplier, whatever it asks and whatever it does."""

import json
import re
from collections.abc import Iterator
from functools import cache
from re import Pattern
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from proeftuin import Actor
from proeftuin.definitions import Catalogue
from proeftuin.web import Seat
from proeftuin.web.api.given import JSON
from proeftuin.web.api.table import OPERATIONS
from tests.domain.planted import OWN, PARTIES, RIVAL, Planted, planted
from tests.domain.test_seen_words import SUPPLIER, hidden_from_supplier, tells
from tests.web.api.served import client, served

LOOKING = [one for one in OPERATIONS if one.method == "GET" and "pilot" in one.parts]


@cache
def filled(name: str) -> Planted:
    return planted(Catalogue().get(name))


def asked(made: Planted, actor: Actor = SUPPLIER) -> TestClient:
    return client(served(made.engine, who=lambda _: Seat(actor)))


def answers(by: TestClient, made: Planted) -> Iterator[tuple[str, Any]]:
    """The answer to every question, and to every command on every track and on one that is not there."""
    pilot = quote(made.id, safe="")
    for one in OPERATIONS:
        if one.method == "GET" and not one.operator and one.answers != JSON:  # the documents are the same for all
            path = one.path.format(pilot=pilot, workflow=made.workflow.name)
            yield one.path, by.get(path.lstrip("/"))
    for version in range(1, made.pilot.version, 40):
        yield "a version", by.get(f"pilots/{pilot}", params={"version": version})
    for query in ({"overdue": True}, {"signal": "stalled"}):
        yield "find", by.get("pilots", params=query)
    yield "all options", by.get(f"pilots/{pilot}/options", params={"all": True})


def commands(by: TestClient, made: Planted, trigger: str, track: str | None) -> Iterator[tuple[str, Any]]:
    """The answers to one command, asked about, fired, in a batch, and among many."""
    pilot, given = quote(made.id, safe=""), {"trigger": trigger, "track": track}
    yield "explain", by.post(f"pilots/{pilot}/explain", json=given)
    yield "commands", by.post(f"pilots/{pilot}/commands", json=given)
    yield "batch", by.post(f"pilots/{pilot}/batch", json={"commands": [given, given]})
    yield "many", by.post("commands", json={"commands": [{"pilot": made.id, **given}]})


def told(text: str, words: Pattern[str]) -> list[str]:
    """The words that stand in a text."""
    return sorted(set(words.findall(text)))


def hidden(made: Planted) -> Pattern[str]:
    """Every word and name of the rival's, of nobody's, and of the pilot's own records."""
    others = [key for key in made.pilot.tracks if not key.startswith(OWN)]
    words = [*(one.text for one in made.words if hidden_from_supplier(made, one)), *others, str(PARTIES[RIVAL])]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?!\w)")  # as `tells` looks for one


@pytest.mark.parametrize("name", ["existing-contract", "tender"])
def test_no_answer_to_a_supplier_holds_a_word_of_another(name: str) -> None:
    """Whatever a supplier asks, no answer names another's track, party, record or participant, or holds its words."""
    made = filled(name)
    words = hidden(made)
    found = list(answers(asked(made), made))
    assert {200, 409} == {one.status_code for _, one in found}  # 409: the privacy log is not a supplier's to read
    assert [] == [(path, one) for path, answer in found for one in told(answer.text, words)]


@pytest.mark.parametrize("name", ["existing-contract"])
def test_no_command_of_a_supplier_tells_of_another(name: str) -> None:
    """Whatever a supplier fires, at the pilot or at its own track, no result and no refusal holds a word of another."""
    made = filled(name)
    by, words = asked(made), hidden(made)
    own = next(key for key in made.pilot.tracks if key.startswith(OWN))
    found = [
        (trigger, door, one)
        for trigger in sorted(made.table.triggers)
        for track in (None, own)
        for door, one in commands(by, made, trigger, track)
    ]
    assert {200, 409} == {one.status_code for _, _, one in found}
    assert [] == [(trigger, door, word) for trigger, door, one in found for word in told(one.text, words)]


def test_what_comes_of_a_suppliers_command_is_cut_too() -> None:
    """What a supplier did is told with the pilot, and without a word of another in it."""
    made = filled("existing-contract")
    by, words, pilot = asked(made), hidden(made), quote(made.id, safe="")
    given = {"trigger": "add_evidence", "data": {"type": "inventory", "date": "2026-01-12", "reference": "DOC-1"}}
    found = [
        by.post(f"pilots/{pilot}/commands", json=given),
        by.post(f"pilots/{pilot}/batch", json={"commands": [given, given]}),
        by.post("commands", json={"commands": [{"pilot": made.id, **given}]}),
    ]
    assert [200, 200, 200] == [one.status_code for one in found]
    assert 200 == found[2].json()["items"][0]["status"]
    assert [] == [word for one in found for word in told(one.text, words)]


def test_anothers_track_is_answered_as_one_that_is_not_there() -> None:
    """Fired at a rival's track or at one that nobody has, a supplier's command is refused in the same words."""
    made = filled("existing-contract")
    by, rival = asked(made), f"{RIVAL}.{next(iter(made.workflow.tracks))}"
    for trigger in ("sign_agreement", "start_placement", "propose"):
        for (door, there), (_, nowhere) in zip(
            commands(by, made, trigger, rival), commands(by, made, trigger, "rival.nowhere"), strict=True
        ):
            if door != "commands" or trigger != "propose":  # who would open a track there finds that it is taken
                told = [one.text.replace(rival, "?").replace("rival.nowhere", "?") for one in (there, nowhere)]
                assert (there.status_code, told[0]) == (nowhere.status_code, told[1]), (trigger, door)


def test_to_a_stranger_there_is_no_pilot_to_act_on() -> None:
    """Who sees nothing of a pilot is told that there is none by every operation on it, also by those that write."""
    made = filled("existing-contract")
    for actor in (Actor("m", roles={"monitor"}), Actor("n", roles=())):
        by = asked(made, actor)
        answers_ = [one for door, one in commands(by, made, "add_lesson", None) if door != "many"]
        answers_.append(by.post(f"pilots/{made.id}/lookups", json={"subject": "s101", "reason": "asked"}))
        answers_ += [by.get(one.path.lstrip("/").format(pilot=made.id)) for one in LOOKING]
        assert {(404, "urn:proeftuin:unknown-pilot")} == {(one.status_code, one.json()["type"]) for one in answers_}
        many = by.post("commands", json={"commands": [{"pilot": made.id, "trigger": "add_lesson"}]}).json()
        assert [404] == [one["status"] for one in many["items"]]


def test_the_clients_side_sees_every_word() -> None:
    """Whatever was planted, the client's side is answered it: no test above is true because nothing was there."""
    made = filled("existing-contract")
    by = asked(made, Actor("c", roles={"coordinator"}))
    pages = [by.get(f"pilots/{made.id}").text, by.get(f"pilots/{made.id}/history", params={"limit": 1000}).text]
    seen = json.dumps(pages, ensure_ascii=False)
    assert [] == [one.text for one in made.words if not tells(seen, one.text)]
