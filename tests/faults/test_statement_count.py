"""How many statements a step takes: the same few, however long the history is, and however many subscribed.

A worker that is new to a store reads before it writes; one whose heads turned out to be the stored ones, each time of
late, does not.
"""

from proeftuin import Actor, Engine
from proeftuin.heads import SURE
from proeftuin.spi import Parcel
from tests.faults.statements import heard
from tests.stores import spying

LEAD = Actor("ann", roles={"coordinator"})
DATA = {"title": "Canteen", "organisation": "Voorbeeld"}
LESSON = {"text": "Coffee first"}

# What a step and a step with a key come to, in round trips to the database: with a read first, and without.
READING = {"sqlite": (5, 6), "postgresql": (2, 2), "mariadb": (5, 6)}
RELYING = {"sqlite": (4, 5), "postgresql": (1, 1), "mariadb": (4, 5)}

HINT = 'NOTIFY "proeftuin"'  # how seldom it is sent is tried by itself


def told(engine: Engine, key: str | None = None) -> list[str]:
    """The statements of one step, by their first words, but for the hint that follows some, by the clock alone."""
    statements: list[str] = []
    with heard(lambda text, after: None if after else statements.append(" ".join(text.split()[:2]))):
        engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON, key=key)
    return [one for one in statements if one != HINT]


def test_a_step_takes_as_many_statements_after_hundreds_as_after_one(kind: str, url: str) -> None:
    """A step is at most one read, and one commit of a few statements, after one event as after three hundred."""
    with spying(), Engine.open(url) as engine:
        engine.start("existing-contract", actor=LEAD, data=DATA, id="p1")
        told(engine)
        early = told(engine), told(engine, key="early")
        for _ in range(300):
            engine.fire("p1", "log_activity", actor=LEAD, data={"type": "coffee", "date": "2026-01-05"})
        late = told(engine), told(engine, key="late")
        with Engine.open(url) as other:
            told(other)
            new = told(other), told(other, key="new")
    assert early == new
    assert READING[kind] == tuple(len(statements) for statements in early)
    assert RELYING[kind] == tuple(len(statements) for statements in late)
    assert late == tuple(statements[1:] for statements in early)


def test_a_step_takes_the_same_statements_with_fifty_subscribers(kind: str, url: str) -> None:
    """A step costs the same statements for fifty subscribers as for none, and each of them gets it all the same."""
    with spying(), Engine.open(url) as engine:
        engine.start("existing-contract", actor=LEAD, data=DATA, id="p1")
        for _ in range(SURE + 1):
            told(engine)
        alone = told(engine), told(engine, key="alone")
        names = [f"subscriber-{number}" for number in range(50)]
        for one in names:
            engine.subscribe(one)
        beside = told(engine), told(engine, key="beside")
        sinks = {name: Counting() for name in names}
        for name, sink in sinks.items():  # at once they might pass over lanes that another one is just looking at
            engine.deliver({name: sink})
    assert alone == beside
    assert [2] * 50 == [sink.count for sink in sinks.values()]


class Counting:
    """A sink that counts."""

    batch = 10
    count = 0

    def send(self, parcel: Parcel) -> None:
        self.count += len(parcel.events)
