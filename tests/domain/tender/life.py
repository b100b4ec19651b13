"""A pilot of `tender`, and how it, its procurements and its contracts are taken to a state."""

from typing import Any

from tests.domain.life import present
from tests.domain.people.life import AtWork


class Life(AtWork):
    """A pilot with procurements and contracts."""

    workflow = "tender"

    # -- ways ------------------------------------------------------------------------------------------------------

    def reach(self, state: str) -> "Life":
        """Take the pilot to a state, with all that it takes; on the way `alpha` gets a contract and delivers."""
        order = ("exploring", "committing", "procuring", "implementing", "evaluating")
        steps = (self._explored, self._committed, self._implemented, self._evaluated)
        for step in steps[order.index(self.pilot.state) : order.index(state)]:
            step()
        return self

    def _explored(self) -> None:
        if not self.named("coordinator"):
            self.assign("coordinator", "coordinator", by="contract_manager")
        self.session("procurement", "policy_officer", kind="calendar_session")
        self.paper("inventory")
        self.do("coordinator", "choose_route", {"route": "tender", "rationale": "Contracts end"})
        self.do("coordinator", "complete_exploration")

    def _committed(self) -> None:
        self.decide()
        for duty in ("client_owner", "budget_holder", "procurement"):
            self.assign(duty, duty)
        self.paper("action_plan")
        self.do("coordinator", "set_goal", {"kind": "short", "text": "Published", "due": self.day(30)})
        self.do("coordinator", "set_goal", {"kind": "horizon", "text": "Every contract"})
        self.do("coordinator", "open_preparation")

    def _implemented(self) -> None:
        self.contract("alpha")
        self.assign("contract_manager", "contract_manager")
        self.paper("handover")
        self.do("contract_manager", "start_implementation")
        self.do("contract_manager", "start_delivery", None, "alpha")

    def _evaluated(self) -> None:
        self.paper("delivered_result")
        self.do("coordinator", "start_evaluation")

    def lot(self, key: str, state: str = "preparing", winner: str = "alpha", **award: Any) -> "Life":
        """Take a procurement to a state, from where it is or from nowhere; without a standstill unless asked for."""
        order = ("preparing", "tendering", "awarded", "contracted")
        track = self.pilot.tracks.get(key)
        done = 0 if track is None else 1 + order.index(track.state)
        steps = (self._open, self._publish, lambda one: self._award(one, winner, **award), self._sign)
        for step in steps[done : 1 + order.index(state)]:
            step(key)
        return self

    def _open(self, key: str) -> None:
        self.do("procurement", "open_procurement", {"title": f"Lot {key}", "value": "100000"}, key)

    def choose(self, key: str, instrument: str, **more: Any) -> str:
        """Choose an instrument, and return the id of the record."""
        data = {"instrument": instrument, "rationale": "It fits", **more}
        return self.do("procurement", "choose_instrument", data, key).pilot.records("instrument")[-1].id

    def _publish(self, key: str) -> None:
        if not any(one.ended is None for one in self.pilot.records("instrument", track=key)):
            self.choose(key, "lots")
        data = {"published_on": self.today, "procedure": "open", "subject_link": "The work itself"}
        self.do("procurement", "publish", data, key)

    def _award(self, key: str, winner: str, **award: Any) -> None:
        data = {"sent_on": self.today, "winner": winner, "standstill_required": False, **award}
        self.do("procurement", "send_award_decision", data, key)

    def _sign(self, key: str) -> None:
        winner = self.pilot.tracks[key].party
        data = {"signed_on": self.today, "supplier": winner, "contract": winner, **self.agreement()}
        self.do("client_owner", "sign_contract", data, key)
        self.do(f"supplier_lead@{winner}", "sign_contract", None, key)

    def contract(self, key: str, state: str = "agreed") -> "Life":
        """Take the contract of a supplier to a state, from where it is or from its procurement on."""
        if key not in self.pilot.tracks:
            self.lot(f"lot-{key}", "contracted", winner=key)
        here = self.pilot.tracks[key].state
        if state == "withdrawn":
            self.do(f"supplier_lead@{key}", "withdraw", {"reason": "The work ended"}, key)
        elif state != "agreed" and here == "agreed":
            self.do("contract_manager", "start_delivery", None, key)
        if state == "completed":
            self.assign("contract_manager", "contract_manager")
            self.assign("supplier_lead", f"supplier_lead@{key}", key)
            self.do("contract_manager", "complete", None, key)
        return self

    def effort(self, track: str = "alpha", **more: Any) -> str:
        """Record an effort, and return its id."""
        data = {"table": "ours", "invoice": "100", **more}
        return self.do(f"supplier_lead@{track}", "record_effort", data, track).pilot.records("effort")[-1].id

    def coffee(self, **more: Any) -> dict[str, Any]:
        """The data of a talk with one firm."""
        there = present("contract_manager", "supplier_lead@alpha")
        return {"type": "coffee", "date": self.today, "present": there, **more}
