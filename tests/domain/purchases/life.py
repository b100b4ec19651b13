"""A pilot of `small-purchases`, and how it and its categories are taken to a state."""

from typing import Any

from proeftuin import Result
from tests.domain.life import BaseLife

OPEN = ("Bloom", "Leaf", "Root")


class Life(BaseLife):
    """A pilot with categories."""

    workflow = "small-purchases"
    details = {"title": "Gifts and flowers", "organisation": "Gemeente Voorbeeld"}  # noqa: RUF012  # never changed

    def reach(self, state: str) -> "Life":
        """Take the pilot to a state, with all that it takes; on the way `alpha` opens."""
        order = ("exploring", "committing", "curating", "live", "evaluating")
        steps = (self._explored, self._sponsored, self._announced, self._evaluated)
        for step in steps[order.index(self.pilot.state) : order.index(state)]:
            step()
        return self

    def _explored(self) -> None:
        self.lead()
        self.session("requester", "coordinator", kind="interview")
        self.paper("inventory")
        self.do("coordinator", "complete_exploration")

    def lead(self) -> None:
        """Name who runs the pilot."""
        if not self.named("coordinator"):
            self.assign("coordinator", "coordinator", by="contract_manager")

    def _sponsored(self) -> None:
        self.do("budget_holder", "record_sponsorship", {"date": self.today})
        self.do("coordinator", "open_curation")

    def _announced(self) -> None:
        self.category("alpha", "open")
        self.session("requester", kind="communication")
        self.do("coordinator", "go_live")

    def _evaluated(self) -> None:
        self.buy()
        self.do("coordinator", "start_evaluation")

    def category(self, key: str, state: str) -> "Life":
        """Take a category to a state, from where it is or from nowhere."""
        if key not in self.pilot.tracks:
            self.do("procurement", "open_draft", {"title": key.title()}, key)
        if state != "draft" and self.pilot.tracks[key].state == "draft":
            for enterprise in OPEN:
                self.list(enterprise, key)
            self.do("procurement", "open_category", None, key)
        if state == "refresh":
            self.do("procurement", "refresh_category", None, key)
        return self

    def list(self, enterprise: str, key: str = "alpha", **more: Any) -> Result:
        """Have a category list an enterprise."""
        return self.do("procurement", "list", {"enterprise": enterprise, "evidence": "register", **more}, key)

    def order(self, supplier: str = "Bloom", amount: str = "100", **more: Any) -> dict[str, Any]:
        """What is said of a purchase."""
        given = {"supplier": supplier, "amount_ex_vat": amount, "date": self.today, "group": "HR"}
        return {**given, "chosen_by": "requester", **more}

    def buy(self, supplier: str = "Bloom", amount: str = "100", key: str = "alpha") -> Result:
        """Buy something."""
        return self.do("requester", "record_purchase", self.order(supplier, amount), key)
