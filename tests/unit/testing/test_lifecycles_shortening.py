from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from proeftuin import Actor, load_workflow
from proeftuin.testing.lifecycles import Call, Line, Story, Violated
from proeftuin.testing.lifecycles.shortening import TRIALS, shortened
from tests.unit.testing.lifecycles import FLOW

WORKFLOW = load_workflow(FLOW)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LINES = [Line(BEGAN + timedelta(days=day), Call(f"word-{day}", Actor("lead", roles={"lead"}))) for day in range(40)]


def words(lines: Sequence[Line]) -> list[str]:
    return [line.call.trigger for line in lines if line.call is not None]


class Teller:
    """Tells stories that break a promise where these words are in them, and counts how many it told."""

    def __init__(self, *needed: str) -> None:
        self.needed, self.told = set(needed), 0

    def __call__(self, lines: Sequence[Line]) -> Violated | None:
        self.told += 1
        broken = self.needed <= set(words(lines))
        return Violated("it", ("broken",), Story(WORKFLOW, lines=list(lines))) if broken else None


def test_what_can_be_spared_is_left_out() -> None:
    """Of forty lines the three that matter remain, in order, all on the first of their days."""
    found = shortened(LINES, Teller("word-3", "word-17", "word-39"))
    assert found is not None
    assert ["word-3", "word-17", "word-39"] == words(found.told.lines)
    assert 1 == len({line.at for line in found.told.lines})


def test_a_story_that_breaks_nothing_when_told_anew_is_left_as_it_is() -> None:
    """Where the promise holds the second time, there is nothing shorter."""
    assert shortened(LINES, Teller("word-99")) is None


def test_only_so_many_stories_are_tried() -> None:
    """Where nothing can be spared the search ends, after as many tries as it has."""
    teller = Teller(*words(LINES))
    found = shortened(LINES, teller)
    assert found is not None
    assert words(LINES) == words(found.told.lines)
    assert TRIALS + 1 >= teller.told
