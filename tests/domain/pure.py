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
from proeftuin.core.pilot import Pilot, Record, Signature, Track, Visit
from proeftuin.core.table import Table

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CYCLE = 2
CYCLE_SINCE = date(2026, 1, 12)

# The sides of the roles, and the phases of the states: domain, section 3.2 and 3.1.1.
CLIENT = (
    "board",
    "client_owner",
    "coordinator",
    "hr",
    "procurement",
    "contract_manager",
    "policy_officer",
    "budget_holder",
    "requester",
    "coalition_member",
)
SUPPLIER = ("supplier_lead", "supplier_hr", "social_entrepreneur")
NEITHER = ("supervisor", "facilitator", "monitor", "privacy_officer", "system")
ROLES = (*CLIENT, *SUPPLIER, *NEITHER)
PHASES = {
    "exploring": "exploration",
    "committing": "commitment",
    "engaging": "supplier_talks",
    "implementing": "implementation",
    "evaluating": "evaluation",
    "closed": "closed",
}
OPEN = tuple(state for state in PHASES if state != "closed")
WAYS = {  # the states through which a track came, in the order of the lifecycle
    "identified": (),
    "invited": ("identified",),
    "talking": ("identified", "invited"),
    "willing": ("identified", "invited", "talking"),
    "agreed": ("identified", "invited", "talking", "willing"),
    "delivering": ("identified", "invited", "talking", "willing", "agreed"),
    "completed": ("identified", "invited", "talking", "willing", "agreed", "delivering"),
    "parked": ("identified", "invited", "talking"),
    "declined": ("identified", "invited"),
    "lapsed": ("identified", "invited"),
    "withdrawn": ("identified", "invited", "talking", "willing", "agreed"),
}


def side(role: str) -> str | None:
    """The side of a role."""
    return "client" if role in CLIENT else "supplier" if role in SUPPLIER else None


def _row(role: str, person: str = "") -> dict[str, str]:
    return {"person": person or f"{role}-1", "role": role}


def _session(*rows: dict[str, str]) -> dict[str, object]:
    return {"type": "joint_session", "date": "2026-02-02", "present": rows}


def _paper(kind: str) -> dict[str, object]:
    return {"type": kind, "date": "2026-02-02", "reference": "DOC"}


def _duty(duty: str, person: str = "") -> dict[str, object]:
    return {"duty": duty, "person": person or f"{duty}-1"}


def _place(person: str, kind: str, start: str, **more: object) -> dict[str, object]:
    fields = {"participant": person, "kind": kind, "weekly_hours": "24", "start": start, "paid": True}
    return {**fields, "counts_for_banenafspraak": "unknown", **more}


_BUNDLE = ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"})
_DECIDED: dict[str, object] = {"date": "2026-02-02", "reference": "BD-1"}

