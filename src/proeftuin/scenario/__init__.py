"""Scenario files: a dated script of who does what, with its expected outcomes.

    load_scenario   a file or a text -> Scenario, or `ScenarioError` with file and line
    play            a Scenario on an engine of its own -> Played, up to the first mismatch
    Player          the same, step by step, for who wants to show the story as it goes

A step is one of four: it starts a pilot, fires a trigger (on several tracks: one batch), asks for a metric as one actor
sees it, or only looks. A step without `refused` must be accepted. Time is the scenario's own: it stands still during a
step, never runs backwards, and goes day by day from step to step, so that what becomes due in between is done. Ids
follow from the scenario's name, so that two runs give the same bytes.
"""

from proeftuin.scenario._judge import Came, Mismatch, differences, shown, told_differently
from proeftuin.scenario._player import Outcome, Played, Player, play
from proeftuin.scenario._reader import load_scenario
from proeftuin.scenario._time import ScenarioIds, ScenarioTime, mornings
from proeftuin.scenario._values import Ask, Scenario, Step

__all__ = [
    "Ask",
    "Came",
    "Mismatch",
    "Outcome",
    "Played",
    "Player",
    "Scenario",
    "ScenarioIds",
    "ScenarioTime",
    "Step",
    "differences",
    "load_scenario",
    "mornings",
    "play",
    "shown",
    "told_differently",
]
