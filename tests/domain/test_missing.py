"""Every "no" is a to-do list: whatever the bundled workflow refuses or warns of, doing what it says lifts it."""

from collections.abc import Callable, Iterator

import pytest

from proeftuin import Blocker, Dated, Settings
from proeftuin.core.commands import Attempt, Command
from proeftuin.core.frozen import freeze
from proeftuin.core.options import explain
from proeftuin.core.table import Table, compile_workflow
from proeftuin.definitions import Catalogue
from tests.domain.life import FIRST_DAY, Life, person
from tests.domain.mutants import without_guard
from tests.domain.pure import side
from tests.domain.refusals import CASES, PERSON, UNREACHABLE, Use, uses
from tests.domain.remedy import HELPLESS, Helper, Order, never, same
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
    """The refusal comes about, comes from this guard, and is lifted by its own remedy, or says that nothing helps."""
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


def commands() -> Iterator[Order]:
    """Every edge of a person, by somebody who may fire it, on the pilot or on the track of a supplier."""
    for rule in TABLE.every:
        role = rule.allowed[0]
        if role not in {"system", "adder"}:
            track = None if rule.kind is None else "new" if rule.edge.opens else "alpha"
            by = f"{role}@{track}" if side(role) == "supplier" else role
            yield Order(by, rule.edge.trigger, {name: held[0] for name, held in rule.edge.when.items()}, track)


EVERY = tuple({f"{one.trigger}-{'-'.join(map(str, one.data.values()))}".rstrip("-"): one for one in commands()}.items())


def asked(life: Life, order: Order) -> tuple[Helper, Order]:
    """Somebody who helps, and the command with all that it must be given."""
    helper = Helper(life, TABLE)
    return helper, order.with_data(helper.fill(order.trigger, order.data, order.track))


@pytest.mark.parametrize("order", [one for _, one in EVERY], ids=[name for name, _ in EVERY])
def test_not_yet_is_a_way_there(order: Order) -> None:
    """Asked of a pilot of a day old, whatever can be done later in its life comes about by doing what refusals say."""
    life = Life().supplier("alpha", "identified")
    helper, order = asked(life, order)
    check_remedies(life, order)
    for blocker in found(life, order, "wrong-state"):
        helper.lift(order, blocker)
        assert not found(life, order, "wrong-state"), helper.done


@pytest.mark.parametrize("order", [one for _, one in EVERY], ids=[name for name, _ in EVERY])
def test_a_pause_is_lifted_by_resuming(order: Order) -> None:
    """On hold, what may not be done names who can resume; once that is done it is no longer in the way."""
    life = Life().supplier("alpha", "identified")
    life.pause()
    helper, order = asked(life, order)
    blockers = found(life, order, "paused")
    assert bool(blockers) == (order.trigger not in WHILE_PAUSED)
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


@pytest.mark.parametrize("open_step", [True, False])
def test_a_full_pilot_says_what_to_finish(open_step: bool) -> None:  # noqa: FBT001  # a parameter of pytest
    """At the limit of kept records, ending one that is let go of makes room; without one, closing is what is left."""
    limit = {"kept_records": [Dated("3", since=FIRST_DAY, source="a small pilot")]}
    life = Life(settings=Settings(limit))
    for _ in range(2):
        life.do("hr", "add_lesson", {"text": "Begin small"})
    if open_step:
        life.do("hr", "plan_step", {"what": "Call", "who": "hr-client", "due": life.day(7)})
    else:
        life.do("hr", "add_lesson", {"text": "Begin small"})
    helper, order = asked(life, Order("hr", "add_obstacle"))
    (blocker,) = told(life, order)
    assert "limit-reached" == blocker.code
    check_remedies(life, order)
    if open_step:
        helper.lift(order, blocker)
        assert ["finish_step"] == helper.done
    else:
        assert {"stop", "conclude"} >= {one.trigger for one in blocker.missing}


def closed() -> Life:
    life = Life().supplier("alpha", "identified")
    life.do("hr", "add_lesson", {"text": "Begin small"})
    life.do("client_owner", "stop", {"reason": "No money"})
    return life


def parted() -> Life:
    """Alpha delivers and has a placement; beta has withdrawn."""
    life = Life().reach("implementing").supplier("beta", "withdrawn")
    life.place()
    return life


ROWS = ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"})
NOTHING_HELPS: dict[str, tuple[Callable[[], Life], Order]] = {
    "unknown-trigger": (Life, Order("coordinator", "fly")),
    "unknown-track": (Life, Order("coordinator", "invite", {}, "nobody")),
    "track-exists": (
        lambda: Life().supplier("alpha", "identified"),
        Order("procurement", "identify", {"supplier": "Alpha"}, "alpha"),
    ),
    "forbidden-role": (Life, Order("hr", "complete_exploration")),
    "unilateral": (Life, Order("supplier_lead@alpha", "complete_exploration")),
    "bad-value": (Life, Order("hr", "plan_step", {"what": "Call", "who": "jo", "due": "soon"})),
    "missing-field": (Life, Order("hr", "plan_step", {"what": "Call", "who": "jo"})),
    "unknown-field": (Life, Order("hr", "add_lesson", {"text": "Begin small", "colour": "red"})),
    "privacy-violation": (parted, Order("supplier_hr@alpha", "start_placement", {"offence": "theft"}, "alpha")),
    "bad-reference": (Life, Order("hr", "finish_step", {"step": "step-1"})),
    "future-dated": (Life, Order("board", "record_decision", {"date": "2026-01-06", "reference": "BD"})),
    "wrong-state": (closed, Order("coordinator", "complete_exploration")),
    "wrong-state of a partner": (
        parted,
        Order("hr", "start_placement", {**PERSON, "kind": "bundled", "contributions": ROWS}, "alpha"),
    ),
}


@pytest.mark.parametrize("name", NOTHING_HELPS)
def test_nothing_helps_is_said_so(name: str) -> None:
    """Each of the codes that the design lists as without a remedy comes about and has none; a state says never."""
    life, order = NOTHING_HELPS[name][0](), NOTHING_HELPS[name][1]
    (blocker,) = found(life, order, name.partition(" ")[0])
    assert () == blocker.missing
    assert never(blocker)


def test_the_codes_without_a_remedy_are_those_of_the_design() -> None:
    """No code is without a remedy but those that the design lists, and each of these is tried."""
    assert {*HELPLESS, "wrong-state"} == {name.partition(" ")[0] for name in NOTHING_HELPS}
