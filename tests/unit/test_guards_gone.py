"""Pilots that followed, or follow, a workflow with a guard that the host does not give any more."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from proeftuin import Actor, Engine, UnknownWorkflow
from proeftuin.core.commands import Attempt, Command, Refusal
from proeftuin.core.decide import decide
from proeftuin.exports import write_export
from proeftuin.tables import host_guards
from tests.unit.delivery.catching import Catching
from tests.unit.engines import (
    BEGAN,
    DATA,
    FACILITATOR,
    FLOW,
    GUARDED,
    LEAD,
    MONITOR,
    OFFICER,
    REF,
    SELLER,
    Clock,
    engine,
    placed,
    start,
)

KNOWN = {"host_guard": lambda _: None}
SECOND = FLOW.replace("workflow: talks", "workflow: guarded").replace("version: 1", "version: 2")
MANAGER = Actor("ada", roles={"workflow_manager"})


def begun() -> Engine:
    """An engine with a pilot `p` that follows a workflow with a guard of the host."""
    on = engine(text=GUARDED, known=host_guards(KNOWN), guards=KNOWN)
    on.start("guarded", actor=LEAD, data=DATA, id="p")
    on.fire("p", "identify", actor=LEAD, track="acme")
    placed(on, "p")
    on.fire("p", "seal", actor=LEAD, data={"terms": "t"})
    return on


def bare(on: Engine) -> Engine:
    """An engine on the same store, without the guard."""
    return Engine(on._store, workflows=[], time=Clock())


def left() -> Engine:
    """The same, where the pilot has gone over to a version without the guard, and something was done since."""
    on = begun()
    newer = engine(on._store, SECOND, guards=KNOWN)
    newer.subscribe("acme", start="beginning", party="acme")
    newer.migrate(newer.plan_migration("guarded@1", 2), actor=MANAGER, reason="no guard")
    newer.fire("p", "remark", actor=LEAD, track="acme", data={"text": "x"})
    return newer


def exported(on: Engine, **how: Any) -> bytes:
    file = BytesIO()
    write_export(on, file, **how)
    return file.getvalue()


LOOKS: dict[str, Callable[[Engine], object]] = {
    "history": lambda on: list(on.seen_by(LEAD).history("p")),
    "a supplier's history": lambda on: list(on.seen_by(SELLER).history("p")),
    "a facilitator's history": lambda on: list(on.seen_by(FACILITATOR).history("p")),
    "an earlier version": lambda on: on.seen_by(SELLER).get("p", version=2),
    "dossiers": lambda on: [(list(one.events()), one.stood(BEGAN)) for one in on.dossiers()],
    "the definition": lambda on: on.workflow("guarded@1"),
    "a log": lambda on: exported(on, format="xes"),
    "a log with objects": lambda on: exported(on, format="ocel"),
    "whole pilots": lambda on: list(on.export_pilots()),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_a_version_that_was_left_is_looked_at_without_its_guards(look: Callable[[Engine], object]) -> None:
    """What a pilot went through under a guard that is given no more is shown as where it is given."""
    on = left()
    assert look(on) == look(bare(on))


def test_a_supplier_is_told_of_a_version_that_was_left_without_its_guards() -> None:
    """A supplier gets what happened on its tracks under a guard that is given no more."""
    on, sink = left(), Catching(batch=100)
    bare(on).deliver({"acme": sink})
    assert f"p-{on.get('p').version}" == sink.ids[-1]


def test_nothing_is_done_to_a_pilot_whose_guard_is_gone() -> None:
    """A pilot may be looked at, and before and after nothing can be done to it, nor is it said what could be."""
    on = bare(begun())
    for _ in range(2):
        with pytest.raises(UnknownWorkflow, match="needs the guards host_guard"):
            on.fire("p", "note", actor=LEAD, data={"text": "x"})
        with pytest.raises(UnknownWorkflow, match="needs the guards host_guard"):
            on.seen_by(LEAD).options("p")
        assert 4 == len(list(on.seen_by(LEAD).history("p")))
        assert "open" == on.seen_by(SELLER).get("p").state


def test_a_guard_that_is_gone_keeps_no_participant_known() -> None:
    """A participant is forgotten in a pilot whose guard is gone as in those after it, and the histories say so."""
    on = begun()
    other = engine(on._store)
    start(other, id="q")
    other.fire("q", "identify", actor=LEAD, track="acme")
    placed(other, "q")
    erased = bare(on).erase(REF, actor=OFFICER, reason="asked by letter")
    assert (("p", "q"), [None, None]) == (erased.pilots, [on.subject(one, REF) for one in ("p", "q")])
    assert "data.erased" == [one.type for one in on.history("p")][-1]
    assert () == on.verify()


CLOCKS = """
clocks:
  quiet: {since: progress, due: 7 days, remind: {lead: [0 days after due]}, label: {en: Call, nl: Bellen}}
"""
DUE: dict[str, Callable[[Engine], object]] = {
    "overdue": lambda on: [one.id for one in on.find(overdue=True).items],
    "deadlines": lambda on: on.deadlines().items,
    "notices": lambda on: on.notices(BEGAN.date()),
}


@pytest.mark.parametrize("look", DUE.values(), ids=DUE.keys())
def test_what_is_due_is_told_without_the_guard(look: Callable[[Engine], object]) -> None:
    """What is due on a pilot whose guard is gone is told as where it is given, and so is that of the others."""
    on = engine(text=GUARDED + CLOCKS, known=host_guards(KNOWN), guards=KNOWN)
    on.start("guarded", actor=LEAD, data=DATA, id="p")
    late: dict[str, Any] = {"workflows": [], "time": Clock(BEGAN + timedelta(days=20))}
    found = look(Engine(on._store, guards=KNOWN, **late))
    assert found or look is DUE["notices"]
    assert found == look(Engine(on._store, **late))


def test_figures_ask_no_guard() -> None:
    """The figures of a pilot whose guard is gone are those that they were, and so are those for a monitor."""
    on = begun()
    assert on.metrics()
    assert [one.metrics() for one in (on, on.seen_by(MONITOR))] == [
        one.metrics() for one in (bare(on), bare(on).seen_by(MONITOR))
    ]


def test_who_a_participant_is_may_be_looked_up_without_the_guard() -> None:
    """Whose record is seen in a pilot whose guard is gone is told with a reason, which its history holds."""
    on = begun()
    assert REF == bare(on).look_up("p", "s1", actor=LEAD, reason="a call")
    assert "data.looked_up" == [one.type for one in on.history("p")][-1]


def test_what_stands_in_for_a_guard_is_never_met() -> None:
    """Where a pilot were judged by what is only looked at, an edge with a guard that is not given would be refused."""
    on = bare(begun())
    attempt = Attempt(on.get("p"), Command("talk"), LEAD, BEGAN)
    refusal = decide(on._reader.shown("guarded@1"), attempt)
    assert isinstance(refusal, Refusal)
    assert [("guard-error", "host_guard")] == [(one.code, one.params["guard"]) for one in refusal.blockers]
