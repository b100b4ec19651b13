"""What one edge says: roles, states, conditions; and pairs of edges that can both hold."""

from collections.abc import Iterator
from itertools import combinations

from proeftuin.core import graph
from proeftuin.core.lint._fields import among, check_values, choices
from proeftuin.core.lint._names import START
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import STATE_WORDS, SYSTEM, Place, Scope
from proeftuin.core.workflow import ANY, ANY_OPEN, PREVIOUS, SAME, Edge, FieldRef, Value

KEY = "key"


def check(scope: Scope, report: Report) -> None:
    """Check every edge on its own, and whose a track can be."""
    declared = {KEY} | {name for place in scope.places for name in (*place.fields, *place.edge.set)}
    for kind, track in scope.workflow.tracks.items():
        report.known("field", track.party_from, declared, "tracks", kind, "party_from")
    for place in scope.places:
        _who(scope, report, place)
        _sources(scope, report, place)
        _target(scope, report, place)
        _conditions(report, place)
        _extras(scope, report, place)
        _values(report, place)
        if place.edge.trigger == START:
            text = "`start` begins a pilot; name the trigger otherwise"
            report.error("reserved-name", text, *place.path, "trigger")


def _who(scope: Scope, report: Report, place: Place) -> None:
    edge, path = place.edge, place.path
    for key, names in (("allow", edge.allow), ("sign", edge.sign)):
        for number, name in enumerate(names):
            report.known("role", name, scope.actors, *path, key, number)
    if edge.allow and edge.sign:
        report.error("allow-and-sign", "who signs may fire, and nobody else; leave `allow` out", *path, "allow")
    elif not scope.expand(edge.allow or edge.sign):
        report.error("nobody", f"nobody may fire `{edge.trigger}`; name roles in `allow`", *path, "allow")
    if edge.sign and len(scope.expand(edge.sign)) < 2:  # noqa: PLR2004  # one signature is an ordinary command
        report.error("too-few-signatures", "`sign` takes two roles or more; use `allow` for one", *path, "sign")
    if any(name in scope.workflow.groups for name in edge.sign):
        report.error("group-signs", "every role under `sign` must sign; name roles there, no groups", *path, "sign")


def _sources(scope: Scope, report: Report, place: Place) -> None:
    edge, path = place.edge, place.path
    own = scope.states(place.kind)
    for key, names, states in (("from", edge.sources, own), ("while", edge.during, scope.workflow.states)):
        for number, name in enumerate(names):
            if name not in STATE_WORDS:
                report.known("state", name, states, *path, key, number)
        if len(names) > 1 and not STATE_WORDS.isdisjoint(names):
            report.error("mixed-states", f"`{ANY}` and `{ANY_OPEN}` stand alone; leave the other names out", *path, key)
    if edge.opens is None:
        _leaving(scope, report, place)
    elif edge.sources:
        report.error("misplaced-key", "an edge that opens a track comes from nowhere; use `while`", *path, "from")
    if edge.opens is not None and edge.sign:
        text = "a signature lasts while its track stays where it is, and this one is not there yet; use `allow`"
        report.error("misplaced-key", text, *path, "sign")


def _leaving(scope: Scope, report: Report, place: Place) -> None:
    """Check the sources of an edge that belongs to a pilot or track that is there."""
    edge, path, own = place.edge, place.path, scope.states(place.kind)
    if not edge.sources:
        report.error("no-source", f"`{edge.trigger}` can be fired from nowhere; add `from`", *path)
    if edge.during and place.kind is None:
        text = "on an edge of the pilot `from` names the pilot's states; leave `while` out"
        report.error("misplaced-key", text, *path, "while")
    if edge.to is not None and edge.to != SAME:
        final = [name for name in graph.expand(edge.sources, own) if name in own and own[name].final]
        if final:
            text = f"`{final[0]}` is final, and this edge would move on from it; leave it out of `from`"
            report.error("moves-from-final", text, *path, "from")


def _target(scope: Scope, report: Report, place: Place) -> None:
    edge, path = place.edge, place.path
    if edge.opens is not None:
        if not report.known("track kind", edge.opens, scope.workflow.tracks, *path, "opens"):
            return
        if edge.to is None:
            report.error("no-target", f"name the state in which the {edge.opens} begins: `to`", *path)
        else:
            report.known("state", edge.to, scope.states(edge.opens), *path, "to")
        return
    if edge.to == PREVIOUS and place.kind is None:
        report.error("previous-on-pilot", "only tracks remember the state before; name a state", *path, "to")
    elif edge.to is not None and edge.to not in {SAME, PREVIOUS}:
        report.known("state", edge.to, scope.states(place.kind), *path, "to")


