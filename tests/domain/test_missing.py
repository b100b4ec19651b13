"""Every "no" is a to-do list: whatever the bundled workflow refuses or warns of, doing what it says lifts it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from proeftuin import Blocker
from proeftuin.core.commands import Attempt, Command
from proeftuin.core.frozen import freeze
from proeftuin.core.options import explain
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue
from tests.domain.life import Life, person
from tests.domain.mutants import without_guard
from tests.domain.refusals import CASES, UNREACHABLE, Use, uses
from tests.domain.remedy import Helper, Order, never, same
from tests.domain.rules import WHILE_PAUSED

WORKFLOW = Catalogue().get("existing-contract")
TABLE = compile_workflow(WORKFLOW)
USES = tuple(one for one in uses(WORKFLOW) if (one.label, one.guard, one.code) not in UNREACHABLE)


def told(life: Life, order: Order) -> tuple[Blocker, ...]:
    """Everything that is said against a command, warnings included."""
    option = order.told(life)
    return (*option.blockers, *option.warnings)


def found(life: Life, order: Order, code: str) -> list[Blocker]:
    return [one for one in told(life, order) if one.code == code]


def check_remedies(life: Life, order: Order) -> None:
    """Each remedy of each blocker can be asked for by each role that it names; only what cannot be helped has none."""
    helper = Helper(life, TABLE)
    for blocker in order.told(life).blockers:
        assert never(blocker) == (not blocker.missing), blocker
    for blocker in told(life, order):
        for remedy in blocker.missing:
            assert remedy.roles, (blocker.code, remedy)
            for one in helper.orders(remedy, order):
                refused = [each.code for each in one.told(life).blockers if never(each)]
                mended = [code for code in refused if code != "bad-value"]  # a day that the helper made up
                assert not mended, (blocker.code, one, refused)


@pytest.mark.parametrize("use", USES, ids=str)
def test_what_a_guard_says_lifts_its_blocker(use: Use) -> None:
    """The refusal comes about, comes from this guard, and is lifted by a remedy of its own, or says that nothing helps."""
    life, order = CASES[use.label][use.code]()
    blockers = found(life, order, use.code)
    assert blockers, [one.code for one in told(life, order)]
    check_remedies(life, order)
    assert_from(use, life, order)
    for blocker in blockers:
        if never(blocker):
            assert () == blocker.missing
        elif blocker.missing or not warns(use):
            Helper(life, TABLE).lift(order, blocker)


def warns(use: Use) -> bool:
    return use.part == "advise"


def assert_from(use: Use, life: Life, order: Order) -> None:
    """Without this one use of the guard, this blocker would not be there: it is this use that is exercised."""
    before = judged(TABLE, life, order)
    after = judged(compile_workflow(without_guard(WORKFLOW, use.kind, use.edge, use.part, use.place)), life, order)
    assert any(one.code == use.code and not any(same(one, other) for other in after) for one in before), use


def judged(table: Table, life: Life, order: Order) -> tuple[Blocker, ...]:
    data = {name: "s1" if name == "participant" else value for name, value in order.data.items()}
    command = Command(order.trigger, freeze(data) or None, order.track)
    option = explain(table, Attempt(life.pilot, command, person(order.by), life.clock.now(), new_id="new"))
    return (*option.blockers, *option.warnings)


def test_every_guard_of_every_edge_has_a_case() -> None:
    """A guard that is added to the workflow file without a case here is found out by this test."""
    missing = [str(one) for one in USES if one.code not in CASES.get(one.label, {})]
    assert [] == missing
    everything = {(one.label, one.guard, one.code) for one in uses(WORKFLOW)}
    assert set(UNREACHABLE) <= everything
    assert {(one.label, one.guard) for one in uses(WORKFLOW)} == {(one.label, one.guard) for one in USES}


# -- the engine's own codes --------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, str, str | None]]:
    """Every trigger of a person, by somebody who may fire it, on the pilot or on the track of a supplier."""
    for rule in TABLE.every:
        if rule.allowed[0] not in {"system", "adder"}:
            role = rule.allowed[0]
            track = None if rule.kind is None else "new" if rule.edge.opens else "alpha"
            by = f"{role}@{track}" if TABLE.workflow.roles[role].side == "supplier" else role
            yield by, rule.edge.trigger, track


EVERY = tuple(dict.fromkeys(commands()))


@pytest.mark.parametrize(("by", "trigger", "track"), EVERY, ids=[one[1] for one in EVERY])
def test_not_yet_is_a_way_there(by: str, trigger: str, track: str | None) -> None:
    """Asked of a pilot of a day old, whatever can be done later in its life comes about by doing what refusals say."""
    life = Life().supplier("alpha", "identified")
    helper = Helper(life, TABLE)
    order = Order(by, trigger, helper.fill(trigger, {}, track), track)
    check_remedies(life, order)
    for blocker in found(life, order, "wrong-state"):
        helper.lift(order, blocker)
        assert not any(never(one) for one in found(life, order, "wrong-state")), helper.done


@pytest.mark.parametrize(("by", "trigger", "track"), EVERY, ids=[one[1] for one in EVERY])
def test_a_pause_is_lifted_by_resuming(by: str, trigger: str, track: str | None) -> None:
    """On hold, what may not be done names who can resume; once that is done it is no longer in the way."""
    life = Life().supplier("alpha", "identified")
    life.pause()
    helper = Helper(life, TABLE)
    order = Order(by, trigger, helper.fill(trigger, {}, track), track)
    blockers = found(life, order, "paused")
    assert bool(blockers) == (trigger not in WHILE_PAUSED)
    for blocker in blockers:
        helper.lift(order, blocker)


def test_resuming_what_runs_needs_a_pause_first() -> None:
    """A pilot that runs cannot be resumed; the way to where it can is a pause."""
    life = Life()
    order = Order("coordinator", "resume")
    (blocker,) = told(life, order)
    assert ("wrong-state", ("pause",)) == (blocker.code, tuple(one.trigger for one in blocker.missing))
    Helper(life, TABLE).lift(order, blocker)
    assert order.told(life).allowed
