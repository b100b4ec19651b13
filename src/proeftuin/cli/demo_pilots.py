"""A programme of fifteen pilots to look around in: bundled stories, moved in time so that they end yesterday.

Twelve are those of the story of fifteen pilots; a tender, small purchases, and a pilot that has been closed are the
others. Each story is played as it stands, but for what is refused in it, and what it only looks at.
"""

from datetime import date, timedelta
from functools import partial
from typing import Any

from attrs import evolve

from proeftuin.core.days import day_of
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.definitions import scenario_folder
from proeftuin.engine import Engine
from proeftuin.errors import ProeftuinError
from proeftuin.ports import RandomIds
from proeftuin.scenario import Player, Scenario, Step, load_scenario

PROGRAMME = "Samen aan de slag"
STORIES = ("fifteen-pilots", "hhnk-tender", "gifts-and-flowers", "dji-sodexo")
LEFT_OUT = frozenset({"P12", "P13", "P14"})  # others of the fifteen are where these are


def fill(url: str, today: date) -> int:
    """Play the stories into an empty store, so that they end on the day before, and return how many pilots there are.

    Raises:
        ProeftuinError: where a story is refused, or the store fails.
    """
    count = 0
    for name in STORIES:
        story = moved(load_scenario(scenario_folder() / f"{name}.yaml"), today - timedelta(1))
        player = Player(story, partial(Engine.open, url, hooks=()), ids=RandomIds())
        with player.engine:
            for outcome in player.run():
                if not outcome.ok:
                    raise ProeftuinError(outcome.explain(story.file))
        count += len(player.pilots)
    return count


def moved(story: Scenario, last: date) -> Scenario:
    """Return a story that ends on a day, with what is done in it alone, in one programme."""
    steps = [one for one in story.steps if _is_done(one)]
    span = last - steps[-1].at.date()
    return evolve(story, steps=tuple(_moved(one, span) for one in steps))


def _is_done(step: Step) -> bool:
    return step.kind in {"start", "fire"} and step.refused is None and not LEFT_OUT & {step.pilot, step.names}


def _moved(step: Step, span: timedelta) -> Step:
    data: FrozenDict | None = None if step.data is None else _shifted(step.data, span)
    if step.kind == "start":
        data = FrozenDict({**(data or EMPTY), "programme": PROGRAMME})
    return evolve(
        step,
        at=step.at + span,
        on=None if step.on is None else step.on + span,
        data=data,
        warns=None,
        pending=None,
        then=EMPTY,
        told=EMPTY,
    )


def _shifted(value: Any, span: timedelta) -> Any:  # noqa: ANN401  # data is of any shape
    """Return data with every day in it moved."""
    if (day := day_of(value)) is not None:
        return (day + span).isoformat()
    if isinstance(value, FrozenDict):
        return FrozenDict({name: _shifted(one, span) for name, one in value.items()})
    return tuple(_shifted(one, span) for one in value) if isinstance(value, tuple) else value
