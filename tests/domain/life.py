"""A pilot in the middle of its life, brought there by real commands on an engine that runs in virtual time.

`Life` tells a story: `do` is accepted, `no` gives the codes of a refusal, `reach` and `supplier` take the pilot or a
supplier's track to a state, with everything that it takes on the way. People are named by their role, a supplier's
people by role and party: `supplier_lead@alpha`; somebody else in the same role: `hr:jo`.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define

from proeftuin import Actor, Engine, Option, Pilot, Refused, Result, Settings

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST_DAY = date(2026, 1, 5)
PLACES = {"employment": 3, "work_experience": 2, "bundled": 1}


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


class Life:
    """A pilot and the clock that it lives by."""

    def __init__(
        self, starter: str = "contract_manager", settings: Settings | None = None, url: str = "memory://", **data: Any
    ) -> None:
        self.clock = Clock()
        self.engine = Engine.open(url, time=self.clock, ids=Numbers(), settings=settings)
        given = {"title": "Catering", "organisation": "DJI", **data}
        self.id = self.engine.start("existing-contract", actor=person(starter), data=given).pilot.id
        self._refs = count(1)

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

    def place(self, track: str = "alpha", ref: str = "", by: str = "", **more: Any) -> str:
        """Start a placement, and return its id."""
        result = self.do(by or f"supplier_hr@{track}", "start_placement", self.placement(ref, **more), track)
        return result.pilot.records("placement")[-1].id

    def placement(self, ref: str = "", **more: Any) -> dict[str, Any]:
        """The data of a placement, of somebody new unless told otherwise."""
        data = {
            "participant": ref or f"person-{next(self._refs):03}",
            "kind": "employment",
            "weekly_hours": "24",
            "start": self.today,
            "paid": True,
            "counts_for_banenafspraak": "no",
        }
        return {**data, **more}

    def bundle(self, own: str = "alpha", other: str = "beta") -> dict[str, Any]:
        """What makes a placement a bundled one of two suppliers."""
        rows = ({"track": own, "weekly_hours": "10"}, {"track": other, "weekly_hours": "14"})
        return {"kind": "bundled", "contributions": rows}

    def agreement(self, **more: Any) -> dict[str, Any]:
        """The terms of an agreement."""
        return {"places": PLACES, "from": self.today, **more}

    # -- ways ------------------------------------------------------------------------------------------------------

    def reach(self, state: str) -> "Life":
        """Take the pilot to a state, with all that it takes; on the way `alpha` delivers."""
        order = ("exploring", "committing", "engaging", "implementing", "evaluating")
        steps = (self._explored, self._committed, self._implemented, self._evaluated)
        for step in steps[order.index(self.pilot.state) : order.index(state)]:
            step()
        return self

    def _explored(self) -> None:
        if not any(one.data["duty"] == "coordinator" for one in self.pilot.assignments):
            self.assign("coordinator", "coordinator", by="contract_manager")
        self.session("hr", "procurement", "contract_manager")
        self.paper("inventory")
        self.do("coordinator", "choose_route", {"route": "existing-contract", "rationale": "It fits"})
        self.do("coordinator", "complete_exploration")

    def _committed(self) -> None:
        self.decide()
        self.assign("client_owner", "client_owner")
        self.paper("action_plan")
        self.do("coordinator", "set_goal", {"kind": "short", "text": "Two met", "due": self.day(30)})
        self.do("coordinator", "set_goal", {"kind": "horizon", "text": "Everywhere"})
        self.do("coordinator", "open_supplier_talks")

    def _implemented(self) -> None:
        self.supplier("alpha", "agreed")
        self.assign("contract_manager", "contract_manager")
        self.assign("contact_client", "contract_manager")
        self.assign("supervision", "supervisor")
        self.do("coordinator", "start_implementation")
        self.do("contract_manager", "start_delivery", None, "alpha")

    def _evaluated(self) -> None:
        self.paper("delivered_result")
        self.do("coordinator", "start_evaluation")

    def supplier(self, key: str, state: str) -> "Life":
        """Take a supplier's track to a state, from where it is or from nowhere."""
        order = ("identified", "invited", "talking", "willing", "agreed", "delivering", "completed")
        aside = {"parked": "talking", "declined": "invited", "withdrawn": "agreed"}
        track = self.pilot.tracks.get(key)
        done = 0 if track is None else 1 + order.index(track.state)
        steps = (self._identify, self._invite, self._talk, self._willing, self._agree, self._deliver, self._complete)
        for step in steps[done : 1 + order.index(aside.get(state, state))]:
            step(key)
        lead = f"supplier_lead@{key}"
        if state == "parked":
            self.do(lead, "park", {"until": self.day(60)}, key)
        elif state == "declined":
            self.do(lead, "decline", {"reason": "capacity"}, key)
        elif state == "withdrawn":
            self.do(lead, "withdraw", {"reason": "The contract ended"}, key)
        return self

    def _identify(self, key: str) -> None:
        self.do("procurement", "identify", {"supplier": key.title()}, key)

    def _invite(self, key: str) -> None:
        self.do("contract_manager", "invite", None, key)

    def _talk(self, key: str) -> None:
        data = {"date": self.today, "present": present("contract_manager", f"supplier_lead@{key}")}
        self.do("contract_manager", "start_talk", data, key)

    def _willing(self, key: str) -> None:
        self.do(f"supplier_lead@{key}", "express_willingness", None, key)

    def _agree(self, key: str) -> None:
        self.do("client_owner", "sign_agreement", self.agreement(), key)
        self.do(f"supplier_lead@{key}", "sign_agreement", None, key)
        self.assign("contact_supplier", f"supplier_lead@{key}", key)

    def _deliver(self, key: str) -> None:
        self.do("contract_manager", "start_delivery", None, key)

    def _complete(self, key: str) -> None:
        self.do("contract_manager", "complete", None, key)
