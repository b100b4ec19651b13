"""Clocks: what they refer to, and whether they can ever be due."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from proeftuin.core.lint._fields import fits
from proeftuin.core.lint._graph import MOVES, reachable
from proeftuin.core.lint._guards import check_where
from proeftuin.core.lint._records import added
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import SYSTEM, Path, Place, Scope
from proeftuin.core.workflow import Clock, Field, FieldRef, Offset, RecordRef

PROGRESS = "progress"
DATE = Field("date")


def check(scope: Scope, report: Report) -> None:
    """Check what each clock refers to."""
    for name, clock in scope.workflow.clocks.items():
        path = ("clocks", name)
        if clock.per is not None and not report.known("record", clock.per, scope.workflow.records, *path, "per"):
            continue  # whatever else it says is about that record
        for key, anchor, check_name in (("since", clock.since, _since), ("until", clock.until, _until)):
            if isinstance(anchor, RecordRef):
                _record(scope, report, clock, anchor, (*path, key))
            elif anchor is not None:
                check_name(scope, report, clock, anchor, (*path, key))
        _people(scope, report, clock, path)
        if isinstance(clock.due, FieldRef):
            _due(scope, report, clock, clock.due.field, (*path, "due"))
        else:
            _lengths(report, clock.due, (*path, "due"))
        if clock.fire is not None:
            _fires(scope, report, clock, clock.fire, (*path, "fire"))
    fired = {clock.fire for clock in scope.workflow.clocks.values()}
    for place in scope.places:
        if place.edge.trigger in fired and SYSTEM in scope.expand(place.edge.allow):
            _unattended(report, place)


def _record(scope: Scope, report: Report, clock: Clock, ref: RecordRef, path: Path) -> None:
    if ref.in_a_row is not None and (clock.per is not None or path[-1] != "since"):
        report.error("misplaced-key", "only the last records can be so in a row: use it in `since`", *path, "in_a_row")
    elif ref.in_a_row is not None and ref.in_a_row < 2:  # noqa: PLR2004  # one alone is no row
        report.error("short-row", "a row is of two or more; leave `in_a_row` out", *path, "in_a_row")
    if report.known("record", ref.record, scope.workflow.records, *path, "record"):
        words = {"of", "due"} if clock.per is not None else set()
        where = {name: value for name, value in ref.where.items() if value not in words}
        check_where(scope, report, ref.record, where, (*path, "where"))
        for name in ref.where.keys() - where.keys():
            report.known("field", name, scope.workflow.records[ref.record].fields, *path, "where", name)


def _since(scope: Scope, report: Report, clock: Clock, anchor: str, path: Path) -> None:
    """Check the name of a beginning: progress, a state, a record, or a date of the record that it is per."""
    first, *rest = anchor.split(".")
    workflow = scope.workflow
    if rest:
        if report.known("track kind", first, workflow.tracks, *path) and rest != [PROGRESS]:
            report.known("state", rest[0], workflow.tracks[first].states, *path)
            if len(rest) > 1:
                report.known("word", rest[1], (PROGRESS,), *path)
        return
    per = workflow.records.get(clock.per or "")
    if per is not None:
        fields = per.fields
        if report.known("field", first, fields, *path) and fields[first].type != "date":
            report.error("field-type", f"`{first}` has to be a date", *path)
        return
    report.known("state", first, {PROGRESS, *workflow.states, *workflow.records}, *path)


def _until(scope: Scope, report: Report, clock: Clock, anchor: str, path: Path) -> None:
    """Check the name of an end: a state of the pilot, a record, or a state of the track that the clock runs on."""
    workflow, (kind, dot, state) = scope.workflow, anchor.partition(".")
    if not dot:
        report.known("state", anchor, {*workflow.states, *workflow.records}, *path)
    elif report.known("track kind", kind, workflow.tracks, *path):
        runs_on = _runs_on(scope, clock)
        if runs_on and kind not in runs_on:
            text = f"this clock runs on no `{kind}`, so nothing there ends it; name a state of the pilot, or a record"
            report.error("unknown-track-kind", text, *path)
        report.known("state", state, workflow.tracks[kind].states, *path)


def _people(scope: Scope, report: Report, clock: Clock, path: Path) -> None:
    per = scope.workflow.records.get(clock.per or "")
    own = per.fields if per is not None else {}
    people = {name for name, field in own.items() if field.type == "person"}
    known = scope.duties | scope.workflow.groups.keys() | people
    for key, told in (("remind", clock.remind), ("escalate", clock.escalate)):
        for role in told:
            report.known("role", role, known, *path, key, role)
    for number, role in enumerate(clock.signal.tell if clock.signal else ()):
        report.known("role", role, known, *path, "signal", "tell", number)


def _dates(scope: Scope, clock: Clock) -> Iterator[Mapping[str, Field]]:
    """Give the fields that a due day may be read from: of the record, or whatever data leaves on pilot or track."""
    if per := scope.workflow.records.get(clock.per or ""):
        yield per.fields
        return
    yield scope.workflow.start.data
    yield from (place.fields for place in scope.places)


def _due(scope: Scope, report: Report, clock: Clock, name: str, path: Path) -> None:
    held = tuple(_dates(scope, clock))
    if not report.known("field", name, {one for fields in held for one in fields}, *path):
        return
    said = [place.edge.set[name] for place in scope.places if clock.per is None and name in place.edge.set]
    dates = all(fits(DATE, one) for one in said if not isinstance(one, FieldRef))
    if not dates or any(fields[name].type != "date" for fields in held if name in fields):
        report.error("field-type", f"`{name}` has to be a date, wherever it comes from", *path)


def _lengths(report: Report, lengths: Sequence[Offset], path: Path) -> None:
    """Check how long a term is."""
    if not lengths:
        report.error("never-due", "there is no length of time here; write one, such as `28 days`", *path)
    for one in lengths:
        if one.relative is not None:
            text = f"a term is counted from where it begins; leave `{one.relative}` out"
            report.error("misplaced-key", text, *path)


def _fires(scope: Scope, report: Report, clock: Clock, trigger: str, path: Path) -> None:
    """Check that the system may fire the trigger, where the clock runs."""
    edges = [place for place in scope.places if place.edge.trigger == trigger]
    if not report.known("trigger", trigger, {place.edge.trigger for place in scope.places}, *path):
        return
    fired = [place for place in edges if SYSTEM in scope.expand(place.edge.allow)]
    runs_on = _runs_on(scope, clock)
    if not fired:
        text = f"no edge of `{trigger}` allows `{SYSTEM}`, so this clock cannot fire it; add it to `allow`"
        report.error("system-not-allowed", text, *path)
    elif runs_on and not any(place.edge.opener is None and place.kind in runs_on for place in fired):
        where = " or ".join("the pilot" if kind is None else f"a track `{kind}`" for kind in runs_on)
        text = f"this clock runs on {where}, where there is no `{trigger}` that it can fire; name another trigger"
        report.error("clock-edge", text, *path)
    elif clock.during is not None and all(place.edge.held for place in fired):
        text = f"this clock runs while the pilot is on hold, and `{trigger}` cannot be fired then; it needs `paused`"
        report.error("clock-edge", text, *path)


def _runs_on(scope: Scope, clock: Clock) -> Sequence[str | None]:
    """Return what a clock may run on: kinds of tracks, and None for the pilot."""
    kinds = (None, *scope.workflow.tracks)
    if clock.per is None:
        kind, dot, _ = clock.since.partition(".") if isinstance(clock.since, str) else ("", "", "")
        return [one for one in kinds if one == (kind if dot else None)]
    adding = [(place, op) for place in scope.places for op in place.edge.records if op.add == clock.per]
    record = scope.workflow.records.get(clock.per)
    if any(op.track for _, op in adding) or (record is not None and "track" in record.fields):
        return kinds
    return [one for one in kinds if one in {place.edge.opener or place.kind for place, _ in adding}]


def _unattended(report: Report, place: Place) -> None:
    """Check that an edge that a clock fires asks nobody for anything."""
    trigger, path = place.edge.trigger, place.path
    for key in ("require", "when", "data", "sign", "starts", "refuse"):
        if getattr(place.edge, key):
            text = f"a clock fires `{trigger}`, with nobody to answer for it; leave `{key}` out"
            report.error("clock-edge", text, *path, key, key=True)
    for name, field in place.fields.items():
        if field.required and field.default is None and name not in place.edge.data:
            text = f"a clock fires `{trigger}`, with nobody to fill in `{name}`; give it a value in `set`"
            report.error("clock-edge", text, *path, "records")


def check_due(scope: Scope, report: Report) -> None:
    """Report clocks that can never be due."""
    occurs = _Occurs(
        records=added(scope),
        states={kind: reachable(scope, kind) for kind in (None, *scope.workflow.tracks)},
        paused=any(place.edge.hold == "pause" for place in scope.places),
    )
    wrong = report.wrong()
    unsure = scope.unsure(report, *MOVES, "records", "hold")
    for name, clock in scope.workflow.clocks.items():
        if not unsure and ("clocks", name) not in wrong and (why := _never(clock, occurs)):
            report.error("never-due", f"clock `{name}` can never be due: {why}", "clocks", name)


@frozen
class _Occurs:
    """What can happen in a workflow: records that are added, states that are reached, a pause."""

    records: Mapping[str, object]
    states: Mapping[str | None, frozenset[str]]
    paused: bool


def _never(clock: Clock, occurs: _Occurs) -> str | None:
    """Return why a clock never begins, None where it may."""
    record = clock.per or (clock.since.record if isinstance(clock.since, RecordRef) else None)
    if clock.during is not None:
        why = None if occurs.paused else "no edge pauses a pilot"
    elif record is not None:
        why = None if record in occurs.records else f"no edge adds a `{record}`"
    elif isinstance(clock.since, str):
        why = _unseen(clock.since, occurs)
    else:
        why = "it has neither `since` nor `while`"
    return why


def _unseen(since: str, occurs: _Occurs) -> str | None:
    """Return why a state or record by this name never occurs, None where it may."""
    first, *rest = since.split(".")
    state = rest[0] if rest else first
    reached = occurs.states.get(first if rest else None, frozenset())
    if state == PROGRESS or state in reached or (not rest and state in occurs.records):
        return None
    return f"`{since}` never comes"
