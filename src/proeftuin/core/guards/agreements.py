"""Guards on commitment, agreements and the places in them."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards._base import Answer, Change, Param, Question, guard
from proeftuin.core.guards.tracks import active, shares
from proeftuin.core.pilot import Pilot, Record


@guard(codes=("missing-commitment", "commitment-withdrawn"), record=Param("text", refers="record", default="decision"))
def commitment(question: Question) -> Answer:
    """The board has decided in principle, and not withdrawn it.

    Note:
        Source: De Normaalste Zaak (the usual hindrance is a lack of commitment) and Platform31 (condition number one).
    """
    kind = question.params["record"]
    taken = question.pilot.kept.get(kind, ())
    for one in taken:
        if one.ended is None and not _both(question, one):
            return None
    withdrawn = bool(taken) and all(one.ended is not None for one in taken)
    return Blocker("commitment-withdrawn" if withdrawn else "missing-commitment", needs=(Need("add", record=kind),))


def _both(question: Question, decision: Record) -> bool:
    """Whether who decided was assigned, later on, in a role that excludes the one they decided in."""
    held = question.pilot.assigned(question.today)
    duties = {str(one.data.get("duty")) for one in held if one.data.get("person") == decision.actor}
    roles, acted = question.workflow.roles, decision.role
    excluded = roles[acted].excludes if acted in roles else ()
    return any(name in excluded or (name in roles and acted in roles[name].excludes) for name in duties)


def agreement_of(pilot: Pilot, track: str, kind: str = "agreement") -> Record | None:
    """Return the agreement in force on a track: the signed version that no later one replaced."""
    found = [one for one in pilot.kept.get(kind, ()) if one.track == track and one.ended is None]
    return found[-1] if found else None


def peak(records: Iterable[Record], since: date, until: date | None) -> int:
    """Return the most records active on one day of the half-open interval [since, until)."""
    inside = [one for one in records if one.until is None or one.until > since]
    inside = [one for one in inside if until is None or one.since < until]
    days = {since, *(one.since for one in inside if one.since > since)}
    return max((sum(one.active(day) for one in inside) for day in days), default=0)


def _grown(question: Question, kind: str) -> list[Record]:
    """Return the placements that the command adds, or makes to take room that they did not take."""
    grown = [one for one in question.adding if one.type == kind]
    for change in question.changing:
        before, after = change.before, change.after
        if after.type != kind:
            continue
        same = before.data.get("kind") == after.data.get("kind") and shares(before) == shares(after)
        longer = before.until is not None and (after.until is None or after.until > before.until)
        if not same or after.since < before.since or longer:
            grown.append(after)
    return grown


@guard(
    reads=("kind", "start", "end", "contributions", "placement", "to_track", "fields"),
    codes=("capacity-exceeded",),
    placement=Param("text", refers="record", default="placement"),
    agreement=Param("text", refers="record", default="agreement"),
)
def capacity(question: Question) -> Answer:
    """On no day are there more placements of a kind on a track than its agreement has places.

    Note:
        A bundled placement takes a bundled place on every track that contributes. Source: the project's own choice;
        more people is good, so amend the agreement first.
    """
    return list(_exceeded(question))


def _exceeded(question: Question) -> Iterator[Blocker]:
    kind, agreement = question.params["placement"], question.params["agreement"]
    everything = question.records(kind)
    for one in _grown(question, kind):
        if one.until is not None and one.until <= one.since:
            continue
        for track in shares(one):
            held = agreement_of(question.pilot, track, agreement)
            places = held.data.get("places", EMPTY).get(one.data.get("kind"), 0) if held else 0
            same = [other for other in everything if _competes(one, other, track)]
            most = peak(same, one.since, one.until)
            if most > places:
                yield _too_many(one, same, track, held, most, places, agreement=agreement)


def _competes(one: Record, other: Record, track: str) -> bool:
    return other.data.get("kind") == one.data.get("kind") and track in shares(other)


def _too_many(  # noqa: PLR0917  # the parts of one answer
    one: Record, same: Iterable[Record], track: str, held: Record | None, most: int, places: int, *, agreement: str
) -> Blocker:
    """Say it, and what would help: another agreement, or the end of a placement that takes the room."""
    kind = one.data.get("kind")
    params = FrozenDict({"kind": kind, "places": places, "active": most - 1})
    if held is None:
        return Blocker("capacity-exceeded", params, track, needs=(Need("add", record=agreement, track=track),))
    wanted = FrozenDict({**held.data.get("places", EMPTY), str(kind): most})
    terms = {name: value for name, value in held.data.items() if name != "number"}
    amend = Need("add", record=agreement, data=FrozenDict({**terms, "places": wanted}), track=track)
    ends = [
        Need("end", record=other.type, ids=(other.id,), day=max(one.since, other.since))
        for other in same
        if other.id != one.id and other.ended is None and _meet(one, other)
    ]
    return Blocker("capacity-exceeded", params, track, needs=(amend, *ends) if places else (amend,))


@guard(
    reads=("to_track", "contributions", "placement"),
    codes=("wrong-state",),
    states=Param("names", required=True, refers="state"),
    placement=Param("text", refers="record", default="placement"),
)
def placed_on(question: Question) -> Answer:
    """Every track that a new placement counts on is in one of these states."""
    states = question.params["states"]
    blockers: dict[str, Blocker] = {}
    for one in question.adding:
        if one.type == question.params["placement"]:
            for key in shares(one):
                state = question.pilot.tracks[key].state
                if state not in states:
                    params = FrozenDict({"state": state, "needed": states})
                    needs = (Need("reach", track=key, states=states),)
                    blockers[key] = Blocker("wrong-state", params, key, needs=needs)
    return tuple(blockers.values())


@guard(reads=("places",), codes=("capacity-exceeded",), placement=Param("text", refers="record", default="placement"))
def places_cover(question: Question) -> Answer:
    """The new agreement has a place for everybody who is placed now or later."""
    places = question.data.get("places", EMPTY)
    found = active(question, question.params["placement"])
    blockers = []
    for kind in dict.fromkeys(one.data.get("kind") for one in found):
        most = peak((one for one in found if one.data.get("kind") == kind), question.today, None)
        if most > places.get(kind, 0):
            params = FrozenDict({"kind": kind, "places": places.get(kind, 0), "active": most})
            enough = FrozenDict({**question.data, "places": FrozenDict({**places, str(kind): most})})
            blockers.append(Blocker("capacity-exceeded", params, needs=(Need("again", data=enough),)))
    return blockers


@guard(
    reads=("participant", "start", "end", "placement", "fields"),
    codes=("overlap",),
    placement=Param("text", refers="record", default="placement"),
)
def overlap(question: Question) -> Answer:
    """One person has one placement at a time; a bundled job is one placement."""
    kind = question.params["placement"]
    mine = [one for one in question.adding if one.type == kind]
    mine += [change.after for change in question.changing if change.after.type == kind]
    blockers: dict[str, Blocker] = {}
    for one in mine:
        for other in question.records(kind):
            if (
                other.id != one.id
                and other.data.get("participant") == one.data.get("participant")
                and _meet(one, other)
            ):
                blockers.setdefault(other.id, _overlapping(question, one, other))
    return tuple(blockers.values())


def _meet(one: Record, other: Record) -> bool:
    for first in (one, other):
        if first.until is not None and first.until <= first.since:
            return False
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def _overlapping(question: Question, one: Record, other: Record) -> Blocker:
    needs: list[Need] = []
    if other.ended is None and other.since < one.since:
        needs.append(Need("end", record=other.type, ids=(other.id,), day=one.since))
    if other.until is not None:
        needs.append(_again(question, start=other.until))
    if one.since < other.since:
        needs.append(_again(question, end=other.since))
    if not needs:
        needs.append(Need("end", record=other.type, ids=(other.id,), day=other.since))
    return Blocker("overlap", FrozenDict({"other": other.id}), other.track, needs=tuple(needs))


def _again(question: Question, **days: date) -> Need:
    """Return the same command with other days, which a correction has among its fields."""
    new: dict[str, object] = {name: day.isoformat() for name, day in days.items()}
    corrected = question.data.get("fields")
    if isinstance(corrected, FrozenDict):
        new = {"fields": FrozenDict({**corrected, **new})}
    return Need("again", data=FrozenDict({**question.data, **new}))


@guard(
    reads=("contributions", "weekly_hours", "kind", "fields"),
    codes=("bad-value", "missing-field"),
    mended=True,
    placement=Param("text", refers="record", default="placement"),
)
def bundle(question: Question) -> Answer:
    """A bundled placement is made of the hours of at least two suppliers, which add up to its own.

    One that is there already is judged where a change touches what makes it up.

    Note:
        Source: De Normaalste Zaak, Universiteit Utrecht: tasks of several employers bundled into a full job.
    """
    for one in (*question.adding, *(change.after for change in question.changing if _rebundled(change))):
        if one.type != question.params["placement"] or one.data.get("kind") != "bundled":
            continue
        rows = one.data.get("contributions", ())
        if not rows:
            return Blocker("missing-field", FrozenDict({"field": "contributions"}))
        tracks = [row.get("track") for row in rows]
        if one.track not in tracks or len(set(tracks)) < max(2, len(tracks)):
            return Blocker("bad-value", FrozenDict({"field": "contributions", "problem": "not-every-track-once"}))
        total = sum((Decimal(row.get("weekly_hours", "0")) for row in rows), Decimal(0))
        if total != one.number("weekly_hours"):
            return Blocker("bad-value", FrozenDict({"field": "contributions", "problem": "sum"}))
    return None


def _rebundled(change: Change) -> bool:
    before, after = change.before.data, change.after.data
    return any(before.get(name) != after.get(name) for name in ("kind", "weekly_hours", "contributions"))
