"""The tables of a workflow held against it: every place where it does not do what a row says is a complaint.

No store, no history: pilots made by hand and `decide`. Complaints come one by one, those about one trigger first, so
that a sabotaged workflow is found out at its first wrong answer.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from proeftuin.core.commands import Actor
from proeftuin.core.frozen import freeze
from proeftuin.core.pilot import Pilot, Signature
from proeftuin.core.table import Table
from proeftuin.core.workflow import Workflow
from tests.domain.domain import Domain
from tests.domain.pure import Answer, actor, ask, pilot
from tests.domain.rows import AFTER_CLOSING, CLIENT, SUPPLIER, WHILE_PAUSED, Check, Row, side, warn

KEY = "alpha"


@frozen(eq=False)
class Bench:
    """A workflow that is held against the tables of its domain, as it is or sabotaged."""

    domain: Domain
    table: Table

    # -- scenes --------------------------------------------------------------------------------------------------------

    def actor(self, row: Row, role: str = "", party: str = "") -> Actor:
        """Somebody who may fire a row, or somebody in another role."""
        role = role or (row.who.split() or ["coordinator"])[0]
        return actor(role, party or row.party or row.key or KEY, "" if row.who else "adder-1")

    def during(self, row: Row) -> tuple[str, ...]:
        """The states of the pilot in which a row of a track holds."""
        return self.domain.states(row.during)

    def at(self, row: Row) -> tuple[str, ...]:
        """The states that a row can be fired from, of the pilot or of its track."""
        return self.domain.states(row.at, self.domain.kind_of(row))

    def scene(self, row: Row, here: str = "", state: str = "", check: Check | None = None, hold: str = "") -> Pilot:
        """The pilot of a row, in one of the states that it can be fired from, perhaps changed by a check."""
        change = check or Check(frozenset())
        kind = self.domain.kind_of(row)
        tracks = {**row.tracks, **change.tracks}
        if row.key is not None and not row.opens:
            tracks = {row.key: here or self.at(row)[0], **tracks}
        during, usual = self.during(row), self.domain.usual
        own = (here or self.at(row)[0]) if kind is None else state or (usual if usual in during else during[0])
        named = {key: at if "." in at else f"{self._meant(row)}.{at}" for key, at in tracks.items()}
        return pilot(
            self.domain,
            own,
            _names(row.facts, change.change),
            named,
            hold=hold or row.hold,
            outcome=change.outcome or row.outcome,
            signatures=_signed(row, own if row.key is None else named.get(row.key, "").rpartition(".")[2], change),
        )

    def _meant(self, row: Row) -> str:
        return row.kind or next(iter(self.domain.kinds))

    def answer(self, row: Row, where: Pilot, who: Actor | None = None, check: Check | None = None) -> Answer:
        """What is said to the command of a row."""
        by = who or self.actor(row, check.by if check else "")
        warned = check is not None and check.warns
        return ask(self.table, where, by, row.trigger, _data(row, check) or None, row.key, warned=warned)


def _names(facts: str, change: str) -> list[str]:
    words = change.split()
    gone = {word[1:] for word in words if word[0] == "-"}
    kept = facts.split()
    assert gone <= set(kept), change
    return [name for name in kept if name not in gone] + [word[1:] for word in words if word[0] == "+"]


def _signed(row: Row, at: str, change: Check) -> Iterator[Signature]:
    if row.signed:
        yield Signature(row.trigger, row.key, row.signed, f"{row.signed}-1", at, freeze(_data(row, change)))


def _data(row: Row, check: Check | None = None) -> dict[str, object]:
    changed = {**row.data, **(check.data if check else {})}
    return {name: value for name, value in changed.items() if value is not None}


def say(row: Row, what: str, *, expected: object, came: object) -> str:
    """One complaint."""
    return f"{row.id} {row.trigger}: {what}: expected {expected}, came {came}"


# -- what a row says ---------------------------------------------------------------------------------------------------


def acceptance(bench: Bench, row: Row) -> Iterator[str]:
    """From each of its states the trigger is accepted, and does exactly this."""
    here = (
        [(state, "") for state in bench.at(row)]
        if row.key is None
        else [(at, on) for at in bench.at(row) or ("",) for on in bench.during(row)]
    )
    for at, state in here:
        came = bench.answer(row, bench.scene(row, at, state))
        expected = row.does.replace("{here}", at)
        if came.codes or came.told != expected:
            yield say(row, f"from {at} {state}", expected=expected, came=came.codes or came.told)


def conditions(bench: Bench, row: Row) -> Iterator[str]:
    """Each change to the scene has exactly these codes."""
    for check in row.checks:
        came = bench.answer(row, bench.scene(row, state=check.state, check=check), check=check)
        got = came.warnings if check.warns else came.codes
        if set(got) != check.codes:
            yield say(row, f"with {check}", expected=sorted(check.codes), came=got)


def unwarned(bench: Bench, row: Row) -> Iterator[str]:
    """In its scene nothing is warned of."""
    if came := bench.answer(row, bench.scene(row), check=warn("")).warnings:
        yield say(row, "in its scene", expected="no warning", came=came)


def people(bench: Bench, row: Row) -> Iterator[str]:
    """Every role is tried: who may, may; who is across the table hears `unilateral`, all others `forbidden-role`."""
    allowed = row.who.split()
    if not allowed:
        return
    sides = {side(role) for role in allowed}
    where = bench.scene(row)
    for role in bench.domain.roles:
        who = Actor("system", roles={role}) if role == "system" else bench.actor(row, role)
        came = bench.answer(row, where, who)
        across = len(sides) == 1 and None not in sides and side(role) is not None and side(role) not in sides
        expected = "may" if role in allowed else "unilateral" if across else "forbidden-role"
        got = "/".join(came.codes) or "may"
        if got != expected:
            yield say(row, f"as {role}", expected=expected, came=got)


def parties(bench: Bench, row: Row) -> Iterator[str]:
    """A supplier's people act on what is their own party's, and on nothing else."""
    if row.key is None:
        return
    for role in sorted(set(row.who.split()) & set(SUPPLIER)):
        came = bench.answer(row, bench.scene(row), actor(role, "other"))
        if came.codes != ("forbidden-role",):
            yield say(row, f"as {role} of another supplier", expected="forbidden-role", came=came.codes)
        came = bench.answer(row, bench.scene(row), Actor(f"{role}-1", roles={role}))
        if came.codes != ("forbidden-role",):
            yield say(row, f"as {role} without a party", expected="forbidden-role", came=came.codes)


def holding(bench: Bench, row: Row) -> Iterator[str]:
    """On hold only what is listed goes on; the rest hears `paused`, with how to resume."""
    where = bench.scene(row, hold="paused")
    if where.state == bench.domain.closed:
        return
    came = bench.answer(row, where)
    expected = () if row.trigger in WHILE_PAUSED else ("paused",)
    if came.codes != expected or (expected and not came.helped):
        yield say(row, "on hold", expected=expected or "accepted", came=(came.codes, came.helped))


def elsewhere(bench: Bench, rows: tuple[Row, ...]) -> Iterator[str]:
    """From every other state: not yet, with a way there; or never, alone."""
    for row in rows:
        if row.anywhere:
            yield from _elsewhere_in_time(bench, row)
        elif row.key is None:
            own = {state for one in rows if one.key is None for state in bench.at(one)}
            yield from _elsewhere_pilot(bench, row, own)
        elif row.opens:
            yield from _elsewhere_in_time(bench, row)
        else:
            yield from _elsewhere_track(bench, row, rows)


def _elsewhere_pilot(bench: Bench, row: Row, own: set[str]) -> Iterator[str]:
    for state in bench.domain.phases:
        if state not in own:
            later = bool(bench.domain.reach[state] & own)
            yield from _elsewhere(bench, row, bench.scene(row, state), f"from {state}", later)


def _elsewhere_in_time(bench: Bench, row: Row) -> Iterator[str]:
    """The other states of the pilot, for what opens a track, and for what is refused on a track for other reasons."""
    during = set(bench.during(row))
    for state in bench.domain.phases:
        if state not in during:
            later = bool(bench.domain.reach[state] & during)
            yield from _elsewhere(bench, row, bench.scene(row, state=state), f"while {state}", later)


def _elsewhere_track(bench: Bench, row: Row, rows: tuple[Row, ...]) -> Iterator[str]:
    kind = bench.domain.kind_of(row)
    assert kind is not None
    alike = [one for one in rows if bench.domain.kind_of(one) == kind]
    fit = {(at, state) for one in alike for at in bench.at(one) for state in bench.during(one)}
    ways = bench.domain.ways_on(kind)
    for at in ways:
        for state in bench.domain.phases:
            if (at, state) not in fit:
                later = any(to in ways[at] and there in bench.domain.reach[state] for to, there in fit)
                where = bench.scene(row, at, state)
                yield from _elsewhere(bench, row, where, f"from {at} while {state}", later)


def _elsewhere(bench: Bench, row: Row, where: Pilot, place: str, later: bool) -> Iterator[str]:  # noqa: FBT001  # a fact
    came = bench.answer(row, where)
    right = (
        "wrong-state" in came.codes and came.helped if later else (came.codes, came.helped) == (("wrong-state",), False)
    )
    if not right:
        yield say(row, place, expected="not yet, with a way" if later else "never", came=(came.codes, came.helped))


def closing(bench: Bench, rows: tuple[Row, ...]) -> Iterator[str]:
    """After closing only what is listed goes on, and it moves nothing."""
    closed = bench.domain.closed
    for row in rows:
        allowed = closed in (bench.at(row) if row.key is None else bench.during(row)) and not row.opens
        if allowed != (row.trigger in AFTER_CLOSING) and not (len(rows) > 1 and row.trigger in AFTER_CLOSING):
            yield say(row, "after closing", expected=row.trigger in AFTER_CLOSING, came=allowed)
        if allowed and ">" in row.does.replace(f"{closed}>{closed}", ""):
            yield say(row, "after closing", expected="no move", came=row.does)


ROW_CHECKS: tuple[Callable[[Bench, Row], Iterator[str]], ...] = (
    acceptance,
    people,
    conditions,
    holding,
    unwarned,
    parties,
)


def strangers(bench: Bench, workflow: Workflow) -> Iterator[str]:
    """The workflow has no trigger and no role that the tables do not have, and lacks none."""
    domain = bench.domain
    edges: Iterable[str] = (
        edge.trigger for own in (workflow.edges, *(kind.edges for kind in workflow.tracks.values())) for edge in own
    )
    triggers = set(edges)
    if triggers != set(domain.by_trigger):
        yield f"triggers: {sorted(triggers ^ set(domain.by_trigger))} are in one and not in the other"
    if set(workflow.roles) != set(domain.roles):
        yield f"roles: {sorted(set(workflow.roles) ^ set(domain.roles))} are in one and not in the other"
    for name in CLIENT + SUPPLIER:
        if name in workflow.roles and workflow.roles[name].side != side(name):
            yield f"{name} is on the side {workflow.roles[name].side}"
    if tuple(name for name, state in workflow.states.items() if not state.final) != domain.open:
        yield "the open states differ"
    if {name: state.phase for name, state in workflow.states.items()} != domain.phases:
        yield "states or phases differ"
    if {name: set(kind.states) for name, kind in workflow.tracks.items()} != {
        name: set(kind.ahead) for name, kind in domain.kinds.items()
    }:
        yield "kinds of track or their states differ"
