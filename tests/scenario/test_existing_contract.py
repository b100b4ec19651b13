"""What happens beside the main road of `existing-contract`, played through the public API."""

from functools import partial

import pytest

from proeftuin import Engine
from proeftuin.core.metrics import METRICS
from proeftuin.definitions import bundled_files, lint_workflow
from proeftuin.scenario import load_scenario, play
from tests.scenario.stories import STORIES


@pytest.mark.parametrize("name", STORIES)
def test_a_story_comes_out_as_it_says(name: str) -> None:
    """Every step of a story is accepted or refused, with exactly the codes that it names."""
    assert "" == play(load_scenario(STORIES[name]), partial(Engine.open, "memory://")).explanation


@pytest.mark.parametrize("name", STORIES)
def test_every_no_in_a_story_is_told_in_both_languages(name: str) -> None:
    """Each blocker and warning of a story has words, the English and the Dutch ones different."""
    played = play(load_scenario(STORIES[name]), partial(Engine.open, "memory://"))
    told = [one for outcome in played.outcomes for one in (*outcome.came.blockers, *outcome.came.warnings)]
    said = {one.code: (one.text("en"), one.text("nl")) for one in told}
    assert [] == [code for code, (en, nl) in said.items() if en in {nl, code} or "{" in en + nl]


def test_the_workflow_has_no_faults() -> None:
    """Lint finds nothing to say about the bundled workflow, warnings included."""
    path = bundled_files()["existing-contract", 1]
    assert [] == [str(fault) for fault in lint_workflow(path, metrics=METRICS)]
