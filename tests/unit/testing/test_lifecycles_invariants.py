from typing import Any

import pytest

from proeftuin import Actor, Refused, Result, load_workflow
from proeftuin.testing.lifecycles import INVARIANTS, Call, Lifecycle, Seen, Violated, lifecycle_machine
from proeftuin.testing.lifecycles.seen import judge
from tests.unit.testing.lifecycles import ROOT

MACHINE = lifecycle_machine("existing-contract")
PAUSE = {"reason": "Holidays", "resume_by": "2026-02-02"}
START = {"title": "Canteen", "organisation": "Voorbeeld"}


class Life:
    """A life that is led by hand, one command at a time, with every promise looked at."""

    def __init__(self, machine: type[Lifecycle] = MACHINE) -> None:
        self.machine: Lifecycle = machine()

    def say(
        self,
        role: str,
        trigger: str,
        data: dict[str, Any] | None = None,
        *,
        party: str | None = None,
        track: str | None = None,
    ) -> Any:
        pilot = next(iter(self.machine.pilots), None)
        return self.machine._say(Call(trigger, Actor(role, roles={role}, party=party), data, track, pilot))

    def wait(self, days: int) -> None:
        self.machine.stage.wait(days)


def test_to_stop_on_hold_is_more_than_to_resume() -> None:
    """A pilot that is stopped on the day on which it was paused gets the terms of a closed one, as it should."""
    life = Life()
    life.say("coordinator", "start", START)
    life.say("hr", "add_lesson", {"text": "Begin small"})
    life.say("coordinator", "pause", PAUSE)
    assert isinstance(life.say("client_owner", "stop", {"reason": "Cuts"}), Result)
    life.machine.teardown()


@pytest.mark.parametrize("days", [0, 1, 40])
def test_a_hold_of_any_length_keeps_the_promises(days: int) -> None:
    """Paused and resumed on the same day, the next, or long after what was due, no promise is broken."""
    life = Life()
    life.say("coordinator", "start", START)
    life.wait(3)
    life.say("coordinator", "pause", {**PAUSE, "resume_by": "2026-03-02"})
    life.wait(days)
    assert isinstance(life.say("coordinator", "resume"), Result)
    life.machine.teardown()


def test_a_hold_on_the_day_that_a_record_ends_moves_nothing() -> None:
    """The terms of a record that ends on the day of a hold are gone by the date, and not by the hold."""
    text = (ROOT / "tests" / "data" / "every.yaml").read_text(encoding="utf-8")
    life = Life(lifecycle_machine(load_workflow(text.replace(", {add: job, copy: job, track: to_track}", ""))))
    seller = {"party": "alpha", "track": "alpha"}
    for role, trigger, data, where in (
        ("lead", "start", {"title": "Canteen"}, {}),
        ("lead", "note", {"text": "Begin small"}, {}),
        ("lead", "begin", None, {}),
        ("seller", "propose", {"seller_party": "alpha"}, seller),
        ("lead", "agree", None, {"track": "alpha"}),
        ("seller", "agree", None, seller),
        ("seller", "hire", {"hours": "8", "start": "2026-01-05"}, seller),
        ("seller", "move", {"job": "job-1", "start": "2026-01-06"}, seller),
    ):
        assert isinstance(life.say(role, trigger, data, **where), Result)
    life.wait(1)
    life.say("lead", "pause", {"resume_by": "2026-02-02"})
    assert isinstance(life.say("lead", "resume"), Result)
    life.machine.teardown()


def test_a_refusal_is_shown_with_its_reasons() -> None:
    """An invariant sees who was refused what, on which pilot, and that nothing happened."""
    seen: list[Seen] = []
    machine = lifecycle_machine("existing-contract", invariants=[seen.append])
    life = machine()
    life._say(Call("start", Actor("lead", roles={"coordinator"}), START))
    came = life._say(Call("complete_exploration", Actor("lead", roles={"coordinator"}), None, None, "lifecycle-1"))
    assert isinstance(came, Refused)
    last = seen[-1]
    assert (came, None) == (last.refused, last.accepted)
    assert last.before == last.pilot == life.stage.get("lifecycle-1")
    assert ([], False) == (list(last.events), last.ended)
    life.stage.engine.close()


def test_several_problems_are_all_told() -> None:
    """Where an invariant gives several sentences, each stands in the message, with its name and the story."""

    def twice(_seen: Seen) -> list[str]:
        return ["one thing", "another thing"]

    life = Life()
    with pytest.raises(Violated) as caught:
        judge([*INVARIANTS, twice], Seen(life.machine.stage))
    assert ("twice", ("one thing", "another thing")) == (caught.value.invariant, caught.value.problems)
    assert "twice does not hold:\n  one thing\n  another thing\n" in str(caught.value)
    assert str(caught.value.story) in str(caught.value)
    life.machine.teardown()
