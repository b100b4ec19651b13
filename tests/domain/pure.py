"""Pilots made by hand, and what `decide` says to a command on them: no store, no history, no other rule in the way.

A pilot here is a state, a few named facts and its tracks; so a rule is judged on exactly what it is about, also where
the workflow was sabotaged and no pilot could get there by itself.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from attrs import frozen

from proeftuin.core.commands import Actor, Attempt, Command
from proeftuin.core.decide import decide
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.options import explain
from proeftuin.core.pilot import Pause, Pilot, Record, Signature, Told, Track, Visit
from proeftuin.core.table import Table
from tests.domain.domain import Domain, Fact
from tests.domain.facts import CYCLE, CYCLE_SINCE, MOVED
from tests.domain.rows import side

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _record(fact: Fact, number: int) -> Record:
    kind, track, data, more = fact
    fields: dict[str, Any] = {
        "id": f"{kind}-{number}",
        "type": kind,
        "data": freeze(data),
        "track": track,
        "actor": "adder-1",
        "role": "coordinator",
        "at": NOW,
        "on": date(2026, 2, 2),
        "cycle": CYCLE,
        "since": date(2026, 2, 2),
    }
    return Record(**{**fields, **more})


def _told(domain: Domain, names: Iterable[str]) -> FrozenDict:
    """What the clocks with these names told."""
    kept = {key: Told(since, (), roles, persons) for key, since, roles, persons in (domain.told[one] for one in names)}
    return FrozenDict(kept)


def _facts(domain: Domain, names: Iterable[str]) -> FrozenDict:
    """The records with these names, per type, numbered in the order given."""
    kept: dict[str, tuple[Record, ...]] = {}
    for name in names:
        kind = domain.facts[name][0]
        kept[kind] = (*kept.get(kind, ()), _record(domain.facts[name], 1 + len(kept.get(kind, ()))))
    return FrozenDict(kept)


def _track(domain: Domain, key: str, at: str, marks: Mapping[tuple[str, str], Mapping[str, Any]]) -> Track:
    """A track that came to a state, `contract.agreed`, along the way of its lifecycle."""
    name, _, state = at.rpartition(".")
    kind = domain.kinds[name]
    put = {**kind.reached, kind.ways[state][0] if kind.ways[state] else state: kind.opened(key)}
    put |= {where: {**put.get(where, EMPTY), **data} for (own, where), data in marks.items() if own == key}
    trail = tuple(Visit(one, MOVED, freeze(put.get(one, EMPTY))) for one in (*kind.ways[state], state))
    data = {field: value for visit in trail for field, value in visit.data.items()}
    party = key if kind.party_from == "key" else data.get(kind.party_from)
    return Track(key, name, party, state, MOVED, MOVED, trail)


def pilot(
    domain: Domain,
    state: str,
    names: Iterable[str] = (),
    tracks: Mapping[str, str] = EMPTY,
    *,
    hold: str = "running",
    outcome: str | None = None,
    signatures: Iterable[Signature] = (),
    acted_as: Mapping[str, tuple[str, ...]] = EMPTY,
) -> Pilot:
    """A pilot in a state, with these facts and tracks, whose clocks told what the facts say."""
    names = tuple(names)
    marks = _marks(domain, names)
    kept = _facts(domain, (name for name in names if name not in domain.told and name not in domain.marks))
    return Pilot(
        id="p1",
        ref=None,
        workflow=f"{domain.name}@1",
        version=50,
        digest="",
        state=state,
        phase=domain.phases[state],
        outcome=outcome,
        hold="paused" if hold == "paused" else "running",
        cycle=CYCLE,
        data=freeze({**domain.details, **marks.get(("", ""), EMPTY)}),
        tracks=FrozenDict({key: _track(domain, key, at, marks) for key, at in tracks.items()}),
        signatures=tuple(signatures),
        kept=kept,
        counts=FrozenDict({kind: len(held) for kind, held in kept.items()} | {"subject": 9}),
        acted_as=FrozenDict(acted_as),
        starter="starter-1",
        since=MOVED,
        cycle_since=CYCLE_SINCE,
        last_move=MOVED,
        created_at=NOW,
        updated_at=NOW,
        progress=MOVED,
        entered=FrozenDict({state: MOVED}),
        pauses=(Pause(TODAY),) if hold == "paused" else (),
        told=_told(domain, (name for name in names if name in domain.told)),
    )


def _marks(domain: Domain, names: Iterable[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is put on the pilot and its tracks by name: per track and state, of the pilot without them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key, state, data in (domain.marks[name] for name in names if name in domain.marks):
        found[key, state] = {**found.get((key, state), {}), **data}
    return found


def actor(role: str, party: str | None = "alpha", person: str = "") -> Actor:
    """Somebody in a role; the supplier's people belong to `party`."""
    return Actor(person or f"{role}-1", roles={role}, party=party if side(role) == "supplier" else None)


