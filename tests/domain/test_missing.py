"""Every "no" is a to-do list: whatever a bundled workflow refuses or warns of, doing what it says lifts it."""

import pytest

from proeftuin import Blocker, Dated, Settings
from proeftuin.core.commands import Attempt, Command
from proeftuin.core.frozen import freeze
from proeftuin.core.options import explain
from proeftuin.core.table import Table, compile_workflow
from tests.domain.asking import asked, every, found, told
from tests.domain.domain import Domain, each
from tests.domain.domains import DOMAINS
from tests.domain.life import FIRST_DAY, BaseLife, person
from tests.domain.mutants import without_guard
from tests.domain.refusals import Use, reachable, uses
from tests.domain.remedy import HELPLESS, Helper, Order, never, same
from tests.domain.rows import WHILE_PAUSED


def check_remedies(domain: Domain, life: BaseLife, order: Order) -> None:
    """Each remedy of each blocker can be asked for by each role that it names; only what cannot be helped has none."""
    helper = Helper(life, domain.table)
    for blocker in order.told(life).blockers:
        assert never(blocker) == (not blocker.missing), blocker
    for blocker in told(life, order):
        for remedy in blocker.missing:
            assert remedy.roles, (blocker.code, remedy)
            waits = remedy.not_before is not None and remedy.not_before > life.clock.day
            made_up = {
                "bad-value",
                *(["future-dated"] if waits else []),
            }  # a day that the helper made up, or that comes
            for one in helper.orders(remedy, order):
                refused = [each.code for each in one.told(life).blockers if never(each)]
                mended = [code for code in refused if code not in made_up]
                assert not mended, (blocker.code, one, refused)


@pytest.mark.parametrize(("domain", "use"), each(DOMAINS, lambda domain: iter(reachable(domain))), ids=str)
def test_what_a_guard_says_lifts_its_blocker(domain: Domain, use: Use) -> None:
    """The refusal comes about, comes from this guard, and is lifted by its own remedy, or says that nothing helps."""
    life, order = domain.cases[use.label][use.code]()
    blockers = found(life, order, use.code)
    assert blockers, [one.code for one in told(life, order)]
    check_remedies(domain, life, order)
    assert_from(domain, use, life, order)
    for blocker in blockers:
        if never(blocker):
            assert () == blocker.missing
        elif blocker.missing or use.part != "advise":
            Helper(life, domain.table).lift(order, blocker)


def assert_from(domain: Domain, use: Use, life: BaseLife, order: Order) -> None:
    """Without this one use of the guard, this blocker would not be there: it is this use that is exercised."""
    before = judged(domain.table, life, order)
    sabotaged = without_guard(domain.workflow, use.kind, use.edge, use.part, use.place)
    after = judged(compile_workflow(sabotaged), life, order)
    assert any(one.code == use.code and not any(same(one, other) for other in after) for one in before), use


def judged(table: Table, life: BaseLife, order: Order) -> tuple[Blocker, ...]:
    data = {name: "s1" if name == "participant" else value for name, value in order.data.items()}
    command = Command(order.trigger, freeze(data) or None, order.track)
    who, now = person(order.by), life.clock.now()
    option = explain(table, Attempt(life.pilot, command, who, now, settings=life.settings, new_id="new"))
    return (*option.blockers, *option.warnings)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_every_guard_of_every_edge_has_a_case(domain: Domain) -> None:
    """A guard that is added to the workflow file without a case here is found out by this test."""
    come = reachable(domain)
    assert [] == [str(one) for one in come if one.code not in domain.cases.get(one.label, {})]
    everything = tuple(uses(domain.workflow))
    assert set(domain.unreachable) <= {(one.label, one.guard, one.code) for one in everything}
    assert {(one.label, one.guard) for one in everything} == {(one.label, one.guard) for one in come}


# -- the engine's own codes --------------------------------------------------------------------------------------------

EVERY = each(DOMAINS, every)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_every_kind_of_track_is_asked(domain: Domain) -> None:
    """There is an early pilot for the triggers of the pilot, and for those of each kind of track."""
    assert {None, *domain.workflow.tracks} == set(domain.asked)


@pytest.mark.parametrize(("domain", "order"), EVERY, ids=str)
def test_not_yet_is_a_way_there(domain: Domain, order: Order) -> None:
    """Asked of a pilot of a day old, whatever can be done later in its life comes about by doing what refusals say."""
    life = domain.asked[order.kind].begin()
    helper, order = asked(domain, life, order)
    check_remedies(domain, life, order)
    for blocker in found(life, order, "wrong-state"):
        helper.lift(order, blocker)
        assert not found(life, order, "wrong-state"), helper.done


@pytest.mark.parametrize(("domain", "order"), EVERY, ids=str)
def test_a_pause_is_lifted_by_resuming(domain: Domain, order: Order) -> None:
    """On hold, what may not be done names who can resume; once that is done it is no longer in the way."""
    life = domain.asked[order.kind].begin()
    life.pause()
    helper, order = asked(domain, life, order)
    blockers = found(life, order, "paused")
    assert bool(blockers) == (order.trigger not in WHILE_PAUSED)
    for blocker in blockers:
        helper.lift(order, blocker)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_resuming_what_runs_needs_a_pause_first(domain: Domain) -> None:
    """A pilot that runs cannot be resumed; the way to where it can is a pause."""
    life = domain.asked[None].begin()
    order = Order("coordinator", "resume")
    (blocker,) = told(life, order)
    assert ("wrong-state", ("pause",)) == (blocker.code, tuple(one.trigger for one in blocker.missing))
    Helper(life, domain.table).lift(order, blocker)
    assert order.told(life).allowed


@pytest.mark.parametrize("open_step", [True, False])
@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_a_full_pilot_says_what_to_finish(domain: Domain, open_step: bool) -> None:  # noqa: FBT001  # a parameter of pytest
    """At the limit of kept records, ending one that is let go of makes room; without one, closing is what is left."""
    life = domain.life(settings=Settings({"kept_records": [Dated("3", since=FIRST_DAY, source="a small pilot")]}))
    for _ in range(2):
        life.do("hr", "add_lesson", {"text": "Begin small"})
    if open_step:
        life.do("hr", "plan_step", {"what": "Call", "who": "hr-client", "due": life.day(7)})
    else:
        life.do("hr", "add_lesson", {"text": "Begin small"})
    helper, order = asked(domain, life, Order("hr", "add_obstacle"))
    (blocker,) = told(life, order)
    assert "limit-reached" == blocker.code
    check_remedies(domain, life, order)
    if open_step:
        helper.lift(order, blocker)
        assert ["finish_step"] == helper.done
    else:
        assert {"stop", "conclude"} >= {one.trigger for one in blocker.missing}


@pytest.mark.parametrize(("domain", "name"), each(DOMAINS, lambda domain: iter(domain.helpless)), ids=str)
def test_nothing_helps_is_said_so(domain: Domain, name: str) -> None:
    """Each of the codes that the design lists as without a remedy comes about and has none; a state says never."""
    life, order = domain.helpless[name]()
    (blocker,) = found(life, order, name.partition(" ")[0])
    assert () == blocker.missing
    assert never(blocker)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_the_codes_without_a_remedy_are_those_of_the_design(domain: Domain) -> None:
    """No code is without a remedy but those that the design lists, and each of these is tried."""
    own = set() if domain.kinds else {"unknown-track", "track-exists"}
    assert {*HELPLESS, "wrong-state"} - own == {name.partition(" ")[0] for name in domain.helpless}
