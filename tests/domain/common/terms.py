"""The terms that all workflows have: section 3.1.5, with what sets each going, and on which days it does what."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import PAUSED, Pause, Record, Track, Visit
from tests.domain.domain import Term

BEGAN = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def day(number: int) -> str:
    """A day from the first one, as data has it."""
    return (BEGAN + timedelta(days=number)).isoformat()


def several(kind: str, count: int, /, **data: object) -> FrozenDict:
    """Records of the first day that are alike."""
    names = (f"{kind}-{number}" for number in range(1, count + 1))
    found = (Record(name, kind, freeze(data), None, "a", "hr", NOW, BEGAN, 1, BEGAN) for name in names)
    return FrozenDict({kind: tuple(found)})


def kept(kind: str, /, **data: object) -> FrozenDict:
    """One record, of the first day."""
    return several(kind, 1, **data)


def entered(state: str) -> Mapping[str, object]:
    """A pilot that came to a state on the first day."""
    return {"state": state, "entered": FrozenDict({state: BEGAN})}


def on_track(kind: str, first: str, state: str, **data: object) -> Mapping[str, object]:
    """A pilot with one track, that came to a state on the first day."""
    here = Visit(state, BEGAN, freeze(data))
    trail = (here,) if first == state else (Visit(first, BEGAN - timedelta(days=5)), here)
    return {"tracks": FrozenDict(acme=Track("acme", kind, "acme", state, BEGAN, BEGAN, trail))}


# Months: 2 February 2027 is day 337; 2 September 2026 is day 184.
CHECK_IN = Term(
    {},
    (
        (8, "reminded", "coordinator"),
        (14, "reminded", "coordinator"),
        (21, "escalated", "client_owner"),
        (28, "stalled", "facilitator"),
    ),
    held=True,
)
STUCK = Term(
    {"kept": several("check_in", 2, mood="stuck", date=day(0))},
    ((0, "escalated", "client_owner"),),
    held=True,  # it tells on its first day, before any hold
)
RESUME_BY = Term(
    {"hold": PAUSED, "pauses": (Pause(BEGAN),), "data": FrozenDict(resume_by=day(30))},
    ((30, "reminded", "coordinator"), (37, "reminded", "coordinator"), (44, "escalated", "client_owner")),
    held=True,
)
COMMITMENT = Term({"kept": kept("decision", date=day(0))}, ((337, "reminded", "client_owner"),))
CALENDAR = Term(
    {"kept": kept("activity", type="calendar_session", date=day(0))},
    ((170, "reminded", "procurement"), (184, "calendar_due", ""), (214, "escalated", "client_owner")),
)
REPORT = Term(
    entered("evaluating"),
    ((21, "reminded", "coordinator"), (30, "report_overdue", ""), (30, "escalated", "client_owner")),
)
GOAL = Term({"kept": kept("goal", due=day(30), owner="ann")}, ((23, "reminded", "ann"), (30, "reminded", "ann")))
AFTER_CLOSING = Term(
    entered("closed"),
    (
        (92, "follow_up_call", ""),
        (92, "reminded", "coordinator"),
        (365, "follow_up_call", ""),
        (365, "reminded", "coordinator"),
    ),
    apart=True,
)
TERMS: Mapping[str, Term] = {
    "check_in": CHECK_IN,
    "stuck": STUCK,
    "resume_by": RESUME_BY,
    "commitment": COMMITMENT,
    "calendar": CALENDAR,
    "report": REPORT,
    "goal": GOAL,
    "after_closing": AFTER_CLOSING,
}
