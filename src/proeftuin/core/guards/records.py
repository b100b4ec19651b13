"""Guards on the facts that a pilot must hold: inventory, route, plan, report, lessons, goals."""

from collections.abc import Iterable
from datetime import date

from proeftuin.core.calendar import add_months, later
from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.pilot import Record


def holds(record: Record, where: FrozenDict) -> bool:
    """Whether a record's data holds these values."""
    data = record.data
    for name, value in where.items():  # noqa: SIM110  # `all` over a generator takes four times as long
        if data.get(name) != value:
            return False
    return True


def matching(records: Iterable[Record], where: FrozenDict) -> list[Record]:
    """Return the records whose data holds these values."""
    return [one for one in records if holds(one, where)]


@guard(
    codes=("missing-record",),
    record=Param("text", required=True, refers="record"),
    where=Param("mapping"),
    cycle=Param("text", values=("current",)),
    state=Param("text", values=("open",)),
    months=Param("integer"),
    track=Param("text", values=("same",)),
)
def has(question: Question) -> Answer:
    """The pilot holds a record of this type, with these values, of this cycle, not older than so many months."""
    params, pilot = question.params, question.pilot
    kind, where = params["record"], params.get("where", EMPTY)
    cycle = pilot.cycle if "cycle" in params else None
    oldest = add_months(question.today, -params["months"]) if "months" in params else None
    track = question.track.key if "track" in params and question.track else None
    for one in pilot.kept.get(kind, ()):
        if (
            holds(one, where)
            and (cycle is None or one.cycle == cycle)
            and ("state" not in params or one.ended is None)
            and (oldest is None or one.dated >= oldest)
            and (track is None or one.track == track)
        ):
            return None
    need = Need("add", record=kind, data=where, track=track)
    return Blocker("missing-record", FrozenDict({"record": kind}), track, needs=(need,))


@guard(
    codes=("open-records",),
    record=Param("text", required=True, refers="record"),
    track=Param("text", values=("same",)),
)
def none_open(question: Question) -> Answer:
    """No record of this type is open, on this track where so asked."""
    kind = question.params["record"]
    own = question.track.key if "track" in question.params and question.track else None
    found = [one for one in question.records(kind) if one.ended is None and own in {None, one.track}]
    if not found:
        return None
    needs = tuple(Need("end", record=kind, ids=(one.id,)) for one in found)
    return Blocker("open-records", FrozenDict({"record": kind, "count": len(found)}), needs=needs)


@guard(
    codes=("missing-goals",),
    record=Param("text", refers="record", default="goal"),
    short=Param("text", default="short"),
    horizon=Param("text", default="horizon"),
)
def goals(question: Question) -> Answer:
    """There is a short-term goal due soon, and one on the horizon.

    Note:
        Within `short_goal_days` of the settings (90, the project's own choice). Source: De Normaalste Zaak and PIANOo,
        interview in Maatwerk voor Mensen: what can we do next week, and what is the dot on the horizon.
    """
    kind = question.params["record"]
    short, horizon = question.params["short"], question.params["horizon"]
    latest = later(question.today, question.settings.whole("short_goal_days", question.today))
    open_goals = [one for one in question.pilot.kept.get(kind, ()) if one.ended is None]
    blockers = []
    if not any(one.data.get("kind") == short and _due(one, question.today, latest) for one in open_goals):
        data = FrozenDict({"kind": short, "due": latest.isoformat()})
        blockers.append(_missing_goal(kind, data, short))
    if not any(one.data.get("kind") == horizon for one in open_goals):
        blockers.append(_missing_goal(kind, FrozenDict({"kind": horizon}), horizon))
    return blockers


def _due(goal: Record, today: date, latest: date) -> bool:
    due = goal.day("due")
    return due is not None and today <= due <= latest


def _missing_goal(kind: str, data: FrozenDict, which: str) -> Blocker:
    return Blocker("missing-goals", FrozenDict({"kind": which}), needs=(Need("add", record=kind, data=data),))


@guard(codes=("no-next-step",), record=Param("text", refers="record", default="step"), days=Param("integer", default=7))
def step_due(question: Question) -> Answer:
    """An open step is due within so many days."""
    kind, days = question.params["record"], question.params["days"]
    latest = later(question.today, days)
    if any(one.ended is None and (one.day("due") or latest) <= latest for one in question.records(kind)):
        return None
    data = FrozenDict({"due": latest.isoformat()})
    return Blocker("no-next-step", FrozenDict({"days": days}), needs=(Need("add", record=kind, data=data),))


@guard(
    reads=("date", "mood", "help_from"),
    codes=("stuck-twice",),
    record=Param("text", refers="record", default="check_in"),
    times=Param("integer", default=2),
)
def not_stuck(question: Question) -> Answer:
    """The last check-ins do not all say that the pilot is stuck, unless somebody was asked for help since the first.

    Note:
        What helps is asking the facilitator, an exchange with another pilot, a pause, or stopping with lessons. Source:
        the project's own choice, after PIANOo's wish to call every week and ask how it goes.
    """
    kind, times = question.params["record"], question.params["times"]
    said = sorted((one for one in question.records(kind) if one.ended is None), key=lambda one: one.dated)[-times:]
    if len(said) < times or any(one.data.get("mood") != "stuck" for one in said) or said[-1].data.get("help_from"):
        return None
    exchange = FrozenDict({"type": "exchange"})
    if any(one.dated >= said[0].dated for one in matching(question.records("activity"), exchange)):
        return None
    needs = (
        Need("again", data=FrozenDict({**question.data, "help_from": "facilitator"})),
        Need("add", record="activity", data=exchange),
        Need("resume", data=FrozenDict({"hold": "pause"})),
        Need("reach", data=FrozenDict({"outcome": "stopped"})),
    )
    return Blocker("stuck-twice", FrozenDict({"count": times}), needs=needs)


@guard(codes=("mission-link-missing",))
def mission_link(question: Question) -> Answer:
    """The decision, or a piece of evidence, links the pilot to the organisation's own mission.

    Note:
        Advice, never a gate. Source: Platform31, Inkopen met impact, tip on mission and vision.
    """
    pilot = question.pilot
    if any(one.ended is None and one.data.get("mission_link") for one in pilot.kept.get("decision", ())):
        return None
    if matching(pilot.kept.get("evidence", ()), FrozenDict({"type": "mission_link"})):
        return None
    need = Need("add", record="evidence", data=FrozenDict({"type": "mission_link"}))
    return Blocker("mission-link-missing", needs=(need,))


@guard(codes=("wrong-state",), outcome=Param("text", required=True))
def outcome_was(question: Question) -> Answer:
    """The pilot was closed with this outcome; no other one can become it. While it is open, its state says enough."""
    if question.pilot.outcome in {None, question.params["outcome"]}:
        return None
    return Blocker("wrong-state", FrozenDict({"state": question.pilot.state, "never": True}))
