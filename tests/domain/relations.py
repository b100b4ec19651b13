"""Who may by what they are to the pilot, and not only by their role; and all complaints about a workflow together."""

from collections.abc import Iterator

from proeftuin.core.commands import Actor
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Workflow
from tests.domain.domain import Domain
from tests.domain.judging import ROW_CHECKS, Bench, closing, elsewhere, say, strangers
from tests.domain.pure import actor
from tests.domain.rows import Row, fine

Case = tuple[str, Row, Pilot, Actor, str]


def complaints(domain: Domain, workflow: Workflow, first: str = "") -> Iterator[str]:
    """Every place where a workflow does not do what the tables say, those about the trigger `first` first."""
    bench = Bench(domain, compile_workflow(workflow))
    for _, rows in sorted(domain.by_trigger.items(), key=lambda one: one[0] != first):
        for row in rows:
            for check in ROW_CHECKS:
                yield from check(bench, row)
        yield from closing(bench, rows)
        yield from elsewhere(bench, rows)
    yield from relations(bench)
    yield from strangers(bench, workflow)


def relations(bench: Bench) -> Iterator[str]:
    """Who may by what they are to the pilot: its starter, the adder of a record; and who may not for what they did."""
    for what, row, where, who, expected in _cases(bench):
        came = bench.answer(row, where, who)
        got = "/".join(came.codes) or "".join(f"waits for {role}" for role in came.waiting)
        if got != expected:
            yield say(row, what, expected=expected or "accepted", came=got)


def _cases(bench: Bench) -> Iterator[Case]:
    rows = bench.domain.by_trigger
    for trigger, cases in (("assign", _starter), ("correct", _adder), ("snooze", _reminded)):
        for row in rows.get(trigger, ()):
            yield from cases(bench, row)
    for row in rows.get("record_decision", ()):
        yield from _excluded(bench, row, "coordinator")
    for row in rows.get("complete_exploration", ()):
        yield from _excluded(bench, row, "board")
    for row in bench.domain.rows:
        if row.signed:
            yield from _signer(bench, row)


def _starter(bench: Bench, row: Row) -> Iterator[Case]:
    starter = Actor("starter-1", roles={"facilitator"})
    named = bench.scene(row, check=fine("+lead"))
    yield "the starter assigns", row, bench.scene(row), starter, ""
    yield "the starter, once there is a coordinator", row, named, starter, "forbidden-role"
    yield "who did not start", row, bench.scene(row), Actor("adder-1", roles={"monitor"}), "forbidden-role"


def _adder(bench: Bench, row: Row) -> Iterator[Case]:
    yield "the adder corrects", row, bench.scene(row), Actor("adder-1", roles={"monitor"}), ""
    yield "another one corrects", row, bench.scene(row), actor("coordinator"), "forbidden-role"


def _excluded(bench: Bench, row: Row, other: str) -> Iterator[Case]:
    """Who acts as board on this pilot does not act as its coordinator, and the other way round."""
    both = Actor("two-hats", roles={"board", "coordinator"})
    acted = replace(bench.scene(row), acted_as={"two-hats": (other,)})
    named = bench.scene(row, check=fine(f"+{other}_two_hats"))
    yield f"who acted as {other}", row, acted, both, "forbidden-role"
    yield f"who is named {other}", row, named, both, "forbidden-role"
    yield "who holds both roles, the first time", row, bench.scene(row), both, ""


def _signer(bench: Bench, row: Row) -> Iterator[Case]:
    """Nobody signs for both sides; without the other signature it waits."""
    roles = row.who.split()
    signer = Actor(f"{row.signed}-1", roles=set(roles), party=row.party or row.key)
    waits = "".join(f"waits for {role}" for role in roles if role != row.signed)
    yield "the same person signs for both", row, bench.scene(row), signer, waits


def _reminded(bench: Bench, row: Row) -> Iterator[Case]:
    """Who may put a reminder off: whoever got it, in a role, by name or by a duty; and nobody else."""
    lead, owner = bench.scene(row), bench.scene(row, check=fine("-told_call +told_owner"))
    other = bench.scene(row, check=fine("+lead"))
    yield "the role that was reminded snoozes", row, lead, actor("coordinator"), ""
    yield "another role snoozes", row, lead, actor("client_owner"), "forbidden-role"
    yield "the other role, where that was reminded", row, owner, actor("client_owner"), ""
    yield "the role that was not", row, owner, actor("coordinator"), "forbidden-role"
    yield "who has the duty that was reminded snoozes", row, other, Actor("coordinator-1", roles={"hr"}), ""
