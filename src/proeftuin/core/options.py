"""options and explain: what may be done now, by whom, and why not; judged by the same rules as `decide`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from proeftuin.core import remedies
from proeftuin.core.checks import referable
from proeftuin.core.choose import Chosen, choose, distance
from proeftuin.core.commands import Attempt, Blocker, Command, Option
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.judge import Judged, judge
from proeftuin.core.pilot import PAUSED, Pilot, Record
from proeftuin.core.structs import replace
from proeftuin.core.table import Rule, Table
from proeftuin.core.wording import label
from proeftuin.core.workflow import LANGUAGES, PREVIOUS, SAME, Field, Workflow


def _target(pilot: Pilot, rule: Rule, key: str | None) -> str | None:
    if rule.edge.to == PREVIOUS and key is not None:
        return pilot.tracks[key].previous
    return None if rule.edge.to == SAME else rule.edge.to


def _mendable(attempt: Attempt, rule: Rule, found: Iterable[Record]) -> list[Record]:
    """Return the records that a correction may be of: of its types, and where that is asked by who recorded them."""
    types, own = rule.edge.corrects, rule.allowed == ("adder",)
    return [one for one in found if one.type in types and (not own or one.actor == attempt.actor.id)]


def _candidates(attempt: Attempt, name: str, field: Field, rule: Rule, key: str | None) -> tuple[str, ...] | None:
    """Return what a reference may point at, None for a field that is no reference."""
    pilot = attempt.pilot
    kind = field.of if field.type == "list" else field.type
    if kind == "track":
        return tuple(pilot.tracks)
    if kind != "record":
        return None
    found = [one for type_, kept in pilot.kept.items() if field.record in (None, type_) for one in kept]
    own = key if rule.kind is not None else None
    found = [one for one in found if referable(one, own, live=name in rule.live)]
    if name == "record" and rule.edge.corrects:
        found = _mendable(attempt, rule, found)
    return tuple(one.id for one in found)


def _fields(table: Table, attempt: Attempt, rule: Rule, key: str | None) -> FrozenDict:
    found: dict[str, FrozenDict] = {}
    for name, field in rule.fields.items():
        shown = shape(table.workflow, name, field)
        choices = rule.edge.when.get(name) or (field.of if field.type == "choice" else None)
        if isinstance(choices, tuple):
            shown["choices"] = choices
        if (candidates := _candidates(attempt, name, field, rule, key)) is not None:
            shown["candidates"] = candidates
        found[name] = FrozenDict(shown)
    return FrozenDict(found)


def shape(workflow: Workflow, name: str, field: Field) -> dict[str, Any]:
    """Return what a field takes, as `Option.fields` tells it; of a list of rows, each field of a row likewise."""
    shown: dict[str, Any] = {"type": field.type, "required": field.required}
    if field.type == "choice" and isinstance(field.of, tuple):
        shown["choices"] = field.of
    elif isinstance(field.of, Mapping):
        shown["of"] = FrozenDict({inner: FrozenDict(shape(workflow, inner, one)) for inner, one in field.of.items()})
    elif field.of is not None:
        shown["of"] = field.of
    for limit in ("required_when", "keys", "record", "min", "max", "not_after", "default"):
        if (value := getattr(field, limit)) or value == 0:
            shown[limit] = value
    shown["label"] = field.label or label(workflow, f".{name}") or FrozenDict(dict.fromkeys(LANGUAGES, name))
    return shown


def _label(table: Table, rule: Rule) -> FrozenDict:
    found = rule.edge.label or label(table.workflow, rule.edge.trigger)
    return FrozenDict(found or dict.fromkeys(LANGUAGES, rule.edge.trigger))


def _option(table: Table, attempt: Attempt, judged: Judged) -> Option:
    rule, key = judged.chosen.rule, attempt.command.track
    opener = rule.opener is not None
    return Option(
        trigger=rule.edge.trigger,
        track=None if opener and attempt.actor.party is None else key,
        to=_target(attempt.pilot, rule, key),
        kind="move" if rule.moves or rule.edge.hold or rule.edge.outcome else "record",
        preset=FrozenDict({name: held[0] for name, held in rule.edge.when.items() if len(held) == 1}),
        allowed=not judged.blockers,
        blockers=remedies.explain(table, attempt, judged.blockers) if judged.blockers else (),
        warnings=remedies.explain(table, attempt, judged.warnings) if judged.warnings else (),
        fields=_fields(table, attempt, rule, None if opener else key),
        label=_label(table, rule),
    )


def explain(table: Table, attempt: Attempt) -> Option:
    """Return one option, judged with the data of the attempt: a dry run of `decide`."""
    chosen = choose(table, attempt)
    if isinstance(chosen, Chosen):
        return _option(table, attempt, judge(table, attempt, chosen))
    command = attempt.command
    return Option(
        trigger=command.trigger,
        track=command.track,
        to=None,
        kind="record",
        preset=EMPTY,
        allowed=False,
        blockers=remedies.explain(table, attempt, (chosen,)),
        warnings=(),
        fields=EMPTY,
        label=FrozenDict(label(table.workflow, command.trigger) or dict.fromkeys(LANGUAGES, command.trigger)),
    )


def _new_key(attempt: Attempt) -> str:
    """Return the key under which this actor would open a track: a supplier's own, else one that is free."""
    taken = attempt.pilot.tracks
    if attempt.actor.party is not None:
        return attempt.actor.party
    number = 1 + len(taken)
    while f"track-{number}" in taken:
        number += 1
    return f"track-{number}"


