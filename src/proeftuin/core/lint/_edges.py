"""What one edge says: roles, states, conditions; and pairs of edges that can both hold."""

from collections.abc import Iterator
from itertools import combinations

from proeftuin.core import graph
from proeftuin.core.lint._fields import among, check_held, choices, textual
from proeftuin.core.lint._names import START
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import STATE_WORDS, SYSTEM, Place, Scope
from proeftuin.core.workflow import ANY, ANY_OPEN, KEY, NOBODY, PREVIOUS, SAME, Edge, FieldRef, Offset, Opens, Value

SNOOZE_FIELDS = {
    "clock": ("text", "choice"), "until": ("date",), "reason": ("text",), "track": ("track",), "record": ("record",),
}  # fmt: skip


NAMES = frozenset({"organisation", "programme"})
"""What pilots are found by, which stores keep as text."""


def check(scope: Scope, report: Report) -> None:
    """Check every edge on its own, and whose a track can be."""
    declared = {KEY, NOBODY} | {name for place in scope.places for name in (*place.fields, *place.edge.set)}
    for kind, track in scope.workflow.tracks.items():
        report.known("field", track.party_from, declared, "tracks", kind, "party_from")
    for name in sorted(NAMES & scope.workflow.start.data.keys()):
        if not textual(scope.workflow.start.data[name]):
            report.error("field-type", f"pilots are found by `{name}`, so it has to be text", "start", "data", name)
    for place in scope.places:
        _who(scope, report, place)
        _sources(scope, report, place)
        _target(scope, report, place)
        _conditions(report, place)
        _extras(scope, report, place)
        _refusing(report, place)
        if place.edge.snooze is not None:
            _snooze(report, place, place.edge.snooze)
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
    if SYSTEM in edge.sign:
        report.error("nobody", f"nobody can sign as `{SYSTEM}`; name the roles of people there", *path, "sign")
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
    if edge.opener is None:
        _leaving(scope, report, place)
    elif edge.sources:
        report.error("misplaced-key", "an edge that opens a track comes from nowhere; use `while`", *path, "from")
    if edge.opener is not None and edge.sign:
        text = "a signature lasts while its track stays where it is, and this one is not there yet; use `allow`"
        report.error("misplaced-key", text, *path, "sign")


def _leaving(scope: Scope, report: Report, place: Place) -> None:
    """Check the sources of an edge that belongs to a pilot or track that is there."""
    edge, path, own = place.edge, place.path, scope.states(place.kind)
    if not edge.sources:
        report.error("no-source", f"`{edge.trigger}` can be fired from nowhere; add `from`", *path, "from")
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
    if edge.beside is not None:
        _beside(scope, report, place, edge.beside)
    if edge.falls is not None:
        if place.kind is None or edge.opener is not None:
            text = "only a track that is there can fall; leave `falls` out"
            report.error("misplaced-key", text, *path, "falls")
        else:
            report.known("state", edge.falls.to, scope.states(place.kind), *path, "falls", "to")
    if edge.opener is not None:
        if not report.known("track kind", edge.opener, scope.workflow.tracks, *path, "opens"):
            return
        if edge.to is None:
            report.error("no-target", f"name the state in which the {edge.opener} begins: `to`", *path, "to")
        else:
            report.known("state", edge.to, scope.states(edge.opener), *path, "to")
        return
    if edge.to == PREVIOUS and place.kind is None:
        report.error("previous-on-pilot", "only tracks remember the state before; name a state", *path, "to")
    elif edge.to is not None and edge.to not in {SAME, PREVIOUS}:
        report.known("state", edge.to, scope.states(place.kind), *path, "to")


def _beside(scope: Scope, report: Report, place: Place, opens: Opens) -> None:
    """Check the track that an edge opens beside its own."""
    path = (*place.path, "opens")
    if report.known("track kind", opens.track, scope.workflow.tracks, *path, "track"):
        report.known("state", opens.to, scope.states(opens.track), *path, "to")
    if not report.known("field", opens.key, place.fields, *path, "key"):
        return
    field = place.fields[opens.key]
    if field.type != "new_track":
        text = f"`{opens.key}` has to be a field of type new_track, and is {field.type}"
        report.error("field-type", text, *path, "key")
    elif not field.required:
        report.error("field-type", f"`{opens.key}` names the track, so it has to be required", *path, "key")


def _refusing(report: Report, place: Place) -> None:
    """Check that an edge that is there to say no does nothing else; its records only say which data it takes."""
    moved = place.edge.to not in {None, SAME}
    keys = ("hold", "outcome", "cycle", "starts", "opens", "falls", "sign", "set", *(("to",) if moved else ()))
    for key in keys if place.edge.refuse is not None else ():
        if getattr(place.edge, key):
            text = f"an edge that refuses does nothing; leave `{key}` out"
            report.error("misplaced-key", text, *place.path, key)


