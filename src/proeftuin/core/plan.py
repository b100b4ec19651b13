"""What a command would do to records: its ops, in order, worked out before any guard is asked.

Guards see the pilot as it is and the plan beside it, never one half of a move: the placement that ends and the one that
starts are in one plan. The plan is also what the events are made of, so that what was judged is what is written.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from attrs import Factory, define

from proeftuin.core import snoozing
from proeftuin.core.calendar import later
from proeftuin.core.checks import Ground, among, asked, blank, check
from proeftuin.core.commands import Attempt, Blocker, Need
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import Change
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.structs import replace
from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import Field, FieldRef, RecordOp, RecordType, Value

FACT = {"add": "record.added", "change": "record.changed", "end": "record.ended", "correct": "record.corrected"}


@define(eq=False, repr=False)
class Plan:
    """The records that a command adds and changes, and the events that say so, as (type, track, data)."""

    adding: list[Record] = Factory(list)
    changing: list[Change] = Factory(list)
    facts: list[tuple[str, str | None, dict[str, Any]]] = Factory(list)
    blockers: list[Blocker] = Factory(list)

    @property
    def let_go(self) -> int:
        """How many of the records that the head holds it will not hold any more."""
        facts = [data for _, _, data in self.facts]
        ended = (data["id"] for data in facts if data.get("drop"))
        return len({*ended, *(one for data in facts for one in data.get("drops", ()))})


NO_PLAN = Plan()  # of every edge without ops; nobody adds to a plan once it is made


@define(eq=False, repr=False)
class _Draft:
    """What every op is worked out from."""

    table: Table
    rule: Rule
    attempt: Attempt
    role: str
    data: Mapping[str, Any]
    on: date
    today: date
    plan: Plan

    @property
    def pilot(self) -> Pilot:
        return self.attempt.pilot

    def type(self, name: str) -> RecordType:
        return self.table.workflow.records[name]

    def value(self, value: Value, own: Mapping[str, Any] = EMPTY) -> Any:  # noqa: ANN401  # data
        if isinstance(value, FieldRef):
            return self.data.get(value.field, own.get(value.field))
        return value

    def values(self, pairs: Mapping[str, Value], own: Mapping[str, Any] = EMPTY) -> dict[str, Any]:
        found = {name: self.value(value, own) for name, value in pairs.items()}
        return {name: value for name, value in found.items() if value is not None}

    def bad(self, field: str | None, problem: str) -> None:
        self.plan.blockers.append(Blocker("bad-value", FrozenDict({"field": field or "date", "problem": problem})))


def _find(pilot: Pilot, name: str) -> Record | None:
    return next((one for kept in pilot.kept.values() for one in kept if one.id == name), None)


def _span(draft: _Draft, kind: str, data: Mapping[str, Any], fallback: date) -> tuple[date, date | None]:
    """Return the half-open interval of a record from its fields."""
    interval = draft.type(kind).interval
    if not interval:
        return fallback, None
    start, end = data.get(interval[0]), data.get(interval[1]) if len(interval) > 1 else None
    return date.fromisoformat(start) if start else fallback, date.fromisoformat(end) if end else None


def _appended(draft: _Draft, op: RecordOp, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: (*data.get(name, ()), FrozenDict(draft.values(row, data))) for name, row in op.append.items()}


def _drops(draft: _Draft, kind: str) -> tuple[str, ...]:
    """Return the ids that the head lets go of when a record of this type is added."""
    keep, held = draft.type(kind).keep, draft.pilot.kept.get(kind, ())
    if keep == "latest":
        return tuple(one.id for one in held)
    if keep.endswith(" days"):
        oldest = later(draft.on, -int(keep.split()[0]))
        return tuple(one.id for one in held if one.on < oldest)
    return ()


def _goes_on(plan: Plan, source: Record | None) -> str | None:
    """Return the first of the records that a copy goes on from: it takes the place of one that this command ends."""
    if source is None or not any(one.before.id == source.id and one.after.ended for one in plan.changing):
        return None
    return source.first or source.id


def _carried(draft: _Draft, kind: str, source: Record, day: date) -> dict[str, Any]:
    """Return what a copy takes over: what held on the day on which it begins, and the rows that hold from later on."""
    declared = draft.type(kind)
    own = {name for name, one in declared.fields.items() if not one.by_engine and name not in declared.interval}
    fields = {name: value for name, value in source.data.items() if name in own}
    for name, key, field in draft.table.mirrors.get(kind, ()):
        held = source.row(name, day) or EMPTY
        if key in held and field in own:
            fields[field] = held[key]
        if later := tuple(row for row in source.data.get(name, ()) if row.get("from", "") > day.isoformat()):
            fields[name] = later
    return fields


def _filled(draft: _Draft, op: RecordOp, kind: str, source: Record | None) -> dict[str, Any]:
    """Return the fields of a new record: what is given, what is copied, and what the op sets."""
    fields = {
        name: draft.data[name]
        for name, one in draft.type(kind).fields.items()
        if name in draft.data and not one.by_engine
    }
    fields |= draft.values(op.set)
    if source is not None:
        since, _ = _span(draft, kind, fields, draft.on)
        fields = _carried(draft, kind, source, since) | fields
    return fields | _appended(draft, op, fields)


def _add(draft: _Draft, op: RecordOp) -> None:
    kind, plan, pilot = str(op.add), draft.plan, draft.pilot
    declared = draft.type(kind)
    source = _find(pilot, str(draft.data.get(op.copy))) if op.copy else None
    fields = _filled(draft, op, kind, source)
    track = draft.data.get(op.track) if op.track else None
    track = track or (draft.data.get("track") if "track" in declared.fields else None) or draft.attempt.command.track
    if op.number:
        fields[op.number] = 1 + max((one.data.get(op.number, 0) for one in pilot.records(kind, track=track)), default=0)
    since, until = _span(draft, kind, fields, draft.on)
    if until is not None and until < since:
        draft.bad(declared.interval[1], "interval")
    number = 1 + pilot.counts.get(kind, 0) + sum(one.type == kind for one in plan.adding)
    record = Record(
        id=f"{kind}-{number}",
        type=kind,
        data=FrozenDict(fields),
        track=track,
        actor=draft.attempt.actor.id,
        role=draft.role,
        at=draft.attempt.now,
        on=draft.on,
        cycle=pilot.cycle,
        since=since,
        until=until,
        first=_goes_on(plan, source),
    )
    plan.adding.append(record)
    fact: dict[str, Any] = {"record": kind, "id": record.id, "fields": record.data, "since": since.isoformat()}
    if until is not None:
        fact["until"] = until.isoformat()
    if record.first is not None:
        fact["first"] = record.first
    if drops := _drops(draft, kind):
        fact["drops"] = drops
    plan.facts.append(("record.added", track, fact))


def _named(draft: _Draft, op: RecordOp, kind: str) -> Iterator[Record]:
    """Give the records that a change or an end is about, as an earlier op of this plan left them."""
    held = draft.pilot.kept.get(kind, ())
    track = draft.data.get("track") or draft.attempt.command.track
    if op.by is not None:
        named = draft.data.get(op.by)
        wanted = named if isinstance(named, tuple) else (named,)
        yield from (one for one in held if one.id in wanted and one.ended is None)
        return
    for one in held:
        if one.ended is None and (draft.rule.kind is None or op.same or one.track == track):
            same = all(
                (one.track == track) if name == "track" else one.data.get(name) == draft.data.get(name)
                for name in op.same
            )
            if same:
                yield one


def _write(draft: _Draft, kind: str, before: Record, after: Record, **more: object) -> None:
    new = {name: value for name, value in after.data.items() if before.data.get(name) != value}
    new |= {name: None for name in before.data if name not in after.data}
    fact: dict[str, Any] = {"record": before.type, "id": before.id, **more}
    if new:
        fact["set"] = FrozenDict(new)
    if kind != "end":
        fact["since"] = after.since.isoformat()
    if after.until is not None:
        fact["until"] = after.until.isoformat()
    draft.plan.changing.append(Change(before, after))
    draft.plan.facts.append((FACT[kind], before.track, fact))


def _change(draft: _Draft, op: RecordOp) -> None:
    kind = str(op.change)
    for before in _named(draft, op, kind):
        data = {**before.data, **draft.values(op.set)}
        data |= _appended(draft, op, data)
        for row in op.append.values():
            day = draft.value(row["from"], data) if "from" in row else None
            if day is not None and not _within(before, date.fromisoformat(day)):
                draft.bad(row["from"].field if isinstance(row["from"], FieldRef) else None, "interval")
        since, until = _span(draft, kind, data, before.since)
        _write(draft, "change", before, replace(before, data=FrozenDict(data), since=since, until=until))


def _within(record: Record, day: date) -> bool:
    return record.since <= day and (record.until is None or day < record.until)


def _end(draft: _Draft, op: RecordOp) -> None:
    kind = str(op.end)
    declared = draft.type(kind)
    given = draft.data.get(op.at) if op.at else None
    day = date.fromisoformat(given) if given else draft.on
    for before in _named(draft, op, kind):
        if declared.interval and (day < before.since or (before.until is not None and day > before.until)):
            draft.bad(op.at, "interval")
        data = {**before.data, **draft.values(op.set)}
        if len(declared.interval) > 1:
            data[declared.interval[1]] = day.isoformat()
        after = replace(before, data=FrozenDict(data), ended=day, until=day)
        drop = {"drop": True} if declared.keep == "open" else {}
        _write(draft, "end", before, after, on=day.isoformat(), **drop)


def _mirrored(draft: _Draft, record: Record, new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record's lists with a corrected field taken over where an `add` had copied it.

    The start is in the earliest row, which stays where it is if another holds by the new day; what changes later is in
    the row that was told last, and that is the one that the field repeats.
    """
    lists: dict[str, list[dict[str, Any]]] = {}
    start = draft.type(record.type).interval[:1]
    for name, key, field in draft.table.mirrors.get(record.type, ()):
        if field in new and record.data.get(name):
            rows = lists.setdefault(name, [dict(row) for row in record.data[name]])
            if field not in start:
                rows[-1][key] = new[field]
                continue
            first, *others = sorted(rows, key=lambda row: row.get(key, ""))
            if all(new[field] < row.get(key, "") for row in others):
                first[key] = new[field]
    return {name: tuple(FrozenDict(row) for row in rows) for name, rows in lists.items()}