def _places(
    table: Table, attempt: Attempt, track: str | None, *, everything: bool
) -> Iterator[tuple[Rule, str | None]]:
    """Give every rule with each place where it could be fired: the pilot, its tracks, a track to be opened."""
    pilot = attempt.pilot
    for rule in table.every:
        if rule.opener is not None:
            key = _new_key(attempt)
            if track is None and (everything or key not in pilot.tracks):
                yield rule, key
        elif rule.kind is None:
            if track is None:
                yield rule, None
        else:
            yield from (
                (rule, key) for key, one in pilot.tracks.items() if one.kind == rule.kind and track in (None, key)
            )


def _rank(option: Option) -> int:
    if any(blocker.code == "wrong-state" for blocker in option.blockers):
        return 1
    return 0 if option.kind == "move" else 2


def _near(table: Table, attempt: Attempt, chosen: Chosen) -> bool:
    """Whether an edge can be fired here, or after one move."""
    key = attempt.command.track
    track = attempt.pilot.tracks.get(key) if key is not None else None
    if chosen.rule.edge.hold == "resume" and attempt.pilot.hold != PAUSED:
        return False
    return chosen.holds or distance(table, chosen.rule, attempt, track) == 1


def options(
    table: Table, attempt: Attempt, *, track: str | None = None, everything: bool = False
) -> tuple[Option, ...]:
    """Return what the actor may do, judged without data.

    Args:
        table: the workflow that the pilot follows.
        attempt: its command is not looked at.
        track: only what can be done on this track.
        everything: also what is forbidden, what can never be done again, and what is more than one move away.
    """
    found: list[Option] = []
    seen: set[tuple[Rule, str | None]] = set()
    for rule, key in _places(table, attempt, track, everything=everything):
        data = FrozenDict({name: held[0] for name, held in rule.edge.when.items()})
        trial = replace(attempt, command=Command(rule.edge.trigger, data, key))
        chosen = choose(table, trial)
        if isinstance(chosen, Blocker):
            if everything:
                found.append(explain(table, trial))
            continue
        if (chosen.rule, key) in seen or (chosen.rule.edge.refuse is not None and not everything):
            continue
        seen.add((chosen.rule, key))
        option = _option(table, trial, judge(table, trial, chosen, blind=True))
        if everything or (_near(table, trial, chosen) and _possible(option)):
            found.append(option)
    return tuple(sorted(found, key=_rank))


def _possible(option: Option) -> bool:
    """Whether every required reference has something to point at, and nothing that stays rules it out."""
    if any(one.code == "wrong-state" and not one.missing for one in option.blockers):
        return False
    return not any(one["required"] and one.get("candidates") == () for one in option.fields.values())