# name: (type, track, data, what else the record has)
FACTS: Mapping[str, tuple[str, str | None, dict[str, Any], dict[str, Any]]] = {
    "session": ("activity", None, _session(_row("hr"), _row("procurement"), _row("contract_manager")), {}),
    "pair_only": ("activity", None, _session(_row("hr"), _row("procurement")), {}),
    "hr_alone": ("activity", None, _session(_row("hr")), {}),
    "one_person": ("activity", None, _session(_row("hr", "jo"), _row("procurement", "jo")), {}),
    "apart": ("activity", None, _session(_row("procurement")), {}),
    "old_session": ("activity", None, _session(_row("contract_manager")), {"cycle": 1}),
    "inventory": ("evidence", None, _paper("inventory"), {}),
    "plan": ("evidence", None, _paper("action_plan"), {}),
    "report": ("evidence", None, _paper("report"), {}),
    "old_report": ("evidence", None, _paper("report"), {"cycle": 1}),
    "embedding": ("evidence", None, _paper("embedding"), {}),
    "mission": ("evidence", None, _paper("mission_link"), {}),
    "result": ("evidence", None, _paper("delivered_result"), {}),
    "old_result": ("evidence", None, _paper("delivered_result"), {"cycle": 1}),
    "decision": ("decision", None, _DECIDED, {}),
    "mission_in_decision": ("decision", None, {**_DECIDED, "mission_link": "Everybody takes part"}, {}),
    "withdrawn": ("decision", None, {**_DECIDED, "reason": "cuts"}, {"ended": date(2026, 2, 20)}),
    "endorsement": ("endorsement", None, {"date": "2026-02-02", "reference": "NEWS-1"}, {}),
    "old_endorsement": ("endorsement", None, {"date": "2025-08-31", "reference": "NEWS-0"}, {}),
    "route": ("route", None, {"route": "existing-contract", "rationale": "Fits"}, {}),
    "short": ("goal", None, {"kind": "short", "text": "Two met", "due": "2026-05-31"}, {}),
    "short_late": ("goal", None, {"kind": "short", "text": "Two met", "due": "2026-06-01"}, {}),
    "short_past": ("goal", None, {"kind": "short", "text": "Two met", "due": "2026-03-01"}, {}),
    "short_met": (
        "goal",
        None,
        {"kind": "short", "text": "Two met", "due": "2026-05-31", "status": "met"},
        {"ended": date(2026, 2, 28)},
    ),
    "horizon": ("goal", None, {"kind": "horizon", "text": "Everywhere"}, {}),
    "step": ("step", None, {"what": "Call", "who": "hr-1", "due": "2026-03-09"}, {}),
    "late_step": ("step", None, {"what": "Call", "who": "hr-1", "due": "2026-03-10"}, {}),
    "check_in": ("check_in", None, {"date": "2026-02-02", "mood": "going_well"}, {}),
    "sponsorship": ("sponsorship", None, {"date": "2026-02-02"}, {}),
    "retention": ("retention", "alpha", {"placement": "placement-1", "weeks": 13, "answer": "unknown"}, {}),
    "obstacle": ("obstacle", None, {"text": "The badge system"}, {}),
    "lesson": ("lesson", None, {"text": "Start small"}, {}),
    "story": ("story", None, {"title": "A", "url": "https://example.org/a", "consent": "c-1", "scope": "web"}, {}),
    "owner": ("assignment", None, _duty("client_owner"), {}),
    "owner_until": ("assignment", None, {**_duty("client_owner"), "until": "2026-03-01"}, {}),
    "lead": ("assignment", None, _duty("coordinator"), {}),
    "coordinator_two_hats": ("assignment", None, _duty("coordinator", "two-hats"), {}),
    "board_two_hats": ("assignment", None, _duty("board", "two-hats"), {}),
    "manager": ("assignment", None, _duty("contract_manager"), {}),
    "contact_client": ("assignment", None, _duty("contact_client"), {}),
    "supervision": ("assignment", None, _duty("supervision"), {}),
    "contact_alpha": ("assignment", "alpha", _duty("contact_supplier"), {}),
    "contact_beta": ("assignment", "beta", _duty("contact_supplier", "beta-1"), {}),
    "lead_alpha": ("assignment", "alpha", _duty("supplier_lead"), {}),
    "lead_beta": ("assignment", "beta", _duty("supplier_lead", "beta-2"), {}),
    "agreed_alpha": (
        "agreement",
        "alpha",
        {"number": 1, "places": {"employment": 2, "work_experience": 1, "bundled": 1}, "from": "2026-01-05"},
        {},
    ),
    "agreed_beta": (
        "agreement",
        "beta",
        {"number": 1, "places": {"employment": 1, "bundled": 1}, "from": "2026-01-05"},
        {},
    ),
    "placed": ("placement", "alpha", _place("s1", "employment", "2026-01-19"), {"since": date(2026, 1, 19)}),
    "placed_too": ("placement", "alpha", _place("s2", "employment", "2026-01-19"), {"since": date(2026, 1, 19)}),
    "placed_beta": ("placement", "beta", _place("s3", "employment", "2026-01-19"), {"since": date(2026, 1, 19)}),
    "again": ("placement", "beta", _place("s1", "employment", "2026-04-01"), {"since": date(2026, 4, 1)}),
    "gone": (
        "placement",
        "alpha",
        _place("s1", "employment", "2026-01-19", end="2026-02-16", reason="moved_on"),
        {"since": date(2026, 1, 19), "until": date(2026, 2, 16), "ended": date(2026, 2, 16)},
    ),
    "back": ("placement", "alpha", _place("s1", "employment", "2026-02-16"), {"since": date(2026, 2, 16)}),
    "gone_before": (
        "placement",
        "alpha",
        _place("s1", "employment", "2025-10-06", end="2026-01-12", reason="moved_on"),
        {"since": date(2025, 10, 6), "until": date(2026, 1, 12), "ended": date(2026, 1, 12), "cycle": 1},
    ),
    "bundled": (
        "placement",
        "alpha",
        _place("s4", "bundled", "2026-01-19", contributions=_BUNDLE),
        {"since": date(2026, 1, 19)},
    ),
    "work": ("placement", "alpha", _place("s5", "work_experience", "2026-01-19"), {"since": date(2026, 1, 19)}),
}


def _record(name: str, number: int) -> Record:
    kind, track, data, more = FACTS[name]
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


def facts(names: Iterable[str]) -> FrozenDict:
    """The records with these names, per type, numbered in the order given."""
    kept: dict[str, tuple[Record, ...]] = {}
    for name in names:
        kind = FACTS[name][0]
        kept[kind] = (*kept.get(kind, ()), _record(name, 1 + len(kept.get(kind, ()))))
    return FrozenDict(kept)


def track(key: str, state: str) -> Track:
    """A supplier's track that came to a state along the way of the lifecycle."""
    trail = tuple(Visit(one) for one in (*WAYS[state], state))
    opened = Visit(trail[0].state, FrozenDict(supplier=key.title(), origin="client"))
    return Track(key, "supplier", key, state, date(2026, 2, 2), (opened, *trail[1:]))


def pilot(
    state: str,
    names: Iterable[str] = (),
    tracks: Mapping[str, str] = EMPTY,
    *,
    hold: str = "running",
    outcome: str | None = None,
    signatures: Iterable[Signature] = (),
    acted_as: Mapping[str, tuple[str, ...]] = EMPTY,
) -> Pilot:
    """A pilot in a state, with these facts and tracks."""
    kept = facts(names)
    return Pilot(
        id="p1",
        ref=None,
        workflow="existing-contract@1",
        version=50,
        digest="",
        state=state,
        phase=PHASES[state],
        outcome=outcome,
        hold="paused" if hold == "paused" else "running",
        cycle=CYCLE,
        data=FrozenDict(title="Catering", organisation="DJI", category="catering", target_group=("other",)),
        tracks=FrozenDict({key: track(key, at) for key, at in tracks.items()}),
        signatures=tuple(signatures),
        kept=kept,
        counts=FrozenDict({kind: len(held) for kind, held in kept.items()} | {"subject": 9}),
        acted_as=FrozenDict(acted_as),
        starter="starter-1",
        since=date(2026, 2, 2),
        cycle_since=CYCLE_SINCE,
        last_move=date(2026, 2, 2),
        created_at=NOW,
        updated_at=NOW,
    )


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
        elif event.type == "pilot.linked":
            told.append(f"linked {event.data['relation']}")
        else:
            told.append(f"{event.type.removeprefix('pilot.')}{_pairs(event.data.get('set', EMPTY))}")
    return "; ".join(told)
