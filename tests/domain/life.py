"""A pilot in the middle of its life, brought there by real commands on an engine that runs in virtual time.

A `BaseLife` tells a story: `do` is accepted, `no` gives the codes of a refusal. That of a workflow adds how a pilot and
its tracks are taken to a state, with everything that it takes on the way. People are named by their role, a supplier's
people by role and party: `supplier_lead@alpha`; somebody else in the same role: `hr:jo`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from attrs import define

from proeftuin import Actor, Engine, Option, Pilot, Refused, Result, Settings

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST_DAY = date(2026, 1, 5)


@define
class Clock:
    """A clock that stands still until it is told to go on."""

    day: date = FIRST_DAY

    def now(self) -> datetime:
        """Nine in the morning of the day."""
        return datetime.combine(self.day, time(9), ZONE)


class Numbers:
    """Ids that count on, so that every run is alike."""

    def __init__(self) -> None:
        self._next = count(1)

    def pilot_id(self) -> str:
        """`pilot-1`, `pilot-2`."""
        return f"pilot-{next(self._next)}"

    def salt(self) -> bytes:
        """A salt that is no secret."""
        return b"0123456789abcdef"


def person(name: str) -> Actor:
    """Who is meant by `hr`, `hr:jo`, `supplier_lead@alpha`."""
    named, _, party = name.partition("@")
    role, _, own = named.partition(":")
    return Actor(own or f"{role}-{party or 'client'}", roles={role}, party=party or None)


def present(*names: str) -> tuple[dict[str, str], ...]:
    """Rows of who was there."""
    rows = []
    for one in map(person, names):
        row = {"person": one.id, "role": min(one.roles)}
        rows.append(row if one.party is None else {**row, "party": one.party})
    return tuple(rows)


class BaseLife:
    """A pilot and the clock that it lives by; `workflow` and `details` are what it is of, and what it begins with."""

    workflow: ClassVar[str]
    details: ClassVar[Mapping[str, Any]] = {"title": "Catering", "organisation": "DJI"}

    def __init__(
        self, starter: str = "contract_manager", settings: Settings | None = None, url: str = "memory://", **data: Any
    ) -> None:
        self.clock = Clock()
        self.settings = settings or Settings()
        self.engine = Engine.open(url, time=self.clock, ids=Numbers(), settings=self.settings)
        given = {**self.details, **data}
        self.id = self.engine.start(self.workflow, actor=person(starter), data=given).pilot.id

    @property
    def pilot(self) -> Pilot:
        """The pilot as it is now."""
        return self.engine.get(self.id)

    @property
    def today(self) -> str:
        """The day as data has it."""
        return self.clock.day.isoformat()

    def day(self, days: int) -> str:
        """A day from today as data has it."""
        return (self.clock.day + timedelta(days=days)).isoformat()

    def later(self, days: int) -> None:
        """Let days go by."""
        self.clock.day += timedelta(days=days)

    # -- commands --------------------------------------------------------------------------------------------------

    def do(
        self,
        by: str,
        trigger: str,
        data: Mapping[str, Any] | None = None,
        track: str | None = None,
        on: str | None = None,
    ) -> Result:
        """Fire, and be accepted."""
        return self.engine.fire(self.id, trigger, actor=person(by), data=data, track=track, on=on)

    def no(
        self,
        by: str,
        trigger: str,
        data: Mapping[str, Any] | None = None,
        track: str | None = None,
        on: str | None = None,
    ) -> tuple[str, ...]:
        """Fire, and return the codes of the refusal, which changed nothing; empty when it was accepted."""
        before = self.pilot
        try:
            self.do(by, trigger, data, track, on)
        except Refused as refused:
            assert before == self.pilot
            return refused.codes
        return ()

    def warned(self, *command: Any) -> tuple[str, ...]:
        """Fire, be accepted, and return the codes of the warnings."""
        return tuple(one.code for one in self.do(*command).warnings)

    def explain(self, by: str, trigger: str, data: Mapping[str, Any] | None = None, track: str | None = None) -> Option:
        """Ask what would come of it."""
        return self.engine.explain(self.id, trigger, actor=person(by), data=data, track=track)

    # -- what often happens ----------------------------------------------------------------------------------------

    def paper(self, kind: str) -> Result:
        """Add a piece of evidence."""
        data = {"type": kind, "date": self.today, "reference": f"DOC-{kind}"}
        return self.do("coordinator", "add_evidence", data)

    def assign(self, duty: str, name: str, track: str | None = None, by: str = "coordinator") -> Result:
        """Give a duty to somebody."""
        data = {"duty": duty, "person": person(name).id}
        return self.do(by, "assign", data if track is None else {**data, "track": track})

    def session(self, *names: str, kind: str = "joint_session") -> Result:
        """Hold a session and log it."""
        data = {"type": kind, "date": self.today, "present": present(*names)}
        return self.do("coordinator", "log_activity", data)

    def decide(self) -> Result:
        """Have the board decide in principle."""
        return self.do("board", "record_decision", {"date": self.today, "reference": "BD-1"})

    def undecide(self) -> Result:
        """Have the board withdraw its decision."""
        return self.do("board", "withdraw_commitment", {"reason": "Cuts"})

    def pause(self) -> Result:
        """Put the pilot on hold for a month."""
        return self.do("coordinator", "pause", {"reason": "Holidays", "resume_by": self.day(28)})

    def named(self, duty: str) -> bool:
        """Whether somebody has a duty."""
        return any(one.data["duty"] == duty for one in self.pilot.assignments)

    def live(self, days: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Let days go by, with a tick each morning, and give what the clocks told, and whom."""
        for _ in range(days):
            self.later(1)
            before = self.pilot.version
            self.engine.tick()
            for event in self.engine.history(self.id, after=before):
                if event.type in {"clock.reminded", "clock.escalated", "signal.raised"}:
                    yield f"{event.on} {event.data['clock']} {event.type}", event.data.get("roles", ())

    def due(self) -> dict[str, str]:
        """The day on which each term is due."""
        return {one.key: one.due.isoformat() for one in self.engine.deadlines().items if one.kind == "clock"}
