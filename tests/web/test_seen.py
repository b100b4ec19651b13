"""Who sees what on the board: no page or form holds a word that its actor may not see, and none becomes markup."""

import re
from html import unescape
from html.parser import HTMLParser
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from proeftuin import Actor, Workflow
from proeftuin.web import Limits, app
from tests.domain.planted import NOBODY, OWN, PARTIES, PILOT, RIVAL, Planted, planted
from tests.domain.test_seen_words import (
    FACILITATOR,
    SUPPLIER,
    filled,
    flows,
    hidden_from_facilitator,
    hidden_from_supplier,
    tells,
)

COORDINATOR = Actor("c", roles={"coordinator"})
MONITOR = Actor("m", roles={"monitor"})
NAMES = sorted({*flows("supplier_lead"), *flows("facilitator")})


def visitor(made: Planted, actor: Actor) -> TestClient:
    """A browser of somebody, who is in no hurry."""
    wide = Limits(burst=100_000, streams=100_000)
    return TestClient(app(made.engine, authorize=lambda _: actor, limits=wide), follow_redirects=False)


def addresses(made: Planted, turns: int) -> list[str]:
    """Every page, each filter of the board, a form for each trigger at so many tracks in turn, and for each record."""
    found = ["/", "/agenda", "/portfolio", "/start", "/?overdue=1"]
    found += [f"/{page}?id={made.id}" for page in ("pilot", "pilot/history", "pilot/pictures")]
    found += [f"/?{urlencode({'state': one})}" for one in islice(made.workflow.states, turns)]
    keys = cycle((None, *made.pilot.tracks))
    for trigger in sorted(made.table.triggers):
        for key in islice(keys, turns):
            query = {"id": made.id, "trigger": trigger} | ({} if key is None else {"track": key})
            found.append(f"/act?{urlencode(query)}")
    records = (one.id for kept in made.pilot.kept.values() for one in kept)
    return found + [f"/act?{urlencode({'id': made.id, 'trigger': 'correct', 'p.record': one})}" for one in records]


def pages(made: Planted, actor: Actor, turns: int = 1) -> dict[str, str]:
    """What every page says."""
    asks, found = visitor(made, actor), {}
    for where in addresses(made, turns):
        answer = asks.get(where)
        assert answer.status_code < 500
        found[where] = unescape(answer.text)
    return found


def leaks(found: dict[str, str], words: list[str]) -> list[tuple[str, str]]:
    return [(where, one) for where, text in found.items() for one in words if one not in where and tells(text, one)]


FORMS = [pytest.param(name, 99, marks=pytest.mark.release) for name in flows("supplier_lead")]
FORMS.append(pytest.param("existing-contract", 1))


@pytest.mark.parametrize(("name", "turns"), FORMS)
def test_no_page_tells_a_supplier_of_another(name: str, turns: int) -> None:
    """No word on another supplier's track, on nobody's, or on the pilot's records is on any page of a supplier."""
    made = filled(name)
    words = [one.text for one in made.words if hidden_from_supplier(made, one)]
    others = [key for key in made.pilot.tracks if not key.startswith(OWN)]
    found = pages(made, SUPPLIER, turns)
    assert words
    assert [] == leaks(found, [*words, *others, str(PARTIES[RIVAL])])
    seen = " ".join(found.values())
    assert any(tells(seen, one.text) for one in made.words if one.text not in words)


@pytest.mark.parametrize("name", flows("facilitator")[:1])
def test_no_page_tells_a_facilitator_of_a_participant(name: str) -> None:
    """No word about a participant is on any page of a facilitator."""
    made = filled(name)
    words = [one.text for one in made.words if hidden_from_facilitator(made, one)]
    assert [] == leaks(pages(made, FACILITATOR), words)