def _conditions(report: Report, place: Place) -> None:
    for name, values in place.edge.when.items():
        if not report.known("field", name, place.fields, *place.path, "when", name):
            continue
        field = place.fields[name]
        if choices(field) is None:
            text = f"`when` picks by choices and yes or no; `{name}` is a field of type {field.type}"
            report.error("bad-when", text, *place.path, "when", name)
        check_values(report, field, values, *place.path, "when", name)


def _extras(scope: Scope, report: Report, place: Place) -> None:
    edge, path = place.edge, place.path
    for key in ("hold", "cycle", "outcome") if place.kind is not None else ():
        if getattr(edge, key) is not None:
            report.error("misplaced-key", f"`{key}` is of the pilot; a track has none", *path, key)
    if edge.hold is not None and edge.to not in {None, SAME}:
        report.error("hold-moves", "a pilot is held where it is; leave `to` out", *path, "to")
    if edge.starts is None:
        return
    for number, name in enumerate(edge.starts.copy):
        report.known("field", name, scope.workflow.start.data, *path, "starts", "copy", number)


def _values(report: Report, place: Place) -> None:
    """Check the fields that values are taken from."""
    edge, path = place.edge, place.path
    taken: list[tuple[Value | None, tuple[str, ...]]] = [(edge.outcome, ("outcome",))]
    taken += [(value, ("set", name)) for name, value in edge.set.items()]
    if edge.starts is not None:
        taken.append((edge.starts.workflow, ("starts", "workflow")))
        taken += [(value, ("starts", "set", name)) for name, value in edge.starts.set.items()]
    for value, where in taken:
        if isinstance(value, FieldRef):
            report.known("field", value.field, place.fields, *path, *where)


def _apart(one: Edge, other: Edge) -> bool:
    """Whether two edges can never hold for the same data."""
    return any(
        not any(among(value, other.when[name]) for value in values)
        for name, values in one.when.items()
        if name in other.when
    )


def _meet(scope: Scope, place: Place, other: Place) -> str | None:
    """Return a state in which both edges can be fired, in words."""
    pilot = scope.workflow.states
    one, two = (set(graph.expand(each.edge.during or (ANY,), pilot)) for each in (place, other))
    during = one & two
    if not during:
        return None
    if place.edge.opens is not None:
        return f"while the pilot is in `{min(during)}`"
    states = scope.states(place.kind)
    own = set(graph.expand(place.edge.sources, states)) & set(graph.expand(other.edge.sources, states))
    return f"from `{min(own)}`" if own else None


def _families(scope: Scope) -> Iterator[list[Place]]:
    """Yield the edges that one command may mean."""
    found: dict[tuple[str | None, str, bool], list[Place]] = {}
    for place in scope.places:
        opens = place.edge.opens is not None
        found.setdefault((None if opens else place.kind, place.edge.trigger, opens), []).append(place)
    yield from found.values()


def check_pairs(scope: Scope, report: Report) -> None:
    """Report the edges of a trigger that another one can stand in the way of, and those that nobody will fire."""
    for family in _families(scope):
        told: set[int] = set()
        for (_, one), (number, other) in combinations(enumerate(family), 2):
            if number in told or _apart(one.edge, other.edge):
                continue
            if where := _meet(scope, one, other):
                text = f"two edges of `{one.edge.trigger}` can both hold {where}"
                report.error("ambiguous-edges", f"{text}; tell them apart by `from`, `while` or `when`", *other.path)
                told.add(number)
    fired = {clock.fire for clock in scope.workflow.clocks.values()}
    for place in scope.places:
        if scope.expand(place.edge.allow) == (SYSTEM,) and place.edge.trigger not in fired:
            text = f"only the system may fire `{place.edge.trigger}`, and no clock does; add a clock or a role"
            report.warn("never-fired", text, *place.path)
    holds = {place.edge.hold: place for place in reversed(scope.places) if place.edge.hold}
    if len(holds) == 1:
        ((kind, place),) = holds.items()
        other_kind = "resume" if kind == "pause" else "pause"
        text = f"an edge holds `{kind}`, and none `{other_kind}`; a pilot needs both or neither"
        report.error("half-a-hold", text, *place.path, "hold")