def _judged(declared: Mapping[str, Field], before: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Field]:
    """Return the fields that a correction is judged by: those given, and those lacking that the others now ask for."""
    after = {**before, **fields}
    lacking = {name: one for name, one in declared.items() if name not in before and not asked(one, before)}
    return {name: one for name, one in declared.items() if name in fields or (name in lacking and asked(one, after))}


def _adders(draft: _Draft, kind: str) -> Iterator[Rule]:
    return (rule for rule in draft.table.every if any(op.add == kind for op in rule.edge.records))


def _bound(draft: _Draft, record: Record) -> str | None:
    """Return the track that what a record points at is on: its own, where edges of tracks alone add such records."""
    return record.track if all(rule.kind is not None for rule in _adders(draft, record.type)) else None


def _refused(draft: _Draft, after: Record) -> Iterator[Blocker]:
    """Give the code of an edge that is there to refuse such a record, and the same again with a choice of another."""
    fields = draft.data["fields"]
    telling = [rule.edge for rule in _adders(draft, after.type) if not fields.keys().isdisjoint(rule.edge.when)]
    fitting = [one for one in telling if all(among(after.data.get(name), held) for name, held in one.when.items())]
    if fitting and all(one.refuse is not None for one in fitting):
        instead = (one.when for one in telling if one.refuse is None)
        choices = (FrozenDict({**fields, **{name: held[0] for name, held in when.items()}}) for when in instead)
        needs = tuple(Need("again", data=FrozenDict({**draft.data, "fields": one})) for one in choices)
        yield Blocker(str(fitting[0].refuse), needs=needs)


