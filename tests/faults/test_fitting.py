"""The judge of what an engine wrote is judged itself, by a true story and by what is not true of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve, frozen

from proeftuin import Event
from proeftuin.core.structs import replace
from proeftuin.storage import open_store
from tests.faults.fitting import Spans, amiss, spans
from tests.faults.linear import Call
from tests.faults.terms import LEAD, Quick, Still, begin, engine_on

SECOND = 1_000_000_000
CLOCK = Quick(0, 1.0)  # a day in a second


@frozen
class Story:
    """What is stored of a pilot, and what clients were told."""

    history: list[Event]
    spans: Spans
    calls: list[Call]

    def amiss(self) -> list[str]:
        return amiss(self.history, self.spans, self.calls, CLOCK)


def wrote(key: str, second: int, version: int, expected: int | None = None) -> Call:
    """A note that was written while a second passed."""
    began = second * SECOND
    return Call("a", began, began + SECOND, "ok", key, writes=True, expected=expected, version=version)


def read(second: int, event: Event) -> Call:
    """A read that took a second."""
    return Call("b", second * SECOND, (second + 1) * SECOND, "ok", event.digest, version=event.version)


@pytest.fixture(scope="module")
def story() -> Story:
    """A note on day 1, what falls due until day 22, a note in the commit of which suppliers lapse, and what follows."""
    clock, store = Still(), open_store("memory://")
    with engine_on(store, clock) as engine:
        begin(engine, "p")

        def note(day: int, key: str, expect: int | None = None) -> Call:
            clock.day = day
            result = engine.fire("p", "note", actor=LEAD, data={"text": key}, key=key, expect=expect)
            return wrote(key, day, result.pilot.version, expect)

        first = note(1, "first", 4)
        clock.day = 22
        engine.tick()
        seen = engine.get("p").version
        second = note(29, "second", seen)
        clock.day = 45
        engine.tick()
        history = list(engine.history("p"))
        reads = [read(2, history[4]), read(23, history[seen - 1]), read(46, history[-1])]
        return Story(history, spans(store, "p", history), [first, second, *reads])


def test_what_happened_fits(story: Story) -> None:
    """A story with commits of several versions and with clocks that nobody tells of is no violation."""
    after, upto = story.spans["second"]
    seen = story.calls[1].expected
    assert seen is not None
    assert seen < after < upto  # lapses before the note, a reminder behind it
    assert [] == story.amiss()


Change = Callable[[Story], Story]


def with_call(story: Story, place: int, **changes: object) -> Story:
    calls = list(story.calls)
    calls[place] = evolve(calls[place], **changes)  # type: ignore[arg-type]  # whatever a case wants
    return evolve(story, calls=calls)


def seen(story: Story, version: int) -> Story:
    """Somebody saw a version while the second note was written."""
    return evolve(story, calls=[*story.calls, read(29, story.history[version - 1])])


def moved(story: Story, version: int, days: int) -> Story:
    history = list(story.history)
    event = history[version - 1]
    history[version - 1] = replace(event, at=event.at + timedelta(days=days))
    return evolve(story, history=history)


LIES: dict[str, Change] = {
    "the last note is gone": lambda story: evolve(
        story, history=story.history[:7], spans={"first": story.spans["first"]}, calls=story.calls[:2]
    ),
    "a read before the last of a commit": lambda story: seen(story, story.spans["second"][1] - 1),
    "a read behind the first of a commit": lambda story: seen(story, story.spans["second"][0]),
    "a read of what never stood": lambda story: with_call(story, 3, value="0" * 64),
    "a note on another version than it expected": lambda story: with_call(story, 1, expected=5),
    "a note on a version that came later": lambda story: with_call(story, 0, expected=7),
    "a note that nobody wrote": lambda story: evolve(story, calls=[story.calls[0], *story.calls[2:]]),
    "a note that was seen before it was begun": lambda story: with_call(story, 1, began=60 * SECOND, ended=61 * SECOND),
    "a key without its receipt": lambda story: evolve(story, spans={"second": story.spans["second"]}),
    "a clock that was seen before it wrote": lambda story: moved(story, 6, 20),
}


@pytest.mark.parametrize("name", LIES)
def test_what_cannot_have_happened_is_told(story: Story, name: str) -> None:
    """Lost, torn, misplaced, invented and untimely writes of an engine are each found."""
    assert [] != LIES[name](story).amiss()
