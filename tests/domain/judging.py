"""The tables of `rules` held against a workflow: every place where it does not do what a row says is a complaint.

No store, no history: pilots made by hand and `decide`. Complaints come one by one, those about one trigger first, so
that a sabotaged workflow is found out at its first wrong answer.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from proeftuin.core.commands import Actor
from proeftuin.core.frozen import freeze
from proeftuin.core.frozen import replace as evolve_pilot
from proeftuin.core.pilot import Pilot, Signature
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Workflow
from tests.domain.pure import CLIENT, OPEN, PHASES, ROLES, SUPPLIER, Answer, actor, ask, pilot, side
from tests.domain.rules import AFTER_CLOSING, TABLE, WHILE_PAUSED, Check, Row, fine, warn

# What comes after what, by the tables alone: the pilot's states, and those of a supplier's track.
AHEAD = {
    "exploring": ("committing",),
    "committing": ("engaging",),
    "engaging": ("implementing",),
    "implementing": ("evaluating",),
    "evaluating": ("implementing", "engaging"),
    "closed": (),
}
TRACK_AHEAD = {
    "identified": ("invited",),
    "invited": ("talking", "declined", "lapsed", "parked"),
    "talking": ("willing", "declined", "lapsed", "parked"),
    "willing": ("agreed", "declined", "parked"),
    "agreed": ("delivering", "withdrawn"),
    "delivering": ("completed", "withdrawn"),
    "completed": (),
    "parked": ("invited", "talking", "willing"),
    "declined": ("invited",),
    "lapsed": ("invited",),
    "withdrawn": (),
}
KEY = "alpha"


def _reach(ahead: dict[str, tuple[str, ...]], here: str) -> frozenset[str]:
    found = {here}
    while more := {there for one in found for there in ahead[one]} - found:
        found |= more
    return frozenset(found)


REACH = {state: _reach(AHEAD, state) | {"closed"} for state in AHEAD}
TRACK_REACH = {state: _reach(TRACK_AHEAD, state) for state in TRACK_AHEAD}


def _actor(row: Row, role: str = "", party: str = "") -> Actor:
    """Somebody who may fire a row, or somebody in another role."""
    role = role or (row.who.split() or ["coordinator"])[0]
    return actor(role, party or row.key or KEY, "" if row.who else "adder-1")


def _names(facts: str, change: str) -> list[str]:
    words = change.split()
    gone = {word[1:] for word in words if word[0] == "-"}
    kept = facts.split()
    assert gone <= set(kept), change
    return [name for name in kept if name not in gone] + [word[1:] for word in words if word[0] == "+"]


def scene(row: Row, here: str = "", state: str = "", check: Check | None = None, hold: str = "") -> Pilot:
    """The pilot of a row, in one of the states that it can be fired from, perhaps changed by a check."""
    change = check or Check(frozenset())
    tracks = dict(row.tracks)
    if row.key is not None and not row.opens:
        tracks = {row.key: here or row.at[0], **tracks}
    own = (
        here or row.at[0]
        if row.key is None
        else state or (row.during[0] if "engaging" not in row.during else "engaging")
    )
    if "implementing" in row.during and row.key is not None and not state:
        own = "implementing"
    return pilot(
        own,
        _names(row.facts, change.change),
        {**tracks, **change.tracks},
        hold=hold or row.hold,
        outcome=change.outcome or row.outcome,
        signatures=_signed(row, own if row.key is None else tracks.get(row.key, ""), change),
    )


def _signed(row: Row, at: str, change: Check) -> Iterator[Signature]:
    if row.signed:
        yield Signature(row.trigger, row.key, row.signed, f"{row.signed}-1", at, freeze(_data(row, change)))


def _data(row: Row, check: Check | None = None) -> dict[str, object]:
    changed = {**row.data, **(check.data if check else {})}
    return {name: value for name, value in changed.items() if value is not None}


def _answer(table: Table, row: Row, where: Pilot, who: Actor | None = None, check: Check | None = None) -> Answer:
    by = who or _actor(row, check.by if check else "")
    warned = check is not None and check.warns
    return ask(table, where, by, row.trigger, _data(row, check) or None, row.key, warned=warned)


def _say(row: Row, what: str, *, expected: object, came: object) -> str:
    return f"{row.id} {row.trigger}: {what}: expected {expected}, came {came}"


# -- what a row says ---------------------------------------------------------------------------------------------------


def acceptance(table: Table, row: Row) -> Iterator[str]:
    """From each of its states the trigger is accepted, and does exactly this."""
    here = (
        [(state, "") for state in row.at]
        if row.key is None
        else [(at, on) for at in row.at or ("",) for on in row.during]
    )
    for at, state in here:
        came = _answer(table, row, scene(row, at, state))
        expected = row.does.replace("{here}", at)
        if came.codes or came.told != expected:
            yield _say(row, f"from {at} {state}", expected=expected, came=came.codes or came.told)


def conditions(table: Table, row: Row) -> Iterator[str]:
    """Each change to the scene has exactly these codes."""
    for check in row.checks:
        came = _answer(table, row, scene(row, check=check), check=check)
        got = came.warnings if check.warns else came.codes
        if set(got) != check.codes:
            yield _say(row, f"with {check}", expected=sorted(check.codes), came=got)


def unwarned(table: Table, row: Row) -> Iterator[str]:
    """In its scene nothing is warned of."""
    if came := _answer(table, row, scene(row), check=warn("")).warnings:
        yield _say(row, "in its scene", expected="no warning", came=came)


def people(table: Table, row: Row) -> Iterator[str]:
    """Every role is tried: who may, may; who is across the table hears `unilateral`, all others `forbidden-role`."""
    allowed = row.who.split()
    if not allowed:
        return
    sides = {side(role) for role in allowed}
    where = scene(row)
    for role in ROLES:
        who = Actor("system", roles={role}) if role == "system" else _actor(row, role)
        came = _answer(table, row, where, who)
        across = len(sides) == 1 and None not in sides and side(role) is not None and side(role) not in sides
        if row.trigger == "decline":  # one trigger, of which one reason belongs to both sides
            across = across and row.data["reason"] != "not_suitable"
        expected = "may" if role in allowed else "unilateral" if across else "forbidden-role"
        got = "/".join(came.codes) or "may"
        if got != expected:
            yield _say(row, f"as {role}", expected=expected, came=got)


def parties(table: Table, row: Row) -> Iterator[str]:
    """A supplier's people act on what is their own party's, and on nothing else."""
    if row.key is None:
        return
    for role in set(row.who.split()) & set(SUPPLIER):
        came = _answer(table, row, scene(row), actor(role, "other"))
        if came.codes != ("forbidden-role",):
            yield _say(row, f"as {role} of another supplier", expected="forbidden-role", came=came.codes)
        came = _answer(table, row, scene(row), Actor(f"{role}-1", roles={role}))
        if came.codes != ("forbidden-role",):
            yield _say(row, f"as {role} without a party", expected="forbidden-role", came=came.codes)


def holding(table: Table, row: Row) -> Iterator[str]:
    """On hold only what is listed goes on; the rest hears `paused`, with how to resume."""
    where = scene(row, hold="paused")
    if where.state == "closed":
        return
    came = _answer(table, row, where)
    expected = () if row.trigger in WHILE_PAUSED else ("paused",)
    if came.codes != expected or (expected and not came.helped):
        yield _say(row, "on hold", expected=expected or "accepted", came=(came.codes, came.helped))


def elsewhere(table: Table, rows: tuple[Row, ...]) -> Iterator[str]:
    """From every other state: not yet, with a way there; or never, alone."""
    for row in rows:
        if row.trigger == "record_retention":  # any state, as long as there is a placement
            continue
        if row.key is None:
            yield from _elsewhere_pilot(table, row, {state for one in rows for state in one.at})
        else:
            yield from _elsewhere_track(table, row, rows)


def _elsewhere_pilot(table: Table, row: Row, own: set[str]) -> Iterator[str]:
    for state in PHASES:
        if state not in own:
            yield from _elsewhere(table, row, scene(row, state), f"from {state}", bool(REACH[state] & own))


def _elsewhere_track(table: Table, row: Row, rows: tuple[Row, ...]) -> Iterator[str]:
    if row.opens:
        for state in set(PHASES) - set(row.during):
            later = bool(REACH[state] & set(row.during))
            yield from _elsewhere(table, row, scene(row, state=state), f"while {state}", later)
        return
    fit = {(at, state) for one in rows for at in one.at for state in one.during}
    for at in TRACK_AHEAD:
        for state in PHASES:
            if (at, state) not in fit:
                later = any(to in TRACK_REACH[at] and there in REACH[state] for to, there in fit)
                yield from _elsewhere(table, row, scene(row, at, state), f"from {at} while {state}", later)


def _elsewhere(table: Table, row: Row, where: Pilot, place: str, later: bool) -> Iterator[str]:  # noqa: FBT001  # a fact
    came = _answer(table, row, where)
    right = (
        "wrong-state" in came.codes and came.helped if later else (came.codes, came.helped) == (("wrong-state",), False)
    )
    if not right:
        yield _say(row, place, expected="not yet, with a way" if later else "never", came=(came.codes, came.helped))


def closing(table: Table, rows: tuple[Row, ...]) -> Iterator[str]:
    """After closing only what is listed goes on, and it moves nothing."""
    for row in rows:
        allowed = ("closed" in (row.at if row.key is None else row.during)) and not row.opens
        if allowed != (row.trigger in AFTER_CLOSING) and not (len(rows) > 1 and row.trigger in AFTER_CLOSING):
            yield _say(row, "after closing", expected=row.trigger in AFTER_CLOSING, came=allowed)
        if allowed and ">" in row.does.replace("closed>closed", ""):
            yield _say(row, "after closing", expected="no move", came=row.does)


ROW_CHECKS: tuple[Callable[[Table, Row], Iterator[str]], ...] = (
    acceptance,
    people,
    conditions,
    holding,
    unwarned,
    parties,
)


@cache
def by_trigger() -> dict[str, tuple[Row, ...]]:
    """The rows of each trigger, in the order of the tables."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in TABLE:
        found[row.trigger] = (*found.get(row.trigger, ()), row)
    return found


