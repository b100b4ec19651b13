"""Which edge a command is about: what, which, who; and how far away it is where it cannot be fired from here.

Rules 1, 2, 3 and 5 of `decide`.
"""

from proeftuin.core import remedies, who
from proeftuin.core.checks import among, blank
from proeftuin.core.commands import Attempt, Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Track
from proeftuin.core.structs import Inner
from proeftuin.core.table import Rule, Table


class Chosen(Inner, frozen=True):
    """The edge to judge: its rule, the role it is fired in, and whether it can be fired from here."""

    rule: Rule
    role: str
    holds: bool


def admits(rule: Rule, data: FrozenDict) -> bool:
    """Whether the `when` of a rule holds, or could: a choice that is absent or wrong admits every edge."""
    for name, held in rule.edge.when.items():
        value, field = data.get(name), rule.fields.get(name)
        choices = field.of if field is not None and field.type == "choice" else (True, False)
        if not blank(value) and among(value, choices) and not among(value, held):
            return False
    return True


def _leaving(table: Table, rules: tuple[Rule, ...], attempt: Attempt, track: Track | None) -> tuple[Rule, ...]:
    """Return the rules that can be fired from the current states, whatever their `when`."""
    state, first = attempt.pilot.state, rules[0]
    if first.opener is not None:
        here = rules if track is None else ()
    elif track is None:
        return table.at.get((None, state, first.edge.trigger), ())
    else:
        here = table.at.get((first.kind, track.state, first.edge.trigger), ())
    return tuple(rule for rule in here if state in rule.during)


def candidates(table: Table, attempt: Attempt) -> tuple[tuple[Rule, ...], Track | None] | Blocker:
    """Return the rules of the trigger at this place, in file order, with the track; or why there are none."""
    trigger, key = attempt.command.trigger, attempt.command.track
    if trigger not in table.triggers:
        return Blocker("unknown-trigger", FrozenDict({"trigger": trigger}), key)
    if key is None:
        rules = table.rules.get((None, trigger), ())
        return (rules, None) if rules else Blocker("unknown-track", FrozenDict({"trigger": trigger, "because": "none"}))
    track = attempt.pilot.tracks.get(key)
    if trigger in table.openers:
        return table.openers[trigger], track
    if track is None:
        return Blocker("unknown-track", FrozenDict({"trigger": trigger, "key": key}), None)
    rules = table.rules.get((track.kind, trigger), ())
    return (rules, track) if rules else Blocker("unknown-trigger", FrozenDict({"trigger": trigger}), key)


def distance(table: Table, rule: Rule, attempt: Attempt, track: Track | None) -> int | None:
    """Return how many moves away the rule can be fired, None where it never can be again."""
    pilot = attempt.pilot
    reach = table.distances[None].get(pilot.state, {})
    near = min((reach[state] for state in rule.during if state in reach), default=None)
    if rule.opener is not None:
        return near
    if rule.kind is None:
        return min((reach[state] for state in rule.sources if state in reach), default=None)
    own = table.distances[rule.kind].get(track.state, {}) if track else {}
    far = min((own[state] for state in rule.sources if state in own), default=None)
    return None if near is None or far is None else near + far


def choose(table: Table, attempt: Attempt) -> Chosen | Blocker:
    """Return the edge to judge, or the one blocker that stands alone."""
    found = candidates(table, attempt)
    if isinstance(found, Blocker):
        return found
    rules, track = found
    data = attempt.command.data or EMPTY
    leaving = _leaving(table, rules, attempt, track)
    now = tuple([rule for rule in leaving if not rule.edge.when or admits(rule, data)])
    admitted = now
    if not now:
        admitted = tuple(rule for rule in rules if admits(rule, data))
        if not admitted:  # a choice that no edge is for: `judge` refuses it
            admitted, now = rules, leaving
    for rule in now:
        if role := who.role_for(table, attempt, rule, track):
            return Chosen(rule, role, holds=True)
    if now:
        return who.refusal(table, attempt, now)
    return _nearest(table, attempt, admitted, track)


def _nearest(table: Table, attempt: Attempt, admitted: tuple[Rule, ...], track: Track | None) -> Chosen | Blocker:
    """Return the edge that fewest moves lead to, of those that the actor may fire."""
    mine = [(rule, role) for rule in admitted if (role := who.role_for(table, attempt, rule, track))]
    if not mine:
        return who.refusal(table, attempt, admitted)
    if track is not None and mine[0][0].opener is not None:
        return Blocker("track-exists", FrozenDict({"key": track.key}), track.key)
    near = [(far, rule, role) for rule, role in mine if (far := distance(table, rule, attempt, track)) is not None]
    if not near:
        return remedies.never(attempt, track)
    _, rule, role = min(near, key=lambda one: one[0])
    return Chosen(rule, role, holds=False)
