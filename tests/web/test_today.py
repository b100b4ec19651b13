"""What a page calls today is the day of the engine's clock, in the zone of the workflow, whatever the system's says."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from proeftuin import Engine
from proeftuin.scenario import ScenarioTime
from tests.web.boards import BEGIN, LEAD, client, flow

EVENING = datetime(2031, 3, 1, 23, 30, tzinfo=UTC)
"""On this evening in Greenwich it is the second of March in Amsterdam."""
NEXT = "2031-03-02"


@pytest.fixture
def visitor() -> Iterator[TestClient]:
    """Somebody at a board whose engine goes by a clock of its own; its pilot was begun some days before."""
    clock = ScenarioTime(EVENING - timedelta(days=9))
    with Engine.open("memory://", workflows=[flow()], time=clock) as on:
        on.start("existing-contract", actor=LEAD, data=BEGIN, id="canteen")
        clock.moment = EVENING
        yield client(on)


def test_a_form_offers_the_day_of_the_engine(visitor: TestClient) -> None:
    """A day that is mostly today is filled in with the engine's, which is the last one that may be picked."""
    page = visitor.get("/act?id=canteen&trigger=add_evidence").text
    assert "Europe/Amsterdam" == flow().timezone
    assert NEXT == str(EVENING.astimezone(ZoneInfo(flow().timezone)).date())
    assert re.search(rf'<input id="x-d-date"[^>]* value="{NEXT}"[^>]* max="{NEXT}"', page)


def test_a_timeline_ends_on_the_day_of_the_engine(visitor: TestClient) -> None:
    """The life of a pilot is drawn until the engine's today."""
    assert f"per {NEXT}" in visitor.get("/pilot/pictures?id=canteen").text


def test_the_board_tells_the_day_of_a_change_in_the_zone_of_the_workflow() -> None:
    """What was changed in the evening in Greenwich was changed on the next day in Amsterdam, as its history says."""
    with Engine.open("memory://", workflows=[flow()], time=ScenarioTime(EVENING)) as on:
        on.start("existing-contract", actor=LEAD, data=BEGIN, id="canteen")
        assert [NEXT] == [str(one.on) for one in on.history("canteen")]
        assert "gewijzigd 2 maart 2031" in client(on).get("/").text


def test_an_agenda_and_figures_are_of_the_day_of_the_engine(visitor: TestClient) -> None:
    """What is late, and as of when results hold, follows from the engine's clock too."""
    assert "Per 2 maart 2031" in visitor.get("/portfolio").text
