"""How many statements a step takes: the same few, however long the history is."""

from proeftuin import Actor, Engine
from tests.faults.statements import heard
from tests.stores import spying

LEAD = Actor("ann", roles={"coordinator"})
DATA = {"title": "Canteen", "organisation": "Voorbeeld"}
LESSON = {"text": "Coffee first"}

# What a warm step and a step with a key come to, in round trips to the database.
STEPS = {"sqlite": (5, 6), "postgresql": (2, 2), "mariadb": (5, 6)}


def told(engine: Engine, key: str | None = None) -> list[str]:
    """The statements of one step, by their first words."""
    statements: list[str] = []
    with heard(lambda text, after: None if after else statements.append(" ".join(text.split()[:2]))):
        engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON, key=key)
    return statements


def test_a_step_takes_as_many_statements_after_hundreds_as_after_one(kind: str, url: str) -> None:
    """A step is one read, and one commit of a few statements, after one event as after three hundred."""
    with spying(), Engine.open(url) as engine:
        engine.start("existing-contract", actor=LEAD, data=DATA, id="p1")
        told(engine)
        early = told(engine), told(engine, key="early")
        for _ in range(300):
            engine.fire("p1", "log_activity", actor=LEAD, data={"type": "coffee", "date": "2026-01-05"})
        late = told(engine), told(engine, key="late")
    assert early == late
    assert STEPS[kind] == tuple(len(statements) for statements in late)
