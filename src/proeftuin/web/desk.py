"""The engine for one seat: everything that pages and answers are made from, and nothing that this actor may not see.

Reading goes through `view`, which is `Engine.seen_by`. Writing goes through here: what somebody may not see is not
there for a command either, and a refusal tells a supplier of its own affairs alone.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine
from proeftuin.errors import Refused
from proeftuin.result import Result
from proeftuin.web.seats import Seat

if TYPE_CHECKING:
    from proeftuin.seen import View


class Desk:
    """An engine, as one seat may use it.

    Attributes:
        seat: whose it is; `actor` is that of the seat.
        view: what this actor sees.
        engine: unfiltered; for calls that only an operator's seat may make.
    """

    def __init__(self, engine: Engine, seat: Seat) -> None:
        self.seat = seat
        self.actor = seat.actor
        self.engine = engine if seat.tenant is None else engine.for_tenant(seat.tenant)
        self.view: View = self.engine.seen_by(seat.actor)

    def workflow(self, name: str) -> Workflow:
        """Return a workflow by its name or `name@version`; what a lifecycle is, is no secret."""
        return self.engine.workflow(name)

    def start(self, workflow: str, *, data: Mapping[str, object] | None, **given: Any) -> Result:  # noqa: ANN401  # those of `Engine.start`
        """Begin a pilot as this actor; see `Engine.start`."""
        return self.engine.start(workflow, actor=self.actor, data=data, **given)

    def fire(
        self,
        pilot_id: str,
        trigger: str,
        *,
        data: Mapping[str, object] | None = None,
        track: str | None = None,
        **given: Any,  # noqa: ANN401  # the others of `Engine.fire`
    ) -> Result:
        """Do one thing to a pilot as this actor; see `Engine.fire`. The result is not cut: show `view.get` instead.

        Raises:
            UnknownPilot: for a pilot of which this actor sees nothing.
            Refused: with the reasons as this actor may know them.
        """
        self.view.get(pilot_id)
        try:
            return self.engine.fire(pilot_id, trigger, actor=self.actor, data=data, track=track, **given)
        except Refused as refused:
            told = self.view.explain(pilot_id, trigger, data=data, track=track)
            raise Refused(pilot_id, trigger, told.blockers or refused.blockers[:0]) from None
