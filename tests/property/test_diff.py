"""What `diff` says of two versions against what the two do: the same lives, lived under both."""

from typing import Any

import attrs
import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from proeftuin import Event, Refused, Result, Workflow, diff
from proeftuin.core.diff import COSMETIC, WIDENING, Effect, worst
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import BUILT_IN
from proeftuin.core.lint import lint
from proeftuin.core.structs import replace
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Edge
from tests.property.pilots import Call, Outcome, Player, World, bundled, people
from tests.property.source import Source, sources
from tests.property.story import CAST, START, somebody, story
from tests.property.workflows import GUARDS, random_workflow
from tests.scale import scaled
from tests.twelve import TWELVE, version_two
from tests.variants import Variant, variants

KNOWN = {**BUILT_IN, **GUARDS}
TRIES = 60
STEPS = 15


def _words(workflow: Workflow) -> tuple[str, ...]:
    """What may stand in the place of another word: names that the workflow knows, so that many versions are valid."""
    kinds = workflow.tracks.values()
    return tuple(
        dict.fromkeys(
            (
                "more",
                "any",
                *workflow.roles,
                *workflow.groups,
                *workflow.states,
                *(state for kind in kinds for state in kind.states),
            )
        )
    )


def _sound(workflow: Workflow) -> bool:
    return not any(fault.level == "error" for fault in lint(workflow, KNOWN))


def another(workflow: Workflow, source: Source, effect: Effect) -> Workflow | None:
    """Return a valid version in which one thing differs, with this effect; None where none of those tried is such."""
    ways: dict[tuple[type, str, str], list[Variant]] = {}
    for one in variants(workflow, ("more", *source.some(_words(workflow), 25))):
        ways.setdefault((one.cls, one.name, one.how), []).append(one)
    everywhere, here = list(ways.values()), [found for way, found in ways.items() if way[0] is Edge]
    for _ in range(TRIES):
        if effect == WIDENING and source.chance(15):
            new = _one_edge_more(workflow, source)
        else:
            new = source.pick(source.pick(here if source.chance(60) else everywhere)).workflow
        if effect == worst(diff(workflow, new)) and _sound(new):
            return new
    return None


def _one_edge_more(workflow: Workflow, source: Source) -> Workflow:
    """Return a version with an edge like another one, from another state, somewhere among the edges."""
    edge = source.pick(workflow.edges)
    more = attrs.evolve(edge, sources=(source.pick(tuple(workflow.states)),))
    place = source.below(len(workflow.edges) + 1)
    return attrs.evolve(workflow, edges=(*workflow.edges[:place], more, *workflow.edges[place:]))


DRAWN = {"pilot.started": ("hash", "commitments"), "pilot.linked": ("pilot", "commitments")}


def undrawn(event: Event) -> Event:
    """An event without what is drawn anew each time, or tells the version: ids, salted commitments, and digests."""
    drawn = DRAWN.get(event.type, ("commitments",))
    data = {name: value for name, value in event.data.items() if name not in drawn}
    return replace(event, data=FrozenDict(data), digest="")


def came(outcome: Outcome) -> Any:
    if isinstance(outcome, Result):
        return [undrawn(one) for one in outcome.events], outcome.pending
    return sorted(outcome.codes) if isinstance(outcome, Refused) else outcome.code


class _Two:
    """Two engines on which the same is said: one with the old version, and one with the new."""

    def __init__(self, old: Workflow, new: Workflow) -> None:
        self.effect = worst(diff(old, new))
        self.old, self.new = (World(compile_workflow(one, GUARDS), GUARDS) for one in (old, new))
        self.new.clock = self.old.clock
        self.new.engine = self.new.opened()
        note(f"{self.effect}: {[(one.path, one.reason, one.old, one.new) for one in diff(old, new)]}")

    def start(self, actor: Any, data: Any) -> None:
        for world in (self.old, self.new):
            world.engine.start(self.old.table.workflow.name, actor=actor, data=data, id="p1")

    def say(self, call: Call) -> None:
        """Say something under the old version, and under the new one too unless it may do what was refused."""
        first = self.old.fire("p1", call)
        if isinstance(first, Result) or self.effect == COSMETIC:
            assert came(first) == came(self.new.fire("p1", call))

    def tick(self) -> None:
        for world in (self.old, self.new):
            world.engine.tick()

    def compare(self) -> None:
        """Whatever was done and fell due, on which day, is the same in both."""
        old, new = ([undrawn(one) for one in world.engine.history("p1")] for world in (self.old, self.new))
        assert old == new


def _live(two: _Two, player: Player) -> None:
    source = player.source
    for _ in range(STEPS):
        if source.chance(15):
            two.old.clock.forward(days=source.pick((1, 6, 40)))
            two.tick()
        two.say(player.call(two.old.engine.get("p1"), two.old.clock.now()))
    two.compare()


def _versions(old: Workflow, source: Source, effect: Effect) -> _Two:
    new = another(old, source, effect)
    assume(new is not None)
    assert new is not None
    return _Two(old, new)


@pytest.mark.parametrize("effect", [COSMETIC, WIDENING])
@given(data=sources(1_500))
@settings(max_examples=scaled(12))
def test_what_does_not_narrow_takes_nothing_away_from_random_lives(effect: Effect, data: Source) -> None:
    """What a random workflow accepts, a version that only widens it, or changes words, accepts with the same events."""
    two = _versions(random_workflow(data), data, effect)
    player = Player(data, two.old.table, people(two.old.table, ("x", "y")))
    two.start(player.cast[0], {"title": "A"})
    _live(two, player)


@pytest.mark.parametrize("effect", [COSMETIC, WIDENING])
@given(data=sources(600))
@settings(max_examples=scaled(3))
def test_what_does_not_narrow_takes_nothing_away_from_an_ordinary_life(effect: Effect, data: Source) -> None:
    """The story of a pilot goes on as it went, terms and their days included, under a version that does not narrow."""
    two = _versions(bundled(), data, effect)
    two.start(somebody("coordinator"), START)
    told = story(two.old.today())
    for call in told[: data.between(0, len(told))]:
        two.say(call)
    _live(two, Player(data, two.old.table, CAST))


def _told(two: _Two) -> None:
    two.start(somebody("coordinator"), START)
    for call in story(two.old.today()):
        two.say(call)
    two.compare()


@given(name=st.sampled_from(["label", "new state", "final state added"]))
@settings(max_examples=10)
def test_a_whole_life_is_the_same_under_a_version_that_does_not_narrow(name: str) -> None:
    """From its start to its follow-up a pilot lives as it did, where only words or more possibilities were added."""
    _told(_Two(bundled(), version_two(TWELVE[name], version=1)))


@given(name=st.sampled_from(["renamed trigger", "stricter guard", "new required field", "new signature"]))
@settings(max_examples=10)
def test_a_whole_life_is_not_the_same_under_a_version_that_narrows(name: str) -> None:
    """What is called narrowing stops the same life somewhere, so the comparison notices what it is for."""
    with pytest.raises(AssertionError):
        _told(_Two(bundled(), version_two(TWELVE[name], version=1)))
