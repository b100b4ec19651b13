from functools import partial

import pytest

from proeftuin import Actor, Engine, load_workflow
from proeftuin.scenario import Scenario, load_scenario, play
from proeftuin.testing.lifecycles import Call, Story, Walker, open_stage
from proeftuin.testing.lifecycles.paths import every_path
from proeftuin.testing.lifecycles.stage import Stage
from proeftuin.testing.lifecycles.story import written
from tests.unit.testing.lifecycles import FLOW

LEAD = Actor("lead", roles={"lead"})
WORKFLOW = load_workflow(FLOW)


def walked() -> Stage:
    """A stage on which one path was walked, a second pilot begun, and something refused."""
    stage = open_stage(WORKFLOW)
    walker = Walker(stage)
    walker.walk(next(one for one in every_path(WORKFLOW, "supplier") if "lapsed > asked > agreed" in one.id))
    walker.begin()
    stage.say(Call("talk", LEAD, None, None, walker.pilot_id))
    stage.say(Call("write", LEAD, {"text": 'a "quoted": text, é and #', "kind": "idea"}, None, walker.pilot_id))
    stage.wait(3)
    stage.tick()
    stage.look(walker.pilot_id)
    return stage


def same(one: Scenario, other: Scenario) -> None:
    """Two scenarios have the same actors and steps, wherever these stand in a file."""
    assert (one.name, one.workflow, one.actors) == (other.name, other.workflow, other.actors)
    for step, like in zip(one.steps, other.steps, strict=True):
        for name in (
            "kind",
            "at",
            "by",
            "actor",
            "trigger",
            "data",
            "tracks",
            "refused",
            "pending",
            "then",
            "names",
            "pilot",
        ):
            assert getattr(step, name) == getattr(like, name), (step.number, name)


def test_a_story_is_the_scenario_that_its_text_says() -> None:
    """Read back from its text a story is the very scenario that it gives itself, quotes and all."""
    story = walked().story
    same(story.scenario(), load_scenario(str(story)))


def test_a_story_replays_as_it_came() -> None:
    """Played on another engine, every step comes out as it did, the refused one with its codes."""
    story = walked().story
    played = play(load_scenario(str(story)), partial(Engine.open, "memory://"), workflows=[WORKFLOW])
    assert "" == played.explanation
    assert len(story.lines) == len(played.outcomes)
    assert ["missing-note"] == [code for one in played.outcomes for code in one.came.codes]


def test_a_story_that_came_out_otherwise_does_not_replay() -> None:
    """Where a story says that something was accepted which is refused, playing it tells that step."""
    text = str(walked().story).replace("refused: [missing-note]", "then: {state: talking}")
    played = play(load_scenario(text), partial(Engine.open, "memory://"), workflows=[WORKFLOW])
    assert "expected accepted, came [missing-note]" in played.explanation


def test_two_who_share_a_name_are_kept_apart() -> None:
    """Actors whose ids come down to the same word get names of their own, and one actor has one."""
    stage = open_stage(WORKFLOW)
    for actor in (Actor("An-1", roles={"lead"}), Actor("an 1", roles={"lead"}), Actor("7", roles={"board"}), LEAD):
        stage.start(actor, {"title": "One"})
    assert {"an_1", "an_1_also1", "a_7", "lead"} == set(stage.story.scenario().actors)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as asked", "as asked"),
        ("2026-01-05", "2026-01-05"),
        ("no", '"no"'),
        ("12", '"12"'),
        ("a: b", '"a: b"'),
        ("", '""'),
        (True, "true"),
        (7, "7"),
        (["a", {"b": False}], "[a, {b: false}]"),
        ({"a": None}, "{}"),
    ],
)
def test_a_value_is_written_so_that_it_comes_back(value: object, text: str) -> None:
    """Words and days stand plain, and whatever YAML would take for something else stands in quotes."""
    assert text == written(value)


def test_a_call_reads_as_a_line() -> None:
    """Who says what, where, with which data, in one line."""
    assert "lead: talk" == str(Call("talk", LEAD))
    assert "lead: park on acme {until: 2026-01-05}" == str(Call("park", LEAD, {"until": "2026-01-05"}, "acme"))
    assert "scenario: lifecycle" == str(Story(WORKFLOW)).splitlines()[0]