@frozen
class Answer:
    """What `decide` said: nothing is left out, and everything is easily compared.

    Attributes:
        codes: of the blockers, each once, sorted; empty when accepted.
        told: the events, in words.
        waiting: the roles that are still to sign.
    """

    codes: tuple[str, ...]
    warnings: tuple[str, ...]
    told: str
    waiting: tuple[str, ...]
    helped: bool


def ask(  # noqa: PLR0917  # the parts of one command, as everywhere
    table: Table,
    where: Pilot,
    who: Actor,
    trigger: str,
    data: Mapping[str, object] | None = None,
    key: str | None = None,
    *,
    warned: bool = False,
) -> Answer:
    """Fire a trigger at a pilot, and say what comes of it; warnings, where asked for, stand also beside blockers."""
    command = Command(trigger, None if data is None else freeze(data), key)
    attempt = Attempt(where, command, who, NOW, new_id="p2")
    decision = decide(table, attempt)
    blockers = getattr(decision, "blockers", ())
    warnings = explain(table, attempt).warnings if warned else ()
    return Answer(
        codes=tuple(sorted({one.code for one in blockers})),
        warnings=tuple(sorted({one.code for one in warnings})),
        told=tell(getattr(decision, "events", ()), command.data or EMPTY),
        waiting=getattr(decision, "waiting", ()),
        helped=any(one.missing for one in blockers),
    )


# -- events in words ---------------------------------------------------------------------------------------------------


def _say(value: object) -> str:
    if isinstance(value, Mapping):
        return "/".join(_say(one) for one in value.values())
    if isinstance(value, tuple):
        return ",".join(_say(one) for one in value)
    return str(value)


def _pairs(values: Mapping[str, object]) -> str:
    return "".join(f" {name}={_say(value)}" for name, value in sorted(values.items()))


def _record_words(event: Event, given: Mapping[str, object]) -> str:
    data = event.data
    if event.type == "record.added":
        new = {name: value for name, value in data["fields"].items() if given.get(name) != value}
        dropped = f" drops={_say(data['drops'])}" if "drops" in data else ""
        on = f"@{event.track}" if event.track else ""
        return f"add {data['record']}{on}{_pairs(new)}{dropped}"
    word = event.type.removeprefix("record.").removesuffix("ed").replace("correct", "correct")
    word = {"chang": "change", "end": "end", "correct": "correct"}[word]
    on = f" on={data['on']}" if "on" in data else ""
    return f"{word} {data['id']}{on}{_pairs(data.get('set', EMPTY))}{' dropped' if data.get('drop') else ''}"


def _move_words(event: Event) -> str:
    data = event.data
    subject = event.type.partition(".")[0]
    way = f"{data['from']}>{data['to']}" if "from" in data else f">{data['to']}"
    more = "".join(f" {name}={data[name]}" for name in ("outcome", "cycle") if name in data)
    return f"{subject} {way}{more}{_pairs(data.get('set', EMPTY))}"


def tell(events: Iterable[Event], given: Mapping[str, object]) -> str:
    """Events in words; of a record that is added, only what the command did not give itself."""
    told: list[str] = []
    for event in events:
        if event.type in {"pilot.moved", "track.moved", "track.opened"}:
            told.append(_move_words(event))
        elif event.type.startswith("record."):
            told.append(_record_words(event, given))
        elif event.type == "signature.added":
            told.append(f"signed by {event.data['role']}")
        elif event.type == "signature.voided":
            told.append(f"voided {event.data['role']}")
        elif event.type == "clock.snoozed":
            told.append(f"snoozed {event.data['clock']} until={event.data['until']} reason={event.data['reason']}")
        elif event.type == "pilot.linked":
            told.append(f"linked {event.data['relation']}")
        else:
            told.append(f"{event.type.removeprefix('pilot.')}{_pairs(event.data.get('set', EMPTY))}")
    return "; ".join(told)