def complaints(workflow: Workflow, first: str = "") -> Iterator[str]:
    """Every place where a workflow does not do what the tables say, those about the trigger `first` first."""
    table = compile_workflow(workflow)
    groups = sorted(by_trigger().items(), key=lambda one: one[0] != first)
    for _, rows in groups:
        for row in rows:
            for check in ROW_CHECKS:
                yield from check(table, row)
        yield from closing(table, rows)
        yield from elsewhere(table, rows)
    yield from relations(table)
    yield from strangers(workflow)


def relations(table: Table) -> Iterator[str]:
    """Who may by what they are to the pilot: its starter, the adder of a record; and who may not for what they did."""
    (assign,), (correct,), (decide,) = (by_trigger()[name] for name in ("assign", "correct", "record_decision"))
    (explore,) = by_trigger()["complete_exploration"]
    (sign,) = by_trigger()["sign_agreement"]
    starter, adder = Actor("starter-1", roles={"facilitator"}), Actor("adder-1", roles={"monitor"})
    both = Actor("two-hats", roles={"board", "coordinator"})
    acted = {name: evolve_pilot(scene(row), acted_as={"two-hats": (name,)}) for name, row in
             (("coordinator", decide), ("board", explore))}  # fmt: skip
    named = {duty: scene(row, check=fine(f"+{duty}_two_hats")) for duty, row in
             (("coordinator", decide), ("board", explore))}  # fmt: skip
    signer = Actor("client_owner-1", roles={"client_owner", "supplier_lead"}, party="alpha")
    cases = (
        ("the starter assigns", assign, scene(assign), starter, ""),
        (
            "the starter, once there is a coordinator",
            assign,
            scene(assign, check=fine("+lead")),
            starter,
            "forbidden-role",
        ),
        ("who did not start assigns", assign, scene(assign), adder, "forbidden-role"),
        ("the adder corrects", correct, scene(correct), adder, ""),
        ("another one corrects", correct, scene(correct), actor("coordinator"), "forbidden-role"),
        ("who acted as coordinator decides", decide, acted["coordinator"], both, "forbidden-role"),
        ("who acted as board explores", explore, acted["board"], both, "forbidden-role"),
        ("who is named coordinator decides", decide, named["coordinator"], both, "forbidden-role"),
        ("who is named board explores", explore, named["board"], both, "forbidden-role"),
        ("who holds both roles decides first", decide, scene(decide), both, ""),
        ("the same person signs for both", sign, scene(sign), signer, "waits for supplier_lead"),
    )
    for what, row, where, who, expected in cases:
        came = _answer(table, row, where, who)
        got = "/".join(came.codes) or "".join(f"waits for {role}" for role in came.waiting)
        if got != expected:
            yield _say(row, what, expected=expected or "accepted", came=got)


def strangers(workflow: Workflow) -> Iterator[str]:
    """The workflow has no trigger and no role that the tables do not have, and lacks none."""
    edges: Iterable[str] = (
        edge.trigger for own in (workflow.edges, *(kind.edges for kind in workflow.tracks.values())) for edge in own
    )
    triggers = set(edges)
    if triggers != set(by_trigger()):
        yield f"triggers: {sorted(triggers ^ set(by_trigger()))} are in one and not in the other"
    if set(workflow.roles) != set(ROLES):
        yield f"roles: {sorted(set(workflow.roles) ^ set(ROLES))} are in one and not in the other"
    for name in CLIENT + SUPPLIER:
        if name in workflow.roles and workflow.roles[name].side != side(name):
            yield f"{name} is on the side {workflow.roles[name].side}"
    if tuple(name for name, state in workflow.states.items() if not state.final) != OPEN:
        yield "the open states differ"
    if {name: state.phase for name, state in workflow.states.items()} != PHASES:
        yield "states or phases differ"