def _spans(draft: _Draft, record: Record) -> bool:
    """Whether a record ends no sooner than it begins, and has a last day once it ended."""
    interval = draft.type(record.type).interval
    if interval and record.until is not None and record.until < record.since:
        return False
    return record.ended is None or all(record.data.get(name) is not None for name in interval[1:])


def _placed(draft: _Draft, before: Record, data: Mapping[str, Any]) -> str | None:
    """Return the track that a corrected record is on: the one that its own field names, as when it was added."""
    if "track" not in draft.data["fields"] or "track" not in draft.type(before.type).fields:
        return before.track
    named, held = data.get("track"), before.data.get("track")
    return _bound(draft, before) if named is None and held is not None else named or before.track


def _correct(draft: _Draft, op: RecordOp) -> None:
    before = _find(draft.pilot, str(draft.data.get("record")))
    fields = draft.data.get("fields")
    if before is None or fields is None:
        return
    if before.type not in op.correct:
        params = FrozenDict({"field": "record", "problem": "renewed-instead"})
        draft.plan.blockers.append(Blocker("bad-reference", params))
        return
    declared = {name: one for name, one in draft.type(before.type).fields.items() if not one.by_engine}
    personal = any(one.type == "subject" for one in declared.values())
    ground = Ground(draft.pilot, _bound(draft, before), draft.today, draft.attempt.findings)
    given = _judged(declared, before.data, fields)
    checked = check(given, fields, ground, personal=personal, beside=before.data)
    draft.plan.blockers += checked.blockers
    new = {**checked.data}
    cleared = {name for name in given if blank(fields.get(name)) and name not in new}
    data = {**before.data, **new, **_mirrored(draft, before, new)}
    data = {name: value for name, value in data.items() if name not in cleared}
    since, until = _span(draft, before.type, data, before.on)
    ended = before.ended and (until or before.ended)
    track = _placed(draft, before, data)
    after = replace(before, data=FrozenDict(data), track=track, since=since, until=until or ended, ended=ended)
    if not _spans(draft, after):
        draft.bad("fields", "interval")
    draft.plan.blockers += _refused(draft, after)
    more: dict[str, Any] = {"reason": draft.data.get("reason")}
    if ended:
        more["ended"] = ended.isoformat()
    if track != before.track:
        more["track"] = track
    _write(draft, "correct", before, after, **more)


def make(table: Table, rule: Rule, attempt: Attempt, role: str, data: FrozenDict, on: date, today: date) -> Plan:  # noqa: PLR0917  # the parts of one draft
    """Return what the ops of a rule would do, with this (checked) data.

    Note:
        Fields that were refused are absent from `data`; the plan is then a best effort, and guards that read those
        fields are not asked.
    """
    if not rule.edge.records and rule.edge.snooze is None:
        return NO_PLAN
    plan = Plan()
    if rule.edge.snooze is not None:
        plan.facts += snoozing.put_off(table, attempt, data)
        plan.blockers += snoozing.faults(table, rule, data, today, plan.facts)
    draft = _Draft(table, rule, attempt, role, data, on, today, plan)
    for op in rule.edge.records:
        if op.add:
            _add(draft, op)
        elif op.change:
            _change(draft, op)
        elif op.end:
            _end(draft, op)
        else:
            _correct(draft, op)
    return plan