def test_the_client_reads_every_track() -> None:
    """What the pages above leave out is on those of the client: no test is true because nothing is shown."""
    made = filled(NAMES[0])
    history = pages(made, COORDINATOR)[f"/pilot?id={made.id}"]
    assert [
        place
        for place in (PILOT, OWN, RIVAL, NOBODY)
        if not any(tells(history, one.text) for one in made.words if one.place == place)
    ] == []


@pytest.mark.parametrize("actor", [MONITOR, Actor("x", roles={"nobody"}), Actor("s", roles={"supplier_lead"})])
def test_who_sees_no_pilot_gets_no_page_of_one(actor: Actor) -> None:
    """To a monitor, to somebody without a role, and to a supplier without a party there is no pilot at all."""
    made = filled(NAMES[0])
    asks = visitor(made, actor)
    assert made.id not in asks.get("/").text
    for page in ("pilot", "pilot/history", "pilot/pictures", "pilot/events", "act"):
        assert asks.get(f"/{page}?id={made.id}&trigger=assign").status_code == 404


def test_a_form_sent_to_a_track_of_another_tells_nothing_of_it() -> None:
    """What a supplier fires at a rival's track is answered as if there were no such track, and changes nothing."""
    made = filled("existing-contract")
    rival = next(key for key, one in made.pilot.tracks.items() if one.party == PARTIES[RIVAL])
    asks = visitor(made, SUPPLIER)
    found = []
    for key in (rival, "no-such-track"):
        where = f"/act?id={made.id}&trigger=express_willingness&track={key}"
        token = re.findall(r'name="_token" value="([^"]+)"', asks.get(where).text)[0]
        answer = asks.post(where, data={"_token": token, "_key": "k", "_expect": str(made.pilot.version)})
        text = re.sub(r'name="_[a-z]+" value="[^"]*"', "", answer.text)
        found.append((answer.status_code, text.replace(key, "KEY")))
    assert found[0] == found[1]
    assert made.engine.get(made.id).version == made.pilot.version


class Tree(HTMLParser):
    """The tags of a page, with the names of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


HOSTILE = [
    '"><img src=x onerror=alert(1)>',
    "</option></textarea></script><script>alert(1)</script>",
    "' autofocus onfocus='alert(1)",
]
HOSTILE += [
    "{{ 7 * 7 }}{% raw %}",
    "\u202ereversed\u2066\x1b[31m",
    "javascript:alert(1)",
    "x" * 200,
    "&lt;b&gt;&#60;i&#62;",
]


def trees(
    monkeypatch: pytest.MonkeyPatch, flow: Workflow, ends: list[str]
) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The tags of every page about a pilot in which every word ends so, each in turn."""
    turns = cycle(ends)
    plain = Planted.word
    with monkeypatch.context() as patch:
        patch.setattr(Planted, "word", lambda self, *args, **kwargs: plain(self, *args, **kwargs) + next(turns))
        made = planted(flow)
    asks = visitor(made, COORDINATOR)
    found = {where: Tree(asks.get(where).text).found for where in addresses(made, 1) if "/?" not in where}
    for trigger in ("add_lesson", "set_goal", "add_evidence", "log_activity"):  # what was typed, shown again
        where = f"/act?id={made.id}&trigger={trigger}"
        token = re.findall(r'name="_token" value="([^"]+)"', asks.get(where).text)[0]
        fields = {
            f"d.{name}": f"word{next(turns)}" for name in ("text", "date", "reference", "due", "present.0.person")
        }
        answer = asks.post(where, data={"_token": token, "_key": "k", "_expect": "0", **fields})
        found[f"sent {trigger}"] = Tree(answer.text).found
    return found


def test_no_word_becomes_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written in any field, or typed into a form, every page has the same tags and attributes."""
    flow = filled("existing-contract").workflow
    plain = trees(monkeypatch, flow, [""])
    hostile = trees(monkeypatch, flow, HOSTILE)
    assert plain.keys() == hostile.keys()
    for where, tags in plain.items():
        assert tags == hostile[where], where
    assert any(tag == "textarea" for tags in plain.values() for tag, _ in tags)
