"""Who may fire: roles of the host, the side and party of the actor, relations, and exclusions over time.

1. A role counts only where the actor holds it. `starter`, `adder` and `reminded` are relations to this pilot, record or
   clock.
2. A supplier's role counts only for the actor's own party: on its tracks, and for tracks named in the data; also in a
   correction of what was recorded in that role.
3. A role that excludes another binds over time: who acted, or is assigned, in the one may not act in the other.
4. Of two signatures under one trigger, each is given by another person.
"""

from collections.abc import Iterable, Mapping

from proeftuin.core.checks import blank
from proeftuin.core.commands import Attempt, Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot, Record, Signature, Told, Track
from proeftuin.core.table import RELATIONS, Rule, Table
from proeftuin.core.workflow import KEY, Field


def _bound_by(table: Table, attempt: Attempt, role: str) -> str | None:
    """Return the role that this person acted or is assigned in, and that excludes this one."""
    others = table.excludes.get(role)
    if not others:
        return None
    actor = attempt.actor.id
    for acted in attempt.pilot.acted_as.get(actor, ()):
        if acted in others:
            return acted
    data = [one.data for one in attempt.pilot.assignments if one.data.get("person") == actor]
    if others.isdisjoint([one.get("duty") for one in data]):
        return None
    held = [one for one in _assigned(table, attempt) if one.data.get("person") == actor]  # by the day, of few alone
    return next((str(one.data["duty"]) for one in held if one.data.get("duty") in others), None)


def _assigned(table: Table, attempt: Attempt) -> tuple[Record, ...]:
    """Return the assignments that hold today."""
    return attempt.pilot.assigned(attempt.now.astimezone(table.zone).date())


def _own_party(table: Table, attempt: Attempt, rule: Rule, track: Track | None) -> bool:
    """Whether a supplier's actor acts on what is its own party's."""
    party, command = attempt.actor.party, attempt.command
    if party is None:
        return False
    data = command.data or EMPTY
    if track is not None:
        if track.party != party:
            return False
    elif rule.opener is not None:
        source = table.workflow.tracks[rule.opener].party_from
        if (command.track if source == KEY else data.get(source)) != party:
            return False
    return _of_party(attempt, rule.fields, data)


def _of_party(attempt: Attempt, fields: Mapping[str, Field], data: Mapping[str, object]) -> bool:
    """Whether every track that the data names is of the actor's party; an unknown one is the data check's business."""
    tracks = attempt.pilot.tracks
    named = (str(key) for name, field in fields.items() for key in _tracks(field, data.get(name)))
    return all(tracks[key].party == attempt.actor.party for key in named if key in tracks)


def _tracks(field: Field, value: object) -> Iterable[object]:
    """Return the keys that a field of the data names as tracks; rows name with whom a job is made together."""
    if field.type == "track":
        return (value,)
    return value if field.type == "list" and field.of == "track" and isinstance(value, tuple) else ()


def told_of(pilot: Pilot, data: FrozenDict, key: str) -> bool:
    """Whether data that names a clock, and perhaps a track or a record, means the term with this key."""
    place = data.get("track") or data.get("record")
    for one in (one for kept in pilot.kept.values() for one in kept if one.id == place):
        place = one.first or one.id
    wanted = [str(one) for one in (data.get("clock"), place) if one]
    return key.split(":")[: len(wanted)] == wanted


def _track_of(table: Table, pilot: Pilot, key: str) -> Track | None:
    """Return the track that the term with this key is about, or that its record is on."""
    name, _, rest = key.partition(":")
    place: str | None = rest.partition(":")[0]
    clock = table.workflow.clocks.get(name)
    if clock is not None and clock.per is not None:
        kept = pilot.kept.get(clock.per, ())
        place = next((one.track for one in reversed(kept) if place in {one.id, one.first}), None)
    return None if place is None else pilot.tracks.get(place)


def recipient(table: Table, attempt: Attempt, key: str, told: Told) -> bool:
    """Whether a clock told this actor: as a person, in a role, or in a duty that is theirs."""
    pilot, actor, roles = attempt.pilot, attempt.actor, table.workflow.roles
    if actor.id in told.persons:
        return True
    track, assigned = _track_of(table, pilot, key), _assigned(table, attempt)
    for name in told.roles:
        if any(one.data.get("duty") == name and one.data.get("person") == actor.id for one in assigned):
            return True
        if name in actor.roles and not _bound_by(table, attempt, name):
            side = roles[name].side if name in roles else None
            if side != "supplier" or (track is not None and track.party is not None and track.party == actor.party):
                return True
    return False


