"""The whole first story, of one client and one supplier, done through the pages: in Dutch, with the keyboard alone."""

from contextlib import ExitStack
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import define, field
from playwright.sync_api import Browser
from starlette.requests import Request

from proeftuin import Actor, Engine
from proeftuin.core.events import Event
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Outcome, Player, ScenarioIds, ScenarioTime, load_scenario, mornings
from proeftuin.views import word
from tests.browser.boards import serving
from tests.browser.walker import LANG, Came, Walkers
from tests.web.boards import flow

STORY = scenario_folder() / "dji-sodexo.yaml"


def played() -> tuple[list[Outcome], list[Event]]:
    """What the lab makes of the story: each step, and the history that is left."""
    player = Player(load_scenario(STORY), partial(Engine.open, "memory://"))
    with player.engine as engine:
        outcomes = list(player.run())
        assert [] == [one.explain(STORY.name) for one in outcomes if not one.ok]
        return outcomes, list(engine.history(player.pilots[0]))


def told(event: Event) -> tuple[Any, ...]:
    """All that an event says, but for its key, which a form makes up, and what follows from keys and salts."""
    data = {**event.data, "commitments": sorted(event.data.get("commitments", ()))}  # they follow from salts
    return event.version, event.type, event.at, event.on, event.actor, event.role, event.trigger, event.track, data


@define
class Walk:
    """A board whose clock goes by the story."""

    outcomes: list[Outcome]
    unsaid: dict[int, tuple[str, ...]] = field(factory=dict)

    def through(self, browser: Browser) -> list[Event]:
        """Do every step through the pages, let the days pass in between, and return the history that came of it."""
        steps = [one.step for one in self.outcomes]
        people: dict[str, Actor] = {one.actor.id: one.actor for one in steps if one.actor is not None}
        zone = ZoneInfo(flow().timezone)
        clock = ScenarioTime(steps[0].at.replace(tzinfo=zone))
        on = Engine.open("memory://", workflows=[flow()], time=clock, ids=ScenarioIds(STORY.stem))

        def who(request: Request) -> Actor | None:
            return people.get(request.headers.get("remote-user", ""))

        with on, ExitStack() as stack, serving(on, who) as url:
            walkers = Walkers(browser, url, flow(), stack)
            for outcome in self.outcomes:
                for moment in mornings(clock.moment, outcome.step.at.replace(tzinfo=zone), zone):
                    clock.moment = moment
                    on.tick()
                if outcome.step.kind in {"start", "fire"}:
                    pilot = next((one.id for one in on.find().items), None)
                    self.check(outcome, walkers.take(outcome.step, pilot))
            return list(on.history(on.find().items[0].id))

    def check(self, outcome: Outcome, came: Came) -> None:
        """Compare what was read with what the lab was told."""
        step, expected = outcome.step, outcome.came
        place = f"{STORY.name}:{step.line}: {step.trigger} by {step.by}"
        if came.unsaid:
            self.unsaid[step.line] = came.unsaid
            assert step.refused, place
            assert not came.done, place
        elif step.refused:
            assert [] == differing([one.text(LANG) for one in expected.blockers], came.refused), place
            assert not came.done, place
        else:
            assert came.done, f"{place}: {came}"
            assert came.offered, place
            assert outcome.pilot is not None
            assert word(flow(), outcome.pilot.state, LANG) == came.state, place
        if step.warns is not None:
            assert [] == differing([one.text(LANG) for one in expected.warnings], came.advice), place
        if step.pending is not None:
            assert len(step.pending) == len(came.unsigned), place


def differing(told: list[str], read: tuple[str, ...]) -> list[str]:
    """What was told and not read, or read and not told; what is wrong with a field stands behind its label."""
    unread = [one for one in told if not any(each == one or each.endswith(f": {one}") for each in read)]
    untold = [each for each in read if not any(each == one or each.endswith(f": {one}") for one in told)]
    return unread + untold


@pytest.mark.timeout(900)  # a quiet machine needs half a minute, and this one may have other things to do
def test_the_whole_story_is_done_through_the_pages(browser: Browser) -> None:
    """Each step is found, filled in and sent without a mouse, each refusal read, and the history is the lab's."""
    outcomes, expected = played()
    walk = Walk(outcomes)
    history = walk.through(browser)
    assert [told(one) for one in expected] == [told(one) for one in history]
    assert [("d.offence",)] == list(walk.unsaid.values()), (
        "no page has room for what somebody once did, and for that alone"
    )
    refused = [one for one in outcomes if one.step.refused]
    assert len(refused) > 12, "the story is told with its refusals"
