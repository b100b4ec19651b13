"""A pilot of `existing-contract`, and how it and its suppliers are taken to a state."""

from tests.domain.life import present
from tests.domain.people.life import AtWork


class Life(AtWork):
    """A pilot with suppliers."""

    workflow = "existing-contract"

    # -- ways ------------------------------------------------------------------------------------------------------

    def reach(self, state: str) -> "Life":
        """Take the pilot to a state, with all that it takes; on the way `alpha` delivers."""
        order = ("exploring", "committing", "engaging", "implementing", "evaluating")
        steps = (self._explored, self._committed, self._implemented, self._evaluated)
        for step in steps[order.index(self.pilot.state) : order.index(state)]:
            step()
        return self

    def _explored(self) -> None:
        if not self.named("coordinator"):
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