def _reminded(table: Table, attempt: Attempt) -> bool:
    """Whether a clock that the data means, or any where it names none, told this actor."""
    data, pilot = attempt.command.data or EMPTY, attempt.pilot
    if data.get("clock") is not None and str(data["clock"]) not in table.workflow.clocks:
        return True  # what is no clock is the data check's business
    return any(recipient(table, attempt, key, told) for key, told in pilot.told.items() if told_of(pilot, data, key))


def _named(attempt: Attempt) -> tuple[Record, ...]:
    """Return the record that the data names; none where it names none that is kept."""
    named = (attempt.command.data or EMPTY).get("record")
    return tuple(one for records in attempt.pilot.kept.values() for one in records if one.id == named)


def _beyond(table: Table, attempt: Attempt) -> bool:
    """Whether the data mends what this actor recorded in a supplier's role with a track of another party."""
    workflow, fields = table.workflow, (attempt.command.data or EMPTY).get("fields")
    return isinstance(fields, FrozenDict) and any(
        one.actor == attempt.actor.id
        and one.role in workflow.roles
        and workflow.roles[one.role].side == "supplier"
        and not _of_party(attempt, workflow.records[one.type].fields, fields)
        for one in _named(attempt)
    )


def _added(table: Table, attempt: Attempt, rule: Rule) -> bool:
    """Whether this actor recorded what the data names, or anything that may be corrected where it names none."""
    kept, named = attempt.pilot.kept, (attempt.command.data or EMPTY).get("record")
    if blank(named):
        types = rule.edge.corrects or kept
        return any(one.actor == attempt.actor.id for name in types for one in kept.get(name, ()))
    found = _named(attempt)  # an unknown record is the data check's business
    return not found or (found[0].actor == attempt.actor.id and not _beyond(table, attempt))


def _related(table: Table, attempt: Attempt, rule: Rule, relation: str) -> bool:
    pilot, actor = attempt.pilot, attempt.actor
    if relation == "starter":
        coordinated = any(one.data.get("duty") == "coordinator" for one in _assigned(table, attempt))
        return pilot.starter == actor.id and not coordinated
    if relation == "adder":
        return _added(table, attempt, rule)
    return _reminded(table, attempt)


def votes(attempt: Attempt) -> tuple[Signature, ...]:
    """Return the signatures that wait under this trigger, on this track."""
    place = (attempt.command.trigger, attempt.command.track)
    return tuple(vote for vote in attempt.pilot.signatures if (vote.trigger, vote.track) == place)


def _signed(attempt: Attempt) -> tuple[str, ...]:
    """Return the roles in which this actor's own signature waits; there is no other that they may sign in."""
    return tuple(vote.role for vote in votes(attempt) if vote.actor == attempt.actor.id)


def role_for(table: Table, attempt: Attempt, rule: Rule, track: Track | None) -> str | None:
    """Return the role in which the actor may fire this rule, None where there is none."""
    roles = attempt.actor.roles
    signed = _signed(attempt) if rule.edge.sign else ()
    for name in rule.allowed:
        if signed and name not in signed:
            continue
        if name in RELATIONS:
            if _related(table, attempt, rule, name):
                return name
            continue
        if name not in roles or (table.excludes and _bound_by(table, attempt, name)):
            continue
        side = table.workflow.roles[name].side if name in table.workflow.roles else None
        if side == "supplier" and not _own_party(table, attempt, rule, track):
            continue
        return name
    return None


def refusal(table: Table, attempt: Attempt, rules: Iterable[Rule]) -> Blocker:
    """Return why this actor may fire none of these rules: `unilateral` across the table, else `forbidden-role`."""
    rules = tuple(rules)
    allowed = tuple(dict.fromkeys(name for rule in rules for name in rule.allowed))
    sides = {rule.side for rule in rules}
    own = {table.workflow.roles[name].side for name in attempt.actor.roles if name in table.workflow.roles} - {None}
    across = len(sides) == 1 and None not in sides and own and own.isdisjoint(sides)
    params: dict[str, object] = {"roles": allowed}
    signed = _signed(attempt)
    held = [name for name in allowed if name in attempt.actor.roles]
    relations = [(rule, name) for rule in rules if signed for name in rule.allowed if name in RELATIONS]
    if bound := [other for name in held if (other := _bound_by(table, attempt, name))]:
        params |= {"because": "excluded", "held": bound[0]}
    elif held or any(_related(table, attempt, rule, name) for rule, name in relations):
        params["because"] = "signed" if signed else "party"
    elif "adder" in allowed and _beyond(table, attempt):
        params["because"] = "party"
    return Blocker("unilateral" if across else "forbidden-role", FrozenDict(params), attempt.command.track)
