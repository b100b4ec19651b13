from typing import Any

import pytest

from proeftuin import (
    BadArgument,
    Blocker,
    DefinitionError,
    Engine,
    Guard,
    Param,
    Question,
    Reentered,
    Refused,
    UnknownWorkflow,
    guard,
)
from proeftuin.core.frozen import FrozenDict
from proeftuin.storage import open_store
from tests.unit.engines import DATA, FLOW, GUARDED, LEAD, Counting, engine, everything


def guarded(check: Any, **more: Any) -> tuple[Engine, str]:
    """An engine whose trigger `talk` asks the guard of the host."""
    made = check if isinstance(check, Guard) else Guard("host_guard", check, codes=("host-no",))
    on = engine(text=GUARDED, known={"host_guard": made}, guards={"host_guard": check}, **more)
    return on, on.start("guarded", actor=LEAD, data=DATA).pilot.id


def test_a_guard_of_the_host_is_asked_by_its_name() -> None:
    """A plain function given by name is asked with what the pilot holds, and its blocker has the words of the file."""
    seen: list[Question] = []

    def check(question: Question) -> Blocker | None:
        seen.append(question)
        return Blocker("host-no") if not question.pilot.records("note") else None

    on, pilot = guarded(check)
    with pytest.raises(Refused) as no:
        on.fire(pilot, "talk", actor=LEAD)
    assert (("host-no",), "De gastheer weigert.") == (no.value.codes, no.value.blockers[0].text("nl"))
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert "talking" == on.fire(pilot, "talk", actor=LEAD).pilot.state
    assert ("lead", "talk", pilot) == (seen[0].role, seen[0].trigger, seen[0].pilot.id)


def test_a_guard_made_with_parameters_gets_them_from_the_file() -> None:
    """A guard made with the decorator takes parameters, which the file gives."""

    @guard(codes=("host-no",), least=Param("integer", required=True))
    def enough_notes(question: Question) -> Blocker | None:
        """There are enough notes."""
        held = len(question.pilot.records("note"))
        return Blocker("host-no", FrozenDict(held=held)) if held < question.params["least"] else None

    text = GUARDED.replace("[host_guard]", "[enough_notes: {least: 2}]")
    on = engine(text=text, known={"enough_notes": enough_notes}, guards=[enough_notes])
    pilot = on.start("guarded", actor=LEAD, data=DATA).pilot.id
    for held in (0, 1):
        with pytest.raises(Refused) as no:
            on.fire(pilot, "talk", actor=LEAD)
        assert held == no.value.blockers[0].params["held"]
        on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    on.fire(pilot, "talk", actor=LEAD)


def test_a_guard_that_raises_fails_closed() -> None:
    """Whatever a guard raises is a no with its name, that repeats nothing of the error's text."""

    def check(question: Question) -> None:
        message = "secret-password"
        raise RuntimeError(message)

    on, pilot = guarded(check)
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        on.fire(pilot, "talk", actor=LEAD)
    (blocker,) = no.value.blockers
    assert ("guard-error", "host_guard", "RuntimeError") == (
        blocker.code,
        blocker.params["guard"],
        blocker.params["error"],
    )
    assert "secret" not in str(no.value)
    assert before == everything(on._store)


@pytest.mark.parametrize("hooks", [[], [type("Quiet", (), {"committed": lambda self, moment: None})()]])
def test_a_guard_cannot_write(hooks: list[Any]) -> None:
    """A guard that fires is stopped, by `Reentered`, and fails closed: nothing is written, with hooks or without."""
    held: dict[str, Any] = {}

    def check(question: Question) -> None:
        try:
            held["on"].fire(question.pilot.id, "note", actor=LEAD, data={"text": "from a guard"})
        except Exception as error:
            held["error"] = error
            raise

    on, pilot = guarded(check, hooks=hooks)
    held["on"] = on
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        on.fire(pilot, "talk", actor=LEAD)
    assert (("guard-error",), Reentered) == (no.value.codes, type(held.pop("error")))
    assert (False, Reentered) == (on.explain(pilot, "talk", actor=LEAD).allowed, type(held.pop("error")))
    assert (True, Reentered) == (bool(on.options(pilot, actor=LEAD)), type(held.pop("error")))
    assert before == everything(on._store)
    on.fire(pilot, "note", actor=LEAD, data={"text": "afterwards"})


def test_a_guard_may_look_but_not_touch() -> None:
    """What a guard is given cannot be changed."""
    asked: list[str] = []

    def check(question: Question) -> None:
        with pytest.raises(TypeError, match="cannot be changed"):
            question.data.update(x=1)
        with pytest.raises(TypeError, match="cannot be changed"):
            question.pilot.data.clear()
        with pytest.raises(AttributeError, match="immutable"):
            question.pilot.state = "closed"  # type: ignore[misc]  # what a guard might try
        asked.append(question.trigger)

    on, pilot = guarded(check)
    on.fire(pilot, "talk", actor=LEAD)
    assert ["talk"] == asked


@pytest.mark.parametrize(
    ("guards", "message"),
    [
        ({"host_guard": "os.system"}, "'host_guard' is no function"),
        (["host_guard"], "is no function"),
        ({"commitment": lambda question: None}, "'commitment' is a built-in guard"),
    ],
)
def test_what_is_no_guard_is_refused(guards: Any, message: str) -> None:
    """A word is never looked up as code, and a built-in guard is not replaced."""
    with pytest.raises(BadArgument, match=message):
        Engine.open("memory://", guards=guards)


def test_a_file_may_not_name_a_guard_that_there_is_not() -> None:
    """A workflow with an unknown guard is refused when it is loaded."""
    with pytest.raises(DefinitionError, match="host_guard"):
        engine(text=GUARDED)


def test_a_pilot_needs_the_guards_that_its_workflow_names() -> None:
    """An engine without the guard of a stored workflow says which one it needs, and fires nothing unguarded."""
    on, pilot = guarded(lambda question: None)
    bare = Engine(on._store, workflows=[])
    with pytest.raises(UnknownWorkflow, match=r"needs the guards host_guard; give them in `guards=`"):
        bare.fire(pilot, "talk", actor=LEAD)
    with pytest.raises(UnknownWorkflow, match="host_guard"):
        bare.options(pilot, actor=LEAD)


def test_two_workflows_live_side_by_side() -> None:
    """An engine runs pilots of several workflows, each by its own rules."""
    from proeftuin import load_workflow  # noqa: PLC0415  # as an embedder would

    no: dict[str, Any] = {"host_guard": lambda question: Blocker("host-no")}
    guards = {name: Guard(name, check) for name, check in no.items()}
    workflows = [load_workflow(FLOW), load_workflow(GUARDED, guards=guards)]
    on = Engine(open_store("memory://"), workflows=workflows, guards=no, ids=Counting())
    one, two = (on.start(name, actor=LEAD, data=DATA).pilot.id for name in ("talks", "guarded"))
    on.fire(one, "talk", actor=LEAD)
    with pytest.raises(Refused):
        on.fire(two, "talk", actor=LEAD)
    assert [two] == [found.id for found in on.find(workflow="guarded").items]
