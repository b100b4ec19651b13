"""All that is told of a workflow: bundled scenarios, stories as text, stories in Python; and what they reach."""

from collections.abc import Iterable
from functools import cache, partial

from proeftuin import Engine
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Scenario, load_scenario, play
from proeftuin.testing.covering import Covered
from proeftuin.testing.covering_watch import Recorder, watching
from tests.domain.domain import Domain, Story


@cache
def loaded(source: str) -> Scenario:
    """A scenario, read once."""
    return load_scenario(source)


def _played(source: str) -> None:
    """Play a scenario, and fail where it comes out differently."""
    explanation = play(loaded(source), partial(Engine.open, "memory://")).explanation
    assert "" == explanation


def told(domain: Domain) -> tuple[Story, ...]:
    """Every story of a workflow, but for that of its due days."""
    bundled = sorted(str(one) for one in scenario_folder().glob("*.yaml"))
    own = [one for one in bundled if loaded(one).workflow.partition("@")[0] == domain.name]
    return (*(partial(_played, one) for one in (*own, *domain.texts.values())), *domain.stories)


def covered(domain: Domain, stories: Iterable[Story]) -> Covered:
    """What of a workflow these stories reach."""
    with watching(Recorder(lambda workflow: workflow.hash == domain.workflow.hash)) as recorder:
        for story in stories:
            story()
    (found,) = recorder.all()
    return found