def _conditions(report: Report, place: Place) -> None:
    for name, values in place.edge.when.items():
        if not report.known("field", name, place.fields, *place.path, "when", name):
            continue
        field = place.fields[name]
        if choices(field) is None:
            text = f"`when` picks by choices and yes or no; `{name}` is a field of type {field.type}"
            report.error("bad-when", text, *place.path, "when", name)
        else:
            check_held(report, field, values, *place.path, "when", name)


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


def _snooze(report: Report, place: Place, length: Offset) -> None:
    """Check that an edge that puts reminders off says of what and until when, and does nothing else."""
    edge, path = place.edge, (*place.path, "snooze")
    if place.kind is not None:
        report.error("misplaced-key", "clocks are of the pilot; put this edge there", *path)
    if length.relative is not None:
        text = f"it is counted from the day of the command; leave `{length.relative}` out"
        report.error("bad-snooze", text, *path)
    for name, types in SNOOZE_FIELDS.items():
        field = place.fields.get(name)
        if field is None and name in {"clock", "until"}:
            report.error("bad-snooze", f"`data` needs a field `{name}` of type {types[0]}", *path)
        elif field is not None and field.type not in types:
            report.error("field-type", f"`{name}` has to be a field of type {types[0]}, and is {field.type}", *path)
    for name in place.fields.keys() - SNOOZE_FIELDS.keys():
        report.error("bad-snooze", f"`{name}` would go nowhere; leave it out", *place.path, "data", name)
    moved = edge.to not in {None, SAME}
    for key in ("records", "set", "hold", "outcome", "cycle", "starts", "opens", "sign", *(("to",) if moved else ())):
        if getattr(edge, key):
            text = f"an edge that snoozes does nothing else; leave `{key}` out"
            report.error("bad-snooze", text, *place.path, key, key=True)


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
            known = report.known("field", value.field, place.fields, *path, *where)
            wrong = known and not textual(place.fields[value.field])
        else:
            wrong = value is not None and not isinstance(value, str)
        if wrong and (where[0] == "outcome" or where[-1] in NAMES):
            report.error("field-type", f"`{where[-1]}` has to be text", *path, *where)


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
    if place.edge.opener is not None:
        return f"while the pilot is in `{min(during)}`"
    states = scope.states(place.kind)
    own = set(graph.expand(place.edge.sources, states)) & set(graph.expand(other.edge.sources, states))
    return f"from `{min(own)}`" if own else None


def _families(scope: Scope) -> Iterator[list[Place]]:
    """Yield the edges that one command may mean."""
    found: dict[tuple[str | None, str, bool], list[Place]] = {}
    for place in scope.places:
        opens = place.edge.opener is not None
        found.setdefault((None if opens else place.kind, place.edge.trigger, opens), []).append(place)
    yield from found.values()


def check_pairs(scope: Scope, report: Report) -> None:
    """Report the edges of a trigger that another one can stand in the way of, and those that nobody will fire."""
    wrong = report.wrong()
    for family in _families(scope):
        told: set[int] = set()
        sound = [one for one in family if not any((*one.path, key) in wrong for key in ("from", "while", "when"))]
        for (_, one), (number, other) in combinations(enumerate(sound), 2):
            if number in told or _apart(one.edge, other.edge):
                continue
            if where := _meet(scope, one, other):
                text = f"two edges of `{one.edge.trigger}` can both hold {where}"
                report.error("ambiguous-edges", f"{text}; tell them apart by `from`, `while` or `when`", *other.path)
                told.add(number)
    fired = {clock.fire for clock in scope.workflow.clocks.values()}
    misfired = any(("clocks", name, "fire") in wrong for name in scope.workflow.clocks)
    for place in scope.places if not misfired else ():
        if scope.expand(place.edge.allow) == (SYSTEM,) and place.edge.trigger not in fired:
            text = f"only the system may fire `{place.edge.trigger}`, and no clock does; add a clock or a role"
            report.warn("never-fired", text, *place.path)
    holds = {place.edge.hold: place for place in reversed(scope.places) if place.edge.hold}
    if len(holds) == 1:
        ((kind, place),) = holds.items()
        other_kind = "resume" if kind == "pause" else "pause"
        text = f"an edge holds `{kind}`, and none `{other_kind}`; a pilot needs both or neither"
        report.error("half-a-hold", text, *place.path, "hold")
