"""Agreements and placements, for the lives of pilots that have them."""

from itertools import count
from typing import Any

from tests.domain.life import BaseLife

PLACES = {"employment": 3, "work_experience": 2, "bundled": 1}


class AtWork(BaseLife):
    """A pilot with people at work."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._refs = count(1)

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
